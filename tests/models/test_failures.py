"""A disk that is full, read-only or broken: one sentence, nothing half, and work goes on when it is over."""

import errno
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import sqlcipher3.dbapi2 as sqlite
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError, OperationalError

from app.core.clock import FixedClock
from app.core.errors import Damaged, DiskFull, Locked, NotFound, ReadOnly, StorageError
from app.models.failures import storage_error, translated
from app.models.opening import create_store, open_store, store_file
from app.models.snapshot import write_copy
from app.models.store import Store
from app.services.check import check
from tests.stores import add_lead, reopened


def _count(store: Store) -> int:
    with store.read() as connection:
        number: int = connection.execute(text("SELECT count(*) FROM lead")).scalar_one()
    return number


def _fill_until_refused(store: Store) -> tuple[int, StorageError]:
    """How many leads were saved, and how the one after them was refused."""
    saved = 0
    while saved < 2000:
        try:
            add_lead(store, f"Lead {saved}", info="x" * 20_000)
        except StorageError as error:
            return saved, error
        saved += 1
    raise AssertionError("there was room for everything")


def test_when_there_is_no_room_nothing_is_half_done(store: Store) -> None:
    with store.bare() as connection:
        pages = connection.execute("PRAGMA page_count").fetchone()[0]
        connection.execute(f"PRAGMA max_page_count = {pages + 60}")
    saved, error = _fill_until_refused(store)
    assert isinstance(error, DiskFull)
    assert "full" in str(error)
    assert saved > 0
    assert _count(store) == saved
    assert check(store).ok
    with store.bare() as connection:
        connection.execute("PRAGMA max_page_count = 1000000")
    add_lead(store, "There is room again")
    assert _count(store) == saved + 1


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A file system of 3 MB, where one may be mounted."""
    place = tmp_path / "disk"
    place.mkdir()
    made = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", "size=3m", "tmpfs", str(place)], capture_output=True, check=False
    )
    if made.returncode:
        pytest.skip("file systems cannot be mounted here; the limit of file sizes is tested instead")
    yield place
    subprocess.run(["umount", str(place)], check=True)


@pytest.mark.skipif(not sys.platform.startswith("linux") or os.geteuid() != 0, reason="mounts a file system")
def test_a_full_disk(small_disk: Path, clock: FixedClock, tmp_path: Path) -> None:
    folder = small_disk / "data"
    store = create_store(folder, origin="test", clock=clock)
    try:
        with store.maintenance() as connection:
            stage = "INSERT INTO stage (uid, name, probability, position, idle_days, required)"
            connection.execute(text(f"{stage} VALUES ('1', 'Erstkontakt', 2, 0, 0, '')"))
        saved, error = _fill_until_refused(store)
        assert isinstance(error, DiskFull)
        assert _count(store) == saved > 0
        with pytest.raises(DiskFull), store.bare() as connection:
            write_copy(connection, folder / "backups" / "b.db")
        assert list((folder / "backups").iterdir()) == []
        with store.bare() as connection:  # elsewhere there is room
            assert write_copy(connection, tmp_path / "b.db").leads == saved
    finally:
        store.close()
    with pytest.raises(DiskFull):
        create_store(small_disk / "second", origin="test")


_LIMITED = """
import resource, sys
from pathlib import Path
from tests.models.test_failures import _count, _fill_until_refused
from tests.stores import reopened
store = reopened(Path(sys.argv[1]))
resource.setrlimit(resource.RLIMIT_FSIZE, (2_000_000, resource.RLIM_INFINITY))
saved, error = _fill_until_refused(store)
assert saved == _count(store) > 0
print(saved, error)
"""


@pytest.mark.skipif(sys.platform == "win32", reason="no limit of file sizes there")
def test_a_disk_that_takes_no_more(folder: Path) -> None:
    done = subprocess.run([sys.executable, "-c", _LIMITED, str(folder)], capture_output=True, text=True, check=True)
    saved = int(done.stdout.split()[0])
    store = reopened(folder)
    try:
        assert _count(store) == saved
        assert check(store).ok
        add_lead(store)
    finally:
        store.close()


@pytest.fixture
def read_only(folder: Path) -> Iterator[Path]:
    """The data folder on something that cannot be written."""
    if os.name == "nt":
        pytest.skip("folders are not made read-only by their mode there")
    if os.geteuid() == 0:
        bound = subprocess.run(["mount", "--bind", str(folder), str(folder)], capture_output=True, check=False)
        if bound.returncode:
            pytest.skip("the superuser may write everywhere, and nothing can be mounted here")
        subprocess.run(["mount", "-o", "remount,ro,bind", str(folder)], check=True)
        yield folder
        subprocess.run(["umount", str(folder)], check=True)
    else:
        store_file(folder).chmod(0o444)
        folder.chmod(0o555)
        yield folder
        folder.chmod(0o755)


def test_a_folder_that_cannot_be_written(read_only: Path) -> None:
    before = store_file(read_only).read_bytes()
    with pytest.raises(StorageError) as caught:
        _use(read_only)
    assert str(caught.value)
    assert store_file(read_only).read_bytes() == before
    assert [path.name for path in read_only.iterdir()] == ["trichter.db"]


def _use(folder: Path) -> None:
    store = reopened(folder)
    try:
        add_lead(store)
    finally:
        store.close()


def test_another_program_in_the_middle_of_writing(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("app.models.engine.BUSY_MS", 50)
    first, second = reopened(folder), reopened(folder)
    try:
        with first.maintenance(), pytest.raises(Locked):
            add_lead(second)
        add_lead(second)
        assert _count(first) == 1
    finally:
        first.close()
        second.close()


def test_damage_found_while_reading_is_told_as_damage(folder: Path) -> None:
    filled = reopened(folder)
    for number in range(40):
        add_lead(filled, f"Lead {number}", info="x" * 3000)
    filled.close()
    content = bytearray(store_file(folder).read_bytes())
    content[4096 * 10 :] = b"\x55" * (len(content) - 4096 * 10)
    store_file(folder).write_bytes(content)
    with pytest.raises(Damaged):
        _read_all(folder)
    assert store_file(folder).read_bytes() == bytes(content)


def _read_all(folder: Path) -> None:
    store = open_store(folder, origin="test")
    try:
        with store.read() as connection:
            connection.execute(text("SELECT * FROM lead")).all()
            connection.execute(text("SELECT * FROM change")).all()
    finally:
        store.close()


# --- codes --------------------------------------------------------------------------------------------------------


def _driver(code: int) -> sqlite.Error:
    error: sqlite.Error = sqlite.OperationalError("words that say nothing")
    error.sqlite_errorcode = code
    return error


@pytest.mark.parametrize(
    ("code", "kind"),
    [(5, Locked), (261, Locked), (6, Locked), (8, ReadOnly), (1032, ReadOnly), (10, StorageError), (778, StorageError),
     (11, Damaged), (267, Damaged), (13, DiskFull), (14, StorageError), (26, Damaged)],
)  # fmt: skip
def test_codes_of_the_database(code: int, kind: type[StorageError]) -> None:
    assert type(storage_error(_driver(code))) is kind
    assert type(storage_error(OperationalError("SELECT", {}, _driver(code)))) is kind


@pytest.mark.parametrize(
    ("number", "kind"),
    [(errno.ENOSPC, DiskFull), (errno.EDQUOT, DiskFull), (errno.EACCES, ReadOnly), (errno.EROFS, ReadOnly),
     (errno.ENOENT, StorageError), (errno.ENOTDIR, StorageError), (errno.EEXIST, StorageError)],
)  # fmt: skip
def test_codes_of_the_system(number: int, kind: type[StorageError]) -> None:
    found = storage_error(OSError(number, "words", "/home/anna/secret.db"))
    assert type(found) is kind
    assert "anna" not in str(found)


def test_a_reference_to_nothing_shows_at_the_commit() -> None:
    refused = _driver(19)
    assert isinstance(storage_error(IntegrityError(None, None, refused)), NotFound)
    assert storage_error(IntegrityError("INSERT", {}, refused)) is None


@pytest.mark.parametrize("error", [ValueError("x"), _driver(1), OSError(errno.EPIPE, "pipe"), KeyError("x")])
def test_mistakes_of_ours_stay_what_they_are(error: Any) -> None:
    assert storage_error(error) is None
    with pytest.raises(type(error)) as caught, translated():
        raise error
    assert caught.value is error


@pytest.mark.parametrize("number", [errno.ENAMETOOLONG, errno.ELOOP, errno.EIO, errno.EINVAL])
def test_a_strange_file_name_or_device_is_no_mistake_of_ours(number: int) -> None:
    assert isinstance(storage_error(OSError(number, "what the system says", "x" * 300)), StorageError)
