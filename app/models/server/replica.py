"""A replica of a team: an ordinary store file, with what its person may see."""

from collections.abc import Callable
from contextlib import closing
from pathlib import Path

from sqlalchemy import text

from app.core.clock import Clock
from app.core.errors import NotAllowed
from app.core.i18n import Text
from app.models import derived, documents, migrate, snapshot
from app.models.engine import connect, writing_engine
from app.models.failures import translated
from app.models.place import store_file
from app.models.recording import refresh_touches
from app.models.server.catching_up import catch_up, first_seen, read_seen, write_seen
from app.models.server.link import Address, Link
from app.models.server.turns import Turns
from app.models.server.words import SCHEMA
from app.models.store import Store

Tell = Callable[[int, int], object]


def is_replica(path: Path) -> bool:
    """Whether the store in this file follows a team. Raises StorageError."""
    with translated(), closing(connect(path, read_only=True)) as driver:
        return read_seen(driver) is not None


def open_replica(
    folder: Path, address: Address, *, origin: str, local: bool = True, clock: Clock | None = None
) -> Store:
    """Open the replica of a folder as the person who signs in; what is written in it goes to the server.

    Does not ask the server anything. Raises NotFound, NewerStore, Damaged or another StorageError.
    """
    path = store_file(folder)
    with translated():
        with closing(connect(path, read_only=True)) as driver:
            seen = read_seen(driver)
        assert seen is not None, "no replica"
        store = Store(path, origin=origin, local=local, clock=clock, team=Turns(Link(address)))
    store.actor_id = seen.member_id
    return store


def make_replica(folder: Path, address: Address, *, clock: Clock, tell: Tell = lambda done, total: None) -> None:
    """Fetch all that a person may see into a new store in this folder. It gets its name only when it is complete.

    `tell(done, total)` is called again and again; raising Cancelled it ends the work. Raises Unreachable, NotAllowed,
    NewerStore or another StorageError; then there is nothing.
    """
    path = store_file(folder)
    partial = path.with_name(path.name + ".new")
    link = Link(address)
    try:
        with translated():
            folder.mkdir(parents=True, exist_ok=True)
            if path.exists():
                raise FileExistsError(f"{path} exists")
            partial.unlink(missing_ok=True)
            migrate.migrate(partial, local=False)
            _fill(partial, link, clock, tell)
            snapshot.in_journal_mode(partial, local=True)
            partial.replace(path)
    finally:
        link.drop()
        partial.unlink(missing_ok=True)


def _fill(path: Path, link: Link, clock: Clock, tell: Tell) -> None:
    if link.standing.role not in ("owner", "full", "limited", "reader"):
        raise NotAllowed(Text("You may not do this."))
    engine = writing_engine(path, local=False)
    try:
        with engine.connect() as connection:
            driver = connection.connection.driver_connection
            assert driver is not None
            driver.execute("PRAGMA foreign_keys = OFF")
            with connection.begin():
                write_seen(driver, first_seen(link.standing))
                link.begin("ISOLATION LEVEL REPEATABLE READ READ ONLY")
                row = link.run(f"SELECT rev FROM {SCHEMA}.turn").fetchone()
                assert row is not None
                catch_up(link, connection, row[0], clock.today(), first=True)
                link.run("COMMIT")
                leads = [found[0] for found in connection.execute(text("SELECT id FROM lead"))]
                derived.refresh(connection, leads, clock.today())
                documents.refresh_all(connection)
                refresh_touches(connection, leads)
    finally:
        engine.dispose()
