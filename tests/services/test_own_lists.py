"""Lists by own fields: truth tables with records without a value, orders, groups, and what is gone of a kept filter."""

from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest

from app.core.changes import ChangeSet
from app.core.errors import InvalidInput
from app.core.i18n import Text
from app.core.money import Money
from app.core.terms import Entity, Status
from app.models.store import Store
from app.services.company_list import CompanyList, CompanyQuery
from app.services.filter_fields import Op, spec_of
from app.services.filter_names import Gone, names_of, offered, without_gone
from app.services.lead_list import LeadList, ListQuery
from app.services.leads import Leads
from app.services.own_fields import OwnFields
from app.services.own_kinds import OwnKind
from app.services.own_values import OwnValue, set_values
from app.services.record_filter import AllOf, Condition, Not, dumps, loads, plain
from app.services.saved_views import SavedViews
from tests.services.seen import told
from tests.stores import TODAY, Fillings, add_company, add_rate

_LONG = "Anfang " + "wort " * 60 + "Müllerstraße"
_VALUES: dict[OwnKind, dict[str, OwnValue]] = {
    OwnKind.TEXT: {"A": "Grüße aus Köln", "B": "gruesse", "C": "anderes"},
    OwnKind.LONG_TEXT: {"A": _LONG, "B": "kurz: Mueller", "C": "nichts"},
    OwnKind.LINK: {"A": "www.example.com", "B": "https://test.example", "C": "x.de"},
    OwnKind.MAIL: {"A": "a@example.com", "B": "b@example.com", "C": "c@test.de"},
    OwnKind.PHONE: {"A": "+49 221 1", "B": "0221 2", "C": "0800 3"},
    OwnKind.FLAG: {"A": True, "B": False, "C": True},
    OwnKind.NUMBER: {"A": Decimal("-1.5"), "B": Decimal(0), "C": Decimal("2.000001")},
    OwnKind.AMOUNT: {"A": Money(100_00, "EUR"), "B": Money(100_00, "CHF"), "C": Money(100_00, "USD")},
    OwnKind.DAY: {"A": TODAY, "B": TODAY + timedelta(days=30), "C": date(1969, 12, 31)},
}
#: Each question and the leads of A, B, C and D (which has no value) that answer it with yes.
_TABLE: list[tuple[OwnKind, Op, tuple[Any, ...], str]] = [
    (OwnKind.TEXT, Op.CONTAINS, ("grüss",), "AB"), (OwnKind.TEXT, Op.CONTAINS, ("KOELN",), "A"),
    (OwnKind.TEXT, Op.LACKS, ("grüß",), "CD"), (OwnKind.TEXT, Op.EMPTY, (), "D"), (OwnKind.TEXT, Op.FILLED, (), "ABC"),
    (OwnKind.TEXT, Op.CONTAINS, ("%",), ""), (OwnKind.TEXT, Op.CONTAINS, ("'",), ""),
    (OwnKind.LONG_TEXT, Op.CONTAINS, ("Müllerstr",), "A"), (OwnKind.LONG_TEXT, Op.CONTAINS, ("muller",), "AB"),
    (OwnKind.LONG_TEXT, Op.LACKS, ("wort",), "BCD"), (OwnKind.LINK, Op.CONTAINS, ("example",), "AB"),
    (OwnKind.MAIL, Op.CONTAINS, ("@test",), "C"), (OwnKind.PHONE, Op.CONTAINS, ("221",), "AB"),
    (OwnKind.FLAG, Op.IS, ("yes",), "AC"), (OwnKind.FLAG, Op.IS, ("no",), "B"), (OwnKind.FLAG, Op.IS, (None,), "D"),
    (OwnKind.FLAG, Op.IS, ("no", None), "BD"), (OwnKind.FLAG, Op.IS_NOT, ("yes",), "BD"),
    (OwnKind.FLAG, Op.IS_NOT, (None,), "ABC"),
    (OwnKind.NUMBER, Op.FROM, (0,), "BC"), (OwnKind.NUMBER, Op.TO, (0,), "AB"), (OwnKind.NUMBER, Op.EMPTY, (), "D"),
    (OwnKind.NUMBER, Op.BETWEEN, (-1_500_000, -1), "A"), (OwnKind.NUMBER, Op.FROM, (2_000_001,), "C"),
    (OwnKind.NUMBER, Op.FROM, (2_000_002,), ""),
    (OwnKind.AMOUNT, Op.FROM, (100_00,), "A"), (OwnKind.AMOUNT, Op.TO, (100_00,), "AB"),
    (OwnKind.AMOUNT, Op.BETWEEN, (95_00, 95_00), "B"), (OwnKind.AMOUNT, Op.FILLED, (), "ABC"),
    (OwnKind.DAY, Op.TODAY, (), "A"), (OwnKind.DAY, Op.COMING, (30,), "AB"), (OwnKind.DAY, Op.COMING, (29,), "A"),
    (OwnKind.DAY, Op.TO, (date(1970, 1, 1),), "C"), (OwnKind.DAY, Op.IN, ("month", 0), "A"),
    (OwnKind.DAY, Op.IN, ("month", 1), "B"), (OwnKind.DAY, Op.PAST, (0,), "A"), (OwnKind.DAY, Op.EMPTY, (), "D"),
]  # fmt: skip


@dataclass(frozen=True)
class Made:
    """A field of each kind, two of choices with what they offer, and leads by title; the last has no value in any."""

    ids: dict[OwnKind, int]
    choice: tuple[int, list[int]]
    choices: tuple[int, list[int]]
    leads: dict[str, int]


def _make(store: Store) -> Made:
    add_rate(store, "CHF", TODAY, "0.95")  # and none for dollars
    fields, leads = OwnFields(store), Leads(store)
    ids = {kind: fields.create(Entity.LEAD, kind, f"Feld {kind}") for kind in _VALUES}
    choice, choices = _choice(fields, OwnKind.CHOICE, "Branche"), _choice(fields, OwnKind.CHOICES, "Kanäle")
    one, two, three = choice[1]
    some = {"A": (choices[1][0], choices[1][2]), "B": (choices[1][1],), "C": (choices[1][2],)}
    made = {}
    for name in "ABCD":
        own = {
            **{field: _VALUES[kind].get(name) for kind, field in ids.items()},
            choice[0]: {"A": three, "B": one, "C": two}.get(name),
            choices[0]: some.get(name),
        }
        made[name] = leads.create(title=name, own=own)
    return Made(ids, choice, choices, made)


def _choice(fields: OwnFields, kind: OwnKind, name: str) -> tuple[int, list[int]]:
    made = fields.create(Entity.LEAD, kind, name, ["eins", "zwei", "drei"])
    return made, [option.id for option in fields.get(made).options]


class Desk:
    """Four leads and a field of each kind."""

    def __init__(self, store: Store, made: Made) -> None:
        self.store = store
        self.fields = OwnFields(store)
        self.ids, self.choice, self.choices, self.leads = made.ids, made.choice, made.choices, made.leads

    def key(self, field_id: int) -> str:
        """The key of a field."""
        return self.fields.get(field_id).key

    def names(self, query: ListQuery) -> str:
        """The titles of what a query shows, in its order."""
        lists = LeadList(self.store)
        return "".join(row.title for row in lists.rows(lists.ids(query)))

    def fitting(self, condition: Condition) -> str:
        """The titles of what fits, in their order."""
        whole = self.names(ListQuery(filter=condition, sort="title", descending=False))
        rest = self.names(ListQuery(filter=Not(condition), sort="title", descending=False))
        assert sorted(whole + rest) == list("ABCD"), "NOT is not the opposite"
        assert LeadList(self.store).count(ListQuery(filter=condition)) == len(whole)
        return whole


@pytest.fixture
def fillings() -> Fillings:
    return {"desk": _make}


@pytest.fixture
def desk(store: Store, stocked: dict[str, Made]) -> Desk:
    """Leads with values."""
    return Desk(store, stocked["desk"])


@pytest.mark.parametrize(("kind", "op", "asked", "wanted"), _TABLE, ids=range(len(_TABLE)))
def test_the_truth(desk: Desk, kind: OwnKind, op: Op, asked: tuple[Any, ...], wanted: str) -> None:
    condition = Condition(desk.key(desk.ids[kind]), op, asked)
    assert loads(dumps(condition)) == condition
    assert desk.fitting(condition) == wanted


def test_the_truth_of_choices(desk: Desk) -> None:
    key, (one, two, three) = desk.key(desk.choice[0]), desk.choice[1]
    assert desk.fitting(Condition(key, Op.IS, (one, three))) == "AB"
    assert desk.fitting(Condition(key, Op.IS_NOT, (one,))) == "ACD"
    assert desk.fitting(Condition(key, Op.IS, (two, None))) == "CD"
    key, (first, second, third) = desk.key(desk.choices[0]), desk.choices[1]
    assert desk.fitting(Condition(key, Op.IS, (third,))) == "AC"
    assert desk.fitting(Condition(key, Op.IS_NOT, (third,))) == "BD"
    assert desk.fitting(Condition(key, Op.IS, (first, second))) == "AB"
    assert desk.fitting(Condition(key, Op.IS, (None,))) == "D"


_NONSENSE: list[tuple[str, Op, tuple[Any, ...]]] = [
    ("own.text.1", Op.IS, ("a",)), ("own.text.1", Op.CONTAINS, ("",)), ("own.flag.1", Op.IS, ("maybe",)),
    ("own.flag.1", Op.YES, ()), ("own.number.1", Op.FROM, (1.5,)), ("own.number.1", Op.FROM, (10**19,)),
    ("own.number.1", Op.BETWEEN, (2, 1)), ("own.day.1", Op.FROM, (5,)), ("own.choice.1", Op.IS, ("x",)),
    ("own.choice.1", Op.IS, ()), ("own.text.0", Op.EMPTY, ()), ("own.nothing.1", Op.EMPTY, ()),
    ("own.text.1; DROP TABLE lead", Op.EMPTY, ()), ("offer.own.text.1", Op.EMPTY, ()),
]  # fmt: skip


@pytest.mark.parametrize(("key", "op", "asked"), _NONSENSE, ids=range(len(_NONSENSE)))
def test_what_cannot_be_asked(key: str, op: Op, asked: tuple[Any, ...]) -> None:
    with pytest.raises(InvalidInput):
        Condition(key, op, asked)


@pytest.mark.parametrize(
    ("kind", "wanted"),
    [
        (OwnKind.TEXT, "CBA"), (OwnKind.FLAG, "BAC"), (OwnKind.NUMBER, "ABC"), (OwnKind.AMOUNT, "BA"),
        (OwnKind.DAY, "CAB"), (OwnKind.LINK, "BAC"),
    ],
)  # fmt: skip
def test_orders_put_what_has_no_value_last(desk: Desk, kind: OwnKind, wanted: str) -> None:
    key = desk.key(desk.ids[kind])
    rest = "".join(sorted(set("ABCD") - set(wanted)))
    assert desk.names(ListQuery(sort=key, descending=False)) == wanted + rest
    assert desk.names(ListQuery(sort=key, descending=True))[len(wanted) :] == rest[::-1]


def test_a_choice_is_sorted_by_the_order_of_its_options(desk: Desk) -> None:
    key = desk.key(desk.choice[0])
    assert desk.names(ListQuery(sort=key, descending=False)) == "BCAD"
    desk.fields.reorder_options(desk.choice[0], list(reversed(desk.choice[1])))
    assert desk.names(ListQuery(sort=key, descending=False)) == "ACBD"


@pytest.mark.parametrize("key", ["own.text", "company.own.text.1", "own.birthday.1", "nothing"])
def test_there_is_no_such_order_or_group(desk: Desk, key: str) -> None:
    lists = LeadList(desk.store)
    with pytest.raises(KeyError):
        lists.ids(ListQuery(sort=key))
    with pytest.raises(KeyError):
        lists.grouped(ListQuery(group=(key,)))


def test_groups(desk: Desk) -> None:
    lists = LeadList(desk.store)

    def groups(field: int) -> list[tuple[Any, str, int]]:
        found = lists.grouped(ListQuery(group=(desk.key(field),))).groups
        return [(group.key, group.name, group.count) for group in found]

    one, two, three = desk.choice[1]
    assert groups(desk.choice[0]) == [(one, "eins", 1), (two, "zwei", 1), (three, "drei", 1), (None, "", 1)]
    assert groups(desk.ids[OwnKind.FLAG]) == [("yes", "", 2), ("no", "", 1), (None, "", 1)]
    months = [1969 * 12 + 11, 2026 * 12 + 10, 2026 * 12 + 11]
    assert groups(desk.ids[OwnKind.DAY]) == [*((month, "", 1) for month in months), (None, "", 1)]
    with pytest.raises(KeyError):
        groups(desk.ids[OwnKind.TEXT])


def test_a_change_of_a_value_asks_a_list_anew(desk: Desk) -> None:
    field = desk.ids[OwnKind.NUMBER]
    key = desk.key(field)
    queries = (
        ListQuery(sort=key), ListQuery(filter=Condition(key, Op.EMPTY)),
        ListQuery(group=(desk.key(desk.ids[OwnKind.FLAG]),)),
    )  # fmt: skip

    def edit() -> None:
        Leads(desk.store).edit([desk.leads["D"]], own={field: Decimal(5), desk.ids[OwnKind.FLAG]: True})

    (change,) = told(desk.store, edit)
    assert isinstance(change, ChangeSet)
    assert all(query.reordered_by(change) for query in queries)
    assert not ListQuery(sort="title").reordered_by(change)


def test_what_is_gone_of_a_kept_filter_is_told_and_dropped(desk: Desk) -> None:
    views, fields, field = SavedViews(desk.store), desk.fields, desk.ids[OwnKind.TEXT]
    key, choice = desk.key(field), desk.key(desk.choice[0])
    kept = AllOf((Condition(key, Op.FILLED), Condition(choice, Op.IS, tuple(desk.choice[1][:2]))))
    view = views.get(views.create("leads", "Meine", {"filter": plain(kept)}))
    assert view is not None
    assert views.query(view) == (ListQuery((Status.ACTIVE,), filter=kept, sort="weighted"), ())
    fields.delete(field)
    fields.delete_option(desk.choice[1][0])
    query, gone = views.query(view)
    assert set(gone) == {Gone(key, "Feld text"), Gone(choice, "eins")}
    assert query.filter == AllOf((Condition(choice, Op.IS, (desk.choice[1][1],)),))
    never = Condition("own.day.999", Op.EMPTY)
    assert without_gone(never, names_of(desk.store, never)) == (None, (Gone("own.day.999", ""),))


def test_a_key_of_another_kind_than_the_field_has_is_gone(desk: Desk) -> None:
    tree = Condition(f"own.day.{desk.ids[OwnKind.TEXT]}", Op.FILLED)
    assert without_gone(tree, names_of(desk.store, tree))[0] is None


def test_a_choice_offers_its_own_options_alone(desk: Desk) -> None:
    assert [name for _id, name in offered(desk.store, desk.key(desk.choice[0]))] == ["eins", "zwei", "drei"]
    desk.fields.delete_option(desk.choice[1][1])
    assert [name for _id, name in offered(desk.store, desk.key(desk.choice[0]))] == ["eins", "drei"]
    assert spec_of(desk.key(desk.choice[0])).table == "field_option"


def test_companies_are_listed_by_their_own_fields(store: Store) -> None:
    made = OwnFields(store).create(Entity.COMPANY, OwnKind.DAY, "Leadpotential")
    key = OwnFields(store).get(made).key
    firms = [add_company(store, name) for name in ("A", "B")]
    with store.write(Text("Changed")) as session:
        set_values(session, Entity.COMPANY, firms[1:], {made: TODAY})
    lists = CompanyList(store)
    assert list(lists.ids(CompanyQuery(filter=Condition(key, Op.TODAY)))) == firms[1:]
    assert list(lists.ids(CompanyQuery(filter=Condition(key, Op.EMPTY)))) == firms[:1]
    assert list(lists.ids(CompanyQuery(sort=key))) == [firms[1], firms[0]]
    with pytest.raises(InvalidInput):
        LeadList(store).ids(ListQuery(filter=Condition(key, Op.TODAY)))
