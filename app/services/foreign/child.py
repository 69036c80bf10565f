"""The child process: reads one foreign file from its standard input and answers on its standard output.

`python -m app.services.foreign.child`, packed as one program `trichter --foreign`. It knows neither window nor
database, and loads the reader of a format only when it is asked for it.
"""

import io
import sys
from collections.abc import Callable, Mapping
from typing import IO, Any

from app.core.attempt import Failure, attempt
from app.core.errors import TrichterError
from app.core.i18n import Text, dump_args, dump_message
from app.services.foreign.limits import quiet, restrict
from app.services.foreign.wire import Message, packed, unpacked

#: Takes a file and the arguments; raises InvalidInput with the reason why it is refused.
Task = Callable[[IO[bytes], Mapping[str, Any]], Message]


def _mail(file: IO[bytes], _: Mapping[str, Any]) -> Message:
    from app.services.foreign.mail_wire import pack
    from app.services.mails.parse import parse

    return pack(parse(file))


def _pdf(file: IO[bytes], arguments: Mapping[str, Any]) -> Message:
    from app.services.foreign.pdf import read_pdf

    return read_pdf(file.read(), arguments)


def _cards(file: IO[bytes], _: Mapping[str, Any]) -> Message:
    from app.services.cards.reading import read_cards
    from app.services.foreign.card_wire import pack

    return pack(read_cards(file.read()))


TASKS: Mapping[str, Task] = {"mail": _mail, "pdf": _pdf, "cards": _cards}


def main(tasks: Mapping[str, Task] = TASKS) -> int:
    """Do what the standard input asks for; the exit code is 0 also when the file was refused."""
    pipe = quiet()
    # the pipes by their numbers: a program without a console has neither sys.stdin nor sys.stdout
    with open(0, "rb", closefd=False) as source:
        asked = unpacked(source.read(int.from_bytes(source.read(4), "big")))
        if asked is None:
            return 1
        restrict(asked.values["seconds"], asked.values["memory"])
        answer = _answer(tasks[asked.values["task"]], source, asked.values["arguments"])
    with io.FileIO(pipe, "wb") as target:
        for piece in packed(answer):
            _write(target, piece)
    return 0


def _answer(task: Task, source: IO[bytes], arguments: Mapping[str, Any]) -> Message:
    """What the task gives, or why it gives nothing."""
    try:
        done = attempt(lambda: task(source, arguments))
    except TrichterError as error:
        return Message({"refused": [_stored(error.title), error.hint and _stored(error.hint)]})
    if isinstance(done, Failure):
        kind = "memory" if done.memory else "depth" if done.depth else type(done.error).__name__
        return Message({"failed": kind})
    return Message({"done": done.values}, done.parts)


def _stored(text: Text) -> list[str]:
    return [dump_message(text), dump_args(text.args)]


def _write(target: io.FileIO, piece: bytes) -> None:
    view = memoryview(piece)
    while view:
        view = view[target.write(view) :]


if __name__ == "__main__":
    sys.exit(main())
