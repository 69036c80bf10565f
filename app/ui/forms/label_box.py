"""A word from a list, or another one that is typed."""

from collections.abc import Mapping

from PySide6.QtWidgets import QComboBox, QSizePolicy

from app.core.i18n import tr
from app.core.parse.cleaning import one_line
from app.ui.widgets.choice_box import ChoiceBox


class LabelBox(ChoiceBox):
    """Shows a value by its word in the language in use; what is none of these is its own word. "" is nothing."""

    def __init__(self, words: Mapping[str, str]) -> None:
        """`words` in the source language, by value, in the order in which they are offered."""
        super().__init__()
        self._words = {str(value): tr(label) if label else "" for value, label in words.items()}
        self._set = ("", "")
        self.setEditable(True)
        self.setInsertPolicy(QComboBox.InsertPolicy.NoInsert)
        self.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        self.setMinimumContentsLength(4)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        for value, label in self._words.items():
            self.addItem(label, value)
        self.set_value("")

    def set_value(self, value: str) -> None:
        """Show a value."""
        self._set = (self._words.get(value, value), value)
        self.setCurrentText(self._set[0])
        if (line := self.lineEdit()) is not None:
            line.setCursorPosition(0)

    def value(self) -> str:
        """The value of the word that was chosen or typed; what was set and not touched is as it was."""
        if self.currentText() == self._set[0]:
            return self._set[1]
        typed = one_line(self.currentText())
        return next((value for value, word in self._words.items() if word.casefold() == typed.casefold()), typed)
