"""Who has a password shows it before a command does anything in his or her name."""

import os
import sys
from typing import TYPE_CHECKING

from app.core.errors import NotAllowed
from app.core.i18n import Text, tr

if TYPE_CHECKING:
    from app.models.store import Store

#: Where a password may stand for commands that nobody sits in front of.
VARIABLE = "TRICHTER_PASSWORD"


class SignIn:
    """Asks for a password once; `typed` is what was given, None where there was nothing to ask for."""

    def __init__(self) -> None:
        self.typed: str | None = None

    def check(self, store: "Store") -> None:
        """Raises NotAllowed if the actor has a password and it is not given."""
        from app.services.setup import name_with_password

        name = name_with_password(store)
        if name is None or store.actor_id is None:
            return
        from app.services import passwords

        typed = os.environ.get(VARIABLE) or asked(tr("Password of {name}", name=name))
        if typed is None:
            raise NotAllowed(
                Text("“{name}” has a password.", name=name),
                Text("Type it at a terminal, or put it into the environment variable {variable}.", variable=VARIABLE),
            )
        if not passwords.matches(store, store.actor_id, typed):
            raise NotAllowed(Text("This is not the password of “{name}”.", name=name))
        self.typed = typed


def asked(prompt: str) -> str | None:
    """What somebody types at the terminal without showing it; None where there is none."""
    from getpass import getpass

    if sys.stdin is None or not sys.stdin.isatty():
        return None
    try:
        return getpass(f"{prompt}: ")
    except EOFError:  # the end of the input instead of a password
        return ""
