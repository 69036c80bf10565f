"""The row one is on stays in sight when what stands around a table takes some of its room."""

from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QObject, QTimer

if TYPE_CHECKING:
    from app.ui.tables.view import TableView


class StayInSight(QObject):
    """Scrolls a table that becomes lower, as far as its current row needs it; one out of sight stays so."""

    def __init__(self, view: "TableView") -> None:
        super().__init__(view)
        self._view = view
        self._row = -1
        view.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.Resize and self._row < 0:
            row = self._view.currentIndex().row()
            if row >= 0 and self._beyond(row) == 0:  # the rows still have the room they had
                self._row = row
                QTimer.singleShot(0, self, self._follow)
        return False

    def _beyond(self, row: int) -> int:
        """So much of a row is hidden below (or, as a negative figure, above)."""
        view = self._view
        top, height = view.rowViewportPosition(row), view.rowHeight(row)
        return min(top, 0) or max(0, top + height - view.viewport().height())

    def _follow(self) -> None:
        row, self._row = self._row, -1
        if row == self._view.currentIndex().row() and (hidden := self._beyond(row)) > 0:
            bar = self._view.verticalScrollBar()
            bar.setValue(bar.value() + hidden)
