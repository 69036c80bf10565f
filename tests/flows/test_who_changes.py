"""Another person comes to the window, or may see other things: nothing of the former is left in it."""

from collections.abc import Callable
from contextlib import closing
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import QAbstractListModel, QItemSelectionModel, Qt, QTimer
from PySide6.QtGui import QAction
from PySide6.QtTest import QTest
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractItemView,
    QApplication,
    QDialog,
    QLineEdit,
    QTextEdit,
    QWidget,
)
from pytestqt.qtbot import QtBot
from shiboken6 import isValid

from app.core.roles import Role
from app.core.settings import LAST_USER
from app.models.store import Store
from app.services.absences import AbsenceKind
from app.services.catalogue import Catalogue
from app.services.leads import NextStep
from app.services.team import Team
from app.ui.detail.window import LeadWindow
from app.ui.main_window import TABS
from app.ui.palette.sheet import Palette
from app.ui.settings.dialog import SettingsDialog
from app.ui.window_tasks import WindowTasks
from tests.flows.conftest import Open
from tests.flows.test_application import Program
from tests.flows.test_who_works import (
    ANNA,
    BEN,
    CORA,
    PASSWORD,
    Begin,
    answer,
    at_work,
    begin,
    come_in,
    is_asked,
    question,
    rest,
    settings,
    team,
    tray,
)
from tests.stores import add_lead, add_member, reopened

__all__ = ["begin", "team", "tray"]

pytestmark = pytest.mark.qt_log_ignore("systemTrayWindowChanged")

#: Leads by their titles, as `team` makes them.
ANNAS, BENS, CORAS, NOBODYS = 1, 2, 3, 4
_SPOKEN = Qt.ItemDataRole.AccessibleTextRole


def switch(program: Program, name: str, qtbot: QtBot, password: str = "") -> None:
    """By the command, as its keys do."""
    program.window.actions_["switch_user"].trigger()
    come_in(program, name, qtbot, password)


def as_anna(begin: Begin, qtbot: QtBot) -> Program:
    program = begin(last=ANNA)
    come_in(program, ANNA, qtbot)
    qtbot.waitUntil(lambda: program.application._background is not None)
    rest(program, qtbot)
    return program


def everything_shown(program: Program, qtbot: QtBot) -> str:
    """All that can be read in every tab, in the menus, and in the status bar."""
    window = program.window
    seen: list[str] = []
    for spec in TABS:
        window.go_to(spec.key)
        rest(program, qtbot)
        for view in window.findChildren(QAbstractItemView):
            seen += _read(view)
        for widget in window.findChildren(QWidget):
            seen += [widget.accessibleName(), widget.toolTip(), _words(widget)]
    return "\n".join([*seen, *(action.text() for action in window.findChildren(QAction))])


def _read(view: QAbstractItemView) -> list[str]:
    model: Any = view.model()
    if model is None:
        return []
    columns = range(1 if isinstance(model, QAbstractListModel) else model.columnCount())
    rows = range(model.rowCount())
    return [str(model.index(row, column).data(role)) for row in rows for column in columns for role in (0, _SPOKEN)]


def _words(widget: QWidget) -> str:
    found: Any = getattr(widget, "text", "")
    return str(found() if callable(found) else found)


def found_by(program: Program, words: str, qtbot: QtBot) -> list[str]:
    """The records that the palette finds."""
    program.window.actions_["palette"].trigger()
    palette = program.window.findChild(Palette)
    assert isinstance(palette, Palette)
    palette.line.setText(words)
    qtbot.wait(150)
    rest(program, qtbot)
    entries = [palette.lines.entry(row) for row in range(palette.lines.rowCount())]
    palette.leave()
    return [entry.words for entry in entries if entry is not None and entry.key.startswith("lead:")]


def note_of(program: Program, lead: int, qtbot: QtBot) -> QTextEdit:
    """Where a note on a lead is typed, beside the list."""
    window = program.window
    window.go_to("leads")
    rest(program, qtbot)
    panel = window.current_tab().panel
    row = panel.model.row_of(lead)
    panel.view.selectionModel().setCurrentIndex(
        panel.model.index(row, 0),
        QItemSelectionModel.SelectionFlag.ClearAndSelect | QItemSelectionModel.SelectionFlag.Rows,
    )
    qtbot.waitUntil(lambda: any(_is_note(each) for each in window.side.findChildren(QTextEdit)))
    rest(program, qtbot)
    return next(each for each in window.side.findChildren(QTextEdit) if _is_note(each))


def _is_note(edit: QTextEdit) -> bool:
    return edit.isVisible() and edit.accessibleName() == "Note"


def beside(program: Program, act: Callable[[Store], object]) -> None:
    """Another process writes."""
    with closing(reopened(program.office.store.path.parent)) as store:
        act(store)


# Another person


def test_a_limited_person_sees_their_own_and_nothing_is_left_of_the_former(
    begin: Begin, team: None, qtbot: QtBot
) -> None:
    program = as_anna(begin, qtbot)
    shown = everything_shown(program, qtbot)
    for title in ("Annas Webshop", "Bens Film", "Coras Messe", "Niemands Idee"):
        assert title in shown
    assert found_by(program, "Coras", qtbot) == ["Coras Messe"]
    program.office.leads.edit([ANNAS], title="Annas Geheimnis")
    rest(program, qtbot)
    assert "Annas Webshop" in program.window.actions_["undo"].text()
    old = program.context
    switch(program, BEN, qtbot, PASSWORD)
    assert program.context.office is not old.office
    shown = everything_shown(program, qtbot)
    assert "Bens Film" in shown
    for secret in ("Annas", "Coras", "Niemands"):
        assert secret not in shown
        assert found_by(program, secret, qtbot) == []
    assert found_by(program, "Bens", qtbot) == ["Bens Film"]
    assert len(program.window.findChildren(WindowTasks)) == 1


def test_without_the_password_nobody_comes_in_and_the_window_stays(begin: Begin, team: None, qtbot: QtBot) -> None:
    program = as_anna(begin, qtbot)
    program.window.actions_["switch_user"].trigger()
    answer(BEN, qtbot, "falsch")
    dialog = question(qtbot)
    qtbot.waitUntil(lambda: dialog._field.refused)
    QTest.keyClick(dialog, Qt.Key.Key_Escape)
    rest(program, qtbot)
    assert (program.ready, at_work(program)) == (True, ANNA)
    assert settings(program)[LAST_USER] == ANNA


def test_who_is_at_work_may_stay(begin: Begin, team: None, qtbot: QtBot) -> None:
    program = begin(last=BEN)
    come_in(program, BEN, qtbot, PASSWORD)
    tasks = program.application._tasks
    program.window.actions_["switch_user"].trigger()
    assert question(qtbot).list.currentItem().text() == ANNA, "somebody else is meant"
    answer(BEN, qtbot)
    rest(program, qtbot)
    assert program.application._tasks is tasks


def test_open_windows_go_and_what_was_begun_waits_for_who_began_it(begin: Begin, team: None, qtbot: QtBot) -> None:
    program = as_anna(begin, qtbot)
    note_of(program, ANNAS, qtbot).setPlainText("nur für Anna")
    program.window.run_for("open", CORAS)
    (window,) = program.window.findChildren(LeadWindow)
    rest(program, qtbot)
    next(each for each in window.findChildren(QTextEdit) if _is_note(each)).setPlainText("auch für Anna")
    switch(program, CORA, qtbot)
    assert not program.window.findChildren(LeadWindow)
    for lead in (ANNAS, CORAS):
        assert note_of(program, lead, qtbot).toPlainText() == ""
    switch(program, ANNA, qtbot)
    assert note_of(program, ANNAS, qtbot).toPlainText() == "nur für Anna"
    assert note_of(program, CORAS, qtbot).toPlainText() == "auch für Anna"


@pytest.mark.parametrize("command", ["switch_user", "lock"])
def test_what_is_being_typed_into_a_value_is_kept(begin: Begin, team: None, qtbot: QtBot, command: str) -> None:
    program = begin(last=BEN)
    come_in(program, BEN, qtbot, PASSWORD)
    note_of(program, BENS, qtbot)
    program.window.activateWindow()
    qtbot.waitUntil(program.window.isActiveWindow)
    side = program.window.side
    value = next(
        each for each in side.findChildren(QAbstractButton)
        if each.isVisible() and each.accessibleName().startswith("External number:")
    )  # fmt: skip
    QTest.mouseClick(value, Qt.MouseButton.LeftButton)
    editor = QApplication.focusWidget()
    assert isinstance(editor, QLineEdit)
    QTest.keyClicks(editor, "A-17")
    program.window.actions_[command].trigger()
    if command == "lock":
        come_in(program, BEN, qtbot, PASSWORD)
    else:
        come_in(program, ANNA, qtbot)
    (row,) = program.office.lists.rows([BENS])
    assert row.external_number == "A-17"


def test_a_form_that_is_open_comes_first(begin: Begin, team: None, tray: None, qtbot: QtBot) -> None:
    program = as_anna(begin, qtbot)
    behind = program.application._background
    assert behind is not None
    dialog = SettingsDialog(program.context, program.window, "appearance")
    dialog.open()
    behind._carry_out("switch_user")
    rest(program, qtbot)
    assert not is_asked()
    assert dialog.isVisible()
    dialog.reject()
    dialog.deleteLater()
    behind._carry_out("switch_user")
    come_in(program, CORA, qtbot)
    assert at_work(program) == CORA


def test_the_tray_offers_it_only_where_there_are_others(begin: Begin, tray: None, folder: Path, qtbot: QtBot) -> None:
    program = begin()
    qtbot.waitUntil(lambda: program.application._background is not None)
    rest(program, qtbot)
    behind = program.application._background
    assert behind is not None
    assert behind.tray is not None
    (entry,) = [each for each in behind.tray.menu.actions() if each.text() == "Switch user …"]
    assert not entry.isVisible()
    beside(program, lambda store: add_member(store, BEN, "BK"))
    qtbot.waitUntil(entry.isVisible)
    assert program.window.status.who.text() == ANNA
    assert program.window.actions_["switch_user"].isEnabled()


def test_filters_and_what_was_used_last_are_of_each(begin: Begin, team: None, qtbot: QtBot) -> None:
    program = as_anna(begin, qtbot)
    program.window.go_to("leads").panel.filter.setText("Coras")
    rest(program, qtbot)
    assert program.titles() == ["Coras Messe"]
    switch(program, CORA, qtbot)
    program.window.go_to("leads")
    rest(program, qtbot)
    assert len(program.titles()) == 4
    switch(program, ANNA, qtbot)
    program.window.go_to("leads")
    rest(program, qtbot)
    assert program.titles() == ["Coras Messe"]


def test_reminders_of_the_former_are_not_shown_to_others(begin: Begin, team: None, tray: None, qtbot: QtBot) -> None:
    program = as_anna(begin, qtbot)
    behind = program.application._background
    assert behind is not None
    now = program.office.store.clock.now().astimezone(program.office.store.zone)
    program.office.leads.set_next_step([ANNAS], NextStep(now.date(), "Anrufen", now.hour * 60 + now.minute))
    qtbot.waitUntil(lambda: behind.keeper is not None)
    keeper: Any = behind.keeper
    keeper.look()
    qtbot.waitUntil(lambda: len(keeper.popups) == 1)
    switch(program, CORA, qtbot)
    qtbot.waitUntil(lambda: behind.keeper not in (None, keeper))
    theirs: Any = behind.keeper
    theirs.look()
    rest(program, qtbot)
    assert not theirs.popups
    assert behind.tray is not None
    assert behind.tray.words == "Trichter"


# Locked


def test_a_locked_window_shows_nothing_until_the_password_is_given(begin: Begin, team: None, qtbot: QtBot) -> None:
    program = begin(last=BEN)
    come_in(program, BEN, qtbot, PASSWORD)
    note_of(program, BENS, qtbot).setPlainText("mitten im Satz")
    program.window.actions_["lock"].trigger()
    assert not program.window.attached
    dialog = question(qtbot)
    assert dialog.list.currentItem().text() == BEN
    qtbot.wait(50)
    assert not [each for each in program.window.findChildren(QWidget) if "Bens Film" in _words(each)]
    come_in(program, BEN, qtbot, PASSWORD)
    assert note_of(program, BENS, qtbot).toPlainText() == "mitten im Satz"


def test_one_person_alone_may_lock_too(begin: Begin, folder: Path, qtbot: QtBot) -> None:
    with closing(reopened(folder)) as store:
        Team(store).set_password(1, PASSWORD)
    program = begin()
    assert program.window.status.who.text() == ANNA
    program.window.actions_["lock"].trigger()
    come_in(program, ANNA, qtbot, PASSWORD)
    assert program.ready


def test_without_a_password_there_is_nothing_to_lock(begin: Begin, team: None, qtbot: QtBot) -> None:
    program = as_anna(begin, qtbot)
    assert not program.window.actions_["lock"].isEnabled()
    program.office.team.set_password(1, PASSWORD)
    page: list[str] = []

    def look() -> None:
        dialog: Any = QApplication.activeModalWidget()
        page.append(dialog._pages[dialog._list.currentRow()].key)
        dialog.accept()

    QTimer.singleShot(0, look)
    program.window.actions_["profile"].trigger()
    assert page == ["profile"]
    qtbot.waitUntil(program.window.actions_["lock"].isEnabled)


# Other rights


def test_another_role_holds_at_once(begin: Begin, team: None, qtbot: QtBot) -> None:
    program = begin(last=CORA)
    come_in(program, CORA, qtbot)
    program.window.go_to("leads")
    rest(program, qtbot)
    assert len(program.titles()) == 4
    assert program.window.status.who.text() == CORA
    beside(program, lambda store: Team(store).set_role(3, Role.LIMITED))
    qtbot.waitUntil(lambda: program.titles() == ["Coras Messe"])
    qtbot.waitUntil(lambda: program.window.status.who.text() == "Cora Lenz · Limited")
    assert not program.window.actions_["import"].isEnabled()
    beside(program, lambda store: Team(store).set_role(3, Role.FULL))
    qtbot.waitUntil(lambda: len(program.titles()) == 4)
    qtbot.waitUntil(lambda: program.window.status.who.text() == CORA)
    assert program.window.actions_["import"].isEnabled()


def test_a_new_name_is_known_at_the_next_start(begin: Begin, team: None, qtbot: QtBot) -> None:
    program = as_anna(begin, qtbot)
    beside(program, lambda store: Catalogue(store).rename("member", 1, "Anna Kern-Lenz"))
    qtbot.waitUntil(lambda: program.window.status.who.text() == "Anna Kern-Lenz")
    assert settings(program)[LAST_USER] == "Anna Kern-Lenz"


def test_at_midnight_a_deputy_sees_other_leads_in_every_view(
    opening: Open, store: Store, clock: Any, qtbot: QtBot
) -> None:
    ben = add_member(store, BEN, "BK")
    Team(store).set_role(ben, Role.LIMITED)
    add_lead(store, "Annas Webshop", user_id=1)
    add_lead(store, "Bens Film", user_id=ben)
    tomorrow = store.today() + timedelta(days=1)
    Team(store).add_absence(1, tomorrow, tomorrow, AbsenceKind.HOLIDAY, deputy_id=ben)
    store.actor_id = ben
    desk = opening()
    assert desk.titles() == ["Bens Film"]
    assert desk.badges("leads").count == "1"
    for seen in ({"Annas Webshop", "Bens Film"}, {"Bens Film"}):
        clock.instant += timedelta(days=1)
        desk.tasks._tick()
        assert set(desk.titles()) == seen
        assert desk.badges("leads").count == str(len(seen))
        assert desk.status() == "It is another day: you see other leads now."
        assert not desk.window.actions_["import"].isEnabled()


def test_a_day_that_changes_no_rights_says_nothing(opening: Open, store: Store, clock: Any) -> None:
    add_member(store, BEN, "BK")
    desk = opening()
    clock.instant += timedelta(days=1)
    desk.tasks._tick()
    assert desk.status() == ""


def test_who_was_taken_out_of_the_team_is_told_and_another_one_chosen(
    begin: Begin, team: None, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    program = begin(last=CORA)
    come_in(program, CORA, qtbot)
    told: list[str] = []
    monkeypatch.setattr(
        type(program.context.dialogs), "tell", lambda _self, title, details=None: told.append(str(title))
    )
    form = SettingsDialog(program.context, program.window, "appearance")
    form.open()
    beside(program, lambda store: Catalogue(store).delete("member", 3))
    dialog = question(qtbot)
    assert told == ["You are no longer in the team."]
    assert not isValid(form) or not form.isVisible()
    assert [dialog.list.item(row).text() for row in range(dialog.list.count())] == [ANNA, BEN]
    come_in(program, ANNA, qtbot)
    assert len(told) == 1


def test_whoever_is_left_alone_comes_in_unasked(
    begin: Begin, folder: Path, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    with closing(reopened(folder)) as store:
        add_member(store, CORA, "CL")
    program = begin(last=CORA)
    come_in(program, CORA, qtbot)
    monkeypatch.setattr(type(program.context.dialogs), "tell", lambda _self, _title, _details=None: None)
    beside(program, lambda store: Catalogue(store).delete("member", 2))
    qtbot.waitUntil(lambda: program.ready and at_work(program) == ANNA, timeout=20_000)


def test_the_program_may_end_while_somebody_is_asked(begin: Begin, team: None, qtbot: QtBot) -> None:
    program = as_anna(begin, qtbot)
    program.window.actions_["switch_user"].trigger()
    dialog: QDialog = question(qtbot)
    with qtbot.waitSignal(program.application.ended, timeout=20_000):
        program.application._end_by_system()
    assert not isValid(dialog) or not dialog.isVisible()
