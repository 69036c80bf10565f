"""A rounded frame, and the head it may have."""

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QPainter, QPainterPath, QPaintEvent, QPen, QResizeEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QVBoxLayout, QWidget

from app.ui.theme import Theme

_RADIUS = 9
#: A heading is as high as a link beside it, so that the heads of cards beside each other stand on one line.
_HEADING = 22


class Card(QFrame):
    """A rounded frame whose contents, tables too, do not stick out at the corners.

    `body` is the layout to fill.
    """

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self.setProperty("kind", "card")
        self.body = QVBoxLayout(self)
        self.body.setContentsMargins(1, 1, 1, 1)
        self.body.setSpacing(0)
        self._corners = [_Corner(theme, self, right, bottom) for bottom in (False, True) for right in (False, True)]

    def add_head(self, title: str, note: str = "") -> QHBoxLayout:
        """A heading with an explanation beside it; what is added to the layout returned stands at the right."""
        px = self._theme.px
        row = QHBoxLayout()
        self._theme.fit(
            row, lambda: row.setContentsMargins(px(16), px(12), px(16), px(6)), lambda: row.setSpacing(px(8))
        )
        heading = QLabel(title)
        heading.setProperty("kind", "heading")
        self._theme.fit(heading, lambda: heading.setMinimumHeight(px(_HEADING)))
        row.addWidget(heading)
        if note:
            label = QLabel(note)
            label.setProperty("kind", "muted")
            row.addWidget(label)
        row.addStretch()
        self.body.addLayout(row)
        return row

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        for corner in self._corners:
            corner.settle()


class _Corner(QWidget):
    """Paints what lies outside the curve of one corner over whatever the card holds.

    Four small widgets instead of one large one: a widget over the whole table would make scrolling repaint it all.
    """

    def __init__(self, theme: Theme, card: QWidget, right: bool, bottom: bool) -> None:
        super().__init__(card)
        self._card = card
        self._theme = theme
        self._right = right
        self._bottom = bottom
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.setAttribute(Qt.WidgetAttribute.WA_NoSystemBackground)

    def settle(self) -> None:
        """Go to the corner, above everything."""
        card, size = self._card, self._theme.px(_RADIUS)
        left = card.width() - size if self._right else 0
        top = card.height() - size if self._bottom else 0
        self.setGeometry(left, top, size, size)
        self.raise_()

    def paintEvent(self, event: QPaintEvent) -> None:
        size = float(self.width())
        # The circle's centre is the inner corner of this little square.
        centre = QPointF(0 if self._right else size, 0 if self._bottom else size)
        circle = QRectF(centre.x() - size + 0.5, centre.y() - size + 0.5, 2 * size - 1, 2 * size - 1)
        outside, curve = QPainterPath(), QPainterPath()
        outside.addRect(QRectF(self.rect()))
        curve.addEllipse(circle)
        with QPainter(self) as painter:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            painter.fillPath(outside.subtracted(curve), self._theme.colour("background"))
            painter.setPen(QPen(self._theme.colour("border"), 1))
            painter.drawPath(curve)
