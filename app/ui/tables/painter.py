"""Draws the rows of a table: background, text, pills and avatars, everything in one loop.

A delegate is called through Qt once per cell with an option built for it; drawing the visible rows in one go takes
out both and is faster than Qt's own delegate over a C++ model.
"""

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import accumulate
from typing import Any

from PySide6.QtCore import QPointF, QRect, QRectF, Qt
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QPainter, QPen

from app.ui.tables.columns import Cell, Column, Kind, Tone, Weight
from app.ui.theme import Theme, readable, text_on

#: Room left and right of the text of a cell, before scaling.
PADDING = 9
#: An icon before a text, and the gap after it.
_SIGN, _SIGN_GAP = 15, 6
_ACCENT_BAR = 3
_FOCUS = 2
_NO_PEN = Qt.PenStyle.NoPen
_RIGHT = Qt.TextElideMode.ElideRight
_DOTS = "…"
#: The first of the characters that combine with others, or are written from right to left.
_COMBINING = "\u0300"
_TINTED = (Tone.WON, Tone.LOST, Tone.WARNING, Tone.ACCENT)
_WEIGHTS = {
    Weight.NORMAL: ("text", 400),
    Weight.STRONG: ("text", 600),
    Weight.MUTED: ("muted", 400),
}


@dataclass(frozen=True)
class Span:
    """Where a column is drawn, in pixels of the viewport."""

    column: int
    left: int
    width: int


@dataclass(frozen=True)
class RowLook:
    """What is drawn behind the cells of a row."""

    selected: bool = False
    hovered: bool = False
    focused: bool = False


class _Advances(dict[str, float]):
    """The widths of single characters of a font, measured when first met.

    Their sum is a text's width to within its kerning, at a tenth of the price of shaping the text to measure it.
    """

    def __init__(self, metrics: QFontMetricsF) -> None:
        super().__init__()
        self._metrics = metrics

    def __missing__(self, character: str) -> float:
        width = self[character] = self._metrics.horizontalAdvance(character)
        return width


class Pen:
    """A font with its measures and the distance of its baseline from the middle of the row."""

    def __init__(self, font: QFont) -> None:
        self.font = font
        self._metrics = QFontMetricsF(font)
        self._advances = _Advances(self._metrics)
        self.drop = (self._metrics.ascent() - self._metrics.descent()) / 2

    def fit(self, cell: Cell, room: int) -> float:
        """Elide the text of `cell` to `room`, where that was not done yet; the width it takes."""
        if cell.room != room:
            cell.room = room
            cell.elided = cell.text
            cell.width = self._width(cell.text)
            if cell.width > room:
                texts = (cell.text,) if cell.short is None else cell.short()
                text = next((text for text in texts if self._width(text) <= room), texts[-1])
                cell.elided, cell.width = self._elided(text, room)
        return cell.width

    def _width(self, text: str) -> float:
        return sum(map(self._advances.__getitem__, text))

    def _elided(self, text: str, room: int) -> tuple[str, float]:
        """As much of a text as there is room for, and how wide that is.

        Where characters combine, only Qt knows where a text may be cut; Latin letters need not wait for it.
        """
        if not text or max(text) >= _COMBINING:
            shown = self._metrics.elidedText(text, _RIGHT, max(room, 0))
            return shown, self._metrics.horizontalAdvance(shown)
        widths = list(accumulate(map(self._advances.__getitem__, text), initial=self._advances[_DOTS]))
        if widths[-1] - widths[0] <= room:
            return text, widths[-1] - widths[0]
        fitting = bisect_right(widths, room) - 1
        return (text[:fitting] + _DOTS, widths[fitting]) if fitting >= 0 else ("", 0.0)


class RowPainter:
    """Draws rows in the look of `theme`. Make a new one when the theme changes."""

    def __init__(self, theme: Theme, columns: Sequence[Column[Any]]) -> None:
        self._theme = theme
        self._columns = columns
        self._pens = {weight: Pen(theme.font(13, weight)) for weight in (400, 600)}
        self._pill_pen = Pen(theme.font(11.5, 600))
        self._avatar_pen = Pen(theme.font(10, 700))
        self._padding = theme.px(PADDING)
        self._pill_height = theme.px(21)
        self._avatar_size = theme.px(23)
        self._pills: dict[tuple[str, str], tuple[QColor, QColor]] = {}
        self._looks = [_WEIGHTS[column.weight] for column in columns]

    def background(self, painter: QPainter, rect: QRect, look: RowLook) -> None:
        """The ground of one row across the table, its line below, and the mark of selection and focus."""
        theme = self._theme
        if look.selected:
            painter.fillRect(rect, theme.colour("selection"))
            painter.fillRect(QRect(rect.left(), rect.top(), _ACCENT_BAR, rect.height()), theme.colour("accent"))
        elif look.hovered:
            painter.fillRect(rect, theme.colour("hover"))
        painter.fillRect(QRect(rect.left(), rect.bottom(), rect.width(), 1), theme.colour("hairline"))
        if look.focused:
            self.mark(painter, rect)

    def mark(self, painter: QPainter, rect: QRect) -> None:
        """The row or the cell the keyboard is on."""
        painter.setPen(QPen(self._theme.colour("accent"), _FOCUS))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.drawRect(QRectF(rect).adjusted(_FOCUS / 2, _FOCUS / 2, -_FOCUS / 2, -_FOCUS / 2))

    def cell(self, painter: QPainter, cell: Cell, span: Span, top: int, height: int, selected: bool = False) -> None:
        """One cell into the row that begins at `top`."""
        if not cell.text:
            return
        kind = self._columns[span.column].kind
        if kind is Kind.PILL:
            self._pill(painter, cell, span, top, height)
        elif kind is Kind.AVATAR:
            self._avatar(painter, cell, span, top, height, selected)
        else:
            self._text(painter, cell, span, top, height)

    def _text(self, painter: QPainter, cell: Cell, span: Span, top: int, height: int) -> None:
        token, weight = self._looks[span.column]
        if cell.tone:
            token, weight = cell.tone, 600
        pen = self._pens[weight]
        padding = self._padding
        sign = self._sign(painter, cell, token, span.left + padding, top + height / 2) if cell.icon else 0
        room = span.width - 2 * padding - sign
        width = pen.fit(cell, room)
        column = self._columns[span.column]
        left = span.left + span.width - padding - width if column.right else span.left + padding + sign
        painter.setFont(pen.font)
        painter.setPen(self._theme.colour(token))
        painter.drawText(QPointF(left, top + height / 2 + pen.drop), cell.elided)

    def _sign(self, painter: QPainter, cell: Cell, token: str, left: int, middle: float) -> int:
        """The icon before a text; the room it takes."""
        device = painter.device()
        picture = self._theme.pixmap(cell.icon, token, _SIGN, device.devicePixelRatioF())
        size = self._theme.px(_SIGN)
        painter.drawPixmap(QPointF(left, middle - size / 2), picture)
        return size + self._theme.px(_SIGN_GAP)

    def _pill(self, painter: QPainter, cell: Cell, span: Span, top: int, height: int) -> None:
        fill, ink = self._pill_colours(cell.fill, cell.tone)
        padding, high = self._padding, self._pill_height
        width = self._pill_pen.fit(cell, span.width - 3 * padding)
        if width <= 0:
            return
        left, middle = span.left + padding, top + height / 2
        painter.setPen(_NO_PEN)
        painter.setBrush(fill)
        painter.drawRoundedRect(QRectF(left, middle - high / 2, width + 2 * padding, high), high / 2, high / 2)
        painter.setFont(self._pill_pen.font)
        painter.setPen(ink)
        painter.drawText(QPointF(left + padding, middle + self._pill_pen.drop), cell.elided)

    def _pill_colours(self, fill: str, tone: str) -> tuple[QColor, QColor]:
        key = (fill, tone)
        if key not in self._pills:
            colour = self._theme.colour
            if fill:
                ground = readable(fill)
                self._pills[key] = QColor(ground), QColor(text_on(ground))
            elif tone in _TINTED:
                self._pills[key] = colour(f"{tone}_background"), colour(tone)
            else:
                self._pills[key] = colour("neutral_background"), colour("muted")
        return self._pills[key]

    def _avatar(self, painter: QPainter, cell: Cell, span: Span, top: int, height: int, selected: bool) -> None:
        """A circle with initials; where the row is as dark as the circle, in the colour of a chosen badge."""
        size, pen = self._avatar_size, self._avatar_pen
        left, middle = span.left + self._padding, top + height / 2
        width = pen.fit(cell, size)
        painter.setPen(_NO_PEN)
        painter.setBrush(self._theme.colour("accent" if selected else "neutral_background"))
        painter.drawEllipse(QRectF(left, middle - size / 2, size, size))
        painter.setFont(pen.font)
        painter.setPen(self._theme.colour("on_accent" if selected else "muted"))
        painter.drawText(QPointF(left + (size - width) / 2, middle + pen.drop), cell.elided)
