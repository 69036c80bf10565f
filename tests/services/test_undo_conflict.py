"""A step that somebody has built upon is not taken back; both values are told."""

from typing import Any

import pytest

from app.core.i18n import Text
from app.core.money import Money
from app.core.terms import Status
from app.models.schema import Lead
from app.models.store import Store
from app.models.undo import UndoConflict
from app.services.check import check
from app.services.history import History
from app.services.leads import Leads
from app.services.stages import Stages


def other(store: Store, lead_id: int, **values: object) -> None:
    """Somebody else changes a lead."""
    mine, store.actor_id = store.actor_id, None
    with store.write(Text("Changed elsewhere")) as session:
        lead = session.get_one(Lead, lead_id)
        for name, value in values.items():
            setattr(lead, name, value)
    store.actor_id = mine


@pytest.mark.parametrize(
    ("fields", "elsewhere", "told"),
    [
        ({"title": "Mine"}, {"title": "Theirs"}, "“Theirs”: Title Mine → Theirs. The newer value stays."),
        ({"amount": Money(500, "EUR")}, {"amount_minor": 700}, "Volume"),
        (
            {"amount": Money(500, "EUR")},
            {"amount_minor": 700, "currency": "CHF"},
            f"Volume {Money(500, 'EUR')} → {Money(700, 'CHF')}",
        ),
        ({"probability": 40}, {"probability": None}, "Probability removed"),
    ],
)
def test_both_values_are_told(store: Store, fields: dict[str, Any], elsewhere: dict[str, Any], told: str) -> None:
    leads = Leads(store)
    lead_id = leads.create(Status.ACTIVE, title="Relaunch", amount=Money(100, "EUR"))
    leads.edit([lead_id], **fields)
    other(store, lead_id, **elsewhere)
    with pytest.raises(UndoConflict) as refused:
        History(store).undo()
    assert told in str(refused.value.hint)
    with store.read() as connection:
        row = connection.exec_driver_sql("SELECT * FROM lead WHERE id = ?", (lead_id,)).mappings().one()
    assert {name: row[name] for name in elsewhere} == elsewhere


def test_another_field_of_the_same_lead_is_no_conflict(store: Store) -> None:
    leads = Leads(store)
    lead_id = leads.create(Status.ACTIVE, title="Relaunch")
    leads.edit([lead_id], title="Mine")
    other(store, lead_id, info="Theirs")
    assert History(store).undo() is not None
    with store.read() as connection:
        row = connection.exec_driver_sql("SELECT title, info FROM lead WHERE id = ?", (lead_id,)).one()
    assert tuple(row) == ("Relaunch", "Theirs")


def test_a_close_is_not_undone_into_a_stage_that_took_over_since(store: Store) -> None:
    """The lead never entered it; opened again it does."""
    leads = Leads(store)
    lead_id = leads.create(Status.ACTIVE, title="Relaunch", amount=Money(100, "EUR"))
    leads.close([lead_id], Status.LOST)
    mine, store.actor_id = store.actor_id, None
    Stages(store).delete(1, 2)
    store.actor_id = mine
    with pytest.raises(UndoConflict) as refused:
        store.undo()
    assert "open it again" in str(refused.value.hint)
    leads.reopen([lead_id])
    assert check(store).problems == ()
