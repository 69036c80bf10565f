"""Buttons for commands on what is chosen, in rows, each there as long as its command can be carried out."""

from collections.abc import Mapping, Sequence
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QPoint, Qt, Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from app.ui.theme import Theme
from app.ui.widgets.button import Button, ButtonKind
from app.ui.widgets.chips import Flow

if TYPE_CHECKING:
    from app.ui.actions import Actions


class VerbButtons(QVBoxLayout):
    """`asked(id)` asks for a command of the window."""

    asked = Signal(str)

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        self._pressed: Button | None = None
        px = theme.px
        theme.fit(
            self, lambda: self.setContentsMargins(px(18), px(12), px(14), px(12)), lambda: self.setSpacing(px(14))
        )

    def offer(
        self, actions: "Actions", groups: Sequence[Sequence[str]], kinds: Mapping[str, ButtonKind] | None = None
    ) -> None:
        """Offer these commands, a row for each group; `kinds` are the looks of those that have one of their own."""
        for group in groups:
            row = QWidget()
            flow = Flow(row)
            self._theme.fit(flow, partial(self._space, flow))
            self.addWidget(row)
            for id_ in group:
                flow.addWidget(self._button(actions, id_, (kinds or {}).get(id_, ButtonKind.PLAIN)))

    def menu_place(self) -> QPoint | None:
        """Where a menu for the command asked for opens on the screen: below its button; None when none was pressed."""
        button = self._pressed
        return None if button is None else button.mapToGlobal(QPoint(0, button.height()))

    def _space(self, flow: Flow) -> None:
        flow.setSpacing(self._theme.px(7))

    def _button(self, actions: "Actions", id_: str, kind: ButtonKind) -> Button:
        action = actions[id_]
        button = Button(self._theme, action.text().replace("&", ""), kind, small=True)
        button.setFocusPolicy(Qt.FocusPolicy.TabFocus)  # after a click the keyboard stays in the list
        button.clicked.connect(partial(self._press, button, id_))
        actions.follow(id_, button, hides=True)
        return button

    def _press(self, button: Button, id_: str) -> None:
        self._pressed = button
        try:
            self.asked.emit(id_)
        finally:
            self._pressed = None
