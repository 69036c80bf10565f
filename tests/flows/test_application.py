"""The program as a whole: how it starts, puts a backup in the place of the data, and ends."""

import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot
from shiboken6 import isValid

from app.bootstrap import Options, launch_of, surroundings
from app.services.backup import Backups, Reason
from app.services.office import Office
from app.ui.application import Application
from app.ui.context import Context
from app.ui.detail.window import LeadWindow
from app.ui.main_window import MainWindow
from app.ui.settings.dialog import SettingsDialog
from tests.stores import add_lead, reopened


@dataclass
class Program:
    """A running program, with the eyes of somebody who sits before it."""

    application: Application
    told: list[str]
    reports: list[str]

    @property
    def window(self) -> MainWindow:
        """Its window."""
        assert self.application._window is not None
        return self.application._window

    @property
    def office(self) -> Office:
        """The open store."""
        assert self.application._office is not None
        return self.application._office

    @property
    def ready(self) -> bool:
        """Whether the store is open and shown."""
        return self.window.attached and self.application._office is not None

    @property
    def context(self) -> Context:
        """What its window works with."""
        assert self.application._tasks is not None
        return self.application._tasks.context

    def titles(self) -> list[str]:
        """What the list in front shows."""
        return [row.title for row in self.office.lists.rows(list(self.window.current_tab().panel.model.ids))]


Begin = Callable[[], Program]


@pytest.fixture
def begin(folder: Path, qtbot: QtBot, qapp: QApplication, monkeypatch: pytest.MonkeyPatch) -> Iterator[Begin]:
    """Starts the program on the test's folder. What it tells in a box is answered at once."""
    running: list[Program] = []
    hand = QTimer()
    hand.setInterval(20)

    def begin() -> Program:
        launch = launch_of(surroundings(Options(data=folder, language="en")))
        made = Program(Application(replace(launch, begin_log=lambda: (None, lambda: None))), [], [])
        monkeypatch.setattr(made.application, "_report", made.reports.append)
        hand.timeout.connect(lambda: _answer(made.told))
        hand.start()
        assert made.application.begin()
        qtbot.waitUntil(lambda: made.ready, timeout=20_000)
        qtbot.waitUntil(lambda: made.application._jobs.idle, timeout=20_000)
        running.append(made)
        return made

    yield begin
    for program in running:
        end(program, qtbot)
        assert not program.reports, program.reports[0]
        program.window.deleteLater()
        program.application.deleteLater()
    hand.stop()
    qtbot.wait(0)


def _answer(told: list[str]) -> None:
    box: Any = QApplication.activeModalWidget()
    if box is not None and box.inherits("QMessageBox"):
        told.append(box.text())
        box.accept()


@pytest.fixture
def lead(folder: Path) -> str:
    """The title of a lead in the store that the program opens."""
    store = reopened(folder)
    add_lead(store, "Webshop Müller")
    store.close()
    return "Webshop Müller"


def end(program: Program, qtbot: QtBot) -> None:
    """Close the window and wait until the data are closed."""
    program.window.close()
    qtbot.waitUntil(lambda: program.application._office is None, timeout=20_000)


def go_back(program: Program, qtbot: QtBot) -> None:
    """Make a backup and restore it."""
    backup = program.office.backups.make(Reason.MANUAL)
    program.application._reopen_with(backup)
    qtbot.waitUntil(lambda: program.ready and program.application._jobs.idle, timeout=20_000)


def test_the_store_opens_behind_the_frame(begin: Begin, lead: str) -> None:
    assert begin().titles() == [lead]


def test_between_two_stores_nothing_in_the_window_asks_for_one(
    begin: Begin, lead: str, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    program = begin()
    program.window.current_tab().panel.view.selectRow(0)
    program.window.actions_["open"].trigger()
    backup = program.office.backups.make(Reason.MANUAL)
    old = program.window.current_tab()
    lives = [program.window.findChild(LeadWindow), program.window.side.currentWidget(), old]
    monkeypatch.setattr(program.application, "_say", lambda words: seen.append(_use(program, lives)))
    seen: list[str] = []
    program.application._reopen_with(backup)
    qtbot.waitUntil(lambda: program.ready and program.application._jobs.idle, timeout=20_000)
    assert seen == ["blank"]
    assert program.titles() == [lead]


def _use(program: Program, lives: list[Any]) -> str:
    """Press what there is to press while no store is open; what the window shows."""
    window = program.window
    assert not [each for each in lives if isValid(each)]
    for spec in window.actions_.specs:
        window.actions_[spec.id].trigger()
    for position in range(window.tab_row.count()):
        window.tab_row.setCurrentIndex(position)
    window.tab_row.setCurrentIndex(1)
    window.status.undone.emit()
    enabled = [spec.id for spec in window.actions_.specs if spec.needs and window.actions_[spec.id].isEnabled()]
    assert not enabled
    return "blank" if window.current_tab() is None else "live"


def test_a_backup_outlives_the_dialog_that_asked_for_it(
    begin: Begin, lead: str, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    program = begin()
    make, gate = Backups.make, threading.Event()
    monkeypatch.setattr(Backups, "make", lambda self, reason: gate.wait(5) and make(self, reason))
    dialog = SettingsDialog(program.context, program.window, "backup")
    page: Any = dialog.page
    page._now.click()
    with qtbot.waitSignal(dialog.destroyed):
        dialog.deleteLater()
    gate.set()
    qtbot.waitUntil(lambda: program.application._jobs.idle, timeout=20_000)
    assert len(program.office.backups.list()) == 1


def test_after_a_restore_undo_takes_back_one_step(begin: Begin, lead: str, qtbot: QtBot) -> None:
    program = begin()
    go_back(program, qtbot)
    assert [words[:16] for words in program.told] == ["1 lead restored."]
    made = [program.office.leads.create(title=title) for title in ("One", "Two")]
    program.window.status.undone.emit()
    assert [row.title for row in program.office.lists.rows(made)] == ["One"]
