"""A person as a circle with initials."""

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QWidget

from app.ui.theme import Theme

_SIZE = 23


class Avatar(QWidget):
    """A circle with initials; the name is its tool tip and what a screen reader says."""

    def __init__(self, theme: Theme, initials: str = "", name: str = "", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._initials = ""
        self.show_person(initials, name)
        theme.changed.connect(self._restyle)
        self._restyle()

    def show_person(self, initials: str, name: str) -> None:
        """Another person."""
        self._initials = initials
        self.setAccessibleName(name)
        self.setToolTip(name)
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(self._theme.px(_SIZE), self._theme.px(_SIZE))

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(self._theme.colour("neutral_background"))
        painter.drawEllipse(QRectF(self.rect()))
        painter.setFont(self._theme.font(10, 700))
        painter.setPen(self._theme.colour("muted"))
        painter.drawText(self.rect(), Qt.AlignmentFlag.AlignCenter, self._initials)
        painter.end()

    def _restyle(self) -> None:
        self.setFixedSize(self.sizeHint())
        self.update()
