"""The answers of the services in words, bars and steps."""

from collections.abc import Callable
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING, Literal

from app.core.i18n import ntr, tr
from app.core.money import Money, half_up
from app.core.settings import ENOUGH_YOUNG
from app.services.goals import added
from app.services.metric_words import METRICS, YOUNG_DAYS
from app.ui.figures_seen import GOAL_HIDDEN, NOT_MEASURED, WHO_SEES_GOAL
from app.ui.forecast.attention import Noted
from app.ui.forecast.bars import secured_colour, weighted_colour
from app.ui.forecast.month_table import MonthRow, PartLine
from app.ui.forecast.palette import Palette, part_name, stage_colour
from app.ui.forecast.reading import Answer
from app.ui.forecast.view_models import AgeBar, Bar, FunnelStep, LegendKey, RevenuePicture, Segment
from app.ui.widgets.figure_cards import Figure
from app.ui.wording import Wording

if TYPE_CHECKING:
    from app.services.forecast import ForecastResult, Part, Scope
    from app.services.funnel import StageFigures
    from app.services.metrics import AgeGroup
    from app.services.spans import Bucket, Month, Sums
    from app.ui.context import Context
    from app.ui.theme import Theme

#: The lines beside the months; each is a field of the result.
Side = Literal["before", "after", "without_period", "omitted", "total"]


class ForecastWords:
    """Words answers for the language and country in use, in the colours of a theme."""

    def __init__(self, context: "Context", wording: Wording, theme: "Theme | None" = None) -> None:
        """`theme` is that of the window unless another one is given."""
        self._context = context
        self._formats = context.formats
        self._wording = wording
        self._theme = theme or context.theme

    # Figures

    def figures(self, answer: Answer, look: Callable[[str, str], object]) -> list[Figure]:
        """The cards at the top; `look(key, label)` shows the leads behind one."""
        cards = [
            ("weighted", self._weighted(answer)),
            ("secured", self._secured(answer)),
            ("goal", self._goal(answer)),
            ("win_rate", self._win_rate(answer)),
            ("cycle", self._cycle(answer)),
            ("young", self._young(answer)),
            ("idle", self._idle(answer)),
        ]
        return [replace(card, behind=partial(look, key, card.label)) for key, card in cards]

    def _weighted(self, answer: Answer) -> Figure:
        total, currency = answer.forecast.total, answer.forecast.currency
        sub = tr("of {volume}", volume=self._whole(total.unweighted, currency))
        if answer.forecast.open_without_rate:
            without = ntr("{n} without a rate", "{n} without a rate", answer.forecast.open_without_rate)
            sub = f"{sub} · {without}"
        exact = self._exact(total.weighted, currency)
        return self._known("weighted", self._whole(total.weighted, currency), sub, exact)

    def _secured(self, answer: Answer) -> Figure:
        months, currency = answer.this_year.months, answer.forecast.currency
        secured = sum(month.sums.secured for month in months)
        weighted = sum(month.sums.weighted for month in months)
        return Figure(
            tr("Secured {year}", year=str(answer.question.today.year)),
            self._whole(secured, currency),
            tr("and {amount} weighted", amount=self._whole(weighted, currency)),
            self._exact(secured, currency),
            str(METRICS["secured"].definition),
        )

    def _goal(self, answer: Answer) -> Figure:
        """Attainment, and below it gap and coverage."""
        found, formats, currency = answer.attainment, self._formats, answer.forecast.currency
        label = tr("Revenue goal {year}", year=str(answer.question.today.year))
        definition = str(METRICS["goal"].definition)
        if found is None:
            hidden = answer.question.user_id is None and not self._context.allowed.rights.sees_all
            words, tip = (tr(GOAL_HIDDEN), tr(WHO_SEES_GOAL)) if hidden else (tr("No goal is set"), "")
            return Figure(label, formats.rate(None), words, tip, definition)
        if found.gap > 0:
            parts = [tr("gap {amount}", amount=self._whole(found.gap, currency))]
        else:
            parts = [tr("{amount} above it", amount=self._whole(-found.gap, currency))]
        if found.coverage is not None:
            parts.append(tr("coverage {times}×", times=formats.number(round(found.coverage, 1))))
        tip = tr("{secured} of {goal}", secured=self._exact(found.secured, currency),
                 goal=self._exact(found.goal, currency))  # fmt: skip
        return Figure(label, formats.rate(found.share), " · ".join(parts), tip, definition)

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
        all_seen = self._context.allowed.rights.sees_all  # what is enough for all says nothing about the leads of one
        enough, value = self._context.settings[ENOUGH_YOUNG], self._formats.number(answer.figures.young)
        if enough and all_seen:
            return self._known("young", value, tr("Goal: at least {n}", n=enough))
        tip = "" if all_seen else tr(NOT_MEASURED)
        return self._known("young", value, tr("in the last {n} days", n=YOUNG_DAYS), tip)

    def _idle(self, answer: Answer) -> Figure:
        idle, active = answer.figures.idle, answer.figures.open
        sub = ntr("of {n} open lead", "of {n} open leads", active)
        return self._known("idle", self._formats.number(idle), sub)

    def _known(self, key: str, value: str, sub: str, tip: str = "", *, year: bool = False) -> Figure:
        """A figure whose name and definition the services give; with `year` the label says that it is of a year."""
        metric = METRICS[key]
        label = tr("{figure}, 12 months", figure=metric.label) if year else str(metric.label)
        return Figure(label, value, sub, tip, str(metric.definition))

    # Months

    def picture(self, answer: Answer, *, gross: bool) -> RevenuePicture:
        """The revenue chart; `gross` adds what would be without weighting."""
        months = answer.question.months
        name = tr("Revenue forecast {months}", months=self._formats.period(months.first, months.last))
        return RevenuePicture(self.bars(answer), answer.forecast.currency, name, gross)

    def bars(self, answer: Answer) -> list[Bar]:
        """The months or quarters, and what belongs to none of them where there is any."""
        result, palette = answer.forecast, self._palette(answer)
        bars = []
        for place, (cell, goal) in enumerate(zip(_cells(answer), _goals(answer), strict=True)):
            moved = result.moved.weighted if cell.month <= result.this_month <= cell.last else 0
            segments = self._segments(answer, palette, partial(_cell_sums, place))
            bars.append(
                Bar(self._label(cell, place), self._name(cell), *cell.sums[:3], moved=moved, bucket=_bucket(cell),
                    segments=segments, goal=goal)
            )  # fmt: skip
        for label, name, bucket, sums in (
            (tr("no\nperiod"), tr("Without service period"), "without_period", result.without_period),
            (tr("omitted"), tr("Omitted"), "omitted", result.omitted),
        ):
            if sums.unweighted or sums.secured:
                segments = self._segments(answer, palette, partial(_side_sums, bucket))
                bars.append(Bar(label, name, *sums[:3], apart=True, bucket=bucket, segments=segments))  # type: ignore[arg-type]
        return bars

    def legend(self, answer: Answer, *, gross: bool) -> list[LegendKey]:
        """What the colours of the chart mean."""
        if answer.parts:
            keys = [LegendKey(name, colour) for name, colour in self._palette(answer).legend()]
        else:
            keys = [
                LegendKey(tr("secured (won)"), secured_colour(self._theme)),
                LegendKey(tr("weighted leads"), weighted_colour(self._theme)),
            ]
            if answer.forecast.moved.weighted:
                keys.append(LegendKey(tr("from past months"), "hatched"))
        if gross:
            keys.append(LegendKey(tr("unweighted"), "outline"))
        if any(goal is not None for goal in answer.goals):
            keys.append(LegendKey(tr("revenue goal"), "goal"))
        return keys

    def scope_of(self, answer: Answer, name: str) -> "Scope":
        """The leads that are drawn under a name."""
        palette, of = self._palette(answer), answer.question.scope
        for key, known in palette.names:
            if known == name:
                return replace(of, by=answer.question.by, key=key)
        return replace(of, by=answer.question.by, but=tuple(key for key, _ in palette.names))

    def _palette(self, answer: Answer) -> Palette:
        return Palette.of(answer, self._theme, self._wording)

    def _segments(self, answer: Answer, palette: Palette, sums: "Callable[[Part], Sums]") -> tuple[Segment, ...]:
        """The parts of a bar from below: those that have a colour of their own, and the others as one."""
        amounts: dict[str, int] = {}
        for part in answer.parts:
            name = palette.shown(part)
            found = sums(part)
            amounts[name] = amounts.get(name, 0) + found.secured + found.weighted
        return tuple(Segment(name, amounts[name], colour) for name, colour in palette.legend() if amounts.get(name))

    def _label(self, cell: "Month", place: int) -> str:
        """Below a bar: the year where it begins."""
        if cell.month == cell.last:
            first = place == 0 or cell.month % 12 == 0
            return self._formats.month(cell.month) if first else self._formats.month_name(cell.month)
        return self._name(cell)

    def _name(self, cell: "Month") -> str:
        if cell.month == cell.last:
            return self._formats.month(cell.month)
        return tr("Q{quarter} {year}", quarter=cell.month % 12 // 3 + 1, year=f"{cell.month // 12 % 100:02}")

    def rows(self, answer: Answer) -> list[MonthRow]:
        """The same figures line by line, what lies before and after, and the sum of it all."""
        result, formats = answer.forecast, self._formats
        first, last = result.months[0].month, result.months[-1].month
        rows = [
            self._row(answer, tr("Before {month}", month=formats.month(first)), "before"),
            *(self._month_row(answer, place) for place in range(len(_cells(answer)))),
            self._row(answer, tr("After {month}", month=formats.month(last)), "after"),
            replace(self._row(answer, tr("Without service period"), "without_period"), takes=True),
        ]
        if result.omitted.leads:
            rows.append(self._row(answer, tr("Omitted"), "omitted"))
        return [*rows, replace(self._row(answer, tr("Total"), "total"), total=True)]

    def _row(self, answer: Answer, label: str, bucket: "Side") -> MonthRow:
        sums: Sums = getattr(answer.forecast, bucket)
        return MonthRow(label, _three(sums), bucket, parts=self._lines(answer, partial(_side_sums, bucket)))

    def _month_row(self, answer: Answer, place: int) -> MonthRow:
        cell = _cells(answer)[place]
        return MonthRow(
            self._name(cell), _three(cell.sums), _bucket(cell), goal=_goals(answer)[place], month=cell.month,
            takes=True, parts=self._lines(answer, partial(_cell_sums, place)),
        )  # fmt: skip

    def _lines(self, answer: Answer, sums: "Callable[[Part], Sums]") -> tuple[PartLine, ...]:
        """What a line has of each part; those with nothing in it are left out."""
        by, of = answer.question.by, answer.question.scope
        if by is None:
            return ()
        lines = ((part, sums(part)) for part in answer.parts)
        return tuple(
            PartLine(part_name(answer, part), part.scope(of, by), _three(found)) for part, found in lines if found.leads
        )

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
        colour = self._theme.tokens.won
        return [*steps, FunnelStep(won, figures, funnel.cohort_won / widest, colour, f"{won}: {figures}")]

    def _step(self, stage: "StageFigures", widest: int, currency: str) -> FunnelStep:
        figures = self._reached(stage.reached, None if stage.conversion is None else float(stage.conversion))
        spoken = ntr(
            "{stage}: {figures}; open now: {n} lead, weighted {amount}",
            "{stage}: {figures}; open now: {n} leads, weighted {amount}",
            stage.count, stage=stage.name, figures=figures, amount=self._whole(stage.weighted, currency),
        )  # fmt: skip
        return FunnelStep(
            stage.name, figures, stage.reached / widest, stage_colour(self._wording, self._theme, stage.stage_id),
            spoken, stage.stage_id,
        )  # fmt: skip

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

    # Ages

    def ages(self, answer: Answer) -> list[AgeBar]:
        """The open leads by classes of age."""
        groups, currency = answer.figures.ages, answer.forecast.currency
        colours = self._theme.ramp(len(groups))[::-1]
        return [self._age(group, colour, currency) for group, colour in zip(groups, colours, strict=True)]

    def _age(self, group: "AgeGroup", colour: str, currency: str) -> AgeBar:
        if group.last is None:
            label = tr("over {days}", days=self._formats.days(group.first - 1))
        else:
            label = f"{group.first}–{self._formats.days(group.last)}"
        figure = self._formats.number(group.count)
        spoken = ntr("{days}: {n} lead, weighted {amount}", "{days}: {n} leads, weighted {amount}", group.count,
                     days=label, amount=self._whole(group.weighted, currency))  # fmt: skip
        return AgeBar(label, figure, group.count, colour, spoken, group.first, group.last)

    def _whole(self, minor: int, currency: str) -> str:
        return self._formats.whole(Money(minor, currency))

    def _exact(self, minor: int, currency: str) -> str:
        return self._formats.money(Money(minor, currency))


def _cells_of(result: "ForecastResult") -> "tuple[Month, ...]":
    return result.quarters or result.months


def _cells(answer: Answer) -> "tuple[Month, ...]":
    """The months, or quarters where these are asked for."""
    return _cells_of(answer.forecast)


def _goals(answer: Answer) -> list[int | None]:
    """The goal of each of them."""
    first = answer.forecast.months[0].month
    return [added(answer.goals[cell.month - first : cell.last - first + 1]) for cell in _cells(answer)]


def _bucket(cell: "Month") -> "Bucket":
    return cell.month if cell.month == cell.last else (cell.month, cell.last)


def _three(sums: "Sums") -> tuple[int, int, int]:
    return sums.secured, sums.weighted, sums.unweighted


def _cell_sums(place: int, part: "Part") -> "Sums":
    return _cells_of(part.result)[place].sums


def _side_sums(bucket: str, part: "Part") -> "Sums":
    found: Sums = getattr(part.result, bucket)
    return found
