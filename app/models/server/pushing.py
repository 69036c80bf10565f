"""Writing the rows that a turn changed on the replica to the server, whose row security looks at each of them."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from app.core.errors import NotAllowed
from app.core.i18n import Text
from app.models.many import chunks
from app.models.server.link import Link
from app.models.server.notes import Noted
from app.models.server.shared import SharedTable, shared_tables
from app.models.server.words import listed, of_team, quoted

#: So many rows go in one statement; of those that hold the bytes of files so many.
_ROWS = 2_000
_PIECES = 8


def push(link: Link, driver: Any, noted: dict[str, Noted]) -> None:
    """Write these rows as they stand in the replica now, and delete those that are not there any more.

    Raises NotAllowed where its person may not do that; nothing is kept of the turn then.
    """
    tables = [table for table in shared_tables() if table.name in noted]
    there = {table.name: _present(driver, table, noted[table.name].known) for table in tables}
    gone = {table.name: [row_id for row_id in noted[table.name].known if row_id not in there[table.name]]
            for table in tables}  # fmt: skip
    _delete(link, {name: ids for name, ids in gone.items() if ids})
    for table in tables:
        rows = noted[table.name]
        for ids in chunks(rows.fresh, _size(table)):
            _insert(link, table, _current(driver, table, ids))
        left = [row_id for row_id in rows.known if row_id in there[table.name]]
        for ids in chunks([row_id for row_id in left if row_id not in rows.old], _size(table)):
            _update(link, table, table.names[1:], _current(driver, table, ids))
        _update_changed(link, driver, table, {row_id: rows.old[row_id] for row_id in left if row_id in rows.old})


def _delete(link: Link, gone: dict[str, list[int]]) -> None:
    """All in one statement, which looks at everything as it stood before: a customer by what hangs on him, and that by
    him.
    """
    if not gone:
        return
    parts = (f"gone_{name} AS (DELETE FROM {of_team(name)} WHERE id = ANY(%s) RETURNING id)" for name in gone)
    counts = (f"(SELECT count(*) FROM gone_{name})" for name in gone)
    row = link.run(f"WITH {', '.join(parts)} SELECT {', '.join(counts)}", list(gone.values())).fetchone()
    _expect(row, tuple(map(len, gone.values())))


def _present(driver: Any, table: SharedTable, ids: Sequence[int]) -> set[int]:
    found: set[int] = set()
    for some in chunks(ids):
        marks = ", ".join("?" * len(some))
        rows = driver.execute(f"SELECT id FROM main.{quoted(table.name)} WHERE id IN ({marks})", some)
        found.update(row[0] for row in rows)
    return found


def _update_changed(link: Link, driver: Any, table: SharedTable, old: dict[int, list[Any]]) -> None:
    """Write only the columns that are other ones: of the rest the replica may not know what stands there."""
    alike: dict[tuple[str, ...], list[list[Any]]] = defaultdict(list)
    for ids in chunks(sorted(old)):
        for row in _current(driver, table, ids):
            before = table.outward(old[row[0]])
            changed = [index for index, value in enumerate(row) if value != before[index]]
            alike[tuple(table.names[index] for index in changed)].append([row[0], *(row[index] for index in changed)])
    for names, rows in alike.items():
        for some in chunks(rows, _ROWS):
            _update(link, table, names, some)


def _size(table: SharedTable) -> int:
    return _PIECES if table.name == "chunk" else _ROWS


def _current(driver: Any, table: SharedTable, ids: Sequence[int]) -> list[list[Any]]:
    marks = ", ".join("?" * len(ids))
    statement = f"SELECT {listed(table.names)} FROM main.{quoted(table.name)} WHERE id IN ({marks}) ORDER BY id"
    rows = driver.execute(statement, ids).fetchall()
    return [table.outward(_without_nul(driver, table, row)) for row in rows]


def _without_nul(driver: Any, table: SharedTable, row: Sequence[Any]) -> Sequence[Any]:
    """PostgreSQL takes every sign in a text but one; verbs leave that out, what came by other ways may have it."""
    if not any(isinstance(value, str) and "\0" in value for value in row):
        return row
    cleaned = [value.replace("\0", "") if isinstance(value, str) else value for value in row]
    to = ", ".join(f"{quoted(name)} = ?" for name in table.names[1:])
    driver.execute(f"UPDATE main.{quoted(table.name)} SET {to} WHERE id = ?", [*cleaned[1:], cleaned[0]])
    return cleaned


def _insert(link: Link, table: SharedTable, rows: Sequence[Sequence[Any]]) -> None:
    if rows:
        statement = f"INSERT INTO {of_team(table.name)} ({listed(table.names)}) SELECT * FROM {_unnested(table)}"
        link.run(statement, _by_column(rows))


def _update(link: Link, table: SharedTable, names: Sequence[str], rows: Sequence[Sequence[Any]]) -> None:
    """Write these columns of rows that begin with their id."""
    if not rows or not names:
        return
    to = ", ".join(f"{quoted(name)} = fresh.{quoted(name)}" for name in names)
    statement = (
        f"UPDATE {of_team(table.name)} AS there SET {to} FROM {_unnested(table, ('id', *names))}"
        f" AS fresh ({listed(('id', *names))}) WHERE there.id = fresh.id"
    )
    _expect(link.run(statement, _by_column(rows)).rowcount, len(rows))


def _unnested(table: SharedTable, names: Sequence[str] | None = None) -> str:
    types = {column.name: column.type for column in table.columns}
    return f"unnest({', '.join(f'%s::{types[name]}[]' for name in names or table.names)})"


def _by_column(rows: Iterable[Sequence[Any]]) -> list[list[Any]]:
    return [list(values) for values in _turned(rows)]


def _turned(rows: Iterable[Sequence[Any]]) -> Iterator[tuple[Any, ...]]:
    return zip(*rows, strict=True)


def _expect(found: object, wanted: object) -> None:
    """Rows that one may not change look to PostgreSQL as if they were not there."""
    if found != wanted:
        raise NotAllowed(Text("You may not do this."), Text("Nothing was changed."))
