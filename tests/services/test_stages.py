"""The stages of the funnel: what changing them does to the leads in them, and what is refused."""

from collections.abc import Callable
from datetime import timedelta

import pytest

from app.core.clock import FixedClock
from app.core.errors import InvalidInput, NotFound
from app.core.money import Money
from app.core.terms import Status
from app.models import derived
from app.models.store import Store
from app.services.check import check
from app.services.leads import Leads
from app.services.stages import Stages
from tests.services.seen import everything, steps, told, value, values
from tests.stores import STAGES, TODAY, add_lead


@pytest.fixture
def stages(store: Store) -> Stages:
    return Stages(store)


def names(stages: Stages) -> list[str]:
    return [stage.name for stage in stages.all()]


def test_all_in_order_with_the_leads_in_them(store: Store, stages: Stages) -> None:
    add_lead(store, stage="Angebot")
    add_lead(store, stage="Angebot", status=Status.LOST)
    Leads(store).delete([add_lead(store, stage="Vorstellung")])
    found = stages.counted()
    assert [(stage.name, stage.probability, stage.idle_days) for stage in found] == list(STAGES)
    assert [stage.leads for stage in found] == [0, 0, 1, 0, 0]
    assert [stage.used for stage in found] == [False, True, True, False, False]


def test_a_new_stage_stands_at_the_end_behind_deleted_ones_too(store: Store, stages: Stages) -> None:
    stages.delete(5)
    new = stages.create("  Vertrag \n liegt vor ", 190, idle_days=5)
    assert names(stages)[-1] == "Vertrag liegt vor"
    assert value(store, f"SELECT position FROM stage WHERE id = {new}") == 5
    lead = Leads(store).create(Status.ACTIVE, title="x", amount=Money.of(100, "EUR"), stage_id=new)
    assert value(store, f"SELECT weighted_base FROM lead WHERE id = {lead}") == 9_500


def test_another_probability_weighs_the_leads_anew_but_not_their_past(store: Store, stages: Stages) -> None:
    leads = Leads(store)
    for stage_id, own in ((3, None), (3, 100), (4, None)):
        leads.create(
            Status.ACTIVE, title="x", amount=Money.of(1000, "EUR"), stage_id=stage_id, probability=own
        )  # fmt: skip
    closed = leads.create(Status.ACTIVE, title="x", amount=Money.of(1000, "EUR"), stage_id=3)
    leads.close([closed], Status.LOST)
    (change,) = told(store, lambda: stages.edit(3, probability=75))
    assert values(store, "SELECT weighted_base FROM lead ORDER BY id") == [(37_500,), (50_000,), (60_000,), (0,)]
    assert change.touched == {1, 2, closed}
    assert values(store, "SELECT DISTINCT probability FROM stage_entry WHERE stage_id = 3 ORDER BY 1") == [
        (60,),
        (100,),
    ]
    store.undo()
    assert value(store, "SELECT weighted_base FROM lead WHERE id = 1") == 30_000


def test_reordering_weighs_nothing_anew_but_what_was_reached(store: Store, stages: Stages) -> None:
    lead = Leads(store).create(Status.ACTIVE, title="x", amount=Money.of(1000, "EUR"), stage_id=2)
    Leads(store).move([lead], 4)
    before = values(store, "SELECT total_base, weighted_base, stage_id FROM lead")
    stages.reorder([4, 1, 2, 3, 5])
    assert names(stages)[0] == "Verhandlungen"
    assert values(store, "SELECT total_base, weighted_base, stage_id FROM lead") == before
    assert value(store, "SELECT reached_stage_id FROM lead") == 2
    assert check(store).ok


def test_a_deleted_stage_keeps_its_place_between_its_neighbours(store: Store, stages: Stages) -> None:
    lead = Leads(store).create(Status.ACTIVE, title="x", stage_id=3)
    stages.delete(3, 2)
    stages.reorder([2, 1, 5, 4])
    order = [row[0] for row in values(store, "SELECT id FROM stage ORDER BY position")]
    assert order == [2, 1, 3, 5, 4]
    assert len(set(values(store, "SELECT position FROM stage"))) == 5
    assert value(store, f"SELECT reached_stage_id FROM lead WHERE id = {lead}") == 3


@pytest.mark.parametrize("ids", [[1, 2, 3, 4], [1, 2, 3, 4, 5, 5], [1, 2, 3, 4, 99], []], ids=str)
def test_an_order_names_every_stage_once(store: Store, stages: Stages, ids: list[int]) -> None:
    with pytest.raises(InvalidInput):
        stages.reorder(ids)
    assert names(stages) == [stage[0] for stage in STAGES]


def test_deleting_a_used_stage_asks_for_the_one_that_takes_its_leads(
    store: Store, stages: Stages, clock: FixedClock
) -> None:
    leads = Leads(store)
    active = leads.create(Status.ACTIVE, title="Aktiv", amount=Money.of(1000, "EUR"), stage_id=3)
    lost = leads.create(Status.ACTIVE, title="Verloren", stage_id=3)
    trashed = leads.create(Status.ACTIVE, title="Im Papierkorb", stage_id=3)
    leads.close([lost], Status.LOST)
    leads.delete([trashed])
    before, count = everything(store), steps(store)
    for target in (None, 3):
        with pytest.raises(InvalidInput):
            stages.delete(3, target)
    with pytest.raises(NotFound):
        stages.delete(3, 99)
    assert (everything(store), steps(store)) == (before, count)
    clock.instant += timedelta(days=2)
    stages.delete(3, 4)
    assert names(stages) == ["Erstkontakt", "Vorstellung", "Verhandlungen", "Mündliche Zusage"]
    assert values(store, "SELECT stage_id, weighted_base FROM lead ORDER BY id") == [(4, 60_000), (4, 0), (4, 0)]
    entered = values(store, "SELECT lead_id, probability FROM stage_entry WHERE stage_id = 4 ORDER BY lead_id")
    assert entered == [(active, 120), (trashed, 120)]  # who is closed was never there
    leads.restore([trashed])
    assert check(store).ok
    store.undo()
    store.undo()
    assert everything(store) == before


def test_deleting_a_retired_or_unused_stage_needs_no_target(store: Store, stages: Stages) -> None:
    stages.edit(2, retired=True)
    stages.delete(2)
    stages.delete(1)
    with pytest.raises(NotFound) as error:
        stages.delete(1)
    assert error.value.field == "stage"


def test_leads_do_not_go_to_a_retired_stage(store: Store, stages: Stages) -> None:
    add_lead(store)
    stages.edit(2, retired=True)
    with pytest.raises(InvalidInput) as error:
        stages.delete(1, 2)
    assert error.value.field == "target"


def test_the_last_stage_stays(stages: Stages) -> None:
    for stage_id in (1, 2, 3):
        stages.delete(stage_id)
    stages.edit(4, retired=True)
    with pytest.raises(InvalidInput):
        stages.delete(5)
    with pytest.raises(InvalidInput):
        stages.edit(5, retired=True)
    stages.delete(4)
    assert names(stages) == ["Mündliche Zusage"]


def test_a_retired_stage_keeps_its_leads_and_comes_back(store: Store, stages: Stages) -> None:
    lead = add_lead(store, stage="Erstkontakt")
    stages.edit(1, retired=True)
    assert [stage.id for stage in stages.all(retired=False)] == [2, 3, 4, 5]
    assert stages.all()[0].retired
    assert stages.counted()[0].leads == 1
    new = Leads(store).create(Status.ACTIVE, title="Neu")
    assert value(store, f"SELECT stage_id FROM lead WHERE id = {new}") == 2
    stages.edit(1, retired=False)
    Leads(store).move([new], 1)
    assert values(store, f"SELECT DISTINCT stage_id FROM lead WHERE id IN ({lead}, {new})") == [(1,)]


REFUSED: list[tuple[str, Callable[[Stages], object], str]] = [
    ("no name", lambda stages: stages.create(" \x00", 10), "name"),
    ("long name", lambda stages: stages.create("x" * 101, 10), "name"),
    ("known name", lambda stages: stages.create(" erstKONTAKT ", 10), "name"),
    ("above 100 %", lambda stages: stages.create("Neu", 201), "probability"),
    ("below 0 %", lambda stages: stages.edit(1, probability=-1), "probability"),
    ("idle for ever", lambda stages: stages.edit(1, idle_days=3651), "idle_days"),
    ("idle before", lambda stages: stages.edit(1, idle_days=-1), "idle_days"),
    ("a colour's name", lambda stages: stages.edit(1, colour="red"), "colour"),
    ("a colour with more", lambda stages: stages.edit(1, colour="#12345678"), "colour"),
    ("another's name", lambda stages: stages.edit(1, name="Angebot"), "name"),
]


@pytest.mark.parametrize(("why", "verb", "field"), REFUSED, ids=[case[0] for case in REFUSED])
def test_what_makes_no_sense(
    store: Store, stages: Stages, why: str, verb: Callable[[Stages], object], field: str
) -> None:
    before, count = everything(store), steps(store)
    with pytest.raises(InvalidInput) as error:
        verb(stages)
    assert error.value.field == field, why
    assert (everything(store), steps(store)) == (before, count)


def test_everything_of_a_stage_can_be_changed_in_one_step(store: Store, stages: Stages) -> None:
    stages.edit(
        1, name="ERSTKONTAKT", probability=3, colour="#0f6E66", idle_days=0, required=["source", "company", "nonsense"]
    )
    first = stages.all()[0]
    assert (first.name, first.probability, first.colour, first.idle_days) == ("ERSTKONTAKT", 3, "#0f6E66", 0)
    assert first.required == ("company", "source")
    assert steps(store) == 2
    with store.maintenance() as connection:
        assert derived.differing(connection, TODAY) == []
    stages.edit(1, colour=None)
    assert stages.all()[0].colour is None


def test_a_stage_that_is_gone(stages: Stages) -> None:
    stages.delete(3)
    for stage_id in (3, 99):
        with pytest.raises(NotFound):
            stages.edit(stage_id, name="Neu")
    assert stages.create("Angebot", 60) not in (1, 2, 3, 4, 5)
