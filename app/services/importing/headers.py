"""Which column of a file is which field of a lead.

The names were collected from what other programs write: Pipedrive, HubSpot, Salesforce, Zoho, Dynamics, MOCO, Odoo, in
German and English. Within a field the better name comes first: a file may have several columns for one field.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from dataclasses import field as dataclass_field
from functools import cache

from app.core.errors import InvalidInput
from app.core.folding import search_key
from app.core.i18n import Text
from app.core.parse.cleaning import one_line
from app.services import csv_format
from app.services.csv_format import COLUMNS, own_headers
from app.services.importing.words import is_creation
from app.services.own_fields import OwnField

#: Names beside those of our own format. One name belongs to one field.
_NAMES: Mapping[str, str] = {
    "title": """
        Titel; Title; Lead; Leadname; Lead Name; Bezeichnung; Projekt; Project; Deal - Titel; Deal - Title; Deal Title;
        Deal Name; Dealname; Deal; Opportunity Name; Opportunity-Name; Opportunityname; Potential Name; Topic; Thema;
        Betreff; Subject; Chance; Verkaufschance""",
    "status": "Deal - Status; Deal Status; Lead-Status; Lead Status; Zustand; Ergebnis; Outcome",
    "stage": """
        Stufe; Akquisestufe; Deal - Phase; Deal - Stage (pipeline); Deal - Stage; Deal Stage; deal_stage; Dealphase;
        StageName; Sales Stage; Phase; Verkaufsphase; Vertriebsphase; Pipeline Stage; Category; Kategorie""",
    "probability": """
        Deal - Wahrscheinlichkeit; Deal - Probability; Probability (%); Wahrscheinlichkeit (%); Wahrscheinlichkeit in %;
        Abschlusswahrscheinlichkeit; Win Probability; Chance in %""",
    "amount": """
        Leadvolumen; Amount; Betrag; Wert; Value; Deal - Wert; Deal - Value; Deal Value; Opportunity-Betrag;
        Est. revenue; Est. Revenue; Estimated Revenue; close_value; Actual Revenue; money; Budget; Auftragswert;
        Umsatz; Revenue; Summe; Angebotssumme""",
    "budget": "Budget-Art; Art des Budgets; Budget type; budget_kind; Billing interval; Abrechnung",
    "currency": """
        Waehrung; Deal - Currency of value; Deal - Währung; Deal - Currency; Opportunity-Betrag Währung;
        Currency Code; CurrencyIsoCode; Amount Currency; Deal Currency""",
    "period_first": """
        Leistungszeitraum ab; Leistungsbeginn; Leistung von; service_period_from; Service period start; period_start;
        Projektstart; Projektbeginn; Start; Beginn; Start Date; Startdatum; Von""",
    "period_last": """
        Leistungsende; Leistung bis; service_period_to; Service period end; period_end; Projektende; Ende; End;
        End Date; Enddatum; Bis""",
    "next_step_on": """
        next_step_on; Next step due; reminder_date; Wiedervorlage; Wiedervorlage am; Termin für die nächste Aktion;
        Deal - Datum nächste Aktivität; Deal - Next activity date; Next Activity Date; Activity - Due date;
        Erinnerung; Follow-up; Follow up date""",
    "next_step": "NextStep; next_step; Nächste Aktion; Next action; Activity - Subject; Aufgabe",
    "responsible": """
        Verantwortliche; Verantwortlicher; Verantwortliche Person; Zuständig; Besitzer; Inhaber; Betreuer; Owner;
        Deal - Besitzer; Deal - Owner; Deal owner; Opportunity Owner; Opportunity-Inhaber; Opportunityinhaber;
        Potential Owner; Lead Owner; sales_agent; Sales Agent; Agent; Vertriebler; Verkäufer; Salesperson;
        Sales Rep; Assigned to; user""",
    "company": """
        Unternehmen; Kunde; Firmenname; Kundenname; Company; Company Name; Organisation; Organization; Account;
        Account Name; Account-Name; Accountname; Firma/Account; Opportunity: Account; Deal - Organisation;
        Deal - Organization; Organization - Name; Organization name; Associated Company; Potential Customer;
        Customer; Client; Auftraggeber""",
    "person": """
        Kontaktperson; Ansprechpartner; Ansprechpartnerin; Contact; Contact Name; Contact person; Person;
        Deal - Kontaktperson; Deal - Contact person; Person - Name; Associated Contact; Primary Contact""",
    "source": """
        Source; Herkunft; LeadSource; Lead Source; Lead-Quelle; Leadquelle; Original Source; Kanal; Channel;
        Deal - Source""",
    "tags": "Tag; Schlagwort; Schlagwörter; Label; Labels; Deal - Label; Deal - Labels; Stichworte; Keywords",
    "product": "Produkt; Product; Product Name; Leistung; Dienstleistung; Service",
    "info": "Beschreibung; Description; Infos; Information; Details",
    "note": "Notiz; Notizen; Note; Notes; Note - Content; Bemerkung; Bemerkungen; Kommentar; Kommentare; Comment",
    "activated_on": """
        Aktiviert am; Activated on; activated_on; engage_date; Engage Date; Aktiv ab; Deal - Deal erstellt;
        Deal - Deal created; Deal - Creation date; Created Date; CreatedDate; Create Date; Created Time; Created On;
        Created at; Erstelldatum; Erstellt am; Angelegt am; Anlagedatum; Eröffnet am""",
    "closed_on": """
        closed_on; Deal - Deal abgeschlossen am; Deal - Closed on; Actual Close Date; Abschlussdatum; Close Date;
        CloseDate; close_date; Closing Date; Closed at; Schlusstermin; Oppt.-Schlusstermin; Schlussdatum;
        Deal - Datum des gewonnenen Deals; Deal - Won time; Deal - Datum des verlorenen Deals; Deal - Lost time;
        Geschlossen am; Est. close date; Deal - Expected close date""",
    "reason": """
        Reason; Abschlussgrund; Verlustgrund; Lost reason; Loss Reason; Closed Lost Reason; Deal - Verlustgrund;
        Deal - Lost reason; Grund für Verlust""",
    "remark": "Abschlussbemerkung; Closing remark",
    "external_number": """
        External ID; Externe ID; external_number; opportunity_id; Opportunity ID; Opportunity-ID; Record ID; Deal ID;
        Deal - ID; Deal - Pipedrive System ID; (Do Not Modify) Opportunity; LEADID; Lead ID; Lead-ID; Id; Nummer;
        Nr.; Number""",
    "recommender_company": "recommender_company",
    "recommender_person": "recommender_person",
}

FIELDS = frozenset(_NAMES)
#: A lead can be named after these.
NAMING = ("title", "company", "product", "person")
#: What a list of leads has, and a list of addresses, bookings or products has not.
_TELLING = frozenset({
    "status", "stage", "probability", "budget", "period_first", "next_step_on", "next_step", "activated_on",
    "closed_on", "reason",
})  # fmt: skip
_IGNORED = ("", "-")


@dataclass(frozen=True)
class Layout:
    """Where the fields stand. `row` is the spreadsheet's number of the header row, in which every header differs."""

    row: int
    headers: tuple[str, ...]
    fields: Mapping[str, int]
    own_fields: Mapping[str, OwnField] = dataclass_field(default_factory=dict)  # by their keys
    ignored: frozenset[int] = frozenset()  # places of columns that are not to be imported

    def with_own(self, fields: Sequence[OwnField]) -> "Layout":
        """The same, with the columns that are called like own fields and are nothing else."""
        named = {
            _folded(name): each.key for name, each in zip(own_headers(f.name for f in fields), fields, strict=True)
        }
        taken, places = {*self.fields.values(), *self.ignored}, dict(self.fields)
        for place, header in enumerate(self.headers):
            key = named.get(_folded(header)) if header and place not in taken else None
            if key is not None:
                places.setdefault(key, place)
        return replace(self, fields=places, own_fields={each.key: each for each in fields})

    def header_of(self, field: str) -> str | None:
        """The header of a field's column."""
        place = self.fields.get(field)
        return None if place is None else self.headers[place]

    @property
    def own(self) -> bool:
        """Whether this is our own format: nothing but its columns, or most of them beside some that were added."""
        names = {name for name in self.headers if name}
        return any(names <= own or 2 * len(names & own) > len(own) for own in _own_formats())

    @property
    def purely_own(self) -> bool:
        """Whether there are no columns but those of our own format, in whatever capitals."""
        names = {name.casefold() for name in self.headers if name}
        return any(names <= {name.casefold() for name in own} for own in _own_formats())

    @property
    def exported(self) -> bool:
        """Whether this is our own format with all of its columns, as export writes it or wrote it."""
        needed = [set(csv_format.header(language, but=csv_format.LATER)) for language in ("de", "en")]
        return any(own <= set(self.headers) for own in needed)

    def columns(self) -> dict[str, str | None]:
        """Each header with its field or None; of two columns of one name that which is a field."""
        named = {place: field for field, place in self.fields.items()}
        found: dict[str, str | None] = {}
        for place, header in enumerate(self.headers):
            if header:
                found[header] = found.get(header) or named.get(place)
        return found


def _own_formats() -> list[set[str]]:
    return [set(csv_format.header(language)) for language in ("de", "en")]


def _folded(name: str) -> str:
    """A header as it is recognised: small letters of any script, figures, and neither signs nor spaces.

    So StageName, stage_name and Stage Name are one.
    """
    return re.sub(r"[^\w%]+|_+", "", search_key(name))


@cache
def _known() -> dict[str, tuple[str, int]]:
    """Folded name to field and rank; our own names come first."""
    known: dict[str, tuple[str, int]] = {}
    own = {field: (german, english) for field, german, english in COLUMNS}
    for field, names in _NAMES.items():
        listed = [*own.get(field, ()), *(name.strip() for name in names.split(";"))]
        for rank, name in enumerate(listed):
            known.setdefault(_folded(name), (field, rank))
    return known


def known_headers(rows: Sequence[Sequence[str]]) -> int:
    """The largest number of different fields whose names stand in one of the rows."""
    return max((len(_fields_in(row)) for row in rows), default=0)


def _fields_in(row: Sequence[str]) -> set[str]:
    known = _known()
    return {known[name][0] for cell in row if cell and len(cell) < 80 and (name := _folded(cell)) in known}


def field_of(header: str) -> str | None:
    """The field that a column of this name is; None for a name that nobody knows."""
    return _known().get(_folded(header), (None, 0))[0] if header and len(header) < 80 else None


def field_named(word: str) -> str | None:
    """The field for the right side of --map: its own name or a known header. None for '-' (not imported)."""
    word = word.strip()
    if word in _IGNORED:
        return None
    field = word if word in FIELDS else _known().get(_folded(word), ("", 0))[0]
    if not field:
        raise InvalidInput(
            Text("There is no field “{field}”.", field=word),
            Text("Fields: {fields}.", fields=", ".join(sorted(FIELDS))),
            field="map",
        )
    return field


def find_layout(head: Sequence[Sequence[str]], mapping: Mapping[str, str], own: Sequence[OwnField] = ()) -> Layout:
    """The header row among the first rows, and its fields, `own` ones too. `mapping` (column to field) wins over known
    names.

    Raises InvalidInput if no row looks like a header, `mapping` names a column that is missing or not clear or
    contradicts itself, or the table is no list of leads.
    """
    keys = {each.key for each in own}
    fields = {column: word if word in keys else field_named(word) for column, word in mapping.items()}
    best, row = 0, -1
    for number, cells in enumerate(head):
        score = len(_fields_in(cells)) + 3 * sum(bool(meant(column, cells)) for column in mapping)
        if score > best:
            best, row = score, number
    if row < 0:
        raise InvalidInput(
            Text("No row of this file names columns that are known here."),
            Text("Name them in the first row, for example Name, Status, Volume, Company."),
        )
    headers = _distinct(head[row])
    wanted = _wanted(headers, fields)
    ignored = frozenset(place for place, field in wanted.items() if field is None)
    layout = Layout(row + 1, headers, _placed(headers, wanted), ignored=ignored).with_own(own)
    _check_leads(layout, mapped=bool(mapping))
    return layout


def _distinct(cells: Sequence[str]) -> tuple[str, ...]:
    """The headers of a row. The second column of a name is called Name (2): so it can be told of, and be chosen."""
    headers: list[str] = []
    taken: set[str] = set()
    for cell in cells:
        header = name = cell.strip()
        count = 1
        while name and name in taken:
            count += 1
            name = f"{header} ({count})"
        headers.append(name)
        taken.add(name)
    return tuple(headers)


def meant(column: str, headers: Sequence[str]) -> list[int]:
    """The places of the columns that a name can mean: those spelled like it, else like it but for capitals, else like
    it but for signs. Where only signs tell Preis $ from Preis €, the name Preis means both."""
    for fold in (one_line, lambda name: one_line(name).casefold(), _folded):
        wanted = fold(column)
        places = [place for place, header in enumerate(headers) if wanted and fold(header) == wanted]
        if places:
            return places
    return []


def _wanted(headers: Sequence[str], fields: Mapping[str, str | None]) -> dict[int, str | None]:
    """Place of a column to the field that it was said to be. Raises InvalidInput."""
    wanted: dict[int, str | None] = {}
    for column, field in fields.items():
        place = _place(column, headers)
        if wanted.setdefault(place, field) != field:
            raise InvalidInput(Text("“{column}” cannot be two fields at once.", column=headers[place]), field="map")
    columns: dict[str, str] = {}
    for place, told in wanted.items():
        if told is not None and columns.setdefault(told, headers[place]) != headers[place]:
            raise InvalidInput(
                Text("“{first}” and “{second}” cannot both be {field}.",
                     first=columns[told], second=headers[place], field=told),
                field="map",
            )  # fmt: skip
    return wanted


def _place(column: str, headers: Sequence[str]) -> int:
    places = meant(column, headers)
    if len(places) == 1:
        return places[0]
    if not places:
        known = ", ".join(header for header in headers if header)
        raise InvalidInput(
            Text("The file has no column “{column}”.", column=column),
            Text("Its columns: {columns}.", columns=known),
            field="map",
        )
    raise InvalidInput(
        Text("“{column}” can be more than one column.", column=column),
        Text("Its columns: {columns}.", columns=", ".join(headers[place] for place in places)),
        field="map",
    )


def _placed(headers: Sequence[str], wanted: Mapping[int, str | None]) -> dict[str, int]:
    """Field to the place of its column: what was wanted, else the best of the known names."""
    known = _known()
    ranked: dict[str, tuple[int, int]] = {}
    for place, header in enumerate(headers):
        if place in wanted:
            field, rank = wanted[place], -1
        else:
            field, rank = known.get(_folded(header), (None, 0)) if header else (None, 0)
        if field is not None and (field not in ranked or rank < ranked[field][0]):
            ranked[field] = (rank, place)
    return {field: place for field, (_, place) in ranked.items()}


def _check_leads(layout: Layout, *, mapped: bool) -> None:
    if not any(field in layout.fields for field in NAMING):
        raise InvalidInput(
            Text("No column says what the leads are called."),
            Text("A column for the name, the company or the product is needed."),
        )
    if mapped:
        return
    telling = {field for field in _TELLING & layout.fields.keys() if not is_creation(layout.header_of(field) or "")}
    unknown = len([header for header in layout.headers if header]) - len(layout.fields)
    if not telling and unknown > len(layout.fields):
        raise InvalidInput(
            Text("This does not look like a list of leads: most of its columns are unknown."),
            Text("Was another file meant? If not, say which column is what."),
        )
    if len(layout.fields.keys() - {"external_number"}) == 1 and not layout.purely_own:
        raise InvalidInput(
            Text("This does not look like a list of leads: all that is known here is the column “{column}”.",
                 column=next(header for header, field in layout.columns().items() if field in NAMING)),
            Text("Was another file meant? If not, say which column is what (--map COLUMN=FIELD), or name the columns "
                 "Name, Status, Volume, Company."),
        )  # fmt: skip
