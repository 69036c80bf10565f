"""Where a team's server is, and how that is written down: as psql takes it, a URL or words such as host=… dbname=…"""

import hashlib
import re
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal, get_args

from app.core.errors import InvalidInput
from app.core.folding import search_key
from app.core.i18n import Text
from app.models.server.authority import system_authorities

Tls = Literal["verify-full", "require", "disable"]

_KNOWN = frozenset({"host", "port", "dbname", "user", "password", "sslmode", "sslrootcert"})
_LONGEST_PORT, _HIGHEST_PORT = 5, 65535
#: So much of host, database and user stands in the name of a folder, for people; the rest of the name tells them apart.
_SHOWN, _DIGITS = 24, 10
_CONNECT_SECONDS = 8
_STATEMENT_MS = 60_000
_LOCK_MS = 10_000
#: A client that went to sleep in the middle of a turn keeps the others waiting for no longer than this.
_IDLE_MS = 30_000
_HERE = ("localhost", "127.0.0.1", "::1")


@dataclass(frozen=True)
class Address:
    """How a person reaches the team. `authority` is a file with the certificate by which the server's is signed."""

    host: str
    database: str
    user: str
    password: str = field(default="", repr=False)
    port: int = 5432
    tls: Tls = "verify-full"
    authority: Path | None = None

    def parameters(self) -> dict[str, Any]:
        """As psycopg takes them."""
        asked: dict[str, Any] = {
            "host": self.host, "port": self.port, "dbname": self.database, "user": self.user,
            "password": self.password, "sslmode": self.tls, "connect_timeout": _CONNECT_SECONDS,
            "application_name": "Trichter", "client_encoding": "UTF8",
            # a server that is gone is noticed also where nobody says so: a cable pulled, a laptop that slept
            "keepalives": 1, "keepalives_idle": 20, "keepalives_interval": 5, "keepalives_count": 3,
            "tcp_user_timeout": 20_000,
            "options": f"-c statement_timeout={_STATEMENT_MS} -c lock_timeout={_LOCK_MS} -c TimeZone=UTC"
                       f" -c idle_in_transaction_session_timeout={_IDLE_MS} -c search_path=pg_catalog"
                       " -c jit=off",  # to compile what asks for rights takes longer than to answer it
        }  # fmt: skip
        if self.tls == "verify-full":
            asked["sslrootcert"] = str(self.authority) if self.authority else system_authorities()
        return asked


def address_of(written: str, *, tls: Tls | None = None, authority: Path | None = None) -> Address:
    """The address that a URL or a string of keywords means; `tls` and `authority` go before what it says of them.

    Without a mode of TLS it is the strictest one. What it says is not repeated in errors: a password may be in it.
    Raises InvalidInput.
    """
    said = _taken_apart(written)
    for needed, name in (("dbname", Text("database")), ("user", Text("user name"))):
        if not said.get(needed):
            raise InvalidInput(Text("The address of the server names no {part}.", part=name), _example())
    mode = tls or said.get("sslmode", "verify-full")
    if mode not in get_args(Tls):
        raise InvalidInput(Text("The mode of TLS is verify-full, require or disable."), field="tls")
    file = authority or (Path(said["sslrootcert"]) if said.get("sslrootcert", "system") != "system" else None)
    if file is not None and not file.expanduser().is_file():
        raise InvalidInput(Text("There is no file “{path}” with a certificate.", path=str(file)), field="authority")
    return Address(
        said.get("host", ""), said["dbname"], said["user"], said.get("password", ""), _port(said.get("port")), mode,
        file and file.expanduser().absolute(),
    )  # fmt: skip


def _taken_apart(written: str) -> dict[str, Any]:
    import psycopg
    from psycopg.conninfo import conninfo_to_dict

    if not written.isprintable():
        raise InvalidInput(Text("This is not the address of a team's server."), _example())
    try:
        said = conninfo_to_dict(written)
    except psycopg.Error:
        raise InvalidInput(Text("This is not the address of a team's server."), _example()) from None
    if further := sorted(set(said) - _KNOWN):
        raise InvalidInput(Text("The address of the server may not say “{what}”.", what=further[0]), _example())
    if "," in str(said.get("host", "")):
        raise InvalidInput(Text("A team has one server only."), _example())
    return said


def _example() -> Text:
    return Text("It is written like {example}.", example="postgresql://anna@server.example.com/agentur")


def _port(written: str | None) -> int:
    if not written:
        return 5432
    if written.isascii() and written.isdigit() and len(written) <= _LONGEST_PORT and 0 < int(written) <= _HIGHEST_PORT:
        return int(written)
    raise InvalidInput(Text("“{text}” is not the number of a port.", text=written[:10]))


def folder_name(address: Address) -> str:
    """What the folder of this person's replica is called: the same for the same host, database and user."""
    exact = "\n".join([address.host.lower(), str(address.port), address.database, address.user])
    parts = (address.host, address.database, address.user)
    words = (re.sub(r"[^a-z0-9]+", "-", search_key(part)).strip("-")[:_SHOWN].strip("-") for part in parts)
    return "-".join([*filter(None, words), hashlib.sha256(exact.encode()).hexdigest()[:_DIGITS]])


def is_open_to_others(address: Address) -> bool:
    """Whether what is sent could be read on the way: without TLS, to another machine."""
    return address.tls == "disable" and not (address.host in ("", *_HERE) or address.host.startswith("/"))
