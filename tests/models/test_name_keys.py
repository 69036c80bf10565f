"""The keys by which somebody is sorted and found follow from the name, also where a former program made others."""

from contextlib import closing
from pathlib import Path

import pytest
from sqlalchemy import text

from app.core.folding import sort_key
from app.models import migrate, name_keys
from app.models.engine import connect, migrating_engine
from app.models.opening import open_store, store_file
from app.models.store import Store
from app.services.catalogue import Catalogue
from app.services.check import check, repair
from app.services.mail_files import MailFiles
from app.services.owners import Owner
from app.services.people import People
from tests.models.edits import rows
from tests.services.mail_samples import mail
from tests.stores import add_lead, add_person

_FACTS = """
INSERT INTO store_setting (key, value) VALUES ('base_currency', 'EUR'), ('country', 'DE'),
  ('time_zone', 'Europe/Berlin');
INSERT INTO person (id, uid, name, sort_key, search_key, created_at)
  VALUES (1, 'p1', 'Zoë Ahrens', 'zoe ahrens', 'zoe ahrens', 0), (2, 'p2', 'Anna Zorn', 'anna zorn', 'anna zorn', 0),
    (3, 'p3', 'Madonna', 'madonna', 'madonna', 0);
INSERT INTO company (id, uid, name, sort_key, search_key, created_at) VALUES (1, 'c1', 'Öl AG', 'ol ag', 'ol ag', 0);
"""


def _as_before(store: Store) -> None:
    """Everybody is sorted by the whole name, as it once was."""
    with store.maintenance() as connection:
        for number, name in connection.execute(text("SELECT id, name FROM person")).all():
            connection.execute(
                text("UPDATE person SET sort_key = :key WHERE id = :id"), {"id": number, "key": sort_key(name)}
            )


def _keys(store: Store) -> list[str]:
    return [row[0] for row in rows(store, "SELECT sort_key FROM person ORDER BY sort_key")]


@pytest.mark.parametrize("revision", ["0001", "0002"])
def test_people_of_older_stores_are_sorted_by_their_family_names(tmp_path: Path, revision: str) -> None:
    path = store_file(tmp_path)
    engine = migrating_engine(path)
    with engine.begin() as connection:
        migrate._run(connection, revision)
    engine.dispose()
    with closing(connect(path)) as connection:
        connection.executescript(_FACTS)
    store = open_store(tmp_path, origin="test", before_migration=lambda: tmp_path / "before.db")
    try:
        assert _keys(store) == ["ahrens zoe", "madonna", "zorn anna"]
        assert [row[0] for row in rows(store, "SELECT sort_key FROM company")] == ["ol ag"]
        assert [entry.name for entry in Catalogue(store).all("person")] == ["Zoë Ahrens", "Madonna", "Anna Zorn"]
        assert check(store).ok
    finally:
        store.close()


def test_check_tells_of_other_keys_and_mends_them(store: Store) -> None:
    add_person(store, "Anna Zorn")
    People(store).create(given="Zoë", family="von Ahrens")
    _as_before(store)
    (problem,) = check(store).problems
    assert (problem.kind, problem.repairable) == ("derived", True)
    assert str(problem.what) == "2 companies or contacts are not sorted by their names."
    assert repair(store).ok
    assert _keys(store) == ["von ahrens zoe", "zorn anna"]


def test_a_step_of_before_can_be_taken_back_and_keeps_the_order(store: Store) -> None:
    """Undo compares what a step changed: a key that was made otherwise then is no change of somebody else."""
    person = add_person(store, "Anna Zorn")
    Catalogue(store).rename("person", person, "Anna Adler")
    with store.maintenance() as connection:  # as the step was written down then
        connection.execute(
            text("""UPDATE change SET before = json_set(before, '$.sort_key', 'anna zorn'),
            after = json_set(after, '$.sort_key', 'anna adler') WHERE table_name = 'person' AND op = 'update'""")
        )
        name_keys.refresh_all(connection)
    assert store.undo() is not None
    assert rows(store, "SELECT name, sort_key FROM person") == [("Anna Zorn", "zorn anna")]
    assert store.redo() is not None
    assert rows(store, "SELECT name, sort_key FROM person") == [("Anna Adler", "adler anna")]
    assert check(store).ok


def test_somebody_made_before_goes_with_the_step_that_made_them(store: Store) -> None:
    person = People(store).create(name="Anna Zorn")
    with store.maintenance() as connection:
        connection.execute(text("UPDATE change SET after = json_set(after, '$.sort_key', 'x') WHERE op = 'insert'"))
    store.undo()
    assert rows(store, f"SELECT id FROM person WHERE id = {person}") == []
    store.redo()
    assert _keys(store) == ["zorn anna"]


def test_who_wrote_a_mail_is_sorted_by_the_family_name_too(store: Store) -> None:
    placed = MailFiles(store).put(mail(), Owner("lead", add_lead(store)))
    MailFiles(store).create_sender(placed.mail_id)
    assert _keys(store) == ["gross eva"]
    assert check(store).ok


@pytest.mark.parametrize("name", ["ß" * 300, "Anna " + "ß" * 290, "x" * 300])
def test_a_key_is_no_longer_than_it_can_be_kept(store: Store, name: str) -> None:
    Catalogue(store).create("person", name)
    Catalogue(store).create("company", name)
    Catalogue(store).rename("company", 1, name[::-1])
    assert check(store).ok
