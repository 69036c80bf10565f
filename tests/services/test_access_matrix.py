"""Roles × verbs × whose record: every verb of the services, done by everybody to everybody's records.

What has to come of it stands in `tests.services.access.rules`, in words and without asking the program. Whatever is
refused leaves the whole store as it was, and says nothing of what is not seen.

Every verb is done alone by everybody to everybody's records. Among others, and taken back and brought again, one verb
of each rule and each kind of record is tried in each run of the tests, and all of them by `dev.py prove`.
"""

from collections.abc import Iterator, Sequence

import pytest

from tests.services.access.bench import Bench, LocalBench
from tests.services.access.cells import ALONE, Cell, Trial, cells_of
from tests.services.access.customers import CUSTOMER_VERBS
from tests.services.access.leads import LEADS
from tests.services.access.lists import LIST_VERBS
from tests.services.access.papers import PAPERS
from tests.services.access.verbs import Verb
from tests.services.access.world import fill
from tests.services.writers import Function, writers
from tests.stores import Stock

VERBS = (*LEADS, *CUSTOMER_VERBS, *PAPERS, *LIST_VERBS)

#: What is not tried here, and why not.
LEFT_OUT: dict[Function, str] = {
    ("app.services.setup", "seed"): "what a new store begins with, before anybody works there",
    ("app.services.importing.run", "Importer.take"): "what Importer.run does with a file that was looked at before",
    ("app.services.mail_files", "MailFiles.put"): "reads a mail in a process of its own, then places it",
}


@pytest.fixture(scope="module")
def bench(stock: Stock, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Bench]:
    """A filled store that is put back after what was done."""
    folder = tmp_path_factory.mktemp("matrix") / "data"
    (world,) = stock.copy((fill,), folder)
    found = LocalBench(folder, world)
    yield found
    found.close()


def _named(verb: Verb) -> str:
    return f"{verb.name} {verb.which} {verb.how}".strip().replace(" ", "-")


def _kinds(verb: Verb) -> set[tuple[str, str, Cell]]:
    """What is tried with it beside doing it alone: by which rule, with which record, and how."""
    return {(verb.rule.words, verb.which, cell) for cell in cells_of(verb) if cell.way != ALONE}


def _chosen() -> list[list[Cell]]:
    """By verb what is tried in every run: everything where it is the first of some kind."""
    tried: set[tuple[str, str, Cell]] = set()
    found = []
    for verb in VERBS:
        is_first = not _kinds(verb) <= tried
        tried |= _kinds(verb)
        found.append([cell for cell in cells_of(verb) if is_first or cell.way == ALONE])
    return found


CHOSEN = _chosen()
PARTS = [pytest.param(verb, cells, id=_named(verb)) for verb, cells in zip(VERBS, CHOSEN, strict=True)]
WHOLE = [
    pytest.param(verb, cells_of(verb), id=f"{_named(verb)} whole", marks=pytest.mark.prove)
    for verb, cells in zip(VERBS, CHOSEN, strict=True)
    if cells != cells_of(verb)
]


def test_every_verb_stands_in_the_table() -> None:
    tried = {verb.function for verb in VERBS}
    assert not tried & LEFT_OUT.keys()
    assert not writers() - tried - LEFT_OUT.keys(), "add these to tests/services/access"


def test_there_are_cells_enough() -> None:
    assert sum(len(cells_of(verb)) for verb in VERBS) > 5_000
    assert sum(map(len, CHOSEN)) > 3_500


def test_what_is_chosen_is_of_every_kind() -> None:
    """Each verb is done alone as often as there is to it; each rule is tried in every way with every kind of record."""
    tried: set[tuple[str, str, Cell]] = set()
    for verb, cells in zip(VERBS, CHOSEN, strict=True):
        assert {cell for cell in cells_of(verb) if cell.way == ALONE} <= set(cells)
        tried |= {(verb.rule.words, verb.which, cell) for cell in cells}
    assert all(_kinds(verb) <= tried for verb in VERBS)


@pytest.mark.parametrize(("verb", "cells"), [*PARTS, *WHOLE])
def test_everybody_does_what_he_may_and_no_more(bench: Bench, verb: Verb, cells: Sequence[Cell]) -> None:
    trial = Trial(bench, verb, cells)
    try:
        trial.refusals()
        assert bench.dump() == bench.beginning, "changed although refused"
        trial.deeds()
        trial.ways_back()
        trial.given_away()
    finally:
        bench.put_back()
    assert trial.done == len(cells)
