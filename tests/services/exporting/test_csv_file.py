"""Our own CSV: complete, harmless in a spreadsheet, and read back to the same bytes."""

import csv
import json
import os
import shutil
from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from app.core import i18n
from app.core.calendar import day_number
from app.core.errors import Cancelled, InvalidInput, TrichterError
from app.core.folding import search_key, sort_key
from app.core.i18n import Text
from app.core.parse.cleaning import one_line, printable
from app.core.terms import Budget, Status
from app.models.opening import store_file
from app.models.schema import Company, Lead, Person, Reason, Source, Stage, StageEntry, Step
from app.models.store import Store
from app.services.csv_format import guarded, header, joined_tags, split_tags, unguarded
from app.services.exporting.csv_file import export_csv
from app.services.importing.result import ImportResult
from app.services.importing.run import Importer
from app.services.lead_query import ListQuery
from tests.real_data import FOLDER, OWN, needs_real_data
from tests.services.importing.files import rows
from tests.stores import add_lead, add_rate, add_step, add_tag, reopened


def _table(path: Path) -> list[list[str]]:
    with path.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.reader(file, delimiter=";", strict=True))


@pytest.fixture
def german(monkeypatch: pytest.MonkeyPatch) -> None:
    """German is in use."""
    monkeypatch.setattr(i18n._Current, "language", "de")


def _filled(store: Store) -> None:
    add_rate(store, "CHF", date(2020, 1, 1), "1.05")
    with store.write(Text("Names")) as session:
        now = store.clock.now()
        session.add(Company(name="Köln; Bonn", sort_key="a", search_key=search_key("Köln; Bonn"), created_at=now))
        session.add(Person(name="Mia Öz", sort_key="m", search_key=search_key("Mia Öz"), created_at=now))
        session.add(Source(name="Messe", position=0))
        session.add(Reason(name="Preis", outcome="lost", position=0))
    lead = add_lead(
        store, "=SUMME(A1)", stage="Angebot", amount=48000, currency="CHF", period=("2027-01", "2027-03"),
        company_id=1, person_id=1, user_id=1, source_id=1, info='Zeile 1\nZeile 2 "so"', external_number="+49",
        probability=25, recommender_person_id=1,
    )  # fmt: skip
    add_tag(store, lead, "Web, Print")
    add_tag(store, lead, "@home")
    with store.write(Text("Step")) as session:
        session.add(Step(lead_id=lead, due_on=day_number(date(2026, 12, 1)), local_time=545, zone="x", text="-anrufen"))
    add_lead(store, "Gewonnen", status=Status.WON, stage="Verhandlungen", amount=1, reason_id=None)
    add_lead(store, "Verloren", status=Status.LOST, stage=None, reason_id=1, activated_on=None)
    add_lead(store, "Idee", status=Status.POTENTIAL, stage=None, budget=Budget.MONTHLY, probability=199)
    add_lead(store, "Yen", amount=5000, currency="JPY")
    add_lead(store, "Dinar", amount=5, currency="KWD")
    add_lead(store, "Weg", deleted_at=store.clock.now())


@pytest.mark.usefixtures("german")
def test_every_field_in_its_column(store: Store, tmp_path: Path) -> None:
    _filled(store)
    target = tmp_path / "leads.csv"

    assert export_csv(store, target) == 6

    assert target.read_bytes().startswith(b"\xef\xbb\xbfName;Status;Akquise-Stufe;Wahrscheinlichkeit;Volumen;")
    head, first, *others = _table(target)
    assert ";".join(head) == (
        "Name;Status;Akquise-Stufe;Wahrscheinlichkeit;Volumen;Budgetart;Währung;Leistungszeitraum von;"
        "Leistungszeitraum bis;Nächster Schritt am;Nächster Schritt;Verantwortlich;Firma;Kontakt;Quelle;Schlagworte;"
        "Info;Aktiv seit;Abgeschlossen am;Grund;Externe Nummer;Empfohlen von Firma;Empfohlen von Kontakt"
    )
    assert first == [
        "'=SUMME(A1)", "Aktiv", "Angebot", "12,5", "48000,00", "einmalig", "CHF", "2027-01-01", "2027-03-31",
        "2026-12-01 09:05", "'-anrufen", "Anna Kern", "Köln; Bonn", "Mia Öz", "Messe", "'@home, \"Web, Print\"",
        'Zeile 1\nZeile 2 "so"', "2026-11-24", "", "", "'+49", "", "Mia Öz",
    ]  # fmt: skip
    states = {row[0]: (row[1], row[2], row[3], row[4], row[5], row[18], row[19]) for row in others}
    assert states == {
        "Gewonnen": ("Gewonnen", "Verhandlungen", "100", "1,00", "einmalig", "2026-11-24", ""),
        "Verloren": ("Verloren", "", "0", "10000,00", "einmalig", "2026-11-24", "Preis"),
        "Idee": ("Kontaktpotenzial", "", "99,5", "10000,00", "monatlich", "", ""),
        "Yen": ("Aktiv", "Erstkontakt", "1", "5000", "einmalig", "", ""),
        "Dinar": ("Aktiv", "Erstkontakt", "1", "5,0000", "einmalig", "", ""),
    }


@pytest.mark.parametrize("language", ["de", "en"])
def test_read_back_it_is_the_same_bytes(
    store: Store, folder: Path, template: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, language: str
) -> None:
    monkeypatch.setattr(i18n._Current, "language", language)
    _filled(store)
    export_csv(store, tmp_path / "first.csv")
    again = _copy(template, tmp_path / "again")
    result = Importer(again).run(tmp_path / "first.csv")
    export_csv(again, tmp_path / "second.csv")
    again.close()

    assert (result.created, result.refused, result.questions) == (6, (), ())
    assert (tmp_path / "second.csv").read_bytes() == (tmp_path / "first.csv").read_bytes()


def _copy(template: Path, target: Path) -> Store:
    target.mkdir()
    shutil.copyfile(store_file(template), store_file(target))
    return reopened(target)


def test_the_values_are_the_same_too(store: Store, template: Path, tmp_path: Path) -> None:
    _filled(store)
    export_csv(store, tmp_path / "first.csv")
    again = _copy(template, tmp_path / "again")
    add_rate(again, "CHF", date(2020, 1, 1), "1.05")
    Importer(again).run(tmp_path / "first.csv")
    values = "SELECT title, status, total_base, weighted_base, next_step_on, info FROM lead ORDER BY id"
    found = rows(again, values)
    again.close()
    assert found == rows(store, values)


@pytest.mark.parametrize("name", ["maven_like.csv", "salesforce_like.csv"])
def test_what_came_from_elsewhere_goes_round_as_well(store: Store, template: Path, tmp_path: Path, name: str) -> None:
    Importer(store).run(OWN / name)
    export_csv(store, tmp_path / "first.csv")
    again = _copy(template, tmp_path / "again")
    assert Importer(again).run(tmp_path / "first.csv").refused == ()
    export_csv(again, tmp_path / "second.csv")
    again.close()
    assert (tmp_path / "second.csv").read_bytes() == (tmp_path / "first.csv").read_bytes()


# --- hostile text ----------------------------------------------------------------------------------------------------

_HOSTILE = (
    "=cmd|' /C calc'!A0", "+1", "-1", "@SUM(1)", "\tTab", "'", "'=1", "''+x", '"', '""', "a;b", "a,b", "a|b",
    "Umläut ß", "😀👩\u200d👩\u200d👧", "Zeile\nBruch", "Zeile\r\nBruch", "\u202egnol", "Müller", "<script>", "NULL",
    "0x1A", "1e5", "1/2/2026", "TRUE", "ﷺ", "\u00a0", "x" * 300, "\\", "\\n", "%s", "{title}", "Won",
    "Gewonnen", "-", "",
)  # fmt: skip
_CHARACTERS = st.characters(exclude_categories=["Cs"], exclude_characters="\0")
_WORDS = st.one_of(st.sampled_from(_HOSTILE), st.text(_CHARACTERS, max_size=40))


def _names(words: Sequence[str], key: Any) -> list[str]:
    """Those that a list can hold side by side, each once."""
    kept = {key(one_line(word)): one_line(word)[:100] for word in words if one_line(word)}
    return [name for folded, name in kept.items() if folded]


def _fill(store: Store, words: Sequence[str]) -> None:
    """One lead for each word, with the word in every field that takes text, as the program keeps it."""
    now, today = store.clock.now(), day_number(store.today())
    companies, tags = _names(words, search_key), _names(words, sort_key)
    with store.write(Text("Hostile")) as session:
        for name in companies:
            session.add(Company(name=name, sort_key=sort_key(name), search_key=search_key(name), created_at=now))
            session.add(Source(name=name, position=0))
        session.flush()
        for number, word in enumerate(words):
            lead = Lead(
                title=one_line(word) or "Ohne", status="active", stage_id=1, currency="EUR", created_at=now,
                info=printable(word), activated_on=today, external_number=one_line(f"{number}{word[:50]}"),
                amount_minor=number,
                company_id=number % len(companies) + 1 if companies else None,
                source_id=number % len(companies) + 1 if companies else None,
                recommender_company_id=(number + 1) % len(companies) + 1 if companies else None,
            )  # fmt: skip
            session.add(lead)
            session.flush()
            session.add(Step(lead_id=lead.id, due_on=today, text=one_line(word)))
            session.add(StageEntry(lead_id=lead.id, stage_id=1, entered_at=now, entered_on=today, probability=2))
    for name in tags:
        add_tag(store, 1, name)


def _round(store: Store, template: Path, folder: Path, words: Sequence[str]) -> None:
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir()
    _fill(store, words)
    first, second = folder / "first.csv", folder / "second.csv"
    export_csv(store, first)
    for row in _table(first)[1:]:
        assert not [cell for cell in row if cell[:1] in ("=", "+", "-", "@", "\t", "\r")]
    again = _copy(template, folder / "again")
    try:
        result = Importer(again).run(first)
        assert result.as_json()["refused"] == []
        export_csv(again, second)
        titles = [row.title for row in rows(again, "SELECT title FROM lead ORDER BY id")]
    finally:
        again.close()
    assert second.read_bytes() == first.read_bytes()
    assert titles == [one_line(word) or "Ohne" for word in words]


@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
@given(words=st.lists(_WORDS, min_size=1, max_size=12))
def test_hostile_text_goes_round(template: Path, tmp_path: Path, words: list[str]) -> None:
    shutil.rmtree(tmp_path / "source", ignore_errors=True)
    source = _copy(template, tmp_path / "source")
    try:
        _round(source, template, tmp_path / "round", words)
    finally:
        source.close()


def test_all_hostile_words_at_once(store: Store, template: Path, tmp_path: Path) -> None:
    _round(store, template, tmp_path / "round", _HOSTILE)


@needs_real_data
def test_the_list_of_naughty_strings(store: Store, template: Path, tmp_path: Path) -> None:
    naughty = json.loads((FOLDER / "csv_torture" / "blns" / "blns.json").read_text(encoding="utf-8"))
    words = [word[:300].replace("\0", "") for word in naughty]
    _round(store, template, tmp_path / "round", words)


@given(_WORDS)
def test_the_guard_is_taken_back(text: str) -> None:
    assert unguarded(guarded(text)) == text
    assert guarded(text)[:1] not in ("=", "+", "-", "@", "\t", "\r")


@given(st.lists(_WORDS))
def test_tags_in_one_cell_come_apart_again(names: list[str]) -> None:
    wanted = list(dict.fromkeys(filter(None, map(one_line, names))))
    assert list(split_tags(joined_tags(wanted))) == wanted


def _read_back(template: Path, folder: Path, file: Path, *, times: int = 1) -> tuple[Store, ImportResult]:
    """Another store into which a file was imported, and what the last import said. The caller closes it."""
    again = _copy(template, folder)
    results = [Importer(again).run(file) for _ in range(times)]
    return again, results[-1]


def test_a_currency_that_is_on_no_list_goes_round(store: Store, template: Path, tmp_path: Path) -> None:
    add_lead(store, "Coins", amount=12, currency="BTC")
    export_csv(store, tmp_path / "leads.csv")

    again, result = _read_back(template, tmp_path / "again", tmp_path / "leads.csv")

    assert result.refused == ()
    assert rows(again, "SELECT currency, amount_minor FROM lead") == [("BTC", 1200)]
    again.close()


def test_a_stage_may_be_called_like_a_state(store: Store, template: Path, tmp_path: Path) -> None:
    names = ("Gewonnen", "closed won", "Verloren!", "Prospecting", "Offen")
    with store.write(Text("Stages")) as session:
        for number, name in enumerate(names):
            session.add(Stage(name=name, probability=20 * number, position=9, idle_days=0, required=""))
    for number, name in enumerate(names):
        add_lead(store, f"Lead {number}", stage=name)
        add_lead(store, f"Won {number}", stage=name, status=Status.WON)
    export_csv(store, tmp_path / "leads.csv")

    again, result = _read_back(template, tmp_path / "again", tmp_path / "leads.csv")

    assert result.refused == ()
    found = (
        "SELECT title, status, stage.name, stage.probability FROM lead JOIN stage ON stage.id = stage_id ORDER BY title"
    )
    assert rows(again, found) == rows(store, found)
    again.close()


def test_two_leads_with_the_same_number_stay_two(store: Store, template: Path, tmp_path: Path) -> None:
    for title in ("A", "B", "C"):
        add_lead(store, title, external_number="7")
    add_lead(store, "D")
    export_csv(store, tmp_path / "leads.csv")

    again, result = _read_back(template, tmp_path / "again", tmp_path / "leads.csv", times=2)

    assert (result.created, result.updated, result.skipped, result.refused) == (1, 0, 3, ())  # D has no number
    titles = "SELECT title, external_number FROM lead ORDER BY id"
    assert rows(again, titles) == [("A", "7"), ("B", "7"), ("C", "7"), ("D", None), ("D", None)]
    again.close()


# --- the file ---------------------------------------------------------------------------------------------------------


def test_only_what_a_list_shows_in_its_order(store: Store, tmp_path: Path) -> None:
    _filled(store)
    query = ListQuery(statuses=(Status.ACTIVE,), sort="title", descending=False)
    assert export_csv(store, tmp_path / "leads.csv", query) == 3
    assert [row[0] for row in _table(tmp_path / "leads.csv")[1:]] == ["'=SUMME(A1)", "Dinar", "Yen"]


def test_an_empty_store_gives_a_header_that_can_be_read(store: Store, template: Path, tmp_path: Path) -> None:
    assert export_csv(store, tmp_path / "leads.csv") == 0
    assert _table(tmp_path / "leads.csv") == [header("en")]
    result = Importer(store).run(tmp_path / "leads.csv")
    assert (result.created, result.import_id) == (0, None)


def test_cancelled_or_failed_the_old_file_stays(store: Store, tmp_path: Path) -> None:
    for number in range(5):
        add_lead(store, f"Lead {number}")
    target = tmp_path / "leads.csv"
    target.write_text("mine")

    with pytest.raises(Cancelled):
        export_csv(store, target, cancelled=lambda: True)
    assert target.read_text() == "mine"
    with pytest.raises(InvalidInput, match="no folder"):
        export_csv(store, tmp_path / "nowhere" / "leads.csv")
    assert [path.name for path in tmp_path.iterdir() if path.suffix != ""] == ["leads.csv"]


def test_progress_counts_leads(store: Store, tmp_path: Path) -> None:
    add_step(store, add_lead(store), store.today())
    told: list[tuple[int, int]] = []
    export_csv(store, tmp_path / "leads.csv", progress=lambda done, total: told.append((done, total)))
    assert told == [(1, 1)]


def test_behind_a_link_the_file_is_written(store: Store, tmp_path: Path) -> None:
    (tmp_path / "far").mkdir()
    target, link = tmp_path / "far" / "leads.csv", tmp_path / "link.csv"
    target.write_text("mine")
    link.symlink_to(target)
    export_csv(store, link)
    assert link.is_symlink()
    assert target.read_bytes().startswith(b"\xef\xbb\xbf")


@pytest.mark.skipif(os.name != "posix", reason="a pipe with a name")
def test_a_pipe_is_written_to_and_stays(store: Store, tmp_path: Path) -> None:
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    reader = os.open(pipe, os.O_RDONLY | os.O_NONBLOCK)
    try:
        export_csv(store, pipe)
        assert os.read(reader, 3) == b"\xef\xbb\xbf"
    finally:
        os.close(reader)
    assert pipe.is_fifo()


def test_the_data_themselves_are_no_place_for_an_export(store: Store) -> None:
    with pytest.raises(InvalidInput):
        export_csv(store, store.path)


def test_a_link_to_itself_is_told(store: Store, tmp_path: Path) -> None:
    link = tmp_path / "loop.csv"
    link.symlink_to(link)
    with pytest.raises(TrichterError):
        export_csv(store, link)
    assert link.is_symlink()
