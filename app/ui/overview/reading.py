"""What the page asks the services, away from the window's thread."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from app.core.calendar import month_number
from app.services.due_steps import DueSteps, due_steps
from app.services.recent import Happening, yesterday
from app.services.rhythm import OverdueRhythms
from app.services.today import TodayFigures

if TYPE_CHECKING:
    from app.services.goals import Attainment
    from app.services.office import Office


@dataclass(frozen=True)
class Earned:
    """What is secured of some months (month numbers), and how far they have come; None without a goal."""

    first: int
    last: int
    secured: int
    attained: "Attainment | None"


@dataclass(frozen=True)
class Surroundings:
    """What stands beside the list: figures, this year and quarter, leads without movement, whom to get in touch with,
    steps with companies, what has happened.

    `leads` tells whether there are any at all.
    """

    leads: bool
    figures: TodayFigures
    year: Earned
    quarter: Earned
    idle: Sequence[int]
    touch: OverdueRhythms
    steps: DueSteps
    recent: Sequence[Happening]


def read_surroundings(office: "Office", user_id: int | None) -> Surroundings:
    """Of one person's leads and goals, or of all leads and the goals of the team."""
    year, quarter = _earned(office, user_id)
    return Surroundings(
        not office.lists.is_empty(),
        office.today.figures(user_id),
        year,
        quarter,
        office.today.behind("idle", user_id),
        office.records.overdue_rhythms(user_id=user_id),
        due_steps(office.store, user_id),
        office.recent.since(yesterday(office.store.today()), user_id),
    )


def _earned(office: "Office", user_id: int | None) -> tuple[Earned, Earned]:
    from app.services.forecast import Scope  # the page is painted long before these are needed
    from app.services.goals import attained
    from app.services.spans import QUARTER

    today = office.store.today()
    first = month_number(date(today.year, 1, 1))
    last = first + 11
    months = office.forecast.months(first, last, of=Scope(user_id)).months
    goals = office.goals.months(first, last, user_id)

    def of(start: int, count: int) -> Earned:
        part = months[start : start + count]
        secured = sum(month.sums.secured for month in part)
        return Earned(first + start, first + start + count - 1, secured, attained(part, goals[start : start + count]))

    return of(0, 12), of((today.month - 1) // QUARTER * QUARTER, QUARTER)
