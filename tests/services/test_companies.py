"""The verbs of companies: what they keep, what they refuse, and that one undo takes each of them back."""

from collections.abc import Callable

import pytest

from app.core.errors import InvalidInput, NotFound
from app.core.place import Place
from app.core.terms import CompanyKind, ReachLabel, Size
from app.models.store import Store
from app.services.check import check
from app.services.companies import Companies
from app.services.company_fields import CompanyFields
from app.services.people import People
from app.services.reach import Point
from app.services.record_detail import RecordDetails
from tests.services.seen import everything, steps, values
from tests.stores import add_company, add_member, add_person

WHOLE: CompanyFields = {
    "name": "Bäckerei Sonnenkorn GmbH",
    "number": "K-1007",
    "kinds": (CompanyKind.CUSTOMER, CompanyKind.SUPPLIER),
    "phones": (Point(ReachLabel.MAIN, "0221 / 12 34 56-0"), Point("Backstube", "+49 171 2345678")),
    "mails": (Point(ReachLabel.WORK, "Info@Sonnenkorn.DE"),),
    "webs": (Point("", "https://www.sonnenkorn.de/kontakt"),),
    "addresses": (Place(ReachLabel.MAIN, "Mühlengasse 4", "", "50667", "Köln", "", "DE"),),
    "industry": "Lebensmittel",
    "size": Size.SMALL,
    "user_id": 1,
    "tags": ("Web", "Gastro"),
    "info": "Zahlt pünktlich.",
    "touch_target": 30,
    "touch_latest": 60,
    "people": (("Mara Korn", "Inhaberin"), ("Jonas Weiß", "")),
}


@pytest.fixture
def companies(store: Store) -> Companies:
    return Companies(store)


def test_a_company_is_made_with_all_its_fields_in_one_step(store: Store, companies: Companies) -> None:
    before = steps(store)
    company = companies.create(**WHOLE)
    assert steps(store) == before + 1
    assert values(store, "SELECT name, sort_key, number, is_customer, is_supplier, is_other, size FROM company") == [
        ("Bäckerei Sonnenkorn GmbH", "backerei sonnenkorn gmbh", "K-1007", 1, 1, 0, "10-49")
    ]
    assert values(store, "SELECT kind, label, value, key, position FROM contact_point ORDER BY kind, position") == [
        ("mail", "work", "Info@Sonnenkorn.DE", "info@sonnenkorn.de", 0),
        ("phone", "main", "0221 / 12 34 56-0", "+492211234560", 0),
        ("phone", "Backstube", "+49 171 2345678", "+491712345678", 1),
        ("web", "", "https://www.sonnenkorn.de/kontakt", "sonnenkorn.de", 0),
    ]
    assert values(store, "SELECT company_id, street, city, sort_key FROM address") == [
        (company, "Mühlengasse 4", "Köln", "koln")
    ]
    assert values(store, "SELECT name, role FROM company_person JOIN person ON person.id = person_id") == [
        ("Mara Korn", "Inhaberin"), ("Jonas Weiß", ""),
    ]  # fmt: skip
    assert values(store, "SELECT name FROM company_tag JOIN tag ON tag.id = tag_id ORDER BY 1") == [
        ("Gastro",),
        ("Web",),
    ]
    assert check(store).ok


VERBS: dict[str, Callable[[Companies, list[int]], object]] = {
    "create": lambda companies, _ids: companies.create(**WHOLE),
    "edit": lambda companies, ids: companies.edit(ids, **WHOLE),
    "empty": lambda companies, ids: companies.edit(
        ids, number=None, kinds=(), phones=(), mails=(), webs=(), addresses=(), industry="", size=None, user_id=None,
        tags=(), info="", touch_target=None, touch_latest=None, people=(),
    ),
    "other numbers": lambda companies, ids: companies.edit(
        ids, phones=(Point("Backstube", "+49 171 2345678"), Point("", "0221 999999")), people=(("Mara Korn", "Chefin"),)
    ),
    "archive": lambda companies, ids: companies.archive(ids),
    "unarchive": lambda companies, ids: companies.unarchive(ids[1:]),
    "tag": lambda companies, ids: companies.tag(ids, add=("Neu", "web"), remove=("Gastro",)),
    "assign": lambda companies, ids: companies.assign(ids, None),
    "link": lambda companies, ids: companies.link(ids, 1, "Beirat"),
    "unlink": lambda companies, ids: companies.unlink(ids, 1),
    "delete": lambda companies, ids: companies.delete(ids),
    "restore": lambda companies, _ids: companies.restore([3]),
}  # fmt: skip


@pytest.mark.parametrize("verb", VERBS.values(), ids=VERBS)
def test_undo_takes_it_back_and_redo_does_it_again(
    store: Store, companies: Companies, verb: Callable[[Companies, list[int]], object]
) -> None:
    ids = [companies.create(**WHOLE), companies.create(name="Zweite", people=[(1, "")])]
    companies.archive(ids[1:])
    companies.delete([companies.create(name="Weg")])
    before, step = everything(store), steps(store)
    verb(companies, ids)
    after = everything(store)
    assert after != before
    assert steps(store) == step + 1
    assert check(store).ok
    store.undo()
    assert everything(store) == before
    store.redo()
    assert everything(store) == after


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("name", ""), ("name", " \x00\t "), ("name", "x" * 301), ("number", "1" * 101), ("kinds", ("friend",)),
        ("phones", (Point("", "1" * 501),)), ("phones", (Point("l" * 41, "123"),)),
        ("mails", tuple(Point("", f"m{n}@x.de") for n in range(101))), ("webs", (Point("", "w" * 501),)),
        ("addresses", (Place(city="c" * 201),)), ("industry", "i" * 201), ("size", "riesig"), ("user_id", 99),
        ("tags", ("t" * 101,)), ("info", "x" * 100_001), ("touch_target", 0), ("touch_target", 3651),
        ("touch_latest", -1), ("people", (("Mara", "r" * 201),)), ("people", (("n" * 301, ""),)),
        ("people", tuple((f"Person {n}", "") for n in range(501))),
    ],
)  # fmt: skip
def test_what_makes_no_sense_is_refused_and_nothing_changes(
    store: Store, companies: Companies, field: str, value: object
) -> None:
    company = companies.create(**WHOLE)
    before = everything(store)
    with pytest.raises(InvalidInput) as refused:
        companies.edit([company], **{field: value})  # type: ignore[arg-type]
    named = {"tags": "tag"}.get(field, field)
    assert refused.value.field in (named, "person")
    with pytest.raises(InvalidInput):
        companies.create(**{"name": "Neu", field: value})  # type: ignore[arg-type]
    assert everything(store) == before


def test_a_rhythm_that_ends_before_it_comes_round_is_refused(companies: Companies) -> None:
    with pytest.raises(InvalidInput, match="latest"):
        companies.create(name="A", touch_target=30, touch_latest=29)
    with pytest.raises(InvalidInput) as refused:
        companies.create(name="A", touch_latest=29)
    assert refused.value.field == "touch_target"
    assert companies.create(name="A", touch_target=30, touch_latest=30)


def test_what_is_no_number_is_kept_as_it_was_typed_and_still_compares(store: Store, companies: Companies) -> None:
    typed = ("ruf mich an", "Durchwahl 12", "12", "0221 / 12 34 56 oder 0221 65 43 21", "\x00+49 221 1\u202e23456")
    companies.create(
        name="A", phones=[Point("", words) for words in typed],
        mails=[Point("", "kein@"), Point("", '"Kern, Anna" <Anna@Firma.de>'), Point("", "mailto:X@Y.de")],
        webs=[Point("", "FACEBOOK.com/firma/"), Point("", "keine"), Point("", "https://münchen-web.de")],
    )  # fmt: skip
    found = values(store, "SELECT value, key FROM contact_point ORDER BY kind DESC, position")
    assert found == [
        ("FACEBOOK.com/firma/", "facebook.com/firma"), ("keine", "keine"),
        ("https://münchen-web.de", "münchen-web.de"),
        ("ruf mich an", "ruf mich an"), ("Durchwahl 12", "12"), ("12", "12"),
        ("0221 / 12 34 56 oder 0221 65 43 21", "+49221123456"), ("+49 221 1\u202e23456", "+49221123456"),
        ("kein@", "kein@"), ('"Kern, Anna" <Anna@Firma.de>', "anna@firma.de"), ("mailto:X@Y.de", "x@y.de"),
    ]  # fmt: skip


def test_empty_and_repeated_numbers_go_and_the_first_is_the_main_one(store: Store, companies: Companies) -> None:
    company = companies.create(
        name="A", phones=[Point("", " "), Point("", "221"), Point("work", "221"), Point("", "5")]
    )
    assert values(store, "SELECT value, position FROM contact_point") == [("221", 0), ("5", 1)]
    companies.edit([company], phones=[Point("", "5"), Point("", "221")])
    assert values(store, "SELECT id, value, position FROM contact_point ORDER BY id") == [(1, "221", 1), (2, "5", 0)]


def test_a_changed_number_stays_the_same_row(store: Store, companies: Companies) -> None:
    company = companies.create(name="A", phones=[Point("", "221"), Point("", "5")])
    companies.edit([company], phones=[Point("", "222"), Point("", "5")])
    assert values(store, "SELECT id, value FROM contact_point ORDER BY id") == [(1, "222"), (2, "5")]


def test_two_companies_may_have_one_name_also_after_an_undo(store: Store, companies: Companies) -> None:
    first = companies.create(name="Müller GmbH")
    companies.delete([first])
    assert companies.create(name="Müller GmbH") != first
    companies.restore([first])
    assert len(values(store, "SELECT id FROM company WHERE deleted_at IS NULL")) == 2
    store.undo()
    store.redo()
    assert check(store).ok


def test_many_companies_are_changed_with_few_statements_and_one_step(store: Store, companies: Companies) -> None:
    ids = [add_company(store, f"Firma {n}") for n in range(30)]
    add_member(store, "Ben Roth", "BR")
    before = steps(store)
    companies.edit(ids, user_id=2, tags=("A", "B"), phones=(Point("", "0221 1234567"),), touch_target=20)
    companies.tag(ids, add=["C"], remove=["a"])
    assert steps(store) == before + 2
    assert values(store, "SELECT count(*) FROM company_tag") == [(60,)]
    assert values(store, "SELECT count(*), count(DISTINCT company_id), min(key) FROM contact_point") == [
        (30, 30, "+492211234567")
    ]


def test_who_is_gone_is_not_changed(store: Store, companies: Companies) -> None:
    here, gone = companies.create(name="Hier"), companies.create(name="Weg")
    companies.delete([gone])
    before = everything(store)
    for verb in (
        companies.archive,
        companies.delete,
        lambda ids: companies.link(ids, 1),
        companies.tag,
    ):
        with pytest.raises(NotFound):
            verb([here, gone])
    with pytest.raises(NotFound):
        companies.restore([here])
    with pytest.raises(NotFound):
        companies.link([here], 77)
    assert everything(store) == before
    companies.edit([], name="Niemand")
    assert everything(store) == before


def test_people_given_by_id_and_name_are_linked_and_others_let_go(store: Store, companies: Companies) -> None:
    mara = add_person(store, "Mara Korn")
    company = companies.create(name="A", people=[(mara, "Chefin"), ("Ben Neu", "Azubi"), ("", "niemand")])
    people = People(store)
    people.link([mara], companies.create(name="B"), "Beirat")
    companies.edit([company], people=[("Ben Neu", "Geselle")])
    roles = "SELECT company.name, person.name, role FROM company_person JOIN company ON company.id = company_id "
    assert values(store, roles + "JOIN person ON person.id = person_id ORDER BY 1") == [
        ("A", "Ben Neu", "Geselle"), ("B", "Mara Korn", "Beirat"),
    ]  # fmt: skip
    companies.link([company], mara)
    companies.link([company], mara, "Rat")
    assert values(store, "SELECT role FROM company_person WHERE company_id = 1 AND person_id = 1") == [("Rat",)]


def test_who_is_in_the_trash_works_there_again_when_restored(store: Store, companies: Companies) -> None:
    people = People(store)
    mara = people.create(name="Mara Korn", companies=[("Sonnenkorn", "Inhaberin"), ("Mühle", "Rätin")])
    jonas = people.create(name="Jonas Weiß")
    sonnenkorn, muehle = (id_ for (id_,) in values(store, "SELECT id FROM company ORDER BY id"))
    details = RecordDetails(store)
    people.delete([mara])
    companies.edit([sonnenkorn], people=[(jonas, "Lehrling")])
    people.restore([mara])
    assert {(each.id, each.role) for each in details.company(sonnenkorn).related} == {
        (mara, "Inhaberin"), (jonas, "Lehrling"),
    }  # fmt: skip
    companies.delete([muehle])
    people.edit([mara], companies=[(sonnenkorn, "Gesellschafterin")])
    companies.restore([muehle])
    assert {(each.id, each.role) for each in details.person(mara).related} == {
        (sonnenkorn, "Gesellschafterin"), (muehle, "Rätin"),
    }  # fmt: skip
    assert check(store).ok
