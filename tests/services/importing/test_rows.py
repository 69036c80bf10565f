"""What each row becomes, and why some are refused."""

from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from app.core import i18n
from app.core.calendar import day_number, day_of
from app.core.errors import InvalidInput
from app.core.i18n import Text
from app.models import derived
from app.models.schema import Stage
from app.models.store import Store
from app.services import csv_format
from app.services.leads import Leads
from tests.services.importing.files import import_text, reasons, rows
from tests.stores import TODAY, add_company, add_rate, month


def _lead(store: Store, columns: str = "*", where: str = "1") -> object:
    found = rows(store, f"SELECT {columns} FROM lead WHERE {where}")
    assert len(found) == 1
    return found[0]


OWN = (
    "Name;Status;Akquise-Stufe;Wahrscheinlichkeit;Volumen;Budgetart;Währung;Leistungszeitraum von;"
    "Leistungszeitraum bis;Nächster Schritt am;Nächster Schritt;Verantwortlich;Firma;Kontakt;Quelle;Schlagworte;Info;"
    "Aktiv seit;Abgeschlossen am;Grund;Externe Nummer\r\n"
)


def test_our_own_format_fills_every_field(store: Store, tmp_path: Path) -> None:
    line = (
        "Relaunch;Aktiv;Angebot;45;3000,50;monatlich;CHF;2026-12-01;2027-03-31;2026-11-30 14:30;Anrufen;Jonas Pohl;"
        'Hafenkontor;Mia Öz;Messe;"Web, ""Print, A4""";"Zwei\nZeilen";2026-11-01;;;B-7\r\n'
    )

    result = import_text(store, tmp_path, OWN + line)

    assert (result.created, result.refused) == (1, ())
    (row,) = rows(
        store,
        """SELECT lead.*, stage.name AS stage, company.name AS company, person.name AS person, member.name AS member,
        member.initials, source.name AS source, step.due_on, step.local_time, step.zone, step.text
        FROM lead JOIN stage ON stage.id = stage_id JOIN company ON company.id = lead.company_id
        JOIN person ON person.id = person_id JOIN member ON member.id = lead.user_id
        JOIN source ON source.id = source_id JOIN step ON step.id = next_step_id""",
    )
    assert (row.title, row.status, row.stage, row.probability, row.amount_minor, row.currency, row.budget) == (
        "Relaunch", "active", "Angebot", 90, 300050, "CHF", "monthly",
    )  # fmt: skip
    assert (row.period_first, row.period_last) == (month("2026-12"), month("2027-03"))
    assert (row.company, row.person, row.member, row.initials, row.source) == (
        "Hafenkontor", "Mia Öz", "Jonas Pohl", "JP", "Messe",
    )  # fmt: skip
    assert (row.info, row.external_number, day_of(row.activated_on)) == ("Zwei\nZeilen", "B-7", date(2026, 11, 1))
    assert (day_of(row.due_on), row.local_time, row.zone, row.text) == (
        date(2026, 11, 30), 870, "Europe/Berlin", "Anrufen",
    )  # fmt: skip
    assert {tag.name for tag in rows(store, "SELECT name FROM tag")} == {"Web", "Print, A4"}
    (entry,) = rows(store, "SELECT * FROM stage_entry")
    assert (entry.stage_id, entry.probability, entry.entered_on) == (3, 90, row.activated_on)
    assert len(rows(store, "SELECT * FROM company_person")) == 1


def test_any_subset_in_any_order_and_in_english(store: Store, tmp_path: Path) -> None:
    result = import_text(store, tmp_path, "Volume,Company,Name,Status\n1200.50,Talwerk,Shop,Contact potential\n")

    assert result.created == 1
    row = _lead(store, "title, status, amount_minor, activated_on, stage_id")
    assert tuple(row) == ("Shop", "potential", 120050, None, None)  # type: ignore[arg-type]


def test_an_active_lead_without_a_day_is_active_from_today(store: Store, tmp_path: Path) -> None:
    import_text(store, tmp_path, "Name;Status\nShop;Aktiv\n")
    assert _lead(store, "activated_on")[0] == day_number(TODAY)  # type: ignore[index]


def test_what_is_computed_equals_what_the_store_computes(store: Store, tmp_path: Path) -> None:
    add_rate(store, "CHF", date(2020, 1, 1), "0.9")
    add_rate(store, "CHF", date(2026, 1, 1), "1.1")
    content = OWN + (
        "A;Gewonnen;Angebot;100;100,00;einmalig;CHF;;;;;;;;;;;2025-01-05;2025-06-30;Preis;1\n"
        "B;Aktiv;Angebot;30;100,00;einmalig;CHF;2027-01-01;2027-03-31;;;;;;;;;2026-06-01;;;2\n"
        "C;Aktiv;;;5000,00;monatlich;USD;2027-01-01;2027-03-31;;;;;;;;;2026-06-01;;;3\n"
        "D;Kontaktpotenzial;;;1,00;monatlich;EUR;;;;;;;;;Übermut, Öl;ein Größenwahn;;;;4\n"
        "E;Verloren;;0;7,00;einmalig;EUR;;;;;;;;;;;2026-06-01;2026-07-01;;5\n"
    )
    assert import_text(store, tmp_path, content).created == 5

    with store.maintenance() as connection:
        assert derived.differing(connection, store.today()) == []
    totals = {row.title: (row.total_base, row.weighted_base) for row in rows(store, "SELECT * FROM lead")}
    # the rate of the closing day for what is closed, today's for what is open, none for a currency without one
    assert totals == {"A": (9000, 0), "B": (11000, 3300), "C": (None, None), "D": (100, 0), "E": (700, 0)}
    first = rows(store, "SELECT forecast_first FROM lead WHERE title = 'A'")[0][0]
    assert first == month("2025-06")


def test_three_leads_of_ten_euros_and_a_cent_are_rounded_one_by_one(store: Store, tmp_path: Path) -> None:
    line = "X;Aktiv;Angebot;33,5;10,01\n"
    import_text(store, tmp_path, "Name;Status;Akquise-Stufe;Wahrscheinlichkeit;Volumen\n" + line * 3)
    assert rows(store, "SELECT sum(weighted_base) FROM lead")[0][0] == 3 * 335


@pytest.mark.parametrize(
    ("line", "column", "reason"),
    [
        ("A;Aktiv;;;-5;;;;;;;;;;;;;;;;", "Volumen", "An amount cannot be negative."),
        ("A;Aktiv;;;viel;;;;;;;;;;;;;;;;", "Volumen", "“viel” is not an amount."),
        ("A;Aktiv;;;999999999999999;;;;;;;;;;;;;;;;", "Volumen", "This amount is too large."),
        ("A;Aktiv;;;5 CHF;;EUR;;;;;;;;;;;;;;", "Volumen", "This amount is not in EUR."),
        ("A;Aktiv;;;5;;X1;;;;;;;;;;;;;;", "Währung", "“X1” is not a currency."),
        ("A;Aktiv;;33,3;;;;;;;;;;;;;;;;;", "Wahrscheinlichkeit", "“33,3”: only whole and half percents are possible."),
        ("A;Aktiv;;101;;;;;;;;;;;;;;;;;", "Wahrscheinlichkeit", "“101” is not a percentage from 0 to 100."),
        ("A;Vielleicht;;;;;;;;;;;;;;;;;;;", "Status", "“Vielleicht” is not a known status."),
        ("A;Aktiv;;;;täglich;;;;;;;;;;;;;;;", "Budgetart", "“täglich” is not a known kind of budget."),
        ("A;Aktiv;;;;monatlich;;;;;;;;;;;;;;;", "Leistungszeitraum von", "A monthly budget needs a service period."),
        ("A;Aktiv;;;;;;2027-03-01;2027-01-31;;;;;;;;;;;;", "Leistungszeitraum bis",
         "The service period ends before it begins."),
        ("A;Aktiv;;;;;;2027-03-01;;;;;;;;;;;;;", "Leistungszeitraum bis",
         "A service period needs both its first and its last month."),
        ("A;Aktiv;;;;;;;;;;;;;;;;2026-02-30;;;", "Aktiv seit", "“2026-02-30” is not a date."),
        ("A;Aktiv;;;;;;;;;;;;;;;;0026-02-03;;;", "Aktiv seit", "“0026-02-03” is not a date."),
        ("A;Gewonnen;;;;;;;;;;;;;;;;2026-02-03;;;", "Abgeschlossen am", "A closed lead needs its closing date."),
        ("A;Gewonnen;;;;;;;;;;;;;;;;2026-02-03;2026-02-02;;", "Abgeschlossen am",
         "The lead was not active yet on its closing date."),
        ("A;Aktiv;;;;;;;;;;;;;;;;2026-11-25;;;", "Aktiv seit", "“Active since” lies in the future."),
        ("A;Verloren;;;;;;;;;;;;;;;;2026-02-03;2026-11-25;;", "Abgeschlossen am",
         "The closing date lies in the future."),
        (";Aktiv;;;;;;;;;;;;;;;;;;;", "Name", "The row does not say what the lead is called."),
        (f"{'x' * 501};Aktiv;;;;;;;;;;;;;;;;;;;", "Name", f"“{'x' * 30}…” is too long."),
        ("A;Aktiv;;;;;;;;;;;;;;;;;;;;;zu viel", None, "The row has more cells than there are columns."),
    ],
)  # fmt: skip
def test_a_row_that_makes_no_sense_is_named_and_the_others_are_taken(
    store: Store, tmp_path: Path, line: str, column: str, reason: str
) -> None:
    result = import_text(store, tmp_path, OWN + "Gut;Aktiv\r\n" + line + "\r\nAuch gut;Aktiv\r\n")

    assert result.created == 2
    assert reasons(result) == [(3, column, reason)]


def test_reasons_are_in_the_language_in_use(store: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    result = import_text(store, tmp_path, OWN + "A;Aktiv;;;-5\n")
    monkeypatch.setattr(i18n._Current.catalogue, "gettext", lambda message: f"<{message}>", raising=False)

    assert result.as_json()["refused"] == [{"row": 2, "column": "Volumen", "reason": "<An amount cannot be negative.>"}]


def test_rows_are_counted_as_a_spreadsheet_counts_them(store: Store, tmp_path: Path) -> None:
    content = 'Name;Volumen\n"zwei\nZeilen";1\n\n;;\nB;x\n'
    assert reasons(import_text(store, tmp_path, content)) == [(5, "Volumen", "“x” is not an amount.")]


def test_unknown_stages_are_made_with_the_probability_most_rows_have(store: Store, tmp_path: Path) -> None:
    content = "Name;Status;Phase;Wahrscheinlichkeit;Abschlussdatum\nA;Offen;Pitch;40;\nB;Offen;pitch;40;\n"
    content += "C;Offen;Pitch;55;\nD;Gewonnen;Pitch;100;2026-01-01\nE;Offen;Discovery;;\n"
    import_text(store, tmp_path, content)

    made = rows(store, "SELECT name, probability, position FROM stage WHERE id > 5 ORDER BY position")
    assert [tuple(row) for row in made] == [("Discovery", 40, 2), ("Pitch", 80, 4)]
    own = {row.title: row.probability for row in rows(store, "SELECT title, probability FROM lead")}
    # what the stage has is not the lead's own, and neither are the 100 % of being won
    assert own == {"A": None, "B": None, "C": 110, "D": None, "E": None}
    positions = [row.position for row in rows(store, "SELECT position FROM stage ORDER BY position")]
    assert positions == list(range(7))


def test_a_stage_that_exists_wins_over_a_state_of_that_name(store: Store, tmp_path: Path) -> None:
    with store.write(Text("Stage")) as session:
        session.add(Stage(name="Engaging", probability=50, position=9, idle_days=0, required=""))
    import_text(store, tmp_path, "Name,Stage\nA,engaging\n")
    assert _lead(store, "status, stage_id") == ("active", 6)


def test_with_a_column_of_states_open_words_are_stages(store: Store, tmp_path: Path) -> None:
    import_text(store, tmp_path, "Name,Status,Stage\nA,Open,Prospecting\n")
    assert rows(store, "SELECT stage.name FROM lead JOIN stage ON stage.id = stage_id")[0][0] == "Prospecting"


def test_probabilities_may_be_shares_of_one(store: Store, tmp_path: Path) -> None:
    content = "Name,Stage,Probability\nA,Angebot,0.35\nB,Angebot,1\nC,Angebot,0.5\n"
    assert import_text(store, tmp_path, content).refused == ()
    assert [row[0] for row in rows(store, "SELECT probability FROM lead ORDER BY id")] == [70, 200, 100]


@pytest.mark.parametrize(
    ("header", "told", "halves"),
    [
        ("Name,Stage,Probability", "percent", [1, 2]),  # our own format
        ("Name,Akquise-Stufe,Wahrscheinlichkeit", "percent", [1, 2]),
        (",".join(["Name,Akquise-Stufe,Wahrscheinlichkeit", *csv_format.header("de")[4:], "Ort"]), "percent", [1, 2]),
        ("Deal,Stage,Probability (%)", "percent", [1, 2]),
        ("Deal,Stage,Probability", "share", [100, 200]),
        ("Deal,Phase,Wahrscheinlichkeit", "share", [100, 200]),
    ],
)
def test_a_half_and_one_alone_are_percentages_in_our_own_format_only(
    store: Store, tmp_path: Path, header: str, told: str, halves: list[int]
) -> None:
    result = import_text(store, tmp_path, f"{header}\nA,Angebot,0.5\nB,Angebot,1\n")
    assert result.detected.probability == told
    assert [row[0] for row in rows(store, "SELECT probability FROM lead ORDER BY id")] == halves


def test_a_column_of_nothing_but_a_half_can_be_said_to_be_percentages(store: Store, tmp_path: Path) -> None:
    content = "Deal,Stage,Probability\nA,Angebot,0.5\nB,Angebot,1\n"
    result = import_text(store, tmp_path, content, {}, {("Probability", "1"): "1 %"})
    assert result.detected.probability == "percent"
    assert [row[0] for row in rows(store, "SELECT probability FROM lead ORDER BY id")] == [1, 2]


def test_what_a_stage_requires_holds_for_rows_that_enter_it(store: Store, tmp_path: Path) -> None:
    with store.write(Text("Stage")) as session:
        stage = session.get(Stage, 3)
        assert stage is not None
        stage.required = "company,volume,next_step"
    content = "Name;Status;Akquise-Stufe;Firma;Volumen;Nächster Schritt am;Abgeschlossen am\nA;Aktiv;Angebot;;5;;\n"
    content += "B;Aktiv;Angebot;Talwerk;5;1.12.2026;\nC;Aktiv;Vorstellung;;;;\nD;Verloren;Angebot;;;;1.1.2026\n"
    result = import_text(store, tmp_path, content)

    assert result.created == 3
    assert reasons(result) == [(2, "Akquise-Stufe", "“Angebot” asks for: Company, Next step.")]


def test_a_retired_stage_takes_no_leads(store: Store, tmp_path: Path) -> None:
    with store.write(Text("Stage")) as session:
        stage = session.get(Stage, 1)
        assert stage is not None
        stage.retired_at = store.clock.now()
    result = import_text(store, tmp_path, "Name;Status;Akquise-Stufe\nA;Aktiv;Erstkontakt\nB;Aktiv;\n")

    assert reasons(result) == [(2, "Akquise-Stufe", "“Erstkontakt” takes no new leads.")]
    assert _lead(store, "stage_id")[0] == 2  # type: ignore[index]


def test_without_stages_an_active_lead_gets_one(store: Store, tmp_path: Path) -> None:
    with store.write(Text("None")) as session:
        for number in range(1, 6):
            stage = session.get(Stage, number)
            assert stage is not None
            stage.deleted_at = store.clock.now()
    import_text(store, tmp_path, "Name;Status\nA;Aktiv\n")
    assert rows(store, "SELECT probability FROM stage WHERE deleted_at IS NULL")[0][0] == 2


def test_companies_meet_by_their_folded_name(store: Store, tmp_path: Path) -> None:
    add_company(store, "Müller GmbH")
    import_text(store, tmp_path, "Name;Firma\nA;Mueller  GmbH\nB;MÜLLER GMBH\nC;Möller GmbH\nD;Moeller GmbH\n")

    names = rows(store, "SELECT company.name FROM lead JOIN company ON company.id = company_id ORDER BY lead.id")
    assert [row.name for row in names] == ["Müller GmbH", "Müller GmbH", "Möller GmbH", "Möller GmbH"]


def test_contacts_of_one_name_at_two_companies_are_two(store: Store, tmp_path: Path) -> None:
    import_text(store, tmp_path, "Name;Firma;Kontakt\nA;X;Jan Kern\nB;Y;Jan Kern\nC;X;jan kern\nD;;Jan Kern\n")

    people = [row.person_id for row in rows(store, "SELECT person_id FROM lead ORDER BY id")]
    assert people == [1, 2, 1, 1]


def test_values_and_columns_can_be_named_by_hand(store: Store, tmp_path: Path) -> None:
    result = import_text(
        store, tmp_path, "Was,Stand,Wieviel,Name\nShop,halb,12,weg\n",
        {"Was": "title", "Stand": "Akquise-Stufe", "wieviel": "amount", "Name": "-"}, {("Stand", "Halb"): "Angebot"},
    )  # fmt: skip

    assert result.detected.columns == {"Was": "title", "Stand": "stage", "Wieviel": "amount", "Name": None}
    assert _lead(store, "title, stage_id, amount_minor") == ("Shop", 3, 1200)


@pytest.mark.parametrize(
    ("mapping", "values", "message"),
    [
        ({"Nix": "title"}, {}, "The file has no column “{column}”."),
        ({"Name": "unsinn"}, {}, "There is no field “{field}”."),
        ({}, {("Nix", "a"): "b"}, "The file has no column “{column}” that is imported."),
    ],
)
def test_a_wrong_option_is_said_before_anything_is_done(
    store: Store, tmp_path: Path, mapping: dict[str, str], values: dict[tuple[str, str], str], message: str
) -> None:
    with pytest.raises(InvalidInput) as error:
        import_text(store, tmp_path, "Name;Status\nA;Aktiv\n", mapping, values)
    assert error.value.title.message == message


def _fields(store: Store, folder: Path, header: str, mapping: dict[str, str]) -> dict[str, str | None]:
    return import_text(store, folder, f"{header}\nA;1;2\n", mapping, dry_run=True).detected.columns


def test_a_mapped_column_is_the_one_that_is_spelled_like_it(store: Store, tmp_path: Path) -> None:
    assert _fields(store, tmp_path, "Name;Город;Сумма", {"Сумма": "amount"}) == {
        "Name": "title", "Город": None, "Сумма": "amount",
    }  # fmt: skip
    assert _fields(store, tmp_path, "Name;Preis $;Preis €", {"Preis €": "amount"})["Preis €"] == "amount"
    assert _fields(store, tmp_path, "Name;preis;Preis", {"Preis": "amount"})["Preis"] == "amount"
    assert _fields(store, tmp_path, "Name;Preis;wert", {"PREIS": "amount"})["Preis"] == "amount"
    assert _fields(store, tmp_path, "Name;Preis, netto;x", {"preis netto": "amount"})["Preis, netto"] == "amount"
    assert _fields(store, tmp_path, "Name;💶;💰", {"💰": "amount"})["💰"] == "amount"


def test_headers_are_known_however_their_words_are_joined(store: Store, tmp_path: Path) -> None:
    header = "opportunityName;stage_name;Est-Revenue;CLOSE DATE;createdDate;Opportunity Owner"
    assert list(_fields(store, tmp_path, header, {}).values()) == [
        "title", "stage", "amount", "closed_on", "activated_on", "responsible",
    ]  # fmt: skip


@pytest.mark.parametrize("header", ["Created Date", "createdAt", "created_on", "CREATE-DATE"])
def test_a_day_of_recording_is_known_however_its_words_are_joined(store: Store, tmp_path: Path, header: str) -> None:
    content = f"Deal Name;Deal Status;{header};Close Date\nA;Won;2026-06-02;2026-06-01\n"
    assert import_text(store, tmp_path, content).created == 1


def test_columns_of_the_same_name_are_told_apart(store: Store, tmp_path: Path) -> None:
    assert _fields(store, tmp_path, "Name;Wert ;Wert", {}) == {"Name": "title", "Wert": "amount", "Wert (2)": None}
    assert _fields(store, tmp_path, "Name;;Wert;;Wert", {"Wert (2)": "amount", "Wert": "-"}) == {
        "Name": "title", "Wert": None, "Wert (2)": "amount",
    }  # fmt: skip
    names = "Wert", "Wert (2)", "Wert (3)", "Wert (2) (2)"
    assert list(_fields(store, tmp_path, "Name;Wert;Wert (2);Wert;Wert (2)", {"Name": "title"})) == ["Name", *names]


@pytest.mark.parametrize(
    ("header", "mapping", "message", "hint"),
    [
        ("Name;Preis $;Preis €", {"Preis": "amount"}, "“Preis” can be more than one column.",
         "Its columns: Preis $, Preis €."),
        ("Name;preis;PREIS", {"Preis": "amount"}, "“Preis” can be more than one column.",
         "Its columns: preis, PREIS."),
        ("Name;Preis;Wert", {"Preis": "amount", "Wert": "Volumen"}, "“Preis” and “Wert” cannot both be amount.", ""),
        ("Name;Preis;Wert", {"Preis": "amount", "preis": "info"}, "“Preis” cannot be two fields at once.", ""),
        ("Name;Preis;Wert", {"€": "amount"}, "The file has no column “€”.", "Its columns: Name, Preis, Wert."),
    ],
)  # fmt: skip
def test_a_mapping_that_is_not_clear_is_asked_for_again(
    store: Store, tmp_path: Path, header: str, mapping: dict[str, str], message: str, hint: str
) -> None:
    with pytest.raises(InvalidInput) as error:
        _fields(store, tmp_path, header, mapping)
    assert (str(error.value.title), str(error.value.hint or "")) == (message, hint)


def test_a_word_is_replaced_in_a_column_whose_header_has_a_colon(store: Store, tmp_path: Path) -> None:
    content = "Name;Opportunity: Account;Status\nA;b;neu: x\n"
    values = {("Opportunity", " Account:b"): "ACME", ("Status", "neu: x"): "Aktiv", ("Name", "A"): "B:C"}
    import_text(store, tmp_path, content, values=values)

    found = rows(store, "SELECT title, status, company.name FROM lead JOIN company ON company.id = company_id")
    assert [tuple(row) for row in found] == [("B:C", "active", "ACME")]


def test_a_column_with_too_many_stages_is_the_wrong_column(store: Store, tmp_path: Path) -> None:
    content = "Name;Kategorie\n" + "".join(f"A;Fach {n}\n" for n in range(41))
    with pytest.raises(InvalidInput) as error:
        import_text(store, tmp_path, content)
    assert error.value.title.message == "The column “{column}” names {n} unknown stages."


def test_a_file_and_a_verb_keep_the_same_text(store: Store, tmp_path: Path) -> None:
    odd = "Bad\x07\x1b[31mName\x85 \xa0 x\x1fy\x7f"
    long = f"{odd} " + "lang " * 199  # with less of it this would be no text
    header = "Info;Notiz;Name;Firma;Kontakt;Quelle;Schlagworte;Phase;Externe Nummer\n"
    assert import_text(store, tmp_path, header + ";".join([long] * 2 + [odd] * 7)).created == 1
    Leads(store).create(title=odd, company=odd, person=odd, source=odd, tags=[odd], info=long, external_number=odd)

    own, theirs = rows(store, "SELECT * FROM lead ORDER BY id")
    same = ("title", "company_id", "person_id", "source_id", "info", "external_number", "title_key")
    assert [own._mapping[name] for name in same] == [theirs._mapping[name] for name in same]
    assert own.title == "Bad[31mName xy"
    (tag,) = rows(store, "SELECT name FROM tag JOIN lead_tag ON tag_id = tag.id GROUP BY tag.id")
    assert tag.name == own.title
    assert rows(store, "SELECT text FROM note") == [(own.info,)]
    assert rows(store, "SELECT name FROM stage WHERE id > 5")[0][0] == own.title


def test_words_of_another_program_are_not_taken_for_any_currency_or_stage(store: Store, tmp_path: Path) -> None:
    content = (
        "Deal Name;Deal Status;Deal Stage;Deal Currency;Close Date\n"
        "A;Open;Won;EUR;\nB;Won;Closed won;XXL;2026-01-01\nC;Won;Gewonnen!;EUR;2026-01-01\n"
    )
    assert reasons(import_text(store, tmp_path, content)) == [
        (2, "Deal Stage", "The status and the stage contradict each other."),
        (3, "Deal Currency", "“XXL” is not a currency."),
    ]


def test_what_is_left_out_of_a_row_that_is_taken_is_counted(store: Store, tmp_path: Path) -> None:
    content = (
        "Name;Deal Status;Phase;Created Date;Close Date;Externe Nummer\n"
        "A;Won;;2026-06-02;2026-06-01;1\nB;Won;;2026-06-02;2026-06-01;2\nC;Won;;2026-05-02;2026-06-01;3\n"
        "D;Open;Angebot;2026-05-02;2026-06-01;4\nE;Idea;Angebot;2026-05-02;2026-06-01;5\nF;Idea;;;;6\nG;;;;2026-06-01;3\n"
        "H;Unsinn;Angebot;2026-05-02;2026-06-01;7\n"
    )
    result = import_text(store, tmp_path, content)

    assert (result.created, len(result.refused)) == (6, 2)
    assert [(note.column, str(note.what), note.count) for note in result.notes] == [
        ("Phase", "A lead in Contact potential is in no stage.", 1),
        ("Created Date", "Recorded after it was closed: since when the lead was active is not known.", 2),
        ("Created Date", "A lead in Contact potential is not active yet.", 1),
        ("Close Date", "Only a closed lead has a closing date.", 2),
    ]
    again = import_text(store, tmp_path, content)
    assert (again.skipped, sorted(map(str, again.notes))) == (6, sorted(map(str, result.notes)))
    # a row without a state is read with that of its lead
    assert import_text(store, tmp_path, "Name;Externe Nummer;Close Date\nA;1;2026-06-03\n").notes == ()
    assert len(import_text(store, tmp_path, "Name;Externe Nummer;Close Date\nD;4;2026-06-03\n").notes) == 1


def test_json_keys_are_stable(store: Store, tmp_path: Path) -> None:
    told = import_text(store, tmp_path, "Name;Volumen;Aktiv seit\nA;1,5;1.2.2026\n").as_json()

    assert told == {
        "created": 1, "updated": 0, "skipped": 0, "refused": [], "questions": [], "import_id": 1,
        "detected": {
            "encoding": "utf-8", "delimiter": ";", "decimal": ",", "date_format": "dd.mm.yyyy",
            "header_row": 1,
            "columns": {"Name": "title", "Volumen": "amount", "Aktiv seit": "activated_on"},
        },
    }  # fmt: skip


def test_amounts_are_never_floats(store: Store, tmp_path: Path) -> None:
    import_text(store, tmp_path, "Name;Volumen\nA;0,29\nB;1.005,00\nC;4.35\n")
    amounts = [Decimal(row[0]) / 100 for row in rows(store, "SELECT amount_minor FROM lead ORDER BY id")]
    assert amounts == [Decimal("0.29"), Decimal("1005"), Decimal("4.35")]
