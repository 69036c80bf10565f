"""What is a contact with whom: a truth table, and the same answer in the list, on the page of a record, and where it is
told with whom it is time to get in touch.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, get_args

import pytest

from app.core.clock import FixedClock
from app.core.i18n import Text
from app.core.terms import Entity
from app.models.schema import Tag
from app.models.store import Store
from app.services.companies import Companies
from app.services.company_list import CompanyList, CompanyQuery
from app.services.leads import Leads
from app.services.notes import NoteKind, Notes
from app.services.owners import Owner
from app.services.people import People
from app.services.person_list import PersonList, PersonQuery
from app.services.record_detail import RecordDetails
from tests.stores import TODAY, Fillings, add_lead, add_step

DAY = timedelta(days=1)


@dataclass
class House:
    """Companies A, B and C; P works at A and B, Q at C, R nowhere. Leads: *one* of A with P, *two* of nobody with Q."""

    store: Store
    ids: dict[str, int]
    people: dict[str, int]
    one: int
    two: int

    def write(self, kind: NoteKind, on: str, *told: str, days: int = 0) -> list[int]:
        """Something is written down on a company, a person or a lead."""
        if on in ("one", "two"):
            owner = Owner("lead", self.one if on == "one" else self.two)
        else:
            owner = Owner("company", self.ids[on]) if on in self.ids else Owner("person", self.people[on])
        people = [self.people[name] for name in told]
        return Notes(self.store).write(kind, owner, "Gesprochen", people=people, at=self.store.clock.now() + days * DAY)


def _house(store: Store) -> tuple[Any, ...]:
    companies, people = Companies(store), People(store)
    ids = {name: companies.create(name=name, touch_target=1) for name in "ABC"}
    made = {name: people.create(family=name, touch_target=1) for name in "PQR"}
    for person, company in (("P", "A"), ("P", "B"), ("Q", "C")):
        people.link([made[person]], ids[company])
    one = add_lead(store, "Eins", company_id=ids["A"], person_id=made["P"])
    two = add_lead(store, "Zwei", person_id=made["Q"])
    return ids, made, one, two


@pytest.fixture
def fillings() -> Fillings:
    return {"house": _house}


@pytest.fixture
def house(store: Store, clock: FixedClock, stocked: dict[str, tuple[Any, ...]]) -> House:
    """Made a hundred days ago; everybody wants to be heard of every day."""
    clock.instant += 100 * DAY
    return House(store, *stocked["house"])


def _heard(house: House) -> str:
    """Whom the lists know a contact of today with. Asserts that the pages and the overview say the same."""
    store = house.store
    found: dict[Entity, list[Any]] = {
        Entity.COMPANY: CompanyList(store).rows(CompanyList(store).ids(CompanyQuery())),
        Entity.PERSON: PersonList(store).rows(PersonList(store).ids(PersonQuery())),
    }
    waiting = {(row.entity, row.id): row.last_on for row in RecordDetails(store).overdue_rhythms().rows}
    heard = ""
    for entity, rows in found.items():
        for row in rows:
            last = row.last_contact
            day = None if last is None else store.day_of(last)
            assert RecordDetails(store).get(entity, row.id).last_on == day
            assert ((entity, row.id) in waiting) == (day != store.today())
            assert waiting.get((entity, row.id)) in (None, day)
            heard += row.name if day == store.today() else ""
    return heard


@pytest.mark.parametrize(
    ("kind", "on", "told", "heard"),
    [
        ("note", "A", "", "A"), ("call", "A", "", "A"), ("call", "A", "R", "AR"), ("meeting", "A", "P", "AP"),
        ("note", "P", "", "P"), ("call", "P", "", "ABP"), ("meeting", "P", "", "ABP"), ("call", "P", "Q", "ABPQ"),
        ("note", "P", "Q", "PQ"), ("call", "Q", "", "CQ"), ("call", "R", "", "R"),
        ("note", "one", "", "AP"), ("call", "one", "", "AP"), ("meeting", "one", "QR", "APQR"),
        ("note", "two", "", "Q"), ("call", "two", "", "Q"), ("call", "two", "P", "PQ"),
    ],
)  # fmt: skip
def test_who_was_heard_of(house: House, kind: NoteKind, on: str, told: str, heard: str) -> None:
    assert _heard(house) == ""
    house.write(kind, on, *told)
    assert _heard(house) == heard


def test_a_finished_step_is_a_contact_and_an_open_one_is_none(house: House) -> None:
    leads, today = Leads(house.store), house.store.today()
    add_step(house.store, house.one, today)
    assert _heard(house) == ""
    leads.finish_step([house.one])
    assert _heard(house) == "AP"


@pytest.mark.parametrize(("days", "heard"), [(0, "ABP"), (1, ""), (30, "")])
def test_what_is_planned_for_later_is_none_yet(house: House, clock: FixedClock, days: int, heard: str) -> None:
    house.write("meeting", "P", days=days)
    assert _heard(house) == heard
    clock.instant += days * DAY
    assert _heard(house) == "ABP"


def test_what_is_taken_back_or_belongs_elsewhere_counts_no_longer(house: House) -> None:
    (call,) = house.write("call", "P")
    People(house.store).unlink([house.people["P"]], house.ids["B"])
    assert _heard(house) == "AP"
    Notes(house.store).delete([call])
    assert _heard(house) == ""


@pytest.mark.parametrize(("dated", "heard"), [(True, "CQ"), (False, "")])
def test_a_mail_on_a_person_is_a_contact_with_the_company_if_it_says_when(
    house: House, dated: bool, heard: str
) -> None:
    from app.models.memory import Mail, Note

    assert "mail" not in get_args(NoteKind)  # it is put there by its own verb; the row is what counts here
    with house.store.write(Text("Mail")) as session:
        now = house.store.clock.now()
        sent = now if dated else None
        mail = Mail(identity="a@b", subject="Guten Tag", people="[]", text="", sent_at=sent)
        session.add(mail)
        session.flush()
        session.add(Note(kind="mail", mail_id=mail.id, person_id=house.people["Q"], at=now, text=""))
    assert _heard(house) == heard


@pytest.mark.parametrize(
    ("tags", "days", "state"),
    [
        ({"X": (20, None), "Y": (30, 35)}, 38, "due"), ({"X": (20, 25), "Y": (20, None)}, 26, "overdue"),
        ({"X": (20, None), "Y": (None, None)}, 41, "overdue"), ({"X": (20, None)}, 19, None),
    ],
)  # fmt: skip
def test_of_several_tags_the_closest_counts_everywhere(
    store: Store, clock: FixedClock, tags: dict[str, tuple[int | None, int | None]], days: int, state: str | None
) -> None:
    company = Companies(store).create(name="A", tags=list(tags))
    with store.write(Text("Tags")) as session:
        for tag in session.query(Tag):
            tag.touch_target, tag.touch_latest = tags[tag.name]
    clock.instant += days * DAY
    (listed,) = CompanyList(store).rows([company])
    rhythm = RecordDetails(store).company(company).rhythm
    assert rhythm is not None
    assert listed.touch == rhythm.state(store.today()) == (state or "fine")
    assert [row.state for row in RecordDetails(store).overdue_rhythms().rows] == ([state] if state else [])
    assert rhythm.since == TODAY


READ: dict[str, Callable[[Store], int]] = {
    "company": lambda store: len(CompanyList(store).ids(CompanyQuery(sort="last_contact"))),
    "person": lambda store: len(PersonList(store).ids(PersonQuery(sort="rhythm"))),
}


@pytest.mark.parametrize("kind", READ)
def test_the_order_by_contact_knows_those_of_people(house: House, kind: str) -> None:
    house.write("call", "Q")
    lists = CompanyList(house.store)
    names = [row.name for row in lists.rows(lists.ids(CompanyQuery(sort="last_contact", descending=True)))]
    assert READ[kind](house.store) == 3
    assert names[0] == "C"
