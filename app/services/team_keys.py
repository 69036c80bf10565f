"""The password with which somebody signs in at a team's server, as the system's keyring keeps it.

It stands in no settings and no log.
"""

import logging
from collections.abc import Callable
from typing import TYPE_CHECKING, TypeVar

from app.core.attempt import Failure, attempt

if TYPE_CHECKING:
    from types import ModuleType

    from app.models.server.addressing import Address

T = TypeVar("T")

_SERVICE = "Trichter"


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
