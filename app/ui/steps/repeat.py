"""How a step comes again: a choice that is enough for most, and below it what belongs to it."""

from calendar import monthrange
from dataclasses import replace
from datetime import date
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QComboBox, QHBoxLayout, QLabel, QSpinBox, QVBoxLayout, QWidget

from app.core import parse
from app.core.errors import InvalidInput
from app.core.i18n import N_, Text, ntr, tr
from app.core.recurrence import LAST, MOST, WEEKDAYS, WORKDAYS, Rule, Unit, words
from app.core.recurrence import parse as parse_rule
from app.ui.forms.field import Field
from app.ui.forms.loose import LooseEdit
from app.ui.widgets.chips import Chip, Flow
from app.ui.widgets.unseen import label_unseen

if TYPE_CHECKING:
    from app.ui.context import Context

_NEVER, _WORKDAYS = "", "workdays"
_KINDS = (
    (_NEVER, N_("does not come again")), (Unit.DAY.value, N_("every day")), (_WORKDAYS, N_("Monday to Friday")),
    (Unit.WEEK.value, N_("every week")), (Unit.MONTH.value, N_("every month")), (Unit.YEAR.value, N_("every year")),
)  # fmt: skip
_SHORT = (N_("Mo"), N_("Tu"), N_("We"), N_("Th"), N_("Fr"), N_("Sa"), N_("Su"))


class RepeatEdit(QWidget):
    """Asks how a step of a day comes again; `changed` whenever the answer or the room it takes does."""

    changed = Signal()

    def __init__(self, context: "Context") -> None:
        super().__init__()
        self._context = context
        self._today = context.office.store.today
        self._day = self._today()
        self._loaded: Rule | None = None
        self.kind = QComboBox()
        self._every = QSpinBox()
        self._unit = QLabel()
        self._which = QComboBox()
        self._days = [Chip(context.theme, tr(label)) for label in _SHORT]
        self._until = LooseEdit[date](lambda typed: parse.day(typed, self._today(), field="until"), context.formats.day)
        self._lay_out()
        self._connect()
        self._offer()

    def _lay_out(self) -> None:
        theme = self._context.theme
        for value, label in _KINDS:
            self.kind.addItem(tr(label), value)
        self._every.setRange(1, MOST)
        self._every.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self._every.setAccessibleName(tr("every"))
        self._every.setMinimumWidth(theme.px(72))
        self._every.lineEdit().setTextMargins(theme.px(8), 0, 0, 0)
        self._count, self._week = QWidget(), QWidget()
        row, chips = QHBoxLayout(self._count), Flow(self._week, theme.px(5))
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(theme.px(8))
        for widget in (QLabel(tr("every")), self._every, self._unit):
            row.addWidget(widget)
        row.addStretch()
        for chip, name in zip(self._days, WEEKDAYS, strict=True):
            chip.setToolTip(tr(name))
            chip.setAutoDefault(False)
            chips.addWidget(chip)
        self._until.setPlaceholderText(tr("for good"))
        self._end = Field(tr("Until"), self._until)
        self._until.follow(self._end)
        box = QVBoxLayout(self)
        box.setContentsMargins(0, 0, 0, 0)
        box.setSpacing(theme.px(8))
        self._field = Field(tr("Comes again"), self.kind)
        for part in (self._field, self._count, self._week, self._which, self._end):
            box.addWidget(part)
        label_unseen(self._which, tr("Day of the month"))

    def _connect(self) -> None:
        self.kind.currentIndexChanged.connect(self._offer)
        self._every.valueChanged.connect(self._offer)
        self._which.currentIndexChanged.connect(self._say)
        self._until.textChanged.connect(self._say)
        for chip in self._days:
            chip.clicked.connect(self._say)

    @property
    def fields(self) -> tuple[Field, Field]:
        """Where an error about the rule, and one about its end, is shown."""
        return self._field, self._end

    def set_day(self, day: date) -> None:
        """The step is due on this day: what follows from it goes along."""
        if day == self._day:
            return
        if self._chosen_days() == (self._day.weekday(),):
            self._choose_days((day.weekday(),))
        self._day = day
        self._offer()

    def set_rule(self, rrule: str) -> None:
        """Show this rule, or none."""
        try:
            rule = parse_rule(rrule, self._day) if rrule else None
        except InvalidInput:  # written by somebody else: it can be replaced, not shown
            rule = None
        self._loaded = rule
        if rule is None:
            return
        workdays = replace(rule, until=None) == Rule(Unit.WEEK, weekdays=WORKDAYS)
        self.kind.setCurrentIndex(self.kind.findData(_WORKDAYS if workdays else rule.unit.value))
        self._every.setValue(rule.every)
        self._choose_days(rule.weekdays)
        self._until.set_value(rule.until)
        self._offer()
        self._which.setCurrentIndex(max(0, self._which.findData(str(replace(rule, every=1, until=None)))))

    def rule(self) -> str:
        """What was chosen, "" for a step that does not come again. Raises InvalidInput."""
        rule = self._rule()
        if rule is None:
            return ""
        until = self._until.value()
        if until is not None and until < self._day:
            raise InvalidInput(Text("The repetition ends before it begins."), field="until")
        return str(replace(rule, until=until))

    def _rule(self) -> Rule | None:
        kind, every = self.kind.currentData(), self._every.value()
        if kind == _NEVER:
            return None
        if kind == _WORKDAYS:
            return Rule(Unit.WEEK, weekdays=WORKDAYS)
        if kind == Unit.WEEK:
            if not (days := self._chosen_days()):
                raise InvalidInput(Text("Choose at least one day of the week."), field="rrule")
            return Rule(Unit.WEEK, every, days)
        if kind in (Unit.MONTH, Unit.YEAR):
            return replace(parse_rule(self._which.currentData(), self._day), every=every)
        return Rule(Unit.DAY, every)

    def _chosen_days(self) -> tuple[int, ...]:
        return tuple(number for number, chip in enumerate(self._days) if chip.isChecked())

    def _choose_days(self, days: tuple[int, ...]) -> None:
        for number, chip in enumerate(self._days):
            chip.setChecked(number in days)

    def _offer(self) -> None:
        """Show what belongs to the kind that is chosen."""
        kind = self.kind.currentData()
        if not self._chosen_days():
            self._choose_days((self._day.weekday(),))
        self._count.setVisible(kind not in (_NEVER, _WORKDAYS))
        self._week.setVisible(kind == Unit.WEEK)
        self._which.setVisible(kind in (Unit.MONTH, Unit.YEAR))
        self._end.setVisible(kind != _NEVER)
        n = self._every.value()
        units = {
            Unit.DAY: ntr("day", "days", n), Unit.WEEK: ntr("week", "weeks", n), Unit.MONTH: ntr("month", "months", n),
            Unit.YEAR: ntr("year", "years", n),
        }  # fmt: skip
        self._unit.setText(units.get(kind, ""))
        self._offer_days(kind)
        self._say()

    def _offer_days(self, kind: str) -> None:
        """The days of a month or year that the step's day may stand for; the one chosen stays, by its kind."""
        place, self_chosen = self._which.currentIndex(), self._which.currentData()
        rules = _of_year(self._day) if kind == Unit.YEAR else _of_month(self._day)
        loaded = None if self._loaded is None else replace(self._loaded, every=1, until=None)
        if loaded is not None and loaded.unit == kind and loaded not in rules:
            rules.append(loaded)
        self._which.blockSignals(True)
        self._which.clear()
        for rule in rules:
            self._which.addItem(str(words(replace(rule, every=self._every.value()))), str(rule))
        known = self._which.findData(self_chosen)
        self._which.setCurrentIndex(known if known >= 0 else min(max(place, 0), len(rules) - 1))
        self._which.blockSignals(False)

    def _say(self) -> None:
        """What it comes to, in words and with the next day."""
        try:
            text = self.rule()
        except InvalidInput:
            text = ""
        said = ""
        if text:
            rule = parse_rule(text, self._day)
            following = rule.following(self._day, self._day)
            said = tr("{rule}; the next time on {day}", rule=words(rule), day=following) if following else ""
        self._field.hint(said)
        self.changed.emit()


def _of_month(day: date) -> list[Rule]:
    """This day of every month, this weekday of its week, the last one."""
    length = monthrange(day.year, day.month)[1]
    nth, weekday = (day.day - 1) // 7 + 1, (day.weekday(),)
    rules = [Rule(Unit.MONTH, day=day.day)]
    if day.day == length:
        rules.append(Rule(Unit.MONTH, day=LAST))
    if nth <= 4:
        rules.append(Rule(Unit.MONTH, weekdays=weekday, nth=nth))
    if day.day + 7 > length:
        rules.append(Rule(Unit.MONTH, weekdays=weekday, nth=LAST))
    return rules


def _of_year(day: date) -> list[Rule]:
    return [Rule(Unit.YEAR, day=day.day, month=day.month)]
