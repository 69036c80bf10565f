"""The commands of the window, each declared once: menus, context menus and the shortcut page derive from the table."""

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
        self._actions = {spec.id: _make(spec, parent, run[spec.id]) for spec in self.specs}

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
        spec = next(spec for spec in self.specs if spec.id == id_)
        shown = words if len(words) <= _LONGEST else words[: _LONGEST - 1] + "…"
        self._actions[id_].setText(shown.replace("&", "&&") or tr(spec.text))

    def shortcuts(self) -> list[tuple[str, str, str]]:
        """Menu, command and keys of all commands that have keys, worded, in the order of the table."""
        return [
            (tr(spec.menu), tr(spec.text).replace("&", "").rstrip("…").strip(),
             named(self._actions[spec.id].shortcut()))
            for spec in self.specs if spec.shortcut
        ]  # fmt: skip


def _make(spec: ActionSpec, parent: QWidget, run: Callable[[], object]) -> QAction:
    action = QAction(tr(spec.text), parent)
    action.setObjectName(spec.id)
    action.setMenuRole(spec.role)
    action.setCheckable(spec.checkable)
    if spec.shortcut:
        action.setShortcuts([QKeySequence(keys) for keys in (spec.shortcut, spec.also) if keys])
        if named(spec.shortcut) != action.shortcut().toString(QKeySequence.SequenceFormat.NativeText):
            action.setText(f"{action.text()}\t{named(spec.shortcut)}")  # what stands after a tab is shown as the keys
    if spec.tip:
        action.setToolTip(tr(spec.tip))
        action.setStatusTip(tr(spec.tip))
    action.triggered.connect(lambda checked=False: run())  # what it is told is of no use
    parent.addAction(action)
    return action
