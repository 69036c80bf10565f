"""The table in an XLSX file, once `app.services.importing.archive` has found nothing in it that would hurt."""

from collections.abc import Callable, Iterator
from datetime import date, datetime, time, timedelta
from itertools import chain, islice, repeat
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Any

from app.core.errors import InvalidInput
from app.core.i18n import Text
from app.services.importing.archive import damaged, inspect, protected
from app.services.importing.csv_file import Score
from app.services.importing.table import BATCH, HEADER_WITHIN, Batch

if TYPE_CHECKING:
    from python_calamine import CalamineSheet, CalamineWorkbook


class WorkbookTable:
    """The first sheet of an XLSX file that has a known header, else the first visible one."""

    encoding: str | None = None
    delimiter: str | None = None

    def __init__(self, path: Path, score: Score, cancelled: Callable[[], bool]) -> None:
        contents = inspect(path, cancelled)
        import python_calamine

        try:
            with _NoPanic():
                number, self._sheet = _choose(python_calamine.load_workbook(str(path)), score)
        except python_calamine.PasswordError as error:
            raise protected() from error
        except (python_calamine.CalamineError, ValueError, IndexError) as error:
            raise damaged() from error
        self._voids = contents.voids(number)

    def head(self) -> list[list[str]]:
        """The first rows."""
        return _head(self._sheet)

    def batches(self) -> Iterator[Batch]:
        """All rows in batches; numbers and days come as text that can be read in one way only."""
        last, start = self._sheet.end, self._sheet.start
        first = 0 if start is None else start[1]  # the reader leaves out the empty columns before the table
        total = 1 + max(-1 if last is None else last[0], max(self._voids, default=-1))
        batch = Batch(1, [])
        # the reader ends with the last cell that has a value
        for number, cells in enumerate(islice(chain(self._sheet.iter_rows(), repeat([])), total), start=1):
            if (voids := self._voids.get(number - 1)) is not None:
                batch.voids[len(batch.rows)] = {column - first: why for column, why in voids.items()}
            batch.rows.append([cell if cell.__class__ is str else _worded(cell) for cell in cells])
            if len(batch.rows) == BATCH:
                batch.done = number / total
                yield batch
                batch = Batch(number + 1, [])
        if batch.rows:
            batch.done = 1.0
            yield batch


class _NoPanic:
    """Makes an error of the program out of a panic of the reader, which no `except Exception` would catch.

    Its class cannot be imported, so it is known by its name.
    """

    def __enter__(self) -> None:
        return None

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, _: TracebackType | None) -> None:
        if kind is not None and kind.__name__ == "PanicException":
            raise damaged() from error


def _choose(book: "CalamineWorkbook", score: Score) -> tuple[int, "CalamineSheet"]:
    """The sheet with the table, and its place in the workbook. Only the best so far is kept in memory."""
    from python_calamine import SheetTypeEnum, SheetVisibleEnum

    best: tuple[int, int, CalamineSheet] | None = None
    for number, about in enumerate(book.sheets_metadata):
        if about.visible == SheetVisibleEnum.Visible and about.typ == SheetTypeEnum.WorkSheet:
            sheet = book.get_sheet_by_index(number)
            points = score(_head(sheet))
            if best is None or points > best[0]:
                best = (points, number, sheet)
    if best is None:
        raise InvalidInput(Text("The workbook has no sheet with a table."))
    return best[1:]


def _head(sheet: "CalamineSheet") -> list[list[str]]:
    rows = zip(range(HEADER_WITHIN), sheet.iter_rows(), strict=False)
    return [[_worded(cell) for cell in cells] for _, cells in rows]


def _worded(cell: Any) -> str:
    """A cell as text: numbers with a point and never with exactly three decimals, days in ISO."""
    match cell:
        case str():
            return cell.replace("\0", "")
        case bool():
            return "true" if cell else "false"
        case float():
            text = str(int(cell)) if cell.is_integer() and abs(cell) < 1e15 else repr(cell)
            return text + "0" if len(text.partition(".")[2]) == 3 else text
        case datetime() | date() | time():
            return cell.isoformat(" ") if isinstance(cell, datetime) else cell.isoformat()
        case timedelta():
            return str(cell)
    return str(cell)
