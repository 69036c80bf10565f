"""Database errors, told by their code and never by their message, as errors a person can read."""

import errno
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import sqlcipher3.dbapi2 as sqlite
from sqlalchemy.exc import DBAPIError, IntegrityError

from app.core.errors import Damaged, DiskFull, Locked, NotFound, ReadOnly, StorageError
from app.core.i18n import Text

_FULL = 13
_NO_SUCH_FILE = (errno.ENOENT, errno.ENOTDIR, errno.EISDIR, errno.EEXIST, errno.ENAMETOOLONG, errno.ELOOP)
_READ_ONLY, _DISK, _NOT_OPENED = 8, 10, 14
#: With less room than this a disk counts as full: SQLite has no code for one that has no room for its shared memory.
_LEAST_ROOM = 256 * 1024
_KINDS: dict[int, tuple[type[StorageError], Text, Text]] = {
    5: (Locked, Text("Another program is using the data."), Text("Nothing was changed. Please try again.")),
    6: (Locked, Text("Another program is using the data."), Text("Nothing was changed. Please try again.")),
    _READ_ONLY: (
        ReadOnly,
        Text("The data may only be read."),
        Text("Nothing was changed. Check the rights of the folder."),
    ),
    _DISK: (StorageError, Text("The disk could not be read or written."), Text("Nothing was changed.")),
    11: (Damaged, Text("The data file is damaged."), Text("It is kept as it is; a backup can be restored.")),
    _FULL: (DiskFull, Text("The disk is full."), Text("Nothing was changed. Make room and try again.")),
    _NOT_OPENED: (StorageError, Text("The data file could not be opened."), Text("Check the folder and its rights.")),
    26: (Damaged, Text("The file is not a Trichter store."), Text("It is kept as it is.")),
}


def storage_error(error: BaseException) -> StorageError | NotFound | None:
    """What a driver or system error means, or None if it is a mistake of ours."""
    original = error.orig if isinstance(error, DBAPIError) else error
    if isinstance(error, IntegrityError) and error.statement is None:
        # At the commit only the deferred constraints are looked at, and those are the foreign keys. (The driver has one
        # code for all kinds of constraints.) A team's server looks at them then, too.
        return NotFound(
            Text("Something this refers to has been deleted in the meantime."), Text("Nothing was changed.")
        )
    if isinstance(original, sqlite.Error):
        code = getattr(original, "sqlite_errorcode", None)
        if code is not None and code & 0xFF in _KINDS:
            kind, title, hint = _KINDS[code & 0xFF]
            return kind(title, hint)
    if isinstance(original, OSError):
        return _system_error(original)
    return None


def cause(error: sqlite.Error, path: Path) -> StorageError | None:
    """What kept a store from being opened, where that is its folder: read-only, or on a full disk; else None.

    The driver has the same code for these and for worse.
    """
    if getattr(error, "sqlite_errorcode", 0) & 0xFF not in (_READ_ONLY, _DISK, _NOT_OPENED):
        return None
    if not os.access(path.parent, os.W_OK):
        code = _READ_ONLY
    elif shutil.disk_usage(path.parent).free < _LEAST_ROOM:
        code = _FULL
    else:
        return None
    kind, title, hint = _KINDS[code]
    return kind(title, hint)


def _system_error(error: OSError) -> StorageError | None:
    path = Path(str(error.filename)).name if error.filename else ""
    if error.errno in (errno.ENOSPC, errno.EDQUOT):
        return DiskFull(Text("The disk is full."), Text("Nothing was changed. Make room and try again."))
    if error.errno in (errno.EACCES, errno.EPERM, errno.EROFS):
        return ReadOnly(
            Text("“{path}” may not be written or read.", path=path), Text("Check the rights of the folder.")
        )
    if error.errno in _NO_SUCH_FILE:
        return StorageError(Text("“{path}” could not be found.", path=path))
    if error.errno in (errno.EIO, errno.ENXIO, errno.ENODEV, errno.EFBIG, errno.EINVAL):
        return StorageError(Text("The disk could not be read or written."), Text("Nothing was changed."))
    return None


@contextmanager
def translated() -> Iterator[None]:
    """Within it, driver and system errors become errors of `app.core.errors`."""
    try:
        yield
    except (DBAPIError, sqlite.Error, OSError) as error:
        known = storage_error(error)
        if known is None:
            raise
        raise known from error
