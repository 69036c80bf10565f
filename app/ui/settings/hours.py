"""How long somebody works on each day of the week, and since when."""

from datetime import date
from functools import partial
from itertools import groupby
from operator import itemgetter
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel, QVBoxLayout, QWidget

from app.core import parse
from app.core.errors import TrichterError
from app.core.i18n import N_, tr
from app.core.recurrence import WEEKDAYS
from app.services.team import Colleague, Week
from app.ui.forms.field import Field, Note
from app.ui.forms.loose import LooseEdit
from app.ui.forms.rows import RowColumn
from app.ui.settings.attempt import attempt
from app.ui.settings.small_list import SmallList
from app.ui.widgets.button import Button
from app.ui.widgets.card import Card
from app.ui.widgets.chips import Flow

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from app.ui.context import Context

_SHORT = (N_("Mo"), N_("Tu"), N_("We"), N_("Th"), N_("Fr"), N_("Sa"), N_("Su"))
#: What is proposed where nothing is known: eight hours from Monday to Friday.
_USUAL = (480,) * 5 + (0, 0)
#: How wide the field of a day is, and that of the date.
_DAY, _BEGIN = 60, 116


class HoursCard(Card):
    """The working hours of one member: those of the week that was chosen below, or that holds today."""

    def __init__(self, context: "Context") -> None:
        super().__init__(context.theme)
        self._context = context
        self._team = context.office.team
        self._member: Colleague | None = None
        self._locked = ""
        self._filled: tuple[int, Week | None] | None = None
        self._problem = Note("error")
        hours = context.formats.hours
        self.days = [LooseEdit[int](partial(parse.hours, field="minutes"), hours) for _day in WEEKDAYS]
        self.begin: LooseEdit[date] = LooseEdit(self._day, context.formats.day)
        self.sum = QLabel()
        self.save = Button(context.theme, tr("Save working hours"))
        self.list: SmallList[Week] = SmallList(
            context, tr("Working hours"), self._columns(), lambda row: self._team.remove_week(row.id),
            lambda: self._locked,
        )  # fmt: skip
        self._entry = QWidget()
        self._lay_out()
        self.list.chosen.connect(self._show_week)
        self.save.clicked.connect(self._on_save)
        edits: tuple[LooseEdit[Any], ...] = (*self.days, self.begin)
        for edit in edits:
            edit.returnPressed.connect(self._on_save)
            edit.textChanged.connect(self._add_up)

    def _lay_out(self) -> None:
        theme = self._context.theme
        px = theme.px
        self.add_head(tr("Working hours")).addWidget(self.list.remove)
        self.body.addWidget(self.list)
        box = QVBoxLayout(self._entry)
        theme.fit(box, lambda: box.setContentsMargins(px(16), px(10), px(16), px(14)))
        box.setSpacing(px(8))
        fields, below = QWidget(), QWidget()
        flow, row = Flow(fields, px(6)), Flow(below, px(12))
        for edit, short, name in zip(self.days, _SHORT, WEEKDAYS, strict=True):
            field = Field(tr(short), edit)
            edit.setAccessibleDescription(tr(name))
            edit.setToolTip(tr(name))
            edit.setAlignment(Qt.AlignmentFlag.AlignRight)
            theme.fit(edit, partial(_widen, edit, px, _DAY))
            flow.addWidget(field)
            flow.setAlignment(field, Qt.AlignmentFlag.AlignTop)
        theme.fit(self.begin, partial(_widen, self.begin, px, _BEGIN))
        begin = Field(tr("Valid from"), self.begin)
        self.begin.understood.connect(begin.hint)
        flow.addWidget(begin)
        flow.setAlignment(begin, Qt.AlignmentFlag.AlignTop)
        self.save.setAutoDefault(False)
        row.addWidget(self.save)
        row.addWidget(self.sum)
        box.addWidget(fields)
        box.addWidget(self._problem)
        box.addWidget(below)
        self.body.addWidget(self._entry)

    def _columns(self) -> list[RowColumn[Week]]:
        formats = self._context.formats
        return [
            RowColumn(tr("Valid from"), lambda row: formats.day(row.valid_from)),
            RowColumn(tr("Working hours"), lambda row: week_words(row.minutes, formats.hours), stretch=True),
            RowColumn(tr("Week"), lambda row: formats.hours(sum(row.minutes)), right=True),
        ]  # fmt: skip

    def show_member(self, member: Colleague | None, locked: str) -> None:
        """The working hours of a member; `locked` says why they cannot be changed."""
        before, self._member, self._locked = self._member, member, locked
        self.setVisible(member is not None)
        if member is None:
            return
        weeks = self._team.weeks(member.id)
        self._entry.setEnabled(not locked)
        self._entry.setToolTip(locked)
        self.list.show_rows(member.id, weeks, tr("No working hours are known."))
        if before is None or before.id != member.id:
            today = self._context.office.store.today()
            holding = next((week for week in weeks if week.valid_from <= today), None)  # the latest comes first
            if holding is not None:
                self.list.view.go_to(holding.id)
        self._show_week()

    def _show_week(self) -> None:
        """Fill the fields with the row chosen, or with what is usual; what is being typed for the same one stays."""
        if self._member is None:
            return
        week: Week | None = self.list.view.current()
        if self._filled == (self._member.id, week):
            return
        self._filled = (self._member.id, week)
        self._refuse(None)
        self.begin.set_value(self._context.office.store.today() if week is None else week.valid_from)
        for edit, minutes in zip(self.days, _USUAL if week is None else week.minutes, strict=True):
            edit.set_value(minutes)

    def _day(self, typed: str) -> date:
        return parse.day(typed, self._context.office.store.today(), field="valid_from")

    def _minutes(self) -> list[int]:
        """What stands in the seven fields; an empty one is a free day. Raises InvalidInput."""
        return [edit.value() or 0 for edit in self.days]

    def _add_up(self) -> None:
        try:
            minutes = sum(self._minutes())
        except TrichterError:
            self.sum.clear()
            return
        self.sum.setText(tr("= {hours} hours a week", hours=self._context.formats.hours(minutes)))

    def _on_save(self) -> None:
        try:
            begin, minutes = self.begin.required("valid_from"), self._minutes()
        except TrichterError as error:
            self._refuse(error)
            return
        if self._member is None:
            return
        verb = partial(self._team.set_week, self._member.id, begin, minutes)
        attempt(self._context, self, verb, self._refuse, self.list.view.go_to)

    def _refuse(self, error: TrichterError | None) -> None:
        """In one place below the fields, which are too narrow for a sentence."""
        self._problem.say(str(error) if error else "", "error")


def week_words(minutes: "Sequence[int]", hours: "Callable[[int], str]") -> str:
    """The hours of a week, days that are alike and follow each other together: Mo–Th 8:00 · Fr 6:00."""
    runs = [(each, [place for place, _ in days]) for each, days in groupby(enumerate(minutes), key=itemgetter(1))]
    words = [f"{_days_words(days)} {hours(each)}" for each, days in runs if each]
    return " · ".join(words) or "–"


def _days_words(days: list[int]) -> str:
    first, last = tr(_SHORT[days[0]]), tr(_SHORT[days[-1]])
    return first if first == last else f"{first}–{last}"


def _widen(edit: QWidget, px: "Callable[[float], int]", width: int) -> None:
    edit.setFixedWidth(px(width))
