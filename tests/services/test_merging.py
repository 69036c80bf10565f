"""Records that are put into one: what was shown happens, nothing is lost, and one undo brings all of it back."""

from datetime import timedelta
from random import Random
from typing import Any

import pytest

from app.core.clock import FixedClock
from app.core.errors import InvalidInput, NotFound
from app.core.i18n import Text
from app.core.terms import Size
from app.models.schema import METADATA, Company, ContactPoint, Lead, LeadPerson, Person
from app.models.store import Store
from app.services.check import check
from app.services.companies import Companies
from app.services.merge_fields import BESIDE, FIELDS, FieldPreview, Why
from app.services.merge_links import Kind, references
from app.services.merging import MergePreview, Merging
from app.services.owners import OwnerKind
from app.services.people import People
from tests.services.acquaintances import furnish
from tests.services.seen import everything, steps, value, values
from tests.stores import add_company, add_lead

KINDS: tuple[Kind, ...] = ("company", "person")


def _field(preview: MergePreview, key: str) -> FieldPreview:
    return next(field for field in preview.fields if field.key == key)


def _counts(store: Store) -> dict[str, int]:
    names = {column.table.name for kind in KINDS for column in references(kind)}
    return {name: value(store, f"SELECT count(*) FROM {name}") for name in names}


def _linked(store: Store, kind: Kind, ids: Any) -> int:
    wanted = ", ".join(map(str, ids))
    return sum(
        value(store, f"SELECT count(*) FROM {column.table.name} WHERE {column.name} IN ({wanted})")
        for column in references(kind)
    )


def _columns(store: Store, kind: Kind, record: int) -> dict[str, Any]:
    names = METADATA.tables[kind].columns.keys()
    (row,) = values(store, f"SELECT {', '.join(names)} FROM {kind} WHERE id = {record}")
    return dict(zip(names, row, strict=True))


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("seed", range(12))
def test_what_was_shown_happens_and_one_undo_takes_it_back(
    store: Store, clock: FixedClock, kind: Kind, seed: int
) -> None:
    companies, people = furnish(store, seed)
    chance = Random(seed)
    ids = chance.sample(companies if kind == "company" else people, chance.choice((2, 3)))
    clock.instant += timedelta(days=3)
    merging, winner = Merging(store), ids[0]
    fields = [field for field in merging.preview(kind, ids, winner).fields if field.choosable]
    choices = {field.key: chance.choice(ids) for field in chance.sample(fields, min(2, len(fields)))}
    found = check(store).problems
    before, touched = everything(store), values(store, "SELECT id, last_touch_on FROM lead")
    counted, linked, was, done = _counts(store), _linked(store, kind, ids), _columns(store, kind, winner), steps(store)

    shown = merging.preview(kind, ids, winner, choices)
    told = merging.merge(kind, ids, winner, choices)

    assert (told.fields, told.lists, told.names) == (shown.fields, shown.lists, shown.names)
    dissolved = sum(counted.values()) - sum(_counts(store).values())
    assert dissolved == sum(each.dissolved for each in told.linked)
    assert _linked(store, kind, [winner]) == linked - dissolved
    assert _linked(store, kind, ids[1:]) == 0, "something still refers to a record in the trash"
    after = merging.preview(kind, [winner, _other(ids, companies, people, kind)], winner)
    for field in shown.fields:
        if field.result not in (None, False):
            assert _field(after, field.key).values[winner] == field.result, field
    _expect_own_relations(was, _columns(store, kind, winner), kind, choices)
    assert values(store, "SELECT id, last_touch_on FROM lead") == touched, "a merge is no touch"
    assert steps(store) == done + 1
    assert check(store).problems == found
    merged = everything(store)
    assert store.undo() is not None
    assert everything(store) == before
    assert store.redo() is not None
    assert everything(store) == merged


def _other(ids: list[int], companies: list[int], people: list[int], kind: Kind) -> int:
    return next(each for each in (companies if kind == "company" else people) if each not in ids)


def _expect_own_relations(was: dict[str, Any], now: dict[str, Any], kind: Kind, choices: dict[str, int]) -> None:
    """T13: what the record that stays has is not taken from another one unless that was chosen."""
    for spec in FIELDS[kind]:
        if spec.key not in choices and any(was[column] for column in spec.columns):
            assert [was[column] for column in spec.columns] == [now[column] for column in spec.columns], spec.key


@pytest.mark.parametrize("kind", KINDS)
def test_no_column_of_a_record_is_forgotten(kind: Kind) -> None:
    seen = {column for spec in FIELDS[kind] for column in spec.columns} | BESIDE
    assert set(METADATA.tables[kind].columns.keys()) <= seen


def _company(store: Store, name: str, **columns: Any) -> int:
    company = add_company(store, name)
    with store.write(Text("Company changed")) as session:
        row = session.get_one(Company, company)
        for column, given in columns.items():
            setattr(row, column, given)
    return company


def test_a_field_is_the_winners_else_the_one_that_is_filled_else_the_chosen(store: Store) -> None:
    one = _company(store, "Meyer & Söhne", industry="Bau", info="Parkt im Hof")
    other = _company(store, "Meyer + Soehne GmbH", industry="Handel", number="K-7", info="Ruft gern an")
    preview = Merging(store).preview("company", [other, one], one, {"industry": other})
    industry, number, name, info = (_field(preview, key) for key in ("industry", "number", "name", "info"))
    assert (industry.result, industry.source, industry.why, industry.choosable) == ("Handel", other, Why.CHOSEN, True)
    assert (number.result, number.source, number.why, number.choosable) == ("K-7", other, Why.ONLY, False)
    assert (name.result, name.why) == ("Meyer & Söhne", Why.WINNER)
    assert (info.result, info.why) == ("Parkt im Hof\n\nRuft gern an", Why.UNITED)
    Merging(store).merge("company", [other, one], one, {"industry": other})
    assert values(store, "SELECT id, name, number, industry, info FROM company WHERE deleted_at IS NULL") == [
        (one, "Meyer & Söhne", "K-7", "Handel", "Parkt im Hof\n\nRuft gern an")
    ]


def _point(store: Store, company: int, number: str, position: int, label: str = "") -> None:
    with store.write(Text("Number added")) as session:
        session.add(
            ContactPoint(company_id=company, kind="phone", label=label, value=number, key=number, position=position)
        )


def test_numbers_are_united_and_the_first_one_stays_the_first(store: Store) -> None:
    one, other = add_company(store, "Kranich"), add_company(store, "Kranich GmbH")
    _point(store, one, "+491", 0)
    _point(store, other, "+492", 0, "work")
    _point(store, other, "+491", 1, "main")
    preview = Merging(store).merge("company", [one, other], one)
    assert preview.lists[0].items == (("+491", frozenset({one, other})), ("+492", frozenset({other})))
    points = values(
        store, f"SELECT value, label, position FROM contact_point WHERE company_id = {one} ORDER BY position"
    )
    assert points == [("+491", "main", 0), ("+492", "work", 1)]


def test_who_is_the_contact_of_a_lead_has_no_say_in_it_a_second_time(store: Store) -> None:
    with store.write(Text("People added")) as session:
        rows = [Person(name=n, sort_key=n, search_key=n, created_at=store.clock.now()) for n in ("anna", "ann")]
        session.add_all(rows)
    one, other = (row.id for row in rows)
    lead = add_lead(store, person_id=one)
    with store.write(Text("Person added")) as session:
        session.add(LeadPerson(lead_id=lead, person_id=other, role="Einkauf", position=0))
    preview = Merging(store).merge("person", [one, other], one)
    assert sum(each.dissolved for each in preview.linked) == 1
    assert value(store, "SELECT count(*) FROM lead_person") == 0


def test_two_companies_of_one_name_are_two_again_after_an_undo(store: Store) -> None:
    one, other = add_company(store, "Müller GmbH"), add_company(store, "Mueller GmbH")
    add_lead(store, company_id=other)
    before = everything(store)
    Merging(store).merge("company", [one, other], one)
    store.undo()
    assert everything(store) == before


def test_a_merge_is_no_touch_after_a_later_undo_either(store: Store, clock: FixedClock) -> None:
    one, other = add_company(store, "Kranich"), add_company(store, "Kranich GmbH")
    lead = add_lead(store, company_id=other)
    touched = value(store, "SELECT last_touch_on FROM lead")
    clock.instant += timedelta(days=5)
    Merging(store).merge("company", [one, other], one)
    with store.write(Text("Lead changed")) as session:
        session.get_one(Lead, lead).info = "Neu"
    store.undo()
    assert value(store, "SELECT last_touch_on FROM lead") == touched
    assert value(store, "SELECT company_id FROM lead") == one


@pytest.mark.parametrize("kind", KINDS)
def test_what_is_gone_or_alone_or_unknown_is_refused(store: Store, kind: OwnerKind) -> None:
    companies, people = furnish(store, 1)
    ids = (companies if kind == "company" else people)[:2]
    merging, before = Merging(store), everything(store)
    assert kind in KINDS
    for wrong in ([ids[0]], [ids[0], ids[0]], [99_999, 99_998]):
        with pytest.raises(InvalidInput):
            merging.merge(kind, wrong, ids[0])
    with pytest.raises(NotFound):
        merging.merge(kind, [ids[0], 99_999], ids[0])
    for choices in ({"nothing": ids[0]}, {"name": 99_999}):
        with pytest.raises(InvalidInput):
            merging.merge(kind, ids, ids[0], choices)
    assert everything(store) == before


def test_who_lies_in_the_trash_is_named_neither_before_nor_after(store: Store) -> None:
    """It moves along, but a merge tells of what is there: what was shown is what it says it did."""
    one, other = add_company(store, "Kranich"), add_company(store, "Kranich GmbH")
    person = People(store).create(name="Anna Kern", companies=[(other, "Einkauf")])
    People(store).delete([person])
    shown = Merging(store).preview("company", [one, other], one)
    assert Merging(store).merge("company", [one, other], one).lists == shown.lists == ()
    People(store).restore([person])
    assert values(store, "SELECT company_id, person_id FROM company_person") == [(one, person)]


def test_sizes_and_salutations_are_shown_as_everywhere(store: Store) -> None:
    big, small = (Companies(store).create(name=name, size=size) for name, size in (("A", Size.HUGE), ("B", Size.ONE)))
    size = _field(Merging(store).preview("company", [big, small], big), "size")
    assert {record: str(words) for record, words in size.values.items()} == {
        big: "1000 people or more", small: "One person",
    }  # fmt: skip
    one, other = (People(store).create(name="Kim", salutation=typed) for typed in ("mr", "Dear"))
    salutation = _field(Merging(store).preview("person", [one, other], one), "salutation")
    assert {record: str(words) for record, words in salutation.values.items()} == {one: "Mr", other: "Dear"}
    assert str(salutation.result) == "Mr"
