"""Writing a file so that there is always a whole one: the old or the new."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO


@contextmanager
def replacing(target: Path, *, encoding: str, newline: str | None = None) -> Iterator[IO[str]]:
    """A text file to be written; it takes the place of `target` when the block ends, flushed to the disk before.

    After an error `target` is as it was and nothing is left beside it. Raises OSError. A link is replaced like a file:
    resolve it before, if it is to stay.
    """
    with _partial(target) as partial, partial.open("w", encoding=encoding, newline=newline) as file:
        yield file
        file.flush()
        os.fsync(file.fileno())


def write_bytes(target: Path, data: bytes) -> None:
    """The same for what is there as a whole already."""
    with _partial(target) as partial, partial.open("wb") as file:
        file.write(data)
        file.flush()
        os.fsync(file.fileno())


@contextmanager
def _partial(target: Path) -> Iterator[Path]:
    """A file beside `target`, which takes its place once it is written and closed."""
    partial = target.with_name(f".{target.name[:100]}.{os.getpid()}.part")
    try:
        yield partial
        partial.replace(target)
        flush_folder(target.parent)
    finally:
        partial.unlink(missing_ok=True)


def flush_folder(folder: Path) -> None:
    """See to it that a new name is on the disk; Windows does that by itself."""
    if os.name == "posix":
        handle = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)
