"""The way back from a team: all that its server holds, as a store on a device. It is done as an owner, who sees all."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from itertools import islice
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, text

from app.core.clock import Clock
from app.core.errors import Damaged, InvalidInput, NotAllowed
from app.core.i18n import Text
from app.core.roles import Role
from app.models import derived, documents, migrate, snapshot
from app.models.engine import writing_engine
from app.models.failures import translated
from app.models.many import chunks
from app.models.place import store_file
from app.models.recording import refresh_touches
from app.models.server.comparing import Compared, Differs, compared, tables_in_order
from app.models.server.failures import answered
from app.models.server.fetching import count_of
from app.models.server.link import Link
from app.models.server.shared import SharedTable
from app.models.server.tallies import tally
from app.models.server.words import SCHEMA, Row, listed, of_team, quoted

#: How many rows are there, and how many there are in all. Raises Cancelled to stop it.
Tell = Callable[[int, int], object]

_ROWS, _PIECES, _LEADS = 2_000, 8, 5_000


def move_out(
    link: Link, folder: Path, *, clock: Clock, local: bool = True, tell: Tell = lambda done, total: None
) -> list[Compared]:
    """Bring all of the team into a new store in this folder; returns what was compared. The server stays as it is.

    The file gets its name when it is complete. Raises InvalidInput where there is a store, NotAllowed for who is no
    owner, Differs, Cancelled, Unreachable or another StorageError; then there is nothing.
    """
    path, made = store_file(folder), not folder.exists()
    partial = path.with_name(path.name + ".new")
    if path.exists():
        raise InvalidInput(
            Text("There are data in “{path}” already.", path=str(folder)), Text("Please name another folder.")
        )
    if link.standing.role != Role.OWNER:
        raise NotAllowed(Text("Only an owner can take out all that a team has."))
    try:
        with translated(), answered():
            folder.mkdir(parents=True, exist_ok=True)
            partial.unlink(missing_ok=True)
            migrate.migrate(partial, local=False)
            lines = _fill(partial, link, clock, tell)
            snapshot.in_journal_mode(partial, local=local)
            partial.replace(path)
    finally:
        with suppress(OSError):  # what keeps it from being made has been told
            for end in ("", "-journal", "-wal", "-shm"):
                partial.with_name(partial.name + end).unlink(missing_ok=True)
            if made and not path.exists():
                folder.rmdir()
    return lines


def _fill(path: Path, link: Link, clock: Clock, tell: Tell) -> list[Compared]:
    engine = writing_engine(path, local=False)
    try:
        with engine.connect() as connection:
            driver: Any = connection.connection.driver_connection
            driver.execute("PRAGMA foreign_keys = OFF")  # checked below, when all is there
            with connection.begin():
                lines = _fetch(driver, link, tell)
                _follow(connection, clock)
                if driver.execute("PRAGMA foreign_key_check").fetchone():
                    raise Damaged(Text("Something in the team's data refers to what is not there."))
    finally:
        engine.dispose()
    return lines


def _fetch(driver: Any, link: Link, tell: Tell) -> list[Compared]:
    """All rows as they were at one moment, compared with what came."""
    link.begin("ISOLATION LEVEL REPEATABLE READ READ ONLY")
    for limit in ("statement_timeout", "idle_in_transaction_session_timeout"):
        link.run(f"SET LOCAL {limit} = 0")
    done, total = 0, count_of(link, in_part=False)
    for table in tables_in_order():
        for some in _rows(link, table):
            tell(done, total)
            driver.executemany(_into(table), [table.inward(row) for row in some])
            done = min(done + len(some), total)
    for name, last in link.run(f"SELECT table_name, last FROM {SCHEMA}.last_key").fetchall():
        driver.execute("DELETE FROM sqlite_sequence WHERE name = ?", (name,))
        driver.execute("INSERT INTO sqlite_sequence (name, seq) VALUES (?, ?)", (name, last))
    tell(total, total)
    here = {
        table.name: tally(table, driver.execute(f"SELECT {listed(table.names)} FROM {quoted(table.name)}"))
        for table in tables_in_order()
    }
    lines = compared(driver, link.open(), here)
    if not all(line.alike for line in lines):
        raise Differs(lines)
    link.run("COMMIT")
    return lines


def _rows(link: Link, table: SharedTable) -> Iterator[Sequence[Row]]:
    statement = f"COPY (SELECT {listed(table.names)} FROM {of_team(table.name)} ORDER BY id) TO STDOUT (FORMAT BINARY)"
    with link.open().cursor() as cursor, cursor.copy(statement.encode()) as copy:
        copy.set_types([column.type for column in table.columns])
        rows = copy.rows()
        while some := list(islice(rows, _PIECES if table.name == "chunk" else _ROWS)):
            yield some


def _into(table: SharedTable) -> str:
    """Derived columns that need a value get it below."""
    needed = [column.name for column in table.table.columns if column.name not in table.names and not column.nullable]
    values = ", ".join([*("?" for _ in table.names), *("''" for _ in needed)])
    return f"INSERT INTO {quoted(table.name)} ({listed([*table.names, *needed])}) VALUES ({values})"


def _follow(connection: Connection, clock: Clock) -> None:
    leads = [row[0] for row in connection.execute(text("SELECT id FROM lead"))]
    for some in chunks(leads, _LEADS):
        derived.refresh(connection, some, clock.today())
    documents.refresh_all(connection)
    refresh_touches(connection, leads)
