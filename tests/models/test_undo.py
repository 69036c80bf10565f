"""The history is the undo stack: exact, column by column, and never over somebody else's work."""

from pathlib import Path

from sqlalchemy import text

from app.core.calendar import day_number
from app.core.clock import FixedClock
from app.core.i18n import Text
from app.models.opening import store_file
from app.models.recording import redoable, undoable
from app.models.schema import Company, Lead, Stage, Step, StoreSetting
from app.models.store import Store
from tests.models.edits import count, edit, later, sent, value
from tests.stores import TODAY, add_lead, add_rate, add_step, reopened


def test_undo_and_redo_of_an_edit(store: Store) -> None:
    lead = add_lead(store, "Old")
    edit(store, lead, title="New")
    undone = store.undo()
    assert undone is not None
    assert undone.kind == "undo"
    assert undone.ids("lead") == undone.touched == {lead}
    assert value(store, "title") == "Old"
    redone = store.redo()
    assert redone is not None
    assert redone.kind == "redo"
    assert value(store, "title") == "New"


def test_a_long_way_back_and_forth_again(store: Store, clock: FixedClock) -> None:
    lead = add_lead(store, "0")
    for number in range(1, 6):
        later(clock)
        edit(store, lead, title=str(number))
    for _ in range(2):
        for number in range(4, -1, -1):
            store.undo()
            assert value(store, "title") == str(number)
        for number in range(1, 6):
            store.redo()
            assert value(store, "title") == str(number)
    assert store.redo() is None


def test_nothing_to_undo(store: Store) -> None:
    assert store.undo() is None
    assert store.redo() is None


def test_an_undone_insert_comes_back_with_its_key_and_name(store: Store) -> None:
    lead = add_lead(store, "Relaunch")
    uid = value(store, "uid")
    store.undo()
    assert count(store, "lead") == count(store, "stage_entry") == 0
    store.redo()
    assert (value(store, "id"), value(store, "uid")) == (lead, uid)
    assert count(store, "stage_entry") == 1
    assert add_lead(store, "Next") == lead + 1


def test_an_undone_delete_brings_the_row_back(store: Store) -> None:
    step = add_step(store, add_lead(store), TODAY, "Anrufen")
    with store.write(Text("Step removed")) as session:
        session.delete(session.get_one(Step, step))
    assert value(store, "next_step_on") is None
    store.undo()
    assert value(store, "next_step_on") == day_number(TODAY)
    assert value(store, "next_step_id") == step


def test_what_is_derived_follows(store: Store, clock: FixedClock) -> None:
    lead = add_lead(store, "Website", amount=1000, stage="Angebot")
    assert (value(store, "weighted_base"), value(store, "last_touch_on")) == (30_000, day_number(TODAY))
    later(clock, 3 * 86_400)
    edit(store, lead, title="Müller", probability=200)
    assert (value(store, "weighted_base"), value(store, "last_touch_on")) == (100_000, day_number(TODAY) + 3)
    store.undo()
    assert (value(store, "weighted_base"), value(store, "last_touch_on")) == (30_000, day_number(TODAY))
    with store.read() as connection:
        assert connection.execute(text("SELECT folded FROM search_doc")).scalar() == "website 1000 eur"
        found = connection.execute(text("SELECT rowid FROM search_fts WHERE search_fts MATCH 'muller'")).all()
    assert found == []


def test_a_new_step_ends_what_could_be_redone(store: Store, clock: FixedClock) -> None:
    lead = add_lead(store, "A")
    edit(store, lead, title="B")
    store.undo()
    later(clock)
    edit(store, lead, info="x")
    assert store.redo() is None
    store.undo()
    assert (value(store, "title"), value(store, "info")) == ("A", "")
    store.redo()
    assert value(store, "info") == "x"


def test_undo_survives_a_restart(store: Store, folder: Path, clock: FixedClock) -> None:
    lead = add_lead(store, "A")
    later(clock)
    edit(store, lead, title="B")
    store.close()
    again = reopened(folder, clock)
    try:
        again.undo()
        assert value(again, "title") == "A"
        again.close()
        again = reopened(folder, clock)
        again.redo()
        assert value(again, "title") == "B"
    finally:
        again.close()


# --- limits -------------------------------------------------------------------------------------------------------


def test_nothing_is_undone_beyond_the_horizon(store: Store, clock: FixedClock) -> None:
    lead = add_lead(store, "A")
    with store.maintenance() as connection:
        newest = connection.execute(text("SELECT max(id) FROM change_set")).scalar()
        insert = "INSERT INTO store_setting (key, value) VALUES ('undo_horizon', :value)"
        connection.execute(text(insert), {"value": str(newest)})
    assert store.undo() is None
    later(clock)
    edit(store, lead, title="B")
    store.undo()
    assert store.undo() is None
    assert value(store, "title") == "A"


def test_a_step_of_choice(store: Store, clock: FixedClock) -> None:
    lead = add_lead(store, "A")
    edit(store, lead, title="B")
    with store.read() as connection:
        chosen = connection.execute(text("SELECT max(id) FROM change_set")).scalar_one()
    later(clock)
    edit(store, lead, info="x")
    store.undo(chosen)
    assert (value(store, "title"), value(store, "info")) == ("A", "x")
    assert store.undo(chosen) is None


def test_what_would_be_undone_is_named(store: Store) -> None:
    def named() -> tuple[str, str]:
        with store.read() as connection:
            return str(undoable(connection, 1)), str(redoable(connection, 1))

    assert named() == ("None", "None")
    lead = add_lead(store, "A")
    edit(store, lead, title="B", label="Title changed")
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
    assert value(store, "title", leads[77]) == "L77"
    store.redo()
    assert value(store, "title", leads[77]) == f"New {leads[77]}"


def test_rows_of_different_values_are_written_by_one_statement(store: Store) -> None:
    leads = [add_lead(store, f"L{number}", amount=number) for number in range(20)]
    with store.write(Text("All alike")) as session:
        for lead in leads:
            session.get_one(Lead, lead).amount_minor = 7
    written = sent(store._writing, store.undo)
    assert value(store, "amount_minor", leads[13]) == 1300
    assert sum(each.startswith("UPDATE lead SET amount_minor") for each in written) == 1


def test_stage_rate_and_setting_weigh_anew_both_ways(store: Store) -> None:
    lead = add_lead(store, amount=1000, currency="CHF", stage="Angebot")
    assert value(store, "total_base", lead) is None
    add_rate(store, "CHF", TODAY, "0.5")
    assert value(store, "total_base", lead) == 50_000
    with store.write(Text("Stage changed")) as session:
        session.get_one(Stage, 3).probability = 200
    assert value(store, "weighted_base", lead) == 50_000
    with store.write(Text("Base currency CHF")) as session:
        session.query(StoreSetting).filter_by(key="base_currency").one().value = "CHF"
    assert value(store, "total_base", lead) == 100_000
    for total, weighted in ((50_000, 50_000), (50_000, 15_000), (None, None)):
        store.undo()
        assert (value(store, "total_base", lead), value(store, "weighted_base", lead)) == (total, weighted)


def test_what_was_saved_is_what_is_undone_however_late(store: Store, folder: Path, clock: FixedClock) -> None:
    """The file is copied after the step: the copy knows how to take it back."""
    company = Company(name="Alt", sort_key="alt", search_key="alt", created_at=clock.now())
    with store.write(Text("Company made")) as session:
        session.add(company)
    later(clock, 400 * 86_400)
    store.close()
    assert store_file(folder).exists()
    again = reopened(folder, clock)
    try:
        again.undo()
        assert count(again, "company") == 0
    finally:
        again.close()
