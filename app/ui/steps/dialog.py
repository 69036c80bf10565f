"""The question for a lead's next step: when, perhaps at what time, and what."""

from collections.abc import Sequence
from datetime import date
from typing import TYPE_CHECKING

from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QWidget

from app.core import parse
from app.core.i18n import ntr, tr
from app.services.leads import NextStep
from app.ui.forms.dialog import Dialog
from app.ui.forms.field import Field, Form
from app.ui.forms.loose import LooseEdit
from app.ui.widgets.button import Button, ButtonKind

if TYPE_CHECKING:
    from app.ui.context import Context

#: Days from today that one press offers.
_OFFERED = (1, 3, 7, 14, 30)


class StepDialog(Dialog):
    """Asks for a next step; `step` is the answer once it was accepted."""

    def __init__(
        self, context: "Context", before: NextStep | None, note: str, parent: QWidget | None = None, leave: str = ""
    ) -> None:
        """`note` stands below the day, `leave` on the button that sets no step."""
        super().__init__(context.theme, tr("Next step"), parent)
        self._context = context
        self.step: NextStep | None = None
        today = context.office.store.today()
        self._when = LooseEdit[tuple[date, int | None]](
            lambda typed: parse.day_and_time(typed, today, field="on"), self._worded
        )
        self._when.setPlaceholderText(tr("tomorrow, mo, +2w, 15.3. 14:00"))
        self._what = QLineEdit()
        self._what.setPlaceholderText(tr("Follow up on the offer"))
        self._form = Form()
        when = self._form.add("on", Field(tr("When"), self._when))
        self._when.follow(when)
        self.body.addWidget(when)
        self.body.addLayout(self._quick(today))
        self.body.addWidget(self._form.add("text", Field(tr("What"), self._what)))
        # From when to what: on an offered day, a space typed on the way would replace the date.
        self.setTabOrder(self._when, self._what)
        self.body.addWidget(self._form.general)
        if note:
            self._form["on"].hint(note)
        self.body.addStretch()
        do = self.add_buttons(tr("Set step"), cancel=leave)
        assert do is not None
        do.clicked.connect(self._done)
        if before is not None:
            self._when.set_value((before.on, before.time))
            self._what.setText(before.text)
        self._when.selectAll()
        self._when.setFocus()
        self.resize(context.theme.px(460), context.theme.px(280))

    def _quick(self, today: date) -> QHBoxLayout:
        row = QHBoxLayout()
        row.setSpacing(self.theme.px(6))
        for days in _OFFERED:
            day = date.fromordinal(today.toordinal() + days)
            label = tr("tomorrow") if days == 1 else ntr("in {n} day", "in {n} days", days)
            button = Button(self.theme, label, ButtonKind.CHIP)
            button.setAutoDefault(False)
            button.setToolTip(self._context.formats.day(day))
            button.clicked.connect(lambda _on=False, day=day: self._when.set_value((day, None)))
            row.addWidget(button)
        row.addStretch()
        return row

    def _worded(self, value: tuple[date, int | None]) -> str:
        day, minutes = value
        time = "" if minutes is None else " " + self._context.formats.time(minutes)
        return self._context.formats.day(day) + time

    def _done(self) -> None:
        def read() -> None:
            day, minutes = self._when.required("on")
            self.step = NextStep(day, self._what.text().strip(), minutes)

        if self._form.attempt(read):
            self.accept()


def ask_step(context: "Context", ids: Sequence[int], parent: QWidget) -> NextStep | None:
    """Ask for the next step of some leads; None when the question was closed. Of one lead its open step is shown."""
    if not ids:
        return None
    before = None
    rows = context.office.lists.rows(ids) if len(ids) == 1 else []
    if rows and rows[0].next_step_on is not None:
        before = NextStep(rows[0].next_step_on, rows[0].next_step_text or "", rows[0].next_step_time)
    dialog = StepDialog(context, before, _of_many(ids), parent)
    return dialog.step if dialog.exec() else None


def ask_following(context: "Context", ids: Sequence[int], parent: QWidget) -> NextStep | None:
    """Ask what comes after a step that is done; None for nothing."""
    dialog = StepDialog(context, None, _of_many(ids), parent, leave=tr("Nothing for now"))
    return dialog.step if dialog.exec() else None


def _of_many(ids: Sequence[int]) -> str:
    return "" if len(ids) == 1 else ntr("For {n} lead.", "For {n} leads.", len(ids))
