"""Names from outside become names of plain files, whatever they were made for."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.core.file_names import MOST_BYTES, safe_name


@pytest.mark.parametrize(
    ("name", "safe"),
    [
        ("Angebot.pdf", "Angebot.pdf"),
        ("Größe & Preis (2).xlsx", "Größe & Preis (2).xlsx"),
        (".gitignore", ".gitignore"),
        ("請求書.pdf", "請求書.pdf"),
        ("Rechnung 12/2026.pdf", "Rechnung 12-2026.pdf"),
        ("Re: Re: Angebot?.eml", "Re_ Re_ Angebot_.eml"),
        ("../../etc/passwd", "passwd"),
        ("..\\..\\boot.ini", "boot.ini"),
        ("/etc/passwd", "passwd"),
        ("a/../b.txt", "b.txt"),
        ("a/..", "a"),
        ("C:\\Users\\ak\\Brief.doc", "Brief.doc"),
        ("\\\\server\\share\\x.doc", "x.doc"),
        ("C:x.doc", "C_x.doc"),
        ("x.txt:geheim", "x.txt_geheim"),
        ("Rechnung\u202efdp.exe", "Rechnungfdp.exe"),
        ("\u200fa\u200bb\ufeff.txt", "ab.txt"),
        ("a\0b.txt", "ab.txt"),
        ("a\r\nb\tc.txt", "a b c.txt"),
        ("Rechnung.pdf            .exe", "Rechnung.pdf .exe"),
        ("x\ud800y.txt", "xy.txt"),
        ("name. . .", "name"),
        ("  name  ", "name"),
        ("CON", "_CON"),
        ("nul.txt", "_nul.txt"),
        ("Com1.tar.gz", "_Com1.tar.gz"),
        ("LPT²", "_LPT²"),
        ("aux .txt", "_aux .txt"),
        ("CONTRACT.pdf", "CONTRACT.pdf"),
        ('<a>:"b"|c?*.txt', "_a___b__c__.txt"),
        ("A\u0308rger.txt", "Ärger.txt"),
    ],
)
def test_names(name: str, safe: str) -> None:
    assert safe_name(name, "file") == safe


@pytest.mark.parametrize("name", ["", " ", ".", "..", "...", "/", "\\", "../..", "\0", "\u202e", ". .", "./", "C:\\"])
def test_where_nothing_is_left_the_fallback_stands(name: str) -> None:
    assert safe_name(name, "attachment-1.bin") in ("attachment-1.bin", "C_")


def test_long_names_keep_their_extension() -> None:
    safe = safe_name("ü" * 5000 + ".docx", "file")
    assert safe.endswith("ü.docx")
    assert MOST_BYTES - 4 <= len(safe.encode()) <= MOST_BYTES
    assert safe_name("a." + "b" * 400, "file") == "a." + "b" * 252
    assert safe_name("a" * 254 + ".", "file") == "a" * 254
    assert safe_name("x" * 10_000_000 + ".pdf", "file").endswith("x.pdf")


_DEVICES = st.sampled_from(["CON", "nul", "com1", "COM¹"])
_TAILS = st.text("./ \\\u200b", max_size=4)
_LETTERS = st.one_of(st.characters(), st.sampled_from("/\\.:. \0\u202e\ud800~"))


@given(st.text(_LETTERS, max_size=400) | st.tuples(_DEVICES, _TAILS).map("".join))
def test_every_name_is_a_plain_file_everywhere(name: str) -> None:
    safe = safe_name(name, "file")
    assert safe
    assert 0 < len(safe.encode("utf-8")) <= MOST_BYTES
    assert not set(safe) & set('/\\<>:"|?*')
    assert not {unicodedata.category(c) for c in safe} & {"Cc", "Cf", "Cs", "Zl", "Zp"}
    assert safe == safe.strip()
    assert not safe.endswith(".")
    stem = safe.partition(".")[0].strip().upper()
    assert stem not in {"CON", "PRN", "AUX", "NUL", "COM1", "COM¹", "LPT9"}
    assert safe_name(safe, "file") == safe
