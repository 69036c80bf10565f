"""From a session's changes to one recorded step, and from a recorded step back.

Everything here runs inside the writing transaction: the rows, what is derived from them, and the history are committed
together or not at all.
"""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import date, datetime, timedelta
from typing import Any, Protocol

from sqlalchemy import Connection, insert, text
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from app.core.calendar import day_number
from app.core.changes import ChangeSet, Kind, RowChange
from app.core.clock import Clock
from app.core.errors import NotAllowed
from app.core.i18n import Text, dump_args, dump_message, load_text
from app.core.roles import Act, Rights
from app.models import derived, documents, permission, rules, undo
from app.models.bookkeeping import ChangeRow, ChangeSetRow
from app.models.capture import Capture, dump
from app.models.given import expect_whole, given_steps, origin_of
from app.models.guard import guarded
from app.models.history_terms import DONE_BY_HAND, MERGING, STANDS
from app.models.many import chunks, with_ids
from app.models.schema import METADATA
from app.models.sight import rights_of
from app.models.types import new_uid

#: Edits of one field within this time are one step when undone.
COALESCE = timedelta(seconds=30)

_SETS = METADATA.tables[ChangeSetRow.__tablename__]
_CHANGES = METADATA.tables[ChangeRow.__tablename__]


class Home(Protocol):
    """What recording needs of the store it works for (which is an `app.models.store.Store`)."""

    origin: str
    actor_id: int | None
    clock: Clock
    step_uid: str | None

    @property
    def writing(self) -> Any:
        """The engine that writes."""

    def today(self) -> date:
        """The day it is, in the store's time zone."""

    def day_of(self, instant: datetime) -> date:
        """The day of an instant in the store's time zone."""

    def mark_own(self, uid: str) -> None:
        """Remember a change set as written here."""


def _rights(connection: Connection, store: Home) -> Rights:
    """What the actor may do, as it stands where it is written: somebody may just have changed it."""
    return rights_of(connection, store.actor_id, day_number(store.today()))


class Rehearsed(Exception):
    """A write that was only tried went well; raised in its place, so that nothing of it is kept."""


class Recorder:
    """One write: its session, and after it the change set that was published (None if nothing changed).

    A `rehearsal` ends with `Rehearsed` before the commit.
    """

    def __init__(
        self, store: Home, label: Text, *, run: int | None, everything: bool, merging: bool = False,
        rehearsal: bool = False,
    ) -> None:  # fmt: skip
        self.store = store
        self.label = label
        self.run = run
        self.everything = everything
        self.merging = merging
        self.rehearsal = rehearsal
        self.published: ChangeSet | None = None

    @contextmanager
    def session(self) -> Iterator[Session]:
        """The session of this write; commits at its end."""
        capture = Capture()
        with (
            self.store.writing.connect() as connection,
            connection.begin(),
            Session(bind=connection, expire_on_commit=False) as session,
        ):
            session.info["capture"] = capture
            rights = _rights(connection, self.store)
            with guarded(session, rights):
                yield session
                session.flush()
            self.run = session.info.get("import_run_id", self.run)
            self.label = session.info.get("label", self.label)  # an import counts only while it writes
            permission.adopt(session, rights, tuple(capture.rows.values()))
            rows = tuple(capture.rows.values())
            permission.measure(connection, rights, rows)
            if self.rehearsal:
                raise Rehearsed
            if rows or self.everything:
                self.published = self._record(connection, rows)

    def _record(self, connection: Connection, rows: tuple[RowChange, ...]) -> ChangeSet:
        leads = derived.concerned(connection, rows)
        touched = derived.refresh(connection, leads, self.store.today())
        _refresh_documents(connection, rows)
        own = {row.lead_id for row in rows if row.lead_id is not None}
        if self.run is None and not self.merging:
            _touch(connection, sorted(own), self.store)
        now = self.store.clock.now()
        origin = MERGING if self.merging else self.store.origin
        set_id = write_set(connection, self.store, "do", self.label, at=now, run=self.run, origin=origin)
        if rows:
            connection.execute(insert(_CHANGES), [_stored(row, set_id) for row in rows])
        return ChangeSet(
            set_id,
            self.label,
            "do",
            origin,
            self.store.actor_id,
            now,
            rows,
            touched | leads | own,
            self.everything,
        )


def write_set(
    connection: Connection,
    store: Home,
    kind: Kind,
    label: Text,
    *,
    at: datetime,
    undoes: int | None = None,
    run: int | None = None,
    origin: str | None = None,
) -> int:
    """Append a step to the history; returns its id.

    It is marked as our own before anybody can read it, by a name that no other step can get should this one fail.
    """
    uid = store.step_uid or new_uid()
    store.mark_own(uid)
    values = {
        "uid": uid, "at": at, "on_day": day_number(store.day_of(at)), "actor_id": store.actor_id,
        "origin": origin or store.origin, "label_msgid": dump_message(label), "label_args": dump_args(label.args),
        "kind": kind, "undoes_id": undoes, "import_run_id": run,
    }  # fmt: skip
    set_id: int = connection.execute(insert(_SETS).values(values).returning(_SETS.c.id)).scalar_one()
    return set_id


def _stored(row: RowChange, set_id: int) -> dict[str, Any]:
    return {
        "change_set_id": set_id, "table_name": row.table, "row_id": row.row_id, "lead_id": row.lead_id,
        "company_id": row.company_id, "person_id": row.person_id, "op": row.op, "before": dump(row.before),
        "after": dump(row.after),
    }  # fmt: skip


def _refresh_documents(connection: Connection, rows: Sequence[RowChange]) -> None:
    for entity, ids in documents.concerned(connection, rows).items():
        documents.refresh(connection, entity, ids)


def _touch(connection: Connection, leads: Sequence[int], store: Home) -> None:
    day = day_number(store.today())
    # a clock that was set back leaves later touches alone
    statement = with_ids(
        "UPDATE lead SET last_touch_on = :day WHERE id IN :ids AND (last_touch_on IS NULL OR last_touch_on < :day)"
    )
    for chunk in chunks(leads):
        connection.execute(statement, {"day": day, "ids": chunk})


_UNDOABLE = f"""
SELECT s.id, s.at, s.label_msgid, s.label_args, s.import_run_id, s.undoes_id FROM change_set s
WHERE s.kind = 'do' AND s.actor_id IS NOT DISTINCT FROM :actor AND s.id > :horizon
AND {STANDS}
ORDER BY s.id DESC
"""
_REDOABLE = """
SELECT u.id, origin.at, u.label_msgid, u.label_args, u.import_run_id, u.undoes_id FROM change_set u
JOIN change_set origin ON origin.id = u.undoes_id
WHERE u.kind = 'undo' AND u.actor_id IS NOT DISTINCT FROM :actor AND u.id > :horizon
AND u.id > COALESCE((SELECT max(s.id) FROM change_set s
  WHERE s.kind = 'do' AND s.actor_id IS NOT DISTINCT FROM :actor), 0)
AND NOT EXISTS (SELECT 1 FROM change_set r WHERE r.undoes_id = u.id)
ORDER BY u.id DESC
"""
_LAST_TOUCH = f"""
SELECT lead.id, lead.last_touch_on, max(s.on_day) FROM lead
LEFT JOIN change c ON c.lead_id = lead.id
LEFT JOIN change_set s ON s.id = c.change_set_id AND {DONE_BY_HAND}
  AND {STANDS}
WHERE lead.id IN :ids GROUP BY lead.id
"""


def undoable(connection: Connection, actor: int | None) -> Text | None:
    """What `undo` would take back, or None."""
    return _label(connection, _UNDOABLE, actor)


def redoable(connection: Connection, actor: int | None) -> Text | None:
    """What `redo` would bring again, or None."""
    return _label(connection, _REDOABLE, actor)


def refusal(connection: Connection, store: Home, kind: Kind) -> Text | None:
    """Why the actor may not undo or redo what comes next: there is less that he may do by now. None if he may.

    Asked on a connection that sees all rows, such as that of a survey.
    """
    rights = _rights(connection, store)
    try:
        for member in _members(connection, store, kind):
            _expect_allowed(connection, rights, kind, member)
    except NotAllowed as error:
        return error.title
    return None


def _label(connection: Connection, statement: str, actor: int | None) -> Text | None:
    row = connection.execute(text(statement + " LIMIT 1"), _who(connection, actor)).first()
    return None if row is None else load_text(row.label_msgid, row.label_args)


def _who(connection: Connection, actor: int | None) -> dict[str, Any]:
    """The actor and the horizon: steps before a migration that touched their columns cannot be taken back."""
    found = connection.execute(text("SELECT value FROM store_setting WHERE key = 'undo_horizon'")).scalar()
    return {"actor": actor, "horizon": int(found or 0)}


def take_back(store: Home, kind: Kind, steps: Sequence[int] = ()) -> ChangeSet | None:
    """Undo or redo the actor's last step with those that belong to it, or these steps of anybody's.

    Returns what was written, None if there was nothing.
    """
    try:
        with store.writing.connect() as connection, connection.begin():
            members = given_steps(connection, kind, steps) if steps else _members(connection, store, kind)
            return _take_back(connection, store, kind, members)
    except undo.UndoConflict as conflict:
        conflict.of(kind)
        raise
    except IntegrityError as error:  # something made since hangs on a row that would go
        raise undo.UndoConflict().of(kind) from error


def _take_back(connection: Connection, store: Home, kind: Kind, members: Sequence[Any]) -> ChangeSet | None:
    if not members:
        return None
    now = store.clock.now()
    rows: list[RowChange] = []
    sets = []
    for member in members:
        changes, set_id = _take_back_one(connection, store, kind, member, now)
        rows += changes
        sets.append(set_id)
    leads = derived.concerned(connection, rows)
    touched = derived.refresh(connection, leads, store.today())
    _refresh_documents(connection, rows)
    leads |= {row.lead_id for row in rows if row.lead_id is not None}
    refresh_touches(connection, sorted(leads))
    label = load_text(members[0].label_msgid, members[0].label_args)
    whole = any(member.import_run_id is not None for member in members)
    return ChangeSet(sets[-1], label, kind, store.origin, store.actor_id, now, tuple(rows), touched | leads, whole)


def _members(connection: Connection, store: Home, kind: Kind) -> list[Any]:
    """The step to take back, and those before it that belong to it, newest first."""
    statement = _UNDOABLE if kind == "undo" else _REDOABLE
    with connection.execute(text(statement), _who(connection, store.actor_id)) as rows:  # a long history is not read
        members: list[Any] = []
        for row in rows:
            if members and not _one_edit(connection, kind, members[-1], row):
                break
            members.append(row)
    return members


def _one_edit(connection: Connection, kind: Kind, one: Any, other: Any) -> bool:
    """Whether two steps, one taken back after the other, edited one field of one row within the coalescing time.

    `at` is when the field was edited, so that a redo brings back as one what an undo took back as one. Where somebody
    else edited the field in between, the one does not lead to the other, and each is a step of its own.
    """
    if one.label_msgid != other.label_msgid or abs(one.at - other.at) > COALESCE // timedelta(microseconds=1):
        return False
    first, second = (_single_edit(connection, origin_of(step)) for step in (one, other))
    if first is None or second is None or (first.table, first.row_id) != (second.table, second.row_id):
        return False
    return first.before == second.after if kind == "undo" else first.after == second.before


def _single_edit(connection: Connection, set_id: int) -> RowChange | None:
    """The one row of which a step changed one column; None for any other step."""
    rows = undo.read_changes(connection, [set_id])
    return rows[0] if len(rows) == 1 and rows[0].op == "update" and len(rows[0].after) == 1 else None


def _take_back_one(
    connection: Connection, store: Home, kind: Kind, member: Any, now: datetime
) -> tuple[list[RowChange], int]:
    label, rights = load_text(member.label_msgid, member.label_args), _rights(connection, store)
    changes = _expect_allowed(connection, rights, kind, member)
    if member.import_run_id is not None:
        from app.models.runs import take_back_run

        _measure(connection, *take_back_run(connection, member.import_run_id, kind, now, store.today()))
        return [], write_set(connection, store, kind, label, at=now, undoes=member.id, run=member.import_run_id)
    undo.apply(connection, changes, kind, origin_of(member))
    _measure(connection, changes)
    permission.measure(connection, rights, changes, back=True)
    # its rows are those of the step it refers to, so they are not stored a second time
    return changes, write_set(connection, store, kind, label, at=now, undoes=member.id)


def _expect_allowed(connection: Connection, rights: Rights, kind: Kind, member: Any) -> list[RowChange]:
    """What a way back changes, row by row; nothing for that of an import. Raises NotAllowed if that is not allowed."""
    expect_whole(member)
    if member.import_run_id is not None:
        rights.demand(Act.IMPORT)
        return []
    changes = undo.read_changes(connection, [origin_of(member)])
    if kind == "undo":
        changes = undo.inverse(changes)
    permission.expect_allowed(connection, rights, changes)
    return changes


def _measure(connection: Connection, changes: Sequence[RowChange], entries: Sequence[tuple[str, range]] = ()) -> None:
    broken = rules.broken_by(connection, changes, entries)
    if broken is not None:
        raise undo.UndoConflict(why=broken)


def refresh_touches(connection: Connection, leads: Sequence[int]) -> None:
    """Set when these leads were last touched to what the history says."""
    statement = with_ids(_LAST_TOUCH)
    for chunk in chunks(leads):
        rows = connection.execute(statement, {"ids": chunk}).all()
        late = [{"lead": lead, "day": day} for lead, shown, day in rows if shown != day]
        if late:
            connection.execute(text("UPDATE lead SET last_touch_on = :day WHERE id = :lead"), late)
