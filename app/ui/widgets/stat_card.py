"""One figure: what it is, how much, and what to compare it with."""

from collections.abc import Sequence
from enum import StrEnum

from PySide6.QtCore import QRect, Qt, Signal
from PySide6.QtGui import QMouseEvent
from PySide6.QtWidgets import QHBoxLayout, QLabel, QVBoxLayout, QWidget

from app.core.i18n import tr
from app.ui.theme import Theme
from app.ui.widgets.button import Button, ButtonKind
from app.ui.widgets.card import Card


class Verdict(StrEnum):
    """What is to be thought of a figure; the values are kinds of label in the style sheet."""

    GOOD = "good"
    WARNING = "warning"


_SIGNS = {Verdict.GOOD: ("check", "won"), Verdict.WARNING: ("warning", "warning")}


def level(cards: Sequence["StatCard"]) -> None:
    """Cards beside each other: however many lines a label takes, the values stand on one height."""
    height = max(card.title_height() for card in cards)
    for card in cards:
        card.keep_title_height(height)


class StatCard(Card):
    """A label, a large value and a line below it. With `info` a small button tells how the figure is reckoned.

    With `behind` another one, and a click anywhere on the card, asks for the leads the figure is made of.
    """

    infoRequested = Signal()
    behindRequested = Signal()

    def __init__(
        self, theme: Theme, label: str, *, info: bool = False, behind: bool = False, parent: QWidget | None = None
    ) -> None:
        super().__init__(theme, parent)
        self._behind = behind
        self._label = QLabel(label)
        self._label.setProperty("kind", "small")
        self._value = QLabel()
        self._sub = QLabel()
        self._sub.setProperty("kind", "small")
        self._sign = QLabel()
        self._verdict: Verdict | None = None
        for line in (self._label, self._sub):
            line.setWordWrap(True)
        box = QVBoxLayout()
        top = QHBoxLayout()
        top.addWidget(self._label, 1)
        if info:
            button = Button(
                theme, "", ButtonKind.MINI, icon="info", name=tr("How {figure} is calculated", figure=label)
            )
            button.clicked.connect(self.infoRequested)
            top.addWidget(button, 0, Qt.AlignmentFlag.AlignTop)
        if behind:
            look = Button(
                theme, "", ButtonKind.MINI, icon="chevron-right", name=tr("Leads behind {figure}", figure=label)
            )
            look.clicked.connect(self.behindRequested)
            top.addWidget(look, 0, Qt.AlignmentFlag.AlignTop)
            self.setCursor(Qt.CursorShape.PointingHandCursor)
        box.addLayout(top)
        box.addWidget(self._value)
        below = QHBoxLayout()
        theme.fit(below, lambda: below.setSpacing(theme.px(5)))
        below.addWidget(self._sign, 0, Qt.AlignmentFlag.AlignTop)
        below.addWidget(self._sub, 1)
        box.addLayout(below)
        box.addStretch()  # beside a card of more lines the figures stand on one height
        self._box = box
        self.body.addLayout(box)
        theme.changed.connect(self._restyle)
        self._restyle()

    def show_figure(self, value: str, sub: str = "", tip: str = "", verdict: Verdict | None = None) -> None:
        """Another value; `tip` holds it in full where it is rounded, `verdict` what is to be thought of it."""
        self._value.setText(value)
        self._sub.setText(sub)
        if self._verdict is not verdict:
            self._verdict = verdict
            self._sub.setProperty("kind", "small" if verdict is None else verdict.value)
            self._sub.style().polish(self._sub)
            self._mark()
        self._value.setToolTip(tip)
        self.setAccessibleName(f"{self._label.text()}: {value}")

    @property
    def sub(self) -> str:
        """The line below the value."""
        return self._sub.text()

    def title_height(self) -> int:
        """What the label needs at the width it has."""
        room = QRect(0, 0, self._label.width(), 0)  # grows; the label itself counts the height it is to keep
        wrapped = self._label.fontMetrics().boundingRect(room, Qt.TextFlag.TextWordWrap, self._label.text())
        return wrapped.height()

    def keep_title_height(self, height: int) -> None:
        """Let the label take this height at least: that of the cards beside it may have more lines."""
        centred = height <= self.title_height()  # on its buttons; else it begins where the longer ones do
        self._label.setAlignment(Qt.AlignmentFlag.AlignVCenter if centred else Qt.AlignmentFlag.AlignTop)
        self._label.setMinimumHeight(height)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """A click anywhere on the card, not on its buttons."""
        super().mouseReleaseEvent(event)
        if (
            self._behind
            and event.button() == Qt.MouseButton.LeftButton
            and self.rect().contains(event.position().toPoint())
        ):
            self.behindRequested.emit()

    def _restyle(self) -> None:
        px = self._theme.px
        self._box.setContentsMargins(px(14), px(11), px(14), px(11))
        self._box.setSpacing(px(3))
        self._value.setFont(self._theme.font(21, 700))
        self._mark()

    def _mark(self) -> None:
        """The sign before the line below; its colour alone would not say it."""
        self._sign.setVisible(self._verdict is not None)
        if self._verdict is not None:
            icon, token = _SIGNS[self._verdict]
            self._sign.setPixmap(self._theme.pixmap(icon, token, 14, self.devicePixelRatioF()))
