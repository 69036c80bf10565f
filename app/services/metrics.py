"""The figures of the forecast page; what they are called and how they are reckoned is in `metric_words`."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING

from sqlalchemy import text

from app.core.calendar import day_number, last_year
from app.services.funnel import Cycle, Funnel, Outcomes, velocity
from app.services.lead_query import IDLE
from app.services.metric_words import YOUNG_DAYS

if TYPE_CHECKING:
    from app.models.store import Store

#: Where one age group ends and the next begins, in days.
AGES = (30, 60, 90, 180, 365)

#: 97.5 % of the normal distribution lie below it: the bounds of a 95 % interval.
_Z = Decimal("1.959963984540054")


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
