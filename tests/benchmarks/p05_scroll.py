"""P5: scrolling the list of leads, against Qt's own table over a query of its own with the delegate it brings.

The limit shows the same number of rows and columns in the same view size; its text needs no work at all.
"""

import random
import sqlite3
import tempfile
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path

from PySide6.QtSql import QSqlDatabase, QSqlQueryModel
from PySide6.QtWidgets import QTableView

from tests.benchmarks.generator import SIZES
from tests.benchmarks.measure import Result, Setting, bench, beside, interleaved, summary
from tests.benchmarks.window import Shown, showing, turn

_SEED = 5


@bench("P5")
def scrolling(setting: Setting) -> Iterable[Result]:
    """A jump to anywhere, and one step of the wheel."""
    yield from _scrolled(setting, ())


@bench("P5")
def scrolling_groups(setting: Setting) -> Iterable[Result]:
    """The same in a list in which every fourth row is that of a group."""
    yield from _scrolled(setting, ("company",))


def _scrolled(setting: Setting, group: tuple[str, ...]) -> Iterator[Result]:
    chance = random.Random(_SEED)
    count = SIZES[setting.rows]
    rounds = max(setting.rounds * 4, 40)
    with setting.store(all_active=True) as store, showing(store) as shown, _bare_table(shown, count) as bare:
        view = shown.panel.view
        if group:
            shown.panel.group(group)
            shown.settle()
        words = f" in groups by {group[0]}" if group else ""
        places = [chance.randrange(count) for _ in range(rounds + 1)]

        def jump(table: QTableView) -> Callable[[], None]:
            turns = iter(places)

            def once() -> None:
                table.verticalScrollBar().setValue(next(turns) * view.rowHeight(0))
                table.viewport().repaint()

            return once

        times = interleaved({"ours": jump(view), "limit": jump(bare)}, rounds)
        limit = sorted(times["limit"])[rounds * 95 // 100]
        result = summary("P5", f"repaint after a jump{words}; limit and ratio at p95", setting.rows, times["ours"])
        yield _at_p95(result, limit)
        yield summary(
            "P5", f"one step of the wheel{words}", setting.rows, interleaved({"ours": _step(view)}, rounds)["ours"],
            at_most_p95=5.0,
        )  # fmt: skip


def _at_p95(result: Result, limit: float) -> Result:
    found = beside(result, [result.p95], [limit])
    return Result(**{**found.__dict__, "at_most_ratio": 1.0})


def _step(view: QTableView) -> Callable[[], None]:
    """A step in which the new strip is drawn and the rest is moved; painted at once to be measured."""
    bar = view.verticalScrollBar()

    def once() -> None:
        bar.setValue(bar.value() + bar.singleStep())
        view.viewport().repaint(0, view.viewport().height() - bar.singleStep(), view.viewport().width(),
                                bar.singleStep())  # fmt: skip

    return once


@contextmanager
def _bare_table(shown: Shown, rows: int) -> Iterator[QTableView]:
    like = shown.panel.view
    columns = like.header.count() - like.header.hiddenSectionCount()
    with tempfile.TemporaryDirectory() as name:
        path = Path(name) / "bare.db"
        _fill(path, rows, columns)
        database = QSqlDatabase.addDatabase("QSQLITE", "bench")
        database.setDatabaseName(str(path))
        if not database.open():
            raise OSError(database.lastError().text())
        model = QSqlQueryModel()
        model.setQuery("SELECT * FROM bare", database)
        while model.canFetchMore():
            model.fetchMore()
        view = QTableView()
        view.setModel(model)
        view.verticalHeader().hide()
        view.verticalHeader().setDefaultSectionSize(like.rowHeight(0))
        view.setVerticalScrollMode(QTableView.ScrollMode.ScrollPerPixel)
        view.resize(like.size())
        view.show()
        turn()
        try:
            yield view
        finally:
            view.close()
            view.setModel(None)
            model.clear()
            database.close()
            del database
            QSqlDatabase.removeDatabase("bench")


def _fill(path: Path, rows: int, columns: int) -> None:
    chance = random.Random(_SEED)
    connection = sqlite3.connect(path)
    names = ", ".join(f"c{n} text" for n in range(columns))
    connection.execute(f"CREATE TABLE bare ({names})")
    places = ", ".join("?" * columns)
    made = (tuple(f"Relaunch {chance.randrange(10**6)}" for _ in range(columns)) for _ in range(rows))
    connection.executemany(f"INSERT INTO bare VALUES ({places})", made)
    connection.commit()
    connection.close()
