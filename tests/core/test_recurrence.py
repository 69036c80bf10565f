"""Which days a rule gives, what it is called, and what is no rule."""

from datetime import date, datetime, time, timedelta

import pytest
from dateutil.rrule import rrulestr
from hypothesis import example, given
from hypothesis import strategies as st

from app.core.errors import InvalidInput
from app.core.recurrence import LAST, MONTHS, MOST, WEEKDAYS, WORKDAYS, Rule, Unit, parse, words

TUESDAY = date(2026, 11, 24)


def days(rule: Rule, first: date, count: int) -> list[str]:
    """The days of a series that is always finished on its day."""
    found = []
    for _ in range(count):
        following = rule.following(first, first)
        if following is None:
            break
        first = following
        found.append(first.isoformat())
    return found


@pytest.mark.parametrize(
    ("rule", "first", "expected"),
    [
        (Rule(Unit.DAY), TUESDAY, ["2026-11-25", "2026-11-26"]),
        (Rule(Unit.DAY, 3), TUESDAY, ["2026-11-27", "2026-11-30"]),
        (Rule(Unit.WEEK, weekdays=WORKDAYS), date(2026, 11, 26), ["2026-11-27", "2026-11-30", "2026-12-01"]),
        (Rule(Unit.WEEK, weekdays=(1,)), TUESDAY, ["2026-12-01", "2026-12-08"]),
        (Rule(Unit.WEEK, 2, (1,)), TUESDAY, ["2026-12-08", "2026-12-22", "2027-01-05"]),
        (Rule(Unit.WEEK, 2, (0, 4)), TUESDAY, ["2026-11-27", "2026-12-07", "2026-12-11", "2026-12-21"]),
        (Rule(Unit.MONTH, day=LAST), date(2027, 11, 30), ["2027-12-31", "2028-01-31", "2028-02-29", "2028-03-31"]),
        (Rule(Unit.MONTH, day=31), date(2027, 1, 31), ["2027-02-28", "2027-03-31", "2027-04-30"]),
        (Rule(Unit.MONTH, day=30), date(2027, 1, 30), ["2027-02-28", "2027-03-30"]),
        (Rule(Unit.MONTH, day=29), date(2028, 1, 29), ["2028-02-29", "2028-03-29"]),
        (Rule(Unit.MONTH, 2, day=15), date(2026, 12, 15), ["2027-02-15", "2027-04-15"]),
        (Rule(Unit.MONTH, weekdays=(1,), nth=2), TUESDAY, ["2026-12-08", "2027-01-12", "2027-02-09"]),
        (Rule(Unit.MONTH, weekdays=(4,), nth=LAST), TUESDAY, ["2026-11-27", "2026-12-25", "2027-01-29"]),
        (Rule(Unit.MONTH, 3, (0,), nth=1), date(2026, 11, 2), ["2027-02-01", "2027-05-03"]),
        (Rule(Unit.YEAR, day=29, month=2), date(2027, 2, 28), ["2028-02-29", "2029-02-28", "2030-02-28"]),
        (Rule(Unit.YEAR, 2, day=24, month=12), date(2026, 12, 24), ["2028-12-24"]),
        (Rule(Unit.DAY, until=date(2026, 11, 26)), TUESDAY, ["2026-11-25", "2026-11-26"]),
        (Rule(Unit.DAY), date(9999, 12, 30), ["9999-12-31"]),
    ],
    ids=str,
)  # fmt: skip
def test_the_days_of_a_series(rule: Rule, first: date, expected: list[str]) -> None:
    assert days(rule, first, len(expected) + (rule.until is not None or first.year == 9999)) == expected


def test_what_was_finished_late_goes_on_in_step_and_not_in_the_past() -> None:
    rule = Rule(Unit.WEEK, 2, (1,))
    assert rule.following(TUESDAY, TUESDAY + timedelta(20)) == TUESDAY + timedelta(28)
    assert rule.following(TUESDAY, TUESDAY + timedelta(28)) == TUESDAY + timedelta(28), "today is not over"


def test_what_was_finished_early_is_not_due_a_second_time() -> None:
    rule = Rule(Unit.WEEK, weekdays=(1,))
    assert rule.following(TUESDAY, TUESDAY - timedelta(3)) == TUESDAY + timedelta(7)


def test_a_step_moved_off_its_day_comes_back_to_the_rule() -> None:
    assert Rule(Unit.MONTH, day=LAST).following(date(2027, 2, 2), date(2027, 2, 2)) == date(2027, 2, 28)


def test_a_series_of_centuries_is_not_walked_through() -> None:
    for rule in (Rule(Unit.DAY, 7), Rule(Unit.WEEK, 3, (0,)), Rule(Unit.MONTH, day=1), Rule(Unit.YEAR, day=1, month=1)):
        found = rule.following(date(1, 1, 1), date(2026, 11, 24))
        assert found is not None
        assert date(2026, 11, 24) <= found <= date(2027, 1, 1)


@pytest.mark.parametrize("due", [date(9999, 12, 30), date.max])
def test_a_series_ends_with_the_calendar(due: date) -> None:
    for rule in (Rule(Unit.DAY, 9), Rule(Unit.WEEK, 2, (0, 6)), Rule(Unit.MONTH, 2, day=1)):
        assert rule.following(due, TUESDAY) is None


def test_an_end_in_the_first_years_is_read_back() -> None:
    rule = Rule(Unit.DAY, until=date(999, 1, 2))
    assert parse(str(rule), date(999, 1, 1)) == rule


def test_weeks_count_from_monday_even_before_the_first_one() -> None:
    assert Rule(Unit.WEEK, 2, (6,)).following(date(1, 1, 2), date(1, 1, 2)) == date(1, 1, 7)


@pytest.mark.parametrize(
    ("text", "rule"),
    [
        ("FREQ=DAILY", Rule(Unit.DAY)),
        ("RRULE:FREQ=DAILY;INTERVAL=2;", Rule(Unit.DAY, 2)),
        ("freq=weekly", Rule(Unit.WEEK, weekdays=(1,))),
        ("FREQ=WEEKLY;BYDAY=FR,MO,FR;WKST=MO", Rule(Unit.WEEK, weekdays=(0, 4))),
        ("FREQ=MONTHLY", Rule(Unit.MONTH, day=24)),
        ("FREQ=MONTHLY;BYMONTHDAY=31", Rule(Unit.MONTH, day=31)),
        ("FREQ=MONTHLY;BYMONTHDAY=-1", Rule(Unit.MONTH, day=LAST)),
        ("FREQ=MONTHLY;BYDAY=TU;BYSETPOS=2", Rule(Unit.MONTH, weekdays=(1,), nth=2)),
        ("FREQ=MONTHLY;BYDAY=+2TU", Rule(Unit.MONTH, weekdays=(1,), nth=2)),
        ("FREQ=YEARLY", Rule(Unit.YEAR, day=24, month=11)),
        ("FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=29", Rule(Unit.YEAR, day=29, month=2)),
        ("FREQ=DAILY;UNTIL=20271231T225959Z", Rule(Unit.DAY, until=date(2027, 12, 31))),
    ],
)
def test_rules_from_elsewhere(text: str, rule: Rule) -> None:
    assert parse(text, TUESDAY) == rule


@pytest.mark.parametrize(
    "text",
    [
        "", ";", "daily", "FREQ", "FREQ=", "FREQ=SECONDLY", "FREQ=MINUTELY;INTERVAL=5", "FREQ=HOURLY",
        "FREQ=DAILY;FREQ=DAILY",
        "FREQ=DAILY;INTERVAL=0", "FREQ=DAILY;INTERVAL=-1", "FREQ=DAILY;INTERVAL=100", "FREQ=DAILY;INTERVAL=1e3",
        "FREQ=DAILY;INTERVAL=99999999999999999999", "FREQ=DAILY;COUNT=5", "FREQ=DAILY;BYHOUR=9",
        "FREQ=DAILY;BYSECOND=0",
        "FREQ=DAILY;UNTIL=20271399", "FREQ=DAILY;UNTIL=tomorrow", "FREQ=DAILY;BYDAY=MO",
        "FREQ=WEEKLY;BYDAY=", "FREQ=WEEKLY;BYDAY=XX", "FREQ=WEEKLY;BYDAY=1MO", "FREQ=WEEKLY;WKST=SU",
        "FREQ=MONTHLY;BYDAY=TU", "FREQ=MONTHLY;BYDAY=5TU", "FREQ=MONTHLY;BYDAY=0TU", "FREQ=MONTHLY;BYDAY=1MO,2TU",
        "FREQ=MONTHLY;BYMONTHDAY=0", "FREQ=MONTHLY;BYMONTHDAY=32", "FREQ=MONTHLY;BYMONTHDAY=-2",
        "FREQ=MONTHLY;BYMONTHDAY=1,15", "FREQ=MONTHLY;BYMONTHDAY=28,99999999999999;BYSETPOS=-1",
        "FREQ=MONTHLY;BYMONTHDAY=28,29", "FREQ=MONTHLY;BYMONTHDAY=28,29;BYSETPOS=1", "FREQ=MONTHLY;BYMONTHDAY=",
        "FREQ=YEARLY;BYMONTH=13", "FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30", "FREQ=YEARLY;BYMONTH=4;BYMONTHDAY=31",
        "FREQ=YEARLY;BYEASTER=0", "FREQ=YEARLY;BYWEEKNO=53", "FREQ=YEARLY;BYMONTHDAY=-1",
        "FREQ=DAILY\n", "FREQ=DÄILY", "FREQ=DAILY;X=\u0663", "FREQ=WEEKLY;BYDAY=" + ",".join(["MO"] * 500),
        "FREQ=DAILY;INTERVAL=\u0663", "'; DROP TABLE step; --",
    ],
)  # fmt: skip
def test_what_is_no_rule_or_a_hostile_one_is_refused(text: str) -> None:
    if text == "FREQ=DAILY\n":  # what stands around it is no part of it
        assert parse(text, TUESDAY) == Rule(Unit.DAY)
        return
    with pytest.raises(InvalidInput) as refused:
        parse(text, TUESDAY)
    assert refused.value.field == "rrule"
    assert str(refused.value.title) == "This repetition is not understood."


def test_a_series_does_not_end_before_it_begins() -> None:
    assert parse("FREQ=DAILY;UNTIL=20261124", TUESDAY).following(TUESDAY, TUESDAY) is None
    with pytest.raises(InvalidInput, match="ends before it begins"):
        parse("FREQ=DAILY;UNTIL=20261123", TUESDAY)


@pytest.mark.parametrize(
    ("rule", "said"),
    [
        (Rule(Unit.DAY), "every day"),
        (Rule(Unit.DAY, 10), "every 10 days"),
        (Rule(Unit.WEEK, weekdays=WORKDAYS), "Monday to Friday"),
        (Rule(Unit.WEEK, weekdays=(1,)), "every Tuesday"),
        (Rule(Unit.WEEK, weekdays=(0, 2, 4)), "every week on Monday, Wednesday and Friday"),
        (Rule(Unit.WEEK, 2, (1,)), "every 2 weeks on Tuesday"),
        (Rule(Unit.MONTH, day=15), "every month on day 15"),
        (Rule(Unit.MONTH, day=31), "every month on day 31 or the last before it"),
        (Rule(Unit.MONTH, 3, day=1), "every 3 months on day 1"),
        (Rule(Unit.MONTH, day=LAST), "every month on the last day"),
        (Rule(Unit.MONTH, 2, day=LAST), "every 2 months on the last day"),
        (Rule(Unit.MONTH, weekdays=(1,), nth=2), "every second Tuesday of the month"),
        (Rule(Unit.MONTH, 6, (4,), nth=LAST), "every 6 months on the last Friday"),
        (Rule(Unit.YEAR, day=24, month=12), "every year on 24 December"),
        (Rule(Unit.YEAR, 4, day=29, month=2), "every 4 years on 29 February, else on the day before"),
        (Rule(Unit.DAY, until=date(2026, 12, 24)), "every day, until 2026-12-24"),
    ],
    ids=str,
)
def test_rules_in_words(rule: Rule, said: str) -> None:
    assert str(words(rule)) == said


_every = st.integers(1, MOST)
_until = st.none() | st.dates(date(2100, 1, 1), date(2199, 12, 31))
_rules = st.one_of(
    st.builds(Rule, st.just(Unit.DAY), _every, until=_until),
    st.builds(
        Rule, st.just(Unit.WEEK), _every, st.sets(st.integers(0, 6), min_size=1).map(lambda d: tuple(sorted(d))),
        until=_until,
    ),
    st.builds(Rule, st.just(Unit.MONTH), _every, day=st.integers(1, 31) | st.just(LAST), until=_until),
    st.builds(
        Rule, st.just(Unit.MONTH), _every, st.tuples(st.integers(0, 6)), nth=st.sampled_from((1, 2, 3, 4, LAST)),
        until=_until,
    ),
    st.builds(
        lambda day, every, until: Rule(Unit.YEAR, every, day=day.day, month=day.month, until=until),
        st.dates(date(2000, 1, 1), date(2000, 12, 31)), _every, _until,
    ),
)  # fmt: skip


@given(_rules, st.dates(date(1990, 1, 1), date(2099, 12, 31)), st.integers(-400, 4000))
@example(Rule(Unit.WEEK, 99, (6,)), date(2026, 11, 24), 4000)
def test_the_next_day_is_that_of_the_rule_walked_from_its_beginning(rule: Rule, due: date, later: int) -> None:
    """The oracle walks the whole series, as a calendar would that knows the first day."""
    today = due + timedelta(later)
    found = rule.following(due, today)
    first = {Unit.DAY: due, Unit.WEEK: due - timedelta(due.weekday()), Unit.MONTH: due.replace(day=1),
             Unit.YEAR: due.replace(month=1, day=1)}[rule.unit]  # fmt: skip
    walked = (day.date() for day in rrulestr(str(rule), dtstart=_midnight(first)))
    assert found == next((day for day in walked if day > due and day >= today), None)


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time())


@given(_rules, st.dates(date(1990, 1, 1), date(2099, 12, 31)))
def test_what_is_written_is_read_back(rule: Rule, due: date) -> None:
    assert parse(str(rule), due) == rule
    assert str(words(rule))


def test_every_day_and_month_has_a_name() -> None:
    assert (len(WEEKDAYS), len(MONTHS)) == (7, 12)
