"""The menu of a column: everything that the mouse does at its head and its edge, for the keyboard too."""

from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QMenu, QWidget

from app.core.i18n import tr
from app.ui.allowed import offer

if TYPE_CHECKING:
    from app.ui.board.column import Column
    from app.ui.board.row import ColumnRow

_STEP = 30


def head_menu(parent: QWidget, row: "ColumnRow", column: "Column", add: Callable[[], object]) -> QMenu:
    """The menu of one column; `add` makes a new lead in it."""
    menu = QMenu(parent)
    menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
    entries: list[tuple[str, Callable[[], object], bool]] = [
        (tr("New lead here …"), add, column.spec.takes and not column.collapsed),
        (tr("Select all in it"), lambda: _select(column), column.view.column.rowCount() > 0 and not column.collapsed),
        (tr("Expand") if column.collapsed else tr("Collapse"), lambda: row.collapse(column, not column.collapsed),
         True),
        (tr("Collapse the others"), lambda: _only(row, column), True),
        (tr("Expand all"), lambda: _all(row), any(each.collapsed for each in row.columns)),
        (tr("Wider"), lambda: row.widen(_STEP), True),
        (tr("Narrower"), lambda: row.widen(-_STEP), True),
        (tr("As wide as there is room"), lambda: row.set_width(0), row.chosen_width > 0),
    ]  # fmt: skip
    for words, act, there in entries:
        if there:
            offer(menu, words, act)
    return menu


def _select(column: "Column") -> None:
    column.view.setFocus()
    column.view.selectAll()


def _only(row: "ColumnRow", column: "Column") -> None:
    for other in row.columns:
        if other.collapsed != (other is not column):
            row.collapse(other, other is not column)


def _all(row: "ColumnRow") -> None:
    for other in row.columns:
        if other.collapsed:
            row.collapse(other, False)
