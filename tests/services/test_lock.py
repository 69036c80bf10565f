"""One window per store: the lock dies with its process, and whoever meets it learns who holds it."""

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from app.core.clock import FixedClock
from app.core.errors import Locked
from app.core.paths import is_network_drive
from app.services import lock
from app.services.lock import StoreLock, gate, holder

_HOLD = """
import sys, time
from pathlib import Path
from zoneinfo import ZoneInfo
from app.core.clock import SystemClock
from app.services.lock import StoreLock
lock = StoreLock(Path(sys.argv[1]), SystemClock(ZoneInfo("UTC")))
lock.acquire()
print("held", flush=True)
time.sleep(60)
"""


def _other_window(folder: Path) -> "subprocess.Popen[str]":
    window = subprocess.Popen([sys.executable, "-c", _HOLD, str(folder)], stdout=subprocess.PIPE, text=True)
    assert window.stdout is not None
    assert window.stdout.readline() == "held\n"
    return window


def _kill(window: "subprocess.Popen[str]") -> None:
    window.send_signal(signal.SIGKILL if os.name != "nt" else signal.SIGTERM)
    window.communicate()


def test_a_second_window_learns_who_has_the_store(tmp_path: Path, clock: FixedClock) -> None:
    window = _other_window(tmp_path)
    try:
        with pytest.raises(Locked) as caught:
            StoreLock(tmp_path, clock).acquire()
        who = holder(tmp_path)
    finally:
        _kill(window)
    assert who is not None
    assert who.pid == window.pid
    assert who.host
    assert who.since is not None
    assert str(window.pid) in str(caught.value)


def test_the_lock_dies_with_its_process(tmp_path: Path, clock: FixedClock) -> None:
    _kill(_other_window(tmp_path))
    assert holder(tmp_path) is None
    with StoreLock(tmp_path, clock):
        assert holder(tmp_path) is not None


def test_a_released_folder_is_free(tmp_path: Path, clock: FixedClock) -> None:
    first, second = StoreLock(tmp_path, clock), StoreLock(tmp_path, clock)
    first.acquire()
    first.release()
    first.release()
    second.acquire()
    second.release()
    assert holder(tmp_path) is None


@pytest.mark.parametrize("note", ["", "{", "[]", '{"pid": "x"}', '{"pid": 1}', "\x00\xff"])
def test_a_note_that_makes_no_sense_leaves_the_lock_working(tmp_path: Path, clock: FixedClock, note: str) -> None:
    with StoreLock(tmp_path, clock):
        (tmp_path / "trichter.holder").write_text(note, "utf-8")
        assert holder(tmp_path) == lock.Holder()
        with pytest.raises(Locked):
            StoreLock(tmp_path, clock).acquire()


def test_a_stale_note_is_not_believed(tmp_path: Path) -> None:
    (tmp_path / "trichter.holder").write_text('{"pid": 1, "host": "x", "since": "2026-01-01T00:00:00+00:00"}', "utf-8")
    (tmp_path / "trichter.lock").touch()
    assert holder(tmp_path) is None


def test_the_gate_lets_one_through_at_a_time(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(lock, "_GATE_SECONDS", 0.1)
    with gate(tmp_path), pytest.raises(Locked), gate(tmp_path):
        pass
    with gate(tmp_path):
        pass


def test_a_network_drive_is_warned_of(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert lock.drive_warning(tmp_path) is None
    assert not is_network_drive(tmp_path)
    monkeypatch.setattr(lock, "is_network_drive", lambda path: True)
    assert "network" in str(lock.drive_warning(tmp_path))
