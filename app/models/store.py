"""The store: the one way to read the data, the one way to change it, and the feed on which changes are heard.

    with store.read() as connection: ...       sees what the viewer may see, cannot write
    with store.write(Text("…")) as session: ... one step: all of it or nothing, recorded, undoable, told to the feed

A session lives for one verb. Writing is serialised, the transaction begins IMMEDIATE, and the history rows are written
inside it. SQLAlchemy's ORM is imported with the first write: a reader does not wait for it.
"""

import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass, replace
from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from sqlalchemy import Connection, bindparam, text

from app.core.calendar import day_number
from app.core.changes import ChangeSet, Feed, Kind
from app.core.clock import Clock, SystemClock
from app.core.i18n import Text, load_text
from app.core.roles import EVERYTHING, Act, Rights
from app.core.system import home_of
from app.models import as_of
from app.models.conditions import SEVERAL
from app.models.engine import end, reading_engine, survey, writing_engine
from app.models.failures import translated
from app.models.history_terms import NEWEST
from app.models.sight import rights_of
from app.models.types import Instant, instant_of
from app.models.veil import list_seen, seen_now, veil

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from app.models.clash import Clash
    from app.models.linked import Team


@dataclass(frozen=True)
class Facts:
    """What holds for the store as a whole."""

    base_currency: str
    country: str
    time_zone: str


class Store:
    """An open store. `actor_id` is the person whose steps are recorded and undone; `origin` says through what.

    `team` is set for a replica: every write is a turn then, and raises Unreachable where the server is. `key` is what
    the file is encrypted with (`app.models.engine`), None where it is not.

    `given_day` is set for a report of a given day (`--today`): what is read counts at that day's rates.
    """

    def __init__(
        self, path: Path, *, origin: str, local: bool = True, clock: Clock | None = None, team: "Team | None" = None,
        key: bytes | None = None,
    ) -> None:  # fmt: skip
        self.path = path
        self.origin = origin
        self.local = local
        self.feed = Feed()
        self.actor_id: int | None = None
        self.given_day: date | None = None
        self._given_clock = clock
        self.key = key
        self._reading = reading_engine(path, local=local, key=key)
        self._writing = writing_engine(path, local=local, key=key)
        self._team = team
        self._writer = threading.RLock()
        self._inside = self._rehearsal = False
        self.step_uid: str | None = None
        self._watching: Any = None
        self._own: set[str] = set()
        self._version = 0
        self._seen = 0
        self._listed: object = None
        self._rights: tuple[int | None, int, Rights] | None = None
        self.facts = self._read_facts()
        self.clock: Clock = clock or SystemClock(self.zone)
        if team is not None:
            team.attach(self)

    @property
    def zone(self) -> ZoneInfo:
        """The time zone in which days are reckoned."""
        return ZoneInfo(self.facts.time_zone)

    def close(self) -> None:
        """Give back every connection; whoever uses the store after that gets an error."""
        if self._watching is not None:
            self._watching.close()
            self._watching = None
        if self._team is not None:
            self._team.close()
        end(self._reading)
        end(self._writing)

    def drop_connections(self) -> None:
        """Close every connection that is not in use; the next ones look at the file afresh."""
        with self._exclusive():
            self._reading.dispose()
            self._writing.dispose()

    def reload_facts(self) -> None:
        """After base currency, country or time zone changed."""
        self.facts = self._read_facts()
        if self._given_clock is None:
            self.clock = SystemClock(self.zone)

    def stand_at(self, clock: Clock) -> None:
        """From now on it is for this store what this clock says."""
        self.clock = self._given_clock = clock

    def _read_facts(self) -> Facts:
        with self.read() as connection:
            rows = connection.execute(text("SELECT key, value FROM store_setting")).all()
        found = {row[0]: row[1] for row in rows}
        return Facts(found["base_currency"], home_of(found["country"]), found["time_zone"])

    @contextmanager
    def read(self) -> Iterator[Connection]:
        """A consistent view of the data for as long as the block lasts; it cannot write."""
        rights = self.rights
        with translated(), self._reading.connect() as connection:
            veil(connection, rights)
            with connection.begin():
                list_seen(connection, rights)
                if self.given_day is not None:
                    as_of.lay(connection, self.given_day, rights)
                yield connection

    @property
    def rights(self) -> Rights:
        """What the actor may see and do today."""
        actor, known = self.actor_id, self._rights
        if actor is None:
            return EVERYTHING
        # a report of another day is read by who one is today
        day = day_number(self.today() if self.given_day is None else SystemClock(self.zone).today())
        if known is None or known[:2] != (actor, day):
            with translated(), self._reading.begin() as connection:
                known = self._rights = (actor, day, rights_of(connection, actor, day))
        return known[2]

    @property
    def tended(self) -> bool:
        """Whether what nobody asks for falls to the actor, such as emptying the trash in time: a file is looked after
        by whoever comes, a team's server by those who may write everything there.
        """
        return self._team is None or self.rights.may(Act.ERASE)

    @contextmanager
    def write(
        self, label: Text, *, run: int | None = None, everything: bool = False, merging: bool = False,
        personal: bool = False,
    ) -> Iterator["Session"]:  # fmt: skip
        """One step of the user. On leaving the block: recorded, committed, told. On an error: as if it never began.

        `label` is what the history and the status bar call the step. `run` names the import run that the step belongs
        to. `everything` tells the views to ask anew instead of listing the rows. `merging` puts records into one: the
        leads concerned were not touched by that. `personal` is how the actor works, such as own views and the own
        profile: that is open to those, too, who may change nothing else.
        Raises NotAllowed, before or after the block, for what the actor may not; StorageError if it cannot be written;
        RuntimeError when called within another write.
        """
        from app.models.recording import Recorder  # the ORM comes with it

        if not personal:
            self.rights.demand(Act.CHANGE)
        with self._exclusive(), translated():
            recorder = Recorder(self, label, run=run, everything=everything, merging=merging, rehearsal=self._rehearsal)
            with recorder.session() as session:
                yield session
        self._tell(recorder.published)

    @contextmanager
    def entering(self, uid: str) -> Iterator[None]:
        """Within it the one step that is written bears this uid in the history: whoever does not know whether it came
        to be can look for it there, and a second one of this uid cannot be.
        """
        with self._writer:
            self.step_uid = uid
            try:
                yield
            finally:
                self.step_uid = None

    @contextmanager
    def rehearsing(self) -> Iterator[None]:
        """Within it a verb is tried on what there is, as far as everything that keeps it from being done is found, and
        nothing of it is kept. Asks no server. What stands behind the verb in the block is not reached.
        """
        from app.models.recording import Rehearsed

        apart = nullcontext() if self._team is None else self._team.apart()
        with self._writer, apart:
            self._rehearsal = True
            try:
                yield
            except Rehearsed:
                pass
            finally:
                self._rehearsal = False

    def undo(self, *steps: int) -> ChangeSet | None:
        """Take back the actor's last step, or these of anybody's all together; None if there is none.

        Raises UndoConflict, NotAllowed.
        """
        return self._go_back("undo", steps)

    def redo(self, *steps: int) -> ChangeSet | None:
        """Bring back what the actor undid last, or what was undone by these steps; None if there is nothing.

        Raises UndoConflict, NotAllowed.
        """
        return self._go_back("redo", steps)

    def _go_back(self, kind: Kind, steps: Sequence[int]) -> ChangeSet | None:
        from app.models.recording import take_back

        with self._exclusive(), translated():
            published = take_back(self, kind, steps)
        self._tell(published)
        return published

    def obstacles(self, kind: Kind, *steps: int) -> "list[Clash] | None":
        """What keeps these steps from being undone or redone, as far as it shows beforehand; None where nobody can:
        it was done already, or lies behind the horizon. Looks long at a large step, and keeps nobody waiting.

        Raises NotAllowed where the actor may not.
        """
        from app.models.given import obstacles

        with self.survey() as connection:
            return obstacles(connection, kind, steps, self.rights)

    @contextmanager
    def survey(self) -> Iterator[Connection]:
        """All rows, also those that the viewer does not see, for a look that takes long: nobody who writes waits for
        it. Whoever shows somebody what is found here has to look to it that it is seen.
        """
        with translated(), survey(self.path, local=self.local, key=self.key) as connection:
            yield connection

    @contextmanager
    def maintenance(self, *, here: bool = False) -> Iterator[Connection]:
        """The writing connection for work that is no step of anybody: derived columns, indexes, the trash.

        `here` says that nothing is written which a team shares, so that its server is not needed.
        """
        apart = self._team.apart() if here and self._team is not None else nullcontext()
        with self._exclusive(), translated(), apart, self._writing.begin() as connection:
            yield connection

    def close_undo_horizon(self, until: datetime | None = None) -> None:
        """What was done so far (or until that instant) stays: undo begins anew behind it.

        For what a new store begins with, demo data, and what the trash no longer holds.
        """
        with self.maintenance() as connection:
            connection.execute(_CLOSE_HORIZON, {"until": until})

    @contextmanager
    def bare(self) -> Iterator[Any]:
        """The driver's own connection, outside a transaction: for `VACUUM INTO` and `PRAGMA`."""
        with self._exclusive(), translated():
            connection = self._writing.raw_connection()
            try:
                yield connection.driver_connection
            finally:
                connection.close()

    @contextmanager
    def _exclusive(self) -> Iterator[None]:
        with self._writer:
            if self._inside:
                raise RuntimeError("one verb, one write: store.write() within another")
            self._inside = True
            try:
                yield
            finally:
                self._inside = False
                if self._team is not None:
                    self._team.settle()
        for change in () if self._team is None else self._team.news():
            self._tell(change)

    def today(self) -> date:
        """The day it is, in the store's time zone."""
        return self.clock.today()

    def day_of(self, instant: datetime) -> date:
        """The day of an instant in the store's time zone."""
        return instant.astimezone(self.zone).date()

    @property
    def writing(self) -> Any:
        """The engine that writes; for `app.models` only."""
        return self._writing

    def _tell(self, change: ChangeSet | None) -> None:
        if change is not None:
            if change.concerns("store_setting"):  # also when that is undone, or done by another process
                self.reload_facts()
            if change.concerns("member", "absence") and self._sees_otherwise():
                change = replace(change, everything=True)
            self.feed.publish(change)

    def _sees_otherwise(self) -> bool:
        """Whether the actor sees or may do other things than before, after what is known of the team has changed."""
        known, self._rights = self._rights, None
        return self._differs(known)

    def watch(self) -> bool:
        """Look whether another process has written since the last look, and tell the feed. Cheap enough for a timer,
        unless there is a server: to reach that can take its time, and raises Unreachable or NotAllowed.

        Returns whether there was anything. The first call remembers where it stands.
        """
        followed = self._follow()
        with translated():
            if self._watching is None:
                self._watching = self._reading.raw_connection()
                self._seen = self.newest()
                with self.read() as connection:
                    self._listed = seen_now(connection, self.rights)
            version = self._watching.driver_connection.execute("PRAGMA data_version").fetchone()[0]
            if version == self._version:
                return followed
            self._version = version
            news = self._foreign()
        for change in news:
            self._tell(change)
        return followed or bool(news)

    def _follow(self) -> bool:
        """Bring what others of the team did; raises Unreachable."""
        return self._team is not None and self._team.heard() and self.follow()

    def follow(self) -> bool:
        """Bring what others of the team did, without waiting to hear of it; whether there was anything.

        Raises Unreachable, NotAllowed for who is of the team no more.
        """
        if self._team is None:
            return False
        with self._exclusive(), translated():
            return self._team.follow()

    @property
    def away(self) -> bool:
        """Whether the team's server did not answer when it was asked last: then there is only reading."""
        return self._team is not None and self._team.away

    @property
    def shared(self) -> bool:
        """Whether these are the data of a team's server, of which the file is a replica."""
        return self._team is not None

    def ask_now(self) -> None:
        """Let the next `watch` ask a server that was away, however short a time ago that was."""
        if self._team is not None:
            self._team.ask_now()

    def missed(self) -> None:
        """The team's server did not answer whoever opens this: it need not be asked again at once."""
        if self._team is not None:
            self._team.missed()

    def cut(self) -> None:
        """Let nobody wait any longer for the team's server: whoever does gets Unreachable. From any thread."""
        if self._team is not None:
            self._team.cut()

    def give_up(self) -> None:
        """Whoever waits for the team's lock with what is not wanted any more waits no longer. From any thread."""
        if self._team is not None:
            self._team.give_up()

    def newest(self) -> int:
        """The step that was written last, by whomever; 0 before there was any."""
        with self.read() as connection:
            newest: int = connection.execute(text(NEWEST)).scalar_one()
        return newest

    def mark_own(self, uid: str) -> None:
        """Remember a change set as our own, so that `watch` does not tell it a second time."""
        self._own.add(uid)

    def _foreign(self) -> list[ChangeSet]:
        known, self._rights = self._rights, None  # somebody else may have changed what the actor sees
        with self.read() as connection:
            rows = connection.execute(text(_NEWS), {"seen": self._seen}).all()
            listed = seen_now(connection, self.rights)
        if rows:
            self._seen = rows[-1].id
        own = {row.uid for row in rows} & self._own
        self._own -= own
        before, self._listed = self._listed, listed
        news = [_told(row) for row in rows if row.uid not in own]
        if not news and (self._differs(known) or (listed != before and not own)):
            news.append(ChangeSet(self._seen, Text(SEVERAL), "do", "", None, self.clock.now(), everything=True))
        return news

    def _differs(self, known: tuple[int | None, int, Rights] | None) -> bool:
        """Whether the actor may see or do other things than was known."""
        return known is not None and known[0] == self.actor_id and known[2] != self.rights


_CLOSE_HORIZON = text("""
INSERT INTO store_setting (key, value) SELECT 'undo_horizon', CAST(COALESCE(max(id), 0) AS TEXT) FROM change_set
WHERE :until IS NULL OR at <= :until ON CONFLICT (key) DO UPDATE SET value = CASE
  WHEN CAST(excluded.value AS INTEGER) > CAST(store_setting.value AS INTEGER) THEN excluded.value
  ELSE store_setting.value END
""").bindparams(bindparam("until", type_=Instant))
_NEWS = """
SELECT id, uid, at, actor_id, origin, label_msgid, label_args, kind FROM change_set WHERE id > :seen ORDER BY id
"""


def _told(row: Any) -> ChangeSet:
    label = load_text(row.label_msgid, row.label_args)
    return ChangeSet(row.id, label, row.kind, row.origin, row.actor_id, instant_of(row.at), everything=True)
