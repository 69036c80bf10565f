"""P8: one field of one lead changed. Until it is committed, and until every open view shows it."""

import json
from collections.abc import Callable, Iterable, Iterator
from functools import partial
from itertools import count
from pathlib import Path
from time import perf_counter as perf
from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from app.core.money import Money
from app.models.engine import connect
from app.models.opening import store_file
from app.models.store import Store
from app.services.leads import Leads
from app.services.quick_add import QuickAdd
from app.ui.detail.window import show_lead
from app.ui.tables.editing import Editing
from tests.benchmarks.measure import Result, Setting, Work, bench, beside, interleaved, summary, timed, without_garbage
from tests.benchmarks.window import Shown, showing, turn, wait_until

_HISTORY = """
INSERT INTO change_set (uid, at, on_day, actor_id, origin, label_msgid, label_args, kind)
VALUES (?, ?, ?, 1, 'bench', ?, ?, 'do')
"""
_CHANGE = """
INSERT INTO change (change_set_id, table_name, row_id, lead_id, op, before, after)
VALUES (?, 'lead', ?, ?, 'update', ?, ?)
"""
_LINE = "Relaunch Müller GmbH 25k 60% 15.3. @anna #empfehlung"


@bench("P8")
def committing(setting: Setting) -> Iterable[Result]:
    """Committed with history, against the same rows in raw SQL with the same settings."""
    with setting.own_store() as store:
        leads, numbers = Leads(store), count(1)
        lead_id = _some_lead(store)
        for name, edit, raw in (
            ("words", _words, _raw_words(store, lead_id)), ("amount", _amount, _raw_amount(store, lead_id)),
        ):  # fmt: skip
            ours = partial(_edit, leads, lead_id, edit, numbers)
            times = interleaved({"ours": ours, "raw": lambda raw=raw: raw(next(numbers))}, setting.rounds * 3)  # type: ignore[misc]
            result = summary("P8", f"{name} changed and committed", setting.rows, times["ours"], at_most_ratio=2.5)
            yield beside(result, times["ours"], times["raw"])


@bench("P8")
def repainting(setting: Setting) -> Iterable[Result]:
    """From the commit until every open view is painted anew: all tabs were shown, beside the list stands the lead, and
    it is open in a window of its own. Another amount gives it another place in list, strip, sums and forecast.
    For scale, the limit is a repaint of the window with nothing changed.
    """
    with setting.own_store() as store, showing(store) as shown:
        lead_id = _all_open(shown)
        leads, numbers, committed = Leads(store), count(1), [0.0]
        for name, edit in (("words", _words), ("amount", _amount)):
            painted: list[float] = []
            settled: list[float] = []
            repaints: list[float] = []
            with without_garbage():
                for _ in range(setting.rounds * 3):
                    verb = partial(_edit, leads, lead_id, edit, numbers)
                    whole = timed(partial(_do_and_paint, store, verb, committed))
                    painted.append(whole - committed[0])
                    settled.append(painted[-1] + timed(partial(_settle, shown)))
                    repaints.append(timed(shown.window.repaint))
            result = summary("P8", f"{name}: all open views repainted", setting.rows, painted, at_most_p95=10.0)
            yield beside(result, painted, repaints)
            yield summary("P8", f"{name}: until order and sums are right too", setting.rows, settled)


def _all_open(shown: Shown) -> int:
    """Show everything there is once, the list at last, with a lead chosen that is open in a window too."""
    for key in ("potential", "closed", "forecast", "leads"):
        shown.window.go_to(key)
        shown.settle()
    view = shown.panel.view
    view.selectRow(3)
    lead_id: int = view.current_id()
    show_lead(shown.context, lead_id, lambda command, lead: None, shown.window)
    shown.settle()
    return lead_id


def _settle(shown: Shown) -> None:
    """The sums are asked for a while after the last change; that while is part of the figure."""
    wait_until(lambda: not shown.panel._later.isActive())
    shown.settle()


def _words(number: int) -> dict[str, Any]:
    return {"info": f"Stand {number}"}


def _amount(number: int) -> dict[str, Any]:
    return {"amount": Money(100_000_00 + number % 7 * 10_000_00, "EUR")}


def _edit(leads: Leads, lead_id: int, fields: Callable[[int], dict[str, Any]], numbers: Iterator[int]) -> None:
    leads.edit([lead_id], **fields(next(numbers)))


def _do_and_paint(store: Store, verb: Work, committed: list[float]) -> None:
    tell = store._tell

    def told(change: Any) -> None:
        committed[0] = (perf() - begin) * 1000
        tell(change)

    store._tell = told  # type: ignore[method-assign]
    begin = perf()
    try:
        verb()
    finally:
        store._tell = tell  # type: ignore[method-assign]
    turn()  # what changed is painted with the next turn of the event loop


def _some_lead(store: Store) -> int:
    with store.maintenance() as connection:
        found: int = connection.exec_driver_sql("SELECT min(id) FROM lead WHERE status = 'active'").scalar_one()
    return found


def _raw_words(store: Store, lead_id: int) -> Callable[[int], None]:
    return _raw_edit(store, lead_id, "info", "info = ?", lambda number: (f"Stand {number}",))


def _raw_amount(store: Store, lead_id: int) -> Callable[[int], None]:
    columns = "amount_minor = ?, total_base = ?, weighted_base = ?, month_base = ?, month_weighted = ?"
    return _raw_edit(store, lead_id, "amount_minor", columns, lambda number: (100_000_00 + number % 7 * 10_000_00,) * 5)


def _raw_edit(
    store: Store, lead_id: int, column: str, columns: str, values: Callable[[int], tuple[Any, ...]]
) -> Callable[[int], None]:
    connection = connect(store_file(Path(store.path).parent))

    def edit(number: int) -> None:
        written = values(number)
        connection.execute("BEGIN IMMEDIATE")
        before = connection.execute(f"SELECT {column} FROM lead WHERE id = ?", (lead_id,)).fetchone()[0]
        connection.execute(f"UPDATE lead SET {columns} WHERE id = ?", (*written, lead_id))
        made = connection.execute(_HISTORY, (f"raw-{column}-{number}", number, 0, "changed", "{}"))
        words = (json.dumps({column: before}), json.dumps({column: written[0]}))
        connection.execute(_CHANGE, (made.lastrowid, lead_id, lead_id, *words))
        connection.execute("COMMIT")

    return edit


@bench("P8")
def cells(setting: Setting) -> Iterable[Result]:
    """From F2 to the open editor, and from Enter until the value is committed and painted; beside a repaint."""
    opened: list[float] = []
    saved: list[float] = []
    repaints: list[float] = []
    with setting.own_store() as store, showing(store) as shown:
        shown.window.go_to("leads")
        shown.settle()
        view, editing = shown.panel.view, shown.panel.editing
        column = next(i for i, each in enumerate(view.columns) if each.key == "company")
        view.go_to_cell(view.table.id_at(3), column)
        with without_garbage():
            for number in range(setting.rounds * 3):
                opened.append(timed(partial(_begin, editing)))
                editing.line.setText(f"Firma {number}")
                saved.append(timed(partial(_enter, editing)))
                view.go_to_cell(view.table.id_at(3), column)
                shown.settle()
                repaints.append(timed(view.viewport().repaint))
    yield beside(summary("P8", "a cell opened for editing", setting.rows, opened), opened, repaints)
    yield beside(summary("P8", "a cell committed and painted", setting.rows, saved), saved, repaints)


def _begin(editing: Editing) -> None:
    editing.begin()
    turn()


def _enter(editing: Editing) -> None:
    assert editing.line is not None
    QTest.keyClick(editing.line, Qt.Key.Key_Up)
    turn()


@bench("P8")
def lines(setting: Setting) -> Iterable[Result]:
    """A line understood after each letter, and the lead of it made."""
    with setting.own_store() as store:
        quick, numbers = QuickAdd(store), count(1)
        letters = [timed(lambda n=n: quick.understand(_LINE[:n])) for n in range(1, len(_LINE) + 1)]  # type: ignore[misc]

        def make() -> None:
            line = quick.understand(f"{next(numbers)} {_LINE}")
            quick.create(line, active=True, insist=True)

        made = [timed(make) for _ in range(setting.rounds * 3)]
    yield summary("P8", "a line understood after a letter", setting.rows, letters, at_most_p95=10.0)
    yield summary("P8", "a lead made of a line", setting.rows, made, at_most_p95=150.0)
