"""The field one types into to narrow a list."""

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeyEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QLineEdit, QToolButton, QWidget

from app.core.i18n import tr
from app.ui.theme import Theme
from app.ui.widgets.own_undo import share_undo

_ICON, _EDGE = 16, 9


class FilterEdit(QLineEdit):
    """Every keystroke counts at once (`textChanged`); Esc empties it."""

    def __init__(self, theme: Theme, label: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self.setPlaceholderText(label)
        self.setAccessibleName(label)
        self.setClearButtonEnabled(True)
        share_undo(self)
        self.setProperty("sign", "true")
        button = self.findChild(QToolButton)
        assert button is not None
        self._clear = button
        self._clear.setAccessibleName(tr("Clear"))  # Qt leaves it nameless
        theme.changed.connect(self._restyle)
        self._restyle()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape and self.text():
            self.clear()
            return
        super().keyPressEvent(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        """The sign is painted: as one of Qt's actions it would be a button that does nothing."""
        super().paintEvent(event)
        sign = self._theme.pixmap("search", "muted", _ICON, self.devicePixelRatioF())
        with QPainter(self) as painter:
            painter.drawPixmap(self._theme.px(_EDGE), (self.height() - self._theme.px(_ICON)) // 2, sign)

    def _restyle(self) -> None:
        self.setTextMargins(self._theme.px(_EDGE + _ICON), 0, 0, 0)
        self._clear.defaultAction().setIcon(self._theme.icon("close"))
