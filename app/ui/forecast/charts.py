"""The revenue chart, drawn with pyqtgraph. Importing this module takes half a second: it is done in the background."""

from collections.abc import Sequence
from itertools import accumulate

import pyqtgraph as pg
from PySide6.QtCore import QEvent, QObject, QPointF, QRectF, Qt, Signal
from PySide6.QtGui import (
    QAccessible,
    QAccessibleEvent,
    QFocusEvent,
    QFontMetricsF,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPen,
    QResizeEvent,
)
from PySide6.QtWidgets import QVBoxLayout, QWidget

from app.core.format import Formats
from app.core.i18n import tr
from app.core.money import Money
from app.ui.forecast.bars import MARGIN, BarsItem, secured_colour, weighted_colour
from app.ui.forecast.hover_card import HoverCard, HoverLine
from app.ui.forecast.pick_chart import OPENING, STAYING
from app.ui.forecast.scale import every, ticks
from app.ui.forecast.view_models import Bar, RevenuePicture
from app.ui.theme import Theme

_LABEL_SIZE = 11
_APART = 0.45  # how far the bar without a month stands off
_LINES = 6
_RING = 2  # the mark of the focus
_KEYS = {Qt.Key.Key_Left: -1, Qt.Key.Key_Right: 1}


class RevenueChart(QWidget):
    """Stacked bars per month or quarter, with their goals. Pointing at a bar, or going there with the arrow keys, shows
    its figures; a click, Enter or Space asks for the leads behind it.
    """

    opened = Signal(object, object)  # the Bar, and the name of the part of it that was clicked, None for all of it

    def __init__(self, theme: Theme, formats: Formats, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._formats = formats
        self._picture = RevenuePicture((), "", "")
        self._places: list[float] = []
        self._current: int | None = None
        self._item = BarsItem(theme)
        self._view = pg.GraphicsLayoutWidget(self)
        self._view.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._box = self._view.addViewBox(row=0, col=1, enableMenu=False, enableMouse=False)
        self._box.disableAutoRange()
        self._box.addItem(self._item)
        self._left = self._add_axis("left", 0, 0)
        self._bottom = self._add_axis("bottom", 1, 1)
        self._card = HoverCard(theme, self)
        column = QVBoxLayout(self)
        column.setContentsMargins(_RING, _RING, _RING, _RING)
        column.addWidget(self._view)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self._view.viewport().setCursor(Qt.CursorShape.PointingHandCursor)
        self._view.viewport().installEventFilter(self)
        theme.changed.connect(self._restyle)
        self._restyle()

    # What is shown

    def show_bars(self, picture: RevenuePicture) -> None:
        """Draw this. Its name says what the chart shows, for screen readers."""
        self._picture = picture
        self._places = _places(self._bars)
        self.setAccessibleName(picture.name)
        self._choose(None)
        self._lay_out()

    def draw(self, painter: QPainter, target: QRectF) -> None:
        """Paint the chart as it stands into a part of a picture."""
        self._choose(None)
        self._view.render(painter, target, self._view.viewport().rect())

    @property
    def _bars(self) -> Sequence[Bar]:
        return self._picture.bars

    @property
    def _currency(self) -> str:
        return self._picture.currency

    @property
    def current(self) -> Bar | None:
        """The bar whose figures are shown."""
        return None if self._current is None else self._bars[self._current]

    @property
    def card(self) -> HoverCard:
        """The small card with the figures of the current bar."""
        return self._card

    def axis_labels(self) -> list[str]:
        """The figures at the left, from below."""
        return [self._formats.axis(value) for value in self._item.lines]

    def centre_of(self, index: int) -> QPointF:
        """Where the middle of a bar is, in pixels of this widget."""
        bar = self._bars[index]
        unit = float(Money.of(1, self._currency).minor)
        scene = self._box.mapViewToScene(QPointF(self._places[index], bar.total / unit / 2))
        return QPointF(self._view.mapTo(self, self._view.mapFromScene(scene)))

    # Drawing

    def _add_axis(self, side: str, row: int, column: int) -> pg.AxisItem:
        axis = pg.AxisItem(side, maxTickLength=0)
        for draw in (axis.setPen, axis.setTickPen):
            draw(QPen(Qt.PenStyle.NoPen))
        axis.linkToView(self._box)
        axis.setStyle(tickTextOffset=6, tickAlpha=0, autoExpandTextSpace=False, hideOverlappingLabels=False)
        self._view.addItem(axis, row=row, col=column)
        return axis

    def _lay_out(self) -> None:
        """Ranges, axes and bars anew: after other figures, another size or another look."""
        if not self._bars:
            return
        unit = float(Money.of(1, self._currency).minor)
        lines = ticks(max(self._height_of(bar) for bar in self._bars) / unit, self._most_lines())
        gross = self._picture.gross
        self._item.show_bars(self._bars, self._places, unit, lines, gross=gross, goal=self._goal())
        right = self._places[-1] + MARGIN
        self._box.setRange(xRange=(-MARGIN, right), yRange=(0, lines[-1] * 1.02), padding=0, disableAutoRange=True)
        self._left.setTicks([[(value, self._formats.axis(value)) for value in lines]])
        self._bottom.setTicks([self._month_ticks()])
        self._left.setWidth(self._width_of([self._formats.axis(value) for value in lines]) + self._theme.px(10))
        self._view.ci.layout.activate()  # else a picture is painted before, and leaves out what is wider than it was

    def _height_of(self, bar: Bar) -> int:
        """The highest of what is drawn of a bar."""
        return max(bar.gross if self._picture.gross else bar.total, bar.goal or 0)

    def _goal(self) -> str:
        """The words at the end of the line of goals."""
        goals = [bar.goal for bar in self._bars if bar.goal is not None]
        return tr("Goal {amount}", amount=self._formats.whole(Money(goals[-1], self._currency))) if goals else ""

    def _most_lines(self) -> int:
        return max(2, min(_LINES, int(self._view.height()) // self._theme.px(44)))

    def _month_ticks(self) -> list[tuple[float, str]]:
        """The labels below: all of them, or as many as have room beside each other."""
        months = [(place, bar.label) for place, bar in zip(self._places, self._bars, strict=True) if not bar.apart]
        apart = [(place, bar.label) for place, bar in zip(self._places, self._bars, strict=True) if bar.apart]
        room = self._view.width() / (len(self._bars) + 1)
        step = every(room, self._width_of([label for _, label in months]), self._theme.px(8))
        return months[::step] + apart

    def _width_of(self, labels: Sequence[str]) -> float:
        metrics = QFontMetricsF(self._theme.font(_LABEL_SIZE))
        return max((metrics.horizontalAdvance(line) for label in labels for line in label.split("\n")), default=0.0)

    def _restyle(self) -> None:
        theme = self._theme
        font = theme.font(_LABEL_SIZE)
        self._view.setBackground(theme.colour("surface"))
        self._view.ci.layout.setContentsMargins(theme.px(10), theme.px(6), theme.px(14), theme.px(4))
        self._view.ci.layout.setSpacing(0)
        for axis in (self._left, self._bottom):
            axis.setTickFont(font)
            axis.setTextPen(theme.colour("muted"))
        self._bottom.setHeight(2 * QFontMetricsF(font).height() + theme.px(8))
        self._item.update()
        self._lay_out()

    # Pointing at a bar

    def _choose(self, index: int | None) -> None:
        """Show the figures of one bar, or of none."""
        self._current = index
        self._item.highlight(index)
        if index is None:
            self._card.hide()
            self.setAccessibleDescription("")
            return
        self._card.show_lines(self._bars[index].name, self._lines_of(self._bars[index]))
        self._card.place_beside(self._column_of(index), QRectF(self.rect()))
        self.setAccessibleDescription(self._card.spoken)
        QAccessible.updateAccessibility(QAccessibleEvent(self, QAccessible.Event.DescriptionChanged))

    def _lines_of(self, bar: Bar) -> list[HoverLine]:
        """What the card says of a bar."""
        lines = self._parts_of(bar)
        lines.append(HoverLine(tr("secured + weighted"), self._money(bar.total)))
        lines.append(HoverLine(tr("unweighted"), self._money(bar.unweighted)))
        if bar.goal is not None:
            lines.append(HoverLine(tr("goal"), self._money(bar.goal)))
            if bar.goal > bar.total:
                lines.append(HoverLine(tr("missing to the goal"), self._money(bar.goal - bar.total)))
        return lines

    def _parts_of(self, bar: Bar) -> list[HoverLine]:
        if bar.segments:
            return [HoverLine(each.name, self._money(each.amount), each.colour) for each in reversed(bar.segments)]
        lines = [
            HoverLine(tr("secured"), self._money(bar.secured), secured_colour(self._theme)),
            HoverLine(tr("weighted"), self._money(bar.weighted), weighted_colour(self._theme)),
        ]
        if bar.moved:
            lines.append(HoverLine(tr("of it from past months"), self._money(bar.moved)))
        return lines

    def _money(self, minor: int) -> str:
        return self._formats.money(Money(minor, self._currency))

    def _column_of(self, index: int) -> QRectF:
        """The strip of this widget that belongs to a bar."""
        middle, half = self.centre_of(index), self._slot() / 2
        return QRectF(middle.x() - half, 0, 2 * half, self.height())

    def _slot(self) -> float:
        """How many pixels one month takes."""
        return float(self._box.width() / (self._places[-1] + 2 * MARGIN))

    def _bar_at(self, x: float) -> int | None:
        """The bar in whose strip the pixel `x` of the viewport lies."""
        if not self._bars:
            return None
        place = self._box.mapSceneToView(self._view.mapToScene(round(x), 0)).x()
        nearest = min(range(len(self._places)), key=lambda i: abs(self._places[i] - place))
        return nearest if abs(self._places[nearest] - place) <= 0.5 else None

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if isinstance(event, QMouseEvent) and event.type() == QEvent.Type.MouseMove:
            index = self._bar_at(event.position().x())
            if index != self._current:
                self._choose(index)
        elif isinstance(event, QMouseEvent) and event.type() == QEvent.Type.MouseButtonRelease:
            self._click(event)
        elif event.type() == QEvent.Type.Leave:
            self._choose(None)
        return super().eventFilter(watched, event)

    def _click(self, event: QMouseEvent) -> None:
        index = self._bar_at(event.position().x())
        if event.button() == Qt.MouseButton.LeftButton and index is not None:
            bar = self._bars[index]
            self.opened.emit(bar, self._segment_at(bar, event.position().y()))

    def _segment_at(self, bar: Bar, y: float) -> str | None:
        """The name of the part of a bar at the pixel `y` of the viewport."""
        unit = float(Money.of(1, self._currency).minor)
        amount = self._box.mapSceneToView(self._view.mapToScene(0, round(y))).y() * unit
        tops = accumulate(segment.amount for segment in bar.segments)
        return next((each.name for each, top in zip(bar.segments, tops, strict=True) if 0 <= amount < top), None)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        index = self._after(Qt.Key(event.key())) if self._bars else None
        if index is not None:
            self._choose(index)
        elif self.current is not None and event.key() in OPENING:
            self.opened.emit(self.current, None)
        elif event.key() == Qt.Key.Key_Escape and self._current is not None:
            self._choose(None)
        else:
            super().keyPressEvent(event)

    def _after(self, key: Qt.Key) -> int | None:
        """The bar to which a key leads; None when it leads nowhere."""
        last = len(self._bars) - 1
        if key in _KEYS:
            start = self._current if self._current is not None else (-1 if key == Qt.Key.Key_Right else last + 1)
            return min(max(start + _KEYS[key], 0), last)
        return {Qt.Key.Key_Home: 0, Qt.Key.Key_End: last}.get(key)

    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        self.update()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        if event.reason() not in STAYING:
            self._choose(None)

    def paintEvent(self, event: QPaintEvent) -> None:
        if self.hasFocus():
            with QPainter(self) as painter:
                painter.setRenderHint(QPainter.RenderHint.Antialiasing)
                painter.setPen(QPen(self._theme.colour("accent"), _RING))
                painter.drawRoundedRect(QRectF(self.rect()).adjusted(1, 1, -1, -1), 7, 7)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._choose(None)
        self._lay_out()


def _places(bars: Sequence[Bar]) -> list[float]:
    """Where the bars stand, one after the other; one that is apart leaves a gap before it."""
    widths = [1 + _APART if bar.apart and i else 1.0 for i, bar in enumerate(bars)]
    return [place - 1 for place in accumulate(widths)]
