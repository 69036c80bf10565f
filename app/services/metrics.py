"""The figures of the forecast page, each with the words that say how it is reckoned."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING

from sqlalchemy import text

from app.core.calendar import day_number, last_year
from app.core.i18n import N_, Text
from app.services.funnel import Cycle, Funnel, Outcomes, velocity
from app.services.lead_query import IDLE

if TYPE_CHECKING:
    from app.models.store import Store

#: How long a lead is young, in days.
YOUNG_DAYS = 30
#: Where one age group ends and the next begins, in days.
AGES = (30, 60, 90, 180, 365)

#: 97.5 % of the normal distribution lie below it: the bounds of a 95 % interval.
_Z = Decimal("1.959963984540054")


@dataclass(frozen=True)
class Metric:
    """What a figure is called and how it is reckoned, in the words of the trade."""

    key: str
    label: Text
    definition: Text


_DEFINITIONS = (
    ("weighted", N_("Weighted volume"),
     N_("The sum of all active leads, each at its volume times its probability, rounded to the cent per lead. "
        "Leads without an exchange rate are in no sum.")),
    ("secured", N_("Secured"),
     N_("Won leads at their full volume, in the months of their service period that lie in this calendar year; without "
        "a service period in the month of closing.")),
    ("goal", N_("Revenue goal"),
     N_("Attainment: secured ÷ goal. Gap: goal − (secured + weighted). Coverage: open leads at full volume ÷ (goal − "
        "secured); none where the goal is reached. Counted are the months of the calendar year that have a goal.")),
    ("month", N_("Revenue by month"),
     N_("Won leads at their full volume and active leads at their volume times their probability, in the months of "
        "their service period: in equal parts rounded down to the cent, the rest in the last month. What an open lead "
        "had in months gone by counts in the current month.")),
    ("beside", N_("Beside the months"),
     N_("The part of the leads that lies before or after the months shown, or that has no service period.")),
    ("omitted", N_("Omitted"),
     N_("Active leads whose forecast category is “Omitted”. They are left out of every month and stand here, so that "
        "all lines together are the sum of all leads.")),
    ("total", N_("Total"),
     N_("All won leads and all active leads, whatever their months: the sum of the lines before, within and after the "
        "months shown, without a service period and omitted.")),
    ("part", N_("Split"),
     N_("The part of the leads that are in this stage or category, or belong to this person, source or company. Leads "
        "that were won are a part of their own where it is about stages or categories. All parts together are the "
        "whole, to the cent.")),
    ("funnel", N_("Funnel"),
     N_("Leads by the day of their activation, each counted once, also those that were lost since. “All stages”: "
        "whoever came further has passed the stages before. “Touched only”: stages that were really entered.")),
    ("closed_rate", N_("Win rate"),
     N_("Won leads divided by won and lost leads, by closing date, in the period shown.")),
    ("closed_value", N_("Win rate by value"),
     N_("The volume of won leads divided by the volume of won and lost leads, by closing date, in the period shown. "
        "Leads without an exchange rate are in no sum.")),
    ("closed_won", N_("Won"), N_("The volume of the leads won in the period shown, at the rate of their closing day.")),
    ("closed_cycle", N_("Sales cycle"),
     N_("Days from activation to closing of all leads closed in the period shown: mean and median.")),
    ("open", N_("Open leads"), N_("All active leads, at their full volume. Contact potential is not counted.")),
    ("win_rate", N_("Win rate"),
     N_("Won leads divided by won and lost leads, by closing date, last 12 months. "
        "The interval says where the true rate lies with 95% certainty (Wilson).")),
    ("win_rate_value", N_("Win rate by value"),
     N_("The volume of won leads divided by the volume of won and lost leads, by closing date, last 12 months.")),
    ("win_rate_dropped", N_("Win rate with dropped leads"),
     N_("Won leads divided by won, lost and dropped leads, by closing date, last 12 months.")),
    ("cycle", N_("Sales cycle"),
     N_("Days from activation to closing of all leads closed in the last 12 months: mean and median.")),
    ("velocity", N_("Sales velocity"),
     N_("Open leads × mean value of a won lead × win rate ÷ mean cycle of won leads: "
        "what the funnel earns per day at the pace of the last 12 months.")),
    ("young", N_("Young leads"), N_("Active leads that were activated in the last {days} days, today included.")),
    ("ages", N_("Age of the leads"), N_("Active leads by days since their activation: number and weighted volume.")),
    ("idle", N_("Idle leads"),
     N_("Active leads without an open step today or later, and untouched for longer than their stage allows.")),
)  # fmt: skip

#: What every figure of the program is called and how it is reckoned, by its key; those of `Figures` among them.
METRICS = {
    key: Metric(key, Text(label), Text(definition, days=YOUNG_DAYS) if "{days}" in definition else Text(definition))
    for key, label, definition in _DEFINITIONS
}


@dataclass(frozen=True)
class Rate:
    """`hits` of `n` leads: the rate and its Wilson 95 % interval; None without leads."""

    hits: int
    n: int
    value: Decimal | None
    low: Decimal | None
    high: Decimal | None


@dataclass(frozen=True)
class AgeGroup:
    """Active leads activated at least `first` and at most `last` days ago (None: any longer time)."""

    first: int
    last: int | None
    count: int
    weighted: int


@dataclass(frozen=True)
class Figures:
    """All figures as of today; amounts in minor units of the base currency. Each field is a key of `METRICS`."""

    weighted: int
    open: int
    win_rate: Rate
    win_rate_value: Decimal | None
    win_rate_dropped: Rate
    cycle: Cycle
    velocity: int | None
    young: int
    ages: tuple[AgeGroup, ...]
    idle: int


def wilson(hits: int, n: int) -> Rate:
    """The rate of `hits` in `n` with its Wilson score interval at 95 %."""
    if not n:
        return Rate(hits, n, None, None, None)
    p, count, square = Decimal(hits) / n, Decimal(n), _Z * _Z
    middle = p + square / (2 * count)
    spread = _Z * ((p * (1 - p) + square / (4 * count)) / count).sqrt()
    whole = 1 + square / count
    return Rate(hits, n, p, max((middle - spread) / whole, Decimal(0)), min((middle + spread) / whole, Decimal(1)))


class Metrics:
    """Reads the figures of a store."""

    def __init__(self, store: "Store") -> None:
        self._store = store
        self._funnel = Funnel(store)

    def figures(self) -> Figures:
        """All figures as of today."""
        today = self._store.today()
        outcomes = self._funnel.outcomes(last_year(today), today)
        ages = self._ages(today)
        stages = self._funnel.open()
        open_leads = sum(stage.count for stage in stages)
        return Figures(
            sum(stage.weighted for stage in stages), open_leads, wilson(outcomes.won, outcomes.won + outcomes.lost),
            outcomes.win_rate_value, _with_dropped(outcomes), outcomes.cycle, velocity(open_leads, outcomes),
            self._young(today), ages, self._idle(today),
        )  # fmt: skip

    def _young(self, today: date) -> int:
        with self._store.read() as connection:
            begin = day_number(today) - YOUNG_DAYS + 1
            count: int = connection.execute(text(_YOUNG), {"begin": begin}).scalar_one()
        return count

    def _ages(self, today: date) -> tuple[AgeGroup, ...]:
        with self._store.read() as connection:
            found = {row[0]: row[1:] for row in connection.execute(text(_AGES), {"today": day_number(today)})}
        groups = []
        for place, first in enumerate((0, *AGES)):
            last = AGES[place] - 1 if place < len(AGES) else None
            count, weighted = found.get(place, (0, 0))
            groups.append(AgeGroup(first, last, count, weighted))
        return tuple(groups)

    def _idle(self, today: date) -> int:
        with self._store.read() as connection:
            statement = text(f"SELECT count(*) FROM lead WHERE {IDLE}")
            count: int = connection.execute(statement, {"today": day_number(today)}).scalar_one()
        return count


def _with_dropped(outcomes: Outcomes) -> Rate:
    return wilson(outcomes.won, outcomes.won + outcomes.lost + outcomes.dropped)


_YOUNG = "SELECT count(*) FROM lead WHERE status = 'active' AND activated_on >= :begin"

_PLACE = "CASE " + " ".join(
    f"WHEN :today - activated_on < {limit} THEN {place}" for place, limit in enumerate(AGES)
) + f" ELSE {len(AGES)} END"  # fmt: skip
_AGES = f"""
SELECT place, count(*), COALESCE(sum(weighted_base), 0)
FROM (SELECT {_PLACE} AS place, weighted_base FROM lead WHERE status = 'active' AND activated_on IS NOT NULL)
GROUP BY place
"""
