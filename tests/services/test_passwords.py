"""Passwords of the people who work with one store: given, asked for, and nowhere to be read."""

import logging
from contextlib import closing

import pytest
from argon2 import PasswordHasher
from sqlalchemy import text

from app.core.errors import InvalidInput, NotAllowed
from app.core.roles import Role
from app.models.engine import connect
from app.models.store import Store
from app.services import passwords
from app.services.team import Team
from tests.stores import add_member

ANNA = 1
SECRET = "Käsebrot mit Gürkchen"


@pytest.fixture
def team(store: Store) -> Team:
    return Team(store)


def _hash(store: Store, member: int = ANNA) -> str | None:
    with store.maintenance() as connection:
        found: str | None = connection.execute(
            text("SELECT hash FROM password WHERE user_id = :member"), {"member": member}
        ).scalar()
    return found


def test_a_password_is_known_again_and_no_other_one_is_it(team: Team) -> None:
    assert not team.is_password(ANNA, "")
    team.set_password(ANNA, SECRET)
    assert team.one(ANNA).has_password
    assert team.is_password(ANNA, SECRET)
    assert team.is_password(ANNA, "Ka\u0308sebrot mit Gu\u0308rkchen")
    for wrong in ("", SECRET.lower(), SECRET + " ", SECRET + "\0", "x" * 100_000, "\udcff" * 9):
        assert not team.is_password(ANNA, wrong)


@pytest.mark.parametrize("wrong", ["", "kurz", "sieben7", "x" * 1001])
def test_a_password_has_a_length_that_makes_sense(team: Team, wrong: str) -> None:
    with pytest.raises(InvalidInput) as refused:
        team.set_password(ANNA, wrong)
    assert refused.value.field == "password"
    assert not team.one(ANNA).has_password


def test_what_a_terminal_cannot_decode_is_a_password_all_the_same(team: Team) -> None:
    team.set_password(ANNA, "\udcff\udcfe geheim \0")
    assert team.is_password(ANNA, "\udcff\udcfe geheim \0")
    assert not team.is_password(ANNA, "\udcff\udcff geheim \0")


def test_ones_own_is_changed_by_who_knows_it(team: Team) -> None:
    team.set_password(ANNA, SECRET)
    for current in (None, "", "falsch falsch"):
        for new in ("ein ganz neues", None):
            with pytest.raises(InvalidInput) as refused:
                team.set_password(ANNA, new, current)
            assert refused.value.field == "current"
    team.set_password(ANNA, "ein ganz neues", SECRET)
    assert team.is_password(ANNA, "ein ganz neues")
    team.set_password(ANNA, None, "ein ganz neues")
    assert not team.one(ANNA).has_password


def test_others_ones_are_the_owners_business(store: Store, team: Team) -> None:
    ben = team.add("Ben Roth", Role.FULL)
    team.set_password(ben, SECRET)
    team.set_password(ben, "vergessen, also neu")
    store.actor_id = ben
    with pytest.raises(NotAllowed):
        team.set_password(ANNA, SECRET)
    team.set_password(ben, SECRET, "vergessen, also neu")
    store.actor_id = ANNA
    team.set_password(ben, None)
    assert not team.one(ben).has_password


@pytest.mark.parametrize("role", list(Role))
def test_everybody_has_one_of_his_own_if_he_likes(store: Store, team: Team, role: Role) -> None:
    store.actor_id = team.add("Ben Roth", role)
    team.set_password(store.actor_id, SECRET)
    assert team.one(store.actor_id).has_password
    assert team.is_password(store.actor_id, SECRET)


def test_the_hash_is_nowhere_but_in_its_row(store: Store, team: Team, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    team.set_password(ANNA, SECRET)
    assert team.is_password(ANNA, SECRET)
    known = _hash(store)
    assert known is not None
    assert known.startswith("$argon2id$v=19$m=65536,t=3,p=4$")
    with store.read() as connection:
        columns = connection.execute(text("SELECT * FROM password")).keys()
        told = connection.execute(text("SELECT before || after FROM change")).scalars().all()
        steps = connection.execute(text("SELECT label_msgid || label_args FROM change_set")).scalars().all()
    assert set(columns) == {"id", "user_id", "changed_at"}
    assert not [words for words in (*told, *steps, caplog.text) if "argon2" in words or SECRET in words]


def test_a_hash_of_other_parameters_is_made_anew_when_it_is_used(store: Store, team: Team) -> None:
    team.set_password(ANNA, SECRET)
    weak = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1).hash(SECRET)
    with store.maintenance() as connection:
        connection.execute(text("UPDATE password SET hash = :hash"), {"hash": weak})
    assert not team.is_password(ANNA, "falsch falsch")
    assert _hash(store) == weak
    assert team.is_password(ANNA, SECRET)
    assert (_hash(store) or "").startswith("$argon2id$v=19$m=65536,t=3,p=4$")
    assert team.is_password(ANNA, SECRET)


@pytest.mark.parametrize("broken", ["", "argon2", "$argon2id$v=19$m=65536,t=3,p=4$AAAA$AAAA", "Käse", "$2b$12$abc"])
def test_a_hash_that_is_none_lets_nobody_in(store: Store, team: Team, broken: str) -> None:
    team.set_password(ANNA, SECRET)
    with store.maintenance() as connection:
        connection.execute(text("UPDATE password SET hash = :hash"), {"hash": broken})
    assert not team.is_password(ANNA, SECRET)
    assert not team.is_password(ANNA, broken)


def test_a_password_is_asked_for_while_somebody_else_writes(store: Store, team: Team) -> None:
    team.set_password(ANNA, SECRET)
    with closing(connect(store.path)) as other:
        other.execute("BEGIN IMMEDIATE")
        assert team.is_password(ANNA, SECRET)
        assert not team.is_password(ANNA, "falsch falsch")


def test_a_password_is_no_step(store: Store, team: Team) -> None:
    before = store.newest()
    team.set_password(ANNA, SECRET)
    assert store.newest() == before


def test_passwords_of_two_are_told_apart(store: Store, team: Team) -> None:
    ben = add_member(store, "Ben Roth", "BR")
    team.set_password(ANNA, SECRET)
    team.set_password(ben, SECRET)
    assert _hash(store) != _hash(store, ben)
    passwords.remove(store, ANNA)
    assert not team.is_password(ANNA, SECRET)
    assert team.is_password(ben, SECRET)
