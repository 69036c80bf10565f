"""The line one types into in a cell of a list, and what it has to know of the value."""

from collections.abc import Callable
from dataclasses import dataclass, field
from enum import Enum
from typing import Any, Protocol

from PySide6.QtCore import QEvent, Qt, Signal
from PySide6.QtGui import QFocusEvent, QKeyEvent

from app.core.errors import InvalidInput
from app.core.i18n import Text
from app.ui.forms.names import Find, NameEdit

_ENTER = (Qt.Key.Key_Return, Qt.Key.Key_Enter)
_NOT_LEFT = (
    Qt.FocusReason.PopupFocusReason,
    Qt.FocusReason.ActiveWindowFocusReason,
    Qt.FocusReason.MenuBarFocusReason,
)
_Modifier = Qt.KeyboardModifier


class Way(Enum):
    """Where the keyboard goes when an editor is left."""

    STAY = "stay"
    DOWN = "down"
    UP = "up"
    NEXT = "next"
    PREVIOUS = "previous"


@dataclass(frozen=True)
class Edit:
    """One value that can be edited in its cell.

    `show` words a value so that `parse` takes it again; `parse` gets what was typed, '' too, and raises what is wrong
    with it. `now` reads the value as it is in the store (NotFound when its row is gone), `save` writes one. `tell`
    words a value for a sentence, `remark` says something about it while it is typed, `doubt` what is strange about one
    that is kept all the same. `find` completes names; where only those can be chosen (`closed`) all of them are offered
    at once. `chosen` hears which of them was taken.
    """

    label: str
    of: str
    value: Any
    show: Callable[[Any], str]
    parse: Callable[[str], Any]
    now: Callable[[], Any]
    save: Callable[[Any], object]
    tell: Callable[[Any], str]
    find: Find | None = None
    closed: bool = False
    several: bool = False
    right: bool = False
    hint: str = ""
    remark: Callable[[Any], str] = field(default=lambda value: "")
    doubt: Callable[[Any], Text | None] = field(default=lambda value: None)
    chosen: Callable[[str], object] = field(default=lambda name: None)

    def expect(self, now: Any, yours: Any) -> None:
        """Raises InvalidInput where what is there `now` is not what was seen."""
        if now != self.value:
            raise InvalidInput(
                Text("Changed to “{theirs}” in the meantime.", theirs=self.tell(now)),
                Text("Enter saves “{yours}”, Esc keeps theirs.", yours=self.tell(yours)),
            )

    def warn(self, value: Any, say: Callable[[Text], object]) -> None:
        """A value was saved: say what is strange about it, if anything is."""
        if (why := self.doubt(value)) is not None:
            say(Text("{field} of “{title}”: {why}", field=self.label, title=self.of, why=why))


class Source(Protocol):
    """Whoever knows what can be edited in a list."""

    def edit_of(self, id_: int, key: str) -> Edit | None:
        """The value of a column in the row of an id; None where it cannot be edited."""

    def why_not(self, id_: int, key: str) -> str:
        """Why it cannot; the empty string where there is nothing to say."""


class CellEdit(NameEdit):
    """The line in a cell. `left(Way)` asks to take over what was typed, `cancelled` gives it back.

    `taken`: one of the names that were offered, which may be that of a namesake of who stood there.
    """

    left = Signal(object)
    strayed = Signal()  # the focus went elsewhere
    cancelled = Signal()

    def __init__(self, edit: Edit) -> None:
        super().__init__(edit.find or (lambda typed: []), several=edit.several)
        self._closed, self._chosen = edit.closed, edit.chosen
        self.setProperty("kind", "cell")
        self.setAccessibleName(edit.label)
        self.setPlaceholderText(edit.hint)
        if edit.right:
            self.setAlignment(Qt.AlignmentFlag.AlignRight)
        self.taken = False
        for way in (self._completer.activated, self._completer.highlighted):  # Enter comes here before it is told there
            way.connect(self._take)
        if edit.closed:  # whoever clicks on one of a list has chosen
            self._completer.activated.connect(self._choose, Qt.ConnectionType.QueuedConnection)

    def _take(self, name: str) -> None:
        self.taken = True
        self._chosen(name)

    def _choose(self, _name: str) -> None:
        self.left.emit(Way.STAY)

    @property
    def offering(self) -> bool:
        """Whether names to choose from are shown."""
        popup = self._completer.popup()
        return popup is not None and popup.isVisible()

    def hide_offer(self) -> None:
        """Show them no longer."""
        popup = self._completer.popup()
        if popup is not None:
            popup.hide()

    def event(self, event: QEvent) -> bool:
        """Esc is meant for the cell, whatever else it would end."""
        if (
            isinstance(event, QKeyEvent)
            and event.type() == QEvent.Type.ShortcutOverride
            and event.key() in (Qt.Key.Key_Escape, Qt.Key.Key_F2)
        ):
            event.accept()
            return True
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        key, shift = event.key(), bool(event.modifiers() & _Modifier.ShiftModifier)
        if key == Qt.Key.Key_Escape:
            self.hide_offer()
            self.cancelled.emit()
        elif key in _ENTER and not event.modifiers() & _Modifier.ControlModifier:
            self.hide_offer()
            self.left.emit(Way.UP if shift else Way.DOWN)
        elif key == Qt.Key.Key_Down and (self._closed or event.modifiers() & _Modifier.AltModifier):
            self.offer()
        elif key in (Qt.Key.Key_Up, Qt.Key.Key_Down) and not self.offering:
            self.left.emit(Way.UP if key == Qt.Key.Key_Up else Way.DOWN)
        elif key != Qt.Key.Key_F2:
            super().keyPressEvent(event)

    def focusNextPrevChild(self, forward: bool) -> bool:
        """Tab goes to the next cell and not out of the list."""
        self.hide_offer()
        self.left.emit(Way.NEXT if forward else Way.PREVIOUS)
        return True

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        if event.reason() not in _NOT_LEFT:
            self.strayed.emit()


def typed_into(event: QKeyEvent) -> bool:
    """Whether a key stands for a letter or sign that is typed; with AltGr, which some systems call Ctrl+Alt, too.

    A space belongs to the list: it chooses rows.
    """
    held = event.modifiers() & (_Modifier.ControlModifier | _Modifier.AltModifier | _Modifier.MetaModifier)
    plain = held in (_Modifier.NoModifier, _Modifier.ControlModifier | _Modifier.AltModifier)
    return plain and event.text() != "" and event.text().isprintable() and not event.text().isspace()
