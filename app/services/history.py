"""Who changed what, in plain words; undo and redo."""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any, Literal

from sqlalchemy import Connection, text

from app.core.calendar import day_of, first_day, last_day
from app.core.changes import ChangeSet
from app.core.i18n import N_, Percent, Text
from app.core.money import Money
from app.core.terms import BUDGET_LABELS, STATUS_LABELS, Budget, Status
from app.models.types import instant_of

if TYPE_CHECKING:
    from app.models.store import Store

Kind = Literal["note", "stage", "status", "step", "change", "import"]

#: Columns of a lead that the history words, and what each is called.
COLUMN_LABELS: Mapping[str, str] = {
    "title": N_("Title"),
    "amount_minor": N_("Volume"),
    "budget": N_("Budget kind"),
    "probability": N_("Probability"),
    "period_first": N_("Service period from"),
    "period_last": N_("Service period to"),
    "company_id": N_("Company"),
    "person_id": N_("Contact"),
    "user_id": N_("Responsible"),
    "source_id": N_("Source"),
    "reason_id": N_("Reason"),
    "stage_id": N_("Stage"),
    "status": N_("Status"),
    "info": N_("Info"),
    "remark": N_("Remark"),
    "external_number": N_("External number"),
    "activated_on": N_("Active since"),
    "closed_on": N_("Closed on"),
}

_NAMED = {"company_id": "company", "person_id": "person", "user_id": "member", "source_id": "source",
          "reason_id": "reason", "stage_id": "stage"}  # fmt: skip


@dataclass(frozen=True)
class Event:
    """One line of a lead's history."""

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
        """Take the actor's last step back; None if there is none. Raises UndoConflict, writing nothing."""
        return self._store.undo()

    def redo(self) -> ChangeSet | None:
        """Bring the last undone step again; None if there is none."""
        return self._store.redo()

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

    def of_lead(self, lead_id: int, limit: int = 200) -> list[Event]:
        """The events of a lead, newest first, each change in words; what was undone is not shown."""
        with self._store.read() as connection:
            rows = connection.execute(text(_EVENTS), {"lead": lead_id, "limit": limit}).all()
            currency = connection.execute(text("SELECT currency FROM lead WHERE id = :id"), {"id": lead_id}).scalar()
            names = _Names(connection, currency or self._store.facts.base_currency)
            events = [event for row in rows for event in _events(row, names)]
            imported = connection.execute(text(_IMPORTED), {"lead": lead_id}).all()
        events += [Event("import", Text("Imported from “{file}”", file=r.file), instant_of(r.at), r.actor or "", r.id)
                   for r in imported]  # fmt: skip
        return events


_EVENTS = """
SELECT c.table_name, c.row_id, c.op, c.before, c.after, s.id, s.at, s.label_msgid, s.label_args, s.kind,
  member.name AS actor
FROM change c JOIN change_set s ON s.id = c.change_set_id LEFT JOIN member ON member.id = s.actor_id
WHERE c.lead_id = :lead AND s.kind = 'do'
AND NOT EXISTS (SELECT 1 FROM change_set u WHERE u.undoes_id = s.id AND u.kind = 'undo'
  AND NOT EXISTS (SELECT 1 FROM change_set r WHERE r.undoes_id = u.id))
ORDER BY s.id DESC, c.id LIMIT :limit
"""
_IMPORTED = """
SELECT s.id, s.at, run.file_name AS file, member.name AS actor
FROM import_row r JOIN import_run run ON run.id = r.import_run_id
JOIN change_set s ON s.import_run_id = run.id AND s.kind = 'do' LEFT JOIN member ON member.id = s.actor_id
WHERE r.table_name = 'lead' AND r.row_id = :lead ORDER BY s.id DESC
"""


class _Names:
    """Names of what a column points to, as they were at the time of a change."""

    def __init__(self, connection: Connection, currency: str) -> None:
        self._connection = connection
        self.currency = currency
        self._cache: dict[tuple[str, int, int], str] = {}

    def at(self, table: str, row_id: int, change_set_id: int) -> str:
        key = (table, row_id, change_set_id)
        if key not in self._cache:
            self._cache[key] = self._earlier(table, row_id, change_set_id) or self._now(table, row_id)
        return self._cache[key]

    def _earlier(self, table: str, row_id: int, change_set_id: int) -> str | None:
        later = self._connection.execute(text(_RENAMED), {"table": table, "row": row_id, "set": change_set_id})
        return next((name for row in later if (name := json.loads(row[0]).get("name"))), None)

    def _now(self, table: str, row_id: int) -> str:
        names = self._connection.execute(text(f"SELECT name FROM {table} WHERE id = :id"), {"id": row_id})
        return str(names.scalar() or "–")


_RENAMED = """
SELECT before FROM change WHERE table_name = :table AND row_id = :row AND op = 'update' AND change_set_id > :set
AND before LIKE '%"name"%' ORDER BY id
"""


def _events(row: Any, names: _Names) -> list[Event]:
    before, after = json.loads(row.before), json.loads(row.after)
    found = _worded(row, before, after, names)
    return [Event(kind, words, instant_of(row.at), row.actor or "", row.id) for kind, words in found]


def _worded(row: Any, before: dict[str, Any], after: dict[str, Any], names: _Names) -> list[tuple[Kind, Text]]:
    match row.table_name, row.op:
        case "note", "insert":
            return [("note", Text("{words}", words=after["text"]))]
        case "step", op:
            return [_of_step(op, before, after)]
        case "lead", "insert":
            return [("status", Text("Lead created"))]
        case "lead", "update":
            return [pair for name in after if (pair := _of_column(name, row.id, before, after, names))]
        case "lead_tag", op:
            tag = names.at("tag", (after or before)["tag_id"], row.id)
            words = Text("Tag “{tag}” added", tag=tag) if op == "insert" else Text("Tag “{tag}” removed", tag=tag)
            return [("change", words)]
    return []


def _of_step(op: str, before: dict[str, Any], after: dict[str, Any]) -> tuple[Kind, Text]:
    if op == "insert" and after["text"]:
        return "step", Text("Next step {day}: {words}", day=day_of(after["due_on"]), words=after["text"])
    if op == "insert":
        return "step", Text("Next step {day}", day=day_of(after["due_on"]))
    if op == "delete":
        return "step", Text("Step of {day} removed", day=day_of(before["due_on"]))
    if after.get("done_at"):
        return "step", Text("Step finished")
    if "due_on" in after:
        old, new = day_of(before["due_on"]), day_of(after["due_on"])
        return "step", Text("Next step moved from {old} to {new}", old=old, new=new)
    return "step", Text("Next step changed")


def _of_column(
    name: str, set_id: int, before: dict[str, Any], after: dict[str, Any], names: _Names
) -> tuple[Kind, Text] | None:
    if name == "deleted_at":
        return "status", Text("Deleted") if after[name] else Text("Restored")
    if name not in COLUMN_LABELS:
        return None
    kind: Kind = "stage" if name == "stage_id" else "status" if name == "status" else "change"
    label = Text(COLUMN_LABELS[name])
    if name in ("info", "remark"):
        return kind, Text("{field} changed", field=label)
    old, new = (_value(name, values, set_id, names) for values in (before, after))
    return kind, _from_to(label, old, new)


def _from_to(label: Text, old: Any, new: Any) -> Text:
    if old is None:
        return Text("{field}: {new}", field=label, new=new)
    if new is None:
        return Text("{field} removed (was {old})", field=label, old=old)
    return Text("{field} {old} → {new}", field=label, old=old, new=new)


def _value(name: str, values: dict[str, Any], set_id: int, names: _Names) -> Any:
    value = values[name]
    if value is None:
        return None
    if name in _NAMED:
        return names.at(_NAMED[name], value, set_id)
    if name == "amount_minor":
        return Money(value, values.get("currency", names.currency))
    return _SHOWN.get(name, str)(value)


_SHOWN: Mapping[str, Callable[[Any], Any]] = {
    "probability": Percent,
    "budget": lambda value: Text(BUDGET_LABELS[Budget(value)]),
    "status": lambda value: Text(STATUS_LABELS[Status(value)]),
    "activated_on": day_of,
    "closed_on": day_of,
    "period_first": first_day,
    "period_last": last_day,
}
