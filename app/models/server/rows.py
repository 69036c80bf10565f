"""Rows of the team as they come into a replica and go from it, with what was there before."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

from app.core.changes import RowChange
from app.models.bookkeeping import UNRECORDED
from app.models.capture import record_of
from app.models.many import chunks
from app.models.server.shared import OWN_SETTINGS, SharedTable
from app.models.server.words import listed, literal, quoted

_OWN_KEYS = [f"substr(key, 1, {len(prefix)}) = {literal(prefix)}" for prefix in OWN_SETTINGS]


@dataclass
class Caught:
    """What a catch-up brought: rows that are other ones now, steps of others, and leads that were computed anew."""

    rows: list[RowChange] = field(default_factory=list)
    steps: list[int] = field(default_factory=list)
    touched: frozenset[int] = frozenset()
    count: int = 0


def forget_rows(driver: Any, table: SharedTable, ids: Sequence[int], caught: Caught) -> None:
    """Remove these rows from the replica."""
    before = known(driver, table, ids)
    driver.execute(f"DELETE FROM main.{quoted(table.name)} WHERE id IN ({marks(ids)})", ids)
    caught.count += len(ids)
    for row_id, values in before.items():
        caught.rows.append(_change(table, row_id, "delete", values, {}))


def take(driver: Any, table: SharedTable, values: Sequence[Sequence[Any]], caught: Caught) -> None:
    """Put these rows into the replica, in the place of those with the same ids."""
    ids = [value[0] for value in values]
    before = known(driver, table, ids)
    _put(driver, table, values)
    caught.count += len(values)
    if table.name == "change_set":
        caught.steps += [row_id for row_id in ids if row_id not in before]
    if table.name in UNRECORDED:
        return
    for value in values:
        after = dict(zip(table.names, value, strict=True))
        old = before.get(value[0])
        if old is None:
            caught.rows.append(_change(table, value[0], "insert", {}, after))
        elif differing := [name for name in table.names if old[name] != after[name]]:
            caught.rows.append(_change(table, value[0], "update", old, after, differing))


def _put(driver: Any, table: SharedTable, values: Sequence[Sequence[Any]]) -> None:
    """Derived columns stay. Elsewhere a row gives way that has a unique value: it got another one, and comes yet."""
    name, names = f"main.{quoted(table.name)}", listed(table.names)
    derived_too = [column for column in table.table.columns if column.name not in table.names]
    if not derived_too:
        if table.name == "store_setting":
            _make_way(driver, values)
        driver.executemany(f"INSERT OR REPLACE INTO {name} ({names}) VALUES ({marks(table.names)})", values)
        return
    needed = [quoted(column.name) for column in derived_too if not column.nullable]
    into = ", ".join([names, *needed])
    kept = ", ".join(f"{quoted(each)} = excluded.{quoted(each)}" for each in table.names[1:])
    places = ", ".join([marks(table.names), *("''" for _ in needed)])
    driver.executemany(f"INSERT INTO {name} ({into}) VALUES ({places}) ON CONFLICT (id) DO UPDATE SET {kept}", values)


def _make_way(driver: Any, values: Sequence[Sequence[Any]]) -> None:
    """What only this client has may stand under an id."""
    for row_id, *_ in values:
        driver.execute(
            "UPDATE main.store_setting SET id = (SELECT max(id) + 1 FROM main.store_setting) WHERE id = ?"
            f" AND ({' OR '.join(_OWN_KEYS)})",
            (row_id,),
        )


def known(driver: Any, table: SharedTable, ids: Sequence[int]) -> dict[int, dict[str, Any]]:
    """These rows as they stand in the replica, by id, as far as something follows from them."""
    if table.name in UNRECORDED and table.name != "change_set":
        return {}
    found: dict[int, dict[str, Any]] = {}
    for some in chunks(ids):
        rows = driver.execute(
            f"SELECT {listed(table.names)} FROM main.{quoted(table.name)} WHERE id IN ({marks(some)})", some
        )
        found |= {row[0]: dict(zip(table.names, row, strict=True)) for row in rows}
    return found


def marks(values: Iterable[Any]) -> str:
    """A question mark for each, as SQLite wants them."""
    return ", ".join("?" for _ in values)


def _change(
    table: SharedTable, row_id: int, op: Any, before: dict[str, Any], after: dict[str, Any],
    columns: Iterable[str] | None = None,
) -> RowChange:  # fmt: skip
    owner = record_of(table.name, row_id, {**before, **after})
    if columns is not None:
        before, after = ({name: values[name] for name in columns} for values in (before, after))
    return RowChange(table.name, row_id, op, before, after, *owner)
