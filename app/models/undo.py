"""Taking a recorded step back, column by column.

Only the columns that the step changed are compared and written, so what others did to the rest of a row stays. Where a
column no longer has the value the step gave it, somebody was there since: that is a conflict, and nothing is written.

An entry of a list (a company, a tag) that a step made on the way is no conflict: where others use or renamed it by now,
it stays. So does a mail, with what was attached to it, that stands on further records by now.
"""

import json
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from functools import cache
from typing import Any

from sqlalchemy import ColumnElement, Table, bindparam, delete, exists, insert, select, text, update
from sqlalchemy.engine import Connection

from app.core.changes import Kind, RowChange
from app.models import name_keys
from app.models.bookkeeping import ChangeRow
from app.models.capture import from_json, recorded_columns, to_json
from app.models.clash import Clash, UndoConflict
from app.models.history_terms import STANDS
from app.models.many import chunks
from app.models.name_keys import KEYS
from app.models.schema import METADATA

__all__ = ["Clash", "UndoConflict", "apply", "clashes", "inverse", "read_changes"]


def read_changes(connection: Connection, change_set_ids: Sequence[int]) -> list[RowChange]:
    """The recorded rows of some steps, in the order they were written."""
    table = METADATA.tables[ChangeRow.__tablename__]
    rows = connection.execute(
        select(table).where(table.c.change_set_id.in_(change_set_ids)).order_by(table.c.id)
    ).mappings()
    values = cache(json.loads)  # a bulk edit has the same to say of thousands of rows
    return [
        RowChange(
            r["table_name"],
            r["row_id"],
            r["op"],
            values(r["before"]),
            values(r["after"]),
            r["lead_id"],
            r["company_id"],
            r["person_id"],
        )
        for r in rows
    ]


def inverse(changes: Iterable[RowChange]) -> list[RowChange]:
    """What leads back: in reverse order, before and after exchanged, inserts and deletes exchanged."""
    opposite: Mapping[str, Any] = {"insert": "delete", "delete": "insert", "update": "update"}
    return [replace(c, op=opposite[c.op], before=c.after, after=c.before) for c in reversed(list(changes))]


#: The entries of lists, each before those it refers to.
_ENTRIES = ("company_person", "company", "person", "source", "reason", "tag")

#: What may have stayed when the step that made it was undone.
_STAYING = frozenset({*_ENTRIES, "mail", "attachment"})


def apply(connection: Connection, changes: Sequence[RowChange], kind: Kind = "undo", step: int = 0) -> None:
    """Write these changes if every row is as their `before` says; raises UndoConflict otherwise, writing nothing.

    What a redo deletes somebody had deleted on purpose: it goes also where it is used. `step` is the step that is
    undone: only what came after it can have taken up what it made.
    """
    groups, entries = _grouped(connection, changes, kind)
    found = _clashes_of(connection, groups)
    if found:
        raise UndoConflict(found)
    for (name, op, _), group in groups.items():
        _write(connection, METADATA.tables[name], op, group)
    for name in _ENTRIES:  # only now does it show who else uses them
        _remove_unused(connection, METADATA.tables[name], entries[name], step)
    for table in name_keys.TABLES:
        name_keys.refresh(connection, table, (change.row_id for change in changes if change.table == table))


def clashes(connection: Connection, changes: Sequence[RowChange], kind: Kind = "undo") -> list[Clash]:
    """Where rows are not as the `before` of these changes says. Needs a connection that sees all rows."""
    return _clashes_of(connection, _grouped(connection, changes, kind)[0])


_Groups = dict[tuple[str, str, tuple[str, ...]], list[RowChange]]


def _grouped(
    connection: Connection, changes: Sequence[RowChange], kind: Kind
) -> tuple[_Groups, dict[str, list[RowChange]]]:
    """Changes that can be looked at and written together, and apart from them the entries of lists that would go."""
    groups: _Groups = defaultdict(list)
    entries: dict[str, list[RowChange]] = defaultdict(list)
    placed = _placed_again(connection, changes) if kind == "undo" else frozenset()
    for change in changes:
        if placed and change.op == "delete" and _mail_of(change) in placed:
            continue
        if kind == "undo" and change.table in _ENTRIES and change.op == "delete":
            entries[change.table].append(change)
        else:
            groups[(change.table, change.op, tuple(change.after or change.before))].append(change)
    return groups, entries


def _mail_of(change: RowChange) -> int | None:
    """The mail that would go with a row: itself, or that to which it was attached."""
    if change.table == "mail":
        return change.row_id
    return change.before.get("mail_id") if change.table == "attachment" else None


def _placed_again(connection: Connection, changes: Sequence[RowChange]) -> frozenset[int]:
    """The mails that would go, but stand on further records by now: those keep them."""
    mails = [change.row_id for change in changes if change.table == "mail" and change.op == "delete"]
    if not mails:
        return frozenset()
    note = METADATA.tables["note"]
    own = [change.row_id for change in changes if change.table == "note" and change.op == "delete"]
    further = select(note.c.mail_id).where(note.c.mail_id.in_(mails), note.c.id.not_in(own))
    return frozenset(connection.execute(further).scalars())


def _clashes_of(connection: Connection, groups: _Groups) -> list[Clash]:
    return [clash for key, group in groups.items() for clash in _clashes(connection, *key[:2], group)]


def _clashes(connection: Connection, name: str, op: str, group: Sequence[RowChange]) -> list[Clash]:
    if op == "insert":
        return []
    table = METADATA.tables[name]
    present = _current(connection, table, group)
    found = []
    for change in group:
        row = present.get(change.row_id)
        if row is None:
            found += [Clash(name, change.row_id, column, value, None) for column, value in change.before.items()]
            continue
        found += [
            Clash(name, change.row_id, column, value, row[column])
            for column, value in change.before.items()
            if row[column] != value and column not in KEYS  # they follow from the name, once in another way
        ]
    return found


def _remove_unused(connection: Connection, table: Table, made: Sequence[RowChange], step: int) -> None:
    """Delete the entries that a step made, but for those that were changed since or that something refers to."""
    present = _current(connection, table, made) if made else {}
    as_made = [
        {"row": change.row_id} for change in made if _telling(present.get(change.row_id)) == _telling(change.before)
    ]
    if as_made:
        uses = [text(_UNTAKEN).bindparams(step=step)] if table.name == "company_person" else _unused(table)
        connection.execute(delete(table).where(table.c.id == bindparam("row"), *uses), as_made)


def _telling(values: Mapping[str, Any] | None) -> dict[str, Any] | None:
    """A row without what follows from the rest of it."""
    return None if values is None else {name: value for name, value in values.items() if name not in KEYS}


def _unused(table: Table) -> list[ColumnElement[bool]]:
    """For each way in which something can use an entry of this table, the condition that nothing does."""
    keys = (key for other in METADATA.tables.values() for key in other.foreign_keys)
    return [~exists().where(key.parent == table.c.id) for key in keys if key.column.table is table]


#: Nothing refers to the work of a person for a company; a lead that got both after the step has taken it up. One that
#: had both before is no reason: they may have been unlinked on purpose then.
_UNTAKEN = f"""
NOT EXISTS (SELECT 1 FROM lead
  WHERE lead.company_id = company_person.company_id AND lead.person_id = company_person.person_id AND (
    EXISTS (SELECT 1 FROM change c JOIN change_set s ON s.id = c.change_set_id
      WHERE c.lead_id = lead.id AND c.change_set_id > :step AND c.table_name = 'lead' AND s.kind = 'do' AND {STANDS}
      AND (c.op = 'insert' OR c.after LIKE '%"company_id"%' OR c.after LIKE '%"person_id"%'))
    OR EXISTS (SELECT 1 FROM import_row r JOIN change_set s ON s.import_run_id = r.import_run_id
      WHERE s.id > :step AND r.table_name = 'lead' AND lead.id BETWEEN r.row_id AND r.row_last
      AND s.kind = 'do' AND {STANDS})))
"""


def _current(connection: Connection, table: Table, group: Sequence[RowChange]) -> dict[int, dict[str, Any]]:
    columns = [c for c in recorded_columns(table) if c.name in (group[0].before or group[0].after)]
    names = [column.name for column in columns]
    found: dict[int, dict[str, Any]] = {}
    for chunk in chunks([change.row_id for change in group]):
        for row in connection.execute(select(table.c.id, *columns).where(table.c.id.in_(chunk))):
            found[row[0]] = dict(zip(names, map(to_json, row[1:]), strict=True))
    return found


def _write(connection: Connection, table: Table, op: str, group: Sequence[RowChange]) -> None:
    if op == "delete":
        connection.execute(delete(table).where(table.c.id == bindparam("row")), [{"row": c.row_id} for c in group])
        return
    names = list(group[0].after)
    values = [
        {"row": c.row_id, **{f"v_{name}": from_json(table.c[name], c.after[name]) for name in names}} for c in group
    ]
    bound = {name: bindparam(f"v_{name}", type_=table.c[name].type) for name in names}
    if op == "insert":
        there = _current(connection, table, group) if table.name in _STAYING else {}  # it stayed when it was undone
        values = [value for value in values if value["row"] not in there]
        if values:
            connection.execute(insert(table).values(id=bindparam("row"), **bound), values)
    else:
        connection.execute(update(table).where(table.c.id == bindparam("row")).values(bound), values)
