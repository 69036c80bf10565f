"""The field one types into to narrow a list."""

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QLineEdit, QToolButton, QWidget

from app.core.i18n import tr
from app.ui.theme import Theme
from app.ui.widgets.own_undo import share_undo


class FilterEdit(QLineEdit):
    """Every keystroke counts at once (`textChanged`); Esc empties it."""

    def __init__(self, theme: Theme, label: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self.setPlaceholderText(label)
        self.setAccessibleName(label)
        self.setClearButtonEnabled(True)
        share_undo(self)
        self._sign = self.addAction(theme.icon("search"), QLineEdit.ActionPosition.LeadingPosition)
        self.setProperty("sign", "true")
        for button in self.findChildren(QToolButton):
            # Qt leaves both nameless.
            button.setAccessibleName(label if button.defaultAction() is self._sign else tr("Clear"))
        theme.changed.connect(self._restyle)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape and self.text():
            self.clear()
            return
        super().keyPressEvent(event)

    def _restyle(self) -> None:
        self._sign.setIcon(self._theme.icon("search"))
