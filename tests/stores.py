"""A store for a test: real, small, and made from a template that is brought to the schema once per run.

`tests/conftest.py` takes the fixtures over, so `store`, `clock` and `folder` are there for every test. What fills a
store here writes the rows themselves: the services are what is tested.
"""

import shutil
from collections.abc import Callable, Iterator, Mapping
from contextlib import closing
from copy import deepcopy
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from app.core.calendar import day_number, month_number
from app.core.clock import FixedClock
from app.core.folding import person_key, search_key, sort_key
from app.core.i18n import Text
from app.core.money import Money
from app.core.terms import CLOSED, Budget, Status
from app.models.opening import create_store, open_store, store_file
from app.models.schema import Company, Lead, LeadTag, Person, Rate, Stage, StageEntry, Step, Tag, User
from app.models.store import Store

ZONE = ZoneInfo("Europe/Berlin")
TODAY = date(2026, 11, 24)

#: Name, half percents and idle days of the stages of every test's store; their ids are 1 to 5.
STAGES = (
    ("Erstkontakt", 2, 14),
    ("Vorstellung", 20, 21),
    ("Angebot", 60, 21),
    ("Verhandlungen", 120, 21),
    ("Mündliche Zusage", 180, 30),
)


#: How the store in a folder is opened that is the replica of a team (`tests.team_stores`).
replicas: dict[Path, Callable[[FixedClock, str], Store]] = {}

Filling = Callable[[Store], Any]
Fillings = Mapping[str, Filling]


class Stock:
    """Stores with rows in them, each made when it is first wanted, to be copied."""

    def __init__(self, template: Path, folders: pytest.TempPathFactory) -> None:
        self._folders = folders
        self._made: dict[tuple[Filling, ...], tuple[Path, list[Any]]] = {(): (template, [])}

    def copy(self, fillings: tuple[Filling, ...], target: Path) -> list[Any]:
        """Put a store with what `fillings` write, in this order, into a new folder; returns what they returned."""
        if fillings not in self._made:
            self._made[fillings] = self._make(fillings)
        source, made = self._made[fillings]
        _copy(source, target)
        return deepcopy(made)

    def _make(self, fillings: tuple[Filling, ...]) -> tuple[Path, list[Any]]:
        folder = self._folders.mktemp("stock") / "data"
        _copy(self._made[()][0], folder)
        with closing(reopened(folder)) as store:
            return folder, [fill(store) for fill in fillings]


def _copy(source: Path, target: Path) -> None:
    target.mkdir()
    shutil.copyfile(store_file(source), store_file(target))


@pytest.fixture(scope="session")
def template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of a store with five stages and one member, that nobody opens."""
    folder = tmp_path_factory.mktemp("template")
    store = create_store(folder, origin="test", clock=FixedClock.at(TODAY, ZONE))
    try:
        with store.write(Text("Store made")) as session:
            session.add(_member("Anna Kern", "AK", store, "owner"))
            for position, (name, probability, idle) in enumerate(STAGES):
                session.add(Stage(name=name, probability=probability, position=position, idle_days=idle, required=""))
    finally:
        store.close()
    return folder


@pytest.fixture
def clock() -> FixedClock:
    """The clock of the test's store; set its `instant` to let time pass."""
    return FixedClock.at(TODAY, ZONE)


@pytest.fixture
def fillings() -> Fillings:
    """By the name of a fixture the rows it stands for. Files with such rows override this.

    They are written once in a run: a test that asks for such a fixture begins with a copy of that store, and the
    fixture takes what `stocked` has under its name.
    """
    return {}


@pytest.fixture(scope="session")
def stock(template: Path, tmp_path_factory: pytest.TempPathFactory) -> Stock:
    """The stores that tests begin with."""
    return Stock(template, tmp_path_factory)


@pytest.fixture
def stocked(request: pytest.FixtureRequest, stock: Stock, fillings: Fillings, tmp_path: Path) -> dict[str, Any]:
    """Put the store into `folder` with the rows that the test asks for; what their making returned, by fixture."""
    names = [name for name in fillings if name in request.fixturenames]
    made = stock.copy(tuple(fillings[name] for name in names), tmp_path / "data")
    return dict(zip(names, made, strict=True))


@pytest.fixture
def folder(tmp_path: Path, stocked: dict[str, Any]) -> Path:
    """A data folder with a copy of the template, not opened yet."""
    return tmp_path / "data"


@pytest.fixture
def store(folder: Path, clock: FixedClock) -> Iterator[Store]:
    """An open store at 9 o'clock on `TODAY`, with the five stages, used by Anna Kern."""
    opened = reopened(folder, clock)
    yield opened
    opened.close()


def reopened(folder: Path, clock: FixedClock | None = None, *, origin: str = "test") -> Store:
    """The store of a folder as after a restart, with its first member as the actor. The caller closes it."""
    clock = clock or FixedClock.at(TODAY, ZONE)
    opened = replicas[folder](clock, origin) if folder in replicas else open_store(folder, origin=origin, clock=clock)
    opened.actor_id = 1
    return opened


def _member(name: str, initials: str, store: Store, role: str = "full") -> User:
    return User(name=name, initials=initials, sort_key=sort_key(name), created_at=store.clock.now(), role=role)


def month(text: str) -> int:
    """A month number from '2027-03'."""
    return month_number(date.fromisoformat(f"{text}-01"))


def add_member(store: Store, name: str, initials: str) -> int:
    """A further person of the agency; returns the id."""
    with store.write(Text("Member added")) as session:
        member = _member(name, initials, store)
        session.add(member)
        session.flush()
        return member.id


def add_company(store: Store, name: str) -> int:
    """A company; returns the id."""
    with store.write(Text("Company added")) as session:
        company = Company(name=name, sort_key=sort_key(name), search_key=search_key(name), created_at=store.clock.now())
        session.add(company)
        session.flush()
        return company.id


def add_person(store: Store, name: str) -> int:
    """A person; returns the id."""
    with store.write(Text("Person added")) as session:
        keys = {"sort_key": person_key(name), "search_key": search_key(name)}
        person = Person(name=name, created_at=store.clock.now(), **keys)
        session.add(person)
        session.flush()
        return person.id


def add_rate(store: Store, currency: str, valid_from: date, rate: str) -> int:
    """From a day on, one unit of `currency` is worth `rate` of the base currency; returns the id."""
    with store.write(Text("Rate added")) as session:
        row = Rate(currency=currency, valid_from=day_number(valid_from), rate=Decimal(rate))
        session.add(row)
        session.flush()
        return row.id


def add_step(store: Store, lead_id: int, due: date, what: str = "Anrufen", *, done: bool = False) -> int:
    """A step of a lead; returns the id."""
    with store.write(Text("Step added")) as session:
        step = Step(lead_id=lead_id, user_id=1, due_on=day_number(due), text=what)
        step.done_at = store.clock.now() if done else None
        session.add(step)
        session.flush()
        return step.id


def add_tag(store: Store, lead_id: int, name: str) -> int:
    """A new tag on a lead; returns the tag's id."""
    with store.write(Text("Tag added")) as session:
        tag = Tag(name=name, sort_key=sort_key(name))
        session.add(tag)
        session.flush()
        session.add(LeadTag(lead_id=lead_id, tag_id=tag.id))
        return tag.id


def add_lead(
    store: Store,
    title: str = "Relaunch Website",
    *,
    status: Status = Status.ACTIVE,
    stage: str | None = "Erstkontakt",
    amount: Decimal | int = 10_000,
    currency: str = "EUR",
    budget: Budget = Budget.ONCE,
    period: tuple[str, str] | None = None,
    **columns: Any,
) -> int:
    """A lead; returns the id.

    `amount` in major units, `period` as ('2027-01', '2027-03'). Activated and, where the status is one of the end,
    closed today; an idea has no stage. `columns` are those of the table and win over all of that.
    """
    today = day_number(store.today())
    begun = status is not Status.POTENTIAL
    values: dict[str, Any] = {
        "title": title,
        "status": status,
        "amount_minor": Money.of(amount, currency).minor,
        "currency": currency,
        "budget": budget,
        "created_at": store.clock.now(),
        "activated_on": today if begun else None,
        "closed_on": today if status in CLOSED else None,
    }
    if period is not None:
        values |= {"period_first": month(period[0]), "period_last": month(period[1])}
    with store.write(Text("Lead {title} created", title=title)) as session:
        entered = session.query(Stage).filter_by(name=stage).one() if begun and stage else None
        lead = Lead(**{**values, "stage_id": entered and entered.id, **columns})
        session.add(lead)
        session.flush()
        if entered is not None:
            halves = entered.probability if lead.probability is None else lead.probability
            session.add(
                StageEntry(
                    lead_id=lead.id,
                    stage_id=entered.id,
                    entered_at=store.clock.now(),
                    entered_on=lead.activated_on or today,
                    probability=halves,
                )
            )
        return lead.id
