"""Draws the entries of a timeline, each in one go, as high as its text needs."""

from collections import OrderedDict
from collections.abc import Iterable
from typing import TYPE_CHECKING

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QPoint, QPointF, QRect, QRectF, QSize, Qt
from PySide6.QtGui import (
    QAbstractTextDocumentLayout,
    QColor,
    QFont,
    QPainter,
    QPalette,
    QPen,
    QTextBlockFormat,
    QTextCharFormat,
    QTextCursor,
)
from PySide6.QtWidgets import QStyle, QStyledItemDelegate, QStyleOptionViewItem

from app.ui.timeline.documents import SafeDocument, show
from app.ui.timeline.model import ENTRY, SAID

if TYPE_CHECKING:
    from app.services.timeline import Entry
    from app.ui.theme import Theme
    from app.ui.timeline.wording import Said

_Index = QModelIndex | QPersistentModelIndex
_SIGN, _GAP, _ABOVE, _SIDE = 15, 10, 5, 4
#: Texts laid out that are kept: some screens full.
_KEPT = 120


class EntryDelegate(QStyledItemDelegate):
    """Heights are kept for every entry and width, the texts laid out for those seen last."""

    def __init__(self, theme: "Theme") -> None:
        super().__init__()
        self._theme = theme
        self._heights: dict[tuple[int, int], int] = {}
        self._documents: OrderedDict[tuple[int, int], SafeDocument] = OrderedDict()

    def forget(self) -> None:
        """The look changed, or the words did."""
        self._heights.clear()
        self._documents.clear()

    def keep(self, entries: Iterable["Entry"]) -> None:
        """Only these are shown from now on: another one may get the place in memory of one that is gone."""
        kept = {id(entry) for entry in entries}
        self._heights = {key: height for key, height in self._heights.items() if key[0] in kept}
        for key in [key for key in self._documents if key[0] not in kept]:
            del self._documents[key]

    def height(self, entry: "Entry", said: "Said", width: int) -> int:
        """How high an entry is in a list of this width."""
        key = (id(entry), width)
        if key not in self._heights:
            text = self._document(entry, said, width).size().height()
            self._heights[key] = max(round(text), self._theme.px(_SIGN)) + 2 * self._theme.px(_ABOVE)
        return self._heights[key]

    def sizeHint(self, option: QStyleOptionViewItem, index: _Index) -> QSize:
        width = option.widget.width()
        return QSize(width, self.height(index.data(ENTRY), index.data(SAID), width))

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: _Index) -> None:
        entry, said = index.data(ENTRY), index.data(SAID)
        rect: QRect = option.rect
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        self._ground(painter, rect, option.state)
        top = rect.top() + self._theme.px(_ABOVE)
        ratio = painter.device().devicePixelRatio()
        sign = self._theme.pixmap(said.icon, "muted", _SIGN, ratio)
        painter.drawPixmap(rect.left() + self._theme.px(_SIDE), top + self._theme.px(1), sign)
        if entry.pinned:
            pin = self._theme.pixmap("pin", "accent", _SIGN - 2, ratio)
            painter.drawPixmap(rect.right() - self._theme.px(_SIGN + _SIDE), top + self._theme.px(1), pin)
        painter.translate(self._text_at(rect))
        context = QAbstractTextDocumentLayout.PaintContext()
        context.palette = QPalette(option.palette)
        context.palette.setColor(QPalette.ColorRole.Text, self._theme.colour("text"))
        self._document(entry, said, rect.width()).documentLayout().draw(painter, context)
        painter.restore()

    def link_at(self, index: _Index, rect: QRect, place: QPoint) -> str:
        """Where the text at a place of the list leads to; '' where it does not."""
        document = self._document(index.data(ENTRY), index.data(SAID), rect.width())
        return document.documentLayout().anchorAt(QPointF(place) - self._text_at(rect))

    def _ground(self, painter: QPainter, rect: QRect, state: QStyle.StateFlag) -> None:
        selected = bool(state & QStyle.StateFlag.State_Selected) and bool(state & QStyle.StateFlag.State_Active)
        focused = bool(state & QStyle.StateFlag.State_HasFocus)
        hovered = bool(state & QStyle.StateFlag.State_MouseOver)
        if not (selected or focused or hovered):
            return
        radius = self._theme.px(6)
        painter.setBrush(self._theme.colour("selection" if selected else "hover"))
        painter.setPen(QPen(self._theme.colour("accent"), 1) if focused else Qt.PenStyle.NoPen)
        painter.drawRoundedRect(QRectF(rect).adjusted(0.5, 0.5, -0.5, -0.5), radius, radius)

    def _text_at(self, rect: QRect) -> QPointF:
        left = self._theme.px(_SIDE) + self._theme.px(_SIGN) + self._theme.px(_GAP)
        return QPointF(rect.left() + left, rect.top() + self._theme.px(_ABOVE))

    def _document(self, entry: "Entry", said: "Said", width: int) -> SafeDocument:
        key = (id(entry), width)
        found = self._documents.get(key)
        if found is None:
            found = self._documents[key] = self._made(entry, said, width)
            if len(self._documents) > _KEPT:
                self._documents.popitem(last=False)
        else:
            self._documents.move_to_end(key)
        return found

    def _made(self, entry: "Entry", said: "Said", width: int) -> SafeDocument:
        px = self._theme.px
        document = SafeDocument()
        document.setDocumentMargin(0)
        document.setDefaultFont(self._theme.font())
        document.setIndentWidth(px(16))
        if said.body:
            show(document, said.body, markdown=said.markdown)
        cursor = QTextCursor(document)
        if said.title:
            cursor.insertText(said.title, self._form("text", 13, QFont.Weight.DemiBold))
            if said.body:
                cursor.insertBlock(QTextBlockFormat(), QTextCharFormat())
                self._first_block_plain(document)
        cursor.movePosition(QTextCursor.MoveOperation.End)
        if not document.isEmpty():
            cursor.insertBlock(QTextBlockFormat(), QTextCharFormat())
        cursor.insertText(said.foot, self._form("muted", 11.5, QFont.Weight.Normal))
        sides = px(2 * _SIDE + _SIGN + _GAP) + (px(_SIGN) if entry.pinned else 0)
        document.setTextWidth(max(width - sides, px(60)))
        return document

    def _first_block_plain(self, document: SafeDocument) -> None:
        """The title is no point of the list that the text may begin with."""
        block = document.firstBlock()
        points = block.textList()
        if block.blockFormat().objectIndex() >= 0:
            points.remove(block)
            QTextCursor(block).setBlockFormat(QTextBlockFormat())

    def _form(self, token: str, font: float, weight: QFont.Weight) -> QTextCharFormat:
        form = QTextCharFormat()
        form.setFont(self._theme.font(font, weight))
        colour: QColor = self._theme.colour(token)
        form.setForeground(colour)
        return form
