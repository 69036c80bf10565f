"""Tables from other programs as companies and people: what is read of each row, what is refused, one step."""

from collections.abc import Callable
from datetime import date
from decimal import Decimal

import pytest

from app.core.errors import InvalidInput
from app.core.terms import CompanyKind, Entity, Size
from app.models.store import Store
from app.services.check import check
from app.services.companies import Companies
from app.services.company_list import CompanyList
from app.services.contact_files.draft import Draft, Kind
from app.services.contact_files.importing import import_cards
from app.services.contact_files.pasted import MOST_COLUMNS, MOST_ROWS, read_contacts
from app.services.contact_files.plan import CardFiles, Choice, plan_read
from app.services.history import History
from app.services.own_fields import OwnFields
from app.services.own_kinds import OwnKind
from app.services.person_list import PersonList
from tests.models.edits import count, everything
from tests.stores import add_company

Read = Callable[..., list[Draft]]


def read(store: Store, kind: Kind, text: str, html: str = "") -> CardFiles:
    return read_contacts(store, kind, text, html, "Clipboard")


def drafts(store: Store, kind: Kind, text: str, html: str = "") -> list[Draft]:
    found = read(store, kind, text, html)
    assert [str(each.why) for each in found.refused if each.whole] == []
    return [draft for _file, draft in found.cards if isinstance(draft, Draft)]


def refused(store: Store, kind: Kind, text: str) -> list[tuple[int, str, bool]]:
    return [(each.line, str(each.why), each.whole) for each in read(store, kind, text).refused]


def test_a_german_table_of_companies_becomes_companies_in_one_step(store: Store) -> None:
    field = OwnFields(store).create(Entity.COMPANY, OwnKind.NUMBER, "Umsatz in Mio.")
    before, steps = everything(store), count(store, "change_set")
    table = (
        "Firma\tKundennummer\tArt der Firma\tBranche\tMitarbeiter\tTelefon\tFax\tE-Mail\tWebseite\tStraße\tPLZ\tOrt\t"
        "Land\tSchlagworte\tNotiz\tVerantwortlich\tUmsatz in Mio.\tFarbe\n"
        "Bäckerei Korn GmbH\tK-7\tKunde, Lieferant\tLebensmittel\t25\t0221 123456\t0221 123457\tinfo@korn.example\t"
        "www.korn.example\tMühlengasse 4\t50667\tKöln\tDeutschland\tMesse, Print\tZahlt gut\tanna kern\t1,5\tblau\n"
        "=SUMME(A1)\t\t\t\t\t\t\t\t\t\t\t\t\t\t\tNiemand Bekanntes\t\t\n"
    )
    found = read(store, "company", table)
    assert [str(each.why) for each in found.refused] == [
        "Columns that are not read: Farbe", "Verantwortlich: Nobody is called “Niemand Bekanntes”.",
    ]  # fmt: skip
    result = import_cards(store, plan_read(store, found))
    assert (result.companies, count(store, "change_set")) == (2, steps + 1)
    rows = {row.name: row for row in CompanyList(store).rows(range(1, 9))}
    row = rows["Bäckerei Korn GmbH"]
    assert (row.number, row.kinds, row.industry, row.size) == (
        "K-7", (CompanyKind.CUSTOMER, CompanyKind.SUPPLIER), "Lebensmittel", Size.SMALL,
    )  # fmt: skip
    assert (row.phone, row.mail, row.web, row.place.city, row.place.country) == (
        "0221 123456", "info@korn.example", "www.korn.example", "Köln", "DE",
    )  # fmt: skip
    assert (row.tags, row.user, row.own) == (("Messe", "Print"), "Anna Kern", {field: Decimal("1.5")})
    assert rows["=SUMME(A1)"].user is None, "somebody unknown is made no member"
    assert check(store).ok
    History(store).undo()
    assert everything(store) == before


def test_an_english_table_of_people_knows_names_firms_and_birthdays(store: Store) -> None:
    adler = Companies(store).create(name="Adler GmbH")
    table = (
        "First name,Last name,Company,Job title,Mobile,Email Address,Birthday,Salutation,Title\n"
        "Ada,Adler,Adler GmbH,Owner,0171 2345678,ada@adler.example,1980-04-03,Frau,Dr.\n"
        'Ben,Bär,"Adler GmbH, Biber KG",,,,3.4.,Mr,\n'
    )
    import_cards(store, plan_read(store, read(store, "person", table)))
    ada, ben = PersonList(store).rows([1, 2])
    assert (ada.name, ada.companies, ada.roles, ada.company_id) == ("Ada Adler", ("Adler GmbH",), ("Owner",), adler)
    assert (ada.phone, ada.mail, ada.birthday, ada.salutation, ada.prefix) == (
        "0171 2345678", "ada@adler.example", date(1980, 4, 3), "ms", "Dr.",
    )  # fmt: skip
    assert (ben.companies, ben.birthday, ben.salutation) == (("Adler GmbH",), date(1604, 4, 3), "mr")


@pytest.mark.parametrize(
    ("table", "names"),
    [
        ("Vorname\tName\nAda\tAdler\n", [("Ada Adler", "Ada", "Adler")]),
        ("Name\tE-Mail\nDr. Ada von Adler\tada@adler.example\n", [("Dr. Ada von Adler", "Ada", "von Adler")]),
        ("Ada Adler\nBen Bär\n", [("Ada Adler", "Ada", "Adler"), ("Ben Bär", "Ben", "Bär")]),
        ("Ada Adler\tada@adler.example\t0171 234567\n", [("Ada Adler", "Ada", "Adler")]),
        ("E-Mail\tTelefon\nada@adler.example\t1\n", [("ada@adler.example", "", "")]),
    ],
)
def test_names_are_whole_or_in_parts_and_titles_may_be_missing(
    store: Store, table: str, names: list[tuple[str, str, str]]
) -> None:
    found = drafts(store, "person", table)
    assert [(each.name, each.given, each.family) for each in found] == names


def test_columns_without_titles_are_known_by_what_stands_in_them(store: Store) -> None:
    (found,) = drafts(store, "company", "Adler GmbH\tinfo@adler.example\t0221 / 12 34 56\twww.adler.example\tXY\n")
    assert [(point.kind, point.value) for point in found.points] == [
        ("phone", "0221 / 12 34 56"), ("mail", "info@adler.example"), ("web", "www.adler.example"),
    ]  # fmt: skip


def test_cells_that_make_no_sense_refuse_their_row_with_the_column(store: Store) -> None:
    OwnFields(store).create(Entity.PERSON, OwnKind.CHOICE, "Anschreiben", ["du", "Sie"])
    OwnFields(store).create(Entity.COMPANY, OwnKind.DAY, "Vertrag seit")
    rows = "A\t31.2.1980\t\nB\t1.1.2999\t\nC\t\tihr\nD\t\tdu\n"
    assert refused(store, "person", f"Name\tGeburtstag\tAnschreiben\n{rows}") == [
        (2, "Geburtstag: “31.2.1980” is not a date.", True),
        (3, "Geburtstag: Nobody was born on that day.", True),
        (4, "Anschreiben: “ihr” is not among what “Anschreiben” offers.", True),
    ]  # fmt: skip
    rows = f"A\tFreund\t\t\t\nB\t\triesig\t\t\nC\t\t\tbald\t\n\t\t\t\t7\n{'x' * 301}\t\t\t\t\n"
    table = f"Firma\tTyp\tGröße\tVertrag seit\tNr.\n{rows}"
    assert refused(store, "company", table) == [
        (2, "Typ: “Freund” is no kind of company.", True),
        (3, "Größe: “riesig” is no size of a company.", True),
        (4, "Vertrag seit: “bald” is not a date.", True),
        (5, "Please enter a name.", True),
        (6, f"“{'x' * 30}…” is too long.", True),
    ]


def test_who_is_there_already_is_filled_in_and_the_same_name_twice_is_one_company(store: Store) -> None:
    field = OwnFields(store).create(Entity.COMPANY, OwnKind.TEXT, "Kürzel")
    adler = Companies(store).create(name="Adler GmbH", industry="Bau", own={field: "AD"})
    rows = "ADLER GmbH\tHandel\tKöln\tKunde\tXX\t12\nNeu AG\t\t\t\t\t\nNeu AG\t\tBonn\t\tNE\t\n"
    table = f"Name\tBranche\tOrt\tArt\tKürzel\tNummer\n{rows}"
    plan = plan_read(store, read(store, "company", table))
    assert [each.proposed for each in plan.cards] == [Choice.FILL, Choice.NEW, Choice.FILL]
    result = import_cards(store, plan)
    assert (result.companies, result.filled) == (1, 2)
    first, new = CompanyList(store).rows([adler, adler + 1])
    assert (first.name, first.industry, first.place.city, first.kinds, first.own, first.number) == (
        "Adler GmbH", "Bau", "Köln", (CompanyKind.CUSTOMER,), {field: "AD"}, "12",
    )  # fmt: skip
    assert (new.name, new.place.city, new.own) == ("Neu AG", "Bonn", {field: "NE"})
    again = plan_read(store, read(store, "company", table))
    assert {each.proposed for each in again.cards} == {Choice.SKIP}, "nothing is left to be added"
    assert check(store).ok


def test_a_field_that_was_deleted_meanwhile_is_left_out(store: Store) -> None:
    fields = OwnFields(store)
    field = fields.create(Entity.COMPANY, OwnKind.TEXT, "Kürzel")
    plan = plan_read(store, read(store, "company", "Name\tKürzel\nAdler\tAD\n"))
    fields.delete(field)
    assert import_cards(store, plan).companies == 1
    assert CompanyList(store).rows([1])[0].own == {}


@pytest.mark.parametrize(
    ("text", "html"),
    [
        ("", ""), ("  \n\t\n", ""), ("Adler\0GmbH", ""), ("\ufffd\ufffd\ufffd\ufffd", ""),
        ("\t".join(f"S{n}" for n in range(1000)) + "\n" + "\t".join("x" * 1000), ""),
        ("Name\n" + "Firma\n" * (MOST_ROWS + 1), ""),
        ("Ort\tLand\nKöln\tDE\n", ""),
        ("\t".join(["Name"] * (MOST_COLUMNS + 1)), ""),
    ],
)  # fmt: skip
@pytest.mark.parametrize("kind", ["company", "person"])
def test_what_is_no_list_of_contacts_is_refused_as_a_whole(store: Store, kind: Kind, text: str, html: str) -> None:
    before = everything(store)
    with pytest.raises(InvalidInput):
        read(store, kind, text, html)
    assert everything(store) == before


@pytest.mark.parametrize(
    "text",
    [
        '"Adler', "Name\t\t\tName\nA\t\t\tB\tC\tD\n", "Name;Ort\n;\n;;\n;Köln;\n",
        "Name\n<b>&amp;\n", "'=1+1\n@x\n-y\n",
        "Name\tLand\nA\tAtlantis\n", "Name\tPLZ\nA\t" + "9" * 50, "Name\tTags\nA\t" + "t" * 200,
        "Name\tTelefon\nA\t" + "1" * 600, "NULL\tNULL\n", "\u202eName\tOrt\n\u202e\t\n",
    ],
)  # fmt: skip
@pytest.mark.parametrize("kind", ["company", "person"])
def test_hostile_tables_are_taken_or_refused_row_by_row(store: Store, kind: Kind, text: str) -> None:
    before = everything(store)
    found = read(store, kind, text)
    result = import_cards(store, plan_read(store, found))
    assert check(store).ok
    if result.changed:
        History(store).undo()
    assert everything(store) == before


def test_a_table_of_a_mail_is_read_from_its_html(store: Store) -> None:
    html = "<table><tr><th>Firma</th><th>Ort</th></tr><tr><td>Adler <b>GmbH</b></td><td>K&ouml;ln</td></tr></table>"
    (found,) = drafts(store, "company", "Firma Ort Adler GmbH Köln", html)
    assert (found.name, found.addresses[0].city) == ("Adler GmbH", "Köln")


@pytest.mark.parametrize("kind", ["company", "person"])
def test_nothing_of_a_table_disappears_unsaid(store: Store, kind: Kind) -> None:
    table = (
        "Name\tVerantwortlich\tE-Mail\t\tFarbe\n"
        "Eins\tXaver\ta@eins.example\trund\tblau\tganz rechts\nZwei\tXaver\t\t\t\nDrei\tYvonne\t\t\t\n"
    )
    assert refused(store, kind, table) == [
        (1, "Columns that are not read: Column 4, Farbe, Column 6", False),
        (2, "Verantwortlich: Nobody is called “Xaver”. (2 rows)", False),
        (4, "Verantwortlich: Nobody is called “Yvonne”.", False),
    ]  # fmt: skip
    assert refused(store, kind, "Eins\tirgendwas\nZwei\tnoch etwas\n") == [
        (1, "Columns that are not read: Column 2", False)
    ]


def test_of_several_companies_of_somebody_those_are_named_that_are_not_taken(store: Store) -> None:
    for name in ("Adler GmbH", "Korn, Mehl & Co."):
        add_company(store, name)
    table = "Name\tFirma\nAnna\tAdler GmbH, Biber AG\nOtto\tKorn, Mehl & Co.\n"
    assert refused(store, "person", table) == [(2, "Only one company is taken, not: Biber AG", False)]
    assert [draft.employer for draft in drafts(store, "person", table)] == ["Adler GmbH", "Korn, Mehl & Co."]


def test_what_stays_as_it_is_at_who_is_there_is_said(store: Store) -> None:
    Companies(store).create(name="Adler GmbH", number="12", industry="Bau", user_id=1)
    table = "Name\tKundennummer\tBranche\tVerantwortlich\tOrt\nAdler GmbH\t13\tHolz\tAnna Kern\tKöln\n"
    plan = plan_read(store, read(store, "company", table))
    assert [(str(each.why), each.whole) for each in plan.refused] == [
        ("“Adler GmbH” keeps what is there: Customer number, Industry", False)
    ]
