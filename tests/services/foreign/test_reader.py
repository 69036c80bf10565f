"""The child process that reads foreign files: whatever becomes of it is an answer or one of our errors."""

import os
import subprocess
import sys
import threading
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from app.core.entry import CHILD as BE_CHILD
from app.core.errors import Cancelled, InvalidInput, NotFound, StorageError
from app.services.child.limits import Limits
from app.services.child.wire import Message, packed, unpacked
from app.services.foreign.reader import read
from tests.architecture.sources import ROOT

CHILD = ("tests.services.child.tasks", str(ROOT))
SHORT = Limits(seconds=1.5)

posix = pytest.mark.skipif(os.name != "posix", reason="the system binds no process")


def ask(task: str, source: Path | bytes = b"", **more: Any) -> Message:
    return read(task, source, child=CHILD, **more)


@pytest.fixture(autouse=True)
def nothing_left(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Every child has ended, and no thread waits for it."""
    started: list[subprocess.Popen[bytes]] = []

    class Noted(subprocess.Popen[bytes]):
        def __init__(self, *args: Any, **kwargs: Any) -> None:
            super().__init__(*args, **kwargs)
            started.append(self)

    monkeypatch.setattr(subprocess, "Popen", Noted)
    threads = threading.active_count()
    yield
    assert [process for process in started if process.returncode is None] == []
    assert threading.active_count() == threads


def test_bytes_and_arguments_go_there_and_back_whatever_else_is_printed() -> None:
    data = bytes(range(256)) * 2000
    answer = ask("echo", data, arguments={"page": 3, "name": "Übung \ud800"})
    assert answer.values == {"arguments": {"page": 3, "name": "Übung \ud800"}}
    assert answer.parts == (data, b"", data[::-1])


def test_a_file_is_read_from_its_place(tmp_path: Path) -> None:
    file = tmp_path / "größe.bin"
    file.write_bytes(b"abc" * 100_000)
    assert ask("echo", file).parts[0] == b"abc" * 100_000


def test_the_child_knows_neither_window_nor_database() -> None:
    modules = set(ask("loaded").values["modules"])
    assert "app.services.child.serving" in modules
    heavy = {"PySide6", "sqlalchemy", "sqlcipher3", "app.models", "app.ui", "numpy", "babel", "email.parser", "nh3"}
    assert modules & heavy == set()


def test_a_refusal_keeps_its_words() -> None:
    with pytest.raises(InvalidInput) as caught:
        ask("refuse", b"123")
    assert str(caught.value) == "3 leaves About trees"


def test_what_a_reader_raises_is_the_reason() -> None:
    with pytest.raises(InvalidInput) as caught:
        ask("stumble", b"what is in the file is nobody's affair")
    assert str(caught.value).startswith("The file could not be read: it is damaged")
    assert str(caught.value.hint) == "Nothing was changed. (Reason: IndexError)"


@pytest.mark.parametrize("task", ["sleep", "spin"])
def test_what_never_ends_is_ended(task: str) -> None:
    with pytest.raises(InvalidInput, match="within"):
        ask(task, limits=SHORT)


@posix
def test_what_eats_memory_is_stopped() -> None:
    with pytest.raises(InvalidInput, match="too much memory"):
        ask("eat")


def test_what_calls_itself_without_end_is_stopped() -> None:
    with pytest.raises(InvalidInput, match="nested too deeply"):
        ask("dig")


def test_an_answer_without_measure_is_not_taken() -> None:
    with pytest.raises(InvalidInput, match="too much memory"):
        ask("flood", limits=replace(Limits(), answer=20 << 20))


@pytest.mark.parametrize("task", [pytest.param("die", marks=posix), "leave"])
def test_a_child_that_ends_without_a_word_is_told(task: str) -> None:
    with pytest.raises(InvalidInput, match="broke down") as caught:
        ask(task, b"x" * 1_000_000)
    assert "Nothing was changed" in str(caught.value.hint)


def test_the_user_can_cancel(tmp_path: Path) -> None:
    begun = tmp_path / "begun"
    with pytest.raises(Cancelled):
        ask("sleep", os.fsencode(begun), cancelled=begun.exists)
    assert begun.exists()


@posix
def test_the_child_cannot_leave_the_content_anywhere(tmp_path: Path) -> None:
    kept = tmp_path / "kept"
    with pytest.raises(InvalidInput, match="damaged"):
        ask("keep", os.fsencode(kept))
    assert kept.read_bytes() == b""


@posix
def test_a_child_that_lost_its_parent_ends_by_itself() -> None:
    request = b"".join(packed(Message({"task": "sleep", "arguments": {}, "seconds": 0, "memory": 300 << 20})))
    command = [sys.executable, "-m", CHILD[0]]
    done = subprocess.run(
        command, input=len(request).to_bytes(4, "big") + request, cwd=ROOT, timeout=60, check=False, capture_output=True
    )
    assert done.returncode < 0


def test_what_is_too_large_is_not_begun(tmp_path: Path) -> None:
    file = tmp_path / "large"
    file.write_bytes(bytes(3 << 20))
    small = replace(Limits(), file=2 << 20)
    for source in (file, bytes(3 << 20)):
        with pytest.raises(InvalidInput, match="too large"):
            ask("echo", source, limits=small)


def test_what_is_no_file_is_refused(tmp_path: Path) -> None:
    with pytest.raises(InvalidInput, match="is not a file"):
        ask("echo", tmp_path)
    with pytest.raises((NotFound, StorageError)):
        ask("echo", tmp_path / "missing")


@posix
def test_a_pipe_in_place_of_a_file_is_not_waited_for(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    with pytest.raises(InvalidInput, match="is not a file"):
        ask("echo", tmp_path / "pipe")


def test_a_hostile_folder_gets_nothing_into_the_child(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "json.py").write_text("raise SystemExit(9)")
    monkeypatch.chdir(tmp_path)
    assert ask("echo", b"x").parts[0] == b"x"


def test_the_packed_program_is_its_own_child() -> None:
    """It is started as `trichter --child`; here its entry is."""
    request = b"".join(packed(Message({"task": "pdf", "arguments": {}, "seconds": 10, "memory": 300 << 20})))
    told = len(request).to_bytes(4, "big") + request + b"no pdf"
    command = [sys.executable, "-m", "app", BE_CHILD]
    done = subprocess.run(command, input=told, cwd=ROOT, timeout=60, check=True, capture_output=True)
    answer = unpacked(done.stdout)
    assert answer is not None
    assert answer.values["refused"][0][0].startswith("The file is no PDF")


@posix
def test_the_packed_program_starts_itself(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    program = tmp_path / "trichter"
    program.write_text(f'#!/bin/sh\ncd "{ROOT}" && exec "{sys.executable}" -m app "$@"\n')
    program.chmod(0o755)
    monkeypatch.setattr(sys, "executable", str(program))
    monkeypatch.setattr(sys, "frozen", True, raising=False)
    assert read("mail", b"From: a@b.example\n\nHallo").values["text"] == "Hallo"
    with pytest.raises(InvalidInput, match="no PDF"):
        read("pdf", b"no pdf")


def test_where_nothing_can_be_started_it_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "executable", str(tmp_path / "missing"))
    with pytest.raises(StorageError, match="starts no further program"):
        read("pdf", b"x")


@pytest.mark.parametrize(
    "data",
    [
        b"", b"\0\0", b"\xff\xff\xff\xff", b"\0\0\0\x02{}", b"\0\0\0\x02[]", b"\0\0\0\x01{",
        b"\0\0\0\x1c" + b'{"values": {}, "parts": [5]}', b"\0\0\0\x1e" + b'{"values": {}, "parts": [-1]}x',
        b"\0\0\0\x1b" + b'{"values": 5, "parts": [1]}x',
    ],
)  # fmt: skip
def test_what_is_no_message_is_none(data: bytes) -> None:
    assert unpacked(data) is None
