"""A value edited where it stands: understood, refused with a reason, or given back."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from app.core.errors import InvalidInput
from app.core.i18n import Text
from app.ui.forms.in_place import InPlace
from app.ui.theme import Theme


def parse(text: str) -> int:
    number = text.removesuffix(" €")
    if not number.isdecimal():
        raise InvalidInput(Text("“{text}” is no number.", text=text))
    return int(number)


@pytest.fixture
def edit(theme: Theme, qtbot: QtBot) -> InPlace:
    edit = InPlace("Amount", parse, lambda value: f"{value} €", hint="e.g. 25k")
    qtbot.addWidget(edit)
    edit.set_value(7)
    edit.show()
    return edit


def enter(edit: InPlace, text: str) -> None:
    edit.edit.selectAll()
    QTest.keyClicks(edit.edit, text)
    QTest.keyClick(edit.edit, Qt.Key.Key_Return)


def test_what_is_understood_is_taken_over(edit: InPlace, qtbot: QtBot) -> None:
    with qtbot.waitSignal(edit.accepted) as told:
        enter(edit, " 25 ")
    assert told.args == [25]


def test_what_is_not_understood_stays_with_the_reason(edit: InPlace, qtbot: QtBot) -> None:
    with qtbot.assertNotEmitted(edit.accepted), qtbot.assertNotEmitted(edit.left):
        enter(edit, "abc")
    assert edit.edit.text() == "abc"
    assert edit.reason == "“abc” is no number."
    assert edit.edit.accessibleDescription() == edit.reason
    QTest.keyClicks(edit.edit, "d")
    assert edit.reason == ""


def test_esc_takes_the_typing_back(edit: InPlace, qtbot: QtBot) -> None:
    enter(edit, "abc")
    with qtbot.waitSignal(edit.cancelled):
        QTest.keyClick(edit.edit, Qt.Key.Key_Escape)
    assert (edit.edit.text(), edit.reason) == ("7 €", "")


def test_an_empty_field_is_nothing(edit: InPlace, qtbot: QtBot) -> None:
    edit.edit.selectAll()
    QTest.keyClick(edit.edit, Qt.Key.Key_Delete)
    with qtbot.waitSignal(edit.accepted) as told:
        QTest.keyClick(edit.edit, Qt.Key.Key_Return)
    assert told.args == [None]


def test_the_same_value_again_is_no_news(edit: InPlace, qtbot: QtBot) -> None:
    with qtbot.assertNotEmitted(edit.accepted), qtbot.waitSignal(edit.left):
        enter(edit, "7")


def test_what_a_service_refuses_is_said_and_kept(edit: InPlace) -> None:
    edit.accepted.connect(lambda _value: edit.refuse("Too much."))
    enter(edit, "900")
    assert edit.reason == "Too much."
    assert edit.edit.text() == "900 €"
