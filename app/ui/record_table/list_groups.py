"""The groups of one list: read in a thread, worded, offered in the menus of its columns."""

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject, QPoint, Qt, Signal
from PySide6.QtWidgets import QMenu

from app.core.i18n import Text, tr
from app.ui.jobs import Job
from app.ui.record_table.grouping import GroupWords
from app.ui.tables.groups import GroupLine, Layout, Path

if TYPE_CHECKING:
    from app.services.record_groups import Group
    from app.services.record_query import RecordQuery
    from app.ui.context import Context
    from app.ui.record_table.kind import ListKind
    from app.ui.tables.grouped_model import GroupedModel
    from app.ui.tables.view import TableView


class ListGroups(QObject):
    """`chosen(levels)` comes from a menu. `choices` are what the list can be grouped by."""

    chosen = Signal(object)

    def __init__(self, context: "Context", kind: "ListKind", parent: QObject) -> None:
        super().__init__(parent)
        self.choices: Sequence[str] = ()
        self._context = context
        self._kind = kind
        self._shown: tuple[str, ...] = ()  # what the rows shown are grouped by
        self._asked: Callable[[], tuple[str, ...]] = tuple

    def attach(self, view: "TableView", model: "GroupedModel[Any]", asked: Callable[[], tuple[str, ...]]) -> None:
        """The table in which they are shown; `asked` says what is asked for."""
        self._view = view
        self._model = model
        self._asked = asked
        view.header.menuFilled.connect(self._offer)
        view.groupMenuRequested.connect(self._open_menu)
        if view.hands is not None:
            view.hands.choosing = tr(self._kind.choose)

    def line(self, group: "Group") -> GroupLine:
        """What the row of a group shows."""
        context, columns = self._context, self._model.columns
        kind = self._kind
        words = GroupWords(kind.groupings, context.wording, context.formats, self._shown, kind.counted, columns)
        return words.line(group)

    def lines(self, rows: Sequence[int]) -> Callable[[], list[GroupLine]]:
        """What these rows of groups show, to be worded on any thread: the groups are those of now."""
        layout = self._model.layout_shown
        numbers = [layout.number_at(row) for row in rows] if layout is not None else []
        groups: list[Any] = [layout.groups[number] for number in numbers if layout and number is not None]
        return lambda: [self.line(group) for group in groups]

    def read(
        self, query: "RecordQuery", wanted: Callable[[], bool], then: Callable[[Layout], None], *, patient: bool
    ) -> None:
        """Ask for all rows in their groups. There is no first page: the row of a group says what all of it comes to.

        `wanted` is asked whether this still matters: somebody may have typed on.
        """
        lists, folded = self._kind.lists(self._context), self._folded(query)
        self._view.await_rows()

        def work(_progress: object) -> Layout | None:
            if not wanted():
                return None
            found = lists.grouped(query)
            return Layout(found.ids, found.groups, folded)

        def done(layout: Layout | None) -> None:
            if layout is None or not wanted():
                return
            now = self._folded(query)
            self._shown = query.group
            # somebody may have folded a group meanwhile
            then(layout if now == folded else Layout(layout.ids, layout.groups, now))

        self._context.jobs.start(Job(Text("Sorting"), work, done, quiet=True, patient=patient, owner=self))

    def _folded(self, query: "RecordQuery") -> frozenset[Path]:
        """The groups that stay folded: among others nothing is."""
        return frozenset(self._model.folded) if self._shown == query.group else frozenset()

    def _offer(self, index: int, menu: QMenu) -> None:
        """In the menu of a column that has what the list can be grouped by."""
        key, group = self._kind.groupings.of_column(self._model.columns[index].key), self._asked()
        if key is None or key not in self._kind.groupings.offered(self.choices):
            return
        menu.addSeparator()
        if key not in group:
            menu.addAction(tr("Group by this column")).triggered.connect(lambda: self.chosen.emit((key,)))
        if group and key != group[0]:
            action = menu.addAction(tr("Group by it within the groups"))
            action.setCheckable(True)
            action.setChecked(key in group)
            action.triggered.connect(lambda on: self.chosen.emit((group[0], key) if on else group[:1]))
        if group:
            self._add_none(menu)
        menu.addSeparator()

    def _open_menu(self, number: int, at: QPoint) -> None:
        assert self._view.hands is not None
        menu = self._view.hands.menu(number, self._view)
        menu.addSeparator()
        self._add_none(menu)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        menu.popup(at)

    def _add_none(self, menu: QMenu) -> None:
        menu.addAction(tr("No groups")).triggered.connect(lambda: self.chosen.emit(()))
