"""What somebody may not do is disabled and says why, before it is tried: one way for commands, buttons and fields."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QObject, Qt, Signal
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QMenu, QWidget

from app.core.errors import NotAllowed
from app.core.i18n import Text
from app.core.roles import Act, Rights, refused
from app.services.backup import OF_SERVER
from app.ui.tips import with_reason

if TYPE_CHECKING:
    from app.core.changes import ChangeSet
    from app.services.catalogue import Entry
    from app.services.office import Office
    from app.ui.bridge import FeedBridge


#: While the team's server is away there is only reading, and what waits until it is back.
AWAY = Text("The team's server cannot be reached. Until it can, only notes and steps can be written.")


class Allowed(QObject):
    """Knows what the person at work may do, and whether it can be done. `changed` comes when that is something else by
    now.
    """

    changed = Signal()

    def __init__(self, office: "Office", bridge: "FeedBridge") -> None:
        super().__init__()
        self._office = office
        self._rights, self._away = office.store.rights, office.store.away
        bridge.changed.connect(self._on_change)

    @property
    def rights(self) -> Rights:
        """What the person at work may see and do."""
        return self._rights

    def may(self, act: Act | None) -> bool:
        """Whether it is allowed; what needs no right is."""
        return act is None or self.reason(act) is None

    def why_not(self, act: Act | None) -> str:
        """Why it is not allowed, in a sentence; empty if it is."""
        reason = None if act is None else self.reason(act)
        return "" if reason is None else str(reason)

    def reason(self, act: Act) -> Text | None:
        """The same as a text; None if it is allowed."""
        if self._away and act is not Act.NOTE:
            return AWAY
        if act is Act.BACKUP and self._office.store.shared:
            return OF_SERVER
        return self._rights.reason(act)

    def refusal(self, act: Act) -> NotAllowed | None:
        """The error that says why it is not allowed, with who can change that; None if it is."""
        reason, own = self.reason(act), self._rights.reason(act)
        if reason is None:
            return None
        return refused(reason) if reason is own else NotAllowed(reason)

    def keep(self, act: Act, *things: QWidget | QAction) -> None:
        """Keep these disabled, with the reason as their tip, as long as the act is not allowed.

        Whatever else enables or disables them goes on doing so, and holds where the act is allowed.
        """
        for thing in things:
            _Kept(self, act, thing)

    def people(self) -> "list[Entry]":
        """Those whose leads are seen, of the whole team in its order: the only ones to ask for."""
        return [entry for entry in self._office.catalogue.all("member") if self._rights.sees(entry.id)]

    def look(self) -> None:
        """Look whether it is something else by now: another day, another person, a server that is away or back."""
        now = self._office.store.rights, self._office.store.away
        if now != (self._rights, self._away):
            self._rights, self._away = now
            self.changed.emit()

    def _on_change(self, change: "ChangeSet") -> None:
        if change.everything:  # which is said, among other things, when the rights are others
            self.look()


@dataclass(frozen=True)
class Barred:
    """Stands for a deed that is not allowed: a menu shows it disabled, and called it says `why`."""

    why: str
    say: Callable[[], object]

    def __call__(self) -> None:
        self.say()


def offer(menu: QMenu, words: str, act: Callable[[], object]) -> QAction:
    """A further entry of a menu that does this; one that is barred is disabled, with the reason as its tip."""
    entry = menu.addAction(words)
    entry.triggered.connect(lambda _on=False: act())
    if isinstance(act, Barred):
        menu.setToolTipsVisible(True)
        entry.setEnabled(False)
        entry.setToolTip(act.why)
        entry.setStatusTip(act.why)
    return entry


class _Kept(QObject):
    """Watches one widget or command, and only while it is refused."""

    def __init__(self, allowed: Allowed, act: Act, thing: QWidget | QAction) -> None:
        super().__init__(thing)
        self._allowed, self._act, self._thing = allowed, act, thing
        self._why = ""
        self._wanted = True
        self._tip = self._description = ""
        allowed.changed.connect(self._look)
        self._look()

    def _look(self) -> None:
        why = self._allowed.why_not(self._act)
        if why and not self._why:
            self._begin(why)
        elif why:
            self._why = why
            self._tell(why)
        elif self._why:
            self._end()

    def _begin(self, why: str) -> None:
        thing, self._why = self._thing, why
        self._wanted = _enabled(thing)
        self._tip = thing.toolTip()
        thing.setEnabled(False)
        if isinstance(thing, QWidget):
            self._description = thing.accessibleDescription()
            thing.installEventFilter(self)
        else:
            thing.enabledChanged.connect(self._on_enabled)
        self._tell(why)

    def _end(self) -> None:
        thing, self._why = self._thing, ""
        if isinstance(thing, QWidget):
            thing.removeEventFilter(self)
            thing.setAccessibleDescription(self._description)
        else:
            thing.enabledChanged.disconnect(self._on_enabled)
        thing.setToolTip(self._tip)
        thing.setStatusTip("")
        thing.setEnabled(self._wanted)

    @property
    def _told(self) -> str:
        tip = "" if isinstance(self._thing, QAction) else self._tip  # a command has its own words there
        return with_reason(tip, self._why)

    def _tell(self, why: str) -> None:
        self._thing.setToolTip(self._told)
        self._thing.setStatusTip(why)
        if isinstance(self._thing, QWidget):
            self._thing.setAccessibleDescription(why)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if not self._why:
            return False
        if event.type() == QEvent.Type.EnabledChange:
            self._on_enabled()
        elif event.type() == QEvent.Type.ToolTipChange and self._thing.toolTip() != self._told:
            self._tip = self._thing.toolTip()
            self._tell(self._why)
        return False

    def _on_enabled(self, _on: bool = False) -> None:
        """Somebody else enabled it: that holds as soon as it is allowed."""
        if _enabled(self._thing):
            self._wanted = True
            self._thing.setEnabled(False)


def _enabled(thing: QWidget | QAction) -> bool:
    """Whether it was enabled itself, whatever lies around it."""
    if isinstance(thing, QWidget):
        return not thing.testAttribute(Qt.WidgetAttribute.WA_ForceDisabled)
    return thing.isEnabled()
