"""Roles × verbs × whose record: every verb of the services, done by everybody to everybody's records.

What has to come of it stands in `tests.services.access.rules`, in words and without asking the program. Whatever is
refused leaves the whole store as it was, and says nothing of what is not seen.
"""

from collections.abc import Iterator

import pytest

from tests.services.access.bench import Bench, LocalBench
from tests.services.access.cells import Trial, cells_of
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


def test_every_verb_stands_in_the_table() -> None:
    tried = {verb.function for verb in VERBS}
    assert not tried & LEFT_OUT.keys()
    assert not writers() - tried - LEFT_OUT.keys(), "add these to tests/services/access"


def test_there_are_cells_enough() -> None:
    assert sum(len(cells_of(verb)) for verb in VERBS) > 5_000


@pytest.mark.parametrize("verb", VERBS, ids=_named)
def test_everybody_does_what_he_may_and_no_more(bench: Bench, verb: Verb) -> None:
    trial = Trial(bench, verb)
    try:
        trial.refusals()
        assert bench.dump() == bench.beginning, "changed although refused"
        trial.deeds()
        trial.ways_back()
        trial.given_away()
    finally:
        bench.put_back()
    assert trial.done == len(cells_of(verb))
