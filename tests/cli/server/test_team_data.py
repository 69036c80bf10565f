"""Every command with TRICHTER_DATABASE: the same answers as on data of one's own, and what holds only there."""

import re
import shutil
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path
from urllib.parse import quote

import pytest

from app import bootstrap
from app.bootstrap import Surroundings
from app.core.settings import LAST_USER, TEAM, TEAM_HOST, TEAM_USER
from app.models.engine import connect, migrating_engine
from app.models.migrate import KNOWN, _run
from app.models.server.addressing import Address
from app.models.server.catching_up import Seen, write_seen
from app.services.team_keys import keep
from app.services.teamwork import address_of
from tests.cli.conftest import Said, Trichter
from tests.cli.server.conftest import Administer, url_of
from tests.models.server.offices import make_old
from tests.servers import SECRET, Server
from tests.services.server.conftest import MemoryKeyring

#: `trichter …` with the team's server, as this person.
As = Callable[..., Said]


@pytest.fixture
def work(
    administer: Administer, trichter: Trichter, place: Server, typed: list[str], monkeypatch: pytest.MonkeyPatch
) -> As:
    """A team of an owner, one of few rights and one who reads; everybody's password is the same."""
    for arguments in (
        ["init", "--name", "Anna Kern", "--user", "anna"],
        ["user", "add", "Ben Roth", "--user", "ben", "--role", "limited"],
        ["user", "add", "Cem Aydin", "--user", "cem", "--role", "reader"],
    ):  # fmt: skip
        typed[:] = [SECRET, SECRET]
        assert administer(*arguments).code == 0

    def run(user: str, *arguments: str | Path) -> Said:
        monkeypatch.setenv("TRICHTER_DATABASE", url_of(place, user))
        return trichter(*arguments)

    return run


@pytest.fixture
def replica(data: Path) -> Callable[[str], Path]:
    """Where somebody's replica lies."""

    def find(user: str) -> Path:
        (found,) = (data / "team").glob(f"*-{user}-*")
        return found

    return find


@pytest.fixture
def stopped(place: Server) -> Iterator[Callable[[], None]]:
    """Lets nobody into the database any more, and throws out who is in it, as if the server had been stopped."""

    def stop() -> None:
        with place.connect(database="postgres") as admin:
            admin.execute(f"ALTER DATABASE {place.database} ALLOW_CONNECTIONS false")
            admin.execute("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = %s", [place.database])

    yield stop
    with place.connect(database="postgres") as admin:
        admin.execute(f"ALTER DATABASE {place.database} ALLOW_CONNECTIONS true")


def _titles(said: Said) -> list[str]:
    return sorted(lead["title"] for lead in said.json["leads"])


def test_what_one_adds_the_others_see_as_far_as_they_may(work: As, replica: Callable[[str], Path]) -> None:
    first = work("anna", "list", "--json")
    assert (first.code, first.json["count"]) == (0, 0)
    assert "fetched from the server" in first.err
    assert first.err.count(str(replica("anna"))) == 1
    for who, line in (("anna", "Relaunch Müller 25k"), ("ben", "Flyer Meier 3k"), ("anna", "Messe 4k @BR")):
        said = work(who, "add", line, "--anyway")
        assert said.code == 0, said
    refused = work("cem", "add", "Nichts")
    assert refused.code == 1
    assert _titles(work("ben", "list", "--json")) == ["Flyer Meier", "Messe"]
    everything = work("anna", "list", "--json")
    assert everything.err == ""
    assert len(_titles(everything)) == len(_titles(work("cem", "list", "--json"))) == 3
    for command in (["forecast"], ["funnel"], ["companies"], ["people"], ["reminders"], ["team"], ["check"], ["list"]):
        for who in ("anna", "ben", "cem"):
            said = work(who, *command)
            assert (said.code, said.err) == (0, ""), (who, command, said)


def test_who_signs_in_is_who_it_is(work: As, place: Server) -> None:
    said = work("anna", "--user", "Ben Roth", "add", "Relaunch")
    assert said.code == 0
    assert "--user is left aside" in said.err
    with place.connect() as admin:
        names = admin.execute(
            "SELECT DISTINCT name FROM team.change_set JOIN team.member ON member.id = actor_id"
        ).fetchall()
    assert names == [("Anna Kern",)]


def test_files_are_imported_and_exported(work: As, own: Path, tmp_path: Path, replica: Callable[[str], Path]) -> None:
    said = work("anna", "import", own, "--json")
    assert said.json["created"] == 6
    assert work("cem", "list", "--json").json["count"] == 6
    assert work("cem", "export", tmp_path / "alle.csv").code == 0
    assert not (replica("anna") / "backups").exists()
    refused = work("ben", "import", own)
    assert refused.code == 1
    assert work("anna", "list", "--json").json["count"] == 6


def test_without_the_server_there_is_reading(
    work: As, stopped: Callable[[], None], place: Server, typed: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    work("anna", "add", "Relaunch 25k")
    fresh = work("cem", "list", "--json")
    stopped()
    for who in ("anna", "cem"):
        for command in (["list"], ["forecast"], ["check"], ["team"]):
            said = work(who, *command)
            assert said.code == 0, said
            assert re.fullmatch(r"[^\n]+ What is shown is as of [^\n]+\.\n", said.err), said
    assert work("cem", "list", "--json").json == fresh.json
    assert work("anna", "list", "--json").json["count"] == 1
    for arguments in (["add", "Neu"], ["team", "role", "Ben Roth", "full"], ["check", "--repair"]):
        said = work("anna", *arguments)
        assert said.is_refusal, said
    assert work("ben", "list").is_refusal
    monkeypatch.setenv("PGPASSWORD", "falsch geraten")
    assert work("anna", "list").is_refusal
    monkeypatch.delenv("PGPASSWORD")
    typed[:] = [SECRET]
    assert work("anna", "list", "--json").json["count"] == 1
    monkeypatch.setenv("PGPASSWORD", SECRET)
    with place.connect(database="postgres") as admin:
        admin.execute(f"ALTER DATABASE {place.database} ALLOW_CONNECTIONS true")
    assert work("anna", "add", "Neu").code == 0
    assert _titles(work("cem", "list", "--json")) == ["Neu", "Relaunch"]


def test_wrong_passwords_and_who_is_shut_out_read_nothing(
    work: As, administer: Administer, typed: list[str], place: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert work("ben", "list").code == 0
    monkeypatch.setenv("PGPASSWORD", "falsch geraten")
    said = work("ben", "list")
    assert said.is_refusal
    assert "with this password" in said.err
    monkeypatch.delenv("PGPASSWORD")
    typed[:] = [SECRET]
    assert work("ben", "list").code == 0
    typed[:] = ["falsch geraten"]
    assert work("ben", "list").is_refusal
    monkeypatch.setenv("PGPASSWORD", SECRET)
    monkeypatch.setenv("TRICHTER_DATABASE", url_of(place))
    assert administer("user", "disable", "ben").code == 0
    said = work("ben", "list")
    assert said.is_refusal
    assert "does not let this user name in" in said.err


def test_a_password_that_the_keyring_has_is_not_asked_for(
    work: As, place: Server, ring: MemoryKeyring, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("PGPASSWORD")
    assert work("anna", "list").is_refusal
    keep(address_of(url_of(place, "anna").replace("@", f":{quote(SECRET)}@")))
    assert len(ring.kept) == 1
    assert work("anna", "add", "Relaunch").code == 0


def test_what_is_the_servers_business_is_refused(work: As, tmp_path: Path) -> None:
    work("anna", "add", "Relaunch")
    copy = tmp_path / "copy.db"
    for arguments, words in (
        (["backup", copy], "pg_dump"), (["restore", copy], ""), (["demo"], "move-in"),
        (["team", "password", "Anna Kern"], "server user password"),
    ):  # fmt: skip
        said = work("anna", *arguments)
        assert said.is_refusal, said
        assert words in said.err
    assert not copy.exists()
    assert work("anna", "list", "--json").json["count"] == 1


def test_a_backup_is_not_put_in_the_place_of_a_replica(
    work: As, trichter: Trichter, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    work("anna", "add", "Relaunch")
    monkeypatch.delenv("TRICHTER_DATABASE")
    other, copy = tmp_path / "anders", tmp_path / "copy.db"
    assert trichter("--data", other, "demo").code == trichter("--data", other, "backup", copy).code == 0
    said = work("anna", "restore", copy)
    assert said.is_refusal
    assert "pg_restore" in said.err
    assert work("anna", "list", "--json").json["count"] == 1


def test_a_replica_is_no_store_of_its_own(
    work: As, trichter: Trichter, replica: Callable[[str], Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    work("anna", "add", "Relaunch")
    monkeypatch.delenv("TRICHTER_DATABASE")
    before = (replica("anna") / "trichter.db").read_bytes()
    for arguments in (["list"], ["add", "Fremd"], ["check"], ["demo"], ["export", "x.csv"]):
        said = trichter("--data", replica("anna"), *arguments)
        assert said.is_refusal, said
        assert "TRICHTER_DATABASE" in said.err
    assert (replica("anna") / "trichter.db").read_bytes() == before
    assert trichter("list", "--json").json["count"] == 0


def test_a_damaged_replica_is_fetched_anew(work: As, replica: Callable[[str], Path]) -> None:
    work("anna", "add", "Relaunch")
    file = replica("anna") / "trichter.db"
    for broken, heals in ((b"SQLite format 3\0" + bytes(9000), True), (b"Unsinn" * 1000, False), (b"", True)):
        file.write_bytes(broken)
        said = work("anna", "list")
        assert (said.code == 0) is heals, said
        assert said.is_refusal is not heals
        assert ("check --repair" in said.err) is not heals
        assert work("anna", "check", "--repair").code == 0
        assert work("anna", "list", "--json").json["count"] == 1
    assert sorted(path.name for path in file.parent.glob("*.db*")) == ["trichter.db"]


def test_another_team_at_the_same_place_is_fetched_anew(
    work: As, administer: Administer, place: Server, typed: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    work("anna", "add", "Relaunch")
    with place.connect() as admin:
        admin.execute("DROP SCHEMA team CASCADE")
        for role in ("anna", "ben", "cem", f"{place.database}_tables", f"{place.database}_people"):
            admin.execute(f"DROP OWNED BY {role}; DROP ROLE {role}")
    said = work("anna", "list")
    assert said.is_refusal
    monkeypatch.setenv("TRICHTER_DATABASE", url_of(place))
    typed[:] = [SECRET, SECRET]
    assert administer("init", "--name", "Anna", "--user", "anna").code == 0
    assert work("anna", "list", "--json").json["count"] == 0
    assert work("anna", "add", "Neu").code == 0


def test_after_a_restore_on_the_server_everybody_fetches_anew(
    work: As, administer: Administer, place: Server, replica: Callable[[str], Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    work("anna", "add", "Relaunch")
    work("anna", "add", "Nie gesichert")
    work("cem", "list")
    with place.connect() as admin:  # as if the second lead had come after the backup, and another one instead of it
        admin.execute("ALTER TABLE team.lead DISABLE TRIGGER USER")
        admin.execute("UPDATE team.lead SET title = 'Danach' WHERE title = 'Nie gesichert'")
        admin.execute("ALTER TABLE team.lead ENABLE TRIGGER USER")
    assert _titles(work("cem", "list", "--json")) == ["Nie gesichert", "Relaunch"]
    assert work("anna", "server", "restored").is_refusal
    monkeypatch.setenv("TRICHTER_DATABASE", url_of(place))
    assert administer("restored").code == 0
    for who in ("anna", "cem"):
        assert _titles(work(who, "list", "--json")) == ["Danach", "Relaunch"]


def test_the_replica_of_an_older_program_is_fetched_anew(
    work: As, replica: Callable[[str], Path], template_of_old: Path
) -> None:
    work("anna", "add", "Relaunch")
    file = replica("anna") / "trichter.db"
    with closing(connect(template_of_old)) as old:
        write_seen(old, Seen("of before", 1, "owner"))
    shutil.copyfile(template_of_old, file)
    assert work("anna", "list", "--json").json["count"] == 1


def test_the_replica_of_an_older_program_hinders_no_command_and_no_way_out(
    work: As, replica: Callable[[str], Path], place: Server, tmp_path: Path
) -> None:
    """Encrypted, as the version before this one made it."""
    work("anna", "add", "Relaunch")
    address = Address("127.0.0.1", place.database, "anna", SECRET, place.port, tls="disable")
    for arguments in (
        ["list", "--json"], ["add", "Danach"], ["forecast", "--json"], ["check", "--repair", "--json"],
        ["export", tmp_path / "leads.csv"],
    ):  # fmt: skip
        make_old(replica("anna"), address)
        assert work("anna", *arguments).code == 0, arguments
    make_old(replica("anna"), address)
    assert work("anna", "server", "move-out", tmp_path / "neu", "--json").json["ok"] is True
    assert _titles(work("anna", "list", "--json")) == ["Danach", "Relaunch"]


@pytest.fixture
def template_of_old(tmp_path: Path) -> Path:
    """A file of the schema before this one."""
    path = tmp_path / "old.db"
    engine = migrating_engine(path, local=False)
    with engine.connect() as connection, connection.begin():
        _run(connection, KNOWN[-2])
    engine.dispose()
    return path


def test_data_of_ones_own_in_that_place_stay(
    work: As, replica: Callable[[str], Path], trichter: Trichter, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    work("anna", "add", "Relaunch")
    monkeypatch.delenv("TRICHTER_DATABASE")
    assert trichter("--data", tmp_path / "anders", "demo").code == 0
    file = replica("anna") / "trichter.db"
    shutil.copyfile(tmp_path / "anders" / "trichter.db", file)
    before = file.read_bytes()
    for arguments in (["list"], ["check", "--repair"]):
        assert work("anna", *arguments).is_refusal
    assert file.read_bytes() == before


@pytest.mark.parametrize("schema", ["9999", "0001"])
def test_another_version_of_the_server_is_one_sentence(work: As, place: Server, schema: str) -> None:
    work("anna", "list")
    with place.connect() as admin:
        admin.execute("UPDATE team.information SET value = %s WHERE key = 'schema'", [schema])
    said = work("anna", "list")
    assert said.is_refusal
    assert ("newer" if schema == "9999" else "older") in said.err


@pytest.mark.parametrize("address", ["Unsinn", "postgresql://anna@db/x?sslmode=prefer", "postgresql://db"])
def test_an_address_that_is_none_is_one_sentence(
    trichter: Trichter, data: Path, monkeypatch: pytest.MonkeyPatch, address: str
) -> None:
    monkeypatch.setenv("TRICHTER_DATABASE", address)
    for arguments in (["list"], ["add", "x"], ["check"]):
        said = trichter(*arguments)
        assert said.is_refusal, said
    assert not data.exists()


def test_the_window_begins_with_the_team_that_is_named_and_not_with_an_address_that_is_none(
    trichter: Trichter, monkeypatch: pytest.MonkeyPatch
) -> None:
    begun: list[Surroundings] = []

    def begin(around: Surroundings) -> int:
        begun.append(around)
        return 0

    monkeypatch.setattr(bootstrap, "run_window", begin)
    monkeypatch.setenv("QT_QPA_PLATFORM", "offscreen")
    monkeypatch.setenv("PGPASSWORD", SECRET)
    monkeypatch.setenv("TRICHTER_DATABASE", "postgresql://anna@db.example/agentur")
    assert trichter().code == 0
    assert trichter("--user", "Ben").err.startswith("--user is left aside")
    for around in begun:
        assert around.given is not None
        assert (around.given.address.password, around.options.user) == (SECRET, None)
        assert around.settings[TEAM]
        assert (around.settings[TEAM_HOST], around.settings[TEAM_USER]) == ("db.example", "anna")
        around.settings[LAST_USER] = "Anna Kern"  # as a window does
        assert not around.settings.path.exists()
    for address in ("Unsinn", "postgresql://anna@db/x?sslmode=prefer", f"postgresql://anna@{'x' * 5000}/agentur"):
        monkeypatch.setenv("TRICHTER_DATABASE", address)
        assert trichter().is_refusal
    monkeypatch.setenv("TRICHTER_DATABASE", " ")
    assert trichter().code == 0
    assert len(begun) == 3
    assert begun[2].given is None
