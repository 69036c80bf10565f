"""What is pasted: tables of other programs, plain lines, and clipboards with what is no list of leads."""

from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.core.errors import InvalidInput
from app.core.money import Money
from app.core.terms import Status
from app.models.store import Store
from app.services.importing.pasted import LONGEST, PastedTable, check_pasted, read_pasted
from app.services.importing.result import ImportResult
from app.services.importing.run import Importer
from app.services.importing.table import MOST_COLUMNS
from app.services.lead_list import LeadList, LeadRow, ListQuery
from app.services.stages import Stages
from tests.services.seen import steps


def cells(text: str, html: str = "", status: Status = Status.ACTIVE) -> list[list[str]]:
    return [row for batch in read_pasted(text, html, status).batches() for row in batch.rows]


def pasted(store: Store, text: str, html: str = "", status: Status = Status.ACTIVE, **options: Any) -> ImportResult:
    table = read_pasted(text, html, status)
    return Importer(store).run(Path("Clipboard"), table=table, **options)


def leads(store: Store) -> list[LeadRow]:
    lists = LeadList(store)
    return lists.rows(lists.ids(ListQuery(sort="title", descending=False)))


def test_rows_of_a_spreadsheet_become_leads(store: Store) -> None:
    before = steps(store)
    result = pasted(store, "Name\tFirma\tVolumen\r\nRelaunch\tMüller GmbH\t25.000,50\r\nMesse\t\t\r\n")
    assert (result.created, result.refused, result.questions) == (2, (), ())
    assert [(row.title, row.company, row.amount, row.status) for row in leads(store)] == [
        ("Messe", None, Money(0, "EUR"), "active"), ("Relaunch", "Müller GmbH", Money(2_500_050, "EUR"), "active"),
    ]  # fmt: skip
    assert leads(store)[0].stage == "Erstkontakt"
    assert steps(store) == before + 1
    store.undo()
    assert leads(store) == []


@pytest.mark.parametrize("status", [Status.ACTIVE, Status.POTENTIAL])
def test_a_line_of_plain_text_is_a_title(store: Store, status: Status) -> None:
    pasted(store, "  Relaunch, Phase 2; und Shop\n", status=status)
    (lead,) = leads(store)
    assert (lead.title, lead.status) == ("Relaunch, Phase 2; und Shop", status)


def test_several_lines_are_several_titles(store: Store) -> None:
    assert pasted(store, "Eins\n\nZwei, drei\n").created == 2


def test_columns_without_titles_are_not_guessed() -> None:
    assert cells("Relaunch\tMüller\t25k\nMesse\tBräu\t3k") == [
        ["Name", "Column 2", "Column 3", "Status"], ["Relaunch", "Müller", "25k", "Aktiv"],
        ["Messe", "Bräu", "3k", "Aktiv"],
    ]  # fmt: skip


def test_they_can_be_told_what_they_are(store: Store) -> None:
    pasted(store, "Relaunch\tMüller\t25k", mapping={"Column 2": "company", "Column 3": "amount"})
    (lead,) = leads(store)
    assert (lead.company, lead.amount) == ("Müller", Money(2_500_000, "EUR"))


@pytest.mark.parametrize(
    ("text", "first"),
    [
        ("Name;Firma\nA;B", ["A", "B", "Aktiv"]),
        ("Name,Firma\nA,B", ["A", "B", "Aktiv"]),
        ("a;1\nb;2", ["a", "1", "Aktiv"]),
        ("a, 1\nb, 2", ["a, 1", "Aktiv"]),
        ("a;1\nb;2;3", ["a;1", "Aktiv"]),
        ("Name\tStufe\nA\tAngebot", ["A", "Angebot"]),
        ('Name\tInfo\n"zwei\nZeilen"\tx', ["zwei\nZeilen", "x", "Aktiv"]),
        ('Name\tInfo\n27" Bildschirm\tx', ['27" Bildschirm', "x", "Aktiv"]),
        ('Name\tInfo\n"nie zu\tx\nB\ty', ['"nie zu', "x", "Aktiv"]),
        ("Name\n\n\nA", []),
        ("Name", ["Name", "Aktiv"]),
        ("Projekt\nMesse", ["Messe", "Aktiv"]),
    ],
)
def test_how_text_is_parted(text: str, first: list[str]) -> None:
    assert cells(text)[1] == first


def test_rows_of_any_length_are_told_of(store: Store) -> None:
    result = pasted(store, "Name\tFirma\nA\nB\tX\tzu\tviel\n\tC\n", dry_run=True)
    assert [refusal.row for refusal in result.refused] == [3]
    assert "more cells" in str(result.refused[0].reason)
    assert result.created == 2


def test_days_of_which_nobody_knows_the_order_are_asked_for(store: Store) -> None:
    result = pasted(store, "Name\tAktiv seit\nA\t03/04/2026", dry_run=True)
    assert [question.column for question in result.questions] == ["Aktiv seit"]
    assert pasted(store, "Name\tAktiv seit\nA\t03/04/2026", date_order="mdy").created == 1


def test_html_is_read_where_the_text_has_no_columns(store: Store) -> None:
    html = (
        "<html><head><style>td {color: red}</style></head><body><p>Hallo</p><table><thead><tr><th>Name<th>Firma</tr>"
        "<tbody><tr><td> Re-<br>launch &amp; mehr</td><td colspan=2><b>Müller</b><table><tr><td>innen</td></tr></table>"
        "</td></tr></table><table><tr><td>zweite</td></tr></table>"
    )
    assert cells("Name Firma Relaunch", html) == [
        ["Name", "Firma", "Status"],
        ["Re- launch & mehr", "Müllerinnen", "Aktiv", ""],
    ]
    assert cells("Name\tFirma\nA\tB", html)[1] == ["A", "B", "Aktiv"]
    assert cells("nur Text", "<b>nur Text</b>")[1] == ["nur Text", "Aktiv"]


@pytest.mark.parametrize(
    "html",
    ["<table>", "<table><td>", "<tr><td>x", "<table><tr></tr></table>", "<table " * 999, "<![x<table>", "<!--<table>"],
)
def test_torn_html_does_no_harm(html: str) -> None:
    assert cells("Messe", html)[1] == ["Messe", "Aktiv"]


@pytest.mark.parametrize(
    ("text", "html", "words"),
    [
        ("", "", "no text"),
        (" \n\t\n", "", "no text"),
        ("\t\t\n", "", "no text"),
        ("", "<img src=x>", "no text"),
        ("PNG\0\0\1abc", "", "is no text"),
        ("\x7fELF", "", "is no text"),
        ("x" * (LONGEST + 1), "", "too much"),
        ("x\t" * (MOST_COLUMNS + 2), "", "no more than"),
    ],
    ids=["nothing", "blanks", "tabs", "picture", "zero", "program", "huge", "wide"],
)
def test_what_is_no_list_of_leads_is_refused(text: str, html: str, words: str) -> None:
    with pytest.raises(InvalidInput, match=words):
        read_pasted(text, html, Status.ACTIVE)


def test_a_formula_that_was_made_harmless_comes_back_as_it_was(store: Store) -> None:
    pasted(store, "Lead\tFirma\n'=1+1\t'-Firma\n")
    (lead,) = leads(store)
    assert (lead.title, lead.company) == ("=1+1", "-Firma")


def test_required_fields_of_a_stage_hold_here_too(store: Store) -> None:
    Stages(store).edit(1, required=("volume",))
    result = pasted(store, "Name\tVolumen\nA\t\nB\t5\n", dry_run=True)
    assert (result.created, len(result.refused)) == (1, 1)


@given(st.text(max_size=200), st.text(alphabet="<>/tablerd h\"'!-&;x", max_size=120))
def test_whatever_is_pasted_is_read_or_refused(text: str, html: str) -> None:
    try:
        table = read_pasted(text, html, Status.POTENTIAL)
    except InvalidInput:
        return
    rows = [row for batch in table.batches() for row in batch.rows]
    assert len(rows) == len(table) > 0
    assert any(rows[0])


def test_a_table_can_be_read_again() -> None:
    table = PastedTable([[str(n)] for n in range(1200)], titled=True)
    for _ in range(2):
        assert [batch.first for batch in table.batches()] == [1, 501, 1001]
    assert [batch.done for batch in table.batches()][-1] == 1.0


def test_the_quick_check_reads_nothing() -> None:
    check_pasted("Messe", "")
    with pytest.raises(InvalidInput):
        check_pasted("", "")
