"""Files to import, the import itself, and what is in the store after it."""

import zipfile
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any
from xml.sax.saxutils import escape

from sqlalchemy import text

from app.core.i18n import Text
from app.models.store import Store
from app.services.importing.result import ImportResult
from app.services.importing.run import Importer

_TYPES = (
    '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
    '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
    '<Override PartName="/xl/workbook.xml" '
    'ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"/></Types>'
)
_RELS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006/relationships"
_MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"


def import_text(
    store: Store,
    folder: Path,
    content: str,
    mapping: Mapping[str, str] | None = None,
    values: Mapping[tuple[str, str], str] | None = None,
    **options: Any,
) -> ImportResult:
    """Import a UTF-8 file with this content."""
    path = folder / "leads.csv"
    path.write_bytes(content.encode())
    return Importer(store).run(path, mapping, values, **options)


def rows(store: Store, statement: str) -> list[Any]:
    """What a reader of the store sees."""
    with store.read() as connection:
        return list(connection.execute(text(statement)))


def reasons(result: ImportResult) -> list[tuple[int, str | None, str]]:
    """Row, column and reason of everything refused, in English."""
    return [(refusal.row, refusal.column, str(refusal.reason)) for refusal in result.refused]


def words(error: Any) -> str:
    """What an error says first, in the source language."""
    title: Text = error.value.title
    return title.message


def sheet_xml(table: Sequence[Sequence[Any]]) -> str:
    """A worksheet; text as inline strings, numbers as they are."""
    lines = []
    for number, cells in enumerate(table, start=1):
        parts = []
        for place, cell in enumerate(cells):
            at = f'r="{chr(65 + place)}{number}"'
            if isinstance(cell, str):
                parts.append(f'<c {at} t="inlineStr"><is><t xml:space="preserve">{escape(cell)}</t></is></c>')
            elif cell is not None:
                parts.append(f"<c {at}><v>{cell}</v></c>")
        lines.append(f'<row r="{number}">{"".join(parts)}</row>')
    return f'<worksheet xmlns="{_MAIN}"><sheetData>{"".join(lines)}</sheetData></worksheet>'


def write_workbook(path: Path, *sheets: str, extra: Mapping[str, bytes] | None = None) -> Path:
    """An XLSX file with these worksheets (XML)."""
    names = "".join(f'<sheet name="S{n}" sheetId="{n}" r:id="r{n}"/>' for n in range(1, len(sheets) + 1))
    links = "".join(
        f'<Relationship Id="r{n}" Type="{_RELS}/worksheet" Target="worksheets/sheet{n}.xml"/>'
        for n in range(1, len(sheets) + 1)
    )
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("[Content_Types].xml", _TYPES)
        target = f'<Relationship Id="r1" Type="{_RELS}/officeDocument" Target="xl/workbook.xml"/>'
        archive.writestr("_rels/.rels", f'<Relationships xmlns="{_PACKAGE}">{target}</Relationships>')
        workbook = f'<workbook xmlns="{_MAIN}" xmlns:r="{_RELS}"><sheets>{names}</sheets></workbook>'
        archive.writestr("xl/workbook.xml", workbook)
        archive.writestr("xl/_rels/workbook.xml.rels", f'<Relationships xmlns="{_PACKAGE}">{links}</Relationships>')
        for number, sheet in enumerate(sheets, start=1):
            archive.writestr(f"xl/worksheets/sheet{number}.xml", sheet)
        for name, content in (extra or {}).items():
            archive.writestr(name, content)
    return path
