"""What a write changed is captured from the rows themselves, whichever way the code took."""

import gc
import json
from collections.abc import Callable
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import Column, delete, insert, text, update
from sqlalchemy.orm import Session

from app.core.changes import ChangeSet, RowChange
from app.core.i18n import Text
from app.models.bookkeeping import UNRECORDED
from app.models.capture import Capture, from_json, recorded_columns, to_json
from app.models.schema import METADATA, Company, CompanyPerson, Lead, LeadTag, Note, Person, Rate, Step, Tag
from app.models.store import Store
from tests.stores import TODAY, add_company, add_lead, add_rate, add_step, add_tag


def _do(store: Store, work: Callable[[Session], object]) -> tuple[RowChange, ...]:
    """The rows that a write changed, as they were told; () when nothing was."""
    heard: list[ChangeSet] = []
    stop = store.feed.subscribe(heard.append)
    with store.write(Text("Test")) as session:
        work(session)
    stop()
    return heard[0].rows if heard else ()


def _stored(store: Store) -> list[tuple[str, int, str, dict[str, Any], dict[str, Any]]]:
    last = "SELECT * FROM change WHERE change_set_id = (SELECT max(id) FROM change_set) ORDER BY id"
    with store.read() as connection:
        rows = connection.execute(text(last)).all()
    return [(r.table_name, r.row_id, r.op, json.loads(r.before), json.loads(r.after)) for r in rows]


def test_an_insert_has_every_recorded_column(store: Store) -> None:
    lead = add_lead(store, "Relaunch")
    change = _stored(store)[0]
    assert change[:4] == ("lead", lead, "insert", {})
    assert set(change[4]) == {column.name for column in recorded_columns(METADATA.tables["lead"])}
    assert "total_base" not in change[4]
    assert "id" not in change[4]


def test_an_update_has_only_what_changed(store: Store) -> None:
    lead = add_lead(store, "Old", amount=100)

    def work(session: Session) -> None:
        row = session.get_one(Lead, lead)
        row.title, row.info, row.currency = "New", "", "EUR"  # info and currency as they were

    (change,) = _do(store, work)
    assert (change.op, change.before, change.after) == ("update", {"title": "Old"}, {"title": "New"})
    assert _stored(store) == [("lead", lead, "update", {"title": "Old"}, {"title": "New"})]


def test_a_delete_has_the_whole_row(store: Store) -> None:
    step = add_step(store, add_lead(store), TODAY, "Anrufen")
    (change,) = _do(store, lambda session: session.delete(session.get_one(Step, step)))
    assert (change.op, change.after, change.lead_id) == ("delete", {}, 1)
    assert change.before["text"] == "Anrufen"
    assert set(change.before) == {column.name for column in recorded_columns(METADATA.tables["step"])}


def test_several_flushes_of_one_row_are_one_change(store: Store) -> None:
    lead = add_lead(store, "A")

    def work(session: Session) -> None:
        row = session.get_one(Lead, lead)
        for title in ("B", "C"):
            row.title = title
            session.flush()
        row.info = "x"
        session.flush()

    (change,) = _do(store, work)
    assert (change.before, change.after) == ({"title": "A", "info": ""}, {"title": "C", "info": "x"})


def test_there_and_back_is_no_change(store: Store) -> None:
    lead = add_lead(store, "A")

    def work(session: Session) -> None:
        row = session.get_one(Lead, lead)
        for title in ("B", "A"):
            row.title = title
            session.flush()

    assert _do(store, work) == ()


def test_made_and_changed_is_made(store: Store) -> None:
    def work(session: Session) -> None:
        tag = Tag(name="a", sort_key="a")
        session.add(tag)
        session.flush()
        tag.name = "b"

    (change,) = _do(store, work)
    assert (change.op, change.before, change.after["name"]) == ("insert", {}, "b")


def test_made_and_removed_is_nothing(store: Store) -> None:
    def work(session: Session) -> None:
        tag = Tag(name="a", sort_key="a")
        session.add(tag)
        session.flush()
        session.delete(tag)

    assert _do(store, work) == ()


def test_changed_and_removed_is_removed_as_it_was(store: Store) -> None:
    step = add_step(store, add_lead(store), TODAY, "Anrufen")

    def work(session: Session) -> None:
        row = session.get_one(Step, step)
        row.text = "Mailen"
        session.flush()
        session.delete(row)

    (change,) = _do(store, work)
    assert (change.op, change.before["text"]) == ("delete", "Anrufen")


def test_a_value_that_was_not_loaded_is_read_from_the_database(store: Store) -> None:
    lead = add_lead(store, "A")

    def work(session: Session) -> None:
        row = session.get_one(Lead, lead)
        session.expire(row, ["title"])
        row.title = "B"

    (change,) = _do(store, work)
    assert change.before == {"title": "A"}


def test_link_rows_and_rows_below_are_captured_with_their_lead(store: Store) -> None:
    lead = add_lead(store)
    add_tag(store, lead, "Website")
    company = add_company(store, "Müller")

    def work(session: Session) -> None:
        session.delete(session.query(LeadTag).one())
        session.add(Note(lead_id=lead, user_id=1, at=store.clock.now(), text="Angerufen"))
        person = Person(name="P", sort_key="p", search_key="p", created_at=store.clock.now())
        session.add(person)
        session.flush()
        session.add(CompanyPerson(company_id=company, person_id=person.id))

    rows = _do(store, work)
    assert {(row.table, row.op, row.lead_id) for row in rows} == {
        ("lead_tag", "delete", lead),
        ("note", "insert", lead),
        ("person", "insert", None),
        ("company_person", "insert", None),
    }


def test_every_kind_of_value_comes_back_from_the_history(store: Store) -> None:
    rate = add_rate(store, "CHF", date(2026, 1, 1), "0.94550")
    with store.write(Text("Rate deleted")) as session:
        row = session.get_one(Rate, rate)
        row.rate, row.deleted_at = Decimal("1E-6"), store.clock.now() + timedelta(microseconds=1)
    store.undo()
    with store.write(Text("Look")) as session:
        row = session.get_one(Rate, rate)
        assert (row.rate, row.deleted_at) == (Decimal("0.94550"), None)
    store.redo()
    with store.write(Text("Look")) as session:
        row = session.get_one(Rate, rate)
        assert row.deleted_at == store.clock.now() + timedelta(microseconds=1)


@given(st.decimals(allow_nan=False, allow_infinity=False) | st.none())
def test_a_decimal_keeps_its_digits(value: Decimal | None) -> None:
    column: Column[Any] = METADATA.tables["rate"].c.rate
    back = from_json(column, json.loads(json.dumps(to_json(value))))
    assert str(back) == str(value)


@pytest.mark.parametrize(
    "statement",
    [
        update(Lead).values(title="x"),
        delete(Lead),
        insert(Tag).values(name="x", sort_key="x", uid="1"),
    ],
)
def test_bulk_statements_that_would_pass_the_history_by_are_refused(store: Store, statement: Any) -> None:
    add_lead(store, "Kept")
    with pytest.raises(RuntimeError, match="history by: change objects, or keep import rows"):
        _do(store, lambda session: session.execute(statement))
    with store.read() as connection:
        assert connection.execute(text("SELECT title FROM lead")).scalars().all() == ["Kept"]


def test_query_updates_are_refused_too(store: Store) -> None:
    add_lead(store)
    with pytest.raises(RuntimeError, match="history"):
        _do(store, lambda session: session.query(Lead).update({"title": "x"}))
    with pytest.raises(RuntimeError, match="history"):
        _do(store, lambda session: session.query(Lead).delete())


def test_a_session_of_ones_own_cannot_write(store: Store) -> None:
    add_lead(store)
    tag = Company(name="x", sort_key="x", search_key="x", created_at=store.clock.now())
    with store.writing.connect() as connection, Session(bind=connection) as session:
        session.add(tag)
        with pytest.raises(RuntimeError, match="outside"):
            session.flush()


def test_what_is_not_in_the_history_is_named() -> None:
    of_others = {
        "import_run",
        "import_row",
        "search_doc",
        "reminder_state",
        "snapshot",
        "lead_snapshot",
        "content",
        "chunk",
        "password",
    }
    assert {"change_set", "change", *of_others} == UNRECORDED
    assert set(METADATA.tables) >= UNRECORDED


# --- merging ------------------------------------------------------------------------------------------------------

_COLUMNS = ("a", "b", "c")
_VALUES = st.fixed_dictionaries({name: st.integers(0, 2) for name in _COLUMNS})


@given(st.none() | _VALUES, st.lists(st.none() | _VALUES, max_size=6))
def test_what_remains_of_many_changes_leads_from_the_first_to_the_last_state(
    first: dict[str, int] | None, states: list[dict[str, int] | None]
) -> None:
    """A row lives through random states (None: it is not there); once deleted its key never comes back."""
    capture, present = Capture(), first
    for state in states:
        if present is None and (state is None or present is not first):
            continue
        _change(capture, present, state)
        present = state
        if state is None:
            break
    (change,) = capture.rows.values() or (None,)
    assert _applied(first, change) == present
    if change is not None and change.op == "update":
        assert all(change.before[name] != change.after[name] for name in change.after)
        assert all((first or {})[name] == change.before[name] for name in change.before)


def _change(capture: Capture, old: dict[str, int] | None, new: dict[str, int] | None) -> None:
    if old is None and new is not None:
        capture.add("t", 1, "insert", {}, new)
    elif new is None and old is not None:
        capture.add("t", 1, "delete", old, {})
    elif old is not None and new is not None and old != new:
        changed = [name for name in _COLUMNS if old[name] != new[name]]
        capture.add("t", 1, "update", {n: old[n] for n in changed}, {n: new[n] for n in changed})


def _applied(row: dict[str, int] | None, change: RowChange | None) -> dict[str, int] | None:
    if change is None:
        return row
    return None if change.op == "delete" else {**(row or {}), **change.after}


def test_a_change_of_many_leaves_little_for_the_collector(store: Store) -> None:
    """What it would have to look through stops every thread, also that of the window."""
    ids = [add_lead(store, f"Lead {n}") for n in range(60)]

    def change(words: str) -> None:
        with store.write(Text("Test")) as session:
            for lead in session.query(Lead).filter(Lead.id.in_(ids)):
                lead.info = words

    change("first")
    gc.collect()
    gc.disable()
    try:
        change("second")
        left = gc.collect()
    finally:
        gc.enable()
    assert left < 10 * len(ids)
