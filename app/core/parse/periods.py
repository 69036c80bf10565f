"""Service periods, whole months, as people type them."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from app.core.calendar import last_day, month_number
from app.core.errors import InvalidInput
from app.core.i18n import Text
from app.core.parse.cleaning import clean
from app.core.parse.days import MONTHS, existing, full_year

_YEAR = "([0-9]{4}|[0-9]{2})"
_AHEAD = re.compile(r"\+ ?([0-9]{1,3}) ?(?:m|mo|monate?|months?)")
_NAMED = re.compile(f"([a-zäöü]+)[.]?[ /']?{_YEAR}?")
_NUMERIC = re.compile(f"([0-9]{{1,2}})[./]{_YEAR}")
_ISO = re.compile("([0-9]{4})-([0-9]{1,2})")
_QUARTER = re.compile(f"(?:q ?([1-4])|([1-4])[.] ?quartal)(?:[ /']?{_YEAR})?")
_YEAR_QUARTER = re.compile("([0-9]{4})[ /-]?q([1-4])")
_ISO_DAY = re.compile("([0-9]{4})-([0-9]{1,2})-([0-9]{1,2})")
_DAY = re.compile(f"([0-9]{{1,2}})[.](0?[1-9]|1[0-2])[.]{_YEAR}?")
_BARE = re.compile("(1[0-2]|0?[1-9])[.]?")
_BETWEEN = re.compile(r" ?(?:[.]{2,3}|-| bis | to ) ?")


@dataclass(frozen=True)
class _Span:
    """Some months of a year that may be open: `month` from 0, how many, and the day where one was named."""

    year: int | None
    month: int
    count: int = 1
    day: int | None = None

    def first_from(self, earliest: int) -> int:
        """Its first month number; without a year the next such span that does not end before `earliest`."""
        if self.year is not None:
            return self.year * 12 + self.month
        start = earliest - self.count + 1
        return start + (self.month - start) % 12


def months(text: str, today: date, *, field: str | None = None) -> tuple[int, int]:
    """First and last month number of a period: Jan-Apr 27, 1/27-4/27, Mär 27, 2027, Q1 27, 01.01.2027-30.04.2027.

    +3m are the three months after this one. Where only the end has a year, the beginning is the last such month
    before it; without any year it is the next such month, this one included.
    """
    words = clean(text, field)
    ahead = _AHEAD.fullmatch(words)
    this = month_number(today)
    if ahead and int(ahead[1]) > 0:
        return _checked(this + 1, this + int(ahead[1]), field)
    for left, right in _readings(words, today, field):
        return _resolved(left, right, this, field)
    hint = Text("Write for example Jan-Apr 27, 1/27-4/27 or Q1 27.")
    raise InvalidInput(Text("“{text}” is not a period.", text=text.strip()), hint, field)


def _readings(words: str, today: date, field: str | None) -> Iterator[tuple[_Span, _Span]]:
    """As one span, or as two around any separator at which both sides make sense."""
    if span := _span(words, today, field):
        yield span, span
    for between in _BETWEEN.finditer(words):
        before, after = words[: between.start()], words[between.end() :]
        bare = _BARE.fullmatch(before)
        left = _Span(None, int(bare[1]) - 1) if bare else _span(before, today, field)
        right = _span(after, today, field)
        if left and right:
            yield left, right


def _span(words: str, today: date, field: str | None) -> _Span | None:
    """One month, quarter, year or day."""
    if found := _DAY.fullmatch(words):
        return _day_span(_year(found[3], today), int(found[2]), int(found[1]), field)
    if found := _ISO_DAY.fullmatch(words):
        return _day_span(int(found[1]), int(found[2]), int(found[3]), field)
    if found := _QUARTER.fullmatch(words):
        return _Span(_year(found[3], today), int(found[1] or found[2]) * 3 - 3, 3)
    if found := _YEAR_QUARTER.fullmatch(words):
        return _Span(int(found[1]), int(found[2]) * 3 - 3, 3)
    return _month_span(words, today, field)


def _month_span(words: str, today: date, field: str | None) -> _Span | None:
    if (found := _NAMED.fullmatch(words)) and found[1] in MONTHS:
        return _Span(_year(found[2], today), MONTHS[found[1]] - 1)
    if found := _NUMERIC.fullmatch(words):
        first = existing(full_year(found[2], today), int(found[1]), 1, field)
    elif found := _ISO.fullmatch(words):
        first = existing(int(found[1]), int(found[2]), 1, field)
    else:
        return _Span(int(words), 0, 12) if re.fullmatch("[0-9]{4}", words) else None
    return _Span(first.year, first.month - 1)


def _day_span(year: int | None, month: int, number: int, field: str | None) -> _Span:
    if year is not None:
        existing(year, month, number, field)
    return _Span(year, month - 1, day=number)


def _year(typed: str | None, today: date) -> int | None:
    return None if typed is None else full_year(typed, today)


def _resolved(left: _Span, right: _Span, this: int, field: str | None) -> tuple[int, int]:
    """The months of two spans, either of which may lack its year."""
    if left.year is None and right.year is not None:
        end = right.first_from(this) + right.count - 1
        first = end - (end - left.month) % 12
    else:
        first = left.first_from(this)
        end = right.first_from(first) + right.count - 1
    if left.day not in {None, 1} or (right.day and last_day(end).day != right.day):
        title = Text("A service period consists of whole months.")
        raise InvalidInput(title, Text("It runs from the first day of a month to the last day of one."), field)
    return _checked(first, end, field)


def _checked(first: int, last: int, field: str | None) -> tuple[int, int]:
    if last < first:
        raise InvalidInput(Text("The period ends before it begins."), field=field)
    for month in (first, last):
        existing(month // 12, month % 12 + 1, 1, field)
    return first, last
