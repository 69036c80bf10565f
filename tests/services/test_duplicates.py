"""Who is there twice: while one types, of all, and without what was said to be two."""

import json
import os
import sys
from dataclasses import replace
from pathlib import Path

import pytest

from app.core.errors import Cancelled, StorageError
from app.core.folding import search_key, sort_key
from app.core.i18n import Text
from app.models.schema import Address, Company, CompanyPerson, ContactPoint, Person
from app.models.store import Store
from app.services.child.process import ChildFailed
from app.services.duplicates import NOT_TWINS, Duplicates
from app.services.twins.facts import Facts, Kind
from app.services.twins.index import TwinIndex
from app.services.twins.mails import address, company_domain
from app.services.twins.match import POSSIBLE, alike
from tests.services.seen import everything, statements, steps
from tests.services.twins.labelled import labelled


def _add(store: Store, *records: Facts) -> list[int]:
    """Records as facts say, their ways to be reached as the store keeps them."""
    ids, now = [], store.clock.now()
    with store.write(Text("Records added")) as session:
        for facts in records:
            name = facts.name
            table = Company if facts.kind == "company" else Person
            row = table(name=name, sort_key=sort_key(name), search_key=search_key(name), created_at=now)
            session.add(row)
            session.flush()
            owner = {f"{facts.kind}_id": row.id}
            points = [("phone", phone, phone) for phone in facts.phones]
            points += [("mail", mail, address(mail) or mail) for mail in facts.mails]
            points += [("web", web, company_domain(web) or web) for web in facts.webs]
            session.add_all(
                ContactPoint(**owner, kind=kind, label="", value=value, key=key, position=place)
                for place, (kind, value, key) in enumerate(points)
            )
            if facts.postcode or facts.city:
                session.add(
                    Address(**owner, label="", street="", extra="", postcode=facts.postcode, city=facts.city,
                            region="", country="", sort_key=sort_key(facts.city), position=0)
                )  # fmt: skip
            for place, firm in enumerate(facts.companies):
                company = Company(name=firm, sort_key=firm, search_key=search_key(firm), created_at=now)
                session.add(company)
                session.flush()
                session.add(CompanyPerson(company_id=company.id, person_id=row.id, position=place))
            ids.append(row.id)
    return ids


def test_it_says_who_is_meant_and_why(store: Store) -> None:
    (known,) = _add(store, Facts("company", "Meyer & Söhne GmbH", phones=("+4922112345",), city="Köln"))
    _add(store, Facts("company", "Kranich Licht AG", city="Köln"))
    (hint,) = Duplicates(store).near("company", Facts("company", "Meyer+Soehne", phones=("+4922112345",)))
    assert (hint.id, hint.name, hint.place, hint.sure) == (known, "Meyer & Söhne GmbH", "Köln", True)
    assert Text("same telephone number {number}", number="+49 221 12345") in hint.likeness.reasons


def test_what_is_edited_is_not_its_own_duplicate_and_the_trash_warns_nobody(store: Store) -> None:
    facts = Facts("company", "Kranich Licht AG")
    (known,) = _add(store, facts)
    duplicates = Duplicates(store)
    assert duplicates.near("company", facts, but=[known]) == []
    with store.write(Text("Company deleted")) as session:
        session.get_one(Company, known).deleted_at = store.clock.now()
    assert duplicates.near("company", facts) == []


@pytest.mark.parametrize("typed", ["", " ", "%_'\"\\", "x" * 5000, "*:()^-", "ä" * 400, "\x00", "A"])
def test_anything_may_be_typed(store: Store, typed: str) -> None:
    _add(store, Facts("company", "Kranich Licht AG"))
    for kind in ("company", "person"):
        facts = Facts(kind, typed, mails=(typed, f"{typed}@b-c.de"), phones=(typed,), webs=(typed,))
        assert Duplicates(store).near(kind, facts) == []


def test_a_domain_of_everybody_finds_nobody(store: Store) -> None:
    _add(store, Facts("company", "Kranich Licht AG", mails=("kranich@gmx.de",)))
    assert Duplicates(store).near("company", Facts("company", "Wolke Nord", mails=("wolke@gmx.de",))) == []


def test_the_database_finds_nearly_all_that_comparing_with_everybody_finds(store: Store) -> None:
    """Of the pairs labelled by hand those that are told as one, among all the others."""
    pairs = [pair for pair in labelled() if alike(pair.one, pair.other).score >= POSSIBLE]
    ids = _add(store, *(pair.one for pair in pairs))
    duplicates = Duplicates(store)
    missed = []
    for record, pair in zip(ids, pairs, strict=True):
        kind = pair.other.kind
        near = duplicates.near(kind, pair.other)
        if record not in [hint.id for hint in near] and len(near) < 3:
            missed.append(pair.line)
    assert len(missed) <= len(pairs) * 3 // 100, missed


def test_it_takes_as_many_statements_for_many_as_for_few(store: Store) -> None:
    facts = Facts("company", "Kranich Licht AG", ("a@kranich.de",), ("+4922112345",))
    _add(store, facts)
    duplicates = Duplicates(store)
    few = statements(store, lambda: duplicates.near("company", facts))
    _add(store, *[facts] * 20)
    assert statements(store, lambda: duplicates.near("company", facts)) == few
    assert statements(store, lambda: duplicates.find_all("company")) == 4


def test_all_are_found_the_sure_ones_first_and_more_than_two_together(store: Store) -> None:
    number = ("+4922112345",)
    ids = _add(
        store, Facts("company", "Sonnenhof Berg"), Facts("company", "Meyer & Söhne GmbH", phones=number),
        Facts("company", "Meyer+Soehne", phones=number), Facts("company", "Soehne & Meyer", phones=number),
        Facts("company", "Sonnenhof Berg KG"), Facts("company", "Kranich"),
    )  # fmt: skip
    told: list[tuple[int, int]] = []
    found = Duplicates(store).find_all("company", lambda done, total: told.append((done, total)))
    assert [sorted(twins.names) for twins in found] == [ids[1:4], [ids[0], ids[4]]]
    assert found[0].score > found[1].score >= POSSIBLE
    assert len(found[0].pairs) == 3
    assert told[-1][0] == told[-1][1]


def test_looking_can_be_stopped(store: Store) -> None:
    _add(store, Facts("company", "Meyer"), Facts("company", "Meyer"))

    def stop(_done: int, total: int) -> None:
        if total:
            raise Cancelled(Text("Cancelled. Nothing was changed."))

    with pytest.raises(Cancelled):
        Duplicates(store).find_all("company", stop)


@pytest.mark.parametrize("kind", ["company", "person"])
def test_the_child_finds_what_is_found_here(store: Store, kind: Kind) -> None:
    records = [facts for pair in labelled() for facts in (pair.one, pair.other) if facts.kind == kind]
    records = [replace(facts, companies=()) for facts in records]  # they would be companies of their own
    known = dict(zip(_add(store, *records), records, strict=True))
    here = {(one, other): likeness for one, other, likeness in TwinIndex(known.items()).pairs()}
    found = Duplicates(store).find_all(kind)
    assert {(one, other): likeness for twins in found for one, other, likeness in twins.pairs} == here
    assert len(here) > len(records) // 8
    assert all(name == known[record].name for twins in found for record, name in twins.names.items())


def test_the_child_knows_for_whom_somebody_works(store: Store) -> None:
    _add(store, *[Facts("person", "Antonia Kranichfeld", companies=("Meyer Licht",))] * 2)
    (twins,) = Duplicates(store).find_all("person")
    assert Text("same company") in twins.pairs[0][2].reasons


def test_a_mistake_in_the_child_meets_the_guard(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("app.services.duplicates.question", lambda *_: b"no question")
    with pytest.raises(ChildFailed, match="AssertionError"):
        Duplicates(store).find_all("company")


@pytest.fixture
def child(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A script in the place of Python: whatever is written into it is done in the place of the child's work."""
    program = tmp_path / "python"
    program.touch(0o755)
    monkeypatch.setattr(sys, "executable", str(program))
    return program


posix = pytest.mark.skipif(os.name != "posix", reason="a script stands in for the program")


@posix
def test_a_child_that_breaks_down_is_told_in_words(store: Store, child: Path) -> None:
    child.write_text("#!/bin/sh\nexit 3\n")
    _add(store, Facts("company", "Meyer"), Facts("company", "Meyer"))
    with pytest.raises(StorageError, match="broke down"):
        Duplicates(store).find_all("company")


@posix
def test_stopping_ends_a_child_that_would_never_end(store: Store, child: Path) -> None:
    begun = child.with_name("begun")
    child.write_text(f'#!/bin/sh\necho $$ > "{begun}"\nexec sleep 600\n')

    def stop(_done: int, _total: int) -> None:
        if begun.exists() and begun.read_text():
            raise Cancelled(Text("Cancelled. Nothing was changed."))

    with pytest.raises(Cancelled):
        Duplicates(store).find_all("person", stop)
    with pytest.raises(ProcessLookupError):
        os.kill(int(begun.read_text()), 0)


@pytest.mark.parametrize("kind", ["company", "person"])
def test_what_is_no_duplicate_is_not_shown_again_until_that_is_undone(store: Store, kind: Kind) -> None:
    ids = _add(store, *[Facts(kind, "Antonia Kranichfeld")] * 3)
    duplicates, done, before = Duplicates(store), steps(store), everything(store)
    duplicates.keep_apart(kind, ids)
    assert steps(store) == done + 1
    assert duplicates.find_all(kind) == []
    assert duplicates.apart(kind) == {(ids[0], ids[1]), (ids[0], ids[2]), (ids[1], ids[2])}
    store.undo()
    assert len(duplicates.find_all(kind)) == 1
    assert everything(store) == before


@pytest.mark.parametrize("kept", ["", "[", "[1]", '{"company": 3}', '{"company": [[1], 2, "x"]}', "[" * 100_000])
def test_what_is_kept_and_makes_no_sense_is_left_out(store: Store, kept: str) -> None:
    with store.maintenance() as connection:
        connection.exec_driver_sql("INSERT INTO store_setting (key, value) VALUES (?, ?)", (NOT_TWINS, kept))
    ids = _add(store, *[Facts("company", "Kranichfeld Licht")] * 2)
    duplicates = Duplicates(store)
    assert len(duplicates.find_all("company")) == 1
    duplicates.keep_apart("company", ids)
    assert duplicates.find_all("company") == []
    assert json.dumps(sorted(duplicates.apart("company"))) == json.dumps([ids])
