"""The chip above a list that says what it is grouped by, with a menu to choose that."""

from collections.abc import Sequence

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QMenu

from app.core.i18n import tr
from app.ui.record_table.grouping import DEEPEST, Groupings
from app.ui.theme import Theme
from app.ui.widgets.chips import Chip


class GroupChip(Chip):
    """Shows "Group: Stage, Responsible". `chosen(levels)` and `foldAsked(folded)` come from its menu."""

    chosen = Signal(object)
    foldAsked = Signal(bool)

    def __init__(self, theme: Theme, groupings: Groupings, choices: Sequence[str]) -> None:
        """`choices` are what the list can be grouped by."""
        super().__init__(theme, "")
        self._groupings = groupings
        self._choices = tuple(choices)
        self._group: tuple[str, ...] = ()
        self._menu = QMenu(self)
        self._menu.setToolTipsVisible(True)
        self._menu.aboutToShow.connect(self._fill)
        self.set_menu(self._menu)
        self.emptied.connect(lambda: self.chosen.emit(()))
        self.show_group(())

    def show_group(self, group: Sequence[str]) -> None:
        """Say what the list is grouped by, without telling anyone."""
        self._group = tuple(group)
        self.setText(tr("Group: {by}", by=self._groupings.words(group) or tr("none")))
        self.say_shortly(None if group else tr("Grouping"))
        self.setChecked(bool(group))

    def fill(self, menu: QMenu) -> None:
        """Put the choices into a menu: the outer level, the one within it, and what to do with all groups."""
        self._add_level(menu, 0)
        if self._group:
            self._add_level(menu.addMenu(tr("And within it by")), 1)
            menu.addSeparator()
            menu.addAction(tr("Expand all groups")).triggered.connect(lambda: self.foldAsked.emit(False))
            menu.addAction(tr("Collapse all groups")).triggered.connect(lambda: self.foldAsked.emit(True))

    def _fill(self) -> None:
        self._menu.clear()
        self.fill(self._menu)

    def _add_level(self, menu: QMenu, level: int) -> None:
        above = self._group[:level]
        now = self._group[level] if level < len(self._group) else None
        for key in (None, *(key for key in self._groupings.offered(self._choices) if key not in above)):
            action = menu.addAction(tr("none") if key is None else tr(self._groupings.by[key].label))
            action.setCheckable(True)
            action.setChecked(key == now)
            action.triggered.connect(lambda _on=False, key=key: self._take(level, key))

    def _take(self, level: int, key: str | None) -> None:
        below = [other for other in self._group[level + 1 :] if other != key]
        levels = (*self._group[:level], *((key, *below) if key is not None else ()))
        self.chosen.emit(levels[:DEEPEST])
