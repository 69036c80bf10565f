"""Asking for the time."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from app.core.clock import FixedClock, SystemClock, monotonic

BERLIN = ZoneInfo("Europe/Berlin")


def test_a_fixed_clock_stands_still_until_it_is_set() -> None:
    clock = FixedClock.at(date(2026, 7, 1), BERLIN, hour=9)
    assert clock.now() == datetime(2026, 7, 1, 7, tzinfo=UTC)
    clock.instant += timedelta(hours=15)
    assert clock.today() == date(2026, 7, 2)


def test_the_day_is_that_of_the_store_and_not_of_greenwich() -> None:
    late = datetime(2026, 12, 31, 23, 30, tzinfo=UTC)
    assert FixedClock(late, BERLIN).today() == date(2027, 1, 1)
    assert FixedClock(late, ZoneInfo("America/New_York")).today() == date(2026, 12, 31)


def test_the_system_clock_is_aware() -> None:
    clock = SystemClock(BERLIN)
    before = clock.now()
    assert before.utcoffset() == timedelta(0)
    assert clock.today() in {(before + timedelta(hours=hours)).astimezone(BERLIN).date() for hours in (0, 1)}


def test_measured_time_never_runs_back() -> None:
    assert monotonic() <= monotonic()
