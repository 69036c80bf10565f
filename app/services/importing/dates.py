"""Days and months as other programs write them, read in exactly one way.

A day such as 03/04/2026 has two readings; which holds is decided for the whole column (`app.services.importing.scan`)
and given here as `order`: "dmy", "mdy" or "ymd".
"""

import re
from calendar import monthrange
from datetime import date, datetime, timedelta, tzinfo
from typing import NamedTuple

from app.core.calendar import day_number, month_number
from app.core.parse.days import FIRST_YEAR, LAST_YEAR, MONTHS, full_year

ORDERS = ("dmy", "mdy", "ymd")

_TIME = r"(?:[T,]? ?(\d{1,2}):(\d{2})(?::\d{2}(?:[.,]\d+)?)? ?([ap]m)?)?"
_ISO = re.compile(r"(\d{4})([-/.])(\d{1,2})\2(\d{1,2})" + _TIME, re.IGNORECASE)
_NUMERIC = re.compile(r"(\d{1,2})([-/.])(\d{1,2})\2(\d{4}|\d{2})" + _TIME, re.IGNORECASE)
_ZONED = re.compile(r"\d{4}-\d{2}-\d{2}[T ]\d{2}:\d{2}(?::\d{2}(?:\.\d+)?)? ?(?:Z|[+-]\d{2}:?\d{2})", re.IGNORECASE)
_COMPACT = re.compile(r"(19|20|21)\d{6}")
_SERIAL = re.compile(r"(\d{5})(?:\.\d+)?")
_DAY_FIRST = re.compile(r"(\d{1,2})(?:[.]|st|nd|rd|th)?[ -]?([a-zäöü]+)[.]?,?[ -]?(\d{4}|\d{2})" + _TIME)
_MONTH_FIRST = re.compile(r"([a-zäöü]+)[.]? ?(\d{1,2})(?:st|nd|rd|th)?,? (\d{4})" + _TIME)
_YEAR_MONTH = re.compile(r"(\d{4})[-/.](\d{1,2})")
_MONTH_YEAR = re.compile(r"(\d{1,2})[-/.](\d{4})")
_NAMED_MONTH = re.compile(r"([a-zäöü]+)[.]?[ -]?(\d{4}|\d{2})")
#: Spreadsheets count days from here; numbers for 1954 to 2118 are taken for days.
_SERIAL_START = date(1899, 12, 30)
_SERIALS = range(20_000, 80_000)


class Moment(NamedTuple):
    """A day number, and minutes after midnight if a time was given."""

    day: int
    minute: int | None = None


def orders_of(text: str) -> frozenset[str] | None:
    """The orders in which a written day exists. None if there is nothing to decide: it is no such day, is written
    in a way that leaves no doubt, or means the same day in every order."""
    found = _NUMERIC.fullmatch(text.strip())
    if found is None:
        return None
    first, second = int(found[1]), int(found[3])
    iso_like = found[2] == "-" and has_short_year(text) and 1 <= int(found[4]) <= 31  # 26-04-03
    if first == second and not iso_like:
        return None
    months = (("dmy", second), ("mdy", first), *((("ymd", second),) if iso_like else ()))
    return frozenset(order for order, month in months if 1 <= month <= 12) or None


def has_short_year(text: str) -> bool:
    """Whether a written day ends in two digits, which alone can be a day behind its year and month."""
    found = _NUMERIC.fullmatch(text.strip())
    return found is not None and len(found[4]) == 2


def dotted(text: str) -> bool:
    """Whether a day is written with dots: 3.4.2026, which nobody means as March."""
    found = _NUMERIC.fullmatch(text.strip())
    return found is not None and found[2] == "."


def read_moment(text: str, order: str | None, zone: tzinfo, today: date) -> Moment | None:
    """The day (and time) that `text` means, or None if it means none."""
    words = " ".join(text.split())
    if found := _ISO.fullmatch(words):
        return _moment((int(found[1]), int(found[3]), int(found[4])), found.groups()[4:])
    if found := _NUMERIC.fullmatch(words):
        return _moment(_ordered(found, order, today), found.groups()[4:])
    if _ZONED.fullmatch(words):
        return _zoned(words, zone)
    return _rare(words.casefold(), today)


def _ordered(found: re.Match[str], order: str | None, today: date) -> tuple[int, int, int]:
    first, second, third = found[1], found[3], found[4]
    if order == "ymd" and len(third) == 2:
        return full_year(first.zfill(2), today), int(second), int(third)
    year = full_year(third, today)
    return (year, int(first), int(second)) if order == "mdy" else (year, int(second), int(first))


def _rare(words: str, today: date) -> Moment | None:
    """Compact days, days as spreadsheets count them, and months by name."""
    if _COMPACT.fullmatch(words):
        return _moment((int(words[:4]), int(words[4:6]), int(words[6:])))
    if (found := _SERIAL.fullmatch(words)) and int(found[1]) in _SERIALS:
        return Moment(day_number(_SERIAL_START + timedelta(days=int(found[1]))))
    if (found := _DAY_FIRST.fullmatch(words)) and found[2] in MONTHS:
        return _moment((full_year(found[3], today), MONTHS[found[2]], int(found[1])), found.groups()[3:])
    if (found := _MONTH_FIRST.fullmatch(words)) and found[1] in MONTHS:
        return _moment((int(found[3]), MONTHS[found[1]], int(found[2])), found.groups()[3:])
    return None


def _zoned(words: str, zone: tzinfo) -> Moment | None:
    try:
        local = datetime.fromisoformat(words.replace(" +", "+").replace(" -", "-").upper()).astimezone(zone)
    except (ValueError, OverflowError):
        return None
    return _moment((local.year, local.month, local.day), (str(local.hour), str(local.minute), None))


def _moment(day: tuple[int, int, int], clock: tuple[str | None, ...] = (None, None, None)) -> Moment | None:
    year, month, number = day
    if not (FIRST_YEAR <= year <= LAST_YEAR and 1 <= month <= 12 and 1 <= number <= monthrange(year, month)[1]):
        return None
    day_no = day_number(date(year, month, number))
    hour, minute, half = clock
    if hour is None or minute is None:
        return Moment(day_no)
    hours = int(hour) if half is None else int(hour) % 12 + (12 if half.lower() == "pm" else 0)
    return Moment(day_no, hours * 60 + int(minute)) if hours < 24 and int(minute) < 60 else None


def read_month(text: str, order: str | None, zone: tzinfo, today: date) -> int | None:
    """The month number that `text` means: a month, or the month of a day. None if it means none."""
    words = " ".join(text.split()).casefold()
    year = month = 0
    if found := _YEAR_MONTH.fullmatch(words):
        year, month = int(found[1]), int(found[2])
    elif found := _MONTH_YEAR.fullmatch(words):
        year, month = int(found[2]), int(found[1])
    elif (found := _NAMED_MONTH.fullmatch(words)) and found[1] in MONTHS:
        year, month = full_year(found[2], today), MONTHS[found[1]]
    if year:
        return year * 12 + month - 1 if FIRST_YEAR <= year <= LAST_YEAR and 1 <= month <= 12 else None
    moment = read_moment(text, order, zone, today)
    return None if moment is None else month_number(date.fromordinal(moment.day + date(1970, 1, 1).toordinal()))


def format_of(text: str, order: str | None) -> str | None:
    """How a day is written, for the report: 'yyyy-mm-dd', 'dd.mm.yyyy', 'mm/dd/yyyy' …; None if it is none."""
    words = " ".join(text.split())
    if found := _ISO.match(words):
        return found[2].join(("yyyy", "mm", "dd"))
    if found := _NUMERIC.fullmatch(words):
        year = "y" * len(found[4])
        parts = {"mdy": ("mm", "dd", year), "ymd": ("yy", "mm", "dd")}.get(order or "dmy", ("dd", "mm", year))
        return found[2].join(parts)
    if _COMPACT.fullmatch(words):
        return "yyyymmdd"
    return None
