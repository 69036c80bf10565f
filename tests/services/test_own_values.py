"""Values of own fields: what they may be, that they are what was set, and that each verb is undone."""

from collections.abc import Callable
from datetime import date, datetime
from decimal import Decimal
from typing import Any

import pytest
from sqlalchemy import text

from app.core.errors import InvalidInput, NotFound
from app.core.i18n import Text
from app.core.money import MAX_MINOR, Money
from app.core.terms import Entity
from app.models.store import Store
from app.services.bulk_edit import Verdict
from app.services.bulk_leads import LeadBulk
from app.services.bulk_plan import BulkChange, Put
from app.services.check import check
from app.services.companies import Companies
from app.services.history import History
from app.services.lead_list import LeadList
from app.services.leads import Leads
from app.services.own_fields import OwnFields
from app.services.own_kinds import OwnKind
from app.services.own_values import OwnValue, require, set_values, values_of
from app.services.people import People
from tests.services.seen import everything, statements, steps, value, values
from tests.stores import add_company, add_lead

_OF_KIND: dict[OwnKind, tuple[OwnValue, OwnValue]] = {
    OwnKind.TEXT: ("Hallo Ärger", "Tschüss"),
    OwnKind.LONG_TEXT: ("eins\nzwei", "drei"),
    OwnKind.LINK: ("www.example.com", "https://example.com/a?b=c"),
    OwnKind.FLAG: (True, False),
    OwnKind.NUMBER: (Decimal("12.5"), Decimal("-0.000001")),
    OwnKind.AMOUNT: (Money(12345, "EUR"), Money(1, "CHF")),
    OwnKind.DAY: (date(2027, 3, 15), date(1912, 6, 23)),
    OwnKind.MAIL: ("a@example.com", "ä.b+c@müller.example"),
    OwnKind.PHONE: ("+49 221 12345", "(0221) 1 23-45"),
}


@pytest.fixture
def fields(store: Store) -> OwnFields:
    """The own fields of a store that has none."""
    return OwnFields(store)


def _own(store: Store, lead: int) -> dict[int, OwnValue]:
    return dict(LeadList(store).rows([lead])[0].own)


def _choices(fields: OwnFields, kind: OwnKind = OwnKind.CHOICES) -> tuple[int, list[int]]:
    made = fields.create(Entity.LEAD, kind, "Kanal", ["Web", "Print", "Social"])
    return made, [option.id for option in fields.get(made).options]


@pytest.mark.parametrize("kind", _OF_KIND)
def test_a_value_is_what_was_set_then_another_then_nothing(store: Store, fields: OwnFields, kind: OwnKind) -> None:
    made, leads = fields.create(Entity.LEAD, kind, "Feld"), Leads(store)
    first, second = _OF_KIND[kind]
    lead = leads.create(title="Lead", own={made: first})
    assert _own(store, lead) == {made: first}
    number = value(store, "SELECT id FROM field_value")
    leads.edit([lead], own={made: second})
    assert _own(store, lead) == {made: second}
    assert value(store, "SELECT id FROM field_value") == number  # changed, not made anew
    leads.edit([lead], own={made: None})
    assert _own(store, lead) == {}
    assert values(store, "SELECT * FROM field_value") == []
    assert check(store).ok


def test_several_options_are_added_and_taken_away(store: Store, fields: OwnFields) -> None:
    made, (web, print_, social) = _choices(fields)
    leads = Leads(store)
    lead = leads.create(title="Lead", own={made: (social, web)})
    assert _own(store, lead) == {made: (web, social)} or _own(store, lead) == {made: (social, web)}
    leads.edit([lead], own={made: (web, print_)})
    assert sorted(_own(store, lead)[made]) == sorted((web, print_))  # type: ignore[arg-type]
    leads.edit([lead], own={made: ()})
    assert _own(store, lead) == {}


def test_a_deleted_option_stays_where_it_was_chosen(store: Store, fields: OwnFields) -> None:
    made, (web, print_, _social) = _choices(fields, OwnKind.CHOICE)
    leads = Leads(store)
    chosen, other = leads.create(title="A", own={made: web}), leads.create(title="B")
    fields.delete_option(web)
    assert _own(store, chosen) == {made: web}
    assert fields.get(made).names[web] == "Web"
    leads.edit([chosen], own={made: web}, title="A2")  # saved with all that is there
    with pytest.raises(InvalidInput):
        leads.edit([other], own={made: web})
    leads.edit([chosen], own={made: print_})
    with pytest.raises(InvalidInput):
        leads.edit([chosen], own={made: web})


def test_a_renamed_option_keeps_its_values(store: Store, fields: OwnFields) -> None:
    made, (web, *_rest) = _choices(fields, OwnKind.CHOICE)
    lead = Leads(store).create(title="A", own={made: web})
    fields.rename_option(web, "Internet")
    assert _own(store, lead) == {made: web}
    assert "internet" in value(store, f"SELECT folded FROM search_doc WHERE entity = 'lead' AND row_id = {lead}")


_WRONG: list[tuple[OwnKind, Any]] = [
    (OwnKind.TEXT, 5), (OwnKind.TEXT, "x" * 501), (OwnKind.TEXT, True), (OwnKind.LONG_TEXT, "x" * 100_001),
    (OwnKind.LINK, "kein Link"), (OwnKind.LINK, "javascript:alert(1)"), (OwnKind.LINK, "file:///etc/passwd"),
    (OwnKind.LINK, "http://"), (OwnKind.LINK, "x" * 3000 + ".de"), (OwnKind.LINK, "https://user:secret@example.com"),
    (OwnKind.FLAG, 1), (OwnKind.FLAG, "ja"), (OwnKind.NUMBER, 1.5), (OwnKind.NUMBER, 1),
    (OwnKind.NUMBER, Decimal("0.0000001")), (OwnKind.NUMBER, Decimal("NaN")), (OwnKind.NUMBER, Decimal("Infinity")),
    (OwnKind.NUMBER, Decimal(10**13)), (OwnKind.NUMBER, Decimal("1e400")), (OwnKind.AMOUNT, Decimal(5)),
    (OwnKind.AMOUNT, Money(-1, "EUR")), (OwnKind.AMOUNT, Money(MAX_MINOR + 1, "EUR")), (OwnKind.AMOUNT, Money(1, "€€")),
    (OwnKind.DAY, "2027-01-01"), (OwnKind.DAY, datetime(2027, 1, 1)),  # noqa: DTZ001 - a moment is no day
    (OwnKind.DAY, 5), (OwnKind.CHOICE, 999_999), (OwnKind.CHOICE, True), (OwnKind.CHOICE, "Web"),
    (OwnKind.CHOICES, (999_999,)), (OwnKind.CHOICES, 1), (OwnKind.MAIL, "a@b"), (OwnKind.MAIL, "a b@example.com"),
    (OwnKind.MAIL, "a@example.com, b@example.com"), (OwnKind.PHONE, "12"), (OwnKind.PHONE, "ruf an"),
    (OwnKind.PHONE, "1" * 61),
]  # fmt: skip


@pytest.mark.parametrize(("kind", "wrong"), _WRONG, ids=range(len(_WRONG)))
def test_what_makes_no_sense_is_refused_and_changes_nothing(
    store: Store, fields: OwnFields, kind: OwnKind, wrong: Any
) -> None:
    made = fields.create(Entity.LEAD, kind, "Feld", ["Web"] if kind in (OwnKind.CHOICE, OwnKind.CHOICES) else ())
    lead = add_lead(store, "Lead")
    before = everything(store)
    with pytest.raises(InvalidInput) as refused:
        Leads(store).edit([lead], own={made: wrong}, title="Anders")
    assert refused.value.field == fields.get(made).key
    assert everything(store) == before


@pytest.mark.parametrize("empty", ["", " \n ", "\u0000", None])
def test_an_empty_text_is_no_value(store: Store, fields: OwnFields, empty: OwnValue) -> None:
    made = fields.create(Entity.LEAD, OwnKind.TEXT, "Feld")
    lead = Leads(store).create(title="Lead", own={made: empty})
    assert _own(store, lead) == {}


def test_an_option_of_another_field_is_refused(store: Store, fields: OwnFields) -> None:
    made, _options = _choices(fields)
    other = fields.create(Entity.LEAD, OwnKind.CHOICE, "Anderes", ["A"])
    foreign = fields.get(other).options[0].id
    for wrong in ((foreign,), (_options[0], foreign)):
        with pytest.raises(InvalidInput):
            Leads(store).create(title="Lead", own={made: wrong})


def test_a_field_that_is_gone_or_of_other_records_is_refused(store: Store, fields: OwnFields) -> None:
    gone = fields.create(Entity.LEAD, OwnKind.TEXT, "Weg")
    foreign = fields.create(Entity.COMPANY, OwnKind.TEXT, "Firma")
    fields.delete(gone)
    lead = add_lead(store, "Lead")
    for field_id in (gone, foreign, 999):
        with pytest.raises(NotFound):
            Leads(store).edit([lead], own={field_id: "x"})


def test_values_of_a_deleted_field_are_there_again_after_an_undo(store: Store, fields: OwnFields) -> None:
    made = fields.create(Entity.LEAD, OwnKind.TEXT, "Feld")
    lead = Leads(store).create(title="Lead", own={made: "Unverwechselbar"})
    fields.delete(made)
    assert _own(store, lead) == {}
    assert "unverwechselbar" not in value(store, "SELECT folded FROM search_doc WHERE entity = 'lead'")
    store.undo()
    assert _own(store, lead) == {made: "Unverwechselbar"}
    assert "unverwechselbar" in value(store, "SELECT folded FROM search_doc WHERE entity = 'lead'")


def test_what_is_required_is_asked_by_the_form_and_never_emptied(store: Store, fields: OwnFields) -> None:
    made = fields.create(Entity.LEAD, OwnKind.FLAG, "NDA", required=True)
    leads = Leads(store)
    lead = leads.create(title="Älter")  # as an import makes it
    leads.edit([lead], title="Älter noch")
    with pytest.raises(InvalidInput) as refused:
        require(fields.of(Entity.LEAD), _own(store, lead))
    assert refused.value.field == fields.get(made).key
    leads.edit([lead], own={made: False})
    require(fields.of(Entity.LEAD), _own(store, lead))  # no is an answer
    with pytest.raises(InvalidInput):
        leads.edit([lead], own={made: None})


def test_companies_and_people_have_values_too(store: Store, fields: OwnFields) -> None:
    made = fields.create(Entity.COMPANY, OwnKind.DAY, "Leadpotential")
    firms = [add_company(store, name) for name in ("A", "B", "C")]
    before = everything(store)
    with store.write(Text("Changed")) as session:
        set_values(session, Entity.COMPANY, firms[:2], {made: date(2027, 3, 15)})
    with store.read() as connection:
        assert values_of(connection, Entity.COMPANY, [*firms, 999]) == {
            firms[0]: {made: date(2027, 3, 15)}, firms[1]: {made: date(2027, 3, 15)}, firms[2]: {},
        }  # fmt: skip
    store.undo()
    assert everything(store) == before


def test_a_page_of_rows_is_one_statement(store: Store, fields: OwnFields) -> None:
    made = fields.create(Entity.LEAD, OwnKind.TEXT, "Feld")
    leads = [Leads(store).create(title=f"Lead {n}", own={made: str(n)}) for n in range(8)]
    assert statements(store, lambda: LeadList(store).rows(leads[:2])) == 1
    assert statements(store, lambda: LeadList(store).rows(leads)) == 1
    assert [row.own[made] for row in LeadList(store).rows(leads)] == [str(n) for n in range(8)]


def test_many_leads_get_a_value_in_one_step(store: Store, fields: OwnFields) -> None:
    made = fields.create(Entity.LEAD, OwnKind.TEXT, "Feld")
    ids = [add_lead(store, f"Lead {n}") for n in range(7)]
    before, count = everything(store), steps(store)
    Leads(store).edit(ids, own={made: "alle"})
    assert steps(store) == count + 1
    assert all(row.own == {made: "alle"} for row in LeadList(store).rows(ids))
    store.undo()
    assert everything(store) == before


def test_a_copy_has_the_values_too(store: Store, fields: OwnFields) -> None:
    made, options = _choices(fields)
    gone = fields.create(Entity.LEAD, OwnKind.TEXT, "Weg")
    lead = Leads(store).create(title="Lead", own={made: tuple(options), gone: "x"})
    fields.delete(gone)
    (copy,) = Leads(store).duplicate([lead])
    assert sorted(_own(store, copy)[made]) == sorted(options)  # type: ignore[arg-type]
    assert value(store, f"SELECT count(*) FROM field_value WHERE lead_id = {copy}") == len(options)


def test_a_bulk_change_shows_beforehand_what_it_does(store: Store, fields: OwnFields) -> None:
    made, (web, print_, _social) = _choices(fields, OwnKind.CHOICE)
    flag = fields.create(Entity.LEAD, OwnKind.FLAG, "NDA")
    leads, bulk = Leads(store), LeadBulk(store)
    same, other = leads.create(title="A", own={made: web, flag: True}), leads.create(title="B", own={made: print_})
    change = BulkChange(own={made: Put(web), flag: Put(True)})
    preview = bulk.preview([same, other], change)
    assert [row.verdict for row in preview.rows] == [Verdict.UNCHANGED, Verdict.CHANGED]
    (told,) = preview.rows[1].changes
    assert (told.field, told.before, told.after) == ("own", ((made, print_), (flag, None)), ((made, web), (flag, True)))
    before = everything(store)
    assert bulk.apply([same, other], change) == 1
    assert _own(store, other) == {made: web, flag: True}
    store.undo()
    assert everything(store) == before


def test_a_bulk_change_that_makes_no_sense_is_refused_lead_by_lead(store: Store, fields: OwnFields) -> None:
    made = fields.create(Entity.LEAD, OwnKind.MAIL, "Mail", required=True)
    lead = add_lead(store, "Lead")
    for put in (Put("keine"), Put(None)):
        (row,) = LeadBulk(store).preview([lead], BulkChange(own={made: put})).rows
        assert row.verdict is Verdict.REFUSED
    (row,) = LeadBulk(store).preview([lead], BulkChange(own={999: Put("x")})).rows
    assert row.verdict is Verdict.REFUSED


_TOLD: list[tuple[OwnKind, Callable[[OwnFields, int], tuple[OwnValue, OwnValue]], str]] = [
    (OwnKind.DAY, lambda _f, _i: (date(2027, 3, 15), date(2027, 4, 1)), "Feld: 2027-03-15 → 2027-04-01"),
    (OwnKind.FLAG, lambda _f, _i: (True, False), "Feld: yes → no"),
    (OwnKind.TEXT, lambda _f, _i: ("alt", "neu"), "Feld: alt → neu"),
    (OwnKind.TEXT, lambda _f, _i: (None, "neu"), "Feld: neu"),
    (OwnKind.TEXT, lambda _f, _i: ("alt", None), "Feld removed (was alt)"),
    (OwnKind.LONG_TEXT, lambda _f, _i: ("a", "b"), "Feld changed"),
    (OwnKind.CHOICE, lambda f, i: (f.get(i).options[0].id, f.get(i).options[1].id), "Feld: Web → Print"),
]


@pytest.mark.parametrize(("kind", "pair", "words"), _TOLD, ids=range(len(_TOLD)))
def test_the_history_tells_it(
    store: Store, fields: OwnFields, kind: OwnKind, pair: Callable[[OwnFields, int], Any], words: str
) -> None:
    made = fields.create(Entity.LEAD, kind, "Feld", ["Web", "Print"] if kind is OwnKind.CHOICE else ())
    old, new = pair(fields, made)
    lead = Leads(store).create(title="Lead", own={made: old})
    Leads(store).edit([lead], own={made: new})
    fields.edit(made, name="Später anders")  # it is told under the name it had then
    told = [str(event.words) for event in History(store).of_lead(lead)]
    assert words in told


def test_rows_of_own_values_go_with_a_lead_to_the_trash_and_back(store: Store, fields: OwnFields) -> None:
    made = fields.create(Entity.LEAD, OwnKind.TEXT, "Feld")
    lead = Leads(store).create(title="Lead", own={made: "x"})
    Leads(store).delete([lead])
    with store.read() as connection:
        assert connection.execute(text("SELECT count(*) FROM field_value")).scalar() == 0
    Leads(store).restore([lead])
    assert _own(store, lead) == {made: "x"}


@pytest.mark.parametrize("entity", [Entity.COMPANY, Entity.PERSON])
def test_the_verbs_of_companies_and_people_take_values(store: Store, fields: OwnFields, entity: Entity) -> None:
    made = fields.create(entity, OwnKind.DAY, "Leadpotential")
    verbs: Companies | People = Companies(store) if entity is Entity.COMPANY else People(store)
    record = verbs.create(name="Müller", own={made: date(2027, 3, 15)})
    with store.read() as connection:
        assert values_of(connection, entity, [record]) == {record: {made: date(2027, 3, 15)}}
    before, count = everything(store), steps(store)
    verbs.edit([record], info="Neu", own={made: date(2027, 4, 1)})
    assert steps(store) == count + 1
    assert "Leadpotential" in str(History(store).next_undo())
    with store.read() as connection:
        assert values_of(connection, entity, [record]) == {record: {made: date(2027, 4, 1)}}
    store.undo()
    assert everything(store) == before
    with pytest.raises(InvalidInput):
        verbs.edit([record], own={made: "bald"})
    assert everything(store) == before
