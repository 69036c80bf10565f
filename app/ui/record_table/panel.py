"""A list of records as the tabs show it: filter line, table, footer with the sums of what is shown.

First page first: the first rows are asked for and painted at once, the order of all the others follows from a thread.
A change set repaints the rows it touched; the order is asked for anew only when something it depends on changed.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any, Generic, cast

from PySide6.QtCore import QPoint, Qt, QTimer, Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from app.core.changes import ChangeSet
from app.core.i18n import tr
from app.services import record_filter
from app.services.changed import changed_ids
from app.services.filter_names import tables_of
from app.services.record_list import Query
from app.ui.record_table.cell_editing import CellEditing
from app.ui.record_table.copying import copy_groups, copy_many
from app.ui.record_table.filter_line import FilterLine
from app.ui.record_table.footer import Footer
from app.ui.record_table.instead import Instead
from app.ui.record_table.kept_filter import living, readable
from app.ui.record_table.kind import ListKind
from app.ui.record_table.list_groups import ListGroups
from app.ui.record_table.own_columns import OwnColumns, with_groupings
from app.ui.record_table.reading import Reading
from app.ui.record_table.search import Search
from app.ui.record_table.typed_words import TypedWords
from app.ui.tables.columns import Column
from app.ui.tables.grouped_model import GroupedModel
from app.ui.tables.groups import Layout
from app.ui.tables.view import TableView
from app.ui.widgets.card import Card
from app.ui.widgets.chips import Flow
from app.ui.widgets.sideways import Sideways
from app.ui.wording import Wording

if TYPE_CHECKING:
    from app.services.record_filter import Filter
    from app.ui.context import Context

#: Lines of chips, and where these cannot be narrow enough; with text larger than so much percent there is room for
#: fewer. What does not fit then scrolls sideways.
_LINES, _FEW_LINES, _LARGE = (3, 5), (2, 2), 150
#: Figures with their words, and remarks.
Figures = tuple[Sequence[tuple[str, str]], str]
#: Sums that may have changed are asked for so long after the last change: what changed is painted undisturbed.
_COUNT_MS = 80


class RecordPanel(QWidget, Generic[Query]):
    """One list. `selectionChanged` after other rows were chosen, `opened(id)` for Enter and double click."""

    selectionChanged = Signal()
    opened = Signal(object)
    editAsked = Signal()  # the values of the record chosen are to be edited
    menuRequested = Signal(QPoint)
    emptyMenuRequested = Signal(QPoint)  # beside the rows
    counted = Signal(object)  # what comes to the rows shown
    narrowed = Signal(bool)  # whether a filter leaves out records of this list
    filtered = Signal(object)  # the filter that holds now, None for none
    grouped = Signal(object)  # by what, the outer level first

    def __init__(
        self,
        context: "Context",
        kind: ListKind,
        name: str,
        query: Query,
        columns: Callable[[Wording], tuple[Column[Any], ...]],
        figures: Callable[[Wording, Any], Figures],
    ) -> None:
        """`name` is what a screen reader calls the list; `figures` words the footer from what `totals` of it says."""
        super().__init__()
        self._context = context
        self.kind = kind = with_groupings(context, kind)
        self._lists = kind.lists(context)
        self._query = query
        self._whole = replace(query)
        self._figures = figures
        self._wanted: int | None = None
        self._row = -1  # where the keyboard was before a change; -1 when that does not matter
        self._stale = False
        self._coming: frozenset[int] = frozenset()  # records that a change may have brought back into the list
        self._chosen: list[int] = []
        self._held_back = False  # several things are asked for at once
        self._later = QTimer(self)
        self._later.setSingleShot(True)
        self._later.setInterval(_COUNT_MS)
        self._later.timeout.connect(self._count_again)
        self.wording = context.wording
        self.groups = ListGroups(context, kind, self)
        own = OwnColumns(context, kind, columns(self.wording), lambda: (self.view, self.model), self)
        self.model: GroupedModel[Any] = GroupedModel(own.all(), self._lists.rows, self.groups.line, parent=self)
        self.view = TableView(context.theme, self.model, name)
        self.groups.attach(self.view, self.model, lambda: self._query.group)
        self.filter = FilterLine(context.theme, tr("Filter …"))
        self._words = TypedWords(context, self)
        self.editing = CellEditing(context, self.view, kind.editors)
        self._search = Search(context, self._lists, self._show_hits, self)
        self._reading = Reading(
            context, self._lists, self.groups, self._search, self.view, self._show, self._show_totals, self
        )  # fmt: skip
        self._bar = QWidget()
        self.bar = Flow(self._bar)
        self._footer = Footer(context.theme)
        self._card = Card(context.theme)
        self._instead: Instead | None = None
        self._lay_out()
        self._connect()

    def _lay_out(self) -> None:
        px = self._context.theme.px
        self._context.theme.fit(self.bar, lambda: self.bar.setSpacing(px(7)), self._limit_lines)
        self.bar.addWidget(self.filter)
        self.bar.let_yield(self.filter, self.filter.minimumWidth)
        self._card.body.addWidget(self.view, 1)
        self._card.body.addWidget(self._footer)
        box = QVBoxLayout(self)
        box.setContentsMargins(0, 0, 0, 0)
        self._context.theme.fit(box, lambda: box.setSpacing(px(11)))
        box.addWidget(Sideways(self._bar, tr("Filter")))
        box.addWidget(self._card, 1)

    def _limit_lines(self) -> None:
        self.bar.use_at_most(*(_FEW_LINES if self._context.theme.scale > _LARGE else _LINES))

    def _connect(self) -> None:
        self.filter.textChanged.connect(self._on_text)
        self.filter.entered.connect(self._prepare_search)
        self.filter.left.connect(self._leave_filter)
        self.view.selectedIdsChanged.connect(self.tell_selection)
        self.view.currentIdChanged.connect(lambda _id: self.tell_selection())
        self.view.opened.connect(self.opened)
        self.view.editAsked.connect(self.editAsked)
        self.view.menuRequested.connect(self.menuRequested)
        self.model.sortRequested.connect(self._on_sort)
        self.groups.chosen.connect(self.group)
        self.view.emptyMenuRequested.connect(self.emptyMenuRequested)
        self.view.manyCopied.connect(self._copy_many)
        self._context.bridge.changed.connect(self._on_change)
        self.wording.changed.connect(self.model.refresh_all)
        self.view.show_sorted(self._query.sort, self._query.descending)

    @property
    def query(self) -> Query:
        """What is asked for."""
        return self._query

    def ask(self, **changes: Any) -> None:
        """Change what is asked for (fields of the query) and show it, once anything is shown."""
        before, self._query = self._query, replace(self._query, **changes)
        self._row = -1
        if self._query.filter != before.filter:
            self.filtered.emit(self._query.filter)
        if self._begun and not self._held_back:
            self.reload()

    @property
    def _begun(self) -> bool:
        """Whether records are shown already, here or in place of the list."""
        return self._reading.begun or self._instead is not None

    def _copy_many(self, ids: Sequence[int]) -> None:
        if ids:
            copy_many(self._context, self.shown_columns(), ids, self, self._lists.rows, self.kind.copied)
        else:
            copy_groups(self._context, self.shown_columns(), self.groups.lines(self.view.selected_rows()), self)

    def shown_columns(self) -> list[Column[Any]]:
        """The columns of the list as they are shown: what is copied of a record."""
        return [self.view.columns[i] for i in self.view.shown_columns()]

    @property
    def front(self) -> "Instead | TableView":
        """What shows the records: the list, or what stands in its place."""
        return self.view if self._instead is None else self._instead

    def show_instead(self, instead: QWidget | None) -> None:
        """Let this (an `Instead` too) stand in the place of the list, which rests meanwhile; None for the list."""
        if self._instead is not None:
            self._instead.hide()
        self._instead = None if instead is None else cast(Instead, instead)
        self._card.setVisible(instead is None)
        if instead is not None:
            layout = self.layout()
            assert isinstance(layout, QVBoxLayout)
            layout.addWidget(instead, 1)
            instead.show()

    def tell_when_empty(
        self, message: str, icon: str = "funnel", label: str = "", action: Callable[[], object] | None = None
    ) -> None:
        """What stands in the place of the rows when there are none."""
        self.view.tell_when_empty(message, icon, label, action)
        if self._instead is not None:
            self._instead.tell_when_empty(message, icon, label, action)

    def reload(self) -> None:
        """Ask for everything anew: the first rows now, the rest from a thread."""
        if self._instead is not None:
            self._stale = self._reading.loading = False
            narrowed = self._query != self._unfiltered()
            self.narrowed.emit(narrowed)
            self._instead.show_query(self._query, narrowed)
            return
        self._reading.anew(self._query)

    def group(self, levels: Sequence[str]) -> None:
        """Group the list by these, the outer one first; by none for a plain list."""
        self.ask(group=tuple(levels))
        self.grouped.emit(self._query.group)

    def fold_all(self, folded: bool) -> None:
        """Fold or unfold every group."""
        if self.view.hands is not None:
            self.view.hands.fold_all(folded)

    def widen(self) -> None:
        """Show everything that belongs here again."""
        self._query = self._unfiltered()
        self._search.stop()
        self.filter.clear()
        self.filtered.emit(None)
        self.reload()

    def _unfiltered(self) -> Query:
        kept = self._query
        return replace(self._whole, sort=kept.sort, descending=kept.descending, group=kept.group)

    def selected_ids(self) -> list[int]:
        """The rows chosen, in their order: those that are seen to be."""
        return self.front.selected_ids()

    def tell_selection(self) -> None:
        """Tell of other rows chosen. A key moves both the selection and the current row; whoever listens reads the
        record, once will do.
        """
        before, self._chosen = self._chosen, self.selected_ids()
        if self._chosen != before:
            self.selectionChanged.emit()

    def go_to(self, row_id: int) -> None:
        """Select a record, at the latest when all rows are there; a filter that hides it is taken back."""
        if self._instead is not None:
            self._instead.go_to(row_id)
            return
        self._wanted = row_id
        if not self._reading.loading or self.view.select_id(row_id):
            self._find_wanted(row_id)

    def save_state(self) -> dict[str, Any]:
        """Columns, order, groups, filter and its text as plain data."""
        query = self._query
        kept = None if query.filter is None else record_filter.plain(query.filter)
        return {**self.view.save_state(), "text": query.text, "filter": kept, "group": list(query.group)}

    def restore_state(self, state: Mapping[str, Any]) -> None:
        """The inverse of `save_state`. What cannot be read narrows nothing; what is gone by now is told."""
        self._held_back = True
        self._query = self._unfiltered()
        self.view.restore_state(state)
        order, kept = self.view.header.sorted_by, state.get("text")
        text = kept.strip() if isinstance(kept, str) else ""
        if order is not None:
            self._query = replace(self._query, sort=order[0], descending=order[1])
        self._search.stop()
        self.filter.setText(text)
        self._query = replace(
            self._query, text=text, filter=readable(self._context, state.get("filter"), self.kind.entity)
        )
        self._restore_group(state.get("group"))
        self._held_back = False
        self.filtered.emit(self._query.filter)
        if self._begun:
            self.reload()

    def _restore_group(self, group: object) -> None:
        if isinstance(group, list):
            self._query = replace(self._query, group=self.kind.groupings.known(group, self.groups.choices))
            self.grouped.emit(self._query.group)

    def _show(self, ids: Sequence[int], *, more: bool = False, layout: Layout | None = None) -> None:
        self.narrowed.emit(self._query != self._unfiltered())
        if layout is None:
            self.model.set_ids(ids, more=more)
        else:
            self.model.set_layout(layout)
        if more:
            return
        self._reading.loading = False
        row, self._row = self._row, -1
        coming, self._coming = self._coming, frozenset()
        if self._wanted is not None:
            self._find_wanted(self._wanted)
        elif not coming.isdisjoint(ids):
            self.view.select_ids(list(coming))
        elif row >= 0 and len(ids) and not self.view.currentIndex().isValid():
            self.view.selectRow(min(row, self.model.rowCount() - 1))  # the row is gone: go on with the one in its place

    def _find_wanted(self, row_id: int) -> None:
        self._wanted = None
        if not self.view.select_id(row_id) and self._query != self._unfiltered():
            self._wanted = row_id  # a filter hides it
            self.widen()

    def _show_hits(self, ids: Sequence[int], totals: Any, more: bool) -> None:
        self._show(ids, more=more)
        if totals is not None:
            self._show_totals(totals)

    def _show_totals(self, totals: Any) -> None:
        self._footer.show_figures(*self._figures(self.wording, totals))
        self.counted.emit(totals)

    def _on_text(self, text: str) -> None:
        before, self._query = self._query, replace(self._query, text=self._words.plain(text))
        if self._query.text == before.text or self._held_back:
            return
        self._row = -1
        if self._query.text and self._instead is None:
            self._reading.all(self._query)
        else:
            self._search.stop()
            self.reload()

    def _on_sort(self, key: str, descending: bool) -> None:
        self.ask(sort=key, descending=descending)

    def _on_change(self, change: ChangeSet) -> None:
        self._search.hear(change)
        if not self._begun or not change.concerns(*self.kind.concerning):
            return
        if self._query.filter is not None and change.concerns(*tables_of(self._query.filter)):
            self._look_after_filter(self._query.filter)
        if change.concerns(*self.kind.wholly):
            self.model.refresh_all()
        else:
            self.model.refresh_rows(changed_ids(self.kind.entity, change))
        if self._instead is not None or not self.isVisible():
            self._stale = True
        elif self._query.text or self._query.reordered_by(change):
            self._row = self.view.currentIndex().row()
            self._coming |= change.brought_back(self.kind.entity).difference(self.model.ids)
            self._reading.all(self._query, patient=True)
        else:
            self._later.start()

    def _look_after_filter(self, tree: "Filter") -> None:
        """What it refers to has another name, or is gone."""
        left = living(self._context, tree)
        self._query = replace(self._query, filter=left)
        self.filtered.emit(left)
        if left != tree:
            self.reload()

    def _count_again(self) -> None:
        """What changed may be in other sums: those of the groups come with their rows."""
        if self._query.group:
            self._reading.all(self._query, patient=True)
        else:
            self._reading.count(self._query)

    def showEvent(self, event: Any) -> None:
        super().showEvent(event)
        if self._stale and self._instead is None:
            self._stale = False
            self._reading.loading = True
            QTimer.singleShot(0, self, lambda: self._reading.all(self._query))

    def _prepare_search(self) -> None:
        if self._instead is None and not self._query.group:
            self._search.prepare(self._query)

    def _leave_filter(self) -> None:
        if self._instead is not None:
            self._instead.setFocus()
            return
        self.view.setFocus(Qt.FocusReason.TabFocusReason)
        if not self.view.currentIndex().isValid() and self.model.rowCount():
            self.view.selectRow(0)
