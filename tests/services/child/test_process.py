"""What a child says while it is at work, and how whoever waits for it stops it."""

import io
import os
import subprocess
import sys
from dataclasses import replace
from typing import Any

import pytest

from app.core.errors import Cancelled
from app.core.i18n import Text
from app.services.child.limits import Limits
from app.services.child.process import ChildFailed, Watch, Why, run
from app.services.child.wire import Message, packed, progress, take_progress
from tests.architecture.sources import ROOT

CHILD = ("tests.services.child.tasks", str(ROOT))


def ask(task: str, watch: Watch = lambda done, total: None, limits: Limits = Limits(), **arguments: Any) -> Message:  # noqa: B008
    return run(task, io.BytesIO(), arguments, limits=limits, watch=watch, child=CHILD)


def test_it_tells_how_far_it_is_and_then_its_answer() -> None:
    told: list[tuple[int, int]] = []
    answer = ask("count", lambda done, total: told.append((done, total)), to=5000, wait=False)
    assert answer == Message({"counted": 5000})
    assert told[-1] == (4999, 5000)
    assert told == sorted(told)


def test_who_is_told_how_far_it_is_can_stop_it(monkeypatch: pytest.MonkeyPatch) -> None:
    started: list[subprocess.Popen[bytes]] = []

    class Noted(subprocess.Popen[bytes]):
        def __init__(self, *args: Any, **kwargs: Any) -> None:
            super().__init__(*args, **kwargs)
            started.append(self)

    def stop(done: int, _total: int) -> None:
        if done == 2:
            raise Cancelled(Text("Cancelled. Nothing was changed."))

    monkeypatch.setattr(subprocess, "Popen", Noted)
    with pytest.raises(Cancelled):
        ask("count", stop, to=3, wait=True)
    assert [process.returncode is None for process in started] == [False]


def test_telling_without_end_is_no_answer() -> None:
    with pytest.raises(ChildFailed) as caught:
        ask("chatter", limits=replace(Limits(), seconds=1.5))
    assert caught.value.why is Why.SLOW


def test_a_mistake_of_a_task_says_where_it_is() -> None:
    with pytest.raises(ChildFailed) as caught:
        ask("count", wait=False)
    assert (caught.value.why, caught.value.reason) == (Why.RAISED, "KeyError")
    assert "in count" in str(caught.value)


@pytest.mark.skipif(os.name != "posix", reason="the system closes no pipe behind a process")
def test_a_child_that_lost_its_parent_ends_when_it_tells_how_far_it_is() -> None:
    request = b"".join(packed(Message({"task": "chatter", "arguments": {}, "seconds": 600, "memory": 300 << 20})))
    command = [sys.executable, "-m", CHILD[0]]
    with subprocess.Popen(
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, cwd=ROOT
    ) as child:
        assert child.stdin is not None
        assert child.stdout is not None
        child.stdin.write(len(request).to_bytes(4, "big") + request)
        child.stdin.close()
        assert child.stdout.read(10)
        child.stdout.close()
        assert child.wait(60) != 0


def test_what_is_told_is_taken_off_whole_and_the_answer_left() -> None:
    answer = b"".join(packed(Message({"done": {}}, (b"at",))))
    said = progress(1, 2) + progress(2, 2)
    for cut in range(len(said) + 1):
        data = bytearray(said[:cut])
        at, answering = take_progress(data, (0, 0))
        data += said[cut:] + answer
        assert not answering
        assert take_progress(data, at) == ((2, 2), True)
        assert data == answer


@pytest.mark.parametrize("values", [{"at": [1]}, {"at": [1, "2"]}, {"at": 1}, {"done": {}}, {"words": "x" * 200}])
def test_what_only_looks_like_it_is_the_answer(values: dict[str, Any]) -> None:
    whole = b"".join(packed(Message(values)))
    data = bytearray(whole)
    assert take_progress(data, (3, 4)) == ((3, 4), True)
    assert bytes(data) == whole
