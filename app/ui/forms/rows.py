"""The rows of a short list that is edited in place, and the columns they are shown in."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any, Generic, Protocol, TypeVar

from PySide6.QtCore import (
    QAbstractTableModel,
    QModelIndex,
    QObject,
    QPersistentModelIndex,
    QRect,
    Qt,
    Signal,
)
from PySide6.QtGui import QColor, QIcon, QPainter, QPixmap

from app.ui.theme import Theme

_Index = QModelIndex | QPersistentModelIndex
_Role = Qt.ItemDataRole


class Record(Protocol):
    """What stands in a row."""

    @property
    def id(self) -> int:
        """Its key."""


R = TypeVar("R", bound=Record)


@dataclass(frozen=True)
class RowColumn(Generic[R]):
    """A column; `title` is shown as it is. `change` takes what was typed and may raise a TrichterError.

    Where there is a choice, `offers` are its labels with the value that `change` takes instead. `locked` says why a
    row's cell cannot be changed; "" where it can.
    """

    title: str
    text: Callable[[R], str]
    change: Callable[[R, Any], object] | None = None
    right: bool = False
    stretch: bool = False
    colour: Callable[[R], str] | None = None
    faint: Callable[[R], bool] | None = None
    icon: Callable[[R], str] | None = None
    offers: Callable[[R], Sequence[tuple[str, Any]]] | None = None
    locked: Callable[[R], str] = lambda _row: ""


class RowsModel(QAbstractTableModel, Generic[R]):
    """The rows of a short list, all of them at hand, or of a longer one a page at a time: `wanted` asks for more.

    `unchanged` says that a cell was left as it was.
    """

    unchanged = Signal()
    wanted = Signal()

    def __init__(
        self,
        theme: Theme,
        columns: Sequence[RowColumn[R]],
        parent: QObject | None = None,
        attempt: Callable[[R, Callable[[], object]], bool] | None = None,
    ) -> None:
        """`attempt` carries out a change of a row, and says whether it is taken as far as is known then."""
        super().__init__(parent)
        self._attempt = attempt
        self._theme = theme
        self.columns = tuple(columns)
        self.rows: list[R] = []
        self.movable = False
        #: Why nothing of it can be changed; "" where it can.
        self.refusal = ""
        self._more = False

    def show_rows(self, rows: Sequence[R], *, more: bool = False) -> None:
        """Other rows from now on; there may be `more` than these."""
        self.beginResetModel()
        self.rows, self._more = list(rows), more
        self.endResetModel()

    def add_rows(self, rows: Sequence[R], *, more: bool) -> None:
        """The next rows."""
        self._more = more
        if rows:
            self.beginInsertRows(QModelIndex(), len(self.rows), len(self.rows) + len(rows) - 1)
            self.rows += rows
            self.endInsertRows()

    def canFetchMore(self, parent: _Index) -> bool:
        return self._more and not parent.isValid()

    def fetchMore(self, parent: _Index) -> None:
        self._more = False  # asked for once, until they are there
        self.wanted.emit()

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
                return _side(column)
            case _Role.DecorationRole:
                return self._picture(row, index.column())
            case _Role.ForegroundRole if column.faint is not None and column.faint(row):
                return self._theme.colour("muted")
        return None

    def _picture(self, row: R, place: int) -> QIcon | None:
        column = self.columns[place]
        if column.icon is not None:
            return self._theme.icon(column.icon(row))
        if place == 0 and (self.movable or column.colour is not None):
            return mark(self._theme, column.colour(row) if column.colour else "", handle=self.movable)
        return None

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = _Role.DisplayRole) -> Any:
        if orientation != Qt.Orientation.Horizontal:
            return None
        if role == _Role.DisplayRole:
            return self.columns[section].title
        if role == _Role.TextAlignmentRole:
            return _side(self.columns[section])
        return None

    def flags(self, index: _Index) -> Qt.ItemFlag:
        base = Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsSelectable | Qt.ItemFlag.ItemIsDragEnabled
        if not index.isValid():
            return Qt.ItemFlag.ItemIsDropEnabled
        editable = self.columns[index.column()].change is not None and not self.locked(index)
        return base | Qt.ItemFlag.ItemIsEditable if editable else base

    def supportedDropActions(self) -> Qt.DropAction:
        return Qt.DropAction.MoveAction

    def setData(self, index: _Index, value: Any, role: int = _Role.EditRole) -> bool:
        change = self.columns[index.column()].change if index.isValid() else None
        if change is None or self._attempt is None or role != _Role.EditRole:
            return False
        row, column = self.rows[index.row()], self.columns[index.column()]
        offered = None if column.offers is None else column.offers(row)
        shown = str(value) if offered is None else next((label for label, each in offered if each == value), None)
        if shown == column.text(row):
            self.unchanged.emit()
            return True
        return self._attempt(row, partial(change, row, str(value) if offered is None else value))

    def locked(self, index: _Index) -> str:
        """Why a cell cannot be changed though others of its column can; "" where there is no such reason."""
        return self.refusal or self.columns[index.column()].locked(self.rows[index.row()])

    def offered(self, index: _Index) -> Sequence[tuple[str, Any]] | None:
        """What there is to choose from in a cell, the value beside its label; None where one types."""
        offers = self.columns[index.column()].offers
        return None if offers is None else offers(self.rows[index.row()])


def _side(column: RowColumn[Any]) -> int:
    side = Qt.AlignmentFlag.AlignRight if column.right else Qt.AlignmentFlag.AlignLeft
    return int(side | Qt.AlignmentFlag.AlignVCenter)


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
    with QPainter(pixmap) as painter:
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if handle:
            painter.drawPixmap(0, 0, theme.pixmap("drag", "faint", 16, dots))
        if colour:
            painter.setPen(theme.colour("faint"))  # the first colours of a dark ramp are those of a selected row
            painter.setBrush(theme.colour(colour))
            painter.drawRoundedRect(QRect(places - size + 1, 1, size - 2, size - 2), theme.px(4), theme.px(4))
    icon = QIcon()
    for mode in (QIcon.Mode.Normal, QIcon.Mode.Selected):  # else a selected row would tint it
        icon.addPixmap(pixmap, mode)
    return icon
