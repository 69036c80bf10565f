"""An import is one step: all of it or nothing, taken back and brought again as a whole."""

import hashlib
from pathlib import Path
from typing import Any

import pytest

from app.core.changes import ChangeSet
from app.core.errors import Cancelled
from app.core.i18n import Text
from app.core.terms import Budget, Status
from app.models import derived
from app.models.store import Store
from app.models.undo import UndoConflict
from app.services.catalogue import Catalogue
from app.services.companies import Companies
from app.services.importing.result import ImportResult
from app.services.importing.run import Importer
from app.services.lead_fields import Recommender
from app.services.leads import Leads
from app.services.notes import Notes
from app.services.owners import Owner
from app.services.stages import Stages
from app.services.team import AbsenceKind, Team
from tests.real_data import OWN
from tests.services.importing.files import import_text, reasons, rows
from tests.stores import TODAY, add_lead, add_step, add_tag

MAVEN = OWN / "maven_like.csv"
TABLES = (
    "lead", "company", "person", "member", "stage", "source", "reason", "tag", "lead_tag", "step", "note",
    "stage_entry", "search_doc",
)  # fmt: skip


def _whole(store: Store) -> dict[str, list[Any]]:
    """Everything that is not in the trash, as a reader sees it; the keys of search documents are nobody's business."""
    whole = {}
    for table in TABLES:
        where = " WHERE deleted_at IS NULL" if table in ("member", "stage", "source", "reason", "tag") else ""
        columns = "row_id, folded" if table == "search_doc" else "*"
        whole[table] = sorted(map(tuple, rows(store, f"SELECT {columns} FROM {table}{where}")), key=repr)
    links = "SELECT company.name, person.name FROM company_person JOIN company ON company.id = company_id "
    whole["links"] = rows(store, links + "JOIN person ON person.id = person_id ORDER BY 1, 2")
    return whole


def _consistent(store: Store) -> None:
    with store.maintenance() as connection:
        assert derived.differing(connection, store.today()) == []
        assert connection.exec_driver_sql("PRAGMA foreign_key_check").all() == []
        connection.exec_driver_sql("INSERT INTO search_fts (search_fts, rank) VALUES ('integrity-check', 1)")


def _older(store: Store) -> int:
    lead = add_lead(store, "Alt", external_number="N1", amount=100, activated_on=20000)
    add_tag(store, lead, "Web")
    add_step(store, lead, store.today(), "Anrufen")
    return lead


CHANGES = (
    "Name;Status;Akquise-Stufe;Volumen;Firma;Kontakt;Schlagworte;Nächster Schritt am;Nächster Schritt;Notiz;"
    "Externe Nummer;Quelle\n"
    "Neu benannt;Aktiv;Pitch;250;Talwerk;Mia Öz;Print, Web;1.12.2026;Treffen;gesagt;N1;Messe\n"
    "Ganz neu;Aktiv;;5;Talwerk;Mia Öz;Print;;;;N2;Messe\n"
)


@pytest.fixture
def changed(store: Store, tmp_path: Path) -> tuple[Store, dict[str, list[Any]]]:
    """A store after an import that makes one lead and changes another, and how it was before."""
    _older(store)
    before = _whole(store)
    result = import_text(store, tmp_path, CHANGES)
    assert (result.created, result.updated, result.refused) == (1, 1, ())
    return store, before


def test_a_lead_of_the_same_number_is_changed_where_the_file_differs(
    changed: tuple[Store, dict[str, list[Any]]],
) -> None:
    store, _ = changed
    (row,) = rows(
        store,
        """SELECT lead.*, stage.name AS stage, company.name AS company, step.text, step.due_on FROM lead
        JOIN stage ON stage.id = stage_id JOIN company ON company.id = lead.company_id
        JOIN step ON step.id = next_step_id WHERE lead.id = 1""",
    )
    assert (row.title, row.amount_minor, row.stage, row.company, row.text) == (
        "Neu benannt", 25000, "Pitch", "Talwerk", "Treffen",
    )  # fmt: skip
    assert row.activated_on == 20000  # the file says nothing of it
    assert row.last_touch_on is not None  # from its own past, not from the import
    assert len(rows(store, "SELECT * FROM step")) == 1
    assert len(rows(store, "SELECT * FROM stage_entry WHERE lead_id = 1")) == 2
    tags = "SELECT tag.name FROM lead_tag JOIN tag ON tag.id = tag_id WHERE lead_id = 1 ORDER BY 1"
    assert [tag.name for tag in rows(store, tags)] == ["Print", "Web"]
    _consistent(store)


def test_undo_takes_everything_back_and_redo_brings_it(changed: tuple[Store, dict[str, list[Any]]]) -> None:
    store, before = changed
    after = _whole(store)

    undone = store.undo()
    assert isinstance(undone, ChangeSet)
    assert undone.everything
    assert _whole(store) == before
    _consistent(store)

    assert store.redo() is not None
    assert _whole(store) == after
    _consistent(store)

    assert store.undo() is not None
    assert _whole(store) == before


def test_the_history_says_how_many(changed: tuple[Store, dict[str, list[Any]]]) -> None:
    store, _ = changed
    label = store.undo()
    assert label is not None
    assert str(label.label) == "2 leads imported from leads.csv"


def test_identical_rows_are_skipped_and_make_no_step(
    changed: tuple[Store, dict[str, list[Any]]], tmp_path: Path
) -> None:
    store, _ = changed
    before = _whole(store)
    again = import_text(store, tmp_path, CHANGES)

    assert (again.created, again.updated, again.skipped, again.import_id) == (0, 0, 2, None)
    assert _whole(store) == before
    undone = store.undo()
    assert undone is not None
    assert str(undone.label) == "2 leads imported from leads.csv"


def test_a_row_may_say_the_currency_alone(store: Store, tmp_path: Path) -> None:
    for number in ("1", "2", "3"):
        add_lead(store, number, amount=1200, external_number=number)
    add_lead(store, "4", amount=10**12, external_number="4")
    content = "Externe Nummer;Name;Währung;Volumen\n1;1;CHF;\n2;2;JPY;\n3;3;EUR;\n4;4;KWD;\n"

    result = import_text(store, tmp_path, content)

    assert (result.updated, result.skipped) == (2, 1)
    assert reasons(result) == [(5, "Währung", "The volume must not be negative or beyond measure.")]
    found = rows(store, "SELECT amount_minor, currency FROM lead ORDER BY id")[:3]
    assert [tuple(row) for row in found] == [(120000, "CHF"), (1200, "JPY"), (120000, "EUR")]


def test_empty_cells_erase_nothing(store: Store, tmp_path: Path) -> None:
    _older(store)
    before = _whole(store)
    result = import_text(
        store, tmp_path, "Name;Status;Volumen;Schlagworte;Nächster Schritt am;Externe Nummer\nAlt;;;;;N1\n"
    )
    assert (result.updated, result.skipped) == (0, 1)
    assert _whole(store) == before


def test_closing_and_opening_by_import(store: Store, tmp_path: Path) -> None:
    _older(store)
    import_text(store, tmp_path, "Externe Nummer;Name;Status;Abgeschlossen am;Grund\nN1;Alt;Verloren;1.11.2026;Preis\n")
    closed = rows(store, "SELECT status, stage_id, closed_on, reason_id FROM lead")[0]
    assert (closed.status, closed.stage_id, closed.reason_id is not None) == ("lost", 1, True)

    import_text(store, tmp_path, "Externe Nummer;Name;Status\nN1;Alt;Aktiv\n")
    opened = rows(store, "SELECT status, stage_id, closed_on, reason_id FROM lead")[0]
    assert tuple(opened) == ("active", 1, None, None)
    _consistent(store)


def test_a_change_that_makes_no_sense_is_refused(store: Store, tmp_path: Path) -> None:
    _older(store)
    result = import_text(store, tmp_path, "Externe Nummer;Name;Budgetart;Status\nN1;Alt;monatlich;\n")
    assert result.updated == 0
    assert reasons(result) == [(2, None, "A monthly budget needs a service period.")]
    assert rows(store, "SELECT budget FROM lead")[0][0] == "once"


@pytest.mark.parametrize(
    ("row", "reason"),
    [
        ("N2;B;2026-11-25;", ("Abgeschlossen am", "The closing date lies in the future.")),
        ("N1;Alt;;2026-11-25", ("Aktiv seit", "“Active since” lies in the future.")),
    ],
)
def test_no_lead_is_moved_into_the_future(store: Store, tmp_path: Path, row: str, reason: tuple[str, str]) -> None:
    _older(store)
    add_lead(store, "B", status=Status.WON, external_number="N2")
    before = _whole(store)
    result = import_text(store, tmp_path, f"Externe Nummer;Name;Abgeschlossen am;Aktiv seit\n{row}\n")
    assert reasons(result) == [(2, *reason)]
    assert _whole(store) == before


def test_nothing_of_a_refused_row_remains(store: Store, tmp_path: Path) -> None:
    _older(store)
    columns = "Externe Nummer;Name;Status;Akquise-Stufe;Budgetart;Firma;Kontakt;Verantwortlich;Quelle;Schlagworte\n"
    refused = "N1;Alt;Aktiv;Pitch;monatlich;Talwerk;Mia Öz;Carl Ohm;Messe;Print\n"
    result = import_text(store, tmp_path, columns + refused + "N2;Neu;Aktiv;Discovery;;;;;;\n")

    assert (result.created, result.updated) == (1, 0)
    assert reasons(result) == [(2, None, "A monthly budget needs a service period.")]
    made = ("company", "person", "source", "company_person")
    assert {table: rows(store, f"SELECT * FROM {table}") for table in made} == {table: [] for table in made}
    names = "SELECT name FROM member UNION SELECT name FROM tag UNION SELECT name FROM stage WHERE id > 5"
    assert {row.name for row in rows(store, names)} == {"Anna Kern", "Web", "Discovery"}
    _consistent(store)
    before = _whole(store)
    store.undo()
    store.redo()
    assert _whole(store) == before


def test_a_change_beyond_all_measure_is_refused(store: Store, tmp_path: Path) -> None:
    add_lead(store, "A", external_number="N1", budget=Budget.MONTHLY, period=("2026-01", "2027-12"))
    result = import_text(store, tmp_path, "Externe Nummer;Name;Volumen\nN1;A;999.999.999.999,00\n")
    assert reasons(result) == [(2, "Volumen", "The volume must not be negative or beyond measure.")]


def test_a_number_twice_in_the_file_is_refused_the_second_time(store: Store, tmp_path: Path) -> None:
    result = import_text(store, tmp_path, "Name;Externe Nummer\nA;1\nB;2\nC;1\n")
    assert result.created == 2
    assert reasons(result) == [(4, "Externe Nummer", "“1” stands in an earlier row already.")]


def test_the_number_of_a_refused_row_is_free_for_a_later_one(store: Store, tmp_path: Path) -> None:
    _older(store)
    result = import_text(store, tmp_path, "Externe Nummer;Name;Budgetart\nN1;Schlecht;monatlich\nN1;Gut;einmalig\n")
    assert (result.updated, [row for row, _, _ in reasons(result)]) == (1, [2])
    assert rows(store, "SELECT title FROM lead")[0][0] == "Gut"


def test_a_lead_in_the_trash_is_not_matched(store: Store, tmp_path: Path) -> None:
    lead = _older(store)
    Leads(store).delete([lead])
    assert import_text(store, tmp_path, "Name;Externe Nummer\nA;N1\n").created == 1


def test_what_was_worked_with_since_is_not_taken_back(store: Store) -> None:
    Importer(store).run(MAVEN)
    Leads(store).note([3], "Wichtig")
    store.actor_id, step = 1, rows(store, "SELECT id FROM change_set WHERE import_run_id IS NOT NULL")[0][0]
    before = _whole(store)

    with pytest.raises(UndoConflict):
        store.undo(step)
    assert _whole(store) == before


def test_entries_that_others_use_by_now_stay(store: Store) -> None:
    Importer(store).run(MAVEN)
    Leads(store).create(title="Eigener", company="Talwerk", tags=["KXPro"])
    store.undo(rows(store, "SELECT id FROM change_set WHERE import_run_id IS NOT NULL")[0][0])

    assert [row.title for row in rows(store, "SELECT title FROM lead")] == ["Eigener"]
    assert [row.name for row in rows(store, "SELECT name FROM company")] == ["Talwerk"]
    assert [row.name for row in rows(store, "SELECT name FROM tag WHERE deleted_at IS NULL")] == ["KXPro"]


def test_the_others_keep_their_places_while_an_imported_stage_stays(store: Store, tmp_path: Path) -> None:
    order = "SELECT name, position FROM stage WHERE deleted_at IS NULL ORDER BY position"
    before = rows(store, order)
    import_text(store, tmp_path, "Name;Akquise-Stufe;Wahrscheinlichkeit\nA;Pitch;20\n")
    after = rows(store, order)
    step = rows(store, "SELECT id FROM change_set WHERE import_run_id IS NOT NULL")[0][0]
    pitch = rows(store, "SELECT id FROM stage WHERE name = 'Pitch'")[0][0]
    store.actor_id = None
    lead = Leads(store).create(Status.ACTIVE, title="Eigener", stage_id=pitch)
    store.actor_id = 1

    store.undo(step)
    assert rows(store, order) == after
    store.redo()
    assert rows(store, order) == after
    store.undo()
    store.actor_id = None
    Leads(store).move([lead], 1)
    assert len({row.position for row in rows(store, order)}) == len(before) + 1


def test_a_redo_does_not_make_a_name_stand_twice(store: Store, tmp_path: Path) -> None:
    import_text(store, tmp_path, "Name;Firma;Schlagworte\nA;Foo;Neu\n")
    store.undo()
    store.actor_id = None
    Leads(store).create(title="B", tags=["Neu"])
    store.actor_id = 1
    before = _whole(store)
    with pytest.raises(UndoConflict, match="cannot be done again"):
        store.redo()
    assert _whole(store) == before


def test_an_entry_that_was_renamed_since_stays_and_keeps_nothing_from_going(store: Store, tmp_path: Path) -> None:
    import_text(store, tmp_path, "Name;Firma;Schlagworte\nA;Foo;Neu\n")
    (tag,) = [row.id for row in rows(store, "SELECT id FROM tag")]
    Catalogue(store).rename("tag", tag, "Anders")
    run = rows(store, "SELECT id FROM change_set WHERE import_run_id IS NOT NULL")[0][0]
    store.undo(run)
    assert rows(store, "SELECT id FROM lead") == []
    assert [row.name for row in rows(store, "SELECT name FROM tag WHERE deleted_at IS NULL")] == ["Anders"]
    assert rows(store, "SELECT id FROM company") == []


def _company(store: Store, name: str) -> int:
    return int(rows(store, f"SELECT id FROM company WHERE name = '{name}'")[0].id)


def test_a_company_or_person_somebody_worked_with_since_stays(store: Store, tmp_path: Path) -> None:
    firms = ("Notiz", "Empfehlend", "Verknüpft", "Zurück", "Unberührt")
    import_text(
        store, tmp_path, "Name;Firma;Kontakt;Schlagworte\n" + "".join(f"A;{n};Kontakt {n};{n}\n" for n in firms)
    )
    run = rows(store, "SELECT max(id) FROM change_set WHERE import_run_id IS NOT NULL")[0][0]
    people = {row.name: row.id for row in rows(store, "SELECT id, name FROM person")}
    Notes(store).write("note", Owner("company", _company(store, "Notiz")), "Von Hand")
    Notes(store).write("call", Owner("person", people["Kontakt Notiz"]), "")
    recommender = Recommender("company", _company(store, "Empfehlend"))
    Leads(store).create(title="B", source="Empfehlung", recommender=recommender)
    other = Companies(store).create(name="Andere", people=[(people["Kontakt Verknüpft"], "")], tags=["Unberührt"])
    Notes(store).write("note", Owner("company", _company(store, "Zurück")), "Doch nicht")
    store.undo()
    store.undo(run)
    assert [row.name for row in rows(store, "SELECT name FROM company ORDER BY id")] == [
        "Notiz",
        "Empfehlend",
        "Andere",
    ]
    assert [row.name for row in rows(store, "SELECT name FROM person ORDER BY id")] == [
        "Kontakt Notiz", "Kontakt Verknüpft",
    ]  # fmt: skip
    assert [row.name for row in rows(store, "SELECT name FROM tag WHERE deleted_at IS NULL")] == ["Unberührt"]
    assert [row.text for row in rows(store, "SELECT text FROM note WHERE company_id IS NOT NULL")] == ["Von Hand"]
    assert other
    _consistent(store)


def test_a_fresh_stage_leaves_deleted_ones_between_their_neighbours(store: Store, tmp_path: Path) -> None:
    Leads(store).create(Status.ACTIVE, title="A", stage_id=1)
    Stages(store).delete(1, 2)
    import_text(store, tmp_path, "Name;Status;Akquise-Stufe;Wahrscheinlichkeit\nB;Aktiv;Ganz neu;99\n")
    order = [row.id for row in rows(store, "SELECT id FROM stage ORDER BY position")]
    assert order == [1, 2, 3, 4, 5, 6]
    assert len({row.position for row in rows(store, "SELECT position FROM stage")}) == 6
    _consistent(store)


def test_an_amount_without_a_currency_is_in_that_of_its_lead(store: Store, tmp_path: Path) -> None:
    import_text(store, tmp_path, "Externe Nummer;Name;Währung;Volumen\n1;A;CHF;100\n2;B;JPY;100\n3;C;EUR;100\n")
    result = import_text(store, tmp_path, "Externe Nummer;Name;Volumen\n1;A;200\n2;B;200\n3;C;200 USD\n")
    assert (result.updated, result.refused) == (3, ())
    found = rows(store, "SELECT amount_minor, currency FROM lead ORDER BY external_number")
    assert [tuple(row) for row in found] == [(20000, "CHF"), (200, "JPY"), (20000, "USD")]


def _hashes(store: Store) -> list[str]:
    files = sorted(store.path.parent.glob(f"{store.path.name}*"))
    return [hashlib.sha256(path.read_bytes()).hexdigest() for path in files if not path.name.endswith("-shm")]


def test_a_dry_run_says_the_same_and_writes_nothing(store: Store) -> None:
    calls: list[int] = []
    before = _hashes(store)
    dry = Importer(store, lambda: calls.append(1)).run(MAVEN, dry_run=True)

    assert _hashes(store) == before
    assert calls == []
    wet = Importer(store, lambda: calls.append(1)).run(MAVEN)
    assert calls == [1]
    assert (dry.created, dry.updated, dry.skipped, dry.refused) == (wet.created, wet.updated, wet.skipped, wet.refused)
    assert (dry.import_id, dry.detected) == (None, wet.detected)


def _large(folder: Path, n: int = 12_000) -> Path:
    path = folder / "large.csv"
    lines = (f"Lead {i};Aktiv;Firma {i % 500};{i};B{i};Notiz zu {i}\n" for i in range(n))
    path.write_text("Name;Status;Firma;Volumen;Externe Nummer;Notiz\n" + "".join(lines), encoding="utf-8")
    return path


@pytest.mark.parametrize("after", [1, 8, 20])
def test_cancelled_in_the_middle_nothing_is_left(store: Store, tmp_path: Path, after: int) -> None:
    path, before = _large(tmp_path), _whole(store)
    asked: list[bool] = []

    def cancelled() -> bool:
        asked.append(len(asked) >= after)
        return asked[-1]

    with pytest.raises(Cancelled):
        Importer(store).run(path, cancelled=cancelled)

    assert asked == [False] * after + [True], "it stops where it was told to"
    assert _whole(store) == before
    assert not rows(store, "SELECT id FROM import_run")


def test_whether_it_is_cancelled_is_asked_every_few_rows(store: Store, tmp_path: Path) -> None:
    asked: list[bool] = []

    def cancelled() -> bool:
        asked.append(False)
        return False

    Importer(store).run(_large(tmp_path, 12_000), dry_run=True, cancelled=cancelled)
    assert len(asked) >= 2 * 12_000 / 500, "while it looks, and while it writes"


def test_progress_rises_to_the_end_and_may_cancel(store: Store, tmp_path: Path) -> None:
    path = _large(tmp_path, 3000)
    told: list[float] = []
    Importer(store).run(path, dry_run=True, progress=lambda done, total: told.append(done / total))
    assert told == sorted(told)
    assert told[-1] == pytest.approx(1, abs=0.01)

    def refuse(done: int, total: int) -> None:
        if done > total * 0.6:
            raise Cancelled(Text("Enough"))

    with pytest.raises(Cancelled):
        Importer(store).run(path, progress=refuse)
    assert not rows(store, "SELECT id FROM lead")


def test_views_hear_of_it_once(store: Store) -> None:
    heard: list[ChangeSet] = []
    store.feed.subscribe(heard.append)
    result: ImportResult = Importer(store).run(MAVEN)

    (change,) = heard
    assert change.everything
    assert str(change.label) == f"{result.created} leads imported from maven_like.csv"


def test_who_has_come_into_the_team_since_stays_in_it(store: Store, tmp_path: Path) -> None:
    """By work, by being counted on, or by what is known of him or her; only the others go with the import."""
    names = ["Ben", "Cem", "Dora", "Eva", "Finn", "Gerd", "Hanna"]
    rows = "".join(f"{name};Aktiv;{name}\n" for name in names)
    import_text(store, tmp_path, f"Titel;Status;Verantwortlich\n{rows}")
    team = Team(store)
    ids = {each.name: each.id for each in team.people()}
    run = store.newest()
    store.actor_id = ids["Ben"]
    Catalogue(store).create("tag", "Neu")
    store.actor_id = 1
    team.set_deputy(1, ids["Cem"])
    team.add_absence(1, TODAY, TODAY, AbsenceKind.SICK, deputy_id=ids["Dora"])
    team.add_absence(ids["Eva"], TODAY, TODAY, AbsenceKind.SICK)
    team.set_week(ids["Finn"], TODAY, [480] * 7)
    team.set_password(ids["Gerd"], "geheim und lang")
    store.undo(run)
    assert [each.name for each in team.people()] == ["Anna Kern", *names[:-1]]
    store.redo(store.newest())
    assert len(team.people()) == len(names) + 1
