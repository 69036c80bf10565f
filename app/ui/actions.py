"""The commands of the window, each declared once: menus, context menus, palette and shortcut page derive from them.

Their keys are those of the table unless the user chose others (`app.ui.key_map`).
"""

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass

from PySide6.QtGui import QAction, QKeySequence
from PySide6.QtWidgets import QMenu, QMenuBar, QWidget

from app.core.i18n import tr
from app.ui.keys import named

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
    that do it and are not shown. `under` names a menu within the menu.
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


class Actions:
    """The commands of a window as QActions, made from the table in its order."""

    def __init__(self, specs: Sequence[ActionSpec], parent: QWidget, run: Mapping[str, Callable[[], object]]) -> None:
        """`run` says what each id does; an id without an entry is an error."""
        self.specs = tuple(spec for spec in specs if spec.id != SEPARATOR)
        self._order = tuple(specs)
        self._chosen: dict[str, str] = {}
        self._worded: dict[str, str] = {}
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
            place = spec.menu
            if spec.under:
                place = f"{spec.menu}/{spec.under}"
                if place not in menus:
                    menus[place] = menus[spec.menu].addMenu(tr(spec.under))
            if spec.id == SEPARATOR:
                menus[place].addSeparator()
            else:
                menus[place].addAction(self._actions[spec.id])

    def menu(self, ids: Iterable[str], parent: QWidget) -> QMenu:
        """A context menu of these commands; "-" is a line."""
        menu = QMenu(parent)
        for id_ in ids:
            if id_ == SEPARATOR:
                menu.addSeparator()
            else:
                menu.addAction(self._actions[id_])
        return menu

    def enable(self, holds: Mapping[str, bool]) -> None:
        """Enable each command according to what it needs; what `holds` does not name is left alone."""
        for spec in self.specs:
            if spec.needs in holds:
                self._actions[spec.id].setEnabled(holds[spec.needs])

    def reword(self, id_: str, words: str) -> None:
        """Let a menu say more than the table does ("Undo: Lead deleted"); empty for what the table says."""
        shown = words if len(words) <= _LONGEST else words[: _LONGEST - 1] + "…"
        self._worded[id_] = shown.replace("&", "&&")
        self._label(self.spec(id_))

    def spec(self, id_: str) -> ActionSpec:
        """What the table says of a command."""
        return next(spec for spec in self.specs if spec.id == id_)

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
