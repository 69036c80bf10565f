"""Ctrl+Z in a text field: its own while it has something to undo, the window's otherwise; redoing likewise."""

from PySide6.QtCore import QEvent, QObject
from PySide6.QtGui import QKeyEvent, QKeySequence
from PySide6.QtWidgets import QComboBox, QLineEdit, QPlainTextEdit, QTextEdit

_Keys = QKeySequence.StandardKey

_Typed = QLineEdit | QPlainTextEdit | QTextEdit | QComboBox


def share_undo(field: _Typed) -> None:
    """Let the keys go on to the window while they can do nothing here. (Qt's fields keep them always.)

    A box one types into hands its keys to its line past any filter of that: the filter is on the box.
    """
    field.installEventFilter(_GivesBack(field))


def empty(field: QLineEdit) -> None:
    """What was typed is in the store: nothing of it is left here, not even to undo (`clear` would be one more step)."""
    field.setText("")


class _GivesBack(QObject):
    def __init__(self, field: _Typed) -> None:
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
        field = self._typed_into()
        return field.isUndoAvailable() if isinstance(field, QLineEdit) else field.document().isUndoAvailable()

    def _can_redo(self) -> bool:
        field = self._typed_into()
        return field.isRedoAvailable() if isinstance(field, QLineEdit) else field.document().isRedoAvailable()

    def _typed_into(self) -> QLineEdit | QPlainTextEdit | QTextEdit:
        if not isinstance(self._field, QComboBox):
            return self._field
        line = self._field.lineEdit()
        assert line is not None, "nothing can be typed into it"
        return line
