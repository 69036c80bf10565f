"""A chip above a list that narrows it to one of a few: responsible, reason, period."""

from collections.abc import Callable, Sequence
from typing import Any

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QMenu

from app.core.i18n import tr
from app.ui.theme import Theme
from app.ui.widgets.chips import Chip


class ChoiceChip(Chip):
    """Shows "label: choice". `entries()` is asked when the menu opens, for pairs of value and name."""

    chosen = Signal(object)  # the value, None for all

    def __init__(
        self, theme: Theme, label: str, entries: Callable[[], Sequence[tuple[Any, str]]], none: str = ""
    ) -> None:
        """`none` is what no choice is called."""
        super().__init__(theme, "")
        self._label = label
        self._none = none or tr("all")
        self._entries = entries
        self._value: Any = None
        self._choices = QMenu(self)
        self._choices.aboutToShow.connect(self._fill)
        self.set_menu(self._choices)
        self.emptied.connect(lambda: self._take(None, self._none))
        self.clear()

    @property
    def choice(self) -> Any:
        """The value chosen, None for all."""
        return self._value

    def choose(self, choice: Any) -> bool:
        """Choose without telling anyone; whether it is among the entries."""
        name = next((name for value, name in self._entries() if value == choice), None)
        if name is not None:
            self._show(choice, name)
        return name is not None

    def clear(self) -> None:
        """Back to all, without telling anyone."""
        self._show(None, self._none)

    def _fill(self) -> None:
        self._choices.clear()
        for value, name in ((None, self._none), *self._entries()):
            action = self._choices.addAction(name.replace("&", "&&"))
            action.triggered.connect(lambda _on=False, value=value, name=name: self._take(value, name))

    def _take(self, value: Any, name: str) -> None:
        self._show(value, name)
        self.chosen.emit(value)

    def _show(self, value: Any, name: str) -> None:
        self._value = value
        self.setText(tr("{label}: {choice}", label=self._label, choice=name).replace("&", "&&"))
        self.setChecked(value is not None)
