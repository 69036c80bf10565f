"""While cards are carried: the zones where leads end, and columns that scroll when one comes near an edge."""

from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtCore import QMimeData, QObject, QPoint, QRect, Qt, QTimer, Signal
from PySide6.QtGui import QCursor, QDrag
from PySide6.QtWidgets import QAbstractItemView, QScrollBar, QWidget

from app.ui.board.carry import picture
from app.ui.board.zones import DropZones

if TYPE_CHECKING:
    from app.ui.board.cards import Card
    from app.ui.board.row import ColumnRow
    from app.ui.theme import Theme

_TICK_MS = 25
#: How near an edge scrolling begins, and how far it goes with each tick; before scaling.
_NEAR, _STEP = 44, 14


class Dragging(QObject):
    """`ended(command, ids)` when leads were let go over a zone."""

    ended = Signal(str, object)

    def __init__(
        self, theme: "Theme", row: "ColumnRow", read: Callable[[QMimeData], list[int]], parent: QWidget
    ) -> None:
        super().__init__(parent)
        self._theme = theme
        self._row = row
        self._over = parent
        self.zones = DropZones(theme, read, parent)
        self.zones.dropped.connect(self.ended)
        self._timer = QTimer(self)
        self._timer.setInterval(_TICK_MS)
        self._timer.timeout.connect(lambda: self.scroll(QCursor.pos()))

    def carry(self, mime: QMimeData, card: "Card | None", count: int, view: QAbstractItemView) -> None:
        """Let the mouse have them until it lets go."""
        drag = QDrag(view)
        drag.setMimeData(mime)
        pixmap = picture(self._theme, card, count, view.viewport().width(), view.devicePixelRatioF())
        drag.setPixmap(pixmap)
        drag.setHotSpot(QPoint(self._theme.px(24), self._theme.px(24)))
        self.begin()
        try:
            drag.exec(Qt.DropAction.MoveAction)
        finally:
            self.finish()

    def begin(self) -> None:
        """Show the zones, over the foot of the board: nothing moves under the mouse."""
        height = self.zones.sizeHint().height()
        self.zones.setGeometry(0, self._over.height() - height, self._over.width(), height)
        self.zones.show()
        self.zones.raise_()
        self._timer.start()

    def finish(self) -> None:
        """Nothing is carried any more."""
        self._timer.stop()
        self.zones.hide()

    def scroll(self, at: QPoint) -> None:
        """Scroll sideways or the column under the mouse, where it is near an edge."""
        near, step = self._theme.px(_NEAR), self._theme.px(_STEP)
        area = self._row.viewport()
        place = area.mapFromGlobal(at)
        if not area.rect().contains(place):
            return
        _push(self._row.horizontalScrollBar(), place.x(), area.rect().width(), near, step)
        for column in self._row.columns:
            view = column.view.viewport()
            inside = view.mapFromGlobal(at)
            if not column.collapsed and QRect(0, 0, view.width(), view.height()).contains(inside):
                _push(column.view.verticalScrollBar(), inside.y(), view.height(), near, step)


def _push(bar: QScrollBar, at: int, length: int, near: int, step: int) -> None:
    if at < near:
        bar.setValue(bar.value() - step)
    elif at > length - near:
        bar.setValue(bar.value() + step)
