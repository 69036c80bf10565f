"""Tables that keep the books: what was done and read in, what was shown, how things stood, the text that is searched.

Their rows are in no history: it would record itself, or what can be computed anew, or what somebody has seen.
"""

from datetime import datetime

from sqlalchemy import CheckConstraint, Index, String, Text, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from app.models.base import NEVER_REUSED, Base, Business, reference
from app.models.types import Key, new_uid

_OF_COMPANY = text("company_id IS NOT NULL")
_OF_PERSON = text("person_id IS NOT NULL")


class ImportRun(Business, Base):
    """One file that was read in, as a whole: taken back or brought again as a whole."""

    __tablename__ = "import_run"
    __table_args__ = NEVER_REUSED
    at: Mapped[datetime]
    file_name: Mapped[str] = mapped_column(String(300))
    created: Mapped[int] = mapped_column(default=0)
    updated: Mapped[int] = mapped_column(default=0)


class ImportRow(Base):
    """What an import made or changed: one row, or a block of rows from `row_id` to `row_last` that can go to the trash.

    `before` and `after` are JSON: the changed columns of an update, all columns of a single row that was added.
    """

    __tablename__ = "import_row"
    __table_args__ = NEVER_REUSED
    id: Mapped[int] = mapped_column(Key, primary_key=True)
    import_run_id: Mapped[int] = reference("import_run", optional=False)
    table_name: Mapped[str] = mapped_column(String(40))
    row_id: Mapped[int] = mapped_column(Key)
    row_last: Mapped[int] = mapped_column(Key)
    op: Mapped[str] = mapped_column(String(10))
    before: Mapped[str | None] = mapped_column(Text)
    after: Mapped[str | None] = mapped_column(Text)


class ChangeSetRow(Base):
    """One step of somebody. The history is the undo stack; nothing in it is ever changed."""

    __tablename__ = "change_set"
    __table_args__ = (CheckConstraint("kind IN ('do', 'undo', 'redo')", name="kind"), NEVER_REUSED)
    id: Mapped[int] = mapped_column(Key, primary_key=True)
    uid: Mapped[str] = mapped_column(String(32), unique=True, default=new_uid)
    at: Mapped[datetime]
    on_day: Mapped[int]
    actor_id: Mapped[int | None] = reference("member")
    origin: Mapped[str] = mapped_column(String(20))
    label_msgid: Mapped[str] = mapped_column(Text)
    label_args: Mapped[str] = mapped_column(Text)
    kind: Mapped[str] = mapped_column(String(4))
    undoes_id: Mapped[int | None] = reference("change_set")
    import_run_id: Mapped[int | None] = reference("import_run")


class ChangeRow(Base):
    """One row of a step: the changed columns before and after, as JSON, and the record it belongs to."""

    __tablename__ = "change"
    __table_args__ = (
        Index(None, "lead_id", "change_set_id"),
        Index("ix_change_company_id", "company_id", sqlite_where=_OF_COMPANY, postgresql_where=_OF_COMPANY),
        Index("ix_change_person_id", "person_id", sqlite_where=_OF_PERSON, postgresql_where=_OF_PERSON),
        NEVER_REUSED,
    )
    id: Mapped[int] = mapped_column(Key, primary_key=True)
    change_set_id: Mapped[int] = reference("change_set", optional=False)
    table_name: Mapped[str] = mapped_column(String(40))
    row_id: Mapped[int] = mapped_column(Key)
    lead_id: Mapped[int | None] = mapped_column(Key)
    company_id: Mapped[int | None] = mapped_column(Key)
    person_id: Mapped[int | None] = mapped_column(Key)
    op: Mapped[str] = mapped_column(String(6))
    before: Mapped[str] = mapped_column(Text)
    after: Mapped[str] = mapped_column(Text)


class SearchDoc(Base):
    """The folded text of a record, as it is searched; the full-text index lies over it."""

    __tablename__ = "search_doc"
    __table_args__ = (UniqueConstraint("entity", "row_id"), NEVER_REUSED)
    id: Mapped[int] = mapped_column(Key, primary_key=True)
    entity: Mapped[str] = mapped_column(String(20))
    row_id: Mapped[int] = mapped_column(Key)
    lead_id: Mapped[int | None] = mapped_column(Key, index=True)
    folded: Mapped[str] = mapped_column(Text)


class ReminderState(Base):
    """One showing of a reminder: of what, to whom, at which moment it was due, and what became of it.

    A snooze sets `snoozed_until`; when that has come, a new row with `due` at that moment follows. Outside undo.
    """

    __tablename__ = "reminder_state"
    __table_args__ = (UniqueConstraint("source", "row_id", "user_id", "due"), NEVER_REUSED)
    id: Mapped[int] = mapped_column(Key, primary_key=True)
    user_id: Mapped[int | None] = reference("member")
    source: Mapped[str] = mapped_column(String(20))
    row_id: Mapped[int] = mapped_column(Key)
    due: Mapped[datetime]
    notified_at: Mapped[datetime | None]
    snoozed_until: Mapped[datetime | None]


class Snapshot(Base):
    """A day on which the state of all leads was stored."""

    __tablename__ = "snapshot"
    __table_args__ = NEVER_REUSED
    id: Mapped[int] = mapped_column(Key, primary_key=True)
    taken_on: Mapped[int] = mapped_column(unique=True)
    at: Mapped[datetime]


class LeadSnapshot(Base):
    """The state of a lead from a snapshot on, until its next row; one that is in the trash has no `status`."""

    __tablename__ = "lead_snapshot"
    __table_args__ = (UniqueConstraint("lead_id", "taken_on"), NEVER_REUSED)
    id: Mapped[int] = mapped_column(Key, primary_key=True)
    lead_id: Mapped[int] = mapped_column(Key)
    taken_on: Mapped[int]
    status: Mapped[str | None] = mapped_column(String(10))
    stage_id: Mapped[int | None] = mapped_column(Key)
    user_id: Mapped[int | None] = mapped_column(Key)
    probability: Mapped[int | None]
    total_base: Mapped[int | None] = mapped_column(Key)
    weighted_base: Mapped[int | None] = mapped_column(Key)
    period_first: Mapped[int | None]
    period_last: Mapped[int | None]


UNRECORDED = frozenset({
    "change_set", "change", "import_run", "import_row", "search_doc", "reminder_state", "snapshot", "lead_snapshot",
    "content", "chunk", "password",
})  # fmt: skip

METADATA = Base.metadata
