"""A report of a given day: its rates count, whatever day the store was used on last, and nothing is stored for it."""

from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import text
from sqlalchemy.exc import OperationalError

from app.core.clock import FixedClock
from app.core.terms import Budget, Status
from app.models.store import Store
from app.services.rates import Rates
from tests.services.seen import everything, statements
from tests.stores import TODAY, ZONE, add_lead, add_rate, reopened

VALUES = "SELECT id, total_base, weighted_base, month_base, month_weighted FROM lead ORDER BY id"
DAYS = [TODAY + timedelta(days=days) for days in (-400, -30, -20, 0, 5, 40)]


@pytest.fixture
def filled(store: Store) -> Store:
    """Leads of every kind, in currencies whose rates come and go around today."""
    for days, rate in ((-300, "0.5"), (-20, "0.9"), (0, "0.97"), (30, "1.5")):
        add_rate(store, "USD", TODAY + timedelta(days=days), rate)
    add_rate(store, "CHF", TODAY - timedelta(days=500), "1.0005")
    add_rate(store, "JPY", TODAY - timedelta(days=25), "0.0061")
    for currency in ("EUR", "USD", "CHF", "JPY", "SEK"):
        for status in Status:
            add_lead(store, f"{currency} {status}", status=status, currency=currency, amount=1001)
        add_lead(store, "Monthly", currency=currency, budget=Budget.MONTHLY, period=("2027-01", "2027-03"))
        add_lead(store, "Own share", currency=currency, probability=67, period=("2027-01", "2027-07"))
    Rates(store).turn_of_day()
    return store


@pytest.fixture
def other(folder: Path, filled: Store) -> Iterator[Store]:
    """Another reader of the same file."""
    opened = reopened(folder)
    yield opened
    opened.close()


def _read(store: Store) -> list[Any]:
    with store.read() as connection:
        return list(connection.execute(text(VALUES)).all())


@pytest.mark.parametrize("day", DAYS, ids=str)
def test_the_figures_are_those_of_that_day(filled: Store, other: Store, clock: FixedClock, day: date) -> None:
    other.given_day = day
    stored, answer = _read(filled), _read(other)
    assert _read(filled) == stored  # nobody else sees anything of it
    clock.instant = FixedClock.at(day, ZONE).instant
    Rates(filled).turn_of_day()
    assert answer == _read(filled)
    assert answer == _read(other)


def test_a_report_writes_nothing(filled: Store, other: Store) -> None:
    before = everything(filled)
    other.given_day = DAYS[0]
    assert _read(other) != _read(filled)
    with other.read() as connection, pytest.raises(OperationalError):
        connection.execute(text("DELETE FROM main.lead"))
    assert everything(filled) == before


def test_what_is_written_meanwhile_counts_at_once(filled: Store, other: Store) -> None:
    other.given_day = DAYS[1]
    _read(other)
    lead = add_lead(other, "New", currency="USD", amount=100, probability=200)
    assert _read(other)[-1] == (lead, 50_00, 50_00, 50_00, 50_00)
    add_rate(filled, "USD", DAYS[1], "0.6")
    assert _read(other)[-1] == (lead, 60_00, 60_00, 60_00, 60_00)
    assert _read(filled)[-1] == (lead, 97_00, 97_00, 97_00, 97_00)


def test_an_error_while_reading_leaves_the_figures_right(filled: Store, other: Store) -> None:
    right = _read(other)
    other.given_day = DAYS[0]
    with pytest.raises(ZeroDivisionError), other.read():
        raise ZeroDivisionError
    assert _read(other) != right
    other.given_day = TODAY
    with pytest.raises(ZeroDivisionError), other.read():
        raise ZeroDivisionError
    assert _read(other) == right


def test_without_a_given_day_nothing_is_asked_for_it(filled: Store, other: Store) -> None:
    assert statements(filled, lambda: _read(filled)) == 1
    other.given_day = TODAY
    _read(other)
    assert _plan(other) == _plan(filled)  # the rates are the same: still answered by the index alone
    other.given_day = DAYS[0]
    assert _plan(other) != _plan(filled)


def _plan(store: Store) -> list[str]:
    with store.read() as connection:
        rows = connection.execute(text("EXPLAIN QUERY PLAN SELECT sum(total_base) FROM lead WHERE status = 'won'"))
        return [row.detail for row in rows]
