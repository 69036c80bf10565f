"""Small steps for tests of the history."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

from sqlalchemy import text

from app.core.clock import FixedClock
from app.core.i18n import Text
from app.models.schema import Lead
from app.models.store import Store


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
