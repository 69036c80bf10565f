"""The parts of an XLSX file, looked at before the reader of the sheets opens them.

A megabyte can unpack to gigabytes, and that reader (Rust) lays all cells between the first and the last into memory,
believing every number it is told: more than there is ends the whole program. So the directory of the zip, the true
sizes, and every place that a cell or row names are checked beforehand. Every part in XML is read as if it were a
sheet, for a sheet may have any name; a workbook whose sheet is another kind of part is refused.
"""

import re
import zipfile
import zlib
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from typing import IO
from xml.parsers import expat

from app.core.errors import Cancelled, InvalidInput
from app.core.i18n import Text
from app.services.importing.table import MOST_COLUMNS

_MOST_PARTS = 2000
_MOST_BYTES = 300 << 20
_MOST_RATIO = 150
_MOST_ROWS = 1_048_576
#: Places between the first and the last cell of all sheets: each takes 32 bytes, whether anything is there or not.
_MOST_PLACES = 8_000_000
#: So many places may be empty however few cells there are; beyond them most places have to be taken.
_SPARSE = 2_000_000
_SPARSE_RATIO = 4
_MOST_CELLS = 12_000_000
_MOST_VOIDS = 500_000
_CHUNK = 1 << 18
_CELL = re.compile(r"([A-Za-z]{1,3})([0-9]{1,7})")
_ROW = re.compile(r"[0-9]{1,7}")
_LOCAL_HEADER = 30
_XML = (".xml", ".rels")

_ERROR = Text("The spreadsheet shows an error in this cell.")
_NO_RESULT = Text("The file has no result for the formula in this cell.")

#: Cells without a value although something stands there: row and column, from 0, and why.
Voids = Mapping[int, Mapping[int, Text]]


@dataclass
class _Sheet:
    """What a part says if it is read as a sheet. `flaw`: why it cannot be one."""

    cells: int = 0
    columns: int = 0
    rows: int = 0
    voids: dict[int, dict[int, Text]] = field(default_factory=dict)
    flaw: InvalidInput | None = None

    @property
    def places(self) -> int:
        return self.columns * self.rows


@dataclass
class Contents:
    """What the parts of an archive say: the sheets of the workbook in their order, where they are, and their cells."""

    #: The ids by which each sheet of the workbook may be meant, and the parts that ids stand for.
    sheet_ids: list[tuple[str, ...]] = field(default_factory=list)
    links: list[tuple[str, str]] = field(default_factory=list)
    parts: dict[str, _Sheet] = field(default_factory=dict)

    def voids(self, number: int) -> Voids:
        """The cells without a value of a sheet, by its place in the workbook."""
        for target in self._targets(self.sheet_ids[number]):
            for name in (target, f"xl/{target}"):
                if name in self.parts:
                    return self.parts[name].voids
        return {}

    def check(self) -> None:
        """Raises InvalidInput if a sheet is a part that nobody looked at, has a flaw, or lies too far apart."""
        targets = [target for sheet in self.sheet_ids for target in self._targets(sheet)]
        if not all(target.endswith(_XML) for target in targets):
            raise damaged()
        # how the reader completes the path of a sheet is its own affair: whatever has its name must be in order
        names = {target.rpartition("/")[2] for target in targets}
        sheets = [part for name, part in self.parts.items() if name.rpartition("/")[2] in names]
        if (flaw := next((sheet.flaw for sheet in sheets if sheet.flaw), None)) is not None:
            raise flaw
        if sum(sheet.places for sheet in sheets) > _MOST_PLACES:
            raise too_large()

    def _targets(self, sheet: tuple[str, ...]) -> list[str]:
        return [target.lower().lstrip("/") for sheet_id, target in self.links if sheet_id in sheet]


def inspect(path: Path, cancelled: Callable[[], bool]) -> Contents:
    """What is in a workbook. Raises InvalidInput for an archive that is none, or that would not stay small."""
    contents = Contents()
    try:
        with zipfile.ZipFile(path) as archive, path.open("rb") as file:
            parts = archive.infolist()
            _check_directory(parts)
            total = 0
            for part in parts:
                total += _check_part(file, part, contents, cancelled, _MOST_BYTES - total)
    except (zipfile.BadZipFile, zlib.error, NotImplementedError, ValueError, EOFError) as error:
        raise damaged() from error
    contents.check()
    return contents


def protected() -> InvalidInput:
    """The error for a workbook with a password."""
    return InvalidInput(
        Text("The workbook is protected with a password."), Text("Save it without one, or as CSV, and try again.")
    )


def damaged() -> InvalidInput:
    """The error for a file that no spreadsheet program wrote like this."""
    return InvalidInput(Text("The workbook is damaged or not an XLSX file."), Text("Save it as CSV and try again."))


def too_large() -> InvalidInput:
    """The error for a workbook that would take more memory than a list of leads does."""
    return InvalidInput(Text("The workbook is too large to be a list of leads."), Text("Save it as CSV and try again."))


def _check_directory(parts: list[zipfile.ZipInfo]) -> None:
    names = {part.filename.lower() for part in parts}
    if "content.xml" in names:
        raise InvalidInput(Text("This is an OpenDocument table."), Text("Save it as XLSX or CSV and try again."))
    if not any(name.endswith("workbook.xml") for name in names) or any(name.endswith("workbook.bin") for name in names):
        raise InvalidInput(Text("This file is not a table."), Text("Choose a CSV or XLSX file."))
    # a name with an entity would be another one to the reader than it is here
    strange = any(".." in Path(name).parts or name.startswith(("/", "\\")) or "&" in name for name in names)
    if strange or len(names) != len(parts):
        raise damaged()
    if any(part.flag_bits & 1 for part in parts):
        raise protected()
    packed, unpacked = sum(p.compress_size for p in parts), sum(p.file_size for p in parts)
    if len(parts) > _MOST_PARTS or unpacked > _MOST_BYTES or unpacked > max(packed * _MOST_RATIO, _CHUNK * 40):
        raise too_large()


def _check_part(
    file: IO[bytes], part: zipfile.ZipInfo, contents: Contents, cancelled: Callable[[], bool], room: int
) -> int:
    """The true unpacked size of a part; a directory can lie about it. What is XML is read into `contents`."""
    size = 0
    name = part.filename.lower()
    reader = _PartReader(name, contents) if name.endswith(_XML) else None
    for chunk in _unpacked(file, part):
        if cancelled():
            raise Cancelled(Text("The import was cancelled."))
        size += len(chunk)
        if size > room:
            raise too_large()
        if reader is not None:
            reader.feed(chunk)
    if reader is not None:
        reader.close()
    return size


class _PartReader:
    """Reads a part in XML: as a sheet, and for what it says about the sheets of the workbook."""

    def __init__(self, name: str, contents: Contents) -> None:
        self._contents = contents
        self._links = name.endswith("workbook.xml.rels")
        self._sheet = contents.parts[name] = _Sheet()
        self._row = self._column = 0
        #: Where the last cell is, whether it is without a value so far, and whether it has a formula.
        self._at = (0, 0)
        self._open = self._formula = False
        self._void_count = 0
        self._parser = expat.ParserCreate()
        self._parser.StartElementHandler = self._start
        self._parser.StartDoctypeDeclHandler = _refuse_doctype

    def feed(self, chunk: bytes, *, end: bool = False) -> None:
        """Read on; what no sheet may hold is noted, and nothing after it is read. Raises InvalidInput."""
        if self._sheet.flaw is not None:
            return
        try:
            self._parser.Parse(chunk, end)
        except expat.ExpatError:
            self._sheet.flaw = damaged()
        except InvalidInput as flaw:
            self._sheet.flaw = flaw
        if self._sheet.cells > _MOST_CELLS or self._void_count > _MOST_VOIDS:
            raise too_large()

    def close(self) -> None:
        """The part is at its end."""
        self.feed(b"", end=True)
        self._shut()
        sheet = self._sheet
        far = sheet.columns > MOST_COLUMNS or sheet.places > max(_SPARSE, sheet.cells * _SPARSE_RATIO)
        if far and sheet.flaw is None:
            sheet.flaw = too_large()

    def _start(self, name: str, attributes: dict[str, str]) -> None:
        if ":" in name:
            name = name.rpartition(":")[2]
        if name == "c":
            self._cell(attributes)
        elif name in ("v", "is"):
            self._valued()
        elif name == "row":
            place = attributes.get("r")
            self._row = self._row + 1 if place is None else _row(place)
            self._column = 0
        elif name == "f":
            self._formula = True
        elif name in ("dimension", "sheet", "Relationship"):
            self._about(name, attributes)

    def _about(self, name: str, attributes: dict[str, str]) -> None:
        if name == "dimension" and "ref" in attributes:
            _check_range(attributes["ref"])
        elif name == "sheet":
            ids = (value for key, value in attributes.items() if key.endswith("id"))
            self._contents.sheet_ids.append(tuple(ids))
        elif name == "Relationship" and self._links:
            self._contents.links.append((attributes.get("Id", ""), attributes.get("Target", "")))

    def _cell(self, attributes: dict[str, str]) -> None:
        if self._open:
            self._shut()
        self._sheet.cells += 1
        place = attributes.get("r")
        if place is None:
            self._column += 1
            self._at = (self._row, self._column)
        else:
            self._column, row = _place(place)
            self._at = (row, self._column)
        self._open, self._formula = True, False
        if attributes.get("t") == "e":
            self._void(_ERROR)

    def _valued(self) -> None:
        """The last cell has a value, so it is laid into memory."""
        sheet, (row, column) = self._sheet, self._at
        sheet.rows = max(sheet.rows, row)
        sheet.columns = max(sheet.columns, column)
        self._open = False

    def _shut(self) -> None:
        """The last cell has no value."""
        if self._open and self._formula:
            self._void(_NO_RESULT)
        self._open = False

    def _void(self, why: Text) -> None:
        row, column = self._at
        self._sheet.voids.setdefault(row - 1, {})[column - 1] = why
        self._void_count += 1


def _refuse_doctype(*_about: object) -> None:
    raise damaged()


def _place(reference: str) -> tuple[int, int]:
    """Column and row, from 1, of a reference such as B12. Raises InvalidInput."""
    found = _CELL.fullmatch(reference)
    if found is None:
        raise damaged()
    letters, digits = found.groups()
    return _column(letters), _row(digits)


@lru_cache(maxsize=1 << 10)
def _column(letters: str) -> int:
    number = 0
    for letter in letters.upper():
        number = number * 26 + ord(letter) - 64
    return number


@lru_cache(maxsize=1 << 6)
def _row(digits: str) -> int:
    if _ROW.fullmatch(digits) is None or not 0 < int(digits) <= _MOST_ROWS:
        raise damaged()
    return int(digits)


def _check_range(reference: str) -> None:
    """Raises InvalidInput for the used range of a sheet if it ends before it begins, or cannot be read."""
    corners = [_place(corner) for corner in reference.split(":")]
    if len(corners) > 2 or any(last < first for first, last in zip(corners[0], corners[-1], strict=True)):
        raise damaged()


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
