"""The keys of the program, by menu and by place, with a line to find one."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFrame, QGridLayout, QLabel, QVBoxLayout, QWidget

from app.core.folding import search_key
from app.core.i18n import N_, tr
from app.ui.forms.dialog import Dialog, scrolled
from app.ui.keys import named
from app.ui.widgets.filter_edit import FilterEdit

if TYPE_CHECKING:
    from app.ui.actions import Actions
    from app.ui.context import Context

#: Keys that belong to a place and not to a command: heading, what happens, keys as Qt writes them.
_PLACES: tuple[tuple[str, str, str], ...] = (
    (N_("In a list"), N_("Open the lead"), "Return"),
    (N_("In a list"), N_("Edit the cell (typing does it, too)"), "F2"),
    (N_("In a list"), N_("To the values in the detail panel"), "Shift+F2"),
    (N_("In a cell"), N_("Take it over and go down or up"), "Return … Shift+Return"),
    (N_("In a cell"), N_("Take it over and edit the next or the one before"), "Tab … Shift+Tab"),
    (N_("In a cell"), N_("Give the old value back"), "Esc"),
    (N_("In the detail panel"), N_("Edit the value"), "F2"),
    (N_("In the detail panel"), N_("Back to the list"), "Esc"),
    (N_("In a form"), N_("Save"), "Ctrl+Return"),
    (N_("In a form"), N_("Leave"), "Esc"),
    (N_("In the settings"), N_("Move a row up or down"), "Alt+Up … Alt+Down"),
)


@dataclass(frozen=True)
class Key:
    """One line: under which heading, what it does, and the keys as this platform names them."""

    group: str
    words: str
    keys: str


def all_keys(actions: "Actions") -> list[Key]:
    """The keys of all commands, from their table, and those of the places."""
    commands = [Key(menu.replace("&", ""), words, keys) for menu, words, keys in actions.shortcuts()]
    return commands + [Key(tr(group), tr(words), _native(keys)) for group, words, keys in _PLACES]


def _native(keys: str) -> str:
    return " … ".join(named(each) for each in keys.split(" … "))


class ShortcutsDialog(Dialog):
    """Lists them all; typing narrows the list."""

    def __init__(self, context: "Context", actions: "Actions", parent: QWidget | None = None) -> None:
        super().__init__(context.theme, tr("Keyboard shortcuts"), parent)
        self._keys = all_keys(actions)
        self._rows: list[tuple[Key, list[QWidget]]] = []
        self._heads: dict[str, QLabel] = {}
        self._search = FilterEdit(context.theme, tr("Find a shortcut"))
        self._search.textChanged.connect(self._narrow)
        self._none = QLabel(tr("No shortcut of this name."))
        self._none.setProperty("kind", "muted")
        self._none.hide()
        self.body.addWidget(self._search)
        self.body.addWidget(self._none)
        self.body.addWidget(scrolled(self._table(), focus=True), 1)
        self.add_close(self.add_bar())
        self.remember_size(context.settings, "shortcuts", 520, 640)
        self._search.setFocus()

    def shown(self) -> list[Key]:
        """The keys that the search leaves."""
        return [key for key, widgets in self._rows if not widgets[0].isHidden()]

    def _table(self) -> QWidget:
        px = self.theme.px
        page = QWidget()
        box = QVBoxLayout(page)
        box.setContentsMargins(0, 0, px(10), 0)
        grid = QGridLayout()
        grid.setVerticalSpacing(px(7))
        grid.setHorizontalSpacing(px(16))
        grid.setColumnStretch(0, 1)
        row = 0
        for key in self._keys:
            if key.group not in self._heads:
                head = QLabel(key.group)
                head.setProperty("kind", "heading")
                head.setContentsMargins(0, px(8) if row else 0, 0, 0)
                self._heads[key.group] = head
                grid.addWidget(head, row, 0, 1, 2)
                row += 1
            grid.addWidget(words := QLabel(key.words), row, 0)
            grid.addWidget(caps := _caps(key), row, 1, Qt.AlignmentFlag.AlignRight)
            words.setWordWrap(True)
            self._rows.append((key, [words, caps]))
            row += 1
        box.addLayout(grid)
        box.addStretch()
        return page

    def _narrow(self, typed: str) -> None:
        words = search_key(typed).split()
        for key, widgets in self._rows:
            text = search_key(f"{key.group} {key.words} {key.keys}")
            for widget in widgets:
                widget.setVisible(all(word in text for word in words))
        shown = {key.group for key in self.shown()}
        for group, head in self._heads.items():
            head.setVisible(group in shown)
        self._none.setVisible(not shown)


def _caps(key: Key) -> QLabel:
    """The keys in a frame, as they stand on a keyboard."""
    label = QLabel(key.keys)
    label.setProperty("kind", "keys")
    label.setFrameShape(QFrame.Shape.NoFrame)
    label.setAccessibleName(f"{key.words}: {key.keys}")
    return label
