"""The verbs of a lead from the window: step, closing, opening again, duplicate, delete, and their way back."""

import threading
from datetime import date, timedelta
from typing import Any

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QCursor
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QApplication, QLabel, QLineEdit, QMenu, QPushButton, QWidget
from pytestqt.qtbot import QtBot

from app.core.clock import FixedClock
from app.core.errors import DiskFull
from app.core.i18n import Text
from app.core.terms import Status
from app.services.leads import NextStep
from app.services.rates import Rates
from app.ui.detail.stage_bar import StageBar
from app.ui.detail.window import LeadWindow
from app.ui.jobs import Job
from app.ui.theme import Mode, Theme
from app.ui.widgets.toast import Toast
from tests.flows.conftest import Open
from tests.flows.desk import Desk, in_dialog
from tests.stores import TODAY


@pytest.fixture
def film(desk: Desk, leads: dict[str, int]) -> int:
    """The lead that is chosen."""
    desk.choose(leads["Film Molkerei"])
    return leads["Film Molkerei"]


def test_the_next_step_is_asked_for_and_shown(desk: Desk, film: int) -> None:
    def answer(dialog: Any) -> None:
        desk.type("+2w")
        desk.key(Qt.Key.Key_Tab)  # past the offered days, where a space would take one
        desk.type("Angebot nachfassen")
        desk.press("Set step", dialog)

    in_dialog(answer)
    desk.command("next_step")
    row = desk.lead(film)
    assert (row.next_step_on, row.next_step_text) == (TODAY + timedelta(weeks=2), "Angebot nachfassen")
    assert desk.shown("next_step", 3) == "8 Dec"
    desk.command("undo")
    assert desk.lead(film).next_step_on is None


def test_tomorrow_is_counted_from_the_day_on_which_it_is_said(desk: Desk, film: int, clock: FixedClock) -> None:
    def answer(dialog: Any) -> None:
        clock.instant += timedelta(days=1)
        desk.press("tomorrow", dialog)
        assert dialog._when.value() == (TODAY + timedelta(days=2), None)
        dialog._when.setText("+1d")
        desk.press("Set step", dialog)

    in_dialog(answer)
    desk.command("next_step")
    assert desk.lead(film).next_step_on == TODAY + timedelta(days=2)


def test_the_step_goes_to_the_lead_it_was_asked_for(desk: Desk, film: int) -> None:
    other = next(lead_id for lead_id in desk.panel.model.ids if lead_id != film)

    def answer(dialog: Any) -> None:
        desk.type("+2w")
        desk.panel.view.select_id(other)  # as when the lead leaves the list because of somebody else
        desk.press("Set step", dialog)

    in_dialog(answer)
    before = desk.lead(other).next_step_on
    desk.command("next_step")
    assert desk.lead(film).next_step_on == TODAY + timedelta(weeks=2)
    assert desk.lead(other).next_step_on == before


def test_a_day_nobody_understands_keeps_the_question_open(desk: Desk, film: int) -> None:
    def answer(dialog: Any) -> None:
        desk.type("demnächst mal")
        desk.press("Set step", dialog)
        assert dialog.isVisible()
        assert desk.find(QLineEdit, "When", dialog).accessibleDescription()
        desk.key(Qt.Key.Key_Escape)

    in_dialog(answer)
    desk.command("next_step")
    assert desk.lead(film).next_step_on is None


@pytest.fixture
def due(desk: Desk, film: int) -> int:
    """The lead that is chosen, with a step that is overdue."""
    desk.context.office.leads.set_next_step([film], NextStep(TODAY - timedelta(days=3), "Anrufen"))
    return film


def test_a_step_is_finished_and_nothing_has_to_follow(desk: Desk, due: int) -> None:
    assert "overdue" in desk.shown("next_step", 3)
    assert desk.badges("leads").alarm == "1"

    def answer(dialog: Any) -> None:
        said = " ".join(label.text() for label in dialog.findChildren(QLabel))
        assert dialog.windowTitle() == "Finish step"
        assert "the step “Anrufen” of 21 Nov 2026 will be finished" in said
        desk.press("Finished", dialog)

    in_dialog(answer)
    desk.command("finish_step")
    assert desk.lead(due).next_step_on is None
    assert desk.badges("leads").alarm == ""
    desk.command("undo")
    assert desk.lead(due).next_step_text == "Anrufen"


def test_a_finished_step_is_followed_by_another_in_one_step_to_undo(desk: Desk, due: int) -> None:
    def answer(dialog: Any) -> None:
        desk.key(Qt.Key.Key_Tab)
        desk.type("Angebot schicken")
        desk.press("Finished", dialog)
        assert dialog.isVisible()  # what is to be done needs its day
        desk.type("+1w", enter=True)

    in_dialog(answer)
    desk.command("finish_step")
    row = desk.lead(due)
    assert (row.next_step_on, row.next_step_text) == (TODAY + timedelta(weeks=1), "Angebot schicken")
    desk.command("undo")
    assert desk.lead(due).next_step_text == "Anrufen"


def test_leaving_the_question_finishes_no_step(desk: Desk, due: int) -> None:
    in_dialog(lambda _dialog: desk.key(Qt.Key.Key_Escape))
    desk.command("finish_step")
    assert desk.lead(due).next_step_text == "Anrufen"
    assert "finished" not in desk.status()


@pytest.mark.parametrize(
    ("command", "status", "button"),
    [("won", Status.WON, "won"), ("lost", Status.LOST, "lost"), ("dropped", Status.DROPPED, "dropped")],
)
def test_closing_says_what_happens_and_moves_the_lead(
    desk: Desk, film: int, command: str, status: Status, button: str
) -> None:
    def answer(dialog: Any) -> None:
        do = next(each for each in dialog.findChildren(QPushButton) if each.isDefault())
        assert command in dialog.heading.text()
        QTest.mouseClick(do, Qt.MouseButton.LeftButton)

    in_dialog(answer)
    desk.command(command)
    row = desk.lead(film)
    assert (row.status, row.closed_on) == (status, TODAY)
    assert "Film Molkerei" not in desk.titles()
    assert desk.badges("closed").count == "2"
    desk.window.go_to("closed")
    desk.choose(film)
    desk.press("Open again", desk.detail)
    again = desk.lead(film)
    assert (again.status, again.stage, again.closed_on) == (Status.ACTIVE, "Vorstellung", None)
    for _ in range(2):
        desk.command("undo")
    assert desk.lead(film).status == Status.ACTIVE
    desk.command("redo")
    assert desk.lead(film).status == status


def test_closing_can_be_left_without_a_trace(desk: Desk, film: int) -> None:
    in_dialog(lambda dialog: dialog.reject())
    desk.command("won")
    assert desk.lead(film).status == Status.ACTIVE
    assert "closed" not in desk.status()


def test_delete_and_undo_by_the_status_bar(desk: Desk, film: int) -> None:
    desk.panel.view.setFocus()
    desk.command("delete")
    assert len(desk.titles()) == 4
    assert "Film Molkerei" in desk.status()
    undo = desk.window.actions_["undo"]
    assert undo.text() == f"Undo: {desk.status()}"
    desk.window.status._timer.timeout.emit()
    assert desk.status() == ""
    desk.press("Undo", desk.window.status)
    assert len(desk.titles()) == 5
    assert desk.status().startswith("Undone: ")
    assert desk.window.actions_["redo"].text().startswith("Redo: ")
    assert "Film Molkerei" not in undo.text()


@pytest.mark.parametrize("by_mouse", [True, False])
def test_after_a_step_for_several_and_its_undo_the_keyboard_is_in_the_list(desk: Desk, by_mouse: bool) -> None:
    desk.panel.view.setFocus()
    desk.command("select_all")
    for name, within in (("Delete", desk.detail), ("Undo", desk.window.status)):
        if by_mouse:
            desk.press(name, within)
        else:
            desk.find(QPushButton, name, within).setFocus(Qt.FocusReason.TabFocusReason)
            desk.key(Qt.Key.Key_Space)
        assert desk.panel.view.hasFocus(), f"after {name}"
    assert len(desk.panel.selected_ids()) == 5


def test_an_error_goes_with_the_tab_it_was_said_in(desk: Desk) -> None:
    desk.window.tell_error("This cannot be done.")
    desk.window.go_to("closed")
    toast = desk.window.findChild(Toast)
    assert toast is not None
    assert not toast.isVisible()


def test_after_deleting_the_keyboard_goes_on_at_the_same_row(desk: Desk, film: int, leads: dict[str, int]) -> None:
    desk.panel.view.setFocus()
    desk.command("delete")
    assert desk.panel.selected_ids() == [leads["Hosting Bräu"]]
    assert desk.detail.title == "Hosting Bräu"
    desk.command("delete")
    assert desk.panel.selected_ids() == [leads["Kampagne Herbst"]], "the last row has none after it"


def test_duplicate(desk: Desk, film: int) -> None:
    desk.command("duplicate")
    assert len(desk.titles()) == 6
    desk.command("undo")
    assert len(desk.titles()) == 5
    desk.command("redo")
    assert len(desk.titles()) == 6


def test_an_active_lead_goes_back_to_the_ideas(desk: Desk, film: int) -> None:
    desk.command("deactivate")
    assert desk.lead(film).status == Status.POTENTIAL
    desk.window.go_to("potential")
    assert "Film Molkerei" in desk.titles()


def test_commands_fit_what_is_chosen(desk: Desk, leads: dict[str, int]) -> None:
    def enabled() -> set[str]:
        names = ("activate", "deactivate", "won", "reopen", "delete", "edit")
        return {name for name in names if desk.window.actions_[name].isEnabled()}

    desk.choose(leads["Film Molkerei"])
    assert enabled() == {"deactivate", "won", "delete", "edit"}
    desk.window.go_to("potential")
    desk.choose(leads["Idee App"])
    assert enabled() == {"activate", "won", "delete", "edit"}
    desk.window.go_to("closed")
    desk.choose(leads["Jubiläum"])
    assert enabled() == {"reopen", "delete", "edit"}
    desk.window.go_to("forecast")
    assert enabled() == set()


def test_the_panel_stands_beside_lists_alone(desk: Desk) -> None:
    desk.window.go_to("forecast")
    desk.key(Qt.Key.Key_F9)
    assert not desk.window.side.isVisible()
    assert not any(desk.window.actions_[name].isEnabled() for name in ("detail", "filter", "columns"))
    desk.window.go_to("leads")
    assert desk.window.side.isVisible(), "what nobody could see was not switched"
    assert all(desk.window.actions_[name].isEnabled() for name in ("detail", "filter", "columns"))
    desk.key(Qt.Key.Key_F9)
    assert not desk.window.side.isVisible()


def test_an_empty_store_offers_nothing_to_do_to_leads(opening: Open) -> None:
    desk = opening()
    assert not any(desk.window.actions_[name].isEnabled() for name in ("delete", "won", "edit", "duplicate"))


def test_the_context_menu_goes_when_it_is_closed(desk: Desk, film: int, qtbot: QtBot) -> None:
    before = len(desk.window.findChildren(QMenu))
    for _ in range(3):
        desk.panel.menuRequested.emit(desk.window.mapToGlobal(desk.window.rect().center()))
        popup = QApplication.activePopupWidget()
        assert isinstance(popup, QMenu)
        popup.close()
    qtbot.waitUntil(lambda: len(desk.window.findChildren(QMenu)) == before)


@pytest.mark.parametrize("command", ["move", "assign"])
def test_a_menu_of_choices_opens_at_the_row_and_goes(desk: Desk, film: int, qtbot: QtBot, command: str) -> None:
    view = desk.panel.view
    before = len(desk.window.findChildren(QMenu))
    QCursor.setPos(desk.window.mapToGlobal(QPoint(1200, 700)))
    for _ in range(3):
        desk.command(command)
        popup = QApplication.activePopupWidget()
        assert isinstance(popup, QMenu)
        row = view.visualRect(view.currentIndex())
        assert view.viewport().mapFromGlobal(popup.pos()) == row.bottomLeft()
        popup.close()
    qtbot.waitUntil(lambda: len(desk.window.findChildren(QMenu)) == before)


def test_several_leads_are_edited_together_from_the_panel(desk: Desk, leads: dict[str, int]) -> None:
    desk.panel.view.selectAll()
    seen: list[str] = []
    in_dialog(lambda dialog: seen.append(dialog.windowTitle()))
    desk.press("Edit several …", desk.detail)
    (title,) = seen
    assert str(len(desk.panel.selected_ids())) in title


@pytest.mark.parametrize(("button", "command"), [("Move to stage …", "move"), ("Responsible …", "assign")])
def test_for_several_leads_the_menu_opens_below_its_button(desk: Desk, film: int, button: str, command: str) -> None:
    desk.window.resize(760, 560)  # within the screen of the tests
    desk.command("select_all")
    desk.press(button, desk.detail)
    popup = QApplication.activePopupWidget()
    assert isinstance(popup, QMenu)
    pressed = desk.find(QPushButton, button, desk.detail)
    assert popup.pos() == pressed.mapToGlobal(QPoint(0, pressed.height()))
    popup.close()
    desk.command(command)
    popup = QApplication.activePopupWidget()
    assert isinstance(popup, QMenu)
    view = desk.panel.view
    assert view.viewport().mapFromGlobal(popup.pos()).x() == view.visualRect(view.currentIndex()).left()
    popup.close()


def test_a_choice_from_a_menu_is_done(desk: Desk, film: int, qtbot: QtBot) -> None:
    before = len(desk.window.findChildren(QMenu))
    desk.command("move")
    popup = QApplication.activePopupWidget()
    assert isinstance(popup, QMenu)
    for _ in range(3):
        QTest.keyClick(popup, Qt.Key.Key_Down)
    QTest.keyClick(popup, Qt.Key.Key_Return)
    assert desk.lead(film).stage == "Angebot"
    qtbot.waitUntil(lambda: len(desk.window.findChildren(QMenu)) == before)


def test_the_form_saves_and_shows_the_new_lead(desk: Desk) -> None:
    def answer(dialog: Any) -> None:
        desk.type("Ganz neu")
        desk.press("Create lead", dialog)

    in_dialog(answer)
    desk.command("new_lead")
    assert desk.detail.title == "Ganz neu"
    assert desk.lead(desk.panel.selected_ids()[0]).status == Status.ACTIVE


def test_a_new_lead_is_shown_even_when_the_list_is_narrowed(desk: Desk) -> None:
    desk.command("filter")
    desk.type("webshop")

    def answer(dialog: Any) -> None:
        desk.type("Ganz neu")
        desk.press("Create lead", dialog)

    in_dialog(answer)
    desk.command("new_lead")
    assert desk.detail.title == "Ganz neu", "what was just made must not be out of sight"


def test_a_lead_in_its_own_window_follows_and_goes(desk: Desk, film: int, qtbot: QtBot) -> None:
    desk.command("open")
    desk.command("open")
    (window,) = desk.window.findChildren(LeadWindow)
    desk.context.office.leads.edit([film], title="Film neu")
    assert window.windowTitle() == "Film neu"
    desk.context.office.leads.delete([film])
    qtbot.waitUntil(lambda: not desk.window.findChildren(LeadWindow))


def test_lead_windows_come_back_with_a_window_built_anew(opening: Open, leads: dict[str, int]) -> None:
    desk = opening()
    desk.choose(leads["Film Molkerei"])
    desk.command("open")
    (window,) = desk.window.findChildren(LeadWindow)
    window.resize(500, 600)
    windows = desk.tasks.lead_windows()
    desk.window.close()
    again = opening()
    again.tasks.open_again({**windows, 9999: windows[leads["Film Molkerei"]]})
    (window,) = again.window.findChildren(LeadWindow)
    assert (window.windowTitle(), window.size().toTuple()) == ("Film Molkerei", (500, 600))


def test_of_many_the_panel_shows_sums_and_what_can_be_done(desk: Desk, leads: dict[str, int]) -> None:
    view = desk.panel.view
    view.selectRow(0)
    desk.key(Qt.Key.Key_Down, Qt.KeyboardModifier.ShiftModifier)
    said = [button.accessibleName() for button in desk.detail.findChildren(QAbstractButton) if button.isVisible()]
    assert "Volume: €90,000" in said
    assert "Weighted: €69,000" in said
    for label in ("Move to stage …", "Next step …", "Responsible …", "Tags …", "Lost …", "Delete"):
        assert desk.find(QAbstractButton, label, desk.detail).isEnabled()
    in_dialog(lambda dialog: next(each for each in dialog.findChildren(QPushButton) if each.isDefault()).click())
    desk.press("Won …", desk.detail)
    assert [desk.lead(leads[title]).status for title in ("Webshop Müller", "Relaunch Stadtwerke")] == [Status.WON] * 2


def test_many_are_closed_in_one_step(desk: Desk) -> None:
    desk.panel.view.setFocus()
    desk.panel.view.selectAll()
    in_dialog(lambda dialog: next(each for each in dialog.findChildren(QPushButton) if each.isDefault()).click())
    desk.command("lost")
    assert desk.titles() == []
    assert desk.badges("closed").count == "6"
    desk.command("undo")
    assert len(desk.titles()) == 5


def test_what_is_done_while_a_job_writes_waits_its_turn_and_the_window_does_not(
    opening: Open, leads: dict[str, int], qtbot: QtBot
) -> None:
    desk = opening(threads=True)
    film, gate = leads["Film Molkerei"], threading.Event()
    qtbot.waitUntil(lambda: len(desk.titles()) == 5)
    qtbot.waitUntil(lambda: desk.detail is not None)
    desk.choose(film)

    def backup(_progress: object) -> None:
        with desk.store.maintenance():
            gate.wait(5)

    desk.context.jobs.start(Job(Text("Backing up"), backup, writes=True, owner=desk.window))
    desk.edit("External number")
    desk.type("A-17", enter=True)
    desk.command("delete")
    desk.tasks._way_back.undo()
    assert desk.lead(film).external_number is None
    assert desk.panel.model.rowCount() == 5
    gate.set()
    qtbot.waitUntil(lambda: desk.status().startswith("Undone: "))
    assert desk.lead(film).external_number == "A-17"
    qtbot.waitUntil(lambda: desk.panel.model.rowCount() == 5)


def test_undo_of_the_window_leaves_the_words_in_a_text_field(desk: Desk, film: int) -> None:
    desk.context.office.leads.edit([film], title="Anders")
    desk.edit("External number")
    desk.type("abc")
    desk.key(Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    focused = QApplication.focusWidget()
    assert isinstance(focused, QLineEdit)
    assert focused.text() == ""
    assert desk.lead(film).title == "Anders", "the field's own step was taken back, not the store's"


@pytest.mark.parametrize("place", ["filter", "new_idea", "note", "External number", "Company", "Info", "Months shown"])
def test_a_field_with_nothing_to_undo_leaves_it_to_the_window(
    desk: Desk, film: int, leads: dict[str, int], place: str
) -> None:
    control = Qt.KeyboardModifier.ControlModifier
    desk.context.office.leads.edit([film], title="Anders")
    _type_in(desk, place)
    desk.key(Qt.Key.Key_Z, control)
    assert desk.lead(film).title == "Film Molkerei"
    desk.key(Qt.Key.Key_Z, control | Qt.KeyboardModifier.ShiftModifier)
    assert desk.lead(film).title == "Anders"
    desk.type("x")
    desk.key(Qt.Key.Key_Z, control)
    assert desk.lead(film).title == "Anders", "now it is the field's own"
    desk.key(Qt.Key.Key_Z, control | Qt.KeyboardModifier.ShiftModifier)
    text = desk.focus().property("plainText") or desk.focus().property("text")
    assert "x" in text
    desk.key(Qt.Key.Key_Escape)


def test_after_a_start_the_way_back_says_what_it_takes_back(opening: Open, leads: dict[str, int], qtbot: QtBot) -> None:
    desk = opening()
    desk.choose(leads["Film Molkerei"])
    desk.command("delete")
    desk.window.close()
    status = opening().window.status
    qtbot.waitUntil(status._what.isVisible)
    assert "Film Molkerei" in status._what.text()


def test_an_idea_that_was_noted_is_taken_back_and_not_its_words(desk: Desk, film: int) -> None:
    control = Qt.KeyboardModifier.ControlModifier
    desk.command("new_idea")
    for title in ("Idee C", "Idee D"):
        desk.type(title, enter=True)
    for left in ("Idee C", "Idee App"):
        desk.key(Qt.Key.Key_Z, control)
        assert desk.titles()[0] == left
        assert desk.find(QLineEdit, "New idea").text() == ""


def _type_in(desk: Desk, place: str) -> None:
    """The cursor into a field: that of a command, of the forecast, or one of the detail panel."""
    if place in ("filter", "new_idea", "note"):
        desk.command(place)
    elif place == "Months shown":
        desk.window.go_to("forecast")
        desk.find(QLineEdit, place).setFocus()
    else:
        desk.edit(place)


def test_the_day_turns_at_midnight(desk: Desk, film: int, clock: Any) -> None:
    desk.context.office.leads.set_next_step([film], NextStep(TODAY, "Anrufen"))
    assert desk.shown("next_step", 3) == "today"
    clock.instant += timedelta(days=1)
    desk.tasks._tick()
    assert desk.shown("next_step", 3) == "overdue 1\N{NO-BREAK SPACE}d"
    assert desk.badges("leads").alarm == "1"
    assert desk.store.today() == date(2026, 11, 25)


def test_panel_and_lead_window_turn_with_the_day(desk: Desk, film: int, clock: Any) -> None:
    desk.context.office.leads.set_next_step([film], NextStep(TODAY + timedelta(days=1), "Anrufen"))
    desk.command("open")
    (window,) = desk.window.findChildren(LeadWindow)
    assert "25 Nov" in _next_step(desk.detail)
    clock.instant += timedelta(days=2)
    desk.tasks._tick()
    for place in (desk.detail, window):
        assert "overdue 1\N{NO-BREAK SPACE}d" in _next_step(place), place


def test_a_typed_day_is_read_on_the_day_it_is_typed(desk: Desk, leads: dict[str, int], clock: Any) -> None:
    desk.window.go_to("closed")
    desk.choose(leads["Jubiläum"])
    clock.instant += timedelta(days=2)  # the tick that turns the day comes within a minute
    desk.edit("Closed on")
    desk.type("today", enter=True)
    assert desk.lead(leads["Jubiläum"]).closed_on == TODAY + timedelta(days=2)


def test_panel_and_lead_window_go_dark(desk: Desk, film: int, theme: Theme) -> None:
    desk.command("open")
    (window,) = desk.window.findChildren(LeadWindow)
    theme.use(mode=Mode.DARK)
    strip = [button.stage.colour for button in desk.window.current_tab().strip._buttons]
    for place in (desk.detail, window):
        (bar,) = place.findChildren(StageBar)
        assert [button._colour for button in bar._buttons] == strip == list(theme.ramp(5))


def _next_step(place: QWidget) -> str:
    names = [each.accessibleName() for each in place.findChildren(QAbstractButton)]
    return next(name for name in names if name.startswith("Next step: "))


def test_a_day_that_could_not_begin_is_told_once_and_begun_when_it_can(
    desk: Desk, film: int, clock: FixedClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(_rates: Rates) -> int:
        raise DiskFull(Text("The disk is full."))

    desk.context.office.leads.set_next_step([film], NextStep(TODAY, "Anrufen"))
    clock.instant += timedelta(days=1)
    with monkeypatch.context() as full:
        full.setattr(Rates, "turn_of_day", refuse)
        with pytest.raises(DiskFull):
            desk.tasks._tick()
        desk.tasks._tick()
    assert desk.badges("leads").alarm == ""
    desk.tasks._tick()
    assert desk.badges("leads").alarm == "1"
