"""People of a team with a replica each, and how replicas and server are compared."""

import os
import signal
from collections.abc import Iterable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from app.core.calendar import day_number
from app.core.clock import FixedClock
from app.core.folding import sort_key
from app.core.roles import Role
from app.models.engine import connect
from app.models.migrate import KNOWN
from app.models.place import store_file
from app.models.server.link import Address, Link
from app.models.server.people import add_login, add_member
from app.models.server.replica import make_replica, open_replica
from app.models.server.shared import OWN_SETTINGS, SharedTable, shared_tables
from app.models.server.words import listed, of_team, quoted
from app.models.store import Store
from tests.servers import SECRET, Server
from tests.stores import STAGES, TODAY, ZONE

_STAGE = """
INSERT INTO team.stage (id, uid, name, probability, position, idle_days, required, category)
SELECT last + 1, %s, %s, %s, %s, %s, '', 'pipeline' FROM team.last_key WHERE table_name = 'stage'
"""

_TODAY = ("CREATE OR REPLACE FUNCTION team.today() RETURNS bigint LANGUAGE sql STABLE SECURITY DEFINER"
          " SET search_path = pg_catalog, pg_temp")  # fmt: skip

Dump = dict[str, list[tuple[Any, ...]]]


@dataclass
class Office:
    """A team's server, and where its people keep their replicas."""

    server: Server
    folder: Path
    clock: FixedClock
    named: str = ""
    """By which database the user names are called, if that is another one, of which this is a copy."""

    def user(self, name: str) -> str:
        """Under which name somebody signs in. Roles belong to the cluster, so it names the database."""
        return f"{name.lower()}@{self.named or self.server.database}"

    def admit(self, name: str, role: Role = Role.FULL, number: int | None = None) -> str:
        """A further person with a user name; returns that.

        `number` is to be the id of the member: the random verbs know number 1.
        """
        user = self.user(name)
        with self.server.connect() as admin:
            member = add_member(admin, name, name[:2].upper(), role)
            if number is not None:
                admin.execute("ALTER TABLE team.member DISABLE TRIGGER USER")
                admin.execute("UPDATE team.member SET id = %s WHERE id = %s", [number, member])
                admin.execute("ALTER TABLE team.member ENABLE TRIGGER USER")
            add_login(admin, user, SECRET, number or member)
        return user

    def set_day(self) -> None:
        """From now on the server takes that day for today which the clock shows: who is away then, is away."""
        day = day_number(self.clock.today())
        with self.server.connect() as admin:
            admin.execute(f"{_TODAY} AS $$ SELECT {day}::bigint $$".encode())

    def furnish(self) -> None:
        """The stages that every test's store begins with."""
        with self.server.connect() as admin:
            for number, (name, halves, idle) in enumerate(STAGES):
                admin.execute(_STAGE, [f"{number:032x}", name, halves, number, idle])

    def address(self, user: str) -> Address:
        """How somebody reaches the server."""
        return Address("127.0.0.1", self.server.database, user, SECRET, self.server.port, tls="disable")

    def shut(self) -> None:
        """The server goes away: nobody is let in, and whoever is there is cut off."""
        name = self.server.database
        with self.server.connect(database="postgres") as admin:
            admin.execute(f"ALTER DATABASE {name} ALLOW_CONNECTIONS false")
            admin.execute("SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity WHERE datname = %s", [name])

    def reopen(self) -> None:
        """It is back."""
        with self.server.connect(database="postgres") as admin:
            admin.execute(f"ALTER DATABASE {self.server.database} ALLOW_CONNECTIONS true")

    def replica(self, user: str, name: str = "", clock: FixedClock | None = None) -> Store:
        """A fresh replica, opened. The caller closes it."""
        folder = self.folder / (name or sort_key(user).replace("@", "-"))
        make_replica(folder, self.address(user), clock=clock or self.clock)
        return open_replica(folder, self.address(user), origin="test", clock=clock or self.clock)


@contextmanager
def frozen(office: Office) -> Iterator[None]:
    """Those processes of the server that serve this team do nothing, as on a machine that swaps itself to death."""
    with office.server.connect(database="postgres") as admin:
        rows = admin.execute("SELECT pid FROM pg_stat_activity WHERE datname = %s", [office.server.database]).fetchall()
    pids = [row[0] for row in rows]
    for pid in pids:
        os.kill(pid, signal.SIGSTOP)
    try:
        yield
    finally:
        for pid in pids:
            os.kill(pid, signal.SIGCONT)


def fresh_clock() -> FixedClock:
    """At 9 o'clock on the day of the tests."""
    return FixedClock.at(TODAY, ZONE)


def of_server(server: Server, tables: Iterable[SharedTable] = ()) -> Dump:
    """All rows that the server has, as SQLite would have them."""
    with server.connect() as admin:
        return {
            table.name: [
                tuple(table.inward(row))
                for row in admin.execute(f"SELECT {listed(table.names)} FROM {of_team(table.name)} ORDER BY id")
            ]
            for table in tables or shared_tables()
        }


def of_replica(store: Store, *, derived: bool = False) -> Dump:
    """All shared rows of a replica; with the derived columns if asked for."""
    found: Dump = {}
    with closing(connect(store.path, read_only=True, key=store.key)) as driver:
        for table in shared_tables():
            names = [column.name for column in table.table.columns] if derived else table.names
            rows = driver.execute(f"SELECT {listed(names)} FROM {quoted(table.name)} ORDER BY id").fetchall()
            if table.name == "store_setting":
                rows = [row for row in rows if not row[1].startswith(OWN_SETTINGS)]
            found[table.name] = rows
        docs = "SELECT entity, row_id, lead_id, folded FROM search_doc ORDER BY entity, row_id"
        if derived:
            found["search_doc"] = driver.execute(docs).fetchall()
    return found


def assert_alike(one: Dump, other: Dump) -> None:
    """The same rows in every table; tells which are not."""
    for table, rows in one.items():
        if rows != other[table]:
            only = set(rows) - set(other[table]), set(other[table]) - set(rows)
            raise AssertionError(f"{table}: {only[0]} against {only[1]}")


def make_old(folder: Path, address: Address) -> None:
    """Let the replica in a folder be one that an older version of the program fetched."""
    link = Link(address)
    try:
        key = link.standing.secret
    finally:
        link.drop()
    with closing(connect(store_file(folder), key=key)) as driver:
        driver.execute(f"UPDATE alembic_version SET version_num = '{KNOWN[-2]}'")
