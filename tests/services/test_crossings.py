"""Two people change one value of a record at the same time: the second hears of the first before anything is lost."""

import random
from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from app.core.clock import FixedClock
from app.core.errors import TrichterError
from app.core.money import Money
from app.core.terms import CompanyKind, Entity, Status
from app.models.store import Store
from app.services.companies import Companies
from app.services.crossing_words import told
from app.services.crossings import Crossed
from app.services.lead_fields import NextStep, Recommender
from app.services.lead_list import LeadList
from app.services.leads import Leads
from app.services.own_fields import OwnFields
from app.services.own_kinds import OwnKind
from app.services.people import People
from app.services.record_detail import RecordDetails
from tests.models.deeds import own_value
from tests.models.test_sequences import Player, _begin
from tests.services.seen import everything
from tests.stores import add_member

pytestmark = pytest.mark.usefixtures("spoken")


@pytest.fixture
def other(store: Store) -> int:
    return add_member(store, "Ben Roth", "BR")


def by(store: Store, actor: int, verb: Any, *args: Any, **fields: Any) -> None:
    """Somebody else does something."""
    mine, store.actor_id = store.actor_id, actor
    verb(*args, **fields)
    store.actor_id = mine


def words(store: Store, crossed: Crossed) -> list[tuple[list[str], list[str], str]]:
    return [(list(map(str, each.theirs)), list(map(str, each.mine)), each.actor) for each in told(store, crossed)]


def test_both_values_and_who_are_told(store: Store, other: int) -> None:
    companies = Companies(store)
    company = companies.create(name="Firma", industry="Bau", kinds=[CompanyKind.CUSTOMER])
    seen = store.newest()
    by(store, other, companies.edit, [company], industry="Handel", number="7", info="Neu\nhier")
    with pytest.raises(Crossed) as refused:
        companies.edit_seen(company, {}, {"industry": "Film", "info": "Anders", "name": "Firma AG"}, seen)
    assert refused.value.fields == {"industry", "info"}
    assert words(store, refused.value) == [
        (["Industry Bau → Handel"], ["Industry Bau → Film"], "Ben Roth"),
        (["Info: Neu\nhier"], ["Info: Anders"], "Ben Roth"),
    ]
    found = RecordDetails(store).company(company)
    assert (found.name, found.industry, found.number, found.info) == ("Firma", "Handel", "7", "Neu\nhier")
    companies.edit_seen(company, {}, {"industry": "Film"}, refused.value.newest)
    assert RecordDetails(store).company(company).industry == "Film"


def test_what_only_one_changed_is_kept_of_both(store: Store, other: int) -> None:
    people = People(store)
    person = people.create(given="Anna", family="Alt")
    seen = RecordDetails(store).person(person).step
    by(store, other, people.edit, [person], salutation="ms", touch_target=30)
    people.edit_seen(person, {}, {"prefix": "Dr.", "birthday": date(1980, 4, 3)}, seen)
    found = RecordDetails(store).person(person)
    assert (found.salutation, found.own_target, found.prefix, found.birthday) == ("ms", 30, "Dr.", date(1980, 4, 3))


def test_the_same_value_and_one_that_was_taken_back_do_not_cross(store: Store, other: int) -> None:
    companies = Companies(store)
    company = companies.create(name="Firma", industry="Bau")
    seen = store.newest()
    by(store, other, companies.edit, [company], industry="Handel")
    companies.edit_seen(company, {}, {"industry": "Handel"}, seen)
    by(store, other, store.undo)
    companies.edit_seen(company, {}, {"industry": "Ton"}, seen)
    assert RecordDetails(store).company(company).industry == "Ton"


def test_an_undo_is_a_change_of_whoever_did_it(store: Store, other: int) -> None:
    companies = Companies(store)
    company = companies.create(name="Firma", industry="Bau")
    by(store, other, companies.edit, [company], industry="Handel")
    seen = store.newest()
    by(store, other, store.undo)
    with pytest.raises(Crossed) as refused:
        companies.edit_seen(company, {}, {"industry": "Film"}, seen)
    assert words(store, refused.value) == [(["Industry Handel → Bau"], ["Industry Handel → Film"], "Ben Roth")]


def test_the_kinds_of_a_company_are_one_value(store: Store, other: int) -> None:
    companies = Companies(store)
    company = companies.create(name="Firma", kinds=[CompanyKind.CUSTOMER])
    seen = store.newest()
    by(store, other, companies.edit, [company], kinds=[CompanyKind.CUSTOMER, CompanyKind.SUPPLIER])
    with pytest.raises(Crossed) as refused:
        companies.edit_seen(company, {}, {"kinds": (CompanyKind.CUSTOMER, CompanyKind.OTHER)}, seen)
    assert refused.value.fields == {"kinds"}


def test_values_of_a_lead(store: Store, other: int) -> None:
    leads = Leads(store)
    lead = leads.create(Status.ACTIVE, title="Film", amount=Money.of(20_000, "EUR"), company="Eckhof", source="Messe")
    seen = store.newest()
    by(store, other, leads.edit, [lead], amount=Money.of(30_000, "EUR"), company="Anders", probability=90,
       recommender=Recommender("person", "Rita Rat"), user_id=other)  # fmt: skip
    mine: Any = {
        "amount": Money.of(40_000, "CHF"), "company": "Ganz Neu", "probability": 100, "title": "Film 2",
        "recommender": Recommender("company", "Wurst"),
    }  # fmt: skip
    with pytest.raises(Crossed) as refused:
        leads.edit_seen(lead, {}, mine, seen)
    assert {field: row for field, *row in zip(
        (each.field for each in refused.value.crossings), words(store, refused.value), strict=True)
    } == {
        "amount": [(["Volume €20,000 → €30,000"], ["Volume €20,000 → CHF\xa040,000"], "Ben Roth")],
        "company": [(["Company Eckhof → Anders"], ["Company Eckhof → Ganz Neu"], "Ben Roth")],
        "probability": [(["Probability: 45%"], ["Probability: 50%"], "Ben Roth")],
        "recommender": [(["Recommended by: Rita Rat"], ["Recommended by: Wurst"], "Ben Roth")],
    }  # fmt: skip
    leads.edit_seen(lead, {}, mine, refused.value.newest)
    assert LeadList(store).rows([lead])[0].company == "Ganz Neu"


@pytest.mark.parametrize(
    ("theirs", "mine", "crosses"),
    [
        (NextStep(date(2026, 12, 1), "A"), NextStep(date(2026, 12, 2), "A"), True),
        (NextStep(date(2026, 11, 30), "A"), NextStep(date(2026, 11, 30), "B"), True),
        (None, NextStep(date(2026, 12, 2), "A"), True),
        (NextStep(date(2026, 12, 1), "A"), None, True),
        (NextStep(date(2026, 12, 1), "A"), NextStep(date(2026, 12, 1), "A"), False),
    ],
)
def test_the_next_step_of_a_lead(
    store: Store, other: int, theirs: NextStep | None, mine: NextStep | None, crosses: bool
) -> None:
    leads = Leads(store)
    lead = leads.create(Status.ACTIVE, title="Film", next_step=NextStep(date(2026, 11, 30), "Alt"))
    seen = store.newest()
    by(store, other, leads.edit, [lead], next_step=theirs)
    if not crosses:
        leads.edit_seen(lead, {}, {"next_step": mine}, seen)
        return
    with pytest.raises(Crossed) as refused:
        leads.edit_seen(lead, {}, {"next_step": mine}, seen)
    assert refused.value.fields == {"next_step"}
    [(they, me, _who)] = words(store, refused.value)
    assert they
    assert me


def test_a_step_that_both_put_down_where_there_was_none(store: Store, other: int) -> None:
    leads = Leads(store)
    lead = leads.create(Status.ACTIVE, title="Film")
    seen = store.newest()
    by(store, other, leads.edit, [lead], next_step=NextStep(date(2026, 12, 1), "Anrufen"))
    with pytest.raises(Crossed) as refused:
        leads.edit_seen(lead, {}, {"next_step": NextStep(date(2026, 12, 2), "Anrufen")}, seen)
    assert words(store, refused.value) == [
        (["Next step 1 Dec 2026: Anrufen"], ["Next step 2 Dec 2026: Anrufen"], "Ben Roth")
    ]


def test_a_step_that_was_finished_meanwhile_is_not_done_once_more(store: Store, other: int) -> None:
    leads = Leads(store)
    lead = leads.create(Status.ACTIVE, title="Film", next_step=NextStep(date(2026, 11, 30), "Anrufen"))
    seen = store.newest()
    by(store, other, leads.finish_step, [lead])
    with pytest.raises(Crossed) as refused:
        leads.edit_seen(lead, {}, {"next_step": NextStep(date(2026, 12, 2), "Anrufen")}, seen)
    assert words(store, refused.value)[0][0] == ["Step “Anrufen” finished"]


def test_who_hands_the_lead_over_leaves_the_step_to_others(store: Store, other: int) -> None:
    leads = Leads(store)
    lead = leads.create(Status.ACTIVE, title="Film", next_step=NextStep(date(2026, 11, 30), "Alt"))
    seen = store.newest()
    by(store, other, leads.edit, [lead], next_step=NextStep(date(2026, 12, 1), "Neu"))
    leads.edit_seen(lead, {}, {"user_id": other}, seen)
    assert LeadList(store).rows([lead])[0].next_step_text == "Neu"


@pytest.mark.parametrize(
    ("kind", "before", "theirs", "mine"),
    [
        (OwnKind.NUMBER, None, Decimal(1), Decimal(2)),
        (OwnKind.NUMBER, Decimal(1), None, Decimal(2)),
        (OwnKind.NUMBER, Decimal(1), Decimal(2), None),
        (OwnKind.NUMBER, Decimal(1), Decimal(2), Decimal(3)),
        (OwnKind.AMOUNT, Money(1, "EUR"), Money(1, "CHF"), Money(2, "EUR")),
        (OwnKind.LONG_TEXT, "a", "b", "c"),
        (OwnKind.FLAG, True, False, None),
    ],
)
@pytest.mark.parametrize("entity", list(Entity))
def test_own_fields(
    store: Store, other: int, entity: Entity, kind: OwnKind, before: Any, theirs: Any, mine: Any
) -> None:
    field = OwnFields(store).create(entity, kind, "Eigenes")
    verbs: Any = {Entity.LEAD: Leads, Entity.COMPANY: Companies, Entity.PERSON: People}[entity](store)
    record = verbs.create(**{"title" if entity is Entity.LEAD else "name": "X"}, own={field: before})
    seen = store.newest()
    by(store, other, verbs.edit, [record], own={field: theirs})
    with pytest.raises(Crossed) as refused:
        verbs.edit_seen(record, {}, {"own": {field: mine}}, seen)
    assert refused.value.fields == {next(each.key for each in OwnFields(store).of(entity) if each.id == field)}
    [(they, me, who)] = words(store, refused.value)
    assert (bool(they), bool(me), who) == (True, True, "Ben Roth")
    verbs.edit_seen(record, {}, {"own": {field: mine}}, refused.value.newest)


def test_an_own_value_is_told_as_it_was_seen(store: Store, other: int) -> None:
    fields, companies = OwnFields(store), Companies(store)
    word, long, price = (
        fields.create(Entity.COMPANY, kind, kind.value) for kind in (OwnKind.TEXT, OwnKind.LONG_TEXT, OwnKind.AMOUNT)
    )
    company = companies.create(name="Firma", own={price: Money(100, "EUR"), long: "a"})
    seen = store.newest()
    by(store, other, companies.edit, [company], own={word: "x", long: "b", price: Money(200, "EUR")})
    with pytest.raises(Crossed) as refused:
        companies.edit_seen(company, {}, {"own": {word: "y", long: "c", price: Money(300, "EUR")}}, seen)
    assert [(they, mine) for they, mine, _who in words(store, refused.value)] == [
        (["text: x"], ["text: y"]),
        (["long_text a → b"], ["long_text a → c"]),
        (["amount: €1 → €2"], ["amount: €1 → €3"]),
    ]


def test_two_own_fields_do_not_cross(store: Store, other: int) -> None:
    fields, companies = OwnFields(store), Companies(store)
    one, two = (fields.create(Entity.COMPANY, OwnKind.TEXT, name) for name in ("Eins", "Zwei"))
    company = companies.create(name="Firma")
    seen = store.newest()
    by(store, other, companies.edit, [company], own={one: "a"})
    companies.edit_seen(company, {}, {"own": {two: "b"}}, seen)
    assert RecordDetails(store).company(company).own == {one: "a", two: "b"}


@pytest.mark.parametrize("seed", range(2))
def test_whatever_others_did_it_is_told_or_nothing_of_it_is_lost(store: Store, clock: FixedClock, seed: int) -> None:
    """Random steps of others; then all fields are written as they would be by a form that was open all the time."""
    _begin(store)
    player, chance = Player(store, clock, random.Random(seed)), random.Random(seed)
    leads, companies, refused = Leads(store), Companies(store), 0
    for _turn in range(20):
        seen = store.newest()
        for _ in range(8):
            player.act(_undo if chance.random() < 0.2 else None)
        own = {entity: OwnFields(store).of(entity) for entity in (Entity.LEAD, Entity.COMPANY)}
        for verbs, entity, ids, fields in (
            (leads, Entity.LEAD, player.some()[:1], {
                "title": "Neu", "amount": Money(chance.randrange(9999), "CHF"), "company": f"Firma {chance.random()}",
                "user_id": None, "info": "Anders", "next_step": NextStep(store.today(), "Anrufen"),
            }),
            (companies, Entity.COMPANY, player.records("company")[:1], {
                "name": f"Neu {chance.random()}", "industry": "Film", "kinds": [], "touch_target": 9, "info": "Anders",
            }),
        ):  # fmt: skip
            for record in ids:
                own_values = {each.id: own_value(player, each) for each in own[entity]}
                refused += _edit_unless_crossed(store, verbs, record, {**fields, "own": own_values}, seen)
    assert refused


def _undo(player: Player) -> None:
    player.store.undo()


def _edit_unless_crossed(store: Store, verbs: Any, record: int, fields: dict[str, Any], seen: int) -> bool:
    """Whether it was refused for somebody else's change; then nothing was written, and all of it is told."""
    before = everything(store)
    try:
        verbs.edit_seen(record, {}, fields, seen)
    except TrichterError as error:
        refused = error
    else:
        return False
    assert everything(store) == before
    if isinstance(refused, Crossed):
        for crossing, (they, mine, _who) in zip(refused.crossings, words(store, refused), strict=True):
            assert they, crossing
            assert mine, crossing
    return isinstance(refused, Crossed)


def test_a_person_is_edited_where_birthdays_remind(store: Store) -> None:
    """How birthdays remind is kept among the own fields of people, and is none."""
    OwnFields(store).set_birthday(True, 7)
    people = People(store)
    person = people.create(given="Eva", family="Roth")
    people.edit_seen(person, {}, {"info": "Neu"}, store.newest())
    assert RecordDetails(store).person(person).info == "Neu"
