"""Making, opening and bringing forward the store of a data folder."""

from collections.abc import Callable
from contextlib import closing
from pathlib import Path

from app.core.clock import Clock
from app.core.errors import NotFound, StorageError
from app.core.i18n import Text
from app.models import migrate, place, snapshot
from app.models.engine import connect, connect_to_read, writing_engine
from app.models.failures import translated
from app.models.linked import SEEN
from app.models.place import exists, store_file
from app.models.store import Store

__all__ = ["create_store", "exists", "open_store", "store_file"]


def create_store(
    folder: Path,
    *,
    origin: str,
    base_currency: str = "EUR",
    country: str = "DE",
    time_zone: str = "Europe/Berlin",
    local: bool = True,
    clock: Clock | None = None,
    furnish: Callable[[Store], object] = lambda store: None,
) -> Store:
    """Make an empty store and open it. It gets its name only when it is complete. Raises StorageError.

    `furnish` is called with the store before that, to put in what it begins with.
    """
    path = store_file(folder)
    partial = path.with_name(path.name + ".new")
    with translated():
        folder.mkdir(parents=True, exist_ok=True)
        if path.exists():
            raise FileExistsError(f"{path} exists")
        partial.unlink(missing_ok=True)
        migrate.migrate(partial, local=False)
        engine = writing_engine(partial, local=False)
        with engine.begin() as connection:
            migrate.prepare(connection, base_currency=base_currency, country=country, time_zone=time_zone)
        engine.dispose()
        with closing(Store(partial, origin=origin, local=False, clock=clock)) as unfinished:
            furnish(unfinished)
        snapshot.in_journal_mode(partial, local=local)
        partial.replace(path)
    return Store(path, origin=origin, local=local, clock=clock)


def open_store(
    folder: Path,
    *,
    origin: str,
    local: bool = True,
    clock: Clock | None = None,
    before_migration: Callable[[], Path] | None = None,
) -> Store:
    """Open the store of a folder, bringing an older one forward after a verified backup.

    `before_migration` is called when there is one to make: it sees to being alone, and names the file for that backup.
    Raises NotFound without a store, NewerStore, Damaged, or another StorageError, also for the replica of a team, which
    is opened with its server (`app.models.server`); the file is then as it was.
    """
    path = store_file(folder)
    if not path.exists():
        raise NotFound(Text("There are no data in “{path}” yet.", path=str(folder)))
    if place.is_replica(folder):
        raise _of_a_team(folder)
    with translated():
        wants = migrate.needs_migration(path)
        _refuse_replica(path)
        if wants:
            target = before_migration() if before_migration else path.with_suffix(".before-update.db")
            connection = connect(path)
            try:
                snapshot.write_copy(connection, target)
            finally:
                connection.close()
            migrate.migrate(path, local=local)
        snapshot.ensure_journal_mode(path, local=local)
        return Store(path, origin=origin, local=local, clock=clock)


def _refuse_replica(path: Path) -> None:
    """What somebody writes into a copy of the team's data would reach nobody, and be in the way of what comes.

    Copies that an older program fetched are not encrypted.
    """
    with closing(connect_to_read(path)) as connection:
        if not connection.execute("SELECT 1 FROM sqlite_master WHERE name = 'store_setting'").fetchone():
            return
        if connection.execute("SELECT 1 FROM store_setting WHERE key = ?", (SEEN,)).fetchone():
            raise _of_a_team(path.parent)


def _of_a_team(folder: Path) -> StorageError:
    return StorageError(
        Text("“{path}” is a copy of what a team's server holds, not data of their own.", path=str(folder)),
        Text("It is opened by the address of the server, in the environment variable TRICHTER_DATABASE."),
    )
