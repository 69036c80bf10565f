"""Data on a disk that cannot be written, or has no room, can still be looked at and carried elsewhere."""

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import pytest

from app.models import snapshot
from app.models.opening import store_file
from tests.cli.conftest import Trichter

pytestmark = pytest.mark.skipif(
    not sys.platform.startswith("linux") or os.geteuid() != 0, reason="mounts a file system"
)


def _mount(*arguments: str | Path) -> bool:
    return subprocess.run(["mount", *arguments], capture_output=True, check=False).returncode == 0


@pytest.fixture
def data(tmp_path: Path) -> Iterator[Path]:
    """The data folder is a disk of 3 MB of its own."""
    place = tmp_path / "disk"
    place.mkdir()
    if not _mount("-t", "tmpfs", "-o", "size=3m", "tmpfs", place):
        pytest.skip("file systems cannot be mounted here")
    yield place
    subprocess.run(["umount", str(place)], check=True)


def _fill(disk: Path) -> None:
    ballast = os.open(disk / "ballast", os.O_WRONLY | os.O_CREAT)
    with suppress(OSError):
        while os.write(ballast, bytes(4096)):
            pass
    os.close(ballast)


def _make_unwritable(disk: Path, state: str) -> str:
    """Leaves the disk read-only or full; returns the word by which a sentence about that is known."""
    if state == "read-only":
        assert _mount("-o", "remount,ro", disk)
        return "may only be read"
    _fill(disk)
    return "The disk is full"


@pytest.mark.parametrize("state", ["read-only", "full"])
def test_what_cannot_be_written_is_read_and_rescued(
    filled: Trichter, data: Path, own: Path, tmp_path: Path, state: str
) -> None:
    filled("--today", "2026-11-24", "list")
    before = store_file(data).read_bytes()
    word = _make_unwritable(data, state)
    assert filled("list", "--json").json["count"] == 6
    assert filled("check").code == 0
    assert filled("export", tmp_path / "leads.csv").code == 0
    assert filled("backup", tmp_path / "copy.db").code == 0
    assert filled("import", "--dry-run", own, "--json").json["skipped"] == 2
    assert snapshot.verify(tmp_path / "copy.db").leads == 6
    own.write_text("Name\nNeu\n", "utf-8")
    refused = filled("import", own)
    assert refused.is_refusal
    assert word in refused.err
    assert store_file(data).read_bytes() == before


def test_changes_in_a_log_that_cannot_be_read_are_not_passed_over(filled: Trichter, data: Path) -> None:
    log = store_file(data).with_name("trichter.db-wal")
    log.write_bytes(b"what a killed process left there")
    assert _mount("-o", "remount,ro", data)
    said = filled("list")
    assert said.is_refusal
    assert "copy the whole folder" in said.err
