"""Columns stay aligned whatever stands in them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.cli.tables import pairs, table, width


def test_a_table() -> None:
    made = table(("Name", "Sum"), [("Größe", "1,00 €"), ("x", "12.000,00 €")], right=(1,))
    assert made.split("\n") == ["Name           Sum", "─────  ───────────", "Größe       1,00 €", "x      12.000,00 €"]


@pytest.mark.parametrize(("text", "places"), [("abc", 3), ("Ä", 1), ("A\u0308", 1), ("漢字", 4), ("", 0)])
def test_how_much_room_a_text_needs(text: str, places: int) -> None:
    assert width(text) == places


def test_what_a_terminal_would_obey_is_not_printed() -> None:
    made = table(("a",), [("\x1b[31mred\x07\r\n\u202eevil",)])
    assert all(c.isprintable() or c == "\n" for c in made)


def test_long_cells_are_cut() -> None:
    made = table(("a",), [("x" * 500,)], longest=10)
    assert made.split("\n")[-1] == "x" * 9 + "…"


@given(st.lists(st.tuples(st.text(max_size=80), st.text(max_size=80)), max_size=5))
def test_every_row_is_one_line(rows: list[tuple[str, str]]) -> None:
    assert len(table(("a", "b"), rows).split("\n")) == 2 + len(rows)


def test_pairs_and_nothing() -> None:
    assert pairs([("Ä", "1"), ("bcd", "")]) == "Ä    1\nbcd"
    assert pairs([]) == ""
