"""What somebody is reminded of, when, how often, and what the history tells of it."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError

from app.core.calendar import day_number
from app.core.clock import FixedClock
from app.core.errors import InvalidInput
from app.core.i18n import Text
from app.core.terms import Entity, Status
from app.models.schema import Step
from app.models.store import Store
from app.services.companies import Companies
from app.services.history import History
from app.services.leads import Leads, NextStep
from app.services.reminders import Reminder, Reminders
from app.services.trash import Trash
from tests.models.edits import as_member, rows
from tests.stores import TODAY, ZONE, add_lead, add_member, reopened

TOMORROW = TODAY + timedelta(1)


class Desk:
    """Somebody whose program looks every half minute; `told` is what was shown, and when."""

    def __init__(self, store: Store, clock: FixedClock) -> None:
        self.store, self.clock = store, clock
        self.leads = Leads(store)
        self.told: list[tuple[str, datetime]] = []
        self.start()

    def start(self) -> None:
        """The program begins anew."""
        self.reminders = Reminders(self.store)
        self.reminders.begin()

    def lead(self, *steps: tuple[date, int | None], **columns: Any) -> int:
        lead = add_lead(self.store, f"Lead {len(rows(self.store, 'SELECT 1 FROM lead'))}", user_id=1, **columns)
        for day, minutes in steps:
            self.step(lead, day, minutes)
        return lead

    def step(
        self, lead: int, day: date, minutes: int | None = None, zone: str = "Europe/Berlin", user: int | None = 1
    ) -> None:
        with self.store.write(Text("Step added")) as session:
            session.add(Step(
                lead_id=lead, user_id=user, due_on=day_number(day), local_time=minutes,
                zone=zone if minutes is not None else None, text=f"{day:%d.%m.} {minutes}",
            ))  # fmt: skip

    def look(self) -> list[Reminder]:
        """One look, and what it finds is shown."""
        now = self.clock.now()
        found = self.reminders.look(now)
        self.reminders.shown(found, now)
        self.told += [(each.text, now) for each in found]
        return found

    def until(self, moment: datetime, every: timedelta = timedelta(minutes=5)) -> list[str]:
        """Look again and again until then; what was shown, with the time on the wall."""
        before = len(self.told)
        while self.clock.instant < moment:
            self.clock.instant = min(moment, self.clock.instant + every)
            self.look()
        return [f"{words} @ {at.astimezone(ZONE):%d.%m. %H:%M:%S}" for words, at in self.told[before:]]

    def sleep(self, moment: datetime) -> list[str]:
        """Nothing runs until then; the first look after it."""
        self.clock.instant = moment
        return [each.text for each in self.look()]


def at(day: date, hour: int, minute: int = 0, second: int = 0, fold: int = 0) -> datetime:
    """A time on the wall in Berlin."""
    return datetime(day.year, day.month, day.day, hour, minute, second, tzinfo=ZONE, fold=fold).astimezone(UTC)


@pytest.fixture
def desk(store: Store, clock: FixedClock) -> Desk:
    return Desk(store, clock)


def test_a_timed_step_comes_at_its_time_and_once(desk: Desk) -> None:
    desk.lead((TODAY, 10 * 60))
    assert desk.until(at(TODAY, 9, 55)) == []
    assert desk.until(at(TODAY, 12)) == ["24.11. 600 @ 24.11. 10:00:00"]


def test_an_all_day_step_comes_in_the_morning_of_its_day(desk: Desk) -> None:
    desk.lead((TOMORROW, None))
    assert desk.until(at(TOMORROW, 12)) == ["25.11. None @ 25.11. 09:00:00"]


def test_the_morning_begins_when_one_likes(desk: Desk) -> None:
    desk.lead((TOMORROW, None))
    desk.reminders.day_at = 7 * 60 + 30
    assert desk.until(at(TOMORROW, 12)) == ["25.11. None @ 25.11. 07:30:00"]
    desk.reminders.day_at = 11 * 60
    desk.reminders.again()
    assert desk.until(at(TOMORROW, 13)) == [], "shown today already"


def test_an_earlier_morning_is_not_missed(desk: Desk) -> None:
    desk.lead((TOMORROW, None))
    desk.reminders.day_at = 11 * 60
    assert desk.until(at(TOMORROW, 10)) == []
    desk.reminders.day_at = 8 * 60
    desk.reminders.again()
    assert desk.until(at(TOMORROW, 10, 1)) == ["25.11. None @ 25.11. 10:01:00"]


def test_what_is_a_whole_day_and_gets_a_time_comes_at_that_too(desk: Desk) -> None:
    lead = desk.lead((TOMORROW, None))
    desk.until(at(TOMORROW, 9, 30))
    desk.leads.set_next_step([lead], NextStep(TOMORROW, "", 15 * 60))
    assert len(desk.until(at(TOMORROW, 16))) == 1


def test_t19_three_that_came_while_nothing_ran_are_shown_once(desk: Desk) -> None:
    desk.lead((TODAY, 600), (TODAY, 660), (TODAY, 720))
    desk.look()
    desk.start()
    assert len(desk.sleep(at(TODAY, 13))) == 3
    desk.start()
    assert desk.until(at(TODAY, 14)) == []


def test_t19_also_when_nothing_was_ever_shown_and_days_have_gone(desk: Desk) -> None:
    desk.lead((TODAY, 600), (TOMORROW, None), (TODAY + timedelta(5), 600))
    desk.clock.instant = at(TODAY + timedelta(9), 8)
    desk.start()
    assert len(desk.look()) == 3
    assert desk.look() == []


def test_what_was_overdue_before_the_first_start_is_no_alarm(store: Store, clock: FixedClock) -> None:
    early = Desk.__new__(Desk)
    early.store, early.clock, early.leads, early.told = store, clock, Leads(store), []
    early.lead((TODAY - timedelta(3), None), (TODAY, 8 * 60))
    early.start()
    assert early.until(at(TODAY, 12)) == []
    assert early.reminders.waiting(clock.now()).count == 2


def test_what_is_written_down_too_late_is_no_alarm_but_a_slow_hand_is_forgiven(desk: Desk) -> None:
    desk.until(at(TODAY, 14))
    desk.lead((TODAY, None), (TODAY, 9 * 60 + 30), (TODAY - timedelta(2), None))
    assert desk.until(at(TODAY, 14, 2)) == []
    desk.lead((TODAY, 14 * 60 + 1))
    assert desk.until(at(TODAY, 14, 5), timedelta(seconds=30)) == ["24.11. 841 @ 24.11. 14:02:30"]


def test_a_step_that_is_moved_comes_again_and_a_finished_or_removed_one_does_not(desk: Desk) -> None:
    moved, done, gone = desk.lead((TOMORROW, 600)), desk.lead((TOMORROW, 600)), desk.lead((TOMORROW, 600))
    desk.leads.finish_step([done])
    desk.leads.clear_next_step([gone])
    assert len(desk.until(at(TOMORROW, 11))) == 1
    desk.leads.set_next_step([moved], NextStep(TOMORROW, "", 12 * 60))
    assert len(desk.until(at(TOMORROW, 13))) == 1
    desk.leads.set_next_step([moved], NextStep(TOMORROW + timedelta(1), ""))
    assert len(desk.until(at(TOMORROW + timedelta(1), 10))) == 1


@pytest.mark.parametrize("end", ["close", "delete"])
def test_closed_and_deleted_leads_are_quiet_and_come_back(desk: Desk, end: str) -> None:
    lead = desk.lead((TOMORROW, 600))
    if end == "close":
        desk.leads.close([lead], Status.LOST)
    else:
        desk.leads.delete([lead])
    assert desk.until(at(TOMORROW, 9)) == []
    desk.leads.reopen([lead]) if end == "close" else desk.leads.restore([lead])
    assert len(desk.until(at(TOMORROW, 11))) == 1


def test_ideas_remind_too(desk: Desk) -> None:
    desk.lead((TOMORROW, 600), status=Status.POTENTIAL, stage=None)
    assert len(desk.until(at(TOMORROW, 11))) == 1


def test_each_is_reminded_of_what_is_theirs(store: Store, clock: FixedClock) -> None:
    bert = add_member(store, "Bert Lang", "BL")
    desk = Desk(store, clock)
    given, mine, nobodys, theirs = (desk.lead() for _ in range(4))
    desk.step(given, TOMORROW, 600, user=bert)
    desk.step(mine, TOMORROW, 601, user=None)
    Leads(store).assign([nobodys], None)
    desk.step(nobodys, TOMORROW, 602, user=None)
    Leads(store).assign([theirs], bert)
    desk.step(theirs, TOMORROW, 603, user=None)
    as_member(store, bert, desk.reminders.begin)
    clock.instant = at(TOMORROW, 11)
    assert [each.text[7:] for each in desk.look()] == ["601", "602"]
    found: list[str] = []
    as_member(store, bert, lambda: found.extend(each.text[7:] for each in desk.look()))
    assert found == ["600", "602", "603"]


def test_put_off_it_comes_again_as_often_as_one_likes(desk: Desk) -> None:
    lead = desk.lead((TODAY, 600))
    desk.until(at(TODAY, 10, 5))
    first = Reminder(1, lead, "", "", "", TODAY, 600, at(TODAY, 10))
    desk.reminders.snooze([first], at(TODAY, 11))
    assert desk.until(at(TODAY, 10, 55)) == []
    (again,) = _found(desk, at(TODAY, 11, 0, 20))
    assert again.due == at(TODAY, 11)
    desk.reminders.snooze([again], at(TOMORROW, 9))
    desk.start()
    assert desk.until(at(TODAY, 23)) == []
    assert desk.sleep(at(TOMORROW, 13)) == [again.text]
    assert desk.until(at(TOMORROW, 14)) == []
    assert len(rows(desk.store, "SELECT 1 FROM reminder_state WHERE source = 'step'")) == 3


def _found(desk: Desk, moment: datetime) -> list[Reminder]:
    desk.clock.instant = moment
    return desk.look()


def test_put_off_before_it_was_noted_as_shown(desk: Desk) -> None:
    desk.lead((TODAY, 600))
    desk.clock.instant = at(TODAY, 10)
    (found,) = desk.reminders.look(desk.clock.now())
    desk.reminders.snooze([found], at(TODAY, 11))
    desk.reminders.shown([found], desk.clock.now())
    assert desk.until(at(TODAY, 10, 59)) == []
    assert len(desk.until(at(TODAY, 12))) == 1


def test_what_was_put_off_is_forgotten_when_the_step_is_done_moved_or_its_lead_closed(desk: Desk) -> None:
    done, moved, closed = (desk.lead((TODAY, 600)) for _ in range(3))
    desk.clock.instant = at(TODAY, 10)
    desk.reminders.snooze(desk.look(), at(TODAY, 11))
    desk.leads.finish_step([done])
    desk.leads.set_next_step([moved], NextStep(TOMORROW, "", 600))
    desk.leads.close([closed], Status.WON)
    assert desk.until(at(TODAY, 12)) == []
    assert len(desk.until(at(TOMORROW, 12))) == 1


def test_what_was_put_off_and_then_moved_counts_and_stands_like_any_other(desk: Desk) -> None:
    lead = desk.lead((TODAY, 600))
    desk.clock.instant = at(TODAY, 10)
    desk.reminders.snooze(desk.look(), at(TODAY + timedelta(3), 9))
    assert desk.reminders.waiting(desk.clock.now()).count == 0
    desk.leads.set_next_step([lead], NextStep(TODAY, "", 11 * 60))
    desk.clock.instant = at(TODAY, 11)
    assert desk.reminders.waiting(desk.clock.now()).count == 1
    found = desk.look()
    assert desk.reminders.standing(found) == {each.key for each in found}
    assert desk.reminders.put_off([lead], at(TODAY, 12)) == 1
    assert desk.reminders.waiting(desk.clock.now()).count == 0


def test_what_was_shown_and_what_was_not_is_put_off_together_or_not_at_all(desk: Desk) -> None:
    shown, fresh = desk.lead((TODAY, 600)), desk.lead((TODAY, 11 * 60))
    desk.clock.instant = at(TODAY, 10)
    assert [each.lead_id for each in desk.look()] == [shown]
    with desk.store.maintenance() as connection:
        connection.execute(text("CREATE TRIGGER no UPDATE ON reminder_state BEGIN SELECT RAISE(ABORT, 'no'); END"))
    before = rows(desk.store, "SELECT * FROM reminder_state")
    with pytest.raises(IntegrityError):
        desk.reminders.put_off([fresh, shown], at(TODAY, 12))
    assert rows(desk.store, "SELECT * FROM reminder_state") == before


def test_days_at_the_ends_of_the_calendar_keep_nothing_else_from_coming(desk: Desk) -> None:
    lead = desk.lead((date.min, None), (date.min, 0), (date.max, 1439), (TODAY, 600))
    desk.clock.instant = at(TODAY, 10)
    assert [each.on for each in desk.look()] == [TODAY]
    assert desk.reminders.waiting(desk.clock.now()).count == desk.reminders.put_off([lead], at(TODAY, 11)) == 3


def test_it_is_not_put_off_into_the_past(desk: Desk) -> None:
    desk.lead((TODAY, 600))
    desk.clock.instant = at(TODAY, 10)
    found = desk.look()
    with pytest.raises(InvalidInput, match="over") as refused:
        desk.reminders.snooze(found, at(TODAY, 10))
    assert refused.value.field == "until"


def test_tomorrow_monday_and_a_day_of_ones_own(desk: Desk) -> None:
    assert desk.reminders.later(1) == at(TOMORROW, 9)
    assert desk.reminders.monday() == at(date(2026, 11, 30), 9)
    assert desk.reminders.at(date(2026, 12, 24), 15 * 60) == at(date(2026, 12, 24), 15)
    desk.clock.instant = at(date(2026, 11, 30), 8)
    assert desk.reminders.monday() == at(date(2026, 12, 7), 9), "a Monday means the next one"
    desk.clock.instant = at(date(2026, 11, 29), 8)
    assert desk.reminders.monday() == at(date(2026, 11, 30), 9)


def test_the_hour_left_out_in_spring(desk: Desk) -> None:
    spring = date(2027, 3, 28)
    desk.clock.instant = at(spring, 0)
    desk.start()
    desk.lead((spring, 90), (spring, 150), (spring, 181), (spring, None))
    assert desk.until(at(spring, 12), timedelta(minutes=1)) == [
        "28.03. 90 @ 28.03. 01:30:00",
        "28.03. 181 @ 28.03. 03:01:00",
        "28.03. 150 @ 28.03. 03:30:00",  # there is no 2:30
        "28.03. None @ 28.03. 09:00:00",
    ]


def test_the_double_hour_in_autumn_reminds_once(desk: Desk) -> None:
    autumn = date(2026, 10, 25)
    desk.clock.instant = at(autumn, 0)
    desk.start()
    desk.lead((autumn, 150), (autumn, None))
    told = desk.until(at(autumn, 12))
    assert told == ["25.10. 150 @ 25.10. 02:30:00", "25.10. None @ 25.10. 09:00:00"]
    assert desk.told[-2][1] == at(autumn, 2, 30, fold=0)


def test_a_time_in_another_zone_is_that_of_the_zone(desk: Desk) -> None:
    lead = desk.lead()
    desk.step(lead, TOMORROW, 9 * 60, "America/New_York")
    desk.step(lead, TOMORROW, 9 * 60, "Asia/Tokyo")
    desk.step(lead, TOMORROW, 10 * 60, "Nowhere/Atlantis")
    desk.step(lead, TOMORROW, 11 * 60, "../../etc/passwd")
    assert [told.split(" @ ")[1] for told in desk.until(at(TOMORROW, 23))] == [
        "25.11. 01:00:00", "25.11. 10:00:00", "25.11. 11:00:00", "25.11. 15:00:00"
    ]  # fmt: skip


def test_a_clock_that_is_set_back_tells_nothing_twice_and_misses_nothing(desk: Desk) -> None:
    desk.lead((TODAY, 600), (TODAY, 660))
    assert len(desk.until(at(TODAY, 10, 30))) == 1
    desk.clock.instant = at(TODAY, 9, 45)
    desk.lead((TODAY, 615))
    assert desk.until(at(TODAY, 11, 30)) == ["24.11. 615 @ 24.11. 10:15:00", "24.11. 660 @ 24.11. 11:00:00"]


def test_a_clock_that_was_far_ahead_for_a_while(desk: Desk) -> None:
    desk.lead((TODAY, 600), (TOMORROW, 600))
    assert len(desk.sleep(at(TOMORROW, 12))) == 2
    desk.clock.instant = at(TODAY, 9, 30)
    desk.start()
    desk.lead((TODAY, 615))
    assert desk.until(at(TODAY, 12)) == ["24.11. 615 @ 24.11. 10:15:00"]


def test_what_fails_to_be_noted_is_told_again(desk: Desk) -> None:
    desk.lead((TODAY, 600))
    desk.clock.instant = at(TODAY, 10)
    assert len(desk.reminders.look(desk.clock.now())) == 1
    desk.clock.instant = at(TODAY, 10, 0, 30)
    assert len(desk.look()) == 1
    assert desk.look() == []


def test_what_is_waiting_is_what_has_come_and_was_not_put_off(desk: Desk) -> None:
    lead = desk.lead((TODAY - timedelta(30), None), (TODAY, 600), (TODAY, 15 * 60), (TOMORROW, None))
    other = desk.lead((TODAY - timedelta(40), None))
    desk.clock.instant = at(TODAY, 10)
    waiting = desk.reminders.waiting(desk.clock.now())
    assert waiting.count == 3
    assert [each.due for each in waiting.reminders] == [
        at(TODAY, 10), at(TODAY - timedelta(30), 9), at(TODAY - timedelta(40), 9)
    ]  # fmt: skip
    desk.reminders.snooze([each for each in waiting.reminders if each.lead_id == other], at(TODAY, 12))
    assert desk.reminders.waiting(desk.clock.now()).count == 2
    desk.leads.delete([lead])
    assert desk.reminders.waiting(desk.clock.now()).count == 0


def test_what_is_shown_stands_until_something_became_of_it(desk: Desk) -> None:
    stays, done, moved, closed, snoozed = (desk.lead((TODAY, 600)) for _ in range(5))
    desk.clock.instant = at(TODAY, 10)
    found = desk.look()
    assert len(desk.reminders.standing(found)) == 5
    desk.leads.finish_step([done])
    desk.leads.set_next_step([moved], NextStep(TOMORROW, ""))
    desk.leads.close([closed], Status.LOST)
    desk.reminders.snooze([each for each in found if each.lead_id == snoozed], at(TODAY, 12))
    left = {each.lead_id for each in found if each.key in desk.reminders.standing(found)}
    assert left == {stays}
    assert desk.reminders.standing([]) == set()


def test_the_history_of_the_lead_tells_of_it_and_undo_does_not(desk: Desk) -> None:
    lead = desk.lead()
    desk.leads.set_next_step([lead], NextStep(TODAY, "Anrufen", 600))
    desk.clock.instant = at(TODAY, 10, 0, 10)
    found = desk.look()
    desk.clock.instant += timedelta(minutes=1)
    desk.reminders.snooze(found, at(TODAY, 11))
    desk.sleep(at(TODAY, 11, 0, 5))
    desk.clock.instant += timedelta(minutes=1)
    desk.leads.finish_step([lead])
    events = History(desk.store).of_lead(lead)
    assert [(event.kind, str(event.words)) for event in events][:4] == [
        ("step", "Step “Anrufen” finished"),
        ("reminder", "Reminded: “Anrufen”"),
        ("reminder", "Reminded: “Anrufen”; again on 2026-11-24 at 11:00"),
        ("step", "Next step 2026-11-24: Anrufen"),
    ]
    assert (events[1].actor, events[1].at, events[1].change_set_id) == ("Anna Kern", at(TODAY, 11, 0, 5), 0)
    desk.store.undo()
    assert str(History(desk.store).next_undo()) == "Next step of “Lead 0”: 2026-11-24"
    assert [event.kind for event in History(desk.store).of_lead(lead)][:2] == ["reminder", "reminder"]


def test_after_undo_of_a_finished_step_nothing_comes_twice(desk: Desk) -> None:
    lead = desk.lead((TODAY, 600))
    desk.until(at(TODAY, 10, 5))
    desk.leads.finish_step([lead])
    desk.store.undo()
    assert desk.until(at(TODAY, 12)) == []


def test_a_restart_of_the_store_keeps_it_all(folder: Any, clock: FixedClock) -> None:
    store = reopened(folder, clock)
    desk = Desk(store, clock)
    desk.lead((TODAY, 600), (TODAY, 660))
    desk.sleep(at(TODAY, 10, 30))
    store.close()
    again = reopened(folder, clock)
    try:
        assert len(Desk(again, clock).sleep(at(TODAY, 12))) == 1
    finally:
        again.close()


def test_what_is_emptied_from_the_trash_leaves_no_trace_of_its_reminders(desk: Desk) -> None:
    gone, stays = desk.lead((TODAY, 600)), desk.lead((TODAY, 600))
    desk.sleep(at(TODAY, 11))
    desk.leads.delete([gone])
    desk.clock.instant = at(TODAY + timedelta(40), 9)
    assert Trash(desk.store).purge() == 1
    left = "SELECT step.lead_id FROM reminder_state JOIN step ON step.id = row_id WHERE source = 'step'"
    assert rows(desk.store, left) == [(stays,)]
    assert rows(desk.store, "SELECT count(*) FROM reminder_state WHERE source = 'step'") == [(1,)]


def test_the_look_is_a_matter_of_an_index(desk: Desk) -> None:
    """However many steps there are: the days around now alone are looked at."""
    from app.services import reminders

    for statement in (reminders._FRESH, reminders._ASLEEP):
        with desk.store.read() as connection:
            asked = {"me": 1, "first": 0, "last": 1, "now": 0}
            plan = [row.detail for row in connection.execute(text(f"EXPLAIN QUERY PLAN {statement}"), asked)]
        assert not [line for line in plan if line.startswith("SCAN") and "CONSTANT" not in line], plan


def test_a_step_of_a_company_reminds_as_one_of_a_lead(desk: Desk, clock: FixedClock) -> None:
    companies = Companies(desk.store)
    mine, ours, old = (companies.create(name=name, user_id=user) for name, user in (("A", 1), ("B", None), ("C", 1)))
    companies.set_next_step([mine, ours, old], NextStep(TOMORROW, "Anrufen", 14 * 60))
    companies.archive([old])
    clock.instant = at(TOMORROW, 14)
    found = desk.look()
    assert [(each.title, each.entity, each.lead_id) for each in found] == [
        ("A", Entity.COMPANY, mine), ("B", Entity.COMPANY, ours),
    ]  # fmt: skip
    assert desk.look() == []
    assert desk.reminders.waiting(clock.now()).count == 2
    assert desk.reminders.put_off([mine], at(TOMORROW, 15), Entity.COMPANY) == 1
    assert [each.title for each in desk.reminders.waiting(clock.now()).reminders] == ["B"]
    clock.instant = at(TOMORROW, 15)
    assert [each.title for each in desk.look()] == ["A"]
    companies.finish_step([mine])
    assert desk.reminders.standing(found) == {found[1].key}
    clock.instant += timedelta(days=9)
    assert desk.reminders.waiting(clock.now()).count == 1, "one that is long overdue is counted too"
    with pytest.raises(InvalidInput):
        desk.reminders.put_off([mine], at(TODAY + timedelta(20), 9), Entity.COMPANY)
