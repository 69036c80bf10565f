"""A table from the clipboard: text with tabs from a spreadsheet, CSV, an HTML table, or lines of plain text.

It stays in memory; nothing of it reaches the disk before it is imported. Where it has no titles its first column is the
name of the leads, and the others wait to be told what they are. Where nothing says what becomes of the leads, they are
what the list holds into which they were pasted.
"""

import csv
import re
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from html.parser import HTMLParser

from app.core.errors import InvalidInput
from app.core.i18n import Text, tr
from app.core.terms import Status
from app.services.csv_format import STATUS_WORDS
from app.services.importing.headers import field_of, known_headers
from app.services.importing.table import BATCH, HEADER_WITHIN, MOST_COLUMNS, Batch

#: Characters; ten thousand leads with long texts have a fifth of that.
LONGEST = 20_000_000
_LONGEST_HTML = 40_000_000
_LONGEST_CELL = 1 << 22
#: Signs that no text has that was copied: what has them is a picture or a program.
_BINARY = re.compile("[\0\1-\x08\x0e-\x1a\x7f\ufffe\uffff]|\ufffd{3}")
#: These tell what becomes of a lead, so that nothing has to be added.
_TELLING = frozenset({"status", "stage", "probability", "activated_on", "closed_on", "reason"})
_STATUS = "Status"
NOTHING_FOR_LEADS = Text("There is no text in the clipboard that could become leads.")
#: How many different fields the best of some rows names.
Known = Callable[[Sequence[Sequence[str]]], int]


class PastedTable:
    """What was pasted, as a table that can be read as often as wanted."""

    encoding: str | None = None
    delimiter: str | None = None

    def __init__(self, rows: Sequence[list[str]], *, titled: bool) -> None:
        """`titled`: whether the first of them was pasted too, and not put there."""
        self._rows = rows
        self.titled = titled

    def __len__(self) -> int:
        return len(self._rows)

    def head(self) -> list[list[str]]:
        """The first rows."""
        return list(self._rows[:HEADER_WITHIN])

    def batches(self) -> Iterator[Batch]:
        """All rows in batches."""
        for start in range(0, len(self._rows), BATCH):
            rows = list(self._rows[start : start + BATCH])
            yield Batch(start + 1, rows, done=(start + len(rows)) / len(self._rows))


def check_pasted(text: str, html: str, nothing: Text = NOTHING_FOR_LEADS) -> None:
    """Raise InvalidInput for what is too much, empty (then it says `nothing`), or no text. Quick: for the thread that
    was asked.
    """
    if not text.strip() and not html.strip():
        raise InvalidInput(nothing)
    if len(text) > LONGEST or len(html) > _LONGEST_HTML:
        raise InvalidInput(Text("This is too much to be pasted."), Text("Save it as a file and import that."))
    if _BINARY.search(text):
        raise InvalidInput(Text("What is in the clipboard is no text."))


def read_pasted(text: str, html: str, status: Status) -> PastedTable:
    """The table in the clipboard; `html` is used where the text shows no columns. Raises InvalidInput."""
    rows = pasted_rows(text, html)
    width = max(map(len, rows))
    if width > MOST_COLUMNS:
        raise InvalidInput(Text("A list of leads has no more than {n} columns.", n=MOST_COLUMNS))
    titled = has_titles(rows)
    if not titled:
        first = "Name", *(tr("Column {n}", n=n) for n in range(2, width + 1))
        rows.insert(0, list(first))
    else:
        rows[0] = [title or _named(rows, place) for place, title in enumerate(rows[0])]
    return PastedTable(_with_status(rows, status), titled=titled)


def _named(rows: Sequence[Sequence[str]], place: int) -> str:
    """What a column without a title is called, if anything stands in it."""
    return tr("Column {n}", n=place + 1) if any(row[place : place + 1] not in ([], [""]) for row in rows) else ""


def pasted_rows(
    text: str, html: str, known: Known = known_headers, nothing: Text = NOTHING_FOR_LEADS
) -> list[list[str]]:
    """The rows in the clipboard from the first on that says anything; `html` is used where the text shows no columns.

    `known` tells titles from other words. Raises InvalidInput as `check_pasted` does.
    """
    check_pasted(text, html, nothing)
    rows = _rows_of_text(text, known)
    if max(map(len, rows), default=0) <= 1 and "<table" in html[:_LONGEST_HTML].lower():
        found = _rows_of_html(html)
        rows = found if any(map(any, found)) else rows
    rows = [[cell.strip() for cell in row] for row in rows]
    while rows and not any(rows[0]):
        rows.pop(0)
    if not rows:
        raise InvalidInput(nothing)
    return rows


def _rows_of_text(text: str, known: Known) -> list[list[str]]:
    lines = text.replace("\r\n", "\n").replace("\r", "\n").split("\n")
    while lines and not lines[-1].strip():
        lines.pop()
    delimiter = _delimiter(lines, known)
    if delimiter is None:
        return [[line] for line in lines]
    try:
        return list(csv.reader([line + "\n" for line in lines], delimiter=delimiter, strict=True))
    except csv.Error:  # quotes that are no quotes of CSV but inches, or a name cut off
        return [line.split(delimiter) for line in lines]


def _delimiter(lines: Sequence[str], known: Known) -> str | None:
    """Tabs always part columns; other signs only where titles stand between them, or as many in each line."""
    if any("\t" in line for line in lines):
        return "\t"
    for sign in (";", ",", "|"):
        if lines and known([lines[0].split(sign)]) > 1:
            return sign
    counts = {line.count(";") for line in lines if line.strip()}
    return ";" if len(lines) > 1 and len(counts) == 1 and 0 not in counts else None


def has_titles(rows: Sequence[Sequence[str]], known: Known = known_headers) -> bool:
    """Whether the first row names columns; a single row with one such word is rather a record of that name."""
    found = known([rows[0]])
    return found > 1 or (found == 1 and len(rows) > 1)


def _with_status(rows: list[list[str]], status: Status) -> list[list[str]]:
    """The rows with a column that says what becomes of the leads, unless one does."""
    titles = rows[0]
    if _TELLING & {field_of(title) for title in titles}:
        return rows
    width, word = len(titles), STATUS_WORDS["de"][status]
    told = [[*titles, _STATUS]]
    for row in rows[1:]:
        padded = [*row[:width], *[""] * (width - len(row))]
        told.append([*padded, word, *row[width:]] if any(row) else [])
    return told


def _rows_of_html(html: str) -> list[list[str]]:
    parser = _FirstTable()
    with suppress(AssertionError):  # of some torn marks it says no more; what was read before stays
        parser.feed(html)
        parser.close()
    return parser.rows


class _FirstTable(HTMLParser):
    """The cells of the first table; what lies in tables within it belongs to the cell around them."""

    def __init__(self) -> None:
        super().__init__()
        self.rows: list[list[str]] = []
        self._depth = 0
        self._over = False
        self._cell: list[str] | None = None
        self._spanned = 1
        self._silent = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in ("style", "script"):
            self._silent += 1
        elif tag == "table":
            self._depth += 1
        elif self._over or self._depth != 1:
            return
        elif tag == "tr":
            self._end_cell()
            self.rows.append([])
        elif tag in ("td", "th"):
            self._end_cell()
            if not self.rows:
                self.rows.append([])
            self._cell = []
            span = dict(attrs).get("colspan") or "1"
            self._spanned = min(int(span), MOST_COLUMNS) if span.isdecimal() and len(span) < 6 else 1
        elif tag == "br" and self._cell is not None:
            self._cell.append(" ")

    def handle_endtag(self, tag: str) -> None:
        if tag in ("style", "script"):
            self._silent = max(0, self._silent - 1)
        elif tag == "table":
            self._depth = max(0, self._depth - 1)
            if self._depth == 0:
                self._end_cell()
                self._over = True
        elif tag in ("td", "th", "tr") and self._depth == 1:
            self._end_cell()

    def handle_data(self, data: str) -> None:
        if self._cell is not None and not self._silent and not self._over:
            self._cell.append(data)

    def close(self) -> None:
        super().close()
        self._end_cell()

    def _end_cell(self) -> None:
        if self._cell is not None:
            self.rows[-1] += [" ".join("".join(self._cell).split()), *[""] * (self._spanned - 1)]
            self._cell = None
