"""The bars themselves: one item of the scene that paints in whole pixels, so that every edge is sharp."""

from collections.abc import Sequence
from math import sqrt

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QBrush, QPainter, QPainterPath, QPen, QPolygonF, QTransform
from PySide6.QtWidgets import QGraphicsItem, QStyleOptionGraphicsItem, QWidget

from app.ui.forecast.view_models import Bar, Segment
from app.ui.theme import Theme

MARGIN = 0.62  # room left of the first bar and right of the last, in bars
_SHARE = 0.54  # of the room of a month
_WIDEST = 56
_RADIUS = 3
_HATCH = 6
_GOAL_SIZE = 11.5


class BarsItem(QGraphicsItem):
    """Grid lines, bars and goals. Its coordinates are those of the chart: months to the right, whole units upwards."""

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        self._bars: Sequence[Bar] = ()
        self._places: Sequence[float] = ()
        self._unit = 1.0
        self._gross = False
        self._goal = ""
        self._highlighted: int | None = None
        self.lines: Sequence[float] = ()

    def show_bars(
        self,
        bars: Sequence[Bar],
        places: Sequence[float],
        unit: float,
        lines: Sequence[float],
        *,
        gross: bool = False,
        goal: str = "",
    ) -> None:
        """Draw bars at `places`, with grid lines at `lines`; `unit` minor units are one on the axis.

        `gross` adds outlines of what would be without weighting, `goal` the words at the end of the line of goals.
        """
        self.prepareGeometryChange()
        self._bars, self._places, self._unit, self.lines = bars, places, unit, lines
        self._gross, self._goal = gross, goal
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
        if not self._bars:
            return
        to_pixels = painter.worldTransform()
        painter.save()
        painter.resetTransform()
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        self._paint_ground(painter, to_pixels)
        for bar, place in zip(self._bars, self._places, strict=True):
            self._paint_bar(painter, to_pixels, bar, place)
        self._paint_goals(painter, to_pixels)
        painter.restore()

    def _paint_ground(self, painter: QPainter, to_pixels: QTransform) -> None:
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
        right = round(to_pixels.map(QPointF(self._places[-1] + MARGIN, 0)).x())
        for i, line in enumerate(self.lines):
            colour = theme.colour("border" if i == 0 else "hairline")
            painter.fillRect(QRectF(left, self._level(to_pixels, line), right - left, 1), colour)

    def _level(self, to_pixels: QTransform, value: float) -> int:
        return round(to_pixels.map(QPointF(0, value)).y())

    def _paint_bar(self, painter: QPainter, to_pixels: QTransform, bar: Bar, place: float) -> None:
        theme = self._theme
        width = max(2, min(round(to_pixels.m11() * _SHARE), theme.px(_WIDEST)))
        left = round(to_pixels.map(QPointF(place, 0)).x() - width / 2)
        base, top = (self._level(to_pixels, value / self._unit) for value in (0, bar.total))
        radius = min(theme.px(_RADIUS), width / 3, max(0, base - top))
        if self._gross and bar.gross > bar.total:
            self._paint_gross(painter, QRectF(left, self._level(to_pixels, bar.gross / self._unit), width, base))
        shape = _rounded(QRectF(left, top, width, base - top), radius)
        below, amount = base, 0
        for segment in bar.segments or self._halves(bar):
            amount += segment.amount
            above = self._level(to_pixels, amount / self._unit)
            part = _path(QRectF(left, above, width, below - above))
            painter.fillPath(part if above >= top + radius else part.intersected(shape), theme.colour(segment.colour))
            if bar.segments and top < above < below - 2:  # neighbours of one ramp are told apart by a line
                painter.fillRect(QRectF(left, above, width, 1), theme.colour("surface"))
            below = above
        if bar.moved and not bar.segments:
            lower = self._level(to_pixels, (bar.total - bar.moved) / self._unit)
            hatch(painter, _path(QRectF(left, top, width, max(2, lower - top))).intersected(shape), theme)

    def _halves(self, bar: Bar) -> tuple[Segment, Segment]:
        theme = self._theme
        return (
            Segment("", bar.secured, secured_colour(theme)),
            Segment("", bar.weighted, weighted_colour(theme)),
        )

    def _paint_gross(self, painter: QPainter, box: QRectF) -> None:
        """An outline up to what would be if every open lead were won; `box` has the base as its height."""
        painter.setPen(outline_pen(self._theme))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        rect = QRectF(box.left() + 0.5, box.top() + 0.5, box.width() - 1, box.height() - box.top() - 1)
        painter.drawRect(rect)
        painter.setPen(Qt.PenStyle.NoPen)

    def _paint_goals(self, painter: QPainter, to_pixels: QTransform) -> None:
        """A dashed line at the goal of each month, and at its end how much it is."""
        goals = [(place, bar.goal) for bar, place in zip(self._bars, self._places, strict=True) if bar.goal is not None]
        if not goals:
            return
        theme = self._theme
        painter.setPen(goal_pen(theme))
        for place, goal in goals:
            level = self._level(to_pixels, goal / self._unit) + 0.5
            left, right = (to_pixels.map(QPointF(place + side, 0)).x() for side in (-0.5, 0.5))
            painter.drawLine(QPointF(round(left), level), QPointF(round(right), level))
        painter.setFont(theme.font(_GOAL_SIZE, 600))
        painter.setPen(theme.colour("warning"))
        width = painter.fontMetrics().horizontalAdvance(self._goal)
        end = to_pixels.map(QPointF(goals[-1][0] + 0.5, 0)).x() - width
        baseline = self._level(to_pixels, goals[-1][1] / self._unit) - theme.px(5)
        painter.drawText(QPointF(end, baseline), self._goal)


def secured_colour(theme: Theme) -> str:
    """The colour of what is secured: the end of the ramp."""
    return theme.tokens.ramp[-1]


def weighted_colour(theme: Theme) -> str:
    """The colour of what is weighted: near the beginning of the ramp, on dark ground one step further to be seen."""
    return theme.tokens.ramp[2 if theme.tokens.dark else 1]


def goal_pen(theme: Theme) -> QPen:
    """The line of goals."""
    pen = QPen(QBrush(theme.colour("warning")), theme.px(1.5))
    pen.setDashPattern([4, 3])
    pen.setCapStyle(Qt.PenCapStyle.FlatCap)
    return pen


def outline_pen(theme: Theme) -> QPen:
    """The outline of what would be without weighting."""
    pen = QPen(QBrush(theme.colour("faint")), 1)
    pen.setDashPattern([2, 2])
    return pen


def _path(rect: QRectF) -> QPainterPath:
    path = QPainterPath()
    path.addRect(rect)
    return path


def _rounded(rect: QRectF, radius: float) -> QPainterPath:
    """`rect` with its upper corners rounded."""
    path = QPainterPath()
    path.addRoundedRect(rect.adjusted(0, 0, 0, radius), radius, radius)
    return path.intersected(_path(rect))


def hatch(painter: QPainter, shape: QPainterPath, theme: Theme) -> None:
    """Slanted lines over `shape`, cut to it: a file of lines and letters knows no clipping."""
    box, half = shape.boundingRect(), theme.px(1.5) / sqrt(2)
    step, height = theme.px(_HATCH), box.height()
    lines = QPainterPath()
    x = box.left() - height
    while x < box.right():
        low, high = QPointF(x, box.bottom()), QPointF(x + height, box.top())
        aside = QPointF(half, 0)
        lines.addPolygon(QPolygonF([low - aside, high - aside, high + aside, low + aside]))
        lines.closeSubpath()
        x += step
    painter.fillPath(lines.intersected(shape), theme.colour(secured_colour(theme)))
