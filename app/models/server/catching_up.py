"""Bringing a replica to where its team is: rows and tombstones since the revision it has seen, and what follows."""

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import date
from typing import Any

from sqlalchemy import Connection

from app.core.errors import Outdated
from app.core.i18n import Text
from app.models import derived, documents
from app.models.linked import SEEN
from app.models.many import chunks, with_ids
from app.models.recording import refresh_touches
from app.models.server.fetching import IN_PART, fetched, standing_now, tables_with_news
from app.models.server.link import Link, Standing
from app.models.server.partial import compare, follow_names
from app.models.server.rows import Caught, forget_rows, take
from app.models.server.shared import shared_tables
from app.models.server.words import SCHEMA

#: Is told how many rows came.
Got = Callable[[int], object]


@dataclass(frozen=True)
class Seen:
    """How far a replica has followed which team, and for whom."""

    team: str
    member_id: int
    role: str
    rev: int = 0
    day: int = 0
    """On which day it was looked at which rows are seen: whoever comes back from an absence sees his leads again."""


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
    write_seen(driver, replace(_seen(driver), rev=rev))


def _seen(driver: Any) -> Seen:
    seen = read_seen(driver)
    assert seen is not None, "a replica that follows nobody"
    return seen


def catch_up(
    link: Link, connection: Connection, rev: int, today: date, *, first: bool = False,
    got: Got = lambda count: None,
) -> Caught:  # fmt: skip
    """Bring the replica to this revision, within the transactions of both sides.

    `rev` is the last one that is complete. Of a `first` time nothing is told, and what follows from the rows is left to
    the caller. `got` hears how many rows came. Raises errors of `app.core.errors`, Outdated where the user name is now
    that of somebody else, or of another team.
    """
    driver = connection.connection.driver_connection
    assert driver is not None
    seen, now = _seen(driver), standing_now(link)
    _compare_owner(seen, link.standing)
    if now.role != seen.role or rev < seen.rev:  # other rows altogether, or a server that was set back
        seen = replace(seen, role=now.role, rev=0, day=0)
    _count_on(driver, now.keys)
    in_part = now.role == IN_PART
    anew = now.scope > seen.rev or now.day != seen.day
    if seen.rev == rev and not (in_part and anew):
        return Caught()
    caught = Caught()
    _bury(link, driver, seen.rev, caught)
    changed = tables_with_news(link, seen.rev, in_part=in_part)
    for table in shared_tables():
        if table.name in changed:
            for rows in fetched(link, table, f"rev > {seen.rev:d}", in_part=in_part):
                take(driver, table, [table.inward(row) for row in rows], caught)
                got(len(rows))
    if in_part:
        follow_names(link, driver, seen.rev, caught)
    if (in_part and anew) or seen.rev == 0:
        compare(link, driver, caught, in_part=in_part)
    write_seen(driver, replace(seen, rev=rev, day=now.day))
    if caught.count and not first:
        _follow(connection, caught, today)
    return caught


def _compare_owner(seen: Seen, standing: Standing) -> None:
    if (seen.team, seen.member_id) != (standing.team, standing.member_id):
        raise outdated()


def outdated() -> Outdated:
    """To be raised where a replica serves no more."""
    return Outdated(
        Text("What was fetched from the team's server serves no more."), Text("It is fetched anew at the next start.")
    )


# --- what the replica gets -------------------------------------------------------------------------------------------


def _bury(link: Link, driver: Any, rev: int, caught: Caught) -> None:
    gone: dict[str, list[int]] = {}
    for name, row_id in link.run(f"SELECT table_name, row_id FROM {SCHEMA}.tombstone WHERE rev > {rev:d}"):
        gone.setdefault(name, []).append(row_id)
    for table in shared_tables():
        for ids in chunks(gone.get(table.name, ())):
            forget_rows(driver, table, ids, caught)


def _count_on(driver: Any, keys: Mapping[str, int]) -> None:
    """New rows get keys behind all that the team ever gave. The server goes on by chance a little with each turn."""
    known = dict(driver.execute("SELECT name, seq FROM main.sqlite_sequence").fetchall())
    new = [(name, last) for name, last in keys.items() if name not in known]
    driver.executemany("INSERT INTO main.sqlite_sequence (name, seq) VALUES (?, ?)", new)
    later = [(last, name) for name, last in keys.items() if known.get(name, last) < last]
    driver.executemany("UPDATE main.sqlite_sequence SET seq = ? WHERE name = ?", later)


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
