"""Passwords for a team's server, in the system's keyring."""

import keyring
from keyring.backends.fail import Keyring as NoKeyring

from app.models.server.addressing import Address
from app.services.team_keys import forget, keep, kept
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
