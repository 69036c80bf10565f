"""A replica of a team: a store file like any other, with what its person may see, encrypted with his or her secret."""

import json
from collections.abc import Callable
from contextlib import ExitStack, closing, suppress
from pathlib import Path
from typing import Any

from sqlalchemy import text

from app.core.clock import Clock
from app.core.errors import Damaged, NotAllowed
from app.core.i18n import Text, dump_message
from app.core.roles import Role
from app.models import derived, documents, migrate, snapshot
from app.models.engine import connect, is_plain, writing_engine
from app.models.failures import translated
from app.models.linked import OUTBOX
from app.models.many import chunks
from app.models.place import store_file
from app.models.recording import refresh_touches
from app.models.server.catching_up import catch_up, first_seen, outdated, read_seen, write_seen
from app.models.server.fetching import IN_PART, count_of
from app.models.server.link import Address, Link
from app.models.server.shared import DRAFTS
from app.models.server.turns import Turns
from app.models.server.words import SCHEMA
from app.models.store import Store

Tell = Callable[[int, int], object]
#: Of so many leads what follows from them is computed without asking whether to go on.
_LEADS = 5_000


def open_replica(
    folder: Path, way: Address | Link, *, origin: str, key: bytes | None = None, local: bool = True,
    clock: Clock | None = None,
) -> Store:  # fmt: skip
    """Open the replica of a folder as the person who signs in; what is written in it goes to the server.

    `way` is how the server is reached; the store closes it. `key` is what the replica is encrypted with: given that,
    the server is asked nothing, else it is asked for it. `local` is false on a network drive. Raises Outdated for one
    that an older version of the program fetched: `make_replica` has to make it anew. Raises Damaged, also where the key
    is another one, NotFound, NewerStore or another StorageError, and Unreachable and NotAllowed where it asks.
    """
    path, link = store_file(folder), Link(way) if isinstance(way, Address) else way
    with ExitStack() as unless_open, translated():
        unless_open.callback(link.drop)
        key = link.standing.secret if key is None else key
        if is_plain(path) or migrate.needs_migration(path, key=key):
            raise outdated()
        snapshot.ensure_journal_mode(path, local=local, key=key)
        with closing(connect(path, read_only=True, local=local, key=key)) as driver:
            seen = read_seen(driver)
        if seen is None:
            raise outdated()
        store = Store(path, origin=origin, local=local, clock=clock, team=Turns(link), key=key)
        unless_open.pop_all()
    store.actor_id = seen.member_id
    return store


def make_replica(
    folder: Path, way: Address | Link, *, clock: Clock, local: bool = True, anew: bool = False,
    tell: Tell = lambda done, total: None,
) -> None:  # fmt: skip
    """Fetch all that a person may see into a new store in this folder. It gets its name only when it is complete.

    `way` is how the server is reached; a link stays open for whoever gave it. `anew` puts the new one in the place of a
    replica that serves no more, and that nobody has open; what the same person began there, or what waits there for the
    server, is kept. `tell(done, total)` is called again and again; raising Cancelled it ends the work. Raises
    Unreachable, NotAllowed, NewerStore or another StorageError; then all is as it was.
    """
    path = store_file(folder)
    partial = path.with_name(path.name + ".new")
    link = Link(way) if isinstance(way, Address) else way
    try:
        key = link.standing.secret
        with translated():
            folder.mkdir(parents=True, exist_ok=True)
            if path.exists() and not anew:
                raise FileExistsError(f"{path} exists")
            _remove(partial)
            migrate.migrate(partial, local=False, key=key)
            _fill(partial, link, clock, tell)
            if path.exists():
                with suppress(Damaged), translated():
                    _keep_begun(path, partial, key)
                _remove_logs(path)
            snapshot.in_journal_mode(partial, local=local, key=key)
            partial.replace(path)
    finally:
        if link is not way:
            link.drop()
        _remove(partial)


def _remove(path: Path) -> None:
    path.unlink(missing_ok=True)
    _remove_logs(path)


def _remove_logs(path: Path) -> None:
    for end in ("-journal", "-wal", "-shm"):
        path.with_name(path.name + end).unlink(missing_ok=True)


def _fill(path: Path, link: Link, clock: Clock, tell: Tell) -> None:
    standing = link.standing
    if standing.role not in map(str, Role):
        raise NotAllowed(Text("You may not do this."))
    engine = writing_engine(path, local=False, key=standing.secret)
    try:
        with engine.connect() as connection:
            driver = connection.connection.driver_connection
            assert driver is not None
            driver.execute("PRAGMA foreign_keys = OFF")
            with connection.begin():
                write_seen(driver, first_seen(standing))
                link.begin("ISOLATION LEVEL REPEATABLE READ READ ONLY")
                row = link.run(f"SELECT rev FROM {SCHEMA}.turn").fetchone()
                assert row is not None
                progress = _Progress(count_of(link, in_part=standing.role == IN_PART), tell)
                catch_up(link, connection, row[0], clock.today(), first=True, got=progress.more)
                link.run("COMMIT")
                leads = [found[0] for found in connection.execute(text("SELECT id FROM lead"))]
                for some in chunks(leads, _LEADS):
                    progress.more(0)
                    derived.refresh(connection, some, clock.today())
                documents.refresh_all(connection)
                progress.more(0)
                refresh_touches(connection, leads)
    finally:
        engine.dispose()


class _Progress:
    """Counts the rows that came, and lets the caller end the work."""

    def __init__(self, total: int, tell: Tell) -> None:
        self._done, self._total, self._tell = 0, total, tell
        tell(0, total)

    def more(self, count: int) -> None:
        """So many more came; others of the team may have added some meanwhile."""
        self._done = min(self._done + count, self._total)
        self._tell(self._done, self._total)


def _keep_begun(old: Path, fresh: Path, key: bytes) -> None:
    """Notes that somebody began, and what waits for the server, are in his replica alone."""
    was_key = None if is_plain(old) else key
    with closing(connect(old, key=was_key)) as before, closing(connect(fresh, key=key)) as after:
        if "store_setting" not in {row[0] for row in before.execute("SELECT name FROM sqlite_master")}:
            return
        was, now = read_seen(before), read_seen(after)
        if was is None or now is None or was.member_id != now.member_id:
            return
        if was.team != now.team:
            _keep_doubtful(before, after, now.member_id)
            return
        begun = before.execute(
            "SELECT key, value FROM store_setting WHERE key = ? OR key > ? AND key < ?",
            (f"{DRAFTS}{now.member_id}", f"{OUTBOX}{now.member_id}:", f"{OUTBOX}{now.member_id}:~"),
        )
        after.executemany("INSERT INTO store_setting (key, value) VALUES (?, ?)", begun.fetchall())
    snapshot.in_journal_mode(old, local=False, key=was_key)  # nothing of it is left in a log beside it


def _keep_doubtful(before: Any, after: Any, member: int) -> None:
    """After a backup of the server was brought back, numbers may be those of other records: what waits is shown, and
    entered only by whoever has looked at it.
    """
    reason = dump_message(Text("The team's data were brought back from a backup. Please look whether this still fits."))
    kept = before.execute(
        "SELECT key, value FROM store_setting WHERE key > ? AND key < ?", (f"{OUTBOX}{member}:", f"{OUTBOX}{member}:~")
    )
    marked = [(key, json.dumps(json.loads(value) | {"refused": [reason, "{}"]})) for key, value in kept.fetchall()]
    after.executemany("INSERT INTO store_setting (key, value) VALUES (?, ?)", marked)
