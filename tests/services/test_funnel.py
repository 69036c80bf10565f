"""Funnel, rates and figures: what is counted once, what stays in the denominator, what is undefined."""

from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path
from statistics import median

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.core.calendar import day_number, last_year
from app.core.i18n import Text
from app.core.terms import CLOSED, Status
from app.models.schema import Stage
from app.models.store import Store
from app.services.funnel import Cycle, Funnel, Mode, Outcomes, velocity
from app.services.metric_words import METRICS
from app.services.metrics import Figures, Metrics, wilson
from tests.services import plain
from tests.services.plain import Plan
from tests.stores import TODAY, add_lead


def _reached(store: Store, mode: Mode = "passed") -> list[int]:
    return [stage.reached for stage in Funnel(store).read(mode=mode).stages]


def test_an_empty_store_has_no_rates(store: Store) -> None:
    result = Funnel(store).read()

    assert [stage.reached for stage in result.stages] == [0] * 5
    assert [stage.conversion for stage in result.stages] == [None] * 5
    assert (result.overall, result.velocity_per_day, result.outcomes.win_rate) == (None, None, None)
    assert result.outcomes.cycle == Cycle(0, None, None)


def test_t9_each_lead_once_with_skips_back_moves_and_returns(store: Store) -> None:
    plain.insert(store, [Plan(stage=2, entered=(1, 2, 1, 2, 2)), Plan(stage=1, entered=(1, 4, 1))])

    assert _reached(store) == [2, 2, 1, 1, 0]
    assert _reached(store, "touched") == [2, 1, 0, 1, 0]


def test_t9_losers_stay_in_the_denominator(store: Store) -> None:
    lost = Plan(Status.LOST, stage=3, entered=(1, 3), closed=0)
    dropped = Plan(Status.DROPPED, stage=None, entered=(), closed=0)
    plain.insert(store, [lost, dropped, Plan(stage=2, entered=(1, 2))])

    result = Funnel(store).read()
    assert [stage.reached for stage in result.stages] == [3, 2, 1, 0, 0]
    assert result.stages[1].conversion == Decimal(2) / 3
    assert result.stages[4].conversion is None


def test_a_won_lead_has_passed_all_stages_but_touched_only_its_own(store: Store) -> None:
    plain.insert(store, [Plan(Status.WON, stage=2, entered=(2,), closed=0)])

    assert _reached(store) == [1, 1, 1, 1, 1]
    assert _reached(store, "touched") == [0, 1, 0, 0, 0]
    assert Funnel(store).read().overall == 1


def test_ideas_are_in_no_funnel(store: Store) -> None:
    plain.insert(store, [Plan(Status.POTENTIAL, stage=None, activated=None, entered=(1, 2))])

    assert _reached(store) == [0] * 5


def test_range_includes_both_days(store: Store) -> None:
    plain.insert(store, [Plan(activated=days) for days in (9, 10, 20, 21)])
    funnel = Funnel(store)

    result = funnel.read(TODAY - timedelta(days=20), TODAY - timedelta(days=10))
    assert result.cohort == result.stages[0].reached == 2
    assert result.stages[0].count == 4, "open now does not depend on the range"


def test_cohort_of_those_closed_in_the_range(store: Store) -> None:
    old = Plan(Status.WON, closed=5, activated=300)
    plain.insert(store, [old, Plan(Status.LOST, closed=50, activated=60), Plan(activated=3)])

    result = Funnel(store).read(TODAY - timedelta(days=10), TODAY, cohort="closed")
    assert (result.cohort, result.cohort_won) == (1, 1)


def test_t10_the_win_rate_has_a_population(store: Store) -> None:
    ends = [Status.WON, Status.LOST, Status.LOST, Status.DROPPED, Status.DROPPED]
    plain.insert(store, [Plan(status, minor=100 * n, closed=0) for n, status in enumerate(ends, 1)])

    outcomes = Funnel(store).outcomes()
    assert (outcomes.won, outcomes.lost, outcomes.dropped) == (1, 2, 2)
    assert outcomes.win_rate == Decimal(1) / 3
    assert outcomes.win_rate_value == Decimal(100) / 600
    assert outcomes.win_rate_dropped == Decimal("0.2")


def test_value_rate_without_value_is_undefined(store: Store) -> None:
    plain.insert(store, [Plan(Status.WON, currency="SEK", closed=0), Plan(Status.LOST, minor=0, closed=0)])

    outcomes = Funnel(store).outcomes()
    assert outcomes.win_rate == Decimal("0.5")
    assert outcomes.win_rate_value is None
    assert velocity(3, outcomes) is None


def test_cycle_skips_leads_that_were_never_activated(store: Store) -> None:
    days = (30, 10, 11, None)
    plain.insert(store, [Plan(Status.WON, activated=begun, closed=10) for begun in days])

    assert Funnel(store).outcomes().cycle == Cycle(3, Decimal(7), Decimal(1))


def test_velocity_fixture() -> None:
    cycle = Cycle(35, Decimal(42), Decimal(42))
    won_value = 35 * 1_250_000
    outcomes = Outcomes(35, 65, 0, won_value, 35, 0, Decimal("0.35"), None, None, cycle, cycle)

    assert velocity(24, outcomes) == 250_000


def test_velocity_needs_a_cycle_that_lasts() -> None:
    same_day = Cycle(1, Decimal(0), Decimal(0))
    assert velocity(5, Outcomes(1, 0, 0, 100, 1, 0, Decimal(1), None, None, same_day, same_day)) is None


def test_a_deleted_stage_keeps_its_place(store: Store) -> None:
    plain.insert(store, [Plan(stage=1, entered=(1, 3)), Plan(stage=1, entered=(1,))])
    with store.write(Text("Stage deleted")) as session:
        session.get_one(Stage, 3).deleted_at = store.clock.now()

    result = Funnel(store).read()
    assert [stage.name for stage in result.stages][2] == "Verhandlungen"
    assert [stage.reached for stage in result.stages] == [2, 1, 0, 0]


def test_a_retired_stage_is_shown_as_long_as_it_holds_leads(store: Store) -> None:
    plain.insert(store, [Plan(stage=2)])
    with store.write(Text("Stages retired")) as session:
        for stage_id in (2, 4):
            session.get_one(Stage, stage_id).retired_at = store.clock.now()

    assert [stage.stage_id for stage in Funnel(store).open()] == [1, 2, 3, 5]
    assert len(Funnel(store).read().stages) == 5


@settings(max_examples=50)
@given(leads=st.lists(plain.plans(), max_size=14), first=st.integers(0, 900), length=st.integers(0, 900))
def test_random_leads(template: Path, leads: list[Plan], first: int, length: int) -> None:
    begin, end = TODAY - timedelta(days=first), TODAY - timedelta(days=first) + timedelta(days=length)
    with plain.filled(template, leads) as (store, _):
        result = Funnel(store).read(begin, end)
        touched = Funnel(store).read(begin, end, mode="touched")
        opened = Funnel(store).open()

    cohort = [
        plan for plan in leads
        if plan.status != Status.POTENTIAL and plan.activated is not None
        and begin <= TODAY - timedelta(days=plan.activated) <= end
    ]  # fmt: skip
    farthest = [5 if plan.status == Status.WON else max(plan.entered, default=1) for plan in cohort]
    assert [stage.reached for stage in result.stages] == [sum(f >= s for f in farthest) for s in range(1, 6)]
    assert [stage.reached for stage in touched.stages] == [
        sum(s in plan.entered for plan in cohort) for s in range(1, 6)
    ]
    _check_open(opened, leads)
    _check_closed(result.outcomes, [p for p in leads if p.closed_on is not None and begin <= p.closed_on <= end])


def _check_open(stages: object, leads: list[Plan]) -> None:
    active = [plan for plan in leads if plan.status == Status.ACTIVE]
    expected = []
    for number in range(1, 6):
        valued = [(plan, plain.total(plan)) for plan in active if plan.stage == number]
        volume = sum(value or 0 for _, value in valued)
        weighted = sum(plain.weighted(plan, value) for plan, value in valued if value is not None)
        expected.append((len(valued), volume, weighted))
    assert [(stage.count, stage.volume, stage.weighted) for stage in stages] == expected  # type: ignore[attr-defined]


def _check_closed(outcomes: Outcomes, closed: list[Plan]) -> None:
    by_state = {status: [plan for plan in closed if plan.status == status] for status in CLOSED}
    counts = [len(by_state[status]) for status in CLOSED]
    assert [outcomes.won, outcomes.lost, outcomes.dropped] == counts
    won, lost = (sum(plain.total(plan) or 0 for plan in by_state[s]) for s in (Status.WON, Status.LOST))
    assert (outcomes.won_value, outcomes.lost_value) == (won, lost)
    days = [plan.activated - plan.closed for plan in closed if plan.activated is not None and plan.closed is not None]
    mean = Decimal(sum(days)) / len(days) if days else None
    assert outcomes.cycle == Cycle(len(days), mean, Decimal(median(days)) if days else None)


@pytest.mark.parametrize(
    ("hits", "n", "low", "high"), [(7, 20, "0.1812", "0.5671"), (2, 3, "0.2077", "0.9385"), (0, 8, "0", "0.3244")]
)
def test_wilson(hits: int, n: int, low: str, high: str) -> None:
    rate = wilson(hits, n)
    assert rate.low is not None
    assert rate.high is not None
    assert round(rate.low, 4) == Decimal(low)
    assert round(rate.high, 4) == Decimal(high)


def test_wilson_of_nothing_is_nothing() -> None:
    assert (wilson(0, 0).value, wilson(0, 0).low, wilson(0, 0).high) == (None, None, None)


def test_every_figure_is_defined() -> None:
    assert set(METRICS) >= set(Figures.__dataclass_fields__)
    for metric in METRICS.values():
        assert str(metric.label)
        assert len(str(metric.definition)) > 20
        assert "{" not in str(metric.definition)


def test_last_twelve_months() -> None:
    assert last_year(date(2026, 11, 24)) == date(2025, 11, 25)
    assert last_year(date(2028, 2, 28)) == date(2027, 2, 28)
    assert last_year(date(2027, 12, 31)) == date(2027, 1, 1)


def test_figures_of_today(store: Store) -> None:
    young = [Plan(activated=days, minor=1_000, halves=200) for days in (0, 29)]
    old = [Plan(activated=30, minor=1_000, halves=200), Plan(activated=400, minor=1_000, halves=200)]
    ended = [Plan(Status.WON, closed=365, activated=400), Plan(Status.WON, closed=364, activated=374)]
    plain.insert(store, [*young, *old, *ended, Plan(Status.POTENTIAL, stage=None, activated=None)])

    figures = Metrics(store).figures()
    assert (figures.open, figures.weighted, figures.young) == (4, 4_000, 2)
    assert [group.count for group in figures.ages] == [2, 1, 0, 0, 0, 1]
    assert sum(group.weighted for group in figures.ages) == figures.weighted
    assert (figures.win_rate.hits, figures.win_rate.n) == (1, 1)
    assert figures.cycle == Cycle(1, Decimal(10), Decimal(10))


def test_idle_figure_follows_the_rule(store: Store) -> None:
    add_lead(store, stage="Angebot")
    with store.maintenance() as connection:
        old = day_number(TODAY) - 22
        connection.exec_driver_sql(f"UPDATE lead SET last_touch_on = {old}, stage_since_on = {old}")

    assert Metrics(store).figures().idle == 1
