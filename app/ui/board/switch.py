"""The switch between a list and the board of the same leads, with all that goes along."""

from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject, Signal
from PySide6.QtGui import QActionGroup
from PySide6.QtWidgets import QMenu

from app.core.i18n import tr
from app.services.board import Grouping
from app.ui.board.wording import grouping_label
from app.ui.widgets.chips import Chip, Switch

if TYPE_CHECKING:
    from app.ui.board.board import Board, Figures
    from app.ui.context import Context
    from app.ui.lead_table.lists import LeadPanel

_LIST, _BOARD = "list", "board"


class ListOrBoard(QObject):
    """Stands beside the filter of a list. The board is built when it is first shown.

    `asked` is for a command of the window; `turned` comes after another view was chosen.
    """

    asked = Signal(str)
    turned = Signal()

    def __init__(self, context: "Context", panel: "LeadPanel", figures: "Figures", parent: QObject) -> None:
        super().__init__(parent)
        self._context = context
        self._panel = panel
        self._figures = figures
        self._on = False
        self._board: Board | None = None
        self._kept: dict[str, Any] = {}
        self._switch = Switch(context.theme, [(_LIST, tr("List")), (_BOARD, tr("Board"))], tr("View"))
        self._switch.chosen.connect(self._on_switch)
        self._chip = Chip(context.theme, "")
        self._fill_chip()
        panel.bar.insert_widget(0, self._switch)
        self._switch.lower()  # Tab comes to it before the filter, as it stands
        panel.bar.addWidget(self._chip)
        self._chip.hide()

    def _fill_chip(self) -> None:
        """What the columns of the board stand for."""
        menu = QMenu(self._chip)
        group = QActionGroup(menu)
        self._entries = {grouping: menu.addAction(grouping_label(grouping)) for grouping in Grouping}
        for grouping, action in self._entries.items():
            action.setCheckable(True)
            group.addAction(action)
            action.triggered.connect(lambda _on=False, grouping=grouping: self.group_by(grouping))
        self._chip.set_menu(menu)
        self._chip.setCheckable(False)

    @property
    def on(self) -> bool:
        """Whether the board is shown."""
        return self._on

    @property
    def board(self) -> "Board":
        """The board, made when it is first asked for."""
        if self._board is None:
            from app.ui.board.board import Board

            board = self._board = Board(self._context, self._panel.shown_columns, self._figures)
            board.restore_state(self._kept)
            board.selectedIdsChanged.connect(self._panel.tell_selection)
            board.opened.connect(lambda: self._panel.opened.emit(None))
            board.editAsked.connect(self._panel.editAsked)
            board.menuRequested.connect(self._panel.menuRequested)
            board.asked.connect(self.asked)
            board.hidden.connect(self._panel.widen)
            self._show_grouping()
        return self._board

    def turn(self, on: bool, *, read: bool = True) -> None:
        """Show the board or the list, with the same lead chosen; `read` it at once."""
        chosen = self._panel.selected_ids()
        self._on = on
        self._switch.choose(_BOARD if on else _LIST)
        self._chip.setVisible(on)
        self._panel.show_instead(self.board if on else None)
        self.turned.emit()
        if read:
            self._panel.reload()
            if chosen:
                self._panel.go_to(chosen[0])
            self._panel.front.setFocus()

    def group_by(self, grouping: Grouping) -> None:
        """Other columns."""
        self.board.group_by(grouping)
        self._show_grouping()

    def _show_grouping(self) -> None:
        grouping = self.board.grouping
        self._entries[grouping].setChecked(True)
        self._chip.setText(tr("Columns: {grouping}", grouping=grouping_label(grouping)))

    def _on_switch(self, key: str) -> None:
        if (key == _BOARD) != self._on:
            self.asked.emit("board")

    def save_state(self) -> dict[str, Any]:
        """What is remembered of it."""
        return {"on": self._on, **(self._kept if self._board is None else self._board.save_state())}

    def restore_state(self, state: object) -> None:
        """The inverse of `save_state`; before anything is read."""
        if isinstance(state, dict):
            self._kept = state
            if state.get("on") is True:
                self.turn(True, read=False)
