"""Behind every figure stand its leads: as many as it says, and worth as much."""

import random
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest

from app.core.calendar import day_number, last_year
from app.core.clock import FixedClock
from app.core.terms import CLOSED, Status
from app.models.store import Store
from app.services.funnel import Cohort, Mode
from app.services.leads_behind import Worth
from app.services.office import Office
from app.services.stages import Stages
from tests.stores import STAGES, TODAY, add_lead, add_step


@pytest.fixture
def office(store: Store, clock: FixedClock) -> Office:
    """Leads of every kind: of many days, with and without a rate, some of them idle, some of a stage that is gone."""
    chance = random.Random(11)
    clock.instant -= timedelta(days=40)
    for number in range(70):
        if number == 35:
            clock.instant += timedelta(days=40)
        _add(store, number, chance)
    Stages(store).delete(2, 3)
    return Office.of(store, Path())


def _add(store: Store, number: int, chance: random.Random) -> None:
    today = day_number(store.today())
    status = chance.choice([Status.POTENTIAL, Status.ACTIVE, Status.ACTIVE, *CLOSED])
    begun = today - chance.choice([0, 13, 14, 29, 30, 59, 60, 89, 90, 179, 200, 364, 365, 500])
    columns: dict[str, Any] = {"closed_on": max(begun, today - chance.randint(0, 500))} if status in CLOSED else {}
    lead = add_lead(
        store, f"Lead {number}", status=status, stage=chance.choice([name for name, _, _ in STAGES]),
        amount=chance.randint(0, 50_000), currency=chance.choice(["EUR", "EUR", "CHF"]),
        activated_on=None if status in CLOSED and number % 7 == 0 else begun, **columns,
    )  # fmt: skip
    if number % 5 == 0 and status == Status.ACTIVE:
        add_step(store, lead, TODAY + timedelta(days=chance.randint(-3, 3)))


def worth(found: tuple[Worth, ...]) -> tuple[int, int, int]:
    """How many, and their sums."""
    return len(found), sum(each.total for each in found), sum(each.weighted for each in found)


def test_behind_the_young_the_idle_and_each_age(office: Office) -> None:
    figures = office.metrics.figures()
    assert figures.young > 0
    assert figures.idle > 0
    assert len(office.behind.young()) == figures.young
    assert len(office.behind.idle()) == figures.idle
    for group in figures.ages:
        found = worth(office.behind.aged(group.first, group.last))
        assert (found[0], found[2]) == (group.count, group.weighted)
    assert sum(group.count for group in figures.ages) == figures.open


@pytest.mark.parametrize("window", [(None, None), (last_year(TODAY), TODAY), (date(2026, 1, 1), date(2026, 3, 31))])
def test_behind_what_was_closed(office: Office, window: tuple[date | None, date | None]) -> None:
    outcomes = office.funnel.outcomes(*window)
    closed = office.behind.closed
    assert len(closed(*window, (Status.WON,))) == outcomes.won
    assert len(closed(*window, (Status.WON, Status.LOST))) == outcomes.won + outcomes.lost
    assert len(closed(*window)) == outcomes.won + outcomes.lost + outcomes.dropped
    assert worth(closed(*window, (Status.WON,), valued=True))[:2] == (outcomes.won_valued, outcomes.won_value)
    decided = closed(*window, (Status.WON, Status.LOST), valued=True)
    assert worth(decided)[1] == outcomes.won_value + outcomes.lost_value
    assert len(closed(*window, timed=True)) == outcomes.cycle.n


@pytest.mark.parametrize("mode", ["passed", "touched"])
@pytest.mark.parametrize("cohort", ["activated", "closed"])
@pytest.mark.parametrize("window", [(None, None), (last_year(TODAY), TODAY)])
def test_behind_every_step_of_the_funnel(
    office: Office, mode: Mode, cohort: Cohort, window: tuple[date | None, date | None]
) -> None:
    funnel = office.funnel.read(*window, mode=mode, cohort=cohort)
    for stage in funnel.stages:
        found = office.behind.reached(stage.stage_id, *window, mode=mode, cohort=cohort)
        assert len(found) == stage.reached
    assert len(office.behind.reached(None, *window, mode=mode, cohort=cohort)) == funnel.cohort_won


def test_the_one_worth_most_comes_first(office: Office) -> None:
    found = office.behind.aged(0, None)
    assert [each.weighted for each in found] == sorted((each.weighted for each in found), reverse=True)
