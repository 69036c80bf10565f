"""Who has a say in a lead and who recommended us: as the panel shows it, in a copy, with some of them in the trash."""

import pytest

from app.core.errors import InvalidInput
from app.core.money import Money
from app.core.terms import Entity, Status
from app.models.store import Store
from app.services.catalogue import Catalogue
from app.services.lead_detail import Involved, LeadDetails
from app.services.lead_fields import Recommender
from app.services.lead_list import LeadList
from app.services.leads import Leads
from app.services.people import People
from app.services.recommenders import RecommendedLead, Recommenders
from app.services.somebody import Somebodies, Somebody
from tests.services.seen import everything, statements, told, value
from tests.stores import add_company, add_person

LONG = "Ä" * 5_000


@pytest.fixture
def lead(store: Store) -> int:
    """A lead with a contact (person 1), two more people, and one who recommended it."""
    leads = Leads(store)
    made = leads.create(Status.ACTIVE, title="Relaunch", company="Eckhof", person="Martha", source="Empfehlung",
                        recommender=Recommender("person", "Mara Korn"))  # fmt: skip
    leads.set_people([made], [("Ben Roth", "Einkauf"), ("Cem Abel", "")])
    return made


def _people(store: Store, lead: int) -> list[tuple[str, str]]:
    return [(each.name, each.role) for each in LeadDetails(store).get(lead).people]


def test_people_and_recommender_stand_with_the_lead(store: Store, lead: int) -> None:
    detail = LeadDetails(store).get(lead)
    assert detail.people == (Involved(3, "Ben Roth", "Einkauf"), Involved(4, "Cem Abel", ""))
    assert detail.recommender == Somebody(Entity.PERSON, 2, "Mara Korn")
    Leads(store).edit([lead], recommender=Recommender("company", "Eckhof"))
    assert LeadDetails(store).get(lead).recommender == Somebody(Entity.COMPANY, 1, "Eckhof")
    bare = Leads(store).create(title="Idee")
    assert (LeadDetails(store).get(bare).people, LeadDetails(store).get(bare).recommender) == ((), None)
    alone = Leads(store).create(Status.ACTIVE, title="Allein")
    few = statements(store, lambda: LeadDetails(store).get(alone))
    assert statements(store, lambda: LeadDetails(store).get(lead)) == few


def test_who_is_in_the_trash_is_not_seen_and_is_there_again_afterwards(store: Store, lead: int) -> None:
    people = People(store)
    people.delete([2, 3])
    assert _people(store, lead) == [("Cem Abel", "")]
    assert LeadDetails(store).get(lead).recommender is None
    Leads(store).set_people([lead], [(4, "Chef")])  # by somebody who does not know of the other one
    people.restore([2, 3])
    assert sorted(_people(store, lead)) == [("Ben Roth", "Einkauf"), ("Cem Abel", "Chef")]
    assert LeadDetails(store).get(lead).recommender is not None
    Leads(store).set_people([lead], [(4, "Chef")])
    assert _people(store, lead) == [("Cem Abel", "Chef")]


def test_the_same_person_twice_is_there_once(store: Store, lead: int) -> None:
    Leads(store).set_people([lead], [(3, "Einkauf"), ("Ben Roth", "Gegner"), (3, "")])
    assert _people(store, lead) == [("Ben Roth", "Einkauf")]


def test_names_and_roles_beyond_measure_change_nothing(store: Store, lead: int) -> None:
    before = everything(store)
    for people in ([(LONG, "Einkauf")], [("Dora", LONG)]):
        with pytest.raises(InvalidInput):
            Leads(store).set_people([lead], people)
    with pytest.raises(InvalidInput):
        Leads(store).edit([lead], recommender=Recommender("company", LONG))
    assert everything(store) == before


def test_a_copy_keeps_its_people_and_who_recommended_it(store: Store, lead: int) -> None:
    before = everything(store)
    (copy,) = Leads(store).duplicate([lead])
    assert LeadDetails(store).get(copy).people == LeadDetails(store).get(lead).people
    assert LeadDetails(store).get(copy).recommender == LeadDetails(store).get(lead).recommender
    after = everything(store)
    store.undo()
    assert everything(store) == before
    store.redo()
    assert everything(store) == after
    Leads(store).set_people([copy], [])
    assert len(_people(store, lead)) == 2


def test_the_leads_behind_a_recommender_come_to_the_figures(store: Store, lead: int) -> None:
    leads, mara = Leads(store), Recommender("person", 2)
    leads.edit([lead], amount=Money.of(50, "EUR"))
    won, lost = (
        leads.create(Status.ACTIVE, title=title, source="Empfehlung", recommender=mara, amount=Money.of(900, "EUR"))
        for title in ("Gewonnen", "Verloren")
    )
    leads.create(title="Ohne Kurs", source="Empfehlung", recommender=mara, amount=Money.of(7, "CHF"))
    leads.close([won], Status.WON)
    leads.close([lost], Status.LOST)
    found = Recommenders(store).leads(Entity.PERSON, 2)
    assert found[:2] == [RecommendedLead(won, 90_000, None), RecommendedLead(lead, None, 5_000)]
    assert found[-1] == RecommendedLead(lost, None, None)
    (best,) = Recommenders(store).best()
    assert (best.what.count, best.what.won) == (len(found), 1) == (4, 1)
    assert best.what.won_volume == sum(each.won or 0 for each in found)
    assert best.what.open_volume == sum(each.running or 0 for each in found)
    assert Recommenders(store).leads(Entity.COMPANY, 2) == []


def test_somebody_is_found_by_a_part_of_the_name_and_told_apart(store: Store) -> None:
    firm = add_company(store, "Müller Druck")
    anna, other = add_person(store, "Anna Müller"), add_person(store, "Anna Müller")
    People(store).link([anna], firm)
    known = Somebodies(store)
    assert known.find("mueller") == [
        Somebody(Entity.COMPANY, firm, "Müller Druck"), Somebody(Entity.PERSON, anna, "Anna Müller", "Müller Druck"),
        Somebody(Entity.PERSON, other, "Anna Müller"),
    ]  # fmt: skip
    assert [each.id for each in known.called("ANNA MUELLER")] == [anna, other]
    assert known.called("Anna") == []
    assert known.find("müll", [Entity.COMPANY]) == [Somebody(Entity.COMPANY, firm, "Müller Druck")]
    People(store).delete([other])
    assert [each.id for each in known.called("Anna Müller")] == [anna]


@pytest.mark.parametrize("typed", ["", "   ", "%", "_", "\\", "'; DROP TABLE lead", LONG, "\x00"])
def test_what_nobody_is_called_finds_nobody(store: Store, typed: str) -> None:
    add_company(store, "Müller Druck")
    assert Somebodies(store).find(typed) == Somebodies(store).called(typed) == []
    assert value(store, "SELECT count(*) FROM company") == 1


def test_the_history_tells_of_people_and_who_recommended(store: Store, lead: int) -> None:
    leads = Leads(store)
    leads.set_people([lead], [("Ben Roth", "Chef")])
    leads.edit([lead], recommender=Recommender("company", "Eckhof"))
    words = [str(event.words) for event in LeadDetails(store).get(lead).events]
    assert words[:5] == [
        "Recommended by: Eckhof", "Recommended by removed (was Mara Korn)", "Role in this deal Einkauf → Chef",
        "“Cem Abel” removed", "“Ben Roth” added",
    ]  # fmt: skip


def test_a_recommender_with_another_name_has_it_on_the_lead_too(store: Store, lead: int) -> None:
    heard = told(store, lambda: Catalogue(store).rename("person", 2, "Mara Korn-Huber"))
    assert [change.touched for change in heard] == [{lead}]
    recommender = LeadList(store).rows([lead])[0].recommender
    assert recommender is not None
    assert recommender.name == "Mara Korn-Huber"
