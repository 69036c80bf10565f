"""Leads found by what is typed: words that begin with it before words that have it inside, recent ones before all."""

import pytest

from app.core.terms import Status
from app.models.store import Store
from app.services.leads import Leads
from app.services.palette import MOST, LeadFinder
from tests.stores import add_company, add_lead


def found(store: Store, typed: str, recent: tuple[int, ...] = ()) -> tuple[list[int], list[int]]:
    """The leads in which it begins a word, and those that have it inside."""
    finder = LeadFinder(store)
    assert finder.search(typed, {}) is None
    assert finder.adopt(finder.build())
    search = finder.search(typed, finder.lines_of(recent))
    assert search is not None
    while not search.step(1):
        pass
    return search.begins, search.inside


def test_the_beginning_of_the_title_of_a_word_and_the_inside(store: Store) -> None:
    inside = add_lead(store, "Bachbett")
    word = add_lead(store, "Am Bach")
    title = add_lead(store, "Bach GmbH")
    hidden = add_lead(store, "Mühlbach")
    hyphen = add_lead(store, "Feld-Bach")
    assert found(store, "bach") == ([title, inside, hyphen, word], [hidden])


@pytest.mark.parametrize("typed", ["Müller", "mueller", "MULLER", "muell", "straßenbau müller", "strassenbau"])
def test_however_it_is_spelled(store: Store, typed: str) -> None:
    lead = add_lead(store, "Straßenbau Müller")
    add_lead(store, "Meier")
    assert found(store, typed) == ([lead], [])


def test_every_word_has_to_be_there(store: Store) -> None:
    lead = add_lead(store, "Relaunch", company_id=add_company(store, "Stadtwerke Süd"))
    add_lead(store, "Relaunch")
    assert found(store, "rela sud") == ([lead], [])
    assert found(store, "rela twerke") == ([], [lead])
    assert found(store, "rela nord") == ([], [])


def test_all_states_the_newest_first(store: Store) -> None:
    leads = [add_lead(store, f"Eins {status}", status=status) for status in Status]
    assert found(store, "eins") == (leads[::-1], [])
    Leads(store).delete(leads[:1])
    assert found(store, "eins") == (leads[:0:-1], [])


def test_recent_ones_come_first_as_far_as_they_fit_and_are_there(store: Store) -> None:
    leads = [add_lead(store, f"Film {number}") for number in range(3)]
    other, inside = add_lead(store, "Messe"), add_lead(store, "Umzugsfilm")
    Leads(store).delete([leads[2]])
    recent = (inside, leads[0], other, leads[2], 999)
    assert found(store, "film", recent) == ([leads[0], leads[1]], [inside])


def test_no_more_than_anybody_looks_through(store: Store) -> None:
    leads = [add_lead(store, f"Lead {number}") for number in range(MOST + 5)]
    begins, inside = found(store, "lead")
    assert (len(begins), inside) == (MOST, [])
    assert begins[0] == leads[-1]
    assert len(found(store, "")[0]) == MOST


def test_amounts_are_found_however_they_are_typed(store: Store) -> None:
    lead = add_lead(store, "A", amount=25_000)
    assert found(store, "25k") == found(store, "25.000") == ([lead], [])
