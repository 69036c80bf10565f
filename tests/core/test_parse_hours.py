"""The hours of a day's work, as people type them."""

import pytest

from app.core.errors import InvalidInput
from app.core.format import Formats
from app.core.parse import hours


@pytest.mark.parametrize(
    ("typed", "minutes"),
    [
        ("8:00", 480), ("8", 480), ("8 h", 480), ("08:30", 510), ("7,5", 450), ("7.25", 435), ("7h45", 465),
        ("7,5 Std.", 450), ("6 Stunden", 360), ("0", 0), ("-", 0), ("–", 0), ("24", 1440), ("24:00", 1440),
        (" ,5 ", 30), ("7,33", 440), ("0:00", 0),
    ],
)  # fmt: skip
def test_hours_are_understood(typed: str, minutes: int) -> None:
    assert hours(typed) == minutes


@pytest.mark.parametrize(
    "typed", ["", "viel", "24:01", "25", "8:60", "-8", "8:0", "1e1", "٨", "8:00 AM", "7,5,5", "h", "x" * 200]
)
def test_what_makes_no_sense_is_refused(typed: str) -> None:
    with pytest.raises(InvalidInput) as refused:
        hours(typed, field="minutes")
    assert refused.value.field == "minutes"


@pytest.mark.parametrize("minutes", [0, 1, 59, 60, 450, 1440])
def test_what_is_shown_is_understood_again(minutes: int) -> None:
    assert hours(Formats("de", "DE").hours(minutes)) == minutes


def test_hours_of_a_week_are_more_than_a_day() -> None:
    assert Formats("en", "US").hours(40 * 60 + 5) == "40:05"
