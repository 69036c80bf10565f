"""A lead and its next step are made and changed in one step of the user."""

from datetime import date

import pytest

from app.core.calendar import day_number
from app.core.errors import InvalidInput
from app.core.terms import Status
from app.models.schema import Stage
from app.models.store import Store
from app.services.history import History
from app.services.leads import Leads, NextStep
from tests.stores import TODAY


def rows(store: Store, query: str) -> list[tuple[object, ...]]:
    with store.read() as connection:
        return [tuple(row) for row in connection.exec_driver_sql(query)]


def test_a_lead_and_its_step_are_one_step_to_undo(store: Store) -> None:
    leads = Leads(store)
    leads.create(Status.ACTIVE, title="Relaunch", next_step=NextStep(TODAY, "Anrufen", 14 * 60))
    assert rows(store, "SELECT due_on, local_time, zone, text FROM step") == [
        (day_number(TODAY), 840, "Europe/Berlin", "Anrufen")
    ]
    assert rows(store, "SELECT next_step_on FROM lead") == [(day_number(TODAY),)]
    store.undo()
    assert rows(store, "SELECT id FROM lead") == []
    assert rows(store, "SELECT id FROM step") == []
    assert History(store).next_undo() is None or "Relaunch" not in str(History(store).next_undo())


def test_a_step_given_with_the_lead_counts_for_what_the_stage_requires(store: Store) -> None:
    from app.core.i18n import Text

    with store.write(Text("Stage changed")) as session:
        session.get_one(Stage, 1).required = "next_step"
    leads = Leads(store)
    with pytest.raises(InvalidInput):
        leads.create(Status.ACTIVE, title="Ohne")
    assert leads.create(Status.ACTIVE, title="Mit", next_step=NextStep(TODAY)) > 0
    assert rows(store, "SELECT title FROM lead") == [("Mit",)]


def test_editing_sets_moves_and_removes_the_step_in_one_go(store: Store) -> None:
    leads = Leads(store)
    lead = leads.create(title="Idee")
    leads.edit([lead], info="Neu", next_step=NextStep(date(2026, 12, 1)))
    assert rows(store, "SELECT due_on FROM step") == [(day_number(date(2026, 12, 1)),)]
    leads.edit([lead], next_step=NextStep(date(2026, 12, 2), "Mail"))
    assert rows(store, "SELECT due_on, text FROM step") == [(day_number(date(2026, 12, 2)), "Mail")]
    leads.edit([lead], title="Idee 2")
    assert len(rows(store, "SELECT id FROM step")) == 1
    leads.edit([lead], next_step=None)
    assert rows(store, "SELECT id FROM step") == []
    for _ in range(4):
        store.undo()
    assert rows(store, "SELECT title, info FROM lead") == [("Idee", "")]
    assert rows(store, "SELECT id FROM step") == []


def test_a_closed_lead_gets_no_next_step(store: Store) -> None:
    leads = Leads(store)
    lead = leads.create(title="Idee")
    leads.close([lead], Status.LOST)
    with pytest.raises(InvalidInput):
        leads.edit([lead], next_step=NextStep(TODAY))
