"""The catalogues of texts: extracted from app/, brought up to date, checked and compiled. Run by .venv's Python.

English is the source. A text that is gone from the sources goes from the catalogue too; nothing is guessed from a
similar text (no fuzzy matching), and no line numbers are written, so that a catalogue changes only when a text does.
"""

import io
import string
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

from babel.messages.catalog import Catalog, Message
from babel.messages.extract import extract_from_dir
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po

ROOT = Path(__file__).resolve().parent.parent
SOURCES = ROOT / "app"
FOLDER = ROOT / "resources" / "i18n"
DOMAIN = "trichter"

KEYWORDS = {"tr": (1,), "ntr": (1, 2), "N_": (1,), "Text": (1,), "Plural": (1, 2)}


def catalogue_files(folder: Path) -> list[Path]:
    """Every .po file below the folder of languages."""
    return sorted(folder.glob(f"*/LC_MESSAGES/{DOMAIN}.po"))


def extract(sources: Path) -> Catalog:
    """Every text marked in the Python files below `sources`, with the files it stands in."""
    catalogue = Catalog(domain=DOMAIN, charset="utf-8")
    found = extract_from_dir(str(sources), method_map=[("**.py", "python")], keywords=KEYWORDS, strip_comment_tags=True)
    for name, _line, message, comments, _context in sorted(found, key=lambda text: (text[0], text[1])):
        place = (sources.name + "/" + Path(name).as_posix(), 0)
        catalogue.add(message, locations=[place], auto_comments=comments)
    return catalogue


def read(po: Path) -> Catalog:
    """A catalogue as it is on disk; its language is the name of its folder."""
    with po.open("rb") as file:
        return read_po(file, locale=po.parent.parent.name, domain=DOMAIN, abort_invalid=True)


def updated(po: Path, source: Catalog) -> bytes:
    """The contents the .po file should have: the texts of the sources with the translations there are."""
    catalogue = read(po)
    created = catalogue.creation_date
    catalogue.update(source, no_fuzzy_matching=True)
    catalogue.creation_date = created
    file = io.BytesIO()
    write_po(file, catalogue, width=110, include_lineno=False, sort_by_file=True, ignore_obsolete=True)
    return file.getvalue()


def problems(po: Path, source: Catalog) -> list[str]:
    """One sentence for each text of the catalogue that is missing, unused or not fully translated."""
    catalogue = read(po)
    found = [
        f"not in the catalogue: {first(message)!r}" for message in source if message.id and message.id not in catalogue
    ]
    for message in catalogue:
        if message.id:
            found += [f"{trouble}: {first(message)!r}" for trouble in troubles(message, source)]
    if not found and po.read_bytes() != updated(po, source):
        found.append("the files the texts stand in have changed")
    return found


def troubles(message: Message, source: Catalog) -> Iterator[str]:
    """What is wrong with one translated text."""
    if message.id not in source:
        yield "no longer used"
    if message.fuzzy:
        yield "fuzzy"
    words = [message.string] if isinstance(message.string, str) else list(message.string)
    if not words or not all(words):
        yield "not translated"
    allowed = places(" ".join([message.id] if isinstance(message.id, str) else message.id))
    if any(places(word) - allowed for word in words):
        yield "a place in braces that the text does not have"
    elif isinstance(message.string, str) and message.string and places(message.string) != allowed:
        yield "a place in braces is lost"


def places(text: str) -> frozenset[str]:
    """The names in braces. A brace that does not close is a place of its own, which no other text has."""
    try:
        return frozenset(name for _, name, _, _ in string.Formatter().parse(text) if name is not None)
    except ValueError:
        return frozenset({text})


def first(message: Message) -> str:
    """The text by which a message is known."""
    return message.id if isinstance(message.id, str) else message.id[0]


def update() -> int:
    """Write every catalogue anew and compile it; says what is still to be translated."""
    source = extract(SOURCES)
    for po in catalogue_files(FOLDER):
        contents = updated(po, source)
        if contents != po.read_bytes():
            po.write_bytes(contents)
    compile_all()
    return check()


def compile_all() -> int:
    """Write the .mo beside every .po."""
    for po in catalogue_files(FOLDER):
        mo = po.with_suffix(".mo")
        whole = io.BytesIO()
        write_mo(whole, read(po))
        part = mo.with_suffix(".mo.part")
        part.write_bytes(whole.getvalue())
        part.replace(mo)  # a program that starts meanwhile reads the old one or the new one
    return 0


def check() -> int:
    """Say every problem; 1 when there is one."""
    source = extract(SOURCES)
    found = [f"{po.relative_to(ROOT)}: {problem}" for po in catalogue_files(FOLDER) for problem in problems(po, source)]
    print("\n".join(found), end="\n" if found else "")
    return 1 if found else 0


TASKS: dict[str, Callable[[], int]] = {"update": update, "compile": compile_all, "check": check}

if __name__ == "__main__":
    sys.exit(TASKS[sys.argv[1]]())
