"""Birthdays as cards write them, with and without a year."""

import re

from app.core.parse.days import MONTHS
from app.services.cards.card import Birthday

_TIME = r"(?:[T ].*)?"
_ISO = re.compile(r"(\d{4})([-/.]?)(\d{1,2})\2(\d{1,2})" + _TIME, re.ASCII)
_NO_YEAR = re.compile(r"--(\d{2})-?(\d{2})" + _TIME, re.ASCII)
_DOTTED = re.compile(r"(\d{1,2})\. ?(\d{1,2})\.(?: ?(\d{4}))?" + _TIME, re.ASCII)
_SLASHED = re.compile(r"(\d{1,2})[/-](\d{1,2})[/-](\d{4})", re.ASCII)
_DAY_FIRST = re.compile(r"(\d{1,2})[.]? ?([a-zäöü]+)[.,]?(?: ?(\d{4}))?", re.ASCII)
_MONTH_FIRST = re.compile(r"([a-zäöü]+)[.]? (\d{1,2})(?:st|nd|rd|th)?(?:,? (\d{4}))?", re.ASCII)
#: What programs write where they have to write a year: Apple 1604, others the first they know.
_NO_YEARS = frozenset({0, 1, 1604})


def birthday(text: str, omitted: str = "") -> Birthday | None:
    """The day a text means, None if it means none or two. `omitted` is a year that stands for none."""
    words = text.strip()
    if found := _ISO.fullmatch(words):
        return _day(found[1], found[3], found[4], omitted)
    if found := _NO_YEAR.fullmatch(words):
        return _day(None, found[1], found[2])
    if found := _DOTTED.fullmatch(words):
        return _day(found[3], found[2], found[1], omitted)
    if found := _SLASHED.fullmatch(words):
        first, second = int(found[1]), int(found[2])
        readings = {_day(found[3], month, day, omitted) for month, day in ((first, second), (second, first))} - {None}
        return readings.pop() if len(readings) == 1 else None
    return _named(words.lower())


def _named(words: str) -> Birthday | None:
    if found := _DAY_FIRST.fullmatch(words):
        day, month, year = found.groups()
    elif found := _MONTH_FIRST.fullmatch(words):
        month, day, year = found.groups()
    else:
        return None
    return _day(year, MONTHS[month], day) if month in MONTHS else None


def _day(year: str | None, month: str | int, day: str | int, omitted: str = "") -> Birthday | None:
    known = None if year is None or year == omitted or int(year) in _NO_YEARS else int(year)
    try:
        return Birthday(int(month), int(day), known)
    except ValueError:
        return None
