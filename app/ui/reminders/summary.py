"""Many reminders at once, in one window: what came while nobody was there, or all that waits."""

from collections.abc import Sequence
from datetime import datetime
from typing import TYPE_CHECKING

from PySide6.QtCore import QPoint, Qt, Signal
from PySide6.QtGui import QAccessible, QAccessibleEvent, QKeySequence, QShortcut
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QVBoxLayout, QWidget

from app.core.i18n import ntr, tr
from app.ui.forms.dialog import scrolled
from app.ui.reminders.card import ReminderCard
from app.ui.reminders.later import later_menu
from app.ui.reminders.unblocked import Unblocked
from app.ui.widgets.button import Button
from app.ui.widgets.focus import move_focus

if TYPE_CHECKING:
    from app.services.reminders import Reminder
    from app.ui.context import Context

#: Of more reminders than this the next ones come up as the first are done with.
_BUILT = 20
_SIZE = (460, 560)


class Summary(Unblocked):
    """Lists reminders, each with what can be done about it.

    `finished(reminder)`, `opened(reminder)` and `putOff(reminders, moment)` say what is wanted; `left` when it is
    closed.
    """

    finished = Signal(object)
    opened = Signal(object)
    putOff = Signal(object, object)
    left = Signal()

    def __init__(self, context: "Context", reminders: "Sequence[Reminder]") -> None:
        super().__init__(None, Qt.WindowType.Window)
        self.setAttribute(Qt.WidgetAttribute.WA_ShowWithoutActivating)
        self.setAttribute(Qt.WidgetAttribute.WA_QuitOnClose, False)
        self._context = context
        self.reminders: list[Reminder] = []
        self.cards: list[ReminderCard] = []
        self._lines: dict[ReminderCard, QFrame] = {}
        self._title, self._more = QLabel(), QLabel()
        self._list = QVBoxLayout()
        self._later = Button(context.theme, tr("All later"), icon="clock")
        self._lay_out()
        self.setWindowTitle(tr("Reminders"))
        self.setWindowIcon(context.theme.app_icon())
        self.resize(context.theme.px(_SIZE[0]), context.theme.px(_SIZE[1]))
        self.add(reminders)

    def _lay_out(self) -> None:
        px = self._context.theme.px
        self._title.setProperty("kind", "title")
        self._title.setWordWrap(True)
        self._more.setProperty("kind", "muted")
        self._more.setWordWrap(True)
        inner = QWidget()
        self._list.setContentsMargins(0, 0, 0, 0)
        self._list.setSpacing(0)
        column = QVBoxLayout(inner)
        column.setContentsMargins(px(8), 0, px(8), px(8))
        column.addLayout(self._list)
        column.addWidget(self._more)
        column.addStretch()
        close = Button(self._context.theme, tr("Close"))
        close.clicked.connect(self.close)
        self._later.clicked.connect(self._choose)
        head, bar, outer = QHBoxLayout(), QHBoxLayout(), QVBoxLayout(self)
        head.setContentsMargins(px(22), px(16), px(22), px(8))
        bar.setContentsMargins(px(22), px(12), px(22), px(14))
        head.addWidget(self._title)
        bar.addWidget(self._later)
        bar.addStretch()
        bar.addWidget(close)
        outer.setContentsMargins(0, 0, 0, 0)
        outer.setSpacing(0)
        outer.addLayout(head)
        outer.addWidget(scrolled(inner), 1)
        outer.addWidget(_line())
        outer.addLayout(bar)
        QShortcut(QKeySequence(Qt.Key.Key_Escape), self, self.close)

    def add(self, reminders: "Sequence[Reminder]") -> None:
        """These come to those that are there."""
        known = {each.key for each in self.reminders}
        self.reminders += [each for each in reminders if each.key not in known]
        self._fill()

    def keep(self, standing: set[tuple[str, int, datetime]]) -> None:
        """Of those that are there only these are still to be done; without any it is closed."""
        self.reminders = [each for each in self.reminders if each.key in standing]
        self._fill()
        if not self.reminders:
            self.close()

    def announce(self) -> None:
        """Tell those who hear the screen."""
        QAccessible.updateAccessibility(QAccessibleEvent(self, QAccessible.Event.Alert))

    def take_keyboard(self) -> None:
        """On request only."""
        self.show()
        self.raise_()
        self.activateWindow()
        if self.cards:
            self.cards[0].first.setFocus(Qt.FocusReason.ShortcutFocusReason)

    def focusNextPrevChild(self, forward: bool) -> bool:
        return move_focus(self, forward)

    def closeEvent(self, event: object) -> None:
        self.left.emit()

    def _fill(self) -> None:
        """Cards that are there and still hold stay: somebody may be reading them."""
        for card in [card for card in self.cards if card.reminder not in self.reminders]:
            self.cards.remove(card)
            for gone in (card, self._lines.pop(card)):
                self._list.removeWidget(gone)
                gone.hide()
                gone.deleteLater()
        shown = {card.reminder for card in self.cards}
        for reminder in [each for each in self.reminders if each not in shown][: _BUILT - len(self.cards)]:
            self._add_card(reminder)
        n, left = len(self.reminders), len(self.reminders) - len(self.cards)
        self._title.setText(ntr("{n} reminder", "{n} reminders", n))
        self.setAccessibleName(self._title.text())
        self._more.setText(ntr("{n} more follows.", "{n} more follow.", left))
        self._more.setVisible(left > 0)
        self._later.setVisible(n > 1)

    def _add_card(self, reminder: "Reminder") -> None:
        card, line = ReminderCard(self._context, reminder), _line()
        card.finished.connect(lambda: self.finished.emit(reminder))
        card.opened.connect(lambda: self.opened.emit(reminder))
        card.putOff.connect(lambda moment: self.putOff.emit([reminder], moment))
        self.cards.append(card)
        self._lines[card] = line
        self._list.addWidget(card)
        self._list.addWidget(line)

    def _choose(self) -> None:
        menu = later_menu(self._context, lambda moment: self.putOff.emit(list(self.reminders), moment), self)
        menu.popup(self._later.mapToGlobal(QPoint(0, self._later.height())))


def _line() -> QFrame:
    line = QFrame()
    line.setProperty("kind", "hairline")
    line.setFixedHeight(1)
    return line
