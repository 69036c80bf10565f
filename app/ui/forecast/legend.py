"""What the colours of the revenue chart mean."""

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QFontMetricsF, QPainter, QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QWidget

from app.core.i18n import tr
from app.ui.forecast.bars import hatch, secured_colour, weighted_colour
from app.ui.theme import Theme

_SQUARE = 11


class Legend(QWidget):
    """Secured, weighted and, where there is any, what was moved here from past months."""

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        theme.fit(row, lambda: row.setSpacing(theme.px(16)))
        self._moved = _Key(theme, tr("from past months"), "hatched")
        for key in (_Key(theme, tr("secured (won)"), "secured"), _Key(theme, tr("weighted leads"), "weighted")):
            row.addWidget(key)
        row.addWidget(self._moved)
        row.addStretch()

    def show_moved(self, there_is: bool) -> None:
        """Whether anything was moved from past months."""
        self._moved.setVisible(there_is)


class _Key(QWidget):
    """A square as the bars look, and what it stands for."""

    def __init__(self, theme: Theme, text: str, look: str) -> None:
        super().__init__()
        self._theme = theme
        self._look = look
        self._text = text
        self.setAccessibleName(text)
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
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(theme.colour(secured_colour(theme) if self._look == "secured" else weighted_colour(theme)))
            painter.drawRoundedRect(square, 2, 2)
            if self._look == "hatched":
                hatch(painter, square, theme)
            painter.setFont(theme.font(12))
            painter.setPen(theme.colour("muted"))
            metrics = painter.fontMetrics()
            baseline = (self.height() + metrics.ascent() - metrics.descent()) // 2
            painter.drawText(px(_SQUARE + 6), baseline, self._text)
