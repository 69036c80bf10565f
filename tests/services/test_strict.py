"""Strict mode: nobody finishes a step without saying what comes next, or that the lead is over."""

from collections.abc import Callable
from datetime import timedelta

import pytest

from app.core.errors import InvalidInput
from app.core.terms import CLOSED, Status
from app.models.store import Store
from app.services.leads import Ending, Leads, NextStep
from tests.services.seen import everything, steps, value, values
from tests.stores import TODAY, add_lead, add_step

DAY = timedelta(days=1)


@pytest.fixture
def strict(store: Store) -> Leads:
    """Verbs of a store in strict mode."""
    return Leads(store, strict=lambda: True)


def _due(store: Store, title: str = "Relaunch", status: Status = Status.ACTIVE) -> int:
    lead = add_lead(store, title, status=status)
    add_step(store, lead, TODAY)
    return lead


@pytest.mark.parametrize("status", [Status.ACTIVE, Status.POTENTIAL])
def test_a_step_that_nothing_follows_is_not_finished(store: Store, strict: Leads, status: Status) -> None:
    lead = _due(store, status=status)
    before = everything(store)
    with pytest.raises(InvalidInput) as error:
        strict.finish_step([lead])
    assert error.value.field == "next_step"
    assert "“Relaunch”" in str(error.value)
    assert everything(store) == before


def test_one_lead_without_anything_to_follow_stops_all(store: Store, strict: Leads) -> None:
    going_on, ending = _due(store, "Geht weiter"), _due(store, "Endet")
    add_step(store, going_on, TODAY + DAY)
    before = everything(store)
    with pytest.raises(InvalidInput, match="Endet"):
        strict.finish_step([going_on, ending])
    assert everything(store) == before


FOLLOWED: dict[str, Callable[[Leads, int], object]] = {
    "the next step": lambda verbs, lead: verbs.finish_step([lead], NextStep(TODAY + DAY)),
    "won": lambda verbs, lead: verbs.finish_step([lead], Ending(Status.WON)),
    "lost": lambda verbs, lead: verbs.finish_step([lead], Ending(Status.LOST, reason="Preis")),
    "dropped": lambda verbs, lead: verbs.finish_step([lead], Ending(Status.DROPPED, remark="keine Zeit")),
}


@pytest.mark.parametrize("way", FOLLOWED)
def test_what_follows_lets_it_be_finished(store: Store, strict: Leads, way: str) -> None:
    lead = _due(store)
    FOLLOWED[way](strict, lead)
    assert value(store, "SELECT count(*) FROM step WHERE done_at IS NOT NULL") == 1


def test_another_open_step_is_enough(store: Store, strict: Leads) -> None:
    lead = _due(store)
    add_step(store, lead, TODAY + DAY)
    strict.finish_step([lead])
    assert value(store, "SELECT count(*) FROM step WHERE done_at IS NULL") == 1


def test_of_a_closed_lead_nothing_is_asked(store: Store, strict: Leads) -> None:
    lead = _due(store, status=Status.LOST)
    strict.finish_step([lead])
    assert value(store, "SELECT count(*) FROM step WHERE done_at IS NULL") == 0


def test_the_mode_is_asked_for_each_time(store: Store) -> None:
    modes = [True, False]
    verbs = Leads(store, strict=lambda: modes.pop(0))
    lead = _due(store)
    with pytest.raises(InvalidInput):
        verbs.finish_step([lead])
    verbs.finish_step([lead])
    assert modes == []


@pytest.mark.parametrize("outcome", CLOSED)
def test_finishing_and_closing_is_one_step_to_undo(store: Store, outcome: Status) -> None:
    lead = _due(store)
    before, count = everything(store), steps(store)
    Leads(store).finish_step([lead], Ending(outcome, TODAY - 0 * DAY, "Preis", "zu teuer"))
    assert steps(store) == count + 1
    assert values(store, "SELECT status, remark FROM lead") == [(outcome, "zu teuer")]
    store.undo()
    assert {**everything(store), "reason": []} == {**before, "reason": []}


def test_an_ending_is_an_outcome_of_an_open_lead_and_not_in_the_future(store: Store) -> None:
    lead, closed = _due(store), _due(store, status=Status.WON)
    before = everything(store)
    for ids, ending, field in (
        ([lead], Ending(Status.ACTIVE), "outcome"), ([lead], Ending(Status.WON, TODAY + DAY), "closed_on"),
        ([lead, closed], Ending(Status.LOST), None),
    ):  # fmt: skip
        with pytest.raises(InvalidInput) as error:
            Leads(store).finish_step(ids, ending)
        assert error.value.field == field
        assert everything(store) == before
