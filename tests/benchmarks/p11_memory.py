"""P11: memory of the program with the list open, beside a bare PySide6 window. Each in a process of its own, in MB."""

import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterable
from pathlib import Path
from textwrap import indent

from app.models.place import store_file
from tests.benchmarks.generator import SIZES, Size, prepared
from tests.benchmarks.measure import Result, Setting, as_installed, begin_as_one, bench, beside, summary

_BARE = """
import sys
from PySide6.QtWidgets import QApplication, QMainWindow, QTableView
app = QApplication([])
window = QMainWindow()
window.setCentralWidget(QTableView())
window.resize(1440, 860)
window.show()
app.processEvents()
"""
_OURS = """
import os, sys
from app.__main__ import main
import app.ui.main_window as frame
from PySide6.QtCore import QTimer
def tell():
{tell}
class Window(frame.MainWindow):
    def attach(self, context, tasks):
        super().attach(context, tasks)
        QTimer.singleShot(3000, tell)
frame.MainWindow = Window
main(["--data", sys.argv[1]])
"""
#: What is mapped from the file of the store belongs to the system's cache and goes when it is needed elsewhere.
_TELL = """
import os
sums, store = [0, 0], False
for line in open("/proc/self/smaps"):
    if line[:1].islower() or line[:1].isdigit():
        store = line.rstrip().endswith("trichter.db")
    elif line.startswith("Rss:"):
        sums[store] += int(line.split()[1])
print(sums[0], sum(sums), flush=True)
os._exit(0)
"""


@bench("P11")
def memory(setting: Setting) -> Iterable[Result]:
    """Resident memory once everything is loaded and painted."""
    if not sys.platform.startswith("linux"):
        return
    with tempfile.TemporaryDirectory(prefix="trichter-memory-") as name:
        source = prepared(Size(SIZES[setting.rows], all_active=True))
        shutil.copyfile(store_file(source), store_file(Path(name)))
        begin_as_one(Path(name))
        ours, bare = [], []
        for _ in range(min(setting.rounds, 5)):
            ours.append(_megabytes(_OURS.format(tell=indent(_TELL, "    ")), name))
            bare.append(_megabytes(_BARE + _TELL))
    bounds = {"at_most_p50": 260.0} if setting.rows == "1m" else {"at_most_ratio": 2.5}
    for place, what in enumerate(("memory with the list open, MB", "with what is cached of the store's file, MB")):
        mine, limit = [one[place] for one in ours], [one[place] for one in bare]
        yield beside(summary("P11", what, setting.rows, mine, **(bounds if place == 0 else {})), mine, limit)


def _megabytes(program: str, *arguments: str) -> tuple[float, float]:
    environment = as_installed()
    done = subprocess.run(
        [sys.executable, "-c", program, *arguments], env=environment, capture_output=True, text=True, check=False,
        timeout=120, cwd=Path(__file__).parents[2],
    )  # fmt: skip
    if not done.stdout.strip():
        raise RuntimeError(done.stderr)
    own, all_of_it = done.stdout.split()[-2:]
    return int(own) / 1024, int(all_of_it) / 1024
