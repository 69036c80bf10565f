"""The child's side: takes what its standard input asks for, does it, and answers on its standard output."""

import io
import traceback
from collections.abc import Callable, Mapping
from typing import IO, Any

from app.core.attempt import Failure, attempt
from app.core.errors import TrichterError
from app.core.i18n import Text, dump_args, dump_message
from app.services.child.limits import quiet, restrict
from app.services.child.wire import Message, packed, progress, unpacked

#: Told how much of how much is done.
Tell = Callable[[int, int], None]
#: Takes what it is to work on, the arguments, and whom to tell how far it is; raises InvalidInput with the reason why
#: that is refused.
Task = Callable[[IO[bytes], Mapping[str, Any], Tell], Message]
_MOST_FRAMES = 8


def serve(tasks: Mapping[str, Task]) -> int:
    """Do what the standard input asks for; returns the exit code, which is 0 also when it was refused."""
    pipe = quiet()
    # the pipes by their numbers: a program without a console has neither sys.stdin nor sys.stdout
    with open(0, "rb", closefd=False) as source:
        asked = unpacked(source.read(int.from_bytes(source.read(4), "big")))
        if asked is None:
            return 1
        restrict(asked.values["seconds"], asked.values["memory"])
        with io.FileIO(pipe, "wb") as target:
            tell: Tell = lambda done, total: _write(target, progress(done, total))  # noqa: E731 - a task tells it
            answer = _answer(lambda: tasks[asked.values["task"]](source, asked.values["arguments"], tell))
            for piece in packed(answer):
                _write(target, piece)
    return 0


def _answer(work: Callable[[], Message]) -> Message:
    """What the task gives, or why it gives nothing."""
    try:
        done = attempt(work)
    except TrichterError as error:
        return Message({"refused": [_stored(error.title), error.hint and _stored(error.hint)]})
    if isinstance(done, Failure):
        kind = "memory" if done.memory else "depth" if done.depth else type(done.error).__name__
        frames = traceback.format_tb(done.error.__traceback__)[-_MOST_FRAMES:]  # where, without what was in it
        return Message({"failed": kind, "where": "".join(frames)})
    return Message({"done": done.values}, done.parts)


def _stored(text: Text) -> list[str]:
    return [dump_message(text), dump_args(text.args)]


def _write(target: io.FileIO, piece: bytes) -> None:
    view = memoryview(piece)
    while view:
        view = view[target.write(view) :]
