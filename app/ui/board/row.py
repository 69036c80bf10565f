"""The columns of a board side by side: their widths, and which cards are chosen in all of them together."""

from collections.abc import Callable, Collection, Iterator, Sequence
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QMimeData, QPoint, Qt, QTimer, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QScrollArea, QWidget

from app.core.i18n import tr
from app.services.board import BoardColumn
from app.ui.board.cards import Cards
from app.ui.board.column import Column
from app.ui.board.head import DETAILS, HeadWords
from app.ui.board.model import ColumnModel
from app.ui.board.view import ColumnView

if TYPE_CHECKING:
    from app.ui.theme import Theme

#: How wide a column is at least and, unless somebody chose more, at most; before scaling.
LEAST, MOST = 184, 420
WIDEST = 800


class ColumnRow(QScrollArea):
    """Signals carry the column or what was done in it."""

    selectedIdsChanged = Signal()
    opened = Signal()
    editAsked = Signal()
    menuRequested = Signal(QPoint)
    headMenuAsked = Signal(object, QPoint)
    addAsked = Signal(object)
    renamed = Signal(object, str)
    moved = Signal(object, int)  # what is chosen goes this many columns on from a column
    moveAsked = Signal()
    dropped = Signal(object, object)  # a column, the leads let go over it
    carried = Signal(object)
    collapsedChanged = Signal(object)

    def __init__(
        self, theme: "Theme", cards: Cards, read: Callable[[QMimeData], list[int]], permits: Callable[[], bool]
    ) -> None:
        """`read` gives the leads that may be let go over a column, `permits` is asked before a card is changed."""
        super().__init__()
        self._permits = permits
        self._theme = theme
        self._cards = cards
        self._read = read
        self._columns: list[Column] = []
        self._current = 0
        self._width = 0  # before scaling; 0 for as wide as there is room
        self._quiet = False
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setAccessibleName(tr("Board"))
        self.setWidgetResizable(True)
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        inner = QWidget()
        self._box = QHBoxLayout(inner)
        self._box.setContentsMargins(0, 0, 0, 0)
        self._box.setSpacing(0)
        self._box.addStretch()
        self.setWidget(inner)
        inner.setAutoFillBackground(False)  # setWidget turns it on
        self.viewport().setAutoFillBackground(False)
        theme.fit(self, self._fit)

    # The columns

    @property
    def columns(self) -> Sequence[Column]:
        """All of them from left to right."""
        return self._columns

    def column(self, key: int) -> Column | None:
        """The one that stands for a stage, a month, …"""
        return next((column for column in self._columns if column.spec.key == key), None)

    def show_columns(self, specs: Sequence[BoardColumn], words: Callable[[BoardColumn], HeadWords]) -> None:
        """These columns, and no others; those that were there are used again."""
        while len(self._columns) > len(specs):
            column = self._columns.pop()
            self._box.removeWidget(column)
            column.hide()
            column.deleteLater()
        while len(self._columns) < len(specs):
            self._add()
        for column, spec in zip(self._columns, specs, strict=True):
            column.show_column(spec, words(spec))
        self._current = min(self._current, max(0, len(specs) - 1))
        self._offer_tab()
        self._fit()

    def _add(self) -> None:
        model = ColumnModel(self._cards, self)
        view = ColumnView(self._theme, model)
        view.permits = self._permits
        column = Column(self._theme, view, self._read, self._detail)
        model.setParent(column)
        model.renamed.connect(self.renamed)
        view.chosen.connect(partial(self._on_chosen, column))
        view.currentIdChanged.connect(partial(self._on_current, column))
        view.opened.connect(self.opened)
        view.editAsked.connect(self.editAsked)
        view.menuRequested.connect(self.menuRequested)
        view.stepped.connect(partial(self._step, column))
        view.toggled.connect(partial(self._toggle, column))
        view.moved.connect(partial(self.moved.emit, column))
        view.moveAsked.connect(self.moveAsked)
        view.carried.connect(partial(self.carried.emit, column))
        column.head.menuAsked.connect(partial(self.headMenuAsked.emit, column))
        column.head.addAsked.connect(partial(self.addAsked.emit, column))
        column.head.expandAsked.connect(partial(self.collapse, column, False))
        column.dropped.connect(partial(self.dropped.emit, column))
        column.widened.connect(self._on_drawn)
        column.widthForgotten.connect(partial(self.set_width, 0))
        self._columns.append(column)
        self._box.insertWidget(self._box.count() - 1, column)
        column.show()

    def _detail(self) -> int:
        """How much the heads say: as much as there is room for in all of them."""
        heads = [column.head for column in self._columns]
        most = len(DETAILS) - 1
        return next((detail for detail in range(most) if all(head.has_room(detail) for head in heads)), most)

    def collapse(self, column: Column, collapsed: bool) -> None:
        """Show only its name, or all of it again."""
        focused = column.view.hasFocus() or column.head.hasFocus()
        column.collapse(collapsed)
        self._fit()
        if focused:
            (column.head if collapsed else column.view).setFocus(Qt.FocusReason.TabFocusReason)
        self.collapsedChanged.emit(column)

    # Widths

    @property
    def chosen_width(self) -> int:
        """How wide columns were made, before scaling; 0 when nobody did."""
        return self._width

    def set_width(self, width: int) -> None:
        """So wide all columns are, before scaling; 0 for as wide as there is room."""
        self._width = 0 if width <= 0 else max(LEAST, min(WIDEST, width))
        self._fit()

    def widen(self, by: int) -> None:
        """Wider or narrower than they are."""
        shown = next((column.width() for column in self._columns if not column.collapsed), 0)
        self.set_width((self._width or round(shown * 100 / self._theme.scale)) + by)

    def _on_drawn(self, width: int) -> None:
        self.set_width(max(LEAST, round(width * 100 / self._theme.scale)))

    def _fit(self) -> None:
        """Give every column its width."""
        px, opened = self._theme.px, [column for column in self._columns if not column.collapsed]
        for column in self._columns:
            column.end_row(column is self._columns[-1])
            if column.collapsed:
                column.give_width(0)
        if not opened:
            return
        gap = px(10)
        taken = sum(column.width() for column in self._columns if column.collapsed)
        room = (self.viewport().width() + (0 if self._columns[-1].collapsed else gap) - taken) // len(opened) - gap
        width = px(self._width) if self._width else max(px(LEAST), min(px(MOST), room))
        for column in opened:
            column.give_width(width)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit()

    # What is chosen

    def selected_ids(self) -> list[int]:
        """The cards chosen, column after column."""
        return [lead_id for column in self._columns for lead_id in column.view.selected_ids()]

    @property
    def current(self) -> Column | None:
        """The column the keyboard is in."""
        return self._columns[self._current] if self._columns else None

    def current_id(self) -> int | None:
        """The card the keyboard is on."""
        return None if self.current is None else self.current.view.current_id()

    def menu_place(self) -> QPoint:
        """Where a menu for the current card opens on the screen."""
        return self.mapToGlobal(QPoint(0, 0)) if self.current is None else self.current.view.menu_place()

    def choose(self, ids: Collection[int], current: int | None) -> None:
        """Choose these alone, as far as they are there, and go to one of them; told once, if it is news. Where the
        keyboard was in the cards it goes along.
        """
        before, held = self.selected_ids(), any(column.view.hasFocus() for column in self._columns)
        target = None if current is None else self._holder(current)
        self._quiet = True
        for column in self._columns:
            column.view.choose(ids, current if column is target else None)
        self._quiet = False
        if target is not None:
            self._make_current(target)
            if held and not target.collapsed:
                target.view.setFocus(Qt.FocusReason.OtherFocusReason)
        if self.selected_ids() != before:
            self.selectedIdsChanged.emit()

    def _holder(self, lead_id: int) -> Column | None:
        """The column a lead stands in."""
        return next((column for column in self._columns if column.view.column.row_of(lead_id) is not None), None)

    def hold(self, held: bool) -> None:
        """While cards change places nobody is told what is chosen: for a moment it is not what it seems."""
        self._quiet = held

    def put(self, lead_id: int, where: tuple[int, int] | None) -> None:
        """Bring a lead to a column and a place, or take it away; one that stands there already is drawn anew."""
        for column in self._columns:
            model = column.view.column
            row = model.row_of(lead_id)
            if row is None:
                continue
            if (column.spec.key, model.place_at(row)) == where:
                column.view.viewport().update()
                return
            model.take(row)
        target = None if where is None else self.column(where[0])
        if where is not None and target is not None:
            target.view.column.put(where[1])

    def select_all(self) -> None:
        """Every card that is not folded away."""
        self._quiet = True
        for column in self._columns:
            if not column.collapsed:
                column.view.selectAll()
        self._quiet = False
        self.selectedIdsChanged.emit()

    def reveal(self, lead_id: int) -> None:
        """Bring a card into sight."""
        column = self._holder(lead_id)
        if column is not None:
            if column.collapsed:
                self.collapse(column, False)
            column.view.updateGeometries()
            column.view.scrollTo(column.view.currentIndex())
            self.ensureWidgetVisible(column, 0, 0)
            # a column that has just come has its place only now
            QTimer.singleShot(0, column, lambda: self.ensureWidgetVisible(column, 0, 0))

    def focus_current(self, reason: Qt.FocusReason = Qt.FocusReason.OtherFocusReason) -> None:
        """The keyboard goes to the cards: to where it was, else to the first column that has some."""
        if self.current is None or not self._can_enter(self.current):
            first = next(filter(self._can_enter, self._columns), None)
            if first is None:
                self.setFocus(reason)
                return
            self._make_current(first)
        assert self.current is not None
        self.current.view.setFocus(reason)

    def _can_enter(self, column: Column) -> bool:
        return not column.collapsed and column.view.column.rowCount() > 0

    def _on_chosen(self, column: Column, adding: bool) -> None:
        """Cards were chosen in one column: those of the others stay chosen only if they are to."""
        if self._quiet:
            return
        if not adding:
            self._quiet = True
            for other in self._columns:
                if other is not column:
                    other.view.clearSelection()
            self._quiet = False
        self.selectedIdsChanged.emit()

    def _toggle(self, column: Column) -> None:
        """The only card chosen stays so: the next key is meant for it."""
        if self.selected_ids() != [column.view.current_id()]:
            column.view.toggle()

    def _on_current(self, column: Column) -> None:
        if not self._quiet and column.view.current_id() is not None:
            self._make_current(column)

    def _make_current(self, column: Column) -> None:
        self._current = self._columns.index(column)
        self._offer_tab()

    def _offer_tab(self) -> None:
        """Tab stops at the column the keyboard is in; the arrows go on from there."""
        for place, column in enumerate(self._columns):
            tab = place == self._current
            column.view.setFocusPolicy(Qt.FocusPolicy.StrongFocus if tab else Qt.FocusPolicy.ClickFocus)

    def _step(self, column: Column, by: int, adding: bool) -> None:
        """To the next column that has cards, to the card beside this one."""
        height = column.view.height_of_current()
        for other in self._beyond(column, by):
            if self._can_enter(other):
                self._make_current(other)
                self._quiet = True
                other.view.go_to_row(other.view.row_at_height(height), select=not adding)
                self._quiet = False
                self._on_chosen(other, adding)
                other.view.setFocus(Qt.FocusReason.OtherFocusReason)
                self.ensureWidgetVisible(other, 0, 0)
                return

    def _beyond(self, column: Column, by: int) -> Iterator[Column]:
        """The columns on one side of a column, the nearest first."""
        place = self._columns.index(column)
        return iter(self._columns[place + 1 :] if by > 0 else reversed(self._columns[:place]))

    def target(self, column: Column, by: int) -> Column | None:
        """The nearest column on one side that takes leads."""
        return next((other for other in self._beyond(column, by) if other.spec.takes), None)

    def update_cards(self) -> None:
        """Draw everything that is seen anew."""
        for column in self._columns:
            column.view.viewport().update()

    def seen_ids(self) -> list[int]:
        """The leads whose cards there is room for."""
        return [
            column.view.column.ids[row]
            for column in self._columns
            if not column.collapsed
            for row in column.view.seen_rows()
        ]
