"""Draws the row of a group: a mark to fold it by, its name, how many are in it, and its sums below their columns."""

from collections.abc import Sequence
from typing import Any

from PySide6.QtCore import QPointF, QRect, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPolygonF

from app.ui.tables.columns import Cell, Column
from app.ui.tables.groups import GroupLook
from app.ui.tables.painter import PADDING, Pen, RowLook, RowPainter, Span
from app.ui.theme import Theme

#: Room for the mark of folding and for the colour before the name, and how far an inner group is moved in.
_MARK = 17
_DOT = 9
_GAP = 8
_STEP = 18
#: The least room a name keeps, whatever stands right of it.
_NAME_LEAST = 80


class GroupPainter:
    """Draws in the look of `theme`. Make a new one when the theme changes."""

    def __init__(self, theme: Theme, columns: Sequence[Column[Any]], rows: RowPainter) -> None:
        """`rows` draws the ground, as below any other row."""
        self._theme = theme
        self._columns = columns
        self._rows = rows
        self._name, self._figure, self._note = (Pen(theme.font(13, weight)) for weight in (600, 600, 400))
        self._padding = theme.px(PADDING)

    def mark_end(self, spans: Sequence[Span], level: int) -> int:
        """Where the mark of folding ends."""
        left = max(0, spans[0].left) if spans else 0
        return left + self._padding + self._theme.px(_STEP) * level + self._theme.px(_MARK)

    def row(self, painter: QPainter, group: GroupLook, spans: Sequence[Span], rect: QRect, look: RowLook) -> None:
        """The whole row; `rect` is its place across the table."""
        line = group.line
        if not (look.selected or look.hovered):
            painter.fillRect(rect, self._theme.colour("neutral_background" if group.outer else "background"))
        self._rows.background(painter, rect, look)
        sums = line.figures
        figures = [(span, sums[key]) for span in spans if (key := self._columns[span.column].key) in sums]
        middle = rect.top() + rect.height() / 2
        x = self.mark_end(spans, group.level)
        least = x + self._theme.px(_NAME_LEAST)
        end = min((span.left for span, _ in figures if span.left >= least), default=rect.right())
        self._triangle(painter, QPointF(x - self._theme.px(_MARK) + self._theme.px(5), middle), group.folded)
        if line.fill:
            self._dot(painter, line.fill, x, middle)
            x += self._theme.px(_DOT + _GAP)
        x += self._draw(painter, self._name, line.label, "text", x, middle, end - x - self._padding)
        self._draw(
            painter, self._note, line.note, "muted", x + self._theme.px(_GAP), middle, end - x - 2 * self._padding
        )
        for span, cell in figures:
            if span.left >= end:
                self._figures(painter, cell, span, middle)

    def _draw(self, painter: QPainter, pen: Pen, cell: Cell, token: str, x: float, middle: float, room: float) -> int:
        """A text from `x` on, cut off where there is no more room; how wide it is."""
        if room <= 0 or not cell.text:
            return 0
        width = pen.fit(cell, int(room))
        painter.setFont(pen.font)
        painter.setPen(self._theme.colour(token))
        painter.drawText(QPointF(x, middle + pen.drop), cell.elided)
        return round(width)

    def _figures(self, painter: QPainter, cell: Cell, span: Span, middle: float) -> None:
        width = self._figure.fit(cell, span.width - 2 * self._padding)
        painter.setFont(self._figure.font)
        painter.setPen(self._theme.colour("text"))
        painter.drawText(
            QPointF(span.left + span.width - self._padding - width, middle + self._figure.drop), cell.elided
        )

    def _dot(self, painter: QPainter, fill: str, x: float, middle: float) -> None:
        size = self._theme.px(_DOT)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(fill))
        painter.drawEllipse(QRectF(x, middle - size / 2, size, size))

    def _triangle(self, painter: QPainter, at: QPointF, folded: bool) -> None:
        """Pointing to the right while the group is folded, else down."""
        half, flat = self._theme.px(4.5), self._theme.px(2.5)
        if folded:
            ends = (QPointF(-flat, -half), QPointF(flat, 0), QPointF(-flat, half))
        else:
            ends = (QPointF(-half, -flat), QPointF(half, -flat), QPointF(0, flat))
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(self._theme.colour("muted"))
        painter.drawPolygon(QPolygonF([at + end for end in ends]))
