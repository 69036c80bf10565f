"""Bringing a store to the schema of this program, in one transaction that holds or leaves nothing.

Alembic runs in-process without an ini file, and is imported only when the version differs. On SQLite foreign keys are
off meanwhile (a batch rebuild of a table would delete its children) and checked before the commit. Going back means
restoring the backup that was made before.
"""

from contextlib import closing
from pathlib import Path
from typing import Any

from sqlalchemy import text
from sqlalchemy.engine import Connection

from app.core.errors import Damaged, NewerStore
from app.core.i18n import Text
from app.models import documents, name_keys
from app.models.engine import connect_to_read, migrating_engine
from app.models.failures import translated

#: The revision this program works with, and those before it that it can bring forward.
HEAD = "0004"
KNOWN = ("0001", "0002", "0003", "0004")

_FOLDER = Path(__file__).parent / "migrations"


def revision_of(path: Path, *, key: bytes | None = None) -> str | None:
    """The schema revision of a store file; None for a file without tables. Raises Damaged for another kind of file."""
    # a transaction that a crash left half-done in a rollback journal can only be taken back by somebody who may write
    half_done = path.with_name(path.name + "-journal").exists()
    with translated(), closing(connect_to_read(path, read_only=not half_done, key=key)) as connection:
        tables = {row[0] for row in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")}
        if not tables:
            return None
        if "alembic_version" not in tables:
            raise Damaged(Text("The file is not a Trichter store."), Text("It is kept as it is."))
        row = connection.execute("SELECT version_num FROM alembic_version").fetchone()
        return str(row[0]) if row else None


def needs_migration(path: Path, *, key: bytes | None = None) -> bool:
    """Whether the store is older than the program. Raises NewerStore for one that is newer."""
    revision = revision_of(path, key=key)
    if revision == HEAD:
        return False
    if revision is not None and revision not in KNOWN:
        raise NewerStore(
            Text("These data were written by a newer version of Trichter."),
            Text("They are unchanged. Please install the newer version, or restore a backup of this one."),
        )
    return True


def migrate(path: Path, *, local: bool = True, key: bytes | None = None) -> None:
    """Bring the store to `HEAD`: all of it or nothing. The caller makes the backup, and sees to being alone."""
    engine = migrating_engine(path, local=local, key=key)
    try:
        with engine.connect() as connection, connection.begin():
            _run(connection, HEAD)
            name_keys.refresh_all(connection)
            documents.refresh_all(connection)
            broken = connection.exec_driver_sql("PRAGMA foreign_key_check").all()
            if broken:
                raise Damaged(Text("The update would break references between records; it was not carried out."))
    finally:
        engine.dispose()


def _run(connection: Connection, target: str) -> None:
    from alembic.migration import MigrationContext  # heavy, and rarely needed
    from alembic.operations import Operations
    from alembic.script import ScriptDirectory

    script = ScriptDirectory(str(_FOLDER))

    def steps(revision: Any, context: Any) -> Any:
        return script._upgrade_revs(target, revision)

    context = MigrationContext.configure(connection, opts={"fn": steps, "transactional_ddl": True})
    with Operations.context(context):
        context.run_migrations()


def prepare(connection: Connection, *, base_currency: str, country: str, time_zone: str) -> None:
    """Write the facts of a new store."""
    facts = {"base_currency": base_currency, "country": country, "time_zone": time_zone}
    connection.execute(
        text("INSERT INTO store_setting (key, value) VALUES (:key, :value)"),
        [{"key": key, "value": value} for key, value in facts.items()],
    )
