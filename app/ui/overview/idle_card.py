"""*Lead-Leichen*: leads in which nothing moves, and the ways out for each."""

from collections.abc import Callable, Sequence
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QPoint, Signal
from PySide6.QtWidgets import QWidget

from app.core.changes import ChangeSet
from app.core.i18n import N_, ntr, tr
from app.services.lead_list import ListSums
from app.services.today import TODAY_METRICS
from app.ui.commands import right_of
from app.ui.overview.columns import idle_columns
from app.ui.overview.list_card import ListCard
from app.ui.overview.parts import copy_leads
from app.ui.tables.model import WindowedModel
from app.ui.tables.view import TableView
from app.ui.widgets.button import Button, ButtonKind

if TYPE_CHECKING:
    from app.services.lead_list import LeadRow
    from app.ui.context import Context

#: The ways out of standing still: command and label.
_WAYS = (
    ("next_step", N_("Next step")), ("deactivate", N_("Back to contact potential")), ("dropped", N_("Dropped")),
)  # fmt: skip
_LEAST = 190


class IdleCard(ListCard):
    """`asked(id)` asks for a command on the leads chosen, `opened(id)` for a lead."""

    asked = Signal(str)
    opened = Signal(object)
    menuRequested = Signal(QPoint)
    selectionChanged = Signal()

    def __init__(self, context: "Context", behind: Callable[[], object], parent: QWidget | None = None) -> None:
        """`behind` shows all of them in a window."""
        super().__init__(context.theme, _LEAST, parent)
        self._context = context
        self._row = -1
        columns = idle_columns(context.wording, context.formats)
        self.model: WindowedModel[LeadRow] = WindowedModel(columns, context.office.lists.rows, parent=self)
        self.view = TableView(context.theme, self.model, tr("Idle leads"))
        self._sum = Button(context.theme, "", ButtonKind.LINK)
        self._sum.clicked.connect(behind)
        self._lay_out()
        self.view.tell_when_empty(tr("Every lead is on its way."), "check")
        self.view.opened.connect(self.opened)
        self.view.menuRequested.connect(self.menuRequested)
        self.view.manyCopied.connect(partial(copy_leads, context, self.view))
        self.view.selectedIdsChanged.connect(self._on_selection)
        context.wording.changed.connect(self.model.refresh_all)

    def _lay_out(self) -> None:
        metric, ask = TODAY_METRICS["idle"], tr("How idle leads are calculated")
        for id_, label in _WAYS:
            self._context.allowed.keep(right_of(id_), self._bar.add(id_, tr(label)))
        self._bar.asked.connect(self.asked)
        self._fill(str(metric.label), self._sum, ask, metric.definition, self.view)
        self._on_selection()

    def show_leads(self, ids: Sequence[int], sums: ListSums) -> None:
        """The dearest first, and what they come to."""
        words = ntr("{n} lead, {amount} weighted", "{n} leads, {amount} weighted", sums.count,
                    amount=self._context.wording.sum(sums.weighted))  # fmt: skip
        self._sum.setText(words)
        self._sum.setVisible(sums.count > 0)
        self._bar.setVisible(len(ids) > 0)  # of nothing there are no ways out
        self.model.set_ids(ids)
        row, self._row = self._row, -1
        if len(ids) and self.view.current_id() is None:  # the ways out are for one that is chosen: there is one
            self.view.selectRow(min(max(row, 0), len(ids) - 1))
        self._on_selection()

    def hear(self, change: ChangeSet) -> None:
        """Something was written: the rows it touched are read anew."""
        if change.everything or change.concerns("stage", "company", "rate", "store_setting"):
            self.model.refresh_all()
        else:
            self.model.refresh_rows(change.touched)
        self._row = self.view.currentIndex().row()

    def selected_ids(self) -> list[int]:
        """The rows chosen, in their order."""
        return self.view.selected_ids()

    def _on_selection(self) -> None:
        for button in self._bar.buttons.values():
            button.setEnabled(bool(self.selected_ids()))
        self.selectionChanged.emit()
