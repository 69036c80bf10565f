"""`trichter team`, passwords before any command, and what people of few rights get to see and may do."""

import os
import subprocess
import sys
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest

from app.core.clock import SystemClock
from app.core.roles import Role
from app.models.store import Store
from app.services.team import Team
from tests.cli.conftest import Said, Trichter
from tests.stores import TODAY, ZONE, add_lead, add_member, reopened

DAY = TODAY.isoformat()
WEEK = (TODAY + timedelta(days=7)).isoformat()
SECRET = "geheim und lang"


@pytest.fixture
def agency(folder: Path, trichter: Trichter) -> Trichter:
    """The command line over a store of an owner, one who sees only his leads, and one who only reads."""
    store = reopened(folder)
    for name, initials, role in (("Ben Roth", "BR", Role.LIMITED), ("Carla Sand", "CS", Role.READER)):
        Team(store).set_role(add_member(store, name, initials), role)
    for title, owner in (("Annas", 1), ("Bens", 2), ("Niemands", None)):
        add_lead(store, title, user_id=owner)
    store.close()
    return lambda *arguments: trichter("--data", folder, "--today", DAY, *arguments)


def _change(folder: Path, work: Callable[[Store], object]) -> None:
    store = reopened(folder)
    work(store)
    store.close()


def _give_password(folder: Path, member: int = 1) -> None:
    _change(folder, lambda store: Team(store).set_password(member, SECRET))


@pytest.fixture
def typed(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """A terminal at which this is typed, one after the other, where a password is asked for."""
    answers: list[str] = []

    def type_next(_prompt: str) -> str:
        if not answers:
            raise EOFError
        return answers.pop(0)

    monkeypatch.setattr("getpass.getpass", type_next)
    monkeypatch.setattr(sys.stdin, "isatty", lambda: True)
    return answers


# --- the list ------------------------------------------------------------------------------------------------------


def test_who_works_here(agency: Trichter) -> None:
    assert agency("team", "deputy", "Anna Kern", "BR").code == 0
    assert agency("team", "away", "AK", DAY, WEEK, "--kind", "Urlaub").code == 0
    said = agency("team")
    assert said.code == 0
    head, _rule, anna, ben, _carla = said.out.splitlines()
    assert head.split("  ")[0] == "Name"
    assert ("Owner" in anna, "Ben Roth" in anna, "2026" in anna) == (True, True, True)
    assert ("Limited" in ben, "2026" in ben) == (True, False)
    answer = agency("team", "--json").json
    assert answer["count"] == 3
    assert answer["team"][0] == {
        "id": 1, "name": "Anna Kern", "initials": "AK", "role": "owner", "email": None, "deputy": "Ben Roth",
        "away": {"from": DAY, "until": WEEK, "kind": "holiday", "half": False, "deputy": None},
    }  # fmt: skip


def test_without_data_nobody_works_here_and_nothing_is_made(trichter: Trichter, data: Path) -> None:
    said = trichter("team")
    assert (said.code, said.out) == (0, "Nobody works here yet.\n")
    for arguments in (
        ["role", "Anna", "owner"], ["deputy", "Anna"], ["away", "Anna", DAY, DAY], ["password", "Anna"]
    ):  # fmt: skip
        assert trichter("team", *arguments).is_refusal
    assert not data.exists()


def test_whoever_begins_decides(trichter: Trichter, own: Path, data: Path) -> None:
    assert trichter("--today", DAY, "--user", "Olga Neu", "import", own).code == 0
    roles = {each["name"]: each["role"] for each in trichter("team", "--json").json["team"]}
    assert roles == {"Olga Neu": "owner", "Anna Kern": "full", "Ben Roth": "full"}


def test_all_of_the_demo_is_to_be_tried(trichter: Trichter, data: Path) -> None:
    assert trichter("--today", DAY, "--user", "Olga Neu", "demo").code == 0
    roles = {each["name"]: each["role"] for each in trichter("team", "--json").json["team"]}
    assert roles["Olga Neu"] == roles["Anna Kern"] == "owner"
    assert trichter("--user", "Olga Neu", "team", "role", "Jana Voss", "full").code == 0


# --- changes -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("word", "role"),
    [
        ("owner", "owner"), ("Inhaber", "owner"), ("FULL", "full"), ("Vollzugriff", "full"), ("Full access", "full"),
        ("Eingeschränkt", "limited"), ("limited", "limited"), ("Nur lesen", "reader"), ("Read only", "reader"),
    ],
)  # fmt: skip
def test_roles_are_given_in_both_languages(agency: Trichter, word: str, role: str) -> None:
    said = agency("team", "role", "ben roth", word)
    assert said.code == 0, said
    assert agency("team", "--json").json["team"][1]["role"] == role


@pytest.mark.parametrize(
    "arguments",
    [
        ["role", "Ben Roth", "Chef"], ["role", "Ben Roth"], ["role", "Ben Roth", ""], ["away", "BR", "morgen", DAY],
        ["away", "BR", DAY], ["away", "BR", DAY, WEEK, "--kind", "Mittag"], ["deputy"], ["password"], ["nonsense"],
    ],
)  # fmt: skip
def test_wrong_usage(agency: Trichter, arguments: list[str]) -> None:
    said = agency("team", *arguments)
    assert said.code == 2
    assert "usage:" in said.err


@pytest.mark.parametrize(
    "arguments",
    [
        ["role", "Niemand", "full"], ["role", "Anna Kern", "full"], ["deputy", "AK", "AK"], ["deputy", "AK", "XX"],
        ["away", "BR", WEEK, DAY], ["away", "BR", DAY, "2999-01-01"], ["away", "XX", DAY, DAY],
        ["away", "BR", DAY, DAY, "--deputy", "XX"], ["away", "BR", DAY, DAY, "--deputy", "BR"], ["password", "XX"],
    ],
)  # fmt: skip
def test_what_makes_no_sense_is_refused_in_a_sentence(agency: Trichter, arguments: list[str]) -> None:
    before = agency("team", "--json").out
    assert agency("team", *arguments).is_refusal
    assert agency("team", "--json").out == before


def test_a_deputy_is_named_and_taken_away(agency: Trichter) -> None:
    assert agency("team", "deputy", "BR", "Anna Kern").out == "Anna Kern stands in for Ben Roth.\n"
    assert agency("team", "deputy", "BR").out == "Nobody stands in for Ben Roth.\n"
    assert agency("team", "--json").json["team"][1]["deputy"] is None


def test_absences_do_not_overlap(agency: Trichter) -> None:
    assert agency("team", "away", "BR", DAY, DAY, "--half", "--kind", "krank", "--deputy", "CS").code == 0
    away = agency("team", "--json").json["team"][1]["away"]
    assert (away["half"], away["kind"], away["deputy"]) == (True, "sick", "Carla Sand")
    said = agency("team", "away", "BR", DAY, WEEK)
    assert said.is_refusal
    assert "is there already" in said.err


# --- few rights ----------------------------------------------------------------------------------------------------


def test_who_sees_only_some_leads_gets_no_others(agency: Trichter) -> None:
    assert [lead["title"] for lead in agency("--user", "BR", "list", "--json").json["leads"]] == ["Bens"]
    assert len(agency("--user", "CS", "list", "--json").json["leads"]) == 3
    assert agency("--user", "BR", "funnel").code == agency("--user", "BR", "forecast").code == 0


def test_what_not_everybody_may_do_is_refused_before_it_begins(agency: Trichter, folder: Path, tmp_path: Path) -> None:
    leads, copy, cards = tmp_path / "leads.csv", tmp_path / "copy.db", tmp_path / "cards.vcf"
    leads.write_text("Titel;Status\nNeu;Aktiv\n", "utf-8")
    cards.write_text("BEGIN:VCARD\nVERSION:3.0\nFN:Zoe Zander\nEND:VCARD\n", "utf-8")
    assert agency("backup", copy).code == 0
    for user in ("BR", "CS"):
        for arguments in (
            ["import", leads], ["import", leads, "--dry-run"], ["cards", "import", cards], ["restore", copy],
            ["backup", tmp_path / "mine.db"], ["team", "role", "CS", "owner"], ["team", "away", "AK", DAY, DAY],
        ):  # fmt: skip
            said = agency("--user", user, *arguments)
            assert said.is_refusal, (user, arguments, said)
    assert not (tmp_path / "mine.db").exists()
    assert not list(folder.glob("*before-restore*"))
    assert agency("list", "--json").json["count"] == 3
    assert agency("--user", "CS", "add", "Neuer Lead").is_refusal
    assert agency("--user", "BR", "add", "Neuer Lead", "--anyway").code == 0
    assert agency("--user", "BR", "team", "away", "BR", DAY, DAY).code == 0


def test_a_deputy_sees_more_meanwhile(agency: Trichter) -> None:
    """Rights are those of the day it is, whatever day a report is of."""
    assert agency("team", "away", "AK", DAY, DAY, "--deputy", "BR").code == 0
    assert agency("--user", "BR", "list", "--json").json["count"] == 1
    today = SystemClock(ZONE).today().isoformat()
    assert agency("team", "away", "AK", today, today, "--deputy", "BR").code == 0
    assert agency("--user", "BR", "list", "--json").json["count"] == 2


def test_who_may_go_back_does_also_where_the_data_are_damaged(agency: Trichter, folder: Path, tmp_path: Path) -> None:
    copy = tmp_path / "copy.db"
    assert agency("backup", copy).code == 0
    assert agency("restore", copy).code == 0
    (folder / "trichter.db").write_bytes(b"SQLite format 3\0" + bytes(9000))
    assert agency("--user", "BR", "list").is_refusal
    assert agency("--user", "BR", "restore", copy).code == 0
    assert agency("--user", "BR", "list", "--json").json["count"] == 1


# --- passwords -----------------------------------------------------------------------------------------------------


def test_who_has_a_password_is_asked_for_it(agency: Trichter, folder: Path, typed: list[str]) -> None:
    _give_password(folder)
    for arguments in (["list"], ["--user", "AK", "list"], ["add", "Neu", "--anyway"], ["check"], ["team"]):
        for given in ([], [""], ["falsch und lang"]):
            typed[:] = given
            said = agency(*arguments)
            assert (said.is_refusal, said.out) == (True, ""), (arguments, given)
            assert "This is not the password of “Anna Kern”" in said.err
        typed[:] = [SECRET]
        assert agency(*arguments).code == 0
    typed[:] = []
    assert agency("--user", "BR", "list").code == 0, "who has none is not asked"


def test_a_password_may_stand_in_the_environment(
    agency: Trichter, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    _give_password(folder)
    monkeypatch.setenv("TRICHTER_PASSWORD", "falsch und lang")
    assert agency("list").is_refusal
    monkeypatch.setenv("TRICHTER_PASSWORD", SECRET)
    assert agency("list").code == 0
    monkeypatch.setenv("TRICHTER_PASSWORD", "")
    said = agency("list")
    assert said.is_refusal
    assert "TRICHTER_PASSWORD" in said.err


def test_nobody_comes_in_by_a_name_that_is_not_there(
    agency: Trichter, folder: Path, tmp_path: Path, typed: list[str]
) -> None:
    _give_password(folder)
    leads = tmp_path / "leads.csv"
    leads.write_text("Titel;Status\nNeu;Aktiv\n", "utf-8")
    assert "nobody called" in agency("--user", "Niemand", "list").err
    assert agency("--user", "Niemand", "import", leads).is_refusal
    typed[:] = [SECRET]
    assert agency("--user", "Niemand", "import", leads).code == 0


def test_a_password_is_set_changed_and_taken_away(agency: Trichter, typed: list[str]) -> None:
    typed[:] = [SECRET, SECRET]
    assert agency("team", "password", "Anna Kern").out == "The password of Anna Kern is set.\n"
    typed[:] = [SECRET, "ein ganz neues", "ein ganz neues"]
    assert agency("team", "password", "AK").code == 0
    typed[:] = [SECRET]
    assert agency("list").is_refusal
    typed[:] = ["ein ganz neues", ""]
    assert agency("team", "password", "AK").out == "Anna Kern has no password.\n"
    typed[:] = []
    assert agency("list").code == 0


def test_a_new_password_is_typed_twice_and_has_a_length(agency: Trichter, typed: list[str]) -> None:
    for answers in ([SECRET, "etwas anderes"], [SECRET], ["kurz", "kurz"]):
        typed[:] = answers
        assert agency("team", "password", "BR").is_refusal
    assert agency("--user", "BR", "list").code == 0


def test_passwords_of_others_are_the_owners_business(agency: Trichter, typed: list[str]) -> None:
    typed[:] = [SECRET, SECRET]
    assert agency("--user", "BR", "team", "password", "AK").is_refusal
    typed[:] = [SECRET, SECRET]
    assert agency("--user", "CS", "team", "password", "CS").code == 0
    typed[:] = [""]
    assert agency("team", "password", "CS").code == 0


def test_without_a_terminal_no_new_password_is_read(agency: Trichter) -> None:
    said = agency("team", "password", "BR")
    assert said.is_refusal
    assert "terminal" in said.err


@pytest.mark.skipif(sys.platform == "win32", reason="a terminal of its own")
def test_at_a_real_terminal_nothing_is_shown_of_it(agency: Trichter, folder: Path) -> None:
    import pty

    _give_password(folder)
    control, terminal = pty.openpty()
    command = [sys.executable, "-m", "app", "--data", str(folder), "--language", "en", "--today", DAY, "list"]
    with subprocess.Popen(
        command, stdin=terminal, stdout=subprocess.PIPE, stderr=subprocess.PIPE, start_new_session=True
    ) as process:
        assert process.stderr is not None
        asked = process.stderr.read(len("Password of Anna Kern: "))  # what is typed before it asks is thrown away
        os.write(control, f"{SECRET}\n".encode())
        out, err = process.communicate()
    os.set_blocking(control, False)
    try:
        shown = os.read(control, 1000)
    except BlockingIOError:
        shown = b""
    os.close(terminal)
    os.close(control)
    assert (asked, process.returncode) == (b"Password of Anna Kern: ", 0), err
    assert b"Annas" in out
    assert SECRET.encode() not in out + err + shown


def test_a_password_lost_is_no_reason_to_let_anybody_at_the_backups(
    agency: Trichter, folder: Path, tmp_path: Path
) -> None:
    copy = tmp_path / "copy.db"
    assert agency("backup", copy).code == 0
    _give_password(folder)
    said: Said = agency("restore", copy)
    assert said.is_refusal
    assert "has a password" in said.err
