"""Looks every half minute what somebody has to be reminded of, shows it, and carries out what is wanted then."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import datetime
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTimer, Signal
from shiboken6 import isValid

from app.core.changes import ChangeSet
from app.core.errors import NotFound, TrichterError
from app.core.i18n import Text
from app.core.settings import DAY_REMINDER, PAUSED_UNTIL, REMIND, minutes_of
from app.core.terms import Entity
from app.services.outbox import finished
from app.ui.jobs import Job
from app.ui.reminders.pausing import paused
from app.ui.reminders.popup import Popup, Stack
from app.ui.reminders.summary import Summary
from app.ui.reminders.unblocked import open_question

if TYPE_CHECKING:
    from PySide6.QtWidgets import QWidget

    from app.services.reminders import Reminder, Waiting
    from app.ui.context import Context

#: A little less than half a minute: a timer may come a twentieth late.
TICK_MS = 27_000
_FIRST_MS = 1500
#: After a change more may follow at once.
_SETTLE_MS = 200
#: More than these at once, or beside each other, are told in one window.
MOST = 3


class Keeper(QObject):
    """Keeps the reminders of an open store for as long as it exists; the window may be hidden.

    `ask(command, lead id)` carries out a command of the window, `open_lead(lead id)` shows a lead, `open_record(entity,
    id)` a company or person that reminds, and says whether it could; `ask_record(command, entity, id)` is for these.
    `came(reminders)` tells of what was shown, `counted(number)` how many steps have come and are still to be done.
    """

    came = Signal(object)
    counted = Signal(int)

    def __init__(
        self,
        context: "Context",
        beside: "QWidget",
        ask: Callable[[str, int], object],
        open_lead: Callable[[int], object],
        parent: QObject,
        open_record: Callable[[Entity, int], bool] = lambda _entity, _id: False,
        ask_record: Callable[[str, Entity, int], object] = lambda _command, _entity, _id: None,
    ) -> None:
        """Pop-ups come up on the screen of the window `beside`."""
        super().__init__(parent)
        self._context = context
        self._reminders = context.office.reminders
        self._ask, self._open_lead, self._open_record, self._ask_record = ask, open_lead, open_record, ask_record
        self._stack = Stack(context, beside, self)
        self._summary: Summary | None = None
        self._looking = self._blind = self._counted = False
        self._told: set[tuple[str, int, datetime]] = set()
        self._timer = QTimer(self)
        self._timer.timeout.connect(self.look)
        self._settling = QTimer(self)
        self._settling.setSingleShot(True)
        self._settling.setInterval(_SETTLE_MS)
        self._settling.timeout.connect(self._look_after_change)
        self._stops = [
            context.settings.listen(DAY_REMINDER, lambda _value: self._read_day()),
            context.settings.listen(REMIND, lambda _value: self.look()),
            context.settings.listen(PAUSED_UNTIL, lambda _value: self.look()),
        ]
        context.bridge.changed.connect(self._on_change)
        context.bridge.reminded.connect(self._on_reminded)
        self._reminders.day_at = minutes_of(context.settings[DAY_REMINDER])

    def begin(self) -> None:
        """Look soon, and then every half minute; not on a given day (`--today`), which is not the one that is lived."""
        if self._context.office.store.given_day is not None:
            return
        work = lambda _progress: self._reminders.begin()  # noqa: E731 - one expression for one thread
        self._start(Job(Text("Looking for reminders"), work, failed=_quietly, writes=True, owner=self))
        self._timer.start(TICK_MS)
        QTimer.singleShot(_FIRST_MS, self, self.look)

    def stop(self) -> "list[Reminder]":
        """The store is about to be closed: nothing is left that could ask it. Returns what was on the screen."""
        shown = self._on_screen()
        self._timer.stop()
        self._settling.stop()
        for stop in self._stops:
            stop()
        self._context.bridge.changed.disconnect(self._on_change)
        self._context.bridge.reminded.disconnect(self._on_reminded)
        self._stack.clear()
        if self._summary is not None:
            self._summary.close()
        return shown

    def bring_back(self, reminders: "Sequence[Reminder]") -> None:
        """What was on the screen of a window that was built anew, as far as it still holds."""
        work = lambda _progress: self._reminders.standing(reminders)  # noqa: E731 - one expression for one thread

        def done(standing: set[tuple[str, int, datetime]]) -> None:
            self._bring([each for each in reminders if each.key in standing])

        if reminders:
            self._start(Job(Text("Looking for reminders"), work, done, owner=self))

    @property
    def popups(self) -> tuple[Popup, ...]:
        """The reminders on the screen, the oldest first."""
        return self._stack.popups

    @property
    def summary(self) -> Summary | None:
        """The window that lists several, while it is open."""
        return self._summary

    # Looking

    def look(self) -> None:
        """What has come is shown; nothing while reminders are off or paused, and that is told afterwards."""
        now = self._context.office.store.clock.now()
        if self._looking or self._rests(now):
            return
        self._looking = True
        counted = self._counted

        def work(_progress: object) -> "tuple[list[Reminder], int | None]":
            found = self._reminders.look(now)
            return found, None if counted and not found else self._reminders.waiting(now).count

        def done(found: "tuple[list[Reminder], int | None]") -> None:
            self._looking = self._blind = False
            self._counted = True
            self._show(found[0], now)
            if found[1] is not None:
                self.counted.emit(found[1])

        def failed(error: BaseException) -> None:
            known, self._looking, self._blind = self._blind, False, True
            if not known:  # it is tried again and again, and told once
                raise error

        self._start(Job(Text("Looking for reminders"), work, done, failed, owner=self))

    def _rests(self, now: datetime) -> bool:
        settings, given = self._context.settings, self._context.office.store.given_day
        return given is not None or not settings[REMIND] or paused(settings, now)

    def show_waiting(self) -> None:
        """On request: the keyboard to what is on the screen, else a list of all that waits."""
        if self._stack.popups:
            self._stack.popups[-1].take_keyboard()
        elif self._summary is not None:
            self._summary.take_keyboard()
        else:
            now = self._context.office.store.clock.now()
            work = lambda _progress: self._reminders.waiting(now)  # noqa: E731 - one expression for one thread
            self._context.jobs.start(Job(Text("Looking for reminders"), work, self._list, owner=self))

    def _list(self, waiting: "Waiting") -> None:
        if not waiting.reminders:
            self._context.notify(Text("No step is waiting for you."))
            return
        self._summarise(waiting.reminders)
        assert self._summary is not None
        self._summary.take_keyboard()

    def _show(self, found: "Sequence[Reminder]", now: datetime) -> None:
        """Few in pop-ups, many in one window. They are noted as shown when they are: a crash shows them again.

        What cannot be noted (the disk is full, the folder may not be written) is told of once, and tried again.
        """
        new = [each for each in found if each.key not in self._told]
        self._told |= {each.key for each in new}
        if new:
            self._bring(new)
            self.came.emit(new)
        if found:
            self._note(found, lambda: self._reminders.shown(found, now), None if new else _quietly)

    def _on_screen(self) -> "list[Reminder]":
        popups = [popup.card.reminder for popup in self._stack.popups]
        return popups + (self._summary.reminders if self._summary else [])

    def _bring(self, reminders: "Sequence[Reminder]") -> None:
        if self._summary is not None or len(reminders) + len(self._stack.popups) > MOST:
            self._summarise(reminders)
            return
        dates = [each for each in reminders if each.dated]
        if len(dates) > 1 and self._reminders.together():
            self._summarise(dates)
            reminders = [each for each in reminders if not each.dated]
        for reminder in reminders:
            self._pop_up(reminder)

    def _summarise(self, reminders: "Sequence[Reminder]") -> None:
        if self._summary is None:
            self._summary = summary = Summary(self._context, reminders)
            summary.finished.connect(self._finish)
            summary.opened.connect(self._open)
            summary.putOff.connect(self._put_off)
            summary.left.connect(self._forget_summary)
            summary.show()
        else:
            self._summary.add(reminders)
        self._summary.announce()

    def _forget_summary(self) -> None:
        if self._summary is not None:
            self._summary.deleteLater()
            self._summary = None

    def _pop_up(self, reminder: "Reminder") -> None:
        popup = Popup(self._context, reminder)
        popup.card.finished.connect(lambda: self._finish(reminder))
        popup.card.opened.connect(lambda: self._open(reminder))
        popup.card.putOff.connect(lambda moment: self._put_off([reminder], moment))
        popup.left.connect(lambda: self._stack.remove(popup))
        self._stack.add(popup)

    # Doing

    def _finish(self, reminder: "Reminder") -> None:
        """By the window's own command, which asks what follows. A step that is not the next one is ticked off alone."""
        if _question_first():
            return
        of_lead, record, step = reminder.entity is Entity.LEAD, reminder.lead_id, reminder.step_id
        if self._next_step(reminder) not in (None, step):
            deed = finished("lead" if of_lead else "company", [record], step_id=step)
            self._context.outgoing.do(deed, owner=self)
        elif of_lead:
            self._ask("finish_step", record)
        else:
            self._ask_record("record_finish", reminder.entity, record)

    def _next_step(self, reminder: "Reminder") -> int | None:
        """The step that comes next there, by its id."""
        record, office = reminder.lead_id, self._context.office
        try:
            if reminder.entity is Entity.LEAD:
                return next((step.id for step in self._context.details.get(record).open_steps), None)
            return next((step.id for step in office.records.company(record).steps if step.lead_id is None), None)
        except NotFound:  # the command says so
            return None

    def _open(self, reminder: "Reminder") -> None:
        if _question_first():
            return
        if reminder.entity is Entity.LEAD:
            self._drop([reminder])
            self._open_lead(reminder.lead_id)
        elif self._open_record(reminder.entity, reminder.lead_id):
            self._drop([reminder])

    def _put_off(self, reminders: "Sequence[Reminder]", moment: datetime) -> None:
        self._drop(reminders)
        self._note(reminders, lambda: self._reminders.snooze(reminders, moment))
        self._settling.start()

    def _drop(self, reminders: "Sequence[Reminder]") -> None:
        keys = {each.key for each in reminders}
        for popup in self._stack.popups:
            if popup.card.reminder.key in keys:
                self._stack.remove(popup)
        if self._summary is not None:
            self._summary.keep({each.key for each in self._summary.reminders} - keys)

    # What happened

    def _on_change(self, change: ChangeSet) -> None:
        if change.concerns("step", "lead", "company", "person", "field", "field_value", "field_notice"):
            self._settling.start()

    def _on_reminded(self, _records: object) -> None:
        """Steps were put off, perhaps from a list of leads."""
        self._settling.start()

    def _look_after_change(self) -> None:
        """What is shown may be done, moved or handed over by now, here or elsewhere; and more or less is waiting."""
        shown = self._on_screen()
        now = self._context.office.store.clock.now()
        work = lambda _progress: (self._reminders.standing(shown), self._reminders.waiting(now).count)  # noqa: E731

        def done(found: "tuple[set[tuple[str, int, datetime]], int]") -> None:
            self._drop([each for each in shown if each.key not in found[0]])
            self.counted.emit(found[1])

        self._start(Job(Text("Looking for reminders"), work, done, owner=self))

    def _read_day(self) -> None:
        self._reminders.day_at = minutes_of(self._context.settings[DAY_REMINDER])
        self._reminders.again()
        self.look()

    def _note(
        self,
        reminders: "Sequence[Reminder]",
        write: Callable[[], object],
        failed: Callable[[BaseException], None] | None = None,
    ) -> None:
        """Write down what became of these; whoever shows the history of their records hears of it."""
        records = frozenset((each.entity, each.lead_id) for each in reminders)

        def told(_done: object) -> None:
            if isValid(self._context.bridge):  # the last one is written while the store is being closed
                self._context.bridge.reminded.emit(records)

        self._start(Job(Text("Saving"), lambda _progress: write(), told, failed, writes=True, owner=self))

    def _start(self, job: Job) -> None:
        self._context.jobs.start(replace(job, quiet=True))


def _quietly(error: BaseException) -> None:
    """What the store refuses was told of already, or need not be."""
    if not isinstance(error, TrichterError):
        raise error


def _question_first() -> bool:
    """Whether a question is open in the window: it is answered first, and comes to the front."""
    question = open_question()
    if question is not None:
        question.activateWindow()
    return question is not None
