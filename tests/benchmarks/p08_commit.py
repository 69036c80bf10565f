"""P8: one field of one lead changed. Until it is committed, and until every open view shows it."""

import json
from collections.abc import Callable, Iterable
from functools import partial
from itertools import count
from pathlib import Path
from time import perf_counter as perf
from typing import Any

from app.models.engine import connect
from app.models.opening import store_file
from app.models.store import Store
from app.services.leads import Leads
from tests.benchmarks.measure import Result, Setting, bench, interleaved, summary, timed, without_garbage
from tests.benchmarks.window import Shown, showing, turn, wait_until

_HISTORY = """
INSERT INTO change_set (uid, at, on_day, actor_id, origin, label_msgid, label_args, kind)
VALUES (?, ?, ?, 1, 'bench', ?, ?, 'do')
"""
_CHANGE = """
INSERT INTO change (change_set_id, table_name, row_id, lead_id, op, before, after)
VALUES (?, 'lead', ?, ?, 'update', ?, ?)
"""


@bench("P8")
def committing(setting: Setting) -> Iterable[Result]:
    """Committed with history, against the same rows in raw SQL with the same settings."""
    with setting.own_store() as store:
        leads, numbers = Leads(store), count(1)
        lead_id = _some_lead(store)
        raw = _raw_edit(store, lead_id)
        times = interleaved(
            {"ours": lambda: leads.edit([lead_id], info=f"Stand {next(numbers)}"), "raw": lambda: raw(next(numbers))},
            setting.rounds * 3,
        )
        ratios = sorted(ours / limit for ours, limit in zip(times["ours"], times["raw"], strict=True))
        result = summary("P8", "one field changed and committed", setting.rows, times["ours"])
        limit = sorted(times["raw"])[len(times["raw"]) // 2]
        yield Result(**{**result.__dict__, "limit": limit, "ratio": ratios[len(ratios) // 2], "at_most_ratio": 2.5})


@bench("P8")
def repainting(setting: Setting) -> Iterable[Result]:
    """From the commit until list, strip, footer, detail panel and tab badges are painted anew."""
    with setting.own_store() as store, showing(store) as shown:
        view = shown.panel.view
        view.selectRow(3)
        shown.settle()
        lead_id, numbers = view.current_id(), count(1)
        committed = [0.0]
        leads = Leads(store)
        painted: list[float] = []
        settled: list[float] = []
        with without_garbage():
            for _ in range(setting.rounds * 3):
                wanted = {"info": f"Stand {next(numbers)}"}
                whole = timed(partial(_edit_and_paint, leads, lead_id, wanted, committed))
                painted.append(whole - committed[0])
                settled.append(painted[-1] + timed(partial(_count, shown)))
        yield summary("P8", "all open views repainted after it", setting.rows, painted, at_most_p95=10.0)
        yield summary("P8", "until the sums below the list are right too", setting.rows, settled)


def _count(shown: Shown) -> None:
    """The sums are asked for a while after the last change; that while is part of the figure."""
    wait_until(lambda: not shown.panel._later.isActive())
    shown.settle()


def _edit_and_paint(leads: Leads, lead_id: int, fields: dict[str, Any], committed: list[float]) -> None:
    store = leads._store
    tell = store._tell

    def told(change: Any) -> None:
        committed[0] = (perf() - begin) * 1000
        tell(change)

    store._tell = told  # type: ignore[method-assign]
    begin = perf()
    try:
        leads.edit([lead_id], **fields)
    finally:
        store._tell = tell  # type: ignore[method-assign]
    turn()  # what changed is painted with the next turn of the event loop


def _some_lead(store: Store) -> int:
    with store.maintenance() as connection:
        found: int = connection.exec_driver_sql("SELECT min(id) FROM lead WHERE status = 'active'").scalar_one()
    return found


def _raw_edit(store: Store, lead_id: int) -> Callable[[int], None]:
    connection = connect(store_file(Path(store.path).parent))

    def edit(number: int) -> None:
        connection.execute("BEGIN IMMEDIATE")
        before = connection.execute("SELECT info FROM lead WHERE id = ?", (lead_id,)).fetchone()[0]
        connection.execute("UPDATE lead SET info = ? WHERE id = ?", (f"Stand {number}", lead_id))
        made = connection.execute(_HISTORY, (f"raw-{number}", number, 0, "changed", "{}"))
        values = (made.lastrowid, lead_id, lead_id, json.dumps({"info": before}), json.dumps({"info": str(number)}))
        connection.execute(_CHANGE, values)
        connection.execute("COMMIT")

    return edit
