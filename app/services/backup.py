"""Verified copies of the store, made by themselves; which of them are kept; and putting one back.

A copy gets its name only after it was opened, checked and written through to the disk (`app.models.snapshot`).
"""

import re
from collections.abc import Callable, Hashable, Iterable
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, tzinfo
from enum import StrEnum
from itertools import count
from pathlib import Path
from typing import TYPE_CHECKING

from app.core.clock import Clock, SystemClock
from app.core.errors import Damaged, InvalidInput, NewerStore, NotAllowed, StorageError
from app.core.i18n import N_, Text
from app.core.roles import EVERYTHING, Act, Rights
from app.models import migrate, snapshot
from app.models.engine import connect_to_read
from app.models.failures import translated
from app.models.linked import SEEN
from app.models.opening import store_file
from app.models.place import backups_of, is_replica
from app.services.lock import StoreLock, gate
from app.services.targets import check_target

if TYPE_CHECKING:
    from app.models.store import Store


class Reason(StrEnum):
    """Why a copy was made; part of its name."""

    MANUAL = "manual"
    EXIT = "exit"
    IMPORT = "import"
    DELETE = "delete"
    MIGRATION = "migration"


REASON_LABELS = {
    Reason.MANUAL: N_("by hand"),
    Reason.EXIT: N_("on exit"),
    Reason.IMPORT: N_("before an import"),
    Reason.DELETE: N_("before emptying the trash"),
    Reason.MIGRATION: N_("before an update"),
}

#: Why there are no copies of a team's data here: a replica holds what one of them sees.
OF_SERVER = Text("The team's data are backed up on its server with pg_dump, not here.")

# Everything of the last days; of older ones the last of each of the last days, weeks and months.
_ALL = timedelta(days=2)
_DAYS, _WEEKS = 12, 10
_LONGEST = timedelta(days=90)

#: After this time nobody is at work on a half-done copy any more.
_ABANDONED = timedelta(days=1)

_NAME = re.compile(r"trichter-(\d{8}T\d{6})Z-([a-z]+)(?:-\d+)?\.db")
_STAMP = "%Y%m%dT%H%M%S"


@dataclass(frozen=True)
class Backup:
    """A copy in the folder of backups."""

    path: Path
    at: datetime
    reason: Reason
    size: int


@dataclass(frozen=True)
class Restored:
    """What `restore` did: how many leads there are now, and where the file that stood there before is kept."""

    leads: int
    kept: Path | None


@dataclass(frozen=True)
class Held:
    """What a copy would bring back: when it was made, and how many leads it holds."""

    at: datetime
    leads: int


class Backups:
    """Makes and keeps the copies of a store in a folder. `clock` names them: the machine's, even under `--today`."""

    def __init__(self, store: "Store", folder: Path, clock: Clock | None = None) -> None:
        self._store = store
        self._folder = folder
        self._clock = clock or SystemClock(store.zone)

    @property
    def folder(self) -> Path:
        """Where copies are put."""
        return self._folder

    def use(self, folder: Path) -> None:
        """Put copies into another folder from now on; those that are there already stay where they are."""
        self._folder = folder

    def make(self, reason: Reason) -> Path:
        """A verified copy, now; then those are removed that need not be kept. Raises StorageError.

        One that is made by hand not everybody may make, and of a team's data nobody here: raises NotAllowed.
        """
        if self._store.shared:
            raise NotAllowed(OF_SERVER)
        if reason is Reason.MANUAL:
            self._store.rights.demand(Act.BACKUP)
        target = target_in(self._folder, reason, self._clock.now())
        self._copy_to(target)
        self.rotate()
        return target

    def make_if_changed(self, reason: Reason) -> Path | None:
        """A copy unless the newest one has every step already, or there is no step yet. Raises StorageError.

        None of a team's data: here is what one of them sees, and all of it on the server.
        """
        if self._store.shared:
            return None
        with self._store.bare() as connection:
            newest = snapshot.newest_step(connection)
        last = self.last()
        if newest is None or (last is not None and snapshot.newest_step_in(last.path) == newest):
            return None
        return self.make(reason)

    def make_first(self, reason: Reason) -> Path | None:
        """A copy before much is changed; None of a team's data. Raises StorageError."""
        return None if self._store.shared else self.make(reason)

    def on_exit(self) -> Path | None:
        """What is made when the program ends."""
        return self.make_if_changed(Reason.EXIT)

    def list(self) -> list[Backup]:
        """All copies, newest first. Other files in the folder are nobody's business."""
        return found_in(self._folder)

    def last(self) -> Backup | None:
        """The newest copy."""
        return next(iter(self.list()), None)

    def rotate(self) -> None:
        """Remove the copies that need not be kept any more, and what was left half-done long ago."""
        now = self._clock.now()
        gone = [backup.path for backup in superfluous(self.list(), now, self._store.zone)]
        with translated():
            partials = self._folder.glob(f"trichter-*{snapshot.PARTIAL}")
            for path in (*gone, *(partial for partial in partials if _is_abandoned(partial, now))):
                path.unlink(missing_ok=True)

    def write(self, target: Path) -> snapshot.Contents:
        """A verified copy at a place of the user's choice; returns what it holds.

        Raises InvalidInput where it cannot go, also if anything is there already: what looks like an old backup may be
        the data of somebody else. Raises NotAllowed, StorageError.
        """
        self._store.rights.demand(Act.BACKUP)
        if self._store.shared:
            raise NotAllowed(OF_SERVER)
        target = target.absolute()
        with translated():
            check_target(target)
            if target.exists() or target.is_symlink():
                raise InvalidInput(
                    Text("“{path}” is there already and was not replaced.", path=str(target)),
                    Text("Please name another file, or move this one away first."),
                )
        return self._copy_to(target)

    def look_into(self, file: Path) -> Held:
        """What going back to `file` would bring. Raises NotAllowed for who may not do that, else as `held_by`."""
        self._store.rights.demand(Act.BACKUP)
        return held_by(file)

    def _copy_to(self, target: Path) -> snapshot.Contents:
        """On a connection of its own, so that nobody who writes has to wait for it."""
        with translated(), closing(connect_to_read(self._store.path)) as connection:
            return snapshot.write_copy(connection, target)


def _is_abandoned(partial: Path, now: datetime) -> bool:
    try:
        return now.timestamp() - partial.stat().st_mtime > _ABANDONED.total_seconds()
    except FileNotFoundError:  # another process has just completed it
        return False


def folder_of(data: Path) -> Path:
    """Where the copies of a data folder lie."""
    return backups_of(data)


def target_in(folder: Path, reason: Reason, now: datetime) -> Path:
    """A name for a new copy: its time in UTC and its reason."""
    stem = f"trichter-{now.astimezone(UTC).strftime(_STAMP)}Z-{reason}"
    names = (folder / f"{stem}{f'-{number}' if number > 1 else ''}.db" for number in count(1))
    return next(path for path in names if not path.exists())


def found_in(folder: Path) -> list[Backup]:
    """The copies in a folder, newest first."""
    found = []
    with translated():
        for path in folder.glob("trichter-*.db"):
            backup = _read_name(path)
            if backup is not None:
                found.append(backup)
    return sorted(found, key=lambda backup: (backup.at, backup.path.name), reverse=True)


def newest_good(folder: Path) -> Backup | None:
    """The newest copy in a folder that is whole and that this program can put back; every one is looked through."""
    return next((backup for backup in found_in(folder) if _is_good(backup.path)), None)


def _is_good(copy: Path) -> bool:
    try:
        return snapshot.verify(copy).revision in migrate.KNOWN
    except StorageError:
        return False


def _read_name(path: Path) -> Backup | None:
    parts = _NAME.fullmatch(path.name)
    try:
        if parts is None or not path.is_file():
            return None
        at = datetime.strptime(parts[1], _STAMP).replace(tzinfo=UTC)
        return Backup(path, at, Reason(parts[2]), path.stat().st_size)
    except (ValueError, FileNotFoundError):  # named like a copy by chance, or removed by another process just now
        return None


def superfluous(backups: Iterable[Backup], now: datetime, zone: tzinfo) -> list[Backup]:
    """The copies that may go: none of the last two days, nor the last of each of the last 12 days, 10 weeks and of
    each month, nor the newest of all; but everything older than 90 days.
    """
    ordered = sorted(backups, key=lambda backup: backup.at, reverse=True)
    kept = {backup.path for backup in ordered if now - backup.at < _ALL} | {b.path for b in ordered[:1]}
    older = [backup for backup in ordered if _ALL <= now - backup.at <= _LONGEST]
    kept |= _last_of_each(older, lambda backup: backup.at.astimezone(zone).date(), _DAYS)
    kept |= _last_of_each(older, lambda backup: backup.at.astimezone(zone).isocalendar()[:2], _WEEKS)
    kept |= _last_of_each(older, lambda backup: backup.at.astimezone(zone).strftime("%Y-%m"), None)
    return [backup for backup in ordered if backup.path not in kept]


def _last_of_each(backups: Iterable[Backup], span: Callable[[Backup], Hashable], most: int | None) -> set[Path]:
    """Of backups, newest first, the newest in each span; of at most so many spans."""
    newest: dict[Hashable, Path] = {}
    for backup in backups:
        newest.setdefault(span(backup), backup.path)
    return set(list(newest.values())[:most])


def held_by(file: Path) -> Held:
    """What going back to `file` would bring. Raises NewerStore, Damaged or another StorageError as `restore` does."""
    contents, named = _verified(file), _read_name(file)
    with translated():
        at = named.at if named is not None else datetime.fromtimestamp(file.stat().st_mtime, UTC)
    return Held(at, contents.leads)


def restore(data: Path, file: Path, clock: Clock, rights: Rights = EVERYTHING) -> Restored:
    """Put a copy of `file` in the place of the store of a data folder. What stood there is kept beside it.

    `rights` are those of who asks for it; nobody has any where the store cannot be opened, and all may help then.
    Needs the store alone: raises Locked, naming the holder. Raises NotAllowed, NewerStore, Damaged or another
    StorageError before anything was touched.
    """
    rights.demand(Act.BACKUP)
    file = file.absolute()
    current = store_file(data)
    contents = _verified(file)
    with StoreLock(data, clock), gate(data):
        if current.exists() and current.samefile(file):
            raise InvalidInput(Text("This file is the data themselves, not a backup."))
        if current.exists() and _is_replica(current):
            raise NotAllowed(OF_SERVER, Text("There they are brought back with pg_restore, too."))
        kept = _place_for(current, clock.now()) if current.exists() else None
        snapshot.replace_file(file, current, kept or current)
    return Restored(contents.leads, kept)


def _verified(file: Path) -> snapshot.Contents:
    """What a backup holds. What is said about one that is none must not be taken for news of the data."""
    no_backup = (
        Text("“{path}” is damaged, or no backup of Trichter at all.", path=str(file)),
        Text("Nothing was changed."),
    )
    with translated():
        if file.is_dir():
            raise InvalidInput(Text("“{path}” is a folder; please name a file.", path=str(file)))
        if file.exists() and not file.is_file():
            raise InvalidInput(*no_backup)
    try:
        contents = snapshot.verify(file)
    except Damaged as error:
        raise Damaged(*no_backup) from error
    if contents.revision not in migrate.KNOWN:
        raise NewerStore(Text("This backup was written by a newer version of Trichter."), Text("Nothing was changed."))
    return contents


def _is_replica(current: Path) -> bool:
    """Whether a store follows a team; one that cannot be read does not."""
    if is_replica(current.parent):
        return True
    try:
        with translated(), closing(connect_to_read(current)) as connection:
            return connection.execute("SELECT 1 FROM store_setting WHERE key = ?", (SEEN,)).fetchone() is not None
    except StorageError:
        return False


def _place_for(current: Path, now: datetime) -> Path:
    stem = f"{current.stem}-before-restore-{now.astimezone(UTC).strftime(_STAMP)}Z"
    names = (current.with_name(f"{stem}{f'-{number}' if number > 1 else ''}.db") for number in count(1))
    return next(path for path in names if not path.exists())
