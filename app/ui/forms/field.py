"""A control with its label above and a sentence below, and a form of them in which errors find their place."""

from collections.abc import Callable
from typing import TypeVar

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel, QScrollArea, QSizePolicy, QVBoxLayout, QWidget

from app.core.errors import TrichterError

T = TypeVar("T")


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

    The control gets the label as its accessible name, the sentence as its description.
    """

    def __init__(self, label: str, control: QWidget, *, tip: str = "", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.control = control
        self._tip = tip
        self._label = QLabel(label)
        self._label.setProperty("kind", "muted")
        self._label.setBuddy(control)
        self._note = Note()
        control.setAccessibleName(label)
        box = QVBoxLayout(self)
        box.setContentsMargins(0, 0, 0, 0)
        box.setSpacing(3)
        box.addWidget(self._label)
        box.addWidget(control)
        box.addWidget(self._note)
        self._say(tip)

    @property
    def label(self) -> str:
        """What stands above the control."""
        return self._label.text()

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
        _mark(self.control, True)

    def hint(self, words: str) -> None:
        """Say something helpful below the control, such as what was understood; '' for the usual help."""
        self._say(words or self._tip)
        _mark(self.control, False)

    def _say(self, words: str, kind: str = "small") -> None:
        self._note.say(words, kind)
        self.control.setAccessibleDescription(words)


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

    def refuse(self, error: TrichterError) -> None:
        """Show an error at its field and go there; without one, in the general place."""
        field = self._fields.get(error.field or "")
        if field is None or not field.isVisibleTo(field.window()):
            self.general.say(str(error), "error")
            return
        field.refuse(error)
        field.control.setFocus(Qt.FocusReason.OtherFocusReason)
        _bring_into_view(field)

    def take(self, error: BaseException) -> None:
        """What a job was refused is shown like what a verb is; a mistake of ours goes on to the guard."""
        if not isinstance(error, TrichterError):
            raise error
        self.refuse(error)

    def attempt(self, verb: Callable[[], object]) -> bool:
        """Run a verb; what it refuses is shown, and what was typed stays. Whether it held."""
        self.settle()
        try:
            verb()
        except TrichterError as error:
            self.refuse(error)
            return False
        return True


def repolish(widget: QWidget) -> None:
    """Let the style sheet see a property that changed."""
    widget.style().unpolish(widget)
    widget.style().polish(widget)


def _mark(control: QWidget, refused: bool) -> None:
    wanted = "true" if refused else ""
    if (control.property("refused") or "") != wanted:
        control.setProperty("refused", wanted)
        repolish(control)


def _bring_into_view(field: QWidget) -> None:
    above = field.parentWidget()
    while above is not None and not isinstance(above, QScrollArea):
        above = above.parentWidget()
    if isinstance(above, QScrollArea):
        above.ensureWidgetVisible(field)
