"""Closing one or many leads: outcome, day, reason and remark, and exactly what will happen."""

from collections.abc import Callable, Sequence
from datetime import date
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QPlainTextEdit, QVBoxLayout, QWidget

from app.core import parse
from app.core.errors import InvalidInput
from app.core.i18n import Plural, Text, tr
from app.core.terms import STATUS_LABELS, Status
from app.services.closing import Closing, preview
from app.services.leads import Ending
from app.ui.closing.consequences import Consequences, Line
from app.ui.closing.wording import consequences, heading
from app.ui.forms.dialog import Dialog, scrolled
from app.ui.forms.field import Field, Form
from app.ui.forms.loose import LooseEdit
from app.ui.forms.names import NameCombo
from app.ui.jobs import Job
from app.ui.widgets.chips import Switch

if TYPE_CHECKING:
    from app.ui.context import Context

_REMARK_LINES = 3
#: What becomes of more leads than this is reckoned in a thread, so long after the last key.
_MANY = 200
_PAUSE_MS = 150


class ClosingDialog(Dialog):
    """Accepted once the leads are closed. What is refused stays in the dialog, with all that was typed."""

    def __init__(
        self, context: "Context", ids: Sequence[int], outcome: Status = Status.WON, parent: QWidget | None = None,
        *, finishing: bool = False,
    ) -> None:  # fmt: skip
        """`ids` are one or many open leads; `outcome` is what is chosen at first.

        `finishing`: their next steps are ticked off with it, as one step to undo.
        """
        super().__init__(context.theme, tr("Close lead"), parent)
        self._context = context
        self._ids = list(ids)
        self._finishing = finishing
        self._form = Form()
        self._outcome = Switch(context.theme, [(s, tr(STATUS_LABELS[s])) for s in _OUTCOMES], tr("Outcome"))
        self._day = LooseEdit(self._parse_day, context.formats.day)
        self._reason = NameCombo(())
        self._remark = QPlainTextEdit()
        self._what = Consequences(context.theme)
        self._found: Closing | None = None
        self._on = context.office.store.today()
        self._asked = 0
        self._decided = False
        self._later = QTimer(self)
        self._later.setSingleShot(True)
        self._later.setInterval(_PAUSE_MS)
        self._later.timeout.connect(self._reckon_later)
        self._lay_out()
        self._outcome.choose(outcome)
        self._day.set_value(self._on)
        self._on_outcome()
        self._outcome.chosen.connect(lambda _key: self._on_outcome())
        self._day.textChanged.connect(lambda _text: self._ask())
        context.bridge.changed.connect(self._ask)
        if self._many:
            self._reckon_later()
        else:
            self._ask()
        self.remember_size(context.settings, "close", 520, 560)
        self._reason.setFocus()  # the one thing only a person knows

    def _lay_out(self) -> None:
        px = self.theme.px
        self._remark.setTabChangesFocus(True)
        self._remark.setFixedHeight(self._remark.fontMetrics().lineSpacing() * _REMARK_LINES + px(18))
        self.body.addWidget(self._outcome)
        contents = QWidget()
        box = QVBoxLayout(contents)
        box.setContentsMargins(0, 0, 0, 0)
        box.setSpacing(px(12))
        for name, label, control in (
            ("closed_on", tr("Closed on"), self._day),
            ("reason", tr("Reason"), self._reason),
            ("remark", tr("Remark"), self._remark),
        ):
            box.addWidget(self._form.add(name, Field(label, control)))
        self._day.follow(self._form["closed_on"])
        self._reason.follow(self._form["reason"])
        box.addWidget(self._what)
        box.addStretch()
        self.body.addWidget(scrolled(contents), 1)
        self.body.addWidget(self._form.general)
        self._do = self.add_buttons(tr("Close lead"))
        self._do.clicked.connect(self._close_leads)

    @property
    def outcome(self) -> Status:
        """What is chosen."""
        return Status(self._outcome.choice)

    def _parse_day(self, typed: str) -> date:
        return parse.day(typed, self._context.office.store.today(), field="closed_on")

    def _on_outcome(self) -> None:
        names = [entry.name for entry in self._context.office.catalogue.reasons(self.outcome)]
        self._reason.offer(names)
        self._tell()

    # What will happen

    @property
    def _many(self) -> bool:
        """Whether it takes longer than a repaint to reckon."""
        return len(self._ids) > _MANY

    def _ask(self) -> None:
        """Another day, or other data: reckon anew; of many leads in a thread, once no more keys follow."""
        if self._decided:  # what was said holds until the dialog is gone
            return
        self._asked += 1
        if self._many:
            self._later.start()
        else:
            day = self._day_meant()
            self._take(self._asked, day, preview(self._context.office.store, self._ids, day))

    def _reckon_later(self) -> None:
        store, ids, day, asked = self._context.office.store, self._ids, self._day_meant(), self._asked
        job = Job(
            Text("Counting"), lambda _progress: preview(store, ids, day),
            lambda found: self._take(asked, day, found), quiet=True, owner=self,
        )  # fmt: skip
        self._context.jobs.start(job)

    def _take(self, asked: int, day: date, found: Closing) -> None:
        if asked == self._asked and not self._decided:
            self._on, self._found = day, found
            self._tell()

    def _day_meant(self) -> date:
        today = self._context.office.store.today()
        try:
            return self._day.value() or today
        except InvalidInput:
            return today

    def _tell(self) -> None:
        """Say what will happen, as far as it is known."""
        found = self._found or Closing(leads=len(self._ids))
        words = heading(found, self.outcome)
        self.heading.setText(words)
        self.setWindowTitle(words)
        self._do.setText(words)
        self._do.setEnabled(self._found is not None and found.leads > 0 and not found.closed_already)
        if self._found is None:
            self._what.show_lines([Line("info", tr("One moment …"))])
        else:
            self._what.show_lines(consequences(found, self.outcome, self._on, self._context, self._finishing))

    # Closing them

    def _close_leads(self) -> None:
        read: list[date] = []
        if not self._form.attempt(lambda: read.append(self._day.required("closed_on"))):
            return
        close = self._verb(Ending(self.outcome, read[0], self._reason.name(), self._remark.toPlainText()))
        self._decided = True
        n = len(self._ids)
        title = Plural("Closing {n} lead", "Closing {n} leads", n=n)
        job = Job(title, lambda _progress: close(), lambda _done: self.accept(), self._refused, owner=self)
        self.carry_out(self._context.jobs, job, leads=n)

    def _verb(self, ending: Ending) -> Callable[[], None]:
        leads = self._context.office.leads
        if self._finishing:
            return partial(leads.finish_step, self._ids, ending)
        return partial(leads.close, self._ids, ending.outcome, on=ending.on, reason=ending.reason, remark=ending.remark)

    def _refused(self, error: BaseException) -> None:
        self._decided = False
        self._ask()
        self._form.take(error)

    def done(self, result: int) -> None:
        self._decided = True
        super().done(result)


_OUTCOMES = (Status.WON, Status.LOST, Status.DROPPED)
