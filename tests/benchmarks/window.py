"""The window of the program over a generated store, painted into memory, for the benchmarks that need one."""

import os
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Self

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

from PySide6.QtCore import QEventLoop, QSettings, QTimer
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
    """A window on a store, everything loaded and painted."""
    app = application()
    formats = speak("de", "DE")
    theme = Theme(app, paths.resources_dir() / "icons")
    theme.use(mode=Mode.LIGHT)
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        window = MainWindow(theme, QSettings(str(folder / "window.ini"), QSettings.Format.IniFormat))
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
    """Turn the event loop until something holds."""
    loop = QEventLoop()
    timer = QTimer()
    timer.setInterval(0)
    timer.timeout.connect(lambda: loop.quit() if holds() else None)
    late = QTimer()
    late.setSingleShot(True)
    late.timeout.connect(loop.quit)
    late.start(int(seconds * 1000))
    timer.start()
    if not holds():
        loop.exec()
    assert holds(), "it never came to hold"


class Gaps:
    """Watches the event loop from within: the longest time between two of its turns."""

    def __init__(self) -> None:
        self.longest = 0.0
        self._last = 0.0
        self._timer = QTimer()
        self._timer.setInterval(0)
        self._timer.timeout.connect(self._tick)

    def __enter__(self) -> Self:
        self._last = time.perf_counter()
        self._timer.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._tick()
        self._timer.stop()

    def _tick(self) -> None:
        now = time.perf_counter()
        self.longest = max(self.longest, (now - self._last) * 1000)
        self._last = now


def _raise(problem: object) -> None:
    raise problem if isinstance(problem, BaseException) else AssertionError(problem)
