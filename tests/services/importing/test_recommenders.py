"""Who recommended us, in a file: named in one of two columns, and only beside a source."""

from pathlib import Path

from app.models.store import Store
from app.services.exporting.csv_file import export_csv
from app.services.importing.run import Importer
from app.services.lead_fields import Recommender
from app.services.leads import Leads
from tests.services.importing.files import rows
from tests.stores import add_company, add_lead, add_person

_HEAD = "Name;Quelle;Externe Nummer;Empfohlen von Firma;Empfohlen von Kontakt\n"
_FOUND = "SELECT title, recommender_company_id AS firm, recommender_person_id AS person FROM lead ORDER BY id"


def _file(folder: Path, *lines: str) -> Path:
    path = folder / "leads.csv"
    path.write_text(_HEAD + "\n".join(lines), encoding="utf-8")
    return path


def test_it_is_who_is_called_so_or_somebody_new(store: Store, tmp_path: Path) -> None:
    firm, person = add_company(store, "Müller GmbH"), add_person(store, "Mia Öz")
    lines = ("A;Empfehlung;;Mueller GmbH;", "B;Empfehlung;;;Mia Öz", "C;Messe;;Neu AG;", "D;Messe;;;")
    Importer(store).run(_file(tmp_path, *lines))
    new = rows(store, "SELECT id FROM company WHERE name = 'Neu AG'")[0].id
    assert [tuple(row) for row in rows(store, _FOUND)] == [
        ("A", firm, None), ("B", None, person), ("C", new, None), ("D", None, None),
    ]  # fmt: skip


def test_of_a_lead_that_is_there_the_one_takes_the_place_of_the_other(store: Store, tmp_path: Path) -> None:
    lead, person = add_lead(store, "Alt", external_number="7"), add_person(store, "Mia Öz")
    Leads(store).edit([lead], source="Empfehlung", recommender=Recommender("company", "Müller GmbH"))
    Importer(store).run(_file(tmp_path, "Alt;;7;;Mia Öz"))
    assert [tuple(row) for row in rows(store, _FOUND)] == [("Alt", None, person)]
    store.undo()
    assert rows(store, _FOUND)[0].firm is not None


def test_without_a_source_or_with_two_names_a_row_is_refused(store: Store, tmp_path: Path) -> None:
    add_lead(store, "Alt", external_number="7")
    result = Importer(store).run(_file(tmp_path, "A;;;X;", "B;Messe;;X;Y", "Alt;;7;X;", "C;Messe;;X;")).as_json()
    assert [(each["row"], each["column"]) for each in result["refused"]] == [
        (2, "Empfohlen von Firma"), (3, "Empfohlen von Kontakt"), (4, "Empfohlen von Firma"),
    ]  # fmt: skip
    assert [row.title for row in rows(store, _FOUND)] == ["Alt", "C"]


def test_a_file_of_an_earlier_version_is_still_one_that_export_wrote(store: Store, tmp_path: Path) -> None:
    for title in ("A", "B"):
        add_lead(store, title, external_number="7")
    target = tmp_path / "leads.csv"
    export_csv(store, target)
    lines = target.read_text(encoding="utf-8-sig").splitlines()
    target.write_text("\n".join(line.rsplit(";", 2)[0] for line in lines), encoding="utf-8")
    assert Importer(store).run(target).as_json()["refused"] == []
