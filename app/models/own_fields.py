"""Fields that the agency adds itself, and their values as typed rows: history, undo and filters work by field."""

from sqlalchemy import CheckConstraint, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from app.models.base import NEVER_REUSED, Base, Business, Erasable, one_of, reference
from app.models.types import Key

_KINDS = (
    "'text', 'long_text', 'link', 'flag', 'number', 'amount', 'day', 'choice', 'choices', 'mail', 'phone', 'birthday'"
)


class Field(Business, Erasable, Base):
    """A field of leads, companies or people. A day can notify `notify_days` ahead, each year anew if `yearly`.

    The kind `birthday` is no field of its own: it says how the birthdays of people notify.
    """

    __tablename__ = "field"
    __table_args__ = (
        CheckConstraint("entity IN ('lead', 'company', 'person', 'offer')", name="entity"),
        CheckConstraint(f"kind IN ({_KINDS})", name="kind"),
        CheckConstraint("notify_days >= 0", name="notify_days"),
        NEVER_REUSED,
    )
    entity: Mapped[str] = mapped_column(String(10))
    kind: Mapped[str] = mapped_column(String(10))
    name: Mapped[str] = mapped_column(String(100))
    help: Mapped[str] = mapped_column(Text)
    unit: Mapped[str] = mapped_column(String(20))
    required: Mapped[bool] = mapped_column(default=False)
    in_list: Mapped[bool] = mapped_column(default=False)
    position: Mapped[int]
    notify: Mapped[bool] = mapped_column(default=False)
    notify_days: Mapped[int] = mapped_column(default=0)
    yearly: Mapped[bool] = mapped_column(default=False)


class FieldOption(Business, Erasable, Base):
    """One of the values that a choice offers."""

    __tablename__ = "field_option"
    __table_args__ = NEVER_REUSED
    field_id: Mapped[int] = reference("field", optional=False)
    name: Mapped[str] = mapped_column(String(200))
    position: Mapped[int]


class FieldValue(Business, Base):
    """The value a record has in a field; several rows where several options are chosen, none where it is empty.

    `number` is in millionths, the minor units of `currency`, or 0 and 1 for no and yes. `day` is a day number. `key` is
    the beginning of the text as it is sorted.
    """

    __tablename__ = "field_value"
    __table_args__ = (
        one_of("lead_id", "company_id", "person_id"),
        Index(None, "lead_id", "field_id"),
        Index(None, "company_id", "field_id"),
        Index(None, "person_id", "field_id"),
        Index("ix_field_value_text", "field_id", "key"),
        Index("ix_field_value_number", "field_id", "number"),
        Index("ix_field_value_day", "field_id", "day"),
        Index(None, "option_id", "field_id"),
        NEVER_REUSED,
    )
    field_id: Mapped[int] = reference("field", optional=False, index=False)
    lead_id: Mapped[int | None] = reference("lead", index=False)
    company_id: Mapped[int | None] = reference("company", index=False)
    person_id: Mapped[int | None] = reference("person", index=False)
    text: Mapped[str | None] = mapped_column(Text)
    key: Mapped[str | None] = mapped_column(String(100))
    number: Mapped[int | None] = mapped_column(Key)
    currency: Mapped[str | None] = mapped_column(String(3))
    day: Mapped[int | None]
    option_id: Mapped[int | None] = reference("field_option", index=False)


class FieldNotice(Business, Base):
    """Somebody wants to be reminded of the days in a field, or does not; without a row it is as the field says."""

    __tablename__ = "field_notice"
    __table_args__ = (UniqueConstraint("field_id", "user_id"), NEVER_REUSED)
    field_id: Mapped[int] = reference("field", optional=False, index=False)
    user_id: Mapped[int | None] = reference("member")
    wanted: Mapped[bool]
