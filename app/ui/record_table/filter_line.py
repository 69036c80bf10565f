"""The filter line above a list of leads."""

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QFocusEvent, QKeyEvent

from app.ui.widgets.filter_edit import FilterEdit

_ONWARD = (Qt.Key.Key_Down, Qt.Key.Key_Return, Qt.Key.Key_Enter)


class FilterLine(FilterEdit):
    """`entered` when somebody is about to type; `left` for the keys that go on in the list: the down arrow, Enter, and
    Esc where there is nothing to empty.
    """

    entered = Signal()
    left = Signal()

    def sizeHint(self) -> QSize:
        """As wide as it may be: where there is no room for that it is narrower."""
        return QSize(self.maximumWidth(), super().sizeHint().height())

    def focusInEvent(self, event: QFocusEvent) -> None:
        self.entered.emit()
        super().focusInEvent(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in _ONWARD or (event.key() == Qt.Key.Key_Escape and not self.text()):
            self.left.emit()
        else:
            super().keyPressEvent(event)
