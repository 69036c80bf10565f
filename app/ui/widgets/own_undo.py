"""Ctrl+Z in a text field: its own while it has something to undo, the window's otherwise; redoing likewise."""

from PySide6.QtCore import QEvent, QObject
from PySide6.QtGui import QKeyEvent, QKeySequence
from PySide6.QtWidgets import QLineEdit, QPlainTextEdit

_Keys = QKeySequence.StandardKey


def share_undo(field: QLineEdit | QPlainTextEdit) -> None:
    """Let the keys go on to the window while they can do nothing here. (Qt's fields keep them always.)"""
    field.installEventFilter(_GivesBack(field))


class _GivesBack(QObject):
    def __init__(self, field: QLineEdit | QPlainTextEdit) -> None:
        super().__init__(field)
        self._field = field

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Before a key is pressed Qt asks the field whether a shortcut may have it."""
        if event.type() != QEvent.Type.ShortcutOverride or not isinstance(event, QKeyEvent):
            return False
        undo, redo = event.matches(_Keys.Undo), event.matches(_Keys.Redo)
        if (undo and not self._can_undo()) or (redo and not self._can_redo()):
            event.ignore()
            return True
        return False

    def _can_undo(self) -> bool:
        field = self._field
        return field.isUndoAvailable() if isinstance(field, QLineEdit) else field.document().isUndoAvailable()

    def _can_redo(self) -> bool:
        field = self._field
        return field.isRedoAvailable() if isinstance(field, QLineEdit) else field.document().isRedoAvailable()
