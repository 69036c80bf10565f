"""The board in place of a list: the same leads in columns, moved by mouse and keyboard.

It is read in a thread and painted when it is there. A change set moves the cards it touched, and nothing else; their
sums follow from a thread. Only what gives the board other columns is asked for as a whole.
"""

from array import array
from collections.abc import Callable, Iterable, Sequence
from functools import partial
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QMimeData, QPoint, Qt, QTimer, Signal
from PySide6.QtGui import QResizeEvent, QShowEvent
from PySide6.QtWidgets import QVBoxLayout, QWidget

from app.core.changes import ChangeSet
from app.core.i18n import Text
from app.core.roles import Act
from app.services.board import WITHOUT, BoardColumn, BoardContents, ColumnSums, Grouping, lacks_month, rebuilt_by
from app.services.lead_list import ListQuery, Totals
from app.ui.board.cards import Cards, CardWords
from app.ui.board.carry import packed, unpacked
from app.ui.board.column import Column
from app.ui.board.dragging import Dragging
from app.ui.board.head_menu import head_menu
from app.ui.board.moves import right_to_move, start_in
from app.ui.board.moving import Moving
from app.ui.board.row import ColumnRow
from app.ui.board.wording import head_words
from app.ui.jobs import Job
from app.ui.latest import Latest
from app.ui.record_table.copying import copy_many
from app.ui.record_table.footer import Footer
from app.ui.tables.empty import EmptyState
from app.ui.wording import Wording

if TYPE_CHECKING:
    from app.ui.context import Context
    from app.ui.lead_table.columns import LeadColumn

Figures = Callable[[Wording, Totals], tuple[Sequence[tuple[str, str]], str]]

#: Tables whose changes can reach a card, its place or a head; and those that reach more cards than they name.
_CONCERNING = ("lead", "step", "stage", "lead_tag", "company", "person", "member", "source", "tag", "rate",
               "store_setting")  # fmt: skip
_NAMES = ("company", "person", "member", "source", "tag")
#: Where there is less room than this, before scaling, it is all left to the cards.
_ROOM_FOR_SUMS = 300
#: More changed leads than this are not put in their places one by one.
_FEW = 40


class Board(QWidget):
    """Stands where a list does, for the same leads. `asked` is for a command of the window, `hidden` comes when the
    lead to go to is left out by a filter.
    """

    selectedIdsChanged = Signal()
    opened = Signal()
    editAsked = Signal()  # the values of the lead chosen are to be edited
    menuRequested = Signal(QPoint)
    asked = Signal(str)
    hidden = Signal()

    def __init__(self, context: "Context", columns: "Callable[[], Sequence[LeadColumn]]", figures: Figures) -> None:
        """`columns` tells what is copied of a lead, `figures` words the sums of everything shown."""
        super().__init__()
        self._context = context
        self._columns = columns
        self._figures = figures
        self._query = ListQuery()
        self._narrowed = False
        self._grouping = Grouping.STAGE
        self._folded: dict[str, set[int]] = {}
        self._sums: dict[int, ColumnSums] = {}
        self._asked = 0
        self._known = False  # whether anything was shown yet
        self._loading = False  # whether what is shown is not what was asked for last
        self._latest = Latest(context.jobs, self, Text("Reading the board"))
        self._stale = False
        self._focus_due = False
        self._wanted: int | None = None
        self._cards = Cards(context.office.lists.rows, self)
        read = partial(unpacked, store=str(context.office.store.path))
        self.row = ColumnRow(context.theme, self._cards, self._takes, partial(context.permits, Act.CHANGE))
        self.dragging = Dragging(context.theme, self.row, read, self)
        self.moving = Moving(context, self.row, lambda: self._grouping, lambda: self._loading, self)
        self._empty = EmptyState(context.theme, self.row)
        self._footer = Footer(context.theme)
        self._lay_out()
        self._connect()

    def _takes(self, mime: QMimeData) -> list[int]:
        """The leads that may be let go over a column."""
        allowed = self._context.allowed.may(right_to_move(self._grouping))
        return unpacked(mime, str(self._context.office.store.path)) if allowed else []

    def _lay_out(self) -> None:
        self._footer.setProperty("kind", "card")  # it stands alone, not under a list
        box = QVBoxLayout(self)
        box.setContentsMargins(0, 0, 0, 0)
        self._context.theme.fit(box, lambda: box.setSpacing(self._context.theme.px(11)))
        box.addWidget(self.row, 1)
        box.addWidget(self._footer)
        self._empty.hide()

    def _connect(self) -> None:
        row = self.row
        row.selectedIdsChanged.connect(self.selectedIdsChanged)
        row.opened.connect(self.opened)
        row.editAsked.connect(self.editAsked)
        row.menuRequested.connect(self.menuRequested)
        row.renamed.connect(self._rename)
        row.moved.connect(self.moving.move_on)
        row.moveAsked.connect(self.moving.ask_where)
        row.dropped.connect(self.moving.drop)
        row.carried.connect(self._carry)
        row.headMenuAsked.connect(self._open_head_menu)
        row.addAsked.connect(self._add)
        row.collapsedChanged.connect(self._on_collapsed)
        self.dragging.ended.connect(self._end)
        self.moving.ended.connect(self._end)
        self._context.bridge.changed.connect(self._on_change)
        self._context.wording.changed.connect(self._reword)
        self._context.allowed.changed.connect(self._show_heads)

    # What a list can be asked too

    def show_query(self, query: ListQuery, narrowed: bool) -> None:
        """Show the leads of this query; their order is that of a board. `narrowed` if a filter leaves some out."""
        self._query, self._narrowed = query, narrowed
        self._ask()

    def selected_ids(self) -> list[int]:
        """The cards chosen, column after column."""
        return self.row.selected_ids()

    def go_to(self, lead_id: int) -> None:
        """Choose a lead, at the latest when the board is read."""
        self._wanted = lead_id
        if not self._loading:
            self._find_wanted()

    def menu_place(self) -> QPoint:
        """Where a menu for the current card opens on the screen."""
        return self.row.menu_place()

    def copy(self) -> None:
        """Put the cards chosen into the clipboard as rows of the list: with its columns, under their titles."""
        ids = self.selected_ids()
        if ids:
            copy_many(self._context, self._columns(), ids, self)

    def edit_title(self) -> None:
        """Edit the title of the current card where it stands."""
        self.setFocus()
        if self.row.current is not None:
            self.row.current.view.edit_title()

    def selectAll(self) -> None:
        """Choose every card."""
        self.row.select_all()

    def setFocus(self, reason: Qt.FocusReason = Qt.FocusReason.OtherFocusReason) -> None:
        """To the cards, as soon as there are any."""
        self._focus_due = not self._known
        if self._known:
            self.row.focus_current(reason)

    def tell_when_empty(
        self, message: str, icon: str = "funnel", label: str = "", action: Callable[[], object] | None = None
    ) -> None:
        """What stands there when there are no cards at all."""
        self._empty.tell(message, icon, label, action)

    # Columns

    @property
    def reading(self) -> bool:
        """Whether what is shown is about to be replaced."""
        return self._loading

    @property
    def grouping(self) -> Grouping:
        """What the columns stand for."""
        return self._grouping

    def group_by(self, grouping: Grouping) -> None:
        """Other columns for the same leads."""
        if grouping is not self._grouping:
            self._grouping = grouping
            if self._known:
                self._ask()

    def save_state(self) -> dict[str, Any]:
        """Columns, their width, and which are folded, as plain data."""
        folded = {name: sorted(keys) for name, keys in self._folded.items() if keys}
        return {"grouping": str(self._grouping), "width": self.row.chosen_width, "folded": folded}

    def restore_state(self, state: dict[str, Any]) -> None:
        """The inverse of `save_state`; what makes no sense is passed over."""
        grouping, width, folded = state.get("grouping"), state.get("width"), state.get("folded")
        if grouping in list(Grouping):
            self._grouping = Grouping(str(grouping))
        if type(width) is int:
            self.row.set_width(width)
        if isinstance(folded, dict):
            known = {str(name): keys for name, keys in folded.items() if isinstance(keys, list)}
            self._folded = {name: {key for key in keys if type(key) is int} for name, keys in known.items()}

    def _on_collapsed(self, column: Column) -> None:
        keys = self._folded.setdefault(self._grouping, set())
        (keys.add if column.collapsed else keys.discard)(column.spec.key)
        self._load_seen()

    def _open_head_menu(self, column: Column, at: QPoint) -> None:
        add = self._context.deed(Act.CHANGE, partial(self._add, column))
        head_menu(self, self.row, column, add).popup(at)

    def _add(self, column: Column) -> None:
        """A new lead in a column, with what the column stands for (T4: the stage's own probability)."""
        if not self._context.permits(Act.CHANGE):
            return
        from app.ui.lead_form.dialog import new_lead

        lead_id = new_lead(self._context, self.window(), start=start_in(self._grouping, column.spec))
        if lead_id is not None:
            self.go_to(lead_id)

    # Reading

    def _ask(self) -> None:
        """Everything anew, in a thread; what is shown stays until it is there."""
        self._asked += 1
        self._loading = True
        board, query, grouping = self._context.office.board, self._query, self._grouping
        self._latest.ask(lambda: board.contents(query, grouping), lambda found: self._show(found, grouping))

    def _show(self, found: BoardContents, grouping: Grouping) -> None:
        self._loading = False
        chosen, current, focus_due = self.selected_ids(), self.row.current_id(), self._focus_due
        self._sums = dict(found.sums)
        self._cards.word(CardWords(self._context.wording, self._context.formats, grouping))
        self.row.show_columns([spec for spec in found.columns if self._is_seen(spec, found)], self._head)
        folded = self._folded.get(grouping, set())
        for column in self.row.columns:
            if column.collapsed != (column.spec.key in folded):
                self.row.collapse(column, column.spec.key in folded)
            key = column.spec.key
            column.view.column.show_places(found.places.get(key, array("q")), found.ids.get(key, array("q")))
        self._known = True
        self._load_seen()
        self.row.update_cards()
        self.row.choose(chosen, current)
        self._say_empty()
        self.moving.arrive()
        self._find_wanted()
        if focus_due:  # last: what is chosen changes pages beside the board, which take the keyboard
            self.setFocus()
        self._recount(sums=False)

    def _is_seen(self, spec: BoardColumn, found: BoardContents) -> bool:
        """Columns of those whose leads are not seen would be empty for ever."""
        whose = self._grouping is Grouping.RESPONSIBLE and found.places.get(spec.key) is None
        return not whose or self._context.allowed.rights.sees(None if spec.key == WITHOUT else spec.key)

    def _head(self, spec: BoardColumn) -> Any:
        return head_words(self._context, self._grouping, spec, self._sums.get(spec.key, ColumnSums()))

    def _load_seen(self) -> None:
        """Fetch what is about to be painted, of all columns in one statement."""
        self._cards.load(self.row.seen_ids())

    def _recount(self, *, sums: bool = True) -> None:
        """The sums of the columns and of the whole, in a thread, once what changed is painted."""
        office, query, grouping, asked = self._context.office, self._query, self._grouping, self._asked

        def read(_progress: object) -> tuple[dict[int, ColumnSums] | None, Totals]:
            return dict(office.board.sums(query, grouping)) if sums else None, office.lists.totals(query)

        def done(found: tuple[dict[int, ColumnSums] | None, Totals]) -> None:
            if asked == self._asked:
                self._show_sums(*found)

        self._context.jobs.start(Job(Text("Counting"), read, done, quiet=True, patient=True, owner=self))

    def _show_sums(self, sums: dict[int, ColumnSums] | None, totals: Totals) -> None:
        if sums is not None:
            self._sums = sums
            self._show_heads()
        self._footer.show_figures(*self._figures(self._context.wording, totals))

    def _show_heads(self) -> None:
        for column in self.row.columns:
            column.show_column(column.spec, self._head(column.spec))

    def _reword(self) -> None:
        """Theme or day are others."""
        self._cards.word(CardWords(self._context.wording, self._context.formats, self._grouping))
        self._show_heads()
        self.row.update_cards()

    def _say_empty(self) -> None:
        empty = not any(column.view.column.rowCount() for column in self.row.columns)
        self._empty.setVisible(empty)
        self._cover()

    def _cover(self) -> None:
        """What stands in place of the cards lies below the heads."""
        heads = max((column.head.sizeHint().height() for column in self.row.columns), default=0)
        self._empty.setGeometry(self.row.viewport().geometry().adjusted(0, heads, 0, 0))
        self._empty.raise_()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._footer.setVisible(self.height() >= self._context.theme.px(_ROOM_FOR_SUMS))
        self._cover()

    def _find_wanted(self) -> None:
        wanted, self._wanted = self._wanted, None
        if wanted is None:
            return
        self.row.choose([wanted], wanted)
        if self.row.selected_ids() == [wanted]:
            self.row.reveal(wanted)
        elif self._narrowed:
            self._wanted = wanted  # a filter hides it
            self.hidden.emit()

    # What changes

    def _on_change(self, change: ChangeSet) -> None:
        if not change.concerns(*_CONCERNING):
            return
        if not self._known:
            if self._loading:  # what is being read may be from before
                self._ask()
            return
        ids = _concerned(change)
        self._cards.forget(ids)
        if change.concerns(*_NAMES):
            self._cards.forget_all()
            self.row.update_cards()
        if not self.isVisible():
            self._stale = True
        elif self._loading or len(ids) > _FEW or self._rebuilt_by(change):
            self._cards.forget_all()
            self._ask()
        elif self._put(ids):
            self._load_seen()
            self._recount()
        else:
            self._ask()

    def _rebuilt_by(self, change: ChangeSet) -> bool:
        """Whether more leads may have come, gone or moved than the change names."""
        return rebuilt_by(change, self._grouping) or (self._narrowed and change.concerns(*_NAMES))

    def _put(self, ids: Iterable[int]) -> bool:
        """Bring these leads to their places; false when a column is missing for one, or left over."""
        found = self._context.office.board.places(self._query, self._grouping, ids)
        if any(self.row.column(key) is None for key, _place in found.values()):
            return False
        chosen, current = self.selected_ids(), self.row.current_id()
        before = None if self.row.current is None else self.row.current.view.currentIndex().row()
        self.row.hold(True)
        for lead_id in ids:
            self.row.put(lead_id, found.get(lead_id))
        self.row.hold(False)
        self.row.choose(chosen, current)
        if chosen and not self.selected_ids() and before is not None and self.row.current is not None:
            self.row.current.view.go_to_row(before)  # it is gone: go on with the one in its place
        self._say_empty()
        taken = {column.spec.key: column.view.column.rowCount() > 0 for column in self.row.columns}
        kept = all(column.spec.takes or taken[column.spec.key] for column in self.row.columns)
        return kept and not lacks_month(self._grouping, list(taken), {key for key, some in taken.items() if some})

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        if self._stale:
            self._stale = False
            self._ask()

    def _carry(self, column: Column) -> None:
        ids, held = self.selected_ids(), column.view.currentIndex().row()
        card = column.view.column.card(held) if held >= 0 else None
        if ids:
            mime = packed(ids, str(self._context.office.store.path))
            self.dragging.carry(mime, card, len(ids), column.view)

    def _end(self, command: str, ids: list[int]) -> None:
        """Leads were let go over a zone or sent there by key: choose them; with the mouse free its command follows."""
        self.row.choose(ids, ids[0])
        QTimer.singleShot(0, self, lambda: self.asked.emit(command))

    def _rename(self, lead_id: int, title: str) -> None:
        work = lambda _progress: self._context.office.leads.edit([lead_id], title=title)  # noqa: E731 - one expression
        self._context.jobs.write(Job(Text("Saving"), work, owner=self))


def _concerned(change: ChangeSet) -> frozenset[int]:
    """The leads whose cards or places may be others."""
    return change.touched | change.ids("lead") | {row.lead_id for row in change.rows if row.lead_id is not None}
