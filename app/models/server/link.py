"""Where a team's server is and how it is spoken to: one connection, made when it is needed and again when lost."""

import socket
from collections.abc import Mapping, Sequence
from contextlib import ExitStack, suppress
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from app.core.errors import NewerStore, NotAllowed, NotFound, StorageError, Unreachable
from app.core.i18n import Text
from app.core.wanted import Wanted
from app.models.migrate import HEAD, KNOWN
from app.models.server.addressing import Address
from app.models.server.failures import answered
from app.models.server.probing import refusal
from app.models.server.schema import FORMAT
from app.models.server.words import SCHEMA, Row, run

if TYPE_CHECKING:
    from psycopg import Connection, Cursor

__all__ = ["MOVING", "Address", "Link", "Standing", "compare_versions", "connected", "informed"]

#: Under which key the server notes that a move to it is not complete.
MOVING = "moving"
#: The family of a socket does not matter for ending it.
_ANY = socket.AF_INET


@dataclass(frozen=True)
class Standing:
    """Who somebody is to the team: the member, with which role; `secret` encrypts what lies on his or her devices."""

    member_id: int
    role: str
    team: str
    secret: bytes = field(repr=False)


class Link:
    """The connection of a replica to its team. Used by one thread at a time: who holds the writer of the store."""

    def __init__(self, address: Address) -> None:
        self.address = address
        self._connection: Connection[Row] | None = None
        self._standing: Standing | None = None

    def open(self) -> "Connection[Row]":
        """The connection, made anew if there is none that works.

        Raises Unreachable, NotAllowed for somebody who is not of the team, NewerStore or StorageError where program and
        server do not fit together.
        """
        if self._connection is not None and not self._connection.closed:
            return self._connection
        self._connection = fresh = connected(self.address)
        with ExitStack() as until_known:
            until_known.callback(self.drop)
            self._standing = _looked_up(fresh)
            until_known.pop_all()
        return fresh

    @property
    def standing(self) -> Standing:
        """Who one is there, as it was when the connection was made."""
        self.open()
        assert self._standing is not None
        return self._standing

    @property
    def is_open(self) -> bool:
        """Whether there is a connection that works, as far as is known here."""
        return self._connection is not None and not self._connection.closed

    def drop(self) -> None:
        """Close the connection; what was begun on it and not committed is undone by the server."""
        import psycopg

        connection, self._connection = self._connection, None
        if connection is not None:
            with suppress(psycopg.Error):
                connection.close()

    def cut(self) -> None:
        """Let nobody wait any longer for an answer. From any thread."""
        cut(self._connection)

    def begin(self, how: str = "", wanted: Wanted = lambda: True) -> None:
        """Begin a transaction; a connection that was lost since the last one is made anew, unless it is not wanted any
        more. Raises Unreachable.
        """
        try:
            self.run(f"BEGIN {how}")
        except Unreachable:
            if self._connection is None or not wanted():  # there was none, and none came about
                raise
            self.drop()
            self.run(f"BEGIN {how}")

    def run(self, statement: str, values: Sequence[Any] | None = None) -> "Cursor[Row]":
        """Send one statement. Raises errors of `app.core.errors`; after one the connection may have to be dropped."""
        connection = self.open()
        with answered():
            return run(connection, statement, values)


def connected(address: Address, **others: Any) -> "Connection[Row]":
    """A fresh connection that commits every statement by itself; `others` go before the parameters of the address.

    Raises Unreachable or NotAllowed with the reason, PasswordWanted where none was given.
    """
    import psycopg

    try:
        return psycopg.connect(**(address.parameters() | others), autocommit=True)
    except psycopg.errors.ConnectionTimeout as error:
        raise Unreachable(Text("The team's server did not answer in time."), field="host") from error
    except psycopg.OperationalError as error:
        raise refusal(address) from error


def cut(connection: "Connection[Row] | None") -> None:
    """End a connection under whoever uses it, on another thread perhaps: waiting for an answer gets Unreachable."""
    import psycopg

    if connection is not None:
        with suppress(psycopg.Error, OSError), socket.fromfd(connection.fileno(), _ANY, socket.SOCK_STREAM) as wire:
            wire.shutdown(socket.SHUT_RDWR)


def _looked_up(connection: "Connection[Row]") -> Standing:
    information = informed(connection)
    compare_versions(information)
    with answered():
        who = run(connection, f"SELECT {SCHEMA}.my_id(), {SCHEMA}.my_role(), {SCHEMA}.my_secret()").fetchone()
    if MOVING in information:
        raise Unreachable(
            Text("The team's data are just being moved to the server."), Text("Please try again when that is done.")
        )
    if who is None or who[0] is None:
        raise NotAllowed(
            Text("This user name belongs to nobody of the team."),
            Text("Whoever looks after the server can change that."),
            "user",
        )
    return Standing(who[0], who[1], information["team"], who[2])


def informed(connection: "Connection[Row]") -> dict[str, str]:
    """What the team's server says of itself. Raises NotFound where there is no team, NotAllowed to strangers."""
    import psycopg

    with answered():
        try:
            rows = run(connection, f"SELECT key, value FROM {SCHEMA}.information").fetchall()
        except psycopg.errors.UndefinedTable:
            raise NotFound(
                Text("There is no team in this database yet."), Text("It is made by: trichter server init."), "database"
            ) from None
    return {row[0]: row[1] for row in rows}


def compare_versions(information: Mapping[str, str]) -> None:
    """Raises NewerStore or StorageError where the server was set up by another version of the program."""
    schema, form = information["schema"], information["format"]
    if (schema, form) == (HEAD, FORMAT):
        return
    if not is_newer(schema, form):
        raise StorageError(
            Text("The team's server is of an older version than this program."),
            Text("Whoever looks after the server has to bring it forward: trichter server upgrade."),
        )
    raise newer()


def is_newer(schema: str, form: str) -> bool:
    """Whether a server is of a newer version than this program."""
    return schema not in KNOWN or int(form) > int(FORMAT)


def newer() -> NewerStore:
    """The error for that."""
    return NewerStore(
        Text("The team's server is of a newer version than this program."), Text("Please install the newer version.")
    )
