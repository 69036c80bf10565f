"""Where one is in a list while all its rows are replaced: the rows chosen, the current one, how far it is scrolled."""

from collections.abc import Callable, Sequence
from typing import Any

from PySide6.QtCore import QItemSelectionModel
from PySide6.QtWidgets import QTableView

from app.ui.tables.model import WindowedModel
from app.ui.tables.selection import selected_rows, whole_rows
from app.ui.theme import Theme

_Flag = QItemSelectionModel.SelectionFlag
#: Marks of the current row and of those selected, how far the list is scrolled beyond the current row; None at the top.
_Place = tuple[Any, list[Any], int | None]


class KeptPlace:
    """The place in a view. `count()` is called when there are other rows, `tell()` once the place is settled.

    `column()` is that of the current cell.
    """

    def __init__(
        self,
        view: QTableView,
        table: WindowedModel[Any],
        theme: Theme,
        column: Callable[[], int],
        count: Callable[[], object],
        tell: Callable[[], object],
    ) -> None:
        self._view, self._table, self._theme = view, table, theme
        self._column, self._count, self._tell = column, count, tell
        self._kept: _Place | None = None
        self._missing: _Place | None = None

    @property
    def held(self) -> bool:
        """Whether rows are being replaced: for a moment there is no current row then, which is no news."""
        return self._kept is not None

    def leave(self) -> None:
        """The user went elsewhere: what was missing is gone to no more."""
        self._missing = None

    def keep(self) -> None:
        """Before all rows are replaced: remember where one was."""
        scrolled, current = self._view.verticalScrollBar().value(), self._view.currentIndex().row()
        offset = scrolled - max(0, current) * self._theme.row_height if scrolled else None
        mark, selected = self._table.mark_at, selected_rows(self._view.selectionModel().selection())
        self._kept = (mark(current), [mark(row) for row in selected], offset)

    def find(self) -> None:
        """After it: the same rows selected, the current one at the same height of the window if it is still there.

        A list at the very top stays there: what comes before the current row is to be seen.
        Of a first page some may be missing; nobody is told of that before the rest is there.
        """
        place = self._missing or self._kept or (None, [], None)
        found = self._select_again(*place)
        self._kept = None
        self._count()
        self._missing = place if self._table.awaiting and not found else None
        if self._missing is None:
            self._tell()

    def complete(self) -> None:
        """The rest of the rows is there."""
        self._count()
        if self._missing is not None:
            self._kept, self._missing = self._missing, None
            self.find()

    def _select_again(self, current: Any, selected: Sequence[Any], offset: int | None) -> bool:
        """Whether all of it was found."""
        view, table, chosen = self._view, self._table, self._view.selectionModel()
        row = None if current is None else table.row_of(current)
        rows = table.rows_of(selected)
        chosen.select(whole_rows(table, rows), _Flag.Select)
        if (at := next(iter(rows), None) if row is None else row) is not None:  # keys and commands mean the same
            chosen.setCurrentIndex(table.index(at, self._column()), _Flag.NoUpdate)
            view.updateGeometries()
            view.verticalScrollBar().setValue(0 if offset is None else at * self._theme.row_height + offset)
        return len(rows) == len(selected) and (current is None or row is not None)
