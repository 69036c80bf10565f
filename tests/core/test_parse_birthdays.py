"""Days of birth, and numbers of days, as people type them. Today is Monday, 16 November 2026."""

from contextlib import suppress
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.core import parse
from app.core.errors import InvalidInput

TODAY = date(2026, 11, 16)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("3.4.1980", "1980-04-03"), ("3.4.80", "1980-04-03"), ("3 April 1980", "1980-04-03"),
        ("April 3, 1980", "1980-04-03"), ("1980-04-03", "1980-04-03"), ("29.2.2000", "2000-02-29"),
        ("1.1.26", "2026-01-01"), ("1.1.27", "1927-01-01"), ("31.12.00", "2000-12-31"), ("24.12.", "1604-12-24"),
        ("29.2.", "1604-02-29"), ("29 Feb", "1604-02-29"), ("Dec 24", "1604-12-24"), ("24.12.1604", "1604-12-24"),
    ],
)  # fmt: skip
def test_birthdays_are_understood(text: str, expected: str) -> None:
    assert parse.birthday(text, TODAY, 1604) == date.fromisoformat(expected)


@pytest.mark.parametrize(
    "text",
    ["", "heute", "+2w", "mo", "31.2.", "0.1.", "1.13.", "30.2.1980", "29.2.1999", "3.4.1203", "x" * 5000, "\x00"],
)
def test_other_birthdays_are_refused(text: str) -> None:
    with pytest.raises(InvalidInput) as refused:
        parse.birthday(text, TODAY, 1604, field="birthday")
    assert refused.value.field == "birthday"


@pytest.mark.parametrize(
    ("text", "days"),
    [("30", 30), (" 30 Tage ", 30), ("1 day", 1), ("6 weeks", 42), ("6w", 42), ("3 Monate", 90), ("1 Jahr", 365),
     ("1.234 Tage", 1234), ("1,234\u202fdays", 1234), ("1’234\u00a0Tage", 1234), ("3650", 3650), ("0", 0)],
)  # fmt: skip
def test_numbers_of_days_are_understood(text: str, days: int) -> None:
    assert parse.span(text) == days


@pytest.mark.parametrize("text", ["", "ab und zu", "-3", "1.5", "3 ages", "1234567", "½", "٣", "9" * 5000])
def test_other_numbers_of_days_are_refused(text: str) -> None:
    with pytest.raises(InvalidInput) as refused:
        parse.span(text, field="touch_target")
    assert refused.value.field == "touch_target"


@given(st.text(max_size=20))
def test_nothing_else_than_a_refusal_ever_comes_out(text: str) -> None:
    for read in (parse.span, lambda typed: parse.birthday(typed, TODAY, 1604)):
        with suppress(InvalidInput):
            read(text)
