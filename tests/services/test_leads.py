"""The verbs of a lead: what each does, alone and for many, as one step that can be taken back."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta

import pytest

from app.core.calendar import day_number
from app.core.clock import FixedClock
from app.core.i18n import Plural
from app.core.money import Money
from app.core.terms import Budget, Category, Status
from app.models.store import Store
from app.services.catalogue import Catalogue
from app.services.leads import Ending, Leads, NextStep
from app.services.rates import Rates
from app.services.stages import Stages
from tests.services.seen import everything, steps, told, value, values
from tests.stores import TODAY, add_lead, add_member, add_step, month

WEEK = timedelta(days=7)


@pytest.fixture
def leads(store: Store) -> Leads:
    return Leads(store)


@dataclass(frozen=True)
class Case:
    """A verb over two leads that are in a state."""

    name: str
    status: Status
    verb: Callable[[Leads, list[int]], object]
    one: str
    many: str


CASES = [
    Case("edit", Status.ACTIVE, lambda v, ids: v.edit(ids, title="Neu", info="x"), "“Lead 0” changed: Title, Info",
         "2 leads changed: Title, Info"),
    Case("activate", Status.POTENTIAL, lambda v, ids: v.activate(ids), "“Lead 0” is an active lead now",
         "2 ideas activated"),
    Case("activate with a step", Status.POTENTIAL, lambda v, ids: v.activate(ids, 2, next_step=NextStep(TODAY)),
         "“Lead 0” is an active lead now", "2 ideas activated"),
    Case("deactivate", Status.ACTIVE, lambda v, ids: v.deactivate(ids), "“Lead 0” is back in the contact potential",
         "2 leads are back in the contact potential"),
    Case("move", Status.ACTIVE, lambda v, ids: v.move(ids, 3), "“Lead 0”: stage Erstkontakt → Angebot",
         "2 leads moved to Angebot"),
    Case("set_next_step", Status.ACTIVE, lambda v, ids: v.set_next_step(ids, NextStep(TODAY + WEEK, "Mail")),
         "Next step of “Lead 0”: 2026-12-01", "Next step set for 2 leads: 2026-12-01"),
    Case("finish_step", Status.ACTIVE, lambda v, ids: v.finish_step(ids, NextStep(TODAY + WEEK)),
         "Step of “Lead 0” finished", "2 steps finished"),
    Case("finish and close", Status.ACTIVE, lambda v, ids: v.finish_step(ids, Ending(Status.WON, reason="Preis")),
         "Step of “Lead 0” finished, lead closed: Won", "2 steps finished, leads closed: Won"),
    Case("clear_next_step", Status.ACTIVE, lambda v, ids: v.clear_next_step(ids), "Next step of “Lead 0” removed",
         "2 steps removed"),
    Case("note", Status.LOST, lambda v, ids: v.note(ids, "Telefonat"), "Note on “Lead 0”", "Note on 2 leads"),
    Case("win", Status.ACTIVE, lambda v, ids: v.close(ids, Status.WON, reason="Preis"), "“Lead 0” won", "2 leads won"),
    Case("lose", Status.ACTIVE, lambda v, ids: v.close(ids, Status.LOST, remark="x"), "“Lead 0” lost", "2 leads lost"),
    Case("drop", Status.POTENTIAL, lambda v, ids: v.close(ids, Status.DROPPED), "“Lead 0” dropped", "2 leads dropped"),
    Case("reopen", Status.WON, lambda v, ids: v.reopen(ids), "“Lead 0” opened again", "2 leads opened again"),
    Case("duplicate", Status.ACTIVE, lambda v, ids: v.duplicate(ids), "“Lead 0” duplicated", "2 leads duplicated"),
    Case("assign", Status.ACTIVE, lambda v, ids: v.assign(ids, None), "“Lead 0” changed: Responsible",
         "2 leads changed: Responsible"),
    Case("move_period", Status.ACTIVE, lambda v, ids: v.move_period(ids, month("2027-03")),
         "Service period of “Lead 0” begins on 2027-03-01", "Service periods of 2 leads begin on 2027-03-01"),
    Case("tag", Status.ACTIVE, lambda v, ids: v.tag(ids, add=["Web", "SEO"]), "Tags of “Lead 0” changed",
         "Tags of 2 leads changed"),
    Case("delete", Status.ACTIVE, lambda v, ids: v.delete(ids), "“Lead 0” deleted", "2 leads deleted"),
]  # fmt: skip


def _two(store: Store, status: Status) -> list[int]:
    ids = [add_lead(store, f"Lead {number}", status=status, user_id=1) for number in range(2)]
    for lead_id in ids:
        add_step(store, lead_id, TODAY)
    return ids


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
@pytest.mark.parametrize("number", [1, 2])
def test_a_verb_is_one_step_told_once_and_taken_back_whole(
    store: Store, leads: Leads, clock: FixedClock, case: Case, number: int
) -> None:
    ids = _two(store, case.status)[:number]
    clock.instant += timedelta(hours=30)
    before, count = everything(store), steps(store)
    heard = told(store, lambda: case.verb(leads, ids))
    assert steps(store) == count + 1
    assert [str(change.label) for change in heard] == [case.one if number == 1 else case.many]
    assert (set(ids) <= heard[0].touched) == (case.name != "duplicate")
    after = everything(store)
    assert after != before
    store.undo()
    assert everything(store) == before
    store.redo()
    assert everything(store) == after


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_no_leads_are_no_step(store: Store, leads: Leads, case: Case) -> None:
    assert told(store, lambda: case.verb(leads, [])) == []


def test_a_lead_named_twice_counts_once(store: Store, leads: Leads) -> None:
    first, second = _two(store, Status.ACTIVE)
    (change,) = told(store, lambda: leads.note([first, second, first], "Notiz"))
    assert str(change.label) == "Note on 2 leads"
    (change,) = told(store, lambda: leads.delete([first, first]))
    assert not isinstance(change.label, Plural)


def test_what_changes_nothing_is_no_step(store: Store, leads: Leads) -> None:
    lead = leads.create(title="Relaunch", company="Müller", tags=["Web"])
    same = [lambda: leads.edit([lead], title=" Relaunch ", company="Mueller", tags=["web"]), lambda: leads.edit([lead]),
            lambda: leads.tag([lead], add=["WEB"]), lambda: leads.clear_next_step([lead])]  # fmt: skip
    assert [told(store, verb) for verb in same] == [[], [], [], []]


def test_create_fills_every_field(store: Store, leads: Leads) -> None:
    member = add_member(store, "Sophie Berger", "SB")
    lead = leads.create(
        Status.ACTIVE, title="  Website \n Relaunch ", amount=Money.of(48_000, "EUR"), budget=Budget.ONCE,
        probability=25, period=(month("2027-01"), month("2027-04")), company="Metzgerei Eckhof", person="Martha Eckhof",
        user_id=member, source="Empfehlung", tags=["Web", "web", " Shop "], info="Zeile 1\r\nZeile 2",
        external_number=" 2-041 ", stage_id=4, activated_on=date(2026, 10, 14),
    )  # fmt: skip
    assert values(store, "SELECT title, status, stage_id, amount_minor, probability, user_id, info, external_number, "
                  f"activated_on FROM lead WHERE id = {lead}") == [
        ("Website Relaunch", "active", 4, 4_800_000, 25, member, "Zeile 1\nZeile 2", "2-041",
         day_number(date(2026, 10, 14)))
    ]  # fmt: skip
    assert values(store, "SELECT total_base, weighted_base, forecast_first, forecast_last FROM lead") == [
        (4_800_000, 600_000, month("2027-01"), month("2027-04"))
    ]
    assert values(store, "SELECT name FROM tag ORDER BY name") == [("Shop",), ("Web",)]
    assert values(store, "SELECT company.name, person.name FROM company_person "
                  "JOIN company ON company.id = company_id JOIN person ON person.id = person_id") == [
        ("Metzgerei Eckhof", "Martha Eckhof")
    ]  # fmt: skip
    assert value(store, "SELECT folded FROM search_doc WHERE entity = 'lead'") == (
        "website relaunch metzgerei eckhof martha eckhof shop web zeile 1 zeile 2 2-041 48000 eur"
    )


def test_a_contact_belongs_to_the_company_given_with_it_in_any_order(store: Store, leads: Leads) -> None:
    leads.create(title="Relaunch", person="Martha Eckhof", company="Metzgerei Eckhof")
    assert value(store, "SELECT count(*) FROM company_person") == 1


def test_a_new_lead_belongs_to_who_made_it_unless_said_otherwise(store: Store, leads: Leads) -> None:
    leads.create(title="Meiner")
    leads.create(title="Niemandes", user_id=None)
    assert values(store, "SELECT user_id FROM lead ORDER BY id") == [(1,), (None,)]


def test_created_in_the_third_column_has_the_third_probability(store: Store, leads: Leads) -> None:  # trap T4
    leads.create(Status.ACTIVE, title="Schnell erfasst", amount=Money.of(1000, "EUR"), stage_id=3)
    leads.create(Status.ACTIVE, title="Ohne Stufe", amount=Money.of(1000, "EUR"))
    assert values(store, "SELECT stage_id, weighted_base FROM lead ORDER BY id") == [(3, 30_000), (1, 1_000)]
    assert values(store, "SELECT stage_id, probability, entered_on FROM stage_entry ORDER BY id") == [
        (3, 60, day_number(TODAY)), (1, 2, day_number(TODAY))
    ]  # fmt: skip


def test_a_stage_entry_keeps_the_probability_of_then(store: Store, leads: Leads, clock: FixedClock) -> None:
    lead = leads.create(Status.ACTIVE, title="Relaunch", activated_on=TODAY - WEEK)
    clock.instant += timedelta(days=3)
    leads.move([lead], 4)
    leads.edit([lead], probability=33)
    clock.instant += timedelta(days=4)
    leads.move([lead], 2)
    leads.move([lead], 2)
    assert values(store, "SELECT stage_id, probability, entered_on FROM stage_entry ORDER BY id") == [
        (1, 2, day_number(TODAY - WEEK)), (4, 120, day_number(TODAY) + 3), (2, 33, day_number(TODAY) + 7)
    ]  # fmt: skip
    assert values(store, "SELECT reached_stage_id, stage_since_on FROM lead") == [(4, day_number(TODAY) + 7)]


def test_an_idea_becomes_active_and_goes_back(store: Store, leads: Leads) -> None:
    lead = leads.create(title="Idee", amount=Money.of(1000, "EUR"))
    assert values(store, "SELECT stage_id, activated_on, weighted_base FROM lead") == [(None, None, 0)]
    leads.activate([lead], on=TODAY - WEEK, next_step=NextStep(TODAY, "Anrufen"))
    assert values(store, "SELECT status, stage_id, activated_on, weighted_base, next_step_on FROM lead") == [
        ("active", 1, day_number(TODAY - WEEK), 1_000, day_number(TODAY))
    ]
    leads.deactivate([lead])
    assert values(store, "SELECT status, stage_id, activated_on, weighted_base FROM lead") == [
        ("potential", None, None, 0)
    ]


def test_the_next_step_is_changed_finished_and_followed(store: Store, leads: Leads, clock: FixedClock) -> None:
    lead = leads.create(Status.ACTIVE, title="Relaunch")
    leads.set_next_step([lead], NextStep(TODAY, "Anrufen", 14 * 60))
    leads.set_next_step([lead], NextStep(TODAY + WEEK, "Mailen"))
    assert values(store, "SELECT due_on, local_time, zone, text FROM step") == [
        (day_number(TODAY + WEEK), None, None, "Mailen")
    ]
    other = add_member(store, "Lukas Maurer", "LM")
    store.actor_id = other
    leads.finish_step([lead], NextStep(TODAY + 2 * WEEK, "Angebot"))
    assert values(store, "SELECT text, done_by, user_id FROM step ORDER BY id") == [
        ("Mailen", other, 1), ("Angebot", None, 1)
    ]  # fmt: skip
    assert value(store, "SELECT next_step_on FROM lead") == day_number(TODAY + 2 * WEEK)
    leads.finish_step([lead])
    assert value(store, "SELECT next_step_on FROM lead") is None


def test_of_two_open_steps_the_earlier_is_the_next(store: Store, leads: Leads) -> None:
    lead = add_lead(store)
    add_step(store, lead, TODAY + WEEK, "später")
    add_step(store, lead, TODAY, "zuerst")
    leads.finish_step([lead])
    assert values(store, "SELECT text FROM step WHERE done_at IS NULL") == [("später",)]
    leads.clear_next_step([lead])
    assert values(store, "SELECT text FROM step") == [("zuerst",)]


def test_a_copy_has_the_tags_but_not_the_life(store: Store, leads: Leads) -> None:
    lead = leads.create(
        Status.ACTIVE, title="Relaunch", stage_id=4, tags=["Web"], probability=100, amount=Money.of(500, "EUR"),
        external_number="7", next_step=NextStep(TODAY), activated_on=TODAY - WEEK,
    )  # fmt: skip
    leads.note([lead], "Notiz")
    leads.close([lead], Status.LOST, reason="Zu teuer", remark="x")
    (copy,) = leads.duplicate([lead])
    assert values(store, "SELECT title, status, stage_id, probability, amount_minor, external_number, activated_on, "
                  f"closed_on, reason_id, remark, next_step_on FROM lead WHERE id = {copy}") == [
        ("Relaunch", "active", 4, 100, 50_000, None, day_number(TODAY), None, None, "", None)
    ]  # fmt: skip
    assert value(store, f"SELECT count(*) FROM lead_tag WHERE lead_id = {copy}") == 1
    assert value(store, f"SELECT count(*) FROM note WHERE lead_id = {copy}") == 0


def test_tags_are_found_under_any_spelling(store: Store, leads: Leads) -> None:
    lead = leads.create(title="Relaunch", tags=["Möbel", "Web"])
    leads.tag([lead], add=["web", "SEO"], remove=["MÖBEL", "unbekannt"])
    assert values(store, "SELECT tag.name FROM lead_tag JOIN tag ON tag.id = tag_id ORDER BY 1") == [("SEO",), ("Web",)]
    assert value(store, "SELECT count(*) FROM tag") == 3


def test_a_lead_comes_back_from_the_trash_with_all_that_hangs_on_it(store: Store, leads: Leads) -> None:
    Rates(store).set("CHF", TODAY - WEEK, "1.05")
    lead = leads.create(Status.ACTIVE, title="Relaunch", amount=Money.of(100, "CHF"), tags=["Web"],
                        next_step=NextStep(TODAY))  # fmt: skip
    leads.note([lead], "Notiz")
    before = everything(store)
    leads.delete([lead])
    assert value(store, "SELECT count(*) FROM search_doc WHERE entity = 'lead'") == 0
    assert Catalogue(store).counted("tag")[0].used == 0
    leads.restore([lead])
    assert everything(store) == before


def test_a_moved_period_keeps_its_length(store: Store, leads: Leads) -> None:
    long = add_lead(store, "Long", period=("2027-01", "2027-04"))
    open_ended = add_lead(store, "Without")
    leads.move_period([long, open_ended], month("2027-11"))
    periods = "SELECT period_first, period_last FROM lead ORDER BY id"
    assert values(store, periods) == [
        (month("2027-11"), month("2028-02")),
        (month("2027-11"), month("2027-11")),
    ]
    leads.move_period([long], None)
    assert values(store, periods)[0] == (None, None)


def test_a_period_taken_up_in_a_later_month_moves_by_the_way_it_was_carried(store: Store, leads: Leads) -> None:
    """Of a lead that runs the months gone by are seen in the current one."""
    running = add_lead(store, "Running", period=("2026-08", "2026-12"))
    later = add_lead(store, "Later", period=("2026-10", "2027-02"), status=Status.WON)
    none = add_lead(store, "None")
    leads.move_period([running, later, none], month("2027-01"), seen=month("2026-11"))
    assert values(store, "SELECT period_first, period_last FROM lead ORDER BY id") == [
        (month("2027-01"), month("2027-05")),
        (month("2026-12"), month("2027-04")),
        (month("2027-01"), month("2027-01")),
    ]


def test_t14_a_category_chosen_by_hand_survives_stage_moves_until_it_is_cleared(store: Store, leads: Leads) -> None:
    Stages(store).edit(4, category=Category.COMMIT)
    lead = add_lead(store)
    now = "SELECT category, category_now FROM lead"
    leads.move([lead], 4)
    assert values(store, now) == [(None, "commit")]
    leads.edit([lead], category=Category.BEST_CASE)
    for stage in (2, 3, 4):
        leads.move([lead], stage)
        assert values(store, now) == [("best_case", "best_case")]
    leads.edit([lead], category=None)
    assert values(store, now) == [(None, "commit")]
    Stages(store).edit(4, category=Category.OMITTED)
    assert values(store, now) == [(None, "omitted")]
    leads.close([lead], Status.WON)
    assert values(store, now) == [(None, None)]
