"""A move of a whole store to the empty place of a team.

It goes table by table, each in a transaction of its own that notes how far it came, so that a move that was cut goes on
where it was. Until all is there and was compared nobody can sign in; what is stopped or does not come out alike is
removed again.
"""

import json
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, closing, contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any

from app.core.errors import Cancelled, InvalidInput, Locked, TrichterError
from app.core.i18n import Text
from app.models.engine import connect
from app.models.failures import translated
from app.models.server.comparing import Compared, Differs, compared, of_the_team, tables_in_order
from app.models.server.failures import answered
from app.models.server.link import MOVING, compare_versions, informed
from app.models.server.people import as_owner
from app.models.server.shared import SharedTable
from app.models.server.tallies import Tally, tally, tally_there, without_nul
from app.models.server.words import SCHEMA, Row, listed, of_team, quoted, run

if TYPE_CHECKING:
    from psycopg import Connection

#: How many rows were moved, and how many there are in all. Raises Cancelled to stop it.
Tell = Callable[[int, int], object]

_DONE = "moved:"
#: So many rows go in one transaction; of those with the bytes of files so many. Rows that refer to each other go
#: together, so this is for tables whose rows do not, or only to earlier ones.
_ROWS, _PIECES = 100_000, 64
_IN_PARTS = {"change": _ROWS, "lead_snapshot": _ROWS, "chunk": _PIECES}
_LOCK = 7_203_661


def move_in(admin: "Connection[Row]", path: Path, tell: Tell = lambda done, total: None) -> list[Compared]:
    """Copy the store in this file to the empty team behind an administrator's connection; returns what was compared.

    The file is kept from being written meanwhile, and stays as it is. What a move before has brought and is still the
    same is not sent again. Raises InvalidInput where a team has anybody or anything, Locked while somebody moves or
    writes, Differs, Cancelled, Unreachable or another StorageError.
    """
    with ExitStack() as held:
        held.enter_context(translated())
        held.enter_context(answered())
        held.enter_context(_alone(admin))
        driver = held.enter_context(closing(connect(path)))
        driver.execute("BEGIN IMMEDIATE")
        compare_versions(informed(admin))
        move = _Move(admin, driver, tell)
        move.prepare()
        try:
            move.run()
            return move.finish()
        except (Cancelled, Differs, KeyboardInterrupt):  # a link that was lost is another matter: the next time goes on
            with suppress(TrichterError):
                discard(admin)
            raise


def discard(admin: "Connection[Row]") -> bool:
    """Remove what a move brought that is not complete; whether there was any."""
    with answered(), admin.transaction():
        if MOVING not in informed(admin):
            return False
        as_owner(admin)
        run(admin, f"TRUNCATE {', '.join(of_team(table.name) for table in tables_in_order()[:-1])}")
        run(admin, f"DELETE FROM {SCHEMA}.information WHERE key = '{MOVING}' OR starts_with(key, '{_DONE}')")
    return True


@contextmanager
def _alone(admin: "Connection[Row]") -> Iterator[None]:
    if run(admin, "SELECT pg_try_advisory_lock(%s)", [_LOCK]).fetchone() != (True,):
        raise Locked(Text("Somebody else is moving data to this server."), Text("Nothing was changed."))
    try:
        yield
    finally:
        if not admin.closed:
            run(admin, "SELECT pg_advisory_unlock(%s)", [_LOCK])


class _Move:
    """One move, from the driver's connection of a store to the administrator's of a team."""

    def __init__(self, admin: "Connection[Row]", driver: Any, tell: Tell) -> None:
        self._admin, self._driver, self._tell = admin, driver, tell
        self._counts = {table.name: self._count(table) for table in tables_in_order()}
        self._total = sum(self._counts.values())
        self._moved = 0
        self._tallies: dict[str, Tally] = {}
        self._rev = 0

    def _count(self, table: SharedTable) -> int:
        number: int = self._driver.execute(f"SELECT count(*) FROM {quoted(table.name)}{of_the_team(table)}").fetchone()[
            0
        ]
        return number

    def prepare(self) -> None:
        """Begin, or go on with what is there of the same data. Raises InvalidInput where the team is not empty."""
        told = informed(self._admin)
        if MOVING in told and self._is_same(told):
            self._rev = int(told[MOVING])
            return
        discard(self._admin)
        with self._admin.transaction():
            as_owner(self._admin)
            row = run(self._admin, f"SELECT rev + 1 FROM {SCHEMA}.turn FOR UPDATE").fetchone()
            assert row is not None
            self._rev = row[0]
            for table in tables_in_order()[:-1]:
                if run(self._admin, f"SELECT 1 FROM {of_team(table.name)} LIMIT 1").fetchone():
                    raise InvalidInput(
                        Text("There are people or data in this team already; a move needs an empty one."),
                        Text(
                            "Nothing was changed. People are let in after the move: trichter server user add --member."
                        ),
                    )
            run(self._admin, f"INSERT INTO {SCHEMA}.information VALUES (%s, %s)", [MOVING, str(self._rev)])

    def _is_same(self, told: dict[str, str]) -> bool:
        """Whether what a move before has brought stands in this store as well; counts it as moved."""
        for table in tables_in_order():
            last, rows, digest = json.loads(told.get(_DONE + table.name, "[0, 0, 0]"))
            found = tally(table, self._rows(table, 0, last))
            if found != Tally(rows, digest) or tally_there(self._admin, table, last) != found:
                self._tallies.clear()
                self._moved = 0
                return False
            self._tallies[table.name] = found
            self._moved += rows
        return True

    def _rows(self, table: SharedTable, after: int, last: int | None = None) -> Iterator[Sequence[Any]]:
        among = f"id > {after:d}" + ("" if last is None else f" AND id <= {last:d}")
        statement = f"SELECT {listed(table.names)} FROM {quoted(table.name)}{of_the_team(table, among)} ORDER BY id"
        rows: Iterator[Sequence[Any]] = self._driver.execute(statement)
        return rows

    def run(self) -> None:
        """Send all that is not there yet."""
        for table in tables_in_order()[:-1]:
            there = self._tallies.setdefault(table.name, Tally())
            while there.rows < self._counts[table.name]:
                there = self._tallies[table.name] = self._send(table, there)

    def _send(self, table: SharedTable, there: Tally) -> Tally:
        """The next rows of a table, in one transaction; returns what is there then."""
        after = self._last(table, there)
        rows = self._part(table, after)
        self._tell(self._moved, self._total)
        with self._admin.transaction():
            as_owner(self._admin)
            with _bare(self._admin, table):
                self._copy(table, rows)
            there = there + tally(table, rows)
            note = json.dumps([rows[-1][0], there.rows, there.digest])
            run(self._admin, _NOTE, [_DONE + table.name, note])
        self._tell(self._moved, self._total)
        return there

    def _last(self, table: SharedTable, there: Tally) -> int:
        if not there.rows:
            return 0
        row = run(
            self._admin, f"SELECT value FROM {SCHEMA}.information WHERE key = %s", [_DONE + table.name]
        ).fetchone()
        assert row is not None
        last: int = json.loads(row[0])[0]
        return last

    def _part(self, table: SharedTable, after: int) -> list[Sequence[Any]]:
        rows = self._rows(table, after)
        most = _IN_PARTS.get(table.name)
        return list(rows) if most is None else [row for row, _ in zip(rows, range(most), strict=False)]

    def _copy(self, table: SharedTable, rows: Sequence[Sequence[Any]]) -> None:
        types = [column.type for column in table.columns]
        texts = [index for index, kind in enumerate(types) if kind == "text"]
        into = f"COPY {of_team(table.name)} ({listed(table.names)}, rev) FROM STDIN (FORMAT BINARY)"
        with self._admin.cursor() as cursor, cursor.copy(into.encode()) as copy:
            copy.set_types([*types, "bigint"])
            for row in rows:
                values = table.outward(row)
                for index in texts:
                    if values[index] is not None:
                        values[index] = without_nul(values[index])
                copy.write_row([*values, self._rev])
                self._moved += 1
                if self._moved % _TOLD_EVERY == 0:
                    self._tell(self._moved, self._total)

    def finish(self) -> list[Compared]:
        """What holds for the team as a whole, the numbers of its rows, and a look at both sides, in one transaction."""
        last = tables_in_order()[-1]
        rows = list(self._rows(last, 0))
        with self._admin.transaction():
            as_owner(self._admin)
            with _bare(self._admin, last):
                run(self._admin, f"DELETE FROM {of_team(last.name)}")
                self._copy(last, rows)
            self._tallies[last.name] = tally(last, rows)
            lines = compared(self._driver, self._admin, self._tallies)
            if not all(line.alike for line in lines):
                raise Differs(lines)
            for name, number in self._driver.execute("SELECT name, seq FROM sqlite_sequence").fetchall():
                run(self._admin, _COUNT_ON, [number, name])
            run(self._admin, f"UPDATE {SCHEMA}.turn SET rev = %s, scope = %s", [self._rev, self._rev])
            run(self._admin, f"DELETE FROM {SCHEMA}.information WHERE key = '{MOVING}' OR starts_with(key, '{_DONE}')")
            self._tell(self._total, self._total)
        with self._admin.transaction():
            as_owner(self._admin)
            run(self._admin, f"ANALYZE {', '.join(of_team(table.name) for table in tables_in_order())}")
        return lines


_TOLD_EVERY = 1_000
_NOTE = f"INSERT INTO {SCHEMA}.information VALUES (%s, %s) ON CONFLICT (key) DO UPDATE SET value = excluded.value"
_COUNT_ON = f"UPDATE {SCHEMA}.last_key SET last = GREATEST(last, %s) WHERE table_name = %s"


@contextmanager
def _bare(admin: "Connection[Row]", table: SharedTable) -> Iterator[None]:
    """Within it the owner of a table writes to it as to any other, without turns and policies."""
    name = of_team(table.name)
    for change in ("DISABLE TRIGGER USER", "NO FORCE ROW LEVEL SECURITY"):
        run(admin, f"ALTER TABLE {name} {change}")
    yield
    run(admin, "SET CONSTRAINTS ALL IMMEDIATE")  # an altered table may have none that wait
    for change in ("ENABLE TRIGGER USER", "FORCE ROW LEVEL SECURITY"):
        run(admin, f"ALTER TABLE {name} {change}")
