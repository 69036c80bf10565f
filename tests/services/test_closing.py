"""The figures of the closing dialog are those the store has after closing."""

from datetime import date
from typing import Any

import pytest

from app.core.calendar import month_number
from app.core.terms import Budget, Status
from app.models.store import Store
from app.services.closing import Closing, preview
from app.services.leads import Leads
from tests.stores import TODAY, add_lead, add_rate, add_step


def lead_row(store: Store, lead: int) -> Any:
    with store.read() as connection:
        query = f"SELECT total_base, forecast_first, forecast_last, weighted_base FROM lead WHERE id = {lead}"
        return connection.exec_driver_sql(query).one()


def test_a_won_lead_counts_in_its_service_period(store: Store) -> None:
    lead = add_lead(store, amount=3_000, budget=Budget.MONTHLY, period=("2027-02", "2027-07"))
    found = preview(store, [lead], TODAY)
    assert (found.secured_in_period, found.secured_in_month, found.counts_in_month) == (1_800_000, 0, False)
    Leads(store).close([lead], Status.WON, on=TODAY)
    assert tuple(lead_row(store, lead))[:3] == (found.secured_in_period, found.first, found.last)


def test_without_a_period_it_counts_in_the_month_of_closing(store: Store) -> None:
    lead = add_lead(store, amount=5_000, activated_on=None)
    day = date(2026, 10, 31)
    found = preview(store, [lead], day)
    assert (found.secured_in_period, found.first, found.secured_in_month) == (0, None, 500_000)
    Leads(store).close([lead], Status.WON, on=day)
    assert tuple(lead_row(store, lead))[:3] == (500_000, month_number(day), month_number(day))


def test_the_rate_of_the_closing_day_holds(store: Store) -> None:
    add_rate(store, "CHF", date(2026, 1, 1), "0.9")
    add_rate(store, "CHF", date(2026, 11, 1), "1.1")
    lead = add_lead(store, amount=1_000, currency="CHF", activated_on=None)
    assert preview(store, [lead], date(2026, 6, 1)).secured_in_month == 90_000
    assert preview(store, [lead], TODAY).secured_in_month == 110_000
    Leads(store).close([lead], Status.WON, on=date(2026, 6, 1))
    assert lead_row(store, lead).total_base == 90_000


def test_a_lead_without_a_rate_is_named_and_in_no_sum(store: Store) -> None:
    leads = [add_lead(store, amount=100), add_lead(store, amount=100, currency="USD")]
    found = preview(store, leads, TODAY)
    assert (found.leads, found.without_rate, found.total) == (2, 1, 10_000)


def test_what_leaves_the_forecast_is_what_the_lists_show(store: Store) -> None:
    leads = [add_lead(store, amount=24_000, probability=70), add_lead(store, amount=10_000, stage="Angebot")]
    idea = add_lead(store, status=Status.POTENTIAL, amount=99_000)
    found = preview(store, [*leads, idea], TODAY)
    assert found.weighted_now == sum(lead_row(store, lead).weighted_base for lead in leads) == 840_000 + 300_000
    assert (found.open_now, found.ideas) == (3_400_000, 1)


def test_steps_are_counted_and_the_next_is_named(store: Store) -> None:
    leads = [add_lead(store, f"Lead {n}") for n in range(3)]
    add_step(store, leads[0], date(2026, 12, 1), "Spaeter")
    add_step(store, leads[1], date(2026, 11, 20), "Zuerst")
    add_step(store, leads[2], date(2026, 11, 1), "Erledigt", done=True)
    found = preview(store, leads, TODAY)
    assert (found.steps, found.next_step_on, found.next_step) == (2, date(2026, 11, 20), "Zuerst")


def test_leads_that_are_gone_or_closed_are_told_apart(store: Store) -> None:
    gone, won, here = add_lead(store), add_lead(store, status=Status.WON), add_lead(store, "Hier")
    Leads(store).delete([gone])
    found = preview(store, [gone, won, here, here, 4711], TODAY)
    assert (found.leads, found.closed_already, found.title) == (2, 1, "")
    assert preview(store, [gone], TODAY) == Closing()


@pytest.mark.parametrize("n", [0, 1, 1203])
def test_any_number_of_leads(store: Store, n: int) -> None:
    ids = [add_lead(store, amount=1)] if n == 1 else many(store, n)
    assert preview(store, ids, TODAY).leads == n


def many(store: Store, n: int) -> list[int]:
    leads = Leads(store)
    if not n:
        return []
    first = leads.create(Status.ACTIVE, title="Viele")
    ids = [first]
    while len(ids) < n:
        ids += leads.duplicate(ids[: n - len(ids)])
    return ids
