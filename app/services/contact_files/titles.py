"""Which column of a pasted table is which field of a company or person, by its title in German or English."""

import re
from collections.abc import Mapping, Sequence
from functools import cache

from app.core.folding import search_key
from app.services.contact_files.draft import Kind
from app.services.own_fields import OwnField

_BOTH: Mapping[str, str] = {
    "phone": """
        Telefon; Tel.; Telefonnummer; Rufnummer; Festnetz; Telefon geschäftlich; Telefon (geschäftlich); Telephone;
        Phone; Phone Number; Business Phone; Work Phone; Telefon 1""",
    "cell": "Mobil; Mobiltelefon; Handy; Mobilnummer; Mobile; Mobile Phone; Cell; Cell Phone; Telefon mobil",
    "fax": "Fax; Telefax; Faxnummer; Fax Number",
    "mail": """
        E-Mail; Mail; E-Mail-Adresse; Mailadresse; E-Mail geschäftlich; Email Address; E-mail 1; E-Mail 1""",
    "web": "Web; Website; Webseite; Internet; Internetseite; Homepage; URL; Web Page; Webadresse; Domain",
    "street": """
        Straße; Strasse; Str.; Straße und Hausnummer; Straße, Hausnummer; Anschrift; Adresse; Street; Address;
        Street and number; Street Address; Address Line 1; Straße 1""",
    "extra": "Adresszusatz; Zusatz; Addition; Postfach; Address Line 2; PO Box; Straße 2",
    "postcode": "PLZ; Postleitzahl; Postcode; Postal Code; ZIP; ZIP Code",
    "city": "Ort; Stadt; Wohnort; Town; City",
    "region": "Bundesland; Region; Kanton; State; Province; County",
    "country": "Land; Country; Staat",
    "tags": "Schlagworte; Schlagwort; Schlagwörter; Tags; Tag; Kategorien; Categories; Labels; Stichworte",
    "info": "Info; Notiz; Notizen; Bemerkung; Bemerkungen; Beschreibung; Kommentar; Note; Notes; Comment; Description",
    "user": "Verantwortlich; Verantw.; Zuständig; Betreuer; Besitzer; Responsible; Resp.; Owner; Account Manager",
}
_COMPANY: Mapping[str, str] = {
    "name": """
        Name; Firma; Firmenname; Unternehmen; Unternehmensname; Organisation; Kunde; Kundenname; Company; Company name;
        Account; Account Name; Organization; Customer""",
    "number": """
        Nummer; Nr.; Kundennummer; Kunden-Nr.; Kundennr.; Debitorennummer; Number; Customer number; Customer No.;
        Customer ID""",
    "kinds": "Art; Art der Firma; Firmenart; Typ; Kind; Kind of company; Type; Company Type; Beziehung; Relationship",
    "industry": "Branche; Industry; Sector; Wirtschaftszweig",
    "size": """
        Größe; Firmengröße; Unternehmensgröße; Mitarbeiter; Mitarbeiterzahl; Anzahl Mitarbeiter; Size; Company size;
        Employees; Number of Employees""",
}
_PERSON: Mapping[str, str] = {
    "name": """
        Name; Angezeigter Name; Anzeigename; Vollständiger Name; Kontakt; Kontaktname; Ansprechpartner; Person;
        Full name; Shown name; Display name; Contact; Contact Name""",
    "given": "Vorname; Given name; First name; Forename",
    "family": "Nachname; Familienname; Zuname; Family name; Last name; Surname",
    "salutation": "Anrede; Salutation; Geschlecht; Gender",
    "prefix": "Titel; Akademischer Titel; Akad. Titel; Academic title; Title",
    "birthday": "Geburtstag; Geburtsdatum; geb.; geboren am; Birthday; Birth date; Date of birth; Birthdate",
    "company": """
        Firma; Firmen; Firmenname; Unternehmen; Organisation; Arbeitgeber; Company; Companies; Company name; Account;
        Account Name; Organization; Employer""",
    "role": "Rolle; Funktion; Position; Stelle; Aufgabe; Role; Job title; Jobtitel; Berufsbezeichnung; Abteilung",
}
_SIGNS = re.compile(r"[^0-9a-z]+")


def _folded(title: str) -> str:
    return _SIGNS.sub("", search_key(title))


@cache
def _names(kind: Kind) -> Mapping[str, str]:
    """The field of each title; the earlier name counts."""
    found: dict[str, str] = {}
    for field, names in {**(_COMPANY if kind == "company" else _PERSON), **_BOTH}.items():
        for name in names.split(";"):
            found.setdefault(_folded(name), field)
    return found


def field_of(kind: Kind, title: str) -> str | None:
    """The field that a column of this title is; None for a title that nobody knows."""
    return _names(kind).get(_folded(title)) if title and len(title) < 80 else None


def known_in(kind: Kind, rows: Sequence[Sequence[str]]) -> int:
    """How many different fields the best of these rows names."""
    return max((len({field_of(kind, cell) for cell in row} - {None}) for row in rows), default=0)


def places(kind: Kind, titles: Sequence[str], own: Sequence[OwnField]) -> dict[str, int]:
    """By field, or by the key of an own field, its column: the first one that is called so.

    Own fields may be called like a field that is built in, which then counts.
    """
    found: dict[str, int] = {}
    by_name = {_folded(field.name): field.key for field in own}
    for place, title in enumerate(titles):
        field = field_of(kind, title) or (by_name.get(_folded(title)) if title and len(title) < 300 else None)
        if field is not None:
            found.setdefault(field, place)
    if "given" in found and "family" not in found and "name" in found:
        found["family"] = found.pop("name")  # Vorname, Name
    return found
