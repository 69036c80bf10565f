"""Ideas: a line to write one down, and the list of them."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from app.core.i18n import ntr, tr
from app.core.terms import Status
from app.services.lead_list import ListQuery, Totals
from app.ui.lead_table.columns import potential_columns
from app.ui.lead_table.grouping import OF_IDEAS
from app.ui.lead_table.lists import LeadPanel, LeadTab
from app.ui.quick.line import QuickLine
from app.ui.wording import Wording

if TYPE_CHECKING:
    from app.ui.context import Context


class PotentialTab(LeadTab):
    """The tab *Kontaktpotenzial*."""

    def __init__(self, context: "Context") -> None:
        query = ListQuery((Status.POTENTIAL,), sort="created", descending=True)
        super().__init__(context, LeadPanel(context, tr("Ideas"), query, potential_columns, _figures))
        hint = tr("Write down an idea and press Enter, for example: Relaunch Müller GmbH 25k @anna")
        self.line = QuickLine(context, tr("New idea"), hint, tr("Note down"), active=False)
        self.line.made.connect(self._made)
        self.entry = self.line.entry
        self.head.addWidget(self.line)
        self.add_chips("potential")
        self.add_grouping(OF_IDEAS)
        self.tell_when_empty(
            tr("No ideas yet. Write down whom you could win: an idea costs nothing and counts in no forecast."),
            "idea", tr("New idea"), "new_idea",
            assigned=tr("Here stand the ideas that are assigned to you. There are none yet."),
        )  # fmt: skip

    def activate(self) -> None:
        """Without any ideas what is typed is the first one."""
        super().activate()
        if not self.panel.model.rowCount():
            self.entry.setFocus()

    def focus_entry(self) -> None:
        """Let the user write down an idea."""
        self.entry.setFocus()

    def _made(self, lead_id: int) -> None:
        """Go to it, unless it became an active lead."""
        if any(row.status == Status.POTENTIAL for row in self.context.office.lists.rows([lead_id])):
            self.panel.go_to(lead_id)


def _figures(wording: Wording, totals: Totals) -> tuple[Sequence[tuple[str, str]], str]:
    figures = [("", ntr("{n} idea", "{n} ideas", totals.count)), (tr("Volume"), wording.sum(totals.volume))]
    return figures, tr("counts in no forecast")
