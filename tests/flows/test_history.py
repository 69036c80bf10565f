"""Who changed what: looked up, narrowed, and taken back from the list, whoever did it."""

import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QContextMenuEvent, QFontMetrics
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QApplication, QMenu
from pytestqt.qtbot import QtBot

from app.core.clock import FixedClock
from app.core.format import Formats
from app.core.money import Money
from app.core.settings import COUNTRY
from app.models.store import Store
from app.services.history_log import LogQuery
from app.services.leads import Leads
from app.ui.forms.dialog import window_state
from app.ui.history.columns import log_columns
from app.ui.history.dialog import HistoryDialog
from app.ui.history.refused import RefusedDialog
from app.ui.history.taking import take_back
from app.ui.tables.painter import PADDING
from app.ui.timeline.view import TimelineView
from app.ui.widgets.choice_chip import ChoiceChip
from tests.flows.desk import Desk, in_dialog
from tests.models.edits import as_member, edit, later, value
from tests.services.importing.files import import_text
from tests.stores import add_member


@pytest.fixture
def ben(store: Store) -> int:
    """A second person."""
    return add_member(store, "Ben Roth", "BR")


@pytest.fixture
def page(desk: Desk) -> Iterator[HistoryDialog]:
    """The history, open."""
    dialog = opened(desk)
    yield dialog
    dialog.close()


def opened(desk: Desk, lead: int | None = None, step: int | None = None) -> HistoryDialog:
    """The history of everything or of one lead."""
    dialog = HistoryDialog(desk.context, desk.window, lead, step)
    dialog.show()
    return dialog


def shown(page: HistoryDialog, column: str) -> list[str]:
    """A column from top to bottom."""
    place = [each.key for each in page.model.columns].index(column)
    return [page.model.cell(row, place).text for row in range(page.model.rowCount())]


def press(page: HistoryDialog) -> None:
    """Click the button beside the list."""
    QTest.mouseClick(page.pane.button, Qt.MouseButton.LeftButton)


def test_it_is_a_command(desk: Desk, leads: dict[str, int]) -> None:
    seen: list[str] = []
    in_dialog(lambda dialog: seen.append(dialog.windowTitle()))
    desk.command("lead_history") if desk.tasks.selected() else desk.choose(leads["Hosting Bräu"])
    if not seen:
        in_dialog(lambda dialog: seen.append(dialog.windowTitle()))
        desk.command("lead_history")
    assert seen == ["Who changed what?"]


def test_every_step_is_listed(desk: Desk, page: HistoryDialog, leads: dict[str, int], ben: int) -> None:
    as_member(desk.store, ben, lambda: edit(desk.store, leads["Hosting Bräu"], title="Hosting neu"))
    assert shown(page, "what")[0] == "Lead changed"
    assert shown(page, "actor")[0] == "Ben Roth"
    assert shown(page, "leads")[0] == "Hosting neu"
    assert shown(page, "kind")[0] == "Carried out"
    page.view.selectRow(0)
    assert page.pane.lines == "Hosting neu, Title Hosting Bräu → Hosting neu"
    assert page.pane.button.isEnabled()


def test_a_step_of_somebody_else_is_taken_back_and_brought_again(
    desk: Desk, page: HistoryDialog, leads: dict[str, int], ben: int
) -> None:
    lead = leads["Hosting Bräu"]
    as_member(desk.store, ben, lambda: edit(desk.store, lead, title="B"))
    page.view.selectRow(0)
    press(page)
    assert value(desk.store, "title", lead) == "Hosting Bräu"
    assert shown(page, "kind")[:2] == ["Undone", "Undone since"]
    assert page.pane.why == "This was undone already."
    assert not page.pane.button.isEnabled()
    page.view.selectRow(0)
    assert page.pane.button.text() == "Do this step again"
    press(page)
    assert value(desk.store, "title", lead) == "B"
    assert shown(page, "kind")[:3] == ["Done again", "Undone", "Carried out"]
    page.view.selectRow(0)
    press(page)
    assert value(desk.store, "title", lead) == "Hosting Bräu"


def test_a_step_is_taken_back_by_its_menu(desk: Desk, page: HistoryDialog, leads: dict[str, int], ben: int) -> None:
    lead = leads["Hosting Bräu"]
    as_member(desk.store, ben, lambda: edit(desk.store, lead, title="B"))
    page.view.selectRow(0)
    page.view.menuRequested.emit(page.view.menu_place())
    menu = page.findChildren(QMenu)[-1]
    assert [action.text() for action in menu.actions()] == ["Undo this step", "Copy"]
    menu.actions()[1].trigger()
    assert "Lead changed" in QApplication.clipboard().text()
    menu.actions()[0].trigger()
    menu.close()
    assert value(desk.store, "title", lead) == "Hosting Bräu"


def test_an_older_step_of_ones_own(desk: Desk, page: HistoryDialog, leads: dict[str, int], clock: FixedClock) -> None:
    lead = leads["Hosting Bräu"]
    edit(desk.store, lead, title="B")
    later(clock)
    edit(desk.store, lead, info="x")
    page.view.selectRow(1)
    press(page)
    assert (value(desk.store, "title", lead), value(desk.store, "info", lead)) == ("Hosting Bräu", "x")
    desk.command("undo")  # the last step that stands
    assert value(desk.store, "info", lead) == ""
    desk.command("redo")
    desk.command("redo")
    assert value(desk.store, "title", lead) == "B"


def test_what_was_changed_since_stays_and_is_told(
    desk: Desk, page: HistoryDialog, leads: dict[str, int], ben: int, clock: FixedClock
) -> None:
    lead = leads["Hosting Bräu"]
    Leads(desk.store).edit([lead], amount=Money(20_000, "EUR"))
    later(clock)
    as_member(desk.store, ben, lambda: Leads(desk.store).edit([lead], amount=Money(30_000, "EUR")))
    page.view.selectRow(1)
    assert page.pane.why.startswith("Something was changed since")
    assert page.pane.button.text() == "Show the newer values …"
    seen: list[list[list[str]]] = []
    in_dialog(lambda dialog: seen.append(dialog.shown()))
    press(page)
    as_member(desk.store, ben, desk.store.undo)
    row = [str(each) for each in shown(page, "kind")].index("Carried out")
    page.view.selectRow(row)
    assert page.pane.button.text() == "Undo this step"
    as_member(desk.store, ben, desk.store.redo)
    page._refused = None  # as when the other person is faster than the look
    in_dialog(lambda dialog: seen.append(dialog.shown()))
    press(page)
    [cells] = seen[0]
    assert seen == [[cells], [cells]]
    assert cells[:2] == ["Hosting Bräu", "Volume"]
    assert ("200" in cells[2], "300" in cells[3]) == (True, True)
    assert cells[4].startswith("Ben Roth · ")
    assert value(desk.store, "amount_minor", lead) == 30_000


def test_the_list_is_narrowed(desk: Desk, leads: dict[str, int], ben: int, clock: FixedClock, qtbot: QtBot) -> None:
    clock.instant += timedelta(days=40)
    as_member(desk.store, ben, lambda: edit(desk.store, leads["Film Molkerei"], info="x"))
    edit(desk.store, leads["Film Molkerei"], remark="y")
    desk.store.undo()
    page = opened(desk)
    page._narrow(user_id=ben)
    assert shown(page, "actor") == ["Ben Roth"]
    page._narrow(user_id=None, first=page._since("6"))
    assert len(shown(page, "what")) == 3
    page._narrow(first=None, sort="undo")
    assert shown(page, "kind") == ["Undone"]
    page._narrow(sort="")
    page._filter.setText("molkerei")
    qtbot.waitUntil(lambda: set(shown(page, "leads")) == {"Film Molkerei"})
    page._filter.setText("nothing like it")
    qtbot.waitUntil(lambda: shown(page, "what") == [])
    assert page.pane.button.isHidden()
    page.close()


def test_no_sign_of_a_title_or_a_name_is_taken_for_a_key(desk: Desk, leads: dict[str, int]) -> None:
    add_member(desk.store, "Roth & Co", "RC")
    edit(desk.store, leads["Idee App"], title="Film & Ton")
    page = opened(desk, leads["Idee App"])
    assert "Only “Film && Ton”" in [each.text() for each in page.findChildren(QAbstractButton)]
    people = next(chip for chip in page.findChildren(ChoiceChip) if chip.text().startswith("Person"))
    menu = people.menu()
    assert menu is not None
    menu.aboutToShow.emit()
    next(action for action in menu.actions() if action.text() == "Roth && Co").trigger()
    assert people.text() == "Person: Roth && Co"


def test_the_history_of_one_lead(desk: Desk, leads: dict[str, int]) -> None:
    lead = leads["Idee App"]
    edit(desk.store, lead, info="x")
    edit(desk.store, leads["Idee Messe"], info="x")
    page = opened(desk, lead)
    assert set(shown(page, "leads")) == {"Idee App"}
    chip = desk.find(QAbstractButton, "Only “Idee App”", page)
    QTest.mouseClick(chip, Qt.MouseButton.LeftButton)
    assert "Idee Messe" in shown(page, "leads")
    page.close()


def test_it_opens_at_a_step(desk: Desk, leads: dict[str, int]) -> None:
    lead = leads["Idee App"]
    edit(desk.store, lead, info="x")
    step = desk.context.office.history.of_lead(lead)[0].change_set_id
    edit(desk.store, lead, remark="y")
    page = opened(desk, lead, step)
    assert page.view.current_id() == step
    page.close()


def test_an_import_is_taken_back_here(desk: Desk, tmp_path: Path) -> None:
    before = desk.context.office.lists.counts()
    import_text(desk.store, tmp_path, "Name;Status\nEins;aktiv\nZwei;aktiv\n")
    desk.store.actor_id = 1
    page = opened(desk)
    assert (shown(page, "kind")[0], shown(page, "leads")[0]) == ("Import", "2 leads")
    page.view.selectRow(0)
    press(page)
    assert desk.context.office.lists.counts() == before
    page.view.selectRow(0)
    press(page)
    assert len(desk.context.office.lists.ids(desk.panel._whole)) == before.active + 2
    page.close()


def test_edits_in_a_row_stand_together(
    desk: Desk, page: HistoryDialog, leads: dict[str, int], clock: FixedClock
) -> None:
    lead = leads["Idee App"]
    for title in "ABC":
        later(clock, 5)
        edit(desk.store, lead, title=title)
    page.view.selectRow(0)
    assert page.pane.lines == "C, Title Idee App → C"
    press(page)
    assert value(desk.store, "title", lead) == "Idee App"


def test_columns_are_remembered_and_rubbish_is_not_believed(desk: Desk) -> None:
    memory = window_state(desk.context.settings)
    for kept in ("", "{", "[1]", "{" * 5000, json.dumps({"columns": 7})):
        memory.setValue("history/columns", kept)
        opened(desk).close()
    page = opened(desk)
    page.view.header.resizeSection(4, 222)
    page._keep_columns()
    page.close()
    again = opened(desk)
    assert again.view.header.sectionSize(4) == 222
    again.close()


def test_a_refusal_without_values_says_why(desk: Desk, leads: dict[str, int]) -> None:
    """Rows that hang on what would go are no values: the reason is said in a sentence."""
    made = desk.context.office.leads.create(title="Neu")
    page = opened(desk, made)
    page.view.selectRow(0)
    desk.context.office.leads.note([made], "Anruf")
    row = shown(page, "what").index("Idea “Neu” created")
    page.view.selectRow(row)
    page.pane.button.setEnabled(True)
    texts: list[str] = []
    in_dialog(lambda dialog: texts.append(type(dialog).__name__))
    press(page)
    assert texts == [RefusedDialog.__name__]
    page.close()


def test_the_way_by_keyboard(desk: Desk, page: HistoryDialog, leads: dict[str, int]) -> None:
    edit(desk.store, leads["Idee App"], title="B")
    page.activateWindow()
    page.view.setFocus()
    page.view.selectRow(0)
    QTest.keyClick(page.view, Qt.Key.Key_Return)
    assert QApplication.focusWidget() is page.pane.button
    QTest.keyClick(page.pane.button, Qt.Key.Key_Space)
    assert value(desk.store, "title", leads["Idee App"]) == "Idee App"
    assert QApplication.focusWidget() is page.view


def test_tab_goes_as_it_is_read_and_what_it_comes_to_has_a_name(
    desk: Desk, page: HistoryDialog, leads: dict[str, int]
) -> None:
    edit(desk.store, leads["Idee App"], title="B")
    page.activateWindow()
    page.view.setFocus()
    page.view.selectRow(0)
    page.focusNextPrevChild(True)
    told = page.focusWidget()
    assert told.accessibleName() == page.pane._what.text() != ""
    assert told.accessibleDescription() == page.pane.lines != ""
    page.focusNextPrevChild(True)
    assert page.focusWidget() is page.pane.button


def test_it_reads_by_pages(desk: Desk, leads: dict[str, int]) -> None:
    for number in range(120):
        edit(desk.store, leads["Idee App"], info=str(number))
        desk.store.clock.instant += timedelta(seconds=40)  # type: ignore[attr-defined]
    page = opened(desk)
    steps = page._steps.log.ids(LogQuery())
    assert len(page.model.ids) == len(steps) > 120
    assert len(page.model._rows) < 80
    page.close()


def test_many_steps_are_copied_by_a_job(desk: Desk, leads: dict[str, int], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("app.ui.tables.view._AT_ONCE", 20)
    for number in range(30):
        edit(desk.store, leads["Idee App"], info=str(number))
        desk.store.clock.instant += timedelta(seconds=40)  # type: ignore[attr-defined]
    page = opened(desk)
    page.view.selectAll()
    QApplication.clipboard().clear()
    page.view.copy()
    copied = QApplication.clipboard().text().splitlines()
    assert copied[0].split("\t")[:2] == ["Time", "What"]
    assert len(copied) == 1 + len(page.model.ids)
    assert desk.status().endswith("rows copied")
    page.close()


def test_a_step_is_taken_back_from_the_history_of_its_lead(desk: Desk, leads: dict[str, int], ben: int) -> None:
    lead = leads["Kampagne Herbst"]
    as_member(desk.store, ben, lambda: edit(desk.store, lead, title="B"))
    edit(desk.store, lead, remark="y")
    desk.choose(lead)
    view = desk.detail.findChild(TimelineView)
    row = next(row for row, entry in enumerate(view.entries()) if "Kampagne Herbst → B" in str(entry.words[0]))
    place = view.visualRect(view.model().index(row, 0)).center()
    QApplication.sendEvent(
        view.viewport(), QContextMenuEvent(QContextMenuEvent.Reason.Mouse, place, view.mapToGlobal(place))
    )
    menu = desk.detail.findChild(QMenu)
    labels = [action.text() for action in menu.actions()]
    assert labels == ["Copy\tCtrl+C", "Undo this step", "Show in the history …"]
    menu.actions()[1].trigger()
    menu.close()
    assert value(desk.store, "title", lead) == "Kampagne Herbst"
    assert value(desk.store, "remark", lead) == "y"


def test_it_stays_there_when_something_was_changed_since(
    desk: Desk, leads: dict[str, int], ben: int, clock: FixedClock
) -> None:
    lead = leads["Kampagne Herbst"]
    edit(desk.store, lead, title="B")
    step = desk.context.office.history.of_lead(lead)[0].change_set_id
    later(clock)
    as_member(desk.store, ben, lambda: edit(desk.store, lead, title="C"))
    seen: list[list[list[str]]] = []
    in_dialog(lambda dialog: seen.append(dialog.shown()))
    take_back(desk.context, step, desk.window)
    assert seen[0][0][1:4] == ["Title", "B", "C"]
    assert value(desk.store, "title", lead) == "C"
    take_back(desk.context, 99999, desk.window)
    assert desk.status() == "This step is no longer there."


def test_from_the_detail_panel_to_the_history(desk: Desk, leads: dict[str, int]) -> None:
    desk.choose(leads["Kampagne Herbst"])
    seen: list[set[str]] = []
    in_dialog(lambda dialog: seen.append(set(shown(dialog, "leads"))))
    desk.press("Undo steps …", desk.detail)
    assert seen == [{"Kampagne Herbst"}]


def test_the_time_of_a_step_is_read_in_full_wherever_one_is(desk: Desk) -> None:
    zone, evening = desk.store.zone, datetime(2026, 11, 28, 22, 58, tzinfo=UTC)
    metrics = QFontMetrics(desk.context.theme.font(13))
    for language in ("de", "en"):
        for country, _name in COUNTRY.choices:
            words = Formats(language, country).instant(evening, zone)
            room = log_columns(replace(desk.context, formats=Formats(language, country)))[0].width - 2 * PADDING
            assert metrics.horizontalAdvance(words) <= room, (words, metrics.horizontalAdvance(words))
