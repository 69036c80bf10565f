"""Days and times of day as people type them."""

import re
from calendar import monthrange
from datetime import date

from app.core.errors import InvalidInput
from app.core.i18n import N_, Text
from app.core.parse.cleaning import LONGEST, clean

FIRST_YEAR, LAST_YEAR = 1900, 2199

_NEAR = {
    "vorgestern": -2, "gestern": -1, "yesterday": -1, "heute": 0, "today": 0,
    "morgen": 1, "tomorrow": 1, "übermorgen": 2, "uebermorgen": 2,
}  # fmt: skip
_WEEKDAYS = {
    word: number
    for number, words in enumerate((
        "mo mon montag monday", "di die dienstag tu tue tues tuesday", "mi mit mittwoch we wed wednesday",
        "do don donnerstag th thu thur thurs thursday", "fr fre freitag fri friday",
        "sa sam samstag sonnabend sat saturday", "so son sonntag su sun sunday",
    ))
    for word in words.split()
}  # fmt: skip
#: Names of months in German and English, with their number from 1.
MONTHS = {
    word: number
    for number, words in enumerate((
        "jan jän januar jänner january", "feb februar feber february", "mär mrz mar märz maerz march", "apr april",
        "mai may", "jun juni june", "jul juli july", "aug august", "sep sept september", "okt oct oktober october",
        "nov november", "dez dec dezember december",
    ), start=1)
    for word in words.split()
}  # fmt: skip
_UNITS = {
    "": "day",
    **dict.fromkeys(("d", "t", "tag", "tage", "tagen", "day", "days"), "day"),
    **dict.fromkeys(("w", "wo", "woche", "wochen", "week", "weeks"), "week"),
    **dict.fromkeys(("m", "mo", "monat", "monate", "monaten", "month", "months"), "month"),
    **dict.fromkeys(("j", "y", "jahr", "jahre", "jahren", "year", "years"), "year"),
}

_STEP = re.compile("([+-]) ?([0-9]{1,4}) ?([a-z]*)")
_DAYS_OF = {"day": 1, "week": 7, "month": 30, "year": 365}
_SPAN = re.compile("([0-9]{1,6}|[0-9]{1,3}[.,' ][0-9]{3}) ?([a-z]*)[.]?")
_ISO = re.compile("([0-9]{4})[-/.]([0-9]{1,2})[-/.]([0-9]{1,2})")
_NUMERIC = re.compile(r"([0-9]{1,2})([./-])([0-9]{1,2})(?:\2([0-9]{4}|[0-9]{2}))?\.?")
_SPACED = re.compile(r"([0-9]{1,2})(\.) ?([0-9]{1,2})\. ?([0-9]{4})")
_DAY_FIRST = re.compile("([0-9]{1,2})(?:[.]|st|nd|rd|th)? ?([a-zäöü]+)[.]?,?(?: ?([0-9]{4}|[0-9]{2}))?")
_MONTH_FIRST = re.compile("([a-zäöü]+)[.]? ?([0-9]{1,2})(?:st|nd|rd|th)?(?:,? ([0-9]{4}|[0-9]{2}))?")
_CLOCK = r"([0-9]{1,2})(?:[:.h]([0-9]{2}))? ?(uhr|h|am|pm)?"
_TIME = re.compile("(?:um |at )?" + _CLOCK)
_FOUR = re.compile("([0-9]{2})([0-9]{2})()")
_WEEK = re.compile("(?:kw|cw|week|woche) ?([0-9]{1,2})(?:[ /.-]([0-9]{4})|[/.]([0-9]{2}))?")
_NO_DATE = N_("“{text}” is not a date.")
#: Words that a day with its time has at most: 25 Nov 2026 um 9 Uhr.
_LONGEST_DAY = 7
_DAY_AND_TIME = re.compile("(.+?),? (?:um |at )?(" + _CLOCK + ")")


def day(text: str, today: date, *, field: str | None = None) -> date:
    """A day: heute, mo, +2w, KW 50, 31.12., 15.3.27, 2027-03-15, 25 Nov.

    A day without a year, and a weekday, is the next such day, today included; a week is its Monday, or today in it.
    """
    words = clean(text, field)
    if words in _NEAR:
        return _moved(today, "day", _NEAR[words], field)
    weekday = _WEEKDAYS.get(words.rstrip("."))
    if weekday is not None:
        return _moved(today, "day", (weekday - today.weekday()) % 7, field)
    step = _STEP.fullmatch(words)
    if step and step[3] in _UNITS:
        return _moved(today, _UNITS[step[3]], int(step[1] + step[2]), field)
    if week := _WEEK.fullmatch(words):
        return _monday(int(week[1]), week[2] or week[3], today, field)
    parts = _parts(words)
    if parts is None:
        hint = Text("Write for example 31.12., 15.3.27, mo or +2w.")
        raise InvalidInput(Text(_NO_DATE, text=text.strip()), hint, field)
    return _dated(*parts, today, field)


def birthday(text: str, today: date, unknown: int, *, field: str | None = None) -> date:
    """A day of birth: 3.4.1980, 3.4.80, 3 April 1980; without a year it is in the year `unknown`, which has all days.

    Of two digits of a year the one that was is meant.
    """
    parts = _parts(clean(text, field))
    if parts is None:
        hint = Text("Write for example 15.3.1980, or 15.3. if you do not know the year.")
        raise InvalidInput(Text(_NO_DATE, text=text.strip()), hint, field)
    typed, month, number = parts
    if typed is None or int(typed) == unknown:
        if not (1 <= month <= 12 and 1 <= number <= monthrange(unknown, month)[1]):
            raise InvalidInput(Text("There is no {day}.", day=f"{number}.{month}."), field=field)
        return date(unknown, month, number)
    year = int(typed)
    if len(typed) < 4:
        year += today.year // 100 * 100
        year -= 100 * (year > today.year)
    return existing(year, month, number, field)


def span(text: str, *, field: str | None = None) -> int:
    """A number of days: 30, 30 Tage, 6 weeks, 3 Monate (of 30 days), 1 Jahr."""
    found = _SPAN.fullmatch(clean(text, field))
    if found is None or (unit := _UNITS.get(found[2])) is None:
        raise InvalidInput(
            Text("“{text}” is not a number of days.", text=text.strip()[:40]),
            Text("Write for example 30, 6 weeks or 3 months."), field,
        )  # fmt: skip
    return int(re.sub("[.,' ]", "", found[1])) * _DAYS_OF[unit]


def _monday(week: int, typed: str | None, today: date, field: str | None) -> date:
    """The Monday of an ISO week; without a year of the next such week, and in the week that has begun today."""
    year = full_year(typed, today) if typed else today.isocalendar().year + (week < today.isocalendar().week)
    try:
        monday = date.fromisocalendar(year, week, 1)
    except ValueError:
        raise InvalidInput(Text("There is no week {n} in {year}.", n=week, year=str(year)), field=field) from None
    in_it = monday.isocalendar()[:2] == today.isocalendar()[:2]
    day = today if in_it else monday
    return existing(day.year, day.month, day.day, field)


def _parts(words: str) -> tuple[str | None, int, int] | None:
    """Year as typed (or None), month and day of a written date; None when it is none."""
    if found := _ISO.fullmatch(words):
        return found[1], int(found[2]), int(found[3])
    if found := _NUMERIC.fullmatch(words) or _SPACED.fullmatch(words):
        return found[4], int(found[3]), int(found[1])
    if (found := _DAY_FIRST.fullmatch(words)) and found[2] in MONTHS:
        return found[3], MONTHS[found[2]], int(found[1])
    if (found := _MONTH_FIRST.fullmatch(words)) and found[1] in MONTHS:
        return found[3], MONTHS[found[1]], int(found[2])
    return None


def _dated(typed: str | None, month: int, number: int, today: date, field: str | None) -> date:
    year = today.year + ((month, number) < (today.month, today.day)) if typed is None else full_year(typed, today)
    return existing(year, month, number, field)


def existing(year: int, month: int, number: int, field: str | None) -> date:
    """That day, refused when the calendar does not have it or nobody plans for it."""
    if not FIRST_YEAR <= year <= LAST_YEAR:
        title = Text("The year must lie between {first} and {last}.", first=str(FIRST_YEAR), last=str(LAST_YEAR))
        raise InvalidInput(title, field=field)
    if not (1 <= month <= 12 and 1 <= number <= monthrange(year, month)[1]):
        raise InvalidInput(Text("There is no {day}.", day=f"{number}.{month}.{year}"), field=field)
    return date(year, month, number)


def full_year(typed: str, today: date) -> int:
    """A year of four digits; of two digits the one nearest to today (fifty years back, forty-nine ahead)."""
    if len(typed) == 4:
        return int(typed)
    earliest = today.year - 50
    return earliest + (int(typed) - earliest) % 100


def _moved(today: date, unit: str, n: int, field: str | None) -> date:
    if unit in {"day", "week"}:
        number = today.toordinal() + n * (7 if unit == "week" else 1)
        target = date.fromordinal(number) if 0 < number <= date.max.toordinal() else date.max
        return existing(target.year, target.month, target.day, field)
    months = today.year * 12 + today.month - 1 + n * (12 if unit == "year" else 1)
    year, month = months // 12, months % 12 + 1
    if FIRST_YEAR <= year <= LAST_YEAR:  # the last day of a shorter month stands for 29 to 31
        return date(year, month, min(today.day, monthrange(year, month)[1]))
    return existing(year, month, 1, field)


def time_of_day(text: str, *, field: str | None = None) -> int:
    """Minutes since midnight: 14:00, 14.30, 9, 9 Uhr, 14h30, 0930, 2 pm."""
    words = clean(text, field)
    found = _TIME.fullmatch(words) or _FOUR.fullmatch(words)
    hour, minute, suffix = (int(found[1]), int(found[2] or 0), found[3]) if found else (24, 0, "")
    if suffix in {"am", "pm"}:
        hour = hour % 12 + 12 * (suffix == "pm") if 1 <= hour <= 12 else 24
    if hour > 23 or minute > 59:
        hint = Text("Write for example 14:00 or 9.")
        raise InvalidInput(Text("“{text}” is not a time of day.", text=text.strip()), hint, field)
    return hour * 60 + minute


def day_and_time(text: str, today: date, *, field: str | None = None) -> tuple[date, int | None]:
    """A day, and the minutes since midnight if a time stands after it: heute 14:00, mo 9, 31.12. um 9 Uhr."""
    found = _DAY_AND_TIME.fullmatch(clean(text, field))
    if found is None:
        return day(text, today, field=field), None
    try:
        return day(text, today, field=field), None
    except InvalidInput as whole:
        try:
            return day(found[1], today, field=field), time_of_day(found[2], field=field)
        except InvalidInput as part:  # that it is no date is said of all that was typed, not of a piece
            raise whole if part.title.message == _NO_DATE else part from None


def day_and_words(text: str, today: date, *, field: str | None = None) -> tuple[date, int | None, str]:
    """A day, perhaps a time, and what is to be done then: mo 9:00 Angebot nachfassen."""
    words = text.split()
    for n in range(min(len(words), _LONGEST_DAY), 0, -1):
        if 1 < n < len(words) and words[n - 1].isdigit() and len(words[n - 1]) < 4:
            continue  # 31.12. 2 Angebote: no time of day
        try:
            when = day_and_time(" ".join(words[:n]), today, field=field)
        except InvalidInput as error:
            if n == 1:
                raise (error if len(words) == 1 else _unread(text, error)) from None
            continue
        return *when, " ".join(words[n:])
    return *day_and_time(text, today, field=field), ""


def _unread(text: str, error: InvalidInput) -> InvalidInput:
    """That it is no date is said of all that was typed; what is wrong with a date, of the date."""
    if error.title.message != _NO_DATE:
        return error
    return InvalidInput(Text(_NO_DATE, text=text.strip()[:LONGEST]), error.hint, error.field)
