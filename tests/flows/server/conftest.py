"""A team's server with two people, and the window of the first one."""

import pytest

from app.models.store import Store
from tests.flows.conftest import _theme, no_dialog_left, no_key_held, opening, theme
from tests.models.server.conftest import anna, cluster, empty_team, office, pair, team

__all__ = [
    "_theme", "anna", "cluster", "empty_team", "no_dialog_left", "no_key_held", "office", "opening", "pair", "team",
    "theme",
]  # fmt: skip


@pytest.fixture
def store(pair: tuple[Store, Store]) -> Store:
    """What the window shows: the replica of the first one."""
    pair[0].watch()
    return pair[0]


@pytest.fixture
def other(pair: tuple[Store, Store]) -> Store:
    """The replica of the second one, on another machine."""
    return pair[1]
