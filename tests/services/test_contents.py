"""Bytes of files: once for equal ones, whole or not at all, gone when nothing can want them again."""

import hashlib
import os
import tracemalloc
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import text

from app.core.clock import FixedClock
from app.core.errors import Cancelled, Damaged, InvalidInput, NotFound, StorageError
from app.core.i18n import Text
from app.models.store import Store
from app.services import contents
from app.services.check import check, repair
from app.services.files import Files, Upload
from app.services.owners import Owner
from app.services.trash import Trash
from tests.services.seen import value
from tests.stores import add_lead


@pytest.fixture
def lead(store: Store) -> Owner:
    return Owner("lead", add_lead(store, "Relaunch"))


_PERSON = """
INSERT INTO person (uid, name, sort_key, search_key, created_at, photo_id) VALUES ('p', 'E', 'e', 'e', 0, 1)
"""
_MAIL = "INSERT INTO mail (uid, identity, subject, people, text, content_id) VALUES ('m', '1', '', '[]', '', 2)"


def kept(store: Store) -> tuple[int, int]:
    """How many contents and pieces there are."""
    return value(store, "SELECT count(*) FROM content"), value(store, "SELECT count(*) FROM chunk")


@pytest.mark.parametrize("size", [0, 1, contents.PIECE - 1, contents.PIECE, contents.PIECE + 1, 3 * contents.PIECE])
def test_what_is_put_in_comes_out(store: Store, lead: Owner, tmp_path: Path, size: int) -> None:
    data = os.urandom(size)
    source = tmp_path / "brief.bin"
    source.write_bytes(data)
    (file,) = Files(store).attach(lead, [Upload.of(source)])
    assert Files(store).bytes_of(file) == data
    target = tmp_path / "out.bin"
    Files(store).save_as(file, target)
    assert target.read_bytes() == data
    assert sorted(path.name for path in tmp_path.iterdir() if path.is_file()) == ["brief.bin", "out.bin"]
    assert kept(store) == (1, -(-size // contents.PIECE))
    assert value(store, "SELECT hash FROM content") == hashlib.sha256(data).hexdigest()


def test_equal_bytes_are_kept_once(store: Store, lead: Owner) -> None:
    files = Files(store)
    files.attach(lead, [Upload("a.txt", b"gleich"), Upload("b.txt", b"gleich")])
    files.attach(Owner("lead", add_lead(store, "Andere")), [Upload("c.txt", b"gleich"), Upload("d.txt", b"anders")])
    assert kept(store) == (2, 2)


def test_100_mb_is_the_limit(store: Store, lead: Owner, tmp_path: Path) -> None:
    large = tmp_path / "film.mp4"
    with large.open("wb") as file:
        file.truncate(contents.MOST + 1)
    with pytest.raises(InvalidInput, match="larger than 100 MB"):
        Files(store).attach(lead, [Upload("klein.txt", b"x"), Upload.of(large)])
    assert kept(store) == (0, 0)
    with pytest.raises(InvalidInput, match="larger than 100 MB"):
        contents.size_of(bytes(contents.MOST + 1))


def test_a_large_file_is_never_whole_in_memory(store: Store, lead: Owner, tmp_path: Path) -> None:
    large = tmp_path / "film.mp4"
    with large.open("wb") as file:
        file.truncate(contents.MOST)
    Files(store).attach(lead, [Upload("klein.txt", b"x")])  # what is loaded with the first write
    tracemalloc.start()
    (number,) = Files(store).attach(lead, [Upload.of(large)])
    Files(store).save_as(number, tmp_path / "out.mp4")
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert peak < 20 * contents.PIECE
    assert (tmp_path / "out.mp4").stat().st_size == contents.MOST
    assert kept(store) == (2, 101)


@pytest.mark.parametrize("stop_at", [0.1, 0.9])
def test_stopped_nothing_of_it_is_kept(store: Store, lead: Owner, stop_at: float) -> None:
    told: list[float] = []

    def tell(done: int, total: int) -> None:
        told.append(done / total)
        if told[-1] > stop_at:
            raise Cancelled(Text("Cancelled. Nothing was changed."))

    files = [Upload(f"{number}.bin", os.urandom(2 * contents.PIECE)) for number in range(3)]
    with pytest.raises(Cancelled):
        Files(store).attach(lead, files, tell)
    assert told == sorted(told)
    assert kept(store) == (0, 0)
    assert value(store, "SELECT count(*) FROM attachment") == 0


def test_progress_ends_at_the_whole(store: Store, lead: Owner) -> None:
    told: list[tuple[int, int]] = []
    data = os.urandom(contents.PIECE + 5)
    Files(store).attach(lead, [Upload("a", data)], lambda done, total: told.append((done, total)))
    assert told[-1] == (2 * len(data), 2 * len(data))


def test_what_is_no_file_is_refused(store: Store, lead: Owner, tmp_path: Path) -> None:
    with pytest.raises(InvalidInput, match="is not a file"):
        Files(store).attach(lead, [Upload.of(tmp_path)])
    os.mkfifo(tmp_path / "pipe")
    with pytest.raises(InvalidInput, match="is not a file"):
        Files(store).attach(lead, [Upload.of(tmp_path / "pipe")])
    with pytest.raises(StorageError):
        Files(store).attach(lead, [Upload.of(tmp_path / "nirgends.txt")])
    assert kept(store) == (0, 0)


def test_a_file_that_changes_while_it_is_read_is_refused(store: Store, lead: Owner, tmp_path: Path) -> None:
    source = tmp_path / "log.txt"
    source.write_bytes(b"a" * 10)
    found = contents.draft(source)
    source.write_bytes(b"b" * 10)
    with pytest.raises(InvalidInput, match="changed while"), store.write(Text("x")) as session:
        contents.put(session.connection(), found, store.clock.now())
    assert kept(store) == (0, 0)


def test_bytes_go_with_the_last_that_could_want_them(store: Store, lead: Owner, clock: FixedClock) -> None:
    files = Files(store)
    (file,) = files.attach(lead, [Upload("a.txt", b"gleich")])
    assert contents.remove_unused(store) == 0
    files.delete([file])
    assert contents.remove_unused(store) == 0, "it lies in the trash"
    store.undo()
    store.undo()
    assert value(store, "SELECT count(*) FROM attachment") == 0
    assert contents.remove_unused(store) == 0, "redo would bring it again"
    store.redo()
    assert files.bytes_of(file) == b"gleich"
    store.undo()
    clock.instant += timedelta(days=1)
    store.close_undo_horizon()
    assert check(store).problems[0].kind == "content"
    assert repair(store).ok
    assert kept(store) == (0, 0)


def test_photos_and_mails_hold_their_bytes(store: Store) -> None:
    with store.maintenance() as connection:
        for number in range(3):
            contents.put(connection, contents.draft(bytes([number])), store.clock.now())
        connection.execute(text(_PERSON))
        connection.execute(text(_MAIL))
    assert contents.remove_unused(store) == 1
    assert value(store, "SELECT sum(id) FROM content") == 1 + 2


def test_emptied_trash_takes_the_bytes_along(store: Store, lead: Owner, clock: FixedClock) -> None:
    from app.services.leads import Leads

    Files(store).attach(lead, [Upload("a.txt", b"x")])
    Leads(store).delete([lead.id])
    clock.instant += timedelta(days=31)
    Trash(store).purge()
    assert kept(store) == (0, 0)
    assert check(store).ok


@pytest.mark.parametrize(
    "damage",
    [
        "UPDATE chunk SET data = zeroblob(length(data)) WHERE position = 1",
        "DELETE FROM chunk WHERE position = 1",
        "DELETE FROM chunk WHERE position = 2",
        "UPDATE content SET size = size - 1",
        "UPDATE content SET hash = hex(randomblob(32))",
    ],
)
def test_damage_is_noticed(store: Store, lead: Owner, tmp_path: Path, damage: str) -> None:
    (file,) = Files(store).attach(lead, [Upload("Vertrag.pdf", os.urandom(2 * contents.PIECE + 7))])
    with store.maintenance() as connection:
        connection.execute(text(damage))
    (problem,) = check(store).problems
    assert (problem.kind, problem.repairable) == ("content", False)
    assert "Vertrag.pdf" in str(problem.what)
    target = tmp_path / "Vertrag.pdf"
    target.write_bytes(b"vorher")
    with pytest.raises(Damaged):
        Files(store).save_as(file, target)
    assert target.read_bytes() == b"vorher"
    assert [path.name for path in tmp_path.iterdir() if path.is_file()] == ["Vertrag.pdf"]


def test_nothing_is_read_of_what_is_gone(store: Store) -> None:
    with pytest.raises(NotFound):
        contents.bytes_of(store, 7)
