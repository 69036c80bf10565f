"""Until when a reminder is put off: the usual moments in a menu, any other one in a question."""

from collections.abc import Callable
from datetime import date, datetime, timedelta
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QMenu, QWidget

from app.core import parse
from app.core.errors import InvalidInput
from app.core.i18n import Text, tr
from app.ui.forms.dialog import Dialog
from app.ui.forms.field import Field, Form
from app.ui.forms.loose import LooseEdit

if TYPE_CHECKING:
    from app.ui.context import Context

Put = Callable[[datetime], object]


def later_menu(context: "Context", put_off: Put, parent: QWidget) -> QMenu:
    """The moments to choose from, as they are now; `put_off` is called with the one chosen."""
    menu = QMenu(tr("Later"), parent)
    menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
    store, reminders, formats = context.office.store, context.office.reminders, context.formats
    moments = (
        (tr("In 1 hour"), store.clock.now() + timedelta(hours=1)),
        (tr("Tomorrow"), reminders.later(1)),
        (tr("Monday"), reminders.monday()),
    )
    for label, moment in moments:
        shown = formats.instant(moment, store.zone)
        menu.addAction(f"{label}\t{shown}").triggered.connect(partial(_call, put_off, moment))
    menu.addSeparator()
    menu.addAction(tr("Date …")).triggered.connect(partial(_ask, context, put_off, parent))
    return menu


def _call(put_off: Put, moment: datetime, _checked: bool = False) -> None:
    put_off(moment)


def _ask(context: "Context", put_off: Put, parent: QWidget, _checked: bool = False) -> None:
    dialog = LaterDialog(context, parent)
    if dialog.exec() and dialog.moment is not None:
        put_off(dialog.moment)


class LaterDialog(Dialog):
    """Asks for a moment to come; `moment` is the answer once it was accepted."""

    def __init__(self, context: "Context", parent: QWidget | None = None) -> None:
        super().__init__(context.theme, tr("Remind me later"), parent)
        self._context = context
        self.moment: datetime | None = None
        self._when = LooseEdit[tuple[date, int | None]](
            lambda typed: parse.day_and_time(typed, context.office.store.today(), field="until"), self._worded
        )
        self._when.setPlaceholderText(tr("tomorrow, mo, +2w, 15.3. 14:00"))
        self._form = Form()
        tip = tr("Without a time at {time}.", time=context.formats.time(context.office.reminders.day_at))
        when = self._form.add("until", Field(tr("When"), self._when, tip=tip))
        self._when.follow(when)
        self.body.addWidget(when)
        self.body.addWidget(self._form.general)
        self.body.addStretch()
        self.add_buttons(tr("Remind me later")).clicked.connect(self._done)
        self._when.setFocus()
        self.resize(context.theme.px(380), context.theme.px(220))

    def _worded(self, value: tuple[date, int | None]) -> str:
        day, minutes = value
        time = "" if minutes is None else " " + self._context.formats.time(minutes)
        return self._context.formats.day(day) + time

    def _done(self) -> None:
        def read() -> None:
            moment = self._context.office.reminders.at(*self._when.required("until"))
            if moment <= self._context.office.store.clock.now():
                raise InvalidInput(Text("This moment is over. Choose a later one."), field="until")
            self.moment = moment

        if self._form.attempt(read):
            self.accept()
