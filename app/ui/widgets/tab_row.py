"""The tabs at the top of the window, with counts beside their labels."""

from dataclasses import dataclass

from PySide6.QtCore import QPointF, QRect, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFontMetrics, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QTabBar, QWidget

from app.ui.theme import Theme

_HEIGHT = 52
_PADDING = 13
_GAP = 7


@dataclass(frozen=True)
class Badges:
    """Beside a tab's label: how many there are, and how many of them need attention.

    `alarm_spoken` says the alarm in words ("2 overdue"), since a screen reader knows no red.
    """

    count: str = ""
    alarm: str = ""
    alarm_spoken: str = ""


class TabRow(QTabBar):
    """A flat row of tabs; the chosen one is underlined."""

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._badges: dict[int, Badges] = {}
        self.setDrawBase(False)
        self.setExpanding(False)
        self.setUsesScrollButtons(True)
        self.setElideMode(Qt.TextElideMode.ElideNone)
        self.setMouseTracking(True)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        theme.changed.connect(self._restyle)
        self._restyle()

    def set_badges(self, index: int, badges: Badges) -> None:
        """Show counts beside the label of a tab."""
        if self._badges.get(index) == badges:
            return
        self._badges[index] = badges
        spoken = [self.tabText(index), badges.count, badges.alarm_spoken or badges.alarm]
        self.setAccessibleTabName(index, " ".join(part for part in spoken if part))
        # A tab bar lays itself out anew only when a tab changes in a way it knows.
        self.setTabText(index, self.tabText(index))
        self.updateGeometry()
        self.update()

    def badges(self, index: int) -> Badges:
        """What stands beside the label of a tab."""
        return self._badges.get(index, Badges())

    def tabSizeHint(self, index: int) -> QSize:
        px = self._theme.px
        width = 2 * px(_PADDING) + self._metrics(13, 600).horizontalAdvance(self.tabText(index))
        for text in self._badge_texts(index):
            width += px(_GAP) + self._badge_width(text)
        return QSize(width, px(_HEIGHT))

    def minimumTabSizeHint(self, index: int) -> QSize:
        return self.tabSizeHint(index)

    def paintEvent(self, event: QPaintEvent) -> None:
        with QPainter(self) as painter:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            for index in range(self.count()):
                if self.isTabVisible(index):
                    self._paint_tab(painter, index, self.tabRect(index))

    def _paint_tab(self, painter: QPainter, index: int, rect: QRect) -> None:
        theme, chosen = self._theme, index == self.currentIndex()
        hovered = rect.contains(self.mapFromGlobal(self.cursor().pos()))
        font = theme.font(13, 600 if chosen else 500)
        painter.setFont(font)
        painter.setPen(theme.colour("text" if chosen or hovered else "muted"))
        metrics = QFontMetrics(font)
        left = float(rect.left() + theme.px(_PADDING))
        middle = rect.top() + rect.height() / 2
        baseline = middle + (metrics.ascent() - metrics.descent()) / 2
        painter.drawText(QPointF(left, baseline), self.tabText(index))
        left += metrics.horizontalAdvance(self.tabText(index)) + theme.px(_GAP)
        count, alarm = self.badges(index).count, self.badges(index).alarm
        if count:
            ground, ink = ("accent_background", "accent") if chosen else ("neutral_background", "muted")
            left = self._paint_badge(painter, left, middle, count, theme.colour(ground), theme.colour(ink))
        if alarm:
            ground, ink = "lost_background", "lost"
            self._paint_badge(painter, left, middle, _signed(alarm), theme.colour(ground), theme.colour(ink))
        if chosen:
            painter.fillRect(QRect(rect.left(), rect.bottom() - 1, rect.width(), 2), theme.colour("accent"))
            if self.hasFocus():
                painter.setPen(QPen(theme.colour("accent"), 2))
                painter.setBrush(Qt.BrushStyle.NoBrush)  # the badge left its own, which would cover the label
                painter.drawRoundedRect(QRectF(rect).adjusted(3, 8, -3, -8), 7, 7)

    def _paint_badge(
        self, painter: QPainter, left: float, middle: float, text: str, ground: QColor, ink: QColor
    ) -> float:
        """One badge; where the next one begins."""
        font = self._theme.font(11, 600)
        metrics = QFontMetrics(font)
        width, height = self._badge_width(text), self._theme.px(17)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(ground)
        painter.drawRoundedRect(QRectF(left, middle - height / 2, width, height), height / 2, height / 2)
        painter.setFont(font)
        painter.setPen(ink)
        baseline = middle + (metrics.ascent() - metrics.descent()) / 2
        painter.drawText(QPointF(left + (width - metrics.horizontalAdvance(text)) / 2, baseline), text)
        return left + width + self._theme.px(_GAP)

    def _badge_texts(self, index: int) -> list[str]:
        badges = self.badges(index)
        return [text for text in (badges.count, _signed(badges.alarm)) if text]

    def _badge_width(self, text: str) -> int:
        return 2 * self._theme.px(7) + self._metrics(11, 600).horizontalAdvance(text)

    def _metrics(self, size: float, weight: int) -> QFontMetrics:
        return QFontMetrics(self._theme.font(size, weight))

    def _restyle(self) -> None:
        # The font is that of the widest state of a label, so that choosing a tab moves nothing.
        self.setFont(self._theme.font(13, 600))
        self.updateGeometry()


def _signed(alarm: str) -> str:
    return f"⚠ {alarm}" if alarm else ""
