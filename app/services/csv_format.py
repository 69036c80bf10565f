"""Our own CSV format: what export writes and import reads back without any option.

Semicolon, UTF-8 with a byte order mark, decimal comma, ISO days. A cell that a spreadsheet would take for a formula
gets a leading apostrophe, which the import takes back; so does a cell that has such an apostrophe of its own, and
nothing is lost on the way.
"""

import re
from collections.abc import Collection, Iterable

from app.core.folding import sort_key
from app.core.parse.cleaning import one_line
from app.core.terms import Budget, Status

DELIMITER = ";"
ENCODING = "utf-8-sig"

#: Field, German and English name of every column, in the order in which they are written.
COLUMNS = (
    ("title", "Name", "Name"),
    ("status", "Status", "Status"),
    ("stage", "Akquise-Stufe", "Stage"),
    ("probability", "Wahrscheinlichkeit", "Probability"),
    ("amount", "Volumen", "Volume"),
    ("budget", "Budgetart", "Budget kind"),
    ("currency", "Währung", "Currency"),
    ("period_first", "Leistungszeitraum von", "Service period from"),
    ("period_last", "Leistungszeitraum bis", "Service period to"),
    ("next_step_on", "Nächster Schritt am", "Next step on"),
    ("next_step", "Nächster Schritt", "Next step"),
    ("responsible", "Verantwortlich", "Responsible"),
    ("company", "Firma", "Company"),
    ("person", "Kontakt", "Contact"),
    ("source", "Quelle", "Source"),
    ("tags", "Schlagworte", "Tags"),
    ("info", "Info", "Info"),
    ("activated_on", "Aktiv seit", "Active since"),
    ("closed_on", "Abgeschlossen am", "Closed on"),
    ("reason", "Grund", "Reason"),
    ("external_number", "Externe Nummer", "External number"),
    ("recommender_company", "Empfohlen von Firma", "Recommended by company"),
    ("recommender_person", "Empfohlen von Kontakt", "Recommended by contact"),
)
#: Files of earlier versions do not have these.
LATER = frozenset({"recommender_company", "recommender_person"})

#: The words of the format for states and kinds of budget. They are data, so no catalogue may change them.
STATUS_WORDS = {
    "de": {
        Status.POTENTIAL: "Kontaktpotenzial",
        Status.ACTIVE: "Aktiv",
        Status.WON: "Gewonnen",
        Status.LOST: "Verloren",
        Status.DROPPED: "Abgesagt",
    },
    "en": {
        Status.POTENTIAL: "Contact potential",
        Status.ACTIVE: "Active",
        Status.WON: "Won",
        Status.LOST: "Lost",
        Status.DROPPED: "Dropped",
    },
}
BUDGET_WORDS = {
    "de": {Budget.ONCE: "einmalig", Budget.MONTHLY: "monatlich"},
    "en": {Budget.ONCE: "one-off", Budget.MONTHLY: "monthly"},
}

#: Of a question of yes or no in an own field.
FLAG_WORDS = {"de": {True: "ja", False: "nein"}, "en": {True: "yes", False: "no"}}

_FORMULA = re.compile(r"'*[=+\-@\t\r]")
_GUARDED = re.compile(r"'+[=+\-@\t\r]")
_TAG = re.compile(r'\s*(?:"((?:[^"]|"")*)"|([^,;|\n]*))\s*(?:[,;|\n]|$)')
_NEEDS_QUOTES = re.compile(r'[,;|"\n]')


def header(language: str, *, but: Collection[str] = ()) -> list[str]:
    """The names of all columns `but` those of these fields: German for 'de', English for any other language."""
    place = 1 if language == "de" else 2
    return [column[place] for column in COLUMNS if column[0] not in but]


def own_headers(names: Iterable[str]) -> list[str]:
    """The headers of own fields, in their order: one that is called like a column of the format says what it is."""
    known = {sort_key(name) for column in COLUMNS for name in column[1:]}
    return [f"{name} (2)" if sort_key(name) in known else name for name in names]


def guarded(cell: str) -> str:
    """A cell that no spreadsheet takes for a formula."""
    return "'" + cell if _FORMULA.match(cell) else cell


def unguarded(cell: str) -> str:
    """The inverse of `guarded`."""
    return cell[1:] if cell[:1] == "'" and _GUARDED.match(cell) else cell


def joined_tags(names: Iterable[str]) -> str:
    """Tags in one cell, separated by commas; one that holds a separator stands in quotes."""
    return ", ".join('"' + name.replace('"', '""') + '"' if _NEEDS_QUOTES.search(name) else name for name in names)


def split_tags(cell: str) -> tuple[str, ...]:
    """The tags of a cell: separated by comma, semicolon, bar or line; each once, in their order."""
    names: dict[str, None] = {}
    place = 0
    while place < len(cell):
        found = _TAG.match(cell, place)
        if found is None:  # a quote that is never closed is part of the name
            names[one_line(cell[place:])] = None
            break
        quoted, plain = found.groups()
        names[one_line(plain if quoted is None else quoted.replace('""', '"'))] = None
        place = found.end()
    names.pop("", None)
    return tuple(names)
