"""A windowed model whose rows can stand in groups, which are folded and unfolded."""

from collections.abc import Callable, Collection, Iterable, Sequence
from operator import attrgetter
from typing import Any

from PySide6.QtCore import QModelIndex, QObject, QPersistentModelIndex, Qt

from app.core.i18n import tr
from app.ui.tables.columns import Cell, Column, Row
from app.ui.tables.groups import GroupLine, GroupLook, Layout, Path
from app.ui.tables.model import WindowedModel

_Index = QModelIndex | QPersistentModelIndex
_DISPLAY = int(Qt.ItemDataRole.DisplayRole)
_SPOKEN = int(Qt.ItemDataRole.AccessibleTextRole)
_TIP = int(Qt.ItemDataRole.ToolTipRole)
_TOP = QModelIndex()
_EMPTY = Cell("", "", "", "", "", None)


class GroupedModel(WindowedModel[Row]):
    """Without groups it is a `WindowedModel`. `describe(group)` words the row of a group, when it is looked at."""

    def __init__(
        self,
        columns: Sequence[Column[Row]],
        fetch: Callable[[Sequence[int]], Iterable[Row]],
        describe: Callable[[Any], GroupLine],
        id_of: Callable[[Row], int] = attrgetter("id"),
        parent: QObject | None = None,
    ) -> None:
        super().__init__(columns, fetch, id_of, parent)
        self._describe = describe
        self._layout: Layout | None = None
        self._lines: dict[int, GroupLine] = {}

    # What is shown

    @property
    def ids(self) -> Sequence[int]:
        """All ids in the order shown, those in folded groups too."""
        return self._ids if self._layout is None else self._layout.ids

    @property
    def layout_shown(self) -> Layout | None:
        """The groups; None for a list without."""
        return self._layout

    @property
    def folded(self) -> Collection[Path]:
        """The groups that are folded."""
        return () if self._layout is None else self._layout.folded

    def set_ids(self, ids: Sequence[int], *, more: bool = False) -> None:
        """Show these rows without groups."""
        self._layout = None
        self._lines.clear()
        super().set_ids(ids, more=more)

    def set_layout(self, layout: Layout) -> None:
        """Show these rows in their groups."""
        self.awaiting = False
        self._absent.clear()
        same = self._layout is not None and layout.rows == self._ids
        if not same:
            self.beginResetModel()
        self._layout, self._ids = layout, layout.rows
        self._lines.clear()
        if not same:
            self.endResetModel()
        elif len(self._ids):
            self._announce(0, len(self._ids) - 1)
        self.completed.emit()

    # Groups

    def group_at(self, row: int) -> int | None:
        return None if self._layout is None or not 0 <= row < len(self._ids) else self._layout.number_at(row)

    def group_ids(self, number: int) -> Sequence[int]:
        """The ids in a group, folded or not."""
        return () if self._layout is None else self._layout.ids_of(number)

    def group_path(self, number: int) -> Path:
        """What a group is known by."""
        return () if self._layout is None else self._layout.groups[number].path

    def group_look(self, number: int) -> GroupLook:
        level = len(self.group_path(number)) - 1
        outer = self._layout is not None and level + 1 < self._layout.depth
        return GroupLook(self._line(number), level, outer, self.is_folded(number))

    def _line(self, number: int) -> GroupLine:
        line = self._lines.get(number)
        if line is None:
            assert self._layout is not None
            line = self._lines[number] = self._describe(self._layout.groups[number])
        return line

    def is_folded(self, number: int) -> bool:
        """Whether only the row of the group is shown."""
        return self._layout is not None and self._layout.groups[number].path in self._layout.folded

    def group_above(self, row: int) -> int | None:
        """The group that holds this row."""
        return None if self._layout is None else self._layout.above(row)

    def row_of_group(self, number: int) -> int | None:
        """Where a group is shown, if it is."""
        return None if self._layout is None else self._layout.row_of(number)

    def fold(self, number: int, folded: bool) -> None:
        """Fold a group that is shown, or unfold it."""
        layout = self._layout
        if layout is None or self.is_folded(number) == folded:
            return
        path = layout.groups[number].path
        first, end = layout.extent(number)
        if folded:
            self.beginRemoveRows(_TOP, first, end - 1)
            layout.folded.add(path)
            layout.rows = self._ids = layout.rows[:first] + layout.rows[end:]
            self.endRemoveRows()
        else:
            layout.folded.discard(path)
            below = layout.below(number)
            self.beginInsertRows(_TOP, first, first + len(below) - 1)
            layout.rows = self._ids = layout.rows[:first] + below + layout.rows[first:]
            self.endInsertRows()
        row = first - 1
        self._announce(row, row)

    def fold_all(self, folded: bool) -> None:
        """Fold every group, or none."""
        if self._layout is not None:
            paths = [group.path for group in self._layout.groups] if folded else []
            self.set_layout(Layout(self._layout.ids, self._layout.groups, paths))

    def reveal(self, ids: Collection[int]) -> None:
        """Unfold the groups behind which some of these are."""
        layout = self._layout
        hiding = layout.hiding(ids) if layout is not None and layout.folded else set()
        if layout is not None and hiding:
            self.set_layout(Layout(layout.ids, layout.groups, layout.folded - hiding))

    # Rows

    def id_at(self, row: int) -> int | None:
        id_ = super().id_at(row)
        return None if id_ is None or id_ < 0 else id_

    def mark_at(self, row: int) -> int | Path | None:
        number = self.group_at(row)
        return self.id_at(row) if number is None else self.group_path(number)

    def row_of(self, mark: int | Path) -> int | None:
        return super().row_of(self._row_id(mark))

    def rows_of(self, marks: Sequence[int | Path]) -> list[int]:
        return super().rows_of([self._row_id(mark) for mark in marks])

    def _row_id(self, mark: int | Path) -> int | None:
        """What stands in the row of a mark."""
        if not isinstance(mark, tuple):
            return mark
        number = None if self._layout is None else self._layout.number_of(mark)
        return None if number is None else -1 - number

    def row_data(self, row: int) -> Row | None:
        return None if self._ids[row] < 0 else super().row_data(row)

    def cell(self, row: int, column: int) -> Cell:
        id_ = self._ids[row]
        if id_ >= 0:
            return super().cell(row, column)
        line = self._line(-1 - id_)
        return line.label if column == self.named else line.figures.get(self.columns[column].key, _EMPTY)

    def refresh_all(self) -> None:
        self._lines.clear()
        super().refresh_all()

    def forget_widths(self) -> None:
        self._lines.clear()
        super().forget_widths()

    def data(self, index: _Index, role: int = _DISPLAY) -> Any:
        number = self.group_at(index.row())
        if number is not None and index.column() == self.named and role in (_SPOKEN, _TIP):
            state = tr("collapsed") if self.is_folded(number) else tr("expanded")
            return f"{self._line(number).spoken}, {state}"
        return super().data(index, role)
