"""The commands of the window, each declared once: menus, context menus, palette and shortcut page derive from them.

Their keys are those of the table unless the user chose others (`app.ui.key_map`).
"""

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial

from PySide6.QtCore import QObject, Signal
from PySide6.QtGui import QAction, QKeySequence, QShortcut
from PySide6.QtWidgets import QMenu, QMenuBar, QWidget

from app.core.i18n import tr
from app.core.roles import Act
from app.ui.keys import named
from app.ui.needs import NOT_NOW, WHY
from app.ui.tips import with_reason

#: A line between two groups of a menu.
SEPARATOR = "-"
#: Letters of an entry that is worded anew: titles of leads make no menu as wide as the screen.
_LONGEST = 70
#: The sign before a letter that is underlined in a menu; twice, it stands for itself.
_MARK = re.compile("&(.)")


@dataclass(frozen=True)
class ActionSpec:
    """One command. `text` is marked with N_; `menu` names the menu it stands in (marked too), "" for none.

    `needs` names what must hold for it: "", "leads" (a selection), or a word the window knows. `also` are further keys
    that do it and are not shown. `under` names a menu within the menu. `right` is what one has to be allowed to
    do; None for what only looks, and for what asks where it depends.
    """

    id: str
    text: str
    menu: str = ""
    icon: str = ""
    shortcut: str = ""
    needs: str = ""
    tip: str = ""
    checkable: bool = False
    also: str = ""
    role: QAction.MenuRole = QAction.MenuRole.NoRole
    under: str = ""
    right: Act | None = None


class Actions(QObject):
    """The commands of a window as QActions, made from the table in its order.

    `marked` comes after some were enabled or disabled, `refused(reason)` when the keys of one were pressed that is not
    allowed.
    """

    marked = Signal()
    refused = Signal(str)

    def __init__(self, specs: Sequence[ActionSpec], parent: QWidget, run: Mapping[str, Callable[[], object]]) -> None:
        """`run` says what each id does; an id without an entry is an error."""
        super().__init__(parent)
        self._window = parent
        self.specs = tuple(spec for spec in specs if spec.id != SEPARATOR)
        self._specs = {spec.id: spec for spec in self.specs}
        self._order = tuple(specs)
        self._chosen: dict[str, str] = {}
        self._worded: dict[str, str] = {}
        self._missing: set[str] = set()  # needs that do not hold
        self._refusals: dict[str, str] = {}
        self._of_rights: dict[str, str] = {}
        self._of_single: dict[str, str] = {}
        self._refused_keys: list[QShortcut] = []
        self._actions = {spec.id: _make(spec, parent, run[spec.id]) for spec in self.specs}
        self.use_keys({})

    def __getitem__(self, id_: str) -> QAction:
        return self._actions[id_]

    def fill(self, bar: QMenuBar) -> None:
        """Put the menus into a menu bar, in the order of the table."""
        menus: dict[str, QMenu] = {}
        for spec in self._order:
            if not spec.menu:
                continue
            if spec.menu not in menus:
                menus[spec.menu] = bar.addMenu(tr(spec.menu))
                menus[spec.menu].setToolTipsVisible(True)
            place = spec.menu
            if spec.under:
                place = f"{spec.menu}/{spec.under}"
                if place not in menus:
                    menus[place] = menus[spec.menu].addMenu(tr(spec.under))
                    menus[place].setToolTipsVisible(True)
            if spec.id == SEPARATOR:
                menus[place].addSeparator()
            else:
                menus[place].addAction(self._actions[spec.id])

    def menu(self, ids: Iterable[str], parent: QWidget) -> QMenu:
        """A context menu of these commands; "-" is a line."""
        menu = QMenu(parent)
        menu.setToolTipsVisible(True)
        for id_ in ids:
            if id_ == SEPARATOR:
                menu.addSeparator()
            else:
                menu.addAction(self._actions[id_])
        return menu

    def enable(self, holds: Mapping[str, bool]) -> None:
        """Enable each command according to what it needs; what `holds` does not name is left alone."""
        self._missing = (self._missing | holds.keys()) - {need for need, held in holds.items() if held}
        for spec in self.specs:
            if spec.needs in holds:
                self._actions[spec.id].setEnabled(holds[spec.needs] and spec.id not in self._refusals)
                self._tell(spec)
        self.marked.emit()

    def permit(self, why_not: Callable[[Act | None], str]) -> None:
        """Disable each command that is not allowed, with the reason that `why_not` gives for its right, "" for none."""
        self._of_rights = {spec.id: why for spec in self.specs if (why := why_not(spec.right))}
        self._refuse()

    def refuse(self, id_: str, why: str) -> None:
        """Disable one command with a reason of its own, whatever right it needs; "" for none."""
        if self._of_single.get(id_, "") != why:
            self._of_single[id_] = why
            self._refuse()

    def _refuse(self) -> None:
        self._refusals = self._of_rights | {id_: why for id_, why in self._of_single.items() if why}
        for spec in self.specs:
            self._actions[spec.id].setEnabled(self.holds(spec.id) and spec.id not in self._refusals)
            self._tell(spec)
        self._answer_keys()
        self.marked.emit()

    def _tell(self, spec: ActionSpec) -> None:
        """What is shown of a command where the pointer rests: why it is disabled, else its tip."""
        action, tip = self._actions[spec.id], self._refusals.get(spec.id) or self.lack(spec.id) or tr(spec.tip)
        action.setToolTip(tip)
        action.setStatusTip(tip)

    def follow(self, id_: str, button: QWidget, *, hides: bool = False) -> None:
        """Let a button that stands for a command be disabled with the reason while that is not allowed.

        With `hides` it is there only while what the command needs is.
        """
        _Follower(self, id_, button, hides)

    def holds(self, id_: str) -> bool:
        """Whether what a command needs is there, be it allowed or not."""
        return self.spec(id_).needs not in self._missing

    def lack(self, id_: str) -> str:
        """What a command needs and is not there, in words; empty if nothing is missing."""
        return "" if self.holds(id_) else tr(WHY.get(self.spec(id_).needs, NOT_NOW))

    def refusal(self, id_: str) -> str:
        """Why a command is not allowed; empty if it is."""
        return self._refusals.get(id_, "")

    def reword(self, id_: str, words: str) -> None:
        """Let a menu say more than the table does ("Undo: Lead deleted"); empty for what the table says."""
        shown = words if len(words) <= _LONGEST else words[: _LONGEST - 1] + "…"
        self._worded[id_] = shown.replace("&", "&&")
        self._label(self.spec(id_))

    def spec(self, id_: str) -> ActionSpec:
        """What the table says of a command."""
        return self._specs[id_]

    def words(self, spec: ActionSpec) -> str:
        """What a menu shows of a command, without marks."""
        worded = self._worded.get(spec.id)
        return _MARK.sub(r"\1", worded) if worded else self.name(spec)

    def name(self, spec: ActionSpec) -> str:
        """A command as one would call it, with the menu it stands under where that is needed."""
        text = _MARK.sub(r"\1", tr(spec.text)).rstrip("…").strip()
        return tr("{label}: {choice}", label=tr(spec.under), choice=text) if spec.under else text

    def path(self, spec: ActionSpec) -> str:
        """The menu a command stands in."""
        return _MARK.sub(r"\1", tr(spec.menu)) if spec.menu else ""

    # Keys

    @property
    def chosen_keys(self) -> Mapping[str, str]:
        """The keys that are not those of the table, by command; empty for none."""
        return self._chosen

    def use_keys(self, chosen: Mapping[str, str]) -> None:
        """Let these commands have other keys than the table says (portable, empty for none), all others those of it."""
        self._chosen = dict(chosen)
        taken = {keys for keys in chosen.values() if keys}
        for spec in self.specs:
            keys = chosen.get(spec.id, spec.shortcut)
            also = spec.also if spec.id not in chosen and spec.also not in taken else ""
            self._actions[spec.id].setShortcuts([QKeySequence(each) for each in (keys, also) if each])
            self._label(spec)
        self._answer_keys()

    def _answer_keys(self) -> None:
        """The keys of what is not allowed say so: Qt would pass over those of a disabled command."""
        for shortcut in self._refused_keys:
            shortcut.setParent(None)
            shortcut.deleteLater()
        self._refused_keys.clear()
        for id_, why in self._refusals.items():
            for keys in self._actions[id_].shortcuts():
                shortcut = QShortcut(keys, self._window)
                shortcut.activated.connect(partial(self.refused.emit, why))
                self._refused_keys.append(shortcut)

    def keys(self, id_: str) -> str:
        """The keys of a command as this platform names them; empty for none."""
        return named(self._actions[id_].shortcut())

    def other_keys(self) -> dict[str, str]:
        """For what is written about keys: those the table gives, and those that hold instead, both as named."""
        return {
            named(spec.shortcut): self.keys(spec.id)
            for spec in self.specs if spec.shortcut and spec.id in self._chosen
        }  # fmt: skip

    def shortcuts(self) -> list[tuple[str, str, str]]:
        """Menu, command and keys of all commands that have keys, worded, in the order of the table."""
        return [
            (self.path(spec), self.name(spec), self.keys(spec.id)) for spec in self.specs if self.keys(spec.id)
        ]  # fmt: skip

    def _label(self, spec: ActionSpec) -> None:
        """What the menu shows; keys that Qt would name in another way stand after a tab."""
        action = self._actions[spec.id]
        words, keys = self._worded.get(spec.id) or tr(spec.text), self.keys(spec.id)
        own = keys != action.shortcut().toString(QKeySequence.SequenceFormat.NativeText)
        action.setText(f"{words}\t{keys}" if own else words)


class _Follower(QObject):
    """Keeps a button like the command it stands for."""

    def __init__(self, actions: Actions, id_: str, button: QWidget, hides: bool) -> None:
        super().__init__(button)
        self._actions, self._id, self._button = actions, id_, button
        self._need = actions.spec(id_).needs if hides else ""
        self._tip, self._why = button.toolTip(), ""
        actions.marked.connect(self._mark)
        if hides:
            button.setVisible(actions.holds(id_))
        self._mark()

    def _mark(self) -> None:
        if self._need and self._button.isHidden() == self._actions.holds(self._id):
            self._button.setVisible(self._button.isHidden())
        why = self._actions.refusal(self._id)
        if why != self._why:
            self._why = why
            self._button.setEnabled(not why)
            self._button.setToolTip(with_reason(self._tip, why))
            self._button.setStatusTip(why)
            self._button.setAccessibleDescription(why)


def _make(spec: ActionSpec, parent: QWidget, run: Callable[[], object]) -> QAction:
    action = QAction(tr(spec.text), parent)
    action.setObjectName(spec.id)
    action.setMenuRole(spec.role)
    action.setCheckable(spec.checkable)
    if spec.tip:
        action.setToolTip(tr(spec.tip))
        action.setStatusTip(tr(spec.tip))
    action.triggered.connect(lambda checked=False: run())  # what it is told is of no use
    parent.addAction(action)
    return action
