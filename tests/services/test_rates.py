"""Rates by hand: open leads count at today's, closed ones at that of their closing day."""

from collections.abc import Callable
from datetime import date, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest

from app.core.clock import FixedClock
from app.core.errors import InvalidInput, NotFound
from app.core.money import MAX_MINOR, Money
from app.core.terms import Budget, Status
from app.models import derived
from app.models.store import Store
from app.services.leads import Leads
from app.services.rates import Rates
from tests.services.seen import everything, steps, told, value, values
from tests.stores import TODAY, month

DAY = timedelta(days=1)
TOTALS = "SELECT total_base FROM lead ORDER BY id"


@pytest.fixture
def rates(store: Store) -> Rates:
    return Rates(store)


@pytest.fixture
def leads(store: Store) -> Leads:
    return Leads(store)


def test_t3_currencies_are_converted_before_they_are_added(store: Store, rates: Rates, leads: Leads) -> None:
    leads.create(Status.ACTIVE, title="Euro", amount=Money.of(50, "EUR"), probability=100)
    leads.create(Status.ACTIVE, title="Dollar", amount=Money.of(50, "USD"), probability=100)
    assert values(store, "SELECT sum(total_base), count(total_base) FROM lead") == [(5_000, 1)]  # ohne Kurs
    rates.set("USD", TODAY - DAY, "0.9455")
    assert values(store, "SELECT total_base, weighted_base FROM lead ORDER BY id") == [(5_000, 2_500), (4_728, 2_364)]


def test_total_first_then_converted_then_rounded_once(store: Store, rates: Rates, leads: Leads) -> None:
    rates.set("CHF", TODAY, "1.0005")
    leads.create(
        Status.ACTIVE, title="Retainer", amount=Money(1001, "CHF"), budget=Budget.MONTHLY, probability=67,
        period=(month("2027-01"), month("2027-03")),
    )  # fmt: skip
    # 3 × 10.01 = 30.03 CHF = 30.045015 EUR, rounded 30.05; at 33.5 % 10.07
    assert values(store, "SELECT total_base, weighted_base, month_base FROM lead") == [(3005, 1007, 1001)]


def test_a_new_rate_leaves_last_years_figures_alone(
    store: Store, rates: Rates, leads: Leads, clock: FixedClock
) -> None:  # trap T20
    rates.set("CHF", date(2025, 1, 1), "0.95")
    won = leads.create(Status.ACTIVE, title="Won", amount=Money.of(1000, "CHF"), activated_on=date(2025, 1, 2))
    leads.create(Status.ACTIVE, title="Open", amount=Money.of(1000, "CHF"))
    leads.close([won], Status.WON, on=date(2025, 12, 31))
    (change,) = told(store, lambda: rates.set("CHF", date(2026, 1, 1), "1.05"))
    assert values(store, TOTALS) == [(95_000,), (105_000,)]
    assert change.touched == {won, won + 1}
    leads.edit([won], closed_on=date(2026, 1, 1))
    assert values(store, TOTALS) == [(105_000,), (105_000,)]
    leads.edit([won], closed_on=date(2025, 1, 2))
    rates.set("CHF", date(2025, 6, 1), "9")  # later than the closing, before today's rate
    assert values(store, TOTALS) == [(95_000,), (105_000,)]


def test_before_its_first_rate_a_closed_lead_has_none(store: Store, rates: Rates, leads: Leads) -> None:
    lead = leads.create(Status.ACTIVE, title="Alt", amount=Money.of(1000, "CHF"), activated_on=date(2024, 1, 1))
    leads.close([lead], Status.WON, on=date(2024, 6, 1))
    rates.set("CHF", date(2024, 6, 2), "0.95")
    assert values(store, "SELECT total_base, month_base, forecast_first FROM lead") == [(None, None, month("2024-06"))]
    leads.reopen([lead])
    assert values(store, TOTALS) == [(95_000,)]


def test_a_rate_of_tomorrow_holds_from_tomorrow(store: Store, rates: Rates, leads: Leads, clock: FixedClock) -> None:
    rates.set("CHF", TODAY, "0.95")
    rates.set("CHF", TODAY + DAY, "0.90")
    leads.create(title="Idee", amount=Money.of(1000, "CHF"))
    leads.create(title="Euro", amount=Money.of(1000, "EUR"))
    assert values(store, TOTALS) == [(95_000,), (100_000,)]
    assert rates.turn_of_day() == 0
    clock.instant += DAY
    count = steps(store)
    assert rates.turn_of_day() == 1
    assert values(store, TOTALS) == [(90_000,), (100_000,)]
    assert steps(store) == count
    with store.maintenance() as connection:
        assert derived.differing(connection, store.today()) == []


def test_one_rate_a_day(store: Store, rates: Rates) -> None:
    first = rates.set(" chf ", TODAY, "0,9455")
    assert rates.set("CHF", TODAY, Decimal("0.9512")) == first
    rates.set("CHF", TODAY - DAY, "1")
    rates.set("AUD", TODAY, "0.6")
    assert [(rate.currency, rate.valid_from, rate.rate) for rate in rates.all()] == [
        ("AUD", TODAY, Decimal("0.6")), ("CHF", TODAY, Decimal("0.9512")), ("CHF", TODAY - DAY, Decimal(1))
    ]  # fmt: skip


def test_without_its_rate_a_lead_is_in_no_sum(store: Store, rates: Rates, leads: Leads) -> None:
    rate = rates.set("CHF", TODAY, "0.95")
    leads.create(Status.ACTIVE, title="x", amount=Money.of(1000, "CHF"))
    before = everything(store)
    rates.delete(rate)
    assert values(store, "SELECT total_base, weighted_base FROM lead") == [(None, None)]
    assert rates.all() == []
    for gone in (rate, 99):
        with pytest.raises(NotFound):
            rates.delete(gone)
    store.undo()
    assert everything(store) == before


REFUSED = [
    ("", "1", "currency"), ("EU", "1", "currency"), ("EURO", "1", "currency"), ("€€€", "1", "currency"),
    ("E1R", "1", "currency"), ("EUR", "1", "currency"), ("CHF", "0", "rate"), ("CHF", "-1", "rate"),
    ("CHF", "", "rate"), ("CHF", "one", "rate"), ("CHF", "NaN", "rate"), ("CHF", "Infinity", "rate"),
    ("CHF", "0.0000009", "rate"), ("CHF", "1000001", "rate"), ("CHF", "1.234,5", "rate"), ("CHF", "1e400", "rate"),
]  # fmt: skip


@pytest.mark.parametrize(("currency", "rate", "field"), REFUSED)
def test_what_is_no_rate(store: Store, rates: Rates, currency: str, rate: str, field: str) -> None:
    count = steps(store)
    with pytest.raises(InvalidInput) as error:
        rates.set(currency, TODAY, rate)
    assert error.value.field == field
    assert steps(store) == count


def test_the_largest_amount_at_the_largest_rate_is_no_sum(store: Store, rates: Rates, leads: Leads) -> None:
    lead = leads.create(Status.ACTIVE, title="x", amount=Money(MAX_MINOR, "JPY"), probability=200)
    rates.set("JPY", TODAY, "1000000")
    assert value(store, "SELECT total_base FROM lead") is None
    rates.set("JPY", TODAY, "1")
    leads.duplicate([lead] * 2)
    for _ in range(5):
        leads.duplicate([row[0] for row in values(store, "SELECT id FROM lead")])
    assert values(store, "SELECT sum(total_base), sum(weighted_base) FROM lead") == [(6400 * MAX_MINOR,) * 2]


def test_a_rate_of_many_places_is_kept_to_twelve(store: Store, rates: Rates) -> None:
    rates.set("CHF", TODAY, "0." + "3" * 60)
    rates.set("USD", TODAY, "0.90")
    assert [str(rate.rate) for rate in rates.all()] == ["0.333333333333", "0.90"]


def test_another_base_currency_and_back(store: Store, rates: Rates, leads: Leads) -> None:
    rates.set("CHF", TODAY, "0.95")
    leads.create(title="Franken", amount=Money.of(1000, "CHF"))
    leads.create(title="Euro", amount=Money.of(1000, "EUR"))
    before = everything(store)
    seen: list[str] = []
    stop = store.feed.subscribe(lambda change: seen.append(store.facts.base_currency))
    rates.set_base_currency("chf")
    assert values(store, TOTALS) == [(100_000,), (105_263,)]  # 1 EUR is worth 1 / 0.95 CHF
    rates.set("EUR", TODAY, "1.05")
    assert values(store, TOTALS) == [(100_000,), (105_000,)]
    assert store.facts.base_currency == "CHF"
    store.undo()
    store.undo()
    assert everything(store) == before
    assert store.facts.base_currency == "EUR"
    assert seen == ["CHF", "CHF", "CHF", "EUR"]  # whoever hears of it can rely on the facts
    stop()
    with pytest.raises(InvalidInput):
        rates.set_base_currency("Euro")


def test_rates_follow_the_base_currency(store: Store, rates: Rates) -> None:
    rates.set("CHF", date(2026, 1, 1), "0.8")
    rates.set("CHF", date(2026, 6, 1), "1")
    rates.set("USD", date(2025, 1, 1), "0.5")
    rates.set("USD", date(2026, 3, 1), "0.9")
    before = everything(store)
    rates.set_base_currency("CHF")
    assert [(rate.currency, rate.valid_from.isoformat(), str(rate.rate)) for rate in rates.all()] == [
        ("EUR", "2026-06-01", "1"), ("EUR", "2026-01-01", "1.25"),
        ("USD", "2026-06-01", "0.9"), ("USD", "2026-03-01", "1.125"), ("USD", "2026-01-01", "0.625"),
    ]  # fmt: skip
    store.undo()
    assert everything(store) == before


def test_without_a_rate_between_the_two_no_rate_is_left(store: Store, rates: Rates) -> None:
    rates.set("USD", TODAY, "0.9")
    rates.set_base_currency("CHF")
    assert rates.all() == []
    rates.set_base_currency("chf")
    assert store.undo() is not None
    assert [rate.currency for rate in rates.all()] == ["USD"]


def test_the_clock_that_was_handed_in_survives_new_facts(store: Store, rates: Rates) -> None:
    clock: Callable[[], date] = store.today
    rates.set_base_currency("CHF")
    assert clock() == TODAY
    assert store.zone == ZoneInfo("Europe/Berlin")
