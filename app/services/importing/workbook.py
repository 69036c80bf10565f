"""XLSX, looked at before it is opened: a megabyte of it can unpack to gigabytes.

The reader of the sheets (Rust) lays all cells between the first and the last into memory, so the directory of the zip,
the true sizes, and the furthest cell are checked beforehand.
"""

import re
import zipfile
import zlib
from collections.abc import Callable, Iterator
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any

from app.core.errors import Cancelled, InvalidInput
from app.core.i18n import Text
from app.services.importing.csv_file import Score
from app.services.importing.table import BATCH, HEADER_WITHIN, MOST_COLUMNS, Batch

if TYPE_CHECKING:
    from python_calamine import CalamineSheet, CalamineWorkbook

_MOST_PARTS = 2000
_MOST_BYTES = 300 << 20
_MOST_RATIO = 150
_MOST_ROWS = 1_048_576
_MOST_CELLS = 20_000_000
_CHUNK = 1 << 18
_OVERLAP = 32
_CELL = re.compile(rb'\br\s*=\s*["\']([A-Z]{1,3})([0-9]{1,7})["\']')
_LOCAL_HEADER = 30


class WorkbookTable:
    """The first sheet of an XLSX file that has a known header, else the first visible one."""

    encoding: str | None = None
    delimiter: str | None = None

    def __init__(self, path: Path, score: Score, cancelled: Callable[[], bool]) -> None:
        _inspect(path, cancelled)
        import python_calamine

        try:
            book = python_calamine.load_workbook(str(path))
            self._sheet = _choose(book, score)
        except python_calamine.PasswordError as error:
            raise protected() from error
        except (python_calamine.CalamineError, ValueError, IndexError) as error:
            raise _damaged() from error

    def head(self) -> list[list[str]]:
        """The first rows."""
        return _head(self._sheet)

    def batches(self) -> Iterator[Batch]:
        """All rows in batches; numbers and days come as text that can be read in one way only."""
        total = max(self._sheet.total_height, 1)
        batch = Batch(1, [])
        for number, cells in enumerate(self._sheet.iter_rows(), start=1):
            batch.rows.append([cell if cell.__class__ is str else _worded(cell) for cell in cells])
            if len(batch.rows) == BATCH:
                batch.done = number / total
                yield batch
                batch = Batch(number + 1, [])
        if batch.rows:
            batch.done = 1.0
            yield batch


def _choose(book: "CalamineWorkbook", score: Score) -> "CalamineSheet":
    from python_calamine import SheetTypeEnum, SheetVisibleEnum

    shown = [
        book.get_sheet_by_name(sheet.name)
        for sheet in book.sheets_metadata
        if sheet.visible == SheetVisibleEnum.Visible and sheet.typ == SheetTypeEnum.WorkSheet
    ]
    if not shown:
        raise InvalidInput(Text("The workbook has no sheet with a table."))
    return max(shown, key=lambda sheet: score(_head(sheet)))


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


def protected() -> InvalidInput:
    """The error for a workbook with a password."""
    return InvalidInput(
        Text("The workbook is protected with a password."), Text("Save it without one, or as CSV, and try again.")
    )


def _damaged() -> InvalidInput:
    return InvalidInput(Text("The workbook is damaged or not an XLSX file."), Text("Save it as CSV and try again."))


def _too_large() -> InvalidInput:
    return InvalidInput(Text("The workbook is too large to be a list of leads."), Text("Save it as CSV and try again."))


def _inspect(path: Path, cancelled: Callable[[], bool]) -> None:
    """Raises InvalidInput for an archive that is no workbook, or that would not stay small when unpacked."""
    try:
        with zipfile.ZipFile(path) as archive, path.open("rb") as file:
            parts = archive.infolist()
            _check_directory(parts)
            total = 0
            for part in parts:
                total += _check_part(file, part, cancelled, _MOST_BYTES - total)
    except (zipfile.BadZipFile, zlib.error, NotImplementedError, ValueError, EOFError) as error:
        raise _damaged() from error


def _check_directory(parts: list[zipfile.ZipInfo]) -> None:
    names = {part.filename for part in parts}
    if "mimetype" in names and "content.xml" in names:
        raise InvalidInput(Text("This is an OpenDocument table."), Text("Save it as XLSX or CSV and try again."))
    if not any(name.lower().endswith("workbook.xml") for name in names):
        raise InvalidInput(Text("This file is not a table."), Text("Choose a CSV or XLSX file."))
    strange = any(".." in Path(name).parts or name.startswith(("/", "\\")) for name in names)
    if strange or len(names) != len(parts):
        raise _damaged()
    if any(part.flag_bits & 1 for part in parts):
        raise protected()
    packed, unpacked = sum(p.compress_size for p in parts), sum(p.file_size for p in parts)
    if len(parts) > _MOST_PARTS or unpacked > _MOST_BYTES or unpacked > max(packed * _MOST_RATIO, _CHUNK * 40):
        raise _too_large()


def _check_part(file: IO[bytes], part: zipfile.ZipInfo, cancelled: Callable[[], bool], room: int) -> int:
    """The true unpacked size of a part; a directory can lie about it. Looks for a DOCTYPE and for far cells."""
    size, tail = 0, b""
    columns, rows = 0, 0
    sheet = "sheet" in part.filename.lower() and part.filename.lower().endswith(".xml")
    for chunk in _unpacked(file, part):
        if cancelled():
            raise Cancelled(Text("The import was cancelled."))
        if size == 0 and (b"<!DOCTYPE" in chunk or (sheet and chunk[:2] in (b"\xff\xfe", b"\xfe\xff"))):
            raise _damaged()
        size += len(chunk)
        if size > room:
            raise _too_large()
        if sheet:
            columns, rows = _furthest(tail + chunk, columns, rows)
            tail = chunk[-_OVERLAP:]
    if columns > MOST_COLUMNS or rows > _MOST_ROWS or columns * rows > _MOST_CELLS:
        raise _too_large()
    return size


def _furthest(chunk: bytes, columns: int, rows: int) -> tuple[int, int]:
    found = _CELL.findall(chunk)
    if found:
        letters, numbers = zip(*found, strict=True)
        columns = max(columns, *map(_column, set(letters)))
        rows = max(rows, *map(int, set(numbers)))
    return columns, rows


def _column(letters: bytes) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + letter - 64
    return number


def _unpacked(file: IO[bytes], part: zipfile.ZipInfo) -> Iterator[bytes]:
    """The contents of a part as its bytes say, not as the directory says."""
    file.seek(part.header_offset)
    header = file.read(_LOCAL_HEADER)
    if len(header) < _LOCAL_HEADER or header[:4] != b"PK\x03\x04":
        raise zipfile.BadZipFile
    file.seek(int.from_bytes(header[26:28], "little") + int.from_bytes(header[28:30], "little"), 1)
    left = part.compress_size
    if part.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
        raise zipfile.BadZipFile
    deflated = zlib.decompressobj(-15) if part.compress_type == zipfile.ZIP_DEFLATED else None
    while left and (packed := file.read(min(left, _CHUNK))):
        left -= len(packed)
        if deflated is None:
            yield packed
            continue
        while packed and not deflated.eof:
            yield deflated.decompress(packed, _CHUNK * 4)
            packed = deflated.unconsumed_tail
