"""A store on which one verb after the other is tried by one person after the other, and that is put back each time."""

import sqlite3
from collections.abc import Callable, Hashable, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from typing import Any, Protocol

from app.core.clock import FixedClock
from app.core.errors import NotAllowed, TrichterError
from app.models.opening import store_file
from app.models.store import Store
from tests.services.access.world import ROLES, World
from tests.stores import TODAY, ZONE, reopened

Dump = dict[str, list[tuple[Any, ...]]]


class Bench(Protocol):
    """What the matrix needs, wherever the store lies: on this machine, or with a team's server behind it."""

    world: World
    #: What `dump` tells before anything was done.
    beginning: Dump
    #: How a way back may be refused that is not allowed.
    refused_back: tuple[type[TrichterError], ...]
    #: How a redo may be refused to who sees only some leads, although it is allowed.
    redo_refused: tuple[type[TrichterError], ...]

    def as_(self, role: str) -> Store:
        """The store as whoever has this role works with it."""

    def dump(self) -> Dump:
        """All rows of all tables, with the history."""

    def state(self) -> Hashable:
        """Something that is another after whatever was written, and the same after nothing."""

    def put_back(self) -> None:
        """Let everything be as it was in the beginning."""

    def raised(self, role: str) -> AbstractContextManager[Store]:
        """The store as the person of this role works with it, who decides about everything for that long."""

    def give_away(self, table: str, ids: Sequence[int], to: int | None) -> None:
        """Let records be somebody else's, as if done elsewhere."""

    def not_done(self, role: str, since: Hashable) -> str:
        """What somebody did since that `state`, and is not where all look; empty where all of it is."""

    def past(self, role: str, act: Callable[[Store], object], whose: int | None, *, apart: bool) -> Sequence[str]:
        """What comes through where the program does not refuse it, as one and `apart` also piece by piece.

        `whose` is who could do it.
        """


class LocalBench:
    """A store in a file, opened for each of them by itself."""

    refused_back: tuple[type[TrichterError], ...] = (NotAllowed,)
    redo_refused: tuple[type[TrichterError], ...] = ()

    def __init__(self, folder: Path, world: World) -> None:
        """`folder` holds a store that was filled."""
        self.world = world
        self._folder = folder
        self._stores: dict[tuple[str, str], Store] = {}
        self._own = sqlite3.connect(store_file(folder), isolation_level=None)
        self._own.execute("PRAGMA synchronous = OFF")
        self._beginning = sqlite3.connect(":memory:")
        self._own.backup(self._beginning)
        names = self._own.execute("SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'search_fts%'")
        self._tables = sorted(name for (name,) in names)
        self._here: Hashable = self.state()
        self.beginning = self.dump()

    def close(self) -> None:
        """Give back all connections."""
        for store in self._stores.values():
            store.close()
        self._own.close()
        self._beginning.close()

    def as_(self, role: str) -> Store:
        """Opened when it is first wanted."""
        return self._store(role, role)

    def dump(self) -> Dump:
        """Read beside the store, so that nothing is veiled."""
        return {name: self._own.execute(f"SELECT * FROM {name} ORDER BY 1").fetchall() for name in self._tables}

    def state(self) -> Hashable:
        """What SQLite counts of the commits of other connections: those of the stores."""
        (version,) = self._own.execute("PRAGMA data_version").fetchone()
        return int(version)

    def put_back(self) -> None:
        """Page by page."""
        if self._here is not None and self.state() == self._here:
            return
        self._beginning.backup(self._own)
        self._here = self.state()
        for store in self._stores.values():
            if store.facts.base_currency != "EUR":
                store.reload_facts()

    @contextmanager
    def raised(self, role: str) -> Iterator[Store]:
        """By a hand that no history knows of."""
        self._set_role(role, "owner")
        yield self._store(role, "owner")
        self._set_role(role, role)

    def give_away(self, table: str, ids: Sequence[int], to: int | None) -> None:
        """By a hand that no history knows of."""
        self._here = None
        for id_ in ids:
            self._own.execute(f"UPDATE {table} SET user_id = ? WHERE id = ?", (to, id_))

    def not_done(self, role: str, since: Hashable) -> str:
        """There is but one place."""
        return ""

    def past(self, role: str, act: Callable[[Store], object], whose: int | None, *, apart: bool) -> Sequence[str]:
        """Whoever has the file can do as he likes."""
        return ()

    def _store(self, who: str, role: str) -> Store:
        """Somebody's, with the role that he has at the moment: what he sees need not be laid out anew each time."""
        if (who, role) not in self._stores:
            store = self._stores[who, role] = reopened(self._folder, FixedClock.at(TODAY, ZONE))
            store.actor_id = ROLES[who]
            with store.bare() as driver:
                driver.execute("PRAGMA synchronous = OFF")  # thousands of steps, and none has to last
        return self._stores[who, role]

    def _set_role(self, role: str, new: str) -> None:
        self._here = None
        self._own.execute("UPDATE member SET role = ? WHERE id = ?", (new, ROLES[role]))
