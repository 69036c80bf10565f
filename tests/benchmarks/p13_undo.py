"""P13: undo of a bulk edit of 5 000 rows, against the same UPDATE in raw SQL, committed as durably."""

from collections.abc import Iterable
from typing import Any

from app.models.store import Store
from app.services.leads import Leads
from tests.benchmarks.measure import Result, Setting, bench

ROWS = 5_000
#: Other rows than those of the edit: what somebody else changed could not be undone.
_RAW = "UPDATE lead SET user_id = CASE user_id WHEN 1 THEN 2 ELSE 1 END WHERE id IN (SELECT id FROM bulk)"


@bench("P13")
def undo(setting: Setting) -> Iterable[Result]:
    """Undo and redo of giving 5 000 leads to another person."""
    with setting.own_store(all_active=True) as store:
        ids = _ids(store, 0)
        _prepare(store, _ids(store, ids[-1]))
        store.actor_id = 1
        Leads(store).assign(ids, 3)
        yield setting.compared(
            "P13", f"undo of a bulk edit of {len(ids)} rows", store.undo, lambda: _update(store), at_most=5.0,
            before=lambda: _done(store),
        )  # fmt: skip


def _done(store: Store) -> None:
    """Bring the edit again where it was undone, so that there is something to undo."""
    store.redo()


def _ids(store: Store, after: int) -> list[int]:
    with store.read() as connection:
        statement = "SELECT id FROM lead WHERE id > ? ORDER BY id LIMIT ?"
        return [row[0] for row in connection.exec_driver_sql(statement, (after, ROWS))]


def _prepare(store: Store, ids: list[int]) -> None:
    with store.bare() as connection:
        connection.execute("CREATE TEMP TABLE bulk (id INTEGER PRIMARY KEY)")
        connection.executemany("INSERT INTO bulk VALUES (?)", [(one,) for one in ids])


def _update(store: Store) -> None:
    with store.bare() as connection:
        _committed(connection)


def _committed(connection: Any) -> None:
    connection.execute("BEGIN IMMEDIATE")
    connection.execute(_RAW)
    connection.execute("COMMIT")
