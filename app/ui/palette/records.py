"""Looks for records of every kind while somebody types into the palette: away from the window's thread, and only for
what was typed last.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject

from app.core.changes import ChangeSet
from app.core.errors import Cancelled
from app.core.i18n import Text
from app.services.filter_operators import has_words
from app.services.palette import EVERY_LEAD, MOST
from app.services.record_filter import Filter, conditions
from app.services.search import Hit, Search
from app.services.word_filter import Unclear, WordFilters
from app.ui.jobs import Job, Progress

if TYPE_CHECKING:
    from app.ui.context import Context

#: Of each kind so many are found.
_LIMIT = 12


@dataclass(frozen=True)
class Records:
    """What was found: hits of all kinds, or, for a filter in words, `leads` alone; and what of it is unclear."""

    hits: tuple[Hit, ...] = ()
    leads: tuple[int, ...] | None = None
    unclear: tuple[Unclear, ...] = ()


NOTHING = Records()


class RecordFinder(QObject):
    """`show(records)` gets what was found, at the latest for what was typed last; `pending` until then."""

    def __init__(self, context: "Context", show: Callable[[Records], None], parent: QObject) -> None:
        super().__init__(parent)
        self._context = context
        self._show = show
        self._search = Search(context.office.store)
        self._words = WordFilters(context.office.store)
        self._running: Progress | None = None
        self._asked = 0
        self.pending = False
        context.bridge.changed.connect(self._hear)

    def prepare(self) -> None:
        """Somebody is about to type."""
        prepare = lambda _progress: self._search.prepare()  # noqa: E731 - one expression for one thread
        self._context.jobs.start(Job(Text("Searching"), prepare, quiet=True, pool=True, patient=True, owner=self))

    def type(self, typed: str) -> None:
        """Look for this, and no longer for what was typed before."""
        self.stop()
        if not typed:
            self._show(NOTHING)
            return
        asked, self.pending = self._asked, True

        def done(found: Records) -> None:
            if asked == self._asked:
                self.pending = False
                self._show(found)

        def failed(error: BaseException) -> None:
            if asked == self._asked:
                self.pending = False
            if not isinstance(error, Cancelled):
                raise error

        work = lambda progress: self._find(typed, progress)  # noqa: E731 - one expression for one thread
        job = Job(Text("Searching"), work, done, failed=failed, quiet=True, pool=True, owner=self)
        running = self._context.jobs.start(job)
        self._running = running if self.pending else None

    def stop(self) -> None:
        """Nobody waits for it any more."""
        self._asked += 1
        self.pending = False
        if self._running is not None:
            self._running.cancel()
            self._running = None

    def known(self, keys: Sequence[tuple[str, int]]) -> list[Hit]:
        """These records, as far as they are there."""
        return self._search.known(keys)

    def _find(self, typed: str, progress: Progress) -> Records:
        def asked() -> None:
            progress.report(0, 0)

        asked()
        if not has_words(typed):
            return Records(tuple(self._search.find(typed, _LIMIT, asked)))
        read = self._words.read(typed)
        if read.filter is None or _is_text(read.filter):
            words = typed if not read.unclear else read.rest
            return Records(tuple(self._search.find(words, _LIMIT, asked)), unclear=read.unclear)
        query = replace(EVERY_LEAD, text=read.rest, filter=read.filter)
        return Records(leads=tuple(self._context.office.lists.first_ids(query, MOST, asked)), unclear=read.unclear)

    def _hear(self, change: ChangeSet) -> None:
        self._search.hear(change)


def _is_text(tree: Filter) -> bool:
    """Words in quotes and with a minus are looked for everywhere, not among leads alone."""
    return all(each.field == "text" for each in conditions(tree))
