"""The program beside its window: hidden in the tray, started there, brought back, and ended for good."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from app.bootstrap import Options, launch_of, surroundings
from app.core.i18n import Text
from app.core.settings import KEEP_IN_TRAY, LANGUAGE, PAUSED_UNTIL, TOLD_NO_TRAY
from app.services.backup import folder_of, found_in
from app.services.leads import NextStep
from app.services.lock import holder
from app.ui import background as module
from app.ui.application import Application
from app.ui.background import Background
from app.ui.detail.window import LeadWindow
from app.ui.settings.dialog import SettingsDialog
from app.ui.theme import Mode, Theme
from app.ui.tray import Tray, badged
from tests.flows.programs import ended_after
from tests.flows.test_application import Program, lead
from tests.ui.scripted import ScriptedDialogs

__all__ = ["lead"]

#: The platform without a display has no signal for a tray that Qt would like to hear.
pytestmark = pytest.mark.qt_log_ignore("systemTrayWindowChanged")

Begin = Callable[..., Program]


@pytest.fixture
def tray(monkeypatch: pytest.MonkeyPatch) -> None:
    """A desktop with a tray."""
    monkeypatch.setattr(module, "tray_available", lambda: True)


@pytest.fixture
def begin(folder: Path, qtbot: QtBot, qapp: QApplication, monkeypatch: pytest.MonkeyPatch) -> Iterator[Begin]:
    """Starts the program on the test's folder; `kept` is what the setting says, None if nobody was asked yet."""
    with ended_after(_end, qtbot) as running:

        def begin(kept: bool | None = True, *answers: object, hidden: bool = False) -> Program:
            around = surroundings(Options(data=folder, language="en", hidden=hidden))
            if kept is not None:
                around.settings[KEEP_IN_TRAY] = kept
            asked = ScriptedDialogs(*(("ask", "Shall Trichter go on", answer) for answer in answers))
            monkeypatch.setattr(module, "QtDialogs", lambda _window: asked)
            launch = replace(launch_of(around), begin_log=lambda: (None, lambda: None))
            made = Program(Application(launch), [], [])
            monkeypatch.setattr(made.application, "_report", made.reports.append)
            assert made.application.begin()
            qtbot.waitUntil(lambda: made.ready and made.application._background is not None, timeout=20_000)
            qtbot.waitUntil(lambda: made.application._jobs.idle, timeout=20_000)
            running.append(made)
            return made

        yield begin


def _end(program: Program, qtbot: QtBot) -> None:
    if program.application._office is not None:
        with qtbot.waitSignal(program.application.ended, timeout=20_000):
            program.application._quit()


def background(program: Program) -> Background:
    assert program.application._background is not None
    return program.application._background


def sign(program: Program) -> Tray:
    """The sign in the tray."""
    found = background(program).tray
    assert found is not None
    return found


def choose(program: Program, label: str) -> None:
    """An entry of the tray's menu."""
    (action,) = [each for each in sign(program).menu.actions() if each.text() == label]
    assert action.isVisible()
    assert action.isEnabled()
    action.trigger()


def test_a_closed_window_goes_on_in_the_tray_and_comes_back_as_it_was(
    begin: Begin, lead: str, tray: None, qtbot: QtBot
) -> None:
    program = begin()
    program.window.current_tab().panel.view.selectRow(0)
    program.window.actions_["open"].trigger()
    program.window.close()
    assert not program.window.isVisible()
    qtbot.waitUntil(lambda: not program.window.findChildren(LeadWindow))
    assert program.ready
    assert background(program).keeper is not None
    choose(program, "Open Trichter")
    assert program.window.isVisible()
    assert program.titles() == [lead]


def test_a_second_start_brings_the_hidden_window_back(begin: Begin, lead: str, tray: None, qtbot: QtBot) -> None:
    from app.ui.instance import Instance

    program = begin()
    program.window.close()
    folder = program.office.store.path.parent
    other = Instance(folder)
    assert other.answered
    qtbot.waitUntil(program.window.isVisible)
    other.close()


def test_it_is_asked_once_and_the_setting_changes_it(begin: Begin, lead: str, tray: None, qtbot: QtBot) -> None:
    program = begin(None, None, "Go on in the tray")
    program.window.close()
    assert program.window.isVisible(), "the question was closed: nothing happens"
    program.window.close()
    assert not program.window.isVisible()
    choose(program, "Open Trichter")
    program.window.close()
    assert not program.window.isVisible()
    choose(program, "Open Trichter")
    program.context.settings[KEEP_IN_TRAY] = False
    with qtbot.waitSignal(program.application.ended, timeout=20_000):
        program.window.close()


def test_who_says_no_is_asked_no_more(begin: Begin, lead: str, tray: None, qtbot: QtBot) -> None:
    program = begin(None, "Quit")
    settings = program.context.settings
    with qtbot.waitSignal(program.application.ended, timeout=20_000):
        program.window.close()
    assert settings[KEEP_IN_TRAY] is False
    assert settings.chosen(KEEP_IN_TRAY)


def test_without_a_tray_the_program_ends_with_its_window(begin: Begin, lead: str, qtbot: QtBot) -> None:
    program = begin(True)
    assert background(program).tray is None
    with qtbot.waitSignal(program.application.ended, timeout=20_000):
        program.window.close()


def test_the_end_from_the_tray_is_the_end_with_its_backup(
    begin: Begin, lead: str, tray: None, folder: Path, qtbot: QtBot
) -> None:
    program = begin()
    program.office.leads.create(title="Idee")
    program.window.close()
    with qtbot.waitSignal(program.application.ended, timeout=20_000):
        choose(program, "Quit")
    assert holder(folder) is None
    assert found_in(folder_of(folder))


@pytest.mark.parametrize("hidden", [False, True])
def test_the_command_to_quit_does_not_stay_in_the_tray(
    begin: Begin, lead: str, tray: None, qtbot: QtBot, hidden: bool
) -> None:
    program = begin()
    if hidden:
        program.window.close()
    with qtbot.waitSignal(program.application.ended, timeout=20_000):
        program.application._hub("quit")


def test_who_logs_out_is_not_held_up_by_a_hidden_window(
    begin: Begin, lead: str, tray: None, folder: Path, qtbot: QtBot
) -> None:
    program = begin()
    program.window.close()
    with qtbot.waitSignal(program.application.ended, timeout=20_000):
        program.application._end_by_system()
    assert holder(folder) is None


def test_it_starts_in_the_tray_and_reminds_from_there(begin: Begin, lead: str, tray: None, qtbot: QtBot) -> None:
    program = begin(True, hidden=True)
    assert not program.window.isVisible()
    office = program.office
    (row,) = office.lists.rows([1])
    now = office.store.clock.now().astimezone(office.store.zone)
    office.leads.assign([row.id], office.store.actor_id)
    office.leads.set_next_step([row.id], NextStep(now.date(), "Anrufen", now.hour * 60 + now.minute))
    keeper = background(program).keeper
    assert keeper is not None
    keeper.look()
    qtbot.waitUntil(lambda: len(keeper.popups) == 1)
    assert not program.window.isVisible()
    qtbot.waitUntil(lambda: "1 step is waiting" in sign(program).words)
    keeper.popups[0].card.open.click()
    assert program.window.isVisible()
    assert len(program.window.findChildren(LeadWindow)) == 1


def test_where_there_is_no_tray_it_starts_minimised_and_says_so_once(
    begin: Begin, lead: str, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "_LOOK_MS", 10)
    monkeypatch.setattr(module, "_LOOKS", 3)
    program = begin(True, hidden=True)
    qtbot.waitUntil(program.window.isVisible)
    assert program.window.isMinimized()
    qtbot.waitUntil(lambda: "This desktop has no tray" in program.window.status._message.text())
    assert program.context.settings[TOLD_NO_TRAY]


def test_a_tray_that_comes_late_is_found(
    begin: Begin, lead: str, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    there: list[bool] = []
    monkeypatch.setattr(module, "_LOOK_MS", 10)
    monkeypatch.setattr(module, "tray_available", lambda: bool(there))
    program = begin(True, hidden=True)
    there.append(True)
    qtbot.waitUntil(lambda: background(program).tray is not None)
    assert not program.window.isVisible()
    program.application._come_forward()


def test_the_menu_of_the_tray_does_what_it_says(
    begin: Begin, lead: str, tray: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    program = begin()
    run: list[str] = []
    assert program.application._tasks is not None
    monkeypatch.setattr(program.application._tasks, "run", run.append)
    program.window.close()
    choose(program, "New lead …")
    assert program.window.isVisible()
    assert run == ["new_lead"]
    program.window.go_to("closed")
    choose(program, "What is due today")
    assert program.window.tab_row.currentIndex() != 2
    choose(program, "No reminders for 1 hour")
    assert program.context.settings[PAUSED_UNTIL]
    choose(program, "Remind me again")
    assert not program.context.settings[PAUSED_UNTIL]


def test_a_question_that_is_open_is_answered_before_the_tray_does_anything(begin: Begin, lead: str, tray: None) -> None:
    program = begin()
    dialog = SettingsDialog(program.context, program.window, "reminders")
    dialog.open()
    choose(program, "Quit")
    assert program.ready
    assert dialog.isVisible()
    dialog.reject()
    dialog.deleteLater()


def test_a_message_of_the_desktop_comes_when_nobody_looks_at_the_window(
    begin: Begin, lead: str, tray: None, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    told: list[tuple[str, str]] = []
    monkeypatch.setattr(Tray, "tell", lambda _self, title, words: told.append((title, words)))
    program = begin()
    office = program.office
    now = office.store.clock.now().astimezone(office.store.zone)
    office.leads.assign([1], office.store.actor_id)
    office.leads.set_next_step([1], NextStep(now.date(), "Anrufen", now.hour * 60 + now.minute))
    keeper = background(program).keeper
    assert keeper is not None
    program.window.close()
    keeper.look()
    qtbot.waitUntil(lambda: len(told) == 1)
    assert told[0][0] == lead
    assert told[0][1].startswith("Anrufen\nToday at ")


def test_in_another_language_the_reminder_comes_back(begin: Begin, lead: str, tray: None, qtbot: QtBot) -> None:
    program = begin()
    office = program.office
    now = office.store.clock.now().astimezone(office.store.zone)
    office.leads.assign([1], office.store.actor_id)
    office.leads.set_next_step([1], NextStep(now.date(), "Anrufen", now.hour * 60 + now.minute))
    keeper = background(program).keeper
    assert keeper is not None
    keeper.look()
    qtbot.waitUntil(lambda: len(keeper.popups) == 1)
    program.context.settings[LANGUAGE] = "de"
    qtbot.waitUntil(lambda: background(program).keeper not in (None, keeper))
    again = background(program).keeper
    assert again is not None
    qtbot.waitUntil(lambda: len(again.popups) == 1, timeout=10_000)
    program.context.settings[LANGUAGE] = "en"
    qtbot.waitUntil(lambda: background(program).keeper not in (None, again))


def _wait_for_another(program: Program, keeper: object, qtbot: QtBot) -> None:
    qtbot.waitUntil(lambda: background(program).keeper not in (None, keeper))


def test_the_tray_speaks_the_language_that_was_chosen(begin: Begin, lead: str, tray: None, qtbot: QtBot) -> None:
    program = begin()
    for language, quit_, waiting in (("de", "Beenden", "1 Schritt ist fällig"), ("en", "Quit", "1 step is waiting")):
        keeper = background(program).keeper
        program.context.settings[LANGUAGE] = language
        _wait_for_another(program, keeper, qtbot)
        sign(program).set_count(1)
        assert sign(program).menu.actions()[-1].text() == quit_
        assert waiting in sign(program).words


def test_the_settings_offer_no_tray_where_there_is_none(begin: Begin, lead: str) -> None:
    program = begin(True)
    dialog = SettingsDialog(program.context, program.window, "reminders")
    page: Any = dialog.page
    control = page.row(KEEP_IN_TRAY).control
    assert not control.isEnabled()
    assert "no tray" in control.accessibleDescription()
    page._autostart.setChecked(True)
    assert page._entry.is_on()
    page._autostart.setChecked(False)
    assert not page._entry.is_on()
    page._pause.click()
    assert "Paused until" in page._pause_note.text()
    page._pause.click()
    assert page._pause_note.text() == ""
    dialog.reject()
    dialog.deleteLater()


def test_what_cannot_start_with_the_system_says_so(begin: Begin, lead: str, monkeypatch: pytest.MonkeyPatch) -> None:
    from app.core.errors import StorageError
    from app.ui.autostart import DesktopEntry

    def refuse(_self: object) -> None:
        raise StorageError(Text("What starts with the system could not be changed."))

    program = begin(True)
    monkeypatch.setattr(DesktopEntry, "turn_on", refuse)
    dialog = SettingsDialog(program.context, program.window, "reminders")
    page: Any = dialog.page
    page._autostart.setChecked(True)
    assert not page._autostart.isChecked()
    assert page._said.text() == "What starts with the system could not be changed."
    dialog.reject()
    dialog.deleteLater()


@pytest.mark.parametrize("mode", [Mode.LIGHT, Mode.DARK, Mode.CONTRAST])
def test_the_sign_carries_its_count(theme: Theme, mode: Mode) -> None:
    theme.use(mode=mode)
    pictures = [badged(theme, count).pixmap(32, 32).toImage() for count in (0, 1, 2, 9, 10, 500)]
    assert all(not picture.isNull() for picture in pictures)
    assert pictures[4] == pictures[5], "nine and more"
    assert len({bytes(picture.constBits()) for picture in pictures}) == 5


_RUN = """
import os
import signal
import sys
from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QApplication, QWidget
from app.__main__ import main
import app.ui.application as application
from app.core.i18n import Text
from app.ui.dialogs import QtDialogs
class _Killed(QWidget):
    def __init__(self, window):
        super().__init__(window)
        self.show()
    def paintEvent(self, event):
        os.kill(os.getpid(), signal.SIGTERM)
def _type():
    QApplication.activeModalWidget().controls.title.setText("begun")
_FOUND = {
    "paint": _Killed,
    "file": lambda window: QtDialogs(window).save_file(Text("Where?"), "a.pdf", [(Text("All files"), "*")]),
    "form": lambda window: (QTimer.singleShot(200, _type), window.actions_["new"].trigger()),
    "quit": lambda window: QApplication.instance().quit(),
}
attach = application.Application._attach
def attached(self, office):
    attach(self, office)
    print("open", flush=True)
    if (how := sys.argv[2]) in _FOUND: QTimer.singleShot(300, self._window, lambda: _FOUND[how](self._window))
application.Application._attach = attached
sys.exit(main(["--data", sys.argv[1], *sys.argv[3:]]))
"""


@pytest.mark.skipif(os.name == "nt", reason="no such signals")
@pytest.mark.parametrize("how", ["quit", "signal", "paint", "file", "form"])
def test_the_system_ends_it_in_order(folder: Path, lead: str, how: str) -> None:
    """By its own way, or by a signal: in the tray, amid a painting, over the choice of a file, over a form begun."""
    hidden = ["--hidden"] if how in ("quit", "signal") else []
    arguments = [sys.executable, "-c", _RUN, str(folder), how, *hidden]
    process = subprocess.Popen(arguments, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    assert process.stdout is not None
    assert process.stdout.readline() == "open\n"
    if how not in ("quit", "paint"):  # these end it themselves
        time.sleep(1.2)
        process.send_signal(signal.SIGTERM)
    _rest, said = process.communicate(timeout=30)
    assert process.returncode == 0
    assert not [line for line in said.splitlines() if "propagateSizeHints" not in line]
    assert holder(folder) is None
    assert found_in(folder_of(folder))
