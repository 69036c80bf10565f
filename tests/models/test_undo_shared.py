"""Undo where several edits belong together, and where several people work."""

from pathlib import Path

import pytest

from app.core.clock import FixedClock
from app.core.i18n import Text
from app.models.schema import Note, Step
from app.models.store import Store
from app.models.undo import UndoConflict
from tests.models.edits import as_member, count, edit, later, value
from tests.stores import TODAY, add_lead, add_member, add_step, reopened

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
