"""A step that comes again, and to whom a step belongs."""

from datetime import date, timedelta
from typing import Any

import pytest
from sqlalchemy import text

from app.core.calendar import day_number, day_of
from app.core.clock import FixedClock
from app.core.errors import InvalidInput
from app.core.i18n import Text
from app.models.schema import Step
from app.models.store import Store
from app.services.history import History
from app.services.lead_detail import LeadDetails
from app.services.leads import Leads, NextStep
from tests.models.edits import everything
from tests.stores import TODAY, ZONE, add_lead, add_member

WEEKLY = "FREQ=WEEKLY;BYDAY=TU"


def steps(store: Store) -> list[tuple[Any, ...]]:
    """Day, minutes, words, rule, whose, and whether it is done, in the order they were put down."""
    with store.read() as connection:
        rows = connection.execute(
            text("SELECT due_on, local_time, text, rrule, user_id, done_at FROM step ORDER BY id")
        )
        return [(day_of(row[0]).isoformat(), *row[1:5], row[5] is not None) for row in rows]


def words(store: Store, lead: int) -> list[str]:
    return [str(event.words) for event in History(store).of_lead(lead)]


def test_a_finished_step_that_comes_again_is_put_down_anew_in_the_same_step_of_the_user(store: Store) -> None:
    leads, lead = Leads(store), add_lead(store, user_id=1)
    leads.set_next_step([lead], NextStep(TODAY, "Anrufen", 540, WEEKLY))
    before = everything(store)
    leads.finish_step([lead])
    assert steps(store) == [
        ("2026-11-24", 540, "Anrufen", WEEKLY, 1, True),
        ("2026-12-01", 540, "Anrufen", WEEKLY, 1, False),
    ]
    store.undo()
    assert everything(store) == before
    store.redo()
    assert [step[0] for step in steps(store) if not step[-1]] == ["2026-12-01"]


def test_what_was_left_undone_for_weeks_comes_once(store: Store, clock: FixedClock) -> None:
    leads, lead = Leads(store), add_lead(store)
    leads.set_next_step([lead], NextStep(TODAY, "Anrufen", None, WEEKLY))
    clock.instant += timedelta(days=17)
    leads.finish_step([lead])
    assert [step[0] for step in steps(store)] == ["2026-11-24", "2026-12-15"]


def test_a_series_ends_with_the_last_step(store: Store) -> None:
    leads, lead = Leads(store), add_lead(store)
    leads.set_next_step([lead], NextStep(TODAY, "", None, "FREQ=DAILY;UNTIL=20261125"))
    leads.finish_step([lead])
    leads.finish_step([lead])
    assert [step[0] for step in steps(store)] == ["2026-11-24", "2026-11-25"]


def test_a_series_is_ended_and_something_else_follows(store: Store) -> None:
    leads, lead = Leads(store), add_lead(store)
    leads.set_next_step([lead], NextStep(TODAY, "Anrufen", None, WEEKLY))
    leads.finish_step([lead], NextStep(TODAY + timedelta(3), "Besuchen"), series=False)
    assert [(step[0], step[2], step[3]) for step in steps(store) if not step[-1]] == [("2026-11-27", "Besuchen", None)]


def test_another_step_may_be_set_beside_the_one_that_comes_again(store: Store) -> None:
    leads, lead = Leads(store), add_lead(store)
    leads.set_next_step([lead], NextStep(TODAY, "Anrufen", None, WEEKLY))
    leads.finish_step([lead], NextStep(TODAY + timedelta(3), "Besuchen"))
    assert [step[2] for step in steps(store) if not step[-1]] == ["Anrufen", "Besuchen"]


def test_of_several_open_steps_the_one_that_is_named_is_finished(store: Store) -> None:
    leads, lead = Leads(store), add_lead(store)
    leads.set_next_step([lead], NextStep(TODAY, "Erster", None, WEEKLY))
    leads.finish_step([lead], NextStep(TODAY + timedelta(9), "Später"))
    later = LeadDetails(store).get(lead).open_steps[1]
    leads.finish_step([lead], step_id=later.id)
    assert [step[2] for step in steps(store) if not step[-1]] == ["Erster"]
    with pytest.raises(InvalidInput, match="no open step"):
        leads.finish_step([lead], step_id=later.id)


def test_moving_a_step_leaves_its_rule_alone_and_an_empty_one_removes_it(store: Store) -> None:
    leads, lead = Leads(store), add_lead(store)
    leads.set_next_step([lead], NextStep(TODAY, "Anrufen", None, WEEKLY))
    leads.set_next_step([lead], NextStep(TODAY + timedelta(1), "Anrufen"))
    assert steps(store)[0][3] == WEEKLY
    leads.set_next_step([lead], NextStep(TODAY + timedelta(1), "Anrufen", None, ""))
    assert steps(store)[0][3] is None
    leads.set_next_step([lead], NextStep(TODAY + timedelta(1), "Anrufen", None, "FREQ=MONTHLY;BYDAY=2TU"))
    told = words(store, lead)
    assert told[:2] == ["Next step comes again: every second Tuesday of the month", "Next step comes once"]


@pytest.mark.parametrize("rule", ["FREQ=SECONDLY", "FREQ=DAILY;COUNT=3", "every day", "FREQ=DAILY;UNTIL=20200101"])
def test_a_hostile_or_contradictory_rule_changes_nothing(store: Store, rule: str) -> None:
    leads, lead = Leads(store), add_lead(store)
    leads.set_next_step([lead], NextStep(TODAY, "Anrufen"))
    before = everything(store)
    with pytest.raises(InvalidInput) as refused:
        leads.set_next_step([lead], NextStep(TODAY, "Anrufen", None, rule))
    assert refused.value.field == "rrule"
    assert everything(store) == before


def test_a_rule_written_by_somebody_else_that_nobody_understands_does_no_harm(store: Store) -> None:
    leads, lead = Leads(store), add_lead(store)
    with store.write(Text("Step added")) as session:
        session.add(Step(lead_id=lead, due_on=day_number(TODAY), text="", rrule="FREQ=SECONDLY"))
    assert LeadDetails(store).get(lead).open_steps[0].again is None
    leads.finish_step([lead])
    assert [step[-1] for step in steps(store)] == [True]


def test_the_time_of_the_clock_on_the_wall_stays_when_summer_time_begins(store: Store, clock: FixedClock) -> None:
    leads, lead = Leads(store), add_lead(store)
    clock.instant = FixedClock.at(date(2027, 3, 27), ZONE).instant
    leads.set_next_step([lead], NextStep(date(2027, 3, 27), "Anrufen", 540, "FREQ=DAILY"))
    leads.finish_step([lead])
    assert [step[:2] for step in steps(store)] == [("2027-03-27", 540), ("2027-03-28", 540)]
    assert str(LeadDetails(store).get(lead).open_steps[0].again) == "every day"


def test_the_history_tells_once_of_a_step_that_comes_again(store: Store) -> None:
    leads, lead = Leads(store), add_lead(store)
    leads.set_next_step([lead], NextStep(TODAY, "Anrufen", None, WEEKLY))
    leads.finish_step([lead])
    assert words(store, lead)[:2] == ["Step “Anrufen” finished", "Next step 2026-12-01: Anrufen"]


def test_open_steps_follow_the_one_who_is_responsible(store: Store) -> None:
    leads, bert = Leads(store), add_member(store, "Bert Lang", "BL")
    lead = add_lead(store, user_id=1)
    leads.set_next_step([lead], NextStep(TODAY, "Erster"))
    leads.finish_step([lead], NextStep(TODAY + timedelta(1), "Zweiter"))
    before = everything(store)
    leads.assign([lead], bert)
    assert [(step[2], step[4]) for step in steps(store)] == [("Erster", 1), ("Zweiter", bert)]
    assert words(store, lead)[0] == "Responsible Anna Kern → Bert Lang"
    assert len([line for line in words(store, lead) if "Next step changed" in line]) == 0
    store.undo()
    assert everything(store) == before


def test_what_somebody_else_was_to_do_stays_with_them(store: Store) -> None:
    leads = Leads(store)
    bert, carla = add_member(store, "Bert Lang", "BL"), add_member(store, "Carla Mai", "CM")
    lead = add_lead(store, user_id=1)
    leads.set_next_step([lead], NextStep(TODAY, "Zuarbeit"))
    with store.write(Text("Step handed over")) as session:
        session.query(Step).one().user_id = carla
    leads.assign([lead], bert)
    assert steps(store)[0][4] == carla


def test_what_was_nobodys_goes_to_the_first_who_takes_it_and_back(store: Store) -> None:
    leads, lead = Leads(store), add_lead(store, user_id=None)
    leads.set_next_step([lead], NextStep(TODAY, "Anrufen"))
    leads.assign([lead], 1)
    assert steps(store)[0][4] == 1
    leads.assign([lead], None)
    assert steps(store)[0][4] is None
