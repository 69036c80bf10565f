"""Editing in the detail panel: what is typed is saved, refused with a reason, or given back; never lost."""

from datetime import date
from decimal import Decimal

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QFontMetrics
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QApplication, QComboBox, QLabel, QLineEdit, QPlainTextEdit, QTextEdit
from pytestqt.qtbot import QtBot

from app.core.money import Money
from app.core.terms import Status
from app.ui.help.shortcuts import all_keys
from app.ui.widgets.toast import Toast
from tests.flows.desk import Desk
from tests.stores import add_member


@pytest.fixture
def film(desk: Desk, leads: dict[str, int]) -> int:
    """The lead that is chosen."""
    desk.choose(leads["Film Molkerei"])
    return leads["Film Molkerei"]


@pytest.mark.parametrize("way", ["row", "tab", "panel"])
@pytest.mark.parametrize("twice", [False, True])
def test_what_cannot_be_taken_over_on_leaving_is_told(
    desk: Desk, film: int, leads: dict[str, int], way: str, twice: bool
) -> None:
    if twice:  # the place of the message is there already
        desk.window.tell_error("Before")
    desk.edit("Volume")
    desk.type("77abc")
    if way == "row":
        desk.choose(leads["Hosting Bräu"])
    else:
        desk.command("tab:potential" if way == "tab" else "detail")
    toast = desk.window.findChild(Toast)
    assert toast is not None
    assert toast.isVisible()
    assert desk.said().startswith("Volume was not changed: ")
    assert "77abc" in desk.said()
    desk.window.go_to("leads")
    desk.choose(film)
    assert desk.lead(film).amount == Money.of(20_000, "EUR")


@pytest.mark.parametrize(
    ("label", "typed", "attribute", "value"),
    [
        ("Volume", "77k", "amount", Money.of(77_000, "EUR")),
        ("Company", "Neue Firma", "company", "Neue Firma"),
        ("Info", "lang getippt", "info", "lang getippt"),
    ],
)
def test_what_was_typed_is_saved_when_another_tab_comes(
    desk: Desk, film: int, label: str, typed: str, attribute: str, value: object
) -> None:
    desk.edit(label)
    desk.type(typed)
    desk.command("tab:potential")
    assert getattr(desk.lead(film), attribute) == value
    assert desk.said() == ""


@pytest.mark.parametrize(
    ("label", "typed", "attribute", "value"),
    [
        ("Volume", "25k", "amount", Money.of(25_000, "EUR")),
        ("Volume", "1'234.50", "amount", Money.of(Decimal("1234.5"), "EUR")),
        ("Probability", "12,5", "probability", 25),
        ("Service period", "Jan-Mar 27", "period_last", date(2027, 3, 1).year * 12 + 2),
        ("Company", "Molkerei Alpenrand", "company", "Molkerei Alpenrand"),
        ("Source", "Messe", "source", "Messe"),
        ("Tags", "film, Film ;neu", "tags", ("film", "neu")),
        ("External number", "A-17", "external_number", "A-17"),
    ],
)
def test_a_value_is_saved_with_enter(
    desk: Desk, film: int, label: str, typed: str, attribute: str, value: object
) -> None:
    desk.edit(label)
    desk.type(typed, enter=True)
    found = getattr(desk.lead(film), attribute)
    assert found == value
    assert _editor(desk) is None, "the editor is closed"
    desk.command("undo")
    assert getattr(desk.lead(film), attribute) != value


def test_the_list_shows_what_was_edited(desk: Desk, film: int) -> None:
    desk.edit("Volume")
    desk.type("400k", enter=True)
    assert desk.titles()[:2] == ["Webshop Müller", "Film Molkerei"]
    assert desk.shown("volume", 1) == "€400,000"
    assert desk.panel.selected_ids() == [film]
    assert "€220,000" not in desk.shown("weighted", 1)


@pytest.mark.parametrize(
    ("label", "typed"),
    [
        ("Volume", "viel"),
        ("Volume", "-5"),
        ("Volume", "700 CHF"),
        ("Probability", "101"),
        ("Probability", "abc"),
        ("Service period", "Mar 27 - Jan 27"),
        ("Service period", "quatsch"),
    ],
)
def test_what_makes_no_sense_stays_in_the_field_with_a_reason(desk: Desk, film: int, label: str, typed: str) -> None:
    before = desk.lead(film)
    editor = desk.edit(label)
    desk.type(typed, enter=True)
    assert desk.lead(film) == before
    assert isinstance(editor, QLineEdit)
    assert editor.isVisible()
    assert editor.text() == typed
    assert _reason(editor), "there is a sentence below"
    assert editor.accessibleDescription() == _reason(editor)
    desk.key(Qt.Key.Key_Escape)
    assert _editor(desk) is None
    assert desk.lead(film) == before


def test_escape_gives_the_value_back(desk: Desk, film: int) -> None:
    before = desk.lead(film)
    for label in ("Volume", "Company", "Info", "Tags"):
        desk.edit(label)
        desk.type("99999")
        desk.key(Qt.Key.Key_Escape)
        assert _editor(desk) is None
        assert desk.lead(film) == before
        focused = QApplication.focusWidget()
        assert focused is not None
        assert focused.accessibleName().startswith(f"{label}:"), "the keyboard is still there"


def test_shift_f2_goes_from_the_list_to_the_values_and_esc_back(desk: Desk, film: int) -> None:
    desk.command("detail")
    desk.panel.view.setFocus()
    desk.key(Qt.Key.Key_F2, Qt.KeyboardModifier.ShiftModifier)
    assert desk.window.side.isVisible()
    focused = QApplication.focusWidget()
    assert focused is not None
    assert focused.accessibleName().startswith("Volume:")
    desk.key(Qt.Key.Key_F2)
    desk.type("33k", enter=True)
    assert desk.lead(film).amount == Money.of(33_000, "EUR")
    desk.key(Qt.Key.Key_Escape)
    assert QApplication.focusWidget() is desk.panel.view


def test_what_the_shortcut_page_says_of_lists_and_panel(desk: Desk) -> None:
    keys = {(key.group, key.keys) for key in all_keys(desk.window.actions_)}
    assert {
        ("In a list", "F2"),
        ("In a list", "Shift+F2"),
        ("In the detail panel", "F2"),
        ("In the detail panel", "Esc"),
    } <= keys


def test_tab_saves_and_goes_on(desk: Desk, film: int) -> None:
    desk.edit("Volume")
    desk.type("33k")
    desk.key(Qt.Key.Key_Tab)
    assert desk.lead(film).amount == Money.of(33_000, "EUR")
    focused = QApplication.focusWidget()
    assert isinstance(focused, QAbstractButton)
    assert focused.accessibleName().startswith("Probability:")
    desk.key(Qt.Key.Key_F2)
    desk.type("50", enter=True)
    assert desk.lead(film).probability == 100


def test_leaving_a_field_unchanged_changes_nothing(desk: Desk, film: int) -> None:
    before = desk.status()
    for label in ("Volume", "Probability", "Service period", "Company", "Tags", "External number", "Info"):
        desk.edit(label)
        desk.key(Qt.Key.Key_Tab)
        assert _editor(desk) is None
    assert desk.status() == before
    assert desk.context.office.history.next_undo() is not None
    assert desk.lead(film).own_probability is False


def test_several_lines_of_info(desk: Desk, film: int) -> None:
    desk.edit("Info")
    desk.type("Erste Zeile", enter=True)
    desk.type("zweite")
    desk.key(Qt.Key.Key_Tab)
    assert desk.lead(film).info == "Erste Zeile\nzweite"


def test_another_responsible_person_is_chosen(desk: Desk, film: int) -> None:
    jonas = add_member(desk.store, "Jonas Vogt", "JV")
    box = desk.edit("Responsible")
    assert isinstance(box, QComboBox)
    desk.key(Qt.Key.Key_Down)
    for key in (Qt.Key.Key_End, Qt.Key.Key_Return):
        QTest.keyClick(box.view(), key)
    assert desk.lead(film).user_id == jonas
    assert not box.isVisible() or _editor(desk) is None


def test_a_storage_error_keeps_what_was_typed(desk: Desk, film: int, monkeypatch: pytest.MonkeyPatch) -> None:
    for label, typed in (("Volume", "77k"), ("Company", "Neue Firma"), ("Info", "lang getippt")):
        editor = desk.edit(label)
        desk.key(Qt.Key.Key_A, Qt.KeyboardModifier.ControlModifier)
        desk.type(typed)
        _refuse_writing(desk, refuse=True)
        desk.key(Qt.Key.Key_Tab)
        assert editor.isVisible(), f"{label} is still open"
        assert isinstance(editor, QLineEdit | QPlainTextEdit)
        text = editor.text() if isinstance(editor, QLineEdit) else editor.toPlainText()
        assert text in (typed, "€77,000.00")
        _refuse_writing(desk, refuse=False)
        editor.setFocus()
        if isinstance(editor, QLineEdit):
            desk.key(Qt.Key.Key_Return)
        else:
            desk.key(Qt.Key.Key_Tab)
    row = desk.lead(film)
    assert (row.amount, row.company, row.info) == (Money.of(77_000, "EUR"), "Neue Firma", "lang getippt")


def test_a_note_is_written_and_can_be_taken_back(desk: Desk, film: int, qtbot: QtBot) -> None:
    desk.command("note")
    desk.type("Budget ist <b>frei</b> & da")
    desk.press("Save note")

    qtbot.waitUntil(lambda: "Budget ist <b>frei</b> & da" in desk.history())
    desk.command("undo")
    qtbot.waitUntil(lambda: "Budget" not in desk.history())


def test_a_note_is_saved_with_ctrl_enter(desk: Desk, film: int, qtbot: QtBot) -> None:
    desk.command("note")
    desk.type("erste")
    desk.key(Qt.Key.Key_Return)
    desk.type("zweite")
    desk.key(Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    note = desk.find(QTextEdit, "Note")
    assert note.toPlainText() == ""
    assert desk.window.focusWidget() is note, "the next one can follow"
    assert "erste\nzweite" in desk.history()


def test_a_note_half_written_waits_for_its_lead(desk: Desk, film: int, leads: dict[str, int]) -> None:
    desk.command("note")
    desk.type("halb")
    desk.choose(leads["Webshop Müller"])
    assert desk.find(QTextEdit, "Note").toPlainText() == ""
    desk.choose(film)
    assert desk.find(QTextEdit, "Note").toPlainText() == "halb"


def test_the_stage_bar_says_the_whole_name_of_the_current_stage(desk: Desk, leads: dict[str, int]) -> None:
    for lead_id in desk.panel.model.ids[:5]:
        desk.choose(lead_id)
        QApplication.sendPostedEvents()
        current = next(button for button in desk.detail._stages._buttons if button.current)
        assert QFontMetrics(current._font()).horizontalAdvance(current.text()) <= current.width() - 8
        assert all(button.toolTip() for button in desk.detail._stages._buttons)


def test_the_stage_bar_moves_a_lead(desk: Desk, film: int) -> None:
    desk.press("Angebot", desk.detail)
    assert desk.lead(film).stage == "Angebot"
    assert desk.lead(film).weighted == 6_000_00
    strip = [button.accessibleName() for button in desk.window.current_tab().strip._buttons]
    assert "2 leads" in strip[2]
    assert desk.find(QAbstractButton, "Angebot, current stage", desk.detail).isVisible()
    desk.command("undo")
    assert desk.lead(film).stage == "Vorstellung"


def test_the_panel_follows_a_change_and_a_deletion(desk: Desk, film: int) -> None:
    desk.context.office.leads.edit([film], title="Film für die Molkerei")
    assert desk.detail.title == "Film für die Molkerei"
    desk.command("delete")
    assert desk.detail.shown_id != film
    desk.command("undo")
    desk.choose(film)
    assert desk.detail.title == "Film für die Molkerei"


def test_an_idea_shows_what_an_idea_has(desk: Desk, leads: dict[str, int], qtbot: QtBot) -> None:
    desk.window.go_to("potential")
    desk.choose(leads["Idee App"])
    visible = {each.text() for each in desk.detail.findChildren(QAbstractButton) if each.isVisible()}
    assert "Activate" in visible
    assert "Open again" not in visible
    desk.press("Activate", desk.detail)
    qtbot.wait(1)  # a list that was behind asks anew when it is shown
    assert desk.lead(leads["Idee App"]).status == Status.ACTIVE
    assert desk.window.current_tab() is desk.window.built_tabs()["leads"]
    assert desk.panel.selected_ids() == [leads["Idee App"]]


def _editor(desk: Desk) -> object:
    return next((value.editor for value in desk.detail._fields._values.values() if value.editor is not None), None)


def _reason(editor: QLineEdit) -> str:
    parent = editor.parentWidget()
    assert parent is not None
    return next(label.text() for label in parent.findChildren(QLabel) if label.property("kind") == "error")


def _refuse_writing(desk: Desk, *, refuse: bool) -> None:
    with desk.store.bare() as connection:
        connection.execute(f"PRAGMA query_only = {'ON' if refuse else 'OFF'}")
