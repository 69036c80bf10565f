"""Demo data: two years of a small agency, lived through by the real verbs under a clock that is put back.

Who does what stands in resources/demo/agency.json, what is known of companies and people in customers.json. Days are
counted back from today ("path": "1@41 2@34": entered the first stage 41 days ago, the second 34 days ago), months
forward from this one. So history, stage entries and sums are those of a store that was used, on whatever day it is
filled.
"""

import json
import tempfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sqlalchemy import text

from app.core import paths
from app.core.calendar import month_number
from app.core.changes import ChangeSet
from app.core.clock import FixedClock
from app.core.errors import InvalidInput
from app.core.i18n import Text, tr
from app.core.money import Money
from app.core.roles import Act, Role
from app.core.terms import Budget, Status
from app.models import derived, snapshot
from app.models.place import FILE_NAME
from app.services import demo_customers, demo_memory, demo_team, setup
from app.services.catalogue import Catalogue
from app.services.goals import Goals, GoalSpan
from app.services.lead_fields import LeadFields, NextStep, Recommender
from app.services.lead_list import LeadList
from app.services.leads import Leads
from app.services.rates import Rates
from app.services.stages import Stages
from app.services.team import Team

if TYPE_CHECKING:
    from app.models.store import Store

Entry = Mapping[str, Any]
Deed = Callable[[], object]

#: Days ago on which the agency began to use the program.
_BEGINNING = 770

#: Minutes after midnight at which work begins, between two acts on a lead, and between two leads of a day.
_OPENING, _PACE, _SPREAD = 8 * 60 + 30, 4, 37
#: When what was learnt of a customer on the day is put down, and days ago on which suppliers without a lead were.
_CLOSING, _FIRST_ORDER = 17 * 60, 740


def fill(store: "Store", progress: Callable[[int, int], None] = lambda done, total: None) -> None:
    """Fill an empty store with demo data, all of them or none; `progress(done, total)` is told after every step.

    Nothing of it can be undone: the next undo takes back what the user did since. Raises InvalidInput for a store
    that has leads, NotAllowed for who may not import, Locked for a store that somebody changed meanwhile.
    """
    store.rights.demand(Act.IMPORT)  # who sees only some leads would take a full store for an empty one
    if store.shared:
        raise InvalidInput(
            Text("Demo data are not written to a team's server."),
            Text("They can be filled into new data on this device, and moved there: trichter server move-in."),
        )
    if not LeadList(store).is_empty():
        raise InvalidInput(
            Text("Demo data only go into an empty store."), Text("Nothing was changed. Start with another folder.")
        )
    with tempfile.TemporaryDirectory(prefix="trichter-") as place:
        copy = Path(place) / FILE_NAME
        with store.bare() as connection:
            snapshot.write_copy(connection, copy)
        _fill_copy(copy, store, progress)
        with store.bare() as connection:
            new = snapshot.take_over(connection, copy)
    for _id, uid in new:
        store.mark_own(uid)
    if store.actor_id is None:
        setup.choose_actor(store)
    label = Text("Demo data")
    store.feed.publish(
        ChangeSet(new[-1][0], label, "do", store.origin, store.actor_id, store.clock.now(), everything=True)
    )


def _fill_copy(copy: Path, store: "Store", progress: Callable[[int, int], None]) -> None:
    """Live the two years in a copy that nobody else knows, under a clock of its own."""
    from app.models.store import Store

    past = FixedClock(store.clock.now(), store.zone)
    with closing(Store(copy, origin=store.origin, local=False, clock=past)) as beside:
        with beside.bare() as connection:  # hundreds of commits, and none has to last
            connection.execute("PRAGMA synchronous = OFF")
            connection.execute("PRAGMA journal_mode = MEMORY")
        _live(_Agency(beside, _table(), past), progress)
        past.instant = store.clock.now()
        with beside.maintenance() as connection:
            ids = connection.execute(text("SELECT id FROM lead")).scalars().all()
            derived.refresh(connection, ids, beside.today())
        beside.close_undo_horizon()


def _table() -> Entry:
    folder = paths.resources_dir() / "demo"
    agency, customers = (json.loads((folder / name).read_text("utf-8")) for name in ("agency.json", "customers.json"))
    return {**agency, **customers}


@dataclass(frozen=True)
class _Event:
    """Something that somebody does at some time."""

    at: datetime
    actor_id: int
    act: Deed


def _live(agency: "_Agency", progress: Callable[[int, int], None]) -> None:
    events = sorted(agency.events(), key=lambda event: event.at)
    for done, event in enumerate(events, 1):
        agency.clock.instant = event.at
        agency.store.actor_id = event.actor_id if event.actor_id in agency.doing else agency.owner
        event.act()
        progress(done, len(events))


class _Agency:
    """The persons, their stages and what happens to each lead."""

    def __init__(self, store: "Store", table: Entry, clock: FixedClock) -> None:
        self.store, self.clock = store, clock
        self._table = table
        self._now = clock.instant
        self._today = clock.today()
        self._leads, self._rates = Leads(store), Rates(store)
        self.clock.instant = self._at(_BEGINNING, _OPENING)
        if not Stages(store).all():
            setup.seed(store)
        self._stages = [stage.id for stage in Stages(store).all(retired=False)]
        known = {member.id for member in Catalogue(store).all("member")}
        self._members = {letters: setup.add_member(store, name) for letters, name in table["members"].items()}
        self._new = {letters: member for letters, member in self._members.items() if member not in known}
        self.owner = demo_team.owner_of(store)
        #: Whose work is recorded as theirs: not of those who were there and may do little.
        self.doing = {each.id for each in Team(store).people() if each.role in (Role.OWNER, Role.FULL)}
        self._own = demo_customers.own_fields(store, table)
        self._currency = store.facts.base_currency
        self._foreign = "EUR" if self._currency == "CHF" else "CHF"
        self._ids: dict[int, int] = {}

    def events(self) -> Iterator[_Event]:
        """All that happens, lead by lead."""
        anybody = next(iter(self._members.values()))
        for ago, rate in self._table["rates"][self._foreign]:
            enter = partial(self._rates.set, self._foreign, self._day(ago), rate)
            yield _Event(self._at(ago, _OPENING), anybody, enter)
        for year, amount, letters in self._table["goals"]:
            aim = partial(self._set_goal, year, amount, self._members.get(letters))
            yield _Event(self._at(_BEGINNING, _OPENING), anybody, aim)
        found = partial(demo_team.begin, self.store, self._table, self._new, self._today)
        yield _Event(self._at(_BEGINNING, _OPENING), self.owner, found)
        met: dict[str, int] = {}
        for number, entry in enumerate((*self._table["ideas"], *self._table["active"], *self._table["closed"])):
            acts = self._of_idea(number, entry) if "created" in entry else self._of_lead(number, entry)
            acts += [(int(ago), partial(self._note, number, words)) for ago, words in entry.get("notes", {}).items()]
            acts.sort(key=lambda pair: -pair[0])
            start = _OPENING + number * _SPREAD % 400
            for place, (ago, act) in enumerate(acts):
                yield _Event(self._at(ago, start + place * _PACE), self._members[entry["by"]], act)
            met[entry["company"]] = max(met.get(entry["company"], 0), int(acts[0][0]))
        for number, entry in enumerate(self._table["companies"]):
            since = entry.get("since") or met.get(entry["name"], _FIRST_ORDER)
            yield _Event(
                self._at(since, _CLOSING + number), self._members[entry["by"]],
                partial(demo_customers.enter, self.store, entry, self._members[entry["by"]], self._own, self._today),
            )  # fmt: skip
        keep_in_touch = partial(demo_customers.set_rhythms, self.store, self._table)
        yield _Event(self._at(_BEGINNING, _OPENING), anybody, keep_in_touch)
        yield from self._memories()
        settle = partial(demo_team.settle, self.store, self._table, self._new, self._today)
        yield _Event(self._now, self.owner, settle)

    def _memories(self) -> Iterator[_Event]:
        """What was talked about, mails and files, at the time it happened."""
        for verb, entries in (
            (demo_memory.write_note, self._table["memory"]),
            (demo_memory.put_mail, self._table["mails"]),
            (demo_memory.attach, self._table["files"]),
        ):
            for entry in entries:
                at = self._at(entry["ago"], _minutes(entry["at"]))
                yield _Event(at, self._members[entry["by"]], partial(verb, self.store, entry))

    def _set_goal(self, year: int, amount: int, user_id: int | None) -> None:
        """The goal of a year, of the team or a person: this year is 0, the one before -1."""
        begin = (self._today.year + year) * 12
        Goals(self.store).set(GoalSpan.YEAR, begin, Money.of(amount, self._currency), user_id)

    def _of_idea(self, number: int, entry: Entry) -> list[tuple[int, Deed]]:
        step = self._next(entry)
        return [(entry["created"], partial(self._create, number, entry, Status.POTENTIAL, step))]

    def _of_lead(self, number: int, entry: Entry) -> list[tuple[int, Deed]]:
        path = [self._entry(word) for word in entry["path"].split()]
        steps = self._steps(path, entry)
        (_, first), *later = path
        if "idea" in entry:
            acts: list[tuple[int, Deed]] = [
                (first + entry["idea"], partial(self._create, number, entry, Status.POTENTIAL, None)),
                (first, partial(self._activate, number, steps[0])),
            ]
        else:
            acts = [(first, partial(self._create, number, entry, Status.ACTIVE, steps[0]))]
        for (stage, ago), step in zip(later, steps[1:], strict=True):
            acts.append((ago, partial(self._advance, number, stage, step)))
        if "closed" in entry:
            acts.append((entry["closed"], partial(self._close, number, entry)))
        return acts

    def _steps(self, path: Sequence[tuple[int, int]], entry: Entry) -> list[NextStep | None]:
        """For each stage of the path the step that leads out of it: due on the day on which it was left."""
        ends = [ago for _, ago in path[1:]] + ([entry["closed"]] if "closed" in entry else [])
        words = self._table["steps"]
        left: list[NextStep | None] = [
            NextStep(self._day(ago), words[stage]) for (stage, _), ago in zip(path, ends, strict=False)
        ]
        return left if len(left) == len(path) else [*left, self._next(entry)]

    def _create(self, number: int, entry: Entry, status: Status, step: NextStep | None) -> None:
        fields = self._fields(entry)
        fields["next_step"] = step
        self._ids[number] = self._leads.create(status, **fields)
        if entry["title"] in self._table["deals"]:
            people = [(who, role) for who, role in self._table["deals"][entry["title"]]]
            self._leads.set_people([self._ids[number]], people)

    def _activate(self, number: int, step: NextStep | None) -> None:
        self._leads.activate([self._ids[number]])
        if step is not None:
            self._leads.set_next_step([self._ids[number]], step)

    def _advance(self, number: int, stage: int, step: NextStep | None) -> None:
        self._leads.finish_step([self._ids[number]], then=step)
        self._leads.move([self._ids[number]], self._stages[min(stage, len(self._stages) - 1)])

    def _close(self, number: int, entry: Entry) -> None:
        reason: str = entry["reason"]
        remark: str = entry.get("remark", "")
        self._leads.finish_step([self._ids[number]])
        self._leads.close([self._ids[number]], Status(entry["outcome"]), reason=tr(reason), remark=remark)

    def _note(self, number: int, words: str) -> None:
        self._leads.note([self._ids[number]], words)

    def _fields(self, entry: Entry) -> LeadFields:
        currency = self._foreign if entry.get("foreign") else self._currency
        source: str = entry["source"]  # like a reason, called as a new store calls it in the language in use
        year = self._today.year
        return {
            "title": entry["title"].format(year=year, next_year=year + 1),
            "amount": Money.of(entry.get("amount", 0), currency),
            "budget": Budget.MONTHLY if entry.get("monthly") else Budget.ONCE,
            "probability": entry.get("probability"),
            "period": self._period(entry),
            "company": entry["company"],
            "person": entry.get("person"),
            "source": tr(source),
            "recommender": self._recommender(entry["title"]),
            "tags": entry.get("tags", ()),
            "info": entry.get("info", ""),
            "external_number": entry.get("number"),
            "own": {self._own["Pitch"].id: True} if entry["title"] in self._table["pitches"] else {},
        }

    def _recommender(self, title: str) -> Recommender | None:
        found = self._table["recommenders"].get(title)
        return None if found is None else Recommender(*found)

    def _period(self, entry: Entry) -> tuple[int, int] | None:
        this = month_number(self._today)
        return (this + entry["months"][0], this + entry["months"][1]) if "months" in entry else None

    def _next(self, entry: Entry) -> NextStep | None:
        if "next" not in entry:
            return None
        planned = entry["next"]
        minutes = _minutes(planned["at"]) if "at" in planned else None
        return NextStep(self._day(-planned["in"]), planned["text"], minutes)

    @staticmethod
    def _entry(word: str) -> tuple[int, int]:
        """'2@34' as the index of the stage and the days ago."""
        stage, ago = word.split("@")
        return int(stage) - 1, int(ago)

    def _day(self, ago: int) -> date:
        """The working day that many days ago: before a weekend in the past, after it in the future."""
        day = self._today - timedelta(days=ago)
        weekend = day.weekday() - 4
        if ago == 0 or weekend <= 0:
            return day
        return day - timedelta(days=weekend) if ago > 0 else day + timedelta(days=3 - weekend)

    def _at(self, ago: int, minutes: int) -> datetime:
        """That time of that day, but nothing that is still to come."""
        moment = datetime.combine(self._day(ago), time(minutes // 60, minutes % 60), self.store.zone)
        return min(moment.astimezone(UTC), self._now)


def _minutes(told: str) -> int:
    """'14:30' as minutes after midnight."""
    at = time.fromisoformat(told)
    return at.hour * 60 + at.minute
