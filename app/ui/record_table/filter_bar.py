"""The chips above a list: each a condition that must hold, and one for what has no chip of its own.

What is asked for is one tree; the chips show the parts of it that they can. So whatever sets it, a press, the editor, a
saved view, the chips say what the list is narrowed to.
"""

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtWidgets import QMenu, QWidget

from app.core.i18n import ntr, tr
from app.services.record_filter import Condition, Filter, conditions, together, top
from app.ui.record_table.facet_menu import FacetMenu
from app.ui.record_table.facets import Chips, Facet
from app.ui.record_table.filter_chip import FilterChip
from app.ui.record_table.filter_words import FilterWords
from app.ui.tips import plain_tip
from app.ui.widgets.button import Button, ButtonKind
from app.ui.widgets.chips import Chip, Flow

if TYPE_CHECKING:
    from app.ui.context import Context


class FilterBar(QObject):
    """The chips of one list. `asked(tree)` when somebody narrows it otherwise; `editAsked` for the editor, `cleared`
    for everything to be shown again.
    """

    asked = Signal(object)
    shown = Signal()  # what the chips show: for other controls that show the same
    editAsked = Signal()
    cleared = Signal()

    def __init__(
        self,
        context: "Context",
        facets: Mapping[str, Facet],
        chips: Chips,
        bar: Flow,
        parent: QWidget,
        *,
        elsewhere: Sequence[str] = (),
    ) -> None:
        """Of all `facets` a list has these chips; what is `elsewhere` has a control of the tab's instead."""
        super().__init__(parent)
        self._context = context
        self._bar = bar
        self._facets = facets
        self._always = chips.always
        self._offered = chips.offered
        self._elsewhere = tuple(elsewhere)
        self._held: dict[str, Condition] = {}
        self._rest: tuple[Filter, ...] = ()
        self._chips: dict[str, FilterChip] = {}
        self._menus: list[FacetMenu] = []
        self._add = Chip(context.theme, tr("Filter"), icon="plus")
        self._add.setCheckable(False)
        self._add.setAccessibleDescription(tr("Add a filter"))
        self._add.setToolTip(tr("Add a filter"))
        self._add.say_shortly("")
        bar.let_yield(self._add, self._add.least_width, 4)
        self._more = QMenu(self._add)
        self._more.aboutToShow.connect(self._fill)
        self._add.set_menu(self._more)
        self._others = Chip(context.theme, "", icon="filter")
        self._others.say_shortly("")
        bar.let_yield_at_last(self._others, self._others.least_width)
        self._clear = Button(context.theme, tr("Reset"), ButtonKind.FLAT)
        self._clear.clicked.connect(self.cleared)
        for key in self._always:
            bar.addWidget(self._chip(self._facets[key]))
        self._lay_out_others()
        for widget in (self._others, self._add, self._clear):
            bar.addWidget(widget)
        self._others.hide()
        self._clear.hide()

    def _lay_out_others(self) -> None:
        menu = QMenu(self._others)
        menu.addAction(tr("Edit …")).triggered.connect(self.editAsked)
        menu.addAction(tr("Remove")).triggered.connect(lambda: self._take_others(()))
        self._others.set_menu(menu)
        self._others.emptied.connect(lambda: self._take_others(()))

    @property
    def filter(self) -> Filter | None:
        """All that is asked for, together."""
        return together(*self._held.values(), *self._rest)

    def held(self, key: str) -> Condition | None:
        """What the chip with this key asks for."""
        return self._held.get(key)

    def show_filter(self, tree: Filter | None) -> None:
        """Show what the list is narrowed to, without telling anyone."""
        self._held, rest = {}, []
        for part in top(tree):
            key = self._place(part)
            if key is None or not isinstance(part, Condition):
                rest.append(part)
            else:
                self._held[key] = part
        self._rest = tuple(rest)
        self._show()

    def _place(self, part: Filter) -> str | None:
        """The chip that can show a part: one that is free and that this list has."""
        if not isinstance(part, Condition):
            return None
        had = {*self._always, *self._offered, *self._elsewhere}
        keys = (key for key in self._facets if key in had)
        return next((key for key in keys if key not in self._held and self._facets[key].shows(part)), None)

    def put(self, key: str, condition: Condition | None) -> None:
        """Ask for something else by the chip with this key, and tell."""
        if condition is None:
            self._held.pop(key, None)
        else:
            self._held[key] = condition
        self._show()
        self.asked.emit(self.filter)

    def show_narrowed(self, narrowed: bool) -> None:
        """Whether there is anything to take back, the text included."""
        self._clear.setVisible(narrowed)

    def _take_others(self, rest: tuple[Filter, ...]) -> None:
        self._rest = rest
        self._show()
        self._add.setFocus(Qt.FocusReason.OtherFocusReason)
        self.asked.emit(self.filter)

    def _show(self) -> None:
        for key in self._held:
            if key not in self._chips and key not in self._elsewhere:
                self._chip_between(self._facets[key])
        for key, chip in self._chips.items():
            chip.show_condition(self._held.get(key))
            gone = key not in self._held and key not in self._always
            if gone and chip.hasFocus():
                self._add.setFocus(Qt.FocusReason.OtherFocusReason)
            chip.setVisible(not gone)
        self._show_others()
        self.shown.emit()

    def _show_others(self) -> None:
        self._others.setVisible(bool(self._rest))
        self._others.setChecked(True)
        tree = together(*self._rest)
        if tree is not None:
            n = sum(1 for _ in conditions(tree))
            self._others.setText(ntr("{n} condition", "{n} conditions", n))
            self._others.setToolTip(plain_tip(FilterWords(self._context, tree).sentence(tree)))

    def refresh(self) -> None:
        """Names may be others now."""
        self._show()

    def _chip(self, facet: Facet) -> FilterChip:
        chip = FilterChip(self._context, facet)
        chip.chosen.connect(lambda condition: self.put(facet.key, condition))
        self._chips[facet.key] = chip
        self._bar.let_yield(chip, chip.usual_least_width, 2)
        self._bar.let_yield_at_last(chip, chip.least_width)
        return chip

    def _chip_between(self, facet: Facet) -> None:
        """A chip that was not there yet comes after the others, and Tab goes to it in that order."""
        chip = self._chip(facet)
        self._bar.insert_widget(self._bar.indexOf(self._others), chip)
        chip.stackUnder(self._others)

    def _fill(self) -> None:
        """What is not among the chips yet."""
        self._more.clear()
        for old in self._menus:
            old.deleteLater()
        self._menus.clear()
        for key in self._offered:
            facet = self._facets[key]
            if key in self._held:
                continue
            if facet.switch is not None:
                action = self._more.addAction(tr(facet.label))
                action.triggered.connect(lambda _on=False, key=key: self.put(key, self._facets[key].switch))
            else:
                menu = FacetMenu(self._context, facet, lambda key=key: self._held.get(key), self._more)  # type: ignore[misc]
                menu.taken.connect(lambda condition, key=key: self.put(key, condition))
                self._more.addMenu(menu)
                self._menus.append(menu)
        self._more.addSeparator()
        self._more.addAction(tr("Conditions …")).triggered.connect(self.editAsked)
