"""Ideas: a line to write one down, and the list of them."""

from collections.abc import Sequence
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtWidgets import QHBoxLayout, QLineEdit

from app.core.i18n import Text, ntr, tr
from app.core.terms import Status
from app.services.lead_list import ListQuery, Totals
from app.ui.jobs import Job
from app.ui.lead_table.columns import potential_columns
from app.ui.lead_table.grouping import OF_IDEAS
from app.ui.lead_table.panel import LeadPanel
from app.ui.lead_table.tab import LeadTab
from app.ui.widgets.button import Button, ButtonKind
from app.ui.widgets.own_undo import empty, share_undo
from app.ui.wording import Wording

if TYPE_CHECKING:
    from app.ui.context import Context


class PotentialTab(LeadTab):
    """The tab *Kontaktpotenzial*."""

    def __init__(self, context: "Context") -> None:
        query = ListQuery((Status.POTENTIAL,), sort="created", descending=True)
        super().__init__(context, LeadPanel(context, tr("Ideas"), query, potential_columns, _figures))
        self.entry = QLineEdit()
        share_undo(self.entry)
        self.entry.setPlaceholderText(tr("Write down an idea and press Enter …"))
        self.entry.setAccessibleName(tr("New idea"))
        self.entry.returnPressed.connect(self._create)
        add = Button(context.theme, tr("Note down"), ButtonKind.PLAIN, icon="plus")
        add.clicked.connect(self._create)
        row = QHBoxLayout()
        context.theme.fit(row, lambda: row.setSpacing(context.theme.px(7)))
        row.addWidget(self.entry, 1)
        row.addWidget(add)
        self.head.addLayout(row)
        self.add_chips("potential")
        self.add_grouping(OF_IDEAS)
        self.tell_when_empty(
            tr("No ideas yet. Write down whom you could win: an idea costs nothing and counts in no forecast."),
            "idea", tr("New idea"), "new_idea",
        )  # fmt: skip

    def activate(self) -> None:
        """Without any ideas what is typed is the first one."""
        super().activate()
        if not self.panel.model.rowCount():
            self.entry.setFocus()

    def focus_entry(self) -> None:
        """Let the user write down an idea."""
        self.entry.setFocus()

    def _create(self) -> None:
        title = self.entry.text().strip()
        if not title:
            self.entry.setFocus()
            return
        leads = self.context.office.leads
        job = Job(Text("Saving"), lambda _progress: leads.create(title=title), partial(self._made, title), owner=self)
        self.context.jobs.write(job)

    def _made(self, title: str, lead_id: int) -> None:
        self.panel.go_to(lead_id)
        if self.entry.text().strip() == title:  # not what was typed after it
            empty(self.entry)


def _figures(wording: Wording, totals: Totals) -> tuple[Sequence[tuple[str, str]], str]:
    figures = [("", ntr("{n} idea", "{n} ideas", totals.count)), (tr("Volume"), wording.sum(totals.volume))]
    return figures, tr("counts in no forecast")
