"""A store for a test that is the replica of a team's owner: what is written in it goes to a server.

Each team is made once, by a move of the store that the same test would have in a file; a test gets a copy of its
database and of a replica. `checked` compares the two when a test is over.
"""

import itertools
import shutil
from collections.abc import Iterator
from contextlib import closing, contextmanager
from copy import deepcopy
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from app.core.clock import FixedClock
from app.models import derived, documents
from app.models.opening import store_file
from app.models.server.link import Address
from app.models.server.moving import move_in
from app.models.server.people import add_login
from app.models.server.replica import make_replica, open_replica
from app.models.store import Store
from app.services.check import _touches
from tests.models.server.offices import assert_alike, of_replica, of_server
from tests.servers import SECRET, Connection, Server
from tests.stores import TODAY, ZONE, Filling, Stock, replicas

_NUMBERS = itertools.count()


@dataclass(frozen=True)
class _Made:
    """A team that is copied: its database, a replica, who signs in, and what the fillings returned."""

    server: Server
    folder: Path
    user: str
    returned: list[Any]


class TeamStock:
    """Teams with rows in them, each made when it is first wanted."""

    def __init__(self, stock: Stock, empty: Server, folders: pytest.TempPathFactory) -> None:
        self._stock, self._empty, self._folders = stock, empty, folders
        self._made: dict[tuple[Filling, ...], _Made] = {}

    @contextmanager
    def copy(self, fillings: tuple[Filling, ...], target: Path) -> Iterator[list[Any]]:
        """Put a replica with what `fillings` write into a new folder, with a team behind it as long as the block goes.

        Yields what the fillings returned.
        """
        if fillings not in self._made:
            self._made[fillings] = self._make(fillings)
        made, name = self._made[fillings], f"getestet_{next(_NUMBERS)}"
        with closing(self._empty.connect(database="postgres")) as admin:
            admin.execute(f"CREATE DATABASE {name} TEMPLATE {made.server.database}")
            target.mkdir()
            shutil.copyfile(store_file(made.folder), store_file(target))
            server = self._empty.of(name)
            replicas[target] = partial(_opened, target, server, made.user)
            try:
                yield deepcopy(made.returned)
            finally:
                del replicas[target]
                admin.execute(f"DROP DATABASE {name} WITH (FORCE)")

    def _make(self, fillings: tuple[Filling, ...]) -> _Made:
        folder = self._folders.mktemp("moved")
        returned = self._stock.copy(fillings, folder / "moved")
        server = self._empty.of(f"gefuellt_{next(_NUMBERS)}")
        user = f"anna@{server.database}"
        with closing(self._empty.connect(database="postgres")) as admin:
            admin.execute(f"CREATE DATABASE {server.database} TEMPLATE {self._empty.database}")
        with closing(server.connect()) as admin:
            _count_in_order(admin)
            move_in(admin, store_file(folder / "moved"))
            add_login(admin, user, SECRET, 1)
        make_replica(folder / "replica", address_of(server, user), clock=FixedClock.at(TODAY, ZONE))
        return _Made(server, folder / "replica", user, returned)


def _count_in_order(admin: Connection) -> None:
    """Let keys be given as a file gives them: tests know some rows by their number."""
    admin.execute("UPDATE team.last_key SET last = 0")
    (counted,) = admin.execute("SELECT pg_get_functiondef('team.counted()'::regprocedure)").fetchone()
    by_chance = "floor(random() * 8)::bigint"
    assert by_chance in counted
    admin.execute(counted.replace(by_chance, "0"))


def address_of(server: Server, user: str) -> Address:
    """How somebody reaches the team in this database."""
    return Address("127.0.0.1", server.database, user, SECRET, server.port, tls="disable")


class _Desk(Store):
    """A replica at which one person after the other works, as tests have it: the server takes it the same way."""

    server: Server

    @property
    def actor_id(self) -> int | None:
        """Who works."""
        found: int | None = vars(self)["actor_id"]
        return found

    @actor_id.setter
    def actor_id(self, member: int | None) -> None:
        vars(self)["actor_id"] = member
        with closing(self.server.connect()) as admin:
            admin.execute("UPDATE team.login SET member_id = %s", [member or 0])


def _opened(folder: Path, server: Server, user: str, clock: FixedClock, origin: str) -> Store:
    opened = open_replica(folder, address_of(server, user), origin=origin, clock=clock)
    opened.__class__ = _Desk
    assert isinstance(opened, _Desk)
    opened.server = server
    return opened


def checked(store: Store) -> None:
    """Raises AssertionError where replica and server do not hold the same, or what follows from it is another."""
    assert isinstance(store, _Desk)
    store.actor_id = 1  # the owner, who sees all
    store.follow()
    assert_alike(of_server(store.server), of_replica(store))
    with store.survey() as connection:
        assert not derived.differing(connection, store.today())
        assert not documents.differing(connection)
        assert not _touches(connection)
