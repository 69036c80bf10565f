"""P13: undo of a bulk edit of 5 000 rows, against the same UPDATE in raw SQL, committed as durably; and the edit, which
is looked at before it is made.
"""

from collections.abc import Iterable
from itertools import cycle
from typing import Any

from app.models.store import Store
from app.services.bulk_leads import LeadBulk
from app.services.bulk_plan import BulkChange, Put, Shift
from app.services.lead_list import LeadList
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


@bench("P13")
def preview(setting: Setting) -> Iterable[Result]:
    """What a change would make of each of 5 000 leads; for scale, the limit is reading their rows."""
    with setting.store(all_active=True) as store:
        ids, bulk, lists = _ids(store, 0), LeadBulk(store), LeadList(store)
        change = BulkChange(stage_id=3, user_id=Put(2), add_tags=("neu",), period=Shift(1))
        yield setting.compared(
            "P13", f"preview of a change to {len(ids)} leads", lambda: bulk.preview(ids, change),
            lambda: lists.rows(ids), at_most=3.0,
        )  # fmt: skip


@bench("P13")
def apply(setting: Setting) -> Iterable[Result]:
    """The change made, looked at once more within the write; the limit is the plain verb for the same field."""
    with setting.own_store(all_active=True) as store:
        ids, bulk, leads, people = _ids(store, 0), LeadBulk(store), Leads(store), cycle((2, 3))
        yield setting.compared(
            "P13", f"a change to {len(ids)} leads made", lambda: bulk.apply(ids, BulkChange(user_id=Put(next(people)))),
            lambda: leads.assign(ids, next(people)), at_most=1.5,
        )  # fmt: skip
