"""The table every list uses: windowed rows, drawn in one go, that keep their place through every change."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from PySide6.QtCore import (
    QEvent,
    QItemSelection,
    QItemSelectionModel,
    QModelIndex,
    QPersistentModelIndex,
    QPoint,
    QRect,
    Qt,
    Signal,
)
from PySide6.QtGui import (
    QContextMenuEvent,
    QFocusEvent,
    QGuiApplication,
    QKeyEvent,
    QKeySequence,
    QMouseEvent,
    QPainter,
    QPaintEvent,
)
from PySide6.QtWidgets import QAbstractItemView, QHeaderView, QTableView, QWidget

from app.ui.tables.columns import Column
from app.ui.tables.empty import InPlaceOfRows
from app.ui.tables.group_hands import GroupHands
from app.ui.tables.group_painter import GroupPainter
from app.ui.tables.grouped_model import GroupedModel
from app.ui.tables.header import Header
from app.ui.tables.kept_place import KeptPlace
from app.ui.tables.model import WindowedModel
from app.ui.tables.painter import RowLook, RowPainter, Span
from app.ui.tables.selection import first_cell, selected_rows, whole_rows
from app.ui.theme import Theme

_Index = QModelIndex | QPersistentModelIndex
#: More rows than this are not read while the window waits.
_AT_ONCE = 500
_Flag = QItemSelectionModel.SelectionFlag


class TableView(QTableView):
    """Shows a `WindowedModel`. Signals carry ids, since rows move."""

    currentIdChanged = Signal(object)
    currentMoved = Signal()  # to another cell, of the same row too
    selectedIdsChanged = Signal()
    opened = Signal(object)
    editAsked = Signal()  # F2 that no cell takes, and Shift+F2: values are edited where the whole lead is shown
    menuRequested = Signal(QPoint)
    groupMenuRequested = Signal(int, QPoint)  # the number of the group
    emptyMenuRequested = Signal(QPoint)
    manyCopied = Signal(object)  # the ids, none for groups: to read so many is no matter for this thread
    layoutEdited = Signal()

    def __init__(self, theme: Theme, model: WindowedModel[Any], name: str, parent: QWidget | None = None) -> None:
        """`name` is what a screen reader calls the table."""
        super().__init__(parent)
        self._theme = theme
        self._table = model
        self._painter = RowPainter(theme, model.columns)
        self._group_painter = GroupPainter(theme, model.columns, self._painter)
        self.hands = GroupHands(self, model, self._on_mark) if isinstance(model, GroupedModel) else None
        self._hovered = self._column = -1  # the latter is that of the current cell, kept while all rows are replaced
        self._place = KeptPlace(self, model, theme, self._kept_column, self._on_count, self._tell_place)
        self._announced: int | None = None
        self.by_cell = False  # whether keys act on a cell of the row: then it is marked
        self._header = Header(theme, model.columns, self)
        self._empty = InPlaceOfRows(theme, self)
        self._set_up(name)
        model.modelAboutToBeReset.connect(self._place.keep)
        self.setModel(model)
        model.modelReset.connect(self._on_reset)
        model.rowsInserted.connect(self._on_count)
        model.completed.connect(self._place.complete)
        self._header.start()
        self._name_groups()
        self._header.sortClicked.connect(self._sort)
        self._header.layoutEdited.connect(self.layoutEdited)
        self._header.layoutEdited.connect(self._name_groups)
        self.doubleClicked.connect(lambda index: self._open(index.row()))
        theme.changed.connect(self.restyle)
        self.restyle()
        self._on_count()

    def _set_up(self, name: str) -> None:
        self.setAccessibleName(name)
        self.setHorizontalHeader(self._header)
        self.verticalHeader().hide()
        self.verticalHeader().setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        self.setShowGrid(False)
        self.setWordWrap(False)
        self.setMouseTracking(True)
        # Everything is painted here; so scrolling moves what is there and only the new strip is drawn.
        self.viewport().setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)
        self.setTabKeyNavigation(False)
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)

    # What others ask and tell

    @property
    def header(self) -> Header:
        """The column titles, with the menu to choose columns."""
        return self._header

    @property
    def table(self) -> WindowedModel[Any]:
        """The rows shown."""
        return self._table

    @property
    def columns(self) -> Sequence[Column[Any]]:
        """All columns, hidden ones too."""
        return self._table.columns

    def shown_columns(self) -> list[int]:
        """The places of the visible columns, in the order shown."""
        return [span.column for span in self._spans()]

    def go_to_cell(self, id_: int, column: int) -> bool:
        """Go to a cell and select its row alone; False when the row is not in the list."""
        self._column = column
        return self.select_id(id_)

    def current_id(self) -> int | None:
        """The id of the row the keyboard is on."""
        return self._table.id_at(self.currentIndex().row())

    def selected_ids(self) -> list[int]:
        """The ids selected, in the order shown."""
        ids = self._table.row_ids
        return [ids[row] for row in self.selected_rows() if ids[row] >= 0]

    def selected_rows(self) -> list[int]:
        """The rows selected, from top to bottom."""
        return selected_rows(self.selectionModel().selection())

    def select_id(self, id_: int) -> bool:
        """Go to a row and select it alone; False when it is not in the list."""
        self._table.reveal([id_])
        row = self._table.row_of(id_)
        if row is not None:
            self.selectRow(row)
            self.scrollTo(self.currentIndex())
        return row is not None

    def select_ids(self, ids: Sequence[int]) -> None:
        """Select these alone, as far as they are in the list, and go to the first of them."""
        self._table.reveal(ids)
        rows = self._table.rows_of(ids)
        if rows:
            index = self._table.index(rows[0], self._kept_column())
            self.selectionModel().setCurrentIndex(index, _Flag.NoUpdate)
            self.selectionModel().select(whole_rows(self._table, rows), _Flag.ClearAndSelect)
            self.updateGeometries()
            self.scrollTo(index)

    def selectRow(self, row: int) -> None:
        """Go to a row and select it alone: Qt would also heed the keys held down, as those of a command are."""
        self.selectionModel().setCurrentIndex(
            self._table.index(row, self._kept_column()), _Flag.ClearAndSelect | _Flag.Rows
        )

    def tell_when_empty(
        self, message: str, icon: str = "funnel", label: str = "", action: Callable[[], object] | None = None
    ) -> None:
        """What stands in place of the rows when there are none."""
        self._empty.tell(message, icon, label, action)

    def await_rows(self) -> None:
        """Rows are coming: until they are there nothing is said to be missing where none are yet."""
        self._table.awaiting = self._table.awaiting or not self._table.rowCount()
        self._on_count()

    def show_sorted(self, key: str | None, descending: bool = False) -> None:
        """Mark the order the ids have."""
        self._header.show_sorted(key, descending)

    def save_state(self) -> dict[str, Any]:
        """Columns and order as plain data."""
        return self._header.save()

    def restore_state(self, state: Mapping[str, Any]) -> None:
        """The inverse of `save_state`; the order is asked for from the model when it is one it knows."""
        self._header.restore(state)
        self._name_groups()
        keys = [column.sort for column in self._table.columns]
        match state.get("sort"):
            case [str(key), bool(descending)] if key in keys:
                self._sort(keys.index(key), descending)

    def copy(self) -> None:
        """Put the rows chosen into the clipboard as a table: of leads those alone, else the groups. Of many rows it is
        only asked for.
        """
        from app.ui.tables.copying import copied_rows

        rows, ids = self.selected_rows(), self.selected_ids()
        if len(ids or rows) > _AT_ONCE:
            self.manyCopied.emit(ids)
        elif rows:
            columns = [self.columns[i] for i in self.shown_columns()]
            QGuiApplication.clipboard().setMimeData(copied_rows(self._table, columns, rows))

    # Painting

    def paintEvent(self, event: QPaintEvent) -> None:
        with QPainter(self.viewport()) as painter:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            area = event.rect()
            painter.fillRect(area, self._theme.colour("surface"))
            last = min(self._row_near(area.bottom()), self._table.rowCount() - 1)
            spans = [s for s in self._spans() if s.left <= area.right() and s.left + s.width > area.left()]
            height = self._theme.row_height
            width = max(self.viewport().width(), self._header.length())
            draw, cell = self._painter.cell, self._table.cell
            for row in range(self._row_near(area.top()), last + 1):
                top = row * height - self.verticalScrollBar().value()
                look = self._look(row)
                if (number := self._table.group_at(row)) is not None:
                    self._paint_group(painter, number, QRect(0, top, width, height), look)
                    continue
                self._painter.background(painter, QRect(0, top, width, height), look)
                for span in spans:
                    draw(painter, cell(row, span.column), span, top, height, look.selected)
                    if self.by_cell and look.focused and span.column == self._column:
                        self._painter.mark(painter, QRect(span.left, top, span.width, height))

    def _paint_group(self, painter: QPainter, number: int, rect: QRect, look: RowLook) -> None:
        self._group_painter.row(painter, self._table.group_look(number), self._spans(), rect, look)

    def _on_mark(self, number: int, x: int) -> bool:
        """Whether a place lies on the mark by which a group is folded."""
        return x < self._group_painter.mark_end(self._spans(), self._table.group_look(number).level)

    def _name_groups(self) -> None:
        """The name of a group begins in the first column shown."""
        self._table.named = next(iter(self.shown_columns()), 0)
        self.viewport().update()

    def _row_near(self, y: int) -> int:
        return max(0, (y + self.verticalScrollBar().value()) // self._theme.row_height)

    def _spans(self) -> list[Span]:
        """The visible columns in the order shown."""
        header = self._header
        order = (header.logicalIndex(i) for i in range(header.count()))
        return [
            Span(i, header.sectionViewportPosition(i), header.sectionSize(i))
            for i in order
            if not header.isSectionHidden(i)
        ]

    def _look(self, row: int) -> RowLook:
        selected = self.selectionModel().isRowSelected(row, QModelIndex())
        focused = self.hasFocus() and self.currentIndex().row() == row
        return RowLook(selected, row == self._hovered, focused)

    def _hover(self, row: int) -> None:
        if row != self._hovered:
            for each in (row, self._hovered):
                self._update_row(each)
            self._hovered = row

    def _update_row(self, row: int) -> None:
        height = self._theme.row_height
        top = row * height - self.verticalScrollBar().value()
        self.viewport().update(0, top, self.viewport().width(), height)

    # Keeping the place

    def _on_reset(self) -> None:
        """All rows are others."""
        self._hovered = self._column = -1
        self._place.find()

    def _tell_place(self) -> None:
        self._announce()
        self.selectedIdsChanged.emit()

    def _kept_column(self) -> int:
        """The column of the current cell while it is seen, else the first."""
        shown = self.shown_columns()
        return self._column if self._column in shown else next(iter(shown), 0)

    def _announce(self) -> None:
        current = self.current_id()
        if current != self._announced:
            self._announced = current
            self.currentIdChanged.emit(current)

    def currentChanged(self, current: _Index, previous: _Index) -> None:
        super().currentChanged(current, previous)
        for index in (current, previous):
            self._update_row(index.row())
        if current.isValid():
            self._column = current.column()
            self.currentMoved.emit()
        if not self._place.held:
            self._place.leave()
            self._announce()

    def selectionChanged(self, selected: QItemSelection, deselected: QItemSelection) -> None:
        super().selectionChanged(first_cell(selected), first_cell(deselected))
        self.viewport().update()
        if not self._place.held:
            self._place.leave()
            self.selectedIdsChanged.emit()

    def _on_count(self) -> None:
        self._empty.show_for(self._table.rowCount() == 0 and not self._table.awaiting)

    def _sort(self, column: int, descending: bool) -> None:
        key = self._table.columns[column].sort
        self._header.show_sorted(key, descending)
        self._table.sort(column, Qt.SortOrder.DescendingOrder if descending else Qt.SortOrder.AscendingOrder)
        self.layoutEdited.emit()

    def restyle(self) -> None:
        """Take over sizes and colours from the theme, and the columns from the model."""
        self._painter = RowPainter(self._theme, self._table.columns)
        self._group_painter = GroupPainter(self._theme, self._table.columns, self._painter)
        self._table.forget_widths()
        height = self._theme.row_height
        self.verticalHeader().setMinimumSectionSize(height)
        self.verticalHeader().setDefaultSectionSize(height)
        self.verticalScrollBar().setSingleStep(height)
        self._header.restyle()
        self.viewport().update()

    # Keyboard and mouse

    def focusInEvent(self, event: QFocusEvent) -> None:
        """Whoever comes by the keyboard stands on a row that is chosen: commands are meant for it."""
        super().focusInEvent(event)
        row = self.currentIndex().row()
        if event.reason() != Qt.FocusReason.MouseFocusReason and row >= 0 and not self.selectionModel().hasSelection():
            self.selectRow(row)
        self._update_row(row)

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        self._update_row(self.currentIndex().row())

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.matches(QKeySequence.StandardKey.Copy):
            self.copy()
        elif self.hands is not None and self.hands.key(event):
            event.accept()
        elif event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and self.current_id() is not None:
            self.opened.emit(self.current_id())
        elif event.key() == Qt.Key.Key_F2 and self.current_id() is not None:
            self.editAsked.emit()
        else:
            super().keyPressEvent(event)

    def moveCursor(self, action: QAbstractItemView.CursorAction, modifiers: Qt.KeyboardModifier) -> QModelIndex:
        """Home and End go to the first and last row: along a row there is nothing to go to."""
        column = max(0, self.currentIndex().column())
        if action == QAbstractItemView.CursorAction.MoveHome:
            return self._table.index(0, column)
        if action == QAbstractItemView.CursorAction.MoveEnd:
            return self._table.index(self._table.rowCount() - 1, column)
        return super().moveCursor(action, modifiers)

    def keyboardSearch(self, search: str) -> None:
        """Typing belongs to the filter; jumping about would fetch every row."""

    def menu_place(self) -> QPoint:
        """Where a menu for the current row opens on the screen: below it, or at the edge it is scrolled out of."""
        below, seen = self.visualRect(self.currentIndex()).bottomLeft(), self.viewport().rect()
        return self.viewport().mapToGlobal(QPoint(max(0, below.x()), min(max(0, below.y()), seen.bottom())))

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        at, row = event.globalPos(), self.rowAt(event.pos().y())
        if event.reason() == QContextMenuEvent.Reason.Keyboard:
            at, row = self.menu_place(), self.currentIndex().row()
        number = self._table.group_at(row)
        if number is not None:
            self.groupMenuRequested.emit(number, at)
        elif row < 0:
            self.emptyMenuRequested.emit(at)
        else:
            self.menuRequested.emit(at)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if self.hands is None or not self.hands.press(event):
            super().mousePressEvent(event)
        elif not self.hasFocus():
            self.setFocus(Qt.FocusReason.MouseFocusReason)

    def _open(self, row: int) -> None:
        """A double click: a lead is opened, a group folded or unfolded."""
        number = self._table.group_at(row)
        if number is None:
            self.opened.emit(self._table.id_at(row))
        elif self.hands is not None:
            self.hands.toggle(number)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        self._hover(self.rowAt(event.position().toPoint().y()))
        super().mouseMoveEvent(event)

    def leaveEvent(self, event: QEvent) -> None:
        self._hover(-1)
        super().leaveEvent(event)
