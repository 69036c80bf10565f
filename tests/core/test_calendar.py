"""Days and months as numbers."""

from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from app.core.calendar import day_number, day_of, first_day, last_day, month_number

DAYS = st.dates(date(1900, 1, 1), date(2199, 12, 31))


def test_the_origin() -> None:
    assert day_number(date(1970, 1, 1)) == 0
    assert day_number(date(1969, 12, 31)) == -1
    assert month_number(date(2027, 1, 31)) == 2027 * 12


def test_leap_years() -> None:
    assert last_day(month_number(date(2028, 2, 1))) == date(2028, 2, 29)
    assert last_day(month_number(date(2100, 2, 1))) == date(2100, 2, 28)


@given(DAYS)
def test_a_day_and_back(day: date) -> None:
    assert day_of(day_number(day)) == day
    assert day_number(day + timedelta(days=1)) == day_number(day) + 1


@given(DAYS)
def test_a_day_lies_in_its_month(day: date) -> None:
    month = month_number(day)
    assert first_day(month) <= day <= last_day(month)
    assert first_day(month).day == 1
    assert last_day(month) + timedelta(days=1) == first_day(month + 1)
