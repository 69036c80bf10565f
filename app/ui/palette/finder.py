"""Looks for leads while somebody types into the palette: the first hits at once, the rest in slices."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTimer

from app.core.changes import ChangeSet
from app.core.errors import Cancelled
from app.core.i18n import Text
from app.services.palette import EVERY_LEAD, MOST, LeadFinder, LeadSearch
from app.ui.jobs import Job, Progress

if TYPE_CHECKING:
    from app.services.text_filter import Buffer
    from app.ui.context import Context

#: How long a slice may take, and the first one, which comes before the repaint.
_SLICE_MS, _FIRST_MS = 6.0, 3.0

Show = Callable[[Sequence[int], Sequence[int]], None]


class Finder(QObject):
    """`show(begins, inside)` gets the ids found so far, best first, and again when there are better ones."""

    def __init__(self, context: "Context", show: Show, parent: QObject) -> None:
        super().__init__(parent)
        self._context = context
        self._show = show
        self._leads = LeadFinder(context.office.store)
        self._running: LeadSearch | None = None
        self._typed: str | None = None  # None while the palette is closed
        self._recent: dict[int, bytes] = {}
        self._due = True
        self._building = False
        self._asking: Progress | None = None
        self._timer = QTimer(self)
        self._timer.setInterval(0)
        self._timer.timeout.connect(self._go_on)
        context.bridge.changed.connect(self._hear)

    def open(self, recent: Sequence[int]) -> None:
        """Somebody is about to type; `recent` leads come first."""
        self._recent = self._leads.lines_of(recent)
        self._typed = ""
        self._build()

    def known(self) -> list[int]:
        """The recent leads that are still there."""
        return list(self._recent)

    def close(self) -> None:
        """Nobody looks any more."""
        self._typed = None
        self._stop_asking()
        self._timer.stop()
        self._running = None

    def type(self, typed: str) -> None:
        """Look for this."""
        self._typed = typed
        self._stop_asking()
        self._timer.stop()
        self._running = None if self._due else self._leads.search(typed, self._recent)
        if self._running is None:
            self._ask()
            self._build()
            return
        done = self._running.step(_FIRST_MS)
        self._tell()
        if not done:
            self._timer.start()

    def _ask(self) -> None:
        """The text is not there yet: the database looks, on another thread, until something else is typed."""
        lists, query = self._context.office.lists, replace(EVERY_LEAD, text=self._typed or "")

        def work(progress: Progress) -> tuple[Progress, Sequence[int]]:
            def asked() -> None:
                progress.report(0, 0)

            asked()
            return progress, lists.first_ids(query, MOST, asked)

        def done(found: tuple[Progress, Sequence[int]]) -> None:
            progress, ids = found
            if not progress.cancelled:
                self._show(list(ids), ())

        job = Job(Text("Reading the list"), work, done, failed=_unless_stopped, quiet=True, pool=True, owner=self)
        self._asking = self._context.jobs.start(job)

    def _stop_asking(self) -> None:
        if self._asking is not None:
            self._asking.cancel()
            self._asking = None

    def _build(self) -> None:
        if not self._due or self._building:
            return
        self._building = True
        build = lambda _progress: self._leads.build()  # noqa: E731 - one expression for one thread
        job = Job(Text("Reading the list"), build, self._adopt, failed=self._not_built, quiet=True, owner=self)
        self._context.jobs.start(job)

    def _adopt(self, buffer: "Buffer") -> None:
        self._building = False
        self._due = not self._leads.adopt(buffer)
        if self._typed is not None:
            self.type(self._typed)

    def _not_built(self, error: BaseException) -> None:
        self._building = False
        raise error

    def _go_on(self) -> None:
        if self._running is None or self._running.step(_SLICE_MS):
            self._timer.stop()
        if self._running is not None:
            self._tell()

    def _tell(self) -> None:
        assert self._running is not None
        self._show(self._running.begins, self._running.inside)

    def _hear(self, change: ChangeSet) -> None:
        if self._leads.hear(change):
            self._due = True


def _unless_stopped(error: BaseException) -> None:
    if not isinstance(error, Cancelled):
        raise error
