"""The forecast: fixtures of the definitions to the cent, and random leads against a slow reckoning."""

from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.core.calendar import day_number
from app.core.i18n import Text
from app.core.terms import Budget, Status
from app.models.schema import Stage
from app.models.store import Store
from app.services.forecast import Bucket, Forecast, ForecastResult, Sums
from tests.services import plain
from tests.stores import TODAY, add_lead, add_rate, month

JAN_TO_DEC = (month("2027-01"), month("2027-12"))


def _zero(result: ForecastResult) -> Sums:
    parts = [result.before, result.after, result.without_period, *(m.sums for m in result.months)]
    return Sums(*(sum(part[place] for part in parts) for place in range(3)))


@pytest.fixture
def fixture(store: Store) -> Store:
    """Leads A to E of the definitions."""
    with store.write(Text("Stages")) as session:
        for name, halves in (("A", 70), ("B", 120), ("C", 2), ("D", 180)):
            session.add(Stage(name=name, probability=halves, position=10, idle_days=0, required=""))
    add_lead(store, "A", stage="A", amount=24_000, period=("2027-01", "2027-03"))
    add_lead(store, "B", stage="B", amount=3_000, budget=Budget.MONTHLY, period=("2027-02", "2027-07"))
    add_lead(store, "C", stage="C", amount=10_000, period=("2027-03", "2027-05"), probability=40)
    add_lead(store, "D", stage="D", amount=5_000)
    add_lead(store, "E", status=Status.POTENTIAL, amount=40_000)
    return store


def test_fixture_by_month(fixture: Store) -> None:
    result = Forecast(fixture).months(*JAN_TO_DEC)

    weighted = [280_000, 460_000, 526_667, 246_667, 246_666, 180_000, 180_000, 0, 0, 0, 0, 0]
    assert [m.sums.weighted for m in result.months] == weighted
    assert result.without_period == Sums(0, 450_000, 500_000, 1)
    assert result.total == Sums(0, 2_570_000, 5_700_000, 4)
    assert sum(weighted) == 2_120_000
    assert result.before == result.after == result.moved == Sums()


def test_default_is_this_month_and_the_next_eleven(fixture: Store) -> None:
    result = Forecast(fixture).months()

    assert [m.month for m in result.months] == list(range(month("2026-11"), month("2027-11")))
    assert result.currency == "EUR"


def test_t1_weighted_is_the_sum_of_weighted_leads(store: Store) -> None:
    add_lead(store, amount=100, probability=198)
    add_lead(store, amount=200, probability=0)

    assert Forecast(store).months().total.weighted == 9_900


def test_t7_rounded_once_per_lead(store: Store) -> None:
    for _ in range(3):
        add_lead(store, amount=Decimal("10.01"), probability=67, period=("2027-01", "2027-01"))

    result = Forecast(store).months(*JAN_TO_DEC)
    assert result.months[0].sums.weighted == result.total.weighted == 1_005


def test_t8_lost_and_dropped_are_worth_nothing(store: Store) -> None:
    add_lead(store, status=Status.LOST, period=("2027-01", "2027-03"))
    add_lead(store, status=Status.DROPPED)

    assert Forecast(store).months().total == Sums()


def test_t20_a_new_rate_leaves_what_was_won_alone(store: Store) -> None:
    add_rate(store, "CHF", date(2025, 1, 1), "0.95")
    add_lead(store, status=Status.WON, amount=1_000, currency="CHF", closed_on=day_number(date(2025, 6, 1)))
    add_lead(store, amount=1_000, currency="CHF", probability=200)
    add_rate(store, "CHF", TODAY, "1.10")

    total = Forecast(store).months().total
    assert (total.secured, total.weighted) == (95_000, 110_000)


def test_t3_without_a_rate_in_no_sum_but_counted(store: Store) -> None:
    add_lead(store, amount=50, currency="USD", probability=200, period=("2027-01", "2027-01"))
    add_lead(store, amount=50, probability=200, period=("2027-01", "2027-01"))
    add_lead(store, amount=50, currency="USD", status=Status.WON)

    result = Forecast(store).months(*JAN_TO_DEC)
    assert result.total == Sums(0, 5_000, 5_000, 1)
    assert (result.without_rate, result.open_without_rate) == (2, 1)


def test_past_months_of_an_open_lead_move_to_this_month(store: Store) -> None:
    lead = add_lead(store, amount=400, probability=100, period=("2026-09", "2026-12"))
    forecast = Forecast(store)

    result = forecast.months()
    assert [m.sums.unweighted for m in result.months[:3]] == [30_000, 10_000, 0]
    assert result.moved == Sums(0, 10_000, 20_000, 1)
    assert forecast.moved_leads() == (lead,)


def test_a_period_that_is_over_is_not_lost(store: Store) -> None:
    add_lead(store, amount=100, probability=200, period=("2024-01", "2024-03"))

    later = Forecast(store).months(month("2027-01"), month("2027-02"))
    assert later.before == Sums(0, 10_000, 10_000, 1)
    earlier = Forecast(store).months(month("2024-01"), month("2024-12"))
    assert earlier.after == Sums(0, 10_000, 10_000, 1)
    assert all(m.sums == Sums() for m in earlier.months)


def test_won_leads_stay_in_their_months(store: Store) -> None:
    add_lead(store, status=Status.WON, amount=300, period=("2026-09", "2026-11"))
    add_lead(store, status=Status.WON, amount=50, closed_on=day_number(date(2026, 10, 31)))

    result = Forecast(store).months(month("2026-09"), month("2026-11"))
    assert [m.sums.secured for m in result.months] == [10_000, 15_000, 10_000]
    assert result.moved == Sums()


def test_a_window_of_the_far_future_is_empty(store: Store) -> None:
    add_lead(store, period=("1900-01", "9998-12"), probability=200)

    result = Forecast(store).months(month("3000-01"), month("3000-02"))
    assert _zero(result) == Sums(*result.total[:3])


def test_trashed_leads_are_not_seen(store: Store) -> None:
    add_lead(store, deleted_at=store.clock.now())

    assert Forecast(store).months().total == Sums()


@settings(max_examples=60)
@given(leads=st.lists(plain.plans(), max_size=14), offset=st.integers(-14, 24), length=st.integers(1, 20))
def test_random_leads(template: Path, leads: list[plain.Plan], offset: int, length: int) -> None:
    first, last = plain.THIS_MONTH + offset, plain.THIS_MONTH + offset + length - 1
    with plain.filled(template, leads) as (store, known):
        forecast = Forecast(store)
        result = forecast.months(first, last)

        expected: dict[int | None, list[int]] = {}
        for plan in leads:
            for where, figures in plain.by_month(plan).items():
                sums = expected.setdefault(where, [0, 0, 0])
                expected[where] = [a + b for a, b in zip(sums, figures, strict=True)]
        for shown in result.months:
            assert list(shown.sums[:3]) == expected.get(shown.month, [0, 0, 0])
        assert list(result.without_period[:3]) == expected.get(None, [0, 0, 0])
        assert _zero(result) == Sums(*result.total[:3])
        assert result.total[:3] == tuple(sum(sums[place] for sums in expected.values()) for place in range(3))
        _check_behind(forecast, result, first, last, set(known))


def _check_behind(forecast: Forecast, result: ForecastResult, first: int, last: int, ids: set[int]) -> None:
    figures: dict[Bucket, Sums] = {
        "before": result.before, "after": result.after, "without_period": result.without_period,
        "total": result.total, "moved": result.moved, **{m.month: m.sums for m in result.months},
    }  # fmt: skip
    for bucket, sums in figures.items():
        behind = forecast.leads_behind(bucket, first, last)
        assert len(behind) == sums.leads
        assert len({share.lead_id for share in behind} & ids) == len(behind)
        assert sums[:3] == tuple(sum(share.sums[place] for share in behind) for place in range(3))
