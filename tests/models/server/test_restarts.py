"""Eight hours at a server that is really started anew, crashes and freezes: nothing is lost, doubled or half there."""

import os
import random
import signal
import tempfile
from collections import Counter
from collections.abc import Iterator
from contextlib import ExitStack, closing, suppress
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from threading import Event, Thread
from time import monotonic, sleep
from typing import Literal

import pytest

from app.core.errors import Unreachable
from app.core.i18n import Text
from app.core.roles import Role
from app.models.schema import Lead, Note
from app.models.server.founding import found
from app.models.store import Store
from app.services.check import check
from app.services.outbox import Outbox, note
from app.services.owners import Owner
from tests.models.server.offices import Office, assert_alike, fresh_clock, of_replica, of_server
from tests.servers import Server, running, start, stop
from tests.stores import add_lead

pytestmark = pytest.mark.skipif(os.name == "nt", reason="processes are frozen and killed with signals")

Way = Literal["fast", "immediate", "killed", "frozen"]
_HOURS = 8


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
    doubtful: set[int] = field(default_factory=set)
    failed: list[BaseException] = field(default_factory=list)

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
        if chance.random() < 0.5:
            Outbox(self.store).do(note(Owner("lead", self.lead), "note", f"{self.name} {self.noted + 1}"))
            self.noted += 1
        else:
            self._save(max([0, *self.saved, *self.doubtful]) + 1)
        with suppress(Unreachable):
            Outbox(self.store).send()

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


def _day(office: Office, ways: list[Way], pause: float) -> list[_Person]:
    with ExitStack() as held:
        people = []
        for number in range(3):
            name = f"Kollege{number}"
            store = held.enter_context(closing(office.replica(office.admit(name, Role.FULL))))
            people.append(_Person(store, name, add_lead(store, "Stand 0")))
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
    there = of_server(office.server)
    for each in people:
        each.store.follow()
        assert_alike(there, of_replica(each.store))
        assert check(each.store).problems == ()
        _compare_notes(office, each)


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


def test_a_morning_with_a_restart_a_crash_and_a_freeze(own_office: Office) -> None:
    people = _day(own_office, ["fast", "frozen", "immediate"], 0.7)
    assert all(each.noted for each in people)
    assert any(each.saved for each in people)


@pytest.mark.prove
def test_eight_hours_with_restarts_crashes_and_freezes(own_office: Office) -> None:
    chance = random.Random(8)
    ways: list[Way] = [chance.choice(["fast", "immediate", "killed", "frozen"]) for _ in range(48)]
    people = _day(own_office, ways, 3.0)
    assert sum(each.noted for each in people) > 200
    assert sum(len(each.saved) for each in people) > 200
