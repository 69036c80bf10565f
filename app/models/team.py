"""What is known of the people of the agency: when they work, when they are away, how they show who they are."""

from datetime import datetime

from sqlalchemy import CheckConstraint, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from app.core.calendar import DAYS_OF_WEEK
from app.models.base import NEVER_REUSED, Base, Business, reference
from app.models.types import Key


class Absence(Business, Base):
    """Somebody is away from one day number to another, on `half` days only the half of each.

    Meanwhile the deputy sees the leads of who is away: the one named here, else the one named with the member.
    """

    __tablename__ = "absence"
    __table_args__ = (
        CheckConstraint("first_on <= last_on", name="span"),
        CheckConstraint("kind IN ('holiday', 'sick', 'other')", name="kind"),
        Index(None, "user_id", "first_on"),
        NEVER_REUSED,
    )
    user_id: Mapped[int] = reference("member", optional=False, index=False)
    first_on: Mapped[int]
    last_on: Mapped[int]
    kind: Mapped[str] = mapped_column(String(10))
    half: Mapped[bool] = mapped_column(default=False)
    deputy_id: Mapped[int | None] = reference("member")


class WorkingWeek(Business, Base):
    """The minutes that somebody works on each day of the week, from the day number `valid_from` on."""

    __tablename__ = "working_week"
    __table_args__ = (
        UniqueConstraint("user_id", "valid_from"),
        *(CheckConstraint(f"{day} BETWEEN 0 AND 1440", name=day) for day in DAYS_OF_WEEK),
        NEVER_REUSED,
    )
    user_id: Mapped[int] = reference("member", optional=False, index=False)
    valid_from: Mapped[int]
    monday: Mapped[int]
    tuesday: Mapped[int]
    wednesday: Mapped[int]
    thursday: Mapped[int]
    friday: Mapped[int]
    saturday: Mapped[int]
    sunday: Mapped[int]


class Password(Base):
    """By what somebody shows on this machine that it is them: a hash by Argon2id in its usual form. In no history."""

    __tablename__ = "password"
    __table_args__ = (UniqueConstraint("user_id"), NEVER_REUSED)
    id: Mapped[int] = mapped_column(Key, primary_key=True)
    user_id: Mapped[int] = reference("member", optional=False, index=False)
    hash: Mapped[str] = mapped_column(Text)
    changed_at: Mapped[datetime]
