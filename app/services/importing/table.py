"""A file as a table: rows of cells that are all text, in batches, read as often as wanted."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Protocol

from app.core.i18n import Text

#: Wider than any list of leads; beyond it something else was opened.
MOST_COLUMNS = 500
#: Rows that are looked through for the header.
HEADER_WITHIN = 40
BATCH = 500


@dataclass
class Batch:
    """Some rows. `first` is the spreadsheet's number of the first; `broken` names those that could not be read.

    `voids`: by row and column the cells that do not show what was meant to stand there, and why.
    """

    first: int
    rows: list[list[str]]
    broken: dict[int, Text] = field(default_factory=dict)
    voids: dict[int, Mapping[int, Text]] = field(default_factory=dict)
    #: How much of the file has been read, from 0 to 1.
    done: float = 0.0


def columns_of(rows: Sequence[Sequence[str]], width: int) -> list[tuple[str, ...]]:
    """The first `width` columns of some rows; a row that is too short has empty cells."""
    if set(map(len, rows)) != {width}:
        rows = [[*row[:width], *[""] * (width - len(row))] for row in rows]
    return list(zip(*rows, strict=True)) or [()] * width


class Table(Protocol):
    """An opened file."""

    encoding: str | None
    delimiter: str | None

    def batches(self) -> Iterator[Batch]:
        """All rows from the first; empty rows are there, as empty lists or empty cells."""

    def head(self) -> list[list[str]]:
        """The first rows, for the search of the header."""
