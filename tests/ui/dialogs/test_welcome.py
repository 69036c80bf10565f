"""The first start: one page, answered with the keyboard alone, in the language one chooses on it."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QDialog, QLabel, QPushButton
from pytestqt.qtbot import QtBot

from app.core.settings import COUNTRY, LANGUAGE, Settings
from app.ui.theme import Theme
from app.ui.welcome.dialog import Welcome, WelcomeDialog
from tests.ui.dialogs.conftest import Speak

HOSTILE = "Robert'); DROP TABLE member;-- 🜁"


@pytest.fixture
def dialog(theme: Theme, settings: Settings, speak: Speak, qtbot: QtBot) -> Iterator[WelcomeDialog]:
    made = WelcomeDialog(theme, settings, speak)
    qtbot.addWidget(made)
    with qtbot.waitExposed(made):
        made.show()
    yield made
    made.done(0)


def sample(dialog: WelcomeDialog) -> str:
    return dialog._form["country"].said.replace("\xa0", " ")


def choose(dialog: WelcomeDialog, language: str, country: str) -> None:
    dialog.language.setCurrentIndex(dialog.language.findData(language))
    dialog.country.setCurrentIndex(dialog.country.findData(country))


def test_keyboard_alone_answers_everything(dialog: WelcomeDialog) -> None:
    assert dialog.focusWidget() is dialog.name
    QTest.keyClicks(dialog.name, "Anna-Maria Kern")
    assert dialog.initials.text() == "AK"
    for _ in range(4):  # initials, language, country, first card
        QTest.keyClick(dialog.focusWidget(), Qt.Key.Key_Tab)
    assert dialog.focusWidget() is dialog.cards["empty"]
    QTest.keyClick(dialog.focusWidget(), Qt.Key.Key_Right)
    assert dialog.start == "demo"
    QTest.keyClick(dialog.focusWidget(), Qt.Key.Key_Return)
    assert dialog.result() == QDialog.DialogCode.Accepted
    assert dialog.answer == Welcome("en", "DE", "Anna-Maria Kern", "AK", "demo")


def test_ctrl_enter_begins_from_any_field_in_any_language(dialog: WelcomeDialog, qtbot: QtBot) -> None:
    dialog.activateWindow()
    qtbot.waitUntil(dialog.isActiveWindow)
    choose(dialog, "de", "DE")
    qtbot.waitUntil(lambda: any(each.isVisible() and each.isDefault() for each in dialog.findChildren(QPushButton)))
    QTest.keyClicks(dialog.name, "Anna Kern")
    QTest.keyClick(dialog.initials, Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    assert dialog.answer == Welcome("de", "DE", "Anna Kern", "AK", "empty")


@pytest.mark.parametrize(
    ("country", "shown"),
    [
        ("DE", "1.234,50 € · 31.12.2026 · Dez 26–Mär 27"),
        ("AT", "€ 1.234,50 · 31.12.2026 · Dez 26–Mär 27"),
        ("CH", "CHF 1'234.50 · 31.12.2026 · Dez 26–Mär 27"),
    ],
)
def test_the_example_follows_the_country(country: str, shown: str, dialog: WelcomeDialog) -> None:
    choose(dialog, "de", country)
    assert sample(dialog) == shown


def test_another_language_holds_at_once_and_keeps_what_was_typed(
    dialog: WelcomeDialog, settings: Settings, theme: Theme, qtbot: QtBot
) -> None:
    QTest.keyClicks(dialog.name, "Anna Kern")
    dialog.initials.setText("ANN")
    dialog.cards["import"].click()
    dialog.language.setFocus()
    choose(dialog, "de", "DE")
    qtbot.wait(1)
    words = {label.text() for label in dialog.findChildren(QLabel) if label.isVisible()}
    assert "Sprache" in words
    assert "Language" not in words
    assert (dialog.name.text(), dialog.initials.text(), dialog.start) == ("Anna Kern", "ANN", "import")
    assert dialog.focusWidget() is dialog.country or dialog.focusWidget() is dialog.language
    assert dialog.name.isVisible()
    dialog._go()
    assert dialog.answer == Welcome("de", "DE", "Anna Kern", "ANN", "import")
    assert (settings[LANGUAGE], settings[COUNTRY]) == ("en", "DE")  # keeping them is the caller's business


def test_what_was_refused_is_forgotten_in_another_language_and_with_a_name(dialog: WelcomeDialog, qtbot: QtBot) -> None:
    dialog._go()
    assert [dialog._form[name].refused for name in ("name", "initials")] == [True, True]
    choose(dialog, "de", "DE")
    assert dialog.name.property("refused") == ""
    qtbot.wait(1)
    dialog._go()
    assert dialog.name.property("refused") == "true"
    QTest.keyClicks(dialog.name, "Anna")
    assert (dialog.name.property("refused"), dialog._form["initials"].refused) == ("", False)


@pytest.mark.parametrize(
    ("environ", "countries"),
    [
        ({"LANG": "C"}, ("INT", "DE", "INT")),
        ({"LANG": "en_US.UTF-8"}, ("US", "DE", "US")),
        ({"LANG": "en_GB", "LC_MONETARY": "de_CH"}, ("CH", "CH", "CH")),
    ],
)
def test_a_country_that_fits_the_language_is_proposed(
    environ: dict[str, str], countries: tuple[str, ...], theme: Theme, speak: Speak, qtbot: QtBot, tmp_path: Path
) -> None:
    speak("en", "INT")
    dialog = WelcomeDialog(theme, Settings(tmp_path / "new.json", environ), speak)
    qtbot.addWidget(dialog)
    seen = [dialog.country.currentData()]
    for language in ("de", "en"):
        dialog.language.setCurrentIndex(dialog.language.findData(language))
        seen.append(dialog.country.currentData())
    assert tuple(seen) == countries
    dialog.country.setCurrentIndex(dialog.country.findData("AT"))
    dialog.country.activated.emit(dialog.country.currentIndex())
    dialog.language.setCurrentIndex(dialog.language.findData("de"))
    assert dialog.country.currentData() == dialog._country == "AT"


def test_initials_changed_by_hand_stay(dialog: WelcomeDialog) -> None:
    QTest.keyClicks(dialog.name, "Anna Kern")
    dialog.initials.setText("X")
    QTest.keyClicks(dialog.name, "-Huber")
    assert dialog.initials.text() == "X"


@pytest.mark.parametrize(("name", "initials", "field"), [("   ", "AK", "name"), ("Anna", "  ", "initials")])
def test_what_is_missing_is_said_at_its_field(name: str, initials: str, field: str, dialog: WelcomeDialog) -> None:
    dialog.name.setText(name)
    dialog.initials.setText(initials)
    dialog._go()
    assert dialog.answer is None
    assert dialog.isVisible()
    assert dialog._form[field].refused


def test_hostile_and_long_names(dialog: WelcomeDialog) -> None:
    dialog.name.setText(HOSTILE * 20)
    dialog._go()
    assert dialog.answer is not None
    assert len(dialog.answer.name) <= 200
    assert (HOSTILE * 20).startswith(dialog.answer.name)
    assert 1 <= len(dialog.answer.initials) <= 4


def test_closing_the_window_answers_nothing(dialog: WelcomeDialog) -> None:
    QTest.keyClicks(dialog.name, "Anna")
    QTest.keyClick(dialog, Qt.Key.Key_Escape)
    assert (dialog.isVisible(), dialog.answer) == (False, None)
