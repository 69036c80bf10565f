"""The view of a short list: cells edited in place, rows moved by drag or Alt+Up and Alt+Down."""

from collections.abc import Sequence
from typing import Any

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QSize, Qt, QTimer, Signal
from PySide6.QtGui import QDropEvent, QHelpEvent, QKeyEvent, QResizeEvent
from PySide6.QtWidgets import (
    QAbstractItemView,
    QHeaderView,
    QLineEdit,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QTableView,
    QToolTip,
    QWidget,
)

from app.ui.forms.rows import RowsModel
from app.ui.theme import Theme
from app.ui.tips import plain_tip
from app.ui.widgets.choice_box import ChoiceBox
from app.ui.widgets.unseen import label_unseen

_Index = QModelIndex | QPersistentModelIndex
#: A column that takes the rest of the room is at least this wide (before scaling).
_LEAST_STRETCH = 150


class _Delegate(QStyledItemDelegate):
    """Opens the editor again with what was typed when it was refused, and tells all of what is cut off."""

    def __init__(self, view: "RowsView") -> None:
        super().__init__(view)
        self._view = view
        self._refused = ""

    def createEditor(self, parent: QWidget, option: QStyleOptionViewItem, index: _Index) -> QWidget:
        """A list to choose from where there is one, open at once: to choose is to be done."""
        offered = self._view.offered(index)
        if offered is None:
            return super().createEditor(parent, option, index)
        box = ChoiceBox()
        box.setParent(parent)
        for label, value in offered:
            box.addItem(label, value)
        name = label_unseen(box, str(index.model().headerData(index.column(), Qt.Orientation.Horizontal)))
        box.destroyed.connect(name.deleteLater)
        box.activated.connect(lambda _row: self._chosen(box))
        QTimer.singleShot(0, box, box.showPopup)
        return box

    def _chosen(self, box: ChoiceBox) -> None:
        self.commitData.emit(box)
        self.closeEditor.emit(box)

    def setEditorData(self, editor: QWidget, index: _Index) -> None:
        if isinstance(editor, ChoiceBox):
            editor.setCurrentText(index.data())
            return
        super().setEditorData(editor, index)
        if isinstance(editor, QLineEdit):
            editor.setAccessibleName(str(index.model().headerData(index.column(), Qt.Orientation.Horizontal)))
            if self._refused:
                editor.setText(self._refused)
                self._refused = ""

    def setModelData(self, editor: QWidget, model: Any, index: _Index) -> None:
        if isinstance(editor, ChoiceBox):  # what was refused is chosen again as fast
            model.setData(index, editor.currentData())
            return
        typed = editor.text() if isinstance(editor, QLineEdit) else ""
        if not model.setData(index, typed) and index.isValid():
            self._refused = typed
            place = QPersistentModelIndex(index)
            QTimer.singleShot(0, self._view, lambda: self._again(place))

    def helpEvent(
        self, event: QHelpEvent, view: QAbstractItemView, option: QStyleOptionViewItem, index: _Index
    ) -> bool:
        cut_off = self.sizeHint(option, index).width() > view.visualRect(index).width()
        told = index.data() if cut_off else self._view.locked(index)
        if not told:
            return super().helpEvent(event, view, option, index)
        QToolTip.showText(event.globalPos(), plain_tip(told), view)
        return True

    def _again(self, place: QPersistentModelIndex) -> None:
        if place.isValid() and self._view.isVisible():
            self._view.edit(self._view.model().index(place.row(), place.column()))
        else:
            self._refused = ""


class RowsView(QTableView):
    """Shows a `RowsModel`. `moved(id, place)` asks for a row to stand elsewhere, `deleted(id)` for it to go."""

    moved = Signal(int, int)
    deleted = Signal(int)
    chosen = Signal()

    def __init__(self, theme: Theme, model: RowsModel[Any], name: str, *, movable: bool = False) -> None:
        super().__init__()
        self._theme = theme
        self._rows = model
        self._movable = model.movable = movable
        self._kept: int | None = None
        self._column = 0
        self._focused = False
        self.setProperty("kind", "rows")
        self.setAccessibleName(name)
        self.setModel(model)
        self.setItemDelegate(_Delegate(self))
        self._set_up()
        model.modelAboutToBeReset.connect(self._keep)
        model.modelReset.connect(self._find)
        theme.changed.connect(self._restyle)
        self._restyle()

    def _set_up(self) -> None:
        self.verticalHeader().hide()
        self.setShowGrid(False)
        self.setTabKeyNavigation(False)
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        triggers = QAbstractItemView.EditTrigger
        self.setEditTriggers(triggers.DoubleClicked | triggers.EditKeyPressed | triggers.AnyKeyPressed)
        header = self.horizontalHeader()
        header.setHighlightSections(False)
        header.setSectionsClickable(False)
        header.setSectionResizeMode(QHeaderView.ResizeMode.Interactive)
        self.setWordWrap(False)
        self.setHorizontalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        if self._movable:
            self.setDragDropMode(QAbstractItemView.DragDropMode.InternalMove)
            self.setDragDropOverwriteMode(False)
            self.setDropIndicatorShown(True)

    def restrict(self, why: str) -> None:
        """From now on nothing of it can be changed, which is told of its cells; with an empty reason it can again."""
        self._rows.refusal = why
        self.setAccessibleDescription(why)
        if self._movable:
            self.setDragEnabled(not why)
            self._rows.movable = not why
            self.viewport().update()

    def current(self) -> Any:
        """The row the keyboard is on; None for none."""
        place = self.currentIndex().row()
        return self._rows.rows[place] if 0 <= place < len(self._rows.rows) else None

    def offered(self, index: _Index) -> Sequence[tuple[str, Any]] | None:
        """What there is to choose from in a cell, the value beside its label; None where one types."""
        return self._rows.offered(index)

    def locked(self, index: _Index) -> str:
        """Why a cell cannot be changed; "" where there is no such reason."""
        return self._rows.locked(index) if index.isValid() else ""

    @property
    def editing(self) -> bool:
        """Whether a cell is being edited."""
        return self.state() == QAbstractItemView.State.EditingState

    def go_to(self, id_: int, column: int = 0) -> None:
        """Make a row the current one."""
        place = self._rows.row_of(id_)
        if place is not None:
            self.setCurrentIndex(self._rows.index(place, column))
            self.scrollTo(self.currentIndex())

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit()

    def _fit(self) -> None:
        """Give every column what it needs, and the rest to the one that stretches.

        Where there is too little room, the widest of the others give way before the list scrolls sideways.
        """
        header, columns = self.horizontalHeader(), self._rows.columns
        widths = [max(self.sizeHintForColumn(i), header.sectionSizeHint(i)) for i in range(len(columns))]
        least = self._theme.px(_LEAST_STRETCH)
        fixed = [place for place, column in enumerate(columns) if not column.stretch]
        room = self.viewport().width() - least * (len(columns) - len(fixed))
        for place in sorted(fixed, key=widths.__getitem__, reverse=True):
            lacking = sum(widths[each] for each in fixed) - room
            widths[place] -= min(max(0, lacking), max(0, widths[place] - least))
        rest = self.viewport().width() - sum(widths[each] for each in fixed)
        for place, column in enumerate(columns):
            header.resizeSection(place, max(rest, least) if column.stretch else widths[place])

    def keyPressEvent(self, event: QKeyEvent) -> None:
        row = None if self._rows.refusal else self.current()
        alt = event.modifiers() == Qt.KeyboardModifier.AltModifier
        if row is not None and self._movable and alt and event.key() in (Qt.Key.Key_Up, Qt.Key.Key_Down):
            step = -1 if event.key() == Qt.Key.Key_Up else 1
            self._ask(row.id, self.currentIndex().row() + step)
        elif row is not None and event.key() == Qt.Key.Key_Delete:
            self.deleted.emit(row.id)
        else:
            super().keyPressEvent(event)

    def dropEvent(self, event: QDropEvent) -> None:
        """The row that is dragged goes where it is let go; the list itself is changed by whoever hears `moved`."""
        row = self.current()
        at = event.position().toPoint()
        place = self.rowAt(at.y())
        place = len(self._rows.rows) if place < 0 else place
        index = self._rows.index(place, 0)
        if index.isValid() and at.y() > self.visualRect(index).center().y():
            place += 1
        event.setDropAction(Qt.DropAction.IgnoreAction)  # or the view would remove the row itself
        event.accept()
        if row is not None:
            self._ask(row.id, place - 1 if place > self.currentIndex().row() else place)

    def _ask(self, id_: int, place: int) -> None:
        if 0 <= place < len(self._rows.rows) and place != self._rows.row_of(id_):
            self.moved.emit(id_, place)

    def currentChanged(self, current: _Index, previous: _Index) -> None:
        super().currentChanged(current, previous)
        if current.row() != previous.row():
            self.chosen.emit()

    def _keep(self) -> None:
        row = self.current()
        self._kept, self._column = (row.id if row else None), max(0, self.currentIndex().column())
        self._focused = self.isAncestorOf(self.window().focusWidget())

    def _find(self) -> None:
        place = self._rows.row_of(self._kept)
        if place is None and self._rows.rows:
            place = 0
        if place is not None:
            self.setCurrentIndex(self._rows.index(place, self._column))
        self._fit()
        if self._focused:  # other rows close the editor, whose focus would go to the next control
            self.setFocus()
        self.chosen.emit()

    def _restyle(self) -> None:
        height = self._theme.row_height
        self.verticalHeader().setMinimumSectionSize(height)
        self.verticalHeader().setDefaultSectionSize(height)
        wide = 32 if self._movable and any(column.colour for column in self._rows.columns) else 16
        self.setIconSize(QSize(self._theme.px(wide), self._theme.px(16)))
        self.horizontalHeader().setFixedHeight(self._theme.px(32))
        self._fit()
