"""Days, times and periods as people type them. Today is Monday, 16 November 2026."""

from contextlib import suppress
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.core import parse
from app.core.calendar import month_number
from app.core.errors import InvalidInput
from app.core.format import Formats

TODAY = date(2026, 11, 16)
COUNTRIES = [Formats("de", "DE"), Formats("de", "AT"), Formats("de", "CH"), Formats("en", "GB"), Formats("en", "US")]
SHOWN = Formats("de", "DE")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("heute", "2026-11-16"),
        ("Today", "2026-11-16"),
        ("morgen", "2026-11-17"),
        ("ÜBERMORGEN", "2026-11-18"),
        ("u\u0308bermorgen", "2026-11-18"),
        ("gestern", "2026-11-15"),
        ("mo", "2026-11-16"),
        ("Di.", "2026-11-17"),
        ("Sonntag", "2026-11-22"),
        ("friday", "2026-11-20"),
        ("+3", "2026-11-19"),
        ("+2w", "2026-11-30"),
        ("+1m", "2026-12-16"),
        ("+1j", "2027-11-16"),
        ("-1", "2026-11-15"),
        ("+2 Wochen", "2026-11-30"),
        ("16.11.", "2026-11-16"),
        ("15.11.", "2027-11-15"),
        ("31.12", "2026-12-31"),
        ("15.3.27", "2027-03-15"),
        ("15/3/2027", "2027-03-15"),
        ("15-3-2027", "2027-03-15"),
        ("15. 3. 2027", "2027-03-15"),
        ("2027-03-15", "2027-03-15"),
        ("29.2.28", "2028-02-29"),
        ("1.1.99", "1999-01-01"),
        ("3. März 2027", "2027-03-03"),
        ("25 Nov", "2026-11-25"),
        ("Nov 25, 2026", "2026-11-25"),
        ("1st Dec", "2026-12-01"),
    ],
)
def test_days_are_understood(text: str, expected: str) -> None:
    assert parse.day(text, TODAY) == date.fromisoformat(expected)


def test_a_month_later_stays_within_the_shorter_month() -> None:
    assert parse.day("+1m", date(2027, 1, 31)) == date(2027, 2, 28)
    assert parse.day("+1j", date(2028, 2, 29)) == date(2029, 2, 28)


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("", "missing"),
        ("x" * 81, "too long"),
        ("29.2.27", "There is no 29.2.2027"),
        ("29.2.", "There is no 29.2.2027"),
        ("31.4.27", "There is no 31.4.2027"),
        ("3/15/2027", "There is no 3.15.2027"),
        ("0.1.27", "There is no 0.1.2027"),
        ("1.1.0001", "must lie between 1900 and 2199"),
        ("9999-12-31", "must lie between 1900 and 2199"),
        ("+9999j", "must lie between 1900 and 2199"),
        ("-9999w", "must lie between 1900 and 2199"),
        ("+99999", "not a date"),
        ("15", "not a date"),
        ("15.3.2", "not a date"),
        ("15.3.027", "not a date"),
        ("15.3/27", "not a date"),
        ("+3x", "not a date"),
        ("irgendwann", "not a date"),
        ("15. Brumaire", "not a date"),
        ("１５.３.２７", "not a date"),
    ],
)
def test_impossible_days_are_refused(text: str, sentence: str) -> None:
    with pytest.raises(InvalidInput) as refused:
        parse.day(text, TODAY, field="due_on")
    assert sentence in str(refused.value)
    assert refused.value.field == "due_on"


@pytest.mark.parametrize(
    ("text", "minutes"),
    [
        ("14:00", 840),
        ("14.30", 870),
        ("9", 540),
        ("9 Uhr", 540),
        ("um 9", 540),
        ("14h30", 870),
        ("0930", 570),
        ("0:00", 0),
        ("23:59", 1439),
        ("2 pm", 840),
        ("12 am", 0),
        ("12:30PM", 750),
    ],
)
def test_times_are_understood(text: str, minutes: int) -> None:
    assert parse.time_of_day(text) == minutes


@pytest.mark.parametrize("text", ["", "24:00", "14:60", "13 pm", "0 am", "-1", "9:5", "mittags", "99999", "9:00:00"])
def test_other_times_are_refused(text: str) -> None:
    with pytest.raises(InvalidInput) as refused:
        parse.time_of_day(text, field="time")
    assert refused.value.field == "time"


@pytest.mark.parametrize(
    ("text", "day", "minutes"),
    [
        ("heute 14:00", "2026-11-16", 840),
        ("heute, 14:00", "2026-11-16", 840),
        ("mo 9", "2026-11-16", 540),
        ("31.12. um 9 Uhr", "2026-12-31", 540),
        ("15.3. 9", "2027-03-15", 540),
        ("+2w 9:30", "2026-11-30", 570),
        ("25 Nov 14:00", "2026-11-25", 840),
        ("25 Nov 26", "2026-11-25", None),
        ("Nov 25, 2026 2:00 PM", "2026-11-25", 840),
        ("morgen", "2026-11-17", None),
        ("KW 50", "2026-12-07", None),
        ("kw50 9:00", "2026-12-07", 540),
        ("KW 47", "2026-11-16", None),
        ("KW 1", "2027-01-04", None),
        ("week 10/28", "2028-03-06", None),
    ],
)
def test_days_with_a_time(text: str, day: str, minutes: int | None) -> None:
    assert parse.day_and_time(text, TODAY) == (date.fromisoformat(day), minutes)


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("14:00", "not a date"),
        ("mo 25:00", "not a time"),
        ("31.2. 14:00", "There is no"),
        ("mo 9 9", "not a date"),
        ("KW 54", "no week 54 in 2026"),
        ("Mitte Januar 9", "“Mitte Januar 9” is not a date"),
    ],
)
def test_the_part_that_is_wrong_is_named(text: str, sentence: str) -> None:
    with pytest.raises(InvalidInput, match=sentence):
        parse.day_and_time(text, TODAY)


@pytest.mark.parametrize(
    ("text", "period"),
    [
        ("Jan-Apr 27", "Jan–Apr 27"),
        ("Januar bis April 2027", "Jan–Apr 27"),
        ("1/27-4/27", "Jan–Apr 27"),
        ("1-4/27", "Jan–Apr 27"),
        ("01.-04.2027", "Jan–Apr 27"),
        ("01.01.2027-30.04.2027", "Jan–Apr 27"),
        ("01.01.–30.04.2027", "Jan–Apr 27"),
        ("01.01.2027 – 30.04.2027", "Jan–Apr 27"),
        ("2027-01-01 - 2027-04-30", "Jan–Apr 27"),
        ("2027-01..2027-04", "Jan–Apr 27"),
        ("2027-01-2027-04", "Jan–Apr 27"),
        ("Jan 27…Apr", "Jan–Apr 27"),
        ("Jan–Apr", "Jan–Apr 27"),
        ("Dez–Mär 27", "Dez 26–Mär 27"),
        ("Dec 26 to Mar 27", "Dez 26–Mär 27"),
        ("März 2027", "Mär 27"),
        ("Mrz'27", "Mär 27"),
        ("3/2027", "Mär 27"),
        ("2027-03", "Mär 27"),
        ("nov", "Nov 26"),
        ("okt", "Okt 27"),
        ("Q1 27", "Jan–Mär 27"),
        ("Q1/2027", "Jan–Mär 27"),
        ("2027-Q2", "Apr–Jun 27"),
        ("3. Quartal 2027", "Jul–Sep 27"),
        ("Q4", "Okt–Dez 26"),
        ("Q4 26-Q1 27", "Okt 26–Mär 27"),
        ("Q4-Q1", "Okt 26–Mär 27"),
        ("2027", "Jan–Dez 27"),
        ("2027-2028", "Jan 27–Dez 28"),
        ("+3m", "Dez 26–Feb 27"),
        ("+1 Monat", "Dez 26"),
    ],
)
def test_periods_are_understood(text: str, period: str) -> None:
    assert SHOWN.period(*parse.months(text, TODAY)) == period


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("", "missing"),
        ("Apr 27-Jan 27", "ends before it begins"),
        ("2028-2027", "ends before it begins"),
        ("15.01.2027-30.04.2027", "whole months"),
        ("01.01.2027-29.04.2027", "whole months"),
        ("01.01.-31.04.", "whole months"),
        ("01.03.2027", "whole months"),
        ("30.02.2027-30.04.2027", "There is no 30.2.2027"),
        ("13/27", "There is no"),
        ("0000", "must lie between"),
        ("9999", "must lie between"),
        ("Jan 1800-Feb 1801", "must lie between"),
        ("+0m", "not a period"),
        ("Jan-Feb-Mär", "not a period"),
        ("-", "not a period"),
        ("Q5 27", "not a period"),
        ("bald", "not a period"),
        ("MARZ 2027", "not a period"),
    ],
)
def test_impossible_periods_are_refused(text: str, sentence: str) -> None:
    with pytest.raises(InvalidInput) as refused:
        parse.months(text, TODAY, field="period")
    assert sentence in str(refused.value)
    assert refused.value.field == "period"


@given(st.sampled_from(COUNTRIES), st.dates(date(1900, 1, 1), date(2199, 12, 31)), st.dates(date(2000, 1, 1)))
def test_days_that_are_shown_can_be_typed(formats: Formats, day: date, today: date) -> None:
    assert parse.day(formats.day(day), today) == day


@given(st.sampled_from(COUNTRIES), st.integers(-49, 49), st.dates(date(2000, 1, 1), date(2100, 1, 1)))
def test_short_days_too(formats: Formats, years: int, today: date) -> None:
    other = date(today.year + years, 7, 9)
    shown = formats.day_short(other, today)
    expected = other if years or other >= today else date(today.year + 1, 7, 9)
    assert parse.day(shown, today) == expected


@given(st.sampled_from(COUNTRIES), st.integers(0, 1439))
def test_times_that_are_shown_can_be_typed(formats: Formats, minutes: int) -> None:
    assert parse.time_of_day(formats.time(minutes)) == minutes
    shown = f"{formats.day(TODAY)} {formats.time(minutes)}"
    assert parse.day_and_time(shown, TODAY) == (TODAY, minutes)


@given(st.sampled_from(COUNTRIES), st.integers(-400, 400), st.integers(0, 60))
def test_periods_that_are_shown_can_be_typed(formats: Formats, offset: int, more: int) -> None:
    first = month_number(TODAY) + offset
    assert parse.months(formats.period(first, first + more), TODAY) == (first, first + more)


HOSTILE = st.one_of(
    st.text(max_size=100),
    st.text(alphabet="0123456789./-–+ :,'…qQ", max_size=40),
    st.lists(
        st.sampled_from(
            ["mo", "jan", "märz", "2027", "27", "31.", "2.", "29", "-", "bis", "q1", "um", "9", "pm", "+", "3m"]
        )
    ).map(" ".join),
)


@given(HOSTILE, st.dates())
def test_nothing_else_than_a_refusal_ever_comes_out(text: str, today: date) -> None:
    with suppress(InvalidInput):
        assert 1900 <= parse.day(text, today).year <= 2199
    with suppress(InvalidInput):
        assert 0 <= parse.time_of_day(text) < 1440
    with suppress(InvalidInput):
        parse.day_and_time(text, today)
    with suppress(InvalidInput):
        first, last = parse.months(text, today)
        assert 1900 * 12 <= first <= last < 2200 * 12
