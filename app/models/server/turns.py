"""A turn: the team's lock, the replica brought up to date, a verb, its rows on the server, and both commits.

The server commits first. Should the replica not come to it, nothing is lost: what it has seen stands in it, so the next
catch-up brings what it missed. Should it stay unknown whether the server did, it is asked.
"""

from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from time import sleep
from typing import TYPE_CHECKING, Any

from sqlalchemy import Connection, event, text
from sqlalchemy.exc import IntegrityError

from app.core.changes import ChangeSet
from app.core.errors import TrichterError, Unreachable
from app.core.i18n import Text
from app.core.wanted import Wanted, cancelled, wish
from app.models.history_terms import NEWEST
from app.models.server import notes
from app.models.server.catching_up import catch_up, see
from app.models.server.ear import Ear
from app.models.server.fetching import IN_PART
from app.models.server.link import Link
from app.models.server.pushing import push
from app.models.server.rows import Caught
from app.models.server.telling import told
from app.models.server.words import SCHEMA

if TYPE_CHECKING:
    from app.models.recording import Home

#: How often, and after which time each, a server is asked whether it committed.
_ASKED, _PAUSE = 4, 0.25


class Turns:
    """The team's side of the writes of one store (`app.models.linked.Team`)."""

    def __init__(self, link: Link) -> None:
        self.link = link
        self._ear = Ear(link.address)
        self._apart = False
        self._began: tuple[int, str] | None = None  # the revision of this turn, and how the server calls it
        self._wanted: Wanted | None = None  # what the turn that waits in line asks, None while none does
        self._caught: list[ChangeSet] = []
        self._news: deque[ChangeSet] = deque()  # told by whoever looks, also on another thread

    def attach(self, store: "Home") -> None:
        """From now on the writing transactions of this store are turns."""
        self._store = store
        engine = store.writing
        event.listen(engine, "connect", _prepare)
        event.listen(engine, "begin", self._take_lock, insert=True)  # nobody waits for it holding the replica
        event.listen(engine, "begin", self._catch_up)
        event.listen(engine, "commit", self._commit)

    @contextmanager
    def apart(self) -> Iterator[None]:
        """Within it writing transactions are no turns: what they write belongs to this file alone."""
        before, self._apart = self._apart, True
        try:
            yield
        finally:
            self._apart = before

    def settle(self) -> None:
        """A write is over: what was begun on the server and did not come to its end is taken back."""
        self._caught = []
        if self._began is not None:
            self._began = None
            if not self.link.is_open:  # the server has taken it back by itself
                return
            try:
                self.link.run("ROLLBACK")
            except TrichterError:
                self.link.drop()

    def news(self) -> list[ChangeSet]:
        """What others did, as the last turn found it; told once."""
        fresh = []
        with suppress(IndexError):
            while True:
                fresh.append(self._news.popleft())
        return fresh

    def heard(self) -> bool:
        """Whether somebody may have written since the last look. Raises Unreachable."""
        return self._ear.heard()

    @property
    def away(self) -> bool:
        """Whether the server did not answer when it was asked last."""
        return self._ear.away

    def ask_now(self) -> None:
        """Do not wait any longer before a server that was away is asked again."""
        self._ear.ask_now()

    def missed(self) -> None:
        """The server did not answer somebody else who asked it on this device."""
        self._ear.missed()

    def cut(self) -> None:
        """Let nobody wait any longer for an answer of the server. From any thread."""
        self._ear.cut()
        self.link.cut()

    def give_up(self) -> None:
        """A turn that is not wanted any more does not wait in line any longer. From any thread.

        Its connection is cut, not the statement cancelled: a server that froze hears of no wish.
        """
        wanted = self._wanted
        if wanted is not None and not wanted():
            self.link.cut()

    def close(self) -> None:
        """Give back the connections."""
        self._ear.close()
        self.link.drop()

    def follow(self) -> bool:
        """Catch up without writing; whether there was anything. To be called by whoever holds the store's writer."""
        with self._store.writing.connect() as connection, self.apart(), connection.begin():
            try:
                self.link.begin("ISOLATION LEVEL REPEATABLE READ READ ONLY")
            except TrichterError:
                self._ear.missed()
                raise
            self._began = 0, ""
            row = self.link.run(f"SELECT rev FROM {SCHEMA}.turn").fetchone()
            assert row is not None
            caught = self._bring(connection, row[0])
            self._end("ROLLBACK")
            if caught.count and not self._caught:
                self._caught = [self._silent(connection)]
        self._news += self._caught
        self._caught = []
        return caught.count > 0

    def _silent(self, connection: Connection) -> ChangeSet:
        """No step of anybody, but other rows are seen: views have to ask anew."""
        newest, now = connection.execute(text(NEWEST)).scalar_one(), self._store.clock.now()
        return ChangeSet(newest, Text("What you see has changed."), "do", "server", None, now, everything=True)

    def _take_lock(self, connection: Connection) -> None:
        if self._apart:
            return
        self._wanted = wanted = wish()
        try:
            self._refuse_unwanted(wanted)
            self.link.begin(wanted=wanted)
            self._began = 0, ""
            row = self.link.run(f"SELECT {SCHEMA}.begin_turn(), pg_current_xact_id()::text").fetchone()
        except Unreachable:
            self._refuse_unwanted(wanted)
            raise
        finally:
            self._wanted = None
        assert row is not None
        self._began = row[0], row[1]

    def _refuse_unwanted(self, wanted: Wanted) -> None:
        """What was begun is taken back by `settle`."""
        if not wanted():
            raise cancelled() from None

    def _catch_up(self, connection: Connection) -> None:
        if not self._apart:
            assert self._began is not None
            self._bring(connection, self._began[0] - 1)

    def _bring(self, connection: Connection, rev: int) -> Caught:
        caught = catch_up(self.link, connection, rev, self._store.today())
        driver = connection.connection.driver_connection
        assert driver is not None
        notes.clear(driver)
        self._caught = told(connection, caught, self._store.mark_own)
        return caught

    def _commit(self, connection: Connection) -> None:
        driver: Any = connection.connection.driver_connection
        noted = notes.taken(driver)
        if self._apart:
            if noted:
                raise RuntimeError(f"written without the team that shares it: {', '.join(noted)}")
            return
        if noted:
            assert self._began is not None
            self._refuse_unwanted(wish())
            push(self.link, driver, noted)
            see(driver, self._began[0] - self._sees_otherwise())
            notes.clear(driver)
            self._commit_there()
        else:
            self._end("ROLLBACK")
        self._news += self._caught
        self._caught = []

    def _sees_otherwise(self) -> bool:
        """Whether this turn changed what its person sees: then the next catch-up looks at that."""
        row = self.link.run(f"SELECT rev = scope AND {SCHEMA}.my_role() = %s FROM {SCHEMA}.turn", [IN_PART]).fetchone()
        return row is not None and bool(row[0])

    def _commit_there(self) -> None:
        import psycopg

        assert self._began is not None
        began = self._began[1]
        try:
            self._end("COMMIT")
        except Unreachable:
            if not self._committed(began):
                raise
        except psycopg.errors.ForeignKeyViolation as error:  # references are looked at only now
            raise IntegrityError(None, None, error) from error

    def _end(self, how: str) -> None:
        self.link.run(how)
        self._began = None

    def _committed(self, began: str) -> bool:
        """Whether a turn of which the answer got lost was committed. Raises Unreachable where nobody knows."""
        self._began = None
        self.link.drop()
        for _ in range(_ASKED):
            try:
                row = self.link.run("SELECT pg_xact_status(%s::xid8)", [began]).fetchone()
            except Unreachable as error:
                raise _unknown() from error
            if row is not None and row[0] != "in progress":  # else it does not know yet that we are gone
                return bool(row[0] == "committed")
            sleep(_PAUSE)
        raise _unknown()


def _unknown() -> Unreachable:
    return Unreachable(
        Text("The team's server cannot be reached."), Text("Whether this was written shows when it is back.")
    )


def _prepare(driver: Any, _record: Any) -> None:
    driver.execute("PRAGMA foreign_keys = OFF")  # the server looks at them, and knows all that is referred to
    for statement in notes.statements():
        driver.execute(statement)
