"""Why a server lets somebody not in.

The driver tells that in words alone, and in the server's language. So the server is asked a second time by hand, up to
where it gives the code: whether it offers TLS, whether its certificate is believed, whether it knows name and password,
and whether it has the database.
"""

import hashlib
import hmac
import os
import socket
import ssl
import struct
import unicodedata
from base64 import b64decode, b64encode
from collections.abc import Iterator
from contextlib import contextmanager

from app.core.errors import NotAllowed, TrichterError, Unreachable
from app.core.i18n import Text
from app.models.server.addressing import Address
from app.models.server.authority import system_authorities
from app.models.server.failures import by_code

_SECONDS = 4
_ASK_TLS = struct.pack("!ii", 8, 80877103)
_VERSION = 196608
_LONGEST = 100_000
_ROUNDS = 1_000_000
_OTHER_NAME, _OTHER_ADDRESS, _NOT_YET, _EXPIRED = 62, 64, 9, 10
_DONE, _SASL, _SASL_GOES_ON, _SASL_ENDS = 0, 10, 11, 12

_UNCHANGED = Text("Nothing was changed.")
_TIME = Text(
    "Nothing was sent to it. Whoever looks after the server can renew it, unless the clock of this device is wrong."
)
#: In which part of the address it lies, by the code or its class; where there is no answer it is the host.
_FIELDS = {"28000": "user", "28": "password", "3D000": "database"}


class PasswordWanted(NotAllowed):
    """The server asks for a password, and none was given."""


def refusal(address: Address) -> TrichterError:
    """What keeps this person from signing in at the server; its field is the part of the address in which that lies."""
    try:
        with _wire(address) as wire:
            code = _asked(wire, address)
    except TrichterError as error:
        return error
    except (OSError, ValueError, struct.error):
        code = None
    if code in ("42501", "0LP01"):
        return NotAllowed(Text("This user name belongs to nobody of the team."), _UNCHANGED, "user")
    known = None if code is None else by_code(code)
    if known is None or code is None:
        return Unreachable(Text("The team's server cannot be reached."), _UNCHANGED, "host")
    known.field = _FIELDS.get(code, _FIELDS.get(code[:2]))
    return known


@contextmanager
def _wire(address: Address) -> Iterator[socket.socket]:
    try:
        found = socket.create_connection((address.host, address.port), _SECONDS)
    except socket.gaierror:
        raise Unreachable(
            Text("There is no computer of the name “{host}”, or this one is not connected.", host=address.host),
            _UNCHANGED,
            "host",
        ) from None
    with found as plain:
        if address.tls == "disable":
            yield plain
            return
        plain.sendall(_ASK_TLS)
        if _read(plain, 1) != b"S":
            raise Unreachable(
                Text("The team's server offers no encrypted connection (TLS)."),
                Text("Nothing was sent to it. Whoever looks after the server can set that up."),
                "tls",
            )
        try:
            with _context(address).wrap_socket(plain, server_hostname=address.host) as wrapped:
                yield wrapped
        except ssl.SSLCertVerificationError as error:
            raise _distrust(error.verify_code) from error


def _context(address: Address) -> ssl.SSLContext:
    authorities = str(address.authority) if address.authority else system_authorities()
    try:
        context = ssl.create_default_context(cafile=None if authorities == "system" else authorities)
    except ssl.SSLError as error:
        raise Unreachable(
            Text("There is no certificate in “{path}”.", path=authorities), _UNCHANGED, "authority"
        ) from error
    if address.tls == "require":
        context.check_hostname = False
        context.verify_mode = ssl.CERT_NONE
    return context


def _distrust(code: int) -> Unreachable:
    if code in (_OTHER_NAME, _OTHER_ADDRESS):
        return Unreachable(
            Text("The certificate of the team's server is for another name than the one it was called by."),
            Text("Nothing was sent to it. Whoever looks after the server knows by which name it is to be called."),
            "host",
        )
    if code == _EXPIRED:
        return Unreachable(Text("The certificate of the team's server has expired."), _TIME, "host")
    if code == _NOT_YET:
        return Unreachable(Text("The certificate of the team's server is not valid yet."), _TIME, "host")
    return Unreachable(
        Text("The certificate of the team's server is signed by nobody who is known here."),
        Text("Nothing was sent to it. Is the file with the authority's certificate the right one?"),
        "authority",
    )


# --- what is said ----------------------------------------------------------------------------------------------------


def _asked(wire: socket.socket, address: Address) -> str | None:
    """The code of the refusal; None where there was none, or it cannot be known. Raises PasswordWanted."""
    names = (b"user", address.user.encode(), b"database", address.database.encode(), b"")
    body = struct.pack("!i", _VERSION) + b"\0".join(names) + b"\0"
    wire.sendall(struct.pack("!i", len(body) + 4) + body)
    nonce = b64encode(os.urandom(18))
    while True:
        kind, told = _message(wire)
        if kind == b"E":
            return _code(told)
        if kind != b"R":
            return None
        (step,) = struct.unpack("!i", told[:4])
        if step not in (_DONE, _SASL_ENDS) and not address.password:
            raise PasswordWanted(Text("The team's server asks for a password."), _UNCHANGED)
        if step == _SASL:
            wire.sendall(_answer(_greeting(nonce)))
        elif step == _SASL_GOES_ON:
            wire.sendall(_answer(_proof(nonce, told[4:], address.password)))
        elif step not in (_DONE, _SASL_ENDS):  # kinds that the server has for passwords of old
            return None


def _greeting(nonce: bytes) -> bytes:
    """The beginning of SCRAM-SHA-256 (RFC 7677), without a binding to the connection."""
    first = b"n,," + _begun(nonce)
    return b"SCRAM-SHA-256\0" + struct.pack("!i", len(first)) + first


def _begun(nonce: bytes) -> bytes:
    return b"n=,r=" + nonce


def _proof(nonce: bytes, first: bytes, password: str) -> bytes:
    """What shows that one knows the password, without telling it. Raises ValueError where the server makes no sense."""
    told = {part[:1]: part[2:] for part in first.split(b",")}
    rounds = int(told.get(b"i", b"0"))
    if not told.get(b"r", b"").startswith(nonce) or not 0 < rounds <= _ROUNDS:
        raise ValueError("not as agreed")
    typed = unicodedata.normalize("NFKC", password).encode(errors="surrogatepass")
    salted = hashlib.pbkdf2_hmac("sha256", typed, b64decode(told.get(b"s", b"")), rounds)
    key = hmac.digest(salted, b"Client Key", "sha256")
    end = b"c=biws,r=" + told[b"r"]
    signed = hmac.digest(hashlib.sha256(key).digest(), b",".join((_begun(nonce), first, end)), "sha256")
    return end + b",p=" + b64encode(bytes(one ^ other for one, other in zip(key, signed, strict=True)))


def _answer(body: bytes) -> bytes:
    return b"p" + struct.pack("!i", len(body) + 4) + body


def _message(wire: socket.socket) -> tuple[bytes, bytes]:
    kind = _read(wire, 1)
    (length,) = struct.unpack("!i", _read(wire, 4))
    if not 4 <= length <= _LONGEST:
        raise ValueError("not a PostgreSQL")
    return kind, _read(wire, length - 4)


def _code(told: bytes) -> str | None:
    fields = {field[:1]: field[1:] for field in told.split(b"\0")}
    return fields[b"C"].decode("ascii", "replace") if b"C" in fields else None


def _read(wire: socket.socket, count: int) -> bytes:
    found = b""
    while len(found) < count:
        piece = wire.recv(count - len(found))
        if not piece:
            raise ConnectionError("closed")
        found += piece
    return found
