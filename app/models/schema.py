"""Every table, once. Names of constraints and indexes follow one convention, so migrations can speak of them.

`info={"derived": True}` marks what `app.models.derived` computes from the rest: it is not in the history.
Days are day numbers and months month numbers (`app.core.calendar`); amounts are minor units; probabilities are half
percents. A row that can be deleted by a person is only marked (`deleted_at`); the trash empties it later.
"""

from datetime import datetime
from decimal import Decimal
from typing import Any, ClassVar

from sqlalchemy import CheckConstraint, ForeignKey, Index, MetaData, String, Text, UniqueConstraint, text
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

from app.models.types import Exact, Instant, Key, new_uid

LIVE = text("deleted_at IS NULL")


class Base(DeclarativeBase):
    """What every table shares."""

    metadata = MetaData(
        naming_convention={
            "ix": "ix_%(table_name)s_%(column_0_N_name)s",
            "uq": "uq_%(table_name)s_%(column_0_N_name)s",
            "ck": "ck_%(table_name)s_%(constraint_name)s",
            "fk": "fk_%(table_name)s_%(column_0_name)s",
            "pk": "pk_%(table_name)s",
        }
    )
    type_annotation_map: ClassVar[dict[Any, Any]] = {datetime: Instant, Decimal: Exact}


def _reference(target: str, *, optional: bool = True, index: bool = True) -> Mapped[Any]:
    key = ForeignKey(f"{target}.id", deferrable=True, initially="DEFERRED")
    return mapped_column(Key, key, nullable=optional, index=index)


class Business:
    """Primary key that is never reused, and a name for the row that holds in every copy of the data."""

    id: Mapped[int] = mapped_column(Key, primary_key=True, sort_order=-2)
    uid: Mapped[str] = mapped_column(String(32), unique=True, default=new_uid, sort_order=-1)


class Erasable:
    """Can be put into the trash."""

    deleted_at: Mapped[datetime | None] = mapped_column(sort_order=100)


#: Keeps SQLite from handing out a key twice, which would lay an old history on a new record.
_NEVER_REUSED = {"sqlite_autoincrement": True}


class StoreSetting(Base):
    """Facts about the store as a whole: base currency, country, time zone."""

    __tablename__ = "store_setting"
    __table_args__ = _NEVER_REUSED
    id: Mapped[int] = mapped_column(Key, primary_key=True)
    key: Mapped[str] = mapped_column(String(60), unique=True)
    value: Mapped[str] = mapped_column(Text)


class User(Business, Erasable, Base):
    """A person of the agency."""

    __tablename__ = "member"
    __table_args__ = _NEVER_REUSED
    name: Mapped[str] = mapped_column(String(200))
    initials: Mapped[str] = mapped_column(String(4))
    sort_key: Mapped[str] = mapped_column(String(200))
    created_at: Mapped[datetime]


class Company(Business, Erasable, Base):
    """A firm an agency deals with."""

    __tablename__ = "company"
    __table_args__ = (Index(None, "search_key", sqlite_where=LIVE, postgresql_where=LIVE), _NEVER_REUSED)
    name: Mapped[str] = mapped_column(String(300))
    sort_key: Mapped[str] = mapped_column(String(300))
    search_key: Mapped[str] = mapped_column(String(300))
    created_at: Mapped[datetime]


class Person(Business, Erasable, Base):
    """Somebody at a company."""

    __tablename__ = "person"
    __table_args__ = (Index(None, "search_key", sqlite_where=LIVE, postgresql_where=LIVE), _NEVER_REUSED)
    name: Mapped[str] = mapped_column(String(300))
    sort_key: Mapped[str] = mapped_column(String(300))
    search_key: Mapped[str] = mapped_column(String(300))
    created_at: Mapped[datetime]


class CompanyPerson(Business, Base):
    """A person works for a company; a person may work for several."""

    __tablename__ = "company_person"
    __table_args__ = (UniqueConstraint("company_id", "person_id"), _NEVER_REUSED)
    company_id: Mapped[int] = _reference("company", optional=False, index=False)
    person_id: Mapped[int] = _reference("person", optional=False)


class Stage(Business, Erasable, Base):
    """An *Akquise-Stufe*. A retired stage takes no new leads but keeps its place in the funnel."""

    __tablename__ = "stage"
    __table_args__ = (
        CheckConstraint("probability BETWEEN 0 AND 200", name="probability"),
        CheckConstraint("idle_days >= 0", name="idle_days"),
        _NEVER_REUSED,
    )
    name: Mapped[str] = mapped_column(String(100))
    probability: Mapped[int]
    position: Mapped[int]
    colour: Mapped[str | None] = mapped_column(String(7))
    idle_days: Mapped[int] = mapped_column(default=0)
    required: Mapped[str] = mapped_column(Text, default="")
    retired_at: Mapped[datetime | None]


class Reason(Business, Erasable, Base):
    """Why a lead was closed; `outcome` limits it to won, lost or dropped, none means all."""

    __tablename__ = "reason"
    __table_args__ = _NEVER_REUSED
    name: Mapped[str] = mapped_column(String(200))
    outcome: Mapped[str | None] = mapped_column(String(10))
    position: Mapped[int]


class Source(Business, Erasable, Base):
    """Where a lead came from."""

    __tablename__ = "source"
    __table_args__ = _NEVER_REUSED
    name: Mapped[str] = mapped_column(String(200))
    position: Mapped[int]


class Tag(Business, Erasable, Base):
    """A *Schlagwort*."""

    __tablename__ = "tag"
    __table_args__ = _NEVER_REUSED
    name: Mapped[str] = mapped_column(String(100))
    sort_key: Mapped[str] = mapped_column(String(100))


class Rate(Business, Erasable, Base):
    """From `valid_from` on, one major unit of `currency` is worth `rate` of the base currency."""

    __tablename__ = "rate"
    __table_args__ = (Index(None, "currency", "valid_from"), _NEVER_REUSED)
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
        # deleted_at stands in each index although it is always empty there: SQLite looks it up in the row otherwise
        Index(
            "ix_lead_list", "status", "weighted_base", "total_base", "stage_id", "user_id", "next_step_on",
            "activated_on", "closed_on", "period_first", "company_id", "created_at", "person_id", "source_id",
            "reason_id", "probability", "deleted_at",
            sqlite_where=LIVE, postgresql_where=LIVE,
        ),
        Index("ix_lead_title", "status", "title_key", "deleted_at", sqlite_where=LIVE, postgresql_where=LIVE),
        Index(
            "ix_lead_forecast", "status", "forecast_first", "forecast_last", "month_base", "month_weighted",
            "total_base", "weighted_base", "deleted_at", sqlite_where=LIVE, postgresql_where=LIVE,
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
        _NEVER_REUSED,
    )  # fmt: skip
    title: Mapped[str] = mapped_column(String(500))
    status: Mapped[str] = mapped_column(String(10))
    stage_id: Mapped[int | None] = _reference("stage")
    company_id: Mapped[int | None] = _reference("company")
    person_id: Mapped[int | None] = _reference("person")
    user_id: Mapped[int | None] = _reference("member")
    source_id: Mapped[int | None] = _reference("source")
    reason_id: Mapped[int | None] = _reference("reason")
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


class LeadTag(Business, Base):
    """A lead carries a tag."""

    __tablename__ = "lead_tag"
    __table_args__ = (UniqueConstraint("lead_id", "tag_id"), _NEVER_REUSED)
    lead_id: Mapped[int] = _reference("lead", optional=False, index=False)
    tag_id: Mapped[int] = _reference("tag", optional=False)


class Step(Business, Base):
    """What is to be done next, and what was done. `local_time` is minutes after midnight in `zone`."""

    __tablename__ = "step"
    __table_args__ = (
        CheckConstraint("(lead_id IS NULL) <> (company_id IS NULL)", name="one_owner"),
        CheckConstraint("local_time BETWEEN 0 AND 1439", name="local_time"),
        Index(None, "lead_id", "done_at", "due_on"),
        _NEVER_REUSED,
    )
    lead_id: Mapped[int | None] = _reference("lead", index=False)
    company_id: Mapped[int | None] = _reference("company")
    user_id: Mapped[int | None] = _reference("member")
    due_on: Mapped[int] = mapped_column(index=True)
    local_time: Mapped[int | None]
    zone: Mapped[str | None] = mapped_column(String(60))
    text: Mapped[str] = mapped_column(Text, default="")
    rrule: Mapped[str | None] = mapped_column(Text)
    done_at: Mapped[datetime | None]
    done_by: Mapped[int | None] = _reference("member")


class Note(Business, Erasable, Base):
    """What somebody wrote down about a lead."""

    __tablename__ = "note"
    __table_args__ = _NEVER_REUSED
    lead_id: Mapped[int] = _reference("lead", optional=False)
    user_id: Mapped[int | None] = _reference("member")
    at: Mapped[datetime]
    text: Mapped[str] = mapped_column(Text)


class StageEntry(Business, Base):
    """A lead entered a stage, with the probability it had then: conversion and calibration rest on it."""

    __tablename__ = "stage_entry"
    __table_args__ = (Index(None, "lead_id", "stage_id"), Index(None, "stage_id", "lead_id"), _NEVER_REUSED)
    lead_id: Mapped[int] = _reference("lead", optional=False, index=False)
    stage_id: Mapped[int] = _reference("stage", optional=False, index=False)
    entered_at: Mapped[datetime]
    entered_on: Mapped[int]
    probability: Mapped[int]


class ImportRun(Business, Base):
    """One file that was read in, as a whole: taken back or brought again as a whole."""

    __tablename__ = "import_run"
    __table_args__ = _NEVER_REUSED
    at: Mapped[datetime]
    file_name: Mapped[str] = mapped_column(String(300))
    created: Mapped[int] = mapped_column(default=0)
    updated: Mapped[int] = mapped_column(default=0)


class ImportRow(Base):
    """What an import made or changed: one row, or a block of rows from `row_id` to `row_last` that can go to the trash.

    `before` and `after` are JSON: the changed columns of an update, all columns of a single row that was added.
    """

    __tablename__ = "import_row"
    __table_args__ = _NEVER_REUSED
    id: Mapped[int] = mapped_column(Key, primary_key=True)
    import_run_id: Mapped[int] = _reference("import_run", optional=False)
    table_name: Mapped[str] = mapped_column(String(40))
    row_id: Mapped[int] = mapped_column(Key)
    row_last: Mapped[int] = mapped_column(Key)
    op: Mapped[str] = mapped_column(String(10))
    before: Mapped[str | None] = mapped_column(Text)
    after: Mapped[str | None] = mapped_column(Text)


class ChangeSetRow(Base):
    """One step of somebody. The history is the undo stack; nothing in it is ever changed."""

    __tablename__ = "change_set"
    __table_args__ = (CheckConstraint("kind IN ('do', 'undo', 'redo')", name="kind"), _NEVER_REUSED)
    id: Mapped[int] = mapped_column(Key, primary_key=True)
    uid: Mapped[str] = mapped_column(String(32), unique=True, default=new_uid)
    at: Mapped[datetime]
    on_day: Mapped[int]
    actor_id: Mapped[int | None] = _reference("member")
    origin: Mapped[str] = mapped_column(String(20))
    label_msgid: Mapped[str] = mapped_column(Text)
    label_args: Mapped[str] = mapped_column(Text)
    kind: Mapped[str] = mapped_column(String(4))
    undoes_id: Mapped[int | None] = _reference("change_set")
    import_run_id: Mapped[int | None] = _reference("import_run")


class ChangeRow(Base):
    """One row of a step: the changed columns before and after, as JSON."""

    __tablename__ = "change"
    __table_args__ = (Index(None, "lead_id", "change_set_id"), _NEVER_REUSED)
    id: Mapped[int] = mapped_column(Key, primary_key=True)
    change_set_id: Mapped[int] = _reference("change_set", optional=False)
    table_name: Mapped[str] = mapped_column(String(40))
    row_id: Mapped[int] = mapped_column(Key)
    lead_id: Mapped[int | None] = mapped_column(Key)
    op: Mapped[str] = mapped_column(String(6))
    before: Mapped[str] = mapped_column(Text)
    after: Mapped[str] = mapped_column(Text)


class SearchDoc(Base):
    """The folded text of a record, as it is searched; the full-text index lies over it."""

    __tablename__ = "search_doc"
    __table_args__ = (UniqueConstraint("entity", "row_id"), _NEVER_REUSED)
    id: Mapped[int] = mapped_column(Key, primary_key=True)
    entity: Mapped[str] = mapped_column(String(20))
    row_id: Mapped[int] = mapped_column(Key)
    lead_id: Mapped[int | None] = mapped_column(Key, index=True)
    folded: Mapped[str] = mapped_column(Text)


#: Tables whose rows are in no history: it would record itself, or what can be computed anew.
UNRECORDED = frozenset({"change_set", "change", "import_run", "import_row", "search_doc"})
