"""Goals: dated, of the team or a person, split over their months, and how far one has come."""

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.core.errors import InvalidInput, NotFound, TrichterError
from app.core.money import MAX_MINOR, Money
from app.core.terms import Status
from app.models.store import Store
from app.services.check import check
from app.services.forecast import Forecast, Scope
from app.services.goals import Attainment, Goals, GoalSpan, attained
from app.services.rates import Rates
from app.services.spans import Month, Sums
from tests.services.seen import everything, steps
from tests.stores import add_lead, add_member, add_rate, month


def euro(major: int) -> Money:
    return Money.of(major, "EUR")


@pytest.fixture
def goals(store: Store) -> Goals:
    return Goals(store)


def test_a_changed_goal_leaves_the_past_alone(goals: Goals) -> None:
    goals.set(GoalSpan.MONTH, month("2026-03"), euro(100))
    goals.set(GoalSpan.QUARTER, month("2026-07"), euro(1_000))
    goals.set(GoalSpan.YEAR, month("2027-01"), euro(10_000))
    found = goals.months(month("2026-02"), month("2027-12"))
    assert found[:3] == (None, 10_000, 10_000)
    assert found[5:8] == (33_333, 33_333, 33_334)
    assert found[11:] == (*([83_333] * 11), 83_337)
    assert goals.of(month("2026-07"), month("2026-09")) == 100_000
    assert goals.of(month("2027-01"), month("2027-12")) == 1_000_000
    assert goals.of(month("2026-01"), month("2026-02")) is None


@given(st.integers(0, MAX_MINOR), st.sampled_from(GoalSpan))
def test_the_months_of_a_goal_come_to_it(amount: int, span: GoalSpan) -> None:
    from app.services.goals import GoalInfo, _of_month

    goal = GoalInfo(1, None, None, span, month("2027-01"), Money(amount, "EUR"))
    shares = [_of_month(goal, month("2027-01") + place) for place in range(span.months)]
    assert sum(share or 0 for share in shares) == amount


def test_a_person_has_goals_beside_those_of_the_team(store: Store, goals: Goals) -> None:
    other = add_member(store, "Ben Roth", "BR")
    goals.set(GoalSpan.MONTH, month("2026-11"), euro(100))
    goals.set(GoalSpan.MONTH, month("2026-11"), euro(40), other)
    assert goals.months(month("2026-11"), month("2026-11")) == (10_000,)
    assert goals.months(month("2026-11"), month("2026-11"), other) == (4_000,)
    assert goals.months(month("2026-11"), month("2026-11"), 1) == (None,)
    assert [(goal.person, goal.amount.minor) for goal in goals.all()] == [(None, 10_000), ("Ben Roth", 4_000)]


def test_a_goal_of_nothing_ends_the_ones_before(goals: Goals) -> None:
    goals.set(GoalSpan.MONTH, month("2026-01"), euro(100))
    goals.set(GoalSpan.MONTH, month("2026-03"), euro(0))
    assert goals.months(month("2026-02"), month("2026-04")) == (10_000, None, None)


def test_a_goal_of_the_same_month_is_replaced_and_all_of_it_is_undone(store: Store, goals: Goals) -> None:
    first = goals.set(GoalSpan.MONTH, month("2027-01"), euro(100))
    before = everything(store)
    assert goals.set(GoalSpan.YEAR, month("2027-01"), euro(900)) == first
    store.undo()
    assert everything(store) == before
    goals.edit(first, valid_from=month("2027-02"), amount=euro(5))
    assert [(goal.valid_from, goal.amount) for goal in goals.all()] == [(month("2027-02"), euro(5))]
    goals.remove(first)
    assert goals.all() == []
    store.undo()
    store.undo()
    assert everything(store) == before


@pytest.mark.parametrize(
    ("span", "begin", "amount", "field"),
    [
        (GoalSpan.MONTH, month("2027-01"), Money(-1, "EUR"), "amount"),
        (GoalSpan.MONTH, month("2027-01"), Money(MAX_MINOR + 1, "EUR"), "amount"),
        (GoalSpan.MONTH, month("2027-01"), Money(1, "CHF"), "amount"),
        (GoalSpan.QUARTER, month("2027-02"), Money(1, "EUR"), "valid_from"),
        (GoalSpan.YEAR, month("2027-04"), Money(1, "EUR"), "valid_from"),
        (GoalSpan.MONTH, 0, Money(1, "EUR"), "valid_from"),
        (GoalSpan.MONTH, 10**15, Money(1, "EUR"), "valid_from"),
    ],
)
def test_what_makes_no_sense_is_refused_at_its_field(
    store: Store, goals: Goals, span: GoalSpan, begin: int, amount: Money, field: str
) -> None:
    known = goals.set(GoalSpan.MONTH, month("2026-01"), euro(1))
    before, count = everything(store), steps(store)
    with pytest.raises(InvalidInput) as error:
        goals.set(span, begin, amount)
    assert error.value.field == field
    with pytest.raises(InvalidInput) as error:
        goals.edit(known, span=span, valid_from=begin, amount=amount)
    assert error.value.field == field
    assert everything(store) == before
    assert steps(store) == count


def test_a_goal_that_is_gone_or_of_nobody_is_refused(goals: Goals) -> None:
    with pytest.raises(InvalidInput):
        goals.set(GoalSpan.MONTH, month("2026-01"), euro(1), 999)
    gone = goals.set(GoalSpan.MONTH, month("2026-01"), euro(1))
    other = goals.set(GoalSpan.MONTH, month("2026-02"), euro(1))
    with pytest.raises(InvalidInput):
        goals.edit(other, valid_from=month("2026-01"))
    goals.remove(gone)
    with pytest.raises(NotFound):
        goals.remove(gone)
    with pytest.raises(NotFound):
        goals.edit(gone, amount=euro(2))


def test_attainment_gap_and_coverage(store: Store, goals: Goals) -> None:
    add_lead(store, "Won", status=Status.WON, amount=300, period=("2027-01", "2027-01"))
    add_lead(store, "Open", amount=400, probability=50, period=("2027-02", "2027-02"))
    goals.set(GoalSpan.QUARTER, month("2027-01"), euro(1_000))
    result = Forecast(store).months(month("2027-01"), month("2027-03"))
    found = attained(result.months, goals.months(month("2027-01"), month("2027-03")))
    assert found == Attainment(month("2027-01"), month("2027-03"), 100_000, 30_000, 10_000, 40_000)
    assert (found.share, found.gap) == (Decimal("0.3"), 60_000)
    assert found.coverage == Decimal(40_000) / 70_000


def test_where_the_goal_is_reached_there_is_no_coverage() -> None:
    sums = (Month(1, Sums(900, 50, 100, 2), 1), Month(2, Sums(200, 0, 0, 1), 2), Month(3, Sums(5, 5, 5, 1), 3))
    found = attained(sums, (1_000, 100, None))
    assert found is not None
    assert (found.goal, found.secured, found.gap, found.coverage) == (1_100, 1_100, -50, None)
    assert attained(sums, (None, None, None)) is None


def test_where_nothing_of_a_goal_falls_to_the_months_there_is_nothing_to_attain(goals: Goals) -> None:
    goals.set(GoalSpan.YEAR, month("2027-01"), Money(5, "EUR"))
    year = goals.months(month("2027-01"), month("2027-12"))
    found = [Month(month("2027-01") + place, Sums(1, 0, 0, 1), month("2027-01") + place) for place in range(12)]
    assert attained(found[:3], year[:3]) is None
    whole = attained(found, year)
    assert whole is not None
    assert whole.share == Decimal(12) / 5


def test_of_a_person_the_own_leads_count(store: Store, goals: Goals) -> None:
    add_lead(store, status=Status.WON, amount=300, period=("2027-01", "2027-01"), user_id=1)
    add_lead(store, status=Status.WON, amount=500, period=("2027-01", "2027-01"))
    goals.set(GoalSpan.MONTH, month("2027-01"), euro(600), 1)
    january = (month("2027-01"), month("2027-01"))
    found = attained(Forecast(store).months(*january, of=Scope(1)).months, goals.months(*january, 1))
    assert found is not None
    assert found.share == Decimal("0.5")


def test_another_base_currency_takes_the_goals_along(store: Store, goals: Goals) -> None:
    add_rate(store, "CHF", date(2026, 1, 1), "0.8")
    add_rate(store, "CHF", date(2027, 1, 1), "1.25")
    for begin in ("2025-06", "2026-06", "2027-01"):
        goals.set(GoalSpan.MONTH, month(begin), euro(1_000))
    before = everything(store)
    Rates(store).set_base_currency("CHF")
    assert [goal.amount for goal in goals.all()] == [Money.of(amount, "CHF") for amount in (800, 1_250, 1_250)]
    assert goals.months(month("2026-06"), month("2026-06")) == (125_000,)
    assert check(store).problems == ()
    store.undo()
    assert everything(store) == before


def test_a_goal_that_cannot_be_converted_waits_for_its_currency(store: Store, goals: Goals) -> None:
    goals.set(GoalSpan.MONTH, month("2026-06"), euro(1_000))
    Rates(store).set_base_currency("USD")
    assert goals.all()[0].amount == euro(1_000)
    assert goals.months(month("2026-06"), month("2026-06")) == (None,)
    Rates(store).set_base_currency("EUR")
    assert goals.months(month("2026-06"), month("2026-06")) == (100_000,)


def test_a_refusal_is_said_in_words(goals: Goals) -> None:
    with pytest.raises(TrichterError, match="January, April"):
        goals.set(GoalSpan.QUARTER, month("2027-02"), euro(1))
