"""The one place that reads and writes by what somebody shows on this machine that it is them.

A password becomes a hash by Argon2id, which stands in no history, no log and no export. It keeps apart the people who
work with one store; it does not encrypt the data.
"""

import unicodedata
from contextlib import suppress
from typing import TYPE_CHECKING

from sqlalchemy import bindparam, text

from app.core.errors import DiskFull, InvalidInput, Locked, ReadOnly
from app.core.i18n import Plural, Text
from app.models.types import Instant

if TYPE_CHECKING:
    from argon2 import PasswordHasher
    from sqlalchemy.orm import Session

    from app.models.store import Store

SHORTEST, LONGEST = 8, 1000


def checked(password: str) -> str:
    """A new password, if it can be one. Raises InvalidInput."""
    if len(password) < SHORTEST:
        words = Plural("A password has at least {n} character.", "A password has at least {n} characters.", n=SHORTEST)
        raise InvalidInput(words, field="password")
    if len(password) > LONGEST:
        raise InvalidInput(Text("This password is too long: it may have {n} characters.", n=LONGEST), field="password")
    return password


def matches(store: "Store", member_id: int, password: str) -> bool:
    """Whether this is the password of a member; False where there is none. Takes about a tenth of a second.

    A hash that was made with other parameters than ours is made anew on this occasion.
    """
    # readers see no hash, and who may not write is asked as well
    with store.survey() as connection:
        known: str | None = connection.execute(_HASH, {"member": member_id}).scalar()
    if known is None or not is_hash_of(known, password):
        return False
    if _hasher().check_needs_rehash(known):
        renewed = {"hash": hashed(password), "member": member_id, "known": known}
        with suppress(Locked, ReadOnly, DiskFull), store.maintenance() as connection:
            connection.execute(_RENEW, renewed)
    return True


def is_hash_of(known: str, password: str) -> bool:
    """Whether this was made of that password. Takes about a tenth of a second."""
    from argon2.exceptions import InvalidHashError, VerificationError

    if not known.isascii() or len(password) > LONGEST:
        return False
    try:
        return _hasher().verify(known, _bytes(password))
    except (VerificationError, InvalidHashError):
        return False


def hashed(password: str) -> str:
    """What is kept of a password: nobody reads it from that."""
    return _hasher().hash(_bytes(password))


def put(store: "Store", member_id: int, password: str) -> None:
    """Give a member a password in the place of the one that is there. Raises InvalidInput for one that can be none."""
    values = {"hash": hashed(checked(password)), "member": member_id, "at": store.clock.now()}
    with store.maintenance() as connection:
        connection.execute(_PUT, values)


def remove(store: "Store", member_id: int) -> None:
    """Let a member have no password."""
    with store.maintenance() as connection:
        connection.execute(_REMOVE, {"member": member_id})


def remove_within(session: "Session", member_id: int) -> None:
    """The same within the write that lets a member go; it does not come back with the member."""
    session.connection().execute(_REMOVE, {"member": member_id})


def _hasher() -> "PasswordHasher":
    from argon2 import PasswordHasher

    return PasswordHasher(time_cost=3, memory_cost=64 << 10, parallelism=4)


def _bytes(password: str) -> bytes:
    """The same ones however a keyboard composes its letters; what a terminal could not decode remains what it is."""
    return unicodedata.normalize("NFC", password).encode(errors="surrogatepass")


_HASH = text("SELECT hash FROM password WHERE user_id = :member")
_RENEW = text("UPDATE password SET hash = :hash WHERE user_id = :member AND hash = :known")
_PUT = text(
    "INSERT INTO password (user_id, hash, changed_at) VALUES (:member, :hash, :at) "
    "ON CONFLICT (user_id) DO UPDATE SET hash = excluded.hash, changed_at = excluded.changed_at"
).bindparams(bindparam("at", type_=Instant))
_REMOVE = text("DELETE FROM password WHERE user_id = :member")
