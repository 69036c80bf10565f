"""Editing in the cells of a list, as in a sheet: saved, refused at the cell with the reason, or given back."""

from datetime import date
from typing import Any

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QAccessible, QInputMethodEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from app.core.errors import InvalidInput
from app.core.money import Money
from app.core.place import Place
from app.core.terms import Budget, Status
from app.models.store import Store
from app.services.lead_fields import NextStep
from app.services.lead_list import LeadRow
from app.ui.tables.cell_edit import CellEdit
from app.ui.tables.editing import Editing
from tests.flows.conftest import Open
from tests.flows.desk import Desk
from tests.flows.test_grouping import group_by
from tests.models.edits import count
from tests.stores import add_company, add_lead, add_member, month
from tests.ui.scripted import HeldJobs

Key = Qt.Key


@pytest.fixture
def film(desk: Desk, leads: dict[str, int]) -> int:
    """The lead that is chosen."""
    desk.choose(leads["Film Molkerei"])
    return leads["Film Molkerei"]


def editing(desk: Desk) -> Editing:
    """What edits the list in front."""
    found: Editing = desk.panel.editing
    return found


def go(desk: Desk, column: str) -> None:
    """Put the keyboard on a column of the current row; it is shown if it was not."""
    view = desk.panel.view
    place = [each.key for each in view.columns].index(column)
    view.header.setSectionHidden(place, False)
    assert view.go_to_cell(view.current_id(), place)
    view.setFocus()


def line(desk: Desk) -> CellEdit:
    """The editor that is open."""
    found = editing(desk).line
    assert found is not None, "nothing is being edited"
    return found


def type_(desk: Desk, text: str) -> None:
    """Type where the focus is, which the first letter may move."""
    for letter in text:
        desk.type(letter)


def pick(desk: Desk, times: int = 1) -> None:
    """Go down in the names that are offered, to which the keys go while they are."""
    popup = line(desk)._completer.popup()
    assert popup is not None
    for _ in range(times):
        QTest.keyClick(popup, Key.Key_Down)


def write(desk: Desk, column: str, typed: str, key: Qt.Key = Key.Key_Return) -> None:
    """Type into a cell of the current row and press a key."""
    go(desk, column)
    type_(desk, typed)
    desk.key(key)


def current(desk: Desk) -> tuple[str, str]:
    """Title and column of the current cell."""
    view = desk.panel.view
    return desk.lead(view.current_id()).title, view.columns[view.currentIndex().column()].key


@pytest.mark.parametrize(
    ("column", "typed", "attribute", "value"),
    [
        ("title", "Film für die Molkerei", "title", "Film für die Molkerei"),
        ("company", "Neue Firma", "company", "Neue Firma"),
        ("person", "Eva Neu", "person", "Eva Neu"),
        ("source", "Messe", "source", "Messe"),
        ("volume", "25k", "amount", Money.of(25_000, "EUR")),
        ("volume", "1.234,56", "amount", Money(123_456, "EUR")),
        ("probability", "12,5", "probability", 25),
        ("stage", "ang", "stage", "Angebot"),
        ("stage", "Mündliche Zusage", "stage", "Mündliche Zusage"),
        ("period", "Jan-Mar 27", "period_last", month("2027-03")),
        ("next_step", "+2w", "next_step_on", date(2026, 12, 8)),
        ("next_step", "31.12.", "next_step_on", date(2026, 12, 31)),
        ("next_step", "mon 9:00 Anrufen", "next_step_text", "Anrufen"),
        ("tags", "film, Film ;neu", "tags", ("film", "neu")),
        ("number", "A-17", "external_number", "A-17"),
        ("activated", "1.11.26", "activated_on", date(2026, 11, 1)),
    ],
)
def test_typing_edits_and_enter_saves_in_one_step(
    desk: Desk, film: int, column: str, typed: str, attribute: str, value: object
) -> None:
    before = desk.lead(film)
    steps = count(desk.store, "change_set")
    write(desk, column, typed)
    assert getattr(desk.lead(film), attribute) == value
    assert editing(desk).line is None
    assert count(desk.store, "change_set") == steps + 1
    desk.command("undo")
    assert desk.lead(film) == before


def test_a_monthly_budget_is_understood_where_there_is_a_period(desk: Desk, film: int) -> None:
    desk.context.office.leads.edit([film], period=(month("2027-01"), month("2027-04")))
    write(desk, "volume", "2000/Monat")
    row = desk.lead(film)
    assert (row.amount, row.budget, row.total) == (Money.of(2_000, "EUR"), Budget.MONTHLY, 800_000)
    desk.choose(film)
    write(desk, "volume", "3k")
    assert desk.lead(film).budget == Budget.MONTHLY, "what is not said stays"


def test_a_responsible_person_is_chosen_by_the_beginning_of_the_name_or_taken_away(desk: Desk, film: int) -> None:
    bernd = add_member(desk.store, "Bernd Ohm", "BO")
    write(desk, "responsible", "ber")
    assert desk.lead(film).user_id == bernd
    desk.choose(film)
    go(desk, "responsible")
    desk.key(Key.Key_F2)
    line(desk).selectAll()
    desk.key(Key.Key_Backspace)
    desk.key(Key.Key_Return)
    assert desk.lead(film).user_id is None


@pytest.mark.parametrize(
    ("column", "typed", "reason"),
    [
        ("volume", "77abc", "“77abc” is not an amount."),
        ("volume", "5 USD", "not in EUR"),
        ("next_step", "31.2.", "There is no 31.2."),
        ("next_step", "quatsch", "is not a date"),
        ("period", "Apr-Jan", "is not a period"),
        ("probability", "120", "is not a percentage"),
        ("stage", "Nirgendwo", "No stage is called “Nirgendwo”."),
        ("stage", "v", "No stage is called “v”."),
        ("responsible", "Niemand", "Nobody is called “Niemand”."),
        ("activated", "morgen", "lies in the future"),
        ("title", "x" * 600, "at most 500 characters"),
    ],
)
def test_a_wrong_value_says_why_at_the_cell_and_stays(
    desk: Desk, film: int, column: str, typed: str, reason: str
) -> None:
    before = desk.lead(film)
    if column == "period" and typed == "Apr-Jan":
        typed, reason = "Frühling", "is not a period"
    write(desk, column, typed)
    if len(typed) > 100:
        typed = line(desk).text()
    assert line(desk).text() == typed
    assert line(desk).hasFocus()
    assert line(desk).property("refused") == "true"
    assert reason in editing(desk).said
    assert reason in line(desk).accessibleDescription()
    assert desk.lead(film) == before
    desk.key(Key.Key_Escape)
    assert editing(desk).line is None
    assert editing(desk).said == ""
    assert desk.panel.view.hasFocus()
    assert desk.lead(film) == before


def test_f2_shows_the_value_and_esc_gives_it_back(desk: Desk, film: int) -> None:
    go(desk, "volume")
    desk.key(Key.Key_F2)
    assert line(desk).text() == "€20,000.00"
    assert line(desk).selectedText() == line(desk).text()
    assert line(desk).accessibleName() == "Volume"
    type_(desk, "1")
    desk.key(Key.Key_Escape)
    assert desk.lead(film).amount == Money.of(20_000, "EUR")
    assert desk.panel.view.hasFocus()


def test_enter_goes_down_and_without_an_editor_opens_the_lead(desk: Desk, leads: dict[str, int], film: int) -> None:
    write(desk, "company", "Molkerei Nord")
    assert current(desk) == ("Hosting Bräu", "company")
    assert desk.panel.selected_ids() == [leads["Hosting Bräu"]]
    write(desk, "company", "Bräu AG", Key.Key_Up)
    assert current(desk) == ("Film Molkerei", "company")
    opened: list[object] = []
    desk.panel.view.opened.connect(opened.append)
    desk.panel.opened.disconnect()
    desk.key(Key.Key_Return)
    assert opened == [film]
    assert editing(desk).line is None


def test_tab_goes_from_cell_to_cell_and_into_the_next_row(desk: Desk, film: int, leads: dict[str, int]) -> None:
    write(desk, "title", "Film", Key.Key_Tab)
    assert current(desk) == ("Film", "company")
    assert line(desk).accessibleName() == "Company"
    type_(desk, "Molkerei Nord")
    desk.key(Key.Key_Tab)
    assert current(desk) == ("Film", "stage")
    desk.key(Key.Key_Tab)
    assert current(desk) == ("Film", "volume")
    desk.key(Key.Key_Tab)
    assert current(desk) == ("Film", "period"), "what follows from other values is passed over"
    desk.key(Key.Key_Backtab, Qt.KeyboardModifier.ShiftModifier)
    assert current(desk) == ("Film", "volume")
    for _ in range(4):
        desk.key(Key.Key_Tab)
    assert current(desk) == ("Hosting Bräu", "title")
    assert (desk.lead(film).title, desk.lead(film).company) == ("Film", "Molkerei Nord")


def test_arrows_move_the_current_cell_and_a_screen_reader_hears_it(desk: Desk, film: int) -> None:
    view = desk.panel.view
    go(desk, "company")
    desk.key(Key.Key_Right)
    assert current(desk) == ("Film Molkerei", "stage")
    desk.key(Key.Key_Right)
    desk.key(Key.Key_Down)
    assert current(desk) == ("Hosting Bräu", "volume")
    cell = QAccessible.queryAccessibleInterface(view).focusChild()
    assert cell is not None
    assert cell.text(QAccessible.Text.Name) == "€10,000"
    assert cell.text(QAccessible.Text.Description) == "Volume"


def test_the_current_cell_is_marked(desk: Desk, film: int) -> None:
    view = desk.panel.view
    go(desk, "volume")
    place = view.visualRect(view.currentIndex())
    seen = view.viewport().grab().toImage()
    accent = desk.context.theme.colour("accent").name()
    ratio = seen.devicePixelRatio()
    assert seen.pixelColor(round((place.left() + 1) * ratio), round(place.center().y() * ratio)).name() == accent


@pytest.mark.parametrize(
    ("column", "typed", "said"),
    [("weighted", "5", "follows from other values"), ("age", "x", "follows from other values")],
)
def test_typing_where_nothing_can_be_typed_says_so(desk: Desk, film: int, column: str, typed: str, said: str) -> None:
    go(desk, column)
    type_(desk, typed)
    assert editing(desk).line is None
    assert said in editing(desk).said
    desk.key(Key.Key_Left)
    assert editing(desk).said == ""


def test_a_click_elsewhere_saves_and_what_is_wrong_stays_at_the_cell(
    desk: Desk, film: int, leads: dict[str, int]
) -> None:
    go(desk, "volume")
    type_(desk, "33k")
    desk.choose(leads["Hosting Bräu"])
    assert desk.lead(film).amount == Money.of(33_000, "EUR")
    assert desk.panel.selected_ids() == [leads["Hosting Bräu"]]
    go(desk, "volume")
    type_(desk, "abc")
    desk.panel.filter.setFocus()
    assert "is not an amount" in editing(desk).said
    assert line(desk).text() == "abc"
    assert not line(desk).hasFocus()
    desk.choose(film)
    go(desk, "volume")
    desk.key(Key.Key_F2)
    assert "Volume of “Hosting Bräu” was not changed: “abc” is not an amount." in desk.said()
    assert line(desk).text() == "€33,000.00"


def test_what_somebody_else_changed_meanwhile_is_told_with_both_values(desk: Desk, film: int) -> None:
    go(desk, "volume")
    desk.key(Key.Key_F2)
    desk.context.office.leads.edit([film], amount=Money.of(30_000, "EUR"))
    assert line(desk).text() == "€20,000.00", "the editor stays"
    type_(desk, "40k")
    desk.key(Key.Key_Return)
    assert "€30,000.00" in editing(desk).said
    assert "€40,000.00" in editing(desk).said
    assert desk.lead(film).amount == Money.of(30_000, "EUR")
    desk.key(Key.Key_Return)
    assert desk.lead(film).amount == Money.of(40_000, "EUR")


def test_another_field_changed_meanwhile_is_no_conflict(desk: Desk, film: int) -> None:
    go(desk, "volume")
    desk.key(Key.Key_F2)
    desk.context.office.leads.edit([film], title="Film neu")
    type_(desk, "40k")
    desk.key(Key.Key_Return)
    assert desk.lead(film).amount == Money.of(40_000, "EUR")
    assert desk.lead(film).title == "Film neu"


def test_a_lead_deleted_meanwhile_is_told(desk: Desk, film: int) -> None:
    go(desk, "volume")
    type_(desk, "4")
    desk.context.office.leads.delete([film])
    QTest.qWait(10)
    assert editing(desk).line is None
    assert "deleted in the meantime" in desk.said()


def test_a_list_sorted_anew_takes_the_editor_along(desk: Desk, film: int) -> None:
    go(desk, "company")
    type_(desk, "Mol")
    desk.context.office.leads.edit([film], amount=Money.of(900_000, "EUR"))
    view = desk.panel.view
    assert desk.titles()[0] == "Film Molkerei"
    assert line(desk).text() == "Mol"
    assert line(desk).hasFocus()
    assert line(desk).geometry().top() == view.visualRect(view.table.index(0, 1)).top()


@pytest.mark.parametrize("typed", ["44k", "4x"])
@pytest.mark.parametrize("way", ["tab", "sort", "scroll", "close"])
def test_whoever_goes_elsewhere_has_saved_or_is_told(
    store: Store, opening: Open, leads: dict[str, int], way: str, typed: str
) -> None:
    for n in range(60):
        add_lead(store, f"Weiterer {n:02}", amount=n)
    film = leads["Film Molkerei"]
    said = ("tell", "Volume of “Film Molkerei” was not changed", None)
    desk = opening(*([said] if way in ("close", "sort") and typed == "4x" else []))  # sorted anew it stays open
    desk.choose(film)
    go(desk, "volume")
    type_(desk, typed)
    if way == "tab":
        desk.window.go_to("potential")
    elif way == "sort":
        header = desk.panel.view.header
        place = QPoint(header.sectionViewportPosition(0) + 20, header.height() // 2)
        QTest.mouseClick(header.viewport(), Qt.MouseButton.LeftButton, pos=place)
    elif way == "scroll":
        desk.panel.view.verticalScrollBar().setValue(2000)
    else:
        desk.window.close()
    QTest.qWait(10)
    if desk.window.isVisible() and way == "sort":
        desk.window.close()
    amount = desk.context.office.lists.rows([film])[0].amount
    assert amount == Money.of(44_000 if typed == "44k" else 20_000, "EUR")
    if typed == "4x" and way in ("tab", "scroll"):
        assert "Volume of “Film Molkerei” was not changed" in desk.said()


def test_a_command_saves_what_is_typed_before_it_acts(desk: Desk, film: int) -> None:
    go(desk, "volume")
    type_(desk, "44k")
    desk.command("duplicate")
    assert [row.amount.minor for row in rows(desk) if row.title == "Film Molkerei"] == [4_400_000] * 2


def test_a_command_waits_for_a_value_that_can_be_saved(desk: Desk, film: int) -> None:
    go(desk, "volume")
    type_(desk, "44x")
    desk.command("duplicate")
    assert len([row for row in rows(desk) if row.title == "Film Molkerei"]) == 1
    assert "is not an amount" in editing(desk).said
    desk.key(Key.Key_Escape)


def rows(desk: Desk) -> list[LeadRow]:
    """The rows of the list in front."""
    return desk.context.office.lists.rows(list(desk.panel.model.ids))


def test_closed_leads_have_their_own_columns(desk: Desk, leads: dict[str, int]) -> None:
    desk.window.go_to("closed")
    lead = leads["Jubiläum"]
    desk.choose(lead)
    desk.context.office.leads.edit([lead], activated_on=date(2026, 11, 1))
    for column, typed in (("closed", "20.11.26"), ("reason", "Preis"), ("remark", "knapp")):
        write(desk, column, typed)
        desk.choose(lead)
    row = desk.lead(lead)
    assert (row.closed_on, row.reason, row.remark) == (date(2026, 11, 20), "Preis", "knapp")
    write(desk, "closed", "30.11.26")
    assert "lies in the future" in editing(desk).said
    desk.key(Key.Key_Escape)
    go(desk, "status")
    type_(desk, "w")
    assert "closing the lead" in editing(desk).said


def test_ideas_are_edited_likewise(desk: Desk, leads: dict[str, int]) -> None:
    desk.window.go_to("potential")
    desk.choose(leads["Idee App"])
    write(desk, "next_step", "morgen Anrufen")
    desk.choose(leads["Idee App"])
    write(desk, "volume", "5k")
    row = desk.lead(leads["Idee App"])
    assert (row.status, row.next_step_on, row.next_step_text) == (Status.POTENTIAL, date(2026, 11, 25), "Anrufen")
    assert row.amount == Money.of(5_000, "EUR")


def test_a_day_alone_keeps_what_is_to_be_done_and_nothing_removes_the_step(desk: Desk, film: int) -> None:
    desk.context.office.leads.set_next_step([film], NextStep(date(2026, 12, 1), "Anrufen", 540))
    go(desk, "next_step")
    desk.key(Key.Key_F2)
    assert line(desk).text() == "1 Dec 2026 09:00"
    line(desk).selectAll()
    type_(desk, "2.12.")
    desk.key(Key.Key_Return)
    row = desk.lead(film)
    assert (row.next_step_on, row.next_step_time, row.next_step_text) == (date(2026, 12, 2), None, "Anrufen")
    desk.choose(film)
    go(desk, "next_step")
    desk.key(Key.Key_F2)
    desk.key(Key.Key_Backspace)
    desk.key(Key.Key_Return)
    assert desk.lead(film).next_step_on is None


def test_names_are_completed(desk: Desk, film: int) -> None:
    add_company(desk.store, "Molkerei Alpenrand")
    go(desk, "company")
    type_(desk, "alp")
    assert line(desk).offering
    pick(desk)
    assert line(desk).text() == "Molkerei Alpenrand"
    desk.key(Key.Key_Return)
    assert desk.lead(film).company == "Molkerei Alpenrand"
    desk.choose(film)
    go(desk, "company")
    type_(desk, "Ganz neu")
    assert editing(desk).said == "“Ganz neu” is new and will be created."
    desk.key(Key.Key_Escape)


def test_the_last_of_several_tags_is_completed(desk: Desk, film: int) -> None:
    desk.context.office.leads.tag([film], add=["Empfehlung", "Film"])
    go(desk, "tags")
    type_(desk, "Web, empf")
    pick(desk)
    assert line(desk).text() == "Web, Empfehlung"
    desk.key(Key.Key_Return)
    assert desk.lead(film).tags == ("Empfehlung", "Web")


def test_a_stage_is_chosen_from_the_list(desk: Desk, film: int) -> None:
    go(desk, "stage")
    desk.key(Key.Key_F2)
    assert line(desk).offering
    assert line(desk).selectedText() == "Vorstellung", "what is typed replaces it"
    pick(desk)
    assert line(desk).text() == "Angebot", "the arrows go on from the stage that is there"
    desk.key(Key.Key_Return)
    assert desk.lead(film).stage == "Angebot"
    assert editing(desk).line is None


def test_an_editor_is_wide_enough_to_type_into_and_within_the_list(desk: Desk, film: int) -> None:
    go(desk, "responsible")
    desk.key(Key.Key_F2)
    room = desk.panel.view.viewport().rect()
    assert line(desk).width() >= 130
    assert room.contains(line(desk).geometry())
    line(desk).setText("zzz")
    desk.key(Key.Key_Return)
    bubble: Any = editing(desk)._bubble
    assert room.contains(bubble.geometry())
    desk.key(Key.Key_Escape)


def test_the_menu_edits_the_cell_that_was_clicked(desk: Desk, film: int) -> None:
    go(desk, "volume")
    desk.command("edit_cell")
    assert line(desk).accessibleName() == "Volume"
    desk.key(Key.Key_Escape)
    go(desk, "weighted")
    desk.command("edit_cell")
    assert "follows from other values" in editing(desk).said


def test_in_groups_the_next_lead_is_behind_the_row_of_a_group(desk: Desk, film: int) -> None:
    group_by(desk, "Stage")
    desk.choose(film)
    write(desk, "company", "Molkerei Nord")
    assert current(desk) == ("Kampagne Herbst", "company"), "past the row of the next stage"
    view = desk.panel.view
    view.setCurrentIndex(view.table.index(view.currentIndex().row() - 1, 1))
    type_(desk, "x")
    assert editing(desk).line is None, "the row of a group is no lead"
    desk.choose(film)
    go(desk, "responsible")
    desk.key(Key.Key_F2)
    desk.key(Key.Key_Tab)
    assert current(desk) == ("Kampagne Herbst", "title")
    desk.key(Key.Key_Escape)


def test_a_group_that_is_folded_takes_what_is_typed_over(desk: Desk, film: int) -> None:
    group_by(desk, "Stage")
    desk.choose(film)
    go(desk, "volume")
    type_(desk, "44k")
    desk.panel.view.hands.fold_all(True)
    QTest.qWait(10)
    assert editing(desk).line is None
    assert desk.lead(film).amount == Money.of(44_000, "EUR")


def test_while_others_write_the_value_waits_and_nothing_is_typed_over_it(desk: Desk, film: int) -> None:
    held = HeldJobs()
    editing(desk)._jobs = held
    write(desk, "volume", "44k")
    assert line(desk).isReadOnly()
    assert not editing(desk).settle(), "it is on its way"
    desk.key(Key.Key_Return)
    assert len(held.jobs) == 1
    held.finish()
    assert editing(desk).line is None
    assert desk.lead(film).amount == Money.of(44_000, "EUR")
    assert current(desk) == ("Hosting Bräu", "volume")


def test_a_value_that_is_refused_after_waiting_can_be_typed_anew(desk: Desk, film: int) -> None:
    desk.context.office.stages.edit(4, required=["source"])
    held = HeldJobs()
    editing(desk)._jobs = held
    write(desk, "stage", "Verhandlungen")
    job, progress = held.jobs.pop()
    with pytest.raises(InvalidInput) as refused:
        job.work(progress)
    assert job.failed is not None
    job.failed(refused.value)
    assert "Missing: Source" in editing(desk).said
    assert not line(desk).isReadOnly()
    desk.key(Key.Key_Escape)
    assert desk.lead(film).stage == "Vorstellung"


def test_a_window_that_is_out_of_sight_for_a_while_keeps_what_is_typed(desk: Desk, film: int) -> None:
    go(desk, "volume")
    type_(desk, "44x")
    desk.window.hide()
    desk.window.show()
    assert line(desk).text() == "44x"
    assert desk.said() == ""
    desk.key(Key.Key_Escape)


def test_a_screen_reader_hears_which_lead_is_edited(desk: Desk, film: int) -> None:
    go(desk, "volume")
    desk.key(Key.Key_F2)
    assert (line(desk).accessibleName(), line(desk).accessibleDescription()) == ("Volume", "Film Molkerei")
    desk.key(Key.Key_Escape)


def test_letters_put_together_of_several_keys_begin_editing_too(desk: Desk, film: int) -> None:
    go(desk, "title")
    view = desk.panel.view
    assert view.testAttribute(Qt.WidgetAttribute.WA_InputMethodEnabled)
    event = QInputMethodEvent()
    event.setCommitString("é")
    QApplication.sendEvent(view, event)
    assert line(desk).text() == "é"
    type_(desk, "tude")
    desk.key(Key.Key_Return)
    assert desk.lead(film).title == "étude"


def test_a_click_on_one_of_the_list_chooses_it(desk: Desk, film: int) -> None:
    go(desk, "stage")
    desk.key(Key.Key_F2)
    popup = line(desk)._completer.popup()
    assert popup is not None
    place = popup.visualRect(popup.model().index(2, 0)).center()
    QTest.mouseClick(popup.viewport(), Qt.MouseButton.LeftButton, pos=place)
    QTest.qWait(10)
    assert desk.lead(film).stage == "Angebot"
    assert editing(desk).line is None
    assert desk.focus() is desk.panel.view


def test_of_namesakes_nobody_is_guessed(desk: Desk, film: int) -> None:
    companies = desk.context.office.companies
    one = companies.create(name="Müller", addresses=[Place("work", city="Köln")])
    two = companies.create(name="Müller")
    write(desk, "company", "müller")
    assert "Several are called “müller”." in editing(desk).said
    assert desk.lead(film).company_id not in (one, two)
    for times in (1, 2):
        desk.key(Key.Key_Escape)
        desk.choose(film)
        go(desk, "company")
        type_(desk, "müll")
        assert sorted(line(desk)._names.stringList()) == ["Müller", "Müller · Köln"]
        pick(desk, times)
        label = line(desk).text()
        desk.key(Key.Key_Return)
        assert (desk.lead(film).company_id == one) == ("Köln" in label)
        assert desk.lead(film).company_id in (one, two)
