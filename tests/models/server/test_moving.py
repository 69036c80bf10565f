"""A move to a team and back: all of it, the same on both sides, or nothing."""

import os
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import psycopg
import pytest

from app.core.clock import FixedClock
from app.core.errors import Cancelled, InvalidInput, Locked, NotAllowed, Unreachable
from app.core.i18n import Text
from app.core.roles import Role
from app.models.engine import connect
from app.models.place import store_file
from app.models.server import moving
from app.models.server.comparing import Differs, tables_in_order
from app.models.server.link import Link
from app.models.server.moving import discard, move_in
from app.models.server.moving_out import move_out
from app.models.server.people import add_login, add_member
from app.models.server.shared import OWN_SETTINGS, SharedTable
from app.models.server.words import listed, quoted
from app.models.store import Store
from app.services.check import check, repair
from app.services.demo import fill
from app.services.files import Files, Upload
from app.services.owners import Owner
from app.services.snapshots import Snapshots
from tests.models.edits import edit
from tests.models.server.offices import Dump, Office, assert_alike, of_server
from tests.servers import SECRET, Server
from tests.stores import TODAY, ZONE, Filling, Fillings, add_lead, reopened


def _lived(store: Store) -> None:
    """Two years of an agency, with a large file, all signs that a text may have, and a snapshot."""
    fill(store)
    Snapshots(store).take_if_due()
    Files(store).attach(Owner("lead", 1), [Upload("groß.bin", os.urandom(3 << 20)), Upload("leer.txt", b"\0")])
    with store.maintenance() as connection:
        connection.exec_driver_sql("UPDATE lead SET info = ? WHERE id = 2", ("'\"\\ \t\r\n %s 😀 \x1e\x1f\x7f ä",))
    repair(store)


@pytest.fixture(scope="session")
def fillings() -> Fillings:
    """A store that somebody has worked with."""
    filling: Filling = _lived
    return {"lived": filling}


@pytest.fixture
def lived(stocked: dict[str, object], folder: Path) -> Path:
    """The file of it."""
    return store_file(folder)


@pytest.fixture
def admin(team: Server) -> Iterator[psycopg.Connection]:
    """The administrator of an empty team."""
    with team.connect() as connection:
        yield connection


def rows_of(path: Path) -> Dump:
    """All that a team shares of a store."""
    with closing(connect(path, read_only=True)) as driver:
        found = {
            table.name: driver.execute(f"SELECT {listed(table.names)} FROM {quoted(table.name)} ORDER BY id").fetchall()
            for table in tables_in_order()
        }
    found["store_setting"] = [row for row in found["store_setting"] if not row[1].startswith(OWN_SETTINGS)]
    return found


def _is_empty(team: Server) -> bool:
    there = of_server(team)
    with team.connect() as admin:
        marks = admin.execute("SELECT count(*) FROM team.information WHERE key LIKE 'mov%'").fetchone()
        guarded = admin.execute(
            "SELECT count(*) FROM pg_class WHERE relnamespace = 'team'::regnamespace AND NOT relforcerowsecurity"
            " AND relname IN ('lead', 'change', 'chunk', 'store_setting')"
        ).fetchone()
        triggers = admin.execute("SELECT count(*) FROM pg_trigger WHERE tgenabled = 'D'").fetchone()
    facts = sorted(row[1] for row in there.pop("store_setting"))
    return (
        (marks, guarded, triggers) == ((0,), (0,), (0,)) and not any(there.values())
        and facts == ["base_currency", "country", "time_zone"]
    )  # fmt: skip


def test_all_of_it_goes_there_and_back(lived: Path, admin: psycopg.Connection, team: Server, tmp_path: Path) -> None:
    before = rows_of(lived)
    told: list[tuple[int, int]] = []
    lines = move_in(admin, lived, lambda done, total: told.append((done, total)))
    assert all(line.alike for line in lines)
    assert {line.what: line.here for line in lines}["leads"] == str(len(before["lead"]))
    assert told[-1] == (sum(map(len, before.values())),) * 2
    assert told == sorted(told)
    assert_alike(before, of_server(team))
    assert rows_of(lived) == before
    assert sum(len(rows) for rows in before.values()) > 2000
    assert all(before[name] for name in ("chunk", "change", "snapshot", "lead_snapshot", "note", "mail", "attachment"))

    owner = next(row for row in before["member"] if Role.OWNER in row)[0]
    add_login(admin, f"anna@{team.database}", SECRET, owner)
    back = tmp_path / "zurück"
    office = Office(team, tmp_path, FixedClock.at(TODAY, ZONE))
    link = Link(office.address(f"anna@{team.database}"))
    assert move_out(link, back, clock=office.clock) == lines
    link.drop()
    assert [path.name for path in back.iterdir()] == ["trichter.db"]
    assert_alike(before, rows_of(store_file(back)))
    store = reopened(back)
    assert check(store).problems == ()
    with closing(store), closing(connect(lived)) as old, closing(connect(store.path)) as new:
        derived = "SELECT id, total_base, month_weighted, next_step_on, last_touch_on, title_key FROM lead ORDER BY id"
        assert new.execute(derived).fetchall() == old.execute(derived).fetchall()
        docs = "SELECT entity, row_id, lead_id, folded FROM search_doc ORDER BY entity, row_id"
        assert new.execute(docs).fetchall() == old.execute(docs).fetchall()


def test_people_work_on_where_they_were(lived: Path, admin: psycopg.Connection, team: Server, tmp_path: Path) -> None:
    highest = max(row[0] for row in rows_of(lived)["lead"])
    move_in(admin, lived)
    user = f"anna@{team.database}"
    add_login(admin, user, SECRET, 1)
    office = Office(team, tmp_path, FixedClock.at(TODAY, ZONE))
    with closing(office.replica(user)) as store:
        assert check(store).problems == ()
        assert add_lead(store, "Neu") > highest
        edit(store, 1, title="Anders")
        store.undo()
    assert_alike(
        {"lead": rows_of(lived)["lead"]}, {"lead": [row for row in of_server(team)["lead"] if row[0] <= highest]}
    )


def test_a_team_with_somebody_or_something_in_it_is_refused(
    lived: Path, admin: psycopg.Connection, team: Server
) -> None:
    add_member(admin, "Anna", "A", Role.OWNER)
    before = of_server(team)
    with pytest.raises(InvalidInput, match="needs an empty one"):
        move_in(admin, lived)
    assert not discard(admin)
    assert of_server(team) == before


@pytest.mark.parametrize("at", [0, 40, 95])
def test_a_move_that_is_stopped_leaves_nothing(lived: Path, admin: psycopg.Connection, team: Server, at: int) -> None:
    def stop(done: int, total: int) -> None:
        if 100 * done >= at * total:
            raise Cancelled(Text("stopped"))

    before = lived.read_bytes()
    with pytest.raises(Cancelled):
        move_in(admin, lived, stop)
    assert _is_empty(team)
    assert lived.read_bytes() == before
    move_in(admin, lived)
    assert_alike(rows_of(lived), of_server(team))


_CHILD = """
import os, signal, sys
from pathlib import Path
import psycopg
from app.models.server.moving import move_in

signal.signal(signal.SIGINT, signal.default_int_handler)  # in the background of a shell it would be ignored

def tell(done, total):
    if 100 * done >= int(sys.argv[3]) * total:
        os.kill(os.getpid(), int(sys.argv[4]))

admin = psycopg.connect(sys.argv[1], autocommit=True)
move_in(admin, Path(sys.argv[2]), tell)
"""


def _killed(team: Server, path: Path, at: int, how: int) -> int:
    where = f"host=127.0.0.1 port={team.port} dbname={team.database} user=admin password='{SECRET}'"
    child = [sys.executable, "-c", _CHILD, where, str(path), str(at), str(how)]
    return subprocess.run(child, check=False, capture_output=True).returncode


@pytest.mark.skipif(os.name == "nt", reason="signals")
@pytest.mark.parametrize("at", [1, 40, 95])
def test_a_move_that_was_killed_goes_on(
    lived: Path, admin: psycopg.Connection, team: Server, monkeypatch: pytest.MonkeyPatch, at: int
) -> None:
    assert _killed(team, lived, at, signal.SIGKILL) == -signal.SIGKILL
    with pytest.raises(InvalidInput, match="not complete"):
        add_login(admin, f"anna@{team.database}", SECRET, 1)
    sent: list[str] = []
    copy = moving._Move._copy

    def noted(self: moving._Move, table: SharedTable, rows: object) -> None:
        sent.append(table.name)
        copy(self, table, rows)  # type: ignore[arg-type]

    monkeypatch.setattr(moving._Move, "_copy", noted)
    move_in(admin, lived)
    assert_alike(rows_of(lived), of_server(team))
    assert ("member" in sent) == (at == 1), "what was there was not sent again"


@pytest.mark.skipif(os.name == "nt", reason="signals")
def test_ctrl_c_leaves_nothing(lived: Path, team: Server) -> None:
    assert _killed(team, lived, 60, signal.SIGINT) != 0
    assert _is_empty(team)


@pytest.mark.skipif(os.name == "nt", reason="signals")
def test_other_data_after_a_kill_begin_anew(lived: Path, admin: psycopg.Connection, team: Server) -> None:
    _killed(team, lived, 80, signal.SIGKILL)
    with closing(connect(lived)) as driver:
        driver.execute("UPDATE company SET name = name || '!' WHERE id = 1")
    move_in(admin, lived)
    assert_alike(rows_of(lived), of_server(team))


@pytest.mark.skipif(os.name == "nt", reason="signals")
def test_what_a_kill_left_can_be_removed(lived: Path, admin: psycopg.Connection, team: Server) -> None:
    _killed(team, lived, 80, signal.SIGKILL)
    assert discard(admin)
    assert not discard(admin)
    assert _is_empty(team)
    add_member(admin, "Anna", "A", Role.OWNER)


def test_a_link_that_is_cut_is_gone_on_with(lived: Path, admin: psycopg.Connection, team: Server) -> None:
    def cut(done: int, total: int) -> None:
        if 2 * done >= total:
            with team.connect(database="postgres") as other:
                other.execute("SELECT pg_terminate_backend(%s)", [admin.info.backend_pid])

    with pytest.raises(Unreachable):
        move_in(admin, lived, cut)
    with team.connect() as again:
        move_in(again, lived)
    assert_alike(rows_of(lived), of_server(team))


@contextmanager
def _tampering(admin: psycopg.Connection, statement: str) -> Iterator[Callable[[int, int], None]]:
    """Changes something on the server behind the move's back, when all but the last table is there."""
    done = False

    def tell(moved: int, total: int) -> None:
        nonlocal done
        if not done and moved >= total - 30:
            done = True
            admin.execute("SET LOCAL ROLE vorlage_tables")
            admin.execute("ALTER TABLE team.lead DISABLE TRIGGER USER")
            admin.execute("ALTER TABLE team.chunk DISABLE TRIGGER USER")
            admin.execute(statement.encode())
            admin.execute("SET CONSTRAINTS ALL IMMEDIATE")
            admin.execute("ALTER TABLE team.lead ENABLE TRIGGER USER")
            admin.execute("ALTER TABLE team.chunk ENABLE TRIGGER USER")

    yield tell
    assert done


@pytest.mark.parametrize(
    ("statement", "which"),
    [
        ("UPDATE team.lead SET amount_minor = amount_minor + 1 WHERE id = 3", {"amounts", "lead"}),
        ("UPDATE team.lead SET title = title || ' ' WHERE id = 3", {"lead"}),
        ("UPDATE team.chunk SET data = set_byte(data, 0, (get_byte(data, 0) + 1) % 256) WHERE id = 1", {"chunk"}),
        ("DELETE FROM team.chunk WHERE id = 1", {"bytes", "chunk", "rows"}),
    ],
)
def test_a_difference_is_named_and_both_stay_as_they_were(
    lived: Path, admin: psycopg.Connection, team: Server, statement: str, which: set[str]
) -> None:
    with _tampering(admin, statement) as tell, pytest.raises(Differs) as told:
        move_in(admin, lived, tell)
    assert {line.what for line in told.value.lines if not line.alike} == which
    assert _is_empty(team)


def test_while_it_goes_nobody_writes_here_and_nobody_else_moves(
    lived: Path, admin: psycopg.Connection, team: Server
) -> None:
    seen: list[type[Exception]] = []

    def look(_done: int, _total: int) -> None:
        if seen:
            return
        with closing(connect(lived)) as other:
            other.execute("PRAGMA busy_timeout = 10")
            try:
                other.execute("UPDATE lead SET title = 'x'")
            except Exception as error:  # noqa: BLE001 - whatever the driver raises
                seen.append(type(error))
        with team.connect() as rival:
            try:
                move_in(rival, lived)
            except Locked as error:
                seen.append(type(error))

    move_in(admin, lived, look)
    assert [error.__name__ for error in seen] == ["OperationalError", "Locked"]


def test_a_text_with_a_nul_arrives_without_it(lived: Path, admin: psycopg.Connection, team: Server) -> None:
    with closing(connect(lived)) as driver:
        driver.execute("UPDATE lead SET info = 'a' || char(0) || 'b' WHERE id = 1")
    move_in(admin, lived)
    names = next(table.names for table in tables_in_order() if table.name == "lead")
    assert of_server(team)["lead"][0][names.index("info")] == "ab"


# --- back ------------------------------------------------------------------------------------------------------------


@pytest.fixture
def moved(lived: Path, admin: psycopg.Connection, team: Server, tmp_path: Path) -> Office:
    """A team to which it was moved; Anna (1) is an owner, Ben (2) has another role."""
    move_in(admin, lived)
    for member, name in ((1, "anna"), (2, "ben")):
        add_login(admin, f"{name}@{team.database}", SECRET, member)
    admin.execute("ALTER TABLE team.member DISABLE TRIGGER USER")
    admin.execute("UPDATE team.member SET role = CASE id WHEN 1 THEN 'owner' ELSE 'full' END WHERE id IN (1, 2)")
    admin.execute("ALTER TABLE team.member ENABLE TRIGGER USER")
    return Office(team, tmp_path, FixedClock.at(TODAY, ZONE))


@contextmanager
def _link(office: Office, name: str) -> Iterator[Link]:
    link = Link(office.address(f"{name}@{office.server.database}"))
    yield link
    link.drop()


def test_only_an_owner_takes_all_out_and_to_a_new_place(moved: Office, tmp_path: Path) -> None:
    with _link(moved, "ben") as link, pytest.raises(NotAllowed):
        move_out(link, tmp_path / "neu", clock=moved.clock)
    there = tmp_path / "voll"
    there.mkdir()
    (there / "trichter.db").write_bytes(b"etwas")
    with _link(moved, "anna") as link, pytest.raises(InvalidInput):
        move_out(link, there, clock=moved.clock)
    assert (there / "trichter.db").read_bytes() == b"etwas"
    assert not (tmp_path / "neu").exists()


@pytest.mark.parametrize("at", [0, 40, 100])
def test_a_way_back_that_is_stopped_leaves_nothing(moved: Office, tmp_path: Path, at: int) -> None:
    def stop(done: int, total: int) -> None:
        if 100 * done >= at * total:
            raise Cancelled(Text("stopped"))

    before = of_server(moved.server)
    with _link(moved, "anna") as link:
        with pytest.raises(Cancelled):
            move_out(link, tmp_path / "neu", clock=moved.clock, tell=stop)
        assert not (tmp_path / "neu").exists()
    with _link(moved, "anna") as link:
        move_out(link, tmp_path / "neu", clock=moved.clock)
    assert_alike(before, rows_of(store_file(tmp_path / "neu")))
    assert of_server(moved.server) == before
