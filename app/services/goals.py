"""*Umsatzziele*: what is to be earned, for the team or one person, dated so that a changed goal leaves the past alone.

A goal holds for every month, quarter or year from its first month on, until the next one of the same person or of the
team. FORMULAS: attainment = secured / goal, gap = goal - (secured + weighted), coverage = open / (goal - secured).
"""

from bisect import bisect_right
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from typing import TYPE_CHECKING

from sqlalchemy import text

from app.core.calendar import first_day
from app.core.errors import InvalidInput, NotFound
from app.core.i18n import N_, Text
from app.core.money import MAX_MINOR, Money, split
from app.core.roles import Act
from app.services.lead_fields import begin_of

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from app.models.schema import Goal
    from app.models.store import Store
    from app.services.spans import Month


class GoalSpan(StrEnum):
    """How long the time is in which a goal is to be reached."""

    MONTH = "month"
    QUARTER = "quarter"
    YEAR = "year"

    @property
    def months(self) -> int:
        """How many months it has."""
        return {GoalSpan.MONTH: 1, GoalSpan.QUARTER: 3, GoalSpan.YEAR: 12}[self]


SPAN_LABELS: Mapping[GoalSpan, str] = {
    GoalSpan.MONTH: N_("Month"),
    GoalSpan.QUARTER: N_("Quarter"),
    GoalSpan.YEAR: N_("Year"),
}


@dataclass(frozen=True)
class GoalInfo:
    """A goal for each `span` from the month number `valid_from` on. `user_id` and `person` are None for the team.

    An amount of 0 ends the goals before it.
    """

    id: int
    user_id: int | None
    person: str | None
    span: GoalSpan
    valid_from: int
    amount: Money


@dataclass(frozen=True)
class Attainment:
    """How far some months have come: those from `first` to `last` that have a goal. Amounts in minor units."""

    first: int
    last: int
    goal: int
    secured: int
    weighted: int
    unweighted: int

    @property
    def share(self) -> Decimal:
        """What is secured of the goal, 1 for all of it."""
        return Decimal(self.secured) / self.goal

    @property
    def gap(self) -> int:
        """What is missing to the goal if all comes as it is weighted; negative where there is more."""
        return self.goal - self.secured - self.weighted

    @property
    def coverage(self) -> Decimal | None:
        """How often the open leads at full volume would fill what is not secured; None where nothing is missing."""
        missing = self.goal - self.secured
        return Decimal(self.unweighted) / missing if missing > 0 else None


class Goals:
    """Reads and keeps the goals of a store. Who may not change what all work with gets NotAllowed."""

    def __init__(self, store: "Store") -> None:
        self._store = store

    def all(self) -> list[GoalInfo]:
        """Those of the team first, then person by person, the newest first."""
        with self._store.read() as connection:
            rows = connection.execute(text(_ALL)).all()
        return [
            GoalInfo(
                row.id, row.user_id, row.name, GoalSpan(row.span), row.valid_from, Money(row.amount_minor, row.currency)
            )
            for row in rows
        ]

    def set(self, span: GoalSpan, valid_from: int, amount: Money, user_id: int | None = None) -> int:
        """A goal from a month number on; one of the same person and month is replaced. Returns its id.

        Raises InvalidInput naming the field.
        """
        self._store.rights.demand(Act.LISTS)
        from app.models.schema import Goal

        self._check(span, valid_from, amount)
        label = Text("Goal from {day}: {amount}", day=first_day(valid_from), amount=amount)
        with self._store.write(label) as session:
            _check_person(session, user_id)
            same = session.query(Goal).filter_by(user_id=user_id, valid_from=valid_from, deleted_at=None).first()
            goal = same or Goal(user_id=user_id, valid_from=valid_from)
            goal.span, goal.amount_minor, goal.currency = span, amount.minor, amount.currency
            session.add(goal)
            session.flush()
            return goal.id

    def edit(
        self,
        goal_id: int,
        *,
        span: GoalSpan | None = None,
        valid_from: int | None = None,
        amount: Money | None = None,
    ) -> None:
        """Change a goal. Raises InvalidInput naming the field, also where another one begins there; NotFound."""
        self._store.rights.demand(Act.LISTS)
        from app.models.schema import Goal

        with self._store.write(Text("Goal changed")) as session:
            goal = _get(session, goal_id)
            goal.span = span or goal.span
            goal.valid_from = goal.valid_from if valid_from is None else valid_from
            if amount is not None:
                goal.amount_minor, goal.currency = amount.minor, amount.currency
            with session.no_autoflush:
                self._check(GoalSpan(goal.span), goal.valid_from, Money(goal.amount_minor, goal.currency))
                same = session.query(Goal).filter_by(user_id=goal.user_id, valid_from=goal.valid_from, deleted_at=None)
                if any(other.id != goal_id for other in same):
                    raise InvalidInput(Text("Another goal begins in this month."), field="valid_from")

    def remove(self, goal_id: int) -> None:
        """Take a goal away: the one before it goes on. Raises NotFound."""
        self._store.rights.demand(Act.LISTS)
        with self._store.write(Text("Goal removed")) as session:
            _get(session, goal_id).deleted_at = self._store.clock.now()

    def months(self, first: int, last: int, user_id: int | None = None) -> tuple[int | None, ...]:
        """The goal of each month from `first` to `last` in minor units of the base currency; None without one.

        That of a quarter or year is split over its months, the remainder in the last.
        """
        known = [goal for goal in self.all() if goal.user_id == user_id]
        known = sorted(
            (goal for goal in known if goal.amount.currency == self._store.facts.base_currency),
            key=lambda goal: goal.valid_from,
        )
        begins = [goal.valid_from for goal in known]
        found = []
        for month in range(first, last + 1):
            place = bisect_right(begins, month)
            found.append(_of_month(known[place - 1], month) if place else None)
        return tuple(found)

    def of(self, first: int, last: int, user_id: int | None = None) -> int | None:
        """The goal of some months together, such as a quarter or a year; None where no month has one."""
        return added(self.months(first, last, user_id))

    def _check(self, span: GoalSpan, valid_from: int, amount: Money) -> None:
        if not 0 <= amount.minor <= MAX_MINOR:
            raise InvalidInput(Text("A goal must not be negative or beyond measure."), field="amount")
        if amount.currency != self._store.facts.base_currency:
            base = self._store.facts.base_currency
            raise InvalidInput(Text("Goals are set in the base currency, {currency}.", currency=base), field="amount")
        try:
            begin_of(valid_from)
        except InvalidInput:
            raise InvalidInput(Text("This month lies too far away to be meant."), field="valid_from") from None
        if valid_from % span.months:
            if span is GoalSpan.YEAR:
                raise InvalidInput(Text("A goal per year begins in January."), field="valid_from")
            why = Text("A goal per quarter begins in January, April, July or October.")
            raise InvalidInput(why, field="valid_from")


def added(goals: Sequence[int | None]) -> int | None:
    """The sum of goals; None where there is none."""
    there = [goal for goal in goals if goal is not None]
    return sum(there) if there else None


def attained(months: Sequence["Month"], goals: Sequence[int | None]) -> Attainment | None:
    """How far months have come, those alone that have a goal; None where none has one.

    Of a goal of a few cents a year nothing falls to most of its months: of nothing there is no share.
    """
    pairs = [(month, goal) for month, goal in zip(months, goals, strict=True) if goal is not None]
    if not added(goals):
        return None
    sums = [month.sums for month, _ in pairs]
    return Attainment(
        pairs[0][0].month,
        pairs[-1][0].last,
        sum(goal for _, goal in pairs),
        sum(each.secured for each in sums),
        sum(each.weighted for each in sums),
        sum(each.unweighted for each in sums),
    )


def _of_month(goal: GoalInfo, month: int) -> int | None:
    if not goal.amount.minor:
        return None
    return split(goal.amount.minor, goal.span.months)[month % goal.span.months]


def _get(session: "Session", goal_id: int) -> "Goal":
    from app.models.schema import Goal

    goal = session.get(Goal, goal_id)
    if goal is None or goal.deleted_at is not None:
        raise NotFound(Text("This goal has been removed in the meantime."))
    return goal


def _check_person(session: "Session", user_id: int | None) -> None:
    from app.models.schema import User

    if user_id is None:
        return
    user = session.get(User, user_id)
    if user is None or user.deleted_at is not None:
        raise InvalidInput(Text("This person has been deleted in the meantime."), field="user_id")


_ALL = """
SELECT goal.id, goal.user_id, member.name, span, valid_from, amount_minor, currency
FROM goal LEFT JOIN member ON member.id = goal.user_id
ORDER BY goal.user_id IS NOT NULL, member.sort_key, goal.user_id, valid_from DESC, goal.id
"""
