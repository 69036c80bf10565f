"""What the tab asks the services, in one go and away from the window's thread."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from app.core.calendar import last_year
from app.core.terms import Status
from app.services.forecast import ForecastResult
from app.services.funnel import FunnelResult, Mode
from app.services.lead_list import ListQuery
from app.services.metrics import Figures
from app.ui.forecast.span import Span, year

if TYPE_CHECKING:
    from app.services.office import Office


@dataclass(frozen=True)
class Question:
    """The months of the chart; the leads the funnel is about (of the last twelve months, or all); how it counts."""

    span: Span
    today: date
    all_time: bool
    mode: Mode


@dataclass(frozen=True)
class Answer:
    """What is shown. `leads` counts all there are; `this_year` holds the months of the calendar year.

    `past` and `without_rate` are ids: leads of which months have gone by, and leads that are in no sum.
    """

    question: Question
    leads: int
    forecast: ForecastResult
    this_year: ForecastResult
    figures: Figures
    funnel: FunnelResult
    past: Sequence[int]
    without_rate: Sequence[int]


def read(office: "Office", question: Question) -> Answer:
    """Ask for everything the tab shows."""
    counts = office.lists.counts()
    forecast = office.forecast.months(question.span.first, question.span.last)
    twelve_months = None if question.all_time else last_year(question.today)
    return Answer(
        question,
        counts.potential + counts.active + counts.closed,
        forecast,
        _this_year(office, question, forecast),
        office.metrics.figures(),
        office.funnel.read(twelve_months, None if question.all_time else question.today, mode=question.mode),
        office.forecast.moved_leads() if forecast.moved.leads else (),
        _without_rate(office, forecast.without_rate),
    )


def _this_year(office: "Office", question: Question, forecast: ForecastResult) -> ForecastResult:
    span = year(question.today.year)
    return forecast if span == question.span else office.forecast.months(span.first, span.last)


def _without_rate(office: "Office", count: int) -> Sequence[int]:
    """The leads of the forecast that have no value in the base currency: in the order by it they come last."""
    if not count:
        return ()
    return office.lists.ids(ListQuery((Status.ACTIVE, Status.WON), sort="total"))[-count:]
