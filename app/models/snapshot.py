"""Verified copies of a store, and putting one in its place.

`VACUUM INTO` sees every acknowledged write (copying the file does not). The copy gets its name only after it was
opened, checked, counted and written through to the disk.
"""

import os
import shutil
from collections.abc import Iterable, Iterator
from contextlib import ExitStack, closing, contextmanager, nullcontext, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from app.core.errors import Damaged, Locked, ReadOnly, StorageError
from app.core.i18n import Text
from app.models.engine import connect, connect_to_read, set_journal, uri_of
from app.models.failures import translated

#: How the name of a copy ends that is not complete yet; a process that was killed leaves it behind.
PARTIAL = ".part"


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
    partial = target.with_name(f"{target.name}.{os.getpid()}{PARTIAL}")  # another process may copy at the same time
    with translated():
        target.parent.mkdir(parents=True, exist_ok=True)
        partial.unlink(missing_ok=True)
        try:
            with _read_once(connection):
                before = _contents(connection)
                connection.execute("VACUUM INTO ?", (uri_of(partial),))
                contents = verify(partial)
                _compare(before, contents, _contents(connection))
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
        connection = connect_to_read(path)
        try:
            with _read_once(connection):
                sound = not file_problems(connection) and not connection.execute("PRAGMA foreign_key_check").fetchone()
                if not sound:
                    raise Damaged(
                        Text("The data file is damaged."), Text("It is kept as it is; a backup can be restored.")
                    )
                tables = {row[0] for row in connection.execute("SELECT name FROM sqlite_master")}
                if not {"alembic_version", "lead", "step"} <= tables:
                    raise Damaged(Text("The file is not a Trichter store."), Text("It is kept as it is."))
                return _contents(connection)
        finally:
            connection.close()


@contextmanager
def _read_once(connection: Any) -> Iterator[None]:
    """Let a connection read the whole file without keeping it: mapped and cached it would be the program's memory."""
    wanted = {"mmap_size": 0, "cache_size": -8000}
    usual = {name: connection.execute(f"PRAGMA {name}").fetchone()[0] for name in wanted}
    for name, value in wanted.items():
        connection.execute(f"PRAGMA {name} = {value}")
    try:
        yield
    finally:
        for name, value in usual.items():
            connection.execute(f"PRAGMA {name} = {value}")


def _contents(connection: Any) -> Contents:
    revision, leads, steps = connection.execute(_COUNTED).fetchone()
    return Contents(str(revision), leads, steps)


_COUNTED = """
SELECT (SELECT version_num FROM alembic_version), (SELECT count(*) FROM lead WHERE deleted_at IS NULL),
  (SELECT count(*) FROM change_set)
"""


def _compare(before: Contents, copy: Contents, after: Contents) -> None:
    """Others may write while a copy is made, but the history only grows; without a new step nothing may differ."""
    if copy != before if before == after else not before.steps <= copy.steps <= after.steps:
        raise StorageError(
            Text("The copy does not hold what the data hold, so it was thrown away."), Text("The data are unchanged.")
        )


def file_problems(connection: Any) -> list[str]:
    """What SQLite says is wrong with the file behind a driver connection, at most twenty lines.

    What it says about the full-text index is left out: that is built anew from the texts, and is no reason to have no
    backup (`app.services.check` looks at it).
    """
    rows = [str(row[0]) for row in connection.execute("PRAGMA integrity_check(20)")]
    return [row for row in rows if row != "ok" and "search_fts" not in row]


def newest_step(connection: Any) -> str | None:
    """The uid of the last step in the history behind a driver connection; None when nothing was done yet."""
    row = connection.execute("SELECT uid FROM change_set ORDER BY id DESC LIMIT 1").fetchone()
    return None if row is None else str(row[0])


def newest_step_in(path: Path) -> str | None:
    """Like `newest_step`, for a file; None also for one that cannot be read."""
    try:
        with translated(), closing(connect_to_read(path)) as connection:
            return newest_step(connection)
    except StorageError:
        return None


def take_over(connection: Any, other: Path) -> list[tuple[int, str]]:
    """Give the store behind a driver connection the rows of `other`, a copy of it in which somebody went on: all of
    them or none. Returns id and uid of each step that this adds to the history.

    Raises Locked if the store itself was changed since it was copied.
    """
    from app.models.schema import METADATA  # the ORM comes with it

    connection.execute("ATTACH ? AS other", (uri_of(other),))
    try:
        connection.execute("BEGIN IMMEDIATE")
        new = _steps_since(connection)
        # a table copied whole does not tell those that refer to it: it goes after them and comes before them
        tables = [table.name for table in METADATA.sorted_tables]
        for table in reversed(tables):
            connection.execute(f"DELETE FROM main.{table}")
        for table in tables:
            connection.execute(f"INSERT INTO main.{table} SELECT * FROM other.{table}")
        connection.execute("DELETE FROM main.sqlite_sequence")  # the rows just written have counted already
        connection.execute("INSERT INTO main.sqlite_sequence SELECT * FROM other.sqlite_sequence")
        connection.execute("COMMIT")
    finally:
        if connection.in_transaction:
            connection.execute("ROLLBACK")
        connection.execute("DETACH other")
    return new


def _steps_since(connection: Any) -> list[tuple[int, str]]:
    if connection.execute(_CHANGED).fetchone():
        raise Locked(Text("Another program is using the data."), Text("Nothing was changed. Please try again."))
    return [(row[0], row[1]) for row in connection.execute(_ADDED)]


_CHANGED = """
SELECT 1 FROM (SELECT id, uid FROM main.change_set ORDER BY id DESC LIMIT 1) AS newest
WHERE uid IS NOT (SELECT known.uid FROM other.change_set AS known WHERE known.id = newest.id)
"""
_ADDED = """
SELECT id, uid FROM other.change_set WHERE id > (SELECT COALESCE(max(id), 0) FROM main.change_set) ORDER BY id
"""


def replace_file(backup: Path, current: Path, kept: Path, *, local: bool = True) -> None:
    """Put a verified copy of `backup` in the place of `current`, which is kept as `kept` if there was one.

    Raises Locked if anybody has `current` open, or another StorageError; nothing has changed then.
    """
    fresh = current.with_name(current.name + ".new")
    with translated():
        source = connect_to_read(backup)
        try:
            write_copy(source, fresh)
            in_journal_mode(fresh, local=local)
            with _alone(current, kept) if current.exists() else nullcontext():
                _remove_logs(current)
                if current.exists():
                    _keep(current, kept)
                fresh.replace(current)
        finally:
            source.close()
            fresh.unlink(missing_ok=True)
        _through(current.parent)


def ensure_journal_mode(path: Path, *, local: bool, key: bytes | None = None) -> None:
    """Before the first connection: a store that came from another kind of disk, or out of a backup, is adapted.

    Somebody else may have it open, or it may be read-only: then it stays as it is, and a writer will be told.
    """
    with path.open("rb") as file:
        header = file.read(_WAL_AT + 1)
    if key is not None or (header[_WAL_AT:] == b"\x02") != local:  # an encrypted header says nothing
        with suppress(Locked, ReadOnly), translated():
            in_journal_mode(path, local=local, key=key)


#: Where the header of an SQLite file says how its transactions are logged: 2 stands for a write-ahead log.
_WAL_AT = 18


def in_journal_mode(path: Path, *, local: bool, key: bytes | None = None) -> None:
    """Write into a file that nobody has open how its transactions are logged, so that no opener has to change it."""
    with closing(connect(path, local=local, key=key)) as connection:
        set_journal(connection, local=local)


def _keep(current: Path, kept: Path) -> None:
    try:
        os.link(current, kept)  # at no moment is there no store
    except OSError:  # a file system without links
        current.replace(kept)


@contextmanager
def _alone(path: Path, kept: Path) -> Iterator[None]:
    """Bring what stands in the logs into the file, and keep everybody out of it until the block is left.

    Raises Locked where somebody is at work in it. A damaged file cannot be locked, and keeps its logs under the new
    name, for a salvage: SQLite may throw them away when it looks at them.
    """
    copies = [
        shutil.copyfile(log, _log_of(kept, suffix)) for suffix in _LOGS if (log := _log_of(path, suffix)).exists()
    ]
    with ExitStack() as held:
        try:
            with translated():
                _lock(held.enter_context(closing(connect(path))))
        except Damaged:
            pass
        except StorageError:
            _remove(copies)
            raise
        else:
            _remove(copies)
        if os.name == "nt":  # no open file can be replaced there, be it by ourselves, so nobody else has it open
            held.close()
        yield


def _lock(connection: Any) -> None:
    """Only the way out of a write-ahead log asks whether others have the file open; a rollback journal asks nobody."""
    connection.execute("PRAGMA journal_mode = DELETE").fetchall()
    connection.execute("BEGIN EXCLUSIVE")


def _remove_logs(path: Path) -> None:
    """Logs that could not be folded in would be taken for those of the file that comes in this place."""
    _remove([_log_of(path, suffix) for suffix in _LOGS])


_LOGS = ("-wal", "-shm", "-journal")


def _log_of(path: Path, suffix: str) -> Path:
    return path.with_name(path.name + suffix)


def _remove(paths: Iterable[Path]) -> None:
    for path in paths:
        path.unlink(missing_ok=True)


def _through(path: Path) -> None:
    """Write a file or folder through to the disk."""
    if os.name == "nt" and path.is_dir():
        return
    handle = os.open(path, os.O_RDONLY if path.is_dir() else os.O_RDWR)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
