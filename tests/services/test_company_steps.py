"""What is to be done next about a company without any lead: set, moved, finished, handed over, merged, undone."""

from datetime import date, timedelta

import pytest

from app.core.clock import FixedClock
from app.core.errors import InvalidInput
from app.models.store import Store
from app.services.check import check
from app.services.companies import Companies
from app.services.company_list import CompanyList, CompanyQuery
from app.services.due_steps import due_steps
from app.services.lead_fields import NextStep
from app.services.leads import Leads
from app.services.merging import Merging
from app.services.owners import Owner
from app.services.record_detail import RecordDetails
from app.services.reminders import Reminders
from app.services.timeline import Timelines
from tests.services.seen import everything, value, values
from tests.stores import TODAY, add_lead, add_member

SOON = TODAY + timedelta(days=7)
CALL = NextStep(SOON, "Anrufen", 14 * 60)


def open_of(store: Store, company: int) -> list[tuple[date, str]]:
    return [(step.on, step.text) for step in RecordDetails(store).company(company).steps if step.lead_id is None]


def test_a_step_is_set_changed_finished_and_followed_by_another_one(store: Store) -> None:
    companies = Companies(store)
    one, two = companies.create(name="A", user_id=1), companies.create(name="B")
    before = everything(store)
    companies.set_next_step([one, two], CALL)
    assert open_of(store, one) == open_of(store, two) == [(SOON, "Anrufen")]
    assert values(store, "SELECT user_id, local_time, zone FROM step ORDER BY id") == [
        (1, 840, "Europe/Berlin"), (None, 840, "Europe/Berlin"),
    ]  # fmt: skip
    companies.set_next_step([one], NextStep(TODAY, "Heute"))
    assert open_of(store, one) == [(TODAY, "Heute")]
    (row,) = CompanyList(store).rows([one])
    assert (row.next_step_on, row.next_step_text) == (TODAY, "Heute")
    companies.finish_step([one], CALL)
    assert open_of(store, one) == [(SOON, "Anrufen")]
    assert RecordDetails(store).company(one).last_on == TODAY, "a finished step is a contact"
    companies.clear_next_step([one, two])
    assert (open_of(store, one), value(store, "SELECT count(*) FROM step")) == ([], 1)
    assert check(store).ok
    for _ in range(4):
        store.undo()
    assert everything(store) == before


def test_one_that_comes_again_is_put_down_anew(store: Store) -> None:
    companies = Companies(store)
    one = companies.create(name="A")
    companies.set_next_step([one], NextStep(TODAY, "Anrufen", None, "FREQ=MONTHLY"))
    companies.finish_step([one])
    assert open_of(store, one) == [(date(2026, 12, 24), "Anrufen")]
    companies.finish_step([one], series=False)
    assert open_of(store, one) == []


def test_what_makes_no_sense_is_refused(store: Store) -> None:
    companies = Companies(store)
    one = companies.create(name="A")
    with pytest.raises(InvalidInput, match="has no open step"):
        companies.finish_step([one])
    with pytest.raises(InvalidInput):
        companies.set_next_step([one], NextStep(TODAY, "x" * 200_000))
    assert value(store, "SELECT count(*) FROM step") == 0


def test_steps_of_its_leads_have_nothing_to_do_with_it(store: Store) -> None:
    companies = Companies(store)
    one = companies.create(name="A")
    lead = add_lead(store, "Film", company_id=one)
    Leads(store).set_next_step([lead], NextStep(TODAY, "Angebot"))
    companies.set_next_step([one], CALL)
    assert [step.text for step in RecordDetails(store).company(one).steps] == ["Angebot", "Anrufen"]
    companies.finish_step([one])
    assert [step.text for step in RecordDetails(store).company(one).steps] == ["Angebot"]


def test_they_go_to_whoever_becomes_responsible(store: Store) -> None:
    companies, other = Companies(store), add_member(store, "Ben Ott", "BO")
    one = companies.create(name="A", user_id=1)
    companies.set_next_step([one], CALL)
    companies.assign([one], other)
    assert value(store, "SELECT user_id FROM step") == other
    store.undo()
    assert value(store, "SELECT user_id FROM step") == 1


def test_they_are_kept_in_a_merge_and_in_the_trash(store: Store) -> None:
    companies = Companies(store)
    one, two = companies.create(name="A"), companies.create(name="A GmbH")
    companies.set_next_step([two], CALL)
    Merging(store).merge("company", [one, two], one)
    assert open_of(store, one) == [(SOON, "Anrufen")]
    companies.delete([one])
    assert not CompanyList(store).ids(CompanyQuery())
    companies.restore([one])
    assert open_of(store, one) == [(SOON, "Anrufen")]


def test_of_two_steps_with_a_company_each_falls_due_to_whom_it_is_for(store: Store) -> None:
    """As after a merge: who is responsible for one of them does not hide the other one."""
    companies, other = Companies(store), add_member(store, "Ben Ott", "BO")
    one, two = companies.create(name="A", user_id=1), companies.create(name="A GmbH", user_id=other)
    companies.set_next_step([two], NextStep(TODAY - timedelta(days=1), "Gestern"))
    companies.set_next_step([one], NextStep(TODAY, "Heute"))
    Merging(store).merge("company", [one, two], one)
    found = {user: [(row.text, row.initials) for row in due_steps(store, user).rows] for user in (None, 1, other)}
    assert found == {None: [("Gestern", "BO")], 1: [("Heute", "AK")], other: [("Gestern", "BO")]}


def test_the_timeline_tells_of_steps_and_reminders(store: Store, clock: FixedClock) -> None:
    companies, reminders = Companies(store), Reminders(store)
    one = companies.create(name="A", user_id=1)
    reminders.begin()
    companies.set_next_step([one], NextStep(TODAY, "Anrufen", 10 * 60))
    clock.instant += timedelta(hours=1)
    reminders.shown(reminders.look(clock.now()), clock.now())
    clock.instant += timedelta(minutes=5)
    companies.finish_step([one])
    owner = Owner("company", one)
    page = Timelines(store).page(owner, kinds=["step", "reminder"])
    assert [(entry.kind, str(entry.words[-1])) for entry in page.entries] == [
        ("step", "Step “Anrufen” finished"), ("reminder", "Reminded: “Anrufen”"),
        ("step", "Next step 2026-11-24: Anrufen"),
    ]  # fmt: skip
    assert {entry.owner for entry in page.entries} == {owner}
    assert [entry.kind for entry in Timelines(store).page(owner, kinds=["change"]).entries] == ["change"]
