"""The menu of one thing a list can be narrowed by."""

from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import Signal
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QMenu, QWidget

from app.core.i18n import tr
from app.services.filter_fields import Op
from app.services.record_filter import Condition
from app.ui.record_table.choice_menu import ChoiceMenu
from app.ui.record_table.facets import Facet

if TYPE_CHECKING:
    from app.ui.context import Context


class FacetMenu(ChoiceMenu):
    """Offers what there is when it opens, with a tick at what is asked for. `taken(condition)`, None for nothing."""

    taken = Signal(object)

    def __init__(self, context: "Context", facet: Facet, now: Callable[[], Condition | None], parent: QWidget) -> None:
        """`now` says what is asked for."""
        super().__init__(parent)
        self.setTitle(tr(facet.label))
        self._context = context
        self._facet = facet
        self._now = now
        self.aboutToShow.connect(self._fill)
        self.added.connect(self._on_added)

    def _fill(self) -> None:
        now = self._now()
        self.clear()
        if now is not None:
            self.addAction(tr("all")).triggered.connect(lambda: self.taken.emit(None))
            self.addSeparator()
        held = now.values if now is not None and now.op is Op.IS else ()
        for offer in self._facet.offers(self._context, self._facet):
            condition = offer.condition
            action = self.addAction(offer.words.replace("&", "&&"))
            action.setCheckable(True)
            action.setChecked(condition.values[0] in held if self._facet.many else condition == now)
            action.setData(condition)
            action.triggered.connect(partial(self._take, condition))
        if self._facet.ranged:
            self.addSeparator()
            self.addAction(tr("From … to …")).triggered.connect(self._bound)

    def _take(self, condition: Condition, _on: bool = False) -> None:
        self.taken.emit(condition)

    def _on_added(self, action: QAction) -> None:
        """Several of a list together; of what is no list the one that was pressed."""
        asked: Condition = action.data()
        ticked = [each.data().values[0] for each in self.actions() if each.isChecked()] if self._facet.many else []
        if self._facet.many:
            self.taken.emit(Condition(asked.field, Op.IS, tuple(ticked)) if ticked else None)
        else:
            self.taken.emit(asked)

    def _bound(self) -> None:
        from app.ui.record_table.range_dialog import ask_range

        owner: QWidget | None = self
        while isinstance(owner, QMenu):
            owner = owner.parentWidget()
        assert owner is not None
        found = ask_range(self._context, self._facet.field, self._now(), owner.window())
        if found is not None:
            self.taken.emit(found)
