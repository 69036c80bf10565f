"""Two people change one list at the same time, and neither loses what he wrote."""

from typing import Any

import pytest

from app.core.place import Place
from app.models.store import Store
from app.services.affiliations import InRole
from app.services.companies import Companies
from app.services.leads import Leads
from app.services.meanwhile import united
from app.services.people import People
from app.services.reach import Point
from app.services.record_detail import RecordDetails
from tests.stores import add_lead, add_person

A, B, C, D = "ABCD"


@pytest.mark.parametrize(
    ("seen", "now", "wanted", "result"),
    [
        ([A], [A], [A, B], [A, B]),
        ([A], [A], [], []),
        ([A], [A, D], [A, B], [A, D, B]),
        ([A], [B], [A, C], [B, C]),
        ([A, B], [B], [A, B, C], [B, C]),
        ([A, B], [A, B, D], [B], [B, D]),
        ([A], [B], [C], [B, C]),
        ([A, B], [B, A], [A, B, C], [A, B, C]),
        ([A], [A, B], [A, B], [A, B]),
        ([], [A], [B], [A, B]),
        ([A, B], [], [B, A], []),
    ],
)
def test_what_others_put_in_or_took_out_stays_so(seen: Any, now: Any, wanted: Any, result: Any) -> None:
    assert united(seen, now, wanted) == result


def test_two_forms_of_a_company_add_to_the_same_lists(store: Store) -> None:
    companies, details = Companies(store), RecordDetails(store)
    anna, bert, cora = (add_person(store, name) for name in ("Anna", "Bert", "Cora"))
    company = companies.create(name="Firma", phones=[Point("", "0221 1")], tags=["Alt"], people=[(anna, "Chefin")])
    seen: dict[str, Any] = {
        "phones": [Point("", "0221 1")], "addresses": [], "tags": ["Alt"], "people": [(anna, "Chefin")],
    }  # fmt: skip
    companies.edit(
        [company], phones=[Point("", "0221 1"), Point("", "0221 2")], addresses=[Place(city="Köln")], tags=["Alt", "X"],
        people=[(anna, "Leitung"), (bert, "")],
    )  # fmt: skip
    people: list[InRole] = [(anna, "Chefin"), (cora, "")]
    companies.edit_seen(company, seen, {
        "phones": [Point("", "0221 3")], "addresses": [Place(city="Bonn")], "tags": ["Alt", "Y"], "people": people,
        "industry": "Handel",
    })  # fmt: skip
    found = details.company(company)
    assert [phone.value for phone in found.phones] == ["0221 3", "0221 2"]
    assert [place.city for place in found.addresses] == ["Köln", "Bonn"]
    assert found.tags == ("Alt", "X", "Y")
    assert {(each.id, each.role) for each in found.related} == {(anna, "Leitung"), (bert, ""), (cora, "")}
    assert found.industry == "Handel"
    store.undo()
    assert [phone.value for phone in details.company(company).phones] == ["0221 1", "0221 2"]


def test_two_forms_of_a_person_or_a_lead_do(store: Store) -> None:
    companies, people, leads = Companies(store), People(store), Leads(store)
    one, other, third = (companies.create(name=name) for name in ("Eins", "Zwei", "Drei"))
    person = people.create(name="Anna", companies=[(one, "")])
    people.edit([person], companies=[(one, ""), (other, "")])
    people.edit_seen(person, {"companies": [(one, "")]}, {"companies": [(one, ""), (third, "")]})
    assert [each.id for each in RecordDetails(store).person(person).related] == [one, other, third]
    lead = add_lead(store)
    leads.edit([lead], tags=["X"], people=[(person, "")])
    leads.edit_seen(lead, {"tags": [], "people": []}, {"tags": ["Y"], "people": [("Bert", "Einkauf")]})
    with store.read() as connection:
        tags = connection.exec_driver_sql("SELECT name FROM tag ORDER BY name").scalars().all()
        said = connection.exec_driver_sql("SELECT count(*) FROM lead_person").scalar()
    assert list(tags) == ["X", "Y"]
    assert said == 2


def test_who_is_in_the_trash_was_not_seen_and_stays(store: Store) -> None:
    companies, people = Companies(store), People(store)
    anna, bert = add_person(store, "Anna"), add_person(store, "Bert")
    company = companies.create(name="Firma", people=[(anna, ""), (bert, "")])
    people.delete([bert])
    companies.edit_seen(company, {"people": [(anna, "")]}, {"people": []})
    people.restore([bert])
    assert [each.id for each in RecordDetails(store).company(company).related] == [bert]
