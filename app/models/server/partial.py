"""A replica that holds a part of the team's rows: which these are changes without the rows being other ones.

Whose leads somebody sees follows from assignments, from deputies and from the day. So whenever anything of that kind
was changed, the ids of what is seen are compared with those of what is there. Of customers that are not seen the
replica has the names, as rows that are empty otherwise.
"""

from typing import Any

from app.models.many import chunks
from app.models.server.fetching import fetched, source_of
from app.models.server.link import Link
from app.models.server.policies import MASKED, NAMES
from app.models.server.rows import Caught, forget_rows, take
from app.models.server.shared import OWN_SETTINGS, SharedTable, shared_table, shared_tables
from app.models.server.words import SCHEMA, Row, quoted

_SHARED = {
    "store_setting": " WHERE NOT ("
    + " OR ".join(f"substr(key, 1, {len(prefix)}) = '{prefix}'" for prefix in OWN_SETTINGS)
    + ")"
}
_NAMED = ("id", "name", "sort_key", "search_key", "archived_at")


def compare(link: Link, driver: Any, caught: Caught, *, in_part: bool) -> None:
    """Remove what is not seen any more, and fetch what is seen now."""
    for table in shared_tables():
        seen = {row[0] for row in link.run(f"SELECT id FROM {source_of(table, in_part=in_part)}")}
        there = _there(driver, table)
        stubs = _stubs(driver, table) if table.name in NAMES else set()
        gone = sorted(there - seen - stubs)
        if table.name in NAMES and in_part:
            _reduce(link, driver, table, gone, caught)
            _forget_names(link, driver, table, stubs - seen, caught)
        else:
            for some in chunks(gone):
                forget_rows(driver, table, some, caught)
        masked = in_part and table.name in MASKED  # what is shown of them depends on what else is seen
        missing = sorted(seen if masked else seen - (there - stubs))
        for some in chunks(missing):
            ids = ", ".join(map(str, some))
            for rows in fetched(link, table, f"id IN ({ids})", in_part=in_part):
                take(driver, table, [table.inward(row) for row in rows], caught)


def follow_names(link: Link, driver: Any, rev: int, caught: Caught) -> None:
    """The names of customers that are not seen, as far as they are other ones since a revision."""
    for name in NAMES:
        table = shared_table(name)
        _take_names(link, driver, table, f"it.rev > {rev:d}", caught)


def _reduce(link: Link, driver: Any, table: SharedTable, ids: list[int], caught: Caught) -> None:
    """Of these no more than the name is seen now."""
    for some in chunks(ids):
        forget_rows(driver, table, some, caught)
        chosen = ", ".join(map(str, some))
        _take_names(link, driver, table, f"it.id IN ({chosen})", caught)


def _take_names(link: Link, driver: Any, table: SharedTable, condition: str, caught: Caught) -> None:
    columns = ", ".join(f"it.{column}" for column in _NAMED)
    unseen = f"NOT EXISTS (SELECT FROM {SCHEMA}.{table.name} AS whole WHERE whole.id = it.id)"
    rows = link.run(f"SELECT {columns} FROM {SCHEMA}.{table.name}_name AS it WHERE {condition} AND {unseen}").fetchall()
    for some in chunks(rows):
        take(driver, table, [_stub(table, row) for row in some], caught)


def _forget_names(link: Link, driver: Any, table: SharedTable, stubs: set[int], caught: Caught) -> None:
    named = {row[0] for row in link.run(f"SELECT id FROM {SCHEMA}.{table.name}_name")}
    for some in chunks(sorted(stubs - named)):
        forget_rows(driver, table, some, caught)
    missing = named - _there(driver, table)
    for some in chunks(sorted(missing)):
        chosen = ", ".join(map(str, some))
        _take_names(link, driver, table, f"it.id IN ({chosen})", caught)


def _stub(table: SharedTable, row: Row) -> list[Any]:
    known = dict(zip(_NAMED, row, strict=True)) | {"uid": _mark(row[0])}
    return [
        known.get(column.name, None if column.nullable else "" if column.type == "text" else 0)
        if column.name != "archived_at" or known["archived_at"] is None or column.inward is None
        else column.inward(known["archived_at"])
        for column in table.columns
    ]


def _mark(row_id: int) -> str:
    """The uid of a row of which only the name is known: none that a row could get."""
    return f"name{row_id:028d}"


def _there(driver: Any, table: SharedTable) -> set[int]:
    return {row[0] for row in driver.execute(f"SELECT id FROM main.{quoted(table.name)}{_SHARED.get(table.name, '')}")}


def _stubs(driver: Any, table: SharedTable) -> set[int]:
    return {row[0] for row in driver.execute(f"SELECT id FROM main.{quoted(table.name)} WHERE uid LIKE 'name%'")}
