"""A short list that is edited in place: rows moved by drag or Alt+Up and Alt+Down, cells changed by typing."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Generic, Protocol, TypeVar

from PySide6.QtCore import (
    QAbstractTableModel,
    QModelIndex,
    QObject,
    QPersistentModelIndex,
    QRect,
    QSize,
    Qt,
    QTimer,
    Signal,
)
from PySide6.QtGui import QColor, QDropEvent, QIcon, QKeyEvent, QPainter, QPixmap, QResizeEvent
from PySide6.QtWidgets import QAbstractItemView, QHeaderView, QLineEdit, QStyledItemDelegate, QTableView, QWidget

from app.core.errors import TrichterError
from app.ui.theme import Theme

_Index = QModelIndex | QPersistentModelIndex
_Role = Qt.ItemDataRole
_LEAST_STRETCH = 150


class Record(Protocol):
    """What stands in a row."""

    @property
    def id(self) -> int:
        """Its key."""


R = TypeVar("R", bound=Record)


@dataclass(frozen=True)
class RowColumn(Generic[R]):
    """A column; `title` is shown as it is. `change` takes what was typed and may raise a TrichterError."""

    title: str
    text: Callable[[R], str]
    change: Callable[[R, str], object] | None = None
    right: bool = False
    stretch: bool = False
    colour: Callable[[R], str] | None = None
    faint: Callable[[R], bool] | None = None


class RowsModel(QAbstractTableModel, Generic[R]):
    """The rows of a short list, all of them at hand. `refused` carries the error of a change that was not taken."""

    refused = Signal(object)
    taken = Signal()

    def __init__(self, theme: Theme, columns: Sequence[RowColumn[R]], parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self.columns = tuple(columns)
        self.rows: list[R] = []
        self.movable = False

    def show_rows(self, rows: Sequence[R]) -> None:
        """Other rows from now on."""
        self.beginResetModel()
        self.rows = list(rows)
        self.endResetModel()

    def row_of(self, id_: int | None) -> int | None:
        """Where the row of that id stands."""
        return next((place for place, row in enumerate(self.rows) if row.id == id_), None)

    def rowCount(self, parent: _Index = QModelIndex()) -> int:  # noqa: B008 - Qt's own signature
        return 0 if parent.isValid() else len(self.rows)

    def columnCount(self, parent: _Index = QModelIndex()) -> int:  # noqa: B008
        return 0 if parent.isValid() else len(self.columns)

    def data(self, index: _Index, role: int = _Role.DisplayRole) -> Any:
        if not index.isValid():
            return None
        row, column = self.rows[index.row()], self.columns[index.column()]
        match role:
            case _Role.DisplayRole | _Role.EditRole | _Role.AccessibleTextRole:
                return column.text(row)
            case _Role.TextAlignmentRole:
                side = Qt.AlignmentFlag.AlignRight if column.right else Qt.AlignmentFlag.AlignLeft
                return int(side | Qt.AlignmentFlag.AlignVCenter)
            case _Role.ForegroundRole if column.faint is not None and column.faint(row):
                return self._theme.colour("muted")
            case _Role.DecorationRole if index.column() == 0 and (self.movable or column.colour is not None):
                return mark(self._theme, column.colour(row) if column.colour else "", handle=self.movable)
        return None

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = _Role.DisplayRole) -> Any:
        if orientation != Qt.Orientation.Horizontal:
            return None
        if role == _Role.DisplayRole:
            return self.columns[section].title
        if role == _Role.TextAlignmentRole:
            side = Qt.AlignmentFlag.AlignRight if self.columns[section].right else Qt.AlignmentFlag.AlignLeft
            return int(side | Qt.AlignmentFlag.AlignVCenter)
        return None

    def flags(self, index: _Index) -> Qt.ItemFlag:
        base = Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsSelectable | Qt.ItemFlag.ItemIsDragEnabled
        if not index.isValid():
            return Qt.ItemFlag.ItemIsDropEnabled
        editable = self.columns[index.column()].change is not None
        return base | Qt.ItemFlag.ItemIsEditable if editable else base

    def supportedDropActions(self) -> Qt.DropAction:
        return Qt.DropAction.MoveAction

    def setData(self, index: _Index, value: Any, role: int = _Role.EditRole) -> bool:
        change = self.columns[index.column()].change if index.isValid() else None
        if change is None or role != _Role.EditRole:
            return False
        row = self.rows[index.row()]
        if str(value) == self.columns[index.column()].text(row):
            self.taken.emit()
            return True
        try:
            change(row, str(value))
        except TrichterError as error:
            self.refused.emit(error)
            return False
        self.taken.emit()
        return True


class _Delegate(QStyledItemDelegate):
    """Opens the editor again with what was typed when it was refused."""

    def __init__(self, view: "RowsView") -> None:
        super().__init__(view)
        self._view = view
        self._refused = ""

    def setEditorData(self, editor: QWidget, index: _Index) -> None:
        super().setEditorData(editor, index)
        if isinstance(editor, QLineEdit):
            editor.setAccessibleName(str(index.model().headerData(index.column(), Qt.Orientation.Horizontal)))
            if self._refused:
                editor.setText(self._refused)
                self._refused = ""

    def setModelData(self, editor: QWidget, model: Any, index: _Index) -> None:
        typed = editor.text() if isinstance(editor, QLineEdit) else ""
        if not model.setData(index, typed) and index.isValid():
            self._refused = typed
            place = QPersistentModelIndex(index)
            QTimer.singleShot(0, self._view, lambda: self._again(place))

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

    def current(self) -> Any:
        """The row the keyboard is on; None for none."""
        place = self.currentIndex().row()
        return self._rows.rows[place] if 0 <= place < len(self._rows.rows) else None

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
        """Give every column what it needs, and the rest to the one that stretches."""
        header, columns = self.horizontalHeader(), self._rows.columns
        widths = [max(self.sizeHintForColumn(i), header.sectionSizeHint(i)) for i in range(len(columns))]
        least = self._theme.px(_LEAST_STRETCH)
        fixed = sum(width for width, column in zip(widths, columns, strict=True) if not column.stretch)
        for place, column in enumerate(columns):
            rest = max(self.viewport().width() - fixed, least)
            header.resizeSection(place, rest if column.stretch else widths[place])

    def keyPressEvent(self, event: QKeyEvent) -> None:
        row = self.current()
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

    def _find(self) -> None:
        place = self._rows.row_of(self._kept)
        if place is None and self._rows.rows:
            place = 0
        if place is not None:
            self.setCurrentIndex(self._rows.index(place, self._column))
        self._fit()
        self.chosen.emit()

    def _restyle(self) -> None:
        height = self._theme.row_height
        self.verticalHeader().setMinimumSectionSize(height)
        self.verticalHeader().setDefaultSectionSize(height)
        wide = 32 if self._movable and any(column.colour for column in self._rows.columns) else 16
        self.setIconSize(QSize(self._theme.px(wide), self._theme.px(16)))
        self.horizontalHeader().setFixedHeight(self._theme.px(32))
        self._fit()


def swatch(theme: Theme, colour: str) -> QIcon:
    """A small rounded field of a colour."""
    return mark(theme, colour, handle=False)


def mark(theme: Theme, colour: str, *, handle: bool) -> QIcon:
    """What stands before a row: the handle by which it is dragged, and its colour, if there is one."""
    size, dots = theme.px(16), 2
    places = (size if handle else 0) + (size if colour else 0)
    pixmap = QPixmap(places * dots, size * dots)
    pixmap.setDevicePixelRatio(dots)
    pixmap.fill(QColor.fromRgbF(0, 0, 0, 0))
    painter = QPainter(pixmap)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    if handle:
        painter.drawPixmap(0, 0, theme.pixmap("drag", "faint", 16, dots))
    if colour:
        painter.setPen(theme.colour("border"))
        painter.setBrush(theme.colour(colour))
        painter.drawRoundedRect(QRect(places - size + 1, 1, size - 2, size - 2), theme.px(4), theme.px(4))
    painter.end()
    icon = QIcon()
    for mode in (QIcon.Mode.Normal, QIcon.Mode.Selected):  # else a selected row would tint it
        icon.addPixmap(pixmap, mode)
    return icon
