"""Copies that can be trusted, the ones that are kept, and the way back."""

import hashlib
import os
import threading
from collections.abc import Callable, Iterator
from contextlib import closing
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any
from urllib.parse import unquote

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import text

from app.core.clock import FixedClock
from app.core.errors import Damaged, InvalidInput, Locked, NewerStore, StorageError
from app.core.i18n import Text
from app.models import snapshot
from app.models.engine import connect
from app.models.opening import open_store, store_file
from app.models.schema import Lead
from app.models.store import Store
from app.services import backup
from app.services.backup import Backup, Backups, Reason, restore, superfluous
from app.services.lock import StoreLock
from tests.stores import ZONE, add_lead, reopened

NOW = datetime(2026, 11, 24, 8, 0, tzinfo=UTC)


@pytest.fixture
def backups(store: Store, folder: Path, clock: FixedClock) -> Backups:
    return Backups(store, backup.folder_of(folder), clock)


def _titles(file: Path) -> list[str]:
    connection = connect(file, read_only=True)
    try:
        return [row[0] for row in connection.execute("SELECT title FROM lead ORDER BY id")]
    finally:
        connection.close()


def _digest(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


def _older_by(steps: int) -> Callable[[object], datetime]:
    return lambda _: NOW - timedelta(days=steps)


def test_a_copy_has_what_was_saved_and_a_name_that_says_when_and_why(store: Store, backups: Backups) -> None:
    add_lead(store, "Jahresbericht")
    made = backups.make(Reason.MANUAL)
    assert made.name == "trichter-20261124T080000Z-manual.db"
    assert _titles(made) == ["Jahresbericht"]
    assert [found.path for found in backups.list()] == [made]
    assert backups.last() == Backup(made, NOW, Reason.MANUAL, made.stat().st_size)
    assert list(made.parent.iterdir()) == [made]  # nothing half-done beside it


def test_two_copies_in_one_second_do_not_replace_each_other(store: Store, backups: Backups) -> None:
    add_lead(store)
    first, second = backups.make(Reason.EXIT), backups.make(Reason.EXIT)
    assert first != second
    assert {found.path for found in backups.list()} == {first, second}


def test_on_exit_copies_only_what_is_new(store: Store, backups: Backups, clock: FixedClock) -> None:
    add_lead(store)
    assert backups.on_exit() is not None
    clock.instant += timedelta(hours=1)
    assert backups.on_exit() is None
    store.undo()
    assert backups.on_exit() is not None


def test_a_damaged_last_copy_does_not_pass_for_a_copy(store: Store, backups: Backups) -> None:
    add_lead(store)
    made = backups.on_exit()
    assert made is not None
    made.write_bytes(b"no store" * 100)
    assert backups.on_exit() is not None


@pytest.mark.skipif(os.name != "posix", reason="a pipe with a name")
def test_a_pipe_or_device_is_never_replaced(store: Store, backups: Backups, tmp_path: Path) -> None:
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    with pytest.raises(InvalidInput):
        backups.write(pipe)
    assert pipe.is_fifo()


def test_what_a_killed_process_left_is_removed_in_time(
    store: Store, backups: Backups, folder: Path, clock: FixedClock
) -> None:
    add_lead(store)
    place = backups.make(Reason.EXIT).parent
    old, fresh = (place / f"trichter-20261124T070000Z-exit.db.{pid}.part" for pid in (1, 2))
    for path, hours in ((old, 30), (fresh, 1)):
        path.write_bytes(b"half")
        at = clock.now().timestamp() - hours * 3600
        os.utime(path, (at, at))
    backups.make(Reason.EXIT)
    assert (old.exists(), fresh.exists()) == (False, True)


def test_two_processes_copy_in_the_same_second(store: Store, backups: Backups, monkeypatch: pytest.MonkeyPatch) -> None:
    """What another process is writing just now is not taken for a rest of our own."""
    add_lead(store)
    target = backups.make(Reason.EXIT).with_name("other.db")
    other = target.with_name(f"{target.name}.4711.part")
    other.write_bytes(b"half of it")
    backups.write(target)
    assert other.read_bytes() == b"half of it"


def test_files_of_others_in_the_folder_are_left_alone(store: Store, backups: Backups, folder: Path) -> None:
    place = backup.folder_of(folder)
    place.mkdir()
    names = ["notes.txt", "trichter-x.db", "trichter-20269999T080000Z-exit.db", "trichter-20200101T000000Z-party.db"]
    for name in names:
        (place / name).write_text("mine")
    (place / "trichter-20200101T000000Z-exit.db").mkdir()
    assert backups.list() == []
    backups.make(Reason.MANUAL)
    assert all((place / name).exists() for name in names)


def test_rotation_removes_the_files(store: Store, backups: Backups, folder: Path, clock: FixedClock) -> None:
    for days in (0, 100, 200):
        clock.instant = NOW - timedelta(days=200 - days)
        backups.make(Reason.MANUAL)
    assert [found.at for found in backups.list()] == [NOW]


def _made(at: datetime) -> Backup:
    return Backup(Path(f"{at.isoformat()}.db"), at, Reason.EXIT, 1)


def test_what_is_kept_of_four_months_of_hourly_copies() -> None:
    every = [_made(NOW - timedelta(hours=hours)) for hours in range(24 * 120)]
    gone = {item.path for item in superfluous(every, NOW, ZONE)}
    kept = [item for item in every if item.path not in gone]
    recent = [item for item in kept if NOW - item.at < timedelta(days=2)]
    assert len(recent) == 48
    older = [item for item in kept if item not in recent]
    days = {item.at.astimezone(ZONE).date() for item in older}
    assert {date(2026, 11, 22) - timedelta(days=n) for n in range(12)} <= days
    weeks = {item.at.astimezone(ZONE).isocalendar()[:2] for item in older}
    assert len(weeks) >= 10
    assert {"2026-09", "2026-10", "2026-11"} <= {item.at.astimezone(ZONE).strftime("%Y-%m") for item in older}
    assert all(NOW - item.at <= timedelta(days=90) for item in kept)
    assert len(older) <= 12 + 10 + 4


def test_after_a_long_absence_the_newest_copy_is_still_there() -> None:
    old = [_made(NOW - timedelta(days=days)) for days in (400, 500)]
    assert superfluous(old, NOW, ZONE) == [old[1]]


def test_a_copy_from_the_future_is_kept() -> None:
    future = _made(NOW + timedelta(days=3))
    assert superfluous([future, _made(NOW - timedelta(days=1))], NOW, ZONE) == []


@given(st.lists(st.integers(0, 120 * 24), max_size=60, unique=True))
def test_rotation_is_settled_after_one_pass_and_never_empties(hours: list[int]) -> None:
    every = [_made(NOW - timedelta(hours=each)) for each in hours]
    gone = superfluous(every, NOW, ZONE)
    kept = [item for item in every if item not in gone]
    assert superfluous(kept, NOW, ZONE) == []
    assert bool(kept) == bool(every)


def test_a_copy_under_a_writer_is_a_state_that_was(store: Store, backups: Backups, tmp_path: Path) -> None:
    """Leads are made in pairs, each pair in one step; no copy may hold half a pair."""
    halt = threading.Event()

    def work() -> None:
        number = 0
        while not halt.is_set():
            number += 1
            with store.write(Text("Pair made")) as session:
                for half in "ab":
                    session.add(
                        Lead(
                            title=f"{number}{half}", status="potential", amount_minor=0, currency="EUR",
                            budget="once", info="", remark="", created_at=store.clock.now(),
                        )
                    )  # fmt: skip

    writer = threading.Thread(target=work)
    writer.start()
    try:
        made = [backups.make(Reason.MANUAL) for _ in range(5)]
    finally:
        halt.set()
        writer.join()
    counts = [len(_titles(path)) for path in made]
    assert counts == sorted(counts)
    assert all(count % 2 == 0 for count in counts)
    assert all(snapshot.verify(path).leads == count for path, count in zip(made, counts, strict=True))


@pytest.mark.parametrize("missing", ["change; DELETE FROM change_set", "stage_entry; DELETE FROM lead"])
def test_a_copy_that_lacks_something_is_no_copy(store: Store, tmp_path: Path, missing: str) -> None:
    add_lead(store)
    target = tmp_path / "safe" / "copy.db"
    with store.bare() as connection, pytest.raises(StorageError, match="does not hold what the data hold"):
        snapshot.write_copy(_Forgetful(connection, missing), target)
    assert list(target.parent.iterdir()) == []


class _Forgetful:
    """A connection whose copies are whole by their structure, but lack rows."""

    def __init__(self, connection: Any, missing: str) -> None:
        self._connection, self._missing = connection, missing

    def execute(self, sql: str, values: tuple[str, ...] = ()) -> Any:
        done = self._connection.execute(sql, values)
        if sql.startswith("VACUUM INTO"):
            with closing(connect(Path(unquote(values[0].removeprefix("file:"))))) as copy:
                copy.executescript(f"PRAGMA foreign_keys = OFF; DELETE FROM {self._missing}")
        return done


def test_a_copy_at_a_place_of_the_users_choice(store: Store, backups: Backups, tmp_path: Path) -> None:
    add_lead(store, "Messe")
    target = tmp_path / "sicher ung.db"
    assert backups.write(target).leads == 1
    assert _titles(target) == ["Messe"]
    add_lead(store, "Film")
    with pytest.raises(InvalidInput, match="was not replaced"):  # an older backup may be the only one of its day
        backups.write(target)
    assert _titles(target) == ["Messe"]


def test_a_folder_that_is_not_there_is_not_made(backups: Backups, tmp_path: Path) -> None:
    with pytest.raises(InvalidInput, match="no folder"):
        backups.write(tmp_path / "stcik" / "b.db")
    assert not (tmp_path / "stcik").exists()


@pytest.mark.parametrize("content", [b"", b"Dear diary", b"SQLite format 3\x00" + bytes(200)])
def test_a_file_that_is_there_is_not_replaced(backups: Backups, tmp_path: Path, content: bytes) -> None:
    target = tmp_path / "diary.db"
    target.write_bytes(content)
    with pytest.raises(InvalidInput):
        backups.write(target)
    assert target.read_bytes() == content


def test_a_backup_does_not_take_the_place_of_the_store(backups: Backups, store: Store, tmp_path: Path) -> None:
    link = tmp_path / "link.db"
    link.symlink_to(store.path)
    for target in (store.path, link):
        with pytest.raises(InvalidInput):
            backups.write(target)
    with pytest.raises(InvalidInput):
        backups.write(tmp_path)


def test_restore_brings_back_and_keeps_what_was_there(
    store: Store, backups: Backups, folder: Path, clock: FixedClock
) -> None:
    add_lead(store, "Vorher")
    made = backups.make(Reason.MANUAL)
    add_lead(store, "Nachher")
    store.close()
    done = restore(folder, made, clock)
    assert done.leads == 1
    assert done.kept is not None
    assert _titles(store_file(folder)) == ["Vorher"]
    assert _titles(done.kept) == ["Vorher", "Nachher"]
    assert sorted(path.suffix for path in folder.glob("*before-restore*")) == [".db"]
    again = reopened(folder)
    try:
        add_lead(again, "Weiter")
    finally:
        again.close()


def test_restore_into_an_empty_folder(store: Store, backups: Backups, tmp_path: Path, clock: FixedClock) -> None:
    add_lead(store)
    done = restore(tmp_path / "new", backups.make(Reason.MANUAL), clock)
    assert done.kept is None
    assert len(_titles(store_file(tmp_path / "new"))) == 1


def test_restore_is_refused_while_anybody_has_the_store_open(
    store: Store, backups: Backups, folder: Path, clock: FixedClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("app.models.engine.BUSY_MS", 100)
    add_lead(store)
    made = backups.make(Reason.MANUAL)
    before = _titles(store_file(folder))
    with pytest.raises(Locked):  # a command is at work beside us
        restore(folder, made, clock)
    with StoreLock(folder, clock), pytest.raises(Locked) as caught:  # a window
        restore(folder, made, clock)
    assert "process" in str(caught.value)
    store.close()
    assert sorted(path.name for path in folder.glob("trichter*.db*")) == ["trichter.db"]
    assert _titles(store_file(folder)) == before


@pytest.fixture
def shared(folder: Path, store: Store, monkeypatch: pytest.MonkeyPatch) -> Iterator[Store]:
    """The store as on a network drive, where there is no write-ahead log that would tell of others."""
    monkeypatch.setattr("app.models.engine.BUSY_MS", 100)
    store.close()
    opened = open_store(folder, origin="test", local=False)
    yield opened
    opened.close()


def test_restore_on_a_network_drive_is_refused_while_somebody_writes(
    shared: Store, folder: Path, clock: FixedClock, tmp_path: Path
) -> None:
    add_lead(shared, "Vorher")
    made = tmp_path / "made.db"
    Backups(shared, tmp_path).write(made)
    with shared.write(Text("Half-way")) as session:
        session.get_one(Lead, 1).title = "Nachher"
        session.flush()
        with pytest.raises(Locked):
            restore(folder, made, clock)
    assert _titles(store_file(folder)) == ["Nachher"]
    assert sorted(path.name for path in folder.glob("trichter*.db*")) == ["trichter.db"]


@pytest.mark.skipif(os.name == "nt", reason="there nobody replaces a file that somebody has open")
def test_who_still_has_the_replaced_file_is_told_so(
    shared: Store, folder: Path, clock: FixedClock, tmp_path: Path
) -> None:
    add_lead(shared)
    made = tmp_path / "made.db"
    Backups(shared, tmp_path).write(made)
    restore(folder, made, clock)
    with pytest.raises(StorageError, match="Another file has taken the place"):
        add_lead(shared, "Too late")
    assert len(_titles(store_file(folder))) == 1


@pytest.mark.parametrize("damage", ["no store", "other database", "truncated", "flipped", "newer", "missing"])
def test_a_bad_backup_is_refused_and_nothing_is_touched(
    store: Store, backups: Backups, folder: Path, tmp_path: Path, clock: FixedClock, damage: str
) -> None:
    for number in range(30):
        add_lead(store, f"Lead {number}", info="x" * 2000)
    bad = tmp_path / "bad.db"
    backups.write(bad)
    store.close()
    _harm(bad, damage)
    before = _digest(store_file(folder))
    with pytest.raises(NewerStore if damage == "newer" else StorageError):
        restore(folder, bad, clock)
    assert _digest(store_file(folder)) == before
    assert not list(folder.glob("*.new"))


def _harm(path: Path, damage: str) -> None:
    content = path.read_bytes()
    match damage:
        case "no store":
            path.write_bytes(b"hello")
        case "truncated":
            path.write_bytes(content[: len(content) // 2])
        case "flipped":
            path.write_bytes(content[:9000] + bytes(4096) + content[9000 + 4096 :])
        case "missing":
            path.unlink()
        case _:
            path.unlink() if damage == "other database" else None
            connection = connect(path)
            sql = (
                "CREATE TABLE other (id)"
                if damage == "other database"
                else "UPDATE alembic_version SET version_num = '9999'"
            )
            connection.execute(sql)
            connection.close()


def test_a_damaged_store_is_replaced_and_kept_with_its_log(
    store: Store, backups: Backups, folder: Path, clock: FixedClock
) -> None:
    add_lead(store, "Gut")
    made = backups.make(Reason.MANUAL)
    store.close()
    current = store_file(folder)
    current.write_bytes(b"rubbish" * 1000)
    current.with_name(current.name + "-wal").write_bytes(b"log of rubbish")
    current.with_name(current.name + "-journal").write_bytes(b"journal of rubbish")
    done = restore(folder, made, clock)
    assert done.kept is not None
    assert done.kept.read_bytes() == b"rubbish" * 1000
    assert _titles(current) == ["Gut"]
    for suffix, log in (("-wal", b"log of rubbish"), ("-journal", b"journal of rubbish")):
        assert done.kept.with_name(done.kept.name + suffix).read_bytes() == log


def test_the_store_itself_is_no_backup_of_itself(store: Store, folder: Path, clock: FixedClock) -> None:
    store.close()
    with pytest.raises(InvalidInput):
        restore(folder, store_file(folder), clock)


def test_a_broken_search_index_is_no_reason_to_have_no_copy(store: Store, backups: Backups) -> None:
    add_lead(store)
    with store.maintenance() as connection:
        connection.execute(text("UPDATE search_fts_data SET block = zeroblob(length(block)) WHERE id > 10"))
    assert backups.make(Reason.EXIT).exists()


def test_a_store_with_broken_references_is_not_taken_for_a_good_copy(store: Store, backups: Backups) -> None:
    add_lead(store)
    with store.bare() as connection:
        connection.execute("PRAGMA foreign_keys = OFF")
        connection.execute("DELETE FROM stage WHERE id = 1")
        connection.execute("PRAGMA foreign_keys = ON")
    with pytest.raises(Damaged):
        backups.make(Reason.EXIT)
    assert backups.list() == []
