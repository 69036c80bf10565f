"""The tables of the business, each once; those of `bookkeeping` belong to the same schema.

`info={"derived": True}` marks what `app.models.derived` computes from the rest: it is not in the history.
Days are day numbers and months month numbers (`app.core.calendar`); amounts are minor units; probabilities are half
percents. A row that can be deleted by a person is only marked (`deleted_at`); the trash empties it later.
"""

from datetime import datetime
from decimal import Decimal

from sqlalchemy import CheckConstraint, Index, String, Text, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from app.models import bookkeeping
from app.models.base import LIVE, NEVER_REUSED, Base, Business, Erasable, reference
from app.models.memory import (
    Address,
    Attachment,
    Chunk,
    CompanyTag,
    ContactPoint,
    Content,
    LeadPerson,
    Mail,
    Note,
    NotePerson,
    PersonTag,
)
from app.models.own_fields import Field, FieldNotice, FieldOption, FieldValue
from app.models.team import Absence, Password, WorkingWeek
from app.models.types import Key

__all__ = [
    "METADATA", "Absence", "Address", "Attachment", "Chunk", "Company", "CompanyPerson", "CompanyTag", "ContactPoint",
    "Content", "Field", "FieldNotice", "FieldOption", "FieldValue", "Goal", "Lead", "LeadCheck", "LeadPerson",
    "LeadTag", "Mail",
    "Note", "NotePerson", "Password", "Person", "PersonTag", "Rate", "Reason", "SavedView", "Source", "Stage",
    "StageCheck", "StageEntry", "Step", "StoreSetting", "Tag", "User", "WorkingWeek",
]  # fmt: skip

OPEN = text("done_at IS NULL")

#: What a lead counts as in the forecast.
_CATEGORIES = "'commit', 'best_case', 'pipeline', 'omitted'"


class StoreSetting(Base):
    """Facts about the store as a whole: base currency, country, time zone."""

    __tablename__ = "store_setting"
    __table_args__ = NEVER_REUSED
    id: Mapped[int] = mapped_column(Key, primary_key=True)
    key: Mapped[str] = mapped_column(String(60), unique=True)
    value: Mapped[str] = mapped_column(Text)


class User(Business, Erasable, Base):
    """A person of the agency, with a role (`app.core.roles`) and somebody who stands in during an absence."""

    __tablename__ = "member"
    __table_args__ = (CheckConstraint("role IN ('owner', 'full', 'limited', 'reader')", name="role"), NEVER_REUSED)
    name: Mapped[str] = mapped_column(String(200))
    initials: Mapped[str] = mapped_column(String(4))
    sort_key: Mapped[str] = mapped_column(String(200))
    created_at: Mapped[datetime]
    notice_time: Mapped[int] = mapped_column(default=540, server_default="540")
    notice_together: Mapped[bool] = mapped_column(default=True, server_default="1")
    role: Mapped[str] = mapped_column(String(10), default="full", server_default="full")
    email: Mapped[str] = mapped_column(String(200), default="", server_default="")
    photo_id: Mapped[int | None] = reference("content")
    deputy_id: Mapped[int | None] = reference("member")


class Company(Business, Erasable, Base):
    """A firm an agency deals with: a customer, a supplier, another one, or several of these.

    A keep-in-touch rhythm is `touch_target` days; after `touch_latest` days it is too late. `size` is one of `SIZES`.
    """

    __tablename__ = "company"
    __table_args__ = (
        Index(None, "search_key", sqlite_where=LIVE, postgresql_where=LIVE),
        Index("ix_company_sort_key", "sort_key", "archived_at", "deleted_at", sqlite_where=LIVE, postgresql_where=LIVE),
        NEVER_REUSED,
    )
    name: Mapped[str] = mapped_column(String(300))
    sort_key: Mapped[str] = mapped_column(String(300))
    search_key: Mapped[str] = mapped_column(String(300))
    created_at: Mapped[datetime]
    number: Mapped[str | None] = mapped_column(String(100), index=True)
    is_customer: Mapped[bool] = mapped_column(default=False, server_default="0")
    is_supplier: Mapped[bool] = mapped_column(default=False, server_default="0")
    is_other: Mapped[bool] = mapped_column(default=False, server_default="0")
    industry: Mapped[str] = mapped_column(String(200), default="", server_default="")
    size: Mapped[str | None] = mapped_column(String(20))
    user_id: Mapped[int | None] = reference("member")
    info: Mapped[str] = mapped_column(Text, default="", server_default="")
    archived_at: Mapped[datetime | None]
    touch_target: Mapped[int | None]
    touch_latest: Mapped[int | None]


class Person(Business, Erasable, Base):
    """Somebody one has to do with. `name` is how the person is called; given and family name are parts of it.

    `birthday` is a day number; one without a year is in the year 1604, as address books have it.
    """

    __tablename__ = "person"
    __table_args__ = (
        Index(None, "search_key", sqlite_where=LIVE, postgresql_where=LIVE),
        Index("ix_person_sort_key", "sort_key", "archived_at", "deleted_at", sqlite_where=LIVE, postgresql_where=LIVE),
        NEVER_REUSED,
    )
    name: Mapped[str] = mapped_column(String(300))
    sort_key: Mapped[str] = mapped_column(String(300))
    search_key: Mapped[str] = mapped_column(String(300))
    created_at: Mapped[datetime]
    salutation: Mapped[str] = mapped_column(String(50), default="", server_default="")
    prefix: Mapped[str] = mapped_column(String(100), default="", server_default="")
    given: Mapped[str] = mapped_column(String(150), default="", server_default="")
    family: Mapped[str] = mapped_column(String(150), default="", server_default="")
    birthday: Mapped[int | None]
    user_id: Mapped[int | None] = reference("member")
    info: Mapped[str] = mapped_column(Text, default="", server_default="")
    archived_at: Mapped[datetime | None]
    photo_id: Mapped[int | None] = reference("content")
    touch_target: Mapped[int | None]
    touch_latest: Mapped[int | None]


class CompanyPerson(Business, Base):
    """A person works for a company, as what; a person may work for several, the first one first."""

    __tablename__ = "company_person"
    __table_args__ = (UniqueConstraint("company_id", "person_id"), NEVER_REUSED)
    company_id: Mapped[int] = reference("company", optional=False, index=False)
    person_id: Mapped[int] = reference("person", optional=False)
    role: Mapped[str] = mapped_column(String(200), default="", server_default="")
    position: Mapped[int] = mapped_column(default=0, server_default="0")


class Stage(Business, Erasable, Base):
    """An *Akquise-Stufe*. A retired stage takes no new leads but keeps its place in the funnel."""

    __tablename__ = "stage"
    __table_args__ = (
        CheckConstraint("probability BETWEEN 0 AND 200", name="probability"),
        CheckConstraint("idle_days >= 0", name="idle_days"),
        CheckConstraint(f"category IN ({_CATEGORIES})", name="category"),
        NEVER_REUSED,
    )
    name: Mapped[str] = mapped_column(String(100))
    probability: Mapped[int]
    position: Mapped[int]
    colour: Mapped[str | None] = mapped_column(String(7))
    idle_days: Mapped[int] = mapped_column(default=0)
    required: Mapped[str] = mapped_column(Text, default="")
    retired_at: Mapped[datetime | None]
    category: Mapped[str] = mapped_column(String(10), default="pipeline", server_default="pipeline")


class StageCheck(Business, Erasable, Base):
    """What is to be seen to before a lead may enter a stage, beside the fields it requires."""

    __tablename__ = "stage_check"
    __table_args__ = NEVER_REUSED
    stage_id: Mapped[int] = reference("stage", optional=False)
    text: Mapped[str] = mapped_column(String(300))
    position: Mapped[int]


class Reason(Business, Erasable, Base):
    """Why a lead was closed; `outcome` limits it to won, lost or dropped, none means all."""

    __tablename__ = "reason"
    __table_args__ = NEVER_REUSED
    name: Mapped[str] = mapped_column(String(200))
    outcome: Mapped[str | None] = mapped_column(String(10))
    position: Mapped[int]


class Source(Business, Erasable, Base):
    """Where a lead came from."""

    __tablename__ = "source"
    __table_args__ = NEVER_REUSED
    name: Mapped[str] = mapped_column(String(200))
    position: Mapped[int]


class Tag(Business, Erasable, Base):
    """A *Schlagwort*. What carries it may have a keep-in-touch rhythm, as a company has one of its own."""

    __tablename__ = "tag"
    __table_args__ = NEVER_REUSED
    name: Mapped[str] = mapped_column(String(100))
    sort_key: Mapped[str] = mapped_column(String(100))
    touch_target: Mapped[int | None]
    touch_latest: Mapped[int | None]


class Rate(Business, Erasable, Base):
    """From `valid_from` on, one major unit of `currency` is worth `rate` of the base currency."""

    __tablename__ = "rate"
    __table_args__ = (Index(None, "currency", "valid_from"), NEVER_REUSED)
    currency: Mapped[str] = mapped_column(String(3))
    valid_from: Mapped[int]
    rate: Mapped[Decimal]


class Lead(Business, Erasable, Base):
    """A chance of a job, from the idea to its end."""

    __tablename__ = "lead"
    __table_args__ = (
        CheckConstraint("status IN ('potential', 'active', 'won', 'lost', 'dropped')", name="status"),
        CheckConstraint("budget IN ('once', 'monthly')", name="budget"),
        CheckConstraint("amount_minor >= 0", name="amount"),
        CheckConstraint("probability BETWEEN 0 AND 200", name="probability"),
        CheckConstraint("(period_first IS NULL) = (period_last IS NULL)", name="period_whole"),
        CheckConstraint("period_first <= period_last", name="period_order"),
        CheckConstraint("status <> 'active' OR stage_id IS NOT NULL", name="active_stage"),
        CheckConstraint(f"category IN ({_CATEGORIES})", name="category"),
        # deleted_at stands in each index although it is always empty there: SQLite looks it up in the row otherwise
        Index(
            "ix_lead_list", "status", "weighted_base", "total_base", "stage_id", "user_id", "next_step_on",
            "activated_on", "closed_on", "period_first", "company_id", "created_at", "person_id", "source_id",
            "reason_id", "probability", "deleted_at",
            sqlite_where=LIVE, postgresql_where=LIVE,
        ),
        Index("ix_lead_title", "status", "title_key", "deleted_at", sqlite_where=LIVE, postgresql_where=LIVE),
        Index(
            "ix_lead_forecast", "status", "category_now", "forecast_first", "forecast_last", "month_base",
            "month_weighted", "total_base", "weighted_base", "deleted_at", sqlite_where=LIVE, postgresql_where=LIVE,
        ),
        Index(
            "ix_lead_funnel", "status", "stage_id", "total_base", "weighted_base", "deleted_at",
            sqlite_where=LIVE, postgresql_where=LIVE,
        ),
        Index(
            "ix_lead_cohort", "status", "reached_stage_id", "activated_on", "deleted_at",
            sqlite_where=LIVE, postgresql_where=LIVE,
        ),
        Index(
            "ix_lead_closed", "status", "closed_on", "activated_on", "total_base", "deleted_at",
            sqlite_where=LIVE, postgresql_where=LIVE,
        ),
        NEVER_REUSED,
    )  # fmt: skip
    title: Mapped[str] = mapped_column(String(500))
    status: Mapped[str] = mapped_column(String(10))
    stage_id: Mapped[int | None] = reference("stage")
    company_id: Mapped[int | None] = reference("company")
    person_id: Mapped[int | None] = reference("person")
    user_id: Mapped[int | None] = reference("member")
    source_id: Mapped[int | None] = reference("source")
    reason_id: Mapped[int | None] = reference("reason")
    amount_minor: Mapped[int] = mapped_column(Key, default=0)
    currency: Mapped[str] = mapped_column(String(3))
    budget: Mapped[str] = mapped_column(String(10), default="once")
    probability: Mapped[int | None]
    period_first: Mapped[int | None]
    period_last: Mapped[int | None]
    info: Mapped[str] = mapped_column(Text, default="")
    external_number: Mapped[str | None] = mapped_column(String(100), index=True)
    created_at: Mapped[datetime]
    activated_on: Mapped[int | None]
    closed_on: Mapped[int | None]
    remark: Mapped[str] = mapped_column(Text, default="")
    category: Mapped[str | None] = mapped_column(String(10))
    recommender_company_id: Mapped[int | None] = reference("company")
    recommender_person_id: Mapped[int | None] = reference("person")

    title_key: Mapped[str] = mapped_column(String(500), default="", info={"derived": True})
    total_base: Mapped[int | None] = mapped_column(Key, info={"derived": True})
    weighted_base: Mapped[int | None] = mapped_column(Key, info={"derived": True})
    month_base: Mapped[int | None] = mapped_column(Key, info={"derived": True})
    month_weighted: Mapped[int | None] = mapped_column(Key, info={"derived": True})
    forecast_first: Mapped[int | None] = mapped_column(info={"derived": True})
    forecast_last: Mapped[int | None] = mapped_column(info={"derived": True})
    next_step_id: Mapped[int | None] = mapped_column(Key, info={"derived": True})
    next_step_on: Mapped[int | None] = mapped_column(info={"derived": True})
    last_touch_on: Mapped[int | None] = mapped_column(info={"derived": True})
    stage_since_on: Mapped[int | None] = mapped_column(info={"derived": True})
    reached_stage_id: Mapped[int | None] = mapped_column(Key, info={"derived": True})
    category_now: Mapped[str | None] = mapped_column(String(10), info={"derived": True})


class LeadTag(Business, Base):
    """A lead carries a tag."""

    __tablename__ = "lead_tag"
    __table_args__ = (UniqueConstraint("lead_id", "tag_id"), NEVER_REUSED)
    lead_id: Mapped[int] = reference("lead", optional=False, index=False)
    tag_id: Mapped[int] = reference("tag", optional=False)


class Step(Business, Base):
    """What is to be done next, and what was done. `local_time` is minutes after midnight in `zone`."""

    __tablename__ = "step"
    __table_args__ = (
        CheckConstraint("(lead_id IS NULL) <> (company_id IS NULL)", name="one_owner"),
        CheckConstraint("local_time BETWEEN 0 AND 1439", name="local_time"),
        Index(None, "lead_id", "done_at", "due_on"),
        Index("ix_step_open", "user_id", "due_on", sqlite_where=OPEN, postgresql_where=OPEN),
        NEVER_REUSED,
    )
    lead_id: Mapped[int | None] = reference("lead", index=False)
    company_id: Mapped[int | None] = reference("company")
    user_id: Mapped[int | None] = reference("member")
    due_on: Mapped[int] = mapped_column(index=True)
    local_time: Mapped[int | None]
    zone: Mapped[str | None] = mapped_column(String(60))
    text: Mapped[str] = mapped_column(Text, default="")
    rrule: Mapped[str | None] = mapped_column(Text)
    done_at: Mapped[datetime | None]
    done_by: Mapped[int | None] = reference("member")


class LeadCheck(Business, Base):
    """A point of a stage's checklist was seen to for a lead."""

    __tablename__ = "lead_check"
    __table_args__ = (UniqueConstraint("lead_id", "check_id"), NEVER_REUSED)
    lead_id: Mapped[int] = reference("lead", optional=False, index=False)
    check_id: Mapped[int] = reference("stage_check", optional=False)
    done_at: Mapped[datetime]
    done_by: Mapped[int | None] = reference("member")


class StageEntry(Business, Base):
    """A lead entered a stage, with the probability it had then: conversion and calibration rest on it."""

    __tablename__ = "stage_entry"
    __table_args__ = (Index(None, "lead_id", "stage_id"), Index(None, "stage_id", "lead_id"), NEVER_REUSED)
    lead_id: Mapped[int] = reference("lead", optional=False, index=False)
    stage_id: Mapped[int] = reference("stage", optional=False, index=False)
    entered_at: Mapped[datetime]
    entered_on: Mapped[int]
    probability: Mapped[int]


class Goal(Business, Erasable, Base):
    """An *Umsatzziel* for every `span` from the month `valid_from` on, until the next one of the person or the team."""

    __tablename__ = "goal"
    __table_args__ = (
        CheckConstraint("span IN ('month', 'quarter', 'year')", name="span"),
        CheckConstraint("amount_minor >= 0", name="amount"),
        NEVER_REUSED,
    )
    user_id: Mapped[int | None] = reference("member")
    span: Mapped[str] = mapped_column(String(10))
    valid_from: Mapped[int]
    amount_minor: Mapped[int] = mapped_column(Key)
    currency: Mapped[str] = mapped_column(String(3))


class SavedView(Business, Erasable, Base):
    """How a list is looked at: filter, columns, order, grouping, as JSON; of one person, or for all."""

    __tablename__ = "saved_view"
    __table_args__ = NEVER_REUSED
    list: Mapped[str] = mapped_column(String(20))
    name: Mapped[str] = mapped_column(String(100))
    user_id: Mapped[int | None] = reference("member")
    definition: Mapped[str] = mapped_column(Text)
    position: Mapped[int]


#: The whole schema, with the tables of the books, of what is remembered, and of own fields.
METADATA = bookkeeping.METADATA
