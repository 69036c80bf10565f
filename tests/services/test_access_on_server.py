"""The matrix of rights (`test_access_matrix`) with a team's server: who is refused by the program is by it, too."""

from collections.abc import Iterator
from typing import Any

import pytest

from tests.servers import Server
from tests.services.access.cells import ALONE, AMONG, Trial, cells_of
from tests.services.access.rules import Verdict
from tests.services.access.server_bench import ServerBench
from tests.services.access.verbs import Verb
from tests.services.access.world import fill
from tests.services.test_access_matrix import VERBS, _named
from tests.stores import Stock


@pytest.fixture(scope="module")
def server_bench(stock: Stock, empty_team: Server, tmp_path_factory: pytest.TempPathFactory) -> Iterator[ServerBench]:
    """A team with that agency."""
    folder, name = tmp_path_factory.mktemp("matrix"), "matrix"
    (world,) = stock.copy((fill,), folder / "data")
    with empty_team.connect(database="postgres") as admin:
        admin.execute(f"CREATE DATABASE {name} TEMPLATE {empty_team.database}")
        bench = ServerBench(empty_team.of(name), folder / "data", folder, world)
        yield bench
        bench.put_back()
        assert bench.dump() == bench.beginning, "changed although refused, or not put back"
        bench.close()
        admin.execute(f"DROP DATABASE {name} WITH (FORCE)")


#: What the server cannot tell from something else that is allowed, and so does not refuse.
NOT_REFUSED: dict[tuple[str, str], str] = {
    ("People.link", "person own"): "who is known by name is tied to a company of one's own by Companies.link",
    ("Companies.link", "company own"): "the same from the other side",
    ("Merging.merge", "company own"): "each row that is changed by it is one's own, or is refused",
    ("Merging.merge", "company shared"): "each row that is changed by it is one's own",
    ("Merging.merge", "person own"): "each row that is changed by it is one's own, or is refused",
    ("Merging.merge", "person shared"): "each row that is changed by it is one's own",
    ("SavedViews.rename", "view"): "who has full access may write all that is there",
    ("SavedViews.overwrite", "view"): "who has full access may write all that is there",
    ("SavedViews.delete", "view"): "who has full access may write all that is there",
}
#: Those of which the ways back are not tried, and why not.
NO_WAY_BACK: dict[str, str] = {
    "People.set_photo": "whoever took a photo off as an owner cannot name it when he is none",
    "People.remove_photo": "the same",
    "Team.remove_absence": "what is gone does not say whose it was, so its row in the history is not seen",
    "Duplicates.keep_apart": "what is taken back leaves nothing that could be tried past the program",
    "Leads.create": "a new tag that others use by now is not known to be used by who does not see their leads",
}

#: What these do stands in no history, by which it is looked for on the server.
NO_STEP = ("Trash.empty",)


def test_there_are_cells_enough() -> None:
    tried = [(verb.rule, cell) for verb in VERBS for cell in cells_of(verb) if cell.way in (ALONE, AMONG)]
    assert sum(rule.says(cell.role, cell.whose) is not Verdict.HOLDS for rule, cell in tried) > 2_000


@pytest.mark.parametrize("verb", VERBS, ids=_named)
def test_what_the_program_refuses_the_server_does(server_bench: ServerBench, verb: Verb) -> None:
    server_bench.lenient = (verb.name, verb.which) in NOT_REFUSED
    trial = Trial(server_bench, verb, cells_of(verb))
    trial.refusals()


#: One of so many in the usual suite, the others by `dev.py prove`.
_ONE_OF = 40
#: Who takes a note of his own back may do so for the server, whoever took part in what it tells.
_OWN_NOTE = "with somebody known by name"


def _marked() -> Iterator[Any]:
    for number, verb in enumerate(VERBS):
        if verb.name not in NO_STEP:
            yield pytest.param(verb, id=_named(verb), marks=[pytest.mark.prove] if number % _ONE_OF else [])


@pytest.mark.parametrize("verb", list(_marked()))
def test_what_is_done_is_done_on_the_server(server_bench: ServerBench, verb: Verb) -> None:
    server_bench.lenient = (verb.name, verb.which) in NOT_REFUSED or verb.how == _OWN_NOTE
    trial = Trial(server_bench, verb, cells_of(verb))
    try:
        trial.deeds()
        if verb.name not in NO_WAY_BACK:
            trial.ways_back()
        trial.given_away()
    finally:
        server_bench.put_back()
