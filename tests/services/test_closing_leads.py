"""FORMULAS, Closing: what closing and opening again do to a lead and to what it counts."""

from datetime import date, timedelta

import pytest

from app.core.calendar import day_number
from app.core.clock import FixedClock
from app.core.errors import InvalidInput
from app.core.money import Money
from app.core.terms import CLOSED, Budget, Status
from app.models.store import Store
from app.services.catalogue import Catalogue
from app.services.check import check
from app.services.leads import Leads, NextStep
from app.services.stages import Stages
from tests.services.seen import everything, value, values
from tests.stores import TODAY, add_lead, month

DAY = timedelta(days=1)


@pytest.fixture
def leads(store: Store) -> Leads:
    return Leads(store)


@pytest.mark.parametrize("outcome", CLOSED)
def test_closing_keeps_what_opening_again_restores(
    store: Store, leads: Leads, clock: FixedClock, outcome: Status
) -> None:
    lead = leads.create(
        Status.ACTIVE, title="Relaunch", amount=Money.of(1000, "EUR"), stage_id=3, probability=85, tags=["Web"],
        next_step=NextStep(TODAY + DAY, "Anrufen"), period=(month("2027-01"), month("2027-02")),
    )  # fmt: skip
    before = everything(store)
    leads.close([lead], outcome, reason="Passte", remark="bis bald")
    assert values(store, "SELECT status, stage_id, probability, closed_on, remark, next_step_on FROM lead") == [
        (outcome, 3, 85, day_number(TODAY), "bis bald", day_number(TODAY + DAY))
    ]
    assert values(store, "SELECT total_base, weighted_base, month_weighted FROM lead") == [(100_000, 0, 0)]
    assert values(store, "SELECT reason.name, reason.outcome FROM lead JOIN reason ON reason.id = reason_id") == [
        ("Passte", outcome)
    ]
    leads.reopen([lead])
    after = everything(store)
    after.pop("reason")  # it stays on its list
    before.pop("reason")
    assert after == before


def test_a_reopened_lead_has_its_stages_probability_again(store: Store, leads: Leads) -> None:  # traps T5, T6
    lead = leads.create(Status.ACTIVE, title="Relaunch", amount=Money.of(1000, "EUR"), stage_id=4)
    leads.close([lead], Status.WON)
    Stages(store).edit(4, probability=121)
    leads.reopen([lead])
    assert values(store, "SELECT status, probability, weighted_base FROM lead") == [("active", None, 60_500)]
    leads.move([lead], 2)
    assert value(store, "SELECT weighted_base FROM lead") == 10_000


def test_won_without_a_period_counts_in_the_closing_month(store: Store, leads: Leads) -> None:
    lead = leads.create(Status.ACTIVE, title="Film", amount=Money.of(1000, "EUR"), activated_on=date(2026, 9, 1))
    leads.close([lead], Status.WON, on=date(2026, 10, 31))
    months = "SELECT forecast_first, forecast_last, month_base FROM lead"
    assert values(store, months) == [(month("2026-10"), month("2026-10"), 100_000)]
    leads.edit([lead], closed_on=date(2026, 11, 1))
    assert values(store, months) == [(month("2026-11"), month("2026-11"), 100_000)]
    leads.reopen([lead])
    assert values(store, months) == [(None, None, 100_000)]


def test_the_closing_day(store: Store, leads: Leads) -> None:
    lead = leads.create(Status.ACTIVE, title="Film", activated_on=TODAY - 5 * DAY)
    for day in (TODAY + DAY, TODAY - 6 * DAY):
        with pytest.raises(InvalidInput) as error:
            leads.close([lead], Status.LOST, on=day)
        assert error.value.field == "closed_on"
    leads.close([lead], Status.LOST, on=TODAY - 5 * DAY)
    for wrong in (TODAY + DAY, TODAY - 6 * DAY, None):
        with pytest.raises(InvalidInput) as error:
            leads.edit([lead], closed_on=wrong)
        assert error.value.field == "closed_on"
    with pytest.raises(InvalidInput) as error:
        leads.edit([lead], activated_on=TODAY - 4 * DAY)
    assert error.value.field == "closed_on"
    assert value(store, "SELECT closed_on FROM lead") == day_number(TODAY - 5 * DAY)


def test_only_an_outcome_closes(leads: Leads) -> None:
    lead = leads.create(title="Idee")
    for status in (Status.POTENTIAL, Status.ACTIVE):
        with pytest.raises(InvalidInput) as error:
            leads.close([lead], status)
        assert error.value.field == "outcome"


def test_an_idea_comes_back_as_an_idea(store: Store, leads: Leads) -> None:
    lead = leads.create(title="Idee")
    leads.close([lead], Status.DROPPED)
    leads.reopen([lead])
    assert values(store, "SELECT status, stage_id, activated_on, closed_on FROM lead") == [
        ("potential", None, None, None)
    ]


def test_of_an_imported_one_nobody_knows_the_stage(store: Store, leads: Leads) -> None:
    lead = add_lead(store, "Maven", status=Status.WON, stage=None)
    leads.reopen([lead])
    assert values(store, "SELECT status, stage_id, closed_on FROM lead") == [("active", 1, None)]
    assert check(store).ok
    store.undo()
    assert values(store, "SELECT status, stage_id FROM lead") == [("won", None)]


def test_a_monthly_idea_without_a_period_cannot_be_closed(store: Store, leads: Leads) -> None:
    lead = leads.create(title="Retainer", amount=Money.of(500, "EUR"), budget=Budget.MONTHLY)
    with pytest.raises(InvalidInput) as error:
        leads.close([lead], Status.WON)
    assert error.value.field == "period"
    with pytest.raises(InvalidInput) as error:
        leads.activate([lead])
    assert error.value.field == "period"
    leads.edit([lead], period=(month("2027-01"), month("2027-12")))
    leads.close([lead], Status.WON)
    assert value(store, "SELECT total_base FROM lead") == 600_000


def test_a_reason_is_found_under_any_spelling_and_made_with_its_outcome(store: Store, leads: Leads) -> None:
    catalogue = Catalogue(store)
    known = catalogue.create("reason", "Zu teuer", outcome=Status.LOST)
    ids = [add_lead(store, str(number)) for number in range(3)]
    leads.close(ids[:2], Status.LOST, reason=" zu  TEUER ")
    leads.close(ids[2:], Status.WON, reason="Empfehlung")
    assert values(store, "SELECT reason_id FROM lead ORDER BY id") == [(known,), (known,), (known + 1,)]
    assert [entry.name for entry in catalogue.reasons(Status.WON)] == ["Empfehlung"]
    leads.edit(ids[:1], reason="Mitbewerber")
    assert [entry.name for entry in catalogue.reasons(Status.LOST)] == ["Zu teuer", "Mitbewerber"]


def test_an_earlier_remark_stays_where_none_is_given(store: Store, leads: Leads) -> None:
    lead = leads.create(title="Idee", remark="über Tante Hilde")
    leads.close([lead], Status.LOST)
    assert value(store, "SELECT remark FROM lead") == "über Tante Hilde"


def test_a_lead_whose_stage_went_comes_back_to_the_one_that_took_over(store: Store, leads: Leads) -> None:
    lead = leads.create(Status.ACTIVE, title="Relaunch", stage_id=4)
    leads.close([lead], Status.LOST)
    Stages(store).delete(4, 2)
    assert value(store, "SELECT reached_stage_id FROM lead") == 4
    leads.reopen([lead])
    assert values(store, "SELECT status, stage_id FROM lead") == [("active", 2)]
    assert check(store).ok


@pytest.mark.parametrize("outcome", CLOSED)
def test_what_is_closed_weighs_nothing_and_won_is_certain(store: Store, leads: Leads, outcome: Status) -> None:
    ids = [leads.create(Status.ACTIVE, title="x", amount=Money.of(1001, "EUR"), probability=67) for _ in range(3)]
    assert value(store, "SELECT sum(weighted_base) FROM lead") == 3 * 33_534
    leads.close(ids, outcome)
    assert values(store, "SELECT sum(weighted_base), sum(total_base) FROM lead") == [(0, 300_300)]
