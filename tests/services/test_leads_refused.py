"""What makes no sense is said at the right field, and nothing is half-done."""

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest

from app.core.errors import InvalidInput, NotFound, TrichterError
from app.core.money import MAX_MINOR, Money
from app.core.terms import Budget, Status
from app.models.store import Store
from app.services.leads import Leads, NextStep
from app.services.stages import Stages
from tests.services.seen import everything, steps, value, values
from tests.stores import TODAY, add_lead, add_step, month

TOMORROW = TODAY + timedelta(days=1)


@pytest.fixture
def leads(store: Store) -> Leads:
    return Leads(store)


def refused(store: Store, verb: Callable[[], object], kind: type[TrichterError] = InvalidInput) -> TrichterError:
    """The error of a verb, after a look that it left nothing behind."""
    before, count = everything(store), steps(store)
    with pytest.raises(kind) as error:
        verb()
    assert everything(store) == before
    assert steps(store) == count
    assert str(error.value)
    return error.value


@pytest.mark.parametrize(
    ("fields", "field"),
    [
        ({"title": ""}, "title"),
        ({"title": " \t\n\x00 "}, "title"),
        ({"title": "x" * 10_000}, "title"),
        ({"amount": Money(-1, "EUR")}, "amount"),
        ({"amount": Money(MAX_MINOR + 1, "EUR")}, "amount"),
        ({"amount": Money(10**40, "EUR")}, "amount"),
        ({"amount": Money(1, "E")}, "amount"),
        ({"amount": Money(1, "EUR'; DROP TABLE lead")}, "amount"),
        ({"probability": -1}, "probability"),
        ({"probability": 201}, "probability"),
        ({"category": "certain"}, "category"),
        ({"category": ""}, "category"),
        ({"period": (month("2027-04"), month("2027-03"))}, "period"),
        ({"period": (0, 1)}, "period"),
        ({"period": (month("2027-01"), 10**9)}, "period"),
        ({"budget": Budget.MONTHLY, "period": None}, "period"),
        ({"budget": Budget.MONTHLY, "period": (month("2027-01"), month("2027-02")), "amount": Money(MAX_MINOR, "EUR")},
         "amount"),
        ({"activated_on": TOMORROW}, "activated_on"),
        ({"activated_on": None}, "activated_on"),
        ({"closed_on": TODAY}, "closed_on"),
        ({"closed_on": TOMORROW}, "closed_on"),
        ({"company": "x" * 301}, "company"),
        ({"person": "x" * 301}, "person"),
        ({"source": "x" * 201}, "source"),
        ({"reason": "x" * 201}, "reason"),
        ({"tags": ["gut", "x" * 101]}, "tag"),
        ({"info": "x" * 100_001}, "info"),
        ({"remark": "x" * 100_001}, "remark"),
        ({"external_number": "9" * 101}, "external_number"),
        ({"user_id": 99}, "user_id"),
    ],
    ids=str,
)  # fmt: skip
def test_a_value_that_makes_no_sense(store: Store, leads: Leads, fields: dict[str, Any], field: str) -> None:
    fine = add_lead(store, "Gut")
    bad = add_lead(store, "Schlecht", company_id=None)
    # a known company first: what is looked up in the database must not push half a lead into it
    assert refused(store, lambda: leads.edit([fine, bad], **{"company": "Neu", **fields})).field == field
    if fields != {"activated_on": None}:  # a new active lead is active since today
        made = {"title": "Neu", "company": "Neu", "source": "Neu", **fields}
        assert refused(store, lambda: leads.create(Status.ACTIVE, **made)).field == field


def test_odd_but_possible_values_are_kept(store: Store, leads: Leads) -> None:
    longest = "ß" * 500
    lead = leads.create(
        title="Null\x00 Glocke\x07 halbes\ud800 Zeichen", amount=Money(MAX_MINOR, "JPY"), tags=["a\x00b"],
        info="x" * 100_000, company="Café \u202e 株式会社 🎉", probability=0,
        period=(month("1999-12"), month("2999-12")),
    )  # fmt: skip
    assert values(store, f"SELECT title, amount_minor, total_base, length(info) FROM lead WHERE id = {lead}") == [
        ("Null Glocke halbes Zeichen", MAX_MINOR, None, 100_000)
    ]
    assert values(store, "SELECT name FROM company UNION ALL SELECT name FROM tag") == [
        ("Café \u202e 株式会社 🎉",), ("ab",)
    ]  # fmt: skip
    leads.edit([lead], title=longest, amount=Money(0, "eur"))
    assert values(store, "SELECT title, currency, total_base FROM lead") == [(longest, "EUR", 0)]


def test_a_field_that_is_none(leads: Leads) -> None:
    with pytest.raises(ValueError, match="is not in list"):
        leads.create(title="Neu", weight=3)  # type: ignore[call-arg]


@pytest.mark.parametrize("status", [Status.WON, Status.LOST, Status.DROPPED])
def test_nothing_is_born_closed(store: Store, leads: Leads, status: Status) -> None:
    assert refused(store, lambda: leads.create(status, title="Neu")).field == "status"


WRONG_STATE: list[tuple[str, Status, Callable[[Leads, list[int]], object]]] = [
    ("activate", Status.ACTIVE, lambda v, ids: v.activate(ids)),
    ("activate", Status.WON, lambda v, ids: v.activate(ids)),
    ("deactivate", Status.POTENTIAL, lambda v, ids: v.deactivate(ids)),
    ("move", Status.POTENTIAL, lambda v, ids: v.move(ids, 2)),
    ("move", Status.LOST, lambda v, ids: v.move(ids, 2)),
    ("edit stage", Status.POTENTIAL, lambda v, ids: v.edit(ids, info="Neu", stage_id=2)),
    ("set_next_step", Status.WON, lambda v, ids: v.set_next_step(ids, NextStep(TODAY))),
    ("finish_step", Status.ACTIVE, lambda v, ids: v.finish_step(ids)),
    ("close", Status.LOST, lambda v, ids: v.close(ids, Status.WON)),
    ("reopen", Status.ACTIVE, lambda v, ids: v.reopen(ids)),
    ("reopen", Status.POTENTIAL, lambda v, ids: v.reopen(ids)),
]


@pytest.mark.parametrize(("name", "status", "verb"), WRONG_STATE)
def test_one_lead_in_the_wrong_state_stops_all(
    store: Store, leads: Leads, name: str, status: Status, verb: Callable[[Leads, list[int]], object]
) -> None:
    right = {"activate": Status.POTENTIAL, "reopen": Status.LOST}.get(name, Status.ACTIVE)
    ids = [add_lead(store, "Richtig", status=right), add_lead(store, "Falsch", status=status)]
    if right == Status.ACTIVE:
        add_step(store, ids[0], TODAY)
    assert "Falsch" in str(refused(store, lambda: verb(leads, ids)))


GONE: dict[str, Callable[[Leads, list[int]], object]] = {
    "edit": lambda v, ids: v.edit(ids, title="Neu"),
    "move": lambda v, ids: v.move(ids, 2),
    "note": lambda v, ids: v.note(ids, "x"),
    "close": lambda v, ids: v.close(ids, Status.WON),
    "delete": lambda v, ids: v.delete(ids),
    "duplicate": lambda v, ids: v.duplicate(ids),
    "tag": lambda v, ids: v.tag(ids, add=["x"]),
    "set_next_step": lambda v, ids: v.set_next_step(ids, NextStep(TODAY)),
}


@pytest.mark.parametrize("name", GONE)
@pytest.mark.parametrize("gone", [99, 2, 10**18, -1])
def test_one_lead_that_is_gone_stops_all(store: Store, leads: Leads, name: str, gone: int) -> None:
    add_lead(store, "Da")
    leads.delete([add_lead(store, "Im Papierkorb")])
    refused(store, lambda: GONE[name](leads, [1, gone]), NotFound)


def test_only_what_lies_in_the_trash_comes_back(store: Store, leads: Leads) -> None:
    add_lead(store, "Da")
    leads.delete([add_lead(store, "Im Papierkorb")])
    assert "trash" in str(refused(store, lambda: leads.restore([2, 1]), NotFound))


def test_a_stage_that_was_deleted_meanwhile(store: Store, leads: Leads) -> None:
    lead = add_lead(store)
    Stages(store).delete(3)
    for verb in (
        lambda: leads.move([lead], 3),
        lambda: leads.edit([lead], stage_id=3),
        lambda: leads.create(Status.ACTIVE, title="Neu", stage_id=3),
        lambda: leads.move([lead], 99),
    ):
        error = refused(store, verb, NotFound)
        assert error.field == "stage"
        assert error.hint is not None


def test_a_retired_stage_takes_no_leads(store: Store, leads: Leads) -> None:
    idea, active = add_lead(store, status=Status.POTENTIAL), add_lead(store, stage="Angebot")
    Stages(store).edit(3, retired=True)
    assert refused(store, lambda: leads.activate([idea], 3)).field == "stage"
    leads.edit([active], title="Bleibt, wo es ist")
    leads.move([active], 4)
    assert refused(store, lambda: leads.move([active], 3)).field == "stage"


def test_a_stage_says_all_that_is_missing(store: Store, leads: Leads) -> None:
    Stages(store).edit(3, required=["next_step", "company", "period", "volume", "person", "responsible", "source"])
    lead = leads.create(Status.ACTIVE, title="Relaunch", user_id=None)
    error = refused(store, lambda: leads.move([lead], 3))
    assert error.field == "company"
    assert str(error) == (
        "“Relaunch” cannot enter “Angebot” yet. "
        "Missing: Company, Contact, Responsible, Volume, Service period, Next step, Source."
    )
    leads.edit([lead], company="Eckhof", person="Martha", user_id=1, amount=Money(1, "EUR"), source="Messe")
    assert refused(store, lambda: leads.move([lead], 3)).field == "period"
    leads.edit(
        [lead], period=(month("2027-01"), month("2027-01")), next_step=NextStep(TOMORROW), stage_id=3
    )  # all at once is enough
    assert value(store, "SELECT stage_id FROM lead") == 3
    leads.finish_step([lead])
    leads.move([lead], 2)
    assert refused(store, lambda: leads.move([lead], 3)).field == "next_step"
    leads.set_next_step([lead], NextStep(TOMORROW))
    leads.move([lead], 3)


def test_a_copy_may_lie_in_a_stage_that_asks_for_more(store: Store, leads: Leads) -> None:
    Stages(store).edit(3, required=["next_step"])
    lead = leads.create(Status.ACTIVE, title="Relaunch", stage_id=3, next_step=NextStep(TODAY))
    (copy,) = leads.duplicate([lead])
    assert value(store, f"SELECT stage_id FROM lead WHERE id = {copy}") == 3
    Stages(store).edit(3, retired=True)
    (copy,) = leads.duplicate([lead])
    assert value(store, f"SELECT stage_id FROM lead WHERE id = {copy}") == 1
    assert value(store, f"SELECT probability FROM stage_entry WHERE lead_id = {copy}") == 2


@pytest.mark.parametrize(("words", "field"), [("", "note"), (" \x00\n ", "note"), ("x" * 100_001, "note")])
def test_a_note_says_something_but_not_too_much(store: Store, leads: Leads, words: str, field: str) -> None:
    lead = add_lead(store)
    assert refused(store, lambda: leads.note([lead], words)).field == field


@pytest.mark.parametrize("time", [-1, 1440, 10**20])
def test_a_step_has_a_time_of_day(store: Store, leads: Leads, time: int) -> None:
    lead = add_lead(store)
    assert refused(store, lambda: leads.set_next_step([lead], NextStep(TODAY, "x", time))).field == "next_step"
    assert refused(store, lambda: leads.create(title="x", next_step=NextStep(TODAY, "x", time))).field == "next_step"


def test_days_at_the_ends_of_the_calendar(store: Store, leads: Leads) -> None:
    lead = leads.create(Status.ACTIVE, title="Uralt", activated_on=date.min, next_step=NextStep(date.max, "Nie"))
    assert values(store, "SELECT activated_on, next_step_on FROM lead") == [(-719162, 2932896)]
    leads.close([lead], Status.LOST, on=date.min)
    leads.reopen([lead])


@pytest.mark.parametrize("first", [0, -5, 10**12, month("2999-12")])
def test_a_period_does_not_move_beyond_what_can_be_meant(store: Store, leads: Leads, first: int) -> None:
    lead = add_lead(store, period=("2027-01", "2027-04"))
    error = refused(store, lambda: leads.move_period([lead], first))
    assert error.field == "period"


def test_a_monthly_budget_keeps_its_period(store: Store, leads: Leads) -> None:
    lead = add_lead(store, budget=Budget.MONTHLY, period=("2027-01", "2027-04"))
    assert refused(store, lambda: leads.move_period([lead], None)).field == "period"
