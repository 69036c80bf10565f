"""The keys of the program, by menu and by place, with a line to find one; those of commands can be changed."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtGui import QAccessible, QAccessibleAnnouncementEvent, QKeySequence
from PySide6.QtWidgets import QFrame, QGridLayout, QHBoxLayout, QLabel, QVBoxLayout, QWidget

from app.core.errors import TrichterError
from app.core.folding import search_key
from app.core.i18n import N_, tr
from app.core.settings import SHORTCUTS
from app.ui import key_map
from app.ui.forms.dialog import Dialog, scrolled
from app.ui.forms.field import Note
from app.ui.help.key_button import KeyButton
from app.ui.keys import named
from app.ui.widgets.button import Button, ButtonKind
from app.ui.widgets.filter_edit import FilterEdit

if TYPE_CHECKING:
    from app.ui.actions import Actions
    from app.ui.context import Context
    from app.ui.theme import Theme

#: Keys that belong to a place and not to a command: heading, what happens, keys as Qt writes them.
_PLACES: tuple[tuple[str, str, str], ...] = (
    (N_("In a list"), N_("Open the lead"), "Return"),
    (N_("In a list"), N_("Edit the cell (typing does it, too)"), "F2"),
    (N_("In a list"), N_("To the values in the detail panel"), "Shift+F2"),
    (N_("In a cell"), N_("Take it over and go down or up"), "Return … Shift+Return"),
    (N_("In a cell"), N_("Take it over and edit the next or the one before"), "Tab … Shift+Tab"),
    (N_("In a cell"), N_("Give the old value back"), "Esc"),
    (N_("On the board"), N_("To the card or the column beside it"), "Left … Right"),
    (N_("On the board"), N_("Go on without choosing"), "Ctrl+Up … Ctrl+Down"),
    (N_("On the board"), N_("Choose one card more, or one less"), "Space"),
    (N_("On the board"), N_("Move to the next column"), "Ctrl+Left … Ctrl+Right"),
    (N_("On the board"), N_("Move to a column …"), "M"),
    (N_("On the board"), N_("Edit the title"), "F2"),
    (N_("On the board"), N_("To the values in the detail panel"), "Shift+F2"),
    (N_("In the detail panel"), N_("Edit the value"), "F2"),
    (N_("In the detail panel"), N_("Back to the list"), "Esc"),
    (N_("In a form"), N_("Save"), "Ctrl+Return"),
    (N_("In a form"), N_("Leave"), "Esc"),
    (N_("In the settings"), N_("Move a row up or down"), "Alt+Up … Alt+Down"),
)


@dataclass(frozen=True)
class Key:
    """One line: under which heading, what it does, the keys as this platform names them, and of which command."""

    group: str
    words: str
    keys: str
    command: str = ""


def all_keys(actions: "Actions") -> list[Key]:
    """The keys of all commands, from their table, also of those that have none, and those of the places."""
    commands = [Key(actions.path(spec), actions.name(spec), actions.keys(spec.id), spec.id) for spec in actions.specs]
    return commands + [Key(tr(group), tr(words), _native(keys)) for group, words, keys in _PLACES]


def _native(keys: str) -> str:
    return " … ".join(named(each) for each in keys.split(" … "))


class ShortcutsDialog(Dialog):
    """Lists them all; typing narrows the list. Those of commands can be changed, which holds at once."""

    def __init__(self, context: "Context", actions: "Actions", parent: QWidget | None = None) -> None:
        super().__init__(context.theme, tr("Keyboard shortcuts"), parent)
        self._settings_ = context.settings
        self._actions = actions
        self._keys = all_keys(actions)
        self._rows: list[tuple[Key, list[QWidget]]] = []
        self._heads: dict[str, QLabel] = {}
        self._buttons: dict[str, KeyButton] = {}
        self._search = FilterEdit(context.theme, tr("Find a shortcut"))
        self._search.textChanged.connect(self._narrow)
        self._none = QLabel(tr("No shortcut of this name."))
        self._none.setProperty("kind", "muted")
        self._none.hide()
        self._told = Told(context.theme)
        self.body.addWidget(self._search)
        self.body.addWidget(self._none)
        self.body.addWidget(scrolled(self._table()), 1)
        self.body.addWidget(self._told)
        bar = self.add_bar()
        self._reset_all = Button(context.theme, tr("Reset all"))
        self._reset_all.setAutoDefault(False)
        self._reset_all.clicked.connect(self._take_back_all)
        bar.addWidget(self._reset_all)
        self.add_close(bar, default=False)
        self.remember_size(context.settings, "shortcuts", 560, 700)
        self._refresh()
        self._told.hint()
        self._search.setFocus()

    def shown(self) -> list[Key]:
        """The keys that the search leaves."""
        return [key for key, widgets in self._rows if not widgets[0].isHidden()]

    def button(self, command: str) -> KeyButton:
        """What shows the keys of a command and takes others."""
        return self._buttons[command]

    # Building

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
            grid.addWidget(caps := self._caps(key), row, 1, Qt.AlignmentFlag.AlignRight)
            words.setWordWrap(True)
            self._rows.append((key, [words, caps]))
            row += 1
        box.addLayout(grid)
        box.addStretch()
        return page

    def _caps(self, key: Key) -> QWidget:
        """The keys in a frame, as they stand on a keyboard; those of a command can be pressed to change them."""
        if not key.command:
            return _caps(key)
        button = self._buttons[key.command] = KeyButton(self.theme, key.words)
        id_ = key.command
        button.begun.connect(lambda: self._told.wait(key.words, lambda: self._choose(id_, "")))
        button.recorded.connect(lambda keys: self._take(id_, keys))
        button.cleared.connect(lambda: self._choose(id_, ""))
        button.reset.connect(lambda: self._take(id_, QKeySequence(self._actions.spec(id_).shortcut)))
        return button

    def _narrow(self, typed: str) -> None:
        words = search_key(typed).split()
        for key, widgets in self._rows:
            keys = self._buttons[key.command].text() if key.command else key.keys
            text = search_key(f"{key.group} {key.words} {keys}")
            for widget in widgets:
                widget.setVisible(all(word in text for word in words))
        shown = {key.group for key in self.shown()}
        for group, head in self._heads.items():
            head.setVisible(group in shown)
        self._none.setVisible(not shown)

    # Changing

    def _take(self, id_: str, keys: QKeySequence) -> None:
        """These keys for a command, if they are possible and no other command has them."""
        own = self._actions.spec(id_).shortcut
        why = key_map.refusal(keys, own) if keys.count() else ""
        if why:
            self._told.refuse(f"{named(keys)}: {why}")
            return
        text = key_map.portable(keys)
        specs, chosen = self._actions.specs, self._actions.chosen_keys
        first, second = key_map.holder(text, specs, chosen, but=id_), key_map.second_holder(text, specs, chosen)
        other = first or second
        if other is None or other.id == id_:
            self._choose(id_, text)
            return
        question = tr("{keys} belongs to “{command}”.", keys=named(keys), command=self._actions.name(other))
        loses = "" if first is None else first.id
        self._told.ask(question, tr("Take over"), lambda: self._choose(id_, text, loses))

    def _choose(self, id_: str, keys: str, other: str = "") -> None:
        """From now on; `other` gives its keys away."""
        chosen = {**self._actions.chosen_keys, id_: keys, **({other: ""} if other else {})}
        self._keep(key_map.dump(chosen, self._actions.specs))
        command = self._actions.name(self._actions.spec(id_))
        if keys:
            self._told.say(tr("{keys} does “{command}” now.", keys=named(keys), command=command))
        else:
            self._told.say(tr("“{command}” has no keys now.", command=command))
        self._buttons[id_].setFocus()

    def _take_back_all(self) -> None:
        before = key_map.dump(self._actions.chosen_keys, self._actions.specs)
        self._keep("")
        self._told.ask(tr("All keys are those the program came with."), tr("Undo"), lambda: self._bring_back(before))

    def _bring_back(self, kept: str) -> None:
        self._keep(kept)
        self._told.hint()

    def _keep(self, kept: str) -> None:
        """In the settings, from which the window has them."""
        try:
            self._settings_[SHORTCUTS] = kept
        except TrichterError as error:  # they hold until the program ends
            self._told.refuse(str(error))
        self._actions.use_keys(key_map.read(kept, self._actions.specs))
        self._refresh()

    def _refresh(self) -> None:
        for id_, button in self._buttons.items():
            button.show_keys(self._actions.keys(id_))
        self._reset_all.setEnabled(bool(self._actions.chosen_keys))


class Told(QWidget):
    """The line at the bottom: a hint, what is awaited, what was refused, or a question with its answer."""

    def __init__(self, theme: "Theme") -> None:
        super().__init__()
        self._note = Note("muted")
        self._answer = Button(theme, "", ButtonKind.LINK)
        self._answer.setAutoDefault(False)
        self._answer.clicked.connect(self._do)
        self._action: Callable[[], object] = lambda: None
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.addWidget(self._note, 1)
        row.addWidget(self._answer, 0, Qt.AlignmentFlag.AlignTop)

    @property
    def said(self) -> str:
        """What it says."""
        return self._note.text()

    def hint(self) -> None:
        """How keys are changed."""
        self.say(tr("Press the keys of a command to change them. Del removes them, Backspace resets them."))

    def say(self, words: str) -> None:
        """What was done."""
        self._show(words, "muted")

    def refuse(self, words: str) -> None:
        """Why something was not done."""
        self._show(words, "error")

    def wait(self, command: str, none: Callable[[], object]) -> None:
        """Keys are awaited; instead the command can have none."""
        words = tr("Press the new keys for “{command}”; Esc leaves them as they are.", command=command)
        self._show(words, "muted", tr("No keys"), none)

    def ask(self, words: str, answer: str, action: Callable[[], object]) -> None:
        """A question; where it is not answered nothing happens."""
        self._show(words, "error", answer, action)
        self._answer.setFocus()

    def _show(self, words: str, kind: str, answer: str = "", action: Callable[[], object] = lambda: None) -> None:
        self._note.say(words, kind)
        self._action = action
        self._answer.setText(answer)
        self._answer.setVisible(bool(answer))
        QAccessible.updateAccessibility(QAccessibleAnnouncementEvent(self._note, words))

    def _do(self) -> None:
        self._action()


def _caps(key: Key) -> QLabel:
    """Keys that nobody changes."""
    label = QLabel(key.keys)
    label.setProperty("kind", "keys")
    label.setFrameShape(QFrame.Shape.NoFrame)
    label.setAccessibleName(f"{key.words}: {key.keys}")
    return label
