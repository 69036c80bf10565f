"""Filters in words: what is meant by each, what is unclear, and that it finds the right leads."""

from collections.abc import Sequence
from datetime import date
from typing import Any

import pytest

from app.core.terms import CompanyKind, Entity, Status
from app.models.store import Store
from app.services.companies import Companies
from app.services.company_list import CompanyList, CompanyQuery
from app.services.filter_fields import Op, spec_of
from app.services.filter_operators import OPERATORS, has_words
from app.services.lead_list import LeadList, ListQuery
from app.services.record_filter import Condition, Filter, Not, top
from app.services.word_filter import Reading, WordFilters
from tests.services.test_search import HOSTILE
from tests.stores import add_company, add_lead, add_member, add_step, add_tag, month


def read(store: Store, typed: str) -> Reading:
    """What is meant."""
    return WordFilters(store).read(typed)


def parts(store: Store, typed: str) -> Sequence[Filter]:
    """The parts of the filter, where everything is clear."""
    found = read(store, typed)
    assert found.unclear == ()
    return top(found.filter)


def is_(field: str, *values: Any) -> Condition:
    """It is one of these."""
    return Condition(field, Op.IS, values)


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("stufe:angebot", is_("stage", 3)), ("stage:Angebot", is_("stage", 3)), ("stuf:ang", is_("stage", 3)),
        ("stufe:zusage", is_("stage", 5)), ('stufe:"mündliche zusage"', is_("stage", 5)),
        ("stufe:muendliche", is_("stage", 5)), ("stufe:angebot,vorstellung", is_("stage", 3, 2)),
        ("-stufe:angebot", Condition("stage", Op.IS_NOT, (3,))),
        ("verantw:ak", is_("responsible", 1)), ("responsible:kern", is_("responsible", 1)),
        ("verantwortlich:niemand", is_("responsible", None)), ("resp:none,ak", is_("responsible", None, 1)),
        ("status:gewonnen", is_("status", "won")), ("status:won,verloren", is_("status", "won", "lost")),
        ("state:offen", is_("status", "potential", "active")), ("status:gew", is_("status", "won")),
        (">10k", Condition("volume", Op.FROM, (10_000_00,))), ("<50.000", Condition("volume", Op.TO, (50_000_00,))),
        (">=1,5k€", Condition("volume", Op.FROM, (1_500_00,))),
        ("-volumen:>10k", Not(Condition("volume", Op.FROM, (10_000_00,)))),
        (">10k <50k", Condition("volume", Op.BETWEEN, (10_000_00, 50_000_00))),
        ("volumen:10k-50k", Condition("volume", Op.BETWEEN, (10_000_00, 50_000_00))),
        ("gewichtet:5k", Condition("weighted", Op.FROM, (5_000_00,))), ("volumen:ohne", Condition("volume", Op.EMPTY)),
        (">50%", Condition("probability", Op.FROM, (100,))), ("wahr:<12,5", Condition("probability", Op.TO, (25,))),
        ("überfällig", Condition("next_step", Op.OVERDUE)), ("Overdue", Condition("next_step", Op.OVERDUE)),
        ("ueberfaellig", Condition("next_step", Op.OVERDUE)), ("-überfällig", Not(Condition("next_step", Op.OVERDUE))),
        ("schritt:heute", Condition("next_step", Op.TODAY)), ("step:none", Condition("next_step", Op.EMPTY)),
        ("-step:none", Condition("next_step", Op.FILLED)), ("schritt:überfällig", Condition("next_step", Op.OVERDUE)),
        ("angelegt:2026", Condition("created", Op.BETWEEN, (date(2026, 1, 1), date(2026, 12, 31)))),
        ("created:>1.3.2026", Condition("created", Op.FROM, (date(2026, 3, 1),))),
        ("abgeschl:<2026", Condition("closed", Op.TO, (date(2026, 12, 31),))),
        ("zeitraum:2027", Condition("period", Op.BETWEEN, (month("2027-01"), month("2027-12")))),
        ("period:q1/27", Condition("period", Op.BETWEEN, (month("2027-01"), month("2027-03")))),
        ("titel:web", Condition("title", Op.CONTAINS, ("web",))),
        ("-titel:web", Condition("title", Op.LACKS, ("web",))),
        ('"genaue worte"', Condition("text", Op.CONTAINS, ("genaue worte",))),
        ('"überfällig"', Condition("text", Op.CONTAINS, ("überfällig",))),
        ("-druck", Condition("text", Op.LACKS, ("druck",))),
        ('-"zwei worte"', Condition("text", Op.LACKS, ("zwei worte",))),
    ],
)  # fmt: skip
def test_what_is_meant(store: Store, typed: str, meant: Filter) -> None:
    assert parts(store, typed) == (meant,)
    assert read(store, f"müller {typed} web").rest == "müller web"


@pytest.mark.parametrize(
    "typed",
    ["relaunch müller", "14:30", "https://www.example.de", "a - b", "e-mail",
     "C:\\Ordner", "10k", "fall", "x:y", "::", "-", '"', '""'],
)  # fmt: skip
def test_what_is_no_filter_is_looked_for(store: Store, typed: str) -> None:
    assert read(store, typed) == Reading(rest=typed)


@pytest.mark.parametrize(
    ("typed", "why"),
    [
        ("stufe:xyz", "Nothing is called “xyz”"), ("stufe:", "Say which"), ("st:angebot", "That could be"),
        ("stufe:v", "Vorstellung, Verhandlungen"), ("status:vielleicht", "no such state"),
        ("firma:xyz", "Nothing is called"),
        ("volumen:viel", "figure"), (">1x", "Write for example"), ("volumen:50k-10k", "makes no sense"), (">900%", ""),
        ("angelegt:irgendwann", "Write for example"), ("zeitraum:bald", "Write for example"),
        ("verantw:zz", "Nothing is called"),
    ],
)  # fmt: skip
def test_what_is_unclear_is_told_and_narrows_nothing(store: Store, typed: str, why: str) -> None:
    found = read(store, f"müller {typed} stufe:angebot")
    assert (found.rest, found.filter) == ("müller", is_("stage", 3))
    assert [each.typed for each in found.unclear] == [typed]
    assert why in str(found.unclear[0].why)


def test_companies_with_a_word_that_begins_so(store: Store) -> None:
    firms = [add_company(store, name) for name in ("Müller AG", "Bäckerei Mueller-Lüdenscheidt", "Obermüller")]
    assert parts(store, "firma:müller") == (is_("company", firms[1], firms[0]),)
    assert parts(store, "firma:lued") == (is_("company", firms[1]),)
    assert parts(store, "firma:keine") == (is_("company", None),)
    assert WordFilters(store, Entity.PERSON).read("firma:ober").filter == is_("person.company", firms[2])


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("art:kunde", is_("company.kind", "customer")), ("kind:supplier", is_("company.kind", "supplier")),
        ("art:kunde,lief", is_("company.kind", "customer", "supplier")), ("art:ohne", is_("company.kind", None)),
        ("-art:andere", Condition("company.kind", Op.IS_NOT, ("other",))),
        ("verantw:ak", is_("company.responsible", 1)), ("resp:none", is_("company.responsible", None)),
        ("tag:ohne", is_("company.tag", None)), ("ort:köln", Condition("company.city", Op.CONTAINS, ("köln",))),
        ("branche:handel", Condition("company.industry", Op.CONTAINS, ("handel",))),
        ("telefon:0221", Condition("company.phone", Op.CONTAINS, ("0221",))),
        ("mail:ohne", Condition("company.mail", Op.EMPTY)),
        (">10k <50k", Condition("company.open_volume", Op.BETWEEN, (10_000_00, 50_000_00))),
        ("gewonnen:>5k", Condition("company.won_volume", Op.FROM, (5_000_00,))),
        ("überfällig", Condition("company.next_step", Op.OVERDUE)),
        ("zuletzt:<2026", Condition("company.last_contact", Op.TO, (date(2026, 12, 31),))),
    ],
)  # fmt: skip
def test_what_is_meant_of_companies(store: Store, typed: str, meant: Filter) -> None:
    found = WordFilters(store, Entity.COMPANY).read(f"müller {typed} web")
    assert (top(found.filter), found.rest, found.unclear) == ((meant,), "müller web", ())


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("funktion:einkauf", Condition("person.role", Op.CONTAINS, ("einkauf",))),
        ("verantw:ak", is_("person.responsible", 1)), ("tag:ohne", is_("person.tag", None)),
        ("ort:köln", Condition("person.city", Op.CONTAINS, ("köln",))),
        ("zuletzt:ohne", Condition("person.last_contact", Op.EMPTY)),
    ],
)  # fmt: skip
def test_what_is_meant_of_people(store: Store, typed: str, meant: Filter) -> None:
    found = WordFilters(store, Entity.PERSON).read(f"müller {typed} web")
    assert (top(found.filter), found.rest, found.unclear) == ((meant,), "müller web", ())


def test_what_people_do_not_have_is_looked_for(store: Store) -> None:
    """They have no steps of their own and no volume."""
    for typed in (">10k", "überfällig"):
        assert WordFilters(store, Entity.PERSON).read(typed).rest == typed


@pytest.mark.parametrize("typed", ["art:xyz", "art:-", 'art:" "'])
def test_a_kind_of_company_there_is_not(store: Store, typed: str) -> None:
    found = WordFilters(store, Entity.COMPANY).read(typed)
    assert (found.filter, [each.typed for each in found.unclear]) == (None, [typed])


def test_the_right_companies(store: Store) -> None:
    companies = Companies(store)
    first = companies.create(name="Müller Druck", kinds=(CompanyKind.SUPPLIER,), tags=("Messe",))
    second = companies.create(name="Kolb", kinds=(CompanyKind.CUSTOMER, CompanyKind.SUPPLIER), industry="Handel")

    def ids(typed: str) -> list[int]:
        found = WordFilters(store, Entity.COMPANY).read(typed)
        assert found.unclear == ()
        return list(CompanyList(store).ids(CompanyQuery(text=found.rest, filter=found.filter)))

    assert ids("art:lieferant") == [second, first]
    assert ids("art:lieferant -art:kunde") == [first]
    assert (ids("tag:messe"), ids("branche:hand"), ids("art:kunde müller")) == ([first], [second], [])


def test_more_than_a_filter_takes_is_not_cut_off(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("app.services.word_filter.MOST_VALUES", 2)
    for number in range(3):
        add_company(store, f"Müller {number}")
    assert "Too many" in str(read(store, "firma:müller").unclear[0].why)
    assert read(store, "firma:müller").filter is None


def test_several_members_with_the_same_beginning(store: Store) -> None:
    other = add_member(store, "Anna Berg", "AB")
    assert "Anna Berg, Anna Kern" in str(read(store, "verantw:anna").unclear[0].why)
    assert parts(store, "verantw:ab") == (is_("responsible", other),)


def test_the_right_leads(store: Store) -> None:
    lead = add_lead(store, "Relaunch", stage="Angebot", amount=20_000, user_id=1)
    other = add_lead(store, "Relaunch klein", stage="Angebot", amount=5_000)
    won = add_lead(store, "Relaunch", status=Status.WON, amount=60_000)
    add_step(store, lead, date(2026, 11, 1))
    add_tag(store, lead, "web")
    add_tag(store, other, "print")

    def found(typed: str) -> list[int]:
        meant = read(store, typed)
        assert meant.unclear == ()
        query = ListQuery(tuple(Status), text=meant.rest, filter=meant.filter, sort="created")
        return sorted(LeadList(store).ids(query))

    assert found("stufe:angebot verantw:ak >10k <50k überfällig tag:web relaunch") == [lead]
    assert found("relaunch -tag:print") == [lead, won]
    assert found("status:gewonnen") == [won]
    assert found('"relaunch klein"') == [other]
    assert found('-"relaunch klein" <50k') == [lead]


@pytest.mark.parametrize("typed", HOSTILE)
def test_nothing_that_is_typed_raises(store: Store, typed: str) -> None:
    for around in (
        typed,
        f"stufe:{typed}",
        f"firma:{typed}",
        f">{typed}",
        f"-{typed}",
        f'titel:"{typed}',
        f"angelegt:{typed}",
    ):
        found = read(store, around)
        if found.filter is not None:
            LeadList(store).ids(ListQuery((Status.ACTIVE,), text=found.rest, filter=found.filter))


def test_plain_words_do_not_ask_the_parser() -> None:
    assert not any(map(has_words, ("relaunch müller", "e-mail", "48.000", "25k", "a", "straße 5-7")))
    assert all(map(has_words, ("stufe:x", ">10k", "a -b", "-b", '"a b"', "müller überf", "overdue")))


def test_every_operator_is_a_field_that_can_be_asked() -> None:
    for entity, operators in OPERATORS.items():
        names = [name for each in operators for name in each.names]
        assert entity
        assert len(names) == len(set(names))
        assert all(spec_of(each.field) for each in operators)
