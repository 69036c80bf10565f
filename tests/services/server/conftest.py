"""A team's server, and a keyring in memory."""

from collections.abc import Iterator

import keyring
import pytest
from keyring.backend import KeyringBackend

from tests.models.server.conftest import cluster, empty_team, office, team

__all__ = ["cluster", "empty_team", "office", "team"]


class MemoryKeyring(KeyringBackend):
    """Keeps passwords for as long as a test goes on; when `broken` it raises what a system's keeper may raise."""

    priority = 1.0

    def __init__(self) -> None:
        super().__init__()  # type: ignore[no-untyped-call]
        self.kept: dict[tuple[str, str], str] = {}
        self.broken = False

    def _look(self) -> None:
        if self.broken:
            raise ZeroDivisionError("what no keyring documents")

    def get_password(self, service: str, username: str) -> str | None:
        self._look()
        return self.kept.get((service, username))

    def set_password(self, service: str, username: str, password: str) -> None:
        self._look()
        self.kept[service, username] = password

    def delete_password(self, service: str, username: str) -> None:
        self._look()
        del self.kept[service, username]


KeyringBackend._classes.discard(MemoryKeyring)  # else it would be found as that of the system by every other test


@pytest.fixture
def ring() -> Iterator[MemoryKeyring]:
    """The keyring of the system, for this test."""
    before, made = keyring.get_keyring(), MemoryKeyring()
    keyring.set_keyring(made)
    yield made
    keyring.set_keyring(before)
