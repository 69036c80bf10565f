"""P4: typing into the filter, from each keystroke to the repaint, against a repaint of the whole list unchanged."""

from collections.abc import Iterable

from PySide6.QtCore import QEventLoop, QTimer

from app.core.terms import Status
from app.services.lead_list import ListQuery
from app.services.text_filter import TextFilter
from tests.benchmarks.measure import Result, Setting, bench, beside, summary, timed, without_garbage
from tests.benchmarks.window import Gaps, Shown, showing

#: As somebody types, letter by letter, with corrections; one and two letters hit nearly everything.
TYPED = (
    "relaunch müller",
    "a",
    "e",
    "ab",
    "re",
    "xq",
    "48.000",
    "25k",
    "weber logistik gmbh",
    "anna verhandl",
    "99999",
)
#: Between two keys of somebody who types fast.
_PAUSE_MS = 60


@bench("P4")
def typing(setting: Setting) -> Iterable[Result]:
    """Each keystroke to the repaint; the longest gap of the event loop after one; reading the text."""
    keys: list[float] = []
    repaints: list[float] = []
    gaps: list[float] = []
    with setting.store(all_active=True) as store, showing(store) as shown:
        shown.panel.filter.setFocus()
        shown.settle()
        with without_garbage():
            for _ in range(max(setting.rounds // 3, 1)):
                for typed in TYPED:
                    repaint = timed(shown.panel.view.viewport().repaint)
                    for length in range(1, len(typed) + 1):
                        keys.append(timed(lambda text=typed[:length]: _press(shown, text)))  # type: ignore[misc]
                        with Gaps() as watched:
                            pause()
                        gaps.append(watched.longest)
                        repaints.append(repaint)
                    shown.panel.filter.clear()
                    shown.settle()
        text_filter, query = TextFilter(store), ListQuery((Status.ACTIVE,))
        builds = [timed(lambda: text_filter.adopt(text_filter.build(query))) for _ in range(3)]
    rows = setting.rows
    bounds = {"at_most_p95": 60.0} if rows == "1m" else {"at_most_p50": 10.0, "at_most_p95": 16.0}
    yield beside(summary("P4", "keystroke to repaint", rows, keys, **bounds), keys, repaints)
    yield summary("P4", "longest gap after a keystroke", rows, gaps)
    yield summary("P4", "reading the text, in a thread", rows, builds)


def _press(shown: Shown, text: str) -> None:
    shown.panel.filter.setText(text)
    shown.panel.view.viewport().repaint()  # and of everything else that changed


def pause() -> None:
    """As long as somebody takes from one key to the next."""
    loop = QEventLoop()
    QTimer.singleShot(_PAUSE_MS, loop.quit)
    loop.exec()
