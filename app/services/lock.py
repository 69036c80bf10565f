"""Who has a data folder: one window at a time, and alone whoever puts another file in the place of the store.

Both locks are the operating system's, so they die with the process that holds them. The command line reads and writes
beside an open window and takes neither but the gate, for the moment in which it opens the store.
"""

import json
import os
import socket
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Self

from filelock import FileLock, Timeout

from app.core.clock import Clock
from app.core.errors import DiskFull, Locked, ReadOnly
from app.core.i18n import Text
from app.core.paths import is_network_drive
from app.models.failures import translated
from app.models.place import HOLDER_NAME

_LOCK = "trichter.lock"
_GATE = "trichter.gate"

#: How long somebody who only looks may be in the way, and how long an update of the store may take.
_LOOK_SECONDS = 0.3
_GATE_SECONDS = 120


@dataclass(frozen=True)
class Holder:
    """The process that holds a folder; what is not known is empty."""

    pid: int = 0
    host: str = ""
    since: datetime | None = None


class StoreLock:
    """Says that a window has the store of `folder` open. Dies with the process.

    The note beside the lock tells others who it is; on Windows the locked file itself cannot be read.
    """

    def __init__(self, folder: Path, clock: Clock) -> None:
        self._folder = folder
        self._clock = clock
        self._lock = FileLock(folder / _LOCK, thread_local=False)

    def acquire(self) -> None:
        """Take the folder. Raises Locked, naming the holder, or StorageError."""
        with translated():
            self._folder.mkdir(parents=True, exist_ok=True)
            try:
                self._lock.acquire(timeout=_LOOK_SECONDS)
            except Timeout:
                raise taken(_noted(self._folder)) from None
            note = {"pid": os.getpid(), "host": socket.gethostname(), "since": self._clock.now().isoformat()}
            (self._folder / HOLDER_NAME).write_text(json.dumps(note), "utf-8")

    def release(self) -> None:
        """Give the folder back; does nothing when it is not held."""
        if self._lock.is_locked:
            with suppress(OSError):  # a note that stays is not believed without the lock
                (self._folder / HOLDER_NAME).unlink(missing_ok=True)
            self._lock.release()

    def __enter__(self) -> Self:
        self.acquire()
        return self

    def __exit__(self, *_: object) -> None:
        self.release()


def holder(folder: Path) -> Holder | None:
    """Who has the store of a folder open in a window, or None. Cheap, and changes nothing."""
    if not (folder / _LOCK).exists():
        return None
    probe = FileLock(folder / _LOCK, thread_local=False)
    try:
        with translated(), probe.acquire(timeout=0):
            return None
    except Timeout:
        return _noted(folder)
    except ReadOnly:  # nobody can hold a lock in a folder that cannot be written
        return None


def _noted(folder: Path) -> Holder:
    try:
        note = json.loads((folder / HOLDER_NAME).read_text("utf-8"))
        return Holder(int(note["pid"]), str(note["host"]), datetime.fromisoformat(note["since"]))
    except (OSError, ValueError, KeyError, TypeError):
        return Holder()


def taken(who: Holder) -> Locked:
    """The error for somebody who needs a folder that `who` has."""
    if not who.pid:
        return Locked(Text("Trichter has these data open in a window."), Text("Close it and try again."))
    title = Text("Trichter has these data open in a window (process {pid} on {host}).", pid=str(who.pid), host=who.host)
    return Locked(title, Text("Close it and try again."))


@contextmanager
def gate(folder: Path) -> Iterator[None]:
    """Held while a store is made, opened, brought forward or replaced, so that nobody opens a file that goes away.

    Raises Locked if somebody else takes unusually long. Where the gate cannot be made, in a folder that is read-only or
    on a full disk, nothing can be done to the store either.
    """
    lock = FileLock(folder / _GATE, thread_local=False)
    try:
        with translated():
            lock.acquire(timeout=_GATE_SECONDS)
    except Timeout:
        raise Locked(
            Text("Another program is using the data."), Text("Nothing was changed. Please try again.")
        ) from None
    except (ReadOnly, DiskFull):
        pass
    try:
        yield
    finally:
        lock.release()


def drive_warning(folder: Path) -> Text | None:
    """What to say about a folder on a network drive; None for one on a disk of this machine."""
    if not is_network_drive(folder):
        return None
    return Text(
        "The data lie on a network drive. Only one person at a time should work with them, and a broken connection "
        "can cost what was entered last."
    )
