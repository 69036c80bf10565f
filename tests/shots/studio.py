"""A window with demo data, to be photographed or tested."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from zoneinfo import ZoneInfo

from PySide6.QtCore import QEvent, QSettings
from PySide6.QtWidgets import QApplication

from app.bootstrap import speak
from app.core import paths
from app.core.clock import FixedClock
from app.core.settings import Settings
from app.models.opening import create_store
from app.models.store import Store
from app.services import demo, setup
from app.services.office import Office
from app.ui.bridge import FeedBridge
from app.ui.context import Context
from app.ui.dialogs import QtDialogs
from app.ui.guard import Guard
from app.ui.jobs import InlineJobs
from app.ui.main_window import MainWindow
from app.ui.theme import Density, Mode, Theme
from app.ui.window_tasks import WindowTasks

TODAY = date(2026, 11, 24)
COUNTRIES = {"de": "DE", "en": "GB", "xx": "DE"}


def demo_store(folder: Path) -> Store:
    """A store with the demo data as of `TODAY`, worded in the language in use."""
    zone = ZoneInfo("Europe/Berlin")
    store = create_store(folder, origin="window", clock=FixedClock.at(TODAY, zone))
    setup.seed(store)
    demo.fill(store)
    setup.choose_actor(store)
    return store


@contextmanager
def window_of(
    app: QApplication,
    store: Store,
    theme: Theme,
    folder: Path,
    *,
    language: str = "de",
    mode: Mode = Mode.LIGHT,
    density: Density = Density.COMFORTABLE,
    scale: int = 100,
) -> Iterator[tuple[MainWindow, Context, WindowTasks]]:
    """A window on a store, everything done at once instead of in threads; closed at the end."""
    formats = speak(language, COUNTRIES[language])
    theme.use(mode=mode, density=density, scale=scale)
    memory = QSettings(str(folder / "window.ini"), QSettings.Format.IniFormat)
    window = MainWindow(theme, memory)
    failures: list[BaseException] = []
    guard = Guard(failures.append, lambda words: failures.append(AssertionError(words)))
    context = Context(
        Office.of(store, folder / "backups"), Settings(folder / "settings.json"), formats, theme, QtDialogs(window),
        InlineJobs(), FeedBridge(store.feed, window), window.status.say, guard.do,
    )  # fmt: skip
    tasks = WindowTasks(window, context, lambda id_: None)
    window.attach(context, tasks)
    tasks.show_facts()
    try:
        yield window, context, tasks
        if failures:
            raise failures[0]
    finally:
        tasks.stop()
        window.close()
        window.deleteLater()
        app.sendPostedEvents(None, QEvent.Type.DeferredDelete)  # else they would hear of the next theme


def icons() -> Path:
    """The folder of the icons."""
    return paths.resources_dir() / "icons"
