"""Fetching a replica, stopping that, and what becomes of one that serves no more."""

from contextlib import closing
from pathlib import Path

import psycopg
import pytest

from app.core.errors import Cancelled, Damaged, NewerStore, Outdated
from app.core.i18n import Text
from app.core.roles import Role
from app.models.engine import connect
from app.models.failures import translated
from app.models.place import store_file
from app.models.server.addressing import Address
from app.models.server.link import Link
from app.models.server.replica import make_replica, open_replica
from app.models.store import Store
from app.services.check import check
from app.services.drafts import Drafts
from app.services.owners import Owner
from tests.models.edits import edit, value
from tests.models.server.offices import Office, assert_alike, of_replica, of_server
from tests.stores import add_lead

OWNER = Owner("lead", 7)


def _begin(store: Store) -> None:
    drafts = Drafts(store)
    drafts.keep(OWNER, "angefangen")
    drafts.write()


def _rewrite(path: Path, key: bytes, statement: str) -> None:
    with closing(connect(path, key=key)) as driver:
        driver.execute(statement)


def _secret(address: Address) -> bytes:
    link = Link(address)
    try:
        return link.standing.secret
    finally:
        link.drop()


def _lay_open(path: Path, key: bytes) -> None:
    """As programs made them that did not encrypt."""
    open_one = path.with_name("offen")
    with closing(connect(path, key=key)) as driver:
        driver.execute("ATTACH ? AS offen KEY ''", (str(open_one),))
        driver.execute("SELECT sqlcipher_export('offen')")
    open_one.replace(path)


def test_it_is_told_how_many_rows_came(anna: Store, office: Office, tmp_path: Path) -> None:
    for number in range(5):
        add_lead(anna, f"Lead {number}")
    said: list[tuple[int, int]] = []
    make_replica(
        tmp_path / "neu", office.address(_user(office, "anna")), clock=office.clock,
        tell=lambda done, total: said.append((done, total)),
    )  # fmt: skip
    rows = sum(len(table) for table in of_server(office.server).values())
    assert said[0] == (0, rows)
    assert said[-1] == (rows, rows)
    assert said == sorted(said)
    assert len(set(said)) > 4


@pytest.mark.parametrize("when", [0, 1, 4, -1])
def test_whoever_stops_it_finds_nothing(anna: Store, office: Office, tmp_path: Path, when: int) -> None:
    add_lead(anna, "Relaunch")
    address, folder, said = office.address(_user(office, "anna")), tmp_path / "neu", [0]

    def count(_done: int, _total: int) -> None:
        said[0] += 1

    make_replica(tmp_path / "ganz", address, clock=office.clock, tell=count)
    last = said[0] - 1 if when < 0 else when

    def stop(_done: int, _total: int) -> None:
        said[0] += 1
        if said[0] > last:
            raise Cancelled(Text("Stopped"))

    said[0] = 0
    with pytest.raises(Cancelled):
        make_replica(folder, address, clock=office.clock, tell=stop)
    assert list(folder.iterdir()) == []
    make_replica(folder, address, clock=office.clock)
    open_replica(folder, address, origin="test", clock=office.clock).close()


def test_on_a_network_drive_there_is_no_log_beside_it(anna: Store, office: Office, tmp_path: Path) -> None:
    lead = add_lead(anna, "Relaunch")
    address, folder = office.address(_user(office, "anna")), tmp_path / "netz"
    make_replica(folder, address, clock=office.clock, local=False)
    with closing(open_replica(folder, address, origin="test", local=False, clock=office.clock)) as store:
        edit(store, lead, title="Anders")
        assert [path.name for path in folder.iterdir() if path.name.endswith("-wal")] == []
    anna.watch()
    assert value(anna, "title", lead) == "Anders"


@pytest.mark.parametrize(("revision", "error"), [("0003", Outdated), ("9999", NewerStore)])
def test_one_of_another_version_is_not_opened(
    anna: Store, office: Office, tmp_path: Path, revision: str, error: type[Exception]
) -> None:
    add_lead(anna, "Relaunch")
    address, folder = office.address(_user(office, "anna")), tmp_path / "alt"
    make_replica(folder, address, clock=office.clock)
    with closing(open_replica(folder, address, origin="test", clock=office.clock)) as store:
        _begin(store)
    _rewrite(store_file(folder), _secret(address), f"UPDATE alembic_version SET version_num = '{revision}'")
    with pytest.raises(error) as told:
        open_replica(folder, address, origin="test", clock=office.clock)
    assert type(told.value) is error
    make_replica(folder, address, clock=office.clock, anew=True)
    with closing(open_replica(folder, address, origin="test", clock=office.clock)) as store:
        assert_alike(of_server(office.server), of_replica(store))
        assert Drafts(store).of(OWNER) == "angefangen"
        assert check(store).ok


def test_nobody_reads_it_without_the_secret(anna: Store, office: Office) -> None:
    add_lead(anna, "Ein geheimes Vorhaben")
    _begin(anna)
    for path in anna.path.parent.iterdir():
        held = path.read_bytes()
        assert b"geheimes Vorhaben" not in held
        assert b"angefangen" not in held
        assert not held.startswith(b"SQLite format 3")
    assert {path.name for path in anna.path.parent.iterdir()} >= {"trichter.db", "trichter.db-wal"}
    for key in (None, bytes(32)):
        with pytest.raises(Damaged), translated(), closing(connect(anna.path, key=key)) as driver:
            driver.execute("SELECT title FROM lead")
    with pytest.raises(Damaged):
        open_replica(anna.path.parent, office.address(_user(office, "anna")), origin="test", key=bytes(32))
    with anna.survey() as connection:
        assert connection.exec_driver_sql("SELECT title FROM lead").scalars().all() == ["Ein geheimes Vorhaben"]


def test_one_that_is_not_encrypted_is_made_anew(anna: Store, office: Office, tmp_path: Path) -> None:
    address, folder = office.address(_user(office, "anna")), tmp_path / "offen"
    make_replica(folder, address, clock=office.clock)
    with closing(open_replica(folder, address, origin="test", clock=office.clock)) as store:
        _begin(store)
    _lay_open(store_file(folder), _secret(address))
    assert store_file(folder).read_bytes().startswith(b"SQLite format 3")
    with pytest.raises(Outdated):
        open_replica(folder, address, origin="test", clock=office.clock)
    make_replica(folder, address, clock=office.clock, anew=True)
    assert not store_file(folder).read_bytes().startswith(b"SQLite format 3")
    with closing(open_replica(folder, address, origin="test", clock=office.clock)) as store:
        assert Drafts(store).of(OWNER) == "angefangen"


def test_each_has_a_secret_and_gets_no_other_one(office: Office) -> None:
    users = [office.admit("Anna", Role.OWNER, 1), office.admit("Ben", Role.LIMITED)]
    assert len({_secret(office.address(user)) for user in users}) == len(users)
    with office.server.connect(users[1]) as ben:
        for statement in ("SELECT secret FROM team.login", "TABLE team.login"):
            with pytest.raises(psycopg.errors.InsufficientPrivilege):
                ben.execute(statement)
        with office.server.connect() as admin:
            assert ben.execute("SELECT length(team.my_secret())").fetchone() == (32,)
            admin.execute("UPDATE team.member SET deleted_at = now() WHERE name = 'Ben'")
            assert ben.execute("SELECT team.my_secret()").fetchone() == (None,)


def test_where_it_cannot_be_made_anew_the_old_one_stays(anna: Store, office: Office, tmp_path: Path) -> None:
    address, folder = office.address(_user(office, "anna")), tmp_path / "alt"
    make_replica(folder, address, clock=office.clock)
    before = store_file(folder).read_bytes()

    def stop(done: int, total: int) -> None:
        if done == total:
            raise Cancelled(Text("Stopped"))

    with pytest.raises(Cancelled):
        make_replica(folder, address, clock=office.clock, anew=True, tell=stop)
    with pytest.raises(Exception, match="exists"):
        make_replica(folder, address, clock=office.clock)
    assert store_file(folder).read_bytes() == before
    assert [path.name for path in folder.iterdir()] == [store_file(folder).name]


@pytest.mark.parametrize(
    "other",
    ["UPDATE team.login SET member_id = (SELECT max(id) FROM team.member) WHERE member_id = 1",
     "UPDATE team.information SET value = 'another' WHERE key = 'team'"],
)  # fmt: skip
def test_the_replica_of_somebody_else_gets_nothing_more(
    anna: Store, office: Office, tmp_path: Path, other: str
) -> None:
    """An administrator gave the user name to another person, or made another team in the place of the first."""
    lead = add_lead(anna, "Relaunch")
    _begin(anna)
    with office.server.connect() as admin:
        office.admit("Ben", Role.FULL)
        admin.execute("DELETE FROM team.login WHERE member_id <> 1")
        admin.execute(other.encode())
        admin.execute("SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity"
                      " WHERE datname = current_database() AND pid <> pg_backend_pid()")  # fmt: skip
    before = of_server(office.server)
    with pytest.raises(Outdated):
        edit(anna, lead, title="Anders")
    assert_alike(before, of_server(office.server))
    path = anna.path
    anna.close()
    make_replica(path.parent, office.address(_user(office, "anna")), clock=office.clock, anew=True)
    with closing(
        open_replica(path.parent, office.address(_user(office, "anna")), origin="test", clock=office.clock)
    ) as store:
        assert value(store, "title", lead) == "Relaunch"
        assert Drafts(store).of(OWNER) is None
        edit(store, lead, title="Anders")


def _user(office: Office, name: str) -> str:
    return f"{name}@{office.server.database}"
