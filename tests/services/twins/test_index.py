"""Who among many is like one of them: kept right while records come, change and go."""

import random
from itertools import product
from typing import Any

import numpy as np
import pytest

from app.services.twins import index as module
from app.services.twins.facts import Facts, Likeness, profile
from app.services.twins.index import TwinIndex
from app.services.twins.match import POSSIBLE, alike, compare
from app.services.twins.sieve import Sieve
from tests.services.twins.held_out import held_out
from tests.services.twins.labelled import labelled

KERN = Facts("company", "Kernbach Media GmbH", phones=("+49221123456",), city="Köln")
ALIKE = Facts("company", "Kernbach Media", city="Köln")
OTHER = Facts("company", "Bäckerei Müller", city="Hamburg")


def ids(index: TwinIndex, facts: Facts = KERN, but: tuple[int, ...] = ()) -> list[int]:
    return [found for found, _ in index.near(facts, 10, but=but)]


def test_near_gives_the_likest_first_and_not_the_record_itself() -> None:
    index = TwinIndex([(1, KERN), (2, ALIKE), (3, OTHER)])
    assert ids(index) == [1, 2]
    assert ids(index, but=(1,)) == [2]
    assert len(index.near(KERN, 1)) == 1
    assert [likeness for _, likeness in index.near(KERN)] == [alike(KERN, KERN), alike(KERN, ALIKE)]


def test_nobody_is_near_in_an_empty_index_or_to_nothing() -> None:
    assert TwinIndex().near(KERN) == []
    assert list(TwinIndex().pairs()) == []
    assert TwinIndex([(1, Facts("company", ""))]).near(Facts("company", "")) == []


def test_records_come_change_and_go() -> None:
    index = TwinIndex([(1, KERN)])
    index.put(2, ALIKE)
    assert ids(index) == [1, 2]
    index.put(1, OTHER)
    assert ids(index) == [2]
    assert ids(index, OTHER) == [1]
    index.put(1, KERN)
    assert ids(index) == [1, 2]
    index.remove(1)
    index.remove(1)
    assert ids(index) == [2]
    assert 1 not in index
    assert len(index) == 1
    assert list(index.pairs()) == []
    index.put(1, KERN)
    assert [pair[:2] for pair in index.pairs()] == [(1, 2)]


def test_a_person_is_no_company() -> None:
    person = Facts("person", "Kernbach Media", phones=("+49221123456",))
    assert alike(KERN, person).score == 0
    assert TwinIndex([(1, person)]).near(KERN) == []


def test_pairs_are_what_comparing_all_with_all_finds(monkeypatch: pytest.MonkeyPatch) -> None:
    """Also after many changes, which are sorted in now and then."""
    monkeypatch.setattr(module, "_MOST_CHANGES", 7)
    chance = random.Random(4)
    records: dict[int, Facts] = {}
    index = TwinIndex()
    for _ in range(150):
        number = chance.randrange(60)
        if chance.random() < 0.3:
            records.pop(number, None)
            index.remove(number)
        else:
            records[number] = made(chance)
            index.put(number, records[number])
    expected = {
        (one, other): alike(records[one], records[other])
        for one in records
        for other in records
        if one < other and alike(records[one], records[other]).score >= POSSIBLE
    }
    assert len(expected) > 20
    assert {(one, other): likeness for one, other, likeness in index.pairs()} == expected
    fresh = TwinIndex(records.items())
    assert {(one, other): likeness for one, other, likeness in fresh.pairs()} == expected
    for number, facts in records.items():
        assert ids(index, facts, (number,)) == ids(fresh, facts, (number,))


def made(chance: random.Random) -> Facts:
    """A company of few words, so that many are alike."""
    name = " ".join(chance.sample(("Kernbach", "Kernbacher", "Media", "Druck", "Nordlicht", "Müller"), 2))
    phones = (f"+4922112345{chance.randrange(100):02}",) if chance.random() < 0.3 else ()
    return Facts("company", name, phones=phones, city=chance.choice(("Köln", "Hamburg", "")))


def test_progress_goes_from_nothing_to_all() -> None:
    heard: list[tuple[int, int]] = []
    index = TwinIndex([(1, KERN), (2, ALIKE), (3, OTHER)])
    list(index.pairs(lambda done, total: heard.append((done, total))))
    assert heard[0][0] == 0
    assert heard[-1][0] == heard[-1][1] > 0


def test_a_thousand_of_one_name_are_not_compared_each_with_each() -> None:
    towns = ("Köln", "Hamburg", "Berlin", "München")
    index = TwinIndex((number, Facts("company", "Müller", city=towns[number % 4])) for number in range(1000))
    totals: list[int] = []
    next(index.pairs(lambda _, total: totals.append(total)))
    assert 0 < totals[0] <= 1000 * 60
    assert len(index.near(Facts("company", "Müller GmbH", city="Köln"), 5)) == 5


def test_records_full_of_everything_are_cut() -> None:
    many = tuple(f"a{number}@firma{number}.de" for number in range(5000))
    monster = Facts("company", "Wort " * 5000, many, many, many, "5" * 5000, "Stadt " * 5000, many)
    index = TwinIndex([(1, monster), (2, Facts("person", "Wort " * 5000, many, many, many, "", "", many))])
    assert ids(index, monster) == [1]


def test_of_people_without_anything_in_common_only_those_are_compared_whose_names_are_near() -> None:
    """The sieve loses nobody: of all pairs of the labelled people it keeps each that is alike."""
    people = [facts for pair in (*labelled(), *held_out()) for facts in (pair.one, pair.other)]
    profiles = [profile(facts) for facts in people if facts.kind == "person"][::3]
    many = len(profiles)
    codes = np.array([one * many + other for one in range(many) for other in range(one + 1, many)], np.int64)
    kept = set(Sieve(profiles).worth(codes).tolist())
    assert 100 < len(kept) < len(codes) // 5
    lost = {int(code) for code in codes if int(code) not in kept}
    alike_ones = [code for code in lost if compare(profiles[code // many], profiles[code % many]).score >= POSSIBLE]
    assert not alike_ones


def test_the_beginning_of_a_number_that_a_whole_town_has_is_no_switchboard() -> None:
    company = [Facts("company", f"Firma {_WORDS[n]}", phones=(f"+4980411{n:04}",)) for n in range(len(_WORDS))]
    index = TwinIndex(enumerate([*company, Facts("company", "Firma Anton", phones=("+49804119999",))]))
    compared: list[int] = []
    assert [pair[:2] for pair in index.pairs(lambda _done, total: compared.append(total))] == [(0, len(company))]
    assert compared[-1] < len(_WORDS) ** 2 // 4, "of those with the beginning in common only those whose names are near"


def test_pasting_numbers_in_a_row_compares_none_for_the_sake_of_its_beginning(monkeypatch: pytest.MonkeyPatch) -> None:
    """Each of a list of thousands is looked for before it is put beside the others."""
    index, compared = TwinIndex(), 0

    def counted(*facts: Any) -> Likeness:
        nonlocal compared
        compared += 1
        return compare(facts[0], facts[1])

    monkeypatch.setattr(module, "compare", counted)
    for number, word in enumerate(_WORDS):
        company = Facts("company", f"{word} GmbH", phones=(f"+4980411{number:04}",))
        index.near(company, 1)
        index.put(number, company)
    assert compared < 60 * 60 + 10 * len(_WORDS)


def test_of_thousands_alike_that_were_just_put_in_only_some_are_compared(monkeypatch: pytest.MonkeyPatch) -> None:
    index, compared = TwinIndex(), 0

    def counted(*facts: Any) -> Likeness:
        nonlocal compared
        compared += 1
        return compare(facts[0], facts[1])

    for number in range(1000):
        index.put(number, Facts("company", "Kernbach Media", mails=("info@viele.example",)))
    monkeypatch.setattr(module, "compare", counted)
    assert len(ids(index)) == 10
    assert compared <= 2 * 400


#: Enough for no house; each is three syllables, and no two are a slip apart.
_SYLLABLES = (
    ("kalt", "lofd", "miru", "rusp"),
    ("fent", "dosk", "walb"),
    ("berg", "zoom", "quax", "jipp", "hydr", "tunn", "eschl"),
)
_WORDS = ["Anton", *("".join(three).title() for three in product(*_SYLLABLES))]
