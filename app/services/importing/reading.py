"""From a path to a table, or to one sentence that says why it is none."""

import re
from codecs import BOM_UTF8
from collections.abc import Callable
from pathlib import Path

from app.core.errors import InvalidInput
from app.core.i18n import Text
from app.services.importing.archive import protected
from app.services.importing.csv_file import CsvTable, Score
from app.services.importing.table import Table
from app.services.importing.workbook import WorkbookTable

_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_ENCRYPTED = "EncryptedPackage".encode("utf-16-le")
_ZIP = (b"PK\x03\x04", b"PK\x05\x06")
#: What no text begins with: pictures, documents, archives, databases, programs.
_OTHERS = (
    b"\x89PNG", b"\xff\xd8\xff", b"GIF8", b"%PDF", b"\x1f\x8b", b"7z\xbc\xaf", b"Rar!", b"BM", b"SQLite format 3",
    b"\x7fELF", b"MZ", b"{\\rtf", b"OggS", b"ID3", b"RIFF",
)  # fmt: skip
#: Two letters are too few to tell a picture from a heading, so a zero byte must follow.
_SHORT = (b"BM", b"MZ")

_CARDS = (b"BEGIN:VCARD", b"BEGIN:VCALENDAR")
#: Lines of a mail's head, with one among them that a report does not begin with.
_MAIL = re.compile(
    rb"(?:[a-z-]+: .*\r?\n(?:[ \t].*\r?\n)*)*?(?:message-id|mime-version|received|return-path|delivered-to): ",
    re.IGNORECASE,
)


def open_table(path: Path, score: Score, cancelled: Callable[[], bool]) -> Table:
    """The table in a file. `score` says how many cells of some first rows are known headers.

    Raises InvalidInput for a file that is no table, OSError for one that cannot be read.
    """
    if path.is_dir():
        raise InvalidInput(Text("“{name}” is a folder.", name=path.name), Text("Choose a CSV or XLSX file."))
    if not path.is_file():  # a file is read several times: to find out how it is written, to ask, to import
        raise InvalidInput(
            Text("“{name}” is not a file but a pipe or a device, which can be read only once.", name=path.name),
            Text("Save what comes from it to a file first."),
        )
    with path.open("rb") as file:
        start = file.read(512)
        if start.startswith(_OLE):
            raise _old(start + file.read(1 << 20))
    if start.startswith(_ZIP):
        return WorkbookTable(path, score, cancelled)
    if start.startswith(_OTHERS) and not (start.startswith(_SHORT) and 0 not in start):
        raise InvalidInput(Text("This file is not a table."), Text("Choose a CSV or XLSX file."))
    if start.lstrip()[:15].lower().startswith((b"<!doctype html", b"<html", b"<?xml")):
        raise InvalidInput(Text("This file is a web page, not a table."), Text("Choose a CSV or XLSX file."))
    if start.removeprefix(BOM_UTF8)[:20].upper().startswith(_CARDS) or _MAIL.match(start):
        raise InvalidInput(
            Text("This file holds contacts, appointments or a mail, not a table."), Text("Choose a CSV or XLSX file.")
        )
    return CsvTable(path, score, cancelled)


def _old(start: bytes) -> InvalidInput:
    if _ENCRYPTED in start:
        return protected()
    return InvalidInput(
        Text("This is a workbook of an old Excel, or no workbook at all."),
        Text("Save it as XLSX or CSV and try again."),
    )
