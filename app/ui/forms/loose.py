"""Line edits that understand loosely typed days, amounts, percentages and periods."""

from collections.abc import Callable
from typing import TYPE_CHECKING, Generic, TypeVar

from PySide6.QtCore import Signal
from PySide6.QtGui import QFocusEvent
from PySide6.QtWidgets import QLineEdit, QWidget

from app.core.errors import InvalidInput, TrichterError
from app.core.i18n import Text
from app.ui.widgets.own_undo import share_undo

if TYPE_CHECKING:
    from app.ui.forms.field import Field

T = TypeVar("T")


class LooseEdit(QLineEdit, Generic[T]):
    """A field for values that are typed in many ways and shown in one.

    While one types, `follow` lets its field say what was understood; on leaving, the text becomes the shown form.
    """

    understood = Signal(str)

    def __init__(self, parse: Callable[[str], T], show: Callable[[T], str], parent: QWidget | None = None) -> None:
        """`parse` raises InvalidInput for what makes no sense, `show` words a value so that `parse` takes it again."""
        super().__init__(parent)
        self._parse = parse
        self._show = show
        self._set: tuple[str, T] | None = None
        self.textEdited.connect(self._on_typed)
        share_undo(self)

    def set_value(self, value: T | None) -> None:
        """Show a value, or nothing; what was said of what stood there is over."""
        shown = "" if value is None else self._show(value)
        self.setText(shown)
        self._set = None if value is None else (shown, value)
        self.understood.emit("")

    def value(self) -> T | None:
        """What was typed, understood; None for nothing. Raises InvalidInput.

        What was set and not touched comes back as it was, even where its shown form is shorter than the value.
        """
        typed = self.text().strip()
        if self._set is not None and self._set[0] == self.text():
            return self._set[1]
        return self._parse(typed) if typed else None

    def required(self, field: str) -> T:
        """The value; raises InvalidInput for an empty field too."""
        value = self.value()
        if value is None:
            raise InvalidInput(Text("Please fill this in."), field=field)
        return value

    def follow(self, field: "Field") -> None:
        """Let `field` say what is understood while one types, and why it is refused when one leaves."""
        self.understood.connect(field.hint)
        self.editingFinished.connect(lambda: self._judge(field))

    def focusOutEvent(self, event: QFocusEvent) -> None:
        self._tidy()
        super().focusOutEvent(event)

    def _tidy(self) -> None:
        """Put what was understood in place of what was typed."""
        try:
            value = self.value()
        except InvalidInput:
            return
        if value is not None:
            self.set_value(value)

    def _judge(self, field: "Field") -> None:
        try:
            self.value()
        except TrichterError as error:
            field.refuse(error)

    def _on_typed(self) -> None:
        try:
            value = self.value()
        except InvalidInput:
            self.understood.emit("")
            return
        shown = "" if value is None else self._show(value)
        self.understood.emit("" if shown == self.text().strip() else f"= {shown}")
