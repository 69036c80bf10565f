"""A small card beside what is pointed at, with its figures."""

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QFont, QFontMetricsF, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QWidget

from app.ui.theme import Theme

_PADDING = 12
_SQUARE = 9
_GAP = 18
_RADIUS = 7


@dataclass(frozen=True)
class HoverLine:
    """One line of the card; a `colour` ('#RRGGBB') is shown as a square before the label and makes the amount bold."""

    label: str
    amount: str
    colour: str = ""


class HoverCard(QWidget):
    """A heading and lines of label and amount. Lets the mouse through."""

    def __init__(self, theme: Theme, parent: QWidget) -> None:
        super().__init__(parent)
        self._theme = theme
        self._heading = ""
        self._lines: Sequence[HoverLine] = ()
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.hide()

    def show_lines(self, heading: str, lines: Sequence[HoverLine]) -> None:
        """Say this from now on, in the size it needs."""
        self._heading, self._lines = heading, tuple(lines)
        self.resize(self.sizeHint())
        self.show()
        self.raise_()
        self.update()

    def place_beside(self, column: QRectF, within: QRectF) -> None:
        """Right of `column`, or left of it where there is no room; always inside `within`."""
        gap = self._theme.px(4)
        left = column.right() + gap
        if left + self.width() > within.right():
            left = column.left() - gap - self.width()
        self.move(round(max(within.left(), left)), round(within.top()) + self._theme.px(14))

    @property
    def spoken(self) -> str:
        """Everything it says, in one sentence."""
        return ", ".join([self._heading, *(f"{line.label} {line.amount}" for line in self._lines)])

    def sizeHint(self) -> QSize:
        px = self._theme.px
        label, amount = QFontMetricsF(self._font(400)), QFontMetricsF(self._font(600))
        wide = max((label.horizontalAdvance(line.label) for line in self._lines), default=0.0)
        wide += px(_SQUARE + 7 + _GAP)
        wide += max((amount.horizontalAdvance(line.amount) for line in self._lines), default=0.0)
        wide = max(wide, amount.horizontalAdvance(self._heading))
        height = self._line_height() * (len(self._lines) + 1) + px(4)
        return QSize(round(wide) + 2 * px(_PADDING), round(height) + 2 * px(9))

    def paintEvent(self, event: QPaintEvent) -> None:
        theme, px = self._theme, self._theme.px
        with QPainter(self) as painter:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            painter.setPen(QPen(theme.colour("border"), 1))
            painter.setBrush(theme.colour("raised"))
            painter.drawRoundedRect(QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5), px(_RADIUS), px(_RADIUS))
            painter.setFont(self._font(600))
            painter.setPen(theme.colour("text"))
            baseline = px(9) + painter.fontMetrics().ascent()
            painter.drawText(QPointF(px(_PADDING), baseline), self._heading)
            baseline += px(4)
            for line in self._lines:
                baseline += round(self._line_height())
                self._paint_line(painter, line, baseline)

    def _paint_line(self, painter: QPainter, line: HoverLine, baseline: int) -> None:
        theme, px = self._theme, self._theme.px
        left, square = px(_PADDING), px(_SQUARE)
        if line.colour:
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(theme.colour(line.colour))
            painter.drawRoundedRect(QRectF(left, baseline - square, square, square), 2, 2)
        painter.setFont(self._font(400))
        painter.setPen(theme.colour("muted"))
        painter.drawText(QPointF(left + square + px(7), baseline), line.label)
        painter.setFont(self._font(600 if line.colour else 400))
        painter.setPen(theme.colour("text"))
        width = QFontMetricsF(painter.font()).horizontalAdvance(line.amount)
        painter.drawText(QPointF(self.width() - px(_PADDING) - width, baseline), line.amount)

    def _font(self, weight: int) -> QFont:
        return self._theme.font(12, weight)

    def _line_height(self) -> float:
        return QFontMetricsF(self._font(400)).height() + self._theme.px(3)
