"""A window notices what a second process wrote, and is not told its own work twice."""

import subprocess
import sys
from pathlib import Path

import pytest

from app.core.changes import ChangeSet
from app.core.clock import FixedClock
from app.core.errors import TrichterError
from app.core.i18n import Text
from app.models.schema import Note
from app.models.store import Store
from tests.stores import add_lead, reopened

_WRITE = """
import sys
from pathlib import Path
from tests.stores import add_lead, reopened
store = reopened(Path(sys.argv[1]), origin="cli")
for title in sys.argv[2:]:
    add_lead(store, title)
store.close()
"""


def _other_process(folder: Path, *titles: str) -> None:
    subprocess.run([sys.executable, "-c", _WRITE, str(folder), *titles], check=True)


@pytest.fixture
def heard(store: Store) -> list[ChangeSet]:
    changes: list[ChangeSet] = []
    store.feed.subscribe(changes.append)
    assert not store.watch()
    return changes


def test_a_second_process_is_heard(store: Store, folder: Path, heard: list[ChangeSet]) -> None:
    _other_process(folder, "Eins", "Zwei")
    assert store.watch()
    assert [str(change.label) for change in heard] == ["Lead Eins created", "Lead Zwei created"]
    assert {(change.origin, change.kind, change.everything) for change in heard} == {("cli", "do", True)}
    assert not store.watch()
    assert len(heard) == 2


def test_nothing_new_is_silence(store: Store, heard: list[ChangeSet]) -> None:
    assert not any(store.watch() for _ in range(5))
    assert heard == []


def test_ones_own_work_is_told_once(store: Store, folder: Path, heard: list[ChangeSet]) -> None:
    add_lead(store, "Mine")
    assert not store.watch()
    _other_process(folder, "Theirs")
    add_lead(store, "Mine again")
    store.undo()
    store.redo()
    assert store.watch()
    labels = [str(change.label) for change in heard]
    assert sorted(labels) == [
        "Lead Mine again created", "Lead Mine again created", "Lead Mine again created",
        "Lead Mine created", "Lead Theirs created",
    ]  # fmt: skip


def test_a_step_that_failed_hides_nobody_elses(store: Store, folder: Path, heard: list[ChangeSet]) -> None:
    """Its number goes to whoever writes next."""
    with pytest.raises(TrichterError), store.write(Text("Fails")) as session:
        session.add(Note(lead_id=99, at=store.clock.now(), text="of no lead"))  # found out by the commit
    _other_process(folder, "Theirs")
    assert store.watch()
    assert [str(change.label) for change in heard] == ["Lead Theirs created"]


def test_what_is_written_during_the_first_look_is_heard(
    store: Store, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    heard: list[ChangeSet] = []
    store.feed.subscribe(heard.append)
    newest = store.newest

    def slow() -> int:
        found = newest()
        _other_process(folder, "Meanwhile")
        return found

    monkeypatch.setattr(store, "newest", slow)
    assert store.watch()
    assert [str(change.label) for change in heard] == ["Lead Meanwhile created"]


def test_what_was_written_before_the_first_look_is_no_news(store: Store, folder: Path) -> None:
    heard: list[ChangeSet] = []
    store.feed.subscribe(heard.append)
    _other_process(folder, "Early")
    assert not store.watch()
    assert not store.watch()
    _other_process(folder, "Late")
    assert store.watch()
    assert [str(change.label) for change in heard] == ["Lead Late created"]


def test_another_window_of_this_process_is_heard_too(
    store: Store, folder: Path, clock: FixedClock, heard: list[ChangeSet]
) -> None:
    second = reopened(folder, clock, origin="second")
    try:
        add_lead(second, "Elsewhere")
        second.undo()
    finally:
        second.close()
    assert store.watch()
    assert [change.kind for change in heard] == ["do", "undo"]


def test_two_processes_at_once_lose_nothing(store: Store, folder: Path) -> None:
    writers = [
        subprocess.Popen([sys.executable, "-c", _WRITE, str(folder), *(f"{name}{n}" for n in range(15))])
        for name in "ab"
    ]
    for number in range(15):
        add_lead(store, f"c{number}")
    assert [writer.wait() for writer in writers] == [0, 0]
    with store.read() as connection:
        titles = connection.exec_driver_sql("SELECT title FROM lead").scalars().all()
    assert sorted(titles) == sorted(f"{name}{number}" for name in "abc" for number in range(15))
