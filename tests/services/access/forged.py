"""A client that keeps to no rule: what its verbs would send is caught, to be sent by other ways."""

import re
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from sqlalchemy import Connection, event

from app.core.changes import ChangeSet
from app.core.clock import FixedClock
from app.core.errors import TrichterError
from app.models.opening import store_file
from app.models.server import notes, pushing
from app.models.store import Store
from tests.stores import TODAY, ZONE

if TYPE_CHECKING:
    from app.models.recording import Home

_TABLES = re.compile(r'(?:INSERT INTO|UPDATE|DELETE FROM) team\."(\w+)"')


class Statement(NamedTuple):
    """What a turn would send."""

    sql: str
    values: Sequence[Any] | None

    @property
    def tables(self) -> list[str]:
        """Into which it writes."""
        return _TABLES.findall(self.sql)

    @property
    def counts(self) -> tuple[int, ...]:
        """How many rows of each it is to write."""
        values = self.values or ()
        return tuple(map(len, values)) if self.how == "DELETE" else (len(values[0]),)

    @property
    def how(self) -> str:
        """What it does."""
        return "DELETE" if self.sql.startswith("WITH") else self.sql.split(maxsplit=1)[0]


class _Caught(Exception):
    """The turn is over before it began."""


class Forger:
    """In the place of the team's side of a store (`app.models.linked.Team`): nothing is asked, and nothing is sent.

    Whatever is written in the store is rolled back; the statements that would carry it to a server are kept.
    """

    away = False

    def __init__(self) -> None:
        self.statements: list[Statement] = []

    def attach(self, store: "Home") -> None:
        """From now on nothing is written there any more."""
        event.listen(store.writing, "connect", _prepare)
        event.listen(store.writing, "commit", self._commit)

    def _commit(self, connection: Connection) -> None:
        driver: Any = connection.connection.driver_connection
        noted = notes.taken(driver)
        if noted:
            pushing.push(self, driver, noted)  # type: ignore[arg-type]
            raise _Caught

    def run(self, statement: str, values: Sequence[Any] | None = None) -> "_Answer":
        """As of a link: keeps the statement, and says that everything was done that was to be done."""
        kept = Statement(statement, values)
        self.statements.append(kept)
        return _Answer(kept)

    @contextmanager
    def apart(self) -> Iterator[None]:
        """No difference is made."""
        yield

    def settle(self) -> None:
        """There is nothing to be taken back."""

    def news(self) -> Sequence[ChangeSet]:
        """None."""
        return ()

    def heard(self) -> bool:
        """Never."""
        return False

    def follow(self) -> bool:
        """Never."""
        return False

    def ask_now(self) -> None:
        """It is not asked."""

    def missed(self) -> None:
        """It is not asked."""

    def give_up(self) -> None:
        pass

    def cut(self) -> None:
        """Nobody waits for it."""

    def close(self) -> None:
        """There is no connection."""


class _Answer:
    """What a server says that did all."""

    def __init__(self, statement: Statement) -> None:
        self._count = statement.counts
        self.rowcount = sum(self._count)

    def fetchone(self) -> tuple[int, ...]:
        """How many rows of each table went."""
        return self._count


def _prepare(driver: Any, _record: Any) -> None:
    driver.execute("PRAGMA foreign_keys = OFF")
    for statement in notes.statements():
        driver.execute(statement)


class ForgedStore:
    """A replica in which whoever has it does what he likes."""

    def __init__(self, folder: Path, member: int, key: bytes | None) -> None:
        self._forger = Forger()
        clock = FixedClock.at(TODAY, ZONE)
        self._store = Store(store_file(folder), origin="test", clock=clock, team=self._forger, key=key)
        self._member = self._store.actor_id = member

    def close(self) -> None:
        """Give back its connections."""
        self._store.close()

    def sent(self, act: Callable[[Store], object], whose: int | None) -> list[Statement]:
        """What it would send to do this; as whom it belongs to, where not even an owner could do it as himself."""
        for member in dict.fromkeys((self._member, whose)):
            self._store.actor_id, self._forger.statements = member, []
            try:
                act(self._store)
            except _Caught:
                return self._forger.statements
            except TrichterError:
                continue
            finally:
                self._store.actor_id = self._member
        return []
