"""The key of an encrypted store, wrapped by a password: in a file beside the store.

The key is 32 bytes of chance; a new password wraps the same key once more, and the data stay as they are. Of the
password and a salt that is never used twice Argon2id (RFC 9106: 64 MiB, three rounds) makes 64 bytes: the first half
covers the key as a one-time pad, the second one signs that (HMAC-SHA-256), which tells whether the password was right.
The file says what it was made with, so that a later program may ask for more.
"""

import hashlib
import hmac
import json
import os
import unicodedata
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import asdict, dataclass, replace
from pathlib import Path

from app.core.files import replacing
from app.models.failures import translated
from app.models.place import KEY_NAME

KEY_BYTES = 32
_SALT_BYTES = 16
_FORMAT = 1
#: Whoever writes the file himself cannot make the program spend more than this on it.
_MOST = {"time": 20, "memory": 1 << 20, "lanes": 16}


@dataclass(frozen=True)
class _Envelope:
    """What stands in the file, bytes in hexadecimal, `memory` in KiB. `of` tells keys apart without telling them."""

    of: str
    salt: str
    covered: str = ""
    signed: str = ""
    time: int = 3
    memory: int = 64 << 10
    lanes: int = 4
    format: int = _FORMAT


def wrap(folder: Path, key: bytes, password: str) -> None:
    """Write the envelope of this folder anew. Takes about a tenth of a second. Raises StorageError."""
    fresh = _Envelope(_name_of(key), os.urandom(_SALT_BYTES).hex())
    pad, signing = _made_of(fresh, password)
    covered = _laid_over(pad, key)
    full = replace(fresh, covered=covered.hex(), signed=_signed(signing, covered).hex())
    with translated(), replacing(folder / KEY_NAME, encoding="ascii") as file:
        json.dump(asdict(full), file, indent=1)


def unwrapped(folder: Path, password: str) -> bytes | None:
    """The key, if this is the password; None also where there is no envelope that can be read.

    Takes about a tenth of a second.
    """
    found = _read(folder)
    if found is None:
        return None
    pad, signing = _made_of(found, password)
    covered = bytes.fromhex(found.covered)
    if not hmac.compare_digest(_signed(signing, covered), bytes.fromhex(found.signed)):
        return None
    return _laid_over(pad, covered)


def holds(folder: Path, key: bytes) -> bool:
    """Whether the envelope of this folder is one of this key."""
    found = _read(folder)
    return found is not None and found.of == _name_of(key)


def _read(folder: Path) -> _Envelope | None:
    """What stands there, unless it cannot have come from here."""
    with suppress(OSError, ValueError, TypeError):
        said = json.loads((folder / KEY_NAME).read_text("ascii"))
        if isinstance(said, Mapping) and said.get("format") == _FORMAT:
            found = _Envelope(**said)
            lengths = [len(bytes.fromhex(text)) for text in (found.salt, found.covered, found.signed)]
            spent = [(getattr(found, name), most) for name, most in _MOST.items()]
            if lengths == [_SALT_BYTES, KEY_BYTES, KEY_BYTES] and all(0 < asked <= most for asked, most in spent):
                return found
    return None


def _made_of(envelope: _Envelope, password: str) -> tuple[bytes, bytes]:
    """The pad and the key to sign with."""
    from argon2.low_level import Type, hash_secret_raw

    # the same ones however a keyboard composes its letters
    typed = unicodedata.normalize("NFC", password).encode(errors="surrogatepass")
    salt = bytes.fromhex(envelope.salt)
    made = hash_secret_raw(
        typed, salt, envelope.time, envelope.memory, envelope.lanes, hash_len=2 * KEY_BYTES, type=Type.ID
    )
    return made[:KEY_BYTES], made[KEY_BYTES:]


def _laid_over(pad: bytes, data: bytes) -> bytes:
    return bytes(one ^ other for one, other in zip(pad, data, strict=True))


def _signed(signing: bytes, covered: bytes) -> bytes:
    return hmac.digest(signing, covered, hashlib.sha256)


def _name_of(key: bytes) -> str:
    return hashlib.sha256(b"Trichter" + key).hexdigest()[:16]
