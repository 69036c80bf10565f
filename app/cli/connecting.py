"""How the command line comes to the address of a team's server, and to the password for it."""

import argparse
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from typing import TYPE_CHECKING

from app.cli.early import DATABASE, database_named
from app.cli.signing import asked
from app.core.errors import InvalidInput, NotAllowed
from app.core.i18n import Text, tr

if TYPE_CHECKING:
    from app.services.team_server import TeamServer
    from app.services.teamwork import Address

#: Where the password stands for commands nobody sits in front of.
PASSWORD = "PGPASSWORD"


def address_in(options: argparse.Namespace) -> "Address":
    """The address that `--database` gives, or the environment. Raises InvalidInput for none."""
    from app.services.teamwork import address_of

    written = options.database or database_named()
    if not written:
        raise InvalidInput(
            Text("Which database is it?"),
            Text("Give its address with --database, or in the environment variable {variable}.", variable=DATABASE),
        )
    address = address_of(written, tls=options.tls, authority=options.ca)
    warn_of_listeners(address)
    return address


def warn_of_listeners(address: "Address") -> None:
    """Say on standard error where what is sent could be read on the way."""
    from app.services.teamwork import is_open_to_others

    if is_open_to_others(address):
        said = tr(
            "The connection to “{host}” is not encrypted: others can read on the way what is sent.", host=address.host
        )
        print(said, file=sys.stderr)


def with_password(address: "Address") -> "Address":
    """The address with the password of the environment, unless it has one."""
    return address if address.password else replace(address, password=os.environ.get(PASSWORD, ""))


def typed_password(address: "Address", wanted: NotAllowed) -> str:
    """What is typed at the terminal. Raises NotAllowed where there is none."""
    typed = asked(tr("Password of {name}", name=f"{address.user}@{address.host}"))
    if typed is None:
        raise NotAllowed(
            wanted.title,
            Text("Type it at a terminal, or put it into the environment variable {variable}.", variable=PASSWORD),
        )
    return typed


@contextmanager
def administering(options: argparse.Namespace) -> "Iterator[TeamServer]":
    """The server that the options name, for as long as the block lasts. Raises NotAllowed without a password."""
    from app.services.team_server import PasswordWanted, TeamServer

    address = with_password(address_in(options))
    try:
        there = TeamServer(address)
    except PasswordWanted as error:
        there = TeamServer(replace(address, password=typed_password(address, error)))
    with there:
        yield there
