"""A control with its label above and a sentence below, and a form of them in which errors find their place."""

from collections.abc import Callable, Mapping
from typing import Any, TypeVar

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QComboBox, QLabel, QLineEdit, QSizePolicy, QVBoxLayout, QWidget

from app.core.errors import TrichterError
from app.ui.widgets.focus import bring_into_view

T = TypeVar("T")
#: So much of what is around a field is seen with it: its label above, and below it why it was refused.
_ROOM = 50


class Note(QLabel):
    """A wrapped sentence in the manner of `kind` ("small" or "error"); without words it takes no room."""

    def __init__(self, kind: str = "small", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWordWrap(True)
        self.setTextFormat(Qt.TextFormat.PlainText)  # what was typed is quoted and must not become markup
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Minimum)
        self.say("", kind)

    def say(self, words: str, kind: str = "small") -> None:
        """Show these words."""
        if self.property("kind") != kind:
            self.setProperty("kind", kind)
            repolish(self)
        self.setText(words)
        self.setVisible(bool(words))


class Field(QWidget):
    """A label, its control, and below it help, what was understood, or why it was refused.

    The control gets the label as its accessible name, the sentence as its description; where several stand in a row,
    the one that its focus proxy names gets them too.
    """

    def __init__(self, label: str, control: QWidget, *, tip: str = "", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.control = control
        self._tip = tip
        self._label = QLabel(label)
        self._label.setProperty("kind", "muted")
        self._label.setBuddy(control)
        self._note = Note()
        self.relabel(label)
        box = QVBoxLayout(self)
        box.setContentsMargins(0, 0, 0, 0)
        box.setSpacing(3)
        box.addWidget(self._label)
        box.addWidget(control)
        box.addWidget(self._note)
        if isinstance(control, QLineEdit):
            control.textChanged.connect(self._on_typed)
        self.hint("")

    @property
    def label(self) -> str:
        """What stands above the control."""
        return self._label.text()

    def relabel(self, label: str) -> None:
        """Call it so from now on."""
        self._label.setText(label)
        self.control.setAccessibleName(label)
        if isinstance(self.control, QComboBox) and (line := self.control.lineEdit()) is not None:
            line.setAccessibleName(label)  # it is what one types into

    @property
    def refused(self) -> bool:
        """Whether it says why it does not take what was typed."""
        return bool(self._note.property("kind") == "error")

    @property
    def said(self) -> str:
        """The sentence below the control."""
        return self._note.text()

    def refuse(self, error: TrichterError) -> None:
        """Say below the control what is wrong with it."""
        self._say(str(error), "error")
        _mark(self._typed_into, True)

    def hint(self, words: str) -> None:
        """Say something helpful below the control, such as what was understood; '' for the usual help."""
        self._say(words or self._tip)
        _mark(self._typed_into, False)

    def _on_typed(self) -> None:
        """What was refused is no longer there."""
        if self.refused:
            self.hint("")

    @property
    def place(self) -> QWidget:
        """What is to be seen when it was refused."""
        return self

    @property
    def _typed_into(self) -> QWidget:
        """The control itself, or of a row of them the one that is meant."""
        return self.control.focusProxy() or self.control

    def _say(self, words: str, kind: str = "small") -> None:
        self._note.say(words, kind)
        for control in (self.control, self._typed_into):
            control.setAccessibleDescription(words)


class Form:
    """Fields by the names that errors carry, and one place for what concerns none of them."""

    def __init__(self) -> None:
        self.general = Note("error")
        self._fields: dict[str, Field] = {}

    def add(self, name: str, field: Field, *aliases: str) -> Field:
        """Take a field in, also under other names that errors use; returns it."""
        self._fields.update(dict.fromkeys((name, *aliases), field))
        return field

    def __getitem__(self, name: str) -> Field:
        return self._fields[name]

    def settle(self) -> None:
        """Forget what was refused."""
        self.general.say("", "error")
        for field in self._fields.values():
            if field.refused:
                field.hint("")

    def refuse(self, *errors: TrichterError) -> None:
        """Show errors at their fields and go to the first of these; those without one in the general place."""
        refused, others = [], []
        for error in errors:
            field = self._fields.get(error.field or "")
            if field is None or not field.isVisibleTo(field.window()):
                others.append(str(error))
                continue
            field.refuse(error)
            refused.append(field)
        if others:
            self.general.say(" ".join(others), "error")
        for field in self._fields.values():
            if field in refused:
                field.control.setFocus(Qt.FocusReason.OtherFocusReason)
                bring_into_view(field.place, _ROOM)
                return

    def take(self, error: BaseException) -> None:
        """What a job was refused is shown like what a verb is; a mistake of ours goes on to the guard."""
        if not isinstance(error, TrichterError):
            raise error
        self.refuse(error)

    def attempt(self, read: Callable[[], object]) -> bool:
        """Run what reads the fields; what it refuses is shown, and what was typed stays. Whether it held."""
        self.settle()
        try:
            read()
        except TrichterError as error:
            self.refuse(error)
            return False
        return True

    def read(self, readers: Mapping[str, Callable[[], Any]]) -> dict[str, Any] | None:
        """What each of these reads, by name; None when one was refused: all that makes no sense is shown at once."""
        self.settle()
        values: dict[str, Any] = {}
        errors: list[TrichterError] = []
        for name, read in readers.items():
            try:
                values[name] = read()
            except TrichterError as error:
                errors.append(error)
        self.refuse(*errors)
        return None if errors else values


def repolish(widget: QWidget) -> None:
    """Let the style sheet see a property that changed."""
    widget.style().unpolish(widget)
    widget.style().polish(widget)


def _mark(control: QWidget, refused: bool) -> None:
    wanted = "true" if refused else ""
    if (control.property("refused") or "") != wanted:
        control.setProperty("refused", wanted)
        repolish(control)
