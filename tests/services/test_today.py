"""What needs somebody today: each reason at its bounds, the order, whose leads, what was put off, and the figures."""

import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import text

from app.core.calendar import day_number, day_of
from app.core.clock import FixedClock
from app.core.errors import InvalidInput
from app.core.terms import Status
from app.models.store import Store
from app.models.types import micros
from app.services.lead_list import LeadList, ListQuery
from app.services.leads import Leads, NextStep
from app.services.reminders import Reminders
from app.services.stages import Stages
from app.services.today import TODAY_METRICS, Today, TodayFigures, TodayList, Why
from tests.services import plain
from tests.services.plain import Plan, plans
from tests.services.seen import statements, value
from tests.stores import STAGES, TODAY, add_lead, add_member, add_step

DAY = timedelta(days=1)
NUMBER = day_number(TODAY)


@pytest.fixture
def today(store: Store) -> Today:
    return Today(store)


def _still(store: Store, lead: int, days: int | None, since: int | None = None) -> None:
    """Nothing has happened for so many days; `since` the lead came to its stage."""
    known = [None if each is None else NUMBER - each for each in (days, days if since is None else since)]
    with store.maintenance() as connection:
        connection.exec_driver_sql("UPDATE lead SET last_touch_on = ?, stage_since_on = ? WHERE id = ?", (*known, lead))


def _snooze(store: Store, step: int, until: datetime, user: int | None = 1) -> None:
    """A showing of a step, on the day it has now, that was put off."""
    with store.maintenance() as connection:
        day = connection.execute(text("SELECT due_on FROM step WHERE id = :id"), {"id": step}).scalar_one()
        moment = micros(datetime.combine(day_of(day), time(8), store.zone))
        connection.exec_driver_sql(
            "INSERT INTO reminder_state (user_id, source, row_id, due, notified_at, snoozed_until) "
            "VALUES (?, 'step', ?, ?, ?, ?)", (user, step, moment, moment, micros(until)),
        )  # fmt: skip


def _reasons(found: TodayList) -> dict[int, Why | None]:
    return {lead: found.why(lead) for lead in found.ids}


def test_nothing_to_do_in_an_empty_store(today: Today) -> None:
    found = today.all(None)
    assert (list(found.ids), found.value, found.without_rate, found.returns_at) == ([], 0, 0, None)
    assert set(found.counts().values()) == {0}
    assert found.only(Why.IDLE).why(1) is None


@pytest.mark.parametrize(
    ("status", "due", "expected"),
    [
        (Status.ACTIVE, -400, Why.OVERDUE), (Status.ACTIVE, -1, Why.OVERDUE), (Status.ACTIVE, 0, Why.TODAY),
        (Status.ACTIVE, 1, None), (Status.ACTIVE, None, Why.NO_STEP),
        (Status.POTENTIAL, -1, Why.OVERDUE), (Status.POTENTIAL, 0, Why.TODAY), (Status.POTENTIAL, 1, None),
        (Status.POTENTIAL, None, None),
        (Status.WON, -1, None), (Status.LOST, 0, None), (Status.DROPPED, None, None),
    ],
)  # fmt: skip
def test_what_a_step_says(store: Store, today: Today, status: Status, due: int | None, expected: Why | None) -> None:
    lead = add_lead(store, status=status)
    if due is not None:
        add_step(store, lead, TODAY + due * DAY)
    assert _reasons(today.all(None)) == ({lead: expected} if expected else {})


@pytest.mark.parametrize(
    ("touched", "since", "due", "idle"),
    [
        (14, 14, None, False), (15, 15, None, True), (15, 14, None, False), (14, 15, None, False),
        (None, 15, None, True), (15, None, None, True), (None, None, None, False), (400, 400, -1, True),
        (400, 400, 0, False), (400, 400, 60, False),
    ],
)  # fmt: skip
def test_what_stands_still(
    store: Store, today: Today, touched: int | None, since: int | None, due: int | None, idle: bool
) -> None:
    lead = add_lead(store, stage="Erstkontakt")
    if due is not None:
        add_step(store, lead, TODAY + due * DAY)
    with store.maintenance() as connection:
        connection.execute(
            text("UPDATE lead SET last_touch_on = :touched, stage_since_on = :since"),
            {"touched": touched and NUMBER - touched, "since": since and NUMBER - since},
        )
    found = today.all(None)
    assert found.counts()[Why.IDLE] == int(idle)
    assert list(found.only(Why.IDLE).ids) == ([lead] if idle else [])
    if due is None:
        assert found.why(lead) is (Why.IDLE if idle else Why.NO_STEP)


def test_a_stage_that_never_nags(store: Store, today: Today) -> None:
    lead = add_lead(store)
    _still(store, lead, 400)
    Stages(store).edit(1, idle_days=0)
    assert _reasons(today.all(None)) == {lead: Why.NO_STEP}


def test_each_lead_once_under_the_first_reason_and_under_each_when_asked(store: Store, today: Today) -> None:
    late, still = add_lead(store, "Beides"), add_lead(store, "Ohne Schritt und still")
    add_step(store, late, TODAY - DAY)
    add_step(store, late, TODAY)
    for lead in (late, still):
        _still(store, lead, 100)
    found = today.all(None)
    assert _reasons(found) == {late: Why.OVERDUE, still: Why.IDLE}
    assert found.counts() == {Why.OVERDUE: 1, Why.TODAY: 0, Why.IDLE: 1, Why.NO_STEP: 1}
    assert _reasons(found.only(Why.NO_STEP)) == {still: Why.NO_STEP}
    assert _reasons(found.only(None)) == _reasons(found)


def test_the_dearest_first_then_by_day_then_by_id(store: Store, today: Today) -> None:
    def lead(title: str, amount: int, due: int, **columns: Any) -> int:
        made = add_lead(store, title, amount=amount, probability=200, **columns)
        add_step(store, made, TODAY + due * DAY)
        return made

    rateless = lead("ohne Kurs", 9_999, -9, currency="USD")
    cheap = lead("klein", 10, -50)
    newer, older, same = lead("b", 500, -1), lead("a", 500, -2), lead("c", 500, -1)
    dear = lead("groß", 700, 0)
    nothing = lead("nichts", 0, 0)
    idea = add_lead(store, "Idee", status=Status.POTENTIAL, amount=99_999)
    add_step(store, idea, TODAY - DAY)

    found = today.all(None)
    assert list(found.ids) == [dear, older, newer, same, cheap, idea, nothing, rateless]
    assert (found.value, found.without_rate) == (70_000 + 3 * 50_000 + 1_000, 1)
    assert list(today.first(None, 3).ids) == [dear, older, newer]
    assert list(today.first(None, 80).ids) == [dear, older, newer, same, cheap]


def test_of_one_person_or_of_all(store: Store, today: Today) -> None:
    other = add_member(store, "Lukas Maurer", "LM")
    mine, theirs, nobodys = (add_lead(store, user_id=user) for user in (1, other, None))
    assert list(today.all(1).ids) == [mine]
    assert list(today.all(other).ids) == [theirs]
    assert list(today.all(None).ids) == [mine, theirs, nobodys]
    assert list(today.first(other, 80).ids) == [theirs]
    assert list(today.all(99).ids) == []
    assert [today.concerns(user) for user in (1, other, 99)] == [True, True, False]
    Leads(store).close([theirs], Status.LOST)
    assert not today.concerns(other)


# What was put off


def test_a_snoozed_step_waits_and_comes_back(store: Store, today: Today, clock: FixedClock) -> None:
    lead = add_lead(store)
    until = clock.now() + timedelta(hours=1)
    _snooze(store, add_step(store, lead, TODAY), until)
    found = today.all(None)
    assert (list(found.ids), found.returns_at) == ([], until)
    clock.instant = until
    found = today.all(None)
    assert (_reasons(found), found.returns_at) == ({lead: Why.TODAY}, None)


def test_a_lead_does_not_come_back_as_idle_while_its_step_waits(store: Store, today: Today, clock: FixedClock) -> None:
    lead = add_lead(store)
    _snooze(store, add_step(store, lead, TODAY - 20 * DAY), clock.now() + DAY)
    _still(store, lead, 100)
    assert list(today.all(None).ids) == []
    assert today.figures(None).idle.count == 1  # it is one all the same


def test_only_the_newest_showing_counts(store: Store, today: Today, clock: FixedClock) -> None:
    lead = add_lead(store)
    step = add_step(store, lead, TODAY)
    _snooze(store, step, clock.now() + DAY)
    with store.maintenance() as connection:  # shown again since, and not put off
        connection.exec_driver_sql(
            "INSERT INTO reminder_state (user_id, source, row_id, due) VALUES (1, 'step', ?, 5)", (step,)
        )
    assert list(today.all(None).ids) == [lead]


def test_a_step_that_was_moved_since_waits_no_more(store: Store, today: Today, clock: FixedClock) -> None:
    lead = add_lead(store)
    _snooze(store, add_step(store, lead, TODAY - DAY), clock.now() + 3 * DAY)
    assert list(today.all(None).ids) == []
    Leads(store).set_next_step([lead], NextStep(TODAY, "", 17 * 60))
    assert _reasons(today.all(None)) == {lead: Why.TODAY}


def test_what_somebody_else_put_off_is_not_put_off_for_me(store: Store, today: Today, clock: FixedClock) -> None:
    lead = add_lead(store)
    _snooze(store, add_step(store, lead, TODAY), clock.now() + DAY, user=add_member(store, "Lukas Maurer", "LM"))
    assert list(today.all(None).ids) == [lead]


def test_another_step_that_is_due_brings_the_lead(store: Store, today: Today, clock: FixedClock) -> None:
    lead = add_lead(store)
    _snooze(store, add_step(store, lead, TODAY - 3 * DAY), clock.now() + DAY)
    add_step(store, lead, TODAY)
    assert _reasons(today.all(None)) == {lead: Why.TODAY}


def test_who_works_without_a_name_puts_off_without_a_name(store: Store, today: Today, clock: FixedClock) -> None:
    lead = add_lead(store)
    _snooze(store, add_step(store, lead, TODAY), clock.now() + DAY, user=None)
    assert list(today.all(None).ids) == [lead]
    store.actor_id = None
    assert list(today.all(None).ids) == []


def test_the_turn_of_the_day(store: Store, today: Today, clock: FixedClock) -> None:
    lead = add_lead(store)
    add_step(store, lead, TODAY + DAY)
    for passed, expected in ((0, {}), (1, {lead: Why.TODAY}), (2, {lead: Why.OVERDUE})):
        clock.instant = FixedClock.at(TODAY + passed * DAY, store.zone).instant
        assert _reasons(today.all(None)) == expected


def test_what_is_done_is_gone_and_comes_again_when_undone(store: Store, today: Today) -> None:
    lead = add_lead(store)
    add_step(store, lead, TODAY)
    Leads(store).finish_step([lead], NextStep(TODAY + DAY))
    assert list(today.all(None).ids) == []
    store.undo()
    assert _reasons(today.all(None)) == {lead: Why.TODAY}
    Leads(store).delete([lead])
    assert list(today.all(None).ids) == []


# Figures


def test_figures_are_the_lists_behind_them(store: Store, today: Today) -> None:
    other = add_member(store, "Lukas Maurer", "LM")
    for number, (user, activated, currency) in enumerate(
        ((1, 0, "EUR"), (1, 29, "EUR"), (1, 30, "EUR"), (other, 5, "EUR"), (None, 60, "USD"))
    ):
        lead = add_lead(store, user_id=user, activated_on=NUMBER - activated, currency=currency, amount=100 + number)
        if number % 2:
            add_step(store, lead, TODAY - DAY)
        _still(store, lead, 10 * number)
    for user_id in (None, 1, other, 99):
        figures = today.figures(user_id)
        for key in TodayFigures.__dataclass_fields__:
            sums, totals = getattr(figures, key), LeadList(store).totals_of(today.behind(key, user_id))
            assert (sums.count, sums.volume, sums.weighted, sums.without_rate) == (
                totals.count, totals.volume, totals.weighted, totals.without_rate
            ), key  # fmt: skip
    assert (today.figures(None).young.count, today.figures(1).young.count) == (3, 2)


def test_the_counter_of_leads_without_a_next_step_is_the_query(store: Store, today: Today) -> None:
    """The counter, the chip above the list and a look at the rows say the same."""
    for status in Status:
        for due in (None, TODAY - DAY, TODAY + DAY):
            lead = add_lead(store, status=status)
            if due is not None:
                add_step(store, lead, due)
            add_step(store, lead, TODAY, done=True)
    query = """SELECT count(*) FROM lead WHERE status = 'active' AND deleted_at IS NULL
      AND NOT EXISTS (SELECT 1 FROM step WHERE lead_id = lead.id AND done_at IS NULL)"""
    assert value(store, query) == 1
    assert today.figures(None).no_step.count == 1
    assert today.all(None).counts()[Why.NO_STEP] == 1
    assert len(today.behind("no_step", None)) == 1


def test_every_figure_of_the_page_is_defined() -> None:
    assert set(TodayFigures.__dataclass_fields__) < set(TODAY_METRICS)
    for metric in TODAY_METRICS.values():
        assert len(str(metric.definition)) > 20


def test_the_number_of_statements_does_not_depend_on_the_number_of_leads(store: Store, today: Today) -> None:
    def count() -> list[int]:
        return [
            statements(store, lambda: today.all(None)), statements(store, lambda: today.first(None, 80)),
            statements(store, lambda: today.figures(None)),
        ]  # fmt: skip

    before = count()
    assert before[0] == before[1] == 2
    for _ in range(30):
        add_step(store, add_lead(store), TODAY)
    assert count() == before


# Against a slow reckoning


@dataclass(frozen=True)
class _Extra:
    """What hangs on a lead: open steps (days from today, hours until which each is put off), days of standing still."""

    steps: tuple[tuple[int, int], ...]
    still: int | None
    user: int | None


_EXTRAS = st.builds(
    _Extra,
    st.lists(st.tuples(st.integers(-3, 3), st.integers(-2, 2)), max_size=3).map(tuple),
    st.none() | st.integers(10, 35),
    st.sampled_from((1, 1, None)),
)


def _expected(rows: Iterable[tuple[int, Plan, _Extra]], user: int | None) -> list[tuple[int, Why]]:
    """From the definitions: one lead after the other."""
    idle_days = {number: days for number, (_, _, days) in enumerate(STAGES, 1)}
    found = []
    for lead, plan, extra in rows:
        if plan.status not in (Status.ACTIVE, Status.POTENTIAL) or (user is not None and extra.user != user):
            continue
        running = plan.status == Status.ACTIVE
        due = min((day for day, hours in extra.steps if day <= 0 and hours <= 0), default=None)
        waiting = due is None and any(day <= 0 for day, _ in extra.steps) and min(extra.steps)[0] <= 0
        planned = any(day >= 0 for day, _ in extra.steps)
        still = extra.still if extra.still is not None else 0
        idle = running and not planned and plan.stage is not None and still > idle_days[plan.stage]
        why = None
        if due is not None:
            why = Why.OVERDUE if due < 0 else Why.TODAY
        elif waiting:
            why = None
        elif idle:
            why = Why.IDLE
        elif running and not extra.steps:
            why = Why.NO_STEP
        if why is not None:
            total = plain.total(plan)
            worth = None if total is None else plain.weighted(plan, total)
            day = due if due is not None else -still
            found.append(((worth is None, -(worth or 0), day, lead), lead, why))
    return [(lead, why) for _, lead, why in sorted(found)]


@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(leads=st.lists(st.tuples(plans(), _EXTRAS), max_size=12))
def test_random_leads_against_a_slow_reckoning(template: Path, leads: list[tuple[Plan, _Extra]]) -> None:
    with plain.filled(template, [plan for plan, _ in leads]) as (store, made):
        rows = [(lead, plan, extra) for (lead, plan), (_, extra) in zip(made.items(), leads, strict=True)]
        for lead, _plan, extra in rows:
            for day, hours in extra.steps:
                step = add_step(store, lead, TODAY + day * DAY)
                if hours:
                    _snooze(store, step, store.clock.now() + timedelta(hours=hours))
            _still(store, lead, extra.still or 0)
        with store.maintenance() as connection:
            users = json.dumps([[lead, extra.user] for lead, _, extra in rows])
            connection.execute(
                text(
                    "UPDATE lead SET user_id = (SELECT value ->> 1 FROM json_each(:users) WHERE value ->> 0 = lead.id)"
                ),
                {"users": users},
            )
        for user in (None, 1):
            found = Today(store).all(user)
            assert [(lead, found.why(lead)) for lead in found.ids] == _expected(rows, user)
            first = Today(store).first(user, 5)
            assert list(first.ids) == list(found.ids)[: len(first.ids)]
        idle = [row[0] for row in _expected(rows, None) if row[1] is Why.IDLE]
        assert set(idle) <= set(LeadList(store).ids(ListQuery((Status.ACTIVE,), idle=True)))


# Putting off


def _put_off(store: Store, leads: list[int], hours: int = 1) -> datetime:
    until = store.clock.now() + timedelta(hours=hours)
    assert Reminders(store).put_off(leads, until) == len(leads)
    return until


@pytest.mark.parametrize("shown", [False, True])
@pytest.mark.parametrize("minutes", [None, 8 * 60])
def test_what_is_put_off_leaves_the_list_and_reminds_again(
    store: Store, today: Today, clock: FixedClock, shown: bool, minutes: int | None
) -> None:
    reminders, lead = Reminders(store), add_lead(store)
    reminders.begin()
    Leads(store).set_next_step([lead], NextStep(TODAY, "Anrufen", minutes))
    clock.instant += timedelta(hours=1)
    if shown:
        reminders.shown(reminders.look(clock.now()), clock.now())
    for hours in (1, 2):  # and put off once more
        until = _put_off(store, [lead], hours)
        assert (list(today.all(None).ids), today.all(None).returns_at) == ([], until)
        assert Reminders(store).due(until - timedelta(seconds=1)) == []
        clock.instant = until
        assert _reasons(today.all(None)) == {lead: Why.TODAY}
        (again,) = reminders.look(until)
        assert (again.lead_id, again.due) == (lead, until)
        reminders.shown([again], until)
    assert store.undo() is not None  # the step, not the snooze
    assert list(today.all(None).counts().values()) == [0, 0, 0, 1]


def test_every_step_that_is_due_is_put_off(store: Store, today: Today) -> None:
    lead, other = add_lead(store), add_lead(store)
    for each, days in ((lead, -2), (lead, 0), (lead, 5), (other, 0)):
        add_step(store, each, TODAY + days * DAY)
    assert Reminders(store).put_off([lead, other], store.clock.now() + DAY) == 3
    assert list(today.all(None).ids) == []


def test_only_what_is_due_is_put_off_and_only_to_a_moment_to_come(store: Store, today: Today) -> None:
    lead, later = add_lead(store), add_lead(store)
    add_step(store, later, TODAY + DAY)
    for ids in ([lead], [later], [], [99]):
        with pytest.raises(InvalidInput, match="nothing to put off"):
            Reminders(store).put_off(ids, store.clock.now() + DAY)
    add_step(store, lead, TODAY)
    with pytest.raises(InvalidInput) as error:
        Reminders(store).put_off([lead], store.clock.now())
    assert error.value.field == "until"
    assert list(today.all(None).ids) == [lead]
