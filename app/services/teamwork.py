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
from app.core.errors import Damaged, DiskFull, Locked, Outdated, ReadOnly, StorageError, Unreachable
from app.core.i18n import Text
from app.models import place
from app.models.engine import connect_to_read
from app.models.failures import translated
from app.models.linked import FOLLOWED
from app.models.server.addressing import Address, address_of, folder_name, is_open_to_others
from app.models.server.catching_up import read_seen
from app.models.server.probing import PasswordWanted
from app.models.server.replica import make_replica, open_replica
from app.models.types import instant_of, micros
from app.services.lock import StoreLock, gate
from app.services.team_keys import demand, is_known, took

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
    path, now = place.store_file(folder), SystemClock(ZoneInfo("UTC"))
    with gate(folder):
        if not path.exists():
            make_replica(folder, mine.address, clock=now, local=local, tell=tell)
    try:
        store = _opened(folder, mine, origin, local=local)
    except Outdated:
        renew(folder, mine, local=local, tell=tell)
        store = _opened(folder, mine, origin, local=local)
    if clock is not None:
        store.stand_at(clock)
    return store


def _opened(folder: Path, mine: Membership, origin: str, *, local: bool) -> "Store":
    with ExitStack() as unless_open:
        store = unless_open.enter_context(closing(open_replica(folder, mine.address, origin=origin, local=local)))
        _follow(store, mine, folder)
        unless_open.pop_all()
    return store


def renew(folder: Path, mine: Membership, *, local: bool = True, tell: Tell = lambda done, total: None) -> None:
    """Fetch anew all that this person may see: the way back from a replica that is damaged.

    Raises Locked while a window has it open, StorageError for data that are no replica, Unreachable, NotAllowed; then
    all is as it was.
    """
    now = SystemClock(ZoneInfo("UTC"))
    with gate(folder), StoreLock(folder, now):
        _refuse_own(place.store_file(folder))
        make_replica(folder, mine.address, clock=now, local=local, anew=True, tell=tell)


def _refuse_own(path: Path) -> None:
    """What somebody put there that is no replica stays."""
    with suppress(Damaged), translated(), closing(connect_to_read(path)) as driver:
        if driver.execute("SELECT 1 FROM sqlite_master WHERE name = 'store_setting'").fetchone() is None:
            return
        if read_seen(driver) is None:
            raise StorageError(
                Text("“{path}” is no copy of a team's data.", path=str(path)), Text("It is kept as it is.")
            )


def _follow(store: "Store", mine: Membership, folder: Path) -> None:
    try:
        store.follow()
    except _AWAY as error:
        _look_at_password(mine.address, folder)
        mine.missed = error
        store.missed()
        return
    with suppress(ReadOnly, DiskFull, Locked):
        took(folder, mine.address.password)
        with store.maintenance(here=True) as connection:
            connection.execute(text(_FOLLOWED), {"key": FOLLOWED, "now": str(micros(store.clock.now()))})


def _look_at_password(address: Address, folder: Path) -> None:
    """Without the server somebody reads who knows the password that it took last."""
    if not address.password and not is_known(folder, ""):
        raise PasswordWanted(
            Text("The team's server cannot be reached."),
            Text("What was read before is shown to who gives the password."),
        )
    demand(folder, address.password)


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
