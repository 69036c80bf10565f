"""Fields that understand loosely typed amounts, dates, percentages and periods, and say what they do not understand."""

from collections.abc import Callable
from typing import Any

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QLabel, QLineEdit, QVBoxLayout, QWidget

from app.core.errors import TrichterError
from app.ui.theme import Theme


class LooseEdit(QWidget):
    """A line edit with `parse` behind it and the reason below it when that refuses.

    `parse` turns what was typed into a value and raises a TrichterError in words for a person; `show` words a value.
    An empty field is None. `accepted(value)` comes when the field is left or Enter is pressed and the value changed;
    `cancelled` when Esc takes the typing back.
    """

    accepted = Signal(object)
    cancelled = Signal()

    def __init__(
        self,
        theme: Theme,
        label: str,
        parse: Callable[[str], Any],
        show: Callable[[Any], str],
        *,
        hint: str = "",
        required: Callable[[], TrichterError] | None = None,
        parent: QWidget | None = None,
    ) -> None:
        """`hint` stands in the empty field; `required` makes the error for one that must not be empty."""
        super().__init__(parent)
        self._parse = parse
        self._show = show
        self._required = required
        self._value: Any = None
        self.edit = _Line(self)
        self.edit.setAccessibleName(label)
        self.edit.setPlaceholderText(hint)
        self.edit.editingFinished.connect(self._finish)
        self.edit.textEdited.connect(lambda: self.refuse(""))
        self.edit.escaped.connect(self._take_back)
        self._error = QLabel()
        self._error.setProperty("kind", "error")
        self._error.setWordWrap(True)
        self._error.hide()
        box = QVBoxLayout(self)
        box.setContentsMargins(0, 0, 0, 0)
        box.setSpacing(theme.px(3))
        box.addWidget(self.edit)
        box.addWidget(self._error)
        self.setFocusProxy(self.edit)

    @property
    def value(self) -> Any:
        """The last value understood; see `check` for what is typed right now."""
        return self._value

    def set_value(self, value: Any) -> None:
        """Show another value without telling anyone."""
        self._value = value
        self.edit.setText("" if value is None else self._show(value))
        self.refuse("")

    def check(self) -> bool:
        """Take over what is typed; whether it was understood. The reason is shown when not."""
        try:
            value = self._read()
        except TrichterError as error:
            self.refuse(str(error))
            return False
        self.set_value(value)
        return True

    def refuse(self, reason: str) -> None:
        """Say why the value cannot stay (from a service too); the empty string takes it back."""
        self._error.setText(reason)
        self._error.setVisible(bool(reason))
        self.edit.setAccessibleDescription(reason)
        if self.edit.property("refused") != bool(reason):
            self.edit.setProperty("refused", bool(reason))
            self.edit.style().polish(self.edit)

    @property
    def reason(self) -> str:
        """Why the value was refused; empty when it was not."""
        return self._error.text()

    def _read(self) -> Any:
        typed = self.edit.text().strip()
        if typed:
            return self._parse(typed)
        if self._required is not None:
            raise self._required()
        return None

    def _finish(self) -> None:
        before = self._value
        if self.check() and self._value != before:
            self.accepted.emit(self._value)

    def _take_back(self) -> None:
        self.set_value(self._value)
        self.cancelled.emit()


class _Line(QLineEdit):
    """A line edit that tells of Esc."""

    escaped = Signal()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape:
            self.escaped.emit()
        else:
            super().keyPressEvent(event)
