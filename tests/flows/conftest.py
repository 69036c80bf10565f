"""The whole window on a real store: what is pressed and typed goes through every layer and comes back to the view."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QSettings, QTimer
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QDialog
from pytestqt.qtbot import QtBot
from shiboken6 import getCppPointer

from app.bootstrap import speak
from app.core.settings import STRICT, Settings
from app.core.terms import Status
from app.models.store import Store
from app.services.office import Office
from app.ui.bridge import FeedBridge
from app.ui.context import Context
from app.ui.guard import Guard
from app.ui.jobs import ThreadJobs
from app.ui.main_window import MainWindow
from app.ui.theme import Theme
from app.ui.window_tasks import WindowTasks
from tests.flows.desk import Desk
from tests.stores import Fillings, add_lead
from tests.ui.conftest import _theme, no_key_held, theme
from tests.ui.scripted import PromptJobs, ScriptedDialogs

__all__ = ["_theme", "no_key_held", "theme"]

Open = Callable[..., Desk]


@pytest.fixture(autouse=True)
def no_dialog_left(qapp: QApplication) -> Iterator[None]:
    """A dialog that nobody answers would wait for ever: it is closed, and fails the test."""
    left: list[str] = []
    seen: list[int] = []
    timer = QTimer()
    timer.setInterval(5000)

    def close() -> None:
        dialog = QApplication.activeModalWidget()
        there = 0 if dialog is None else int(getCppPointer(dialog)[0])
        again, seen[:] = there in seen, [there]  # one that has just come up may still be answered
        if isinstance(dialog, QDialog) and again:
            left.append(dialog.windowTitle())
            QDialog.done(dialog, QDialog.DialogCode.Rejected)

    timer.timeout.connect(close)
    timer.start()
    yield
    timer.stop()
    assert not left, f"nobody answered: {left}"


@pytest.fixture
def opening(store: Store, qtbot: QtBot, qapp: QApplication, theme: Theme, tmp_path: Path) -> Iterator[Open]:
    """Opens windows on the test's store; call it again after `close` for a restart.

    `front` is the tab the first one begins with; empty for what the program itself chooses. Who is `asked` answers
    instead of the script.
    """
    formats = speak("en", "GB")
    desks: list[Desk] = []

    def open_(
        *answers: tuple[str, str, object], threads: bool = False, front: str = "leads",
        asked: ScriptedDialogs | None = None,
    ) -> Desk:  # fmt: skip
        memory = QSettings(str(tmp_path / "window.ini"), QSettings.Format.IniFormat)
        if front and not memory.contains("window/tab"):
            memory.setValue("window/tab", front)
        window = MainWindow(theme, memory)
        reports: list[str] = []
        guard = Guard(lambda error: window.tell_error(str(error)), reports.append)
        bridge = FeedBridge(store.feed, window)
        jobs = ThreadJobs(guard.handle, window) if threads else PromptJobs(bridge, guard.handle)
        if isinstance(jobs, ThreadJobs):
            jobs.far = store if store.shared else None
        dialogs = asked or ScriptedDialogs(*answers)
        settings = Settings(tmp_path / "settings.json")
        context = Context(
            Office.of(store, tmp_path / "backups", strict=lambda: settings[STRICT]), settings, formats, theme, dialogs,
            jobs, bridge, window.status.say, guard.do,
        )  # fmt: skip
        tasks = WindowTasks(window, context, lambda id_: None)
        window.closing.connect(tasks.stop)
        if isinstance(jobs, ThreadJobs):
            window.closing.connect(jobs.stop)
        window.resize(1440, 860)
        window.show()
        window.activateWindow()
        qtbot.waitUntil(window.isActiveWindow)
        window.attach(context, tasks)
        qapp.processEvents()  # a tab may take a turn to be built and another to be filled
        tasks.show_facts()
        desk = Desk(store, window, context, tasks, dialogs, reports)
        desks.append(desk)
        return desk

    yield open_
    for desk in desks:
        desk.leave()
    QTest.qWait(0)


@pytest.fixture
def desk(opening: Open, leads: dict[str, int]) -> Desk:
    """A window with `leads`, in which everything is done at once."""
    return opening()


def _leads(store: Store) -> dict[str, int]:
    made = {}
    for title, stage, amount in (
        ("Webshop Müller", "Mündliche Zusage", 50_000), ("Relaunch Stadtwerke", "Verhandlungen", 40_000),
        ("Kampagne Herbst", "Angebot", 30_000), ("Film Molkerei", "Vorstellung", 20_000),
        ("Hosting Bräu", "Erstkontakt", 10_000),
    ):  # fmt: skip
        made[title] = add_lead(store, title, stage=stage, amount=amount, user_id=1)
    for title in ("Idee Messe", "Idee App"):
        made[title] = add_lead(store, title, status=Status.POTENTIAL, amount=0)
    made["Jubiläum"] = add_lead(store, "Jubiläum", status=Status.WON, stage="Angebot", amount=7_000)
    return made


@pytest.fixture
def fillings() -> Fillings:
    """What the windows of these tests begin with."""
    return {"leads": _leads}


@pytest.fixture
def leads(store: Store, stocked: dict[str, dict[str, int]]) -> dict[str, int]:
    """Five active leads of falling weight, two ideas and a won one, by title."""
    return stocked["leads"]
