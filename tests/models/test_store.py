"""One gate for reading, one for writing: what passes through it, and what does not."""

import threading
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import text
from sqlalchemy.exc import OperationalError

from app.core.changes import ChangeSet
from app.core.clock import FixedClock, SystemClock
from app.core.errors import NotFound, StorageError
from app.core.i18n import Text
from app.models import snapshot
from app.models.engine import connect
from app.models.opening import create_store, open_store
from app.models.schema import Company, Lead, StoreSetting
from app.models.store import Store
from tests.stores import ZONE, add_company, add_lead, reopened


def _rows(store: Store, statement: str) -> list[tuple[Any, ...]]:
    with store.read() as connection:
        return [tuple(row) for row in connection.execute(text(statement))]


def _everything(store: Store) -> dict[str, list[tuple[Any, ...]]]:
    with store.maintenance() as connection:
        tables = connection.execute(text("SELECT name FROM sqlite_master WHERE type = 'table'")).scalars().all()
        return {name: [tuple(row) for row in connection.execute(text(f'SELECT * FROM "{name}"'))] for name in tables}


def test_a_write_is_kept_recorded_and_told(store: Store) -> None:
    heard: list[ChangeSet] = []
    store.feed.subscribe(heard.append)
    lead = add_lead(store, "Relaunch")
    assert _rows(store, "SELECT id, title FROM lead") == [(lead, "Relaunch")]
    (change,) = heard
    assert (change.kind, change.origin, change.actor_id, change.at) == ("do", "test", 1, store.clock.now())
    assert str(change.label) == "Lead Relaunch created"
    assert change.ids("lead") == {lead}
    assert change.touched == {lead}
    recorded = _rows(store, f"SELECT table_name, row_id, lead_id, op FROM change WHERE change_set_id = {change.id}")
    assert recorded == [("lead", lead, lead, "insert"), ("stage_entry", 1, lead, "insert")]


def test_who_hears_of_a_change_can_read_it_and_write(store: Store) -> None:
    seen: list[tuple[Any, ...]] = []

    def listener(change: ChangeSet) -> None:
        seen.extend(_rows(store, "SELECT count(*) FROM lead"))
        if len(seen) == 1:
            add_lead(store, "Second")

    store.feed.subscribe(listener)
    add_lead(store, "First")
    assert seen == [(1,), (2,)]


def test_an_error_inside_leaves_nothing(store: Store) -> None:
    heard: list[ChangeSet] = []
    store.feed.subscribe(heard.append)
    add_lead(store, "Kept")
    before = _everything(store)

    def verb() -> None:
        with store.write(Text("Bad idea")) as session:
            session.get_one(Lead, 1).title = "Spoilt"
            session.add(Company(name="X", sort_key="x", search_key="x", created_at=store.clock.now()))
            session.flush()
            _ = 1 // 0

    with pytest.raises(ZeroDivisionError):
        verb()
    assert _everything(store) == before
    assert len(heard) == 1


def test_a_refused_row_leaves_nothing(store: Store) -> None:
    before = _everything(store)
    with pytest.raises(Exception, match="CHECK"):
        add_lead(store, amount_minor=-1)
    with pytest.raises(NotFound):  # a stage that has been deleted in the meantime
        add_lead(store, stage_id=99)
    assert _everything(store) == before


def test_a_failing_derivation_leaves_nothing(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    before = _everything(store)
    with monkeypatch.context() as patch:
        patch.setattr("app.models.derived.folded_text", lambda lead: 1 // 0)
        with pytest.raises(ZeroDivisionError):
            add_lead(store)
    assert _everything(store) == before
    add_lead(store)


def test_nothing_is_recorded_when_nothing_changed(store: Store) -> None:
    heard: list[ChangeSet] = []
    lead = add_lead(store, "Same")
    before = _everything(store)
    store.feed.subscribe(heard.append)
    with store.write(Text("No change")) as session:
        session.get_one(Lead, lead).title = "Same"
    with store.write(Text("Nothing at all")):
        pass
    assert _everything(store) == before
    assert heard == []


def test_one_verb_is_one_write(store: Store) -> None:
    with store.write(Text("Outer")), pytest.raises(RuntimeError, match="one write"):
        add_lead(store)
    with store.write(Text("Outer")), pytest.raises(RuntimeError, match="one write"):
        store.undo()
    add_lead(store)  # the gate is open again


def test_writers_of_several_threads_take_turns(store: Store) -> None:
    errors: list[BaseException] = []

    def work(name: str) -> None:
        try:
            for number in range(15):
                add_lead(store, f"{name}{number}")
        except BaseException as error:  # noqa: BLE001 - told to the test
            errors.append(error)

    threads = [threading.Thread(target=work, args=(name,)) for name in "abc"]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert errors == []
    assert _rows(store, "SELECT count(DISTINCT title), count(*) FROM lead") == [(45, 45)]


def test_a_reader_sees_one_state_for_as_long_as_it_reads(store: Store) -> None:
    add_lead(store)
    with store.read() as connection:
        first = connection.execute(text("SELECT count(*) FROM lead")).scalar()
        writer = threading.Thread(target=add_lead, args=(store, "Meanwhile"))
        writer.start()
        writer.join()
        assert connection.execute(text("SELECT count(*) FROM lead")).scalar() == first
    assert _rows(store, "SELECT count(*) FROM lead") == [(2,)]


@pytest.mark.parametrize("local", [True, False])
def test_a_copy_from_another_kind_of_disk_is_adapted(folder: Any, clock: FixedClock, local: bool) -> None:
    snapshot.in_journal_mode(folder / "trichter.db", local=not local)
    store = open_store(folder, origin="test", clock=clock, local=local)
    try:
        with store.read() as connection:
            assert connection.execute(text("PRAGMA journal_mode")).scalar() == ("wal" if local else "delete")
    finally:
        store.close()


@pytest.mark.parametrize(
    "statement",
    [
        "DELETE FROM main.lead",
        "UPDATE main.stage SET probability = 0",
        "INSERT INTO main.tag (uid, name, sort_key) VALUES ('1', 'x', 'x')",
        "CREATE TABLE main.mine (id)",
        "DROP VIEW temp.lead",
        "CREATE TEMP TABLE mine (id)",
    ],
)
def test_a_reading_connection_cannot_write(store: Store, statement: str) -> None:
    before = _everything(store)
    with pytest.raises(StorageError), store.read() as connection:
        connection.execute(text(statement))
    assert _everything(store) == before


def test_the_history_keeps_who_and_through_what(folder: Any, clock: FixedClock) -> None:
    store = open_store(folder, origin="cli", clock=clock)
    try:
        add_lead(store)
        assert _rows(store, "SELECT actor_id, origin FROM change_set ORDER BY id DESC LIMIT 1") == [(None, "cli")]
    finally:
        store.close()


def test_facts_follow_the_settings(store: Store) -> None:
    with store.write(Text("Country changed")) as session:
        session.query(StoreSetting).filter_by(key="country").one().value = "CH"
    store.reload_facts()
    assert (store.facts.country, store.facts.base_currency, store.facts.time_zone) == ("CH", "EUR", "Europe/Berlin")
    assert isinstance(store.clock, FixedClock)


def test_without_a_clock_the_machines_is_asked(folder: Any) -> None:
    store = open_store(folder, origin="test")
    try:
        assert store.clock == SystemClock(ZONE)
        store.reload_facts()
        assert store.clock == SystemClock(ZONE)
    finally:
        store.close()


def test_a_store_is_not_made_over_another(folder: Any) -> None:
    before = (folder / "trichter.db").read_bytes()
    with pytest.raises(FileExistsError):
        create_store(folder, origin="test")
    assert (folder / "trichter.db").read_bytes() == before


def test_a_folder_without_a_store_is_named(tmp_path: Any) -> None:
    with pytest.raises(NotFound, match="no data"):
        open_store(tmp_path / "nothing", origin="test")
    assert not (tmp_path / "nothing").exists()


def test_keys_are_never_reused(store: Store) -> None:
    first = add_company(store, "A")
    with store.write(Text("Company removed")) as session:
        session.delete(session.get_one(Company, first))
    assert add_company(store, "B") == first + 1


def test_settings_of_the_connections(store: Store) -> None:
    add_lead(store)
    wanted = {"journal_mode": "wal", "synchronous": 2, "foreign_keys": 1, "secure_delete": 1}
    with store.bare() as connection:
        found = {name: connection.execute(f"PRAGMA {name}").fetchone()[0] for name in wanted}
    assert found == wanted
    with store.read() as reader:
        assert reader.execute(text("PRAGMA query_only")).scalar() == 1


def test_who_goes_over_the_whole_file_does_not_map_it(store: Store, tmp_path: Path) -> None:
    """What is mapped counts as memory of the program: an import with its backup would take three times the file."""
    with store.bare() as connection:
        assert connection.execute("PRAGMA mmap_size").fetchone()[0] == 0
    with closing(connect(store.path)) as copying:
        usual = copying.execute("PRAGMA mmap_size").fetchone()[0]
        assert usual > 0
        said: list[str] = []
        copying.set_trace_callback(said.append)
        snapshot.write_copy(copying, tmp_path / "copy.db")
        copying.set_trace_callback(None)
        begun = next(place for place, statement in enumerate(said) if statement.startswith("VACUUM"))
        assert "PRAGMA mmap_size = 0" in said[:begun]
        assert copying.execute("PRAGMA mmap_size").fetchone()[0] == usual


def test_on_a_network_drive_there_is_no_shared_memory(folder: Any, clock: FixedClock) -> None:
    store = open_store(folder, origin="test", clock=clock, local=False)
    try:
        add_lead(store)
        with store.bare() as connection:
            found = [connection.execute(f"PRAGMA {name}").fetchone()[0] for name in ("journal_mode", "synchronous")]
        assert found == ["delete", 3]
        assert sorted(path.name for path in folder.iterdir()) == ["trichter.db"]
    finally:
        store.close()


def test_a_mistake_of_ours_is_no_storage_error(store: Store) -> None:
    with pytest.raises(OperationalError), store.read() as connection:
        connection.execute(text("SELECT nonsense FROM lead"))


@pytest.mark.parametrize("use", [add_lead, Store.watch, Store.undo, Store.reload_facts])
def test_a_closed_store_is_not_opened_again_by_whoever_uses_it(folder: Path, use: Callable[[Store], object]) -> None:
    store = reopened(folder)
    store.close()
    with pytest.raises(RuntimeError, match="closed"):
        use(store)
