"""The palette and the history over everything there is: each keystroke to the repaint as for the filter (P4), and how
long the event loop stands still while they open and a weekly snapshot is taken (P14).
"""

from collections.abc import Iterable

from app.services.snapshots import Snapshots
from app.ui.history.dialog import HistoryDialog
from app.ui.palette.sheet import Palette
from app.ui.weekly import take_snapshot
from tests.benchmarks.measure import Result, Setting, bench, summary, timed, without_garbage
from tests.benchmarks.p04_type import TYPED, pause
from tests.benchmarks.window import Gaps, Shown, showing


@bench("P4")
def palette(setting: Setting) -> Iterable[Result]:
    """Opening it, each keystroke to the repaint, the longest gap after one."""
    keys: list[float] = []
    gaps: list[float] = []
    with setting.store(all_active=True) as store, showing(store) as shown:
        with Gaps() as opened:
            first = timed(shown.window.actions_["palette"].trigger)
            shown.settle()
        sheet = shown.window.findChild(Palette)
        assert isinstance(sheet, Palette)
        with without_garbage():
            for typed in (*TYPED, "gen", ">sp"):
                for length in range(1, len(typed) + 1):
                    keys.append(timed(lambda text=typed[:length]: _press(sheet, text)))  # type: ignore[misc]
                    with Gaps() as watched:
                        pause()
                    gaps.append(watched.longest)
                sheet.line.clear()
                shown.settle()
    bounds = {"at_most_p95": 60.0} if setting.rows == "1m" else {"at_most_p50": 10.0, "at_most_p95": 16.0}
    yield summary("P4", "palette: keystroke to repaint", setting.rows, keys, **bounds)
    yield summary("P4", "palette: longest gap after a keystroke", setting.rows, gaps)
    yield summary("P4", "palette: opening it the first time", setting.rows, [first])
    yield summary(
        "P14", "palette: longest gap while it opens", setting.rows, [opened.longest], at_most_p95=_most(setting)
    )


@bench("P14")
def history(setting: Setting) -> Iterable[Result]:
    """Opening the history and going through it; a weekly snapshot."""
    with setting.store() as store, showing(store) as shown:
        with Gaps() as opened:
            dialog = HistoryDialog(shown.context, shown.window)
            dialog.show()
            shown.settle()
        with Gaps() as moved:
            for row in range(0, dialog.model.rowCount(), max(1, dialog.model.rowCount() // 20)):
                dialog.view.selectRow(row)
                pause()
            shown.settle()
        dialog.close()
        with Gaps() as stored:
            took = timed(lambda: _store(shown))
        assert Snapshots(store).days()
    for what, gap in (("history opened", opened), ("history gone through", moved), ("weekly snapshot", stored)):
        yield summary("P14", f"longest gap: {what}", setting.rows, [gap.longest], at_most_p95=_most(setting))
    yield summary("P14", "a weekly snapshot in a thread", setting.rows, [took])


def _press(sheet: Palette, text: str) -> None:
    sheet.line.setText(text)
    sheet.line.repaint()
    sheet.view.viewport().repaint()


def _store(shown: Shown) -> None:
    take_snapshot(shown.context, shown.window)
    shown.settle()


def _most(setting: Setting) -> float:
    return 100.0 if setting.rows == "1m" else 50.0
