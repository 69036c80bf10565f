"""Moving cards, by mouse or keyboard: one verb, and what is said after it."""

from collections.abc import Callable, Sequence
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtGui import QAccessible, QAccessibleAnnouncementEvent
from PySide6.QtWidgets import QMenu, QWidget

from app.core.i18n import Plural, tr
from app.core.roles import Act
from app.ui.allowed import offer
from app.ui.board.column import Column
from app.ui.board.moves import move_to, right_to_move
from app.ui.board.row import ColumnRow
from app.ui.board.wording import column_name, moved_words
from app.ui.board.zones import ENDINGS
from app.ui.jobs import Job

if TYPE_CHECKING:
    from app.services.board import Grouping
    from app.ui.context import Context


class Moving(QObject):
    """Brings the leads of a board into other columns. `spoken` is what screen readers are told.

    `ended(command, ids)` asks for what ends leads, as the zones for the mouse do.
    """

    spoken = Signal(str)
    ended = Signal(str, object)

    def __init__(
        self, context: "Context", row: ColumnRow, grouping: "Callable[[], Grouping]", reading: Callable[[], bool],
        board: QWidget,
    ) -> None:  # fmt: skip
        """`grouping` tells what the columns stand for, `reading` whether they are about to be shown anew."""
        super().__init__(board)
        self._context = context
        self._row = row
        self._grouping = grouping
        self._reading = reading
        self._board = board
        self._arriving: tuple[list[int], int] | None = None  # what was moved, and to which column

    def drop(self, column: Column, ids: Sequence[int]) -> None:
        """Bring leads into a column, by one verb: what is refused stays where it is, and why is said."""
        moving = [lead_id for lead_id in ids if column.view.column.row_of(lead_id) is None]
        if not moving or not column.spec.takes or not self._context.permits(right_to_move(self._grouping())):
            return
        verb, key = move_to(self._context.office.leads, self._grouping(), column.spec), column.spec.key
        title = Plural("Changing {n} lead", "Changing {n} leads", n=len(moving))
        job = Job(title, lambda _progress: verb(moving), lambda _done: self._on_moved(moving, key), owner=self)
        self._context.jobs.write(job, leads=len(moving))

    def move_on(self, column: Column, by: int) -> None:
        """Bring what is chosen from a column this many columns on."""
        target, ids = self._row.target(column, by), self._row.selected_ids()
        if target is not None and ids:
            self.drop(target, ids)

    def ask_where(self) -> None:
        """A menu of the columns that take leads and of the ways to end, for what is chosen."""
        ids = self._row.selected_ids()
        if not ids:
            return
        menu = QMenu(tr("Move to"), self._board)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        right = right_to_move(self._grouping())
        for column in self._row.columns:
            if column.spec.takes:
                move = self._context.deed(right, partial(self.drop, column, ids))
                offer(menu, column.head.words.name.replace("&", "&&"), move)
        menu.addSeparator()
        for ending in ENDINGS:
            offer(menu, tr(ending.label), self._context.deed(Act.CHANGE, partial(self._end, ending.command, ids)))
        menu.popup(self._row.menu_place())

    def _end(self, command: str, ids: Sequence[int]) -> None:
        self.ended.emit(command, ids)

    def _on_moved(self, ids: list[int], key: int) -> None:
        self._arriving = (ids, key)
        if not self._reading():
            self.arrive()

    def arrive(self) -> None:
        """What was moved is chosen where it stands now, and that is said; once it is there."""
        arriving, self._arriving = self._arriving, None
        column = None if arriving is None else self._row.column(arriving[1])
        if arriving is None or column is None:
            return
        ids, model = arriving[0], column.view.column
        there = next((lead_id for lead_id in ids if model.row_of(lead_id) is not None), None)
        if there is None:
            return
        focused = self._board.isAncestorOf(self._board.window().focusWidget())
        self._row.choose(ids, there)
        if not column.collapsed:
            self._row.reveal(there)
            if focused:
                self._row.focus_current()
        place = model.row_of(there) or 0
        card, name = model.card(place), column_name(self._context, self._grouping(), column.spec)
        self._speak(moved_words(len(ids), "" if card is None else card.title, name, place + 1, model.rowCount()))

    def _speak(self, words: str) -> None:
        QAccessible.updateAccessibility(QAccessibleAnnouncementEvent(self._board, words))
        self.spoken.emit(words)
