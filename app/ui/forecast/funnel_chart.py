"""The funnel as trapezoids: each as wide as the share of leads that came so far."""

from collections.abc import Sequence

from PySide6.QtCore import QEvent, QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QFont, QFontMetricsF, QHelpEvent, QPainter, QPaintEvent, QPen, QPolygonF
from PySide6.QtWidgets import QSizePolicy, QToolTip, QWidget

from app.core.i18n import tr
from app.ui.forecast.view_models import FunnelStep
from app.ui.theme import Theme, readable, text_on

_STEP, _LEAST_STEP = 50, 34
_GAP = 6
_PADDING = 14


class FunnelChart(QWidget):
    """Draws steps from the widest to the narrowest; none is too narrow for its words.

    The whole of it is in the accessible description, and each step in its tool tip.
    """

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._steps: Sequence[FunnelStep] = ()
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        theme.changed.connect(self._restyle)

    def show_steps(self, steps: Sequence[FunnelStep], name: str) -> None:
        """Draw these steps. `name` says what the funnel shows, for screen readers."""
        self._steps = tuple(steps)
        self.setAccessibleName(name)
        self.setAccessibleDescription("\n".join(step.spoken for step in steps))
        self._restyle()

    def sizeHint(self) -> QSize:
        px = self._theme.px
        return QSize(px(330), len(self._steps) * px(_STEP + _GAP))

    def minimumSizeHint(self) -> QSize:
        px = self._theme.px
        return QSize(round(self._widest_words()), len(self._steps) * px(_LEAST_STEP + _GAP))

    def event(self, event: QEvent) -> bool:
        if isinstance(event, QHelpEvent) and event.type() == QEvent.Type.ToolTip:
            step = self.step_at(event.pos().y())
            QToolTip.showText(event.globalPos(), step.spoken if step else "", self)
            return True
        return super().event(event)

    def step_at(self, y: float) -> FunnelStep | None:
        """The step drawn at that height."""
        row = int(y // (self._step_height() + self._theme.px(_GAP)))
        return self._steps[row] if 0 <= row < len(self._steps) else None

    def paintEvent(self, event: QPaintEvent) -> None:
        with QPainter(self) as painter:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            if not any(step.share for step in self._steps):
                painter.setFont(self._theme.font())
                painter.setPen(self._theme.colour("muted"))
                flags = int(Qt.AlignmentFlag.AlignCenter) | int(Qt.TextFlag.TextWordWrap)
                painter.drawText(self.rect(), flags, tr("No lead became active in this period."))
            else:
                self._paint_steps(painter)
            if self.hasFocus():
                painter.setBrush(Qt.BrushStyle.NoBrush)
                painter.setPen(QPen(self._theme.colour("accent"), 2))
                painter.drawRoundedRect(QRectF(self.rect()).adjusted(1, 1, -1, -1), 7, 7)

    def _paint_steps(self, painter: QPainter) -> None:
        widths = self._widths()
        height, gap = self._step_height(), self._theme.px(_GAP)
        for i, step in enumerate(self._steps):
            top = i * (height + gap)
            below = widths[i + 1] if i + 1 < len(widths) else widths[i] * 0.9
            self._paint_step(painter, step, QRectF(0, top, self.width(), height), (widths[i], below))

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
        return [max(step.share * full, least) for step in self._steps]

    def _widest_words(self) -> float:
        names, figures = QFontMetricsF(self._theme.font(12.5, 600)), QFontMetricsF(self._theme.font(12))
        widths = [max(names.horizontalAdvance(s.name), figures.horizontalAdvance(s.figures)) for s in self._steps]
        return max(widths, default=0.0) + 2 * self._theme.px(_PADDING)

    def _step_height(self) -> float:
        px = self._theme.px
        count = max(1, len(self._steps))
        return min(px(_STEP), max(px(_LEAST_STEP), self.height() / count - px(_GAP)))

    def _restyle(self) -> None:
        self.updateGeometry()
        self.update()
