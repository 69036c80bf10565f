"""The one place that catches everything: what slots, jobs and Qt's own calls raise.

What the user can understand becomes a sentence; anything else is a mistake of ours and opens the report window.
"""

import sys
from collections.abc import Callable
from functools import partial
from time import monotonic
from traceback import walk_tb
from types import TracebackType
from typing import TypeVar

from PySide6.QtCore import QTimer

from app.core.errors import Cancelled, TrichterError
from app.core.i18n import Text

T = TypeVar("T")

#: A mistake that comes again within this time is not reported again: one in painting comes with every repaint.
_AGAIN_SECONDS = 10


class Guard:
    """Sorts errors. `say(title, hint)` shows a sentence; `report(text)` opens the report window."""

    def __init__(self, say: Callable[[TrichterError], None], report: Callable[[str], None]) -> None:
        self._say = say
        self._report = report
        self._reporting = False
        self._last: tuple[object, float] = (None, 0)

    def handle(self, error: BaseException) -> None:
        """Show an error. Never raises."""
        if isinstance(error, ExceptionGroup):
            for each in error.exceptions:
                self.handle(each)
            return
        if isinstance(error, Cancelled):
            return
        if isinstance(error, TrichterError):
            self._say(error)
            return
        import logging  # with the log's own needs, which a start that goes well has not

        from app.core.log import describe

        logging.getLogger(__name__).error("unexpected error", exc_info=error)
        again = self._comes_again(error)
        if self._reporting or again:  # an error while reporting an error would go on for ever
            return
        self._reporting = True
        try:
            self._report(describe(error))
        finally:
            self._reporting = False
            self._comes_again(error)

    def _comes_again(self, error: BaseException) -> bool:
        """Whether the last mistake was the same and not long ago."""
        (last, at), now = self._last, monotonic()
        self._last = (_identity(error), now)
        return last == self._last[0] and now - at < _AGAIN_SECONDS

    def do(self, verb: Callable[[], object]) -> bool:
        """Run a verb; whether it held. What it raises is shown."""
        try:
            verb()
        except Exception as error:
            self.handle(error)
            return False
        return True

    def install(self) -> None:
        """Catch what slots and events raise: PySide hands it to `sys.excepthook`."""
        sys.excepthook = self._hook

    def remove(self) -> None:
        """The window is gone, and nobody could see anything any more."""
        sys.excepthook = sys.__excepthook__

    def _hook(self, kind: type[BaseException], error: BaseException, where: TracebackType | None) -> None:
        if issubclass(kind, KeyboardInterrupt):
            sys.__excepthook__(kind, error, where)
            return
        # Later: it may come out of a paint event, and a dialog there would paint within the painting.
        QTimer.singleShot(0, partial(self.handle, error))


def attempt(verb: Callable[[], T]) -> T | Exception:
    """What `verb` gives, or what it raises: for places where nothing may be shown, as in a paint event.

    Raise it later, where nothing waits, and it meets the guard.
    """
    try:
        return verb()
    except Exception as error:
        return error


def _identity(error: BaseException) -> object:
    """What two errors of the same mistake have in common: their kind and their place."""
    places = [(frame.f_code, line) for frame, line in walk_tb(error.__traceback__)]
    return type(error), places[-1:]


def worded(error: BaseException) -> Text:
    """An error as a sentence for a field."""
    if isinstance(error, TrichterError):
        return error.title
    return Text("An unexpected error occurred.")
