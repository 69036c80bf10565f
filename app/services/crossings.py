"""Two people change one value of a record at the same time: found before the one writes over what the other wrote.

Whoever has a form open saw the record as it was after a certain step. Values that later steps changed and the form
leaves alone stay as they are now; one that both changed is a crossing. Lists are another matter (see `meanwhile`).
"""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import TYPE_CHECKING, Any, Literal

from sqlalchemy import Connection, text

from app.core.changes import RowChange
from app.core.errors import Conflict
from app.core.i18n import Text
from app.core.terms import CompanyKind, Entity
from app.models.history_terms import NEWEST, SOURCE
from app.models.types import instant_of
from app.services.own_kinds import OwnKind, key_of

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from app.models.capture import Capture

Owner = Literal["lead", "company", "person"]
_STEP = "next_step"
#: Columns of a record whose field is called otherwise.
_FIELDS: Mapping[str, str] = {
    "amount_minor": "amount", "currency": "amount", "period_first": "period", "period_last": "period",
    "company_id": "company", "person_id": "person", "source_id": "source", "recommender_company_id": "recommender",
    "recommender_person_id": "recommender", **{f"is_{kind}": "kinds" for kind in CompanyKind},
}  # fmt: skip


@dataclass(frozen=True)
class Crossing:
    """What became of a value since it was seen, by whom and when (as far as that is known), and what was to become.

    `field` is called as the verbs call it; an own field by its key.
    """

    field: str
    theirs: tuple[RowChange, ...]
    mine: tuple[RowChange, ...]
    actor: str
    at: datetime | None


class Crossed(Conflict):
    """Nothing was written: somebody else changed the same since. `newest` is the step that is seen now.

    `new` names what would have been made, by table and id.
    """

    def __init__(
        self, owner: Owner, record_id: int, crossings: Sequence[Crossing], newest: int,
        new: Mapping[tuple[str, int], str],
    ) -> None:  # fmt: skip
        super().__init__(Text("Somebody else changed the same in the meantime."), Text("Nothing was changed."))
        self.owner, self.record_id, self.newest, self.new = owner, record_id, newest, new
        self.crossings = tuple(crossings)

    @property
    def fields(self) -> frozenset[str]:
        """The fields that crossed."""
        return frozenset(each.field for each in self.crossings)


def refuse_crossings(session: "Session", owner: Owner, record_id: int, fields: Mapping[str, Any], since: int) -> None:
    """Raises Crossed if values of `fields`, as the session has set them, were changed by steps after `since`."""
    session.flush()
    capture: Capture = session.info["capture"]
    connection = session.connection()
    mine = [row for row in capture.rows.values() if getattr(row, f"{owner}_id") == record_id]
    theirs, last = _since(connection, owner, record_id, since)
    kinds = _Kinds(connection, owner, record_id, [*mine, *theirs])
    wrote, was = kinds.grouped(mine), kinds.grouped(theirs)
    names = fields.keys() | {kinds.own[each] for each in fields.get("own", ()) if each in kinds.own}
    crossings = [
        Crossing(field, tuple(was[field]), tuple(wrote[field]), *kinds.last_of(last, field))
        for field in wrote
        if field in was and field in names and (field != _STEP or _same_step(wrote[field], was[field]))
    ]
    if crossings:
        new = {
            key: row.after["name"] for key, row in capture.rows.items() if row.op == "insert" and "name" in row.after
        }
        raise Crossed(owner, record_id, crossings, connection.execute(text(NEWEST)).scalar_one(), new)


def _same_step(mine: Iterable[RowChange], theirs: Iterable[RowChange]) -> bool:
    """Whether one was written over that somebody changed, or beside one that is done or gone by now."""
    changed = {row.row_id for row in theirs}
    return any(row.op == "insert" or row.row_id in changed for row in mine)


class _Kinds:
    """Which changes belong to which fields of a record."""

    def __init__(self, connection: Connection, owner: Owner, record_id: int, rows: Iterable[RowChange]) -> None:
        self._owner = owner
        known = connection.execute(text("SELECT id, kind FROM field WHERE entity = :owner"), {"owner": owner})
        #: The keys of own fields by their ids.
        self.own = {
            row.id: key_of(Entity(owner), OwnKind(row.kind), row.id) for row in known if row.kind in tuple(OwnKind)
        }
        there = connection.execute(text(_VALUES.format(owner=owner)), {"id": record_id})
        self._values: dict[int, int] = {row.id: row.field_id for row in there}
        for row in rows:  # one that is gone says it itself
            values = {**row.before, **row.after}
            if row.table == "field_value" and "field_id" in values:
                self._values[row.row_id] = values["field_id"]

    def grouped(self, rows: Iterable[RowChange]) -> dict[str, list[RowChange]]:
        """The changes of each field, of a row only those columns that are the field's."""
        found: dict[str, list[RowChange]] = {}
        for row in rows:
            for field, names in self._parts(row).items():
                before, after = (
                    {name: each[name] for name in names if name in each} for each in (row.before, row.after)
                )
                if before != after:
                    found.setdefault(field, []).append(replace(row, before=before, after=after))
        return found

    def _parts(self, row: RowChange) -> dict[str, list[str]]:
        columns = list({**row.before, **row.after})
        if row.table == "field_value":
            key = self.own.get(self._values.get(row.row_id, 0))
            return {} if key is None else {key: [name for name in columns if name in _VALUE]}
        if row.table == "step":
            return {} if row.op == "update" and columns == ["user_id"] else {_STEP: columns}
        parts: dict[str, list[str]] = {}
        for column in columns if row.table == self._owner and row.op == "update" else ():
            parts.setdefault(_FIELDS.get(column, column), []).append(column)
        return parts

    def last_of(self, steps: Sequence[tuple[RowChange, str, datetime]], field: str) -> tuple[str, datetime | None]:
        """Who changed a field last, and when."""
        return next(((who, at) for row, who, at in reversed(steps) if field in self._parts(row)), ("", None))


def _since(
    connection: Connection, owner: Owner, record_id: int, since: int
) -> tuple[list[RowChange], list[tuple[RowChange, str, datetime]]]:
    """What all later steps together did to a record, and each change of theirs."""
    from app.models.capture import Capture

    total, each = Capture(), []
    for row in connection.execute(text(_SINCE.format(owner=owner)), {"id": record_id, "since": since}):
        before, after, op = json.loads(row.before or "{}"), json.loads(row.after or "{}"), row.op
        if row.kind == "undo":
            before, after, op = after, before, {"insert": "delete", "delete": "insert"}.get(op, op)
        total.add(row.table_name, row.row_id, op, before, after)
        each.append((RowChange(row.table_name, row.row_id, op, before, after), row.actor or "", instant_of(row.at)))
    return list(total.rows.values()), each


#: Columns of an own value that are not the same for all values of its field.
_VALUE = frozenset({"text", "number", "currency", "day", "option_id"})
_VALUES = "SELECT id, field_id FROM field_value WHERE {owner}_id = :id"
# What an import changed has its rows elsewhere. Many steps and a long history meet by what the steps are about: a panel
# may be open for days. Without the CAST they are no numbers to the database, and no index leads from one to the other.
_SINCE = f"""
WITH later AS MATERIALIZED (
  SELECT s.id, s.at, s.kind, s.actor_id, s.import_run_id, CAST({SOURCE} AS INTEGER) AS source
  FROM change_set s WHERE s.id > :since)
SELECT later.id, later.at, later.kind, member.name AS actor, c.table_name, c.row_id, c.op, c.before, c.after,
  c.id AS place
FROM change c CROSS JOIN later ON later.source = c.change_set_id LEFT JOIN member ON member.id = later.actor_id
WHERE c.{{owner}}_id = :id AND c.table_name IN ('{{owner}}', 'step', 'field_value')
UNION ALL
SELECT later.id, later.at, later.kind, member.name, r.table_name, r.row_id, r.op, r.before, r.after, r.id
FROM later CROSS JOIN import_row r ON r.import_run_id = later.import_run_id
LEFT JOIN member ON member.id = later.actor_id
WHERE r.table_name = '{{owner}}' AND r.row_id = :id AND r.op = 'update'
ORDER BY 1, place
"""
