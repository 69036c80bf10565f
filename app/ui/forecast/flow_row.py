"""Widgets beside each other that go on in the next line, in a page that is laid out by least heights."""

from PySide6.QtCore import QEvent
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QWidget

from app.ui.theme import Theme
from app.ui.widgets.chips import Flow


class FlowRow(QWidget):
    """As high as its lines are at the width it has.

    A layout that answers for its height would make the page around it ask for the preferred height of everything.
    """

    def __init__(self, theme: Theme, gap: int, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._inside = QWidget(self)
        self.flow = Flow(self._inside)
        theme.fit(self.flow, lambda: self.flow.setSpacing(theme.px(gap)), self.settle)

    def settle(self) -> None:
        """The height for what is in it now."""
        height = self.flow.heightForWidth(max(1, self.width()))
        self._inside.setGeometry(0, 0, self.width(), height)
        if height != self.minimumHeight():
            self.setFixedHeight(height)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.settle()

    def event(self, event: QEvent) -> bool:
        done = super().event(event)
        if event.type() in (QEvent.Type.LayoutRequest, QEvent.Type.Polish):
            self.settle()
        return done
