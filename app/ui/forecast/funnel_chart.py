"""The funnel as trapezoids: each as wide as the share of leads that came so far."""

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QFont, QFontMetricsF, QPainter, QPolygonF
from PySide6.QtWidgets import QWidget

from app.core.i18n import tr
from app.ui.forecast.pick_chart import PickChart
from app.ui.forecast.view_models import FunnelStep
from app.ui.theme import Theme, readable, text_on

_STEP, _LEAST_STEP = 50, 34
_GAP = 6
_PADDING = 14


class FunnelChart(PickChart[FunnelStep]):
    """Draws steps from the widest to the narrowest; none is too narrow for its words."""

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(theme, Qt.Key.Key_Up, Qt.Key.Key_Down, parent)

    def sizeHint(self) -> QSize:
        px = self._theme.px
        return QSize(px(330), len(self._parts) * px(_STEP + _GAP))

    def minimumSizeHint(self) -> QSize:
        px = self._theme.px
        return QSize(round(self._widest_words()), len(self._parts) * px(_LEAST_STEP + _GAP))

    def part_at(self, point: QPointF) -> FunnelStep | None:
        row = int(point.y() // (self._step_height() + self._theme.px(_GAP)))
        return self._parts[row] if 0 <= row < len(self._parts) else None

    def place_of(self, index: int) -> QRectF:
        height = self._step_height()
        return QRectF(0, index * (height + self._theme.px(_GAP)), self.width(), height)

    def draw(self, painter: QPainter) -> None:
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if any(step.share for step in self._parts):
            self._paint_steps(painter)
            return
        painter.setFont(self._theme.font())
        painter.setPen(self._theme.colour("muted"))
        flags = int(Qt.AlignmentFlag.AlignCenter) | int(Qt.TextFlag.TextWordWrap)
        painter.drawText(self.rect(), flags, tr("No lead became active in this period."))

    def _paint_steps(self, painter: QPainter) -> None:
        widths = self._widths()
        for i, step in enumerate(self._parts):
            below = widths[i + 1] if i + 1 < len(widths) else widths[i] * 0.9
            self._paint_step(painter, step, self.place_of(i), (widths[i], below))

    def _paint_step(self, painter: QPainter, step: FunnelStep, row: QRectF, widths: tuple[float, float]) -> None:
        theme, middle = self._theme, row.center().x()
        upper, lower = (width / 2 for width in widths)
        # Sides run straight on to the next step across the gap between them.
        ground = readable(step.colour)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(theme.colour(ground))
        corners = [(-upper, row.top()), (upper, row.top()), (lower, row.bottom()), (-lower, row.bottom())]
        painter.drawPolygon(QPolygonF([QPointF(middle + x, y) for x, y in corners]))
        painter.setPen(theme.colour(text_on(ground)))
        middle_line = row.center().y()
        self._write(painter, step.name, theme.font(12.5, 600), middle_line - theme.px(4))
        figures = theme.font(12)
        self._write(painter, step.figures, figures, middle_line + QFontMetricsF(figures).ascent())

    def _write(self, painter: QPainter, text: str, font: QFont, baseline: float) -> None:
        """A line in the middle of the width."""
        metrics = QFontMetricsF(font)
        shown = metrics.elidedText(text, Qt.TextElideMode.ElideRight, self.width() - self._theme.px(_PADDING))
        painter.setFont(font)
        painter.drawText(QPointF((self.width() - metrics.horizontalAdvance(shown)) / 2, baseline), shown)

    def _widths(self) -> list[float]:
        """The upper edge of every step: its share of the widest, but never narrower than the words in it."""
        full, least = float(self.width()), min(self._widest_words(), float(self.width()))
        return [max(step.share * full, least) for step in self._parts]

    def _widest_words(self) -> float:
        names, figures = QFontMetricsF(self._theme.font(12.5, 600)), QFontMetricsF(self._theme.font(12))
        widths = [max(names.horizontalAdvance(s.name), figures.horizontalAdvance(s.figures)) for s in self._parts]
        return max(widths, default=0.0) + 2 * self._theme.px(_PADDING)

    def _step_height(self) -> float:
        px = self._theme.px
        count = max(1, len(self._parts))
        return min(px(_STEP), max(px(_LEAST_STEP), self.height() / count - px(_GAP)))
