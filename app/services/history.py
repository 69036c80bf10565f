"""Who changed what, in plain words; undo and redo."""

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import TYPE_CHECKING, Any

from sqlalchemy import Connection, text

from app.core.changes import ChangeSet
from app.core.changes import Kind as StepKind
from app.core.i18n import Text
from app.core.money import Money
from app.core.roles import Role
from app.models.clash import Clash, UndoConflict
from app.models.history_terms import STANDS
from app.models.types import instant_of
from app.services.event_words import COLUMN_LABELS, Kind, Names, earlier_amounts, worded
from app.services.reminder_words import reminded_of

if TYPE_CHECKING:
    from app.models.store import Store

__all__ = ["COLUMN_LABELS", "Event", "History", "Kind", "changes_of", "events_of"]


@dataclass(frozen=True)
class Event:
    """One line of a lead's history. `change_set_id` is 0 for a note that came with an import, and for a reminder."""

    kind: Kind
    words: Text
    at: datetime
    actor: str
    change_set_id: int


class History:
    """What happened, and the way back."""

    def __init__(self, store: "Store") -> None:
        self._store = store

    def undo(self) -> ChangeSet | None:
        """Take the actor's last step back; None if there is none.

        Raises UndoConflict, writing nothing; its hint tells both values.
        """
        return self._telling(self._store.undo)

    def undo_import(self, import_id: int) -> ChangeSet | None:
        """Take this import back, whatever the actor did since; None if that was done already.

        Raises UndoConflict like `undo`, if somebody worked with what it brought.
        """
        with self._store.read() as connection:
            step = connection.execute(text(_IMPORT_STEP), {"run": import_id}).scalar()
        return None if step is None else self._telling(partial(self._store.undo, step))

    def redo(self) -> ChangeSet | None:
        """Bring the last undone step again; None if there is none. Raises UndoConflict like `undo`."""
        return self._telling(self._store.redo)

    def _telling(self, verb: Callable[[], ChangeSet | None]) -> ChangeSet | None:
        try:
            return verb()
        except UndoConflict as conflict:
            conflict.hint = self._since(conflict.clashes) or conflict.hint
            raise

    def _since(self, clashes: Sequence[Clash]) -> Text | None:
        """What somebody changed since, in words: the value the step left and the one that stands there now."""
        known = {"amount_minor", "currency", *COLUMN_LABELS}
        clash = next((one for one in clashes if one.table == "lead" and one.column in known), None)
        if clash is None:
            return None
        with self._store.read() as connection:
            lead = connection.execute(text(_LEAD), {"lead": clash.row_id}).first()
            if lead is None:
                return Text("The lead has been deleted in the meantime.")
            now = Money(lead.amount_minor, lead.currency)
            row = _Since(clash, _amount_then(connection, clash, now), now)
            changes = worded([row], Names.read(connection, [row]), now)
        return Text("“{title}”: {change}. The newer value stays.", title=lead.title, change=changes[0][1][1])

    def next_undo(self) -> Text | None:
        """What `undo` would take back."""
        from app.models.recording import undoable

        with self._store.read() as connection:
            return undoable(connection, self._store.actor_id)

    def next_redo(self) -> Text | None:
        """What `redo` would bring again."""
        from app.models.recording import redoable

        with self._store.read() as connection:
            return redoable(connection, self._store.actor_id)

    def why_not(self, kind: StepKind) -> Text | None:
        """Why `undo` or `redo` would be refused: there is less that one may do by now. None if it would not."""
        if self._store.rights.role is Role.OWNER:
            return None
        from app.models.recording import refusal

        # readers do not see what lies in the trash, or what left their sight
        with self._store.survey() as connection:
            return refusal(connection, self._store, kind)

    def of_lead(self, lead_id: int, limit: int = 200) -> list[Event]:
        """The events of a lead, newest first, each change in words; what was undone is not shown."""
        with self._store.read() as connection:
            return events_of(connection, lead_id, limit)


def events_of(connection: Connection, lead_id: int, limit: int = 200) -> list[Event]:
    """The latest `limit` changes and notes of a lead, newest first; none for a lead that is gone.

    The number of statements does not depend on how much there is.
    """
    asked = {"lead": lead_id, "limit": limit}
    amount = connection.execute(text("SELECT amount_minor, currency FROM lead WHERE id = :lead"), asked).first()
    if amount is None:
        return []
    rows, imported = changes_of(connection, [lead_id], limit)
    changes = worded(rows, Names.read(connection, rows), Money(*amount))
    events = [Event(kind, words, instant_of(row.at), row.actor or "", row.id) for row, (kind, words) in changes]
    for row in connection.execute(text(_NOTES), asked):
        words = Text("{words}", words=row.text)
        events.append(Event("note", words, instant_of(row.at), row.actor or "", row.change_set_id or 0))
    for row in {row.id: row for row in imported}.values():
        words = Text("Imported from “{file}”", file=row.file_name)
        events.append(Event("import", words, instant_of(row.at), row.actor or "", row.id))
    events.sort(key=lambda event: -event.change_set_id)
    return _with_reminders(events, _reminded(connection, lead_id, limit))[:limit]


def _reminded(connection: Connection, lead_id: int, limit: int) -> list[Event]:
    """What was shown to whom because of the lead's steps, newest first."""
    found = reminded_of(connection, [lead_id], limit)
    return [Event("reminder", each.words, each.at, each.actor, 0) for each in found]


def changes_of(connection: Connection, leads: Sequence[int], limit: int = -1) -> tuple[list[Any], Sequence[Any]]:
    """The changes of leads, newest first, and what imports brought or changed, a part of the former.

    Both tell of the amount, which is followed from today back to the beginning, lead by lead. At most `limit` of each
    kind, -1 for as many as there are.
    """
    asked = {"leads": json.dumps(list(leads)), "limit": limit}
    imported = connection.execute(text(_IMPORTED), asked).all()
    rows = [*connection.execute(text(_CHANGES), asked), *filter(_is_single, imported)]
    return sorted(rows, key=lambda row: -row.id), imported


def _amount_then(connection: Connection, clash: Clash, now: Money) -> Money:
    """What the lead of a clash was worth when its amount was what the step had left."""
    rows, _imported = changes_of(connection, [clash.row_id], 200)
    return next((each for each in earlier_amounts(rows, now) if each.minor == clash.ours), now)


def _with_reminders(steps: list[Event], reminders: list[Event]) -> list[Event]:
    """Both newest first. What was done keeps its order whatever the clock said; a reminder stands where it came."""
    merged: list[Event] = []
    for step in steps:
        while reminders and reminders[0].at > step.at:
            merged.append(reminders.pop(0))
        merged.append(step)
    return merged + reminders


def _is_single(row: Any) -> bool:
    """Whether an import changed or added this row, of a lead that was there; the others lie in blocks of new ones."""
    return row.after is not None


class _Since:
    """A clash in the shape of a recorded change, to be worded like one."""

    table_name = "lead"
    op = "update"
    id = 2**62  # after every step there is

    def __init__(self, clash: Clash, then: Money, now: Money) -> None:
        """`then` and `now` are what the lead was worth: an amount alone says no currency."""
        self.row_id = clash.row_id
        before, after = {clash.column: clash.ours}, {clash.column: clash.theirs}
        if clash.column == "amount_minor":
            before["currency"], after["currency"] = then.currency, now.currency
        self.before, self.after = json.dumps(before), json.dumps(after)


_LEAD = "SELECT title, amount_minor, currency FROM lead WHERE id = :lead"
_IMPORT_STEP = "SELECT id FROM change_set WHERE import_run_id = :run AND kind = 'do'"
_CHANGES = f"""
SELECT c.table_name, c.row_id, c.op, c.before, c.after, c.lead_id, s.id, s.at, member.name AS actor
FROM json_each(:leads) wanted CROSS JOIN change c ON c.lead_id = wanted.value
JOIN change_set s ON s.id = c.change_set_id LEFT JOIN member ON member.id = s.actor_id
WHERE c.table_name IN ('lead', 'step', 'lead_tag', 'lead_check', 'lead_person', 'field_value') AND s.kind = 'do'
  AND {STANDS}
ORDER BY s.id DESC, c.id LIMIT +:limit
"""
_NOTES = """
SELECT note.text, note.at, member.name AS actor,
  (SELECT max(c.change_set_id) FROM change c
   WHERE c.lead_id = :lead AND c.table_name = 'note' AND c.row_id = note.id) AS change_set_id
FROM note LEFT JOIN member ON member.id = note.user_id WHERE lead_id = :lead ORDER BY note.id DESC LIMIT +:limit
"""
# What was removed since is found by the change that removed it.
_IMPORTED = f"""
WITH wanted (lead_id) AS (SELECT value FROM json_each(:leads)), own (lead_id, table_name, row_id) AS (
  SELECT lead_id, 'step', id FROM step WHERE lead_id IN wanted
  UNION SELECT lead_id, 'lead_tag', id FROM lead_tag WHERE lead_id IN wanted
  UNION SELECT lead_id, 'field_value', id FROM field_value WHERE lead_id IN wanted
  UNION SELECT lead_id, table_name, row_id FROM change
  WHERE lead_id IN wanted AND table_name IN ('step', 'lead_tag', 'field_value')),
found (lead_id, row) AS (
  SELECT wanted.lead_id, r.id FROM wanted JOIN import_row r
  ON r.table_name = 'lead' AND wanted.lead_id BETWEEN r.row_id AND r.row_last
  UNION SELECT own.lead_id, r.id FROM own JOIN import_row r ON r.table_name = own.table_name AND r.row_id = own.row_id)
SELECT found.lead_id, r.table_name, r.row_id, r.op, r.before, r.after, s.id, s.at, run.file_name, member.name AS actor
FROM found JOIN import_row r ON r.id = found.row JOIN import_run run ON run.id = r.import_run_id
JOIN change_set s ON s.import_run_id = run.id AND s.kind = 'do' LEFT JOIN member ON member.id = s.actor_id
WHERE {STANDS}
ORDER BY s.id DESC, r.id LIMIT +:limit
"""
