"""Which rows of shared tables a transaction changes on the replica, whichever code writes them.

Temporary triggers on the writing connection note the rows. A savepoint that is rolled back takes its notes with it.
"""

import json
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from app.models.server.policies import NAMES
from app.models.server.shared import OWN_SETTINGS, SharedTable, shared_tables
from app.models.server.words import quoted

_TABLE = """
CREATE TEMP TABLE noted (name TEXT, row_id INTEGER, fresh INTEGER, old TEXT, PRIMARY KEY (name, row_id)) WITHOUT ROWID
"""


@dataclass
class Noted:
    """The ids of one table: of rows that were not there before the transaction, and of those that were."""

    fresh: list[int] = field(default_factory=list)
    known: list[int] = field(default_factory=list)
    old: dict[int, list[Any]] = field(default_factory=dict)
    """Of tables of which a replica may have no more than the names: these rows as they were."""


def statements() -> Iterator[str]:
    """SQL for a SQLite connection that is to take notes."""
    yield _TABLE
    for table in shared_tables():
        for event, row, fresh in (("INSERT", "NEW", 1), (_update(table), "NEW", 0), ("DELETE", "OLD", 0)):
            old = f"json_array({', '.join(f'OLD.{quoted(name)}' for name in table.names)})"
            kept = old if table.name in NAMES and event.startswith("UPDATE") else "NULL"
            yield f"""
CREATE TEMP TRIGGER noted_{table.name}_{event.split()[0].lower()} AFTER {event} ON main.{quoted(table.name)}
{_when(table, row)} BEGIN INSERT OR IGNORE INTO noted VALUES ('{table.name}', {row}.id, {fresh}, {kept}); END"""


def _update(table: SharedTable) -> str:
    return "UPDATE OF " + ", ".join(f'"{name}"' for name in table.names)


def _when(table: SharedTable, row: str) -> str:
    """Settings that every client has for itself are nobody else's business."""
    if table.name != "store_setting":
        return ""
    own = (f"substr({row}.key, 1, {len(prefix)}) = '{prefix}'" for prefix in OWN_SETTINGS)
    return f"WHEN NOT ({' OR '.join(own)})"


def taken(driver: Any) -> dict[str, Noted]:
    """What was noted in this transaction, by table."""
    found: dict[str, Noted] = defaultdict(Noted)
    for name, row_id, fresh, old in driver.execute("SELECT name, row_id, fresh, old FROM temp.noted ORDER BY row_id"):
        (found[name].fresh if fresh else found[name].known).append(row_id)
        if old is not None:
            found[name].old[row_id] = json.loads(old)
    return dict(found)


def clear(driver: Any) -> None:
    """Forget what was noted."""
    driver.execute("DELETE FROM temp.noted")
