"""Starts the child process that reads a foreign file, and turns whatever becomes of it into an answer or our errors."""

import io
import os
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from stat import S_ISREG
from typing import IO, Any

from app.core.entry import FOREIGN
from app.core.errors import Cancelled, InvalidInput, StorageError, TrichterError
from app.core.i18n import Text, load_text
from app.services.foreign.limits import Limits
from app.services.foreign.wire import Message, packed, unpacked

#: How long nobody asks whether the user has cancelled, in seconds.
_BEAT = 0.05
_CHUNK = 1 << 16
_MB = 1 << 20
_CHILD = "app.services.foreign.child"

UNCHANGED = Text("Nothing was changed.")
_USUAL = Limits()


def never() -> bool:
    """Nobody cancels."""
    return False


def read(
    task: str,
    source: Path | bytes,
    arguments: Mapping[str, Any] | None = None,
    *,
    limits: Limits = _USUAL,
    cancelled: Callable[[], bool] = never,
    child: Sequence[str] = (),
) -> Message:
    """What `task` reads in a file, in a process of its own.

    Raises InvalidInput when the file is refused, takes too long or too much, or breaks its reader; Cancelled when
    `cancelled` said so; NotFound or StorageError when the file cannot be read at all. The process has ended then.
    `child` is another module with tasks (and its folder) than the program's own.
    """
    asked = Message({
        "task": task,
        "arguments": dict(arguments or {}),
        "seconds": limits.seconds,
        "memory": limits.memory,
    })  # fmt: skip
    with _opened(source, limits) as file, _started(child) as process:
        talk = _Talk(process, asked, file, limits)
        try:
            talk.wait(cancelled)
        finally:
            talk.end()
    return _told(talk, limits)


def _opened(source: Path | bytes, limits: Limits) -> IO[bytes]:
    if isinstance(source, bytes):
        if len(source) > limits.file:
            raise _too_large(limits)
        return io.BytesIO(source)
    try:
        about = source.stat()
        if not S_ISREG(about.st_mode):  # a pipe or a device would never end
            raise InvalidInput(Text("“{name}” is not a file.", name=source.name), UNCHANGED)
        if about.st_size > limits.file:
            raise _too_large(limits)
        return source.open("rb")
    except OSError as error:
        raise _known(error) from error


def _known(error: OSError) -> TrichterError:
    from app.models.failures import storage_error

    return storage_error(error) or StorageError(Text("The file could not be read."), UNCHANGED)


def _started(child: Sequence[str]) -> subprocess.Popen[bytes]:
    """The child, at work and in no window. Nothing of the folder the program was started in gets into it."""
    module, root = child or (_CHILD, str(Path(__file__).resolve().parents[3]))
    packed_program = getattr(sys, "frozen", False) and not child
    command = [sys.executable, FOREIGN] if packed_program else [sys.executable, "-P", "-m", module]
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

    def __init__(self, process: subprocess.Popen[bytes], asked: Message, file: IO[bytes], limits: Limits) -> None:
        self._process = process
        self._limits = limits
        self._file = file
        self._until = time.monotonic() + limits.seconds
        self._answered = threading.Event()
        self.answer = bytearray()
        self.flaw: TrichterError | None = None
        request = b"".join(packed(asked))
        self._request = len(request).to_bytes(4, "big") + request
        self._threads = [threading.Thread(target=work, daemon=True) for work in (self._tell, self._hear)]
        for thread in self._threads:
            thread.start()

    def wait(self, cancelled: Callable[[], bool]) -> None:
        """Return when the child has ended by itself; raises InvalidInput when it took too long, or Cancelled."""
        while not self._answered.wait(_BEAT):
            if cancelled():
                raise Cancelled(Text("Cancelled. Nothing was changed."))
            if time.monotonic() > self._until:
                raise self._too_slow()
        if self.flaw is None:
            try:
                self._process.wait(max(self._until - time.monotonic(), _BEAT))
            except subprocess.TimeoutExpired:
                raise self._too_slow() from None

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
        """Hand over the request and the file, up to the limit, to a child that may have gone away already."""
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
            piece = self._file.read(_CHUNK)
        except OSError as error:
            self.flaw = _known(error)
            return b""
        if len(piece) > left:
            self.flaw = _too_large(self._limits)
            return b""
        return piece

    def _hear(self) -> None:
        """Take what the child answers, up to the limit."""
        source = self._process.stdout
        assert source is not None
        with source:
            while piece := source.read(_CHUNK):
                self.answer += piece
                if len(self.answer) > self._limits.answer:
                    self.flaw = _too_much()
                    break
        self._answered.set()

    def _too_slow(self) -> InvalidInput:
        return InvalidInput(
            Text("The file could not be read within {n} seconds.", n=max(round(self._limits.seconds), 1)),
            Text("Reading it was stopped, and nothing was changed. The file may be damaged or made to do harm."),
        )


def _told(talk: _Talk, limits: Limits) -> Message:
    """The answer of a child that has ended."""
    if talk.flaw is not None:
        raise talk.flaw
    answer = unpacked(talk.answer)
    if answer is None:
        raise InvalidInput(
            Text("The file could not be read: the program that was to read it broke down."),
            Text("Nothing was changed. The file may be damaged or made to do harm. (Exit code {code})", code=talk.code),
        )
    match answer.values:
        case {"done": dict(values)}:
            return Message(values, answer.parts)
        case {"refused": [title, hint]}:
            raise InvalidInput(load_text(*title), load_text(*hint) if hint else UNCHANGED)
        case {"failed": "memory"}:
            raise _too_much()
        case {"failed": "depth"}:
            raise InvalidInput(Text("The file is refused: its parts are nested too deeply."), UNCHANGED)
    raise InvalidInput(
        Text("The file could not be read: it is damaged, or of a kind the program does not know."),
        Text("Nothing was changed. (Reason: {reason})", reason=str(answer.values.get("failed"))[:80]),
    )


def _too_large(limits: Limits) -> InvalidInput:
    return InvalidInput(
        Text("The file is too large: files of up to {n} MB can be read.", n=limits.file // _MB), UNCHANGED
    )


def _too_much() -> InvalidInput:
    return InvalidInput(
        Text("The file could not be read: it takes too much memory."),
        Text("Nothing was changed. The file may be damaged or made to do harm."),
    )
