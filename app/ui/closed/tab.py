"""Closed leads, newest first, with what can be read from them."""

from collections.abc import Callable, Sequence
from datetime import date
from functools import partial
from typing import TYPE_CHECKING

from app.core.calendar import day_of
from app.core.changes import ChangeSet
from app.core.i18n import N_, ntr, tr
from app.core.money import half_up
from app.core.terms import CLOSED, Status
from app.services.filter_fields import Op
from app.services.lead_list import ListQuery, Totals
from app.services.record_filter import Condition, days_of
from app.ui.closed.behind import FIGURES, behind, definition_of, label_of
from app.ui.lead_table.behind import show_behind
from app.ui.lead_table.columns import closed_columns
from app.ui.lead_table.grouping import OF_CLOSED
from app.ui.lead_table.lists import LeadPanel, LeadTab
from app.ui.widgets.chips import Switch
from app.ui.widgets.explanation import Explanation
from app.ui.widgets.figure_cards import CardLine
from app.ui.widgets.sideways import Sideways
from app.ui.widgets.stat_card import StatCard
from app.ui.wording import Wording

if TYPE_CHECKING:
    from app.services.funnel import Outcomes
    from app.ui.context import Context

_ALL = "all"
_CHOICES = ((_ALL, N_("All")), (Status.WON, N_("Won")), (Status.LOST, N_("Lost")), (Status.DROPPED, N_("Dropped")))
#: What the cards show depends on the same as this order.
_CARDS = ListQuery(CLOSED, sort="volume")


class ClosedTab(LeadTab):
    """The tab *Abgeschlossen*. The figures above the list are those of the period chosen."""

    def __init__(self, context: "Context") -> None:
        query = ListQuery(CLOSED, sort="closed", descending=True)
        super().__init__(context, LeadPanel(context, tr("Closed leads"), query, closed_columns, _figures))
        self._shown_days: tuple[date | None, date | None] = (None, None)
        self._cards = {key: StatCard(context.theme, label_of(key), info=True, behind=True) for key in FIGURES}
        self.explanation = Explanation(context.theme, self)
        for key, card in self._cards.items():
            card.infoRequested.connect(partial(self._explain, key))
            card.behindRequested.connect(partial(self._look_behind, key))
        line = CardLine(context.theme, list(self._cards.values()))
        self.head.addWidget(Sideways(line, tr("Figures")))
        choices = [(str(key), tr(label)) for key, label in _CHOICES]
        self._outcome = Switch(context.theme, choices, tr("Outcome"))
        self._outcome.chosen.connect(self._on_outcome)
        self.panel.bar.addWidget(self._outcome)
        self.add_chips("closed", elsewhere=("outcome",))
        self.add_grouping(OF_CLOSED)
        self.narrowing.shown.connect(self._mark_outcome)
        self.panel.filtered.connect(self._on_period)
        context.theme.fit(self, self.fit_head)
        self.tell_when_empty(
            tr("Nothing closed yet. Leads that end as won, lost or dropped stay here for reference."), "check",
            assigned=tr("Here stand the leads assigned to you that are closed. There are none yet."),
        )  # fmt: skip

    def read_figures(self) -> "Callable[[], Outcomes]":
        self._shown_days = self._days()
        return partial(self.context.office.funnel.outcomes, *self._shown_days)

    def concern_figures(self, change: ChangeSet) -> bool:
        return _CARDS.reordered_by(change)

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

    def fit_head(self) -> None:
        self.show_head(not self.low)

    def _explain(self, key: str) -> None:
        """Say how a figure is reckoned."""
        self.explanation.explain(label_of(key), definition_of(key), self._cards[key])

    def _look_behind(self, key: str) -> None:
        """The leads a figure is made of."""
        show_behind(self.context, behind(self.context, key, self._days()), self.opened.emit, self)

    def _of_decided(self, found: "Outcomes") -> str:
        """Of how many, and the rate with the dropped ones where there are any."""
        words = tr("{won} of {n} decided", won=found.won, n=found.won + found.lost)
        if not found.dropped:
            return words
        rate = tr("{rate} with dropped", rate=self.context.formats.rate(found.win_rate_dropped))
        return f"{words} · {rate}"

    def _on_outcome(self, key: str) -> None:
        self.narrowing.put("outcome", None if key == _ALL else Condition("status", Op.IS, (key,)))

    def _mark_outcome(self) -> None:
        match self.narrowing.held("outcome"):
            case Condition(values=(str(status),)) if self._outcome.choose(status):
                pass
            case _:
                self._outcome.clear()

    def _on_period(self) -> None:
        """The figures are those of the period, whatever else narrows the list."""
        if self._shown_days != self._days():
            self.ask_figures()

    def _days(self) -> tuple[date | None, date | None]:
        """First and last day of the period chosen."""
        asked = self.narrowing.held("closed")
        if asked is None or asked.op in (Op.EMPTY, Op.FILLED):
            return None, None
        days = days_of(asked.op, asked.values, self.context.office.store.today())
        first, last = (None if day is None else day_of(day) for day in days)
        return first, last


def _figures(wording: Wording, totals: Totals) -> tuple[Sequence[tuple[str, str]], str]:
    figures = [("", ntr("{n} lead", "{n} leads", totals.count)), (tr("Volume"), wording.sum(totals.volume))]
    without = totals.without_rate
    remark = ntr("{n} without a rate, in no sum", "{n} without a rate, in no sum", without) if without else ""
    return figures, remark
