"""Typing to filter: the first hits with the next repaint, the rest in slices between two of them."""

from collections.abc import Callable, Sequence
from contextlib import suppress
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject, QTimer

from app.core.changes import ChangeSet
from app.core.clock import monotonic
from app.core.errors import Cancelled
from app.core.i18n import Text
from app.services import text_filter
from app.services.record_query import RecordQuery
from app.ui.jobs import Job

if TYPE_CHECKING:
    from app.services.record_list import RecordList
    from app.ui.context import Context

#: Hits shown before all the others, and how long one slice may take.
_FIRST = 80
_SLICE_MS = 8.0
#: How long a key may wait for the database, before the text is there.
_WAIT_MS = 16.0

Show = Callable[[Sequence[int], Any, bool], None]


def _in_time() -> Callable[[], None]:
    """What ends a question when its time is up."""
    end = monotonic() + _WAIT_MS / 1000

    def asked() -> None:
        if monotonic() >= end:
            raise Cancelled(Text("Cancelled. Nothing was changed."))

    return asked


class Search(QObject):
    """Looks for the text of a query among the records of `lists`.

    `show(ids, totals, more)` gets the first hits (more will follow), then all of them, then their sums.
    """

    def __init__(
        self, context: "Context", lists: "RecordList[Any, Any, Any]", show: Show, parent: QObject | None = None
    ) -> None:
        super().__init__(parent)
        self._lists = lists
        self._jobs = context.jobs
        self._show = show
        self._filter = text_filter.TextFilter(context.office.store)
        self._query: RecordQuery | None = None
        self._running: text_filter.Search | None = None
        self._building: RecordQuery | None = None
        self._asked = 0
        self._timer = QTimer(self)
        self._timer.setInterval(0)
        self._timer.timeout.connect(self._go_on)

    def prepare(self, query: RecordQuery) -> None:
        """Somebody is about to type: read the text of this list, in a thread."""
        if self._filter.ready(query):
            self._filter.catch_up()
        elif self._building != text_filter.scope(query):
            self._build(query)

    def _build(self, query: RecordQuery) -> None:
        self._building = text_filter.scope(query)
        build: Callable[[object], text_filter.Buffer] = lambda _progress: self._filter.build(query)  # noqa: E731
        self._jobs.start(
            Job(Text("Reading the list"), build, self._adopt, failed=self._not_built, quiet=True, owner=self)
        )

    def type(self, query: RecordQuery) -> None:
        """A key was pressed, or the list is another: look for the text of `query`."""
        self._query = query
        self._asked += 1
        self._timer.stop()
        if not self._filter.ready(query):
            self.prepare(query)
            if query.filter is None:  # with one it may take as long as reading the text does
                with suppress(Cancelled):  # and so may a rare word
                    self._show(self._lists.first_ids(query, _FIRST, _in_time()), None, True)
            return
        self._running = self._filter.search(query.text)
        if self._running is None:
            return
        done = self._running.step(_SLICE_MS, enough=_FIRST)
        self._show(self._running.ids if done else self._running.ids[:_FIRST], None, not done)
        if done:
            self._sum_up()
        else:
            self._timer.start()

    def stop(self) -> None:
        """The filter was emptied."""
        self._query = None
        self._asked += 1
        self._timer.stop()

    def hear(self, change: ChangeSet) -> None:
        """The data changed: keep the text right."""
        due = self._filter.hear(change)
        if self._query is None:
            if due:  # nobody looks: it is read again when somebody is about to
                self._filter.forget()
        elif not self._filter.catch_up() or due:
            self._build(self._query)

    def _adopt(self, buffer: text_filter.Buffer) -> None:
        self._building = None
        if not self._filter.adopt(buffer):
            self.prepare(buffer.query)
        elif self._query is not None:
            self.type(self._query)

    def _not_built(self, error: BaseException) -> None:
        self._building = None
        raise error

    def _go_on(self) -> None:
        if self._running is None or self._running.step(_SLICE_MS):
            self._timer.stop()
            if self._running is not None:
                self._show(self._running.ids, None, False)
                self._sum_up()

    def _sum_up(self) -> None:
        assert self._running is not None
        ids, asked = list(self._running.ids), self._asked

        def done(totals: object) -> None:
            if asked == self._asked:
                self._show(ids, totals, False)

        self._jobs.start(
            Job(Text("Counting"), lambda _progress: self._lists.totals_of(ids), done, quiet=True, owner=self)
        )
