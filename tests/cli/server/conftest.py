"""A real server for the command line, and a terminal at which passwords are typed."""

import itertools
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from urllib.parse import quote

import pytest

from tests.cli.conftest import Said, Trichter
from tests.servers import SECRET, Server, cluster
from tests.services.server.conftest import MemoryKeyring, ring

__all__ = ["cluster", "ring"]

_NUMBERS = itertools.count()

#: `trichter server …` at the database of this test, as its administrator.
Administer = Callable[..., Said]


def url_of(server: Server, user: str = "admin", database: str | None = None) -> str:
    """The address of a database of the tests, without a password."""
    name = quote(server.database if database is None else database, safe="")
    return f"postgresql://{quote(user, safe='')}@127.0.0.1:{server.port}/{name}?sslmode=disable"


@pytest.fixture(autouse=True)
def _no_real_keyring(ring: MemoryKeyring) -> None:
    """The keyring of whoever tests is not asked."""


@pytest.fixture
def place(cluster: Server) -> Iterator[Server]:
    """An empty database for this test; whoever was let into it goes with it."""
    name = f"ort_{next(_NUMBERS)}"
    with cluster.connect() as admin:
        admin.execute(f"CREATE DATABASE {name} TEMPLATE template0 ENCODING 'UTF8'")
        yield cluster.of(name)
        admin.execute(f"DROP DATABASE {name} WITH (FORCE)")
        rows = admin.execute(
            "SELECT quote_ident(rolname) FROM pg_roles WHERE rolname !~ '^(pg_|admin$)' ORDER BY rolcreaterole"
        ).fetchall()
        for (role,) in rows:
            admin.execute(f"DROP ROLE {role}")


@pytest.fixture
def typed(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """A terminal at which this is typed, one after the other, where a password is asked for; then nothing."""
    answers: list[str] = []

    def type_next(_prompt: str) -> str:
        return answers.pop(0) if answers else ""

    monkeypatch.setattr("getpass.getpass", type_next)
    monkeypatch.setattr(sys.stdin, "isatty", lambda: True)
    return answers


@pytest.fixture
def administer(trichter: Trichter, place: Server, monkeypatch: pytest.MonkeyPatch) -> Administer:
    """Runs `trichter server …`; the password of the administrator stands in the environment."""
    monkeypatch.setenv("PGPASSWORD", SECRET)
    monkeypatch.setenv("TRICHTER_DATABASE", url_of(place))
    return lambda *arguments: trichter("server", *arguments)


@pytest.fixture
def untouched(data: Path) -> Iterator[None]:
    """Fails a test that leaves something in the data folder."""
    yield
    assert not data.exists()
