"""One lead with everything: steps, stages it met, notes and changes, in a constant number of statements."""

from datetime import timedelta

import pytest

from app.core.clock import FixedClock
from app.core.errors import NotFound
from app.core.terms import Status
from app.models.store import Store
from app.services.lead_detail import LeadDetails, StageProgress
from app.services.lead_list import LeadList
from app.services.leads import Leads, NextStep
from app.services.stages import Stages
from tests.services.seen import statements
from tests.stores import TODAY, add_lead, add_step

DAY = timedelta(days=1)


@pytest.fixture
def leads(store: Store) -> Leads:
    return Leads(store)


@pytest.fixture
def details(store: Store) -> LeadDetails:
    return LeadDetails(store)


def test_the_row_is_that_of_the_lists(store: Store, leads: Leads, details: LeadDetails) -> None:
    lead = leads.create(Status.ACTIVE, title="Relaunch", info="Info", remark="Bemerkung", tags=["Web", "Ärger"],
                        company="Eckhof", person="Martha", next_step=NextStep(TODAY, "Anrufen", 840))  # fmt: skip
    row = details.get(lead).row
    assert [row] == LeadList(store).rows([lead])
    assert (row.info, row.remark, row.tags, row.person) == ("Info", "Bemerkung", ("Ärger", "Web"), "Martha")


def test_open_steps_first_to_do_first(store: Store, leads: Leads, details: LeadDetails) -> None:
    lead = leads.create(Status.ACTIVE, title="x", next_step=NextStep(TODAY - DAY, "Erster", 600))
    leads.finish_step([lead], NextStep(TODAY + 3 * DAY, "Dritter", 600))
    add_step(store, lead, TODAY + 2 * DAY, "Früher")
    add_step(store, add_lead(store), TODAY, "Fremd")
    detail = details.get(lead)
    assert [(step.text, step.on, step.time, step.user) for step in detail.open_steps] == [
        ("Früher", TODAY + 2 * DAY, None, "Anna Kern"), ("Dritter", TODAY + 3 * DAY, 600, "Anna Kern")
    ]  # fmt: skip
    assert detail.row.next_step_text == "Früher"


def test_stages_as_the_lead_met_them(store: Store, leads: Leads, details: LeadDetails, clock: FixedClock) -> None:
    lead = leads.create(Status.ACTIVE, title="x", activated_on=TODAY - 3 * DAY)
    leads.move([lead], 3)
    clock.instant += DAY
    leads.move([lead], 2)
    clock.instant += DAY
    leads.move([lead], 3)
    assert details.get(lead).progress == (
        StageProgress(1, "Erstkontakt", False, TODAY - 3 * DAY), StageProgress(2, "Vorstellung", False, TODAY + DAY),
        StageProgress(3, "Angebot", True, TODAY + 2 * DAY), StageProgress(4, "Verhandlungen", False, None),
        StageProgress(5, "Mündliche Zusage", False, None),
    )  # fmt: skip
    assert [stage.entered for stage in details.get(lead).progress] == [True, True, True, False, False]


def test_stages_that_are_no_longer_offered_are_shown_to_those_who_were_there(
    store: Store, leads: Leads, details: LeadDetails
) -> None:
    there, never = (leads.create(Status.ACTIVE, title="x") for _ in range(2))
    leads.move([there], 3)
    leads.move([there], 4)
    Stages(store).edit(3, retired=True)
    Stages(store).delete(4, 5)
    assert [stage.name for stage in details.get(there).progress] == [
        "Erstkontakt", "Vorstellung", "Angebot", "Verhandlungen", "Mündliche Zusage"
    ]  # fmt: skip
    assert [stage.name for stage in details.get(never).progress] == ["Erstkontakt", "Vorstellung", "Mündliche Zusage"]


def test_an_idea_has_met_no_stage(leads: Leads, details: LeadDetails) -> None:
    detail = details.get(leads.create(title="Idee"))
    assert not any(stage.entered or stage.current for stage in detail.progress)
    assert detail.open_steps == ()


def test_notes_and_changes_are_one_story(store: Store, leads: Leads, details: LeadDetails) -> None:
    lead = leads.create(title="x")
    leads.note([lead], "Erste")
    leads.edit([lead], title="y")
    leads.note([lead], "Zweite\nZeile")
    events = details.get(lead).events
    assert [(event.kind, str(event.words)) for event in events] == [
        ("note", "Zweite\nZeile"), ("change", "Title x → y"), ("note", "Erste"), ("status", "Lead created")
    ]  # fmt: skip
    assert details.get(lead, events=2).events == events[:2]


def test_a_lead_that_is_gone(leads: Leads, details: LeadDetails) -> None:
    lead = leads.create(title="x")
    leads.delete([lead])
    for gone in (lead, 99, -1):
        with pytest.raises(NotFound):
            details.get(gone)


def test_as_many_statements_however_much_hangs_on_it(store: Store, leads: Leads, details: LeadDetails) -> None:
    bare = leads.create(title="x")
    few = statements(store, lambda: details.get(bare))
    full = leads.create(Status.ACTIVE, title="y")
    for number in range(20):
        leads.edit([full], company=f"Firma {number}", person=f"Person {number}", tags=[f"Tag {number}"])
        leads.move([full], number % 5 + 1)
        leads.set_next_step([full], NextStep(TODAY))
        leads.finish_step([full])
        leads.note([full], "x")
    assert statements(store, lambda: details.get(full)) == few <= 14
