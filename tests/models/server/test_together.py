"""Many clients at one server: nothing is lost, nothing is half done, and everybody has the same at the end."""

import random
import threading
from collections import Counter
from collections.abc import Callable
from contextlib import ExitStack, closing
from dataclasses import dataclass, field
from time import monotonic, sleep

import pytest
from sqlalchemy import text

from app.core.changes import ChangeSet
from app.core.errors import Locked, TrichterError, Unreachable
from app.core.roles import Role
from app.models.store import Store
from app.services.check import check
from tests.models.deeds import merge
from tests.models.server.offices import Office, assert_alike, fresh_clock, of_replica, of_server
from tests.models.test_sequences import VERBS, Player
from tests.stores import add_lead

#: That verb looks beforehand at what it is going to do, and would have to be alone meanwhile to be right.
_VERBS = [verb for verb in VERBS if verb is not merge]
_ONE_MORE = """
INSERT INTO store_setting (key, value) VALUES ('together', '1')
ON CONFLICT (key) DO UPDATE SET value = CAST(CAST(value AS INTEGER) + 1 AS TEXT)
"""


@dataclass
class _Day:
    """What the clients of a team did together."""

    until: float
    added: int = 0
    done: Counter[str] = field(default_factory=Counter)
    failed: list[BaseException] = field(default_factory=list)
    written: dict[int, float] = field(default_factory=dict)
    seen: list[float] = field(default_factory=list)
    lock: threading.Lock = field(default_factory=threading.Lock)

    def work(self, store: Store, seed: int) -> None:
        """One client: verbs of chance, ways back, looks, and one more on the number that all count up."""
        chance = random.Random(seed)
        player = Player(store, fresh_clock(), chance)
        store.feed.subscribe(lambda change: self._told(store, change))
        try:
            while monotonic() < self.until:
                self._one(player, chance)
        except BaseException as error:
            self.failed.append(error)
            raise

    def _one(self, player: Player, chance: random.Random) -> None:
        store = player.store
        way = chance.choice(["verb", "verb", "count", "undo", "redo", "watch"])
        try:
            if way == "count":
                self._count(store)
            elif way == "verb":
                chance.choice(_VERBS)(player)
            else:
                getattr(store, way)()
        except (Locked, Unreachable):
            raise  # others are waited for, for as long as it takes here
        except TrichterError:
            way = "refused"
        with self.lock:
            self.done[way] += 1

    def _count(self, store: Store) -> None:
        """By no step, which somebody might take back."""
        with store.maintenance() as connection:
            connection.execute(text(_ONE_MORE))
        with self.lock:
            self.added += 1

    def _told(self, store: Store, change: ChangeSet) -> None:
        if change.actor_id == store.actor_id and change.id is not None:
            self.written.setdefault(change.id, monotonic())

    def look(self, store: Store) -> None:
        """One client that only looks, and how long after its commit each step comes."""
        store.feed.subscribe(self._heard)
        while monotonic() < self.until:
            store.watch()
            sleep(0.02)

    def _heard(self, change: ChangeSet) -> None:
        if change.id in self.written:
            self.seen.append(monotonic() - self.written[change.id])


def _together(office: Office, anna: Store, clients: int, seconds: float, seed: int = 1) -> _Day:
    for number in range(10):
        add_lead(anna, f"Lead {number}", amount=1000 * number)
    with ExitStack() as held:
        stores = [
            held.enter_context(closing(office.replica(office.admit(f"Kollege{number}", Role.FULL))))
            for number in range(clients)
        ]
        day = _Day(monotonic() + seconds)
        threads = [threading.Thread(target=day.work, args=(store, seed + i)) for i, store in enumerate(stores)]
        threads.append(threading.Thread(target=day.look, args=(anna,)))
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert day.failed == []
        there = of_server(office.server)
        for store in (anna, *stores):
            store.watch()
            with store.maintenance():  # a turn brings what a look may not have heard of yet
                pass
            assert_alike(there, of_replica(store))
            assert check(store).problems == ()
        assert [row[2] for row in there["store_setting"] if row[1] == "together"] == [str(day.added)]
    return day


def test_some_clients_for_some_seconds(office: Office, anna: Store) -> None:
    day = _together(office, anna, 4, 4)
    assert day.done["verb"] > 4
    assert day.added > 0
    assert day.seen


@pytest.mark.prove
def test_twenty_clients_for_ten_minutes(
    office: Office, anna: Store, record_testsuite_property: Callable[[str, object], None]
) -> None:
    day = _together(office, anna, 20, 600)
    late = sorted(day.seen)
    record_testsuite_property("deeds", dict(day.done))
    record_testsuite_property("seen elsewhere after", late[len(late) // 2])
    assert late[len(late) * 95 // 100] < 1
