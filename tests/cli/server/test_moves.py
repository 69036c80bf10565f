"""`trichter server move-in` and `move-out`: an agency goes to a server and works there as it did, and comes back."""

import re
from collections.abc import Callable
from contextlib import closing, suppress
from pathlib import Path
from typing import Any

import psycopg
import pytest

from app.models.engine import connect
from app.models.migrate import HEAD
from app.models.place import store_file
from app.models.server import moving, upgrading
from app.models.server.comparing import Compared, Differs
from app.models.server.schema import FORMAT
from app.services.lock import StoreLock
from tests.cli.conftest import Said, Trichter
from tests.cli.server.conftest import Administer, url_of
from tests.models.server.offices import assert_alike, of_server
from tests.models.server.test_moving import rows_of
from tests.servers import SECRET, Server

#: What people ask for, and get the same answer to here and there.
ASKED = (
    ["list", "--limit", "0", "--json"], ["forecast", "--json"], ["funnel", "--json"], ["funnel", "--mode", "touched"],
    ["companies", "--limit", "0", "--json"], ["people", "--limit", "0", "--json"],
    ["reminders", "--limit", "0", "--json"], ["list", "--text", "relaunch"], ["list"], ["team", "--json"], ["forecast"],
)  # fmt: skip


@pytest.fixture
def agency(trichter: Trichter, monkeypatch: pytest.MonkeyPatch, data: Path) -> dict[str, str]:
    """The demo's agency on this device; its people by role."""
    monkeypatch.delenv("TRICHTER_DATABASE", raising=False)
    assert trichter("demo").code == 0
    people = trichter("team", "--json").json["team"]
    return {each["role"]: each["name"] for each in reversed(people)}


@pytest.fixture
def here(trichter: Trichter, monkeypatch: pytest.MonkeyPatch) -> Callable[..., Said]:
    """The data of this device."""

    def run(*arguments: str | Path) -> Said:
        with monkeypatch.context() as alone:
            alone.delenv("TRICHTER_DATABASE", raising=False)
            return trichter(*arguments)

    return run


def _let_in(administer: Administer, typed: list[str], people: dict[str, str]) -> None:
    for role, name in people.items():
        typed[:] = [SECRET, SECRET]
        said = administer("user", "add", "--member", name, "--user", role)
        assert said.code == 0, said
        assert f"{role}@127.0.0.1" in said.out


def test_an_agency_goes_there_works_and_comes_back(
    agency: dict[str, str], here: Callable[..., Said], administer: Administer, place: Server, typed: list[str],
    trichter: Trichter, data: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    assert set(agency) == {"owner", "full", "limited", "reader"}
    said = {role: [here("--user", name, *asked) for asked in ASKED] for role, name in agency.items()}
    before = rows_of(store_file(data))
    assert administer("init").code == 0
    moved = administer("move-in")
    assert (moved.code, moved.err) == (0, ""), moved
    assert re.search(r"Leads +(\d+) +\1\n", moved.out), moved.out
    assert_alike(before, of_server(place))
    _let_in(administer, typed, agency)

    for role in agency:
        monkeypatch.setenv("TRICHTER_DATABASE", url_of(place, role))
        assert trichter("check").code == 0
        for asked, expected in zip(ASKED, said[role], strict=True):
            answer = trichter(*asked)
            assert (answer.code, answer.err) == (0, ""), (role, asked, answer)
            assert answer.out == expected.out, (role, asked)

    back = tmp_path / "zurück"
    monkeypatch.setenv("TRICHTER_DATABASE", url_of(place, "owner"))
    out = trichter("server", "move-out", back)
    assert out.code == 0, out
    assert_alike(before, rows_of(store_file(back)))
    assert here("--data", back, "check").code == 0
    assert here("--data", back, "list", "--limit", "0", "--json").out == said["owner"][0].out
    assert here("--data", back, "--user", agency["limited"], *ASKED[0]).out == said["limited"][0].out

    for role, code in (("owner", 0), ("full", 0), ("limited", 0), ("reader", 1)):
        monkeypatch.setenv("TRICHTER_DATABASE", url_of(place, role))
        assert trichter("add", f"Neu von {role} 5k", "--anyway").code == code
    seen = {role: _titles(trichter, monkeypatch, place, role) for role in agency}
    assert {"Neu von owner", "Neu von full", "Neu von limited"} <= seen["reader"] == seen["owner"]
    assert {title for title in seen["limited"] if title.startswith("Neu")} == {"Neu von limited"}


def _titles(trichter: Trichter, monkeypatch: pytest.MonkeyPatch, place: Server, user: str) -> set[str]:
    monkeypatch.setenv("TRICHTER_DATABASE", url_of(place, user))
    return {lead["title"] for lead in trichter("list", "--limit", "0", "--json").json["leads"]}


def test_only_who_decides_here_moves_the_data_away(
    agency: dict[str, str], administer: Administer, trichter: Trichter, place: Server
) -> None:
    administer("init")
    for role in ("full", "limited", "reader"):
        said = trichter("--user", agency[role], "server", "move-in")
        assert said.is_refusal, said
    assert trichter("--user", "Niemand", "server", "move-in").is_refusal
    assert not any(rows for name, rows in of_server(place).items() if name != "store_setting")


def test_where_there_is_nothing_to_move_nothing_is_made(administer: Administer, data: Path, place: Server) -> None:
    administer("init")
    assert administer("move-in").is_refusal
    assert administer("move-in", "--discard").out == "There is nothing that a move has left.\n"
    assert not data.exists()


def test_a_team_that_works_already_is_left_alone(
    agency: dict[str, str], administer: Administer, typed: list[str], place: Server
) -> None:
    said = administer("move-in")
    assert said.is_refusal
    assert "server init" in said.err
    administer("init", "--name", "Olga Neu")
    before = of_server(place)
    said = administer("move-in")
    assert said.is_refusal
    assert "--member" in said.err
    assert of_server(place) == before


def test_while_a_window_is_open_nothing_is_moved(
    agency: dict[str, str], administer: Administer, data: Path, clock: Any
) -> None:
    administer("init")
    with StoreLock(data, clock):
        assert administer("move-in").is_refusal
    assert administer("move-in").code == 0


def test_a_difference_is_shown_and_nothing_kept(
    agency: dict[str, str], administer: Administer, place: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    administer("init")

    def differs(*_: object) -> list[Compared]:
        return [Compared("leads", "86", "86"), Compared("amounts", "1", "2")]

    with monkeypatch.context() as patched:
        patched.setattr(moving, "compared", differs)
        said = administer("move-in")
        answer = administer("move-in", "--json")
    assert said.code == 1
    assert re.search(r"Sum of all amounts \(cents\) +1 +2 +differs", said.out), said.out
    assert "not the same on both sides: amounts" in said.err
    assert answer.json["ok"] is False
    assert not any(rows for name, rows in of_server(place).items() if name != "store_setting")
    assert administer("move-in", "--json").json["ok"] is True
    assert Differs.__name__ not in said.err


def test_ctrl_c_ends_a_move_and_leaves_nothing(
    agency: dict[str, str], administer: Administer, place: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    administer("init")

    def interrupt(*_: object) -> list[Compared]:
        raise KeyboardInterrupt

    with monkeypatch.context() as patched:
        patched.setattr(moving, "compared", interrupt)
        assert administer("move-in").code == 130
    assert not any(rows for name, rows in of_server(place).items() if name != "store_setting")
    assert administer("move-in").code == 0


def test_only_an_owner_takes_all_back_and_to_a_new_place(
    agency: dict[str, str], administer: Administer, typed: list[str], trichter: Trichter, place: Server,
    data: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    administer("init")
    administer("move-in")
    _let_in(administer, typed, agency)
    for role in ("full", "limited", "reader"):
        monkeypatch.setenv("TRICHTER_DATABASE", url_of(place, role))
        assert trichter("server", "move-out", tmp_path / "neu").is_refusal
    monkeypatch.setenv("TRICHTER_DATABASE", url_of(place, "owner"))
    assert trichter("server", "move-out", data).is_refusal
    file = tmp_path / "datei"
    file.touch()
    assert trichter("server", "move-out", file).is_refusal
    monkeypatch.setenv("PGPASSWORD", "falsch geraten")
    assert trichter("server", "move-out", tmp_path / "neu").is_refusal
    assert not (tmp_path / "neu").exists()
    monkeypatch.delenv("PGPASSWORD")
    typed[:] = [SECRET]
    assert trichter("server", "move-out", tmp_path / "neu", "--json").json["ok"] is True
    with closing(connect(tmp_path / "neu" / "trichter.db")) as driver:
        assert driver.execute("SELECT count(*) FROM store_setting WHERE key LIKE 'team:%'").fetchone() == (0,)


def test_an_administrator_need_not_be_a_superuser(
    agency: dict[str, str], administer: Administer, typed: list[str], trichter: Trichter, place: Server,
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    """Whoever rents a database gets a role that may make roles, and owns the database."""
    with place.connect() as admin:
        admin.execute(f"CREATE ROLE verwalter LOGIN CREATEROLE PASSWORD '{SECRET}'")
        admin.execute(f"ALTER DATABASE {place.database} OWNER TO verwalter")
    monkeypatch.setenv("TRICHTER_DATABASE", url_of(place, "verwalter"))
    assert administer("init").code == 0
    said = administer("move-in")
    assert said.code == 0, said
    _let_in(administer, typed, agency)
    for arguments in (
        ["disable", "reader"], ["enable", "reader"], ["role", "reader", "limited"], ["role", "reader", "reader"],
        ["password", "reader"], ["list"],
    ):  # fmt: skip
        typed[:] = [SECRET, SECRET]
        said = administer("user", *arguments)
        assert said.code == 0, (arguments, said)
    assert administer("upgrade").code == 0
    monkeypatch.setattr(upgrading, "STEPS", (*upgrading.STEPS, upgrading.ServerStep("9001", FORMAT)))
    assert administer("upgrade").code == 0
    monkeypatch.undo()
    with place.connect() as admin:
        admin.execute("UPDATE team.information SET value = %s WHERE key = 'schema'", [HEAD])
    monkeypatch.setenv("PGPASSWORD", SECRET)
    counts = [len(_titles(trichter, monkeypatch, place, role)) for role in ("owner", "limited")]
    assert counts[0] > counts[1] > 0
    with closing(place.connect("reader")) as reader:
        assert reader.execute("SELECT count(*) FROM team.lead").fetchone() == (counts[0],)
        monkeypatch.setenv("TRICHTER_DATABASE", url_of(place, "verwalter"))
        assert administer("user", "disable", "reader").code == 0
        with suppress(psycopg.OperationalError):  # thrown out, or let into nothing
            assert reader.execute("SELECT count(*) FROM team.lead").fetchone() == (0,)
    monkeypatch.setenv("TRICHTER_DATABASE", url_of(place, "owner"))
    assert trichter("server", "move-out", tmp_path / "neu").code == 0
