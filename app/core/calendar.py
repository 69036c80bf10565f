"""Days and months as whole numbers: what the tables store, and what ages and periods are reckoned with.

A *day number* counts days since 1970-01-01. A *month number* is year * 12 + month - 1, so a service period of whole
months is two numbers and cannot begin in the middle of a month.
"""

from datetime import date, timedelta

DAYS_OF_WEEK = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")

_EPOCH = date(1970, 1, 1).toordinal()


def day_number(day: date) -> int:
    """Days since 1970-01-01."""
    return day.toordinal() - _EPOCH


def day_of(number: int) -> date:
    """The inverse of `day_number`."""
    return date.fromordinal(number + _EPOCH)


def month_number(day: date) -> int:
    """The month a day lies in."""
    return day.year * 12 + day.month - 1


def first_day(month: int) -> date:
    """First day of a month number."""
    return date(month // 12, month % 12 + 1, 1)


def last_day(month: int) -> date:
    """Last day of a month number."""
    return date.fromordinal(first_day(month + 1).toordinal() - 1)


def last_year(today: date) -> date:
    """The first day of the twelve months that end today."""
    day = today + timedelta(days=1)
    return day.replace(year=day.year - 1) if (day.month, day.day) != (2, 29) else day.replace(year=day.year - 1, day=28)
