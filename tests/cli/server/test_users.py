"""`trichter server init` and `server user`: a team is founded, people are let in and shut out."""

import re
from pathlib import Path

import pytest

from app.core.errors import NotAllowed
from app.models.server.link import Address, Link
from tests.cli.conftest import Trichter
from tests.cli.server.conftest import Administer, url_of
from tests.servers import SECRET, Server

pytestmark = pytest.mark.usefixtures("untouched")

HOSTILE = ['a"; DROP ROLE admin; --', "o'neill", "back\\slash", "Müller Süß", "%s", "{name}", "a$b", "x" * 63]

SENSELESS = [
    ["add"], ["add", "Ben", "--member", "Anna"], ["add", ""], ["add", " \t"], ["add", "x" * 300], ["add", "日本"],
    ["add", "Ben", "--user", ""], ["add", "Ben", "--user", " ben"], ["add", "Ben", "--user", "x" * 64],
    ["add", "Ben", "--user", "pg_ben"], ["add", "Ben", "--user", "a\nb"], ["add", "Ben", "--user", "anna"],
    ["add", "Ben", "--user", "admin"], ["add", "anna"], ["add", "--member", "Niemand"], ["add", "--member", ""],
    ["add", "--member", "Anna"], ["disable", "niemand"], ["disable", "admin"], ["enable", ""], ["role", "x", "full"],
    ["password", "admin2"], ["password", "'; DROP ROLE anna"],
]  # fmt: skip


def _member(place: Server, user: str, password: str) -> int:
    link = Link(Address("127.0.0.1", place.database, user, password, place.port, tls="disable"))
    try:
        return link.standing.member_id
    finally:
        link.drop()


def test_a_team_is_founded_with_its_first_person(administer: Administer, place: Server) -> None:
    said = administer("init", "--name", "Anna Kern")
    assert (said.code, said.err) == (0, ""), said
    assert "anna.kern" in said.out
    secret = re.findall(r"[a-z0-9]{5}(?:-[a-z0-9]{5}){3}", said.out)
    assert len(secret) == 1
    assert _member(place, "anna.kern", secret[0]) > 0
    assert f"postgresql://anna.kern@127.0.0.1:{place.port}/{place.database}" in said.out
    answer = administer("user", "list", "--json").json
    assert [(each["name"], each["role"], each["user"], each["enabled"]) for each in answer["users"]] == [
        ("Anna Kern", "owner", "anna.kern", True)
    ]
    with place.connect() as admin:
        assert admin.execute("SELECT count(*) FROM team.stage").fetchone() == (5,)
        assert admin.execute("SELECT count(*) FROM team.member").fetchone() == (1,)


def test_a_second_one_there_is_refused(administer: Administer) -> None:
    assert administer("init").code == 0
    said = administer("init", "--name", "Anna")
    assert said.is_refusal
    assert "holds a team already" in said.err
    assert administer("user", "list").out == "Nobody works here yet.\n"


def test_what_a_database_of_before_left_is_named(administer: Administer, place: Server) -> None:
    with place.connect() as admin:
        admin.execute(f"CREATE ROLE {place.database}_people")
    said = administer("init")
    assert said.is_refusal
    assert f"{place.database}_people" in said.err
    with place.connect() as admin:
        assert not admin.execute(f"SELECT 1 FROM pg_roles WHERE rolname = '{place.database}_tables'").fetchone()


def test_people_come_and_go(administer: Administer, place: Server, typed: list[str]) -> None:
    typed += [SECRET, SECRET]
    assert administer("init", "--name", "Anna Kern", "--user", "anna").code == 0
    assert administer("user", "add", "Ben Roth", "--role", "limited").code == 0
    typed += [SECRET, SECRET]
    assert administer("user", "password", "ben.roth").out == "The password of ben.roth is set.\n"
    assert _member(place, "ben.roth", SECRET)
    assert administer("user", "disable", "ben.roth").code == 0
    with pytest.raises(NotAllowed):
        _member(place, "ben.roth", SECRET)
    table = administer("user", "list").out
    assert re.search(r"Ben Roth +BR +Limited +ben\.roth +–", table), table
    assert administer("user", "enable", "ben.roth").code == 0
    assert _member(place, "ben.roth", SECRET)
    assert administer("user", "role", "ben.roth", "Vollzugriff").out == "ben.roth: Full access\n"
    assert [each["role"] for each in administer("user", "list", "--json").json["users"]] == ["owner", "full"]


def test_the_last_owner_stays_one(administer: Administer) -> None:
    administer("init", "--name", "Anna")
    assert administer("user", "role", "anna", "full").is_refusal
    administer("user", "add", "Ben", "--role", "owner")
    assert administer("user", "role", "anna", "full").code == 0
    assert administer("user", "role", "ben", "reader").is_refusal


def test_who_begins_with_user_add_is_an_owner_and_gets_stages(administer: Administer, place: Server) -> None:
    administer("init")
    assert administer("user", "add", "Ben", "--role", "reader").is_refusal
    assert administer("user", "add", "Ben").code == 0
    assert administer("user", "add", "Cem").code == 0
    assert [each["role"] for each in administer("user", "list", "--json").json["users"]] == ["owner", "full"]
    with place.connect() as admin:
        assert admin.execute("SELECT count(*) FROM team.stage").fetchone() == (5,)


def test_names_may_hold_any_signs(administer: Administer, place: Server, typed: list[str]) -> None:
    administer("init")
    for name in HOSTILE:
        typed += [SECRET, SECRET]
        said = administer("user", "add", name, "--user", name)
        assert said.code == 0, said
        assert _member(place, name, SECRET)
        for verb in ("disable", "enable"):
            assert administer("user", verb, name).code == 0
    users = administer("user", "list", "--json").json["users"]
    assert {(each["name"], each["user"], each["enabled"]) for each in users} == {(n, n, True) for n in HOSTILE}


def test_what_makes_no_sense_is_one_sentence(administer: Administer, place: Server) -> None:
    administer("init", "--name", "Anna")
    before = administer("user", "list").out
    for arguments in SENSELESS:
        said = administer("user", *arguments)
        assert said.is_refusal, (arguments, said)
    assert administer("user", "list").out == before
    with place.connect() as admin:
        assert admin.execute("SELECT count(*) FROM pg_roles WHERE rolcanlogin").fetchone() == (2,)


def test_passwords_are_typed_twice_and_long(administer: Administer, typed: list[str]) -> None:
    administer("init", "--name", "Anna")
    for answers in (["kurz", "kurz"], [SECRET, "etwas anderes"]):
        typed[:] = answers
        assert administer("user", "add", "Ben").is_refusal
        typed[:] = answers
        assert administer("user", "password", "anna").is_refusal
    assert administer("user", "list", "--json").json["count"] == 1


def test_everybody_changes_the_own_password_and_no_others(
    administer: Administer, place: Server, typed: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    typed += [SECRET, SECRET]
    administer("init", "--name", "Anna")
    typed += [SECRET, SECRET]
    administer("user", "add", "Ben")
    monkeypatch.setenv("TRICHTER_DATABASE", url_of(place, "ben"))
    typed += ["ein neues Kennwort"] * 2
    assert administer("user", "password", "ben").code == 0
    monkeypatch.setenv("PGPASSWORD", "ein neues Kennwort")
    for arguments in (
        ["password", "anna"], ["list"], ["add", "Cem"], ["role", "ben", "owner"], ["disable", "anna"],
    ):  # fmt: skip
        said = administer("user", *arguments)
        assert said.is_refusal, said
    assert administer("init").is_refusal
    assert _member(place, "ben", "ein neues Kennwort")


# --- the connection ------------------------------------------------------------------------------------------------


def test_the_password_is_asked_for_where_there_is_none(
    administer: Administer, typed: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("PGPASSWORD")
    typed += [SECRET]
    assert administer("init").code == 0
    typed += ["falsch geraten"]
    said = administer("user", "list")
    assert said.is_refusal
    assert "with this password" in said.err


def test_without_a_terminal_the_place_for_it_is_named(administer: Administer, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("PGPASSWORD")
    said = administer("init")
    assert said.is_refusal
    assert "PGPASSWORD" in said.err


@pytest.mark.parametrize(
    ("url", "words"),
    [
        ("", "Which database"), ("Unsinn", "not the address"),
        ("postgresql://admin@127.0.0.1:9/x", "cannot be reached"),
        ("postgresql://admin@niemand.invalid/x", "no computer"),
    ],
)  # fmt: skip
def test_addresses_that_lead_nowhere(trichter: Trichter, monkeypatch: pytest.MonkeyPatch, url: str, words: str) -> None:
    monkeypatch.setenv("PGPASSWORD", SECRET)
    for arguments in (["init"], ["user", "list"]):
        said = trichter("server", *arguments, "--database", url)
        assert said.is_refusal
        assert words in said.err
        assert SECRET not in said.err


def test_what_is_wrong_with_the_way_there(administer: Administer, place: Server, tmp_path: Path) -> None:
    plain = url_of(place).partition("?")[0]
    for url, words in (
        (plain, "TLS"), (f"{plain}?sslmode=require", "TLS"), (url_of(place, database="nirgends"), "no such database"),
        (url_of(place), "no team"), (f"{plain}?sslmode=allow", "verify-full, require or disable"),
    ):  # fmt: skip
        said = administer("user", "list", "--database", url)
        assert said.is_refusal, said
        assert words in said.err
    assert administer("user", "list", "--ca", tmp_path / "keine.pem").is_refusal
    assert administer("init", "--database", plain, "--tls", "disable").code == 0


@pytest.mark.parametrize(
    "arguments",
    [[], ["user"], ["nonsense"], ["user", "role", "x"], ["user", "role", "x", "Chef"], ["user", "disable"],
     ["init", "--tls", "allow"], ["user", "list", "extra"], ["init", "extra"]],
)  # fmt: skip
def test_wrong_usage(trichter: Trichter, arguments: list[str]) -> None:
    said = trichter("server", *arguments)
    assert said.code == 2
    assert "usage:" in said.err


# --- versions --------------------------------------------------------------------------------------------------------


def test_a_server_of_this_version_needs_nothing(administer: Administer, place: Server) -> None:
    assert administer("upgrade").is_refusal
    administer("init", "--name", "Anna", "--user", "anna")
    assert administer("upgrade").out == "The team's server is of this version already.\n"


@pytest.mark.parametrize(("schema", "words"), [("9999", "newer version"), ("0001", "cannot be brought forward")])
def test_a_server_of_another_version_is_told_in_a_sentence(
    administer: Administer, place: Server, schema: str, words: str
) -> None:
    administer("init")
    with place.connect() as admin:
        admin.execute("UPDATE team.information SET value = %s WHERE key = 'schema'", [schema])
    said = administer("upgrade")
    assert said.is_refusal
    assert words in said.err
