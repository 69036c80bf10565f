"""Closed leads, newest first, with what can be read from them."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from app.core.i18n import N_, ntr, tr
from app.core.terms import CLOSED, Status
from app.services.lead_list import ListQuery, Totals
from app.ui.lead_table.columns import closed_columns
from app.ui.lead_table.panel import LeadPanel
from app.ui.lead_table.tab import LeadTab
from app.ui.lead_table.wording import Wording
from app.ui.widgets.chips import Switch

if TYPE_CHECKING:
    from app.ui.context import Context

_ALL = "all"
_CHOICES = ((_ALL, N_("All")), (Status.WON, N_("Won")), (Status.LOST, N_("Lost")), (Status.DROPPED, N_("Dropped")))


class ClosedTab(LeadTab):
    """The tab *Abgeschlossen*."""

    def __init__(self, context: "Context") -> None:
        query = ListQuery(CLOSED, sort="closed", descending=True)
        super().__init__(context, LeadPanel(context, tr("Closed leads"), query, closed_columns, _figures))
        choices = [(str(key), tr(label)) for key, label in _CHOICES]
        self._outcome = Switch(context.theme, choices, tr("Outcome"))
        self._outcome.chosen.connect(self._on_outcome)
        self.panel.bar.addWidget(self._outcome)
        self.panel.view.tell_when_empty(
            tr("Nothing closed yet. Leads that end as won, lost or dropped stay here for reference."), "check"
        )

    def _on_outcome(self, key: str) -> None:
        self.panel.ask(statuses=CLOSED if key == _ALL else (Status(key),))


def _figures(wording: Wording, totals: Totals) -> tuple[Sequence[tuple[str, str]], str]:
    figures = [("", ntr("{n} lead", "{n} leads", totals.count)), (tr("Volume"), wording.sum(totals.volume))]
    without = totals.without_rate
    remark = ntr("{n} without a rate, in no sum", "{n} without a rate, in no sum", without) if without else ""
    return figures, remark
