"""What the tab asks the services, in one go and away from the window's thread."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import TYPE_CHECKING

from app.core.calendar import last_year
from app.core.terms import Status
from app.services.forecast import By, ForecastResult, Part, Scope, Share
from app.services.funnel import FunnelResult, Mode
from app.services.goals import Attainment, attained
from app.services.lead_list import ListQuery
from app.services.metrics import Figures
from app.services.recommenders import RecommenderRow
from app.services.spans import QUARTER, Bucket
from app.ui.forecast.span import Span, year

if TYPE_CHECKING:
    from app.services.office import Office


@dataclass(frozen=True)
class Question:
    """The months of the chart; the leads the funnel is about (of the last twelve months, or all); how it counts.

    The months are those of one person or of all, taken together by `quarters`, and split `by` something. `unfolded`
    names the lines of the table that show their leads.
    """

    span: Span
    today: date
    all_time: bool
    mode: Mode
    user_id: int | None = None
    by: By | None = None
    quarters: bool = False
    unfolded: frozenset[Bucket] = frozenset()

    @property
    def months(self) -> Span:
        """The months asked for; whole quarters where it is about these."""
        if not self.quarters:
            return self.span
        first, last = self.span.first, self.span.last
        return Span(first - first % QUARTER, last - last % QUARTER + QUARTER - 1)

    @property
    def scope(self) -> Scope:
        """Whose leads."""
        return Scope(self.user_id)

    @property
    def cohort(self) -> tuple[date | None, date | None]:
        """The days in which the leads of the funnel became active."""
        return (None, None) if self.all_time else (last_year(self.today), self.today)


@dataclass(frozen=True)
class Answer:
    """What is shown. `leads` counts all there are; `this_year` holds the months of the calendar year.

    `goals` are those of the months, `attainment` is that of the year. `past` and `without_rate` are ids: leads of which
    months have gone by, and leads that are in no sum. `best` are
    those who recommended us.
    """

    question: Question
    leads: int
    forecast: ForecastResult
    this_year: ForecastResult
    figures: Figures
    funnel: FunnelResult
    past: Sequence[int]
    without_rate: Sequence[int]
    goals: tuple[int | None, ...]
    attainment: Attainment | None
    parts: tuple[Part, ...] = ()
    best: Sequence[RecommenderRow] = ()
    shares: Mapping[Bucket, Sequence[Share]] = field(default_factory=dict)


def read(office: "Office", question: Question) -> Answer:
    """Ask for everything the tab shows."""
    counts = office.lists.counts()
    months, scope = question.months, question.scope
    forecast = office.forecast.months(months.first, months.last, of=scope, quarters=question.quarters)
    this_year = _this_year(office, question, forecast)
    span = year(question.today.year)
    return Answer(
        question,
        counts.potential + counts.active + counts.closed,
        forecast,
        this_year,
        office.metrics.figures(),
        office.funnel.read(*question.cohort, mode=question.mode),
        office.forecast.moved_leads(scope) if forecast.moved.leads else (),
        _without_rate(office, forecast.without_rate, question.user_id),
        office.goals.months(months.first, months.last, question.user_id),
        attained(this_year.months, office.goals.months(span.first, span.last, question.user_id)),
        _parts(office, question),
        office.recommenders.best(),
        {bucket: leads_of(office, question, bucket) for bucket in question.unfolded},
    )


def leads_of(office: "Office", question: Question, bucket: Bucket) -> tuple[Share, ...]:
    """The leads of one line of the table."""
    return office.forecast.leads_behind(bucket, question.months.first, question.months.last, of=question.scope)


def _parts(office: "Office", question: Question) -> tuple[Part, ...]:
    if question.by is None:
        return ()
    months = question.months
    return office.forecast.split(question.by, months.first, months.last, of=question.scope, quarters=question.quarters)


def _this_year(office: "Office", question: Question, forecast: ForecastResult) -> ForecastResult:
    span = year(question.today.year)
    return forecast if span == question.months else office.forecast.months(span.first, span.last, of=question.scope)


def _without_rate(office: "Office", count: int, user_id: int | None) -> Sequence[int]:
    """The leads of the forecast that have no value in the base currency: in the order by it they come last."""
    if not count:
        return ()
    return office.lists.ids(ListQuery((Status.ACTIVE, Status.WON), user_id=user_id, sort="total"))[-count:]
