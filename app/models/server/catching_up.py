"""Bringing a replica to where its team is: rows and tombstones since the revision it has seen, and what follows."""

import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import asdict, dataclass, field, replace
from datetime import date
from typing import Any

from sqlalchemy import Connection

from app.core.changes import RowChange
from app.models import derived, documents
from app.models.bookkeeping import UNRECORDED
from app.models.capture import record_of
from app.models.many import chunks, with_ids
from app.models.recording import refresh_touches
from app.models.server.link import Link, Standing
from app.models.server.shared import OWN_SETTINGS, SharedTable, shared_tables
from app.models.server.words import SCHEMA, Row, listed, literal, of_team, quoted

#: Under which key of `store_setting` a replica keeps how far it has followed.
SEEN = "team:seen"
#: So many rows are fetched at once; of those that hold the bytes of files so many.
_ROWS = 2_000
_PIECES = 8
_OWN_KEYS = [f"substr(key, 1, {len(prefix)}) = {literal(prefix)}" for prefix in OWN_SETTINGS]
#: Of more changes no view wants to hear one by one.
MOST_TOLD = 2_000


@dataclass(frozen=True)
class Seen:
    """How far a replica has followed which team, and for whom."""

    team: str
    member_id: int
    role: str
    rev: int = 0


@dataclass
class Caught:
    """What a catch-up brought: rows that are other ones now, steps of others, and leads that were computed anew."""

    rows: list[RowChange] = field(default_factory=list)
    steps: list[int] = field(default_factory=list)
    touched: frozenset[int] = frozenset()
    count: int = 0


def read_seen(driver: Any) -> Seen | None:
    """How far a store has followed a team; None for one that is no replica."""
    found = driver.execute("SELECT value FROM main.store_setting WHERE key = ?", (SEEN,)).fetchone()
    return None if found is None else Seen(**json.loads(found[0]))


def write_seen(driver: Any, seen: Seen) -> None:
    """Note that in the replica; to be done in the transaction that brought it there."""
    driver.execute(
        "INSERT INTO main.store_setting (key, value) VALUES (?, ?)"
        " ON CONFLICT (key) DO UPDATE SET value = excluded.value",
        (SEEN, json.dumps(asdict(seen))),
    )


def see(driver: Any, rev: int) -> None:
    """Note that the replica has followed to this revision."""
    seen = read_seen(driver)
    assert seen is not None, "a replica that follows nobody"
    write_seen(driver, replace(seen, rev=rev))


def catch_up(link: Link, connection: Connection, rev: int, today: date, *, first: bool = False) -> Caught:
    """Bring the replica to this revision, within the transactions of both sides.

    `rev` is the last one that is complete. Of a `first` time nothing is told, and what follows from the rows is left to
    the caller. Raises errors of `app.core.errors`.
    """
    driver = connection.connection.driver_connection
    assert driver is not None
    seen = read_seen(driver)
    assert seen is not None, "a replica that follows nobody"
    if seen.rev == rev:
        return Caught()
    caught = Caught()
    tables = shared_tables()
    changed = _tables_with_news(link, seen.rev)
    _bury(link, driver, seen.rev, caught)
    for table in tables:
        if table.name in changed:
            for rows in _fetched(link, table, seen.rev):
                _take(driver, table, rows, caught)
    _count_on(link, driver)
    see(driver, rev)
    if caught.count and not first:
        _follow(connection, caught, today)
    return caught


# --- what the server has ---------------------------------------------------------------------------------------------


def _tables_with_news(link: Link, rev: int) -> set[str]:
    """In one question, so that a distant server is asked once where there is nothing."""
    parts = (
        f"SELECT {literal(table.name)} WHERE EXISTS (SELECT FROM {of_team(table.name)} WHERE rev > {rev:d})"
        for table in shared_tables()
    )
    return {row[0] for row in link.run(" UNION ALL ".join(parts))}


def _fetched(link: Link, table: SharedTable, rev: int) -> Iterator[list[Row]]:
    statement = f"SELECT {listed(table.names)} FROM {of_team(table.name)} WHERE rev > {rev:d}"
    if table.name == "chunk":
        ids = [row[0] for row in link.run(f"SELECT id FROM {of_team(table.name)} WHERE rev > {rev:d} ORDER BY id")]
        for some in chunks(ids, _PIECES):
            chosen = f"SELECT {listed(table.names)} FROM {of_team(table.name)} WHERE id = ANY(%s)"
            yield link.run(chosen, [some]).fetchall()
        return
    cursor = link.run(f"{statement} ORDER BY id")
    while rows := cursor.fetchmany(_ROWS):
        yield rows


# --- what the replica gets -------------------------------------------------------------------------------------------


def _bury(link: Link, driver: Any, rev: int, caught: Caught) -> None:
    gone: dict[str, list[int]] = {}
    for name, row_id in link.run(f"SELECT table_name, row_id FROM {SCHEMA}.tombstone WHERE rev > {rev:d}"):
        gone.setdefault(name, []).append(row_id)
    for table in shared_tables():
        for ids in chunks(gone.get(table.name, ())):
            forget_rows(driver, table, ids, caught)


def forget_rows(driver: Any, table: SharedTable, ids: Sequence[int], caught: Caught) -> None:
    """Remove these rows from the replica."""
    before = _known(driver, table, ids)
    driver.execute(f"DELETE FROM main.{quoted(table.name)} WHERE id IN ({_marks(ids)})", ids)
    caught.count += len(ids)
    for row_id, values in before.items():
        caught.rows.append(_change(table, row_id, "delete", values, {}))


def _take(driver: Any, table: SharedTable, rows: Sequence[Row], caught: Caught) -> None:
    ids = [row[0] for row in rows]
    before = _known(driver, table, ids)
    values = [table.inward(row) for row in rows]
    _put(driver, table, values)
    caught.count += len(rows)
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
    """Derived columns stay; other rows are taken out first, so that unique values may change places."""
    name, names = f"main.{quoted(table.name)}", listed(table.names)
    derived_too = [column for column in table.table.columns if column.name not in table.names]
    if not derived_too:
        if table.name == "store_setting":
            _make_way(driver, values)
        for some in chunks([value[0] for value in values]):
            driver.execute(f"DELETE FROM {name} WHERE id IN ({_marks(some)})", some)
        driver.executemany(f"INSERT INTO {name} ({names}) VALUES ({_marks(table.names)})", values)
        return
    needed = [quoted(column.name) for column in derived_too if not column.nullable]
    into = ", ".join([names, *needed])
    kept = ", ".join(f"{quoted(each)} = excluded.{quoted(each)}" for each in table.names[1:])
    places = ", ".join([_marks(table.names), *("''" for _ in needed)])
    driver.executemany(f"INSERT INTO {name} ({into}) VALUES ({places}) ON CONFLICT (id) DO UPDATE SET {kept}", values)


def _make_way(driver: Any, values: Sequence[Sequence[Any]]) -> None:
    """What only this client has may stand under an id, or this client have set itself what the team has set now."""
    for row_id, key, _value in values:
        driver.execute("DELETE FROM main.store_setting WHERE key = ?", (key,))
        driver.execute(
            "UPDATE main.store_setting SET id = (SELECT max(id) + 1 FROM main.store_setting) WHERE id = ?"
            f" AND ({' OR '.join(_OWN_KEYS)})",
            (row_id,),
        )


def _count_on(link: Link, driver: Any) -> None:
    """New rows get keys behind all that the team ever gave."""
    for name, last in link.run(f"SELECT table_name, last FROM {SCHEMA}.last_key").fetchall():
        known = driver.execute("SELECT seq FROM main.sqlite_sequence WHERE name = ?", (name,)).fetchone()
        if known is None:
            driver.execute("INSERT INTO main.sqlite_sequence (name, seq) VALUES (?, ?)", (name, last))
        elif known[0] < last:
            driver.execute("UPDATE main.sqlite_sequence SET seq = ? WHERE name = ?", (last, name))


def _known(driver: Any, table: SharedTable, ids: Sequence[int]) -> dict[int, dict[str, Any]]:
    if table.name in UNRECORDED and table.name != "change_set":
        return {}
    found: dict[int, dict[str, Any]] = {}
    for some in chunks(ids):
        rows = driver.execute(
            f"SELECT {listed(table.names)} FROM main.{quoted(table.name)} WHERE id IN ({_marks(some)})", some
        )
        found |= {row[0]: dict(zip(table.names, row, strict=True)) for row in rows}
    return found


def _marks(values: Iterable[Any]) -> str:
    return ", ".join("?" for _ in values)


def _change(
    table: SharedTable, row_id: int, op: Any, before: dict[str, Any], after: dict[str, Any],
    columns: Iterable[str] | None = None,
) -> RowChange:  # fmt: skip
    owner = record_of(table.name, row_id, {**before, **after})
    if columns is not None:
        before, after = ({name: values[name] for name in columns} for values in (before, after))
    return RowChange(table.name, row_id, op, before, after, *owner)


# --- what follows from that ------------------------------------------------------------------------------------------


def _follow(connection: Connection, caught: Caught, today: date) -> None:
    """Derived columns, the texts that are searched, and when leads were last touched."""
    leads = derived.concerned(connection, caught.rows)
    caught.touched = derived.refresh(connection, leads, today) | leads
    for entity, ids in documents.concerned(connection, caught.rows).items():
        documents.refresh(connection, entity, ids)
    refresh_touches(connection, sorted(_told_of(connection, caught.steps) | caught.touched))


def _told_of(connection: Connection, steps: Sequence[int]) -> set[int]:
    """The leads in whose history these steps stand; an undo or a redo stands where the step does that it is of."""
    found: set[int] = set()
    for some in chunks(sorted(steps)):
        found.update(connection.execute(with_ids(_TOLD), {"ids": some}).scalars())
    return found


_TOLD = """
WITH RECURSIVE about (id) AS (
  SELECT id FROM change_set WHERE id IN :ids
  UNION SELECT change_set.undoes_id FROM change_set JOIN about ON about.id = change_set.id
  WHERE change_set.undoes_id IS NOT NULL)
SELECT DISTINCT lead_id FROM change JOIN about ON about.id = change.change_set_id WHERE lead_id IS NOT NULL
"""


def first_seen(standing: Standing) -> Seen:
    """Of a replica that has nothing yet."""
    return Seen(standing.team, standing.member_id, standing.role)
