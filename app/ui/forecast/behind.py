"""What is behind each figure of the tab, for the window that shows it."""

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from app.core.calendar import last_year
from app.core.i18n import N_, tr
from app.core.terms import Status
from app.services.forecast import Scope, Share
from app.services.funnel import Mode
from app.services.metric_words import METRICS
from app.ui.forecast.month_table import MonthRow, PartLine
from app.ui.forecast.span import year
from app.ui.forecast.view_models import AgeBar, FunnelStep
from app.ui.lead_table.behind import Figure, Found

if TYPE_CHECKING:
    from datetime import date

    from app.services.leads_behind import Worth
    from app.services.recommenders import RecommenderRow
    from app.services.spans import Bucket
    from app.ui.context import Context
    from app.ui.forecast.reading import Question

_MONTH = (N_("Sum"), N_("Secured"), N_("Weighted"), N_("Unweighted"))
_WORTH = (N_("Weighted"), N_("Volume"))
#: Which definition belongs to a line of the table that is no month.
_KINDS = {"before": "beside", "after": "beside", "without_period": "beside", "omitted": "omitted", "total": "total"}


class FiguresBehind:
    """Makes them; what is behind is read when the window asks for it."""

    def __init__(self, context: "Context") -> None:
        self._office = context.office
        self._formats = context.formats

    def line(self, row: MonthRow, part: PartLine | None, question: "Question") -> Figure:
        """A line of the table or a bar, or a part of it."""
        title = row.label if part is None else tr("{figure} · {part}", figure=row.label, part=part.label)
        return self.bucket(title, row.bucket, question, None if part is None else part.scope)

    def bucket(self, title: str, bucket: "Bucket", question: "Question", scope: Scope | None = None) -> Figure:
        """A bucket of the months asked for; with `scope` a part of it."""
        months, forecast = question.months, self._office.forecast
        of = scope or question.scope

        def read() -> Found:
            return _monthly(forecast.leads_behind(bucket, months.first, months.last, of=of))

        kind = "part" if scope else _KINDS[bucket] if isinstance(bucket, str) and bucket in _KINDS else "month"
        return Figure(title, str(METRICS[kind].definition), read, _MONTH)

    def step(self, step: FunnelStep, mode: Mode, cohort: "tuple[date | None, date | None]") -> Figure:
        """A step of the funnel."""
        behind = self._office.behind
        title = tr("Funnel · {stage}", stage=step.name)
        return self._worth(title, "funnel", lambda: behind.reached(step.stage_id, *cohort, mode=mode))

    def age(self, bar: AgeBar) -> Figure:
        """A class of ages."""
        behind = self._office.behind
        return self._worth(bar.label, "ages", lambda: behind.aged(bar.first, bar.last), ("age",))

    def recommended(self, row: "RecommenderRow") -> Figure:
        """What somebody's recommendations led to."""
        recommenders = self._office.recommenders

        def read() -> Found:
            leads = recommenders.leads(row.entity, row.id)
            won = {lead.id: lead.won for lead in leads if lead.won is not None}
            running = {lead.id: lead.running for lead in leads if lead.running is not None}
            return Found([lead.id for lead in leads], (won, running))

        title = tr("Recommended by {name}", name=row.name)
        return Figure(title, str(METRICS["recommenders"].definition), read, (N_("Won"), N_("Open")))

    def card(self, key: str, label: str, question: "Question") -> Figure:
        """A card at the top."""
        return {
            "weighted": self._weighted, "secured": self._secured, "goal": self._goal, "win_rate": self._win_rate,
            "cycle": self._cycle, "young": self._young, "idle": self._idle,
        }[key](label, question)  # fmt: skip

    def _weighted(self, label: str, question: "Question") -> Figure:
        forecast = self._office.forecast

        def read() -> Found:
            shares = forecast.leads_behind("total", of=Scope(question.user_id, kind="open"))
            weighted = {share.lead_id: share.sums.weighted for share in shares}
            volume = {share.lead_id: share.sums.unweighted for share in shares}
            return Found(list(weighted), (weighted, volume))

        return Figure(label, str(METRICS["weighted"].definition), read, _WORTH)

    def _secured(self, label: str, question: "Question") -> Figure:
        forecast = self._office.forecast

        def read() -> Found:
            shares = forecast.leads_behind(_this_year(question), of=Scope(question.user_id, kind="won"))
            secured = {share.lead_id: share.sums.secured for share in shares}
            return Found(list(secured), (secured,))

        return Figure(label, str(METRICS["secured"].definition), read, (N_("Secured"),))

    def _goal(self, label: str, question: "Question") -> Figure:
        """The leads of the months that have a goal."""
        forecast, goals = self._office.forecast, self._office.goals
        first, last = _this_year(question)

        def read() -> Found:
            aims = goals.months(first, last, question.user_id)
            months = [first + place for place, aim in enumerate(aims) if aim is not None]
            if not months:
                return Found((), ({}, {}, {}, {}))
            found: dict[int, Share] = {}
            for month in months:
                for share in forecast.leads_behind(month, of=question.scope):
                    known = found.get(share.lead_id)
                    found[share.lead_id] = share if known is None else _added(known, share)
            return _monthly(sorted(found.values(), key=lambda share: -share.sums.secured - share.sums.weighted))

        return Figure(label, str(METRICS["goal"].definition), read, _MONTH)

    def _win_rate(self, label: str, question: "Question") -> Figure:
        behind, today = self._office.behind, question.today
        decided = (Status.WON, Status.LOST)
        return self._worth(
            label, "win_rate", lambda: behind.closed(last_year(today), today, decided), ("closed",),
            lambda: self._formats.rate(self._office.metrics.figures().win_rate.value),
        )  # fmt: skip

    def _cycle(self, label: str, question: "Question") -> Figure:
        behind, today = self._office.behind, question.today
        return self._worth(
            label, "cycle", lambda: behind.closed(last_year(today), today, timed=True), ("cycle", "closed")
        )

    def _young(self, label: str, question: "Question") -> Figure:
        return self._worth(label, "young", self._office.behind.young, ("age",))

    def _idle(self, label: str, question: "Question") -> Figure:
        return self._worth(label, "idle", self._office.behind.idle, ("age", "next_step"))

    def _worth(
        self,
        title: str,
        metric: str,
        read: "Callable[[], tuple[Worth, ...]]",
        columns: tuple[str, ...] = (),
        figure: Callable[[], str] = lambda: "",
    ) -> Figure:
        """Leads that are counted: the list shows what they are worth."""

        def found() -> Found:
            leads = read()
            weighted = {each.lead_id: each.weighted for each in leads}
            return Found(list(weighted), (weighted, {each.lead_id: each.total for each in leads}), figure())

        return Figure(title, str(METRICS[metric].definition), found, _WORTH, columns)


def _monthly(shares: "Sequence[Share]") -> Found:
    """Shares as the columns of the window."""
    return Found(
        [share.lead_id for share in shares],
        (
            {share.lead_id: share.sums.secured + share.sums.weighted for share in shares},
            {share.lead_id: share.sums.secured for share in shares},
            {share.lead_id: share.sums.weighted for share in shares},
            {share.lead_id: share.sums.unweighted for share in shares},
        ),
    )


def _added(one: Share, other: Share) -> Share:
    sums = type(one.sums)(*(a + b for a, b in zip(one.sums, other.sums, strict=True)))
    return Share(one.lead_id, sums)


def _this_year(question: "Question") -> tuple[int, int]:
    span = year(question.today.year)
    return span.first, span.last
