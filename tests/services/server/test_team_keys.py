"""Passwords for a team's server: in the system's keyring, or known again by a hash."""

from pathlib import Path

import keyring
import pytest
from keyring.backends.fail import Keyring as NoKeyring

from app.core.errors import NotAllowed
from app.models.server.addressing import Address
from app.services.team_keys import demand, forget, is_known, keep, kept, took
from tests.services.server.conftest import MemoryKeyring

ANNA = Address("server.example.com", "agentur", "anna", "Fünf Affen")


def test_the_keyring_keeps_one_for_each_address(ring: MemoryKeyring) -> None:
    assert kept(ANNA) is None
    assert keep(ANNA)
    assert kept(ANNA) == "Fünf Affen"
    assert kept(Address("server.example.com", "agentur", "ben")) is None
    assert list(ring.kept) == [("Trichter", "anna@server.example.com:5432/agentur")]
    forget(ANNA)
    forget(ANNA)
    assert kept(ANNA) is None


def test_a_keyring_that_fails_is_as_none(ring: MemoryKeyring) -> None:
    ring.broken = True
    assert not keep(ANNA)
    assert kept(ANNA) is None
    forget(ANNA)


def test_a_system_without_a_keyring_keeps_nothing(ring: MemoryKeyring) -> None:
    keyring.set_keyring(NoKeyring())  # type: ignore[no-untyped-call]
    assert not keep(ANNA)
    assert kept(ANNA) is None
    assert not ring.kept


def test_what_the_server_took_is_known_again(tmp_path: Path) -> None:
    assert not is_known(tmp_path, "Fünf Affen")
    took(tmp_path, "Fünf Affen")
    written = (tmp_path / "signed-in").read_bytes()
    assert b"Affen" not in written
    demand(tmp_path, "Fünf Affen")
    demand(tmp_path, "Fu\u0308nf Affen")  # as another keyboard composes it
    took(tmp_path, "Fünf Affen")
    assert (tmp_path / "signed-in").read_bytes() == written
    with pytest.raises(NotAllowed):
        demand(tmp_path, "fünf Affen")
    took(tmp_path, "Sechs Affen")
    assert not is_known(tmp_path, "Fünf Affen")


@pytest.mark.parametrize("damage", [b"", b"\xff\xfe", b"$argon2id$", "ü".encode()])
def test_a_hash_that_is_none_knows_nothing(tmp_path: Path, damage: bytes) -> None:
    (tmp_path / "signed-in").write_bytes(damage)
    assert not is_known(tmp_path, "")
