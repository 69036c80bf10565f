"""Small steps for tests of the history."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

from sqlalchemy import Engine, event, text

from app.core.clock import FixedClock
from app.core.i18n import Text
from app.models.schema import Lead
from app.models.store import Store

Dump = dict[str, list[tuple[Any, ...]]]

#: What is not part of the state: the history itself, the bytes of files, which stay as long as it could bring them
#: back, and what SQLite keeps for its own work.
_NOT_COMPARED = frozenset({"change_set", "change", "content", "chunk", "sqlite_sequence", "alembic_version"})


def edit(store: Store, lead: int, label: str = "Lead changed", **columns: Any) -> None:
    """Change columns of a lead, in one step."""
    with store.write(Text(label)) as session:
        row = session.get_one(Lead, lead)
        for name, value in columns.items():
            setattr(row, name, value)


def value(store: Store, column: str, lead: int = 1) -> Any:
    """A column of a lead as readers see it."""
    with store.read() as connection:
        return connection.execute(text(f"SELECT {column} FROM lead WHERE id = {lead}")).scalar()


def sent(engine: Engine, act: Callable[[], object]) -> list[str]:
    """The statements that reach the database while something is done."""
    seen: list[str] = []
    hear = lambda *args: seen.append(args[2])  # noqa: E731 - to be taken off again
    event.listen(engine, "before_cursor_execute", hear)
    try:
        act()
    finally:
        event.remove(engine, "before_cursor_execute", hear)
    return seen


def count(store: Store, table: str) -> int:
    """How many rows of a table readers see."""
    with store.read() as connection:
        number: int = connection.execute(text(f"SELECT count(*) FROM {table}")).scalar_one()
    return number


def later(clock: FixedClock, seconds: int = 3600) -> None:
    """Let time pass."""
    clock.instant += timedelta(seconds=seconds)


def as_member(store: Store, actor: int | None, work: Callable[[], object]) -> None:
    """Do something as another member, or as nobody."""
    before, store.actor_id = store.actor_id, actor
    try:
        work()
    finally:
        store.actor_id = before


def rows(store: Store, statement: str) -> list[Any]:
    """What readers get for a statement."""
    with store.read() as connection:
        return list(connection.execute(text(statement)))


def everything(store: Store) -> Dump:
    """Everything in the store but its history. Search texts without their ids: they are made anew."""
    with store.maintenance() as connection:
        names = connection.execute(
            text("SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'search\\_fts%' ESCAPE '\\'")
        ).scalars()
        tables = sorted(set(names) - _NOT_COMPARED)
        columns = {name: "entity, row_id, lead_id, folded" if name == "search_doc" else "*" for name in tables}
        ours = {"store_setting": "WHERE key NOT LIKE 'team:%'"}  # how far a replica has followed goes on with each turn
        return {
            name: [
                tuple(row)
                for row in connection.execute(
                    text(f"SELECT {columns[name]} FROM {name} {ours.get(name, '')} ORDER BY 1, 2")
                )
            ]
            for name in tables
        }
