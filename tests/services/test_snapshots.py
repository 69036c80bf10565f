"""Weekly snapshots: the state of any week can be told afterwards, whatever was done since."""

import random
from collections.abc import Mapping
from datetime import date, timedelta
from pathlib import Path

import pytest
from sqlalchemy import text

from app.core.clock import FixedClock
from app.core.money import Money
from app.core.terms import Status
from app.models.store import Store
from app.services.check import check, repair
from app.services.leads import Leads
from app.services.snapshots import LeadState, Snapshots
from app.services.stages import Stages
from tests.models.edits import count, everything
from tests.models.test_sequences import Player, _begin
from tests.stores import TODAY, ZONE, add_lead, add_member, month, reopened

WEEK = timedelta(weeks=1)


@pytest.fixture
def snapshots(store: Store) -> Snapshots:
    """Those of the test's store."""
    return Snapshots(store)


def states(store: Store) -> Mapping[int, LeadState]:
    """What the leads are now, as a snapshot tells it."""
    with store.read() as connection:
        rows = connection.execute(
            text("""SELECT lead.id, status, stage_id, user_id, CASE status WHEN 'won' THEN 200 WHEN 'lost' THEN 0
                 WHEN 'dropped' THEN 0 WHEN 'potential' THEN lead.probability
                 ELSE COALESCE(lead.probability, stage.probability) END,
                 total_base, weighted_base, period_first, period_last
                 FROM lead LEFT JOIN stage ON stage.id = stage_id""")
        )
        return {row[0]: LeadState(Status(row[1]), *row[2:]) for row in rows}


def test_a_week_has_one_snapshot(store: Store, snapshots: Snapshots, clock: FixedClock) -> None:
    add_lead(store)
    assert clock.today().weekday() == 1
    assert snapshots.take_if_due()
    assert not snapshots.take_if_due()
    clock.instant += timedelta(days=5)  # Sunday
    assert not snapshots.take_if_due()
    clock.instant += timedelta(days=1)  # Monday
    assert snapshots.take_if_due()
    assert snapshots.days() == [TODAY, TODAY + timedelta(days=6)]


def test_every_value_is_stored(store: Store, snapshots: Snapshots) -> None:
    lead = add_lead(store, amount=1000, stage="Angebot", user_id=1, period=("2027-01", "2027-03"))
    own = add_lead(store, amount=1000, stage="Angebot", probability=50)
    idea = add_lead(store, status=Status.POTENTIAL, amount=7)
    won = add_lead(store, status=Status.WON, amount=5)
    without_rate = add_lead(store, currency="XAU")
    snapshots.take_if_due()
    found = snapshots.at(TODAY)
    assert found is not None
    assert found[lead] == LeadState(Status.ACTIVE, 3, 1, 60, 100_000, 30_000, month("2027-01"), month("2027-03"))
    assert (found[own].probability, found[own].weighted) == (50, 25_000)
    assert (found[idea].status, found[idea].stage_id, found[idea].probability) == (Status.POTENTIAL, None, None)
    assert (found[won].status, found[won].probability) == (Status.WON, 200)
    assert found[without_rate].total is None
    assert found == states(store)


def test_what_did_not_change_takes_no_room(store: Store, snapshots: Snapshots, clock: FixedClock) -> None:
    leads = [add_lead(store, f"Lead {number}") for number in range(5)]
    snapshots.take_if_due()
    assert count(store, "lead_snapshot") == 5
    clock.instant += WEEK
    Leads(store).edit(leads[:1], amount=Money(1, "EUR"))
    Leads(store).edit(leads[1:2], title="A title is no state")
    snapshots.take_if_due()
    assert count(store, "lead_snapshot") == 6
    clock.instant += WEEK
    snapshots.take_if_due()
    assert count(store, "lead_snapshot") == 6


def test_another_probability_of_a_stage_concerns_its_leads(
    store: Store, snapshots: Snapshots, clock: FixedClock
) -> None:
    lead = add_lead(store, amount=1000)
    snapshots.take_if_due()
    clock.instant += WEEK
    Stages(store).edit(1, probability=100)
    snapshots.take_if_due()
    now, before = snapshots.at(clock.today()), snapshots.at(TODAY)
    assert now is not None
    assert before is not None
    assert (before[lead].probability, now[lead].probability) == (2, 100)


def test_a_deleted_lead_goes_and_comes_again(store: Store, snapshots: Snapshots, clock: FixedClock) -> None:
    lead, other = add_lead(store), add_lead(store, "Never seen")
    Leads(store).delete([other])
    snapshots.take_if_due()
    for verb in (Leads(store).delete, Leads(store).restore):
        clock.instant += WEEK
        verb([lead])
        snapshots.take_if_due()
    days = snapshots.days()
    assert [set(snapshots.at(day) or ()) for day in days] == [{lead}, set(), {lead}]
    assert count(store, "lead_snapshot") == 3


def test_a_lead_that_is_gone_for_good(store: Store, snapshots: Snapshots, clock: FixedClock) -> None:
    lead = add_lead(store)
    snapshots.take_if_due()
    with store.maintenance() as connection:
        connection.execute(text(f"DELETE FROM stage_entry WHERE lead_id = {lead}"))
        connection.execute(text(f"DELETE FROM search_doc WHERE lead_id = {lead}"))
        connection.execute(text(f"DELETE FROM lead WHERE id = {lead}"))
    clock.instant += WEEK
    snapshots.take_if_due()
    assert [set(snapshots.at(day) or ()) for day in snapshots.days()] == [{lead}, set()]


def test_before_the_first_snapshot_nobody_knows(store: Store, snapshots: Snapshots) -> None:
    add_lead(store)
    assert snapshots.at(TODAY) is None
    snapshots.take_if_due()
    assert snapshots.at(TODAY - timedelta(days=1)) is None
    assert snapshots.at(TODAY + timedelta(days=400)) == states(store)
    assert snapshots.at(date.max) == states(store)
    assert snapshots.at(date.min) is None


def test_an_empty_store(store: Store, snapshots: Snapshots) -> None:
    assert snapshots.take_if_due()
    assert snapshots.at(TODAY) == {}


def test_it_is_nobodys_step(store: Store, snapshots: Snapshots) -> None:
    add_lead(store)
    before = count(store, "change_set"), count(store, "change")
    told: list[object] = []
    store.feed.subscribe(told.append)
    snapshots.take_if_due()
    assert (count(store, "change_set"), count(store, "change")) == before
    store.watch()
    assert told == []
    store.undo()
    assert snapshots.at(TODAY)


def test_on_a_given_day_nothing_is_stored(store: Store, snapshots: Snapshots) -> None:
    store.given_day = TODAY
    assert not snapshots.take_if_due()


def test_another_process_was_faster(folder: Path, store: Store, snapshots: Snapshots) -> None:
    add_lead(store)
    beside = reopened(folder)
    try:
        assert Snapshots(beside).take_if_due()
    finally:
        beside.close()
    assert not snapshots.take_if_due()


def test_a_clock_that_was_ahead_once(store: Store, snapshots: Snapshots, clock: FixedClock) -> None:
    """The weeks go on, and what was stored for the day that is yet to come stays as it was."""
    lead, gone = add_lead(store, amount=1), add_lead(store, "Gone")
    snapshots.take_if_due()
    clock.instant += timedelta(days=3650)
    Leads(store).edit([lead], amount=Money(500, "EUR"))
    snapshots.take_if_due()
    ahead = dict(states(store))
    clock.instant -= timedelta(days=3650) - WEEK
    new = add_lead(store, "New", amount=9)
    Leads(store).delete([gone])
    Leads(store).edit([lead], amount=Money(700, "EUR"))
    for amount in (800, 900):
        assert snapshots.take_if_due()
        now = states(store)
        assert snapshots.at(clock.today()) == now
        assert snapshots.at(TODAY + timedelta(days=3650)) == ahead
        clock.instant += WEEK
        Leads(store).edit([lead, new], amount=Money(amount, "EUR"))


def _weeks(store: Store, clock: FixedClock, chance: random.Random, weeks: int) -> None:
    _begin(store)
    player, snapshots, known = Player(store, clock, chance), Snapshots(store), dict[date, Mapping[int, LeadState]]()
    for _ in range(weeks):
        for _ in range(chance.randint(0, 12)):
            player.act()
        if snapshots.take_if_due():
            known[store.today()] = states(store)
        clock.instant += timedelta(days=chance.choice([0, 1, 7, 7, 7, 20]))
    for day, then in known.items():
        assert snapshots.at(day) == then
    assert check(store).ok


def test_the_state_of_every_week_can_be_told(store: Store, clock: FixedClock) -> None:
    _weeks(store, clock, random.Random(11), 25)


@pytest.mark.prove
@pytest.mark.parametrize("seed", range(200))
def test_many_years(folder: Path, seed: int) -> None:
    clock = FixedClock.at(TODAY, ZONE)
    store = reopened(folder, clock)
    try:
        _weeks(store, clock, random.Random(seed), 60)
    finally:
        store.close()


def test_undo_leaves_the_snapshots(store: Store, snapshots: Snapshots, clock: FixedClock) -> None:
    lead = add_lead(store, amount=1)
    Leads(store).edit([lead], amount=Money(500, "EUR"))
    snapshots.take_if_due()
    then = snapshots.at(TODAY)
    store.undo()
    assert snapshots.at(TODAY) == then
    assert everything(store)["lead_snapshot"]


def test_the_check_finds_states_of_no_snapshot(store: Store, snapshots: Snapshots) -> None:
    add_lead(store)
    add_member(store, "Ben Roth", "BR")
    snapshots.take_if_due()
    assert check(store).ok
    with store.maintenance() as connection:
        connection.execute(text("DELETE FROM snapshot"))
    found = check(store).problems
    assert [problem.repairable for problem in found] == [True]
    assert repair(store).ok
    assert count(store, "lead_snapshot") == 0
