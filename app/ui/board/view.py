"""One column of cards: only those that are seen are fetched and drawn, be there five or five thousand.

Qt's list view asks the model once per row before it shows anything. Cards are all of one height, so where each lies is
a matter of reckoning: this view does that instead, and nothing in it grows with the number of cards.
"""

from collections.abc import Callable, Collection

from PySide6.QtCore import (
    QEvent,
    QItemSelection,
    QItemSelectionModel,
    QModelIndex,
    QPersistentModelIndex,
    QPoint,
    QRect,
    QRectF,
    Qt,
    QTimer,
    Signal,
)
from PySide6.QtGui import (
    QAccessible,
    QAccessibleEvent,
    QContextMenuEvent,
    QFocusEvent,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QRegion,
)
from PySide6.QtWidgets import (
    QAbstractItemView,
    QLineEdit,
    QListView,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QWidget,
)

from app.core.i18n import tr
from app.ui.board.model import ColumnModel
from app.ui.board.painter import CardPainter, Look, target_frame
from app.ui.tables.selection import first_cell, selected_rows, whole_rows
from app.ui.theme import Theme

_Index = QModelIndex | QPersistentModelIndex
_Flag = QItemSelectionModel.SelectionFlag
_Cursor = QAbstractItemView.CursorAction
_Hint = QAbstractItemView.ScrollHint
_Control, _Shift = Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.ShiftModifier
_NO_KEYS = Qt.KeyboardModifier.NoModifier
_LONGEST_TITLE = 500


class ColumnView(QListView):
    """Shows a `ColumnModel`. What goes beyond this column is told: whoever holds the columns side by side acts."""

    chosen = Signal(bool)  # other cards were chosen here; whether those of other columns stay chosen
    currentIdChanged = Signal()
    opened = Signal()
    editAsked = Signal()  # the values of the lead, where all of it is shown
    menuRequested = Signal(QPoint)
    stepped = Signal(int, bool)  # to the column this many to the right; whether what is chosen stays chosen
    toggled = Signal()  # the current card is to be chosen too, or no more
    moved = Signal(int)  # the cards chosen go to the column this many to the right
    moveAsked = Signal()  # to a column that is asked for
    carried = Signal()  # the cards chosen are dragged

    def __init__(self, theme: Theme, model: ColumnModel, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._column = model
        self._painter = CardPainter(theme)
        self._hovered = -1
        self._target = False
        self._adding = False
        #: Asked before anything is changed here; it says why, where that is not allowed.
        self.permits: Callable[[], bool] = lambda: True
        self.setProperty("kind", "board")
        self.setUniformItemSizes(True)
        self.setFrameShape(QListView.Shape.NoFrame)
        self.setMouseTracking(True)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setDragDropMode(QAbstractItemView.DragDropMode.DragOnly)
        self.setTabKeyNavigation(False)
        self.setFocusPolicy(Qt.FocusPolicy.ClickFocus)
        self.viewport().setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)
        self.setItemDelegate(_TitleDelegate(self))
        self.setModel(model)
        self.doubleClicked.connect(lambda _index: self.opened.emit())
        theme.fit(self, self._restyle)

    # What others ask

    @property
    def column(self) -> ColumnModel:
        """The leads shown."""
        return self._column

    def current_id(self) -> int | None:
        """The card the keyboard is on."""
        return self._column.id_at(self.currentIndex().row())

    def selected_ids(self) -> list[int]:
        """The cards chosen, from top to bottom."""
        ids = self._column.ids
        return [ids[row] for row in selected_rows(self.selectionModel().selection())]

    def choose(self, ids: Collection[int], current: int | None) -> None:
        """Choose these alone, as far as they are in this column, and go to one of them."""
        rows = self._column.rows_of(ids)
        row = None if current is None else self._column.row_of(current)
        if row is not None:
            self.setAutoScroll(False)  # where one looks at stays; who wants to see the card asks for it
            self.selectionModel().setCurrentIndex(self._column.index(row), _Flag.NoUpdate)
            self.setAutoScroll(True)
        self.selectionModel().select(whole_rows(self._column, rows), _Flag.ClearAndSelect)

    def go_to_row(self, row: int, *, select: bool = True) -> None:
        """The keyboard goes to a row, or to the last one above it."""
        row = min(row, self._column.rowCount() - 1)
        if row >= 0:
            index = self._column.index(row)
            self.selectionModel().setCurrentIndex(index, _Flag.ClearAndSelect if select else _Flag.Select)
            self.scrollTo(index)

    def menu_place(self) -> QPoint:
        """Where a menu for the current card opens on the screen."""
        below, seen = self.visualRect(self.currentIndex()).bottomLeft(), self.viewport().rect()
        return self.viewport().mapToGlobal(QPoint(max(0, below.x()), min(max(0, below.y()), seen.bottom())))

    def seen_rows(self) -> range:
        """The rows there is room for."""
        first = self._row_near(0)
        return range(first, min(self._row_near(self.viewport().height()) + 1, self._column.rowCount()))

    def show_target(self, target: bool) -> None:
        """Whether cards that are held over the column may be let go here."""
        self._target = target
        self.viewport().update()

    def height_of_current(self) -> int:
        """How far down the current card lies."""
        return self._box(max(0, self.currentIndex().row())).center().y()

    def row_at_height(self, y: int) -> int:
        """The row that lies so far down."""
        return self._row_near(y)

    # Where each card lies

    def _row_near(self, y: int) -> int:
        return max(0, (y + self.verticalScrollBar().value()) // self._painter.pitch)

    def _box(self, row: int) -> QRect:
        top = row * self._painter.pitch - self.verticalScrollBar().value()
        return QRect(0, top, self.viewport().width(), self._painter.height)

    def visualRect(self, index: _Index) -> QRect:
        return self._box(index.row()) if index.isValid() else QRect()

    def indexAt(self, point: QPoint) -> QModelIndex:
        row = self._row_near(point.y())
        inside = row < self._column.rowCount() and self._box(row).contains(point)
        return self._column.index(row) if inside else QModelIndex()

    def doItemsLayout(self) -> None:
        QAbstractItemView.doItemsLayout(self)

    def updateGeometries(self) -> None:
        whole = self._column.rowCount() * self._painter.pitch - self._painter.gap
        page, bar = self.viewport().height(), self.verticalScrollBar()
        bar.setRange(0, max(0, whole - page))
        bar.setPageStep(max(1, page))
        bar.setSingleStep(self._painter.pitch // 2)
        QAbstractItemView.updateGeometries(self)

    def verticalOffset(self) -> int:
        return self.verticalScrollBar().value()

    def horizontalOffset(self) -> int:
        return 0

    def scrollContentsBy(self, dx: int, dy: int) -> None:
        self.viewport().update()

    def scrollTo(self, index: _Index, hint: QAbstractItemView.ScrollHint = _Hint.EnsureVisible) -> None:
        if not index.isValid():
            return
        box, bar, page = self._box(index.row()), self.verticalScrollBar(), self.viewport().height()
        if box.top() < 0:
            bar.setValue(bar.value() + box.top())
        elif box.bottom() >= page:
            bar.setValue(bar.value() + min(box.top(), box.bottom() + 1 - page))

    def moveCursor(self, action: QAbstractItemView.CursorAction, modifiers: Qt.KeyboardModifier) -> QModelIndex:
        row, last = self.currentIndex().row(), self._column.rowCount() - 1
        page = max(1, self.viewport().height() // self._painter.pitch)
        to = {
            _Cursor.MoveUp: row - 1, _Cursor.MovePrevious: row - 1, _Cursor.MoveDown: row + 1,
            _Cursor.MoveNext: row + 1, _Cursor.MovePageUp: row - page, _Cursor.MovePageDown: row + page,
            _Cursor.MoveHome: 0, _Cursor.MoveEnd: last,
        }.get(action, row)  # fmt: skip
        return self._column.index(min(max(0, to), last)) if last >= 0 else QModelIndex()

    def setSelection(self, rect: QRect, command: QItemSelectionModel.SelectionFlag) -> None:
        first, last = self._row_near(rect.normalized().top()), self._row_near(rect.normalized().bottom())
        rows = range(first, min(last + 1, self._column.rowCount()))
        hit = [row for row in rows if self._box(row).intersects(rect.normalized())]
        self.selectionModel().select(whole_rows(self._column, hit), command)

    def visualRegionForSelection(self, selection: QItemSelection) -> QRegion:
        return QRegion(self.viewport().rect())

    # Painting

    def paintEvent(self, event: QPaintEvent) -> None:
        with QPainter(self.viewport()) as painter:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            area = event.rect()
            painter.fillRect(area, self._theme.colour("accent_background" if self._target else "background"))
            last = min(self._row_near(area.bottom()), self._column.rowCount() - 1)
            for row in range(self._row_near(area.top()), last + 1):
                self._painter.draw(painter, self._box(row), self._column.card(row), self._look(row))
            if self._target:
                target_frame(painter, self._theme, QRectF(self.viewport().rect()))

    def _look(self, row: int) -> Look:
        index = self._column.index(row)
        focused = self.hasFocus() and self.currentIndex().row() == row
        return Look(self.selectionModel().isSelected(index), row == self._hovered, focused)

    def _hover(self, row: int) -> None:
        if row != self._hovered:
            self._hovered = row
            self.viewport().update()

    def _restyle(self) -> None:
        """The theme is another; a text size or density may move the cards."""
        self._painter = CardPainter(self._theme)
        self.updateGeometries()
        self.viewport().update()

    def title_rect(self, index: _Index) -> QRect:
        """Where the title of a card is edited."""
        return self._painter.title_rect(self.visualRect(index))

    # What changes

    def reset(self) -> None:
        """The place one was at in the column stays, as far as it is there."""
        scrolled = self.verticalScrollBar().value()
        super().reset()
        self.updateGeometries()
        self.verticalScrollBar().setValue(scrolled)

    def currentChanged(self, current: _Index, previous: _Index) -> None:
        super().currentChanged(current, previous)
        self.viewport().update()
        self.currentIdChanged.emit()
        self._tell_card()

    def _tell_card(self) -> None:
        """A screen reader hears the card the keyboard came to: Qt would name the column again, since it looks for the
        card in a layout that is not made here.
        """
        if self.hasFocus() and self.currentIndex().isValid():
            event = QAccessibleEvent(self, QAccessible.Event.Focus)
            event.setChild(self.currentIndex().row())
            QAccessible.updateAccessibility(event)

    def selectionChanged(self, selected: QItemSelection, deselected: QItemSelection) -> None:
        super().selectionChanged(first_cell(selected), first_cell(deselected))
        self.viewport().update()
        self.chosen.emit(self._adding)

    # Keyboard and mouse

    def focusInEvent(self, event: QFocusEvent) -> None:
        """Whoever comes by the keyboard stands on a card that is chosen: commands are meant for it."""
        super().focusInEvent(event)
        if event.reason() != Qt.FocusReason.MouseFocusReason and not self.selectionModel().hasSelection():
            self.go_to_row(max(0, self.currentIndex().row()))
        self.viewport().update()
        QTimer.singleShot(0, self, self._tell_card)  # after the name of the column, which Qt tells now

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        self.viewport().update()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        keys = event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier
        if not self._act(Qt.Key(event.key()), keys):
            self._adding = bool(keys & _Shift)
            super().keyPressEvent(event)
            self._adding = False

    def _act(self, key: Qt.Key, keys: Qt.KeyboardModifier) -> bool:
        """What a key means on a board; false when it means what it means in every list."""
        sideways = {Qt.Key.Key_Left: -1, Qt.Key.Key_Right: 1}.get(key)
        if sideways is not None and keys in (_NO_KEYS, _Shift):
            self.stepped.emit(sideways, bool(keys & _Shift))
        elif sideways is not None and keys == _Control:
            self.moved.emit(sideways)
        elif key == Qt.Key.Key_M and keys == _NO_KEYS:
            self.moveAsked.emit()
        elif key in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and keys == _NO_KEYS and self.currentIndex().isValid():
            self.opened.emit()
        elif key == Qt.Key.Key_F2 and keys == _NO_KEYS:
            self.edit_title()
        elif key == Qt.Key.Key_F2 and keys == _Shift:
            self.editAsked.emit()
        elif key == Qt.Key.Key_Space and self.currentIndex().isValid():
            self.toggled.emit()
        else:
            return False
        return True

    def edit_title(self) -> None:
        """Edit the title of the current card where it stands."""
        if self.currentIndex().isValid() and self.permits():
            self.scrollTo(self.currentIndex())
            self.edit(self.currentIndex())

    def toggle(self) -> None:
        """One card more is chosen, or one less."""
        self._adding = True
        self.selectionModel().select(self.currentIndex(), _Flag.Toggle)
        self._adding = False

    def keyboardSearch(self, search: str) -> None:
        """Typing belongs to the filter; jumping about would fetch every card."""

    def mousePressEvent(self, event: QMouseEvent) -> None:
        self._adding = bool(event.modifiers() & (_Control | _Shift))
        super().mousePressEvent(event)
        self._adding = False

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        self._hover(self.indexAt(event.position().toPoint()).row())
        super().mouseMoveEvent(event)

    def leaveEvent(self, event: QEvent) -> None:
        self._hover(-1)
        super().leaveEvent(event)

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        at = event.globalPos()
        if event.reason() == QContextMenuEvent.Reason.Keyboard:
            at = self.menu_place()
        self.menuRequested.emit(at)

    def startDrag(self, actions: Qt.DropAction) -> None:
        if self.permits():
            self.carried.emit()


class _TitleDelegate(QStyledItemDelegate):
    """Edits the title of a card where it stands. Cards are drawn by the view."""

    def __init__(self, view: ColumnView) -> None:
        super().__init__(view)
        self._view = view

    def createEditor(self, parent: QWidget, option: QStyleOptionViewItem, index: _Index) -> QWidget:
        edit = QLineEdit(parent)
        edit.setMaxLength(_LONGEST_TITLE)
        edit.setAccessibleName(tr("Title"))
        return edit

    def updateEditorGeometry(self, editor: QWidget, option: QStyleOptionViewItem, index: _Index) -> None:
        editor.setGeometry(self._view.title_rect(index))
