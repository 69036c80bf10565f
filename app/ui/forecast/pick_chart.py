"""What charts that are painted by hand have in common: their parts are picked by mouse and keyboard, and speak."""

from collections.abc import Sequence
from typing import Any, Generic, Protocol, TypeVar

from PySide6.QtCore import QEvent, QPointF, QRectF, Qt, Signal
from PySide6.QtGui import (
    QAccessible,
    QAccessibleEvent,
    QFocusEvent,
    QHelpEvent,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPen,
)
from PySide6.QtWidgets import QSizePolicy, QToolTip, QWidget

from app.ui.theme import Theme

#: Keys that ask for the leads behind what is picked.
OPENING = (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Space)
#: The keyboard comes back from there, and goes on where it was: from the window with the leads, and from the menu.
STAYING = (Qt.FocusReason.ActiveWindowFocusReason, Qt.FocusReason.PopupFocusReason)


class Spoken(Protocol):
    """A part of a chart."""

    @property
    def spoken(self) -> str:
        """What it says, in one sentence."""


P = TypeVar("P", bound=Spoken)


class PickChart(QWidget, Generic[P]):
    """A click on a part, or Enter where the arrow keys have led, asks for what is behind it.

    The whole of it is in the accessible description, or the part that is picked; each part also in its tool tip.
    """

    opened = Signal(object)  # the part

    def __init__(self, theme: Theme, back: Qt.Key, on: Qt.Key, parent: QWidget | None = None) -> None:
        """`back` and `on` are the keys that lead to the part before and after."""
        super().__init__(parent)
        self._theme = theme
        self._ways = {back: -1, on: 1}
        self._parts: Sequence[P] = ()
        self._picked: int | None = None
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        theme.changed.connect(self._restyle)

    def show_parts(self, parts: Sequence[P], name: str) -> None:
        """Draw these. `name` says what they show, for screen readers."""
        self._parts = tuple(parts)
        self.setAccessibleName(name)
        self._pick(None)
        self._restyle()

    @property
    def parts(self) -> Sequence[P]:
        """What is drawn."""
        return self._parts

    @property
    def picked(self) -> P | None:
        """The part the arrow keys have led to."""
        return None if self._picked is None else self._parts[self._picked]

    # For the charts

    def draw(self, painter: QPainter) -> None:
        """Paint the parts in the size of this widget."""
        raise NotImplementedError

    def part_at(self, point: QPointF) -> P | None:
        """The part drawn there."""
        raise NotImplementedError

    def place_of(self, index: int) -> QRectF:
        """The room of a part."""
        raise NotImplementedError

    # Mouse and keyboard

    def event(self, event: QEvent) -> bool:
        if isinstance(event, QHelpEvent) and event.type() == QEvent.Type.ToolTip:
            part = self.part_at(QPointF(event.pos()))
            QToolTip.showText(event.globalPos(), part.spoken if part else "", self)
            return True
        return super().event(event)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        part = self.part_at(event.position())
        if event.button() == Qt.MouseButton.LeftButton and part is not None:
            self.opened.emit(part)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        key, last = Qt.Key(event.key()), len(self._parts) - 1
        if key in self._ways and last >= 0:
            way = self._ways[key]
            before = self._picked if self._picked is not None else (-1 if way > 0 else last + 1)
            self._pick(min(max(before + way, 0), last))
        elif key in OPENING and self.picked is not None:
            self.opened.emit(self.picked)
        else:
            super().keyPressEvent(event)

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        if event.reason() not in STAYING:
            self._pick(None)

    def _pick(self, index: int | None) -> None:
        self._picked = index
        part: Any = self.picked
        self.setAccessibleDescription("\n".join(each.spoken for each in self._parts) if part is None else part.spoken)
        QAccessible.updateAccessibility(QAccessibleEvent(self, QAccessible.Event.DescriptionChanged))
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        with QPainter(self) as painter:
            self.draw(painter)
            if not self.hasFocus():
                return
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.setPen(QPen(self._theme.colour("accent"), 2))
            painter.drawRoundedRect(QRectF(self.rect()).adjusted(1, 1, -1, -1), 7, 7)
            if self._picked is not None:
                painter.setPen(QPen(self._theme.colour("text"), 2))
                painter.drawRoundedRect(self.place_of(self._picked).adjusted(3, 2, -3, -2), 5, 5)

    def _restyle(self) -> None:
        self.updateGeometry()
        self.update()
