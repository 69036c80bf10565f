"""The window's way to a team: where its server is, what it answers, and what the settings keep of it."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from app.core.clock import monotonic
from app.core.errors import InvalidInput
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
from app.models.server.addressing import Address
from app.models.server.link import Link
from app.models.server.words import SCHEMA

__all__ = ["Address", "Found", "address_in", "checked", "look", "settings_of"]


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
