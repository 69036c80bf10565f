"""The one place that catches everything: what slots, jobs and Qt's own calls raise.

What the user can understand becomes a sentence; anything else is a mistake of ours and opens the report window.
"""

import sys
from collections.abc import Callable
from types import TracebackType

from app.core.errors import Cancelled, TrichterError
from app.core.i18n import Text


class Guard:
    """Sorts errors. `say(title, hint)` shows a sentence; `report(text)` opens the report window."""

    def __init__(self, say: Callable[[TrichterError], None], report: Callable[[str], None]) -> None:
        self._say = say
        self._report = report
        self._reporting = False

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
        if self._reporting:  # an error while reporting an error would go on for ever
            return
        self._reporting = True
        try:
            self._report(describe(error))
        finally:
            self._reporting = False

    def do(self, verb: Callable[[], object]) -> bool:
        """Run a verb; whether it held. What it raises is shown."""
        try:
            verb()
        except Exception as error:
            self.handle(error)
            return False
        return True

    def install(self) -> None:
        """Catch what slots raise: PySide hands it to `sys.excepthook`."""
        sys.excepthook = self._hook

    def _hook(self, kind: type[BaseException], error: BaseException, where: TracebackType | None) -> None:
        if issubclass(kind, KeyboardInterrupt):
            sys.__excepthook__(kind, error, where)
            return
        self.handle(error)


def worded(error: BaseException) -> Text:
    """An error as a sentence for a field."""
    if isinstance(error, TrichterError):
        return error.title
    return Text("An unexpected error occurred.")
