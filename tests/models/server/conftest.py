"""The server's tests have a server, and people of a team with replicas."""

from collections.abc import Iterator
from contextlib import ExitStack, closing
from pathlib import Path

import pytest

from app.core.roles import Role
from app.models.store import Store
from tests.models.server.offices import Office, fresh_clock
from tests.servers import Server, cluster, empty_team, team

__all__ = ["cluster", "empty_team", "team"]


@pytest.fixture
def office(team: Server, tmp_path: Path) -> Office:
    """A team with the usual stages, and nobody yet."""
    made = Office(team, tmp_path, fresh_clock())
    made.furnish()
    return made


@pytest.fixture
def anna(office: Office) -> Iterator[Store]:
    """The replica of the owner, who is number 1."""
    with closing(office.replica(office.admit("Anna", Role.OWNER, 1))) as store:
        yield store


@pytest.fixture
def pair(office: Office, anna: Store) -> Iterator[tuple[Store, Store]]:
    """The owner and a second one, who is number 2."""
    with ExitStack() as held:
        yield anna, held.enter_context(closing(office.replica(office.admit("Ben", Role.OWNER, 2))))


@pytest.fixture
def trio(office: Office, anna: Store) -> Iterator[tuple[Store, Store, Office]]:
    """Anna (1) owns, Ben (2) sees his leads."""
    with closing(office.replica(office.admit("Ben", Role.LIMITED, 2))) as ben:
        yield anna, ben, office
