"""A loosely typed value edited where it stands: Enter or leaving the field takes it over, Esc gives it back."""

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QFocusEvent, QKeyEvent
from PySide6.QtWidgets import QComboBox, QPlainTextEdit, QVBoxLayout, QWidget

from app.core.errors import InvalidInput, TrichterError
from app.core.i18n import Text
from app.ui.forms.field import Note
from app.ui.forms.loose import LooseEdit
from app.ui.forms.names import Find, completing
from app.ui.forms.somebody import SomebodyEdit
from app.ui.jobs import Job
from app.ui.widgets.choice_box import ChoiceBox
from app.ui.widgets.field_row import FieldValue
from app.ui.widgets.own_undo import share_undo

if TYPE_CHECKING:
    from app.ui.jobs import Jobs


def raising(error: BaseException) -> Callable[[], object]:
    """What raises this, for whoever shows what verbs raise."""

    def again() -> object:
        raise error

    return again


def leave(value: FieldValue, label: Text | str, do: Callable[[Callable[[], object]], object]) -> None:
    """Something else is about to be shown: what is typed in a value's place is taken over, or told why it is not."""
    editor = value.editor
    if editor is None:
        return
    typed_into = editor.focusProxy() or editor
    focused = typed_into.hasFocus()
    typed_into.clearFocus()  # ends the typing, as a click elsewhere does
    if isinstance(editor, InPlace) and editor.reason:
        words = Text("{field} was not changed: {why}", field=label, why=editor.reason)
        do(raising(InvalidInput(words)))
    value.stop_editing()
    if focused:
        value.button.setFocus()


def save(
    jobs: "Jobs",
    value: FieldValue,
    verb: Callable[[], object],
    do: Callable[[Callable[[], object]], object],
    stop: Callable[[], object] | None = None,
    then: Callable[[], object] = lambda: None,
) -> None:
    """One verb for what was typed in a value's place; what it refuses stays in the editor with its reason.

    Where that has no place for one `do` shows it. `stop` brings the value back when it is done, where that takes more
    than closing the editor; `then` comes after it was saved.
    """
    editor = value.editor

    def over() -> None:
        if value.editor is editor:
            (stop or value.stop_editing)()

    def saved(_done: object) -> None:
        over()
        then()

    def refused(error: BaseException) -> None:
        if isinstance(editor, InPlace) and value.editor is editor and isinstance(error, TrichterError):
            editor.refuse(str(error))
            return
        if isinstance(editor, QComboBox):  # a choice is made again as fast; what was typed stays
            over()
        do(raising(error))

    jobs.write(Job(Text("Saving"), lambda _progress: verb(), saved, refused, owner=value))


def choices(name: str) -> ChoiceBox:
    """As wide as the value it stands for, whatever can be chosen: the panel would not hold it."""
    box = ChoiceBox()
    box.setAccessibleName(name)
    box.setSizeAdjustPolicy(ChoiceBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
    box.setMinimumContentsLength(8)
    return box


class InPlace(QWidget):
    """A loose edit with the reason below it when it does not understand.

    `accepted(value)` comes when the field is left or Enter is pressed and the value is another (None for an empty
    field), `left` when it is left with nothing new, `cancelled` when Esc takes the typing back.
    """

    accepted = Signal(object)
    left = Signal()
    cancelled = Signal()

    def __init__(
        self,
        label: str,
        parse: Callable[[str], Any] = str,
        show: Callable[[Any], str] = str,
        *,
        hint: str = "",
        edit: SomebodyEdit | None = None,
    ) -> None:
        """`parse` raises a TrichterError in words for a person; `hint` stands in the empty field.

        `edit` is typed into instead where the value is somebody.
        """
        super().__init__()
        self._before: Any = None
        self.edit: LooseEdit[Any] | SomebodyEdit = edit or LooseEdit[Any](parse, show, self)
        if isinstance(self.edit, SomebodyEdit):
            self.edit.picked.connect(self._finish)
        self.edit.setAccessibleName(label)
        self.edit.setPlaceholderText(hint)
        self.edit.editingFinished.connect(self._finish)
        self.edit.textEdited.connect(lambda: self.refuse(""))
        self._note = Note("error")
        box = QVBoxLayout(self)
        box.setContentsMargins(0, 0, 0, 0)
        box.setSpacing(3)
        box.addWidget(self.edit)
        box.addWidget(self._note)
        self.setFocusProxy(self.edit)

    def complete(self, find: Find, *, several: bool, chosen: Callable[[str], object]) -> None:
        """Offer names that fit what is typed, of `several` those that fit the last; `chosen` hears which was taken."""
        completer, _names = completing(self.edit, find, several=several)
        for way in (completer.activated, completer.highlighted):
            way.connect(chosen)

    def set_value(self, value: Any) -> None:
        """Show a value without telling anyone."""
        self._before = value
        self.edit.set_value(value)
        self.refuse("")

    def refuse(self, reason: str) -> None:
        """Say why the value cannot stay (from a service too); the empty string takes it back."""
        self._note.say(reason, "error")
        self.edit.setAccessibleDescription(reason)

    @property
    def reason(self) -> str:
        """Why the value was refused; empty when it was not."""
        return self._note.text()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape:
            self.set_value(self._before)
            self.cancelled.emit()
            return
        super().keyPressEvent(event)

    def _finish(self) -> None:
        try:
            value = self.edit.value()
        except TrichterError as error:
            self.refuse(str(error))
            return
        if value != self._before:
            self.edit.set_value(value)
            self.accepted.emit(value)
        elif not self.reason:
            self.left.emit()


class WordsInPlace(QPlainTextEdit):
    """Several lines of text edited where they stand; `left` when the cursor goes elsewhere."""

    left = Signal()

    def __init__(self, text: str) -> None:
        super().__init__(text)
        self.setTabChangesFocus(True)
        share_undo(self)

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        self.left.emit()
