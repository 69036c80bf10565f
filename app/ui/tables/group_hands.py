"""What keys and the mouse do with the rows of groups in a table."""

from collections.abc import Callable
from typing import Any

from PySide6.QtCore import QItemSelectionModel, Qt
from PySide6.QtGui import QKeyEvent, QMouseEvent
from PySide6.QtWidgets import QMenu, QTableView, QWidget

from app.core.i18n import tr
from app.ui.tables.grouped_model import GroupedModel
from app.ui.tables.groups import Path
from app.ui.tables.selection import selected_rows, whole_rows

_Flag = QItemSelectionModel.SelectionFlag
_CTRL = Qt.KeyboardModifier.ControlModifier
_OPENING = (Qt.Key.Key_Right, Qt.Key.Key_Plus)
_CLOSING = (Qt.Key.Key_Left, Qt.Key.Key_Minus)


class GroupHands:
    """Folds, unfolds and chooses groups for a view.

    The row of a group is gone to like any other and is no record: commands mean the records that are chosen. Space,
    and a click with Ctrl, choose those of the group; Left and Right, Minus and Plus fold and unfold it, `*` and `/`
    all.
    """

    def __init__(self, view: QTableView, model: GroupedModel[Any], on_mark: Callable[[int, int], bool]) -> None:
        """`on_mark(number, x)` says whether a place lies on the mark by which a group is folded."""
        #: What choosing those of a group is called.
        self.choosing = tr("Select its leads")
        self._view = view
        self._model = model
        self._on_mark = on_mark

    def key(self, event: QKeyEvent) -> bool:
        """Whether a key was meant for the row of a group."""
        number = self._model.group_at(self._view.currentIndex().row())
        if number is None:
            return False
        held = event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier
        match event.key():
            case key if key in _OPENING and held != _CTRL:
                self._open(number)
            case key if key in _CLOSING and held != _CTRL:
                self._close(number)
            case Qt.Key.Key_Asterisk:
                self.fold_all(False)
            case Qt.Key.Key_Slash:
                self.fold_all(True)
            case Qt.Key.Key_Space:
                self.choose(number, also=held == _CTRL)
            case Qt.Key.Key_Return | Qt.Key.Key_Enter:
                self.toggle(number)
            case _:
                return False
        return True

    def press(self, event: QMouseEvent) -> bool:
        """Whether a press of the mouse was meant for the row of a group, beyond going there."""
        at = event.position().toPoint()
        number = self._model.group_at(self._view.rowAt(at.y()))
        if number is None or event.button() != Qt.MouseButton.LeftButton:
            return False
        if self._on_mark(number, at.x()):
            self._go(number)
            self.toggle(number)
        elif event.modifiers() == _CTRL:
            self._go(number)
            self.choose(number, also=True)
        else:
            return False
        return True

    def toggle(self, number: int) -> None:
        """Fold an unfolded group, and the other way round."""
        self._model.fold(number, not self._model.is_folded(number))

    def fold_all(self, folded: bool) -> None:
        """Fold or unfold all groups; the keyboard goes to the outer group that holds the row it was on."""
        row, outer = self._view.currentIndex().row(), self._model.group_at(self._view.currentIndex().row())
        while folded and row >= 0 and (above := self._model.group_above(row)) is not None:
            outer = above
            row = self._model.row_of_group(above) or 0
        self._model.fold_all(folded)
        if folded and outer is not None:
            self._view.selectRow(self._model.row_of_group(outer) or 0)
        self._view.scrollTo(self._view.currentIndex())

    def choose(self, number: int, *, also: bool = False) -> None:
        """Choose the records of a group, unfolded so that they are seen; with `also` beside what is chosen, or no more
        where all of them were.
        """
        ids = self._model.group_ids(number)
        self._model.reveal(ids)
        rows = self._model.rows_of(ids)
        selection = self._view.selectionModel()
        chosen = set(selected_rows(selection.selection()))
        flag = _Flag.ClearAndSelect
        if also:
            flag = _Flag.Deselect if chosen.issuperset(rows) else _Flag.Select
        selection.select(whole_rows(self._model, rows), flag)

    def menu(self, number: int, parent: QWidget) -> QMenu:
        """What can be done with a group."""
        menu = QMenu(parent)
        path = self._model.group_path(number)
        for label, act in (
            (tr("Expand") if self._model.is_folded(number) else tr("Collapse"), self.toggle),
            (self.choosing, self.choose),
        ):
            menu.addAction(label).triggered.connect(lambda _on=False, act=act: self._with(path, act))
        menu.addSeparator()
        menu.addAction(tr("Expand all groups")).triggered.connect(lambda: self.fold_all(False))
        menu.addAction(tr("Collapse all groups")).triggered.connect(lambda: self.fold_all(True))
        return menu

    def _with(self, path: Path, act: Callable[[int], object]) -> None:
        """A menu stays open for a while: by then the group may have another number, or be gone."""
        row = self._model.row_of(path)
        number = None if row is None else self._model.group_at(row)
        if number is not None:
            act(number)

    def _open(self, number: int) -> None:
        if self._model.is_folded(number):
            self._model.fold(number, False)
        else:
            self._view.selectRow(self._view.currentIndex().row() + 1)

    def _close(self, number: int) -> None:
        row = self._view.currentIndex().row()
        above = self._model.group_above(row)
        if not self._model.is_folded(number):
            self._model.fold(number, True)
        elif above is not None:
            self._view.selectRow(self._model.row_of_group(above) or 0)

    def _go(self, number: int) -> None:
        """The keyboard goes to a group, and what is chosen stays."""
        index = self._model.index(self._model.row_of_group(number) or 0, self._model.named)
        self._view.selectionModel().setCurrentIndex(index, _Flag.NoUpdate)
