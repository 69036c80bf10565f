"""What a child process of the program can do: read one foreign file, or reckon with what it is told.

`python -m app.services.child_tasks`, packed as one program `trichter --child`. It knows neither window nor database,
and loads what a task needs only when it is asked for it.
"""

import sys
from collections.abc import Mapping
from typing import IO, Any

from app.services.child.serving import Task, Tell, serve
from app.services.child.wire import Message


def _mail(file: IO[bytes], _: Mapping[str, Any], _tell: Tell) -> Message:
    from app.services.foreign.mail_wire import pack
    from app.services.mails.parse import parse

    return pack(parse(file))


def _pdf(file: IO[bytes], arguments: Mapping[str, Any], _tell: Tell) -> Message:
    from app.services.foreign.pdf import read_pdf

    return read_pdf(file.read(), arguments)


def _cards(file: IO[bytes], _: Mapping[str, Any], _tell: Tell) -> Message:
    from app.services.cards.reading import read_cards
    from app.services.foreign.card_wire import pack

    return pack(read_cards(file.read()))


def _twins(file: IO[bytes], _: Mapping[str, Any], tell: Tell) -> Message:
    from app.services.twins.wire import answer

    return answer(file.read(), tell)


TASKS: Mapping[str, Task] = {"mail": _mail, "pdf": _pdf, "cards": _cards, "twins": _twins}


def main() -> int:
    """Be the child; returns the exit code."""
    return serve(TASKS)


if __name__ == "__main__":
    sys.exit(main())
