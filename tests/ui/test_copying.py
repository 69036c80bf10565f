"""Rows copied for spreadsheets and mails: figures stay numbers, texts stay texts, and what is copied can be pasted."""

import csv
import io
from decimal import Decimal
from html.parser import HTMLParser

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.ui.tables.columns import Column, Figure, Kind
from app.ui.tables.copying import HTML_MOST, Table, as_html, as_text, mime_of, table_of, worded

_FORMULAS = ("=1+1", "+49 30 1", "-x", "@SUM(A1)", "\t=1", "\r=1", "'=1", "=cmd|' /C calc'!A0", " =1+1")
COLUMNS = (
    Column[str]("name", "Lead", lambda row: row),
    Column[str]("amount", "Amount", lambda _row: "1.234,50 €", Kind.NUMBER,
                copied=(("Amount", lambda _row: Figure("1234,50", Decimal("1234.50"))),)),
    Column[str]("period", "Period", lambda _row: "Jan–Mar", copied=(("From", lambda _row: "1.1."), ("To", str.upper))),
    Column[str]("who", "Resp.", lambda _row: "AK", spoken=lambda _row: "Anna Kern"),
)  # fmt: skip


class _Cells(HTMLParser):
    """The cells of a table as a spreadsheet finds them."""

    def __init__(self) -> None:
        super().__init__()
        self.rows: list[list[str]] = []
        self.attributes: list[dict[str, str | None]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag == "tr":
            self.rows.append([])
        elif tag in ("td", "th"):
            self.rows[-1].append("")
            self.attributes.append(dict(attrs))

    def handle_data(self, data: str) -> None:
        if self.rows and self.rows[-1]:
            self.rows[-1][-1] += data.strip("\n")


def test_a_column_becomes_what_other_programs_need() -> None:
    assert as_text(table_of(COLUMNS, ["a", "b"])) == (
        "Lead\tAmount\tFrom\tTo\tResp.\na\t1234,50\t1.1.\tA\tAnna Kern\nb\t1234,50\t1.1.\tB\tAnna Kern"
    )


def test_html_has_the_same_cells_and_the_values_of_figures() -> None:
    table = table_of(COLUMNS, ["<b>&"])
    found = _Cells()
    found.feed(as_html(table))
    assert found.rows == [line.split("\t") for line in as_text(table).split("\n")]
    figures = [each for each in found.attributes if "sdval" in each]
    assert [(each["sdval"], each["x:num"]) for each in figures] == [("1234.50", "1234.50")]
    texts = [each for each in found.attributes if "style" in each]
    assert all("mso-number-format:'\\@'" in str(each["style"]) for each in texts)
    assert len(texts) == 4


@pytest.mark.parametrize("text", _FORMULAS)
def test_a_text_never_becomes_a_formula(text: str) -> None:
    table = Table(["Lead"], [[text]])
    found = _Cells()
    found.feed(as_html(table))
    for cell in (as_text(table).split("\n")[1], found.rows[1][0]):
        assert cell[:1] == "'"


def test_a_negative_figure_is_a_number() -> None:
    assert as_text(Table(["Age"], [[Figure("-5", Decimal(-5))]])).split("\n")[1] == "-5"


@given(st.lists(st.text(max_size=20), min_size=1, max_size=4))
def test_whatever_stands_in_a_cell_breaks_neither_row_nor_column(texts: list[str]) -> None:
    table = Table(["x"] * len(texts), [texts, texts])
    text = as_text(table)
    rows = list(csv.reader(io.StringIO(text), delimiter="\t", strict=True))
    assert [len(row) for row in rows[1:]] == [len(texts)] * 2 or texts == [""] or not text.split("\n")[1]
    assert len(text.split("\n")) == 3
    assert set("\r\v\f\x1c\x1d\x1e\x85\u2028\u2029\0").isdisjoint(text)
    assert all(cell[:1] not in {"=", "+", "-", "@"} for row in rows for cell in row)
    found = _Cells()
    found.feed(as_html(table))
    assert [len(row) for row in found.rows] == [len(texts)] * 3


def test_a_quote_that_is_never_closed_swallows_nothing() -> None:
    text = as_text(Table(["Lead"], [['"Bergwelt'], ['Film "Bergwelt"']]))
    assert list(csv.reader(io.StringIO(text), delimiter="\t"))[1:] == [['"Bergwelt'], ['Film "Bergwelt"']]


def test_very_many_rows_are_text_alone() -> None:
    assert mime_of(worded(Table(["Lead"], [["a"]] * HTML_MOST))).hasHtml()
    many = mime_of(worded(Table(["Lead"], [["a"]] * (HTML_MOST + 1))))
    assert many.hasText()
    assert not many.hasHtml()
