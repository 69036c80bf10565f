"""What panels have in common that show one record: where the keyboard goes in them, and that it is seen there."""

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QFrame, QScrollArea, QWidget


class SidePanel(QFrame):
    """`left` is Esc. `_one` is where all of a record is scrolled; a panel says where note and values are."""

    left = Signal()

    _one: QScrollArea

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("kind", "panel")

    def focus_note(self) -> None:
        """The cursor to the line for a note."""
        self._to_note()
        self._see_focus()

    def focus_values(self) -> None:
        """The keyboard to the first value that can be edited."""
        if self._to_values():
            self._see_focus()

    def _to_note(self) -> None:
        raise NotImplementedError

    def _to_values(self) -> bool:
        """Whether there is a record whose values could be edited."""
        raise NotImplementedError

    def _see_focus(self) -> None:
        """In a small window the panel scrolls to where the keyboard is, once all in it is laid out."""
        QTimer.singleShot(0, self, self._scroll_to_focus)

    def _scroll_to_focus(self) -> None:
        focused = self.focusWidget()
        if focused is not None:
            self._one.ensureWidgetVisible(focused)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape:
            self.left.emit()
        else:
            super().keyPressEvent(event)
