"""The commands about what is seen: the list in front with its columns and selection, colours and row height."""

from collections.abc import Callable, Mapping
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QLabel, QLineEdit, QPlainTextEdit

from app.core.roles import Act
from app.core.settings import DENSITY, THEME
from app.ui.tables.view import TableView

if TYPE_CHECKING:
    from app.core.settings import Setting
    from app.ui.context import Context
    from app.ui.main_window import MainWindow
    from app.ui.record_table.instead import Instead

_CHOICES: "tuple[Setting[str], ...]" = (THEME, DENSITY)


class ViewTasks:
    """Carries them out for a window; `stop` when that is about to be without a store."""

    def __init__(self, window: "MainWindow", context: "Context") -> None:
        self._window = window
        self._context = context
        self._stops = [context.settings.listen(setting, lambda _value: self._mark()) for setting in _CHOICES]
        self._mark()

    def stop(self) -> None:
        """Hear of settings no more."""
        for stop in self._stops:
            stop()

    def commands(self) -> Mapping[str, Callable[[], object]]:
        """The commands by id."""
        choices = {
            f"{setting.key}:{value}": partial(self._choose, setting, value)
            for setting in _CHOICES
            for value, _label in setting.choices
        }
        return {
            "edit_cell": self._edit_cell,
            "edit_filter": self._edit_filter,
            "save_view": self._save_view,
            "views": self._manage_views,
            "filter": self._filter,
            "quick_add": self._quick_add,
            "board": self._board,
            "columns": self._columns,
            "copy": self._copy,
            "paste": self._paste,
            "select_all": self._select_all,
            "group": self._group,
            "expand_groups": partial(self._fold, False),
            "collapse_groups": partial(self._fold, True),
            **choices,
        }

    def _filter(self) -> None:
        tab = self._window.list_tab()
        if tab is not None:
            tab.focus_filter()

    def _edit_filter(self) -> None:
        tab = self._window.list_tab()
        if tab is not None:
            tab.edit_filter()

    def _save_view(self) -> None:
        tab = self._window.list_tab()
        if tab is not None:
            tab.views.save_as()

    def _manage_views(self) -> None:
        tab = self._window.list_tab()
        if tab is not None:
            tab.views.manage()

    def _board(self) -> None:
        """The active leads as a board, or as a list again."""
        before, tab = self._window.current_tab(), self._window.go_to("leads")
        tab.board_switch.turn(tab is not before or not tab.board_switch.on)
        self.mark_board()

    def mark_board(self) -> None:
        """Tick it while it is in front; what concerns the rows of a list can be done where there is one."""
        tab = self._window.list_tab()
        rows = tab is not None and tab.front is tab.panel.view
        self._window.actions_["board"].setChecked(tab is not None and not rows)
        self._window.actions_.enable({"rows": rows})

    def _columns(self) -> None:
        from app.ui.record_table.arrange import ArrangeDialog

        tab = self._window.list_tab()
        if tab is not None:
            ArrangeDialog(self._context, tab.panel.view.header, self._window).exec()

    def _copy(self) -> None:
        """What is marked where the cursor is, else the rows chosen."""
        focused = self._window.focusWidget()
        if isinstance(focused, QLineEdit | QPlainTextEdit):
            focused.copy()
        elif isinstance(focused, QLabel) and focused.hasSelectedText():
            QGuiApplication.clipboard().setText(focused.selectedText())
        else:
            self._rows().copy()

    def _paste(self) -> None:
        """Into the text where the cursor is, else as new leads or customers, once one has seen what they would be."""
        focused, tab = self._window.focusWidget(), self._window.lead_tab()
        if isinstance(focused, QLineEdit | QPlainTextEdit):
            focused.paste()
        elif not self._context.permits(Act.IMPORT):
            return
        elif tab is not None:
            from app.ui.importing.pasting import paste_leads

            paste_leads(self._context, tab.pasted_status, self._window)
        elif self._window.front.key == "customers":
            from app.ui.contact_files.pasting import paste_contacts

            paste_contacts(self._context, self._window.current_tab().entity, self._window)

    def _group(self) -> None:
        tab = self._window.list_tab()
        if tab is not None and tab.group_chip.isVisible():
            tab.group_chip.showMenu()

    def _fold(self, folded: bool) -> None:
        tab = self._window.list_tab()
        if tab is not None:
            tab.panel.fold_all(folded)

    def _edit_cell(self) -> None:
        """The cell the keyboard is on, or that was clicked; of a card the title."""
        tab = self._window.list_tab()
        if tab is not None and tab.front is tab.panel.view:
            tab.panel.view.setFocus()
            tab.panel.editing.ask()
        elif tab is not None:
            self._window.go_to("leads").board_switch.board.edit_title()

    def _quick_add(self) -> None:
        """The line for a new lead; where ideas are in front, the one for a new idea."""
        ideas = self._window.built_tabs().get("potential")
        tab = ideas if ideas is not None and ideas is self._window.current_tab() else self._window.go_to("leads")
        tab.focus_entry()

    def _select_all(self) -> None:
        """All of the text where the cursor is, else all rows."""
        focused = self._window.focusWidget()
        if isinstance(focused, QLineEdit | QPlainTextEdit):
            focused.selectAll()
        else:
            self._rows().selectAll()

    def _rows(self) -> "Instead | TableView":
        """The table the keyboard is in, else the one that stands for the tab."""
        focused = self._window.focusWidget()
        return focused if isinstance(focused, TableView) else self._window.current_tab().front

    def _choose(self, setting: "Setting[str]", value: str) -> None:
        self._context.settings[setting] = value
        self._mark()  # a press on the one that holds would take its tick away

    def _mark(self) -> None:
        """Tick what holds."""
        for setting in _CHOICES:
            for value, _label in setting.choices:
                action = self._window.actions_[f"{setting.key}:{value}"]
                action.setChecked(self._context.settings[setting] == value)
