"""What a translator gets wrong without noticing: mnemonics that collide, quotes of the other language, lost dots."""

import re
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

import catalogues
from app.services.contact_files.draft import Kind
from app.services.contact_files.titles import field_of as contact_field
from app.services.csv_format import COLUMNS
from app.services.lead_fields import LABELS
from app.ui.actions import SEPARATOR
from app.ui.commands import COMMANDS

GERMAN = next(po for po in catalogues.catalogue_files(catalogues.FOLDER) if po.parts[-3] == "de")
_ENDS = (".", ":", "?", "…", "!")


def pairs(po: Path) -> Iterator[tuple[str, str]]:
    """Every text of a catalogue with its translation, of counting texts each form; what has none is left out."""
    for message in catalogues.read(po):
        texts, words = ([one] if isinstance(one, str) else one for one in (message.id, message.string))
        yield from ((text, word) for text, word in zip(texts, words, strict=True) if text and word)


def troubles(text: str, word: str) -> list[str]:
    """What is wrong with a German text beside its source."""
    found = []
    if '"' in word or "”" in word or word.count("„") != word.count("“"):
        found.append("quotes are „…“")
    if "..." in word or (" …" in text and " …" not in word):
        found.append("three dots are one sign after a space")
    if next((end for end in _ENDS if text.endswith(end)), "") != next((end for end in _ENDS if word.endswith(end)), ""):
        found.append("ends otherwise")
    if (text[:1] + text[-1:]).isspace() or word != word.strip():
        found.append("space at an edge")
    if re.search(r" {2}|\bß\b| ,", word):
        found.append("spacing")
    return found


def test_german_keeps_the_marks_of_the_source() -> None:
    found = [(text, word, wrong) for text, word in pairs(GERMAN) if (wrong := troubles(text, word))]
    assert not found


@pytest.mark.parametrize(
    ("text", "word"),
    [
        ("“{name}” deleted", "“{name}” gelöscht"),
        ("“{name}” deleted", '"{name}" gelöscht'),
        ("Edit …", "Bearbeiten..."),
        ("The file is empty.", "Die Datei ist leer"),
        ("Won", "Gewonnen "),
        ("Won", "Ge  wonnen"),
    ],
)
def test_a_slip_is_noticed(text: str, word: str) -> None:
    assert troubles(text, word)


def german() -> Callable[[str], str]:
    """What a text is in German."""
    return dict(pairs(GERMAN)).__getitem__


@pytest.mark.parametrize("worded", [str, german()], ids=["en", "de"])
def test_mnemonics_are_unique_in_their_menu(worded: Callable[[str], str]) -> None:
    places = [("", menu) for menu in dict.fromkeys(spec.menu for spec in COMMANDS)]
    places += [(spec.menu, spec.text) for spec in COMMANDS if spec.id != SEPARATOR]
    keys = Counter((menu, key.casefold()) for menu, label in places for key in re.findall("&(.)", worded(label)))
    assert [key for key, times in keys.items() if times > 1] == []
    assert {menu for menu, _ in keys} == {menu for menu, _ in places}


def test_a_datum_is_called_as_in_the_format_of_the_export() -> None:
    german = dict(pairs(GERMAN))
    heads = {key: (head, english) for key, head, english in COLUMNS}
    labels = {key: (german[label], label) for key, label in LABELS.items() if key in heads and key != "title"}
    assert labels == {key: heads[key] for key in labels}


def test_readme_and_program_say_alike_where_the_funnel_stands() -> None:
    said = dict(pairs(GERMAN))["The sales funnel of a small agency, on its own desk"]
    readme = " ".join((Path(__file__).parents[2] / "README.md").read_text(encoding="utf-8").split())
    assert "The sales funnel of a small agency, on its own desk:" in readme
    assert said.removeprefix("Der ") in readme


#: Titles of the lists of companies and of people that a table pasted into them is read by.
TITLES: dict[Kind, tuple[str, ...]] = {
    "company": ("Company", "Kind", "Town", "Telephone", "E-mail", "Web", "Responsible", "Industry", "Company size",
                "Country", "Tags", "Customer number"),
    "person": ("Name", "Company", "Role", "Town", "Telephone", "E-mail", "Web", "Responsible", "Birthday",
               "Salutation", "Tags"),
}  # fmt: skip


@pytest.mark.parametrize("kind", ["company", "person"])
def test_what_a_list_copies_is_known_when_it_is_pasted(kind: Kind) -> None:
    known = dict(pairs(GERMAN))
    for title in TITLES[kind]:
        assert contact_field(kind, title) is not None
        german = known.get(title, title)
        assert contact_field(kind, german) == contact_field(kind, title), german
