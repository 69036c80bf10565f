"""The log: what went wrong and where in our code, never with whose data.

Only message templates, classes of errors and places in the code are written; arguments, texts of errors and local
values may hold names and amounts and stay out.
"""

import contextlib
import faulthandler
import logging
import os
import re
import traceback
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from logging.handlers import RotatingFileHandler
from pathlib import Path
from types import TracebackType

from app.core.errors import TrichterError

_OURS = "app"
_MAX_BYTES = 1_000_000
_KEPT = 3
_CRASH = "crash-*.txt"
_MONTH = 30 * 24 * 3600.0


class PlainFormatter(logging.Formatter):
    """Writes a record without anything that came from a user.

    A message of our own is written as its template, without arguments (and must not be an f-string, which the linter
    sees to); other packages fill in their texts before they log them, so of those only the place is written.
    """

    def format(self, record: logging.LogRecord) -> str:
        at = datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds")
        ours = record.name.partition(".")[0] == _OURS and isinstance(record.msg, str)
        what = record.msg if ours else f"{record.module}:{record.lineno}"
        lines = [f"{at} {record.levelname} {record.name} {what}".replace("\n", " ")]
        if record.exc_info and record.exc_info[1] is not None:
            lines.append(describe(record.exc_info[1]))
        return "\n".join(lines)


def describe(error: BaseException) -> str:
    """The classes of an error and of its causes, each with the places in our code it came through."""
    return "\n".join(_lines(error, set()))


def _lines(error: BaseException, seen: set[int]) -> Iterator[str]:
    seen.add(id(error))
    yield f"  {_class(error)}"
    yield from _places(error.__traceback__)
    parts = error.exceptions if isinstance(error, BaseExceptionGroup) else ()
    cause = error.__cause__ or (None if error.__suppress_context__ else error.__context__)
    for word, other in [("part", part) for part in parts] + [("caused by", cause)]:
        if other is not None and id(other) not in seen:
            yield f"  {word}"
            yield from _lines(other, seen)


def _class(error: BaseException) -> str:
    """The class, with what is known to be free of data: our template, the number of a system error, SQLite's name."""
    name = f"{type(error).__module__}.{type(error).__qualname__}".removeprefix("builtins.")
    if isinstance(error, TrichterError):
        return f"{name}: {error.title.message}"
    if isinstance(error, OSError) and error.errno is not None:
        return f"{name}: errno {error.errno}"
    code = getattr(error, "sqlite_errorname", None)
    return f"{name}: {code}" if isinstance(code, str) else name


def _places(trace: TracebackType | None) -> Iterator[str]:
    """Our own lines of a traceback; what lies between them is counted."""
    foreign = 0
    for frame, line in traceback.walk_tb(trace):
        module = str(frame.f_globals.get("__name__", ""))
        if module.partition(".")[0] not in {_OURS, "__main__"}:
            foreign += 1
            continue
        if foreign:
            yield f"    … {foreign}"
        foreign = 0
        yield f"    {module}:{line} {frame.f_code.co_qualname}"
    if foreign:
        yield f"    … {foreign}"


class _File(RotatingFileHandler):
    """A log that is never the reason for trouble: where it cannot be written (full disk), nothing is."""

    def handleError(self, record: logging.LogRecord) -> None:
        pass


def set_up(folder: Path, name: str = "trichter.log", *, crashes: bool = False) -> Callable[[], None]:
    """Write warnings and what is worse to `folder`, which is created; with `crashes` also the stack of a hard crash.

    Programs that run side by side take different names. Gives back what ends it. A folder that cannot be written
    is no reason not to start: then there is no log.
    """
    ends = contextlib.ExitStack()
    with contextlib.suppress(OSError):
        folder.mkdir(parents=True, exist_ok=True)
        handler = _File(folder / name, maxBytes=_MAX_BYTES, backupCount=_KEPT, encoding="utf-8", errors="replace")
        handler.setFormatter(PlainFormatter())
        handler.setLevel(logging.WARNING)
        logging.getLogger().addHandler(handler)
        ends.callback(handler.close)
        ends.callback(logging.getLogger().removeHandler, handler)
        if crashes:
            _watch_for_crashes(folder, ends)
    return ends.close


def _watch_for_crashes(folder: Path, ends: contextlib.ExitStack) -> None:
    """One file per process, so that two windows never write into or remove each other's."""
    path = folder / _CRASH.replace("*", str(os.getpid()))
    file = path.open("ab")
    faulthandler.enable(file)
    now = path.stat().st_mtime

    def end() -> None:
        faulthandler.disable()
        file.close()
        if not path.stat().st_size:
            path.unlink()

    ends.callback(end)
    for other in folder.glob(_CRASH):  # left empty by processes that were killed
        if other != path and not other.stat().st_size and now - other.stat().st_mtime > _MONTH:
            other.unlink(missing_ok=True)


def last_crash(folder: Path) -> str | None:
    """The newest stack that a hard crash left in `folder`, without names of folders; None when there was none.

    It is told once: the file is kept under another name. Call it before `set_up`.
    """
    text = None
    with contextlib.suppress(OSError):
        left = [path for path in folder.glob(_CRASH) if path.stat().st_size]
        for path in sorted(left, key=lambda path: path.stat().st_mtime):
            text = path.read_text("utf-8", "replace")
            path.replace(folder / "crash.last.txt")
    return text and re.sub('File "([^"]*)"', lambda file: f'File "{_without_folders(file[1])}"', text)


def _without_folders(path: str) -> str:
    """From our package on, else the bare name: a folder may be called like its owner."""
    ours = re.fullmatch(r".*[\\/](app[\\/].+)", path)
    return ours[1] if ours else re.split(r"[\\/]", path)[-1]
