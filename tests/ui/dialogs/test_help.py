"""The page of keys is made from the table of commands; the about box says what is true."""

from dataclasses import replace

import pytest
from PySide6.QtCore import QPoint
from PySide6.QtGui import QGuiApplication, QKeySequence, QTextTable
from PySide6.QtWidgets import QLabel, QPushButton, QTextBrowser, QWidget
from pytestqt.qtbot import QtBot

from app import __version__
from app.core.format import Formats
from app.core.i18n import N_, tr
from app.models.store import Store
from app.services.filter_operators import OPERATORS, SIGNS
from app.ui.actions import Actions, ActionSpec
from app.ui.commands import COMMANDS
from app.ui.context import Context
from app.ui.help.about import AboutDialog
from app.ui.help.page import HelpDialog
from app.ui.help.shortcuts import ShortcutsDialog, all_keys
from app.ui.main_window import TABS
from tests.ui.dialogs.conftest import Speak


def keys_dialog(context: Context, specs: tuple[ActionSpec, ...], qtbot: QtBot) -> ShortcutsDialog:
    parent = QWidget()
    qtbot.addWidget(parent)
    dialog = ShortcutsDialog(context, Actions(specs, parent, {spec.id: lambda: None for spec in specs}))
    qtbot.addWidget(dialog)
    dialog.show()
    return dialog


def test_keys_are_called_as_on_the_keyboard(speak: Speak, qtbot: QtBot) -> None:
    speak("de", "DE")
    parent = QWidget()
    qtbot.addWidget(parent)
    actions = Actions(COMMANDS, parent, {spec.id: lambda: None for spec in COMMANDS})
    assert not [key.keys for key in all_keys(actions) if "Return" in key.keys]
    assert actions["edit"].text().endswith("+Eingabe")
    assert actions["edit"].shortcut() == QKeySequence("Ctrl+Return")


def test_every_key_of_the_table_is_listed(context: Context, qtbot: QtBot) -> None:
    dialog = keys_dialog(context, COMMANDS, qtbot)
    listed = {key.keys for key in dialog.shown()}
    native = QKeySequence.SequenceFormat.NativeText
    for spec in COMMANDS:
        if spec.shortcut:
            assert QKeySequence(spec.shortcut).toString(native) in listed


def test_a_new_command_appears_by_itself(context: Context, qtbot: QtBot) -> None:
    spec = ActionSpec("dance", N_("&Note"), N_("&Lead"), shortcut="Ctrl+Alt+J")
    dialog = keys_dialog(context, (spec,), qtbot)
    assert ("Note", "Ctrl+Alt+J") in {(key.words, key.keys) for key in dialog.shown()}


def test_typing_narrows_the_list(context: Context, qtbot: QtBot) -> None:
    dialog = keys_dialog(context, COMMANDS, qtbot)
    dialog._search.setText("undo")
    assert [key.words for key in dialog.shown()] == ["Undo"]
    visible = {label.text() for label in dialog.findChildren(QLabel) if label.isVisible()}
    assert "Edit" in visible
    assert "File" not in visible
    dialog._search.setText("'); DROP")
    assert dialog.shown() == []
    assert dialog._none.isVisible()


@pytest.mark.parametrize("language", ["de", "en", "xx"])
def test_there_is_a_page_of_help(context: Context, qtbot: QtBot, language: str) -> None:
    dialog = HelpDialog(replace(context, formats=Formats(language, "DE")))
    qtbot.addWidget(dialog)
    words = dialog.findChildren(QTextBrowser)[0].toPlainText()
    assert ("Kontaktpotenzial" in words) == (language == "de")
    assert "30" in words


@pytest.mark.parametrize("language", ["de", "en"])
def test_every_word_that_can_be_typed_is_explained(speak: Speak, context: Context, qtbot: QtBot, language: str) -> None:
    speak(language, "DE")
    dialog = HelpDialog(replace(context, formats=Formats(language, "DE")))
    qtbot.addWidget(dialog)
    document = dialog.findChildren(QTextBrowser)[0].document()
    cells = [
        "".join(table.cellAt(row, column).firstCursorPosition().block().text() for column in (0, 1, 2))
        for table in document.rootFrame().childFrames() if isinstance(table, QTextTable)
        for row in range(table.rows())
    ]  # fmt: skip
    words = [(each.example, ", ".join(each.names), each.means) for every in OPERATORS.values() for each in every]
    for example, names, means in [*words, *((example, "", means) for example, means in SIGNS)]:
        assert f"{tr(example)}{names}{tr(means)}" in cells
    assert "{operators}" not in document.toPlainText()


@pytest.mark.parametrize(
    ("language", "topic", "heading"),
    [("de", "search", "Suchen und Filtern"), ("en", "search", "Searching and filtering"), ("en", "", "Trichter"),
     ("en", "<b>", "Trichter")],
)  # fmt: skip
def test_help_opens_where_it_speaks_of_what_was_asked(
    context: Context, qtbot: QtBot, language: str, topic: str, heading: str
) -> None:
    dialog = HelpDialog(replace(context, formats=Formats(language, "DE")), topic=topic)
    qtbot.addWidget(dialog)
    dialog.show()
    page = dialog.findChildren(QTextBrowser)[0]
    assert "{#" not in page.toPlainText()

    def at_the_top() -> str:
        return page.cursorForPosition(page.viewport().rect().topLeft() + QPoint(0, 24)).block().text()

    qtbot.waitUntil(lambda: at_the_top() == heading)


def test_every_tab_is_in_a_menu() -> None:
    listed = [(spec.id, spec.text.replace("&", ""), spec.menu) for spec in COMMANDS if spec.id.startswith("tab:")]
    assert listed == [(f"tab:{tab.key}", tab.label, "&View") for tab in TABS]


def test_no_two_commands_share_a_key(context: Context, qtbot: QtBot) -> None:
    parent = QWidget()
    qtbot.addWidget(parent)
    keys = all_keys(Actions(COMMANDS, parent, {spec.id: lambda: None for spec in COMMANDS}))
    commands = [key.keys for key in keys if key.command and key.keys]
    assert len(commands) == len(set(commands))


def test_about_says_versions_and_where_the_data_are(context: Context, store: Store, qtbot: QtBot) -> None:
    dialog = AboutDialog(context)
    qtbot.addWidget(dialog)
    dialog.show()
    said = dict(dialog.lines())
    assert (said["Version"], said["Data folder"]) == (__version__, str(store.path.parent))
    assert said["SQLite"].split(".")[0] == "3"
    next(button for button in dialog.findChildren(QPushButton) if button.text() == "Copy").click()
    assert f"Data folder: {store.path.parent}" in QGuiApplication.clipboard().text()
