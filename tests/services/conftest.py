"""What tests of the services share, and how they are run on a team's server, too.

A test with a `store` can be one for both databases: `dev.py prove` runs those of many files with the replica of an
owner, too, of which the server holds the truth; in the usual suite those of one file.
"""

from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from app.core import i18n
from app.core.clock import FixedClock
from app.core.format import Formats
from app.models.store import Store
from tests.servers import Server, cluster, empty_team
from tests.stores import Fillings, Stock, reopened

__all__ = ["cluster", "empty_team"]

_FILE, _TEAM = "file", "team"
#: Tested on both in the usual suite: verbs of leads that are refused on the way, and what is left then.
_ALWAYS_ON_BOTH = frozenset({"test_leads_refused"})
#: Of these folders all tests are run on both, and of the rest these files.
_PROVED = ("cards", "contact_files", "exporting", "importing", "mails")
_PROVED_FILES = frozenset({"test_leads", "test_leads_refused", "test_closing_leads"})
#: Tests that are about a file alone, by their names, and why.
_FILE_ONLY = {
    "test_who_has_come_into_the_team_since_stays_in_it": "gives a password, which is the server's there",
    "test_the_others_keep_their_places_while_an_imported_stage_stays": "nobody works; a server knows who signed in",
    "test_a_redo_does_not_make_a_name_stand_twice": "nobody works; a server knows who signed in",
}


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Let a test run with its store in a file, and with a team behind it where that is wanted."""
    if "store" not in metafunc.fixturenames or "_place" not in metafunc.fixturenames:
        return
    path = metafunc.definition.path
    proved = path.parent.name in _PROVED or path.stem in _PROVED_FILES
    proving = metafunc.config.option.markexpr == "prove"
    places: list[Any] = [pytest.param(_FILE, id=pytest.HIDDEN_PARAM)]
    fits = proved and metafunc.function.__name__ not in _FILE_ONLY
    if fits and (proving or path.stem in _ALWAYS_ON_BOTH):
        places.append(pytest.param(_TEAM, marks=pytest.mark.prove if proving else ()))
    metafunc.parametrize("_place", places, indirect=True)


@pytest.fixture
def _place(request: pytest.FixtureRequest) -> str:
    """Where the store of this test lies."""
    return getattr(request, "param", _FILE)


@pytest.fixture(scope="session")
def team_stock(stock: Stock, empty_team: Server, tmp_path_factory: pytest.TempPathFactory) -> Any:
    """The teams that tests begin with."""
    from tests.team_stores import TeamStock

    return TeamStock(stock, empty_team, tmp_path_factory)


@pytest.fixture
def stocked(
    request: pytest.FixtureRequest, _place: str, stock: Stock, fillings: Fillings, tmp_path: Path
) -> Iterator[dict[str, Any]]:
    """As for every test (`tests.stores`), with a team behind it where the test is one of that."""
    names = [name for name in fillings if name in request.fixturenames]
    chosen = tuple(fillings[name] for name in names)
    if _place == _FILE:
        yield dict(zip(names, stock.copy(chosen, tmp_path / "data"), strict=True))
        return
    with request.getfixturevalue("team_stock").copy(chosen, tmp_path / "data") as made:
        yield dict(zip(names, made, strict=True))


@pytest.fixture
def store(folder: Path, clock: FixedClock, _place: str) -> Iterator[Store]:
    """As for every test; with a team behind it both are compared at the end."""
    with closing(reopened(folder, clock)) as opened:
        yield opened
        if _place == _TEAM:
            from tests.team_stores import checked

            checked(opened)


@pytest.fixture
def spoken() -> Iterator[None]:
    """Words as they are shown: percentages and amounts among them."""
    i18n.use("en", Path("nowhere"), Formats("en", "GB").show)
    yield
    i18n.use("en", Path("nowhere"))
