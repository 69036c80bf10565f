"""The password with which somebody signs in at a team's server: kept by the system, and known again without the server.

It stands in no settings and no log. Beside the replica there is a hash of the one that the server took last: without
the server that alone can tell whether it is the right one.
"""

import logging
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

from app.core.attempt import Failure, attempt
from app.core.errors import NotAllowed
from app.core.files import replacing
from app.core.i18n import Text
from app.models.failures import translated
from app.services.passwords import hashed, is_hash_of

if TYPE_CHECKING:
    from types import ModuleType

    from app.models.server.addressing import Address

T = TypeVar("T")

_SERVICE = "Trichter"
_FILE = "signed-in"


def usable() -> bool:
    """Whether this system has a keyring."""
    return bool(_asked(lambda keyring: keyring.get_keyring().priority > 0))


def kept(address: "Address") -> str | None:
    """The password that the system's keyring has for this address; None for none, and where there is no keyring.

    It may ask the user to unlock it, so this is for a thread, as the other two are.
    """
    return _asked(lambda keyring: keyring.get_password(_SERVICE, _name(address)))


def keep(address: "Address") -> bool:
    """Give the password of this address to the system's keyring; whether it took it."""

    def put(keyring: "ModuleType") -> bool:
        keyring.set_password(_SERVICE, _name(address), address.password)
        return True

    return bool(_asked(put))


def forget(address: "Address") -> None:
    """Take the password of this address out of the system's keyring, if it is there."""

    def remove(keyring: "ModuleType") -> None:
        if keyring.get_password(_SERVICE, _name(address)) is not None:
            keyring.delete_password(_SERVICE, _name(address))

    _asked(remove)


def _asked(verb: Callable[["ModuleType"], T]) -> T | None:
    """What the keyring answers; None where there is none that works. Every system's keeper raises what it likes."""

    def ask() -> T:
        import keyring

        return verb(keyring)

    answer = attempt(ask)
    if isinstance(answer, Failure):
        logging.getLogger(__name__).info("the system's keyring cannot be used: %s", type(answer.error).__name__)
        return None
    return answer


def _name(address: "Address") -> str:
    return f"{address.user}@{address.host}:{address.port}/{address.database}"


def took(folder: Path, password: str) -> None:
    """The server took this password for the replica in this folder. Raises StorageError."""
    if not is_known(folder, password):
        with translated(), replacing(folder / _FILE, encoding="ascii") as file:
            file.write(hashed(password))


def is_known(folder: Path, password: str) -> bool:
    """Whether it is the one that the server took last."""
    with suppress(OSError, UnicodeDecodeError):
        return is_hash_of((folder / _FILE).read_text("ascii"), password)
    return False


def demand(folder: Path, password: str) -> None:
    """Raises NotAllowed unless it is the one that the server took last."""
    if not is_known(folder, password):
        raise NotAllowed(
            Text("The team's server cannot be reached, and here another password was used last."),
            Text("With the one that was used last you can read without the server."),
            field="password",
        )
