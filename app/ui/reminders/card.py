"""One reminder: the lead, what is to be done, since when, and the three things to do about it."""

from datetime import datetime
from typing import TYPE_CHECKING

from PySide6.QtCore import QPoint, Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QLabel, QVBoxLayout, QWidget

from app.core.i18n import tr
from app.core.roles import Act
from app.services.reminder_terms import BIRTHDAY
from app.ui.reminders.later import later_menu
from app.ui.widgets.button import Button, ButtonKind

if TYPE_CHECKING:
    from app.services.reminders import Reminder
    from app.ui.context import Context


class ReminderCard(QWidget):
    """Shows a reminder. `finished`, `opened` and `putOff(moment)` say what is wanted; `head` takes what else belongs
    beside the title.
    """

    finished = Signal()
    opened = Signal()
    putOff = Signal(object)

    def __init__(self, context: "Context", reminder: "Reminder", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._context = context
        self.reminder = reminder
        theme, px = context.theme, context.theme.px
        self._icon, self._title, self._about, self._when = QLabel(), QLabel(), QLabel(), QLabel()
        self.head, self._buttons = QHBoxLayout(), QHBoxLayout()
        box = QVBoxLayout(self)
        theme.fit(
            box, lambda: box.setContentsMargins(px(14), px(12), px(12), px(12)), lambda: box.setSpacing(px(4)),
            lambda: self.head.setSpacing(px(8)), lambda: self._buttons.setSpacing(px(7)),
        )  # fmt: skip
        self._lay_out(box)
        theme.changed.connect(self._word)
        self._word()
        self.setAccessibleName(self.words())

    def _lay_out(self, box: QVBoxLayout) -> None:
        for label in (self._title, self._about, self._when):
            label.setTextFormat(Qt.TextFormat.PlainText)
            label.setWordWrap(True)
            label.setMinimumWidth(1)
        self._title.setProperty("kind", "heading")
        self.head.addWidget(self._icon, 0, Qt.AlignmentFlag.AlignTop)
        self.head.addWidget(self._title, 1, Qt.AlignmentFlag.AlignTop)
        theme = self._context.theme
        self.done = Button(theme, tr("Finished"), ButtonKind.PRIMARY, icon="check", small=True)
        self.later = Button(theme, tr("Later"), icon="clock", small=True)
        self.open = Button(theme, tr("Open it"), icon="edit", small=True)
        self.done.clicked.connect(self.finished)
        self.later.clicked.connect(self._choose)
        self.open.clicked.connect(self.opened)
        for button in (self.done, self.later, self.open):
            button.setAutoDefault(False)
            self._buttons.addWidget(button)
        self.done.setVisible(not self.reminder.dated)
        self._context.allowed.keep(Act.NOTE, self.done)
        self._buttons.addStretch()
        box.addLayout(self.head)
        box.addWidget(self._about)
        box.addWidget(self._when)
        box.addSpacing(6)
        box.addLayout(self._buttons)

    @property
    def first(self) -> Button:
        """What the keyboard goes to: what one would most likely do."""
        return self.done if not self.reminder.dated and self.done.isEnabled() else self.open

    def words(self) -> str:
        """All of it in one sentence, for those who hear it and for the tray."""
        reminder = self.reminder
        about = " · ".join(part for part in (reminder.company, _text_of(reminder)) if part)
        return ". ".join(part for part in (reminder.title, about, moment_of(self._context, reminder)) if part)

    def _word(self) -> None:
        theme, reminder = self._context.theme, self.reminder
        late = not reminder.dated and reminder.on < self._context.office.store.today()
        tone = "lost" if late else "warning"
        self._icon.setPixmap(theme.pixmap("bell", tone, 18, self.devicePixelRatioF()))
        self._title.setText(reminder.title)
        self._about.setText("\n".join(part for part in (reminder.company, _text_of(reminder)) if part))
        self._about.setVisible(bool(self._about.text()))
        self._when.setText(moment_of(self._context, reminder))
        self._when.setStyleSheet(f"color: {theme.colour(tone).name()}; font-weight: 600")

    def _choose(self) -> None:
        menu = later_menu(self._context, self._put, self)
        menu.popup(self.later.mapToGlobal(QPoint(0, self.later.height())))

    def _put(self, moment: datetime) -> None:
        self.putOff.emit(moment)


def _text_of(reminder: "Reminder") -> str:
    return tr("Birthday") if reminder.source == BIRTHDAY else reminder.text


def moment_of(context: "Context", reminder: "Reminder") -> str:
    """When a step is due: today at 14:00, overdue since a day; when a date comes."""
    formats, today = context.formats, context.office.store.today()
    if reminder.dated:
        return tr("Today, {day}", day=formats.day(today)) if reminder.on == today else formats.day(reminder.on)
    time = "" if reminder.time is None else formats.time(reminder.time)
    if reminder.on == today:
        return tr("Today at {time}", time=time) if time else tr("Due today")
    day = " ".join(part for part in (formats.day(reminder.on), time) if part)
    return tr("Overdue since {day}", day=day) if reminder.on < today else tr("Due on {day}", day=day)
