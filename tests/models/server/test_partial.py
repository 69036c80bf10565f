"""Somebody who sees only some leads, beside an owner: the server, the replica and the program show the same."""

from threading import Event
from typing import Any

import psycopg
import pytest
from sqlalchemy import text

from app.core.errors import NotAllowed
from app.core.i18n import Text
from app.models.schema import Company, CompanyPerson, Lead, Person
from app.models.store import Store
from app.services.files import Files, Upload
from app.services.leads import Leads
from app.services.owners import Owner
from tests.models.edits import edit, value
from tests.models.server.offices import Office, of_replica
from tests.stores import add_company, add_lead

Trio = tuple[Store, Store, Office]


def test_leads_come_into_sight_and_leave_it(trio: Trio) -> None:
    anna, ben, _ = trio
    company = add_company(anna, "Müller")
    lead = add_lead(anna, "Relaunch", company_id=company, user_id=1)
    ben.watch()
    assert value(ben, "title", lead) is None
    assert _selected(ben, "SELECT name FROM company_name") == [("Müller",)]
    assert _selected(ben, "SELECT name FROM company") == []
    edit(anna, lead, user_id=2)
    assert _heard(ben)
    assert value(ben, "title", lead) == "Relaunch"
    assert _selected(ben, "SELECT name FROM company") == [("Müller",)]
    edit(anna, lead, user_id=1)
    assert _heard(ben)
    assert value(ben, "title", lead) is None
    assert _selected(ben, "SELECT name FROM company") == []
    assert len(of_replica(ben)["company"]) == 1  # for its name


def test_he_writes_on_his_own_leads_only(trio: Trio) -> None:
    anna, ben, _ = trio
    foreign = add_lead(anna, "Fremd", user_id=1)
    own = Leads(ben).create("active", title="Eigen", company="Neu GmbH")  # type: ignore[arg-type]
    edit(ben, own, title="Eigen 2")
    anna.watch()
    assert value(anna, "title", own) == "Eigen 2"
    with pytest.raises(NotAllowed):
        edit(ben, own, user_id=1)
    with pytest.raises(NotAllowed), ben.write(Text("Lead added")) as session:
        session.add(Lead(title="x", status="potential", currency="EUR", created_at=ben.clock.now(), user_id=1))
    assert value(anna, "title", foreign) == "Fremd"


def test_what_he_does_not_know_of_a_customer_is_not_written_over(trio: Trio) -> None:
    """His replica has an empty row with the name; he changes one column in the turn in which it becomes his."""
    anna, ben, _ = trio
    company = add_company(anna, "Müller")
    with anna.write(Text("Company changed")) as session:
        session.get_one(Company, company).info = "Nur für Anna"
    ben.watch()
    with ben.write(Text("Lead added")) as session:
        lead = Lead(title="x", status="potential", currency="EUR", created_at=ben.clock.now(), user_id=2)
        lead.company_id = company
        session.add(lead)
        session.get_one(Company, company).is_customer = True
    ben.watch()
    anna.watch()
    for store in (anna, ben):
        assert _selected(store, "SELECT name, info, is_customer FROM company") == [("Müller", "Nur für Anna", 1)]


def test_a_file_that_he_took_off_comes_back_with_an_undo(trio: Trio) -> None:
    """Nothing that he sees refers to its bytes meanwhile."""
    anna, ben, _ = trio
    lead = add_lead(anna, "Bens", user_id=2)
    (file,) = Files(ben).attach(Owner("lead", lead), [Upload("b.txt", b"Inhalt")])
    ben.undo()
    ben.redo()
    anna.watch()
    assert Files(anna).bytes_of(file) == Files(ben).bytes_of(file) == b"Inhalt"


def test_a_customer_with_all_that_shows_whose_he_is_goes_in_one_turn(trio: Trio) -> None:
    """He sees the person by the company that it works for, and that link by the person."""
    anna, ben, _ = trio
    with ben.write(Text("Company created")) as session:
        company = Company(name="Müller", sort_key="muller", search_key="muller", created_at=ben.clock.now(), user_id=2)
        person = Person(name="Rat", sort_key="rat", search_key="rat", created_at=ben.clock.now())
        session.add_all([company, person])
        session.flush()
        session.add(CompanyPerson(company_id=company.id, person_id=person.id, role="Rat"))
    ben.undo()
    anna.watch()
    assert _selected(anna, "SELECT * FROM company UNION ALL SELECT * FROM person") == []


def test_a_step_of_which_a_part_is_not_seen_is_not_brought_again_by_halves(trio: Trio) -> None:
    """What was made and taken back shows nobody whose it was; the tag that was made with it is seen."""
    anna, ben, _ = trio
    Leads(ben).create(title="Bens", tags=["neu"])
    ben.undo()
    with pytest.raises(NotAllowed):
        ben.redo()
    anna.watch()
    assert _selected(anna, "SELECT * FROM tag") == []
    assert _selected(anna, "SELECT count(*) FROM change_set WHERE kind = 'redo'") == [(0,)]


_NOTED = """
INSERT INTO team.change_set (id, uid, at, on_day, actor_id, origin, label_msgid, label_args, kind, undoes_id)
SELECT last + 1, 'x', now(), 1, 2, 'test', 'x', '{}', 'undo', %s FROM team.last_key WHERE table_name = 'change_set'
"""


def test_the_server_keeps_what_the_program_says_beforehand(trio: Trio) -> None:
    """Customers are not given away, and steps of others are not noted as taken back."""
    anna, _, office = trio
    company = add_company(anna, "Müller")
    hidden = add_lead(anna, "Annas", user_id=1)
    edit(anna, hidden, title="Anders")
    step = anna.newest()
    add_lead(anna, "Bens", company_id=company, user_id=2)
    with office.server.connect("ben@" + office.server.database) as direct:
        for statement, values in (("UPDATE team.company SET user_id = 2 WHERE id = %s", [company]), (_NOTED, [step])):
            with pytest.raises(psycopg.errors.InsufficientPrivilege):
                direct.execute(statement.encode(), values)


def _selected(store: Store, statement: str) -> list[tuple[Any, ...]]:
    with store.read() as connection:
        return [tuple(row) for row in connection.execute(text(statement))]


def _heard(store: Store) -> bool:
    """A notification of the server comes when it comes."""
    return any(store.watch() or Event().wait(0.02) for _ in range(250))
