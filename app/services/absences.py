"""When people of the agency are away, and who stands in for them meanwhile; when they work at all."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any

from sqlalchemy import select

from app.core.calendar import DAYS_OF_WEEK, day_number, day_of
from app.core.errors import InvalidInput
from app.core.i18n import Text
from app.core.parse.days import FIRST_YEAR, LAST_YEAR
from app.core.terms import ABSENCE_LABELS, AbsenceKind

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from app.models.schema import Absence, WorkingWeek

__all__ = ["ABSENCE_LABELS", "AbsenceKind", "Away", "Week"]

#: Three years, as long as parental leave may be; longer ones are mistyped.
_LONGEST = 3 * 366
_WHOLE_DAY = 24 * 60


@dataclass(frozen=True)
class Away:
    """Somebody is away from the `first` day to the `last`, on `half` days only the half of each.

    `deputy_id` stands in meanwhile; None for the deputy named with the member.
    """

    id: int
    member_id: int
    first: date
    last: date
    kind: AbsenceKind
    half: bool = False
    deputy_id: int | None = None


@dataclass(frozen=True)
class Week:
    """From `valid_from` on somebody works so many minutes from Monday to Sunday."""

    id: int
    valid_from: date
    minutes: tuple[int, ...]


def away(row: Any) -> Away:
    """A row of the table as it is handed on."""
    kind = AbsenceKind(row.kind)
    return Away(row.id, row.user_id, day_of(row.first_on), day_of(row.last_on), kind, bool(row.half), row.deputy_id)


def week(row: Any) -> Week:
    """A row of the table as it is handed on."""
    return Week(row.id, day_of(row.valid_from), tuple(getattr(row, day) for day in DAYS_OF_WEEK))


def checked_span(first: date, last: date) -> tuple[int, int]:
    """The day numbers of an absence. Raises InvalidInput for one that ends before it begins, or is beyond measure."""
    if last < first:
        raise InvalidInput(Text("The absence ends before it begins."), field="last")
    _check_year(first, "first")
    _check_year(last, "last")
    if (last - first).days >= _LONGEST:
        raise InvalidInput(Text("An absence lasts three years at most."), field="last")
    return day_number(first), day_number(last)


def refuse_overlap(session: "Session", absence: "Absence") -> None:
    """Raises InvalidInput, with the days, if somebody is away twice."""
    from app.models.schema import Absence

    with session.no_autoflush:
        other = session.scalars(
            select(Absence)
            .where(
                Absence.user_id == absence.user_id, Absence.id.is_distinct_from(absence.id),
                Absence.first_on <= absence.last_on, Absence.last_on >= absence.first_on,
            )
            .order_by(Absence.first_on)
        ).first()  # fmt: skip
    if other is not None:
        raise InvalidInput(
            Text("An absence from {first} to {last} is there already.",
                 first=day_of(other.first_on), last=day_of(other.last_on)),
            Text("Change that one, or choose other days."), field="first",
        )  # fmt: skip


def put_minutes(row: "WorkingWeek", minutes: Sequence[int]) -> None:
    """Write the working hours of seven days into a row. Raises InvalidInput for what no week has."""
    if len(minutes) != len(DAYS_OF_WEEK):
        raise InvalidInput(Text("A week has seven days."), field="minutes")
    if not all(0 <= each <= _WHOLE_DAY for each in minutes):
        raise InvalidInput(Text("A day has between 0 and 24 hours."), field="minutes")
    for day, value in zip(DAYS_OF_WEEK, minutes, strict=True):
        setattr(row, day, value)


def checked_begin(day: date) -> int:
    """The day number from which working hours hold. Raises InvalidInput for one too far away."""
    _check_year(day, "valid_from")
    return day_number(day)


def _check_year(day: date, field: str) -> None:
    if not FIRST_YEAR <= day.year <= LAST_YEAR:
        years = {"first": str(FIRST_YEAR), "last": str(LAST_YEAR)}
        raise InvalidInput(Text("The year must lie between {first} and {last}.", **years), field=field)
