"""The figures of the page in words."""

from collections.abc import Callable
from typing import TYPE_CHECKING

from app.core.i18n import ntr, tr
from app.core.money import Money
from app.core.settings import ENOUGH_YOUNG
from app.services.metric_words import YOUNG_DAYS
from app.services.today import TODAY_METRICS
from app.ui.figures_seen import NOT_MEASURED
from app.ui.overview.reading import Earned, Surroundings
from app.ui.widgets.figure_cards import Figure
from app.ui.widgets.stat_card import Verdict

if TYPE_CHECKING:
    from app.services.goals import Attainment
    from app.services.lead_list import ListSums
    from app.ui.context import Context

Behind = Callable[[str], Callable[[], object]]


class OverviewWords:
    """Words them for the language and country in use; `behind(key)` gives what shows the leads behind a figure."""

    def __init__(self, context: "Context", behind: Behind) -> None:
        self._context = context
        self._behind = behind

    def figures(self, found: Surroundings) -> list[Figure]:
        """The cards at the top; how far the goal is only where there is one."""
        figures, year = found.figures, found.year.attained
        gap = [] if year is None else [self._gap(year, found.quarter.attained)]
        return [
            self._weighted(figures.open), self._secured(found.year, found.quarter), *gap, self._young(figures.young),
            self._no_step(figures.no_step),
        ]  # fmt: skip

    def _secured(self, year: Earned, quarter: Earned) -> Figure:
        label = tr("Secured {year}", year=str(year.first // 12))
        sub = tr("this quarter {amount}", amount=self._whole(quarter.secured))
        exact = self._context.formats.money(self._money(year.secured))
        return self._figure("secured", label, self._whole(year.secured), sub, exact)

    def _gap(self, year: "Attainment", quarter: "Attainment | None") -> Figure:
        label = tr("Gap to the goal {year}", year=str(year.first // 12))
        money = self._context.formats.money
        exact = tr("{gap} of {goal}", gap=money(self._money(year.gap)), goal=money(self._money(year.goal)))
        if year.gap <= 0:
            above = tr("{amount} above it", amount=self._whole(-year.gap))
            return self._figure("gap", label, tr("none"), above, exact, Verdict.GOOD)
        sub = ""
        if quarter is not None:
            missing = self._whole(quarter.gap) if quarter.gap > 0 else tr("none")
            sub = tr("this quarter {amount}", amount=missing)
        return self._figure("gap", label, self._whole(year.gap), sub, exact)

    def _weighted(self, sums: "ListSums") -> Figure:
        sub = ntr("{n} lead of {volume}", "{n} leads of {volume}", sums.count, volume=self._whole(sums.volume))
        if sums.without_rate:
            without = ntr("{n} without a rate", "{n} without a rate", sums.without_rate)
            sub = f"{sub} · {without}"
        exact = self._context.formats.money(self._money(sums.weighted))
        return self._figure("open", str(TODAY_METRICS["open"].label), self._whole(sums.weighted), sub, exact)

    def _young(self, sums: "ListSums") -> Figure:
        enough, n, formats = self._context.settings[ENOUGH_YOUNG], sums.count, self._context.formats
        title, value = tr("Enough young leads?"), formats.number(n)
        if not self._context.allowed.rights.sees_all:  # what is enough for all says nothing about the leads of one
            label, tip = str(TODAY_METRICS["young"].label), tr(NOT_MEASURED)
            return self._figure("young", label, value, tr("in the last {n} days", n=YOUNG_DAYS), tip)
        if not enough:
            return self._figure("young", title, value, tr("in the last {n} days", n=YOUNG_DAYS))
        if n >= enough:
            words = tr("Yes, {n} are enough.", n=formats.number(enough))
            return self._figure("young", title, value, words, verdict=Verdict.GOOD)
        words = ntr("No, {n} is missing.", "No, {n} are missing.", enough - n)
        return self._figure("young", title, value, words, verdict=Verdict.WARNING)

    def _no_step(self, sums: "ListSums") -> Figure:
        value = self._context.formats.number(sums.count)
        label = str(TODAY_METRICS["no_step"].label)
        if not sums.count:
            words = tr("Each lead has its next step.")
            return self._figure("no_step", label, value, words, verdict=Verdict.GOOD)
        return self._figure("no_step", label, value, tr("{amount} weighted in all", amount=self._whole(sums.weighted)))

    def _figure(
        self, key: str, label: str, value: str, sub: str, tip: str = "", verdict: Verdict | None = None
    ) -> Figure:
        definition = str(TODAY_METRICS[key].definition)
        return Figure(label, value, sub, tip, definition, self._behind(key), verdict)

    def _money(self, minor: int) -> Money:
        return Money(minor, self._context.office.store.facts.base_currency)

    def _whole(self, minor: int) -> str:
        return self._context.formats.whole(self._money(minor))
