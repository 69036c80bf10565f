"""A table model that knows all ids and only those rows that are looked at."""

from collections.abc import Callable, Collection, Iterable, Sequence
from functools import partial
from operator import attrgetter
from typing import Any, Generic

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QObject, QPersistentModelIndex, Qt, QTimer, Signal

from app.core.i18n import tr
from app.ui.guard import attempt
from app.ui.tables.columns import Cell, Column, Row, cell_of
from app.ui.tables.groups import GroupLook
from app.ui.tips import plain_tip

# Bound once: looking an enumeration up on every call makes a frame two and a half times as slow.
_DISPLAY = int(Qt.ItemDataRole.DisplayRole)
_TIP = int(Qt.ItemDataRole.ToolTipRole)
_ALIGN = int(Qt.ItemDataRole.TextAlignmentRole)
_SPOKEN = int(Qt.ItemDataRole.AccessibleTextRole)
_SPOKEN_AFTER = int(Qt.ItemDataRole.AccessibleDescriptionRole)
_HORIZONTAL = Qt.Orientation.Horizontal
_DESCENDING = Qt.SortOrder.DescendingOrder
_RIGHT = int(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
_LEFT = int(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
_ITEM = Qt.ItemFlag.ItemIsSelectable | Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemNeverHasChildren

#: Rows fetched at once: the one that is needed, some before it, and what a window shows after it.
BLOCK = 36
_BEFORE = 6
#: Rows kept; beyond that the ones fetched first go.
KEPT = 4096
# Up to this many changed rows are looked up one by one; more repaint what is visible.
_FEW = 16

_Index = QModelIndex | QPersistentModelIndex
_TOP = QModelIndex()
_BLANK = Cell("", "", "", "", "", None)


class WindowedModel(QAbstractTableModel, Generic[Row]):
    """Rows by ordered ids. `fetch(ids)` gives the rows of a few ids, in any order; ids that are gone are left out.

    The model does not sort: it asks for another order with `sortRequested(key, descending)`.
    """

    sortRequested = Signal(str, bool)
    completed = Signal()  # all ids are there: those of the first page, and the rest

    def __init__(
        self,
        columns: Sequence[Column[Row]],
        fetch: Callable[[Sequence[int]], Iterable[Row]],
        id_of: Callable[[Row], int] = attrgetter("id"),
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self.columns = tuple(columns)
        self._fetch = fetch
        self._id_of = id_of
        self._ids: Sequence[int] = ()
        self.awaiting = False
        self._rows: dict[int, Row] = {}
        self._absent: set[int] = set()  # asked for in vain: every column would ask once more
        self._cells: dict[int, list[Cell | None]] = {}

    def use_columns(self, columns: Sequence[Column[Row]], told: Callable[[Sequence[Column[Row]]], object]) -> None:
        """Show other columns of the same rows; who keeps them too is `told` before anything is laid out by them."""
        self.beginResetModel()
        self.columns = tuple(columns)
        self._cells.clear()
        told(self.columns)
        self.endResetModel()

    @property
    def ids(self) -> Sequence[int]:
        """All ids in the order shown. Not to be changed."""
        return self._ids

    @property
    def row_ids(self) -> Sequence[int]:
        """What stands in each row: an id, or a negative number for what has none. Not to be changed."""
        return self._ids

    def set_ids(self, ids: Sequence[int], *, more: bool = False) -> None:
        """Show these rows in this order; with `more` they are the first page, and the rest follows.

        When the old ids are the beginning of the new ones (the first page came before the rest) rows are only added,
        so that selection and scroll position stay by themselves.
        """
        self.awaiting = more
        self._absent.clear()
        self._put(ids)
        if not more:
            self.completed.emit()

    def _put(self, ids: Sequence[int]) -> None:
        old = self._ids
        known = len(old)
        if known and list(ids[:known]) == list(old):
            if len(ids) > known:
                self.beginInsertRows(_TOP, known, len(ids) - 1)
                self._ids = ids
                self.endInsertRows()
            return
        self.beginResetModel()
        self._ids = ids
        self.endResetModel()

    def refresh_rows(self, ids: Iterable[int]) -> None:
        """These rows changed: fetch them anew when they are next looked at."""
        shown = []
        for id_ in ids:
            self._rows.pop(id_, None)
            self._absent.discard(id_)
            if self._cells.pop(id_, None) is not None:
                shown.append(id_)
        if len(shown) > _FEW:
            self._announce(0, len(self._ids) - 1)
            return
        for id_ in shown:
            row = self.row_of(id_)
            if row is not None:
                self._announce(row, row)

    def refresh_all(self) -> None:
        """Everything may have changed (other words, another country, an import): keep the ids, fetch all rows anew."""
        self._rows.clear()
        self._absent.clear()
        self._cells.clear()
        if self._ids:
            self._announce(0, len(self._ids) - 1)

    def forget_widths(self) -> None:
        """The font changed: texts have to be measured again."""
        self._cells.clear()

    def id_at(self, row: int) -> int | None:
        """The id shown in `row`."""
        return self._ids[row] if 0 <= row < len(self._ids) else None

    def row_of(self, mark: Any) -> int | None:
        """Where an id, or another mark of a row, is shown, if it is."""
        try:
            return self._ids.index(mark)
        except ValueError:
            return None

    def mark_at(self, row: int) -> Any:
        """What a row is known by through every change; None for none."""
        return self.id_at(row)

    def rows_of(self, marks: Sequence[Any]) -> list[int]:
        """Where these are shown, from top to bottom, as far as they are."""
        if len(marks) <= 1:
            found = [self.row_of(mark) for mark in marks]
            return [row for row in found if row is not None]
        wanted = set(marks)
        return [row for row, id_ in enumerate(self._ids) if id_ in wanted]

    # Rows in groups: there are none here, see `GroupedModel`

    #: The column in which the name of a group begins.
    named = 0

    def group_at(self, row: int) -> int | None:
        """The number of the group whose row this is; None for any other row."""
        return None

    def group_look(self, number: int) -> GroupLook:
        """What the row of a group shows, and how."""
        raise LookupError(number)

    def reveal(self, ids: Collection[int]) -> None:
        """Unfold the groups behind which some of these are."""

    def row_data(self, row: int) -> Row | None:
        """The row as the service gave it; None when it is gone or could not be read."""
        id_ = self._ids[row]
        if id_ not in self._rows and id_ not in self._absent:
            self._load_around(row)
        return self._rows.get(id_)

    def cell(self, row: int, column: int) -> Cell:
        """The worked-out cell; the painter asks here directly, past the roles."""
        cells = self._cells.get(self._ids[row])
        if cells is None:
            cells = self._cells[self._ids[row]] = [None] * len(self.columns)
        found = cells[column]
        if found is None:
            data = self.row_data(row)
            if data is None:  # deleted elsewhere since the ids were asked, or not to be read: empty until it is there
                return _BLANK
            found = cells[column] = cell_of(self.columns[column], data)
        return found

    def _load_around(self, row: int) -> None:
        start = max(0, row - _BEFORE)
        wanted = [id_ for id_ in self._ids[start : start + BLOCK] if id_ >= 0 and id_ not in self._rows]
        found = attempt(lambda: list(self._fetch(wanted)))
        if isinstance(found, Exception):  # a paint event waits for the rows: they stay blank, and it is told later
            QTimer.singleShot(0, self, partial(_raise, found))
            found = []
        for data in found:
            self._rows[self._id_of(data)] = data
        self._absent.update(id_ for id_ in wanted if id_ not in self._rows)
        if len(self._rows) > KEPT:
            for id_ in list(self._rows)[: KEPT // 2]:
                del self._rows[id_]
                self._cells.pop(id_, None)

    def _announce(self, first: int, last: int) -> None:
        self.dataChanged.emit(self.index(first, 0), self.index(last, len(self.columns) - 1))

    # What Qt asks

    def rowCount(self, parent: _Index = _TOP) -> int:
        return 0 if parent.isValid() else len(self._ids)

    def columnCount(self, parent: _Index = _TOP) -> int:
        return 0 if parent.isValid() else len(self.columns)

    def data(self, index: _Index, role: int = _DISPLAY) -> Any:
        if role == _DISPLAY:
            return self.cell(index.row(), index.column()).text
        if role == _SPOKEN:
            return self.cell(index.row(), index.column()).spoken
        if role == _SPOKEN_AFTER:  # of a cell by itself nobody knows what it says
            return tr(self.columns[index.column()].title)
        if role == _TIP:
            return plain_tip(self.cell(index.row(), index.column()).whole_tip) or None
        if role == _ALIGN:
            return _RIGHT if self.columns[index.column()].right else _LEFT
        return None

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = _DISPLAY) -> Any:
        if orientation != _HORIZONTAL or not 0 <= section < len(self.columns):
            return None
        if role == _DISPLAY:
            return tr(self.columns[section].title)
        if role == _ALIGN:
            return _RIGHT if self.columns[section].right else _LEFT
        return None

    def flags(self, index: _Index) -> Qt.ItemFlag:
        return _ITEM if index.isValid() else Qt.ItemFlag.NoItemFlags

    def sort(self, column: int, order: Qt.SortOrder = Qt.SortOrder.AscendingOrder) -> None:
        """Ask for another order; a column without one is left alone."""
        if 0 <= column < len(self.columns):
            key = self.columns[column].sort
            if key is not None:
                self.sortRequested.emit(key, order == _DESCENDING)


def _raise(error: Exception) -> None:
    raise error
