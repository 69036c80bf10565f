"""Eight hours at a server that is really started anew, crashes and freezes: nothing is lost, doubled or half there."""

import os
import random
import signal
import tempfile
from collections import Counter
from collections.abc import Iterator
from contextlib import ExitStack, closing, suppress
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from threading import Event, Thread
from time import monotonic, sleep
from typing import Literal

import pytest

from app.core.calendar import day_number
from app.core.errors import Unreachable
from app.core.i18n import Text
from app.core.roles import Role
from app.models.schema import Lead, Note, Step
from app.models.server.founding import found
from app.models.store import Store
from app.services.check import check
from app.services.drafts import Drafts
from app.services.outbox import Outbox, note
from app.services.owners import Owner
from app.services.rates import Rates
from app.services.reminders import Reminders
from app.services.snapshots import Snapshots
from tests.models.server.offices import Office, assert_alike, fresh_clock, of_replica, of_server
from tests.servers import Server, running, start, stop
from tests.stores import add_lead

pytestmark = pytest.mark.skipif(os.name == "nt", reason="processes are frozen and killed with signals")

Way = Literal["fast", "immediate", "killed", "frozen"]
_HOURS = 8
#: From 9 o'clock on a Tuesday to a Sunday at 20, and when steps are due after that.
_TO_SUNDAY, _DUE = timedelta(days=5, hours=11), (1, 3, 5, 7)


@pytest.fixture
def own_office(cluster: Server, tmp_path: Path) -> Iterator[Office]:
    """A team on a server that no other test uses, and that keeps what it has said to have.

    That there is one for tests at all `cluster` says.
    """
    place = tempfile.TemporaryDirectory(prefix="trichter-pg-", ignore_cleanup_errors=True)
    with place as folder, running(Path(folder)) as server:
        with server.connect() as admin:
            admin.execute("CREATE DATABASE neustart TEMPLATE template0 ENCODING 'UTF8'")
            admin.execute("ALTER DATABASE neustart SET synchronous_commit = on")
        with server.of("neustart").connect() as admin:
            found(admin, base_currency="EUR", country="DE", time_zone="Europe/Berlin")
        office = Office(server.of("neustart"), tmp_path, fresh_clock())
        office.furnish()
        yield office


def _pids(server: Server) -> list[int]:
    """Of the server and all that serve for it."""
    first = int((server.folder / "postmaster.pid").read_text().split()[0])
    children = Path(f"/proc/{first}/task/{first}/children")
    return [first, *map(int, children.read_text().split())] if children.exists() else [first]


def _disturb(server: Server, way: Way) -> None:
    """What happens to servers; afterwards it is there again."""
    if way == "frozen":
        pids = _pids(server)
        for pid in pids:
            os.kill(pid, signal.SIGSTOP)
        sleep(0.5)
        for pid in pids:
            os.kill(pid, signal.SIGCONT)
        return
    if way == "killed":
        first, *children = _pids(server)
        os.kill(first, signal.SIGKILL)
        _wait_for_end(children)
        (server.folder / "postmaster.pid").unlink(missing_ok=True)
    else:
        stop(server, way)
    start(server)


def _wait_for_end(pids: list[int]) -> None:
    """They notice that the first one is gone, each in its time; a new one does not begin beside them."""
    until = monotonic() + 30
    while any(Path(f"/proc/{pid}").exists() for pid in pids) and monotonic() < until:
        sleep(0.05)


@dataclass
class _Person:
    """Somebody who works on a lead of his own, whatever the server does."""

    store: Store
    name: str
    lead: int
    noted: int = 0
    saved: list[int] = field(default_factory=list)
    begun: int = 0
    reminded: Counter[int] = field(default_factory=Counter)
    doubtful: set[int] = field(default_factory=set)
    failed: list[BaseException] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.reminders = Reminders(self.store)
        self.reminders.begin()

    def work(self, over: Event, seed: int) -> None:
        """Until it is over."""
        chance = random.Random(seed)
        try:
            while not over.is_set():
                self._one(chance)
        except BaseException as error:
            self.failed.append(error)
            raise

    def _one(self, chance: random.Random) -> None:
        self.store.ask_now()
        with suppress(Unreachable):
            self.store.watch()
        self._type()
        self._remind()
        with suppress(Unreachable):
            self._turn_of_day()
        if chance.random() < 0.5:
            Outbox(self.store).do(note(Owner("lead", self.lead), "note", f"{self.name} {self.noted + 1}"))
            self.noted += 1
        else:
            self._save(max([0, *self.saved, *self.doubtful]) + 1)
        with suppress(Unreachable):
            Outbox(self.store).send()

    def _type(self) -> None:
        """What is begun is kept, whether there is a server or not."""
        drafts = Drafts(self.store)
        drafts.keep(Owner("lead", self.lead), f"{self.name} {self.begun + 1}")
        drafts.write()
        self.begun += 1

    def _remind(self) -> None:
        """As the window does: what could not be noted as shown is shown again."""
        now = self.store.clock.now()
        if found := self.reminders.look(now):
            try:
                self.reminders.shown(found, now)
            except Unreachable:
                return
            self.reminded.update(each.step_id for each in found)

    def _turn_of_day(self) -> None:
        Rates(self.store).turn_of_day()
        Snapshots(self.store).take_if_due()

    def _save(self, number: int) -> None:
        """A title and a note that tells it: both or none."""
        try:
            with self.store.write(Text("Lead changed")) as session:
                session.get_one(Lead, self.lead).title = f"Stand {number}"
                words = f"{self.name} Stand {number}"
                session.add(Note(lead_id=self.lead, user_id=self.store.actor_id, at=self.store.clock.now(), text=words))
        except Unreachable:
            self.doubtful.add(number)
        else:
            self.saved.append(number)


def _add_step(store: Store, lead: int, at: datetime) -> None:
    here = at.astimezone(store.zone)
    with store.write(Text("Step added")) as session:
        session.add(Step(lead_id=lead, user_id=store.actor_id, due_on=day_number(here.date()),
                         local_time=here.hour * 60 + here.minute, text="Anrufen"))  # fmt: skip


def _night(office: Office, ways: list[Way], pause: float) -> list[_Person]:
    """From the evening on, so that a week turns into the next one meanwhile."""
    office.clock.instant += _TO_SUNDAY
    office.set_day()
    return _day(office, ways, pause)


def _day(office: Office, ways: list[Way], pause: float) -> list[_Person]:
    with ExitStack() as held:
        people = []
        for number in range(3):
            name = f"Kollege{number}"
            store = held.enter_context(closing(office.replica(office.admit(name, Role.FULL))))
            people.append(_Person(store, name, add_lead(store, "Stand 0", user_id=store.actor_id)))
            for hours in _DUE:
                _add_step(store, people[-1].lead, office.clock.instant + timedelta(hours=hours))
        over = Event()
        threads = [Thread(target=each.work, args=(over, seed)) for seed, each in enumerate(people)]
        for thread in threads:
            thread.start()
        try:
            for way in ways:
                sleep(pause)
                office.clock.instant += timedelta(hours=_HOURS) / len(ways)
                _disturb(office.server, way)
        finally:
            sleep(pause)
            over.set()
            for thread in threads:
                thread.join(90)
        assert not any(thread.is_alive() for thread in threads), "somebody waits for a server that is there again"
        assert [each.failed for each in people] == [[], [], []]
        _compare(office, people)
    return people


def _compare(office: Office, people: list[_Person]) -> None:
    for each in people:
        each.store.ask_now()
        assert Outbox(each.store).send().refused == 0
        assert Outbox(each.store).waiting() == []
        each._remind()
    there = of_server(office.server)
    for each in people:
        each.store.follow()
        assert_alike(there, of_replica(each.store))
        assert check(each.store).problems == ()
        _compare_notes(office, each)
        _compare_day(office, each)


def _compare_notes(office: Office, person: _Person) -> None:
    with office.server.connect() as admin:
        rows = admin.execute("SELECT text FROM team.note WHERE lead_id = %s ORDER BY id", [person.lead]).fetchall()
        (title,) = admin.execute("SELECT title FROM team.lead WHERE id = %s", [person.lead]).fetchone()
    texts = [row[0].removeprefix(f"{person.name} ") for row in rows]
    notes = Counter(text for text in texts if not text.startswith("Stand"))
    assert notes == Counter(str(number) for number in range(1, person.noted + 1)), "each once, and none lost"
    stands = [int(text.removeprefix("Stand ")) for text in texts if text.startswith("Stand")]
    assert len(stands) == len(set(stands))
    assert set(person.saved) <= set(stands) <= {*person.saved, *person.doubtful}
    assert title == f"Stand {stands[-1] if stands else 0}", "title and note came together"


def _compare_day(office: Office, person: _Person) -> None:
    """The last words typed are there, each step was shown, and once; each week was put down once."""
    assert Drafts(person.store).of(Owner("lead", person.lead)) == f"{person.name} {person.begun}"
    assert person.store.today() == office.clock.today()
    with office.server.connect() as admin:
        shown = admin.execute("SELECT row_id FROM team.reminder_state WHERE user_id = %s", [person.store.actor_id])
        noted = Counter(row[0] for row in shown.fetchall())
        steps = admin.execute("SELECT id FROM team.step WHERE lead_id = %s", [person.lead]).fetchall()
        weeks = [row[0] for row in admin.execute("SELECT taken_on FROM team.snapshot ORDER BY taken_on")]
    ids = {row[0] for row in steps}
    assert {number for number in noted if number in ids} == ids
    assert set(person.reminded) <= ids
    assert set(person.reminded.values()) <= {1}, "shown again though it was noted"
    today = day_number(office.clock.today())
    assert weeks == [today - 1, today], "once for each week"


def test_a_night_with_a_restart_a_crash_and_a_freeze(own_office: Office) -> None:
    people = _night(own_office, ["fast", "frozen", "immediate"], 0.7)
    assert all(each.noted for each in people)
    assert any(each.saved for each in people)


@pytest.mark.prove
def test_eight_hours_over_midnight_with_restarts_crashes_and_freezes(own_office: Office) -> None:
    chance = random.Random(8)
    ways: list[Way] = [chance.choice(["fast", "immediate", "killed", "frozen"]) for _ in range(48)]
    people = _night(own_office, ways, 3.0)
    assert sum(each.noted for each in people) > 200
    assert sum(len(each.saved) for each in people) > 200
