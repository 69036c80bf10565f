"""The rows of a list as they are asked for: the first page at once, then the order of all the others and the sums."""

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any, Protocol

from PySide6.QtCore import QObject

from app.core.i18n import Text
from app.ui.jobs import Job

if TYPE_CHECKING:
    from app.services.record_list import Query
    from app.ui.context import Context
    from app.ui.record_table.list_groups import ListGroups
    from app.ui.record_table.search import Search
    from app.ui.tables.groups import Layout
    from app.ui.tables.view import TableView

#: Rows asked for before all the others: more than any screen shows.
FIRST = 80


class Show(Protocol):
    """Whoever shows the rows."""

    def __call__(self, ids: Sequence[int], *, more: bool = False, layout: "Layout | None" = None) -> None:
        """These rows in this order, or in groups; with `more` they are the first page."""


class Reading:
    """Asks the database for rows and sums. What was asked for before something else is shown no more.

    `loading` while what is shown is not what was asked for last.
    """

    def __init__(
        self,
        context: "Context",
        lists: Any,
        groups: "ListGroups",
        search: "Search",
        view: "TableView",
        show: Show,
        show_totals: Callable[[Any], object],
        owner: QObject,
    ) -> None:
        self._context, self._lists, self._groups, self._search = context, lists, groups, search
        self._view, self._show, self._show_totals, self._owner = view, show, show_totals, owner
        self._asked = 0
        self.loading = False

    @property
    def begun(self) -> bool:
        """Whether anything was asked for yet."""
        return self._asked > 0

    def anew(self, query: "Query") -> None:
        """Everything: the first rows now, the rest from a thread."""
        if query.text or query.group:
            self.all(query)
        elif query.unaided and (self._asked or query.filter is not None):
            self._first(query)
        else:
            self._show_first(query, self._lists.first_ids(query, FIRST))

    def _first(self, query: "Query") -> None:
        """The first rows from a thread too; what is shown stays until they are there."""
        asked, lists = self._begin(), self._lists
        self._view.await_rows()

        def done(ids: Sequence[int]) -> None:
            if asked == self._asked:
                self._show_first(query, ids)

        work = lambda _progress: lists.first_ids(query, FIRST)  # noqa: E731 - one expression for one thread
        self._context.jobs.start(Job(Text("Sorting"), work, done, quiet=True, pool=True, owner=self._owner))

    def _show_first(self, query: "Query", ids: Sequence[int]) -> None:
        asked = self._asked
        self._show(ids, more=True)
        self._view.viewport().repaint()  # before a thread begins, which would take the interpreter away from it
        if asked == self._asked:  # whoever saw the first rows may have asked for something else
            self.all(query)

    def _begin(self) -> int:
        self._asked += 1
        self.loading = True
        return self._asked

    def all(self, query: "Query", *, patient: bool = False) -> None:
        """All rows; what is shown stays until they are there. `patient` lets what changed be painted before."""
        asked, lists = self._begin(), self._lists
        if query.group:
            self._search.stop()
            show = lambda layout: self._show(layout.ids, layout=layout)  # noqa: E731 - one expression
            self._groups.read(query, lambda: asked == self._asked, show, patient=patient)
            self.count(query)
            return
        if query.text:
            self._view.await_rows()
            self._search.type(query)
            return

        def done(ids: Sequence[int]) -> None:
            if asked == self._asked:
                self._show(ids)

        work = lambda _progress: lists.ids(query)  # noqa: E731 - one expression for one thread
        self._context.jobs.start(Job(Text("Sorting"), work, done, quiet=True, patient=patient, owner=self._owner))
        self.count(query)  # takes several times as long: the rows do not wait for their sums

    def count(self, query: "Query") -> None:
        """The sums of what is shown."""
        asked, lists = self._asked, self._lists

        def done(totals: object) -> None:
            if asked == self._asked:
                self._show_totals(totals)

        work = lambda _progress: lists.totals(query)  # noqa: E731 - one expression for one thread
        self._context.jobs.start(Job(Text("Counting"), work, done, quiet=True, patient=True, owner=self._owner))
