"""What somebody sees of a team, on all ways there are, and whether the history tells how all came to be."""

import json
from collections import defaultdict
from collections.abc import Iterator
from contextlib import closing
from typing import Any

from sqlalchemy import text

from app.core.roles import Role
from app.models.server.fetching import source_of
from app.models.server.shared import OWN_SETTINGS, SharedTable, shared_tables
from app.models.server.words import listed
from app.models.store import Store
from app.models.undo import _STAYING
from tests.models.server.offices import Dump, Office, assert_alike, of_replica, of_server
from tests.servers import Server

_TRASH = ("trashed_lead", "trashed_company", "trashed_person", "trashed_note", "trashed_attachment")
#: The bytes of files stay until nothing could bring them back, and who was reminded of what is nobody's deed.
_NOT_TOLD = frozenset({"content", "chunk", "reminder_state"})
#: An entry of a list that a step made on the way stays when that is taken back, if others use or renamed it by now.
_PERHAPS = "perhaps gone"
_WAY_BACK = {"insert": "delete", "delete": "insert", "update": "update"}
_Row = dict[str, Any]
#: The step, table and row, what happened to it, and its columns before and after.
_Change = tuple[int, str, int, str, _Row, _Row]


def shown(store: Store) -> Dump:
    """What the program shows of every table, of the names of all customers, and of the trash."""
    names = [table.name for table in shared_tables() if table.name != "store_setting"]
    return {name: _selected(store, name) for name in (*names, "company_name", "person_name", *_TRASH)}


def _selected(store: Store, name: str) -> list[tuple[Any, ...]]:
    with store.read() as connection:
        return [tuple(row) for row in connection.execute(text(f'SELECT * FROM "{name}" ORDER BY id'))]


def compare_sights(office: Office, whole: Store, part: Store, user: str, fresh: str) -> None:
    """Somebody's replica has what a fresh one has, shows what the whole store shows to him, and what SQL shows.

    `whole` is a store of somebody who sees all, brought up to date as `part` is; `fresh` is the name of a folder.
    """
    with closing(office.replica(user, fresh)) as other:
        assert_alike(of_replica(other, derived=True), of_replica(part, derived=True))
    me, whole.actor_id = whole.actor_id, part.actor_id
    try:
        expected = shown(whole)
    finally:
        whole.actor_id = me
    assert_alike(expected, shown(part))
    there, in_part = of_replica(part), part.rights.role is Role.LIMITED
    with office.server.connect(user) as direct:
        for table in shared_tables():
            told = _told(direct, table, in_part=in_part)
            assert told == [row for row in there[table.name] if not str(row[1]).startswith("name0")], table.name
        for name in ("company", "person"):
            rows = direct.execute(f"SELECT id, name FROM team.{name}_name ORDER BY id".encode()).fetchall()
            assert rows == [(row[0], row[1]) for row in _named(part, name)], name


def _told(direct: Any, table: SharedTable, *, in_part: bool) -> list[tuple[Any, ...]]:
    """What the server tells somebody of a table; where it tells it in part, it is asked as the program asks."""
    asked = f"SELECT {listed(table.names)} FROM {source_of(table, in_part=in_part)} ORDER BY id"
    rows = [tuple(table.inward(row)) for row in direct.execute(asked.encode())]
    return [row for row in rows if table.name != "store_setting" or not row[1].startswith(OWN_SETTINGS)]


def _named(store: Store, name: str) -> list[tuple[Any, ...]]:
    with store.read() as connection:
        return [tuple(row) for row in connection.execute(text(f"SELECT id, name FROM {name}_name ORDER BY id"))]


def broken_histories(server: Server) -> list[str]:
    """Where what a step found is not what the step before left, or what is there is not what the last one left."""
    told: dict[tuple[str, int], _Row | None] = {}
    wrong: list[str] = []
    for step, table, row_id, op, before, after in _happened(server):
        known = told.get((table, row_id))
        if op == "insert":
            wrong += [f"{step}: {table} {row_id} made twice"] if known and not known.get(_PERHAPS) else []
            told[table, row_id] = after
            continue
        if op == "delete" and table in _STAYING:
            told[table, row_id] = {**(known or before), _PERHAPS: True}
            continue
        wrong += _differing(f"{step}: {table} {row_id} found", before, known or {})
        told[table, row_id] = None if op == "delete" else {**(known or {}), **before, **after}
    return wrong + _not_as_told(server, told)


def _happened(server: Server) -> Iterator[_Change]:
    """All changes as they were done: steps taken back have the rows of what they took back, the other way round."""
    with server.connect() as admin:
        steps = admin.execute("SELECT id, kind, undoes_id FROM team.change_set ORDER BY id").fetchall()
        changes = admin.execute(
            "SELECT change_set_id, table_name, row_id, op, before, after FROM team.change ORDER BY id"
        ).fetchall()
    rows: dict[int, list[_Change]] = defaultdict(list)
    for step, table, row_id, op, before, after in changes:
        rows[step].append((step, table, row_id, op, json.loads(before or "{}"), json.loads(after or "{}")))
    undone = {step: of for step, _, of in steps}
    for step, kind, of in steps:
        if kind == "undo":
            for _, table, row_id, op, before, after in reversed(rows[of]):
                yield step, table, row_id, _WAY_BACK[op], after, before
        else:
            source = step if kind == "do" else undone[of]
            yield from ((step, *row[1:]) for row in rows[source])


def _not_as_told(server: Server, told: dict[tuple[str, int], _Row | None]) -> list[str]:
    found, wrong = of_server(server), []
    there = {
        (table.name, row[0]): dict(zip(table.names, row, strict=True))
        for table in shared_tables()
        for row in found[table.name]
    }
    for (table_name, row_id), known in told.items():
        if table_name in _NOT_TOLD:
            continue
        row = there.get((table_name, row_id))
        if row is None and known is not None and known.get(_PERHAPS):
            continue
        if (row is None) != (known is None):
            wrong.append(f"{table_name} {row_id} is {'not ' if row is None else ''}there")
        elif row is not None and known is not None:
            wrong += _differing(f"{table_name} {row_id} is", row, known)
    return wrong


def _differing(where: str, one: _Row, other: _Row) -> list[str]:
    return [
        f"{where} {name} {one[name]!r}, not {value!r}"
        for name, value in other.items()
        if name in one and one[name] != value and not isinstance(one[name], bytes)
    ]
