"""Keys as they are called on the keyboard in front of the user."""

from PySide6.QtGui import QKeySequence

from app.core.i18n import tr


def named(keys: QKeySequence | str) -> str:
    """A shortcut as this platform writes it, with the one word that Qt leaves as it is in every language."""
    shown = QKeySequence(keys).toString(QKeySequence.SequenceFormat.NativeText)
    return shown.replace("Return", tr("Return"))
