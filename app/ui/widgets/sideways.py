"""Room for a row that may be wider than the window."""

from PySide6.QtCore import QEvent, QSize, Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QFrame, QScrollArea, QSizePolicy, QWidget


class Sideways(QScrollArea):
    """As high as the row it holds; where that does not fit it scrolls to the side and asks for no wider window."""

    def __init__(self, row: QWidget, name: str) -> None:
        """`name` is what a screen reader calls it."""
        super().__init__()
        self._row = row
        self.setAccessibleName(name)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setWidgetResizable(True)
        self.setWidget(row)
        row.setAutoFillBackground(False)  # setWidget turns it on
        self.viewport().setAutoFillBackground(False)
        policy = QSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)

    def sizeHint(self) -> QSize:
        width = self._row.sizeHint().width()
        return QSize(width, self.heightForWidth(width))

    def minimumSizeHint(self) -> QSize:
        return QSize(1, self._row.minimumSizeHint().height())

    def heightForWidth(self, width: int) -> int:
        """That of the row, with the bar below it where it does not fit."""
        wide = max(width, self._row.minimumSizeHint().width())
        height = self._row.heightForWidth(wide) if self._row.hasHeightForWidth() else self._row.sizeHint().height()
        return height + (0 if self._fits(width) else self.horizontalScrollBar().sizeHint().height())

    def event(self, event: QEvent) -> bool:
        if event.type() == QEvent.Type.LayoutRequest:  # the row needs other room
            self.updateGeometry()
        return super().event(event)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        fits = self._fits(self.width())
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus if fits else Qt.FocusPolicy.TabFocus)  # the arrows scroll it

    def _fits(self, width: int) -> bool:
        return self._row.minimumSizeHint().width() <= width
