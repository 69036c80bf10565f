"""Fields that understand loosely, refuse with a reason, and complete names."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from app.core.errors import InvalidInput
from app.core.i18n import Text
from app.ui.theme import Theme
from app.ui.widgets.completer_combo import Choices, CompleterCombo
from app.ui.widgets.loose_edit import LooseEdit

NAMES = [(2**40, "Metzgerei Eckhof"), (2, "Metzgerei Ost"), (3, "Nordlicht"), (4, "Twin"), (5, "Twin")]


def parse(text: str) -> int:
    if not text.isdecimal():
        raise InvalidInput(Text("“{text}” is no number.", text=text))
    return int(text)


@pytest.fixture
def edit(theme: Theme, qtbot: QtBot) -> LooseEdit:
    edit = LooseEdit(theme, "Amount", parse, lambda value: f"{value} €", hint="e.g. 25k")
    qtbot.addWidget(edit)
    edit.show()
    return edit


def enter(edit: LooseEdit, text: str) -> None:
    edit.edit.selectAll()
    QTest.keyClicks(edit.edit, text)
    QTest.keyClick(edit.edit, Qt.Key.Key_Return)


def test_what_is_understood_is_shown_in_full(edit: LooseEdit, qtbot: QtBot) -> None:
    with qtbot.waitSignal(edit.accepted) as told:
        enter(edit, " 25 ")
    assert told.args == [25]
    assert edit.edit.text() == "25 €"
    assert edit.value == 25


def test_what_is_not_understood_stays_with_the_reason(edit: LooseEdit, qtbot: QtBot) -> None:
    edit.set_value(7)
    with qtbot.assertNotEmitted(edit.accepted):
        enter(edit, "abc")
    assert edit.edit.text() == "abc"
    assert edit.value == 7
    assert edit.reason == "“abc” is no number."
    assert edit.edit.accessibleDescription() == edit.reason
    QTest.keyClicks(edit.edit, "d")
    assert edit.reason == ""


def test_esc_takes_the_typing_back(edit: LooseEdit, qtbot: QtBot) -> None:
    edit.set_value(7)
    enter(edit, "abc")
    with qtbot.waitSignal(edit.cancelled):
        QTest.keyClick(edit.edit, Qt.Key.Key_Escape)
    assert (edit.edit.text(), edit.value, edit.reason) == ("7 €", 7, "")


def test_an_empty_field_is_nothing(edit: LooseEdit, qtbot: QtBot) -> None:
    edit.set_value(7)
    edit.edit.selectAll()
    QTest.keyClick(edit.edit, Qt.Key.Key_Delete)
    with qtbot.waitSignal(edit.accepted) as told:
        QTest.keyClick(edit.edit, Qt.Key.Key_Return)
    assert told.args == [None]


def test_the_same_value_again_is_no_news(edit: LooseEdit, qtbot: QtBot) -> None:
    edit.set_value(7)
    with qtbot.assertNotEmitted(edit.accepted):
        enter(edit, "7")


def test_a_required_field_says_so(theme: Theme, qtbot: QtBot) -> None:
    edit = LooseEdit(theme, "Title", str, str, required=lambda: InvalidInput(Text("A title is needed.")))
    qtbot.addWidget(edit)
    assert not edit.check()
    assert edit.reason == "A title is needed."


def test_shown_values_are_understood_again(theme: Theme, qtbot: QtBot) -> None:
    edit = LooseEdit(theme, "Amount", lambda text: parse(text.removesuffix(" €")), lambda value: f"{value} €")
    qtbot.addWidget(edit)
    edit.set_value(12)
    assert edit.check()
    assert edit.value == 12


def find(text: str) -> Choices:
    return [(id_, name) for id_, name in NAMES if text.casefold() in name.casefold()]


@pytest.fixture
def combo(theme: Theme, qtbot: QtBot) -> CompleterCombo:
    combo = CompleterCombo(theme, "Company", find)
    qtbot.addWidget(combo)
    combo.show()
    return combo


def offered(combo: CompleterCombo) -> list[str]:
    model = combo._choices
    return [model.item(row).text() for row in range(model.rowCount())]


def test_names_and_a_new_one_are_offered(combo: CompleterCombo) -> None:
    QTest.keyClicks(combo, "metz")
    assert offered(combo) == ["Metzgerei Eckhof", "Metzgerei Ost", "Create “metz”"]
    assert combo.chosen is None
    assert combo.creates


def test_a_name_typed_in_full_is_chosen(combo: CompleterCombo) -> None:
    QTest.keyClicks(combo, "nordlicht")
    assert offered(combo) == ["Nordlicht"]
    assert combo.chosen == 3
    assert not combo.creates


def test_of_two_alike_none_is_guessed(combo: CompleterCombo) -> None:
    QTest.keyClicks(combo, "Twin")
    assert combo.chosen is None
    assert offered(combo) == ["Twin", "Twin"]


def test_picking_by_keyboard_puts_the_name_in(combo: CompleterCombo, qtbot: QtBot) -> None:
    QTest.keyClicks(combo, "Metz")
    popup = combo._popup
    qtbot.waitUntil(popup.isVisible)
    with qtbot.waitSignal(combo.picked) as told:
        QTest.keyClick(popup, Qt.Key.Key_Down)
        QTest.keyClick(popup, Qt.Key.Key_Return)
    assert told.args == [2**40, "Metzgerei Eckhof"]
    assert combo.text() == "Metzgerei Eckhof"
    assert combo.chosen == 2**40


def test_picking_the_last_entry_means_a_new_name(combo: CompleterCombo, qtbot: QtBot) -> None:
    QTest.keyClicks(combo, "Metz")
    popup = combo._popup
    qtbot.waitUntil(popup.isVisible)
    for _ in range(3):
        QTest.keyClick(popup, Qt.Key.Key_Down)
    with qtbot.waitSignal(combo.picked) as told:
        QTest.keyClick(popup, Qt.Key.Key_Return)
    assert told.args == [None, "Metz"]
    assert combo.text() == "Metz"
    assert combo.creates


def test_without_creating_there_is_no_such_entry(theme: Theme, qtbot: QtBot) -> None:
    combo = CompleterCombo(theme, "Company", find, create=False)
    qtbot.addWidget(combo)
    QTest.keyClicks(combo, "zzz")
    assert offered(combo) == []
    assert not combo.creates


@pytest.mark.parametrize("typed", ["{name}", "%s", "<b>", "  "])
def test_odd_names_do_no_harm(combo: CompleterCombo, typed: str) -> None:
    QTest.keyClicks(combo, typed)
    assert all(typed.strip() in entry for entry in offered(combo))
    assert combo.creates == bool(typed.strip())


def test_a_choice_is_shown_without_telling(combo: CompleterCombo, qtbot: QtBot) -> None:
    with qtbot.assertNotEmitted(combo.picked):
        combo.set_choice(3, "Nordlicht")
    assert (combo.chosen, combo.text()) == (3, "Nordlicht")
