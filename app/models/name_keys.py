"""The keys by which companies and people are sorted and found: they follow from the name.

The verbs write them with the name; an undo and an update of the schema bring back those of former times, which may have
been made otherwise (once people were sorted by their whole name).
"""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from sqlalchemy import Connection, text

from app.core.folding import person_key, search_key, sort_key
from app.models.many import chunks, with_ids

#: Columns that say nothing of their own.
KEYS = frozenset({"sort_key", "search_key"})
_LONGEST = 300
_COLUMNS: Mapping[str, str] = {"company": "name, '' AS given, '' AS family", "person": "name, given, family"}
TABLES: Sequence[str] = tuple(_COLUMNS)
#: Of some a team's replica has no more than name and keys, and these were made where all of the name is known.
_WHOLE = "uid NOT LIKE 'name%'"


def keys_of(table: str, name: str, given: str = "", family: str = "") -> tuple[str, str]:
    """How somebody of that name is sorted, and how found."""
    order = person_key(name, given, family) if table == "person" else sort_key(name)
    return order[:_LONGEST], search_key(name)[:_LONGEST]


def differing(connection: Connection) -> int:
    """How many have other keys than those of their name; writes nothing."""
    return sum(sum(1 for _ in _wrong(connection, table, None)) for table in TABLES)


def refresh_all(connection: Connection) -> None:
    """Write those anew that do not follow from the name."""
    for table in TABLES:
        _write(connection, table, list(_wrong(connection, table, None)))


def refresh(connection: Connection, table: str, ids: Iterable[int]) -> None:
    """The same of these records of a table."""
    for chunk in chunks(sorted(set(ids))):
        _write(connection, table, list(_wrong(connection, table, chunk)))


def _wrong(connection: Connection, table: str, ids: Sequence[int] | None) -> Iterable[dict[str, Any]]:
    statement = f"SELECT id, sort_key, search_key, {_COLUMNS[table]} FROM {table} WHERE {_WHOLE}"
    found = (
        connection.execute(text(statement))
        if ids is None
        else connection.execute(with_ids(f"{statement} AND id IN :ids"), {"ids": ids})
    )
    for row in found:
        order, search = keys_of(table, row.name, row.given, row.family)
        if (row.sort_key, row.search_key) != (order, search):
            yield {"row": row.id, "order": order, "search": search}


def _write(connection: Connection, table: str, wrong: Sequence[Mapping[str, Any]]) -> None:
    if wrong:
        connection.execute(text(f"UPDATE {table} SET sort_key = :order, search_key = :search WHERE id = :row"), wrong)
