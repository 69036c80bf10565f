"""Typing to filter: the first hits at once, all of them and their sums right after."""

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from app.core.i18n import Text
from app.services.lead_list import ListQuery, Totals
from app.ui.jobs import Job

if TYPE_CHECKING:
    from app.ui.context import Context

_FIRST = 80


class Search:
    """Looks for the text of a query. `show(ids, totals)` is called with the hits so far; totals come with the last."""

    def __init__(self, context: "Context", show: Callable[[Sequence[int], Totals | None], None]) -> None:
        self._lists = context.office.lists
        self._jobs = context.jobs
        self._show = show
        self._asked = 0

    def type(self, query: ListQuery) -> None:
        """A key was pressed."""
        self._show(self._lists.first_ids(query, _FIRST), None)
        self._asked += 1
        asked = self._asked

        def done(found: tuple[Sequence[int], Totals]) -> None:
            if asked == self._asked:
                self._show(*found)

        work = lambda _progress: (ids := self._lists.ids(query), self._lists.totals_of(ids))  # noqa: E731
        self._jobs.start(Job(Text("Filtering"), work, done, quiet=True))

    def restart(self, query: ListQuery) -> None:
        """The data or the order changed: look for the same text anew."""
        self.type(query)

    def stop(self) -> None:
        """The filter was emptied."""
        self._asked += 1
