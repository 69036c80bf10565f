"""P1: from the start of the process to the painted frame, and to the first page of data.

The limits are a bare PySide6 window, and that with `import sqlalchemy.orm`; for a start from the disk a start from the
system's cache. Everything runs in processes of its own, in turns; a process says when it painted and ends.
"""

import os
import shutil
import subprocess
import sys
import sysconfig
import tempfile
import time
from collections.abc import Iterable, Sequence
from pathlib import Path

from app.models.opening import store_file
from app.models.place import HOLDER_NAME
from tests.benchmarks.generator import SIZES, Size, prepared
from tests.benchmarks.measure import Result, Setting, as_installed, begin_as_one, bench, beside, summary

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
def starting(settings: Sequence[Setting]) -> Iterable[Result]:
    """Frame and first page against the bare windows, 100 000 leads against a thousand, disk against cache."""
    setting = settings[-1]
    rows, rounds = setting.rows, min(setting.rounds, 15)
    with tempfile.TemporaryDirectory(prefix="trichter-start-") as name:
        large, small = _copy(rows, Path(name) / "large"), _copy("1k", Path(name) / "small")
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
        frame = summary("P1", "start to the painted frame", rows, times["frame"], at_most_ratio=1.5)
        yield beside(frame, times["frame"], times["bare"])
        page = summary("P1", "start to the first page of data", rows, times["page"], at_most_ratio=1.3)
        yield beside(page, times["page"], times["orm"])
        grown = summary("P1", "first page, beside that of 1k", rows, times["page"], at_most_ratio=1.1)
        yield beside(grown, times["page"], times["small"])
        yield from _from_disk(rows, large, max(3, rounds // 3))


def _from_disk(rows: str, folder: Path, rounds: int) -> Iterable[Result]:
    """The first page when nothing of it is in the system's cache, beside one from the cache in the same round."""
    files = [store_file(folder), *(path for home in _homes() for path in home.rglob("*") if path.is_file())]
    cold, warm = [], []
    for _ in range(rounds):
        if not evicted(files):  # the system does not let us, or another process holds them
            return
        cold.append(_run(_OURS, "--data", str(folder))["page"])
        warm.append(_run(_OURS, "--data", str(folder))["page"])
    yield beside(
        summary("P1", "first page from the disk, beside one from cache", rows, cold, at_most_ratio=1.6), cold, warm
    )


def _homes() -> Iterable[Path]:
    """Where everything lies that a start reads."""
    here = Path(__file__).parents[2]
    paths = sysconfig.get_paths()
    return [here / "app", here / "resources", Path(paths["purelib"]), Path(paths["stdlib"])]


def evicted(files: Sequence[Path]) -> bool:
    """Let the system forget what it has read of these files; whether it did, for the largest of them."""
    if not hasattr(os, "posix_fadvise"):
        return False
    for path in files:
        place = os.open(path, os.O_RDONLY)
        try:
            os.fsync(place)  # what is not written yet stays
            os.posix_fadvise(place, 0, 0, os.POSIX_FADV_DONTNEED)
        finally:
            os.close(place)
    return not _cached(max(files, key=lambda path: path.stat().st_size))


def _cached(path: Path) -> bool:
    """Whether the beginning of a file can be had without asking the disk."""
    place = os.open(path, os.O_RDONLY)
    try:
        os.preadv(place, [bytearray(4096)], 0, os.RWF_NOWAIT)
    except BlockingIOError:
        return False
    finally:
        os.close(place)
    return True


def _copy(rows: str, folder: Path) -> Path:
    folder.mkdir()
    shutil.copyfile(store_file(prepared(Size(SIZES[rows]))), store_file(folder))
    begin_as_one(folder)
    return folder


def _run(program: str, *arguments: str) -> dict[str, float]:
    """Milliseconds from before the process to each moment it told."""
    for folder in arguments[1:]:  # the process before did not close its window
        (Path(folder) / HOLDER_NAME).unlink(missing_ok=True)
    environment = as_installed()
    begin = time.time()
    done = subprocess.run(
        [sys.executable, "-c", program, *arguments], env=environment, capture_output=True, text=True, check=False,
        timeout=60, cwd=Path(__file__).parents[2],
    )  # fmt: skip
    told = dict(line.split() for line in done.stdout.splitlines() if line.count(" ") == 1)
    if not told:
        raise RuntimeError(done.stderr)
    return {what: (float(moment) - begin) * 1000 for what, moment in told.items()}
