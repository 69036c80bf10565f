"""The catalogues are complete, and the check would notice if they were not."""

from pathlib import Path

import pytest
from babel.messages.catalog import Catalog

import catalogues

HEADER = 'msgid ""\nmsgstr ""\n"Content-Type: text/plain; charset=utf-8\\n"\n"Language: de\\n"\n\n'


@pytest.fixture(scope="module")
def source() -> Catalog:
    """The texts of the program."""
    return catalogues.extract(catalogues.SOURCES)


def catalogue(folder: Path, entries: str) -> Path:
    """A German catalogue with these entries."""
    po = folder / "de" / "LC_MESSAGES" / "trichter.po"
    po.parent.mkdir(parents=True)
    po.write_text(HEADER + entries, encoding="utf-8")
    return po


def sample(folder: Path, code: str) -> Catalog:
    """The texts of a program that consists of `code`."""
    (folder / "app").mkdir()
    (folder / "app" / "sample.py").write_text(code, encoding="utf-8")
    return catalogues.extract(folder / "app")


@pytest.mark.parametrize("po", catalogues.catalogue_files(catalogues.FOLDER), ids=lambda po: po.parts[-3])
def test_catalogue_is_complete(po: Path, source: Catalog) -> None:
    assert catalogues.problems(po, source) == []


def test_german_is_there() -> None:
    assert [po.parts[-3] for po in catalogues.catalogue_files(catalogues.FOLDER)] == ["de"]


def test_every_marker_is_extracted(tmp_path: Path) -> None:
    code = """
tr("shown", name=1)
ntr("one", "many", n)
LABEL = N_("marked")
raise NotFound(Text("gone " "for good"), i18n.Text("hint", field=tr("inner")))
Plural("{n} lead", "{n} leads", n=3)
other("not a text")
class Text: pass
"""
    ids = {message.id for message in sample(tmp_path, code) if message.id}
    assert ids == {
        "shown",
        ("one", "many"),
        "marked",
        "gone for good",
        "hint",
        "inner",
        ("{n} lead", "{n} leads"),
    }


@pytest.mark.parametrize(
    ("code", "entry", "trouble"),
    [
        ('tr("Won")', "", "not in the catalogue"),
        ('tr("Won")', 'msgid "Won"\nmsgstr ""\n', "not translated"),
        ('tr("Won")', '#, fuzzy\nmsgid "Won"\nmsgstr "Gewonnen"\n', "fuzzy"),
        ("", 'msgid "Won"\nmsgstr "Gewonnen"\n', "no longer used"),
        ('tr("{n} won")', 'msgid "{n} won"\nmsgstr "{m} gewonnen"\n', "a place in braces that"),
        ('tr("{n} won")', 'msgid "{n} won"\nmsgstr "{n gewonnen"\n', "a place in braces that"),
        ('tr("{n} won")', 'msgid "{n} won"\nmsgstr "gewonnen"\n', "a place in braces is lost"),
        ('ntr("a", "b", n)', 'msgid "a"\nmsgid_plural "b"\nmsgstr[0] "A"\nmsgstr[1] ""\n', "not translated"),
        ('tr("Won")', '#: app/other.py\nmsgid "Won"\nmsgstr "Gewonnen"\n', "the files the texts stand in have changed"),
    ],
)
def test_trouble_is_noticed(tmp_path: Path, code: str, entry: str, trouble: str) -> None:
    found = catalogues.problems(catalogue(tmp_path, entry), sample(tmp_path, code))
    assert any(sentence.startswith(trouble) for sentence in found), found


def test_update_keeps_translations_and_settles(tmp_path: Path) -> None:
    po = catalogue(tmp_path, 'msgid "Won"\nmsgstr "Gewonnen"\n\nmsgid "Wont"\nmsgstr "Wird nicht"\n')
    source = sample(tmp_path, 'tr("Won")\ntr("Won!")\nntr("one lead", "{n} leads", n)')
    po.write_bytes(catalogues.updated(po, source))
    text = po.read_text(encoding="utf-8")
    assert 'msgstr "Gewonnen"' in text
    assert "Wird nicht" not in text
    assert "fuzzy" not in text
    assert "sample.py:" not in text
    assert catalogues.updated(po, source) == po.read_bytes()
    assert len(catalogues.problems(po, source)) == 2
