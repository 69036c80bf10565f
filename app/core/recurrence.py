"""Steps that come again: which rules there are, how they are written, said and reckoned.

A rule is kept as the recurrence rule of RFC 5545 that any calendar understands. Only what a person can choose here and
what can be said in a sentence is taken: rules of seconds, without end within a day, or of unknown parts are refused.
A rule gives days; the time of day is the step's own and stays that of the clock on the wall when summer time begins.
"""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from enum import StrEnum

from app.core.errors import InvalidInput
from app.core.i18n import N_, Text

#: As `day`, the last of the month; as `nth`, the last such weekday in it.
LAST = -1
#: The largest step of a rule: every 99 weeks.
MOST = 99
WORKDAYS = (0, 1, 2, 3, 4)

_LONGEST = 200
_FIELD = "rrule"
_DAYS = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")
#: Every month has this many days; from there on a short month takes its last.
_SAFE = 28

WEEKDAYS = (
    N_("Monday"), N_("Tuesday"), N_("Wednesday"), N_("Thursday"), N_("Friday"), N_("Saturday"), N_("Sunday"),
)  # fmt: skip
MONTHS = (
    N_("January"), N_("February"), N_("March"), N_("April"), N_("May"), N_("June"), N_("July"), N_("August"),
    N_("September"), N_("October"), N_("November"), N_("December"),
)  # fmt: skip
_NTH = {1: N_("first"), 2: N_("second"), 3: N_("third"), 4: N_("fourth"), LAST: N_("last")}


class Unit(StrEnum):
    """In what a rule counts; the values are those of FREQ."""

    DAY = "DAILY"
    WEEK = "WEEKLY"
    MONTH = "MONTHLY"
    YEAR = "YEARLY"


@dataclass(frozen=True)
class Rule:
    """Every `every` days, weeks, months or years.

    A week names its `weekdays` (Monday is 0). A month has a `day` (1 to 31, or LAST; what a month does not have is its
    last day) or the `nth` (1 to 4, or LAST) of the one weekday named; a year has `month` and `day`. Nothing comes after
    the day `until`.
    """

    unit: Unit
    every: int = 1
    weekdays: tuple[int, ...] = ()
    day: int = 0
    nth: int = 0
    month: int = 0
    until: date | None = None

    def __str__(self) -> str:
        """As it is kept; `parse` reads it back."""
        end = [] if self.until is None else [f"UNTIL={self.until.isoformat().replace('-', '')}"]
        return ";".join([*self._parts(), *end])

    def _parts(self) -> list[str]:
        parts = [f"FREQ={self.unit}"]
        if self.every > 1:
            parts.append(f"INTERVAL={self.every}")
        if self.unit is Unit.YEAR:
            parts.append(f"BYMONTH={self.month}")
        if self.nth:
            parts.append(f"BYDAY={self.nth}{_DAYS[self.weekdays[0]]}")
        elif self.unit is Unit.WEEK:
            parts.append(f"BYDAY={','.join(_DAYS[day] for day in self.weekdays)}")
        elif self.day > _SAFE:
            parts.append(f"BYMONTHDAY={','.join(map(str, range(_SAFE, self.day + 1)))};BYSETPOS=-1")
        elif self.unit in (Unit.MONTH, Unit.YEAR):
            parts.append(f"BYMONTHDAY={self.day}")
        return parts

    def following(self, due: date, today: date) -> date | None:
        """The first day after `due` that is not over; None when the series has ended.

        Of every second week, month or year those count that begin with the one of `due`.
        """
        from dateutil.rrule import rrulestr  # costs as much as a repaint, and few steps come again

        floor = max(due, today - timedelta(1))
        begin = datetime.combine(self._phase(due, floor), time())
        try:
            found = rrulestr(";".join(self._parts()), dtstart=begin).after(datetime.combine(floor, time()))
        except ValueError:  # the calendar ends before the series does
            return None
        if found is None or (self.until is not None and found.date() > self.until):
            return None
        day: date = found.date()
        return day

    def _phase(self, due: date, floor: date) -> date:
        """A day in step with `due` and not long before `floor`: nobody walks through centuries of days."""
        match self.unit:
            case Unit.DAY:
                return due + timedelta((floor - due).days // self.every * self.every)
            case Unit.WEEK:
                monday = due - timedelta(due.weekday())
                return monday + timedelta(weeks=(floor - monday).days // 7 // self.every * self.every)
            case Unit.MONTH:
                gone = (floor.year - due.year) * 12 + floor.month - due.month
                month = due.year * 12 + due.month - 1 + gone // self.every * self.every
                return date(month // 12, month % 12 + 1, 1)
        return date(due.year + (floor.year - due.year) // self.every * self.every, 1, 1)


def parse(text: str, due: date) -> Rule:
    """The rule that is written so, for a step of the day `due`. Raises InvalidInput naming the field `rrule`."""
    parts = _read(text)
    try:
        rule = _rule(parts, due)
    except (KeyError, ValueError):
        raise _refused() from None
    if rule.until is not None and rule.until < due:
        raise InvalidInput(Text("The repetition ends before it begins."), field=_FIELD)
    return rule


def _refused() -> InvalidInput:
    hint = Text("A step can come again every so many days, weeks, months or years.")
    return InvalidInput(Text("This repetition is not understood."), hint, _FIELD)


def _read(text: str) -> dict[str, str]:
    pairs = [part.partition("=") for part in text.strip().upper().removeprefix("RRULE:").rstrip(";").split(";")]
    parts = {name: value for name, _, value in pairs}
    if len(text) > _LONGEST or not text.isascii() or len(parts) < len(pairs) or not all(parts.values()):
        raise _refused()
    return parts


def _rule(parts: dict[str, str], due: date) -> Rule:
    """Raises KeyError or ValueError for what is no rule or one that is not offered."""
    unit = Unit(parts.pop("FREQ"))
    every = _number(parts.pop("INTERVAL", "1"), 1, MOST)
    until = _until(parts.pop("UNTIL", ""))
    if parts.pop("WKST", "MO") != "MO":
        raise ValueError
    rule = _OF_UNIT[unit](parts, due, every, until)
    if parts:
        raise ValueError
    return rule


def _of_days(parts: dict[str, str], due: date, every: int, until: date | None) -> Rule:
    return Rule(Unit.DAY, every, until=until)


def _of_weeks(parts: dict[str, str], due: date, every: int, until: date | None) -> Rule:
    named = parts.pop("BYDAY", _DAYS[due.weekday()]).split(",")
    return Rule(Unit.WEEK, every, tuple(sorted({_DAYS.index(day) for day in named})), until=until)


def _of_months(parts: dict[str, str], due: date, every: int, until: date | None) -> Rule:
    if "BYDAY" not in parts:
        return Rule(Unit.MONTH, every, day=_day_of_month(parts, due, (LAST,)), until=until)
    place, weekday = parts["BYDAY"][:-2], parts.pop("BYDAY")[-2:]
    nth = int(place or parts.pop("BYSETPOS"))
    if nth not in _NTH:
        raise ValueError
    return Rule(Unit.MONTH, every, (_DAYS.index(weekday),), nth=nth, until=until)


def _of_years(parts: dict[str, str], due: date, every: int, until: date | None) -> Rule:
    month = _number(parts.pop("BYMONTH", str(due.month)), 1, 12)
    day = _day_of_month(parts, due)
    date(2000, month, day)  # a leap year
    return Rule(Unit.YEAR, every, day=day, month=month, until=until)


def _day_of_month(parts: dict[str, str], due: date, also: tuple[int, ...] = ()) -> int:
    days = [int(number) for number in parts.pop("BYMONTHDAY", str(due.day)).split(",")]
    last_of_these = list(range(_SAFE, _SAFE + len(days)))
    if len(days) > 1 and (days != last_of_these or parts.pop("BYSETPOS") != "-1"):
        raise ValueError
    if days[-1] in also:
        return days[-1]
    return _number(str(days[-1]), 1, 31)


def _until(value: str) -> date | None:
    """Of a moment the day: steps are due on days."""
    return datetime.strptime(value[:8], "%Y%m%d").date() if value else None  # noqa: DTZ007 - a day has no zone


def _number(value: str, least: int, most: int) -> int:
    number = int(value)
    if not least <= number <= most:
        raise ValueError
    return number


_OF_UNIT = {Unit.DAY: _of_days, Unit.WEEK: _of_weeks, Unit.MONTH: _of_months, Unit.YEAR: _of_years}


def words(rule: Rule) -> Text:
    """The rule in words: “every second Tuesday of the month”, “every 2 weeks on Tuesday, until 31/12/2027”."""
    said = _SAY[rule.unit](rule)
    return said if rule.until is None else Text("{rule}, until {day}", rule=said, day=rule.until)


def said(text: str, due: date) -> Text | None:
    """How a step of the day `due` with this rule comes again; None without a rule, and for one not understood."""
    try:
        return words(parse(text, due)) if text else None
    except InvalidInput:
        return None


def _say_days(rule: Rule) -> Text:
    return Text("every day") if rule.every == 1 else Text("every {n} days", n=rule.every)


def _say_weeks(rule: Rule) -> Text:
    if rule.every == 1 and rule.weekdays == WORKDAYS:
        return Text("Monday to Friday")
    days = _listed(rule.weekdays)
    if rule.every > 1:
        return Text("every {n} weeks on {days}", n=rule.every, days=days)
    return Text("every {day}", day=days) if len(rule.weekdays) == 1 else Text("every week on {days}", days=days)


def _listed(weekdays: tuple[int, ...]) -> Text:
    first, *others = (Text(WEEKDAYS[day]) for day in weekdays)
    for day in others[:-1]:
        first = Text("{first}, {next}", first=first, next=day)
    return Text("{first} and {last}", first=first, last=others[-1]) if others else first


def _say_months(rule: Rule) -> Text:
    many = rule.every > 1
    if rule.nth:
        names = {"nth": Text(_NTH[rule.nth]), "day": Text(WEEKDAYS[rule.weekdays[0]])}
        if many:
            return Text("every {n} months on the {nth} {day}", n=rule.every, **names)
        return Text("every {nth} {day} of the month", **names)
    if rule.day == LAST:
        if many:
            return Text("every {n} months on the last day", n=rule.every)
        return Text("every month on the last day")
    day = _dated(rule.day)
    return Text("every {n} months on {day}", n=rule.every, day=day) if many else Text("every month on {day}", day=day)


def _dated(day: int) -> Text:
    if day > _SAFE:
        return Text("day {n} or the last before it", n=day)
    return Text("day {n}", n=day)


def _say_years(rule: Rule) -> Text:
    day = Text("{day} {month}", day=rule.day, month=Text(MONTHS[rule.month - 1]))
    if (rule.day, rule.month) == (29, 2):
        day = Text("{day}, else on the day before", day=day)
    if rule.every > 1:
        return Text("every {n} years on {day}", n=rule.every, day=day)
    return Text("every year on {day}", day=day)


_SAY = {Unit.DAY: _say_days, Unit.WEEK: _say_weeks, Unit.MONTH: _say_months, Unit.YEAR: _say_years}
