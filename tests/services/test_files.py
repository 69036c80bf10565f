"""Files: hostile names, and copies that nobody can change and nothing runs."""

import os
import stat
from pathlib import Path

import pytest

from app.core.errors import InvalidInput
from app.core.file_names import MOST_BYTES
from app.models.store import Store
from app.services.files import NAMELESS, Files, Upload
from app.services.office import Office
from app.services.opened import OpenedFiles, is_run
from app.services.owners import Owner
from tests.services.seen import value
from tests.stores import add_lead

HOSTILE = [
    "../../etc/passwd", "..\\..\\windows\\win.ini", "/etc/shadow", "C:\\Users\\x.txt", "CON", "nul.txt", "a\0b.txt",
    "x" * 5000 + ".pdf", "ä" * 300 + ".docx", "rechnung\u202efdp.exe", "....", ".", "..", "", "   ", "a/b", "\n",
    "\ud800.txt", "~/.bashrc", "aux.tar.gz",
    "file:///etc/passwd", "%2e%2e%2fx", "-rf", "a:b|c?.txt", "trailing. ", "𝒳" * 200,
]  # fmt: skip


@pytest.fixture
def lead(store: Store) -> Owner:
    return Owner("lead", add_lead(store, "Relaunch"))


@pytest.fixture
def opened(store: Store, tmp_path: Path) -> OpenedFiles:
    return OpenedFiles(store, tmp_path / "cache")


@pytest.mark.parametrize("name", HOSTILE)
def test_no_name_leads_out_of_its_folder(store: Store, lead: Owner, opened: OpenedFiles, name: str) -> None:
    files = Files(store)
    (file,) = files.attach(lead, [Upload(name, b"harmlos")])
    kept = files.get(file).name
    assert kept
    assert len(kept.encode()) <= MOST_BYTES
    assert not set(kept) & set('/\\\0\n<>:"|?*\u202e')
    assert kept.strip(". ") == kept.lstrip(".") or kept.startswith(".")
    if is_run(kept):
        return
    copy = opened.copy(file)
    assert copy.parent.parent == opened.folder
    assert copy.read_bytes() == b"harmlos"


def test_what_has_no_name_gets_one(store: Store, lead: Owner) -> None:
    files = Files(store)
    (file,) = files.attach(lead, [Upload("..", b"x")])
    assert files.get(file).name == NAMELESS
    with pytest.raises(InvalidInput) as refused:
        files.rename(file, " .. ")
    assert refused.value.field == "name"
    files.rename(file, "../../Angebot 1/2.PDF")
    assert files.get(file).name == "2.PDF"
    assert files.get(file).mime == "application/pdf"


def test_a_copy_can_be_read_by_its_user_alone(store: Store, lead: Owner, opened: OpenedFiles) -> None:
    files = Files(store)
    (file,) = files.attach(lead, [Upload("Brief.pdf", b"%PDF")])
    copy = opened.copy(file)
    assert stat.S_IMODE(copy.stat().st_mode) == 0o400
    assert stat.S_IMODE(copy.parent.stat().st_mode) == 0o700
    assert copy.name == "Brief.pdf"
    assert opened.copy(file) != copy, "one that is open already stays"
    opened.clear()
    assert not opened.folder.exists()
    opened.clear()


@pytest.mark.parametrize(
    "name",
    ["a.exe", "A.EXE", "a.bat", "a.cmd", "a.ps1", "a.sh", "a.js", "a.vbs", "a.lnk", "a.desktop", "a.pdf.exe", "a.jar",
     "a.msi", "a.scr", "a.hta", "a.py", "a.exe ", "a.exe.", "a.AppImage", "a.command", "a.url", "a.html",
     "a.docm", "Kalkulation.XLSM", "a.pptm", "a.xlam", "a.webloc", "a.pif", "a.reg", "a.svg"],
)  # fmt: skip
def test_what_a_system_would_run_is_only_saved(
    store: Store, lead: Owner, opened: OpenedFiles, tmp_path: Path, name: str
) -> None:
    (file,) = Files(store).attach(lead, [Upload(name, b"egal")])
    with pytest.raises(InvalidInput, match="could run something") as refused:
        opened.copy(file)
    assert refused.value.hint is not None
    assert not opened.folder.exists(), "nothing of it is on the disk"
    Files(store).save_as(file, tmp_path / "gespeichert")
    assert not os.access(tmp_path / "gespeichert", os.X_OK)


@pytest.mark.parametrize(
    "begin",
    [b"MZ\x90\0", b"\x7fELF\2\1", b"#!/bin/sh\n", b"\xcf\xfa\xed\xfe", b"L\0\0\0\x01\x14\x02\0", b"[Desktop Entry]\n",
     b"\xef\xbb\xbf#!/usr/bin/env python", b"\n\n[InternetShortcut]"],
)  # fmt: skip
def test_a_harmless_name_does_not_hide_a_program(store: Store, lead: Owner, opened: OpenedFiles, begin: bytes) -> None:
    (file,) = Files(store).attach(lead, [Upload("Rechnung.pdf", begin + b"x" * 50)])
    with pytest.raises(InvalidInput, match="could run something"):
        opened.copy(file)


@pytest.mark.parametrize("name", ["a.pdf", "a.docx", "Angebot 2.0", "b.PNG", "readme", "exe", "a.exe.txt", "x.csv"])
def test_documents_are_opened(name: str) -> None:
    assert not is_run(name, b"Hallo Welt")


def test_copies_of_another_store_stay(store: Store, lead: Owner, opened: OpenedFiles, tmp_path: Path) -> None:
    other = tmp_path / "cache" / "opened" / "0123456789abcdef" / "x.txt"
    other.parent.mkdir(parents=True)
    other.write_text("fremd")
    opened.copy(Files(store).attach(lead, [Upload("a.txt", b"x")])[0])
    opened.clear()
    assert other.exists()


def test_copies_go_when_the_office_closes(store: Store, lead: Owner, tmp_path: Path) -> None:
    office = Office.of(store, tmp_path / "backups", cache=tmp_path / "cache")
    copy = office.opened.copy(office.files.attach(lead, [Upload("a.txt", b"x")])[0])
    assert copy.exists()
    office.close()
    assert not copy.exists()


def test_a_file_is_found_by_its_name(store: Store, lead: Owner) -> None:
    Files(store).attach(lead, [Upload("Vertragsentwürfe.pdf", b"x")])
    assert value(store, "SELECT folded FROM search_doc WHERE entity = 'attachment'") == "vertragsentwurfe.pdf"
