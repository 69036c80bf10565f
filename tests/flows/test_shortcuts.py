"""Keys that were changed hold at once: in menus, in the palette, in what is written about them, and after a restart."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QKeySequence
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QPushButton, QTextBrowser

from app.core.settings import SHORTCUTS
from app.ui.help.page import HelpDialog, with_keys
from app.ui.help.shortcuts import ShortcutsDialog
from tests.flows.conftest import Open
from tests.flows.desk import Desk
from tests.flows.test_palette import opened

_CTRL, _SHIFT = Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.ShiftModifier


@pytest.fixture
def page(desk: Desk) -> ShortcutsDialog:
    """The page of shortcuts, open."""
    dialog = ShortcutsDialog(desk.context, desk.window.actions_, desk.window)
    dialog.show()
    return dialog


def change(page: ShortcutsDialog, command: str, key: Qt.Key, held: Qt.KeyboardModifier = _CTRL) -> None:
    """Press the keys of a command, then others."""
    button = page.button(command)
    QTest.mouseClick(button, Qt.MouseButton.LeftButton)
    assert button.recording
    QTest.keyClick(button, key, held)
    assert not button.recording


def leave(desk: Desk, page: ShortcutsDialog) -> None:
    """Close the page; the window is in front again."""
    page.close()
    desk.window.activateWindow()
    QTest.qWaitForWindowActive(desk.window)


def answer(page: ShortcutsDialog, words: str) -> None:
    """Click the answer below the list."""
    found = [each for each in page.findChildren(QPushButton) if each.isVisible() and each.text() == words]
    assert len(found) == 1
    QTest.mouseClick(found[0], Qt.MouseButton.LeftButton)


def test_new_keys_hold_at_once(desk: Desk, page: ShortcutsDialog) -> None:
    change(page, "new_lead", Qt.Key.Key_J)
    assert page.button("new_lead").text() == "Ctrl+J"
    assert desk.window.actions_["new_lead"].shortcut() == QKeySequence("Ctrl+J")
    assert "Ctrl+J" in page._told.said
    leave(desk, page)
    entry = opened(desk, "new lead").entry()
    assert entry is not None
    assert entry.right == "Ctrl+J"


def test_they_hold_after_a_restart(desk: Desk, page: ShortcutsDialog, opening: Open) -> None:
    change(page, "note", Qt.Key.Key_J)
    page.close()
    desk.window.close()
    again = opening()
    assert again.window.actions_["note"].shortcut() == QKeySequence("Ctrl+J")
    again.choose(1)
    again.key(Qt.Key.Key_J, _CTRL)
    assert again.focus() is again.detail.findChild(type(again.focus()), again.focus().objectName())
    assert again.focus().accessibleName() == "Note"


def test_keys_of_another_command_are_taken_over_only_when_asked_for(desk: Desk, page: ShortcutsDialog) -> None:
    change(page, "new_lead", Qt.Key.Key_E)
    assert page._told.said == "Ctrl+E belongs to “Export”."
    assert desk.window.actions_.keys("new_lead") == "Ctrl+N"
    answer(page, "Take over")
    assert desk.window.actions_.keys("new_lead") == "Ctrl+E"
    assert desk.window.actions_.keys("export") == ""
    assert page.button("export").text() == "–"


def test_a_second_key_that_is_taken_over_leaves_the_first(desk: Desk, page: ShortcutsDialog) -> None:
    change(page, "new_lead", Qt.Key.Key_Y)
    assert page._told.said == "Ctrl+Y belongs to “Redo”."
    answer(page, "Take over")
    assert desk.window.actions_.keys("redo") == "Ctrl+Shift+Z"
    assert desk.window.actions_["redo"].shortcuts() == [QKeySequence("Ctrl+Shift+Z")]


@pytest.mark.parametrize(
    ("key", "held"),
    [(Qt.Key.Key_A, Qt.KeyboardModifier.NoModifier), (Qt.Key.Key_Tab, Qt.KeyboardModifier.NoModifier),
     (Qt.Key.Key_Return, Qt.KeyboardModifier.NoModifier), (Qt.Key.Key_V, _CTRL), (Qt.Key.Key_Left, _CTRL),
     (Qt.Key.Key_D, Qt.KeyboardModifier.AltModifier), (Qt.Key.Key_7, _SHIFT)],
)  # fmt: skip
def test_keys_that_are_needed_elsewhere_are_refused(
    desk: Desk, page: ShortcutsDialog, key: Qt.Key, held: Qt.KeyboardModifier
) -> None:
    change(page, "new_lead", key, held)
    assert page._told.said.endswith(".")
    assert page._told._note.property("kind") == "error"
    assert desk.window.actions_.keys("new_lead") == "Ctrl+N"


def test_esc_leaves_the_keys(desk: Desk, page: ShortcutsDialog) -> None:
    change(page, "new_lead", Qt.Key.Key_Escape, Qt.KeyboardModifier.NoModifier)
    assert page.isVisible()
    assert page.button("new_lead").text() == "Ctrl+N"


def test_going_elsewhere_leaves_the_keys(page: ShortcutsDialog) -> None:
    button = page.button("new_lead")
    QTest.mouseClick(button, Qt.MouseButton.LeftButton)
    page.button("export").setFocus()
    assert not button.recording
    assert button.text() == "Ctrl+N"


def test_keys_are_removed_and_reset(desk: Desk, page: ShortcutsDialog) -> None:
    button = page.button("new_lead")
    QTest.keyClick(button, Qt.Key.Key_Delete)
    assert desk.window.actions_.keys("new_lead") == ""
    assert button.accessibleName() == "New lead: no keys"
    QTest.keyClick(button, Qt.Key.Key_Backspace)
    assert desk.window.actions_.keys("new_lead") == "Ctrl+N"
    assert desk.context.settings[SHORTCUTS] == ""
    QTest.mouseClick(button, Qt.MouseButton.LeftButton)
    answer(page, "No keys")
    assert button.text() == "–"


def test_all_are_reset_and_brought_back(desk: Desk, page: ShortcutsDialog) -> None:
    assert not page._reset_all.isEnabled()
    change(page, "new_lead", Qt.Key.Key_J)
    change(page, "won", Qt.Key.Key_J, _CTRL | _SHIFT)
    QTest.mouseClick(page._reset_all, Qt.MouseButton.LeftButton)
    assert desk.window.actions_.chosen_keys == {}
    assert desk.window.actions_.keys("won") == "Ctrl+Shift+W"
    answer(page, "Undo")
    assert desk.window.actions_.chosen_keys == {"new_lead": "Ctrl+J", "won": "Ctrl+Shift+J"}


def test_rubbish_in_the_settings_harms_nothing(desk: Desk) -> None:
    for kept in ("{", "[]", '{"new_lead": "A", "won": 7}'):
        desk.context.settings[SHORTCUTS] = kept
        assert desk.window.actions_.keys("new_lead") == "Ctrl+N"


def test_what_is_written_about_keys_follows(desk: Desk, page: ShortcutsDialog) -> None:
    change(page, "shortcuts", Qt.Key.Key_F3, Qt.KeyboardModifier.NoModifier)
    change(page, "undo", Qt.Key.Key_J)
    page.close()
    dialog = HelpDialog(desk.context, desk.window, desk.window.actions_.other_keys())
    words = dialog.findChildren(QTextBrowser)[0].toPlainText()
    assert "F3" in words
    assert "Ctrl+F1" not in words
    assert "Ctrl+J" in words
    dialog.close()


def test_only_whole_keys_are_replaced() -> None:
    words = with_keys("F1, Ctrl+F1, Ctrl+Z and Ctrl+Shift+Z, F11", {"Ctrl+Z": "Ctrl+J", "F1": ""})
    assert words == "(no keys), Ctrl+F1, Ctrl+J and Ctrl+Shift+Z, F11"


def test_the_way_back_in_the_status_bar_names_the_keys_that_hold(desk: Desk, page: ShortcutsDialog) -> None:
    change(page, "undo", Qt.Key.Key_J)
    leave(desk, page)
    desk.choose(1)
    desk.command("duplicate")
    assert "(Ctrl+J)" in desk.find(QAbstractButton, "Undo").toolTip()
    desk.key(Qt.Key.Key_J, _CTRL)
    assert len(desk.titles()) == 5
