"""What lists of companies and people ask for beside names: kinds, towns, archive, birthdays, steps and contacts."""

from datetime import date, timedelta
from typing import Any

import pytest

from app.core.place import Place
from app.core.terms import CompanyKind, Entity
from app.models.store import Store
from app.services.companies import Companies
from app.services.company_list import CompanyList, CompanyQuery
from app.services.company_terms import COMPANIES
from app.services.filter_fields import Op
from app.services.notes import Notes
from app.services.owners import Owner
from app.services.people import People
from app.services.person_list import PersonList, PersonQuery
from app.services.person_terms import PEOPLE
from app.services.reach import Point
from app.services.record_filter import Condition, Not
from app.services.rhythm import RhythmState
from tests.services.seen import statements
from tests.stores import TODAY, Fillings, add_lead, add_step


def _made(store: Store) -> dict[str, int]:
    companies = Companies(store)
    return {
        "A": companies.create(
            name="A", kinds=[CompanyKind.CUSTOMER, CompanyKind.OTHER], number="K-1", industry="Ärzte",
            addresses=[Place("work", city="Köln"), Place("home", city="Aachen")], phones=[Point("work", "0221 123456")],
            mails=[Point("work", "Post@A.example")], tags=["Messe"], touch_target=30, user_id=store.actor_id,
        ),
        "B": companies.create(name="B", kinds=[CompanyKind.SUPPLIER], addresses=[Place("work", city="Aachen")]),
        "C": companies.create(name="C"),
    }  # fmt: skip


@pytest.fixture
def fillings() -> Fillings:
    return {"made": _made}


@pytest.fixture
def made(store: Store, stocked: dict[str, dict[str, int]]) -> dict[str, int]:
    """Three companies: one with everything, one supplier, one of which nothing is known."""
    return stocked["made"]


def _names(store: Store, tree: Any = None, **query: Any) -> str:
    lists = CompanyList(store)
    return "".join(row.name for row in lists.rows(lists.ids(CompanyQuery(filter=tree, **query))))


@pytest.mark.parametrize(
    ("field", "op", "values", "found"),
    [
        ("kind", Op.IS, ("customer",), "A"), ("kind", Op.IS, ("other", "supplier"), "AB"),
        ("kind", Op.IS, (None,), "C"),
        ("kind", Op.IS_NOT, ("customer",), "BC"), ("city", Op.CONTAINS, ("koeln",), "A"), ("city", Op.EMPTY, (), "C"),
        ("city", Op.LACKS, ("aachen",), "AC"), ("industry", Op.CONTAINS, ("aerz",), "A"),
        ("industry", Op.EMPTY, (), "BC"), ("number", Op.FILLED, (), "A"), ("phone", Op.CONTAINS, ("+49221",), "A"),
        ("phone", Op.EMPTY, (), "BC"), ("mail", Op.CONTAINS, ("post@a",), "A"), ("mail", Op.LACKS, ("post",), "BC"),
        ("rhythm", Op.IS, (None,), "BC"), ("rhythm", Op.IS, ("fine",), "A"), ("last_contact", Op.EMPTY, (), "ABC"),
        ("size", Op.IS, (None,), "ABC"), ("open", Op.NO, (), "ABC"), ("archived", Op.YES, (), ""),
    ],
)  # fmt: skip
def test_each_field_and_its_opposite(
    store: Store, made: dict[str, int], field: str, op: Op, values: tuple[Any, ...], found: str
) -> None:
    tree = Condition(f"company.{field}", op, values)
    rest = "".join(name for name in made if name not in found)
    assert _names(store, tree) == found
    assert _names(store, Not(tree)) == rest


def test_the_archive_is_shown_to_who_asks(store: Store, made: dict[str, int]) -> None:
    Companies(store).archive([made["B"]])
    assert _names(store) == "AC"
    assert _names(store, Condition("company.archived", Op.YES)) == "B"
    assert CompanyList(store).live() == 2


def test_steps_of_a_company_are_its_own_and_those_of_its_leads(store: Store, made: dict[str, int]) -> None:
    lead = add_lead(store, amount=500, company_id=made["C"])
    add_step(store, lead, TODAY - timedelta(days=1), "Nachfassen")

    (row,) = CompanyList(store).rows([made["C"]])
    assert (row.next_step_on, row.next_step_text, row.open, row.open_volume) == (
        TODAY - timedelta(days=1), "Nachfassen", 1, 50_000,
    )  # fmt: skip
    assert _names(store, Condition("company.next_step", Op.OVERDUE)) == "C"
    assert _names(store, Condition("company.next_step", Op.EMPTY)) == "AB"
    assert _names(store, Condition("company.open_volume", Op.FROM, (50_000,))) == "C"
    assert _names(store, Condition("company.open_volume", Op.FROM, (50_001,))) == ""
    assert _names(store, sort="next_step") == "CAB"


@pytest.mark.parametrize(("ago", "state"), [(0, "fine"), (29, "fine"), (30, "due"), (60, "due"), (61, "overdue")])
def test_a_rhythm_is_due_on_its_day(store: Store, made: dict[str, int], ago: int, state: str) -> None:
    at = store.clock.now() - timedelta(days=ago)
    Notes(store).write("call", Owner("company", made["A"]), "Gesprochen", at=at)

    (row,) = CompanyList(store).rows([made["A"]])
    assert row.touch is RhythmState(state)
    assert row.last_contact is not None
    assert row.last_contact.date() == TODAY - timedelta(days=ago)
    assert _names(store, Condition("company.rhythm", Op.IS, (state,))) == "A"
    assert _names(store, Condition("company.last_contact", Op.PAST, (ago,))) == "A"


def test_birthdays_come_again(store: Store) -> None:
    people = People(store)
    for name, day in (("X", date(1980, 12, 24)), ("Y", date(1604, 2, 29)), ("Z", TODAY.replace(year=1990))):
        people.create(family=name, birthday=day)
    people.create(family="W")
    lists = PersonList(store)

    def names(tree: Any = None, **query: Any) -> str:
        return "".join(row.name for row in lists.rows(lists.ids(PersonQuery(filter=tree, **query))))

    assert names(sort="birthday")[0] == "Z"
    assert names(sort="birthday")[-1] == "W"
    assert names(Condition("person.birthday", Op.TODAY)) == "Z"
    assert names(Condition("person.birthday", Op.COMING, (366,))) == "XYZ"
    assert names(Condition("person.birthday", Op.EMPTY)) == "W"


def test_groups_are_named_and_add_up(store: Store, made: dict[str, int]) -> None:
    add_lead(store, amount=500, company_id=made["B"])
    for key, expected in (("kind", [5, 2, None]), ("city", ["Aachen", "Köln", None]), ("size", [None])):
        found = CompanyList(store).grouped(CompanyQuery(group=(key,)))
        assert [group.key for group in found.groups] == expected
        assert sum(group.sums["open_volume"] for group in found.groups) == 50_000


def test_a_page_and_every_order_take_one_statement(store: Store, made: dict[str, int]) -> None:
    companies, people = CompanyList(store), PersonList(store)
    assert statements(store, lambda: companies.rows(list(made.values()))) == 1
    assert statements(store, lambda: people.rows([1, 2, 3])) == 1
    for key in COMPANIES.sorts:
        assert len(companies.ids(CompanyQuery(sort=key))) == 3
        assert statements(store, lambda key=key: companies.ids(CompanyQuery(sort=key))) == 1  # type: ignore[misc]
    for key in PEOPLE.sorts:
        assert statements(store, lambda key=key: people.ids(PersonQuery(sort=key))) == 1  # type: ignore[misc]
    assert companies.terms.entity is Entity.COMPANY
