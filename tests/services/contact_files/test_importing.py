"""What becomes of cards: who is new, who is there already, what is filled, and all of it taken back in one step."""

import sys
from dataclasses import replace
from datetime import date
from pathlib import Path
from random import Random

import pytest

from app.core.calendar import day_number
from app.core.errors import Cancelled, InvalidInput, StorageError
from app.core.i18n import Text
from app.core.place import Place
from app.models.recording import undoable
from app.models.schema import Company, Person
from app.models.store import Store
from app.services.cards.card import Birthday, Card, Photo, Point, Salutation
from app.services.check import check
from app.services.contact_files.importing import CardResult, expected, import_cards
from app.services.contact_files.plan import CardPlan, Choice, Planned, plan_cards, plan_files
from tests.services.cards.examples import JPEG, PNG, generated, vcard
from tests.services.seen import everything, steps, value, values
from tests.stores import add_company, add_person

ANNA = Card(
    "Dr. Anna Kern", "Anna", "Kern", "Maria", "Dr.", "", Salutation.MS, "Kern & Partner GmbH", "Vertrieb", "Leiterin",
    phones=(Point("work", "0221 / 12 34 56"), Point("cell", "+49 171 2345678", preferred=True)),
    mails=(Point("work", "a.kern@kern-partner.example"),),
    webs=(Point("work", "https://www.kern-partner.example/"),),
    addresses=(Place("work", "Domstr. 1\nHinterhaus", "", "50667", "Köln", "", "Deutschland"),),
    birthday=Birthday(2, 29), note="Kennt alle.", categories=("Messe", "Kunde"), photo=Photo(JPEG, "image/jpeg"),
)  # fmt: skip
FIRM = Card(
    "Kern & Partner GmbH", organisation="Kern & Partner GmbH", is_company=True, note="Seit 1990",
    phones=(Point("main", "0221 12 34 50"),), categories=("Kunde",),
)  # fmt: skip


def took(store: Store, *cards: Card, **chosen: Choice) -> CardResult:
    """Import them as proposed, or as `c0=…` says for the first."""
    return import_cards(store, plan_cards(store, cards), {int(name[1:]): choice for name, choice in chosen.items()})


def planned(store: Store, *cards: Card) -> list[Planned]:
    return list(plan_cards(store, cards).cards)


def test_a_card_becomes_a_person_with_all_that_hangs_on_them(store: Store) -> None:
    assert took(store, ANNA) == CardResult(people=1, employers=("Kern & Partner GmbH",))
    assert values(store, "SELECT name, salutation, prefix, given, family, birthday, info FROM person") == [
        ("Dr. Anna Kern", "ms", "Dr.", "Anna Maria", "Kern", _day(1604, 2, 29), "Kennt alle.")
    ]
    assert values(store, "SELECT kind, label, value, key, position FROM contact_point ORDER BY kind, position") == [
        ("mail", "work", "a.kern@kern-partner.example", "a.kern@kern-partner.example", 0),
        ("phone", "cell", "+49 171 2345678", "+491712345678", 0),
        ("phone", "work", "0221 / 12 34 56", "+49221123456", 1),
        ("web", "work", "https://www.kern-partner.example/", "kern-partner.example", 0),
    ]
    assert values(store, "SELECT street, postcode, city, country, sort_key FROM address") == [
        ("Domstr. 1\nHinterhaus", "50667", "Köln", "DE", "koln")
    ]
    assert values(store, "SELECT company.name, role FROM company_person JOIN company ON company.id = company_id") == [
        ("Kern & Partner GmbH", "Leiterin, Vertrieb")
    ]
    assert values(store, "SELECT name FROM tag ORDER BY name") == [("Kunde",), ("Messe",)]
    assert value(store, "SELECT data FROM chunk") == JPEG
    assert "hinterhaus" in value(store, "SELECT folded FROM search_doc WHERE entity = 'person'")


def _day(year: int, month: int, day: int) -> int:
    return day_number(date(year, month, day))


def test_a_card_of_a_company_is_that_for_which_people_of_the_file_work(store: Store) -> None:
    assert took(store, ANNA, FIRM) == CardResult(companies=1, people=1)
    assert values(store, "SELECT name, info FROM company") == [("Kern & Partner GmbH", "Seit 1990")]
    assert value(store, "SELECT count(*) FROM company_person") == 1
    assert value(store, "SELECT count(*) FROM company_tag") == 1


def test_a_company_that_is_there_is_found_by_its_name(store: Store) -> None:
    there = add_company(store, "KERN & Partner GmbH")
    [card] = planned(store, ANNA)
    assert card.employer is not None
    assert card.employer.id == there
    took(store, ANNA, FIRM)
    assert values(store, "SELECT id, info FROM company") == [(there, "Seit 1990")]
    assert values(store, "SELECT company_id FROM company_person") == [(there,)]


def test_one_step_takes_everything_back_and_brings_it_again(store: Store) -> None:
    took(store, replace(ANNA, note="", photo=None), FIRM)
    before, count = everything(store), steps(store)
    cards = [*generated(Random(3), 60), ANNA, replace(FIRM, webs=(Point("work", "https://neu.example"),))]
    plan = plan_cards(store, cards)
    took_in = import_cards(store, plan)
    after = everything(store)
    assert took_in.filled >= 2
    assert steps(store) == count + 1
    store.undo()
    assert everything(store) == before
    store.redo()
    assert everything(store) == after


def test_who_gets_a_family_name_is_sorted_by_it(store: Store) -> None:
    """Known as a whole, with a family name of two words by the card."""
    add_person(store, "Anna von Kern")
    took(store, Card("Anna von Kern", "Anna", "von Kern", phones=(Point("", "0221 1"),)), c0=Choice.FILL)
    assert values(store, "SELECT given, family, sort_key FROM person") == [("Anna", "von Kern", "von kern anna")]
    assert check(store).ok


def test_looking_writes_nothing(store: Store, tmp_path: Path) -> None:
    before = everything(store)
    file = tmp_path / "x.vcf"
    file.write_text(vcard("FN:Anna Kern"), "utf-8")
    plan = plan_files(store, [file])
    assert expected(plan) == CardResult(people=1)
    assert everything(store) == before


def test_what_is_expected_is_what_is_done(store: Store) -> None:
    took(store, ANNA, FIRM)
    plan = plan_cards(store, [*generated(Random(5), 80), ANNA, FIRM, replace(ANNA, phones=())])
    assert expected(plan) == import_cards(store, plan)


@pytest.mark.parametrize(
    ("card", "reason"),
    [
        (Card("Anna Kern", mails=(Point("home", "A.Kern@Kern-Partner.example"),)), "same e-mail address"),
        (Card("Anna Kern", phones=(Point("cell", "00491712345678"),)), "same telephone number"),
        (Card("Kern, Anna", "Anna", "Kern", organisation="Kern und Partner"), "company"),
    ],
)
def test_somebody_who_is_there_is_found(store: Store, card: Card, reason: str) -> None:
    took(store, replace(ANNA, name="Anna Kern", prefix=""))
    [found] = planned(store, card)
    assert found.match is not None
    assert found.match.name == "Anna Kern"
    assert reason in " ".join(map(str, found.match.reasons))


def test_what_is_empty_is_filled_and_nothing_else_changed(store: Store) -> None:
    took(store, Card("Anna Kern", "Anna", "Kern", phones=(Point("cell", "+49 171 2345678"),), note="Alt"))
    [card] = planned(store, ANNA)
    assert card.proposed is Choice.FILL
    assert took(store, ANNA) == CardResult(filled=1, employers=("Kern & Partner GmbH",))
    assert values(store, "SELECT name, salutation, prefix, given, family, birthday, info FROM person") == [
        ("Anna Kern", "ms", "Dr.", "Anna", "Kern", _day(1604, 2, 29), "Alt")
    ]
    assert values(store, "SELECT value, position FROM contact_point WHERE kind = 'phone' ORDER BY position") == [
        ("+49 171 2345678", 0),
        ("0221 / 12 34 56", 1),
    ]
    assert value(store, "SELECT count(*) FROM person WHERE photo_id IS NOT NULL") == 1
    [again] = planned(store, ANNA)
    assert (again.proposed, again.adds and again.adds.nothing) == (Choice.SKIP, True)
    assert took(store, ANNA, c0=Choice.FILL) == CardResult(unchanged=1)


def test_a_role_is_filled_where_somebody_has_none(store: Store) -> None:
    took(store, replace(ANNA, title="", department=""))
    assert took(store, ANNA, c0=Choice.FILL).filled == 1
    assert value(store, "SELECT role FROM company_person") == "Leiterin, Vertrieb"
    took(store, replace(ANNA, title="Chefin"), c0=Choice.FILL)
    assert value(store, "SELECT role FROM company_person") == "Leiterin, Vertrieb"


def test_another_company_is_added_behind_the_first(store: Store) -> None:
    took(store, ANNA)
    took(store, replace(ANNA, organisation="Nebenan AG", title="Beirätin", department=""), c0=Choice.FILL)
    query = (
        "SELECT company.name, position FROM company_person JOIN company ON company.id = company_id ORDER BY position"
    )
    assert values(store, query) == [("Kern & Partner GmbH", 0), ("Nebenan AG", 1)]


def test_one_may_choose_otherwise(store: Store) -> None:
    took(store, ANNA)
    assert took(store, ANNA, c0=Choice.NEW).people == 1
    assert value(store, "SELECT count(*) FROM person") == 2
    assert took(store, ANNA, FIRM, c0=Choice.SKIP, c1=Choice.SKIP) == CardResult(skipped=2)


def test_a_card_that_stands_twice_in_a_file_makes_one_person(store: Store) -> None:
    other = replace(ANNA, phones=(Point("home", "0221 999 888"),), photo=Photo(PNG, "image/png"))
    first, second = planned(store, ANNA, other)
    assert (first.proposed, second.proposed) == (Choice.NEW, Choice.FILL)
    assert second.match is not None
    assert second.match.card == 0
    took(store, ANNA, other)
    assert value(store, "SELECT count(*) FROM person") == 1
    assert value(store, "SELECT count(*) FROM contact_point WHERE kind = 'phone'") == 3


def test_who_is_known_by_name_only_does_not_come_twice(store: Store) -> None:
    bare = Card("Otto Ott")
    took(store, bare)
    cards = planned(store, bare, bare, replace(bare, note="Neu"))
    assert [each.proposed for each in cards] == [Choice.SKIP, Choice.SKIP, Choice.NEW]
    assert [each.match and each.match.id for each in cards] == [1, 1, 1]


def test_the_second_one_is_made_where_the_first_is_skipped(store: Store) -> None:
    assert took(store, ANNA, replace(ANNA, note="Zwei"), c0=Choice.SKIP) == CardResult(
        people=1, skipped=1, employers=("Kern & Partner GmbH",)
    )
    assert value(store, "SELECT info FROM person") == "Zwei"


def test_a_company_stands_once_unless_somebody_wants_it_twice(store: Store) -> None:
    took(store, FIRM)
    more = replace(FIRM, mails=(Point("work", "post@kern.example"),))
    assert planned(store, more)[0].proposed is Choice.FILL
    twice = [
        replace(FIRM, name="Neu AG", organisation="Neu AG", webs=(Point("work", f"n{n}.example"),)) for n in (1, 2)
    ]
    took(store, *twice)
    assert value(store, "SELECT count(*) FROM company") == 2
    assert value(store, "SELECT count(*) FROM contact_point WHERE kind = 'web'") == 2
    took(store, more, c0=Choice.NEW)
    assert value(store, "SELECT count(*) FROM company") == 3


def test_a_company_that_came_since_one_looked_is_filled(store: Store) -> None:
    plan = plan_cards(store, [FIRM])
    there = add_company(store, "Kern & Partner GmbH")
    assert import_cards(store, plan) == CardResult(filled=1)
    assert values(store, "SELECT id, info FROM company") == [(there, "Seit 1990")]


def test_who_has_gone_since_one_looked_is_made_anew(store: Store) -> None:
    took(store, ANNA, FIRM)
    plan = plan_cards(store, [replace(ANNA, note="Neu"), replace(FIRM, webs=(Point("work", "kern.example"),))])
    with store.write(Text("Deleted")) as session:
        session.get_one(Person, 1).deleted_at = store.clock.now()
        session.get_one(Company, 1).deleted_at = store.clock.now()
    done = import_cards(store, plan, {0: Choice.FILL, 1: Choice.FILL})
    assert (done.people, done.companies, done.filled) == (1, 1, 0)
    live = "JOIN company ON company.id = company_id WHERE company.deleted_at IS NULL"
    assert value(store, f"SELECT count(*) FROM company_person {live}") == 1


def test_somebody_in_the_trash_is_not_found(store: Store) -> None:
    took(store, ANNA)
    with store.write(Text("Deleted")) as session:
        session.get_one(Person, 1).deleted_at = store.clock.now()
    assert planned(store, ANNA)[0].match is None


def test_a_title_without_a_company_is_kept_in_the_info(store: Store) -> None:
    took(store, replace(ANNA, organisation=""))
    assert value(store, "SELECT info FROM person") == "Kennt alle.\n\nLeiterin, Vertrieb"


def test_what_comes_after_a_name_stays_in_it(store: Store) -> None:
    took(store, Card("Anna Kern", suffix="MBA"), Card("Otto Ott MBA", suffix="MBA"))
    assert values(store, "SELECT name FROM person ORDER BY id") == [("Anna Kern, MBA",), ("Otto Ott MBA",)]


def test_hostile_values_are_left_out_with_a_word(store: Store) -> None:
    card = Card(
        "A" * 300, "B" * 200, "C" * 151,
        phones=(Point("x" * 900, "1" * 501), *(Point("work", f"0221 {n}") for n in range(500))),
        mails=(Point("work", "a\x00b@x.example\n"),), addresses=(Place("work", "S" * 301), Place("work")),
        categories=("T" * 101, "t\x07ag", ""), note="\ud800N\x00",
    )  # fmt: skip
    [each] = planned(store, card)
    assert len(each.draft.left) >= 5
    took(store, card)
    assert value(store, "SELECT count(*) FROM contact_point WHERE kind = 'phone'") == 100
    assert values(store, "SELECT value FROM contact_point WHERE kind = 'mail'") == [("ab@x.example",)]
    assert values(store, "SELECT name FROM tag") == [("tag",)]
    assert values(store, "SELECT given, family, info FROM person") == [("", "", "N")]
    assert value(store, "SELECT count(*) FROM address") == 0


def test_a_name_nobody_has_is_refused(store: Store) -> None:
    plan = plan_cards(store, [Card("A" * 301), Card("Bea", organisation="F" * 301), Card("Carl")])
    assert [each.draft.name for each in plan.cards] == ["Carl"]
    assert len(plan.refused) == 2
    assert all("too long" in str(each.why) for each in plan.refused)


def test_files_that_are_none_are_told_and_the_others_read(store: Store, tmp_path: Path) -> None:
    good, bad, broken = tmp_path / "good.vcf", tmp_path / "bad.vcf", tmp_path / "broken.vcf"
    good.write_text(vcard("FN:Anna") + vcard("KIND:group", "FN:Alle"), "utf-8")
    bad.write_bytes(b"\x89PNG" + bytes(200))
    broken.write_bytes(b"")
    plan = plan_files(store, [bad, good, broken])
    assert [each.file for each in plan.cards] == ["good.vcf"]
    assert [each.file for each in plan.refused if each.whole] == ["bad.vcf", "good.vcf", "broken.vcf"]
    with pytest.raises(InvalidInput):
        plan_files(store, [bad])
    with pytest.raises(StorageError):
        plan_files(store, [tmp_path / "none.vcf", good])


@pytest.mark.skipif(sys.platform == "win32", reason="names of files are text there")
def test_a_name_of_a_file_that_is_no_text_is_shown_somehow(store: Store, tmp_path: Path) -> None:
    file = Path(bytes(tmp_path).decode() + "/x\udcff.vcf")
    file.write_text(vcard("FN:Anna"), "utf-8")
    plan = plan_files(store, [file])
    assert plan.files == ("x?.vcf",)
    import_cards(store, plan)
    assert "x?.vcf" in value(store, "SELECT label_args FROM change_set ORDER BY id DESC LIMIT 1")


def test_an_import_that_is_stopped_changes_nothing(store: Store) -> None:
    before = everything(store)
    plan = plan_cards(store, generated(Random(4), 250))

    def stop(done: int, _total: int) -> None:
        if done >= 200:
            raise Cancelled(Text("Cancelled. Nothing was changed."))

    with pytest.raises(Cancelled):
        import_cards(store, plan, progress=stop)
    assert everything(store) == before
    assert value(store, "SELECT count(*) FROM content") == 0


def test_looking_can_be_stopped_while_the_child_reads(store: Store, tmp_path: Path) -> None:
    file = tmp_path / "many.vcf"
    file.write_text(vcard("FN:x") * 29_000, "utf-8")
    asked = []

    def stop(done: int, total: int) -> None:
        asked.append(done)
        if len(asked) > 2:
            raise Cancelled(Text("Cancelled. Nothing was changed."))

    with pytest.raises(Cancelled):
        plan_files(store, [file], stop)
    assert len(asked) == 3


def test_the_backup_comes_before_anything_is_written(store: Store) -> None:
    seen: list[int] = []
    plan: CardPlan = plan_cards(store, [ANNA])
    look = lambda: seen.append(value(store, "SELECT count(*) FROM person"))  # noqa: E731
    import_cards(store, plan, before=look)
    assert seen == [0]
    import_cards(store, plan, {0: Choice.SKIP}, before=look)
    assert seen == [0]


def test_of_many_files_the_history_tells_the_number(store: Store) -> None:
    plan = plan_cards(store, [ANNA])
    import_cards(store, replace(plan, files=("a.vcf", "b.vcf", "c.vcf")))
    with store.read() as connection:
        label = undoable(connection, store.actor_id)
    assert str(label) == "1 contact imported from 3 files"
