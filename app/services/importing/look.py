"""The first half of an import: what a file holds and how it is to be read. It needs no store, so it leaves no trace."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from app.core.collector import collector_paused
from app.core.errors import InvalidInput, NotFound
from app.core.i18n import Text
from app.core.parse.cleaning import one_line
from app.models.failures import translated
from app.services.importing.headers import Layout, find_layout, known_headers, meant
from app.services.importing.reading import open_table
from app.services.importing.result import Cancelled, Detected, ImportResult, Progress
from app.services.importing.scan import Reading, Scan, Translate, unchanged
from app.services.importing.table import Table
from app.services.own_fields import OwnField

#: Steps in which the progress of an import is told, and the share of the first look at the file.
STEPS = 1000
SHARE = 0.15


def nothing_to_tell(_done: int, _total: int) -> None:
    """Progress that nobody sees."""


def go_on() -> bool:
    """Nobody cancels."""
    return False


@dataclass(frozen=True)
class Look:
    """A file as it is to be read."""

    path: Path
    table: Table
    layout: Layout
    reading: Reading
    translate: Translate

    @property
    def detected(self) -> Detected:
        """How the file is read, for the report."""
        table, reading, layout = self.table, self.reading, self.layout
        decimal = reading.decimal if reading.decimal in (".", ",") else None
        share = None if "probability" not in layout.fields else "share" if reading.fraction else "percent"
        return Detected(
            table.encoding, table.delimiter, decimal, reading.date_format, share, layout.row, layout.columns()
        )

    @property
    def asked(self) -> ImportResult | None:
        """The result while there are questions; None for a file that leaves nothing open."""
        questions = self.reading.questions
        return ImportResult(questions=questions, detected=self.detected) if questions else None


def look_at(
    path: Path,
    mapping: Mapping[str, str] | None = None,
    values: Mapping[tuple[str, str], str] | None = None,
    *,
    date_order: str | None = None,
    progress: Progress = nothing_to_tell,
    cancelled: Cancelled = go_on,
    table: Table | None = None,
    own: Sequence[OwnField] = (),
) -> Look:
    """Find out how a file is to be read; columns may be called like `own` fields.

    `mapping`: column to field. `values`: (column, word) to the word in its place. `date_order`: dmy, mdy or ymd.
    A `table` that is there already is read instead of the file, of which only the name is used.
    Raises InvalidInput for a file that is no list of leads, NotFound, Cancelled when `cancelled` says so, StorageError.
    """
    with translated(), collector_paused():
        if table is None:
            table = _opened(path, cancelled)
        layout = find_layout(table.head(), mapping or {}, own)
        translate = _translation(layout, values or {})
        scan = Scan(layout, translate, date_order)
        scan.run(table, lambda done: progress(int(done * SHARE * STEPS), STEPS), cancelled)
        return Look(path, table, layout, scan.reading(), translate)


def _opened(path: Path, cancelled: Cancelled) -> Table:
    if not path.exists():
        raise NotFound(Text("There is no file “{name}”.", name=path.name))
    return open_table(path, known_headers, cancelled)


def _translation(layout: Layout, values: Mapping[tuple[str, str], str]) -> Translate:
    """What stands in place of a cell, by field. Raises InvalidInput for a column the file does not have."""
    fields = {place: field for field, place in layout.fields.items()}
    table: dict[tuple[str, str], str] = {}
    for (column, word), value in values.items():
        place, cell = _meant_cell(layout, column, word)
        if place not in fields:
            raise InvalidInput(
                Text("The file has no column “{column}” that is imported.", column=column), field="value"
            )
        table[(fields[place], one_line(cell).casefold())] = value
    if not table:
        return unchanged
    return lambda field, cell: table.get((field, one_line(cell).casefold()), cell)


def _meant_cell(layout: Layout, column: str, word: str) -> tuple[int | None, str]:
    """The place of a column and a word in it. A header may hold a colon itself (Opportunity: Account): the longest
    that the file has is meant."""
    parts = f"{column}:{word}".split(":")
    for end in range(len(parts) - 1, 0, -1):
        places = meant(":".join(parts[:end]), layout.headers)
        if len(places) == 1:
            return places[0], ":".join(parts[end:])
    return None, word
