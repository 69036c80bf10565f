"""*Erinnerungen*: whether, when, and how the program stays there for them."""

from typing import TYPE_CHECKING

from PySide6.QtWidgets import QCheckBox, QComboBox, QHBoxLayout, QVBoxLayout

from app.core.errors import TrichterError
from app.core.i18n import tr
from app.core.settings import DAY_REMINDER, KEEP_IN_TRAY, PAUSED_UNTIL, REMINDERS, minutes_of
from app.ui import autostart
from app.ui.forms.field import Note
from app.ui.reminders.pausing import pause, paused, paused_until, resume
from app.ui.settings.generic import GenericPage, shown_settings
from app.ui.tray import tray_available
from app.ui.widgets.button import Button

if TYPE_CHECKING:
    from app.ui.context import Context


class RemindersPage(GenericPage):
    """The settings of reminders, the entry among what starts with the system, and a pause."""

    def __init__(self, context: "Context") -> None:
        super().__init__(context, shown_settings(REMINDERS))
        self._entry = autostart.here(context.office.folder)
        self._autostart = QCheckBox(tr("Start with the system, in the tray"))
        self._said, self._pause_note = Note(), Note()
        self._pause = Button(context.theme, "")
        self._word_times()
        self._offer_tray()
        self._lay_out()
        self._autostart.setChecked(self._entry.is_on())
        self._autostart.toggled.connect(self._change)
        self._pause.clicked.connect(self._turn)
        self._show_pause()
        self.destroyed.connect(context.settings.listen(PAUSED_UNTIL, lambda _value: self._show_pause()))

    def _lay_out(self) -> None:
        px = self._context.theme.px
        self._tell("")
        box, row = QVBoxLayout(), QHBoxLayout()
        box.setSpacing(3)
        box.addWidget(self._autostart)
        box.addWidget(self._said)
        self._pause.setAutoDefault(False)
        row.addWidget(self._pause)
        row.addStretch()
        self.below.setSpacing(px(18))
        self.below.addLayout(box)
        self.below.addLayout(row)
        self.below.addWidget(self._pause_note)

    def _word_times(self) -> None:
        combo = self.row(DAY_REMINDER).control
        assert isinstance(combo, QComboBox)
        for place in range(combo.count()):
            combo.setItemText(place, self._context.formats.time(minutes_of(combo.itemData(place))))

    def _offer_tray(self) -> None:
        """Where there is no tray the window would be lost: the setting says so instead."""
        if not tray_available():
            self.row(KEEP_IN_TRAY).disable(tr("This desktop has no tray. Reminders come while the window is open."))

    def _change(self, on: bool) -> None:
        try:
            self._entry.turn_on() if on else self._entry.turn_off()
        except TrichterError as error:
            self._autostart.blockSignals(True)
            self._autostart.setChecked(self._entry.is_on())
            self._autostart.blockSignals(False)
            self._tell(str(error), "error")
        else:
            self._tell("")

    def _tell(self, words: str, kind: str = "small") -> None:
        words = words or tr("Then reminders come from the moment you log in.")
        self._said.say(words, kind)
        self._autostart.setAccessibleDescription(words)

    def _turn(self) -> None:
        now = self._context.office.store.clock.now()
        if paused(self._context.settings, now):
            resume(self._context.settings)
        else:
            pause(self._context.settings, now)

    def _show_pause(self) -> None:
        store, settings = self._context.office.store, self._context.settings
        rests, until = paused(settings, store.clock.now()), paused_until(settings)
        self._pause.setText(tr("Remind me again") if rests else tr("No reminders for 1 hour"))
        shown = self._context.formats.instant(until, store.zone) if rests and until is not None else ""
        self._pause_note.say(tr("Paused until {moment}. What comes until then is told afterwards.", moment=shown)
                             if rests else "")  # fmt: skip
