"""The history is the undo stack: exact, column by column, and never over somebody else's work."""

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import text

from app.core.calendar import day_number
from app.core.clock import FixedClock
from app.core.i18n import Text
from app.models.opening import store_file
from app.models.recording import redoable, undoable
from app.models.schema import Company, Lead, Note, Stage, Step, StoreSetting
from app.models.store import Store
from app.models.undo import UndoConflict
from tests.stores import TODAY, add_lead, add_member, add_rate, add_step, reopened


def _set(store: Store, lead: int, label: str = "Lead changed", **columns: Any) -> None:
    with store.write(Text(label)) as session:
        row = session.get_one(Lead, lead)
        for name, value in columns.items():
            setattr(row, name, value)


def _get(store: Store, column: str, lead: int = 1) -> Any:
    with store.read() as connection:
        return connection.execute(text(f"SELECT {column} FROM lead WHERE id = {lead}")).scalar()


def _count(store: Store, table: str) -> int:
    with store.read() as connection:
        number: int = connection.execute(text(f"SELECT count(*) FROM {table}")).scalar_one()
    return number


def _later(clock: FixedClock, seconds: int = 3600) -> None:
    clock.instant += timedelta(seconds=seconds)


def _as(store: Store, actor: int | None, work: Callable[[], object]) -> None:
    before, store.actor_id = store.actor_id, actor
    try:
        work()
    finally:
        store.actor_id = before


def test_undo_and_redo_of_an_edit(store: Store) -> None:
    lead = add_lead(store, "Old")
    _set(store, lead, title="New")
    undone = store.undo()
    assert undone is not None
    assert undone.kind == "undo"
    assert undone.ids("lead") == undone.touched == {lead}
    assert _get(store, "title") == "Old"
    redone = store.redo()
    assert redone is not None
    assert redone.kind == "redo"
    assert _get(store, "title") == "New"


def test_a_long_way_back_and_forth_again(store: Store, clock: FixedClock) -> None:
    lead = add_lead(store, "0")
    for number in range(1, 6):
        _later(clock)
        _set(store, lead, title=str(number))
    for _ in range(2):
        for number in range(4, -1, -1):
            store.undo()
            assert _get(store, "title") == str(number)
        for number in range(1, 6):
            store.redo()
            assert _get(store, "title") == str(number)
    assert store.redo() is None


def test_nothing_to_undo(store: Store) -> None:
    assert store.undo() is None
    assert store.redo() is None


def test_an_undone_insert_comes_back_with_its_key_and_name(store: Store) -> None:
    lead = add_lead(store, "Relaunch")
    uid = _get(store, "uid")
    store.undo()
    assert _count(store, "lead") == _count(store, "stage_entry") == 0
    store.redo()
    assert (_get(store, "id"), _get(store, "uid")) == (lead, uid)
    assert _count(store, "stage_entry") == 1
    assert add_lead(store, "Next") == lead + 1


def test_an_undone_delete_brings_the_row_back(store: Store) -> None:
    step = add_step(store, add_lead(store), TODAY, "Anrufen")
    with store.write(Text("Step removed")) as session:
        session.delete(session.get_one(Step, step))
    assert _get(store, "next_step_on") is None
    store.undo()
    assert _get(store, "next_step_on") == day_number(TODAY)
    assert _get(store, "next_step_id") == step


def test_what_is_derived_follows(store: Store, clock: FixedClock) -> None:
    lead = add_lead(store, "Website", amount=1000, stage="Angebot")
    assert (_get(store, "weighted_base"), _get(store, "last_touch_on")) == (30_000, day_number(TODAY))
    _later(clock, 3 * 86_400)
    _set(store, lead, title="Müller", probability=200)
    assert (_get(store, "weighted_base"), _get(store, "last_touch_on")) == (100_000, day_number(TODAY) + 3)
    store.undo()
    assert (_get(store, "weighted_base"), _get(store, "last_touch_on")) == (30_000, day_number(TODAY))
    with store.read() as connection:
        assert connection.execute(text("SELECT folded FROM search_doc")).scalar() == "website 1000 eur"
        found = connection.execute(text("SELECT rowid FROM search_fts WHERE search_fts MATCH 'muller'")).all()
    assert found == []


def test_a_new_step_ends_what_could_be_redone(store: Store, clock: FixedClock) -> None:
    lead = add_lead(store, "A")
    _set(store, lead, title="B")
    store.undo()
    _later(clock)
    _set(store, lead, info="x")
    assert store.redo() is None
    store.undo()
    assert (_get(store, "title"), _get(store, "info")) == ("A", "")
    store.redo()
    assert _get(store, "info") == "x"


def test_undo_survives_a_restart(store: Store, folder: Path, clock: FixedClock) -> None:
    lead = add_lead(store, "A")
    _later(clock)
    _set(store, lead, title="B")
    store.close()
    again = reopened(folder, clock)
    try:
        again.undo()
        assert _get(again, "title") == "A"
        again.close()
        again = reopened(folder, clock)
        again.redo()
        assert _get(again, "title") == "B"
    finally:
        again.close()


# --- edits that belong together -----------------------------------------------------------------------------------


def test_edits_of_one_field_within_half_a_minute_are_one_step(store: Store, clock: FixedClock) -> None:
    lead = add_lead(store, "0")
    for title, seconds in (("1", 60), ("2", 30), ("3", 30), ("4", 31), ("5", 0)):
        _later(clock, seconds)
        _set(store, lead, title=title)
    store.undo()
    assert _get(store, "title") == "3"
    store.undo()
    assert _get(store, "title") == "0"
    store.redo()
    assert _get(store, "title") == "3"
    store.redo()
    assert _get(store, "title") == "5"
    store.undo()
    assert _get(store, "title") == "3"


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
    _set(store, lead, **first)
    _set(store, lead, **second)
    store.undo()
    assert {name: _get(store, name) for name in first} == first


def test_the_same_field_of_another_row_is_another_step(store: Store) -> None:
    first, second = add_lead(store, "A"), add_lead(store, "B")
    _set(store, first, title="X")
    _set(store, second, title="X")
    store.undo()
    assert (_get(store, "title", first), _get(store, "title", second)) == ("X", "B")


# --- others -------------------------------------------------------------------------------------------------------


def test_what_another_did_to_the_rest_of_the_row_stays(store: Store, clock: FixedClock) -> None:
    other = add_member(store, "Ben Roth", "BR")
    lead = add_lead(store, "A")
    _later(clock)
    _set(store, lead, title="B")
    _as(store, other, lambda: _set(store, lead, info="from Ben"))
    store.undo()
    assert (_get(store, "title"), _get(store, "info")) == ("A", "from Ben")


def test_a_column_changed_by_another_is_a_conflict_with_both_values(store: Store, clock: FixedClock) -> None:
    other = add_member(store, "Ben Roth", "BR")
    lead = add_lead(store, "A")
    _later(clock)
    _set(store, lead, title="B", info="mine")
    _as(store, other, lambda: _set(store, lead, title="C"))
    sets = _count(store, "change_set")
    with pytest.raises(UndoConflict) as caught:
        store.undo()
    (clash,) = caught.value.clashes
    assert (clash.table, clash.row_id, clash.column, clash.ours, clash.theirs) == ("lead", lead, "title", "B", "C")
    assert (_get(store, "title"), _get(store, "info"), _count(store, "change_set")) == ("C", "mine", sets)
    _as(store, other, store.undo)  # the other takes theirs back: now the step can go
    store.undo()
    assert (_get(store, "title"), _get(store, "info")) == ("A", "")


def test_everybody_takes_back_their_own(store: Store, clock: FixedClock) -> None:
    other = add_member(store, "Ben Roth", "BR")
    mine = add_lead(store, "Mine")
    _later(clock)
    _as(store, other, lambda: add_lead(store, "Ben's"))
    _as(store, None, lambda: add_lead(store, "Nobody's"))
    store.undo()
    assert _get(store, "title", mine) is None
    assert _count(store, "lead") == 2
    _as(store, other, store.undo)
    _as(store, None, store.undo)
    assert _count(store, "lead") == 0
    store.redo()
    assert _count(store, "lead") == 1


def test_another_ones_step_does_not_end_what_can_be_redone(store: Store) -> None:
    other = add_member(store, "Ben Roth", "BR")
    lead = add_lead(store, "A")
    _set(store, lead, title="B")
    store.undo()
    _as(store, other, lambda: add_lead(store, "Ben's"))
    store.redo()
    assert _get(store, "title", lead) == "B"


def test_what_hangs_on_a_row_keeps_it_from_being_unmade(store: Store, clock: FixedClock) -> None:
    other = add_member(store, "Ben Roth", "BR")
    lead = add_lead(store)
    _later(clock)

    def write_note() -> None:
        with store.write(Text("Note")) as session:
            session.add(Note(lead_id=lead, user_id=other, at=store.clock.now(), text="Wichtig"))

    _as(store, other, write_note)
    with pytest.raises(UndoConflict):
        store.undo()
    assert (_count(store, "lead"), _count(store, "note")) == (1, 1)
    _as(store, other, store.undo)
    store.undo()
    assert (_count(store, "lead"), _count(store, "note")) == (0, 0)


def test_a_row_that_is_gone_is_a_conflict(store: Store) -> None:
    other = add_member(store, "Ben Roth", "BR")
    step = add_step(store, add_lead(store), TODAY, "A")
    with store.write(Text("Step changed")) as session:
        session.get_one(Step, step).text = "B"

    def remove() -> None:
        with store.write(Text("Step removed")) as session:
            session.delete(session.get_one(Step, step))

    _as(store, other, remove)
    with pytest.raises(UndoConflict) as caught:
        store.undo()
    assert [(clash.ours, clash.theirs) for clash in caught.value.clashes] == [("B", None)]


def test_a_second_window_with_a_stale_view_undoes_nothing_of_the_first(
    store: Store, folder: Path, clock: FixedClock
) -> None:
    lead = add_lead(store, "A")
    _later(clock)
    _set(store, lead, title="B")
    second = reopened(folder, clock)
    try:
        _later(clock)
        _set(second, lead, title="C")
    finally:
        second.close()
    store.undo()  # one person in two windows: theirs is one history
    assert _get(store, "title") == "B"


# --- limits -------------------------------------------------------------------------------------------------------


def test_nothing_is_undone_beyond_the_horizon(store: Store, clock: FixedClock) -> None:
    lead = add_lead(store, "A")
    with store.maintenance() as connection:
        newest = connection.execute(text("SELECT max(id) FROM change_set")).scalar()
        insert = "INSERT INTO store_setting (key, value) VALUES ('undo_horizon', :value)"
        connection.execute(text(insert), {"value": str(newest)})
    assert store.undo() is None
    _later(clock)
    _set(store, lead, title="B")
    store.undo()
    assert store.undo() is None
    assert _get(store, "title") == "A"


def test_a_step_of_choice(store: Store, clock: FixedClock) -> None:
    lead = add_lead(store, "A")
    _set(store, lead, title="B")
    with store.read() as connection:
        chosen = connection.execute(text("SELECT max(id) FROM change_set")).scalar_one()
    _later(clock)
    _set(store, lead, info="x")
    store.undo(chosen)
    assert (_get(store, "title"), _get(store, "info")) == ("A", "x")
    assert store.undo(chosen) is None


def test_what_would_be_undone_is_named(store: Store) -> None:
    def named() -> tuple[str, str]:
        with store.read() as connection:
            return str(undoable(connection, 1)), str(redoable(connection, 1))

    assert named() == ("None", "None")
    lead = add_lead(store, "A")
    _set(store, lead, title="B", label="Title changed")
    assert named() == ("Title changed", "None")
    store.undo()
    assert named() == ("Lead A created", "Title changed")


def test_many_rows_in_one_step(store: Store) -> None:
    leads = [add_lead(store, f"L{number}") for number in range(120)]
    with store.write(Text("All renamed")) as session:
        for lead in leads:
            session.get_one(Lead, lead).title = f"New {lead}"
    undone = store.undo()
    assert undone is not None
    assert undone.ids("lead") == set(leads)
    assert _get(store, "title", leads[77]) == "L77"
    store.redo()
    assert _get(store, "title", leads[77]) == f"New {leads[77]}"


def test_stage_rate_and_setting_weigh_anew_both_ways(store: Store) -> None:
    lead = add_lead(store, amount=1000, currency="CHF", stage="Angebot")
    assert _get(store, "total_base", lead) is None
    add_rate(store, "CHF", TODAY, "0.5")
    assert _get(store, "total_base", lead) == 50_000
    with store.write(Text("Stage changed")) as session:
        session.get_one(Stage, 3).probability = 200
    assert _get(store, "weighted_base", lead) == 50_000
    with store.write(Text("Base currency CHF")) as session:
        session.query(StoreSetting).filter_by(key="base_currency").one().value = "CHF"
    assert _get(store, "total_base", lead) == 100_000
    for total, weighted in ((50_000, 50_000), (50_000, 15_000), (None, None)):
        store.undo()
        assert (_get(store, "total_base", lead), _get(store, "weighted_base", lead)) == (total, weighted)


def test_what_was_saved_is_what_is_undone_however_late(store: Store, folder: Path, clock: FixedClock) -> None:
    """The file is copied after the step: the copy knows how to take it back."""
    company = Company(name="Alt", sort_key="alt", search_key="alt", created_at=clock.now())
    with store.write(Text("Company made")) as session:
        session.add(company)
    _later(clock, 400 * 86_400)
    store.close()
    assert store_file(folder).exists()
    again = reopened(folder, clock)
    try:
        again.undo()
        assert _count(again, "company") == 0
    finally:
        again.close()
