"""The window of the program over a generated store, painted into memory, for the benchmarks that need one."""

import gc
import os
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Self

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

from PySide6.QtCore import QEventLoop, QSettings, Qt, QTimer
from PySide6.QtWidgets import QApplication

from app.bootstrap import speak
from app.core import paths
from app.core.settings import Settings
from app.models.store import Store
from app.services.office import Office
from app.ui.bridge import FeedBridge
from app.ui.context import Context
from app.ui.dialogs import QtDialogs
from app.ui.guard import Guard
from app.ui.jobs import ThreadJobs
from app.ui.main_window import MainWindow
from app.ui.theme import Mode, Theme
from app.ui.window_tasks import WindowTasks

SIZE = (1440, 860)
#: How often something is looked at that is waited for or watched.
TICK_MS = 5


@dataclass(frozen=True)
class Shown:
    """A window on a store, with its jobs in threads."""

    window: MainWindow
    context: Context
    jobs: ThreadJobs

    @property
    def panel(self) -> Any:
        """The list in front."""
        return self.window.current_tab().panel

    def settle(self) -> None:
        """Let everything that was begun come to its end."""
        wait_until(lambda: self.jobs.idle)
        turn()


def application() -> QApplication:
    """The one application of the process."""
    found = QApplication.instance()
    return found if isinstance(found, QApplication) else QApplication(["bench"])


@contextmanager
def showing(store: Store) -> Iterator[Shown]:
    """A window on a store with the list of leads in front, everything loaded and painted."""
    app = application()
    formats = speak("de", "DE")
    theme = Theme(app, paths.resources_dir() / "icons")
    theme.use(mode=Mode.LIGHT)
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        memory = QSettings(str(folder / "window.ini"), QSettings.Format.IniFormat)
        memory.setValue("window/tab", "leads")
        window = MainWindow(theme, memory)
        guard = Guard(_raise, _raise)
        jobs = ThreadJobs(_raise, window)
        context = Context(
            Office.of(store, folder / "backups"), Settings(folder / "settings.json"), formats, theme,
            QtDialogs(window), jobs, FeedBridge(store.feed, window), window.status.say, guard.do,
        )  # fmt: skip
        tasks = WindowTasks(window, context, lambda id_: None)
        window.resize(*SIZE)
        window.show()
        window.attach(context, tasks)
        shown = Shown(window, context, jobs)
        shown.settle()
        gc.freeze()  # as the program does once it has started
        try:
            yield shown
        finally:
            tasks.stop()
            jobs.stop()
            window.close()
            window.deleteLater()
            turn()


def turn() -> None:
    """One turn of the event loop, with the repaints that wait in it."""
    loop = QEventLoop()
    QTimer.singleShot(0, loop.quit)
    loop.exec()


def wait_until(holds: Callable[[], bool], seconds: float = 60.0) -> None:
    """Turn the event loop until something holds; at rest in between, as a window is, so that threads get on."""
    loop = QEventLoop()
    held = [holds()]

    def look() -> None:
        if holds():
            held[0] = True  # by the time the loop has ended, something else may have begun
            loop.quit()

    timer = _ticking(look)
    late = QTimer()
    late.setSingleShot(True)
    late.timeout.connect(loop.quit)
    late.start(int(seconds * 1000))
    if not held[0]:
        loop.exec()
    timer.stop()
    assert held[0], "it never came to hold"


class Gaps:
    """Watches the event loop from within: the longest time between two of its turns.

    It looks every few milliseconds. A timer without an interval would turn the loop without end, keep the interpreter
    to itself, and starve the very work that is watched. So a gap is found longer by up to one interval than it was.
    """

    def __init__(self) -> None:
        self.longest = 0.0
        self._last = 0.0
        self._timer: QTimer | None = None

    def __enter__(self) -> Self:
        self._last = time.perf_counter()
        self._timer = _ticking(self._tick)
        return self

    def __exit__(self, *_: object) -> None:
        self._tick()
        assert self._timer is not None
        self._timer.stop()

    def _tick(self) -> None:
        now = time.perf_counter()
        self.longest = max(self.longest, (now - self._last) * 1000)
        self._last = now


def _ticking(tick: Callable[[], object]) -> QTimer:
    timer = QTimer()
    timer.setTimerType(Qt.TimerType.PreciseTimer)
    timer.setInterval(TICK_MS)
    timer.timeout.connect(tick)
    timer.start()
    return timer


def _raise(problem: object) -> None:
    raise problem if isinstance(problem, BaseException) else AssertionError(problem)
