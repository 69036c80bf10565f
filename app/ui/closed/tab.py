"""Closed leads, newest first, with what can be read from them."""

from collections.abc import Callable, Sequence
from datetime import date
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtWidgets import QHBoxLayout, QWidget

from app.core.changes import ChangeSet
from app.core.i18n import N_, ntr, tr
from app.core.money import half_up
from app.core.terms import CLOSED, Status
from app.services.lead_list import ListQuery, Totals
from app.services.metrics import last_year
from app.ui.lead_table.choice_chip import ChoiceChip
from app.ui.lead_table.columns import closed_columns
from app.ui.lead_table.panel import LeadPanel
from app.ui.lead_table.tab import LeadTab
from app.ui.widgets.chips import Switch
from app.ui.widgets.sideways import Sideways
from app.ui.widgets.stat_card import StatCard
from app.ui.wording import Wording

if TYPE_CHECKING:
    from app.services.funnel import Outcomes
    from app.ui.context import Context

_ALL = "all"
_CHOICES = ((_ALL, N_("All")), (Status.WON, N_("Won")), (Status.LOST, N_("Lost")), (Status.DROPPED, N_("Dropped")))
_YEARS = 5
#: What the cards show depends on the same as this order.
_CARDS = ListQuery(CLOSED, sort="volume")
_TWELVE_MONTHS = "12 months"


class ClosedTab(LeadTab):
    """The tab *Abgeschlossen*. The figures above the list are those of the period chosen."""

    def __init__(self, context: "Context") -> None:
        query = ListQuery(CLOSED, sort="closed", descending=True)
        super().__init__(context, LeadPanel(context, tr("Closed leads"), query, closed_columns, _figures))
        self._cards = {
            "count": StatCard(context.theme, tr("Win rate")),
            "value": StatCard(context.theme, tr("Win rate by value")),
            "won": StatCard(context.theme, tr("Won")),
            "cycle": StatCard(context.theme, tr("Sales cycle")),
        }
        cards = QWidget()
        row = QHBoxLayout(cards)
        row.setContentsMargins(0, 0, 0, 0)
        context.theme.fit(row, lambda: row.setSpacing(context.theme.px(11)))
        for card in self._cards.values():
            row.addWidget(card, 1)
        self.head.addWidget(Sideways(cards, tr("Figures")))
        choices = [(str(key), tr(label)) for key, label in _CHOICES]
        self._period = ChoiceChip(context.theme, tr("Period"), self._periods)
        reason = ChoiceChip(context.theme, tr("Reason"), self._reasons)
        self.add_filter("outcome", Switch(context.theme, choices, tr("Outcome")), self._on_outcome)
        self.add_filter("period", self._period, lambda _choice: self._on_period())
        self.add_person_chip()
        self.add_filter("reason", reason, lambda reason_id: self.panel.ask(reason_id=reason_id))
        self.panel.widened.connect(self.ask_figures)
        self.tell_when_empty(
            tr("Nothing closed yet. Leads that end as won, lost or dropped stay here for reference."), "check"
        )

    def read_figures(self) -> "Callable[[], Outcomes]":
        return partial(self.context.office.funnel.outcomes, *self._days())

    def concern_figures(self, change: ChangeSet) -> bool:
        return _CARDS.reordered_by(change)

    def turn_of_day(self) -> None:
        """The last 12 months end on another day."""
        self._on_period()

    def show_figures(self, found: "Outcomes") -> None:
        formats, wording = self.context.formats, self.panel.wording
        cards = self._cards
        cards["count"].show_figure(formats.rate(found.win_rate), self._of_decided(found))
        decided = wording.sum(found.won_value + found.lost_value)
        cards["value"].show_figure(formats.rate(found.win_rate_value), tr("of {volume} decided", volume=decided))
        cards["won"].show_figure(wording.sum(found.won_value), ntr("{n} lead", "{n} leads", found.won))
        cycle = found.cycle
        if cycle.mean is None or cycle.median is None:
            cards["cycle"].show_figure("–", "")
        else:
            middle = formats.days(half_up(cycle.median), long=True)
            sub = ntr("median {days}, {n} lead", "median {days}, {n} leads", cycle.n, days=middle)
            cards["cycle"].show_figure(formats.days(half_up(cycle.mean), long=True), sub)

    def _of_decided(self, found: "Outcomes") -> str:
        """Of how many, and the rate with the dropped ones where there are any."""
        words = tr("{won} of {n} decided", won=found.won, n=found.won + found.lost)
        if not found.dropped:
            return words
        rate = tr("{rate} with dropped", rate=self.context.formats.rate(found.win_rate_dropped))
        return f"{words} · {rate}"

    def _on_outcome(self, key: str) -> None:
        self.panel.ask(statuses=CLOSED if key == _ALL else (Status(key),))

    def _on_period(self) -> None:
        first, last = self._days()
        self.panel.ask(closed_from=first, closed_to=last)
        self.ask_figures()

    def _periods(self) -> list[tuple[str, str]]:
        this_year = self.context.office.store.today().year
        years = [str(year) for year in range(this_year, this_year - _YEARS, -1)]
        return [(_TWELVE_MONTHS, tr("last 12 months")), *zip(years, years, strict=True)]

    def _days(self) -> tuple[date | None, date | None]:
        """First and last day of the period chosen."""
        period = self._period.choice
        if period is None:
            return None, None
        if period == _TWELVE_MONTHS:
            today = self.context.office.store.today()
            return last_year(today), today
        return date(int(period), 1, 1), date(int(period), 12, 31)

    def _reasons(self) -> list[tuple[int, str]]:
        return [(entry.id, entry.name) for entry in self.context.office.catalogue.all("reason")]


def _figures(wording: Wording, totals: Totals) -> tuple[Sequence[tuple[str, str]], str]:
    figures = [("", ntr("{n} lead", "{n} leads", totals.count)), (tr("Volume"), wording.sum(totals.volume))]
    without = totals.without_rate
    remark = ntr("{n} without a rate, in no sum", "{n} without a rate, in no sum", without) if without else ""
    return figures, remark
