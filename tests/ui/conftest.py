"""A theme to show things in, and the folder of its icons."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QCoreApplication, QEvent, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget

from app.ui.theme import Density, Mode, Theme

ICONS = Path(__file__).parents[2] / "resources" / "icons"


@pytest.fixture(scope="session")
def _theme(qapp: QApplication) -> Theme:
    return Theme(qapp, ICONS)


@pytest.fixture
def theme(_theme: Theme) -> Theme:
    """The look of the program, light and unscaled. One for all tests: it belongs to the application."""
    _theme.use(mode=Mode.LIGHT, scale=100, density=Density.COMFORTABLE)  # whole programs in tests dress the same one
    return _theme


@pytest.fixture(autouse=True)
def no_key_held(qapp: QApplication) -> None:
    """Every test begins with free hands: Qt takes Ctrl for held after Ctrl+A was typed until another key comes."""
    if qapp.keyboardModifiers() != Qt.KeyboardModifier.NoModifier:
        QTest.keyRelease(QWidget(), Qt.Key.Key_Control)
        assert qapp.keyboardModifiers() == Qt.KeyboardModifier.NoModifier


@pytest.fixture(autouse=True)
def _widgets_go(qapp: QApplication) -> Iterator[None]:
    """What a test closed is gone before the next one changes the theme: its store is closed by then."""
    yield
    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
