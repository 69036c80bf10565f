"""Lists of companies and of people: what they show, in which order, and what narrows them."""

from collections.abc import Callable, Sequence
from datetime import timedelta
from typing import Any

import pytest

from app.core.changes import ChangeSet
from app.core.clock import FixedClock
from app.core.errors import InvalidInput
from app.core.folding import search_key, sort_key
from app.core.i18n import Text
from app.core.terms import Entity, Status
from app.models.schema import Company, CompanyPerson, Person
from app.models.store import Store
from app.services import record_filter
from app.services.changed import changed_ids
from app.services.company_list import CompanyList, CompanyQuery, CompanyRow, CompanyTotals
from app.services.filter_fields import Op, entity_of, fields_of, spec_of
from app.services.lead_list import LeadList, ListQuery
from app.services.person_list import PersonList, PersonQuery, PersonTotals
from app.services.record_filter import AllOf, AnyOf, Condition, Filter, Not
from app.services.saved_views import SavedViews
from app.services.text_filter import TextFilter
from tests.services.seen import statements, told
from tests.stores import TODAY, ZONE, add_company, add_lead


def _person(store: Store, name: str, *companies: int) -> int:
    with store.write(Text("Person added")) as session:
        person = Person(name=name, sort_key=sort_key(name), search_key=search_key(name), created_at=store.clock.now())
        session.add(person)
        session.flush()
        session.add_all(CompanyPerson(company_id=company, person_id=person.id) for company in companies)
        return person.id


def _document(store: Store, entity: Entity, row_id: int, words: str) -> None:
    """The text by which a record is found."""
    with store.maintenance() as connection:
        connection.exec_driver_sql(
            "INSERT INTO search_doc (entity, row_id, folded) VALUES (?, ?, ?)"
            " ON CONFLICT (entity, row_id) DO UPDATE SET folded = excluded.folded",
            (str(entity), row_id, search_key(words)),
        )


def _rename(store: Store, company_id: int, name: str) -> Callable[[], None]:
    def verb() -> None:
        with store.write(Text("Company renamed")) as session:
            company = session.get_one(Company, company_id)
            company.name, company.sort_key, company.search_key = name, sort_key(name), search_key(name)

    return verb


def _names(store: Store, tree: Filter | None = None, **query: Any) -> list[str]:
    lists = CompanyList(store)
    return [row.name for row in lists.rows(lists.ids(CompanyQuery(filter=tree, **query)))]


def _people(store: Store, tree: Filter | None = None, **query: Any) -> list[str]:
    lists = PersonList(store)
    return [row.name for row in lists.rows(lists.ids(PersonQuery(filter=tree, **query)))]


def test_companies_stand_by_name_as_in_a_telephone_book(store: Store) -> None:
    for name in ("Zeiss", "Ähre", "adler", "Österle", "Oberland"):
        add_company(store, name)

    assert _names(store) == ["adler", "Ähre", "Oberland", "Österle", "Zeiss"]
    assert _names(store, descending=True) == ["Zeiss", "Österle", "Oberland", "Ähre", "adler"]


def test_a_row_tells_who_works_there_and_what_the_leads_come_to(store: Store) -> None:
    company = add_company(store, "Müller GmbH")
    _person(store, "Öztürk", company)
    _person(store, "Ober", company)
    add_lead(store, "a", amount=100, company_id=company)
    add_lead(store, "b", amount=20, company_id=company)
    add_lead(store, "c", amount=7, company_id=company, status=Status.WON)
    add_lead(store, "d", amount=5, company_id=company, status=Status.LOST)
    add_lead(store, "e", amount=3, company_id=company, currency="CHF")
    gone = add_lead(store, "f", amount=1, company_id=company)
    with store.maintenance() as connection:
        connection.exec_driver_sql(f"UPDATE lead SET deleted_at = created_at WHERE id = {gone}")

    (row,) = CompanyList(store).rows([company])
    assert isinstance(row, CompanyRow)
    assert (row.name, row.people, row.open, row.open_volume, row.won_volume) == (
        "Müller GmbH", ("Ober", "Öztürk"), 3, 12_000, 700,
    )  # fmt: skip
    assert row.created_at.date() == TODAY
    assert CompanyList(store).totals(CompanyQuery()) == CompanyTotals(1, 12_000, 700, 1)


def test_rows_keep_the_order_asked_and_leave_out_what_is_gone(store: Store) -> None:
    one, two = add_company(store, "a"), add_company(store, "b")
    anna = _person(store, "Anna")

    assert [row.id for row in CompanyList(store).rows([two, 99, one])] == [two, one]
    assert [row.id for row in PersonList(store).rows([99, anna])] == [anna]
    assert CompanyList(store).rows([]) == []


def test_people_stand_by_name_or_by_their_first_company(store: Store) -> None:
    a, b = add_company(store, "Adler"), add_company(store, "Biber")
    _person(store, "Zoe", a)
    _person(store, "Ben", b, a)
    _person(store, "Cem", b)
    _person(store, "Ali")

    assert _people(store) == ["Ali", "Ben", "Cem", "Zoe"]
    assert _people(store, sort="company") == ["Ben", "Zoe", "Cem", "Ali"]
    assert PersonList(store).rows(PersonList(store).ids(PersonQuery()))[1].companies == ("Adler", "Biber")


@pytest.mark.parametrize("descending", [False, True])
def test_what_is_alike_stands_by_name(store: Store, descending: bool) -> None:
    for name in ("Zeiss", "Ähre", "Bieber"):
        add_company(store, name)
    companies = CompanyList(store)
    first = companies.ids(CompanyQuery())[1]
    with store.write(Text("Company changed")) as session:
        session.get_one(Company, first).is_customer = True

    for sort in ("kind", "size", "industry", "responsible", "open_volume"):
        found = _names(store, sort=sort, descending=descending)
        assert found == (["Bieber", "Ähre", "Zeiss"] if sort == "kind" else ["Ähre", "Bieber", "Zeiss"]), sort
    renamed = told(store, _rename(store, first, "Adler"))
    assert CompanyQuery(sort="kind").reordered_by(renamed[0])


def test_companies_without_leads_come_last_in_an_order_by_leads(store: Store) -> None:
    small, none, large = (add_company(store, name) for name in ("klein", "ohne", "groß"))
    add_lead(store, amount=1, company_id=small)
    add_lead(store, amount=9, company_id=large)

    for sort in ("open_volume", "open"):
        assert _names(store, sort=sort, descending=True)[-1] == "ohne"
        assert _names(store, sort=sort)[-1] == "ohne"
    assert _names(store, sort="open_volume") == ["klein", "groß", "ohne"]
    assert none


def test_an_order_that_is_none_is_refused(store: Store) -> None:
    with pytest.raises(KeyError):
        CompanyList(store).ids(CompanyQuery(sort="weighted"))


@pytest.mark.parametrize("lists", [CompanyList, PersonList])
def test_what_is_in_the_trash_is_not_listed(store: Store, lists: Any) -> None:
    assert lists(store).is_empty()
    ids = [add_company(store, "a"), _person(store, "a")]
    assert not lists(store).is_empty()
    with store.maintenance() as connection:
        for table, id_ in zip(("company", "person"), ids, strict=True):
            connection.exec_driver_sql(f"UPDATE {table} SET deleted_at = created_at WHERE id = {id_}")
    assert lists(store).is_empty()


def test_the_first_rows_are_the_beginning_of_all(store: Store) -> None:
    for name in "dbca":
        add_company(store, name)
    lists, query = CompanyList(store), CompanyQuery()

    assert list(lists.first_ids(query, 2)) == list(lists.ids(query))[:2]
    assert lists.count(query) == 4


def test_some_chosen_come_to_what_they_are(store: Store) -> None:
    one, two = add_company(store, "a"), add_company(store, "b")
    add_lead(store, amount=5, company_id=one)
    add_lead(store, amount=7, company_id=two)

    assert CompanyList(store).totals_of([two]) == CompanyTotals(1, 700)
    assert CompanyList(store).totals_of([]) == CompanyTotals()
    assert PersonList(store).totals_of([_person(store, "x")]) == PersonTotals(1)


# --- text -------------------------------------------------------------------------------------------------------------


def test_what_is_typed_is_looked_for_in_the_document(store: Store) -> None:
    one, two = add_company(store, "Müller"), add_company(store, "Meyer")
    _document(store, Entity.COMPANY, one, "Müller Köln 0221 12345")
    _document(store, Entity.COMPANY, two, "Meyer Bonn")
    _document(store, Entity.PERSON, two, "Köln")

    assert _names(store, text="koeln muel") == ["Müller"]
    assert _names(store, text="m") == ["Meyer", "Müller"]
    assert _names(store, text="zzz") == []
    assert CompanyList(store).totals(CompanyQuery(text="bonn")).count == 1


def test_typing_finds_what_asking_finds(store: Store) -> None:
    ids = [add_company(store, name) for name in ("Müller", "Mühle", "Meyer")]
    for id_, words in zip(ids, ("mueller web", "muehle", "meyer web"), strict=True):
        _document(store, Entity.COMPANY, id_, words)
    typed, query = TextFilter(store), CompanyQuery(descending=True)
    assert typed.adopt(typed.build(query))
    assert typed.ready(query)

    for words in ("m", "muh", "web", "web mey", "-"):
        search = typed.search(words)
        assert search is not None
        search.step(1000)
        assert search.ids == list(CompanyList(store).ids(CompanyQuery(descending=True, text=words)))


def test_typing_follows_a_change(store: Store) -> None:
    one, two = add_company(store, "Müller"), add_company(store, "Meyer")
    for id_, words in ((one, "müller"), (two, "meyer")):
        _document(store, Entity.COMPANY, id_, words)
    typed = TextFilter(store)
    assert typed.adopt(typed.build(CompanyQuery()))

    (change,) = told(store, _rename(store, two, "Schmidt"))
    _document(store, Entity.COMPANY, two, "schmidt")
    assert typed.hear(change)  # the order is another
    search = typed.search("schmidt")
    assert search is not None
    assert search.step(1000)
    assert search.ids == [two]


# --- filters ----------------------------------------------------------------------------------------------------------


def test_companies_are_narrowed_by_their_people(store: Store) -> None:
    one, two, alone = (add_company(store, name) for name in ("a", "b", "c"))
    anna, ben = _person(store, "Anna", one, two), _person(store, "Ben", two)
    assert alone

    assert _names(store, Condition("company.person", Op.IS, (anna,))) == ["a", "b"]
    assert _names(store, Condition("company.person", Op.IS, (ben, None))) == ["b", "c"]
    assert _names(store, Condition("company.person", Op.IS_NOT, (anna,))) == ["c"]
    assert _people(store, Condition("person.company", Op.IS, (one,))) == ["Anna"]
    assert _people(store, Condition("person.company", Op.IS, (None,))) == []


def test_a_name_is_looked_for_as_it_is_searched(store: Store) -> None:
    for name in ("Müller & Söhne", "Mueller AG", "Möller"):
        add_company(store, name)
    _person(store, "René Weiß")

    assert _names(store, Condition("company.name", Op.CONTAINS, ("MUELLER",))) == ["Mueller AG", "Müller & Söhne"]
    assert _names(store, Condition("company.name", Op.LACKS, ("müller",))) == ["Möller"]
    assert _people(store, Condition("person.name", Op.CONTAINS, ("rene weiss",))) == ["René Weiß"]


def test_text_is_looked_for_in_the_document_of_the_same_record(store: Store) -> None:
    one, two = add_company(store, "a"), add_company(store, "b")
    _document(store, Entity.COMPANY, one, "Köln")
    _document(store, Entity.PERSON, two, "Köln")

    assert _names(store, Condition("company.text", Op.CONTAINS, ("koeln",))) == ["a"]
    assert _names(store, Condition("company.text", Op.LACKS, ("koeln",))) == ["b"]


def test_the_day_of_creation_is_that_of_the_zone(store: Store, clock: FixedClock) -> None:
    add_company(store, "heute")
    clock.instant = FixedClock.at(TODAY + timedelta(1), ZONE).instant
    add_company(store, "morgen")

    assert _names(store, Condition("company.created", Op.TO, (TODAY,))) == ["heute"]
    assert _names(store, Condition("company.created", Op.TODAY)) == ["morgen"]


def test_not_is_the_opposite(store: Store) -> None:
    one, two = add_company(store, "a"), add_company(store, "b")
    anna = _person(store, "Anna", one)
    _document(store, Entity.COMPANY, two, "b")
    every = {"a", "b"}

    for tree in (
        Condition("company.person", Op.IS, (anna,)), Condition("company.person", Op.IS, (None,)),
        Condition("company.text", Op.CONTAINS, ("b",)), Condition("company.name", Op.CONTAINS, ("a",)),
        Condition("company.created", Op.FROM, (TODAY,)),
        AllOf((Condition("company.name", Op.CONTAINS, ("a",)), AnyOf(()))), AllOf(()),
    ):  # fmt: skip
        assert set(_names(store, Not(tree))) == every - set(_names(store, tree))


@pytest.mark.parametrize("entity", Entity)
def test_a_field_says_of_which_records_it_is(entity: Entity) -> None:
    for key in fields_of(entity):
        assert entity_of(key) is entity
        assert spec_of(key) is fields_of(entity)[key]


@pytest.mark.parametrize(
    "key", ["company.title", "person.", "company.", ".name", "lead.title", "offer.name", "x" * 5000]
)
def test_a_field_that_is_none_is_refused(key: str) -> None:
    with pytest.raises(InvalidInput):
        Condition(key, Op.CONTAINS, ("x",))


def test_a_list_refuses_a_filter_of_others(store: Store) -> None:
    of_lead, of_company = Condition("title", Op.CONTAINS, ("x",)), Condition("company.name", Op.CONTAINS, ("x",))

    for tree in (of_lead, Not(of_lead), AllOf((of_company, AnyOf((of_lead,))))):
        with pytest.raises(InvalidInput):
            CompanyList(store).ids(CompanyQuery(filter=tree))
    with pytest.raises(InvalidInput):
        LeadList(store).ids(ListQuery(filter=of_company))
    with pytest.raises(InvalidInput):
        PersonList(store).ids(PersonQuery(filter=of_company))


def test_a_filter_of_companies_is_kept_as_json() -> None:
    tree = AnyOf((Condition("company.person", Op.IS, (3, None)), Condition("company.created", Op.FROM, (TODAY,))))

    assert record_filter.loads(record_filter.dumps(tree)) == tree


# --- what changes do --------------------------------------------------------------------------------------------------


def test_another_name_reorders_only_what_is_ordered_by_names(store: Store) -> None:
    company = add_company(store, "a")
    (change,) = told(store, _rename(store, company, "b"))

    assert CompanyQuery().reordered_by(change)
    assert not CompanyQuery(sort="created").reordered_by(change)
    assert PersonQuery(sort="company").reordered_by(change)
    assert not PersonQuery().reordered_by(change)
    assert ListQuery(sort="company").reordered_by(change)
    assert CompanyQuery(sort="created", filter=Condition("company.name", Op.CONTAINS, ("b",))).reordered_by(change)
    assert CompanyQuery(sort="created", filter=Condition("company.text", Op.CONTAINS, ("b",))).reordered_by(change)
    assert not CompanyQuery(sort="created", filter=Condition("company.person", Op.IS, (1,))).reordered_by(change)


def test_a_new_company_reorders_every_list_of_them(store: Store) -> None:
    (change,) = told(store, lambda: add_company(store, "a"))

    assert all(CompanyQuery(sort=sort).reordered_by(change) for sort in ("name", "created", "open"))
    assert not PersonQuery().reordered_by(change)


def test_a_lead_reorders_what_is_ordered_by_leads(store: Store) -> None:
    company = add_company(store, "a")
    (change,) = told(store, lambda: add_lead(store, company_id=company))

    assert CompanyQuery(sort="open_volume").reordered_by(change)
    assert not CompanyQuery().reordered_by(change)


def test_a_change_names_the_records_it_concerns(store: Store) -> None:
    company = add_company(store, "a")
    changes: Sequence[ChangeSet] = told(store, lambda: _person(store, "Anna", company))

    assert changed_ids(Entity.COMPANY, changes[0]) == {company}
    assert changed_ids(Entity.PERSON, changes[0]) == {1}
    assert changed_ids(Entity.LEAD, changes[0]) == frozenset()


# --- how much is asked, and views ---------------------------------------------------------------------------------


@pytest.mark.parametrize("n", [3, 40])
def test_a_page_is_one_statement_however_many_there_are(store: Store, n: int) -> None:
    for number in range(n):
        _person(store, f"p{number}", add_company(store, f"c{number}"))
    companies, people = CompanyList(store), PersonList(store)
    query = CompanyQuery(filter=Condition("company.person", Op.IS, (1,)), sort="open_volume")

    assert statements(store, lambda: companies.rows(companies.ids(query))) == 2
    assert statements(store, lambda: people.rows(people.ids(PersonQuery(sort="company")))) == 2
    assert statements(store, lambda: companies.totals(query)) == 1


def test_a_view_of_companies_is_read_as_such(store: Store) -> None:
    views = SavedViews(store)
    tree = Condition("company.name", Op.CONTAINS, ("x",))
    kept = {"sort": ["open_volume", True], "text": "köln", "filter": record_filter.plain(tree)}
    view = views.get(views.create("companies", "Große", kept))
    assert view is not None

    asked = CompanyQuery(sort="open_volume", descending=True, text="köln", filter=tree)
    assert views.query(view) == (asked, ())


def test_a_view_keeps_to_the_orders_and_fields_of_its_list(store: Store) -> None:
    views = SavedViews(store)
    leads = record_filter.plain(Condition("title", Op.CONTAINS, ("x",)))
    sorted_, filtered = (
        views.get(views.create("people", name, kept))
        for name, kept in (("a", {"sort": ["weighted", True]}), ("b", {"filter": leads}))
    )
    assert sorted_ is not None
    assert filtered is not None

    assert views.query(sorted_) == (PersonQuery(), ())
    with pytest.raises(InvalidInput):
        views.query(filtered)


def test_a_view_by_name_alone_is_one_of_leads(store: Store) -> None:
    views = SavedViews(store)
    views.create("companies", "Meine", {})
    of_leads = views.create("leads", "Meine", {})

    assert views.named("meine").id == of_leads
    assert views.named("meine", "companies").id != of_leads
