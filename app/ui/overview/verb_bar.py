"""The line of buttons below a list: what can be done about the leads chosen in it."""

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QFrame, QVBoxLayout, QWidget

from app.ui.theme import Theme
from app.ui.widgets.button import Button, ButtonKind
from app.ui.widgets.chips import Flow


class VerbBar(QFrame):
    """`asked(id)` is the command of the button that was pressed."""

    asked = Signal(str)

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("kind", "footer")
        self._theme = theme
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
        button.clicked.connect(lambda: self.asked.emit(id_))
        self.buttons[id_] = button
        self._flow.addWidget(button)
        return button
