"""Several people at one store: who is working is asked at the start, changes, and is kept out by a password."""

from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import Qt, QTimer
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from app.bootstrap import Options, launch_of, surroundings
from app.core.roles import Role
from app.core.settings import ASK_WHO, KEEP_IN_TRAY, LAST_USER
from app.services.backup import Reason
from app.services.lock import holder
from app.services.team import Team
from app.ui import background as module
from app.ui.application import Application
from app.ui.arrival.dialog import ArrivalDialog
from app.ui.main_window import TABS
from app.ui.settings.dialog import SettingsDialog
from app.ui.upkeep import Upkeep
from tests.flows.programs import ended_after
from tests.flows.test_application import Program
from tests.stores import add_lead, add_member, reopened

#: The platform without a display has no signal for a tray that Qt would like to hear.
pytestmark = pytest.mark.qt_log_ignore("systemTrayWindowChanged")

PASSWORD = "Fünf Affen im Baum"
ANNA, BEN, CORA = "Anna Kern", "Ben Krug", "Cora Lenz"
Begin = Callable[..., Program]


@pytest.fixture
def begin(folder: Path, qtbot: QtBot, qapp: QApplication, monkeypatch: pytest.MonkeyPatch) -> Iterator[Begin]:
    """Starts the program on the test's folder, until its store is open: with a question then, or shown."""
    with ended_after(end, qtbot) as running:

        def begin(*, last: str = "", ask: bool | None = None, user: str | None = None, hidden: bool = False) -> Program:
            around = surroundings(Options(data=folder, user=user, language="en", hidden=hidden))
            around.settings.change({KEEP_IN_TRAY: True})
            if last:
                around.settings[LAST_USER] = last
            if ask is not None:
                around.settings[ASK_WHO] = ask
            launch = replace(launch_of(around), begin_log=lambda: (None, lambda: None))
            made = Program(Application(launch), [], [])
            monkeypatch.setattr(made.application, "_report", made.reports.append)
            assert made.application.begin()
            running.append(made)
            rest(made, qtbot)
            return made

        yield begin


@pytest.fixture
def tray(monkeypatch: pytest.MonkeyPatch) -> None:
    """A desktop with a tray."""
    monkeypatch.setattr(module, "tray_available", lambda: True)


@pytest.fixture
def team(folder: Path) -> None:
    """Ben, who sees only his own leads and has a password, and Cora; each with a lead, and one of nobody."""
    with closing(reopened(folder)) as store:
        ben, cora = add_member(store, BEN, "BK"), add_member(store, CORA, "CL")
        people = Team(store)
        people.set_role(ben, Role.LIMITED)
        people.set_password(ben, PASSWORD)
        for title, who in (("Annas Webshop", 1), ("Bens Film", ben), ("Coras Messe", cora), ("Niemands Idee", None)):
            add_lead(store, title, user_id=who)


def rest(program: Program, qtbot: QtBot) -> None:
    """Until nothing is on its way any more."""
    application = program.application
    qtbot.waitUntil(lambda: application._office is not None, timeout=20_000)
    qtbot.waitUntil(lambda: application._jobs.idle, timeout=20_000)
    qtbot.wait(0)
    qtbot.waitUntil(lambda: application._jobs.idle, timeout=20_000)


def end(program: Program, qtbot: QtBot) -> None:
    if program.application._office is not None:
        with qtbot.waitSignal(program.application.ended, timeout=20_000):
            program.application._end_by_system()
    if program.application._instance is not None:  # as when the process ends
        program.application._instance.close()


def question(qtbot: QtBot) -> ArrivalDialog:
    """The question that is open."""
    qtbot.waitUntil(lambda: isinstance(QApplication.activeModalWidget(), ArrivalDialog), timeout=20_000)
    found = QApplication.activeModalWidget()
    assert isinstance(found, ArrivalDialog)
    return found


def is_asked() -> bool:
    return isinstance(QApplication.activeModalWidget(), ArrivalDialog)


def answer(name: str, qtbot: QtBot, password: str = "") -> None:
    """Choose somebody with the keyboard."""
    dialog = question(qtbot)
    dialog.list.setCurrentItem(dialog.list.findItems(name, Qt.MatchFlag.MatchExactly)[0])
    if password:
        dialog.password.setText(password)
    QTest.keyClick(dialog.focusWidget(), Qt.Key.Key_Return)


def come_in(program: Program, name: str, qtbot: QtBot, password: str = "") -> None:
    answer(name, qtbot, password)
    qtbot.waitUntil(lambda: program.ready and at_work(program) == name, timeout=20_000)
    qtbot.waitUntil(lambda: not program.window.findChildren(ArrivalDialog))
    rest(program, qtbot)


def at_work(program: Program) -> str:
    """The name of who works there."""
    office = program.office
    return next((one.name for one in office.team.people() if one.id == office.store.actor_id), "")


def settings(program: Program) -> Any:
    return program.application._settings


# The start


def test_one_person_alone_is_never_asked(begin: Begin, folder: Path, qtbot: QtBot) -> None:
    with closing(reopened(folder)) as store:
        Team(store).set_password(1, PASSWORD)
    program = begin()
    assert program.ready
    assert not is_asked()
    assert at_work(program) == ANNA


def test_of_one_person_without_a_password_nothing_is_said(begin: Begin, qtbot: QtBot) -> None:
    program = begin()
    assert program.window.status.who.isHidden()
    for id_ in ("switch_user", "lock"):
        assert not program.window.actions_[id_].isEnabled()


def test_nothing_is_read_before_somebody_is_chosen(begin: Begin, team: None, qtbot: QtBot) -> None:
    program = begin(last=CORA)
    dialog = question(qtbot)
    assert dialog.list.currentItem().text() == CORA
    assert not program.window.attached
    assert not program.window.status._facts.text()
    come_in(program, CORA, qtbot)
    assert at_work(program) == CORA
    assert settings(program)[LAST_USER] == CORA


def test_enter_alone_goes_on_as_before(begin: Begin, team: None, qtbot: QtBot) -> None:
    program = begin(last=CORA)
    QTest.keyClick(question(qtbot).focusWidget(), Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: program.ready)
    assert at_work(program) == CORA


def test_the_right_password_opens_the_window(begin: Begin, team: None, qtbot: QtBot) -> None:
    program = begin(last=BEN)
    answer(BEN, qtbot, "falsch")
    dialog = question(qtbot)
    qtbot.waitUntil(lambda: dialog._field.said.startswith("This password is not right."))
    assert not program.window.attached
    come_in(program, BEN, qtbot, PASSWORD)
    assert at_work(program) == BEN
    assert program.window.status.who.text() == "Ben Krug · Limited"


def test_escape_quits(begin: Begin, team: None, folder: Path, qtbot: QtBot) -> None:
    program = begin()
    with qtbot.waitSignal(program.application.ended, timeout=20_000):
        QTest.keyClick(question(qtbot), Qt.Key.Key_Escape)
    assert holder(folder) is None
    assert not program.window.attached


def test_who_logs_out_meanwhile_is_not_held_up(begin: Begin, team: None, folder: Path, qtbot: QtBot) -> None:
    program = begin()
    question(qtbot)
    end(program, qtbot)
    assert holder(folder) is None


def test_not_asked_again_means_straight_in_until_it_is_switched_back(begin: Begin, team: None, qtbot: QtBot) -> None:
    program = begin()
    dialog = question(qtbot)
    dialog.once.setChecked(True)
    come_in(program, CORA, qtbot)
    assert not settings(program)[ASK_WHO]
    end(program, qtbot)
    again = begin()
    assert at_work(again) == CORA
    page = SettingsDialog(again.context, again.window, "start")
    control: Any = page.page
    control.row(ASK_WHO).control.click()
    page.done(0)
    page.deleteLater()
    end(again, qtbot)
    begin()
    assert question(qtbot).list.currentItem().text() == CORA


def test_who_has_a_password_is_asked_for_it_all_the_same(begin: Begin, team: None, qtbot: QtBot) -> None:
    program = begin(last=BEN, ask=False)
    assert question(qtbot).password.isVisible()
    assert not program.window.attached


@pytest.mark.parametrize("last", ["", "Nobody Atall"])
def test_without_anybody_known_it_is_asked(begin: Begin, team: None, qtbot: QtBot, last: str) -> None:
    begin(last=last, ask=False)
    assert question(qtbot).list.currentItem().text() == ANNA


def test_the_command_line_may_say_who(begin: Begin, team: None, qtbot: QtBot) -> None:
    assert at_work(begin(last=ANNA, user="CL")) == CORA


def test_the_command_line_spares_nobody_the_password(begin: Begin, team: None, qtbot: QtBot) -> None:
    begin(last=ANNA, user=BEN)
    assert question(qtbot).password.isVisible()


def test_settings_that_cannot_be_written_keep_nobody_out(begin: Begin, team: None, qtbot: QtBot) -> None:
    program = begin()
    blocked = settings(program).path.parent / "blocked"
    blocked.write_text("")
    settings(program).path = blocked / "settings.json"
    with qtbot.captureExceptions() as raised:  # the program says so by its guard
        come_in(program, CORA, qtbot)
    assert next(str(error) for _kind, error, _where in raised).startswith("The settings could not be saved.")
    assert at_work(program) == CORA


@pytest.mark.parametrize("password", ["", PASSWORD])
def test_after_a_restore_only_a_password_is_asked(
    begin: Begin, team: None, folder: Path, qtbot: QtBot, password: str
) -> None:
    with closing(reopened(folder)) as store:
        Team(store).set_password(3, password or None)
    program = begin(last=CORA)
    come_in(program, CORA, qtbot, password)
    backup = program.office.backups.make(Reason.MANUAL)
    box = QTimer()
    box.timeout.connect(_answer_box)
    box.start(20)
    program.application._reopen_with(backup)
    if password:
        assert question(qtbot).list.currentItem().text() == CORA
        come_in(program, CORA, qtbot, password)
    qtbot.waitUntil(lambda: program.ready, timeout=20_000)
    assert at_work(program) == CORA


def _answer_box() -> None:
    box: Any = QApplication.activeModalWidget()
    if box is not None and box.inherits("QMessageBox"):
        box.accept()


# In the tray


def test_hidden_it_begins_as_who_worked_here_last(begin: Begin, team: None, tray: None, qtbot: QtBot) -> None:
    program = begin(last=CORA, hidden=True)
    assert at_work(program) == CORA
    assert not program.window.isVisible()


def test_hidden_it_waits_for_who_has_a_password_and_reminds_nobody(
    begin: Begin, team: None, tray: None, qtbot: QtBot
) -> None:
    program = begin(last=BEN, hidden=True)
    behind = program.application._background
    assert behind is not None
    assert behind.tray is not None
    assert not is_asked()
    assert behind.keeper is None
    assert "Nobody has said yet who is working" in behind.tray.words
    behind._carry_out("open")
    come_in(program, BEN, qtbot, PASSWORD)
    assert program.window.isVisible()
    qtbot.waitUntil(lambda: behind.keeper is not None)
    assert behind.tray.words == "Trichter"


def test_on_a_desktop_without_a_tray_the_question_waits_in_the_minimised_window(
    begin: Begin, team: None, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "_LOOK_MS", 10)
    monkeypatch.setattr(module, "_LOOKS", 3)
    program = begin(last=BEN, hidden=True)
    qtbot.waitUntil(program.window.isVisible)
    qtbot.wait(50)
    assert program.window.isMinimized()
    assert not is_asked()
    program.window.showNormal()
    come_in(program, BEN, qtbot, PASSWORD)
    assert at_work(program) == BEN


# Of every role


@pytest.mark.parametrize("role", list(Role))
def test_whoever_it_is_the_start_refuses_nothing(
    begin: Begin, team: None, folder: Path, qtbot: QtBot, tray: None, role: Role
) -> None:
    with closing(reopened(folder)) as store:
        Team(store).set_role(3, role)
    program = begin(last=CORA)
    come_in(program, CORA, qtbot)
    qtbot.waitUntil(lambda: bool(program.window.findChildren(Upkeep)))
    behind: Any = program.application._background
    behind.keeper.look()
    for spec in TABS:
        program.window.go_to(spec.key)
        rest(program, qtbot)
    assert program.window._toast is None
    assert program.window.status.who.text().startswith(CORA)
