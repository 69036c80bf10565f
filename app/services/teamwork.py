"""Working with a team: the replica of its server on this device is made, brought up to date and opened.

Where the server does not answer there is still reading: the replica says of when it is.
"""

from collections.abc import Callable
from contextlib import ExitStack, closing, suppress
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from sqlalchemy import text

from app.core.clock import Clock, SystemClock
from app.core.errors import Damaged, DiskFull, Locked, NotAllowed, Outdated, ReadOnly, StorageError, Unreachable
from app.core.i18n import Text
from app.models import place
from app.models.engine import connect_to_read
from app.models.failures import translated
from app.models.linked import FOLLOWED
from app.models.server.addressing import Address, address_of, folder_name, is_open_to_others
from app.models.server.catching_up import read_seen
from app.models.server.link import Link
from app.models.server.probing import PasswordWanted
from app.models.server.replica import make_replica, open_replica
from app.models.types import instant_of, micros
from app.services.envelope import holds, unwrapped, wrap
from app.services.lock import StoreLock, gate

if TYPE_CHECKING:
    from app.models.store import Store

__all__ = [
    "Address",
    "Membership",
    "PasswordWanted",
    "address_of",
    "followed",
    "is_open_to_others",
    "open_team",
    "renew",
]

#: How far the first fetch is: parts done, and parts in all. Raises Cancelled to stop it.
Tell = Callable[[int, int], object]

_AWAY = (Unreachable, Locked, ReadOnly, DiskFull)


@dataclass
class Membership:
    """As whom somebody works with which team. `missed` is why the replica could not be brought up to date when it was
    opened last, None where it was.
    """

    address: Address
    missed: StorageError | None = None

    def folder(self, data: Path) -> Path:
        """Where the replica lies under a data folder."""
        return place.replica_folder(data, folder_name(self.address))


def open_team(
    folder: Path, mine: Membership, *, origin: str, local: bool = True, clock: Clock | None = None,
    tell: Tell = lambda done, total: None,
) -> "Store":  # fmt: skip
    """Open the replica in this folder, brought up to date; made before if there is none that fits.

    What is fetched is reckoned for today; then it is for the store what `clock` says, if there is one. Raises
    NotAllowed for who is not let in (PasswordWanted without a password), NewerStore or StorageError where program and
    server do not fit, and Unreachable where there is no server and nothing from before.
    """
    mine.missed = None
    link = Link(mine.address)
    with ExitStack() as unless_open:
        unless_open.callback(link.drop)
        key = _key(folder, mine, link)
        if mine.missed is None:
            _prepare(folder, mine, link, local=local, tell=tell)
        try:
            store = _opened(folder, mine, link, key, origin, local=local)
        except Outdated:
            renew(folder, mine, local=local, tell=tell)
            store = _opened(folder, mine, link, key, origin, local=local)
        unless_open.pop_all()
    if clock is not None:
        store.stand_at(clock)
    return store


def _key(folder: Path, mine: Membership, link: Link) -> bytes:
    """What the replica is encrypted with: the server gives it to whom it lets in. Without the server it is in the
    envelope beside the replica, which opens with the password that the server took last.
    """
    try:
        return link.standing.secret
    except _AWAY as error:
        if not place.exists(folder) or not place.is_replica(folder):
            raise
        mine.missed = error
    key = unwrapped(folder, mine.address.password)
    if key is None and not mine.address.password:
        raise PasswordWanted(
            Text("The team's server cannot be reached."),
            Text("What was read before is shown to who gives the password."),
        )
    if key is None:
        raise NotAllowed(
            Text("The team's server cannot be reached, and here another password was used last."),
            Text("With the one that was used last you can read without the server."),
            field="password",
        )
    return key


def _prepare(folder: Path, mine: Membership, link: Link, *, local: bool, tell: Tell) -> None:
    """See to it that there is a replica that this person's key opens, also with the password that the server took."""
    now = SystemClock(ZoneInfo("UTC"))
    with gate(folder):
        if not place.exists(folder):
            make_replica(folder, link, clock=now, local=local, tell=tell)
            _seal(folder, mine, link)
    if not holds(folder, link.standing.secret):  # of another team under the same address, or fetched before keys were
        renew(folder, mine, local=local, tell=tell)
    elif unwrapped(folder, mine.address.password) is None:
        with suppress(ReadOnly, DiskFull, Locked):
            _seal(folder, mine, link)


def _seal(folder: Path, mine: Membership, link: Link) -> None:
    wrap(folder, link.standing.secret, mine.address.password)


def _opened(folder: Path, mine: Membership, link: Link, key: bytes, origin: str, *, local: bool) -> "Store":
    with ExitStack() as unless_open:
        store = unless_open.enter_context(closing(open_replica(folder, link, key=key, origin=origin, local=local)))
        if mine.missed is None:
            _follow(store, mine)
        else:
            store.missed()
        unless_open.pop_all()
    return store


def renew(folder: Path, mine: Membership, *, local: bool = True, tell: Tell = lambda done, total: None) -> None:
    """Fetch anew all that this person may see: the way back from a replica that is damaged.

    Raises Locked while a window has it open, StorageError for data that are no replica, Unreachable, NotAllowed; then
    all is as it was.
    """
    now, link = SystemClock(ZoneInfo("UTC")), Link(mine.address)
    try:
        with gate(folder), StoreLock(folder, now):
            _refuse_own(place.store_file(folder))
            make_replica(folder, link, clock=now, local=local, anew=True, tell=tell)
            _seal(folder, mine, link)
    finally:
        link.drop()


def _refuse_own(path: Path) -> None:
    """What somebody put there that is no replica stays."""
    with suppress(Damaged), translated(), closing(connect_to_read(path)) as driver:
        if driver.execute("SELECT 1 FROM sqlite_master WHERE name = 'store_setting'").fetchone() is None:
            return
        if read_seen(driver) is None:
            raise StorageError(
                Text("“{path}” is no copy of a team's data.", path=str(path)), Text("It is kept as it is.")
            )


def _follow(store: "Store", mine: Membership) -> None:
    try:
        store.follow()
    except _AWAY as error:
        mine.missed = error
        store.missed()
        return
    with suppress(ReadOnly, DiskFull, Locked), store.maintenance(here=True) as connection:
        connection.execute(text(_FOLLOWED), {"key": FOLLOWED, "now": str(micros(store.clock.now()))})


_FOLLOWED = """
INSERT INTO store_setting (key, value) VALUES (:key, :now) ON CONFLICT (key) DO UPDATE SET value = excluded.value
"""


def followed(store: "Store") -> datetime | None:
    """When a replica was last known to have everything."""
    with store.read() as connection:
        found: str | None = connection.execute(
            text("SELECT value FROM store_setting WHERE key = :key"), {"key": FOLLOWED}
        ).scalar()
    return instant_of(int(found)) if found and found.isascii() and found.isdigit() else None
