"""Orders by own fields: truth tables with records that are alike and such without a value, up and down, in pages."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from sqlalchemy import text

from app.core.i18n import Text
from app.core.money import Money
from app.core.terms import Entity, Status
from app.models.store import Store
from app.services.company_list import CompanyList, CompanyQuery
from app.services.filter_fields import Op
from app.services.lead_list import LeadList, ListQuery
from app.services.leads import Leads
from app.services.own_fields import OwnFields
from app.services.own_kinds import CHOSEN, OwnKind
from app.services.own_values import OwnValue, set_values
from app.services.person_list import PersonList, PersonQuery
from app.services.record_filter import AllOf, Condition
from app.services.record_list import RecordList
from app.services.record_query import RecordQuery, order
from tests.stores import TODAY, add_company, add_lead, add_person, add_rate

#: The values from the smallest to the largest; of several choices the first counts.
_ASCENDING: dict[OwnKind, tuple[Any, ...]] = {
    OwnKind.TEXT: ("Ähre", "Birne", "Zimt"),
    OwnKind.LONG_TEXT: ("a" * 99 + "b", "a" * 99 + "c", "b"),
    OwnKind.LINK: ("a.de", "b.de", "c.de"),
    OwnKind.MAIL: ("a@example.com", "b@example.com", "c@example.com"),
    OwnKind.PHONE: ("0221 1", "0221 2", "0221 3"),
    OwnKind.FLAG: (False, True, True),
    OwnKind.NUMBER: (Decimal("-2.5"), Decimal(0), Decimal("0.000001")),
    OwnKind.AMOUNT: (Money(1_00, "EUR"), Money(100_00, "CHF"), Money(100_00, "EUR")),
    OwnKind.DAY: (TODAY - timedelta(days=20_000), TODAY, TODAY + timedelta(days=1)),
    OwnKind.CHOICE: (3, 2, 1),
    OwnKind.CHOICES: ((3, 1), (2,), (2, 1)),
}
#: What each record has, as a place in those; None for nothing. Some are alike, and stand by their ids or names.
_PLACES = (1, None, 2, 0, 1, None, 0, 2, 1, None, 1)
_NAMES = "kbfiacjdhge"


@dataclass(frozen=True)
class Desk:
    """Records of a kind, and a field of each kind in which most of them have a value."""

    store: Store
    lists: RecordList[Any, Any, Any]
    query: RecordQuery
    ids: list[int]
    fields: dict[OwnKind, int]

    def asked(self, kind: OwnKind, *, descending: bool, **also: Any) -> Any:
        """A query in the order of the field of a kind."""
        return replace(self.query, sort=OwnFields(self.store).get(self.fields[kind]).key, descending=descending, **also)

    def wanted(self, kind: OwnKind, *, descending: bool) -> list[int]:
        """The ids as they should come."""
        rank = {place: self._rank(kind, place) for place in (0, 1, 2)}
        by_name = self.lists.terms.entity is not Entity.LEAD
        found = []
        for n, place in enumerate(_PLACES):
            value = None if place is None else rank[place]
            alike = _NAMES[n] if by_name else self.ids[n] * (-1 if descending else 1)
            found.append((value is None, (value or 0) * (-1 if descending else 1), alike, self.ids[n]))
        return [each[-1] for each in sorted(found)]

    def _rank(self, kind: OwnKind, place: int) -> int:
        """Yes twice is alike, and so are two whose first choice is the same."""
        alike = kind in (OwnKind.FLAG, OwnKind.CHOICES) and place == 2
        return 1 if alike else place


def _options(fields: OwnFields, kind: OwnKind, entity: Entity) -> tuple[int, dict[int, int]]:
    """A field with options in another order than they were made, and their ids by the numbers in `_ASCENDING`."""
    made = fields.create(entity, kind, f"Feld {kind}", ["1", "2", "3"] if kind in CHOSEN else ())
    options = {int(option.name): option.id for option in fields.get(made).options}
    if options:
        fields.reorder_options(made, [options[3], options[2], options[1]])
    return made, options


def _value(kind: OwnKind, place: int, options: dict[int, int]) -> OwnValue:
    value = _ASCENDING[kind][place]
    if kind is OwnKind.CHOICE:
        return options[value]
    return tuple(options[each] for each in value) if kind is OwnKind.CHOICES else value


_LISTS: dict[Entity, tuple[Any, Callable[..., int], RecordQuery]] = {
    Entity.LEAD: (LeadList, add_lead, ListQuery()),
    Entity.COMPANY: (CompanyList, add_company, CompanyQuery()),
    Entity.PERSON: (PersonList, add_person, PersonQuery()),
}


@pytest.fixture(params=list(_LISTS))
def desk(request: pytest.FixtureRequest, store: Store) -> Desk:
    """The records of one kind."""
    entity = request.param
    lists, add, query = _LISTS[entity]
    add_rate(store, "CHF", TODAY, "0.95")
    fields = OwnFields(store)
    ids, made = [add(store, name) for name in _NAMES], {}
    for kind in _ASCENDING:
        made[kind], options = _options(fields, kind, entity)
        for place in (2, 0, 1):
            having = [ids[n] for n, each in enumerate(_PLACES) if each == place]
            with store.write(Text("Filled")) as session:
                set_values(session, entity, having[::-1], {made[kind]: _value(kind, place, options)})
    without = [id_ for id_, each in zip(ids, _PLACES, strict=True) if each is None]
    with store.write(Text("Filled with what has no rate")) as session:
        set_values(session, entity, without[1:], {made[OwnKind.AMOUNT]: Money(7_00, "USD")})
    return Desk(store, lists(store), query, ids, made)


@pytest.mark.parametrize("descending", [False, True])
def test_the_order_and_its_pages(desk: Desk, descending: bool) -> None:
    for kind in _ASCENDING:
        query, wanted = desk.asked(kind, descending=descending), desk.wanted(kind, descending=descending)
        assert list(desk.lists.ids(query)) == wanted, kind
        for limit in range(len(wanted) + 2):
            assert list(desk.lists.first_ids(query, limit)) == wanted[:limit], kind


@pytest.mark.parametrize("descending", [False, True])
def test_the_order_of_what_a_filter_leaves(desk: Desk, descending: bool) -> None:
    name = {Entity.LEAD: "title", Entity.COMPANY: "company.name", Entity.PERSON: "person.name"}[desk.lists.terms.entity]
    left = {id_ for id_, each in zip(desk.ids, _NAMES, strict=True) if each not in "hk"}
    some, none = Condition(name, Op.LACKS, ("h",)), Condition(name, Op.CONTAINS, ("none such",))
    for kind in _ASCENDING:
        query = desk.asked(kind, descending=descending, filter=AllOf((some, Condition(name, Op.LACKS, ("k",)))))
        wanted = [id_ for id_ in desk.wanted(kind, descending=descending) if id_ in left]
        assert list(desk.lists.ids(query)) == wanted, kind
        for limit in range(len(wanted) + 2):
            assert list(desk.lists.first_ids(query, limit)) == wanted[:limit], kind
        assert list(desk.lists.first_ids(replace(query, filter=none), 5)) == []


@pytest.mark.parametrize("descending", [False, True])
def test_what_is_typed_and_what_is_in_the_trash(store: Store, descending: bool) -> None:
    field = OwnFields(store).create(Entity.LEAD, OwnKind.NUMBER, "Zahl")
    titles = ("rot a", "blau b", "rot c", "rot d", "rot e")
    ids = [add_lead(store, title) for title in titles]
    leads = Leads(store)
    for number, id_ in enumerate(ids[:4]):
        leads.edit([id_], own={field: Decimal(number // 2)})
    leads.delete([ids[0]])
    lists, key = LeadList(store), OwnFields(store).get(field).key
    query = ListQuery(sort=key, descending=descending, text="rot")
    wanted = [ids[3], ids[2], ids[4]] if descending else [ids[2], ids[3], ids[4]]
    assert list(lists.ids(query)) == wanted
    assert [list(lists.first_ids(query, limit)) for limit in (1, 2, 3)] == [wanted[:1], wanted[:2], wanted]


def test_each_group_is_in_the_order(store: Store) -> None:
    fields = OwnFields(store)
    number = fields.create(Entity.LEAD, OwnKind.NUMBER, "Zahl")
    answer = fields.create(Entity.LEAD, OwnKind.FLAG, "Frage")
    ids = [add_lead(store, name, status=Status.ACTIVE) for name in "abcdef"]
    for n, id_ in enumerate(ids[:4]):
        Leads(store).edit([id_], own={number: Decimal(n // 2), answer: n % 2 == 0})
    query = ListQuery(sort=fields.get(number).key, descending=False, group=(fields.get(answer).key,))
    a, b, c, d, e, f = ids
    assert list(LeadList(store).grouped(query).ids) == [a, c, b, d, e, f]
    assert list(LeadList(store).grouped(replace(query, descending=True)).ids) == [c, a, d, b, f, e]


def test_who_has_two_values_stands_there_once(store: Store) -> None:
    """No verb gives two to a record; but a page would show it twice."""
    field = OwnFields(store).create(Entity.LEAD, OwnKind.NUMBER, "Zahl")
    ids = [add_lead(store, name) for name in "abc"]
    for number, id_ in enumerate(ids):
        Leads(store).edit([id_], own={field: Decimal(number)})
    with store.maintenance() as connection:
        connection.exec_driver_sql(
            "INSERT INTO field_value (uid, field_id, lead_id, number)"
            f" SELECT 'another', field_id, lead_id, 500000 FROM field_value WHERE lead_id = {ids[0]}"
        )
    for descending in (False, True):
        query = ListQuery(sort=OwnFields(store).get(field).key, descending=descending)
        assert list(LeadList(store).first_ids(query, 3)) == list(LeadList(store).ids(query))


def test_a_page_is_found_by_the_index_of_the_values(desk: Desk) -> None:
    indexes = {OwnKind.TEXT: "text", OwnKind.NUMBER: "number", OwnKind.FLAG: "number", OwnKind.DAY: "day"}
    for kind, index in indexes.items():
        query = desk.asked(kind, descending=False)
        filled = query.terms.sort_of(query.sort).filled
        assert filled is not None
        with desk.store.read() as connection:
            source, binds = desk.lists.source(connection, query)
            joins, terms = order(query, filled)
            page = f"SELECT {desk.lists.terms.entity}.id {source.replace('{joins}', joins)} ORDER BY {terms} LIMIT 60"
            plan = [row.detail for row in connection.execute(text(f"EXPLAIN QUERY PLAN {page}"), binds)]
        assert f"ix_field_value_{index} (" in plan[0], plan
        assert "USE TEMP B-TREE FOR ORDER BY" not in plan, "the values are sorted once more"
