"""The verbs of people: how somebody is called and sorted, where he or she works, and the way back from each verb."""

from collections.abc import Callable
from datetime import date

import pytest

from app.core.errors import InvalidInput
from app.core.place import Place
from app.core.terms import Salutation
from app.models.store import Store
from app.services.catalogue import Catalogue
from app.services.check import check
from app.services.lead_fields import Recommender
from app.services.leads import Leads
from app.services.people import People
from app.services.person_fields import PersonFields
from app.services.reach import Point
from tests.services.seen import everything, steps, value, values
from tests.stores import add_company, add_lead, add_person

WHOLE: PersonFields = {
    "salutation": Salutation.MS,
    "prefix": "Dr.",
    "given": "Anna-Lena",
    "family": "von Ährenfeld",
    "birthday": date(1604, 2, 29),
    "phones": (Point("cell", "0171 2345678"),),
    "mails": (Point("work", "anna@firma.de"),),
    "webs": (Point("", "firma.de"),),
    "addresses": (Place("home", "Weg 1", "", "50667", "Köln"),),
    "user_id": 1,
    "tags": ("Web",),
    "info": "Mag Tee.",
    "touch_target": 90,
    "companies": (("Bäckerei", "Chefin"), ("Verein", "Vorstand")),
}


@pytest.fixture
def people(store: Store) -> People:
    return People(store)


def shown(store: Store) -> tuple[object, ...]:
    """Name, sort key, given and family name of the only person."""
    return values(store, "SELECT name, sort_key, given, family FROM person")[0]


def test_a_person_is_made_with_all_fields_in_one_step(store: Store, people: People) -> None:
    before = steps(store)
    people.create(**WHOLE)
    assert steps(store) == before + 1
    assert shown(store) == ("Anna-Lena von Ährenfeld", "von ahrenfeld anna-lena", "Anna-Lena", "von Ährenfeld")
    roles = "SELECT name, role, position FROM company_person JOIN company ON company.id = company_id ORDER BY position"
    assert values(store, roles) == [("Bäckerei", "Chefin", 0), ("Verein", "Vorstand", 1)]
    assert check(store).ok


@pytest.mark.parametrize(
    ("fields", "expected"),
    [
        ({"given": "Ben"}, ("Ben Kern", "kern ben", "Ben", "Kern")),
        ({"family": ""}, ("Anna", "anna", "Anna", "")),
        ({"name": "Änni"}, ("Änni", "kern anna", "Anna", "Kern")),
        ({"name": "Änni", "given": ""}, ("Änni", "kern", "", "Kern")),
        ({"given": "", "family": "", "name": "Die Kern"}, ("Die Kern", "kern die", "", "")),
    ],
)
def test_somebody_is_shown_as_told_or_by_given_and_family_name(
    store: Store, people: People, fields: PersonFields, expected: tuple[str, ...]
) -> None:
    person = people.create(given="Anna", family="Kern")
    people.edit([person], **fields)
    assert shown(store) == expected


def test_a_name_that_was_told_stays_when_its_parts_change_until_it_is_taken_back(store: Store, people: People) -> None:
    person = people.create(given="Anna", family="Kern", name="Änni")
    people.edit([person], family="Roth")
    assert shown(store)[0] == "Änni"
    people.edit([person], name=" ")
    assert shown(store)[0] == "Anna Roth"


def test_people_known_by_their_whole_name_are_sorted_by_its_last_word(store: Store, people: People) -> None:
    Catalogue(store).create("person", "Zoe Ähren")
    Leads(store).create(title="A", person="Anna Beck")
    people.create(given="Cem", family="Abel")
    assert [row[0] for row in values(store, "SELECT name FROM person ORDER BY sort_key")] == [
        "Cem Abel", "Zoe Ähren", "Anna Beck",
    ]  # fmt: skip


VERBS: dict[str, Callable[[People, list[int]], object]] = {
    "create": lambda people, _ids: people.create(**WHOLE),
    "edit": lambda people, ids: people.edit(ids, **WHOLE),
    "empty": lambda people, ids: people.edit(
        ids, salutation="", prefix="", birthday=None, phones=(), mails=(), webs=(), addresses=(), user_id=None, tags=(),
        info="", touch_target=None, companies=(),
    ),
    "companies in another order": lambda people, ids: people.edit(
        ids, companies=(("Verein", ""), ("Bäckerei", "Chefin"), ("Neu", "x"))
    ),
    "archive": lambda people, ids: people.archive(ids),
    "unarchive": lambda people, ids: people.unarchive(ids[1:]),
    "tag": lambda people, ids: people.tag(ids, add=("Neu",), remove=("web",)),
    "assign": lambda people, ids: people.assign(ids, None),
    "link": lambda people, ids: people.link(ids, 1, "Beirat"),
    "unlink": lambda people, ids: people.unlink(ids, 1),
    "delete": lambda people, ids: people.delete(ids),
    "restore": lambda people, _ids: people.restore([3]),
}  # fmt: skip


@pytest.mark.parametrize("verb", VERBS.values(), ids=VERBS)
def test_undo_takes_it_back_and_redo_does_it_again(
    store: Store, people: People, verb: Callable[[People, list[int]], object]
) -> None:
    ids = [people.create(**WHOLE), people.create(name="Zweite")]
    people.archive(ids[1:])
    people.delete([people.create(name="Weg")])
    before, step = everything(store), steps(store)
    verb(people, ids)
    after = everything(store)
    assert after != before
    assert steps(store) == step + 1
    assert check(store).ok
    store.undo()
    assert everything(store) == before
    store.redo()
    assert everything(store) == after


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("name", "n" * 301), ("given", "g" * 151), ("family", "f" * 151), ("prefix", "p" * 101),
        ("salutation", "s" * 51), ("birthday", date(2026, 11, 25)), ("birthday", date(1603, 12, 31)),
        ("companies", (("A", "r" * 201),)), ("mails", (Point("", "m" * 501),)), ("touch_target", -5),
    ],
)  # fmt: skip
def test_what_makes_no_sense_is_refused(store: Store, people: People, field: str, value: object) -> None:
    person = people.create(**WHOLE)
    before = everything(store)
    with pytest.raises(InvalidInput) as refused:
        people.edit([person], **{field: value})  # type: ignore[arg-type]
    assert refused.value.field == field
    with pytest.raises(InvalidInput):
        people.create(**{"family": "Neu", field: value})  # type: ignore[arg-type]
    assert everything(store) == before


def test_nobody_is_without_a_name(store: Store, people: People) -> None:
    with pytest.raises(InvalidInput) as refused:
        people.create(given=" ", family="\x00")
    assert refused.value.field == "family"
    person = people.create(family="Kern")
    with pytest.raises(InvalidInput):
        people.edit([person], family="")
    assert shown(store)[0] == "Kern"


def test_who_has_a_say_in_a_lead_stands_in_order_with_a_role_and_without_its_contact(store: Store) -> None:
    leads = Leads(store)
    lead = leads.create(title="A", company="Firma", person="Anna Kern")
    leads.set_people([lead], [("Ben Roth", "Einkauf"), ("Anna Kern", "Kontakt"), ("Cem Abel", "Chef"), ("", "x")])
    before = everything(store)
    people = (
        "SELECT person.name, role, position FROM lead_person JOIN person ON person.id = person_id ORDER BY position"
    )
    assert values(store, people) == [("Ben Roth", "Einkauf", 0), ("Cem Abel", "Chef", 1)]
    leads.set_people([lead], [("Cem Abel", "Chef"), (2, "Leitung Einkauf")])
    assert values(store, people) == [("Cem Abel", "Chef", 0), ("Ben Roth", "Leitung Einkauf", 1)]
    store.undo()
    assert everything(store) == before
    leads.edit([lead], person="Ben Roth")  # who becomes the contact is no longer one of the others
    assert values(store, people) == [("Cem Abel", "Chef", 1)]
    store.undo()
    assert everything(store) == before
    with pytest.raises(InvalidInput):
        leads.set_people([lead], [("Dora", "r" * 101)])
    assert everything(store) == before


def test_a_recommender_goes_with_a_source_and_with_it(store: Store) -> None:
    leads, firm, anna = Leads(store), add_company(store, "Firma"), add_person(store, "Anna Kern")
    lead = add_lead(store)
    with pytest.raises(InvalidInput) as refused:
        leads.edit([lead], recommender=Recommender("person", anna))
    assert refused.value.field == "recommender"
    leads.edit([lead], recommender=Recommender("company", firm), source="Messe")
    both = "SELECT recommender_company_id, recommender_person_id FROM lead"
    assert values(store, both) == [(firm, None)]
    leads.edit([lead], recommender=Recommender("person", "Neu Hier"))
    assert values(store, both) == [(None, 2)]
    before = everything(store)
    leads.edit([lead], source=None)
    assert values(store, both) == [(None, None)]
    store.undo()
    assert everything(store) == before
    leads.edit([lead], recommender=None)
    assert values(store, both) == [(None, None)]
    assert value(store, "SELECT count(*) FROM lead WHERE source_id IS NOT NULL") == 1


def test_a_lead_takes_the_company_and_contact_of_an_id_among_namesakes(store: Store) -> None:
    add_company(store, "Müller")
    second = add_company(store, "Müller")
    add_person(store, "Anna Kern")
    anna = add_person(store, "Anna Kern")
    lead = Leads(store).create(title="A", company=second, person=anna)
    assert values(store, f"SELECT company_id, person_id FROM lead WHERE id = {lead}") == [(second, anna)]
