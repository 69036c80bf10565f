"""The list of entries: as high as what it shows, so that the page around it scrolls."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QItemSelectionModel, QModelIndex, QPoint, QRect, Qt, Signal
from PySide6.QtGui import QContextMenuEvent, QKeyEvent, QKeySequence, QMouseEvent, QResizeEvent, QWheelEvent
from PySide6.QtWidgets import QFrame, QListView, QScrollArea, QWidget

from app.core.i18n import tr
from app.ui.keys import takes_away
from app.ui.reach import open_link
from app.ui.timeline.delegate import EntryDelegate
from app.ui.timeline.model import ENTRY, SAID, TimelineModel

if TYPE_CHECKING:
    from app.services.timeline import Entry, Key
    from app.ui.context import Context

_ENTER = (Qt.Key.Key_Return, Qt.Key.Key_Enter)
_COPY = QKeySequence.StandardKey.Copy


class TimelineView(QListView):
    """`opened(Entry)` for Enter and a double click, `removed(Entry)` for Delete, `copied(Entry)` for Ctrl+C,
    `asked(Entry, QPoint)` for a menu.
    """

    opened = Signal(object)
    removed = Signal(object)
    copied = Signal(object)
    asked = Signal(object, QPoint)

    def __init__(self, context: "Context", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.model_ = TimelineModel(context, self)
        self._theme = context.theme
        self._delegate = EntryDelegate(context.theme)
        self.setModel(self.model_)
        self.setItemDelegate(self._delegate)
        self.setAccessibleName(tr("History"))
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setEditTriggers(QListView.EditTrigger.NoEditTriggers)
        self.setSelectionMode(QListView.SelectionMode.SingleSelection)
        self.setVerticalScrollMode(QListView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setResizeMode(QListView.ResizeMode.Adjust)
        self.setMouseTracking(True)
        self.viewport().setMouseTracking(True)
        self.setTabKeyNavigation(False)
        context.theme.changed.connect(self.relay)

    def show_entries(self, entries: Sequence["Entry"]) -> None:
        """Show these; the one chosen stays chosen."""
        chosen = self.chosen()
        self.model_.show(entries)
        self._delegate.keep(self.model_.entries)
        row = None if chosen is None else self.model_.row_of(chosen.key)
        if row is not None and self.currentIndex().row() != row:
            self.selectionModel().setCurrentIndex(
                self.model_.index(row), QItemSelectionModel.SelectionFlag.ClearAndSelect
            )
        self._fit()

    def add_entries(self, entries: Sequence["Entry"]) -> None:
        """Show these below."""
        self.model_.add(entries)
        self._fit()

    def go_to(self, key: "Key") -> None:
        """The keyboard to this entry, which is seen then."""
        if (row := self.model_.row_of(key)) is not None:
            self.setFocus()
            self.setCurrentIndex(self.model_.index(row))
            self._see(self.visualRect(self.currentIndex()))

    def chosen(self) -> "Entry | None":
        """The entry that has the keyboard."""
        found: Entry | None = self.currentIndex().data(ENTRY)
        return found

    def entries(self) -> Sequence["Entry"]:
        """What is shown."""
        return self.model_.entries

    def relay(self) -> None:
        """In other words, colours or sizes."""
        self._delegate.forget()
        self.model_.reword()
        self._fit()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        if event.oldSize().width() != event.size().width():
            self._fit()

    def wheelEvent(self, event: QWheelEvent) -> None:
        event.ignore()  # the page scrolls

    def currentChanged(self, current: QModelIndex, previous: QModelIndex) -> None:  # type: ignore[override]
        super().currentChanged(current, previous)
        if current.isValid() and self.hasFocus():
            self._see(self.visualRect(current))

    def event(self, event: QEvent) -> bool:
        """With an entry chosen, what takes away takes the entry, not the record that the window has in front."""
        if isinstance(event, QKeyEvent) and event.type() == QEvent.Type.ShortcutOverride:
            means = takes_away(event) or event.matches(_COPY) or (event.key() in _ENTER and not event.modifiers())
            if means and self.chosen() is not None:
                event.accept()
                return True
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        entry = self.chosen()
        if entry is not None and event.key() in _ENTER and not event.modifiers():
            self.opened.emit(entry)
        elif entry is not None and takes_away(event):
            self.removed.emit(entry)
        elif entry is not None and event.matches(_COPY):
            self.copied.emit(entry)
        elif event.key() in (Qt.Key.Key_PageUp, Qt.Key.Key_PageDown):
            event.ignore()  # all of it is in the page: that is what scrolls
        else:
            super().keyPressEvent(event)

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        index = self.indexAt(event.position().toPoint())
        if index.isValid() and event.button() == Qt.MouseButton.LeftButton:
            self.opened.emit(index.data(ENTRY))

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        super().mouseReleaseEvent(event)
        if event.button() == Qt.MouseButton.LeftButton and (link := self._link_at(event.position().toPoint())):
            open_link(link)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        super().mouseMoveEvent(event)
        link = self._link_at(event.position().toPoint())
        self.viewport().setCursor(Qt.CursorShape.PointingHandCursor if link else Qt.CursorShape.ArrowCursor)
        self.setToolTip(link)

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        index = self.indexAt(event.pos())
        if event.reason() == QContextMenuEvent.Reason.Keyboard:
            index = self.currentIndex()
            place = self.visualRect(index).topLeft() + QPoint(self._theme.px(24), self._theme.px(18))
        else:
            place = event.pos()
        if index.isValid():
            self.selectionModel().setCurrentIndex(index, QItemSelectionModel.SelectionFlag.ClearAndSelect)
            self.asked.emit(index.data(ENTRY), self.viewport().mapToGlobal(place))

    def _link_at(self, place: QPoint) -> str:
        index = self.indexAt(place)
        return self._delegate.link_at(index, self.visualRect(index), place) if index.isValid() else ""

    def _fit(self) -> None:
        width = self.width()
        high = sum(self._delegate.height(e, self.model_.said(e), width) for e in self.model_.entries)
        if high != self.height():
            self.setFixedHeight(high)
        self.scheduleDelayedItemsLayout()

    def _see(self, rect: QRect) -> None:
        """The page scrolls to the entry that the keyboard has come to."""
        area = self.parentWidget()
        while area is not None and not isinstance(area, QScrollArea):
            area = area.parentWidget()
        if isinstance(area, QScrollArea):
            top = self.viewport().mapTo(area.viewport(), rect.topLeft()) + QPoint(
                area.horizontalScrollBar().value(), area.verticalScrollBar().value()
            )
            area.ensureVisible(top.x(), top.y(), 0, self._theme.px(20))
            area.ensureVisible(top.x(), top.y() + min(rect.height(), area.viewport().height()), 0, self._theme.px(20))


__all__ = ["ENTRY", "SAID", "TimelineView"]
