"""Reads a foreign file in a child process, and says in words whatever becomes of that."""

import io
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from stat import S_ISREG
from typing import IO, Any

from app.core.errors import Cancelled, InvalidInput
from app.core.i18n import Text
from app.services.child.limits import Limits
from app.services.child.process import UNCHANGED, ChildFailed, Why, run, unreadable
from app.services.child.wire import Message

_MB = 1 << 20
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

    def watch(_done: int, _total: int) -> None:
        if cancelled():
            raise Cancelled(Text("Cancelled. Nothing was changed."))

    with _opened(source, limits) as file:
        try:
            return run(task, file, arguments or {}, limits=limits, watch=watch, child=child)
        except ChildFailed as failed:
            raise _words(failed, limits) from failed


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
        raise unreadable(error) from error


def _words(failed: ChildFailed, limits: Limits) -> InvalidInput:
    match failed.why:
        case Why.SLOW:
            return InvalidInput(
                Text("The file could not be read within {n} seconds.", n=max(round(limits.seconds), 1)),
                Text("Reading it was stopped, and nothing was changed. The file may be damaged or made to do harm."),
            )
        case Why.LARGE:
            return _too_large(limits)
        case Why.MEMORY:
            return InvalidInput(
                Text("The file could not be read: it takes too much memory."),
                Text("Nothing was changed. The file may be damaged or made to do harm."),
            )
        case Why.DEPTH:
            return InvalidInput(Text("The file is refused: its parts are nested too deeply."), UNCHANGED)
        case Why.GONE:
            return InvalidInput(
                Text("The file could not be read: the program that was to read it broke down."),
                Text("Nothing was changed. The file may be damaged or made to do harm. (Exit code {code})",
                     code=failed.code),
            )  # fmt: skip
    return InvalidInput(
        Text("The file could not be read: it is damaged, or of a kind the program does not know."),
        Text("Nothing was changed. (Reason: {reason})", reason=failed.reason),
    )


def _too_large(limits: Limits) -> InvalidInput:
    return InvalidInput(
        Text("The file is too large: files of up to {n} MB can be read.", n=limits.file // _MB), UNCHANGED
    )
