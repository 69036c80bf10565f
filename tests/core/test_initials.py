"""Letters that stand for a name."""

import pytest

from app.core.initials import monogram


@pytest.mark.parametrize(
    ("name", "letters"),
    [
        ("Frauke Petersen", "FP"), ("Dr. Frauke Petersen", "FP"), ("Prof. Dr. h.c. Frauke Petersen", "FP"),
        ("Karl-Heinz Moll", "KM"), ("Prof. Dr.", "DR"),
        ("Dr.", "DR"), ("J. R. Frank", "JF"), ("Dr. J. Frank", "JF"), ("", "?"), (" . ", "?"),
        ("李小龙", "李小"),
    ],
)  # fmt: skip
def test_a_title_is_no_name(name: str, letters: str) -> None:
    assert monogram(name) == letters
