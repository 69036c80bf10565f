"""A chip for one thing a list is narrowed by: on or off, or "label: choice" with a menu."""

from typing import TYPE_CHECKING

from PySide6.QtCore import Signal

from app.core.i18n import tr
from app.services.record_filter import Condition
from app.ui.record_table.facet_menu import FacetMenu
from app.ui.record_table.facets import Facet
from app.ui.record_table.filter_words import FilterWords
from app.ui.tips import plain_tip
from app.ui.widgets.chips import Chip

if TYPE_CHECKING:
    from app.ui.context import Context

#: Letters of a choice on a chip; the tip says all of it.
_LONGEST = 34


class FilterChip(Chip):
    """Shows what is asked for. `chosen(condition)` when somebody asks for something else, None for nothing.

    Delete and Backspace ask for nothing.
    """

    chosen = Signal(object)

    def __init__(self, context: "Context", facet: Facet) -> None:
        super().__init__(context.theme, tr(facet.label))
        self.facet = facet
        self._context = context
        self._condition: Condition | None = None
        if facet.switch is not None:
            self.clicked.connect(lambda on: self.chosen.emit(facet.switch if on else None))
        else:
            menu = FacetMenu(context, facet, lambda: self._condition, self)
            menu.taken.connect(self.chosen)
            self.set_menu(menu)
        self.emptied.connect(self._empty)
        self.show_condition(None)

    def show_condition(self, condition: Condition | None) -> None:
        """Show what is asked for, without telling anyone."""
        self._condition = condition
        self.setChecked(condition is not None)
        if self.facet.switch is None:
            self._say(condition)

    def _say(self, condition: Condition | None) -> None:
        label, choice = tr(self.facet.label), tr("all")
        tip = tr("Ctrl and a click, or the space bar, takes several.") if self.facet.many else ""
        if condition is not None:
            words = FilterWords(self._context, condition)
            choice = words.choice(condition)
            tip = f"{words.sentence(condition)}\n{tip}".strip()
        if len(choice) > _LONGEST:
            choice = f"{choice[: _LONGEST - 1]}…"
        text = tr("{label}: {choice}", label=label, choice=choice)
        self.setText(text.replace("&", "&&"))
        self.say_shortly(label)
        self.setAccessibleName(text)
        self.setToolTip(plain_tip(tip))

    def usual_least_width(self) -> int:
        """How narrow it becomes while there is another way: what is asked for is to be read."""
        return self.least_width() if self._condition is None else self.sizeHint().width()

    def _empty(self) -> None:
        if self._condition is not None:
            self.chosen.emit(None)
