"""The lines of the palette: a model that fetches leads when they are looked at, and the drawing of one line."""

from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QAbstractListModel, QModelIndex, QPersistentModelIndex, QPointF, QRect, QRectF, QSize, Qt
from PySide6.QtGui import QFont, QFontMetricsF, QPainter, QPaintEvent
from PySide6.QtWidgets import QListView, QStyle, QStyledItemDelegate, QStyleOptionViewItem

from app.ui.palette.entries import Entry, Line
from app.ui.theme import Theme

if TYPE_CHECKING:
    from app.services.search import Hit

_Index = QModelIndex | QPersistentModelIndex
_TOP = QModelIndex()
_DISPLAY = int(Qt.ItemDataRole.DisplayRole)
_SPOKEN = int(Qt.ItemDataRole.AccessibleTextRole)
#: Leads fetched at once.
_BLOCK = 16
#: Height of a line, its sides, the icon, and the gaps, before scaling.
HEIGHT = 36
#: Of a line with a passage below, and of a heading.
_TALL, _LOW = 54, 27
_SIDE, _ICON, _GAP = 14, 16, 11
#: Of the width, this share at most belongs to what stands at the right.
_RIGHT_SHARE = 0.4


class Lines(QAbstractListModel):
    """Entries of commands, and ids of leads that become entries when they are seen; of one that is gone a blank."""

    def __init__(self, fetch: Callable[[Sequence[int]], dict[int, Entry]]) -> None:
        super().__init__()
        self._fetch = fetch
        self._lines: list[Line] = []
        self._leads: dict[int, Entry] = {}
        self._hits: Mapping[int, Hit] = {}

    def show(self, lines: Sequence[Line], hits: "Mapping[int, Hit]") -> None:
        """These from now on; of the leads in `hits` what is marked, and the passage below."""
        if list(lines) == self._lines and hits == self._hits:
            return
        self.beginResetModel()
        self._lines = list(lines)
        self._hits = hits
        self._leads.clear()  # other words are marked in them
        self.endResetModel()

    def height(self, row: int) -> int:
        """How high a line is, before scaling; no lead is read for it."""
        line = self._lines[row]
        if isinstance(line, int):
            hit = self._hits.get(line)
            return HEIGHT if hit is None or hit.passage is None else _TALL
        if line.is_heading:
            return _LOW
        return HEIGHT if line.below is None else _TALL

    def is_heading(self, row: int) -> bool:
        """Whether a line only says what follows."""
        line = self._lines[row] if 0 <= row < len(self._lines) else None
        return isinstance(line, Entry) and line.is_heading

    def flags(self, index: _Index) -> Qt.ItemFlag:
        return Qt.ItemFlag.NoItemFlags if self.is_heading(index.row()) else super().flags(index)

    def forget(self) -> None:
        """Leads may have changed: read them anew."""
        self._leads.clear()
        if self._lines:
            self.dataChanged.emit(self.index(0), self.index(len(self._lines) - 1))

    def entry(self, row: int) -> Entry | None:
        """What stands in a line; None outside, and for a lead that is gone."""
        if not 0 <= row < len(self._lines):
            return None
        line = self._lines[row]
        if isinstance(line, Entry):
            return line
        if line not in self._leads:
            wanted = [each for each in self._lines[row : row + _BLOCK] if isinstance(each, int)]
            self._leads.update(self._fetch([each for each in wanted if each not in self._leads]))
        return self._leads.get(line)

    def row_of(self, key: str) -> int:
        """Where an entry stands; -1 if it does not."""
        for row, line in enumerate(self._lines):
            if (line.key if isinstance(line, Entry) else f"lead:{line}") == key:
                return row
        return -1

    def rowCount(self, parent: _Index = _TOP) -> int:
        return 0 if parent.isValid() else len(self._lines)

    def data(self, index: _Index, role: int = _DISPLAY) -> Any:
        if role not in (_DISPLAY, _SPOKEN):
            return None
        entry = self.entry(index.row())
        if entry is None:
            return ""
        return entry.words if role == _DISPLAY else entry.spoken


class LinesView(QListView):
    """Paints all of its ground, so that nothing that lies beneath is painted for it."""

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        self.viewport().setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)

    def paintEvent(self, event: QPaintEvent) -> None:
        with QPainter(self.viewport()) as painter:
            painter.fillRect(event.rect(), self._theme.colour("raised"))
        super().paintEvent(event)


class LinePainter(QStyledItemDelegate):
    """Draws a line: icon, words, in grey what is more to say, and at the right keys or an amount."""

    def __init__(self, theme: Theme, lines: Lines) -> None:
        super().__init__()
        self._theme = theme
        self._lines = lines
        self._pens: dict[tuple[float, int], tuple[QFont, QFontMetricsF]] = {}
        theme.changed.connect(self._pens.clear)

    def _pen(self, size: float, weight: int) -> tuple[QFont, QFontMetricsF]:
        """A font and its measures, made once."""
        if (size, weight) not in self._pens:
            font = self._theme.font(size, weight)
            self._pens[size, weight] = font, QFontMetricsF(font)
        return self._pens[size, weight]

    def sizeHint(self, option: QStyleOptionViewItem, index: _Index) -> QSize:
        return QSize(0, self._theme.px(self._lines.height(index.row())))

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: _Index) -> None:
        theme, rect, entry = self._theme, QRect(option.rect), self._lines.entry(index.row())
        state = option.state
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        chosen = bool(state & QStyle.StateFlag.State_Selected)
        if chosen or state & QStyle.StateFlag.State_MouseOver:
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(theme.colour("selection" if chosen else "hover"))
            inset = theme.px(6)
            painter.drawRoundedRect(QRectF(rect).adjusted(inset, 1, -inset, -1), theme.px(7), theme.px(7))
            if chosen:
                painter.setBrush(theme.colour("accent"))
                painter.drawRoundedRect(QRectF(rect.left() + inset, rect.top() + 8, 3, rect.height() - 16), 1.5, 1.5)
        if entry is None:
            return
        if entry.is_heading:
            between = (rect.left() + theme.px(_SIDE), rect.right() - theme.px(_SIDE))
            self._text(painter, rect.adjusted(0, theme.px(4), 0, 0), between, entry.words, ("muted", 11, 600))
        elif entry.below is None:
            self._draw(painter, rect, entry)
        else:
            half = theme.px(HEIGHT // 2 + 9)
            self._draw(painter, QRect(rect.left(), rect.top() + theme.px(3), rect.width(), half), entry)
            lower = QRect(rect.left(), rect.top() + theme.px(3) + half - theme.px(3), rect.width(), theme.px(18))
            between = (rect.left() + theme.px(_SIDE + _ICON + _GAP), rect.right() - theme.px(_SIDE))
            self._text(painter, lower, between, entry.below.text, ("muted", 12, 400), entry.below.spans)

    def _draw(self, painter: QPainter, rect: QRect, entry: Entry) -> None:
        theme, px = self._theme, self._theme.px
        left, right = rect.left() + px(_SIDE), rect.right() - px(_SIDE)
        if entry.icon:
            ratio = painter.device().devicePixelRatio()
            sign = theme.pixmap(entry.icon, "muted" if entry.enabled else "faint", _ICON, ratio)
            painter.drawPixmap(left, rect.center().y() - px(_ICON) // 2 + 1, sign)
        left += px(_ICON + _GAP)
        if entry.right:
            most = rect.width() * _RIGHT_SHARE
            right -= px(_GAP) + self._right(painter, rect, right, entry, most)
        ink = "text" if entry.enabled else "muted"
        left += px(_GAP) + self._text(
            painter, rect, (left, right), entry.words, (ink, 13, 600 if entry.enabled else 400), entry.marks
        )
        self._text(painter, rect, (left, right), entry.more, ("muted", 12, 400), entry.more_marks)

    def _right(self, painter: QPainter, rect: QRect, right: int, entry: Entry, most: float) -> int:
        """The keys or the amount, ending at `right`; how wide they are."""
        theme, px = self._theme, self._theme.px
        font, metrics = self._pen(*((11.5, 600) if entry.keys else (13, 400)))
        words = metrics.elidedText(entry.right, Qt.TextElideMode.ElideRight, most)
        room = px(7) if entry.keys else 0
        width = metrics.horizontalAdvance(words) + 2 * room
        if entry.keys:
            high = metrics.height() + px(4)
            painter.setPen(theme.colour("border"))
            painter.setBrush(theme.colour("surface"))
            top = rect.center().y() - high / 2
            painter.drawRoundedRect(QRectF(right - width, top + 0.5, width, high), px(5), px(5))
        painter.setFont(font)
        painter.setPen(theme.colour("muted" if entry.keys else "text"))
        drop = (metrics.ascent() - metrics.descent()) / 2
        painter.drawText(QPointF(right - width + room, rect.center().y() + 0.5 + drop), words)
        return round(width)

    def _text(
        self,
        painter: QPainter,
        rect: QRect,
        between: tuple[int, int],
        words: str,
        look: tuple[str, float, int],
        marks: Sequence[tuple[int, int]] = (),
    ) -> int:
        """Words from the left end of `between`, cut off at its right end, with what is marked; how wide they are."""
        token, size, weight = look
        font, metrics = self._pen(size, weight)
        shown = metrics.elidedText(words, Qt.TextElideMode.ElideRight, max(0, between[1] - between[0]))
        painter.setFont(font)
        drop = (metrics.ascent() - metrics.descent()) / 2
        self._mark(painter, metrics, (between[0], rect.center().y() + 0.5), shown, words, marks)
        painter.setPen(self._theme.colour(token))
        painter.drawText(QPointF(between[0], rect.center().y() + 0.5 + drop), shown)
        return round(metrics.horizontalAdvance(shown))

    def _mark(
        self,
        painter: QPainter,
        metrics: QFontMetricsF,
        place: tuple[int, float],
        shown: str,
        words: str,
        marks: Sequence[tuple[int, int]],
    ) -> None:
        """A ground below each marked piece that is still to be seen."""
        seen = len(shown) if shown == words else len(shown) - 1
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(self._theme.colour("warning_background"))
        high = metrics.ascent() + metrics.descent()
        for first, length in marks:
            if first < seen:
                left = metrics.horizontalAdvance(shown[:first])
                wide = metrics.horizontalAdvance(shown[: min(first + length, seen)]) - left
                painter.drawRoundedRect(QRectF(place[0] + left - 1, place[1] - high / 2, wide + 2, high), 3, 3)
