"""S1 and S6: whatever moment the process dies in, saved is saved, and nothing is half-done."""

import random
import shutil
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from app.models import snapshot
from app.models.engine import connect
from app.models.opening import open_store, store_file
from app.services.check import check
from app.services.contents import bytes_of
from tests.models.children import fill, killed, seeds


def _query(file: Path, statement: str) -> list[tuple[Any, ...]]:
    with closing(connect(file)) as connection:
        return [tuple(row) for row in connection.execute(statement)]


def _survives_a_kill_while_writing(folder: Path, chance: random.Random) -> int:
    acknowledged = killed("write", folder, chance, 0.3)
    store = open_store(folder, origin="test")
    try:
        with store.read() as connection:
            rows = connection.exec_driver_sql(
                "SELECT title, company.name, (SELECT count(*) FROM lead_tag WHERE lead_id = lead.id), "
                "(SELECT count(*) FROM search_doc WHERE lead_id = lead.id), "
                "(SELECT count(*) FROM change WHERE lead_id = lead.id) "
                "FROM lead LEFT JOIN company ON company.id = company_id ORDER BY lead.id"
            ).all()
        assert check(store).ok
    finally:
        store.close()
    titles = [row[0] for row in rows]
    assert titles[: len(acknowledged)] == acknowledged  # nothing lost
    assert len(titles) - len(acknowledged) in (0, 1)  # at most the one not acknowledged yet
    for number, row in enumerate(rows, 1):  # nothing half
        assert tuple(row) == (f"Lead {number}", f"Firma {number}", 2, 1, 3)
    return len(acknowledged)


def _survives_kills_while_writing(template: Path, tmp_path: Path, count: int) -> None:
    done = 0
    for number, chance in enumerate(seeds(count)):
        folder = tmp_path / str(number)
        shutil.copytree(template, folder)
        done += _survives_a_kill_while_writing(folder, chance)
        shutil.rmtree(folder)
    assert done > count  # the processes did get to work


def test_saved_is_saved_when_the_process_is_killed(template: Path, tmp_path: Path) -> None:
    _survives_kills_while_writing(template, tmp_path, 3)


@pytest.mark.prove
def test_saved_is_saved_a_thousand_times(template: Path, tmp_path: Path) -> None:
    _survives_kills_while_writing(template, tmp_path, 1000)


def _survives_a_kill_while_files_come(folder: Path, chance: random.Random) -> int:
    acknowledged = killed("attach", folder, chance, 0.5)
    store = open_store(folder, origin="test")
    try:
        assert check(store).problems == ()  # no piece too few, none too many, and every file whole
        with store.read() as connection:
            files = connection.exec_driver_sql("SELECT name, content_id FROM attachment ORDER BY id").all()
        assert [name for name, _ in files][: len(acknowledged)] == acknowledged
        assert len(files) - len(acknowledged) in (0, 1)
        for number, (_, content) in enumerate(files, 1):
            assert bytes_of(store, content) == random.Random(number).randbytes(2_500_000)
    finally:
        store.close()
    return len(acknowledged)


@pytest.mark.parametrize("seed", range(2))
def test_no_file_is_half_there_when_the_process_is_killed(template: Path, tmp_path: Path, seed: int) -> None:
    shutil.copytree(template, tmp_path / "data")
    assert _survives_a_kill_while_files_come(tmp_path / "data", random.Random(seed))


@pytest.mark.prove
@pytest.mark.parametrize("seed", range(300))
def test_no_file_is_half_there_hundreds_of_times(template: Path, tmp_path: Path, seed: int) -> None:
    shutil.copytree(template, tmp_path / "data")
    _survives_a_kill_while_files_come(tmp_path / "data", random.Random(seed))


_CONTENT = (
    "SELECT id, uid, title, info, total_base FROM lead ORDER BY id",
    "SELECT * FROM stage_entry ORDER BY id",
    "SELECT id, uid, label_msgid FROM change_set ORDER BY id",
)


def _survives_a_kill_while_migrating(folder: Path, chance: random.Random) -> bool:
    """Whether the migration was complete when the process died."""
    before = [_query(store_file(folder), statement) for statement in _CONTENT]
    killed("migrate", folder, chance, 0.25)
    assert [_query(store_file(folder), statement) for statement in _CONTENT] == before
    snapshot.verify(store_file(folder))
    revision = _query(store_file(folder), "SELECT version_num FROM alembic_version")
    tables = {name for (name,) in _query(store_file(folder), "SELECT name FROM sqlite_master")}
    columns = {row[1] for row in _query(store_file(folder), "PRAGMA table_info(lead)")}
    whole = revision == [("0005",)]
    assert whole or revision == [("0004",)]
    assert ("colour" in columns) == whole == ("ix_lead_colour" in tables)
    assert not tables & {"fresh", "note_new"}
    return whole


def _survives_kills_while_migrating(folder: Path, tmp_path: Path, count: int) -> None:
    fill(folder, 150)
    whole = 0
    for number, chance in enumerate(seeds(count)):
        copy = tmp_path / str(number)
        shutil.copytree(folder, copy)
        whole += _survives_a_kill_while_migrating(copy, chance)
        shutil.rmtree(copy)
    assert whole < count, "no kill hit the update"


def test_an_update_is_whole_or_not_there(folder: Path, tmp_path: Path) -> None:
    _survives_kills_while_migrating(folder, tmp_path, 6)


@pytest.mark.prove
def test_an_update_is_whole_or_not_there_a_hundred_times(folder: Path, tmp_path: Path) -> None:
    _survives_kills_while_migrating(folder, tmp_path, 100)


def test_a_store_on_a_network_drive_survives_too(template: Path, tmp_path: Path) -> None:
    """There the journal is a file of its own; what a crash leaves in it is taken back at the next start."""
    folder = tmp_path / "net"
    shutil.copytree(template, folder)
    file = store_file(folder)
    snapshot.in_journal_mode(file, local=False)
    with closing(connect(file, local=False)) as connection:
        connection.execute("PRAGMA cache_size = 5")
        connection.execute("BEGIN IMMEDIATE")
        connection.executemany(
            "INSERT INTO tag (uid, name, sort_key) VALUES (?, ?, '')", [(n, "x" * 500) for n in range(900)]
        )
        for suffix in ("", "-journal"):  # what a killed process would leave behind
            shutil.copyfile(file.with_name(file.name + suffix), tmp_path / f"left{suffix}")
    shutil.copyfile(tmp_path / "left", file)
    shutil.copyfile(tmp_path / "left-journal", file.with_name(file.name + "-journal"))
    store = open_store(folder, origin="test", local=False)
    try:
        with store.read() as reader:
            assert reader.exec_driver_sql("SELECT count(*) FROM tag").scalar() == 0
        assert check(store).ok
    finally:
        store.close()
