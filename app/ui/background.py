"""What goes on beside and behind the window: the sign in the tray, the reminders, a window that is only hidden."""

from collections.abc import Callable
from datetime import datetime
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTimer

from app.core.i18n import Text, ntr
from app.core.roles import Act
from app.core.settings import KEEP_IN_TRAY, PAUSED_UNTIL, TOLD_NO_TRAY
from app.core.terms import Entity
from app.ui.detail.window import LeadWindow
from app.ui.dialogs import QtDialogs
from app.ui.reminders.card import moment_of
from app.ui.reminders.keeper import Keeper
from app.ui.reminders.pausing import pause, paused, resume
from app.ui.reminders.unblocked import open_question
from app.ui.tray import Tray, tray_available

if TYPE_CHECKING:
    from PySide6.QtGui import QAction

    from app.core.settings import Settings
    from app.services.reminders import Reminder
    from app.ui.context import Context
    from app.ui.main_window import MainWindow
    from app.ui.theme import Theme
    from app.ui.window_tasks import WindowTasks

#: A desktop that has just started gets its tray within this time, or has none.
_LOOK_MS = 1000
_LOOKS = 20


class Background(QObject):
    """Lives as long as the program. `come_forward()` brings the window, `quit_()` ends the program."""

    def __init__(
        self,
        settings: "Settings",
        theme: "Theme",
        come_forward: Callable[[], object],
        quit_: Callable[[], object],
        parent: QObject,
    ) -> None:
        super().__init__(parent)
        self._settings = settings
        self._theme = theme
        self._come_forward = come_forward
        self._quit = quit_
        self._window: MainWindow | None = None
        self._tasks: WindowTasks | None = None
        self._tray: Tray | None = None
        self._carried: list[Reminder] = []
        self._carried_of: int | None = None
        self.keeper: Keeper | None = None
        self._switch: QAction | None = None
        self._waits = False
        self._left = _LOOKS
        self._search = QTimer(self)
        self._search.setInterval(_LOOK_MS)
        self._search.timeout.connect(self._look_for_tray)
        self._stop = settings.listen(PAUSED_UNTIL, lambda _value: self._show_pause())
        self._look_for_tray()

    @property
    def tray(self) -> Tray | None:
        """The sign in the tray; None on a desktop without one."""
        return self._tray

    # A store is open

    def wait(self, window: "MainWindow") -> None:
        """The store is open, but nobody has said yet who works in this window: nobody is reminded of anything."""
        self._window = window
        if self._tray is not None:
            self._tray.set_waiting(True)
        self._waits = True

    def watch(self, window: "MainWindow", tasks: "WindowTasks") -> None:
        """Remind of what is in the store that this window shows."""
        self._window, self._tasks = window, tasks
        context: Context = tasks.context
        self.keeper = keeper = Keeper(
            context, window, self._ask, self._open_lead, tasks, self._open_record, self._ask_record
        )
        keeper.came.connect(self._tell)
        keeper.counted.connect(self._count)
        keeper.begin()
        if self._carried_of == context.office.store.actor_id:  # else they are somebody else's
            keeper.bring_back(self._carried)
        self._carried = []
        self._waits = False
        self._switch = window.actions_["switch_user"]
        self._switch.changed.connect(self._show_switch)
        if self._tray is not None:
            self._tray.reword()
            self._tray.set_open(True)
            self._tray.set_waiting(False)
        context.allowed.changed.connect(self._permit)
        self._permit()
        self._show_pause()
        self._show_switch()

    def _permit(self) -> None:
        if self._tray is not None and self._tasks is not None:
            self._tray.bar_new(self._tasks.context.allowed.why_not(Act.CHANGE))

    def leave(self) -> None:
        """The store is about to be closed, or the window built anew: then what is on the screen comes back."""
        if self.keeper is not None:
            self._carried = self.keeper.stop()
            self.keeper = None
        if self._tasks is not None:
            self._carried_of = self._tasks.context.office.store.actor_id
        if self._switch is not None:
            self._switch.changed.disconnect(self._show_switch)
            self._switch = None
        self._tasks = None
        if self._tray is not None:
            self._tray.set_open(False)
            self._tray.set_count(0)

    def end(self) -> None:
        """The program ends: no sign is left."""
        self.leave()
        self._search.stop()
        self._stop()
        if self._tray is not None:
            self._tray.end()
            self._tray = None

    def show_reminders(self) -> None:
        """The keyboard to the reminders."""
        if self.keeper is not None:
            self.keeper.show_waiting()

    # A window that is closed

    def keeps(self, window: "MainWindow") -> bool | None:
        """Whether the program goes on without the window, which is asked once; None to leave the window open."""
        if self._tray is None or not tray_available():
            return False
        if not self._settings.chosen(KEEP_IN_TRAY):
            answer = QtDialogs(window).ask(
                Text("Shall Trichter go on in the tray, so that reminders come?"),
                Text("Its icon there brings the window back. The settings change this at any time."),
                [Text("Go on in the tray"), Text("Quit")],
                cancel=Text("Keep the window open"),
            )
            if answer is None:
                return None
            self._settings[KEEP_IN_TRAY] = answer == 0
        if self._settings[KEEP_IN_TRAY]:
            for lead in window.findChildren(LeadWindow):  # nothing is left on the screen
                lead.close()
        return self._settings[KEEP_IN_TRAY]

    # The tray

    def _look_for_tray(self) -> None:
        if tray_available():
            self._search.stop()
            self._tray = Tray(self._theme, self)
            self._tray.asked.connect(self._carry_out)
            self._tray.set_open(self._tasks is not None)
            self._tray.set_waiting(self._waits)
            self._permit()
            self._show_pause()
            self._show_switch()
            return
        self._left -= 1
        if self._left <= 0:
            self._search.stop()
            self._do_without()
        elif not self._search.isActive():
            self._search.start()

    def _do_without(self) -> None:
        """Never vanish silently: a window that was to begin in the tray is shown, and once it is said why."""
        if self._window is None:
            return
        if not self._window.isVisible():
            self._window.showMinimized()
        if not self._settings[TOLD_NO_TRAY] and self._tasks is not None:
            self._settings[TOLD_NO_TRAY] = True
            words = Text("This desktop has no tray: reminders come while the window is open or minimised.")
            self._tasks.context.notify(words)

    def _carry_out(self, command: str) -> None:
        question = open_question()
        if question is not None:  # it is answered first: what was typed there is not to be lost
            self._come_forward()
            question.activateWindow()
        elif command == "quit":
            self._quit()
        elif command == "pause":
            pause(self._settings, self._now())
        elif command == "resume":
            resume(self._settings)
        else:
            self._come_forward()
            if command in ("new_lead", "switch_user") and self._tasks is not None:
                self._tasks.run(command)
            elif command == "today" and self._window is not None:
                self._window.go_to_today()

    def _count(self, number: int) -> None:
        if self._tray is not None:
            self._tray.set_count(number)
            self._show_pause()

    def _show_pause(self) -> None:
        if self._tray is not None and self._tasks is not None:
            self._tray.set_paused(paused(self._settings, self._now()))

    def _show_switch(self) -> None:
        if self._tray is not None:
            self._tray.offer_switch(self._switch is not None and self._switch.isEnabled())

    def _now(self) -> datetime:
        assert self._tasks is not None
        return self._tasks.context.office.store.clock.now()

    # Reminders

    def _tell(self, reminders: "list[Reminder]") -> None:
        """By the desktop too, unless somebody is looking at the window."""
        if self._tray is None or self._tasks is None or (self._window is not None and self._window.isActiveWindow()):
            return
        context = self._tasks.context
        if len(reminders) > 1:
            titles = "\n".join(each.title for each in reminders[:3])
            self._tray.tell(ntr("{n} reminder", "{n} reminders", len(reminders)), titles)
        else:
            one = reminders[0]
            words = "\n".join(part for part in (one.company, one.text, moment_of(context, one)) if part)
            self._tray.tell(one.title, words)

    def _ask(self, command: str, lead_id: int) -> None:
        self._come_forward()
        if self._tasks is not None:
            self._tasks.run_for(command, lead_id)

    def _ask_record(self, command: str, entity: Entity, record_id: int) -> None:
        self._come_forward()
        if self._tasks is not None:
            self._tasks.records.run_for(command, entity, record_id)

    def _open_record(self, entity: Entity, record_id: int) -> bool:
        """Show a company or person of which a date reminds, in the window that comes forward."""
        self._come_forward()
        return self._window is not None and self._window.open_record(entity, record_id)

    def _open_lead(self, lead_id: int) -> None:
        self._come_forward()
        if self._tasks is not None:
            self._tasks.run_for("open", lead_id)
