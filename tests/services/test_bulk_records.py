"""One change to many companies or people: what is shown before is what becomes of each, in one step."""

from decimal import Decimal

import pytest

from app.core.errors import Cancelled, Conflict
from app.core.i18n import Text
from app.core.terms import CompanyKind, Entity, Size
from app.models.store import Store
from app.services.bulk_edit import FieldChange, Verdict
from app.services.bulk_plan import Put
from app.services.bulk_records import COMPANY_FIELDS, PERSON_FIELDS, CompanyBulk, PersonBulk, RecordChange
from app.services.check import check
from app.services.companies import Companies
from app.services.company_list import CompanyList
from app.services.history import History
from app.services.own_fields import OwnFields
from app.services.own_kinds import OwnKind
from app.services.people import People
from app.services.person_list import PersonList
from tests.models.edits import count, everything
from tests.stores import add_member

CUSTOMER, SUPPLIER = (CompanyKind.CUSTOMER,), (CompanyKind.CUSTOMER, CompanyKind.SUPPLIER)


@pytest.fixture
def ids(store: Store) -> list[int]:
    """A plain company, one with all that can be changed, one in the archive."""
    companies = Companies(store)
    made = [
        companies.create(name="Adler"),
        companies.create(name="Biber", kinds=SUPPLIER, industry="Bau", size=Size.SMALL, tags=["Messe"],
                         touch_target=30, touch_latest=60, user_id=1),
        companies.create(name="Dachs"),
    ]  # fmt: skip
    companies.archive([made[2]])
    return made


def test_what_the_preview_shows_is_what_becomes_of_each(store: Store, ids: list[int]) -> None:
    berta = add_member(store, "Berta Ohm", "BO")
    needed = OwnFields(store).create(Entity.COMPANY, OwnKind.NUMBER, "Mitarbeiter")
    before, steps = everything(store), count(store, "change_set")
    change = RecordChange(
        Put(berta), ("neu", "MESSE"), ("alt",), Put((14, 30)), Put(False), Put(SUPPLIER), Put("Bau"), Put(Size.SMALL),
        {needed: Put(Decimal(12))},
    )  # fmt: skip
    assert set(change.fields) == set(COMPANY_FIELDS)
    bulk = CompanyBulk(store)
    preview = bulk.preview([*ids, ids[0], 999], change)
    assert everything(store) == before
    assert [row.title for row in preview.rows] == ["Adler", "Biber", "Dachs", ""]
    assert [row.verdict for row in preview.rows] == [Verdict.CHANGED] * 3 + [Verdict.REFUSED]
    assert str(preview.rows[3].reason) == "A company has been deleted in the meantime."
    assert preview.rows[1].changes == (
        FieldChange("user_id", "Anna Kern", "Berta Ohm"), FieldChange("tags", ("Messe",), ("Messe", "neu")),
        FieldChange("rhythm", (30, 60), (14, 30)), FieldChange("own", ((needed, None),), ((needed, Decimal(12)),)),
    )  # fmt: skip
    assert bulk.apply(ids, change) == 3
    assert count(store, "change_set") == steps + 1
    for row in CompanyList(store).rows(ids):
        assert (row.user, row.kinds, row.industry, row.size, row.tags, row.archived, row.own) == (
            "Berta Ohm", SUPPLIER, "Bau", Size.SMALL, ("Messe", "neu"), False, {needed: Decimal(12)},
        )  # fmt: skip
    assert {row.verdict for row in bulk.preview(ids, change).rows} == {Verdict.UNCHANGED}
    assert bulk.apply(ids, change) == 0
    assert check(store).ok
    History(store).undo()
    assert everything(store) == before


def test_people_have_what_is_theirs_and_the_step_says_so(store: Store) -> None:
    people = People(store)
    ids = [people.create(given="Ada", family="Adler"), people.create(given="Ben", family="Bär")]
    change = RecordChange(user_id=Put(None), rhythm=Put((30, None)), archived=Put(True))
    assert set(change.fields) <= set(PERSON_FIELDS)
    assert PersonBulk(store).apply(ids, change) == 2
    assert [row.archived for row in PersonList(store).rows(ids)] == [True, True]
    assert str(History(store).next_undo()) == "2 people changed: Responsible, Keep in touch, Archived"
    PersonBulk(store).apply(ids[:1], RecordChange(archived=Put(False)))
    assert str(History(store).next_undo()) == "“Ada Adler” changed: Archived"


@pytest.mark.parametrize(
    ("change", "why"),
    [
        (RecordChange(user_id=Put(99)), "This person has been deleted in the meantime."),
        (RecordChange(rhythm=Put((0, None))), "A rhythm is 1 to 3650 days."),
        (RecordChange(rhythm=Put((9, 2))), "The latest day comes before the usual one."),
        (RecordChange(rhythm=Put((10**20, None))), "A rhythm is 1 to 3650 days."),
        (RecordChange(industry=Put("x" * 201)), f"“{'x' * 30}…” is too long."),
        (RecordChange(own={7: Put("x")}), "This field has been deleted in the meantime."),
    ],
)
def test_what_makes_no_sense_is_refused_for_each(store: Store, ids: list[int], change: RecordChange, why: str) -> None:
    before = everything(store)
    rows = CompanyBulk(store).preview(ids, change).rows
    assert {str(row.reason) for row in rows} == {why}
    with pytest.raises(Conflict):
        CompanyBulk(store).apply(ids, change)
    assert everything(store) == before


def test_whoever_stops_it_finds_all_as_it_was(store: Store, ids: list[int]) -> None:
    before = everything(store)

    def stop(done: int, total: int) -> None:
        if done == total:
            raise Cancelled(Text("Cancelled."))

    with pytest.raises(Cancelled):
        CompanyBulk(store).apply(ids, RecordChange(add_tags=("neu",), archived=Put(True)), stop)
    assert everything(store) == before


def test_what_another_one_deleted_meanwhile_lets_all_be_as_they_are(store: Store, ids: list[int]) -> None:
    Companies(store).delete(ids[:1])
    before = everything(store)
    with pytest.raises(Conflict):
        CompanyBulk(store).apply(ids, RecordChange(kinds=Put(CUSTOMER)))
    assert everything(store) == before


def test_more_than_a_statement_takes_are_changed_at_once(store: Store) -> None:
    companies = Companies(store)
    ids = [companies.create(name=f"Firma {n}") for n in range(3)]
    many = [*ids, *range(10_000, 45_000)]
    rows = CompanyBulk(store).preview(many, RecordChange(archived=Put(True)))
    assert (rows.count(Verdict.CHANGED), rows.count(Verdict.REFUSED)) == (3, 35_000)
