"""What every dialog has."""

import pytest
from PySide6.QtCore import Qt, QTimer
from PySide6.QtGui import QAccessible
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QComboBox, QHBoxLayout, QLabel, QLineEdit, QVBoxLayout, QWidget
from pytestqt.qtbot import QtBot

from app.core.errors import InvalidInput
from app.core.i18n import Text
from app.core.settings import Settings
from app.ui.forms.dialog import Dialog
from app.ui.forms.field import Field, Form
from app.ui.forms.names import NameEdit
from app.ui.theme import Theme
from app.ui.widgets.unseen import label_unseen
from tests.ui.dialogs.fitting import cut_off


def test_a_dialog_may_go_with_its_window(theme: Theme, qtbot: QtBot) -> None:
    """Another language makes the window anew while the settings are open."""
    parent = QWidget()
    dialog = Dialog(theme, "Settings", parent)
    QTimer.singleShot(0, parent.deleteLater)
    assert dialog.exec() == 0


@pytest.mark.parametrize("keys", [Qt.Key.Key_Return, Qt.Key.Key_Enter])
def test_control_and_enter_do_it_from_anywhere(keys: Qt.Key, theme: Theme, qtbot: QtBot) -> None:
    dialog = Dialog(theme, "Note")
    qtbot.addWidget(dialog)
    line = QLineEdit()
    dialog.body.addWidget(line)
    done: list[bool] = []
    dialog.add_buttons("Save").clicked.connect(lambda: done.append(True))
    with qtbot.waitActive(dialog):  # shortcuts belong to the active window
        dialog.show()
    line.setFocus()
    QTest.keyClick(line, keys, Qt.KeyboardModifier.ControlModifier)
    assert done == [True]


def test_a_small_dialog_grows_with_what_it_says(theme: Theme, qtbot: QtBot) -> None:
    dialog = Dialog(theme, "Volume")
    qtbot.addWidget(dialog)
    row = QHBoxLayout()
    fields = [Field(words, QLineEdit()) for words in ("From", "Up to")]
    for field in fields:
        row.addWidget(field)
    dialog.body.addLayout(row)
    dialog.add_buttons("Apply")
    dialog.resize(280, 190)
    with qtbot.waitExposed(dialog):
        dialog.show()
    fields[1].refuse(InvalidInput(Text("This is no amount. Write for example 25k, 1.234,56 or 1'234.50, in one word.")))
    qtbot.waitUntil(lambda: not cut_off(dialog))


def test_a_dialog_opens_in_the_size_it_had(theme: Theme, settings: Settings, qtbot: QtBot) -> None:
    first = Dialog(theme, "One")
    qtbot.addWidget(first)
    first.remember_size(settings, "some", 300, 200)
    first.show()
    first.resize(456, 321)
    first.done(0)
    second = Dialog(theme, "Two")
    qtbot.addWidget(second)
    second.remember_size(settings, "some", 300, 200)
    assert second.size().toTuple() == (456, 321)


def test_the_size_it_had_is_scaled_with_the_text(theme: Theme, settings: Settings, qtbot: QtBot) -> None:
    def opened(scale: int) -> Dialog:
        theme.use(scale=scale)
        dialog = Dialog(theme, "Some")
        qtbot.addWidget(dialog)
        dialog.remember_size(settings, "some", 300, 9000)
        dialog.show()
        return dialog

    large = opened(200)
    assert large.width() == 600
    tallest = large.height()
    large.done(0)
    usual = opened(100)
    assert (usual.width(), usual.height()) == (300, tallest), "only the screen made it lower"
    usual.resize(345, 210)
    usual.done(0)
    large = opened(200)
    assert large.size().toTuple() == (690, 420)
    large.resize(500, 420)
    theme.use(scale=100)
    large.done(0)
    assert opened(100).size().toTuple() == (250, 210)


def test_an_error_finds_its_field_by_any_of_its_names(theme: Theme, qtbot: QtBot) -> None:
    window, form = QWidget(), Form()
    qtbot.addWidget(window)
    field = form.add("amount", Field("Volume", QLineEdit(window), tip="Help"), "volume")
    field.setParent(window)
    window.show()
    form.refuse(InvalidInput(Text("Too much."), field="volume"))
    assert (field.refused, field.said, form.general.text()) == (True, "Too much.", "")
    assert field.control.accessibleName() == "Volume"
    assert field.control.accessibleDescription() == "Too much."
    form.settle()
    assert (field.refused, field.said) == (False, "Help")
    form.refuse(InvalidInput(Text("Gone."), field="elsewhere"))
    assert form.general.text() == "Gone."
    field.hide()
    form.refuse(InvalidInput(Text("Hidden."), field="amount"))
    assert form.general.text() == "Hidden."


def test_what_was_typed_is_never_markup(theme: Theme, qtbot: QtBot) -> None:
    dialog = Dialog(theme, "<b>bold</b>")
    qtbot.addWidget(dialog)
    field = Field("Name", QLineEdit())
    dialog.body.addWidget(field)
    field.hint("<img src=x>")
    formats = {label.textFormat() for label in dialog.findChildren(QLabel) if "<" in label.text()}
    assert formats == {Qt.TextFormat.PlainText}


def test_a_combo_box_is_named_by_a_label_and_so_is_the_line_in_it(theme: Theme, qtbot: QtBot) -> None:
    """On Linux a screen reader hears the value as its name; the name comes from the label it belongs to."""
    window, combo, lone = QWidget(), QComboBox(), QComboBox()
    qtbot.addWidget(window)
    combo.setEditable(True)
    box = QVBoxLayout(window)
    box.addWidget(Field("Source", combo))
    box.addWidget(lone)
    label_unseen(lone, "Currency")
    line = combo.lineEdit()
    assert line is not None
    assert line.accessibleName() == combo.accessibleName() == "Source"
    for control in (combo, lone):
        interface = QAccessible.queryAccessibleInterface(control)
        [(label, _)] = interface.relations(QAccessible.RelationFlag.Label)
        assert label.text(QAccessible.Text.Name) == control.accessibleName()


def test_offered_names_leave_the_field_to_be_seen(theme: Theme, qtbot: QtBot) -> None:
    window = QWidget()
    qtbot.addWidget(window)
    edit = NameEdit(lambda typed: ["Alpha", "Beta"])
    QVBoxLayout(window).addWidget(edit)
    window.show()
    QTest.keyClicks(edit, "a")
    popup = edit.completer().popup()
    assert popup is not None
    assert popup.isVisible()
    assert popup.y() >= edit.mapToGlobal(edit.rect().bottomLeft()).y()
    popup.hide()
