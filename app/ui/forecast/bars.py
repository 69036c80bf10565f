"""The bars themselves: one item of the scene that paints in whole pixels, so that every edge is sharp."""

from collections.abc import Sequence

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QBrush, QPainter, QPainterPath, QPen, QTransform
from PySide6.QtWidgets import QGraphicsItem, QStyleOptionGraphicsItem, QWidget

from app.ui.forecast.view_models import Bar
from app.ui.theme import Theme

_SHARE = 0.54  # of the room of a month
_WIDEST = 56
_RADIUS = 3
_HATCH = 6


class BarsItem(QGraphicsItem):
    """Grid lines and bars. Its coordinates are those of the chart: months to the right, whole units upwards."""

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        self._bars: Sequence[Bar] = ()
        self._places: Sequence[float] = ()
        self._unit = 1.0
        self._highlighted: int | None = None
        self.lines: Sequence[float] = ()

    def show_bars(self, bars: Sequence[Bar], places: Sequence[float], unit: float, lines: Sequence[float]) -> None:
        """Draw bars at `places`, with grid lines at `lines`; `unit` minor units are one on the axis."""
        self.prepareGeometryChange()
        self._bars, self._places, self._unit, self.lines = bars, places, unit, lines
        self._highlighted = None
        self.update()

    def highlight(self, index: int | None) -> None:
        """Mark the bar that is pointed at."""
        if index != self._highlighted:
            self._highlighted = index
            self.update()

    def boundingRect(self) -> QRectF:
        if not self._places:
            return QRectF()
        return QRectF(-1, -1, self._places[-1] + 2, self.lines[-1] * 1.1 + 1)

    def paint(self, painter: QPainter, option: QStyleOptionGraphicsItem, widget: QWidget | None = None) -> None:
        if not self._bars or widget is None:
            return
        to_pixels = painter.worldTransform()
        painter.save()
        painter.resetTransform()
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        self._paint_ground(painter, to_pixels, widget.width())
        for bar, place in zip(self._bars, self._places, strict=True):
            self._paint_bar(painter, to_pixels, bar, place)
        painter.restore()

    def _paint_ground(self, painter: QPainter, to_pixels: QTransform, width: int) -> None:
        """The strip behind the bar pointed at, and the grid lines."""
        theme = self._theme
        base, top = self._level(to_pixels, 0), self._level(to_pixels, self.lines[-1])
        if self._highlighted is not None:
            slot = to_pixels.m11()
            middle = to_pixels.map(QPointF(self._places[self._highlighted], 0)).x()
            strip = QRectF(round(middle - slot / 2), top, round(slot), base - top)
            painter.setBrush(theme.colour("hover"))
            painter.drawRoundedRect(strip, theme.px(_RADIUS), theme.px(_RADIUS))
        left = round(to_pixels.map(QPointF(-0.5, 0)).x())
        for i, line in enumerate(self.lines):
            colour = theme.colour("border" if i == 0 else "hairline")
            painter.fillRect(QRectF(left, self._level(to_pixels, line), width, 1), colour)

    def _level(self, to_pixels: QTransform, value: float) -> int:
        return round(to_pixels.map(QPointF(0, value)).y())

    def _paint_bar(self, painter: QPainter, to_pixels: QTransform, bar: Bar, place: float) -> None:
        theme = self._theme
        width = max(2, min(round(to_pixels.m11() * _SHARE), theme.px(_WIDEST)))
        left = round(to_pixels.map(QPointF(place, 0)).x() - width / 2)
        levels = [self._level(to_pixels, value / self._unit) for value in (0, bar.secured, bar.total)]
        base, middle, top = levels
        radius = min(theme.px(_RADIUS), width / 3, max(0, base - top))
        whole = _rounded(QRectF(left, top, width, base - top), radius)
        painter.setClipPath(whole)
        painter.fillRect(QRectF(left, middle, width, base - middle), theme.colour(secured_colour(theme)))
        upper = QRectF(left, top, width, middle - top)
        painter.fillRect(upper, theme.colour(weighted_colour(theme)))
        if bar.moved:
            lower = self._level(to_pixels, (bar.total - bar.moved) / self._unit)
            hatch(painter, QRectF(left, top, width, max(2, lower - top)), theme)
        painter.setClipping(False)


def secured_colour(theme: Theme) -> str:
    """The colour of what is secured: the end of the ramp."""
    return theme.tokens.ramp[-1]


def weighted_colour(theme: Theme) -> str:
    """The colour of what is weighted: near the beginning of the ramp, on dark ground one step further to be seen."""
    return theme.tokens.ramp[2 if theme.tokens.dark else 1]


def _rounded(rect: QRectF, radius: float) -> QPainterPath:
    """`rect` with its upper corners rounded."""
    path = QPainterPath()
    path.addRoundedRect(rect.adjusted(0, 0, 0, radius), radius, radius)
    ground = QPainterPath()
    ground.addRect(rect)
    return path.intersected(ground)


def hatch(painter: QPainter, rect: QRectF, theme: Theme) -> None:
    """Slanted lines over `rect`."""
    painter.save()
    painter.setClipRect(rect, Qt.ClipOperation.IntersectClip)
    painter.setPen(QPen(QBrush(theme.colour(secured_colour(theme))), theme.px(1.5)))
    step, height = theme.px(_HATCH), rect.height()
    x = rect.left() - height
    while x < rect.right():
        painter.drawLine(QPointF(x, rect.bottom()), QPointF(x + height, rect.top()))
        x += step
    painter.restore()
