"""The program's side: starts the child process, tells it what to do, and turns whatever becomes of it into an answer
or an exception.
"""

import os
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from enum import Enum, auto
from pathlib import Path
from typing import IO, Any

from app.core.entry import CHILD
from app.core.errors import InvalidInput, StorageError, TrichterError
from app.core.i18n import Text, load_text
from app.services.child.limits import Limits
from app.services.child.wire import Message, packed, take_progress, unpacked

#: Called while the child is at work, with how much of how much is done (0 of 0: nobody knows); raises to stop it.
Watch = Callable[[int, int], None]

#: How long nobody asks whether the user has cancelled, in seconds.
_BEAT = 0.05
_CHUNK = 1 << 16
_TASKS = "app.services.child_tasks"

UNCHANGED = Text("Nothing was changed.")


class Why(Enum):
    """What became of a child that gave no answer."""

    SLOW = auto()
    LARGE = auto()  # what it was to work on
    MEMORY = auto()
    DEPTH = auto()
    GONE = auto()
    RAISED = auto()


class ChildFailed(Exception):
    """The child gave no answer: `why`, with its exit `code`, or the `reason`, the name of what its task raised."""

    def __init__(self, why: Why, *, code: int = 0, reason: str = "", where: str = "") -> None:
        super().__init__(f"{why.name}: {reason or code}\n{where}".rstrip())
        self.why = why
        self.code = code
        self.reason = reason


def run(
    task: str,
    source: IO[bytes],
    arguments: Mapping[str, Any],
    *,
    limits: Limits,
    watch: Watch,
    child: Sequence[str] = (),
) -> Message:
    """What `task` makes of `source`, in a process of its own, which has ended when this returns or raises.

    Raises InvalidInput with the child's words when it refuses; ChildFailed when it takes too long or too much, or
    breaks down; whatever `watch` raises; StorageError when it cannot be started or `source` cannot be read. `child` is
    another module with tasks (and its folder) than the program's own.
    """
    asked = Message({
        "task": task,
        "arguments": dict(arguments),
        "seconds": limits.seconds,
        "memory": limits.memory,
    })  # fmt: skip
    with _started(child) as process:
        talk = _Talk(process, asked, source, limits)
        try:
            talk.wait(watch)
        finally:
            talk.end()
    return _told(talk)


def unreadable(error: OSError) -> TrichterError:
    """What is said of a file that cannot be read."""
    from app.models.failures import storage_error

    return storage_error(error) or StorageError(Text("The file could not be read."), UNCHANGED)


def _started(child: Sequence[str]) -> subprocess.Popen[bytes]:
    """The child, at work and in no window. Nothing of the folder the program was started in gets into it."""
    module, root = child or (_TASKS, str(Path(__file__).resolve().parents[3]))
    packed_program = getattr(sys, "frozen", False) and not child
    command = [sys.executable, CHILD] if packed_program else [sys.executable, "-P", "-m", module]
    paths = [root, *filter(None, [os.environ.get("PYTHONPATH")])]
    environment = os.environ | ({} if packed_program else {"PYTHONPATH": os.pathsep.join(paths)})
    try:
        return subprocess.Popen(
            command,
            bufsize=0,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            env=environment,
            start_new_session=True,  # Ctrl+C in a terminal is the program's affair
            creationflags=getattr(subprocess, "CREATE_NO_WINDOW", 0),
        )
    except OSError as error:
        raise StorageError(
            Text("The system starts no further program."), Text("Nothing was changed. Please try again.")
        ) from error


class _Talk:
    """One child: what it is told and what it answers, each by a thread, as a pipe waits when it is full or empty."""

    def __init__(self, process: subprocess.Popen[bytes], asked: Message, source: IO[bytes], limits: Limits) -> None:
        self._process = process
        self._limits = limits
        self._source = source
        self._until = time.monotonic() + limits.seconds
        self._answered = threading.Event()
        self._at = (0, 0)
        self._answering = False
        self.answer = bytearray()
        self.flaw: Exception | None = None
        request = b"".join(packed(asked))
        self._request = len(request).to_bytes(4, "big") + request
        self._threads = [threading.Thread(target=work, daemon=True) for work in (self._tell, self._hear)]
        for thread in self._threads:
            thread.start()

    def wait(self, watch: Watch) -> None:
        """Return when the child has ended by itself; raises ChildFailed when it took too long, or what `watch` does."""
        while not self._answered.wait(_BEAT):
            watch(*self._at)
            if time.monotonic() > self._until:
                raise ChildFailed(Why.SLOW)
        if self.flaw is None:
            try:
                self._process.wait(max(self._until - time.monotonic(), _BEAT))
            except subprocess.TimeoutExpired:
                raise ChildFailed(Why.SLOW) from None
            watch(*self._at)

    def end(self) -> None:
        """See to it that nothing of the child is left."""
        self._process.kill()
        self._process.wait()
        for thread in self._threads:
            thread.join()

    @property
    def code(self) -> int:
        """The exit code of the child; below 0 the signal that ended it."""
        return self._process.wait()

    def _tell(self) -> None:
        """Hand over the request and the source, up to the limit, to a child that may have gone away already."""
        target = self._process.stdin
        assert target is not None
        left = self._limits.file
        piece = self._request
        with suppress(OSError), target:  # it goes away: then its answer, or that there is none, says why
            while piece:
                view = memoryview(piece)
                while view:
                    view = view[target.write(view) :]
                piece = self._next(left)
                left -= len(piece)

    def _next(self, left: int) -> bytes:
        try:
            piece = self._source.read(_CHUNK)
        except OSError as error:
            self.flaw = unreadable(error)
            return b""
        if len(piece) > left:
            self.flaw = ChildFailed(Why.LARGE)
            return b""
        return piece

    def _hear(self) -> None:
        """Take what the child says: how far it is, and then the answer, up to the limit."""
        source = self._process.stdout
        assert source is not None
        with source:
            while piece := source.read(_CHUNK):
                self.answer += piece
                if not self._answering:
                    self._at, self._answering = take_progress(self.answer, self._at)
                if len(self.answer) > self._limits.answer:
                    self.flaw = ChildFailed(Why.MEMORY)
                    break
        self._answered.set()


def _told(talk: _Talk) -> Message:
    """The answer of a child that has ended."""
    if talk.flaw is not None:
        raise talk.flaw
    answer = unpacked(talk.answer)
    if answer is None:
        raise ChildFailed(Why.GONE, code=talk.code)
    match answer.values:
        case {"done": dict(values)}:
            return Message(values, answer.parts)
        case {"refused": [title, hint]}:
            raise InvalidInput(load_text(*title), load_text(*hint) if hint else UNCHANGED)
        case {"failed": "memory"}:
            raise ChildFailed(Why.MEMORY)
        case {"failed": "depth"}:
            raise ChildFailed(Why.DEPTH)
    where = answer.values.get("where")
    raise ChildFailed(Why.RAISED, reason=str(answer.values.get("failed"))[:80], where=str(where or ""))
