"""People of a team, each in a process of his own as at a desk of his own, who work at random for a while.

Run as `python -m tests.models.server.colleagues` with a `Desk` as JSON; it says `ready`, is told until when to work,
and reports then. The clock it measures by (`monotonic`) is the same in all processes of a machine.
"""

import json
import random
import subprocess
import sys
import tempfile
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing, contextmanager
from dataclasses import asdict, dataclass, field
from datetime import timedelta
from pathlib import Path
from time import monotonic, process_time, sleep
from typing import Any

from sqlalchemy import text

from app.core.changes import ChangeSet
from app.core.errors import Locked, TrichterError, Unreachable
from app.core.roles import Role
from app.models.server.addressing import Address
from app.models.server.replica import make_replica, open_replica
from app.models.store import Store
from app.services.leads import Leads
from app.services.merging import Merging
from app.services.team import AbsenceKind, Team
from tests.models.deeds import change_team, merge
from tests.models.server.offices import fresh_clock
from tests.models.test_sequences import VERBS, Player

#: How often the window looks for what others did, and for how long everybody looks when all is done.
_LOOK, _AFTER = 0.25, 1.5
_ONE_MORE = """
INSERT INTO store_setting (key, value) VALUES ('together', '1')
ON CONFLICT (key) DO UPDATE SET value = CAST(CAST(value AS INTEGER) + 1 AS TEXT)
"""


def _put_together(player: Player) -> None:
    """As `merge`, without a look beforehand: others write between that and the deed."""
    kind = player.chance.choice(["company", "person"])
    if len(ids := player.records(kind) + player.records(kind)) > 1 and len(set(ids)) == len(ids):
        Merging(player.store).merge(kind, ids, ids[0])  # type: ignore[arg-type]


def _members(player: Player) -> list[int]:
    with player.store.read() as connection:
        return list(connection.execute(text("SELECT id FROM member WHERE deleted_at IS NULL")).scalars())


def _hand_over(player: Player) -> None:
    """Leads come into somebody's sight, and leave somebody else's."""
    Leads(player.store).assign(player.some(), player.chance.choice(_members(player)))


def stand_in(player: Player) -> None:
    """Somebody is away today, or until today, and another one sees his leads meanwhile."""
    members = _members(player)
    if len(members) < 2:  # the others have been let go
        return
    away, deputy = player.chance.sample(members, 2)
    first = player.store.today() - timedelta(days=player.chance.choice([0, 0, 1]))
    last = first + timedelta(days=player.chance.choice([0, 0, 1]))
    Team(player.store).add_absence(away, first, last, player.chance.choice(list(AbsenceKind)), False, deputy)


#: Who looks beforehand would have to be alone meanwhile to be right, and nobody sends another one home here: what he
#: did then would be nobody's deed.
_VERBS: list[Callable[[Player], None]] = [verb for verb in VERBS if verb not in (merge, change_team)]
_VERBS += [_put_together] * 2 + [_hand_over] * 6 + [stand_in] * 2


@dataclass(frozen=True)
class Desk:
    """Where somebody works, as whom, and how long he thinks in between, on average."""

    folder: str
    address: dict[str, Any]
    role: str
    seed: int
    pause: float


@dataclass
class Report:
    """What somebody did, what he heard of the others when, and how long each deed took."""

    added: int = 0
    deeds: Counter[str] = field(default_factory=Counter)
    took: list[tuple[str, float]] = field(default_factory=list)
    written: list[tuple[int, float]] = field(default_factory=list)
    heard: list[tuple[int, float]] = field(default_factory=list)
    busy: float = 0.0
    """Seconds of the processor: twenty of them on one machine take from each other what each has alone."""


class Colleague:
    """One of them at work."""

    def __init__(self, store: Store, desk: Desk) -> None:
        self.store, self.desk, self.report = store, desk, Report()
        self.chance = random.Random(desk.seed)
        self.player = Player(store, fresh_clock(), self.chance)
        store.feed.subscribe(self._told)

    def _told(self, change: ChangeSet) -> None:
        if change.actor_id == self.store.actor_id:
            self.report.written.append((change.id, monotonic()))
        elif change.actor_id is not None and self.desk.role != Role.LIMITED:  # he hears, too, what was done long ago
            self.report.heard.append((change.id, monotonic()))

    def work(self, until: float) -> None:
        """Deeds of chance with looks in between. Raises Locked or Unreachable: nobody waits for so long here."""
        before = process_time()
        while monotonic() < until:
            self.look(min(until, monotonic() + self.chance.expovariate(1 / self.desk.pause)))
            begin = monotonic()
            way = self._one()
            self.report.deeds[way] += 1
            self.report.took.append((way, monotonic() - begin))
        self.look(monotonic() + _AFTER)
        self.report.busy = process_time() - before

    def look(self, until: float) -> None:
        """As the window does while nothing is done."""
        while monotonic() < until:
            self.store.watch()
            sleep(_LOOK)

    def _one(self) -> str:
        way = self.chance.choice(["verb"] * 5 + ["count", "undo", "redo"])
        try:
            if way == "count" and self.desk.role in (Role.FULL, Role.OWNER):
                self._count()
            elif way in ("undo", "redo"):
                getattr(self.store, way)()
            else:
                verb = self.chance.choice(_VERBS)
                way = verb.__name__
                verb(self.player)
        except (Locked, Unreachable):
            raise
        except TrichterError:
            return "refused"
        return way

    def _count(self) -> None:
        """One more on the number that all count up, by no step, which somebody might take back."""
        with self.store.maintenance() as connection:
            connection.execute(text(_ONE_MORE))
        self.report.added += 1


def _main(desk: Desk) -> None:
    folder, address = Path(desk.folder), Address(**desk.address)
    make_replica(folder, address, clock=fresh_clock())
    with closing(open_replica(folder, address, origin="test", clock=fresh_clock())) as store:
        store.watch()
        colleague = Colleague(store, desk)
        sys.stdout.write("ready\n")
        sys.stdout.flush()
        colleague.work(float(sys.stdin.readline()))
    sys.stdout.write(json.dumps(vars(colleague.report)))


def at_work(desks: list[Desk], seconds: float) -> list[Report]:
    """Let them work for so long at the same time; raises AssertionError with what one of them died of."""
    with ExitStack() as held:
        children = [held.enter_context(_child(desk)) for desk in desks]
        for child, said in children:
            assert child.stdout is not None
            assert child.stdout.readline() == b"ready\n", said()
        until = monotonic() + seconds
        for child, _ in children:
            assert child.stdin is not None
            child.stdin.write(f"{until}\n".encode())
            child.stdin.flush()
        reports = []
        for child, said in children:
            assert child.stdout is not None
            told = child.stdout.read()
            assert child.wait(60) == 0, said()
            reports.append(Report(**json.loads(told)))
        return reports


@contextmanager
def _child(desk: Desk) -> Iterator[tuple[subprocess.Popen[bytes], Callable[[], str]]]:
    command = [sys.executable, "-m", "tests.models.server.colleagues", json.dumps(asdict(desk))]
    with tempfile.TemporaryFile() as errors:

        def said() -> str:
            errors.seek(0)
            return errors.read().decode(errors="replace")[-4000:]

        with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=errors) as child:
            try:
                yield child, said
            finally:
                child.kill()


if __name__ == "__main__":
    _main(Desk(**json.loads(sys.argv[1])))
