"""The bench of a team: everybody signs in at its server with a replica of his own, and what came of it is seen there.

It is put back by the server's administrator, who kept the rows of the beginning beside those of the team, and by a copy
of each replica. What the program refuses is tried past it, too.
"""

from collections.abc import Callable, Hashable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any

import psycopg

from app.core.clock import FixedClock
from app.core.errors import NotAllowed, TrichterError
from app.models.engine import connect
from app.models.opening import store_file
from app.models.server.catching_up import read_seen
from app.models.server.moving import move_in
from app.models.server.people import add_login
from app.models.server.replica import make_replica, open_replica
from app.models.server.shared import shared_table, shared_tables
from app.models.server.words import listed, of_team, quoted
from app.models.store import Store
from app.models.undo import UndoConflict
from app.models.visibility import HANGING
from tests.servers import SECRET, Connection, Server
from tests.services.access.bench import Dump
from tests.services.access.forged import ForgedStore, Statement
from tests.services.access.world import DORA, ROLES, World
from tests.stores import TODAY, ZONE
from tests.team_stores import address_of

#: What comes through by itself and does no harm: steps that somebody notes as his own, bytes that nobody is shown, new
#: words and customers of one's own.
_HARMLESS = {"change", "change_set", "content", "chunk", "tag", "company", "person"}
_PERSONAL = {"saved_view", "field_notice", "absence"}
#: Into which people of a role write what is theirs: that part of a turn may come through by itself.
_THEIRS: dict[str, set[str]] = {
    "full": set(), "reader": _PERSONAL,
    "limited": {*HANGING, "lead", "company", "person", "note_person", "mail", *_HARMLESS, *_PERSONAL},
}  # fmt: skip


class ServerBench:
    """A team of which everybody has a replica; whoever is no owner has a second one, from when he was an owner."""

    #: On a replica one knows a part of what a step changed: it may seem to have been changed since.
    refused_back: tuple[type[TrichterError], ...] = (NotAllowed, UndoConflict)
    #: What was made and taken back is not there to show whose it was, so its rows in the history are not seen.
    redo_refused: tuple[type[TrichterError], ...] = (NotAllowed,)
    #: Whether what is tried past the program need not be refused.
    lenient = False

    def __init__(self, server: Server, source: Path, folder: Path, world: World) -> None:
        """`server` is the empty place of a team, `source` the folder of the store that is moved there."""
        self.world = world
        self._held = ExitStack()
        self._admin = self._held.enter_context(server.connect())
        move_in(self._admin, store_file(source))
        _stand_still(self._admin)
        self._replicas: dict[tuple[str, str], _Replica] = {}
        self._direct: dict[str, Connection] = {}
        for role, member in ROLES.items():
            user = f"{role}@{server.database}"
            add_login(self._admin, user, SECRET, member)
            for as_what in dict.fromkeys((role, "owner")):
                self._set_role(role, as_what)
                replica = _Replica(folder / f"{role}-{as_what}", server, user)
                self._held.callback(replica.close)
                self._replicas[role, as_what] = replica
            self._set_role(role, role)
            self._direct[role] = self._held.enter_context(server.connect(user))
        for statement in _keeping():
            self._admin.execute(statement.encode())
        self._begun = self._rev()
        self.beginning = self.dump()

    def close(self) -> None:
        """Give back all connections."""
        self._held.close()

    def as_(self, role: str) -> Store:
        """With what he sees of it."""
        return self._replicas[role, role].store

    def dump(self) -> Dump:
        """Of the server, by its administrator."""
        found: Dump = {table.name: [] for table in shared_tables()}
        for name, row in self._admin.execute(_ALL):
            found[name].append((row,))
        return {name: sorted(rows) for name, rows in found.items()}

    def state(self) -> Hashable:
        """How many turns there were."""
        return self._rev()

    def put_back(self) -> None:
        """The rows that were written since, by their revision; and the files of the replicas."""
        if self._rev() != self._begun:
            self._admin.execute("SELECT kept.put_back(%s)", [self._begun])
        for replica in self._replicas.values():
            replica.put_back()

    @contextmanager
    def raised(self, role: str) -> Iterator[Store]:
        """By a hand that no history knows of. He works with the replica that he had as an owner."""
        self._set_role(role, "owner")
        yield self._replicas[role, "owner"].store
        self._set_role(role, role)

    def give_away(self, table: str, ids: Sequence[int], to: int | None) -> None:
        """By the administrator."""
        self._admin.execute(f"UPDATE team.{table} SET user_id = %s WHERE id = ANY(%s)", [to, list(ids)])

    def not_done(self, role: str, since: Hashable) -> str:
        """What somebody wrote since, as his replica has it, that is not the same on the server."""
        written = self._admin.execute(_SINCE, {"rev": since}).fetchall()
        by_table: dict[str, list[int]] = {}
        for name, row_id in written:
            by_table.setdefault(name, []).append(row_id)
        for name, ids in by_table.items():
            table = shared_table(name)
            there = self._admin.execute(f"SELECT {listed(table.names)} FROM {of_team(name)} WHERE id = ANY(%s)", [ids])
            rows = {row[0]: tuple(table.inward(row)) for row in there}
            for row_id in ids:
                if self._replicas[role, role].row(name, table.names, row_id) != rows.get(row_id):
                    return f"{name} {row_id} is another one on the server"
        untold = {tuple(row) for row in self._replicas[role, role].last_step()} - {tuple(row) for row in written}
        return f"not on the server: {sorted(untold)}" if untold else ""

    def past(self, role: str, act: Callable[[Store], object], whose: int | None, *, apart: bool) -> list[str]:
        """What the server lets through of that where the program refuses nothing.

        The replica of an owner that one is no more knows all rows and allows everything: what it would send is tried as
        one turn, and `apart` each statement by itself. Fails where there is nothing to be tried.
        """
        if role == "owner" or self.lenient:
            return []
        if self._replicas[role, "owner"].rev < self._rev():
            with self.raised(role) as store:
                store.follow()
        statements = self._replicas[role, "owner"].forged.sent(act, whose)
        if not statements:
            return ["nothing was tried past the program"]
        direct = self._direct[role]
        through = ["the whole turn"] if _held_good(direct, statements) else []
        told = [each for each in statements if each.tables == ["change_set"]]
        for each in statements if apart else ():
            if each not in told:
                through += _let_through(direct, told, each) or _let_through(direct, [], each)
        if whose in (ROLES[role], DORA):
            return [each for each in through if each.split()[-1] not in _THEIRS[role]]
        return through

    def _rev(self) -> int:
        (rev,) = self._admin.execute("SELECT rev FROM team.turn").fetchone()
        return int(rev)

    def _set_role(self, role: str, new: str) -> None:
        with self._admin.transaction():
            self._admin.execute("SET LOCAL session_replication_role = replica")  # no turn
            self._admin.execute("UPDATE team.member SET role = %s WHERE id = %s", [new, ROLES[role]])


class _Replica:
    """Somebody's, which is put back."""

    def __init__(self, folder: Path, server: Server, user: str) -> None:
        address, clock = address_of(server, user), FixedClock.at(TODAY, ZONE)
        make_replica(folder, address, clock=clock)
        self.store = open_replica(folder, address, origin="test", clock=clock)
        assert self.store.actor_id is not None
        self.forged = ForgedStore(folder, self.store.actor_id, self.store.key)
        with self.store.bare() as driver:
            driver.execute("PRAGMA synchronous = OFF")
        self._own, self._beginning = (
            connect(path, key=self.store.key) for path in (store_file(folder), folder / "anfang.db")
        )
        for driver in (self._own, self._beginning):
            driver.execute("PRAGMA synchronous = OFF")
        self._own.backup(self._beginning)
        self._here = self._version()

    def close(self) -> None:
        """Give back all connections."""
        self.store.close()
        self.forged.close()
        self._own.close()
        self._beginning.close()

    @property
    def rev(self) -> int:
        """How far it has followed."""
        seen = read_seen(self._own)
        assert seen is not None
        return seen.rev

    def put_back(self) -> None:
        """Page by page."""
        if self._version() != self._here:
            self._beginning.backup(self._own)
            self._here = self._version()
            if self.store.facts.base_currency != "EUR":
                self.store.reload_facts()

    def row(self, table: str, names: Sequence[str], row_id: int) -> tuple[Any, ...] | None:
        """As it stands here."""
        statement = f"SELECT {listed(names)} FROM {quoted(table)} WHERE id = ?"
        row: tuple[Any, ...] | None = self._own.execute(statement, (row_id,)).fetchone()
        return row

    def last_step(self) -> list[tuple[str, int]]:
        """The rows that its last step has changed."""
        rows: list[tuple[str, int]] = self._own.execute(_LAST_STEP).fetchall()
        return rows

    def _version(self) -> int:
        (version,) = self._own.execute("PRAGMA data_version").fetchone()
        return int(version)


def _held_good(direct: Connection, statements: Sequence[Statement]) -> bool:
    """Whether the server would take all of it as one turn. It is rolled back in any case."""

    def turn() -> list[str]:
        return ["all"] if all(_done(direct, each) == each.counts for each in statements) else []

    return bool(_tried(direct, turn))


def _let_through(direct: Connection, told: Sequence[Statement], statement: Statement) -> list[str]:
    """What the server would take of this statement, after the step was noted or by itself."""

    def turn() -> list[str]:
        for each in told:
            _done(direct, each)
        done = _done(direct, statement)
        found = [name for name, count in zip(statement.tables, done, strict=True) if count]
        harmless = _HARMLESS if statement.how == "INSERT" else ()
        return [f"{statement.how} {name}" for name in found if name not in harmless]

    return _tried(direct, turn)


def _tried(direct: Connection, turn: Callable[[], list[str]]) -> list[str]:
    """What a transaction comes to that is looked at as at its end and rolled back; nothing where it is refused."""
    direct.execute("BEGIN")
    try:
        found = turn()
        direct.execute("SET CONSTRAINTS ALL IMMEDIATE")
    except (psycopg.errors.InsufficientPrivilege, psycopg.errors.IntegrityError):
        return []
    finally:
        direct.execute("ROLLBACK")
    return found


def _done(direct: Connection, statement: Statement) -> tuple[int, ...]:
    """How many rows of each table it wrote."""
    cursor = direct.execute(statement.sql.encode(), statement.values)
    return tuple(cursor.fetchone()) if statement.how == "DELETE" else (cursor.rowcount,)


def _stand_still(admin: Connection) -> None:
    """It is the day of the tests for the server, too: who is away is away on that day."""
    (today,) = admin.execute("SELECT pg_get_functiondef('team.today()'::regprocedure)").fetchone()
    assert "now()" in today
    admin.execute(today.replace("now()", f"timestamptz '{TODAY} 12:00 {ZONE}'"))


_NAMES = [table.name for table in shared_tables()]
_ALL = " UNION ALL ".join(f"SELECT '{name}', t::text FROM {of_team(name)} AS t" for name in _NAMES)
_SINCE = (
    " UNION ALL ".join(f"SELECT '{name}', id FROM {of_team(name)} WHERE rev > %(rev)s" for name in _NAMES)
    + " UNION ALL SELECT table_name, row_id FROM team.tombstone WHERE rev > %(rev)s"
)
_LAST_STEP = """
SELECT table_name, row_id FROM change WHERE change_set_id = (
  SELECT CASE kind WHEN 'do' THEN id ELSE 0 END FROM change_set ORDER BY id DESC LIMIT 1)
"""


def _keeping() -> Iterator[str]:
    """SQL that keeps all rows as they are now, and a function that brings them back."""
    yield "CREATE SCHEMA kept"
    back = ["PERFORM set_config('session_replication_role', 'replica', true)"]
    for name in (*_NAMES, "turn", "last_key"):
        yield f'CREATE TABLE kept."{name}" AS TABLE {of_team(name)}'
    for name in _NAMES:
        back.append(f"DELETE FROM {of_team(name)} WHERE rev > begun")
        there = f"NOT EXISTS (SELECT FROM {of_team(name)} AS it WHERE it.id = was.id)"
        back.append(f'INSERT INTO {of_team(name)} SELECT * FROM kept."{name}" AS was WHERE {there}')
    back += [
        "DELETE FROM team.tombstone WHERE rev > begun", "DELETE FROM team.let_go",
        "UPDATE team.turn SET rev = was.rev, scope = was.scope FROM kept.turn AS was",
        "UPDATE team.last_key AS it SET last = was.last FROM kept.last_key AS was WHERE it.table_name = was.table_name",
        "PERFORM set_config('session_replication_role', 'origin', true)",
    ]  # fmt: skip
    yield (f"CREATE FUNCTION kept.put_back(begun bigint) RETURNS void LANGUAGE plpgsql AS $body$ BEGIN"
           f" {'; '.join(back)}; END $body$")  # fmt: skip
