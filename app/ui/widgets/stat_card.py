"""One figure: what it is, how much, and what to compare it with."""

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QLabel, QVBoxLayout, QWidget

from app.core.i18n import tr
from app.ui.theme import Theme
from app.ui.widgets.button import Button, ButtonKind
from app.ui.widgets.card import Card


class StatCard(Card):
    """A label, a large value and a line below it. With `info` a small button tells how the figure is reckoned."""

    infoRequested = Signal()

    def __init__(self, theme: Theme, label: str, *, info: bool = False, parent: QWidget | None = None) -> None:
        super().__init__(theme, parent)
        self._label = QLabel(label)
        self._label.setProperty("kind", "small")
        self._value = QLabel()
        self._sub = QLabel()
        self._sub.setProperty("kind", "small")
        for line in (self._label, self._sub):
            line.setWordWrap(True)
        box = QVBoxLayout()
        top = QHBoxLayout()
        top.addWidget(self._label)
        top.addStretch()
        if info:
            button = Button(
                theme, "", ButtonKind.MINI, icon="info", name=tr("How {figure} is calculated", figure=label)
            )
            button.clicked.connect(self.infoRequested)
            top.addWidget(button)
        box.addLayout(top)
        box.addWidget(self._value)
        box.addWidget(self._sub)
        box.addStretch()  # beside a card of more lines the figures stand on one height
        self._box = box
        self.body.addLayout(box)
        theme.changed.connect(self._restyle)
        self._restyle()

    def show_figure(self, value: str, sub: str = "", tip: str = "") -> None:
        """Another value; `tip` holds it in full where it is rounded."""
        self._value.setText(value)
        self._sub.setText(sub)
        self._value.setToolTip(tip)
        self.setAccessibleName(f"{self._label.text()}: {value}")

    @property
    def sub(self) -> str:
        """The line below the value."""
        return self._sub.text()

    def _restyle(self) -> None:
        px = self._theme.px
        self._box.setContentsMargins(px(14), px(11), px(14), px(11))
        self._box.setSpacing(px(3))
        self._value.setFont(self._theme.font(21, 700))
