"""Which changes matter to a timeline: whatever alters it, and not what happens elsewhere."""

import random

import pytest

from app.core.changes import ChangeSet
from app.core.clock import FixedClock
from app.core.terms import Status
from app.models.store import Store
from app.services.companies import Companies
from app.services.leads import Leads, NextStep
from app.services.notes import Notes
from app.services.owners import Owner
from app.services.people import People
from app.services.timeline import Page, Timelines
from tests.models.test_sequences import Player, _begin


@pytest.fixture
def heard(store: Store) -> list[ChangeSet]:
    """What the feed told."""
    found: list[ChangeSet] = []
    store.feed.subscribe(found.append)
    return found


@pytest.mark.parametrize("seed", range(3))
def test_whatever_alters_a_timeline_concerns_it(
    store: Store, clock: FixedClock, heard: list[ChangeSet], seed: int
) -> None:
    _begin(store)
    player, timelines = Player(store, clock, random.Random(seed)), Timelines(store)
    company = Companies(store).create(name="Müller")
    person = People(store).create(given="x", companies=[(company, "")])
    lead = Leads(store).create(Status.ACTIVE, title="Film", company=company, person=person)
    owners = (Owner("company", company), Owner("person", person), Owner("lead", lead))
    before: dict[Owner, Page] = {owner: timelines.page(owner) for owner in owners}
    quiet = 0
    for turn in range(40):
        heard.clear()
        if turn % 4:
            player.act()
        else:
            store.undo()
        for owner in owners:
            with store.read() as connection:
                there = connection.exec_driver_sql(f"SELECT 1 FROM {owner.kind} WHERE id = {owner.id}").scalar()
            if not there:
                before.pop(owner, None)
                continue
            now, was = timelines.page(owner), before.get(owner)
            before[owner] = now
            if was is None:
                continue
            assert was.scope is not None
            concerned = any(was.scope.concerned(change, was.entries) for change in heard)
            assert concerned or now.entries == was.entries, [change.label for change in heard]
            quiet += not concerned
    assert quiet > 20, "most of what happens is none of its business"


def test_what_happens_elsewhere_is_none_of_its_business(store: Store, heard: list[ChangeSet]) -> None:
    companies, people, leads, notes = Companies(store), People(store), Leads(store), Notes(store)
    company, stranger = companies.create(name="Firma"), companies.create(name="Fremd")
    person = people.create(given="Anna", companies=[(company, "Chefin")])
    lead = leads.create(Status.ACTIVE, title="Film", company=company)
    scope = Timelines(store).page(Owner("company", company)).scope
    assert scope is not None
    heard.clear()
    far = leads.create(Status.ACTIVE, title="Anderes", company=stranger, person="Otto", tags=["Neu"])
    leads.set_next_step([far], NextStep(store.today(), "Anrufen"))
    notes.write("note", Owner("company", stranger), "Hier")
    companies.edit([stranger], industry="Bau", phones=[])
    assert not any(scope.concerned(change, ()) for change in heard)
    heard.clear()
    notes.write("note", Owner("person", person), "Ruft an")
    leads.set_next_step([lead], NextStep(store.today(), "Anrufen"))
    companies.edit([company], industry="Bau")
    leads.edit([far], company=company)
    leads.edit([far], company=stranger)
    people.edit([person], companies=[])
    assert all(scope.concerned(change, ()) for change in heard)
    assert len(heard) == 6
