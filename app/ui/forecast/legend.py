"""What the colours of the revenue chart mean."""

from collections.abc import Sequence

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QFontMetricsF, QPainter, QPainterPath, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from app.ui.forecast.bars import goal_pen, hatch, outline_pen, weighted_colour
from app.ui.forecast.flow_row import FlowRow
from app.ui.forecast.view_models import LegendKey
from app.ui.theme import Theme

_SQUARE = 11


class Legend(FlowRow):
    """Keys beside each other, going on in the next line where they do not fit."""

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(theme, 16, parent)
        self._theme = theme
        self.keys: Sequence[LegendKey] = ()

    def show_keys(self, keys: Sequence[LegendKey]) -> None:
        """Explain these colours from now on."""
        if tuple(keys) == self.keys:
            return
        self.keys = tuple(keys)
        while (item := self.flow.takeAt(0)) is not None:
            widget = item.widget()
            assert widget is not None
            widget.hide()
            widget.deleteLater()
        for key in self.keys:
            self.flow.addWidget(_Key(self._theme, key))
        self.settle()


def paint_key(painter: QPainter, theme: Theme, look: str, square: QRectF) -> None:
    """A little picture of how the bars look."""
    painter.setPen(Qt.PenStyle.NoPen)
    if look == "goal":
        painter.setPen(goal_pen(theme))
        painter.drawLine(QPointF(square.left(), square.center().y()), QPointF(square.right(), square.center().y()))
    elif look == "outline":
        painter.setPen(outline_pen(theme))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.drawRect(square.adjusted(0.5, 0.5, -0.5, -0.5))
    else:
        painter.setBrush(theme.colour(weighted_colour(theme) if look == "hatched" else look))
        shape = QPainterPath()
        shape.addRoundedRect(square, 2, 2)
        painter.drawPath(shape)
        if look == "hatched":
            hatch(painter, shape, theme)


class _Key(QWidget):
    """A square as the bars look, and what it stands for."""

    def __init__(self, theme: Theme, key: LegendKey) -> None:
        super().__init__()
        self._theme = theme
        self._look = key.look
        self._text = key.label
        self.setAccessibleName(key.label)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        theme.changed.connect(self.updateGeometry)

    def sizeHint(self) -> QSize:
        metrics, px = QFontMetricsF(self._theme.font(12)), self._theme.px
        return QSize(round(metrics.horizontalAdvance(self._text)) + px(_SQUARE + 8), round(metrics.height()) + px(2))

    def paintEvent(self, event: QPaintEvent) -> None:
        theme, px = self._theme, self._theme.px
        with QPainter(self) as painter:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            square = QRectF(0, round((self.height() - px(_SQUARE)) / 2), px(_SQUARE), px(_SQUARE))
            paint_key(painter, theme, self._look, square)
            painter.setFont(theme.font(12))
            painter.setPen(theme.colour("muted"))
            metrics = painter.fontMetrics()
            baseline = (self.height() + metrics.ascent() - metrics.descent()) // 2
            painter.drawText(px(_SQUARE + 6), baseline, self._text)
