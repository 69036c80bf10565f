"""Whoever sees only some leads knows the names of all customers, to choose one.

What is put on something of one's own is seen whole from then on, as the role says, until it is taken away again; the
step says who did it.
"""

from collections.abc import Callable, Iterator

import pytest

from app.core.clock import FixedClock
from app.core.errors import NotAllowed, NotFound
from app.core.roles import ROLE_TEXTS, Role
from app.core.terms import Status
from app.models.store import Store
from app.services.companies import Companies
from app.services.lead_fields import Recommender
from app.services.leads import Leads
from app.services.notes import Notes
from app.services.owners import Owner
from app.services.people import People
from tests.services.access.world import ANNA, BEN, WORDS, ZOE, World, fill
from tests.stores import TODAY, ZONE, Stock, reopened

Way = Callable[[Store, World], object]


@pytest.fixture
def filled(stock: Stock, tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Store, World]]:
    """The agency, at which Ben works; Zoe's customers are known to him by name."""
    folder = tmp_path_factory.mktemp("agency") / "data"
    (world,) = stock.copy((fill,), folder)
    store = reopened(folder, FixedClock.at(TODAY, ZONE))
    store.actor_id = BEN
    yield store, world
    store.close()


def _company(world: World) -> int:
    return world.of(ZOE, "company shared")


def _person(world: World) -> int:
    return world.of(ZOE, "person own")


OPENS_COMPANY: dict[str, Way] = {
    "a new lead": lambda s, w: Leads(s).create(Status.ACTIVE, title="Neu", company=_company(w)),
    "a lead of one's own": lambda s, w: Leads(s).edit([w.of(BEN, "open")], company=_company(w)),
    "by name": lambda s, w: Leads(s).edit([w.of(BEN, "open")], company=f"{WORDS[ZOE]} shared"),
    "who recommended it": lambda s, w: Leads(s).edit(
        [w.of(BEN, "open")], source="Messe", recommender=Recommender("company", _company(w))
    ),
}
OPENS_PERSON: dict[str, Way] = {
    "the contact": lambda s, w: Leads(s).edit([w.of(BEN, "open")], person=_person(w)),
    "has a say": lambda s, w: Leads(s).set_people([w.of(BEN, "open")], [(_person(w), "Rat")]),
    "a new company": lambda s, w: Companies(s).create(name="Neu", people=[(_person(w), "Chef")]),
    "a company of one's own": lambda s, w: Companies(s).link([w.of(BEN, "company own")], _person(w)),
}


def _seen(store: Store, table: str) -> set[int]:
    with store.read() as connection:
        return set(connection.exec_driver_sql(f"SELECT id FROM {table}").scalars())


def _opened(store: Store, way: Callable[[], object]) -> dict[str, set[int]]:
    """By table the rows that are seen since, of those that were there before."""
    tables = ("lead", "company", "person", "note", "attachment", "step", "goal", "contact_point")
    store.actor_id = ANNA
    there = {table: _seen(store, table) for table in tables}
    store.actor_id = BEN
    before = {table: _seen(store, table) for table in tables}
    way()
    return {table: (_seen(store, table) - before[table]) & there[table] for table in tables}


@pytest.mark.parametrize("name", OPENS_COMPANY)
def test_a_company_and_who_works_there_come_into_sight_but_no_lead(filled: tuple[Store, World], name: str) -> None:
    store, world = filled
    opened = _opened(store, lambda: OPENS_COMPANY[name](store, world))
    assert opened["company"] == {_company(world)}
    assert opened["lead"] == set()
    assert world.of(ZOE, "person shared") in opened["person"]
    assert world.of(ZOE, "note on open") not in opened["note"]
    assert store.undo() is not None
    assert _company(world) not in _seen(store, "company")


@pytest.mark.parametrize("name", OPENS_PERSON)
def test_a_person_comes_into_sight_but_neither_company_nor_lead(filled: tuple[Store, World], name: str) -> None:
    store, world = filled
    opened = _opened(store, lambda: OPENS_PERSON[name](store, world))
    assert opened["person"] == {_person(world)}
    assert (opened["company"], opened["lead"]) == (set(), set())
    assert world.of(ZOE, "note on open") not in opened["note"]
    assert store.undo() is not None
    assert _person(world) not in _seen(store, "person")


@pytest.mark.parametrize("name", [*OPENS_COMPANY, *OPENS_PERSON])
def test_the_others_see_who_did_it(filled: tuple[Store, World], name: str) -> None:
    store, world = filled
    {**OPENS_COMPANY, **OPENS_PERSON}[name](store, world)
    store.actor_id = ZOE
    with store.read() as connection:
        asked = "SELECT actor_id FROM change_set ORDER BY id DESC LIMIT 1"
        assert connection.exec_driver_sql(asked).scalar() == BEN


def test_the_role_says_so() -> None:
    assert "seen whole" in ROLE_TEXTS[Role.LIMITED]


@pytest.mark.parametrize(
    "way",
    [
        lambda s, w: People(s).link([w.of(BEN, "person own")], w.of(ZOE, "company own")),
        lambda s, w: People(s).create(given="Nele", family="Neu", companies=[(w.of(ZOE, "company own"), "Rat")]),
        lambda s, w: Notes(s).write("call", [Owner("lead", w.of(BEN, "open"))], "neu", people=[_person(w)]),
    ],
    ids=["a tie", "a new person", "something written"],
)
def test_nobody_puts_something_of_his_own_on_what_he_does_not_see(filled: tuple[Store, World], way: Way) -> None:
    """That one's history would tell of it, and those who see it would not know why."""
    store, world = filled
    opened: dict[str, set[int]] = {}

    def refused() -> None:
        with pytest.raises(NotAllowed) as told:
            way(store, world)
        assert WORDS[ZOE] not in f"{told.value} {vars(told.value)}"

    opened = _opened(store, refused)
    assert not any(opened.values())


@pytest.mark.parametrize(
    "way",
    [
        lambda s, w, gone: Leads(s).edit([w.of(BEN, "open")], company=gone),
        lambda s, w, gone: Leads(s).create(Status.ACTIVE, title="Neu", company=gone),
    ],
    ids=["a lead", "a new lead"],
)
def test_what_is_in_the_trash_is_as_what_never_was(
    filled: tuple[Store, World], way: Callable[[Store, World, int], object]
) -> None:
    store, world = filled
    told = []
    for gone in (world.of(ZOE, "company trashed"), 999_999):
        with pytest.raises(NotFound) as refused:
            way(store, world, gone)
        told.append((str(refused.value), refused.value.field))
    assert told[0] == told[1]
