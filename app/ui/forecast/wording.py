"""The answers of the services in words, bars and steps."""

from typing import TYPE_CHECKING

from app.core.i18n import ntr, tr
from app.core.money import Money, half_up
from app.core.settings import ENOUGH_YOUNG
from app.services.metrics import METRICS, YOUNG_DAYS
from app.ui.forecast.attention import Noted
from app.ui.forecast.month_table import MonthRow
from app.ui.forecast.reading import Answer
from app.ui.forecast.view_models import Bar, FunnelStep
from app.ui.widgets.figure_cards import Figure
from app.ui.wording import Wording

if TYPE_CHECKING:
    from app.services.funnel import StageFigures
    from app.ui.context import Context


class ForecastWords:
    """Words answers for the language, country and theme in use."""

    def __init__(self, context: "Context", wording: Wording) -> None:
        self._context = context
        self._formats = context.formats
        self._wording = wording

    # Figures

    def figures(self, answer: Answer) -> list[Figure]:
        """The cards at the top."""
        return [
            self._weighted(answer),
            self._secured(answer),
            self._win_rate(answer),
            self._cycle(answer),
            self._young(answer),
        ]

    def _weighted(self, answer: Answer) -> Figure:
        total, currency = answer.forecast.total, answer.forecast.currency
        sub = tr("of {volume}", volume=self._whole(total.unweighted, currency))
        if answer.forecast.open_without_rate:
            without = ntr("{n} without a rate", "{n} without a rate", answer.forecast.open_without_rate)
            sub = f"{sub} · {without}"
        return self._known(
            "weighted", self._whole(total.weighted, currency), sub, self._exact(total.weighted, currency)
        )

    def _secured(self, answer: Answer) -> Figure:
        months, currency = answer.this_year.months, answer.forecast.currency
        secured = sum(month.sums.secured for month in months)
        weighted = sum(month.sums.weighted for month in months)
        return Figure(
            tr("Secured {year}", year=str(answer.question.today.year)),
            self._whole(secured, currency),
            tr("and {amount} weighted", amount=self._whole(weighted, currency)),
            self._exact(secured, currency),
            tr(
                "Won leads at their full volume, in the months of their service period that lie in this calendar "
                "year; without a service period in the month of closing."
            ),
        )

    def _win_rate(self, answer: Answer) -> Figure:
        rate, formats = answer.figures.win_rate, self._formats
        if not rate.n:
            nothing = tr("Nothing won or lost in the last 12 months")
            return self._known("win_rate", formats.rate(None), nothing, year=True)
        sub = tr("{won} of {n} decided · {low} to {high}", won=rate.hits, n=rate.n, low=formats.rate(rate.low),
                 high=formats.rate(rate.high))  # fmt: skip
        return self._known("win_rate", formats.rate(rate.value), sub, year=True)

    def _cycle(self, answer: Answer) -> Figure:
        cycle, formats = answer.figures.cycle, self._formats
        if cycle.mean is None or cycle.median is None:
            return self._known("cycle", formats.rate(None), tr("Nothing closed in the last 12 months"), year=True)
        middle = formats.days(half_up(cycle.median), long=True)
        sub = ntr("median {days}, {n} lead", "median {days}, {n} leads", cycle.n, days=middle)
        return self._known("cycle", formats.days(half_up(cycle.mean), long=True), sub, year=True)

    def _young(self, answer: Answer) -> Figure:
        enough = self._context.settings[ENOUGH_YOUNG]
        sub = tr("Goal: at least {n}", n=enough) if enough else tr("in the last {n} days", n=YOUNG_DAYS)
        return self._known("young", self._formats.number(answer.figures.young), sub)

    def _known(self, key: str, value: str, sub: str, tip: str = "", *, year: bool = False) -> Figure:
        """A figure whose name and definition the services give; with `year` the label says that it is of a year."""
        metric = METRICS[key]
        label = tr("{figure}, 12 months", figure=metric.label) if year else str(metric.label)
        return Figure(label, value, sub, tip, str(metric.definition))

    # Months

    def bars(self, answer: Answer) -> list[Bar]:
        """The months, and what belongs to none of them where there is any."""
        result, formats = answer.forecast, self._formats
        bars = []
        for position, (month, sums) in enumerate((each.month, each.sums) for each in result.months):
            label = formats.month(month) if position == 0 or month % 12 == 0 else formats.month_name(month)
            moved = result.moved.weighted if month == result.this_month else 0
            bars.append(Bar(label, formats.month(month), *sums[:3], moved=moved))
        apart = result.without_period
        if apart.unweighted or apart.secured:
            bars.append(Bar(tr("no\nperiod"), tr("Without service period"), *apart[:3], apart=True))
        return bars

    def rows(self, answer: Answer) -> list[MonthRow]:
        """The same figures line by line, what lies before and after, and the sum of it all."""
        result, formats = answer.forecast, self._formats
        first, last = result.months[0].month, result.months[-1].month
        return [
            MonthRow(tr("Before {month}", month=formats.month(first)), *result.before[:3]),
            *(MonthRow(formats.month(each.month), *each.sums[:3]) for each in result.months),
            MonthRow(tr("After {month}", month=formats.month(last)), *result.after[:3]),
            MonthRow(tr("Without service period"), *result.without_period[:3]),
            MonthRow(tr("Total"), *result.total[:3], total=True),
        ]

    def total(self, answer: Answer) -> str:
        """The sum of it all in one line."""
        total, currency = answer.forecast.total, answer.forecast.currency
        secured, weighted = self._whole(total.secured, currency), self._whole(total.weighted, currency)
        return tr("Total: secured {secured} · weighted {weighted}", secured=secured, weighted=weighted)

    def outside(self, answer: Answer) -> str:
        """What the chart does not show: the sums before and after its months."""
        result = answer.forecast
        before, after = (sums.secured + sums.weighted for sums in (result.before, result.after))
        parts = []
        if before:
            parts.append(tr("before: {amount}", amount=self._whole(before, result.currency)))
        if after:
            parts.append(tr("after: {amount}", amount=self._whole(after, result.currency)))
        return " · ".join(parts)

    def noted(self, answer: Answer) -> Noted:
        """The leads that need a look."""
        moved = self._whole(answer.forecast.moved.weighted, answer.forecast.currency)
        return Noted(answer.past, moved, answer.without_rate)

    # Funnel

    def steps(self, answer: Answer) -> list[FunnelStep]:
        """The stages and, at the end, what was won."""
        funnel = answer.funnel
        if not funnel.cohort:
            return []
        widest = max((stage.reached for stage in funnel.stages), default=0) or funnel.cohort
        steps = [self._step(stage, widest, answer.forecast.currency) for stage in funnel.stages]
        last = funnel.stages[-1].reached if funnel.stages else funnel.cohort
        figures = self._reached(funnel.cohort_won, funnel.cohort_won / last if last else None)
        won = tr("Won")
        colour = self._context.theme.tokens.won
        return [*steps, FunnelStep(won, figures, funnel.cohort_won / widest, colour, f"{won}: {figures}")]

    def _step(self, stage: "StageFigures", widest: int, currency: str) -> FunnelStep:
        figures = self._reached(stage.reached, None if stage.conversion is None else float(stage.conversion))
        spoken = ntr(
            "{stage}: {figures}; open now: {n} lead, weighted {amount}",
            "{stage}: {figures}; open now: {n} leads, weighted {amount}",
            stage.count, stage=stage.name, figures=figures, amount=self._whole(stage.weighted, currency),
        )  # fmt: skip
        return FunnelStep(
            stage.name, figures, stage.reached / widest, self._wording.stage_colour(stage.stage_id), spoken
        )

    def _reached(self, count: int, conversion: float | None) -> str:
        """How many, and their part of the step before."""
        number = self._formats.number(count)
        return number if conversion is None else f"{number} · {self._formats.rate(conversion)}"

    def funnel_summary(self, answer: Answer) -> str:
        """The funnel in one sentence."""
        funnel = answer.funnel
        if not funnel.cohort:
            return ""
        return ntr(
            "{won} of {n} lead that became active was won: {rate}.",
            "{won} of {n} leads that became active were won: {rate}.",
            funnel.cohort, won=funnel.cohort_won, rate=self._formats.rate(funnel.overall),
        )  # fmt: skip

    def _whole(self, minor: int, currency: str) -> str:
        return self._formats.whole(Money(minor, currency))

    def _exact(self, minor: int, currency: str) -> str:
        return self._formats.money(Money(minor, currency))
