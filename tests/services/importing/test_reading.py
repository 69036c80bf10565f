"""Files as they come: encodings, delimiters, torn quotes, and files that are no tables."""

import codecs
import json
import os
import shutil
import struct
import zipfile
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from app.core.errors import InvalidInput, NotFound, ReadOnly, TrichterError
from app.models.store import Store
from app.services.importing.headers import known_headers
from app.services.importing.reading import open_table
from app.services.importing.result import ImportResult
from app.services.importing.run import Importer
from tests.real_data import FOLDER, needs_real_data
from tests.services.importing.files import import_text, reasons, rows, sheet_xml, words, write_workbook


def _titles(store: Store) -> list[str]:
    return [row.title for row in rows(store, "SELECT title FROM lead ORDER BY id")]


def _import(store: Store, folder: Path, content: bytes, name: str = "leads.csv") -> ImportResult:
    path = folder / name
    path.write_bytes(content)
    return Importer(store).run(path)


@pytest.mark.parametrize(
    ("encoding", "mark", "told"),
    [
        ("utf-8", b"", "utf-8"),
        ("utf-8", codecs.BOM_UTF8, "utf-8-sig"),
        ("utf-16-le", codecs.BOM_UTF16_LE, "utf-16"),
        ("utf-16-be", codecs.BOM_UTF16_BE, "utf-16"),
        ("utf-16-le", b"", "utf-16-le"),
        ("utf-16-be", b"", "utf-16-be"),
        ("utf-32", b"", "utf-32"),
        ("cp1252", b"", "cp1252"),
        ("mac_roman", b"", "mac_roman"),
    ],
)
def test_encodings(store: Store, tmp_path: Path, encoding: str, mark: bytes, told: str) -> None:
    content = "Name;Währung;Volumen\r\nGroßküche Übersee;EUR;5\r\nÄrztehaus Köln;EUR;6\r\n"

    result = _import(store, tmp_path, mark + content.encode(encoding))

    assert _titles(store) == ["Großküche Übersee", "Ärztehaus Köln"]
    assert result.detected.encoding == told


@pytest.mark.parametrize(("mark", "told"), [(b"", "utf-8"), (codecs.BOM_UTF8, "utf-8-sig")])
def test_a_stray_byte_costs_its_row_and_not_the_umlauts_of_the_others(
    store: Store, tmp_path: Path, mark: bytes, told: str
) -> None:
    lines = "Name;Firma;Sonstiges\nMüller;Größe;x\nX;\0;y\nZ;Öl;\0\n\0;Öl;\nÜ;É;\n".encode()
    result = _import(store, tmp_path, mark + lines.replace(b"\0", b"\xff\xfe", 1).replace(b"\0", b"\xfc"))

    assert _titles(store) == ["Müller", "Z", "Ü"]
    unreadable = "A character of this cell cannot be read."
    assert reasons(result) == [(3, "Firma", unreadable), (5, "Name", unreadable)]
    assert result.detected.encoding == told


def test_a_text_of_windows_is_not_taken_for_damaged_utf8(store: Store, tmp_path: Path) -> None:
    content = "Name;Firma;Info\nMüller;Größe;„Spaß“ – GRUẞ\nSPAß“;ÃœB;\n".replace("ẞ", "ß")
    result = _import(store, tmp_path, content.encode("cp1252"))
    assert (_titles(store), result.detected.encoding) == (["Müller", "SPAß“"], "cp1252")


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_delimiters_and_line_ends(store: Store, tmp_path: Path, delimiter: str, end: str) -> None:
    table = [["Name", "Status", "Info"], ["A, B; C", "Aktiv", f"eins{end}zwei"], ["D", "Aktiv", 'sagt "ja"']]
    content = end.join(delimiter.join('"' + cell.replace('"', '""') + '"' for cell in row) for row in table)

    result = import_text(store, tmp_path, content)

    assert (result.created, result.refused, result.detected.delimiter) == (2, (), delimiter)
    infos = [row.info for row in rows(store, "SELECT info FROM lead ORDER BY id")]
    assert infos == ["eins\nzwei", 'sagt "ja"']


def test_the_header_is_searched(store: Store, tmp_path: Path) -> None:
    content = "Bericht;vom 24.11.2026\n\nKunde;Name\nQuelle;intern\n\nName;Status;Volumen;Firma\nA;Aktiv;5;X\n"
    result = import_text(store, tmp_path, content)
    assert (result.created, result.detected.header_row) == (1, 6)


def test_rows_may_be_shorter_than_the_header(store: Store, tmp_path: Path) -> None:
    result = import_text(store, tmp_path, "Name;Status;Volumen;Info\nA\nB;Aktiv\nC;Aktiv;7\nD;Aktiv;8;x;;;\n")
    assert (result.created, result.refused) == (4, ())


def test_nul_bytes_are_left_out(store: Store, tmp_path: Path) -> None:
    import_text(store, tmp_path, "Na\0me;Status\nA\0B;Aktiv\n")
    assert _titles(store) == ["AB"]


def test_a_quote_that_is_never_closed_costs_one_row(store: Store, tmp_path: Path) -> None:
    content = 'Name;Status\nA;Aktiv\n"B;Aktiv\nC;Aktiv\n"D";Aktiv\nE "x";Aktiv\n"F" GmbH;Aktiv\n"G;Aktiv\n'
    result = import_text(store, tmp_path, content)

    assert _titles(store) == ["A", "C", "D", 'E "x"', "F GmbH"]
    assert reasons(result) == [(row, None, "The quotation marks of this row do not match.") for row in (4 - 1, 8)]


def test_a_line_without_end_is_refused_and_not_held(store: Store, tmp_path: Path) -> None:
    path = tmp_path / "long.csv"
    with path.open("w") as file:
        file.write("Name;Status\nA;Aktiv\nB;")
        for _ in range(100):
            file.write("x" * (1 << 20))
        file.write("\nC;Aktiv\n")
    result = Importer(store).run(path)

    assert _titles(store) == ["A", "C"]
    assert reasons(result) == [(3, None, "This row is too long to be a row of a table.")]


_LINES = "eine Zeile;mit, allem\n" * 10_000  # 230 000 characters


def test_a_long_cell_of_many_lines_is_one_row(store: Store, tmp_path: Path) -> None:
    result = import_text(
        store, tmp_path, f'Name;Info;X\nA;"{_LINES}";"{_LINES}"\nB;"{_LINES[:90_000]}";"{_LINES}"\nC\n'
    )

    assert _titles(store) == ["B", "C"]
    assert reasons(result) == [(2, "Info", "This text is too long.")]


@pytest.mark.parametrize(
    "cell",
    [
        _LINES * 20,
        f'{_LINES * 20}er sagt ""ja"";"";\n',
        "x" * (3 << 20) + "\n" + _LINES,
        _LINES + "x" * (3 << 20) + "\n" + _LINES,
        f'{"x" * (2 << 20)}";"{_LINES}";y;"{"z" * (2 << 20)}',
    ],
    ids=["lines", "quotes", "long line first", "long line within", "several"],
)
def test_a_cell_beyond_all_measure_is_one_refusal(store: Store, tmp_path: Path, cell: str) -> None:
    result = import_text(store, tmp_path, f'Name;Info;Firma;Quelle;Kontakt\nA;kurz\nB;"{cell}"\nC;kurz\n')

    assert _titles(store) == ["A", "C"]
    assert reasons(result) == [(3, None, "This row is too long to be a row of a table.")]


@pytest.mark.parametrize("end", ["", 'Z;"kurz"\n', "x" * (2 << 20) + "\n"])
def test_a_quote_that_is_never_closed_costs_one_row_of_a_large_file_too(store: Store, tmp_path: Path, end: str) -> None:
    leads = "".join(f"L{n};{'wort ' * 200}\n" for n in range(5000))  # 5 MB without any quote
    result = import_text(store, tmp_path, f'Name;Info\nA;"offen\n{leads}{end}', dry_run=True)

    assert result.created == 5000 + (end[:1] == "Z")
    assert [row for row, _, _ in reasons(result)] == [2, *([5003] if end[:1] == "x" else [])]


def test_a_cell_as_large_as_the_module_allows_is_refused_with_its_row(store: Store, tmp_path: Path) -> None:
    result = import_text(store, tmp_path, f'Name;Info\nA;"{"x" * 200_000}"\nB;{"y" * 100_001}\nC;kurz\n')

    assert _titles(store) == ["C"]
    assert [(row, column) for row, column, _ in reasons(result)] == [(2, "Info"), (3, "Info")]


_ONLY_A_NAME = "This does not look like a list of leads: all that is known here is the column “{column}”."
_NO_TABLE = "This file holds contacts, appointments or a mail, not a table."


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"", "The file is empty."),
        (b" \r\n \r\n", "The file is empty."),
        (b"\x89PNG\r\n\x1a\n" + bytes(200), "This file is not a table."),
        (b"%PDF-1.7\n" + bytes(range(256)), "This file is not a table."),
        (b"SQLite format 3\0" + bytes(4096), "This file is not a table."),
        (bytes(range(256)) * 40, "This file is not a table."),
        (b"PK\x03\x04 no zip at all", "The workbook is damaged or not an XLSX file."),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600),
         "This is a workbook of an old Excel, or no workbook at all."),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(999) + "EncryptedPackage".encode("utf-16-le"),
         "The workbook is protected with a password."),
        (b"<!DOCTYPE html><html><table><tr><td>Name</td></tr></table>", "This file is a web page, not a table."),
        (b"\xff\xfeN\x00a\x00m\x00e\x00\x00\xd8", "The file is damaged: its text cannot be read as {encoding}."),
        (b"a;b;c\n1;2;3\n", "No row of this file names columns that are known here."),
        (b"Betrag;Status\n1;Aktiv\n", "No column says what the leads are called."),
        (b"id,name\n1,Chef\n2,Gast\n", _ONLY_A_NAME),
        (b"Item,Name,Preis\n1,Nagel,5\n", "This does not look like a list of leads: most of its columns are unknown."),
        (b"Lieber Herr X,\n\nTitel\n1\n", _ONLY_A_NAME),
        (b"BEGIN:VCARD\nVERSION:3.0\nN:A;B\nTITLE;X:Chef\nEND:VCARD\n",
         _NO_TABLE),
        (codecs.BOM_UTF8 + b"begin:vcalendar\nSUMMARY:Name\n",
         _NO_TABLE),
        (b"Subject: Angebot;Status\r\nTo: x\r\n\tName;Status\r\nMIME-Version: 1.0\r\n\r\nName;Status\r\nA;Aktiv\r\n",
         _NO_TABLE),
        (b"Firma;Ort;PLZ;Telefon\nX;Bonn;53111;1\n",
         "This does not look like a list of leads: most of its columns are unknown."),
    ],
)  # fmt: skip
def test_the_wrong_kind_of_file_gets_one_sentence(store: Store, tmp_path: Path, content: bytes, message: str) -> None:
    with pytest.raises(InvalidInput) as error:
        _import(store, tmp_path, content)
    assert words(error) == message
    assert _titles(store) == []


@pytest.mark.parametrize(
    "content", ["Name\nA\n", "name\nA\n", "Firma\nA\n", "Name;Info\nA;x\n", "Kunde;Projekt\nA;x\n"]
)
def test_a_list_of_names_alone_is_our_own_format(store: Store, tmp_path: Path, content: str) -> None:
    assert import_text(store, tmp_path, content).created == 1


def test_what_does_not_look_like_leads_can_be_said_to_be_some(store: Store, tmp_path: Path) -> None:
    assert import_text(store, tmp_path, "id,name\n1,A\n", {"name": "title"}).created == 1


def test_a_report_may_begin_with_lines_like_those_of_a_mail(store: Store, tmp_path: Path) -> None:
    content = "Subject: Pipeline\nDate: 2026-11-24\nFrom: 2026-01-01\n\nName;Status\nA;Aktiv\n"
    assert import_text(store, tmp_path, content).created == 1


def test_a_folder_and_a_file_that_is_not_there(store: Store, tmp_path: Path) -> None:
    with pytest.raises(InvalidInput) as folder:
        Importer(store).run(tmp_path)
    assert words(folder) == "“{name}” is a folder."
    with pytest.raises(NotFound):
        Importer(store).run(tmp_path / "nowhere.csv")


@pytest.mark.skipif(os.name != "posix" or os.geteuid() == 0, reason="the administrator may read everything")
def test_a_file_that_may_not_be_read(store: Store, tmp_path: Path) -> None:
    path = tmp_path / "closed.csv"
    path.write_text("Name\nA\n")
    path.chmod(0)
    with pytest.raises(ReadOnly):
        Importer(store).run(path)


# --- workbooks -------------------------------------------------------------------------------------------------------


def test_a_workbook(store: Store, tmp_path: Path) -> None:
    table: list[list[Any]] = [
        ["Liste", None, None, None],
        ["Name", "Volumen", "Aktiv seit", "Externe Nummer"],
        ["A", 1234.5, 45631, 1001],
        ["B", 0.125, "2026-11-01", "007"],
        [None, None, None, None],
        ["C", 1000, "01.11.2026", None],
        ["D", "1.234,50", None, None],
    ]
    path = write_workbook(tmp_path / "leads.xlsx", sheet_xml([["nichts"]]), sheet_xml(table))

    result = Importer(store).run(path)

    assert (result.created, result.refused, result.detected.header_row) == (4, (), 2)
    found = rows(store, "SELECT title, amount_minor, external_number FROM lead ORDER BY id")
    assert [tuple(row) for row in found] == [
        ("A", 123450, "1001"), ("B", 13, "007"), ("C", 100000, None), ("D", 123450, None),
    ]  # fmt: skip


def test_a_cell_with_an_error_or_a_formula_without_result_is_refused(store: Store, tmp_path: Path) -> None:
    table = sheet_xml([["Name", "Volumen", "Firma", "Sonstiges"], ["A", 5, "X", None], ["B", 6, "Y", None]])
    more = (
        '<row r="4"><c r="A4" t="str"><f>"C"</f><v>C</v></c><c r="B4"><f>1+1</f><v>2</v></c>'
        '<c r="D4" t="e"><f>1/0</f><v>#DIV/0!</v></c></row>'
        '<row r="5"><c r="A5" t="inlineStr"><is><t>D</t></is></c><c r="B5" t="e"><f>1/0</f><v>#DIV/0!</v></c></row>'
        '<row r="6"><c r="A6" t="inlineStr"><is><t>E</t></is></c><c r="C6" t="e"><v>#N/A</v></c></row>'
        '<row r="8"><c r="A8"><f>A2</f></c><c r="B8"><f>1+1</f></c></row></sheetData>'
    )
    other = sheet_xml([["nichts"]]).replace("</sheetData>", '<row r="2"><c r="A2" t="e"/></row></sheetData>')
    path = write_workbook(tmp_path / "leads.xlsx", other, table.replace("</sheetData>", more))

    result = Importer(store).run(path)

    found = rows(store, "SELECT title, amount_minor FROM lead ORDER BY id")
    assert [tuple(row) for row in found] == [("A", 500), ("B", 600), ("C", 200)]
    error = "The spreadsheet shows an error in this cell."
    assert reasons(result) == [
        (5, "Volumen", error), (6, "Firma", error),
        (8, "Name", "The file has no result for the formula in this cell."),
    ]  # fmt: skip


@pytest.mark.parametrize("column", ["A", "C"])
@pytest.mark.parametrize("first", [1, 3])
def test_such_a_cell_is_found_wherever_the_table_begins(store: Store, tmp_path: Path, column: str, first: int) -> None:
    name, volume = column, chr(ord(column) + 1)
    cells = [
        ((name, "Name"), (volume, "Volumen")),
        ((name, "A"), (volume, None)),
        ((name, "B"), (volume, "5")),
    ]
    lines = []
    for number, row in enumerate(cells, first):
        made = (
            f'<c r="{place}{number}" t="e"><v>#REF!</v></c>' if text is None
            else f'<c r="{place}{number}" t="inlineStr"><is><t>{text}</t></is></c>'
            for place, text in row
        )  # fmt: skip
        lines.append(f'<row r="{number}">{"".join(made)}</row>')
    sheet = sheet_xml([]).replace("<sheetData/>", "<sheetData></sheetData>")
    sheet = sheet.replace("</sheetData>", "".join(lines) + "</sheetData>")
    result = Importer(store).run(write_workbook(tmp_path / "leads.xlsx", sheet))
    assert result.created == 1
    assert reasons(result) == [(first + 1, "Volumen", "The spreadsheet shows an error in this cell.")]


def _bomb(path: Path) -> Path:
    sheet = f"<worksheet><sheetData>{' ' * (80 << 20)}</sheetData></worksheet>"
    return write_workbook(path, sheet)


def _lying_bomb(path: Path) -> Path:
    """Its directory says that the sheet has ten bytes."""
    _bomb(path)
    content = bytearray(path.read_bytes())
    with zipfile.ZipFile(path) as archive:
        size = archive.getinfo("xl/worksheets/sheet1.xml").file_size
    return _written(path, bytes(content).replace(struct.pack("<I", size), struct.pack("<I", 10)))


def _written(path: Path, content: bytes) -> Path:
    path.write_bytes(content)
    return path


def _far_cell(path: Path) -> Path:
    cells = '<row r="1"><c r="A1"><v>1</v></c></row><row r="1048576"><c r="XFD1048576"><v>1</v></c></row>'
    return write_workbook(path, f"<worksheet><sheetData>{cells}</sheetData></worksheet>")


def _sheet_with(cells: str) -> str:
    return f'<worksheet><sheetData><row r="1"><c r="A1"><v>1</v></c></row>{cells}</sheetData></worksheet>'


def _sparse(path: Path) -> Path:
    """Few cells, but the reader lays out what lies between them: 20 million."""
    return write_workbook(path, _sheet_with('<row r="40000"><c r="SC40000"><v>1</v></c></row>'))


def _many_sparse(path: Path) -> Path:
    """Each sheet for itself is small enough."""
    return write_workbook(path, *[_sheet_with('<row r="4000"><c r="SC4000"><v>1</v></c></row>')] * 5)


def _strange_part(path: Path, part: str, target: str, content: str = "") -> Path:
    """Its only sheet is another part than usual."""
    write_workbook(path, sheet_xml([["Name"]]))
    with zipfile.ZipFile(path) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    links = "xl/_rels/workbook.xml.rels"
    parts[links] = parts[links].replace(b"worksheets/sheet1.xml", target.encode())
    del parts["xl/worksheets/sheet1.xml"]
    far = _sheet_with('<row r="1048576"><c r="XFD1048576"><v>1</v></c></row>')
    with zipfile.ZipFile(path, "w") as archive:
        for name, old in {**parts, part: (content + far).encode()}.items():
            archive.writestr(name, old)
    return path


def _entities(path: Path) -> Path:
    return write_workbook(path, '<!DOCTYPE x [<!ENTITY a "aaaa">]><worksheet><sheetData/></worksheet>')


def _climbing(path: Path) -> Path:
    return write_workbook(path, sheet_xml([["Name"]]), extra={"../../etc/passwd": b"x"})


def _crowded(path: Path) -> Path:
    return write_workbook(path, sheet_xml([["Name"]]), extra={f"x/{n}": b"" for n in range(3000)})


def _letter(path: Path) -> Path:
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("word/document.xml", "<w/>")
    return path


def _cut(path: Path) -> Path:
    whole = write_workbook(path, sheet_xml([["Name", "Volumen"]] * 500)).read_bytes()
    return _written(path, whole[: len(whole) // 2])


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (_bomb, "The workbook is too large to be a list of leads."),
        (_far_cell, "The workbook is too large to be a list of leads."),
        (_sparse, "The workbook is too large to be a list of leads."),
        (_many_sparse, "The workbook is too large to be a list of leads."),
        (_crowded, "The workbook is too large to be a list of leads."),
        (_entities, "The workbook is damaged or not an XLSX file."),
        (_climbing, "The workbook is damaged or not an XLSX file."),
        (_cut, "The workbook is damaged or not an XLSX file."),
        (_letter, "This file is not a table."),
    ],
)
def test_a_hostile_workbook_is_refused(store: Store, tmp_path: Path, make: object, message: str) -> None:
    path = make(tmp_path / "leads.xlsx")  # type: ignore[operator]
    with pytest.raises(InvalidInput) as error:
        Importer(store).run(path)
    assert words(error) == message


@pytest.mark.parametrize(
    "place",
    ["xfd1048576", "A4294967295", "A999999999", "ZZZZZZ99999999999", "A00001048576", "XFD&#49;048576", "A0", "A-5",
     "5", "", "AAAAAA1", " B2", "Ä1"],
)  # fmt: skip
def test_a_cell_that_no_sheet_has_is_refused_before_the_reader_believes_it(
    store: Store, tmp_path: Path, place: str
) -> None:
    path = write_workbook(tmp_path / "leads.xlsx", _sheet_with(f'<row r="2"><c r="{place}"><v>1</v></c></row>'))
    with pytest.raises(InvalidInput):
        Importer(store).run(path)


@pytest.mark.parametrize("row", ["0", "1048577", "4294967295", "99999999999999999999", "x", ""])
def test_a_row_that_no_sheet_has_is_refused(store: Store, tmp_path: Path, row: str) -> None:
    path = write_workbook(tmp_path / "leads.xlsx", _sheet_with(f'<row r="{row}"><c><v>1</v></c></row>'))
    with pytest.raises(InvalidInput) as error:
        Importer(store).run(path)
    assert words(error) == "The workbook is damaged or not an XLSX file."


@pytest.mark.parametrize("used", ["A1:XFD9999999", "B5:A1", "x", "A1:B2:C3"])
def test_a_used_range_that_no_sheet_has_is_refused(store: Store, tmp_path: Path, used: str) -> None:
    sheet = f'<worksheet><dimension ref="{used}"/><sheetData><row r="1"/></sheetData></worksheet>'
    with pytest.raises(InvalidInput):
        Importer(store).run(write_workbook(tmp_path / "leads.xlsx", sheet))


def test_cells_without_a_place_count_from_where_they_stand(store: Store, tmp_path: Path) -> None:
    far = _sheet_with('<row r="1048576"><c r="B1048576"><v>1</v></c></row>' + "<row><c><v>1</v></c></row>")
    with pytest.raises(InvalidInput):
        Importer(store).run(write_workbook(tmp_path / "far.xlsx", far))

    near = "".join(f"<row><c t='inlineStr'><is><t>{name}</t></is></c></row>" for name in ("Name", "A", "B"))
    sheet = f"<worksheet><sheetData>{near}</sheetData></worksheet>"
    assert Importer(store).run(write_workbook(tmp_path / "near.xlsx", sheet)).created == 2


def test_empty_cells_that_only_have_a_look_are_no_cells(store: Store, tmp_path: Path) -> None:
    table = sheet_xml([["Name", "Status", "Volumen"], ["A", "Aktiv", 5]])
    styled = '<row r="1048576"><c r="C1048576" s="0"/></row></sheetData>'
    path = write_workbook(tmp_path / "leads.xlsx", table.replace("</sheetData>", styled))
    assert Importer(store).run(path).created == 1


@pytest.mark.parametrize(
    ("part", "target", "content"),
    [
        ("xl/data/tab1.xml", "data/tab1.xml", ""),
        ("xl/worksheets/sheet1.bin", "worksheets/sheet1.bin", ""),
        ("custom/tab.xml", "/custom/tab.xml", ""),
        ("xl/worksheets/Sheet1.XML", "worksheets/sheet1.xml", ""),
        ("xl/worksheets/sheet1.xml", "worksheets/sheet1.xml", "no XML "),
    ],
)
def test_a_sheet_is_looked_at_whatever_its_part_is_called(
    store: Store, tmp_path: Path, part: str, target: str, content: str
) -> None:
    path = _strange_part(tmp_path / "leads.xlsx", part, target, content)
    with pytest.raises(InvalidInput):
        Importer(store).run(path)


def test_a_part_that_is_no_sheet_may_hold_what_it_likes(store: Store, tmp_path: Path) -> None:
    extra = {"customXml/item1.xml": b'<!DOCTYPE x><x><c r="nowhere"/><row r="0"/>', "xl/media/image1.png": b"\x89PNG"}
    path = write_workbook(tmp_path / "leads.xlsx", sheet_xml([["Name"], ["A"]]), extra=extra)
    assert Importer(store).run(path).created == 1


def test_a_panic_of_the_reader_is_a_sentence(store: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    import python_calamine

    class PanicException(BaseException):
        pass

    def panic(_path: str) -> None:
        raise PanicException

    monkeypatch.setattr(python_calamine, "load_workbook", panic)
    with pytest.raises(InvalidInput) as error:
        Importer(store).run(write_workbook(tmp_path / "leads.xlsx", sheet_xml([["Name"]])))
    assert words(error) == "The workbook is damaged or not an XLSX file."


def test_a_directory_that_lies_does_not_help(store: Store, tmp_path: Path) -> None:
    path = _lying_bomb(tmp_path / "leads.xlsx")
    with pytest.raises(InvalidInput):
        Importer(store).run(path)


# --- other people's torture chambers ---------------------------------------------------------------------------------


@needs_real_data
def test_no_file_of_the_collections_is_more_than_a_sentence(store: Store, tmp_path: Path) -> None:
    for path in sorted(FOLDER.rglob("*")):
        if not path.is_file() or path.suffix.lower() not in (".csv", ".tsv", ".txt", ".xlsx", ".xlsm", ".xls", ".ods"):
            continue
        with suppress(TrichterError):
            Importer(store).run(path, dry_run=True)


@needs_real_data
def test_tables_are_read_as_their_authors_say(tmp_path: Path) -> None:
    spectrum = FOLDER / "csv_torture" / "csv-spectrum"
    for path in sorted((spectrum / "csvs").glob("*.csv")):
        told = (spectrum / "json" / f"{path.stem}.json").read_text(encoding="utf-8")
        expected = json.loads(told.replace("\\r\\n", "\\n"))
        with path.open("rb") as source, (tmp_path / path.name).open("wb") as target:
            shutil.copyfileobj(source, target)
        table = open_table(tmp_path / path.name, known_headers, lambda: False)
        found = [row for batch in table.batches() for row in batch.rows if row]
        lines = [[cell.replace("\r\n", "\n") for cell in row] for row in found]
        assert [dict(zip(lines[0], row, strict=False)) for row in lines[1:]] == expected, path.name


@settings(max_examples=150, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.binary(max_size=400) | st.text(max_size=200).map(str.encode))
def test_no_bytes_are_more_than_a_sentence(store: Store, tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "any.csv"
    path.write_bytes(b"Name;Volumen;Aktiv seit;Schlagworte\n" + content)
    try:
        result = Importer(store).run(path, dry_run=True)
    except TrichterError:
        return
    assert result.created + len(result.refused) <= content.count(b"\n") + content.count(b"\r") + 1
