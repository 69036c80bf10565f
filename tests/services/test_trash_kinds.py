"""The trash holds leads, companies, people, notes and files: back together, purged alike, emptied on demand."""

from datetime import timedelta

import pytest

from app.core.clock import FixedClock
from app.core.errors import DiskFull, NotFound
from app.core.i18n import Text
from app.models.memory import Address, ContactPoint, LeadPerson
from app.models.schema import Lead, Step
from app.models.store import Store
from app.services.check import check
from app.services.companies import Companies
from app.services.files import Files, Upload
from app.services.leads import Leads
from app.services.notes import Notes
from app.services.owners import Owner
from app.services.people import People
from app.services.trash import Item, Trash
from tests.services.seen import everything, statements, value, values
from tests.stores import TODAY, add_company

MONTH = timedelta(days=30)
CANARY = "kanarienvogel"


@pytest.fixture
def trash(store: Store) -> Trash:
    return Trash(store)


def _filled(store: Store) -> dict[str, int]:
    """A lead with a company, a person, a note and a file on each, all of them naming the canary; ids by kind."""
    lead = Leads(store).create(title="Relaunch", company=f"Firma {CANARY}", person=f"Frau {CANARY}")
    ids = {"lead": lead}
    ids["company"] = value(store, f"SELECT company_id FROM lead WHERE id = {lead}")
    ids["person"] = value(store, f"SELECT person_id FROM lead WHERE id = {lead}")
    company, person = Owner("company", ids["company"]), Owner("person", ids["person"])
    for owner in (company, person):
        Notes(store).write("call", owner, f"Gespräch {CANARY}", people=[ids["person"]])
        Files(store).attach(owner, [Upload(f"{CANARY}.txt", f"Inhalt {owner.kind}".encode())])
    (ids["note"],) = Notes(store).write("note", Owner("lead", lead), f"\n  Notiz {CANARY}\nzweite Zeile")
    (ids["file"],) = Files(store).attach(Owner("lead", lead), [Upload("Briefing.pdf", CANARY.encode())])
    with store.write(Text("Filled")) as session:
        row = session.get_one(Lead, lead)
        row.recommender_company_id, row.recommender_person_id = ids["company"], ids["person"]
        session.add(Address(company_id=ids["company"], label="", street=CANARY, extra="", postcode="", city="",
                            region="", country="DE", sort_key="", position=0))  # fmt: skip
        session.add(ContactPoint(person_id=ids["person"], kind="mail", label="", value=CANARY, key=CANARY, position=0))
        session.add(LeadPerson(lead_id=lead, person_id=ids["person"], role="Chefin", position=0))
        session.add(Step(company_id=ids["company"], due_on=1, text=CANARY))
    return ids


def _delete(store: Store, kind: str, *ids: int) -> None:
    if kind == "lead":
        Leads(store).delete(ids)
    elif kind == "note":
        Notes(store).delete(ids)
    elif kind == "file":
        Files(store).delete(ids)
    elif kind == "company":
        Companies(store).delete(ids)
    else:
        People(store).delete(ids)


def _items(ids: dict[str, int]) -> list[Item]:
    return [Item(kind, id_) for kind, id_ in ids.items()]  # type: ignore[arg-type]


def test_every_kind_is_listed_with_what_it_belongs_to(store: Store, trash: Trash, clock: FixedClock) -> None:
    ids = _filled(store)
    for kind in ("file", "note", "person", "company", "lead"):
        clock.instant += timedelta(minutes=1)
        _delete(store, kind, ids[kind])
    seen = [(row.kind, row.id, row.title, row.belongs_to, row.by) for row in trash.all()]
    assert seen == [
        ("lead", ids["lead"], "Relaunch", None, "Anna Kern"),
        ("company", ids["company"], f"Firma {CANARY}", None, "Anna Kern"),
        ("person", ids["person"], f"Frau {CANARY}", None, "Anna Kern"),
        ("note", ids["note"], f"Notiz {CANARY}", "Relaunch", "Anna Kern"),
        ("file", ids["file"], "Briefing.pdf", "Relaunch", "Anna Kern"),
    ]
    assert {row.until for row in trash.all()} == {TODAY + MONTH}
    assert [row.kind for row in trash.all(kind="note")] == ["note"]
    assert trash.contents().counts == {"lead": 1, "company": 1, "person": 1, "note": 1, "file": 1}
    assert statements(store, trash.all) == 1


def test_kinds_are_restored_together_undone_and_redone(store: Store, trash: Trash) -> None:
    ids = _filled(store)
    before = everything(store)
    for kind in ("file", "note", "person", "company", "lead"):
        _delete(store, kind, ids[kind])
    gone = everything(store)
    trash.restore(_items(ids))
    assert everything(store) == before
    assert store.undo() is not None
    assert everything(store) == gone
    assert store.redo() is not None
    assert everything(store) == before


def test_a_note_does_not_come_back_to_a_lead_that_is_in_the_trash(store: Store, trash: Trash) -> None:
    ids = _filled(store)
    _delete(store, "note", ids["note"])
    _delete(store, "lead", ids["lead"])
    before = everything(store)
    with pytest.raises(NotFound):
        trash.restore([Item("note", ids["note"])])
    assert everything(store) == before
    trash.restore([Item("note", ids["note"]), Item("lead", ids["lead"])])
    assert trash.all() == []


@pytest.mark.parametrize("kind", ["lead", "company", "person", "note", "file"])
@pytest.mark.parametrize("id_", [0, -1, 10**9, 2**62])
def test_hostile_ids_change_nothing(store: Store, trash: Trash, kind: str, id_: int) -> None:
    ids = _filled(store)
    _delete(store, "note", ids["note"])
    before = everything(store)
    with pytest.raises(NotFound):
        trash.restore([Item("note", ids["note"]), Item(kind, id_)])  # type: ignore[arg-type]
    assert everything(store) == before


def test_a_company_comes_back_beside_one_of_the_same_name(store: Store, trash: Trash) -> None:
    """Two may be called the same, as two that are made may; who looks for duplicates finds them."""
    old = add_company(store, "Müller")
    _delete(store, "company", old)
    new = add_company(store, "Mueller")
    trash.restore([Item("company", old)])
    assert values(store, "SELECT id FROM company ORDER BY id") == [(old,), (new,)]
    assert trash.all() == []
    assert check(store).problems == ()


def test_a_purged_company_and_person_leave_their_leads(store: Store, trash: Trash, clock: FixedClock) -> None:
    ids = _filled(store)
    _delete(store, "company", ids["company"])
    _delete(store, "person", ids["person"])
    clock.instant += MONTH + timedelta(minutes=1)
    assert trash.purge() == 2
    columns = "company_id, person_id, recommender_company_id, recommender_person_id"
    assert values(store, f"SELECT {columns} FROM lead") == [(None, None, None, None)]
    links = ("contact_point", "address", "company_person", "lead_person", "note_person", "step")
    for table in ("company", "person", *links):
        assert value(store, f"SELECT count(*) FROM {table}") == 0, table
    assert value(store, "SELECT count(*) FROM note") == value(store, "SELECT count(*) FROM attachment") == 1
    assert value(store, "SELECT count(*) FROM content") == value(store, "SELECT count(*) FROM chunk") == 1
    assert check(store).ok


def test_what_the_trash_held_is_in_no_table_after_emptying(store: Store, trash: Trash) -> None:
    ids = _filled(store)
    for kind in ("file", "note", "person", "company", "lead"):
        _delete(store, kind, ids[kind])
    assert _holding(store) > {"company", "person", "note", "search_fts_data", "chunk"}
    seen = trash.contents()
    assert trash.empty(seen) == seen.total == 5
    assert _holding(store) == set()
    assert trash.all() == []
    assert store.undo() is None
    assert check(store).ok


def _holding(store: Store) -> set[str]:
    """The tables in which the canary stands. The history keeps its lines."""
    found = set()
    with store.bare() as connection:
        tables = connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'").fetchall()
        for (table,) in tables:
            if table in ("change", "change_set", "search_fts"):
                continue
            rows = connection.execute(f'SELECT * FROM "{table}"').fetchall()
            cells = (cell for row in rows for cell in row)
            raw = (each if isinstance(each, bytes) else str(each).encode() for each in cells)
            if any(CANARY[1:].encode() in each.lower() for each in raw):
                found.add(table)
    return found


def test_what_is_deleted_after_the_question_stays(store: Store, trash: Trash, clock: FixedClock) -> None:
    ids = _filled(store)
    _delete(store, "note", ids["note"])
    seen = trash.contents()
    clock.instant += timedelta(seconds=5)
    _delete(store, "lead", ids["lead"])
    assert trash.empty(seen) == 1
    assert [row.item for row in trash.all()] == [Item("lead", ids["lead"])]


def test_emptying_makes_a_backup_first_or_does_nothing(store: Store) -> None:
    def fail() -> None:
        raise DiskFull(Text("The disk is full."))

    assert Trash(store, fail).empty() == 0
    ids = _filled(store)
    _delete(store, "file", ids["file"])
    with pytest.raises(DiskFull):
        Trash(store, fail).empty()
    assert len(Trash(store).all()) == 1


def test_equal_files_share_bytes_until_the_last_is_gone(store: Store, trash: Trash) -> None:
    ids = _filled(store)
    (twin,) = Files(store).attach(Owner("company", ids["company"]), [Upload("Zwilling.pdf", CANARY.encode())])
    count = value(store, "SELECT count(*) FROM content")
    _delete(store, "file", ids["file"])
    trash.empty()
    assert value(store, "SELECT count(*) FROM content") == count
    assert Files(store).bytes_of(twin) == CANARY.encode()
    _delete(store, "file", twin)
    trash.empty()
    assert value(store, "SELECT count(*) FROM content") == count - 1
