"""S16: once, not early, not missed, however the days go: generated timelines against an oracle in plain Python.

Steps are made, moved, finished and put off; the program looks every half minute, sleeps, is killed and begun again; the
clock goes over both changes of summer time and is set back. Time is passed in, so days go by in a moment.
"""

import random
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import text

from app.core.calendar import day_number, day_of
from app.core.clock import FixedClock
from app.core.i18n import Text
from app.models.schema import Step
from app.models.store import Store
from app.services.leads import Leads, NextStep
from app.services.reminders import DAY_AT, Reminder, Reminders
from tests.stores import ZONE, add_lead, reopened

TICK = timedelta(seconds=30)
ZONES = ("Europe/Berlin", "Europe/Zurich", "Europe/London", "America/New_York")
#: Days to begin on: ordinary ones, and those before the clock is moved.
BEGINNINGS = tuple(
    datetime(*day, tzinfo=ZONE) for day in ((2026, 11, 24, 7), (2027, 3, 27, 12), (2026, 10, 24, 12), (2027, 12, 31, 0))
)
#: Half past two: left out on the one day, there twice on the other.
AT_NIGHT = 150


@dataclass
class Promise:
    """A step will be shown at the first look from `due` on, unless something becomes of it before."""

    due: datetime
    shown: bool = False


class Oracle:
    """What must be shown, by a book of its own."""

    def __init__(self) -> None:
        self.promises: dict[int, Promise] = {}
        self.seen: dict[int, list[datetime]] = {}
        self.asleep: dict[int, datetime] = {}
        self.kept = 0

    def expect(self, step: int, day: int, minutes: int | None, zone: ZoneInfo) -> None:
        """A step has this moment from now on; at one it was shown before, only what it was put off to counts."""
        wall = datetime.combine(day_of(day), datetime.min.time()) + timedelta(
            minutes=DAY_AT if minutes is None else minutes
        )
        due = wall.replace(tzinfo=zone).astimezone(UTC)
        seen = self.seen.get(step, [])
        days = [each.astimezone(ZONE).date() for each in seen]
        again = day_of(day) in days if minutes is None else due in seen
        self.promises.pop(step, None)
        if not again:
            self.promises[step] = Promise(due)
        elif step in self.asleep:
            self.promises[step] = Promise(self.asleep[step])
        else:
            self.promises[step] = Promise(due, shown=True)

    def put_off(self, step: int, until: datetime) -> None:
        """A step that was shown comes again."""
        self.asleep[step] = until
        self.promises[step] = Promise(until)

    def pending(self, now: datetime) -> dict[int, datetime]:
        """What a look at `now` has to find."""
        return {step: each.due for step, each in self.promises.items() if each.due <= now and not each.shown}

    def note(self, step: int) -> None:
        """It was shown."""
        promise = self.promises[step]
        promise.shown = True
        self.seen.setdefault(step, []).append(promise.due)
        self.asleep.pop(step, None)
        self.kept += 1


class Timeline:
    """A few days of somebody's life."""

    def __init__(self, store: Store, clock: FixedClock, chance: random.Random) -> None:
        self.store, self.clock, self.chance = store, clock, chance
        self.leads, self.reminders = Leads(store), Reminders(store)
        self.reminders.begin()
        self.oracle = Oracle()

    def run(self, turns: int) -> int:
        """So many things happen; returns how many reminders there were."""
        happenings = (
            self.make, self.make, self.make, self.move, self.finish, self.put_off, self.pass_time, self.pass_time,
            self.sleep, self.restart, self.set_back,
        )  # fmt: skip
        self.look()
        for _ in range(turns):
            self.chance.choice(happenings)()
        return self.oracle.kept

    def look(self, slack: timedelta | None = None) -> None:
        """One look finds what it has to, no more and no less; while the program runs, within half a minute."""
        now = self.clock.instant
        expected = self.oracle.pending(now)
        found = self.reminders.look(now)
        assert sorted((each.step_id, each.due) for each in found) == sorted(expected.items()), f"at {now}"
        assert slack is None or all(now - due <= slack for due in expected.values()), f"late at {now}"
        if found:
            self.reminders.shown(found, now)
        for each in found:
            self.oracle.note(each.step_id)

    def make(self) -> None:
        """A step of a new lead."""
        lead, zone = add_lead(self.store, "Lead", user_id=1), ZoneInfo(self.chance.choice(ZONES))
        day, minutes = self.some_moment(zone)
        with self.store.write(Text("Step added")) as session:
            step = Step(lead_id=lead, user_id=1, due_on=day, local_time=minutes, zone=zone.key, text="")
            session.add(step)
            session.flush()
        self.oracle.expect(step.id, day, minutes, zone if minutes is not None else ZONE)

    def move(self) -> None:
        """An open step gets another moment."""
        step, lead = self.some_step()
        if step:
            day, minutes = self.some_moment(ZONE)
            self.leads.set_next_step([lead], NextStep(day_of(day), "", minutes))
            self.oracle.expect(step, day, minutes, ZONE)

    def finish(self) -> None:
        """A step is done: nothing more comes of it."""
        step, lead = self.some_step()
        if step:
            self.leads.finish_step([lead])
            self.oracle.promises.pop(step)

    def put_off(self) -> None:
        """What was shown is put off."""
        shown = sorted(step for step, each in self.oracle.promises.items() if each.shown and self.oracle.seen.get(step))
        if shown:
            step = self.chance.choice(shown)
            until = self.clock.instant + timedelta(minutes=self.chance.choice([1, 60, 600, 3000]))
            last = self.oracle.seen[step][-1]
            self.reminders.snooze([Reminder(step, 0, "", "", "", self.store.today(), None, last)], until)
            self.oracle.put_off(step, until)

    def pass_time(self) -> None:
        """The program looks every half minute: of quiet hours only the looks around the moments are made."""
        end = self.clock.instant + timedelta(hours=self.chance.choice([1, 5, 24]))
        for due in sorted(each.due for each in self.oracle.promises.values() if not each.shown and each.due <= end):
            if due > self.clock.instant:
                self.clock.instant += max(0, (due - self.clock.instant) // TICK - 1) * TICK
                self.look(TICK)
            while self.clock.instant < due:
                self.clock.instant += TICK
                self.look(TICK)
        self.clock.instant = max(self.clock.instant, end)
        self.look(TICK)

    def sleep(self) -> None:
        """The machine sleeps and wakes."""
        self.clock.instant += timedelta(minutes=self.chance.choice([3, 200, 4000]), seconds=self.chance.randint(0, 59))
        self.look()

    def restart(self) -> None:
        """The program is killed, and begun again after a while."""
        self.clock.instant += timedelta(minutes=self.chance.choice([0, 30, 3000]))
        self.reminders = Reminders(self.store)
        self.reminders.begin()
        self.look()

    def set_back(self) -> None:
        """The clock was ahead; what is put down then comes before what was shown, and perhaps the program is killed."""
        self.clock.instant -= timedelta(minutes=self.chance.choice([1, 61, 500]))
        self.look()
        if self.chance.random() < 0.5:
            self.make()
            self.restart()

    def some_moment(self, zone: ZoneInfo) -> tuple[int, int | None]:
        """A day and perhaps a time in this zone, well ahead; some in the night in which the clock is moved."""
        local = (self.clock.instant + timedelta(minutes=self.chance.randint(90, 4000))).astimezone(zone)
        day = day_number(local.date())
        kind = self.chance.random()
        if kind < 0.3:
            return day + 2, None
        return (day + 1, AT_NIGHT) if kind < 0.5 else (day, local.hour * 60 + local.minute)

    def some_step(self) -> tuple[int, int]:
        """A step that is open, and its lead."""
        with self.store.read() as connection:
            rows = connection.execute(text("SELECT id, lead_id FROM step WHERE done_at IS NULL ORDER BY id")).all()
        return tuple(self.chance.choice(rows)) if rows else (0, 0)


def play(folder: Path, seed: int, turns: int) -> int:
    """One timeline; returns how many reminders there were in it."""
    chance = random.Random(seed)
    clock = FixedClock(chance.choice(BEGINNINGS).astimezone(UTC), ZONE)
    store = reopened(folder, clock)
    try:
        return Timeline(store, clock, chance).run(turns)
    except AssertionError as error:
        raise AssertionError(f"with the seed {seed}: {error}") from error
    finally:
        store.close()


def test_reminders_of_generated_days(folder: Path) -> None:
    assert play(folder, 16, 150) > 20


def test_reminders_of_other_days_each_time(folder: Path) -> None:
    play(folder, random.SystemRandom().randrange(10**9), 150)


@pytest.mark.prove
@pytest.mark.parametrize("seed", range(200))
def test_twenty_thousand_reminders(folder: Path, seed: int) -> None:
    """Two hundred timelines of a hundred reminders and more."""
    assert play(folder, seed, 600) >= 100
