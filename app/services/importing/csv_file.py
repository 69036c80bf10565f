"""CSV as it comes: any of the usual delimiters, line ends and encodings, torn quotes, rows of any length.

A quote that is opened and never closed would swallow the rest of the file into one cell. So quotes are read strictly:
where they do not match, the line in which the row began is refused alone, and reading goes on with the next line. A
cell that is too long is looked through to its end first: if its quote is closed there, all its lines are one row.
"""

import csv
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from functools import partial
from itertools import chain, islice
from pathlib import Path
from typing import IO

from app.core.i18n import Text
from app.services.importing import encoding as encodings
from app.services.importing.table import BATCH, HEADER_WITHIN, Batch

DELIMITERS = (";", ",", "\t", "|")
#: Characters of one line of the file, and of one cell with all its lines.
_LONGEST_LINE = 1 << 20
_LONGEST_CELL = 1 << 22
_SAMPLE = 1 << 18
csv.field_size_limit(_LONGEST_CELL)  # for the whole process; the module has no other way

_UNREADABLE = Text("A character of this cell cannot be read.")
_TOO_LONG = Text("This row is too long to be a row of a table.")

#: Judges the first rows: how many of their cells are known as headers.
Score = Callable[[list[list[str]]], int]


class CsvTable:
    """A CSV file; `score` decides between the delimiters."""

    def __init__(self, path: Path, score: Score, cancelled: Callable[[], bool]) -> None:
        self._path = path
        self._size = max(path.stat().st_size, 1)
        found = encodings.detect(path, cancelled)
        self.encoding: str | None = found.name
        self._damaged = found.damaged
        sample = self._sample()
        self.delimiter: str | None = max(DELIMITERS, key=lambda sign: _fitness(sample, sign, score))

    def _open(self) -> IO[str]:
        # a damaged character in one cell is no reason to refuse the file: `detect` has read all of it
        errors = "surrogateescape" if self._damaged else "replace"
        return self._path.open(encoding=self.encoding, newline="", errors=errors)

    def _sample(self) -> list[str]:
        with self._open() as file:
            text = file.read(_SAMPLE)
        return text.replace("\0", "").splitlines(keepends=True)[: HEADER_WITHIN * 4]

    def head(self) -> list[list[str]]:
        """The first rows."""
        return next(self.batches(), Batch(1, [])).rows[:HEADER_WITHIN]

    def batches(self) -> Iterator[Batch]:
        """All rows in batches."""
        with self._open() as file:
            lines = _Lines(file)
            reader = csv.reader(lines, delimiter=self.delimiter or ",", strict=True)
            first = 1
            while (batch := self._batch(reader, lines, first)).rows:
                batch.done = min(lines.characters / self._size, 1.0)
                if self._damaged:
                    _mark_damage(batch)
                first += len(batch.rows)
                yield batch

    def _batch(self, reader: Iterator[list[str]], lines: "_Lines", first: int) -> Batch:
        batch = Batch(first, [])
        rows, record = batch.rows, lines.record
        while len(rows) < BATCH:
            try:
                for row in islice(reader, BATCH - len(rows)):
                    rows.append(row)
                    record.clear()
                break
            except (csv.Error, _LineTooLong):
                self._recover(batch, lines)
        return batch

    def _recover(self, batch: Batch, lines: "_Lines") -> None:
        """Refuse a row that is too long with all its lines. Of another one that is broken take the first line alone, or
        refuse it; the lines after it are read again."""
        row: list[str] | None = None
        reason = _TOO_LONG
        if lines.too_long and (rest := self._rest_of_row(lines)) is not None:
            lines.skip(rest)
        elif _endless(line := lines.give_back()):
            lines.skip_line()
        else:
            row = _leniently(line, self.delimiter or ",")
            reason = Text("The quotation marks of this row do not match.")
        if row is None:
            batch.broken[len(batch.rows)] = reason
        batch.rows.append(row or [])

    def _rest_of_row(self, lines: "_Lines") -> int | None:
        """How many lines beyond those read belong to the current row; None if a quote of it is never closed."""
        with self._open() as file:
            for _ in range(lines.reads):
                file.readline(_LONGEST_LINE)
            coming = iter(partial(file.readline, _LONGEST_LINE), "")
            length = _row_length(chain(lines.record, lines.again, coming), self.delimiter or ",")
        return None if length is None else length - len(lines.record)


def _mark_damage(batch: Batch) -> None:
    """Say which cells hold bytes that are no characters, and show them as such."""
    for place, row in enumerate(batch.rows):
        if encodings.STRAY.search("".join(row)):
            damaged = [column for column, cell in enumerate(row) if encodings.STRAY.search(cell)]
            batch.voids[place] = dict.fromkeys(damaged, _UNREADABLE)
            for column in damaged:
                row[column] = encodings.STRAY.sub("\ufffd", row[column])


class _Lines:
    """The lines of a file, and those of the current record again if it turns out to be broken."""

    def __init__(self, file: IO[str]) -> None:
        self._read = file.readline
        self.again: deque[str] = deque()
        self.record: list[str] = []
        self.characters = self.reads = 0

    def __iter__(self) -> "_Lines":
        return self

    def __next__(self) -> str:
        line = self._take()
        if not line:
            raise StopIteration
        self.record.append(line)
        if _endless(line):
            raise _LineTooLong
        return line.replace("\0", "") if "\0" in line else line

    @property
    def too_long(self) -> bool:
        """Whether the current record is longer than a line or a cell may be."""
        return _endless(self.record[-1]) or sum(map(len, self.record)) > _LONGEST_CELL

    def _take(self) -> str:
        if self.again:
            return self.again.popleft()
        line = self._read(_LONGEST_LINE)
        self.reads += 1
        self.characters += len(line)
        return line

    def skip(self, lines: int) -> None:
        """Leave out what was read of the current record, and some lines more."""
        self.record.clear()
        for _ in range(lines):
            self._take()

    def skip_line(self) -> None:
        """Leave out the rest of a line that was too long."""
        while _endless(self._take()):
            pass

    def give_back(self) -> str:
        """The first line of the current record; the others will come again."""
        first, *others = self.record
        self.again.extendleft(reversed(others))
        self.record.clear()
        return first


class _LineTooLong(Exception):
    """A line no table has."""


def _endless(line: str) -> bool:
    """Whether a line goes on beyond what is read of it."""
    return len(line) == _LONGEST_LINE and line[-1] not in "\r\n"


def _row_length(lines: Iterable[str], delimiter: str) -> int | None:
    """How many lines a row takes; None if a quote of it is never closed, or closed in the midst of a cell."""
    number, quoted = 0, False
    for number, line in enumerate(lines, start=1):
        place = 0
        if number == 1 and line[0] == '"':
            quoted, place = True, 1
        while (found := line.find('"' if quoted else delimiter + '"', place)) >= 0:
            place = found + (1 if quoted else 2)
            after = line[place : place + 1]
            if quoted and after == '"':
                place += 1
            elif quoted and after not in ("", delimiter, "\r", "\n"):
                return None
            else:
                quoted = not quoted
        if not quoted and not _endless(line):
            return number
    return None if quoted else number


def _leniently(line: str, delimiter: str) -> list[str] | None:
    """A line such as `"Foo" GmbH;1`, which is clear although it breaks the rules; None if a quote stays open."""
    if line.count('"') % 2:
        return None
    try:
        return next(csv.reader([line], delimiter=delimiter), None)
    except csv.Error:
        return None


def _fitness(sample: list[str], delimiter: str, score: Score) -> tuple[int, int, int]:
    """Known headers first; then how many rows agree on a number of columns above one; then that number."""
    reader = csv.reader(sample, delimiter=delimiter)
    rows: list[list[str]] = []
    with suppress(csv.Error):
        rows.extend(islice(reader, HEADER_WITHIN))
    widths = [len(row) for row in rows if len(row) > 1]
    common = max(set(widths), key=widths.count, default=0)
    return score(rows), widths.count(common), common
