"""Small windows at the lower right of the screen, one above the other, that take the keyboard from nobody."""

from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QObject, QRect, Qt, Signal
from PySide6.QtGui import (
    QAccessible,
    QAccessibleEvent,
    QGuiApplication,
    QKeySequence,
    QPainterPath,
    QRegion,
    QResizeEvent,
    QScreen,
    QShortcut,
)
from PySide6.QtWidgets import QFrame, QVBoxLayout, QWidget

from app.core.i18n import tr
from app.ui.reminders.card import ReminderCard
from app.ui.reminders.unblocked import Unblocked
from app.ui.widgets.button import Button, ButtonKind
from app.ui.widgets.focus import move_focus

if TYPE_CHECKING:
    from app.services.reminders import Reminder
    from app.ui.context import Context

_WIDTH = 376
_MARGIN = 14
_GAP = 10
_RADIUS = 9


class Popup(Unblocked):
    """One reminder in a window of its own; `left` when it is closed without anything being done.

    `passed(forward)` when Tab leads out of it.
    """

    left = Signal()
    passed = Signal(bool)

    def __init__(self, context: "Context", reminder: "Reminder") -> None:
        kind = Qt.WindowType.Tool | Qt.WindowType.FramelessWindowHint | Qt.WindowType.WindowStaysOnTopHint
        super().__init__(None, kind)
        self.setAttribute(Qt.WidgetAttribute.WA_ShowWithoutActivating)
        self.setAttribute(Qt.WidgetAttribute.WA_MacAlwaysShowToolWindow)
        self.setAttribute(Qt.WidgetAttribute.WA_QuitOnClose, False)
        self._theme = context.theme
        self.card = ReminderCard(context, reminder)
        self._close = Button(context.theme, "", ButtonKind.FLAT, icon="close", name=tr("Close"))
        self._close.clicked.connect(self.left)
        self.card.head.addWidget(self._close, 0, Qt.AlignmentFlag.AlignTop)
        frame = QFrame()
        frame.setProperty("kind", "toast")
        inner = QVBoxLayout(frame)
        inner.setContentsMargins(1, 1, 1, 1)
        inner.addWidget(self.card)
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        outer.addWidget(frame)
        QShortcut(QKeySequence(Qt.Key.Key_Escape), self, self.left.emit)
        self.setWindowTitle(tr("Reminder"))
        self.setWindowIcon(context.theme.app_icon())
        self.setAccessibleName(self.card.words())
        self.settle()

    def settle(self) -> None:
        """As wide as text of this size wants, as high as it needs."""
        width = self._theme.px(_WIDTH)
        self.setFixedWidth(width)
        self.setFixedHeight(max(self.layout_height(width), self.minimumSizeHint().height()))

    def layout_height(self, width: int) -> int:
        """The height that wrapped text needs at this width."""
        layout = self.layout()
        return 0 if layout is None else layout.totalHeightForWidth(width)

    def announce(self) -> None:
        """Tell those who hear the screen."""
        QAccessible.updateAccessibility(QAccessibleEvent(self, QAccessible.Event.Alert))

    def take_keyboard(self, *, last: bool = False) -> None:
        """On request only: the keyboard goes to what is likeliest, which comes first, or to what comes `last`."""
        self.raise_()
        self.activateWindow()
        (self._close if last else self.card.first).setFocus(Qt.FocusReason.ShortcutFocusReason)

    def focusNextPrevChild(self, forward: bool) -> bool:
        """Tab: through all pop-ups, since nothing else leads from one to the next."""
        if (self._close if forward else self.card.first).hasFocus():
            self.passed.emit(forward)
            return True
        return move_focus(self, forward)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        path = QPainterPath()
        path.addRoundedRect(self.rect(), self._theme.px(_RADIUS), self._theme.px(_RADIUS))
        self.setMask(QRegion(path.toFillPolygon().toPolygon()))


class Stack(QObject):
    """The pop-ups that are there, the oldest lowest, on the screen of `beside` or the first one."""

    def __init__(self, context: "Context", beside: QWidget, parent: QObject) -> None:
        super().__init__(parent)
        self._context = context
        self._beside = beside
        self._popups: list[Popup] = []
        context.theme.changed.connect(self._resize)

    @property
    def popups(self) -> tuple[Popup, ...]:
        """Those that are there, the oldest first."""
        return tuple(self._popups)

    def add(self, popup: Popup) -> None:
        """Show one above the others."""
        self._popups.append(popup)
        popup.installEventFilter(self)
        popup.passed.connect(lambda forward: self._go_on(popup, forward))
        self._arrange()
        popup.show()
        popup.announce()

    def remove(self, popup: Popup) -> None:
        """Take one away; those above it come down."""
        if popup in self._popups:
            self._popups.remove(popup)
            popup.hide()
            popup.deleteLater()
            self._arrange()

    def _go_on(self, popup: Popup, forward: bool) -> None:
        """The keyboard to the one below, or back to the one above; round and round."""
        place = self._popups.index(popup) + (-1 if forward else 1)
        self._popups[place % len(self._popups)].take_keyboard(last=not forward)

    def clear(self) -> None:
        """Take all away."""
        for popup in self.popups:
            self.remove(popup)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.Close and isinstance(watched, Popup):  # Alt+F4
            event.ignore()
            watched.left.emit()
            return True
        return False

    def _resize(self) -> None:
        for popup in self._popups:
            popup.settle()
        self._arrange()

    def _arrange(self) -> None:
        place = _screen(self._beside).availableGeometry()
        px = self._context.theme.px
        heights = [popup.height() for popup in self._popups]
        spots = spots_for(place, [popup.width() for popup in self._popups], heights, px(_MARGIN), px(_GAP))
        for popup, (x, y) in zip(self._popups, spots, strict=True):
            popup.move(x, y)


def spots_for(place: QRect, widths: list[int], heights: list[int], margin: int, gap: int) -> list[tuple[int, int]]:
    """Where windows of these sizes stand: from the lower right corner upwards; what is too many lies at the top."""
    bottom, spots = place.bottom() - margin, []
    for width, height in zip(widths, heights, strict=True):
        y = max(place.top() + margin, bottom - height)
        spots.append((max(place.left(), place.right() - margin - width), y))
        bottom = y - gap
    return spots


def _screen(beside: QWidget) -> QScreen:
    """The screen of the window where it is seen, else the first."""
    return beside.screen() if beside.isVisible() else QGuiApplication.primaryScreen()
