"""The question for a lead's next step: when, what, and whether it comes again; and for what follows a finished one."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import TYPE_CHECKING

from PySide6.QtWidgets import QCheckBox, QHBoxLayout, QLabel, QLineEdit, QWidget

from app.core import parse
from app.core.errors import InvalidInput
from app.core.i18n import N_, ntr, tr
from app.core.recurrence import parse as parse_rule
from app.core.roles import Act
from app.core.settings import STRICT
from app.core.terms import Entity, Status
from app.services.leads import NextStep
from app.ui.forms.dialog import Dialog
from app.ui.forms.field import Field, Form, Note
from app.ui.forms.loose import LooseEdit
from app.ui.steps.repeat import RepeatEdit
from app.ui.widgets.button import Button, ButtonKind

if TYPE_CHECKING:
    from app.services.lead_detail import StepInfo
    from app.ui.context import Context

#: Days from today that one press offers.
_OFFERED = (1, 3, 7, 14, 30)
_MAY_BE_EMPTY = N_("Leave it empty if nothing follows.")
_OUTCOMES = (
    (Status.WON, ButtonKind.WON, N_("&Won …")), (Status.LOST, ButtonKind.LOST, N_("&Lost …")),
    (Status.DROPPED, ButtonKind.PLAIN, N_("&Dropped …")),
)  # fmt: skip


@dataclass(frozen=True)
class StepQuestion:
    """What a step dialog says: its title, its button, a sentence above the fields and one below the day.

    Where an `optional` step is asked for, leaving the fields empty is an answer too; where the lead can be `closed`, so
    is that. `again` says when a step that is finished comes again; a series that `goes_on` can be ended, and with it
    goes what follows (`strict`). `name` is what the lead or company is called whose step it is.
    """

    title: str
    do: str
    about: str = ""
    tip: str = ""
    optional: bool = False
    again: str = ""
    goes_on: bool = False
    closed: bool = False
    strict: bool = False
    name: str = ""


@dataclass(frozen=True)
class Following:
    """What comes after a step that is done: the next one, or the end of the lead; neither for nothing.

    A `series` goes on unless it was ended.
    """

    step: NextStep | None
    series: bool = True
    outcome: Status | None = None


class StepDialog(Dialog):
    """Asks for a step; `step` is the answer once it was accepted, or `outcome` where the lead is to be closed."""

    def __init__(
        self, context: "Context", question: StepQuestion, before: NextStep | None = None, parent: QWidget | None = None
    ) -> None:
        """`before` stands in the fields at first."""
        super().__init__(context.theme, question.title, parent)
        self._context = context
        self._optional, self._strict = question.optional, question.strict
        self._known = before is not None
        self.step: NextStep | None = None
        self.outcome: Status | None = None
        self._today = context.office.store.today
        self._when = LooseEdit[tuple[date, int | None]](
            lambda typed: parse.day_and_time(typed, self._today(), field="on"), self._worded
        )
        self._when.setPlaceholderText(tr("tomorrow, mo, +2w, 15.3. 14:00"))
        self._what = QLineEdit()
        self._what.setPlaceholderText(tr("Follow up on the offer"))
        self._repeat = RepeatEdit(context)
        self._ends = QCheckBox(tr("It does not come again: the series ends"))
        self._form = Form()
        self._lay_out(question)
        do = self.add_buttons(question.do)
        do.clicked.connect(self._done)
        if before is not None:
            self._when.set_value((before.on, before.time))
            self._what.setText(before.text)
            self._repeat.set_day(before.on)
            self._repeat.set_rule(before.rrule or "")
        self._when.textChanged.connect(self._follow_day)
        self._repeat.changed.connect(self.make_room)
        self._when.selectAll()
        self._when.setFocus()
        self.resize(context.theme.px(460), context.theme.px(460 if question.about else 340))
        self.make_room()

    @property
    def series(self) -> bool:
        """Whether a step that comes again goes on doing so."""
        return not self._ends.isChecked()

    def _lay_out(self, question: StepQuestion) -> None:
        if question.name:
            name = Note()
            name.say(question.name, "")
            self.body.addWidget(name)
        if question.about:
            about, heading = Note(), QLabel(tr("Next step"))
            about.say(question.about, "")
            heading.setProperty("kind", "heading")
            self.body.addWidget(about)
            if question.again:
                again = Note()
                again.say(question.again, "")
                self.body.addWidget(again)
            if question.goes_on:
                self.body.addWidget(self._ends)
            self.body.addWidget(heading)
        when = self._form.add("on", Field(tr("When"), self._when, tip=question.tip))
        self._when.follow(when)
        self.body.addWidget(when)
        self.body.addLayout(self._quick())
        self.body.addWidget(self._form.add("text", Field(tr("What"), self._what)))
        # From when to what: on an offered day, a space typed on the way would replace the date.
        self.setTabOrder(self._when, self._what)
        rule, end = self._repeat.fields
        self._form.add("rrule", rule)
        self._form.add("until", end)
        self.body.addWidget(self._repeat)
        self.body.addWidget(self._form.general)
        self.body.addStretch()
        if question.closed:
            self.body.addLayout(self._outcomes())

    def _outcomes(self) -> QHBoxLayout:
        """The ways to close the lead instead."""
        row = QHBoxLayout()
        row.setSpacing(self.theme.px(6))
        label = QLabel(tr("Or close it:"))
        label.setProperty("kind", "muted")
        row.addWidget(label)
        for outcome, kind, words in _OUTCOMES:
            button = Button(self.theme, tr(words), kind, small=True)
            button.setAutoDefault(False)
            button.clicked.connect(lambda _on=False, outcome=outcome: self._end(outcome))
            row.addWidget(button)
        row.addStretch()
        return row

    def _end(self, outcome: Status) -> None:
        self.outcome = outcome
        self.accept()

    def _quick(self) -> QHBoxLayout:
        row = QHBoxLayout()
        row.setSpacing(self.theme.px(6))
        for days in _OFFERED:
            label = tr("tomorrow") if days == 1 else ntr("in {n} day", "in {n} days", days)
            button = Button(self.theme, label, ButtonKind.CHIP)
            button.setAutoDefault(False)
            button.setToolTip(self._context.formats.day(self._in(days)))
            button.clicked.connect(lambda _on=False, days=days: self._when.set_value((self._in(days), None)))
            row.addWidget(button)
        row.addStretch()
        return row

    def _in(self, days: int) -> date:
        return self._today() + timedelta(days)

    def _worded(self, value: tuple[date, int | None]) -> str:
        day, minutes = value
        time = "" if minutes is None else " " + self._context.formats.time(minutes)
        return self._context.formats.day(day) + time

    def _follow_day(self) -> None:
        """The weekday, and the day of the month, are those of the day typed."""
        try:
            value = self._when.value()
        except InvalidInput:
            return
        if value is not None:
            self._repeat.set_day(value[0])

    def _done(self) -> None:
        def read() -> None:
            words = self._what.text().strip()
            ends_here = self._strict and not self.series
            if self._optional and not ends_here and not words and not self._when.text().strip():
                return
            day, minutes = self._when.required("on")
            rule = self._repeat.rule()  # where none was shown, none is taken away
            self.step = NextStep(day, words, minutes, rule if self._known else rule or None)

        if self._form.attempt(read):
            self.accept()


def ask_step(context: "Context", ids: Sequence[int], parent: QWidget, entity: Entity = Entity.LEAD) -> NextStep | None:
    """Ask for the next step of some leads (or companies); None when the question was closed. Of one its open step is
    shown.
    """
    if not ids:
        return None
    step = _open_step(context, ids, entity)
    before = None if step is None else NextStep(step.on, step.text, step.time, step.rrule)
    name = _name(context, ids[0], entity) if len(ids) == 1 else ""
    dialog = StepDialog(context, next_question(ids, entity, name), before, parent)
    return dialog.step if dialog.exec() else None


def ask_following(
    context: "Context", ids: Sequence[int], parent: QWidget, entity: Entity = Entity.LEAD
) -> Following | None:
    """Say which step will be finished and ask what comes after it; None when it is not to be finished."""
    question = finish_question(context, ids) if entity is Entity.LEAD else company_question(context, ids)
    dialog = StepDialog(context, question, None, parent)
    return Following(dialog.step, dialog.series, dialog.outcome) if dialog.exec() else None


def _open_step(context: "Context", ids: Sequence[int], entity: Entity = Entity.LEAD) -> "StepInfo | None":
    """The step that comes next, of one lead or company that has one of its own."""
    if len(ids) != 1:
        return None
    if entity is Entity.LEAD:
        return next(iter(context.details.get(ids[0]).open_steps), None)
    return next((step for step in context.office.records.company(ids[0]).steps if step.lead_id is None), None)


def _name(context: "Context", id_: int, entity: Entity) -> str:
    if entity is Entity.COMPANY:
        return context.office.records.company(id_).name
    return next((row.title for row in context.office.lists.rows([id_])), "")


def next_question(ids: Sequence[int], entity: Entity = Entity.LEAD, name: str = "") -> StepQuestion:
    """For the step that comes next, of one called `name` or of several."""
    tip = ""
    if len(ids) > 1:
        lead, n = entity is Entity.LEAD, len(ids)
        tip = ntr("For {n} lead.", "For {n} leads.", n) if lead else ntr("For {n} company.", "For {n} companies.", n)
    return StepQuestion(tr("Next step"), tr("Set step"), name=name, tip=tip)


def finish_question(context: "Context", ids: Sequence[int]) -> StepQuestion:
    """For a step of a lead that is done, and what follows it if anything does."""
    rows = context.office.lists.rows(ids) if len(ids) == 1 else []
    about = ntr(
        "The next step of {n} lead will be finished.", "The next steps of {n} leads will be finished.", len(ids)
    )  # fmt: skip
    if rows:
        about = _finished(rows[0].title, rows[0].next_step_on, rows[0].next_step_text)
    strict, step = context.settings[STRICT], _open_step(context, ids) if rows else None
    tip = N_("Something has to follow.") if strict else _MAY_BE_EMPTY
    question = StepQuestion(
        tr("Finish step"),
        tr("Finished"),
        about,
        tr(tip),
        optional=not strict,
        strict=strict,
        closed=context.allowed.may(Act.CHANGE),
    )
    return _coming_again(context, question, step)


def company_question(context: "Context", ids: Sequence[int]) -> StepQuestion:
    """For a step of a company that is done. What follows is asked for, and never has to be there."""
    step = _open_step(context, ids, Entity.COMPANY)
    about = ntr(
        "The next step of {n} company will be finished.", "The next steps of {n} companies will be finished.", len(ids)
    )  # fmt: skip
    if step is not None:
        about = _finished(context.office.records.company(ids[0]).name, step.on, step.text)
    question = StepQuestion(tr("Finish step"), tr("Finished"), about, tr(_MAY_BE_EMPTY), optional=True)
    return _coming_again(context, question, step)


def _coming_again(context: "Context", question: StepQuestion, step: "StepInfo | None") -> StepQuestion:
    if step is None or step.again is None:
        return question
    following = parse_rule(step.rrule, step.on).following(step.on, context.office.store.today())
    if following is None:
        return replace(question, again=tr("It was the last of its series ({rule}).", rule=step.again))
    again = tr("It comes again on {day} ({rule}).", rule=step.again, day=following)
    return replace(
        question, again=again, tip=tr("Leave it empty if nothing else follows."), optional=True, goes_on=True
    )


def _finished(title: str, day: date | None, words: str | None) -> str:
    """Which step of what it is."""
    if words:
        return tr("“{title}”: the step “{step}” of {day} will be finished.", title=title, step=words, day=day)
    return tr("“{title}”: the step of {day} will be finished.", title=title, day=day)
