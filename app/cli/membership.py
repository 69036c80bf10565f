"""With which team the commands and the window work, if TRICHTER_DATABASE names its server."""

import argparse
import sys
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from app.cli.connecting import typed_password, warn_of_listeners, with_password
from app.cli.early import database_named
from app.core.format import Formats
from app.core.i18n import tr

if TYPE_CHECKING:
    from collections.abc import Callable

    from app.models.store import Store
    from app.services.teamwork import Membership


def membership(options: argparse.Namespace) -> "Membership | None":
    """Whose team it is; None where the data are on this device. Raises InvalidInput for an address that is none."""
    written = database_named()
    if not written or options.command == "server":
        return None
    from app.services.teamwork import Membership, address_of

    address = with_password(address_of(written))
    warn_of_listeners(address)
    if options.user is not None:
        print(tr("--user is left aside: with a team's server you are who signs in there."), file=sys.stderr)
    return Membership(address)


def ask_for_password(mine: "Membership", wanted: Exception) -> None:
    """Take it from the system's keyring, else let it be typed. Raises NotAllowed where there is no terminal for it."""
    from app.services.teamwork import PasswordWanted

    if not isinstance(wanted, PasswordWanted):
        raise wanted
    from app.services.team_keys import kept

    password = kept(mine.address) or typed_password(mine.address, wanted)
    mine.address = replace(mine.address, password=password)


def tell_missed(mine: "Membership", store: "Store", formats: Formats) -> None:
    """Say on standard error of when the data are that a command shows, where the server did not answer."""
    if mine.missed is None:
        return
    from app.services.teamwork import followed

    at = followed(store)
    print(mine.missed.title, _as_of(None if at is None else formats.instant(at, store.zone)), file=sys.stderr)


def _as_of(when: str | None) -> str:
    if when is None:
        return tr("What is shown is of an earlier time.")
    return tr("What is shown is as of {when}.", when=when)


def fetching(folder: Path) -> "Callable[[int, int], None]":
    """Tells on standard error that the first fetch of a team's data takes a while, and when it is done."""
    begun = ended = False

    def tell(done: int, total: int) -> None:
        nonlocal begun, ended
        if not begun:
            begun = True
            print(tr("What you may see of the team's data is fetched from the server …"), file=sys.stderr)
        if done == total and not ended:
            ended = True
            print(tr("It lies in {folder}.", folder=str(folder)), file=sys.stderr)

    return tell
