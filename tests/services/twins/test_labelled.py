"""How well two records that are one are found, measured with pairs labelled by hand."""

from collections import Counter
from hashlib import sha256

import pytest

from app.services.twins.index import TwinIndex
from app.services.twins.match import POSSIBLE, alike
from tests.services.twins.held_out import held_out
from tests.services.twins.labelled import Pair, labelled, measured

PAIRS = labelled()
HELD_OUT = held_out()
BOTH = pytest.mark.parametrize("pairs", [PAIRS, HELD_OUT], ids=["by hand", "held out"])


@BOTH
def test_there_are_as_many_pairs_as_promised_of_both_kinds_and_of_many_sorts(pairs: list[Pair]) -> None:
    assert len(pairs) >= 500
    assert len({pair.line for pair in pairs}) == len(pairs)
    same = sum(pair.same for pair in pairs)
    assert 0.4 < same / len(pairs) < 0.6
    assert {pair.one.kind for pair in pairs} == {"company", "person"}
    assert len(Counter(pair.sort for pair in pairs)) >= 15


@BOTH
def test_recall_and_precision_are_as_promised(pairs: list[Pair]) -> None:
    result = measured(pairs)
    assert result.recall >= 0.95, result.missed
    assert result.precision >= 0.90, result.wrong


@BOTH
def test_each_kind_keeps_the_promise_by_itself(pairs: list[Pair]) -> None:
    for kind in ("company", "person"):
        result = measured([pair for pair in pairs if pair.one.kind == kind])
        assert result.recall >= 0.95, result.missed
        assert result.precision >= 0.90, result.wrong


def test_the_pairs_that_are_held_out_are_the_same_everywhere() -> None:
    made = "\n".join(pair.line for pair in HELD_OUT)
    assert sha256(made.encode()).hexdigest()[:16] == "3580dd960ff1a13d"
    assert not {pair.line for pair in HELD_OUT} & {pair.line for pair in PAIRS}


@BOTH
def test_what_is_said_does_not_depend_on_which_is_first(pairs: list[Pair]) -> None:
    for pair in pairs:
        there, back = alike(pair.one, pair.other), alike(pair.other, pair.one)
        assert abs(there.score - back.score) < 1e-9, pair.line
        assert set(map(str, there.reasons)) == set(map(str, back.reasons)), pair.line


@BOTH
def test_everything_alike_says_something_for_it(pairs: list[Pair]) -> None:
    for pair in pairs:
        likeness = alike(pair.one, pair.other)
        assert 0 <= likeness.score <= 1
        assert likeness.reasons or likeness.score < POSSIBLE, pair.line


def test_everything_is_one_with_itself_as_far_as_it_says_anything() -> None:
    alone = [pair.one for pair in PAIRS if alike(pair.one, pair.one).score < POSSIBLE]
    # "Frau Albrecht", "Herr Pohl": a common last name and a company, which the other may have as well
    assert all(facts.kind == "person" and facts.companies and " " in facts.name for facts in alone)
    assert len(alone) < 5


@BOTH
def test_the_index_finds_every_pair_that_is_alike(pairs: list[Pair]) -> None:
    """Which is the proof of the keys: whoever is alike shares one."""
    for kind in ("company", "person"):
        found = [pair for pair in pairs if pair.one.kind == kind and alike(pair.one, pair.other).score >= POSSIBLE]
        index = TwinIndex(enumerate(facts for pair in found for facts in (pair.one, pair.other)))
        expected = {(2 * number, 2 * number + 1) for number in range(len(found))}
        assert expected <= {(one, other) for one, other, _ in index.pairs()}
        for number, pair in enumerate(found):
            assert 2 * number + 1 in {found for found, _ in index.near(pair.one, 50)}, pair.line


def test_a_pair_is_read_as_it_is_written() -> None:
    pair = next(pair for pair in PAIRS if pair.line.startswith("= Sägewerk Astner;"))
    assert isinstance(pair, Pair)
    assert (pair.one.mails, pair.one.phones) == (("info@astner-holz.at",), ("+43533272100",))
    assert pair.other.webs == ("www.astner-holz.at",)
