"""Keys as they are called on the keyboard in front of the user, and what some of them mean."""

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeyEvent, QKeySequence

from app.core.i18n import tr


def named(keys: QKeySequence | str) -> str:
    """A shortcut as this platform writes it, with the one word that Qt leaves as it is in every language."""
    shown = QKeySequence(keys).toString(QKeySequence.SequenceFormat.NativeText)
    return shown.replace("Return", tr("Return"))


def takes_away(event: QKeyEvent) -> bool:
    """Whether it is Delete or Backspace, which take away what the keyboard is on."""
    return event.key() in (Qt.Key.Key_Delete, Qt.Key.Key_Backspace) and not event.modifiers()
