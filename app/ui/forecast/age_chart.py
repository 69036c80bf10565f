"""How old the open leads are: a bar for each class of ages."""

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QFont, QFontMetricsF, QPainter
from PySide6.QtWidgets import QWidget

from app.ui.forecast.pick_chart import PickChart
from app.ui.forecast.view_models import AgeBar
from app.ui.theme import Theme

_HEIGHT, _LEAST_HEIGHT = 150, 108
_GAP = 10
_RADIUS = 3


class AgeChart(PickChart[AgeBar]):
    """Bars with their number above and the days below."""

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(theme, Qt.Key.Key_Left, Qt.Key.Key_Right, parent)

    def sizeHint(self) -> QSize:
        px = self._theme.px
        return QSize(px(300), px(_HEIGHT))

    def minimumSizeHint(self) -> QSize:
        px = self._theme.px
        return QSize(round(self._widest() + px(9)) * max(1, len(self._parts)), px(_LEAST_HEIGHT))

    def part_at(self, point: QPointF) -> AgeBar | None:
        place = int(point.x() // max(1.0, self._slot()))
        return self._parts[place] if 0 <= place < len(self._parts) else None

    def place_of(self, index: int) -> QRectF:
        return QRectF(index * self._slot(), 0, self._slot(), self.height())

    def draw(self, painter: QPainter) -> None:
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        counts, labels = QFontMetricsF(self._numbers()), QFontMetricsF(self._words())
        most = max((bar.count for bar in self._parts), default=0) or 1
        base = self.height() - labels.height() - self._theme.px(10)
        room = base - counts.height() - self._theme.px(8)
        for place, bar in enumerate(self._parts):
            high = max(2, round(room * bar.count / most)) if bar.count else 1
            self._paint_bar(painter, bar, QRectF(place * self._slot(), base - high, self._slot(), high))

    def _paint_bar(self, painter: QPainter, bar: AgeBar, strip: QRectF) -> None:
        px = self._theme.px
        box = strip.adjusted(px(_GAP) / 2, 0, -px(_GAP) / 2, 0)
        radius = min(px(_RADIUS), box.height() / 2)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(self._theme.colour(bar.colour if bar.count else "border"))
        painter.drawRoundedRect(box, radius, radius)
        self._write(painter, bar.figure, self._numbers(), "text", QPointF(strip.center().x(), box.top() - px(5)))
        below = box.bottom() + px(4) + QFontMetricsF(self._words()).ascent()
        self._write(painter, bar.label, self._words(), "muted", QPointF(strip.center().x(), below))

    def _write(self, painter: QPainter, text: str, font: QFont, token: str, middle: QPointF) -> None:
        painter.setFont(font)
        painter.setPen(self._theme.colour(token))
        width = QFontMetricsF(font).horizontalAdvance(text)
        painter.drawText(QPointF(middle.x() - width / 2, middle.y()), text)

    def _slot(self) -> float:
        return self.width() / max(1, len(self._parts))

    def _widest(self) -> float:
        words, numbers = QFontMetricsF(self._words()), QFontMetricsF(self._numbers())
        widths = [max(words.horizontalAdvance(bar.label), numbers.horizontalAdvance(bar.figure)) for bar in self._parts]
        return max(widths, default=0.0)

    def _numbers(self) -> QFont:
        return self._theme.font(12.5, 700)

    def _words(self) -> QFont:
        return self._theme.font(11)
