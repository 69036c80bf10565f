"""How often to keep in touch, as people type it."""

import pytest

from app.core.errors import InvalidInput
from app.core.parse import rhythm


@pytest.mark.parametrize(
    ("typed", "days"),
    [
        ("30", (30, None)), ("30 / 60", (30, 60)), ("4 weeks", (28, None)), ("4w", (28, None)),
        ("4 Wochen", (28, None)), ("3 Monate / 4 Monate", (90, 120)), ("1 Jahr", (365, None)),
        ("1 year – 2 years", (365, 730)),
        ("10 Tage", (10, None)), ("10 d; 2 W.", (10, 14)), (" 7-14 ", (7, 14)),
    ],
)  # fmt: skip
def test_a_rhythm_is_understood(typed: str, days: tuple[int, int | None]) -> None:
    assert rhythm(typed) == days


@pytest.mark.parametrize("typed", ["", "bald", "30 / ", "/", "3 Lichtjahre", "1/2/3", "-4", "3.5", "٣٠ / x"])
def test_what_makes_no_sense_is_refused_with_an_example(typed: str) -> None:
    with pytest.raises(InvalidInput) as refused:
        rhythm(typed)
    assert refused.value.field == "touch_target"
    assert "4 weeks" in str(refused.value.hint)
