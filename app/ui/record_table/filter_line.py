"""The filter line above a list of leads."""

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QFocusEvent, QKeyEvent

from app.ui.widgets.filter_edit import FilterEdit

#: Its width, the least, and how far it grows with the text: the chips beside it are to stay in its line.
_WIDTH, _LEAST, _MOST = 220, 100, 400
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

    def _restyle(self) -> None:
        super()._restyle()
        self.setMinimumWidth(min(self._theme.px(_LEAST), _MOST))
        self.setMaximumWidth(min(self._theme.px(_WIDTH), _MOST))

    def focusInEvent(self, event: QFocusEvent) -> None:
        self.entered.emit()
        super().focusInEvent(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in _ONWARD or (event.key() == Qt.Key.Key_Escape and not self.text()):
            self.left.emit()
        else:
            super().keyPressEvent(event)
