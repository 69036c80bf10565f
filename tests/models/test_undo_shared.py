"""Undo where several edits belong together, and where several people work."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import pytest
from sqlalchemy import text

from app.core.clock import FixedClock
from app.core.i18n import Text
from app.core.terms import Budget
from app.models.schema import Note, Step
from app.models.store import Store
from app.models.undo import UndoConflict
from app.services.catalogue import Catalogue
from app.services.check import check
from app.services.companies import Companies
from app.services.leads import Leads
from app.services.stages import Stages
from tests.models.edits import as_member, count, edit, everything, later, rows, value
from tests.stores import TODAY, add_lead, add_member, add_step, month, reopened

# --- edits that belong together -----------------------------------------------------------------------------------


def test_edits_of_one_field_within_half_a_minute_are_one_step(store: Store, clock: FixedClock) -> None:
    lead = add_lead(store, "0")
    for title, seconds in (("1", 60), ("2", 30), ("3", 30), ("4", 31), ("5", 0)):
        later(clock, seconds)
        edit(store, lead, title=title)
    store.undo()
    assert value(store, "title") == "3"
    store.undo()
    assert value(store, "title") == "0"
    store.redo()
    assert value(store, "title") == "3"
    store.redo()
    assert value(store, "title") == "5"
    store.undo()
    assert value(store, "title") == "3"


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ({"title": "B"}, {"info": "x"}),
        ({"title": "B"}, {"title": "C", "info": "x"}),
        ({"title": "B", "info": "x"}, {"title": "C", "info": "y"}),
    ],
)
def test_other_edits_stay_steps_of_their_own(store: Store, first: dict[str, str], second: dict[str, str]) -> None:
    lead = add_lead(store, "A")
    edit(store, lead, **first)
    edit(store, lead, **second)
    store.undo()
    assert {name: value(store, name) for name in first} == first


def test_the_same_field_of_another_row_is_another_step(store: Store) -> None:
    first, second = add_lead(store, "A"), add_lead(store, "B")
    edit(store, first, title="X")
    edit(store, second, title="X")
    store.undo()
    assert (value(store, "title", first), value(store, "title", second)) == ("X", "B")


# --- others -------------------------------------------------------------------------------------------------------


def test_what_another_did_to_the_rest_of_the_row_stays(store: Store, clock: FixedClock) -> None:
    other = add_member(store, "Ben Roth", "BR")
    lead = add_lead(store, "A")
    later(clock)
    edit(store, lead, title="B")
    as_member(store, other, lambda: edit(store, lead, info="from Ben"))
    store.undo()
    assert (value(store, "title"), value(store, "info")) == ("A", "from Ben")


def test_a_column_changed_by_another_is_a_conflict_with_both_values(store: Store, clock: FixedClock) -> None:
    other = add_member(store, "Ben Roth", "BR")
    lead = add_lead(store, "A")
    later(clock)
    edit(store, lead, title="B", info="mine")
    as_member(store, other, lambda: edit(store, lead, title="C"))
    sets = count(store, "change_set")
    with pytest.raises(UndoConflict) as caught:
        store.undo()
    (clash,) = caught.value.clashes
    assert (clash.table, clash.row_id, clash.column, clash.ours, clash.theirs) == ("lead", lead, "title", "B", "C")
    assert (value(store, "title"), value(store, "info"), count(store, "change_set")) == ("C", "mine", sets)
    as_member(store, other, store.undo)  # the other takes theirs back: now the step can go
    store.undo()
    assert (value(store, "title"), value(store, "info")) == ("A", "")


def test_everybody_takes_back_their_own(store: Store, clock: FixedClock) -> None:
    other = add_member(store, "Ben Roth", "BR")
    mine = add_lead(store, "Mine")
    later(clock)
    as_member(store, other, lambda: add_lead(store, "Ben's"))
    as_member(store, None, lambda: add_lead(store, "Nobody's"))
    store.undo()
    assert value(store, "title", mine) is None
    assert count(store, "lead") == 2
    as_member(store, other, store.undo)
    as_member(store, None, store.undo)
    assert count(store, "lead") == 0
    store.redo()
    assert count(store, "lead") == 1


def test_another_ones_step_does_not_end_what_can_be_redone(store: Store) -> None:
    other = add_member(store, "Ben Roth", "BR")
    lead = add_lead(store, "A")
    edit(store, lead, title="B")
    store.undo()
    as_member(store, other, lambda: add_lead(store, "Ben's"))
    store.redo()
    assert value(store, "title", lead) == "B"


def test_what_hangs_on_a_row_keeps_it_from_being_unmade(store: Store, clock: FixedClock) -> None:
    other = add_member(store, "Ben Roth", "BR")
    lead = add_lead(store)
    later(clock)

    def write_note() -> None:
        with store.write(Text("Note")) as session:
            session.add(Note(lead_id=lead, user_id=other, at=store.clock.now(), text="Wichtig"))

    as_member(store, other, write_note)
    with pytest.raises(UndoConflict):
        store.undo()
    assert (count(store, "lead"), count(store, "note")) == (1, 1)
    as_member(store, other, store.undo)
    store.undo()
    assert (count(store, "lead"), count(store, "note")) == (0, 0)


def test_a_row_that_is_gone_is_a_conflict(store: Store) -> None:
    other = add_member(store, "Ben Roth", "BR")
    step = add_step(store, add_lead(store), TODAY, "A")
    with store.write(Text("Step changed")) as session:
        session.get_one(Step, step).text = "B"

    def remove() -> None:
        with store.write(Text("Step removed")) as session:
            session.delete(session.get_one(Step, step))

    as_member(store, other, remove)
    with pytest.raises(UndoConflict) as caught:
        store.undo()
    assert [(clash.ours, clash.theirs) for clash in caught.value.clashes] == [("B", None)]


def test_a_second_window_with_a_stale_view_undoes_nothing_of_the_first(
    store: Store, folder: Path, clock: FixedClock
) -> None:
    lead = add_lead(store, "A")
    later(clock)
    edit(store, lead, title="B")
    second = reopened(folder, clock)
    try:
        later(clock)
        edit(second, lead, title="C")
    finally:
        second.close()
    store.undo()  # one person in two windows: theirs is one history
    assert value(store, "title") == "B"


# --- what must hold however steps are mixed ------------------------------------------------------------------------


@dataclass
class Two:
    """Anna and Ben at one store."""

    store: Store
    clock: FixedClock
    ben: int

    def by_ben(self, work: Callable[[], object]) -> None:
        """Ben does something, a while later."""
        later(self.clock)
        as_member(self.store, self.ben, work)
        later(self.clock)

    def refused(self, why: str, *, redo: bool = False) -> None:
        """Anna's way back is refused with these words, and nothing is changed by it."""
        before = everything(self.store)
        with pytest.raises(UndoConflict) as caught:
            self.store.redo() if redo else self.store.undo()
        assert str(caught.value.hint) == why
        assert everything(self.store) == before
        assert check(self.store).ok


@pytest.fixture
def two(store: Store, clock: FixedClock) -> Two:
    two = Two(store, clock, add_member(store, "Ben Roth", "BR"))
    later(clock)
    return two


LOST = "“A” would be in a stage that has been deleted."


def test_an_undo_does_not_bring_a_lead_back_into_a_deleted_stage(two: Two) -> None:
    store = two.store
    lead = add_lead(store, "A", stage="Angebot")
    later(two.clock)
    Leads(store).move([lead], 1)
    two.by_ben(lambda: Stages(store).delete(3))
    two.refused(LOST)


def test_a_redo_does_not_delete_a_stage_that_somebody_uses_by_now(two: Two) -> None:
    store = two.store
    Stages(store).delete(3)
    store.undo()
    two.by_ben(lambda: add_lead(store, "A", stage="Angebot"))
    two.refused(LOST, redo=True)


def test_an_undo_leaves_the_funnel_a_stage(two: Two) -> None:
    store = two.store
    Stages(store).create("Neu", 50)
    for stage in (1, 2, 3, 4, 5):
        two.by_ben(partial(Stages(store).delete, stage))
    two.refused("The funnel needs at least one stage.")


def test_an_undo_does_not_take_the_months_of_a_monthly_lead(two: Two) -> None:
    store = two.store
    lead = add_lead(store, "A")
    later(two.clock)
    Leads(store).edit([lead], period=(month("2027-01"), month("2027-06")))
    two.by_ben(lambda: Leads(store).edit([lead], budget=Budget.MONTHLY))
    two.refused("“A”: A monthly budget needs a service period.")


def test_an_undo_does_not_make_a_name_stand_twice(two: Two) -> None:
    store = two.store
    Stages(store).delete(4)
    two.by_ben(lambda: Stages(store).create("verhandlungen", 60))
    two.refused("There already is an entry “Verhandlungen”.")


def test_other_changes_of_an_entry_do_not_ask_for_its_name(two: Two) -> None:
    store = two.store
    with store.maintenance() as connection:  # as an older version may have left it
        connection.exec_driver_sql("UPDATE stage SET name = 'Angebot' WHERE id = 4")
    Stages(store).edit(3, probability=50)
    assert store.undo() is not None


def test_a_refused_redo_says_so(two: Two) -> None:
    store = two.store
    lead = add_lead(store, "A")
    later(two.clock)
    edit(store, lead, title="B")
    store.undo()
    two.by_ben(lambda: edit(store, lead, title="C"))
    with pytest.raises(UndoConflict, match="cannot be done again"):
        store.redo()


def test_an_entry_made_on_the_way_stays_where_others_use_it(two: Two) -> None:
    store = two.store
    firm, person = "Metzgerei Eckhof", "Martha Eckhof"
    Leads(store).create(title="A", company=firm, person=person, tags=["Web", "Neu"], source="Messe")
    two.by_ben(lambda: Leads(store).create(title="B", company=firm, person=person, tags=["Web"]))
    both = everything(store)
    assert store.undo() is not None
    left = [row.name for table in ("company", "person", "tag") for row in rows(store, f"SELECT name FROM {table}")]
    assert left == [firm, person, "Web"]
    assert count(store, "company_person") == 1
    assert not rows(store, "SELECT 1 FROM source WHERE name = 'Messe'")
    assert store.redo() is not None
    assert everything(store) == both
    as_member(store, two.ben, store.undo)
    store.undo()
    assert (count(store, "lead"), count(store, "company"), count(store, "tag")) == (0, 0, 0)
    assert check(store).ok


def test_an_entry_somebody_renamed_stays(two: Two) -> None:
    store = two.store
    Leads(store).create(title="A", company="Eckhof")
    two.by_ben(lambda: Catalogue(store).rename("company", 1, "Metzgerei Eckhof"))
    assert store.undo() is not None
    assert [row.name for row in rows(store, "SELECT name FROM company")] == ["Metzgerei Eckhof"]
    assert store.redo() is not None
    shown = rows(store, "SELECT company.name FROM lead JOIN company ON company.id = company_id")
    assert [row.name for row in shown] == ["Metzgerei Eckhof"]


def test_what_another_did_in_between_parts_the_edits_of_a_field(two: Two) -> None:
    store, lead = two.store, add_lead(two.store, "x")
    later(two.clock)
    edit(store, lead, title="y")
    as_member(store, two.ben, lambda: edit(store, lead, title="z"))
    edit(store, lead, title="w")
    store.undo()
    assert value(store, "title") == "z"
    with pytest.raises(UndoConflict):
        store.undo()
    as_member(store, two.ben, store.undo)
    store.undo()
    assert value(store, "title") == "x"
    store.redo()
    assert value(store, "title") == "y"


def test_a_clock_set_back_makes_no_touch_younger(store: Store, clock: FixedClock) -> None:
    lead = add_lead(store)
    later(clock, 10 * 86_400)
    Leads(store).note([lead], "spät")
    late = value(store, "last_touch_on")
    later(clock, -5 * 86_400)
    Leads(store).note([lead], "früh")
    assert value(store, "last_touch_on") == late
    assert check(store).ok


def test_who_was_unlinked_on_purpose_is_not_linked_by_an_undo(store: Store) -> None:
    leads, companies = Leads(store), Companies(store)
    leads.create(title="First", company="C", person="P")
    companies.unlink([1], 1)
    apart = everything(store)
    leads.create(title="Second", company="C", person="P")
    store.undo()
    assert everything(store) == apart
    companies.link([1], 1, "Rat")
    store.undo()
    assert everything(store) == apart
    store.undo()
    store.redo()
    assert everything(store) == apart


def test_a_link_that_a_later_lead_took_up_stays(store: Store) -> None:
    leads = Leads(store)
    leads.create(title="First", company="C", person="P")
    with store.read() as connection:
        first = connection.execute(text("SELECT max(id) FROM change_set")).scalar_one()
    leads.create(title="Second", company="C", person="P")
    store.undo(first)
    assert count(store, "company_person") == 1
