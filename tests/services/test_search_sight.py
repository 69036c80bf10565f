"""The search of somebody who sees only some leads: neither hits nor what is left out tell of the others."""

import pytest

from app.core.changes import ChangeSet
from app.core.i18n import Text
from app.core.roles import Role
from app.models.schema import CompanyPerson, Lead, User
from app.models.store import Store
from app.services import search_found
from app.services.search import Search
from tests.stores import add_company, add_lead, add_member, add_person

ANNA, BEN = 1, 2


@pytest.fixture
def search(store: Store) -> Search:
    """Looks as Ben, who sees lead 2 and somebody who works for its company (2) and for that of another lead (1)."""
    add_member(store, "Ben Roth", "BR")
    for title, owner in (("Geheimsache", ANNA), ("Gartenmesse", BEN)):
        add_lead(store, title, user_id=owner, company_id=add_company(store, f"Firma {title}"))
    person = add_person(store, "Petra Beides")
    with store.write(Text("x")) as session:
        session.get_one(User, BEN).role = Role.LIMITED
        for company, role in ((1, "Aufsicht"), (2, "Leitung")):
            session.add(CompanyPerson(company_id=company, person_id=person, role=role, position=company))
    store.actor_id = BEN
    found = Search(store)
    store.feed.subscribe(found.hear)
    return found


def _found(search: Search, typed: str) -> list[tuple[str, int]]:
    return [(hit.entity, hit.id) for hit in search.find(typed)]


@pytest.mark.parametrize("typed", ["geheimsache", "geheimsahce", "petra aufsicht", "aufsicht", "firma geheimsache"])
def test_what_is_not_seen_is_not_found_by_its_words(search: Search, typed: str) -> None:
    assert _found(search, typed) == []


def test_what_is_seen_is_found_by_all_that_is_seen_of_it(search: Search) -> None:
    assert _found(search, "gartenmesse") == [("lead", 2), ("company", 2), ("person", 1)]
    assert _found(search, "petra leitung") == [("person", 1)]
    assert _found(search, "leituung") == [("person", 1)]  # a slip
    assert _found(search, '"petra beides" -aufsicht') == [("person", 1)]
    assert _found(search, "petra -leitung") == []


def test_a_single_letter_finds_no_more(search: Search, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(search_found, "_MANY", 1)
    assert _found(search, "g") == [("lead", 2)]
    assert _found(search, "a") == []
    assert _found(search, "l") == [("person", 1)]


def test_words_that_may_have_been_meant_are_those_of_what_is_seen(search: Search, store: Store) -> None:
    for number in range(30):  # as many words as are looked at, all better known than the own one
        store.actor_id = ANNA
        for _ in range(2):
            add_lead(store, f"Gartenmess{chr(ord('f') + number % 20)}", user_id=ANNA)
    store.actor_id = BEN
    assert _found(search, "gartenmesso")[0] == ("lead", 2)


def test_who_works_here_next_finds_what_he_sees(search: Search, store: Store) -> None:
    assert _found(search, "geheimsache") == []
    store.actor_id = ANNA
    assert _found(search, "geheimsache")[0] == ("lead", 1)
    store.actor_id = BEN
    assert _found(search, "geheimsache") == []


def test_what_comes_and_goes_is_found_and_lost(search: Search, store: Store) -> None:
    _found(search, "messe")
    store.actor_id = ANNA
    with store.write(Text("x")) as session:
        session.get_one(Lead, 1).user_id = BEN
        session.get_one(Lead, 2).user_id = ANNA
    store.actor_id = BEN
    assert _found(search, "geheimsache") == [("lead", 1), ("company", 1), ("person", 1)]
    assert _found(search, "gartenmesse") == []
    search.hear(ChangeSet(1, Text("x"), "do", "test", None, store.clock.now(), everything=True))
    assert _found(search, "gartenmesse") == []
