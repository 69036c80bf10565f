"""What was done to a company or a person, told in their timeline field by field: what was, what is."""

from datetime import date, timedelta
from decimal import Decimal

import pytest

from app.core.clock import FixedClock
from app.core.place import Place
from app.core.terms import CompanyKind, Entity, Salutation, Size
from app.models.store import Store
from app.services.catalogue import Catalogue
from app.services.companies import Companies
from app.services.history_log import LogQuery
from app.services.history_steps import Steps
from app.services.lead_fields import NextStep
from app.services.merging import Merging
from app.services.own_fields import OwnFields
from app.services.own_kinds import OwnKind
from app.services.owners import Owner
from app.services.people import People
from app.services.reach import Point
from app.services.timeline import Timelines
from tests.services.cards.examples import JPEG
from tests.services.seen import statements
from tests.stores import TODAY, add_member


@pytest.fixture
def company(store: Store) -> Owner:
    return Owner("company", Companies(store).create(name="Kranich", industry="Bau", phones=[Point("main", "0221 1")]))


@pytest.fixture
def person(store: Store) -> Owner:
    return Owner("person", People(store).create(given="Anna", family="Kern"))


def told(store: Store, owner: Owner) -> list[list[str]]:
    """The lines of each step, newest first."""
    return [[str(words) for words in entry.words] for entry in Timelines(store).page(owner, kinds=["change"]).entries]


def test_each_field_of_a_company_is_told_before_and_after(store: Store, clock: FixedClock, company: Owner) -> None:
    add_member(store, "Ben Roth", "BR")
    clock.instant += timedelta(hours=1)
    Companies(store).edit(
        [company.id], name="Kranich & Söhne", number="K-7", industry="Handel", size=Size("10-49"), user_id=2,
        kinds=[CompanyKind.CUSTOMER], touch_target=30, info="x" * 900,
    )  # fmt: skip
    clock.instant += timedelta(hours=1)
    Companies(store).edit([company.id], industry="", number=None, user_id=None)
    later, earlier, begin = told(store, company)
    assert sorted(earlier) == sorted([
        "Company name Kranich → Kranich & Söhne", "Customer number: K-7", "Industry Bau → Handel",
        "Company size: 10 to 49 people", "Responsible: Ben Roth", "Customer no → yes", "Keep in touch every: 30 days",
        "Info changed",
    ])  # fmt: skip
    assert sorted(later) == sorted([
        "Industry removed (was Handel)", "Customer number removed (was K-7)", "Responsible removed (was Ben Roth)",
    ])  # fmt: skip
    assert begin == ["Company “Kranich” created"]


def test_numbers_addresses_tags_and_people_are_told(store: Store, clock: FixedClock, company: Owner) -> None:
    companies = Companies(store)
    clock.instant += timedelta(hours=1)
    companies.edit([company.id], phones=[Point("main", "0221 2"), Point("main", "0221 1")], mails=[Point("", "a@b.de")])
    assert sorted(told(store, company)[0]) == ["E-mail: a@b.de", "Telephone: 0221 2"]
    clock.instant += timedelta(hours=1)
    companies.edit([company.id], phones=[], addresses=[Place(street="Domstr. 1", city="Köln")])
    assert sorted(told(store, company)[0]) == [
        "Address: Domstr. 1, Köln", "Telephone removed (was 0221 1)", "Telephone removed (was 0221 2)",
    ]  # fmt: skip
    clock.instant += timedelta(hours=1)
    companies.edit([company.id], addresses=[Place(street="Domstr. 1", city="Bonn")])
    assert told(store, company)[0] == ["Address Köln → Bonn"]
    clock.instant += timedelta(hours=1)
    companies.tag([company.id], add=["Messe"])
    assert told(store, company)[0] == ["Tag “Messe” added"]
    clock.instant += timedelta(hours=1)
    companies.edit([company.id], people=[("Eva Groß", "Einkauf")])
    assert told(store, company)[0] == ["Eva Groß works here now"]
    clock.instant += timedelta(hours=1)
    companies.edit([company.id], people=[("Eva Groß", "Leitung")])
    assert told(store, company)[0] == ["Role Einkauf → Leitung"]
    clock.instant += timedelta(hours=1)
    companies.edit([company.id], people=[])
    assert told(store, company)[0] == ["Eva Groß works here no more"]


def test_another_order_of_the_companies_of_somebody_says_nothing(store: Store, company: Owner) -> None:
    other = Companies(store).create(name="Reiher")
    person = People(store).create(name="Eva Groß", companies=[(company.id, "Rat"), (other, "Rat")])
    People(store).edit([person], companies=[(other, "Rat"), (company.id, "Rat")])
    assert told(store, company)[0] == ["“Eva Groß” changed: Companies"]


def test_each_field_of_a_person_is_told(store: Store, clock: FixedClock, person: Owner) -> None:
    clock.instant += timedelta(hours=1)
    People(store).edit(
        [person.id], family="Roth", prefix="Dr.", salutation=Salutation.MS, birthday=date(1980, 5, 3),
        mails=[Point("", "a@b.de")],
    )  # fmt: skip
    assert sorted(told(store, person)[0]) == sorted([
        "Shown name Anna Kern → Anna Roth", "Family name Kern → Roth", "Academic title: Dr.", "Salutation: Ms",
        "Birthday: 1980-05-03", "E-mail: a@b.de",
    ])  # fmt: skip
    clock.instant += timedelta(hours=1)
    People(store).edit([person.id], birthday=date(1604, 2, 29))
    assert told(store, person)[0] == ["Birthday 1980-05-03 → 1604-02-29"]
    clock.instant += timedelta(hours=1)
    People(store).set_photo([person.id], JPEG)
    assert told(store, person)[0] == ["Photo of “Anna Roth” changed"]


def test_own_fields_are_told_as_those_of_a_lead(store: Store, clock: FixedClock, company: Owner) -> None:
    fields = OwnFields(store)
    day = fields.create(Entity.COMPANY, OwnKind.DAY, "Leadpotential")
    number = fields.create(Entity.COMPANY, OwnKind.NUMBER, "Plätze", unit="Stück")
    clock.instant += timedelta(hours=1)
    Companies(store).edit([company.id], own={day: date(2027, 3, 15), number: Decimal(7)})
    clock.instant += timedelta(hours=1)
    Companies(store).edit([company.id], own={day: None, number: Decimal(8)})
    assert sorted(told(store, company)[1]) == ["Leadpotential: 2027-03-15", "Plätze: 7 Stück"]
    assert sorted(told(store, company)[0]) == ["Leadpotential removed (was 2027-03-15)", "Plätze: 7 Stück → 8 Stück"]


def test_what_a_step_is_called_stays_where_it_says_more(store: Store, clock: FixedClock, company: Owner) -> None:
    other = Companies(store).create(name="Kranich GmbH", number="K-1", phones=[Point("", "0221 9")])
    clock.instant += timedelta(hours=1)
    Merging(store).merge("company", [company.id, other], company.id)
    assert told(store, company)[0][:2] == ["1 company merged into “Kranich”", "Customer number: K-1"]
    clock.instant += timedelta(hours=1)
    Companies(store).archive([company.id])
    assert told(store, company)[0] == ["“Kranich” archived"]
    clock.instant += timedelta(hours=1)
    Catalogue(store).rename("company", company.id, "Kranich AG")
    assert told(store, company)[0] == ["Company name Kranich → Kranich AG"]


def test_what_was_told_then_keeps_its_names_and_is_found_by_them(
    store: Store, clock: FixedClock, company: Owner
) -> None:
    clock.instant += timedelta(hours=1)
    Companies(store).tag([company.id], add=["Messe"])
    tag = Catalogue(store).all("tag")[0].id
    clock.instant += timedelta(hours=1)
    Catalogue(store).rename("tag", tag, "Kongress")
    assert ["Tag “Messe” added"] in told(store, company)
    page = Timelines(store).page(company, search="messe added")
    assert [str(entry.words[0]) for entry in page.entries] == ["Tag “Messe” added"]


def test_page_by_page_and_however_much_there_is(store: Store, clock: FixedClock, company: Owner) -> None:
    timelines = Timelines(store)
    Companies(store).edit([company.id], industry="Anfang", phones=[Point("", "0221 7")])
    few = statements(store, lambda: timelines.page(company, limit=4))
    for number in range(11):
        clock.instant += timedelta(minutes=number % 2)
        phones = [Point("", f"0221 {number}")]
        Companies(store).edit([company.id], industry=f"I{number}", phones=phones, info=f"{number}")
    assert statements(store, lambda: timelines.page(company, limit=4)) == few
    whole = timelines.page(company).entries
    page = timelines.page(company, limit=4)
    found = list(page.entries)
    while page.more:
        page = timelines.page(company, limit=4, before=page.last)
        found += page.entries
    assert found == list(whole)
    assert len(whole) == 13


def test_what_moves_in_a_merge_is_no_change_of_its_own(store: Store, company: Owner) -> None:
    companies, steps = Companies(store), Steps(store)
    field = OwnFields(store).create(Entity.COMPANY, OwnKind.TEXT, "Kürzel")
    goes = companies.create(
        name="Biber", tags=["Messe"], phones=[Point("main", "0221 2")], addresses=[Place(city="Köln")],
        people=[("Otto Ott", "Chef")], own={field: "x"},
    )  # fmt: skip
    companies.set_next_step([goes], NextStep(TODAY, "Anrufen"))
    Merging(store).merge("company", [company.id, goes], company.id)
    assert told(store, company) == [["1 company merged into “Kranich”"], ["Company “Kranich” created"]]
    (row,) = steps.log.rows(steps.log.first_ids(LogQuery(), 1))
    assert [str(line.words) for line in steps.detail(row).lines] == ["Company “Biber” deleted"]
