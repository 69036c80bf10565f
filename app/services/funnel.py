"""The funnel: what is open in each stage, how far leads came, and how they ended.

Rates are exact quotients, rounded only to the digits of a Decimal; None where the denominator is 0.
"""

import json
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from fractions import Fraction
from statistics import median
from typing import TYPE_CHECKING, Any, Literal

from sqlalchemy import Connection, text

from app.core.calendar import day_number
from app.core.money import half_up
from app.core.terms import CLOSED, Status

if TYPE_CHECKING:
    from app.models.store import Store

#: 'passed': a stage that was skipped counts as passed; 'touched': only stages that were really entered.
Mode = Literal["passed", "touched"]
#: Which leads are followed: those activated in the range, or those closed in it.
Cohort = Literal["activated", "closed"]


@dataclass(frozen=True)
class StageFigures:
    """A stage. Open now: `count`, `volume`, `weighted` (minor units of the base currency, leads with a rate).

    `reached` counts the leads of the cohort that came this far, `conversion` is its part of the stage before.
    """

    stage_id: int
    name: str
    probability: int
    colour: str | None
    count: int
    volume: int
    weighted: int
    reached: int = 0
    conversion: Decimal | None = None


@dataclass(frozen=True)
class Cycle:
    """Days from activation to closing, over `n` leads."""

    n: int
    mean: Decimal | None
    median: Decimal | None


@dataclass(frozen=True)
class Outcomes:
    """How the leads closed in a range ended. Values are minor units of the base currency over the leads that have a
    rate; `won_valued` counts those among the won.

    `win_rate` is won of won and lost, `win_rate_value` the same by value, `win_rate_dropped` of all that were closed.
    """

    won: int
    lost: int
    dropped: int
    won_value: int
    won_valued: int
    lost_value: int
    win_rate: Decimal | None
    win_rate_value: Decimal | None
    win_rate_dropped: Decimal | None
    cycle: Cycle
    cycle_won: Cycle


@dataclass(frozen=True)
class FunnelResult:
    """The funnel of a range. `cohort` leads were followed, of which `cohort_won` are won; `overall` is their share.

    `velocity_per_day`: minor units a day that the open leads earn at the pace of the range.
    """

    mode: Mode
    stages: tuple[StageFigures, ...]
    cohort: int
    cohort_won: int
    overall: Decimal | None
    outcomes: Outcomes
    velocity_per_day: int | None


class Funnel:
    """Reads the funnel of a store."""

    def __init__(self, store: "Store") -> None:
        self._store = store

    def open(self) -> tuple[StageFigures, ...]:
        """What is open now in each stage, in their order; stages that are retired are left out once they are empty."""
        with self._store.read() as connection:
            stages = _open(connection)
            retired = {row[0] for row in connection.execute(_RETIRED)}
        return tuple(stage for stage in stages if stage.count or stage.stage_id not in retired)

    def read(
        self,
        first: date | None = None,
        last: date | None = None,
        *,
        mode: Mode = "passed",
        cohort: Cohort = "activated",
    ) -> FunnelResult:
        """The funnel of the days `first` to `last`, both included; None for no bound."""
        with self._store.read() as connection:
            stages = _open(connection)
            groups = _cohort(connection, first, last, cohort)
            if mode == "touched":
                reached = _touched(connection, first, last, cohort)
            else:
                reached = _passed(groups, connection, [stage.stage_id for stage in stages])
            outcomes = _outcomes(connection, first, last)
        won = sum(count for (status, _), count in groups.items() if status == Status.WON)
        size = sum(groups.values())
        return FunnelResult(
            mode,
            _converted(stages, reached),
            size,
            won,
            _quotient(won, size),
            outcomes,
            velocity(sum(stage.count for stage in stages), outcomes),
        )

    def outcomes(self, first: date | None = None, last: date | None = None) -> Outcomes:
        """How the leads closed from `first` to `last` ended."""
        with self._store.read() as connection:
            return _outcomes(connection, first, last)


def velocity(open_leads: int, outcomes: Outcomes) -> int | None:
    """Minor units a day: open leads × mean won value × win rate / mean cycle of won; None where one is missing."""
    cycle = outcomes.cycle_won.mean
    if not outcomes.won_valued or not cycle:
        return None
    mean_value = Fraction(outcomes.won_value, outcomes.won_valued)
    rate = Fraction(outcomes.won, outcomes.won + outcomes.lost)
    exact = open_leads * mean_value * rate / Fraction(cycle)
    return half_up(_decimal(exact))


def _decimal(exact: Fraction) -> Decimal:
    return Decimal(exact.numerator) / Decimal(exact.denominator)


def _quotient(part: int, whole: int) -> Decimal | None:
    return Decimal(part) / Decimal(whole) if whole else None


def _converted(stages: Sequence[StageFigures], reached: Mapping[int, int]) -> tuple[StageFigures, ...]:
    done = []
    before: int | None = None
    for stage in stages:
        count = reached.get(stage.stage_id, 0)
        conversion = None if before is None else _quotient(count, before)
        done.append(
            StageFigures(
                stage.stage_id, stage.name, stage.probability, stage.colour, stage.count, stage.volume, stage.weighted,
                count, conversion,
            )
        )  # fmt: skip
        before = count
    return tuple(done)


_STAGES = text("SELECT id, name, probability, colour FROM stage WHERE deleted_at IS NULL ORDER BY position, id")
_RETIRED = text("SELECT id FROM stage WHERE retired_at IS NOT NULL")
_OPEN = text("""
SELECT stage_id, count(*), COALESCE(sum(total_base), 0), COALESCE(sum(weighted_base), 0)
FROM lead WHERE status = 'active' GROUP BY stage_id
""")


def _open(connection: Connection) -> list[StageFigures]:
    open_now = {row[0]: tuple(row[1:]) for row in connection.execute(_OPEN)}
    return [StageFigures(*row, *open_now.get(row[0], (0, 0, 0))) for row in connection.execute(_STAGES)]


def within(column: str, first: date | None, last: date | None) -> tuple[str, dict[str, int]]:
    """A condition on a day column (which then has to have a day), and what it binds."""
    parts, binds = [f"{column} IS NOT NULL"], {}
    for name, sign, day in (("first", ">=", first), ("last", "<=", last)):
        if day is not None:
            parts.append(f"{column} {sign} :{name}")
            binds[name] = day_number(day)
    return " AND ".join(parts), binds


def states_of(cohort: Cohort) -> tuple[Status, ...]:
    """Activated leads are followed whatever became of them; closed ones have ended."""
    return CLOSED if cohort == "closed" else (Status.ACTIVE, *CLOSED)


def _cohort(connection: Connection, first: date | None, last: date | None, cohort: Cohort) -> Counter[tuple[str, Any]]:
    """Leads of the cohort by state and highest stage ever entered (None without one).

    A count for each cell is a walk along a piece of an index, and cheaper than grouping all of it.
    """
    condition, binds = within(f"lead.{cohort}_on", first, last)
    statement = f"""
        SELECT state.value, far.id, (SELECT count(*) FROM lead
          WHERE lead.status = state.value AND lead.reached_stage_id IS far.id AND {condition})
        FROM json_each(:states) AS state CROSS JOIN (SELECT id FROM stage UNION ALL SELECT NULL) AS far
    """
    rows = connection.execute(text(statement), {**binds, "states": json.dumps(states_of(cohort))})
    return Counter({(status, reached): count for status, reached, count in rows if count})


def _passed(groups: Counter[tuple[str, Any]], connection: Connection, shown: Sequence[int]) -> dict[int, int]:
    """How many reached each of the shown stages; every lead of the cohort reached the first.

    A deleted stage is not shown, but who reached it has passed those before it.
    """
    order = [row[0] for row in connection.execute(text("SELECT id FROM stage ORDER BY position, id"))]
    place = {stage_id: number for number, stage_id in enumerate(order)}
    begin = place[shown[0]] if shown else 0
    reached: dict[int, int] = dict.fromkeys(shown, 0)
    for (status, highest), count in groups.items():
        far = len(order) if status == Status.WON else max(place.get(highest, begin), begin)
        for stage_id in shown:
            if place[stage_id] <= far:
                reached[stage_id] += count
    return reached


def _touched(connection: Connection, first: date | None, last: date | None, cohort: Cohort) -> dict[int, int]:
    """How many leads of the cohort entered each stage, each once however often it came back."""
    condition, binds = within(f"lead.{cohort}_on", first, last)
    statement = f"""
        SELECT stage_id, count(DISTINCT lead_id) FROM stage_entry
        WHERE lead_id IN (SELECT id FROM lead
          WHERE status IN (SELECT value FROM json_each(:states)) AND {condition}) GROUP BY stage_id
    """
    rows = connection.execute(text(statement), {**binds, "states": json.dumps(states_of(cohort))})
    return {row[0]: row[1] for row in rows}


def _outcomes(connection: Connection, first: date | None, last: date | None) -> Outcomes:
    condition, binds = within("closed_on", first, last)
    rows = connection.execute(
        text(f"""
        SELECT status, count(*), COALESCE(sum(total_base), 0), count(total_base),
          json_group_array(closed_on - activated_on) FILTER (WHERE activated_on IS NOT NULL)
        FROM lead WHERE status IN ('won', 'lost', 'dropped') AND {condition} GROUP BY status
        """),
        binds,
    )
    found = {status: (count, value, valued, json.loads(days)) for status, count, value, valued, days in rows}
    nothing: tuple[int, int, int, list[int]] = (0, 0, 0, [])
    won, won_value, won_valued, won_days = found.get(Status.WON, nothing)
    lost, lost_value, _, lost_days = found.get(Status.LOST, nothing)
    dropped, _, _, dropped_days = found.get(Status.DROPPED, nothing)
    return Outcomes(
        won, lost, dropped, won_value, won_valued, lost_value, _quotient(won, won + lost),
        _quotient(won_value, won_value + lost_value), _quotient(won, won + lost + dropped),
        _cycle([*won_days, *lost_days, *dropped_days]), _cycle(won_days),
    )  # fmt: skip


def _cycle(days: list[int]) -> Cycle:
    if not days:
        return Cycle(0, None, None)
    return Cycle(len(days), Decimal(sum(days)) / len(days), Decimal(median(days)))
