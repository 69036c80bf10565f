"""The program as a whole: how it starts, puts a backup in the place of the data, and ends."""

import gc
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import QSettings, QTimer
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot
from shiboken6 import isValid

from app.bootstrap import Options, launch_of, surroundings
from app.core.i18n import Text
from app.core.settings import LANGUAGE
from app.models.store import Store
from app.services.backup import Backups, Reason, folder_of, found_in
from app.services.lock import holder
from app.services.office import Office
from app.ui import upkeep
from app.ui.application import Application
from app.ui.context import Context
from app.ui.detail.window import LeadWindow
from app.ui.instance import Instance
from app.ui.jobs import Job, Progress
from app.ui.main_window import MainWindow
from app.ui.settings.dialog import SettingsDialog
from app.ui.upkeep import Upkeep
from app.ui.window_tasks import WindowTasks
from tests.flows.programs import ended_after
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
    hand = QTimer()
    hand.setInterval(20)
    with ended_after(end, qtbot) as running:

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
    hand.stop()


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
    if program.application._office is not None:
        with qtbot.waitSignal(program.application.ended, timeout=20_000):
            program.window.close()


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
    window.tab_row.setCurrentIndex(0)
    window.status.undone.emit()
    enabled = [spec.id for spec in window.actions_.specs if spec.needs and window.actions_[spec.id].isEnabled()]
    assert not enabled
    return "blank" if window.current_tab() is None else "live"


def test_a_backup_outlives_the_dialog_that_asked_for_it(
    begin: Begin, lead: str, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    program = begin()
    gate = delayed_backup(monkeypatch)
    dialog = SettingsDialog(program.context, program.window, "backup")
    page: Any = dialog.page
    page._now.click()
    with qtbot.waitSignal(dialog.destroyed):
        dialog.deleteLater()
    gate.set()
    qtbot.waitUntil(lambda: program.application._jobs.idle, timeout=20_000)
    assert len(program.office.backups.list()) == 1


def test_a_second_start_raises_the_first_window(begin: Begin, lead: str, folder: Path, qtbot: QtBot) -> None:
    program = begin()
    program.window.showMinimized()
    second = Instance(folder)
    assert second.answered
    second.raise_other()
    qtbot.waitUntil(lambda: not program.window.isMinimized())


@pytest.mark.parametrize("noted", [True, False], ids=["later", "in the same moment"])
def test_a_second_start_ends_by_itself(begin: Begin, lead: str, folder: Path, qtbot: QtBot, noted: bool) -> None:
    begin()
    launch = launch_of(surroundings(Options(data=folder, language="en")))
    second = Application(replace(launch, held=lambda: noted and launch.held()))
    if noted:
        assert not second.begin()
    else:
        with qtbot.waitSignal(second.ended):
            assert second.begin()
        assert second._window is not None
        second._window.deleteLater()
    second._jobs.stop()
    second.deleteLater()


def test_without_a_place_for_its_socket_the_program_starts_all_the_same(
    begin: Begin, lead: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TMPDIR", "/nowhere")
    program = begin()
    assert program.application._instance is not None
    assert not program.application._instance._server.isListening()
    assert program.titles() == [lead]


def test_after_a_restore_undo_takes_back_one_step(begin: Begin, lead: str, qtbot: QtBot) -> None:
    program = begin()
    go_back(program, qtbot)
    assert [words[:16] for words in program.told] == ["1 lead restored."]
    made = [program.office.leads.create(title=title) for title in ("One", "Two")]
    program.window.status.undone.emit()
    qtbot.waitUntil(lambda: program.application._jobs.idle)
    assert [row.title for row in program.office.lists.rows(made)] == ["One"]


def test_in_another_language_the_same_store_goes_on(begin: Begin, lead: str, qtbot: QtBot) -> None:
    program = begin()
    old, office = program.window, program.office
    program.application._settings.change({LANGUAGE: "de"})
    qtbot.waitUntil(lambda: not isValid(old))
    qtbot.waitUntil(lambda: program.ready and program.application._jobs.idle)
    assert program.office is office
    assert program.titles() == [lead]
    assert program.window.tab_row.tabText(1) == "Kontaktpotenzial"


@contextmanager
def writing(program: Program) -> Iterator[None]:
    """As long as it lasts, a job has the store's one writer."""
    begun, gate = threading.Event(), threading.Event()

    def work(_progress: Progress) -> None:
        with program.office.store.maintenance():
            begun.set()
            assert gate.wait(20)

    program.context.jobs.start(Job(Text("Saving"), work, writes=True, owner=program.window))
    assert begun.wait(20)
    yield
    gate.set()


def test_what_comes_while_the_windows_are_built_anew_finds_what_it_needs(
    begin: Begin, lead: str, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A job may end at any moment, be it while the old window goes piece by piece."""
    program = begin()
    tasks, context, jobs = program.application._tasks, program.context, program.application._jobs
    assert tasks is not None
    side, panels = program.window.side, program.window.side.count()
    del tasks._beside.__dict__["panel"]  # as if it was still being loaded
    there: list[bool] = []
    remember = tasks.remember

    def then(_result: None) -> None:
        there.append(isValid(context.wording))
        tasks._beside.build(lambda: None)
        there.append(side.count() == panels)

    def late() -> None:
        remember()
        jobs.start(Job(Text("Counting"), lambda _progress: None, then, quiet=True, owner=tasks))
        jobs._database.submit(lambda: None).result()  # it is done, and has still to be told of

    monkeypatch.setattr(tasks, "remember", late)
    program.application._settings[LANGUAGE] = "de"
    qtbot.waitUntil(lambda: not isValid(tasks))
    assert there == [True, True]
    qtbot.waitUntil(lambda: program.ready and program.application._jobs.idle, timeout=20_000)


def test_settings_changed_while_a_job_writes_do_not_hold_the_window(begin: Begin, lead: str, qtbot: QtBot) -> None:
    program = begin()
    office = program.office
    office.leads.delete(list(program.window.current_tab().panel.model.ids))
    dialog = SettingsDialog(program.context, program.window, "stages")
    stages: Any = dialog.page
    dialog.show_page("tags")
    tags: Any = dialog.page
    dialog.show_page("currencies")
    money: Any = dialog.page
    dialog.show_page("trash")
    trash: Any = dialog.page
    qtbot.waitUntil(lambda: bool(trash._model.rows))
    first, second = (row.name for row in stages.model.rows[:2])
    with writing(program):
        assert stages.model.setData(stages.model.index(0, 0), "Anders")
        assert stages.model.setData(stages.model.index(1, 0), "anders")
        stages._on_moved(stages.model.rows[0].id, 2)
        tags.entry.setText("Neu")
        tags._on_add()
        money._base.setCurrentText("CHF")
        money._change_base()
        money._change_base()
        trash._view.selectAll()
        trash.restore()
        trash.restore()
        assert stages.problem.text() == tags.problem.text() == money._form["base"].said == "One moment …"
        assert (tags.entry.text(), trash._restore.isEnabled()) == ("", False)
    qtbot.waitUntil(lambda: program.application._jobs.idle, timeout=20_000)
    assert [row.name for row in stages.model.rows[:3]] == [second, stages.model.rows[1].name, "Anders"]
    assert first not in [row.name for row in stages.model.rows]
    assert [row.name for row in tags.model.rows] == ["Neu"]
    assert (office.store.facts.base_currency, "rates were converted" in money._form["base"].said) == ("CHF", True)
    assert (program.titles(), trash._model.rows) == ([lead], [])
    assert ("already" in stages.problem.text(), tags.problem.text()) == (True, "")
    dialog.reject()
    dialog.deleteLater()


def test_only_what_the_start_made_is_kept_from_the_collector(
    begin: Begin, lead: str, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    frozen: list[bool] = []
    monkeypatch.setattr(gc, "freeze", lambda: frozen.append(True))
    program = begin()
    qtbot.waitUntil(lambda: frozen == [True])
    program.application._settings.change({LANGUAGE: "de"})
    program.application._reword()
    go_back(program, qtbot)
    qtbot.waitUntil(lambda: bool(program.window.findChildren(Upkeep)) and program.application._jobs.idle)
    assert (frozen, gc.isenabled()) == ([True], True)


def test_the_end_leaves_a_backup_and_the_data_free(begin: Begin, lead: str, folder: Path, qtbot: QtBot) -> None:
    program = begin()
    made = program.office.backups
    end(program, qtbot)
    assert [backup.reason for backup in made.list()] == [Reason.EXIT]
    assert holder(folder) is None


def closing(begin: Begin, monkeypatch: pytest.MonkeyPatch) -> tuple[Program, threading.Event]:
    """A program that was closed and waits for its last backup, and what lets that go on."""
    program = begin()
    gate = delayed_backup(monkeypatch)
    program.window.close()
    return program, gate


def test_the_window_is_gone_before_the_last_backup_is_made(
    begin: Begin, lead: str, folder: Path, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    program, gate = closing(begin, monkeypatch)
    qtbot.wait(100)
    assert not program.window.isVisible()
    assert holder(folder) is not None
    with qtbot.waitSignal(program.application.ended):
        gate.set()
    assert holder(folder) is None


def test_a_start_while_the_program_still_ends_brings_it_back(
    begin: Begin, lead: str, folder: Path, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    program, gate = closing(begin, monkeypatch)
    qtbot.wait(50)
    with qtbot.assertNotEmitted(program.application.ended):
        Instance(folder).raise_other()
        qtbot.waitUntil(program.window.isVisible)
        assert not program.window.attached
        gate.set()
        qtbot.waitUntil(lambda: program.ready and program.application._jobs.idle, timeout=20_000)
    assert program.titles() == [lead]


def opened_but_not_shown(begin: Begin) -> Program:
    """A program whose store has just been opened in the thread, which nobody has looked at yet."""
    program = begin()
    application = program.application
    application._leave_tasks()
    application._jobs.stop()
    application._close_store()
    application._new_jobs()
    application._open(None)
    application._jobs._running[0].future.result()
    return program


@pytest.mark.parametrize("at_once", [False, True])
def test_a_window_closed_before_its_store_is_shown_leaves_the_data_free(
    begin: Begin, lead: str, folder: Path, qtbot: QtBot, at_once: bool
) -> None:
    program = opened_but_not_shown(begin)
    with qtbot.waitSignal(program.application.ended, timeout=20_000):
        program.window.close()
        if at_once:
            program.application._wind_up()  # the result is dropped with the jobs
    assert not program.window.attached
    assert holder(folder) is None


def test_closed_before_its_store_is_shown_and_started_again_a_window_is_attached_once(
    begin: Begin, lead: str, qtbot: QtBot
) -> None:
    program = opened_but_not_shown(begin)
    program.window.close()
    Instance(program.application._launch.folder).raise_other()
    qtbot.waitUntil(lambda: program.ready and program.application._jobs.idle, timeout=20_000)
    qtbot.wait(0)
    assert len(program.window.findChildren(WindowTasks)) == 1
    assert program.titles() == [lead]


def test_a_window_closed_while_a_backup_was_restored_does_not_open_it(
    begin: Begin, lead: str, folder: Path, qtbot: QtBot
) -> None:
    program = begin()
    application = program.application
    application._reopen_with(program.office.backups.make(Reason.MANUAL))
    application._jobs._running[0].future.result()
    with qtbot.waitSignal(application.ended, timeout=20_000):
        program.window.close()
    assert application._jobs.idle
    assert holder(folder) is None


def test_the_daily_check_keeps_nobody_from_ending(
    begin: Begin, lead: str, folder: Path, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    def check(store: Store, tell: Callable[[int, int], None]) -> None:
        while True:
            tell(0, 1)

    program = begin()
    monkeypatch.setattr(upkeep, "check", check)
    Upkeep(program.context, QSettings(), folder, program.window).begin()
    end(program, qtbot)


_PROGRAM = """
import sys
from PySide6.QtCore import QTimer
import app.ui.application as program
class Window(program.MainWindow):
    def attach(self, *parts):
        super().attach(*parts)
        QTimer.singleShot(50, self.close)
program.MainWindow = Window
from app.__main__ import main
sys.exit(main(["--data", sys.argv[1]]))
"""


def test_the_process_ends_after_its_window(lead: str, folder: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-c", _PROGRAM, str(folder)], capture_output=True, timeout=60, check=False,
        cwd=Path(__file__).parents[2],
    )  # fmt: skip
    assert (done.returncode, done.stderr.decode().replace(_USUAL, "")) == (0, "")
    assert [backup.reason for backup in found_in(folder_of(folder))] == [Reason.EXIT]


_USUAL = "This plugin does not support propagateSizeHints()\n"


def delayed_backup(monkeypatch: pytest.MonkeyPatch) -> threading.Event:
    """Set what is returned to let a backup go on."""
    make, gate = Backups.make, threading.Event()
    monkeypatch.setattr(Backups, "make", lambda self, reason: gate.wait(5) and make(self, reason))
    return gate
