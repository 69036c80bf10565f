"""Connections to a SQLite file: one that writes, several that read, all with the same safe settings.

The driver is `sqlcipher3` for every file, encrypted or not: it carries a SQLite without the WAL-reset bug that every
release up to 3.51.2 has. A plain `BEGIN` would not take the write lock, so writers begin IMMEDIATE.

With a `key` of 32 bytes the file, its logs and all copies of it are encrypted (SQLCipher 4, the key as it is). Where it
is the wrong one, or one is missing, the file looks like no store at all: Damaged.
"""

import os
from collections.abc import Callable, Iterator, MutableMapping
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from time import monotonic
from typing import Any
from urllib.parse import quote

import sqlcipher3.dbapi2 as sqlite
from sqlalchemy import Connection, Dialect, Engine, ExceptionContext, create_engine, event, make_url
from sqlalchemy.exc import DBAPIError
from sqlalchemy.pool import QueuePool
from sqlalchemy.util import LRUCache

from app.core.errors import Cancelled, StorageError
from app.core.folding import search_key
from app.core.i18n import Text
from app.models.failures import cause
from app.models.visibility import view_statements

_OLDEST_SAFE = (3, 51, 3)
BUSY_MS = 5000
_CACHE_KIB = 64 * 1024
#: Far more than the largest store has: what does not fit goes through the memory of each connection, a second time.
_MMAP_BYTES = 1024 * 1024 * 1024
#: A statement looks after so many of SQLite's instructions whether it is to stop, and asks after such a time.
_BEAT = 10_000
_ASK_SECONDS = 0.02
#: How every database begins that is not encrypted.
_PLAIN = b"SQLite format 3\0"
#: The least that is in the file by which those who have a store open tell each other of its write-ahead log.
_SHARED = 32 * 1024
#: So many statements are kept compiled.
_STATEMENTS = 1000
#: Where a connection that writes notes which file it has open: its path and number.
_OPENED = "opened"


def uri_of(path: Path) -> str:
    """The path as SQLite takes it, whatever signs are in it and whatever the locale makes of them."""
    return f"file:{quote(os.fsencode(path))}"


def is_plain(path: Path) -> bool:
    """Whether a file is a database that is not encrypted. Raises OSError."""
    with path.open("rb") as file:
        return file.read(len(_PLAIN)) == _PLAIN


def connect(path: Path, *, read_only: bool = False, local: bool = True, key: bytes | None = None) -> Any:
    """A bare connection with the program's settings. `local` is false for a network drive, where WAL does not work."""
    if sqlite.sqlite_version_info < _OLDEST_SAFE:
        raise StorageError(Text("The SQLite library {version} is too old to be safe.", version=sqlite.sqlite_version))
    return _connect(path, "?mode=ro" if read_only else "", read_only=read_only, local=local, key=key)


def connect_to_read(path: Path, *, read_only: bool = True, local: bool = True, key: bytes | None = None) -> Any:
    """Like `connect`, for somebody who only reads: also where nothing can be written, be it read-only or full.

    With a write-ahead log SQLite needs a file beside the store to read it. Where that cannot be made nobody else is at
    work in the store, and it can be read as it lies. Raises StorageError where that would miss what is in a log.
    """
    try:
        return connect(path, read_only=read_only, local=local, key=key)
    except sqlite.Error as error:  # the settings cannot be made without a look into the file
        known = cause(error, path)
        if known is None or _size(path, "-shm") >= _SHARED:
            raise
        if _size(path, "-wal") or _size(path, "-journal"):
            raise StorageError(
                Text("The changes made last stand in a log beside the data, which cannot be read where nothing can be "
                     "written."),
                Text("Make room, or copy the whole folder to another place and open it there."),
            ) from known  # fmt: skip
    return _connect(path, "?mode=ro&immutable=1", read_only=True, local=local, key=key)


def _size(path: Path, suffix: str) -> int:
    """Bytes in a file beside the store; 0 also where there is none."""
    try:
        return path.with_name(path.name + suffix).stat().st_size
    except FileNotFoundError:
        return 0


def _connect(path: Path, parameters: str, *, read_only: bool, local: bool, key: bytes | None) -> Any:
    uri = uri_of(path) + parameters
    connection = sqlite.connect(
        uri, uri=True, check_same_thread=False, isolation_level=None, timeout=BUSY_MS / 1000, cached_statements=256
    )
    settings = [] if key is None else [f"key = \"x'{key.hex()}'\""]  # before anything else looks into the file
    settings += ["cipher_log_level = NONE", "foreign_keys = ON", f"cache_size = -{_CACHE_KIB}", "trusted_schema = OFF"]
    settings.append(f"mmap_size = {_MMAP_BYTES if local else 0}")
    if not read_only:
        settings += ["secure_delete = ON"]
        settings += ["synchronous = FULL"] if local else ["synchronous = EXTRA"]
    try:
        for setting in settings:
            connection.execute(f"PRAGMA {setting}")
        connection.create_function("folded", 1, _folded, deterministic=True)
    except sqlite.Error:
        connection.close()
        raise
    return connection


def _folded(text: str | None) -> str:
    """For the few texts that are longer than the key that is stored of them."""
    return search_key(text or "")


def set_journal(connection: Any, *, local: bool) -> None:
    """WAL on a local disk; a rollback journal elsewhere."""
    if local:
        mode = connection.execute("PRAGMA journal_mode = WAL").fetchone()[0]
        if mode != "wal":  # a disk that cannot share memory: then every commit has to reach the folder, too
            connection.execute("PRAGMA synchronous = EXTRA")
        connection.execute("PRAGMA wal_autocheckpoint = 4000")
    else:
        connection.execute("PRAGMA journal_mode = DELETE")


def writing_engine(path: Path, *, local: bool = True, key: bytes | None = None) -> Engine:
    """An engine with one connection, whose transactions begin IMMEDIATE."""

    def creator() -> Any:
        try:
            connection = connect(path, local=local, key=key)
            connection.execute("PRAGMA mmap_size = 0")  # an import would map the whole file, and win nothing by it
            set_journal(connection, local=local)
        except sqlite.Error as error:
            raise cause(error, path) or error from error
        return connection

    engine = _engine(creator, 1, "BEGIN IMMEDIATE")

    @event.listens_for(engine, "connect")
    def _opened(_driver: Any, record: Any) -> None:
        record.info[_OPENED] = path, path.stat().st_ino

    return engine


def migrating_engine(path: Path, *, local: bool = True, key: bytes | None = None) -> Engine:
    """An engine with one connection, whose transactions have the file for themselves and no foreign keys."""

    def creator() -> Any:
        connection = connect(path, local=local, key=key)
        set_journal(connection, local=local)
        connection.execute("PRAGMA foreign_keys = OFF")
        return connection

    return _engine(creator, 1, "BEGIN EXCLUSIVE")


def _tell_of_replacement(context: ExceptionContext) -> None:
    """A file in whose place another one was put looks like a read-only one: the driver has one code for both."""
    if getattr(context.original_exception, "sqlite_errorcode", None) != sqlite.SQLITE_READONLY:
        return
    opened = None if context.connection is None else context.connection.info.get(_OPENED)
    if opened is not None and opened != (opened[0], opened[0].stat().st_ino):
        raise StorageError(
            Text("Another file has taken the place of the data, probably a backup that was restored."),
            Text("Nothing was changed. Please start Trichter again."),
        ) from context.original_exception


def reading_engine(
    path: Path, *, local: bool = True, size: int = 4, veiled: bool = True, key: bytes | None = None
) -> Engine:
    """An engine whose connections cannot write, and see only what `app.models.visibility` shows (`veiled`)."""

    def creator() -> Any:
        connection = connect_to_read(path, read_only=False, local=local, key=key)
        for statement in view_statements() if veiled else ():
            connection.execute(statement)
        connection.execute("PRAGMA query_only = ON")
        return connection

    return _engine(creator, size, "BEGIN")


@contextmanager
def interruptible(connection: Connection, asked: Callable[[], object]) -> Iterator[None]:
    """While it lasts, `asked` is called again and again during every statement on this connection; when it raises
    Cancelled the statement ends at once, and the block with that error.
    """
    driver = connection.connection.driver_connection
    assert driver is not None
    stopped: list[Cancelled] = []
    next_at = 0.0

    def beat() -> bool:
        nonlocal next_at
        if not stopped and monotonic() >= next_at:
            try:
                asked()
            except Cancelled as error:
                stopped.append(error)
            next_at = monotonic() + _ASK_SECONDS
        return bool(stopped)

    driver.set_progress_handler(beat, _BEAT)
    try:
        yield
    except (DBAPIError, sqlite.Error):
        if stopped:
            raise stopped[0] from None
        raise
    finally:
        driver.set_progress_handler(None, 0)


@contextmanager
def survey(path: Path, *, local: bool = True, key: bytes | None = None) -> Iterator[Connection]:
    """All rows, also those that no viewer sees, for a look that takes long: on a connection of its own, so that nobody
    who writes has to wait for it.
    """
    engine = reading_engine(path, local=local, size=1, veiled=False, key=key)
    try:
        with engine.begin() as connection:
            yield connection
    finally:
        engine.dispose()


def end(engine: Engine) -> None:
    """Give back the connections of an engine for good: whoever asks for one later gets an error, not the file anew."""
    engine.dispose()
    engine.pool = QueuePool(_refuse)


def _refuse() -> Any:
    raise RuntimeError("the store is closed")


@cache
def _dialect() -> Dialect:
    """One for all engines of the process, so that what a statement was compiled to serves every one of them."""
    engine = create_engine("sqlite://", module=sqlite)
    event.listen(engine, "handle_error", _tell_of_replacement)  # SQLAlchemy keeps it with the dialect
    engine.connect().close()  # it learns what this SQLite can do
    engine.dispose()
    return engine.dialect


@cache
def _compiled() -> MutableMapping[Any, Any]:
    return LRUCache(_STATEMENTS)


def _engine(creator: Any, size: int, begin: str) -> Engine:
    # create_engine() would make a dialect for each, and with it compile every statement anew
    # the connection given back last comes first: it has compiled what is asked again and again, and listed what is seen
    pool = QueuePool(creator, pool_size=size, max_overflow=0, dialect=_dialect(), use_lifo=True)
    engine = Engine(pool, _dialect(), make_url("sqlite://"), execution_options={"compiled_cache": _compiled()})

    @event.listens_for(engine, "begin")
    def _begin(connection: Any) -> None:
        connection.exec_driver_sql(begin)

    return engine
