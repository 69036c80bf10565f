"""What the cards of the page share: the line of buttons below a list, and how much room a list takes."""

from collections.abc import Sequence
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QPoint, Signal
from PySide6.QtWidgets import QAbstractItemView, QFrame, QSizePolicy, QVBoxLayout, QWidget

from app.ui.theme import Theme
from app.ui.widgets.button import Button, ButtonKind
from app.ui.widgets.chips import Flow
from app.ui.widgets.focus import keep_in_view

if TYPE_CHECKING:
    from app.ui.context import Context
    from app.ui.tables.view import TableView

#: Wider than any line of buttons.
_ENDLESS = 10_000


class VerbBar(QFrame):
    """`asked(id)` is the command of the button that was pressed."""

    asked = Signal(str)

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("kind", "footer")
        self._theme = theme
        self._pressed: Button | None = None
        self.buttons: dict[str, Button] = {}
        box = QVBoxLayout(self)
        self._flow = Flow()
        box.addLayout(self._flow)
        px = theme.px
        theme.fit(
            self, lambda: box.setContentsMargins(px(14), px(9), px(14), px(9)), lambda: self._flow.setSpacing(px(7))
        )

    def add(self, id_: str, label: str, kind: ButtonKind = ButtonKind.PLAIN, icon: str = "") -> Button:
        """A button for a command, after those that are there."""
        button = Button(self._theme, label, kind, icon=icon, small=True)
        button.clicked.connect(partial(self._press, id_))
        self.buttons[id_] = button
        self._flow.addWidget(button)
        return button

    def more_lines(self, width: int) -> int:
        """How much higher it is than one line of buttons where it has this width."""
        return self.heightForWidth(width) - self.heightForWidth(_ENDLESS)

    def menu_place(self) -> QPoint | None:
        """Below the button that was pressed, for a menu of the command; None when none was."""
        return None if self._pressed is None else self._pressed.mapToGlobal(self._pressed.rect().bottomLeft())

    def _press(self, id_: str) -> None:
        self._pressed = self.buttons[id_]
        self.asked.emit(id_)
        self._pressed = None


def fill_page(view: QAbstractItemView) -> None:
    """Let a list have what is left of the page, never the height it likes best: the page would scroll for that.

    Where there is too little left it scrolls all the same.
    """
    view.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Ignored)
    keep_in_view(view)


def copy_leads(context: "Context", view: "TableView", ids: Sequence[int]) -> None:
    """Put so many leads of a list into the clipboard that they are read in a thread."""
    from app.ui.record_table.copying import copy_shown  # seldom: the start need not wait for it

    copy_shown(context, view, ids)
