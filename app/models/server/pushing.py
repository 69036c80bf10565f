"""Writing the rows that a turn changed on the replica to the server, whose row security looks at each of them."""

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

    Raises NotAllowed where the person may not do that; nothing is kept of the turn then.
    """
    tables = [table for table in shared_tables() if table.name in noted]
    gone: dict[str, list[int]] = {}
    for table in tables:
        rows = noted[table.name]
        for ids in chunks(rows.fresh, _size(table)):
            _insert(link, table, _current(driver, table, ids))
        there: set[int] = set()
        for ids in chunks(rows.known, _size(table)):
            current = _current(driver, table, ids)
            there.update(row[0] for row in current)
            _update(link, table, current)
        gone[table.name] = [row_id for row_id in rows.known if row_id not in there]
    for table in reversed(tables):
        for ids in chunks(gone[table.name], _ROWS):
            _expect(link.run(f"DELETE FROM {of_team(table.name)} WHERE id = ANY(%s)", [ids]).rowcount, len(ids))


def _size(table: SharedTable) -> int:
    return _PIECES if table.name == "chunk" else _ROWS


def _current(driver: Any, table: SharedTable, ids: Sequence[int]) -> list[list[Any]]:
    marks = ", ".join("?" * len(ids))
    statement = f"SELECT {listed(table.names)} FROM main.{quoted(table.name)} WHERE id IN ({marks}) ORDER BY id"
    return [table.outward(row) for row in driver.execute(statement, ids)]


def _insert(link: Link, table: SharedTable, rows: Sequence[Sequence[Any]]) -> None:
    if rows:
        statement = f"INSERT INTO {of_team(table.name)} ({listed(table.names)}) SELECT * FROM {_unnested(table)}"
        link.run(statement, _by_column(rows))


def _update(link: Link, table: SharedTable, rows: Sequence[Sequence[Any]]) -> None:
    if not rows:
        return
    to = ", ".join(f"{quoted(name)} = fresh.{quoted(name)}" for name in table.names[1:])
    names = listed(table.names)
    statement = (
        f"UPDATE {of_team(table.name)} AS there SET {to} FROM {_unnested(table)} AS fresh ({names})"
        " WHERE there.id = fresh.id"
    )
    _expect(link.run(statement, _by_column(rows)).rowcount, len(rows))


def _unnested(table: SharedTable) -> str:
    return f"unnest({', '.join(f'%s::{column.type}[]' for column in table.columns)})"


def _by_column(rows: Iterable[Sequence[Any]]) -> list[list[Any]]:
    return [list(values) for values in _turned(rows)]


def _turned(rows: Iterable[Sequence[Any]]) -> Iterator[tuple[Any, ...]]:
    return zip(*rows, strict=True)


def _expect(found: int, wanted: int) -> None:
    """Rows that one may not change look to PostgreSQL as if they were not there."""
    if found != wanted:
        raise NotAllowed(Text("You may not do this."), Text("Nothing was changed."))
