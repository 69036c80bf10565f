"""CSV as it comes: any of the usual delimiters, line ends and encodings, torn quotes, rows of any length.

A quote that is opened and never closed would swallow the rest of the file into one cell. So quotes are read strictly:
where they do not match, the line in which the row began is refused alone, and reading goes on with the next line.
"""

import csv
from collections import deque
from collections.abc import Callable, Iterator
from contextlib import suppress
from itertools import islice
from pathlib import Path
from typing import IO

from app.core.i18n import Text
from app.services.importing import encoding as encodings
from app.services.importing.table import BATCH, HEADER_WITHIN, Batch

DELIMITERS = (";", ",", "\t", "|")
#: Characters of one line of the file; a cell may hold at most 131 072 (the limit of the csv module).
_LONGEST_LINE = 1 << 20
_SAMPLE = 1 << 18

#: Judges the first rows: how many of their cells are known as headers.
Score = Callable[[list[list[str]]], int]


class CsvTable:
    """A CSV file; `score` decides between the delimiters."""

    def __init__(self, path: Path, score: Score, cancelled: Callable[[], bool]) -> None:
        self._path = path
        self._size = max(path.stat().st_size, 1)
        self.encoding: str | None = encodings.detect(path, cancelled)
        sample = self._sample()
        self.delimiter: str | None = max(DELIMITERS, key=lambda sign: _fitness(sample, sign, score))

    def _open(self) -> IO[str]:
        # a damaged character in one cell is no reason to refuse the file: `detect` has read all of it
        return self._path.open(encoding=self.encoding, newline="", errors="replace")

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
            except csv.Error:
                self._recover(batch, lines)
            except _LineTooLong:
                batch.broken[len(rows)] = Text("This line is too long to be a row of a table.")
                rows.append([])
                record.clear()
        return batch

    def _recover(self, batch: Batch, lines: "_Lines") -> None:
        """Take the first line of the broken row alone, or refuse it; the lines after it are read again."""
        line = lines.give_back()
        row = _leniently(line, self.delimiter or ",")
        if row is None:
            batch.broken[len(batch.rows)] = Text("The quotation marks of this row do not match.")
        batch.rows.append(row or [])


class _Lines:
    """The lines of a file, and those of the current record again if it turns out to be broken."""

    def __init__(self, file: IO[str]) -> None:
        self._read = file.readline
        self._again: deque[str] = deque()
        self.record: list[str] = []
        self.characters = 0

    def __iter__(self) -> "_Lines":
        return self

    def __next__(self) -> str:
        line = self._again.popleft() if self._again else self._fresh()
        self.record.append(line)
        return line

    def _fresh(self) -> str:
        line = self._read(_LONGEST_LINE)
        if not line:
            raise StopIteration
        self.characters += len(line)
        if len(line) == _LONGEST_LINE and line[-1] not in "\r\n":
            self._skip_line()
            raise _LineTooLong
        return line.replace("\0", "") if "\0" in line else line

    def _skip_line(self) -> None:
        while (rest := self._read(_LONGEST_LINE)) and rest[-1] not in "\r\n":
            self.characters += len(rest)

    def give_back(self) -> str:
        """The first line of the current record; the others will come again."""
        first, *others = self.record
        self._again.extendleft(reversed(others))
        self.record.clear()
        return first


class _LineTooLong(Exception):
    """A line no table has."""


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
