"""The people among whom one is chosen: initials in a circle, name, and what they may do."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QPointF, QRect, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QFontMetricsF, QKeyEvent, QPainter
from PySide6.QtWidgets import QListWidget, QListWidgetItem, QStyle, QStyledItemDelegate, QStyleOptionViewItem, QWidget

from app.core.i18n import tr
from app.core.roles import ROLE_LABELS
from app.ui.theme import Theme

if TYPE_CHECKING:
    from app.services.team import Colleague

_Index = QModelIndex | QPersistentModelIndex
_ROW, _AVATAR, _EDGE, _GAP = 52, 34, 12, 12
#: More are reached by scrolling.
_SEEN = 6
_ID = Qt.ItemDataRole.UserRole
_SPOKEN = Qt.ItemDataRole.AccessibleTextRole


class PeopleList(QListWidget):
    """`taken` comes for a double click and for Enter. It is said who is `at_work` already."""

    taken = Signal()

    def __init__(
        self, theme: Theme, people: "Sequence[Colleague]", parent: QWidget | None = None, *, at_work: int | None = None
    ) -> None:
        super().__init__(parent)
        self._theme = theme
        self.setProperty("kind", "people")
        self.setMouseTracking(True)
        self.setItemDelegate(_Painter(theme, {one.id: one for one in people}, at_work, self))
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setVerticalScrollMode(QListWidget.ScrollMode.ScrollPerPixel)
        self.setAccessibleName(tr("People"))
        for one in people:
            item = QListWidgetItem(one.name)
            item.setData(_ID, one.id)
            item.setData(_SPOKEN, f"{one.name}, {_about(one, at_work)}")
            self.addItem(item)
        theme.fit(self, self._size)
        self.doubleClicked.connect(lambda _index: self.taken.emit())

    def _size(self) -> None:
        rows = min(_SEEN, self.count()) + (0.5 if self.count() > _SEEN else 0)  # half a row says that there are more
        self.setFixedHeight(round(self._theme.px(_ROW) * rows) + 2 * self.frameWidth())
        self.doItemsLayout()

    @property
    def chosen(self) -> int | None:
        """The id of who is chosen."""
        return None if self.currentRow() < 0 else int(self.currentItem().data(_ID))

    def choose(self, member: int | None) -> None:
        """Choose somebody; the first where nobody is that."""
        rows = [row for row in range(self.count()) if self.item(row).data(_ID) == member]
        self.setCurrentRow(rows[0] if rows else 0)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and not event.modifiers() & _WITH:
            self.taken.emit()
        else:
            super().keyPressEvent(event)


_WITH = Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.AltModifier


def _about(one: "Colleague", at_work: int | None) -> str:
    """What somebody may do, and whether it is them who work in the window."""
    role = tr(ROLE_LABELS[one.role])
    return tr("{role} · is working now", role=role) if one.id == at_work else role


class _Painter(QStyledItemDelegate):
    """Draws a row."""

    def __init__(self, theme: Theme, people: "dict[int, Colleague]", at_work: int | None, parent: QWidget) -> None:
        super().__init__(parent)
        self._theme = theme
        self._people, self._at_work = people, at_work

    def sizeHint(self, option: QStyleOptionViewItem, index: _Index) -> QSize:
        return QSize(0, self._theme.px(_ROW))

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: _Index) -> None:
        px, rect, one = self._theme.px, QRect(option.rect), self._people[index.data(_ID)]
        chosen = bool(option.state & QStyle.StateFlag.State_Selected)
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        self._ground(painter, rect, option, chosen)
        left, size = rect.left() + px(_EDGE), px(_AVATAR)
        self._avatar(painter, QRectF(left, rect.center().y() + 0.5 - size / 2, size, size), one.initials, chosen)
        words = rect.adjusted(px(_EDGE) + size + px(_GAP), px(8), -px(_EDGE), -px(8))
        upper, lower = QRect(words), QRect(words)
        upper.setBottom(words.center().y())
        lower.setTop(words.center().y() + 1)
        self._text(painter, upper, one.name, ("text", 13, 600))
        self._text(painter, lower, _about(one, self._at_work), ("muted", 12, 400))
        painter.restore()

    def _ground(self, painter: QPainter, rect: QRect, option: QStyleOptionViewItem, chosen: bool) -> None:
        theme = self._theme
        if not chosen and not option.state & QStyle.StateFlag.State_MouseOver:
            return
        focused = bool(option.state & QStyle.StateFlag.State_HasFocus)
        painter.setPen(theme.colour("accent") if chosen and focused else Qt.PenStyle.NoPen)
        painter.setBrush(theme.colour("accent_background" if chosen else "hover"))
        painter.drawRoundedRect(QRectF(rect).adjusted(1.5, 1.5, -1.5, -1.5), theme.px(8), theme.px(8))

    def _avatar(self, painter: QPainter, circle: QRectF, letters: str, chosen: bool) -> None:
        theme = self._theme
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(theme.colour("accent" if chosen else "neutral_background"))
        painter.drawEllipse(circle)
        painter.setFont(theme.font(12, 700))
        painter.setPen(theme.colour("on_accent" if chosen else "muted"))
        painter.drawText(circle, Qt.AlignmentFlag.AlignCenter, letters)

    def _text(self, painter: QPainter, rect: QRect, words: str, look: tuple[str, float, int]) -> None:
        token, size, weight = look
        font = self._theme.font(size, weight)
        metrics = QFontMetricsF(font)
        painter.setFont(font)
        painter.setPen(self._theme.colour(token))
        shown = metrics.elidedText(words, Qt.TextElideMode.ElideRight, rect.width())
        drop = (metrics.ascent() - metrics.descent()) / 2
        painter.drawText(QPointF(rect.left(), rect.center().y() + 0.5 + drop), shown)
