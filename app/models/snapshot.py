"""Verified copies of a store, and putting one in its place.

`VACUUM INTO` sees every acknowledged write (copying the file does not). The copy gets its name only after it was
opened, checked, counted and written through to the disk.
"""

import os
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from app.core.errors import Damaged
from app.core.i18n import Text
from app.models.engine import connect
from app.models.failures import translated


@dataclass(frozen=True)
class Contents:
    """What a store file holds, as far as it was verified."""

    revision: str
    leads: int
    steps: int


def write_copy(connection: Any, target: Path) -> Contents:
    """Copy the store behind a driver connection to `target` (replaced only by a good copy); returns what it holds.

    Raises StorageError (disk full, read-only …) and leaves nothing behind then.
    """
    partial = target.with_name(target.name + ".part")
    with translated():
        target.parent.mkdir(parents=True, exist_ok=True)
        partial.unlink(missing_ok=True)
        try:
            connection.execute("VACUUM INTO ?", (str(partial),))
            contents = verify(partial)
            _through(partial)
            partial.replace(target)
            _through(target.parent)
        finally:
            partial.unlink(missing_ok=True)
    return contents


def verify(path: Path) -> Contents:
    """Open a store file and check all of it. Raises Damaged if anything is wrong with it."""
    with translated():
        if not path.is_file():
            raise FileNotFoundError(2, "not found", str(path))
        connection = connect(path, read_only=True)
        try:
            problems = [row[0] for row in connection.execute("PRAGMA integrity_check")]
            if problems != ["ok"] or connection.execute("PRAGMA foreign_key_check").fetchone():
                raise Damaged(Text("The data file is damaged."), Text("It is kept as it is; a backup can be restored."))
            tables = {row[0] for row in connection.execute("SELECT name FROM sqlite_master")}
            if not {"alembic_version", "lead", "step"} <= tables:
                raise Damaged(Text("The file is not a Trichter store."), Text("It is kept as it is."))
            revision = connection.execute("SELECT version_num FROM alembic_version").fetchone()[0]
            leads = connection.execute("SELECT count(*) FROM lead WHERE deleted_at IS NULL").fetchone()[0]
            steps = connection.execute("SELECT count(*) FROM change_set").fetchone()[0]
        finally:
            connection.close()
    return Contents(str(revision), leads, steps)


def replace_file(backup: Path, current: Path, kept: Path) -> None:
    """Put a verified copy of `backup` in the place of `current`, which is kept as `kept`. Nobody may have it open."""
    partial = current.with_name(current.name + ".part")
    with translated():
        partial.unlink(missing_ok=True)
        source = connect(backup, read_only=True)
        try:
            write_copy(source, partial.with_suffix(".new"))
        finally:
            source.close()
        if current.exists():
            _fold_log(current)
            current.replace(kept)
        for suffix in ("-wal", "-shm"):
            current.with_name(current.name + suffix).unlink(missing_ok=True)
        partial.with_suffix(".new").replace(current)
        _through(current.parent)


def _fold_log(path: Path) -> None:
    """Bring what stands in the write-ahead log into the file, as far as the file can still be opened."""
    try:
        with translated():
            connection = connect(path)
            try:
                connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
            finally:
                connection.close()
    except Damaged:
        for suffix in ("-wal", "-shm"):  # a damaged store keeps its log beside it
            log = path.with_name(path.name + suffix)
            if log.exists():
                log.replace(path.with_name(path.name + ".damaged" + suffix))


def _through(path: Path) -> None:
    """Write a file or folder through to the disk."""
    if os.name == "nt" and path.is_dir():
        return
    handle = os.open(path, os.O_RDONLY if path.is_dir() else os.O_RDWR)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
