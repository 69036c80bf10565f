"""The window's way to a team: where its server is, what it answers, and the replica, with the server or without."""

from collections.abc import Callable, Mapping
from contextlib import ExitStack, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from app.core.clock import Clock, monotonic
from app.core.errors import InvalidInput, Outdated, Unreachable
from app.core.i18n import Text
from app.core.roles import Role
from app.core.settings import (
    TEAM,
    TEAM_AUTHORITY,
    TEAM_DATABASE,
    TEAM_HOST,
    TEAM_PORT,
    TEAM_TLS,
    TEAM_USER,
    Setting,
    Settings,
)
from app.models.place import exists, replica_folder
from app.models.server.addressing import Address, folder_name, is_open_to_others
from app.models.server.link import Link
from app.models.server.replica import make_replica, open_replica
from app.models.server.words import SCHEMA
from app.models.store import Store
from app.services.lock import gate
from app.services.team_keys import demand, took

__all__ = [
    "Address",
    "Found",
    "address_in",
    "checked",
    "enter",
    "folder_of",
    "is_open_to_others",
    "look",
    "settings_of",
]

Tell = Callable[[int, int], object]


@dataclass(frozen=True)
class Found:
    """As whom the server knows somebody, and how long it takes to answer."""

    name: str
    role: Role
    milliseconds: int


def address_in(settings: Settings, password: str = "") -> Address:
    """The address that the settings have."""
    authority = settings[TEAM_AUTHORITY]
    return Address(
        settings[TEAM_HOST], settings[TEAM_DATABASE], settings[TEAM_USER], password, settings[TEAM_PORT],
        settings[TEAM_TLS], Path(authority) if authority else None,  # type: ignore[arg-type]
    )  # fmt: skip


def settings_of(address: Address) -> Mapping[Setting[Any], object]:
    """What the settings keep of an address that is worked with from now on: all but the password."""
    return {
        TEAM: True, TEAM_HOST: address.host, TEAM_PORT: address.port, TEAM_DATABASE: address.database,
        TEAM_USER: address.user, TEAM_TLS: address.tls,
        TEAM_AUTHORITY: str(address.authority) if address.authority else "",
    }  # fmt: skip


def checked(address: Address) -> Address:
    """An address that somebody typed, if it can be one. Raises InvalidInput, with what is missing as field."""
    for field, words, typed in (
        ("host", Text("Which server is it?"), address.host),
        ("database", Text("Which database is it?"), address.database),
        ("user", Text("Which user name is it?"), address.user),
    ):
        if not typed:
            raise InvalidInput(words, field=field)
        if not typed.isprintable() or (field == "host" and "," in typed):
            raise InvalidInput(Text("This cannot be a name."), field=field)
    if address.authority is not None and not address.authority.is_file():
        raise InvalidInput(
            Text("There is no file “{path}” with a certificate.", path=str(address.authority)), field="authority"
        )
    return address


def look(address: Address) -> Found:
    """Sign in, and out again. Takes its time; raises what keeps this person from working there."""
    link = Link(address)
    try:
        standing = link.standing
        began = monotonic()
        row = link.run(f"SELECT name FROM {SCHEMA}.member WHERE id = %s", [standing.member_id]).fetchone()
        return Found(row[0] if row else address.user, Role(standing.role), round((monotonic() - began) * 1000))
    finally:
        link.drop()


def folder_of(data: Path, address: Address) -> Path:
    """Where the replica of this person lies under a data folder."""
    return replica_folder(data, folder_name(address))


def enter(
    folder: Path, address: Address, *, origin: str, clock: Clock, local: bool = True,
    tell: Tell = lambda done, total: None,
) -> Store:  # fmt: skip
    """Open the replica in this folder, brought to where the team is; made before where there is none that serves.

    Where the server does not answer it is opened as it was, for the one whom the server let in with this password. By
    `clock` it is reckoned what is fetched. `tell(done, total)` hears how far that is, and may raise Cancelled. Raises
    NotAllowed, PasswordWanted, NewerStore or another StorageError; Unreachable without a replica that serves.
    """
    missed = _asked(address)
    with gate(folder):
        if missed is not None:
            if not exists(folder):
                raise missed
            demand(folder, address.password)
        elif not exists(folder):
            make_replica(folder, address, clock=clock, local=local, tell=tell)
        try:
            return _opened(folder, address, origin, local, missed)
        except Outdated:
            if missed is not None:
                raise missed from None
            make_replica(folder, address, clock=clock, local=local, anew=True, tell=tell)
            return _opened(folder, address, origin, local, missed)


def _asked(address: Address) -> Unreachable | None:
    """Why the server cannot be reached; None if it lets this person in."""
    link = Link(address)
    try:
        link.open()
    except Unreachable as error:
        return error
    finally:
        link.drop()
    return None


def _opened(folder: Path, address: Address, origin: str, local: bool, missed: Unreachable | None) -> Store:
    with ExitStack() as unless_open:
        store = open_replica(folder, address, origin=origin, local=local)
        unless_open.callback(store.close)
        if missed is None:
            with suppress(Unreachable):  # it may have gone away this very moment
                store.watch()
            took(folder, address.password)
        else:
            store.missed()
        unless_open.pop_all()
    return store
