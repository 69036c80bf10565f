"""P1: from the start of the process to the painted frame, and to the first page of data.

The limits are a bare PySide6 window, and that with `import sqlalchemy.orm`. Everything runs in processes of its own,
in turns; a process says when it painted and ends.
"""

import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterable
from pathlib import Path

from app.models.opening import store_file
from tests.benchmarks.generator import SIZES, Size, prepared
from tests.benchmarks.measure import Result, Setting, bench, beside, summary

_BARE = """
import gc, os, sys, time
gc.disable()
{also}
from PySide6.QtWidgets import QApplication, QMainWindow, QLabel
class Window(QMainWindow):
    def paintEvent(self, event):
        print("frame", time.time(), flush=True)
        os._exit(0)
app = QApplication([])
window = Window()
window.resize(1440, 860)
window.setCentralWidget(QLabel("Trichter"))
window.show()
app.exec()
"""
_OURS = """
import os, sys, time
from app.__main__ import main
import app.ui.main_window as frame
told = set()
def tell(what):
    if what not in told:
        told.add(what)
        print(what, time.time(), flush=True)
class Window(frame.MainWindow):
    def paintEvent(self, event):
        tell("frame")
        super().paintEvent(event)
    def attach(self, context, tasks):
        from app.ui.tables.view import TableView
        paint = TableView.paintEvent
        def painted(view, event):
            paint(view, event)
            if view.model().rowCount():
                tell("page")
                os._exit(0)
        TableView.paintEvent = painted
        super().attach(context, tasks)
frame.MainWindow = Window
main(sys.argv[1:])
"""


@bench("P1", curve=True)
def starting(settings: Iterable[Setting]) -> Iterable[Result]:
    """Frame and first page against the bare windows, and 100 000 leads against a thousand."""
    setting = list(settings)[-1]
    rounds = min(setting.rounds, 15)
    with tempfile.TemporaryDirectory(prefix="trichter-start-") as name:
        large, small = _copy(setting.rows, Path(name) / "large"), _copy("1k", Path(name) / "small")
        times: dict[str, list[float]] = {key: [] for key in ("bare", "orm", "frame", "page", "small")}
        for number in range(rounds + 1):
            found = {
                "bare": _run(_BARE.format(also=""))["frame"],
                "orm": _run(_BARE.format(also="import sqlalchemy.orm"))["frame"],
                "small": _run(_OURS, "--data", str(small))["page"],
                **_run(_OURS, "--data", str(large)),
            }
            if number:
                for key, took in found.items():
                    times[key].append(took)
    rows = setting.rows
    frame = summary("P1", "start to the painted frame", rows, times["frame"], at_most_ratio=1.5)
    yield beside(frame, times["frame"], times["bare"])
    page = summary("P1", "start to the first page of data", rows, times["page"], at_most_ratio=1.3)
    yield beside(page, times["page"], times["orm"])
    grown = summary("P1", "first page, beside that of 1k", rows, times["page"], at_most_ratio=1.1)
    yield beside(grown, times["page"], times["small"])


def _copy(rows: str, folder: Path) -> Path:
    folder.mkdir()
    shutil.copyfile(store_file(prepared(Size(SIZES[rows]))), store_file(folder))
    return folder


def _run(program: str, *arguments: str) -> dict[str, float]:
    """Milliseconds from before the process to each moment it told."""
    environment = {**os.environ, "QT_QPA_PLATFORM": "offscreen"}
    begin = time.time()
    done = subprocess.run(
        [sys.executable, "-c", program, *arguments], env=environment, capture_output=True, text=True, check=False,
        timeout=60, cwd=Path(__file__).parents[2],
    )  # fmt: skip
    told = dict(line.split() for line in done.stdout.splitlines() if line.count(" ") == 1)
    if not told:
        raise RuntimeError(done.stderr)
    return {what: (float(moment) - begin) * 1000 for what, moment in told.items()}
