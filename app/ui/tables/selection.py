"""Selected rows as numbers, and numbers as a selection."""

from collections.abc import Iterator, Sequence

from PySide6.QtCore import QAbstractItemModel, QItemSelection


def selected_rows(selection: QItemSelection) -> list[int]:
    """The rows of a selection from top to bottom, each once."""
    ranges = sorted((part.top(), part.bottom()) for part in (selection.at(i) for i in range(selection.size())))
    rows: list[int] = []
    for top, bottom in ranges:  # whole ranges at once: Ctrl+A selects a hundred thousand
        rows.extend(range(max(top, rows[-1] + 1) if rows else top, bottom + 1))
    return rows


def whole_rows(model: QAbstractItemModel, rows: Sequence[int]) -> QItemSelection:
    """A selection of these rows, which are in ascending order."""
    selection = QItemSelection()
    last = model.columnCount() - 1
    for top, bottom in _runs(rows):  # neighbours as one range: Ctrl+A selects a hundred thousand
        selection.select(model.index(top, 0), model.index(bottom, last))
    return selection


def first_cell(selection: QItemSelection) -> QItemSelection:
    """The first cell of a selection, which is all that Qt tells a screen reader of it; to find it, Qt would ask for the
    flags of every cell.
    """
    if not selection.size():
        return QItemSelection()
    first = selection.at(0).topLeft()
    return QItemSelection(first, first)


def _runs(rows: Sequence[int]) -> Iterator[tuple[int, int]]:
    start = 0
    for i, row in enumerate(rows):
        if i + 1 == len(rows) or rows[i + 1] != row + 1:
            yield rows[start], row
            start = i + 1
