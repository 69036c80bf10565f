"""What is in one store is in another after it went through a file."""

import tracemalloc
from pathlib import Path
from random import Random

import pytest
from sqlalchemy import text

from app.core import i18n
from app.core.errors import Cancelled, InvalidInput
from app.core.i18n import Text
from app.models.store import Store
from app.services.cards.writing import Version
from app.services.contact_files.countries import country_code, country_name, country_names
from app.services.contact_files.exporting import export_cards
from app.services.contact_files.importing import import_cards
from app.services.contact_files.plan import Choice, plan_cards, plan_files
from app.services.people import People
from tests.real_data import FOLDER, needs_real_data
from tests.services.cards.examples import generated
from tests.services.contact_files.stored import another, contacts
from tests.services.seen import value

COUNT = 500


@pytest.mark.parametrize("version", list(Version))
def test_500_cards_lose_nothing_on_their_way_to_another_store(store: Store, tmp_path: Path, version: Version) -> None:
    plan = plan_cards(store, generated(Random(7), COUNT))
    done = import_cards(store, plan, {each.number: Choice.NEW for each in plan.cards})
    assert done.changed + done.unchanged == COUNT
    assert done.people > COUNT // 2
    assert done.companies > COUNT // 10
    before, file = contacts(store), tmp_path / "all.vcf"
    assert sum(bool(person[-1]) for person in before if person[0] == "person") > COUNT // 10  # photos
    assert export_cards(store, file, version).count == len(before)
    with another(tmp_path / "other") as other:
        plan = plan_files(other, [file])
        assert not plan.refused
        assert not any(each.draft.left for each in plan.cards)
        done = import_cards(other, plan, {each.number: Choice.NEW for each in plan.cards})
        assert (done.companies + done.people, done.employers) == (len(before), ())
        assert contacts(other) == before


@pytest.mark.parametrize("version", list(Version))
def test_what_was_exported_is_known_when_it_comes_back(store: Store, tmp_path: Path, version: Version) -> None:
    plan = plan_cards(store, generated(Random(8), 60))
    import_cards(store, plan)
    before, file = contacts(store), tmp_path / "all.vcf"
    export_cards(store, file, version)
    plan = plan_files(store, [file])
    assert {each.proposed for each in plan.cards} == {Choice.SKIP}
    done = import_cards(store, plan, {each.number: Choice.FILL for each in plan.cards})
    assert done.changed == 0
    assert done.unchanged == len(before)
    assert contacts(store) == before


@needs_real_data
def test_the_cards_of_other_programs_go_the_whole_way(store: Store, tmp_path: Path) -> None:
    files = sorted((FOLDER / "vcard").rglob("*.vcf"))
    plan = plan_files(store, files)
    assert len({each.file for each in plan.cards} | {each.file for each in plan.refused}) == len(files)
    assert all(str(each.why) for each in plan.refused)
    import_cards(store, plan, {each.number: Choice.NEW for each in plan.cards})
    before, file = contacts(store), tmp_path / "all.vcf"
    export_cards(store, file, Version.V4)
    with another(tmp_path / "other") as other:
        plan = plan_files(other, [file])
        import_cards(other, plan, {each.number: Choice.NEW for each in plan.cards})
        assert contacts(other) == before


def test_only_those_who_are_chosen_are_exported(store: Store, tmp_path: Path) -> None:
    import_cards(store, plan_cards(store, generated(Random(9), 40)))
    person = value(store, "SELECT max(id) FROM person")
    assert export_cards(store, tmp_path / "one.vcf", companies=(), people=(person,)).count == 1
    assert export_cards(store, tmp_path / "none.vcf", companies=(), people=(person + 1,)).count == 0
    text = (tmp_path / "one.vcf").read_text("utf-8")
    assert text.count("END:VCARD\n") == 1
    assert "VERSION:3.0" in text
    assert (tmp_path / "none.vcf").read_bytes() == b""


def test_an_export_holds_one_photo_at_a_time(store: Store, tmp_path: Path) -> None:
    people, size = People(store), 1 << 20
    for number in range(12):
        people.set_photo([people.create(name=f"Person {number}")], b"\xff\xd8\xff" + Random(number).randbytes(size))
    tracemalloc.start()
    try:
        assert export_cards(store, tmp_path / "all.vcf").count == 12
        assert tracemalloc.get_traced_memory()[1] < 10 * size
    finally:
        tracemalloc.stop()


def test_a_damaged_photo_is_left_out_and_its_person_named(store: Store, tmp_path: Path) -> None:
    picture = b"\x89PNG\r\n\x1a\n" + bytes(100)
    people = People(store)
    for name in ("Abel", "Berg", "Cohn"):
        people.set_photo([people.create(family=name)], picture + name.encode())
    with store.maintenance() as connection:
        connection.execute(text("UPDATE chunk SET data = zeroblob(112) WHERE content_id = 1"))
        connection.execute(text("DELETE FROM chunk WHERE content_id = 3"))
    done = export_cards(store, tmp_path / "all.vcf")
    assert (done.count, done.without_photo) == (3, ("Abel", "Cohn"))
    written = (tmp_path / "all.vcf").read_text()
    assert (written.count("BEGIN:VCARD"), written.count("PHOTO")) == (3, 1)


def test_an_export_that_is_stopped_leaves_the_file_as_it_was(store: Store, tmp_path: Path) -> None:
    import_cards(store, plan_cards(store, generated(Random(9), 40)))
    file = tmp_path / "all.vcf"
    file.write_bytes(b"as it was")

    def stop(done: int, _total: int) -> None:
        if done:
            raise Cancelled(Text("Cancelled. Nothing was changed."))

    with pytest.raises(Cancelled):
        export_cards(store, file, progress=stop)
    assert file.read_bytes() == b"as it was"
    assert [*tmp_path.glob(".all*")] == []


def test_an_export_never_takes_the_place_of_data(store: Store, folder: Path) -> None:
    with pytest.raises(InvalidInput):
        export_cards(store, folder / "trichter.db")


@pytest.mark.parametrize("language", ["de", "en"])
def test_every_country_is_found_by_the_name_it_is_exported_under(language: str, homes: Path) -> None:
    i18n.use(language, homes)
    wrong = [code for code in ("DE", "AT", "CH", "LI", "FR", "IT", "GB", "US", "NL", "CD", "CG", "GN", "NE", "NG")
             if country_code(country_name(code)) != code]  # fmt: skip
    assert wrong == []
    assert country_name("DE") in ("Deutschland", "Germany")


@pytest.mark.parametrize(("language", "name"), [("de", "Österreich"), ("en", "Austria"), ("xx", "Austria")])
def test_countries_are_offered_by_name_in_every_language(language: str, name: str, homes: Path) -> None:
    i18n.use(language, homes)
    names = country_names()
    assert country_code(names[names.index(name)]) == "AT"
    assert len(names) == len(set(names)) > 200


@pytest.mark.parametrize(
    ("written", "code"),
    [("Allemagne", "DE"), ("de", "DE"), ("USA", "US"), ("ÖSTERREICH", "AT"), ("Suisse", "CH"), ("Narnia", "Narnia"),
     ("", ""), ("XX", "XX")],
)  # fmt: skip
def test_countries_are_known_in_several_languages(written: str, code: str) -> None:
    assert country_code(written) == code
