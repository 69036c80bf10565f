"""The months the forecast shows, and the controls to choose them."""

from dataclasses import dataclass
from datetime import date

from PySide6.QtCore import QEvent, QObject, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QHBoxLayout, QLabel, QLineEdit, QSizePolicy, QVBoxLayout, QWidget

from app.core import parse
from app.core.calendar import month_number
from app.core.errors import InvalidInput
from app.core.format import Formats
from app.core.i18n import Text, tr
from app.ui.theme import Theme
from app.ui.widgets.button import Button, ButtonKind
from app.ui.widgets.chips import Chip
from app.ui.widgets.own_undo import share_undo

#: More months than this nobody can tell apart in a chart.
MOST_MONTHS = 120
_YEAR = 12


@dataclass(frozen=True)
class Span:
    """Months from `first` to `last`, both included."""

    first: int
    last: int

    @property
    def count(self) -> int:
        """How many months."""
        return self.last - self.first + 1

    def moved(self, by: int) -> "Span":
        """As many months, so many spans later (or earlier, when negative), inside the years a date can have."""
        first = min(max(self.first + by * self.count, _YEAR), 9999 * _YEAR - self.count)
        return Span(first, first + self.count - 1)


def coming(today: date) -> Span:
    """This month and the next eleven."""
    return Span(month_number(today), month_number(today) + _YEAR - 1)


def year(number: int) -> Span:
    """The months of a calendar year."""
    return Span(number * _YEAR, number * _YEAR + _YEAR - 1)


def parsed(text: str, today: date) -> Span:
    """The span someone typed. Raises InvalidInput."""
    span = Span(*parse.months(text, today, field="period"))
    if span.count > MOST_MONTHS:
        raise InvalidInput(Text("At most {n} months can be shown.", n=MOST_MONTHS), field="period")
    return span


class SpanPicker(QWidget):
    """Quick choices, a field to type any months into, and arrows to the span before and after."""

    chosen = Signal(object)  # the Span

    def __init__(self, theme: Theme, formats: Formats, today: date, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._formats = formats
        self._today = today
        self._span = coming(today)
        self._chips = [Chip(theme, "", parent=self) for _ in range(3)]
        self._field = QLineEdit()
        share_undo(self._field)
        self._field.setAccessibleName(tr("Months shown"))
        self._field.setToolTip(tr("Write for example Jan-Apr 27, 2027 or Q1 27."))
        self._field.setAlignment(Qt.AlignmentFlag.AlignHCenter)
        self._field.returnPressed.connect(self._take_typed)
        self._field.editingFinished.connect(self._take_typed)
        self._field.textEdited.connect(lambda _text: self._refuse(""))
        self._field.installEventFilter(self)
        self._problem = QLabel()
        self._problem.setProperty("kind", "error")
        self._problem.setAlignment(Qt.AlignmentFlag.AlignRight)
        self._problem.hide()
        self._lay_out()
        theme.changed.connect(self._restyle)
        self.set_today(today)
        self._restyle()

    @property
    def span(self) -> Span:
        """What is chosen."""
        return self._span

    @property
    def is_coming(self) -> bool:
        """Whether it is this month and the next eleven."""
        return self._span == coming(self._today)

    @property
    def problem(self) -> str:
        """Why what was typed is not understood; empty when it is."""
        return self._problem.text()

    def set_today(self, today: date) -> None:
        """The day turned: the coming months move along when they are what is shown, other choices stay."""
        follows = self.is_coming
        self._today = today
        labels = (tr("12 months"), str(today.year), str(today.year + 1))
        names = (
            tr("This month and the next eleven"),
            tr("This year, {year}", year=str(today.year)),
            tr("Next year, {year}", year=str(today.year + 1)),
        )
        for chip, label, name in zip(self._chips, labels, names, strict=True):
            chip.setText(label)
            chip.setToolTip(name)
            chip.setAccessibleDescription(name)
        self._show(coming(today) if follows else self._span)

    def set_brief(self, brief: bool) -> None:
        """Without the quick choices, where there is no room for them: every span can be typed."""
        for chip in self._chips:
            chip.setVisible(not brief)

    def choose(self, span: Span) -> None:
        """Show these months and tell it."""
        changed = span != self._span
        self._show(span)
        if changed:
            self.chosen.emit(span)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        escape = isinstance(event, QKeyEvent) and event.key() == Qt.Key.Key_Escape
        if escape and event.type() == QEvent.Type.KeyPress and self._field.isModified():
            self._show(self._span)
            return True
        return super().eventFilter(watched, event)

    def _lay_out(self) -> None:
        theme = self._theme
        self.setSizePolicy(QSizePolicy.Policy.Maximum, QSizePolicy.Policy.Preferred)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        row = QHBoxLayout()
        theme.fit(row, lambda: row.setSpacing(theme.px(4)))
        column.addLayout(row)
        column.addWidget(self._problem)
        spans = (lambda: coming(self._today), lambda: year(self._today.year), lambda: year(self._today.year + 1))
        for chip, span in zip(self._chips, spans, strict=True):
            row.addWidget(chip)
            chip.clicked.connect(lambda _on, span=span: self._press(span()))
        row.addSpacing(theme.px(6))
        for icon, name, by in (("chevron-left", tr("Earlier months"), -1), ("chevron-right", tr("Later months"), 1)):
            button = Button(theme, "", ButtonKind.FLAT, icon=icon, name=name)
            button.clicked.connect(lambda _on, by=by: self.choose(self._span.moved(by)))
            row.addWidget(button)
            if by < 0:
                row.addWidget(self._field)

    def _press(self, span: Span) -> None:
        """A quick choice stays pressed when it is pressed again."""
        self._show(self._span)
        self.choose(span)

    def _take_typed(self) -> None:
        if not self._field.isModified():
            return
        try:
            span = parsed(self._field.text(), self._today)
        except InvalidInput as error:
            self._refuse(str(error))
            return
        self.choose(span)

    def _refuse(self, why: str) -> None:
        """Mark the field as not understood and say why below it; an empty sentence takes that back."""
        if why == self._problem.text():
            return
        self._problem.setText(why)
        self._problem.setVisible(bool(why))
        self._field.setAccessibleDescription(why)
        self._field.setProperty("refused", "true" if why else "false")
        self._field.style().unpolish(self._field)
        self._field.style().polish(self._field)

    def _show(self, span: Span) -> None:
        self._span = span
        self._field.setText(self._formats.period(span.first, span.last))
        self._field.setModified(False)
        self._refuse("")
        current = (coming(self._today), year(self._today.year), year(self._today.year + 1))
        for chip, each in zip(self._chips, current, strict=True):
            chip.setChecked(each == span)

    def _restyle(self) -> None:
        self._field.setFixedWidth(self._theme.px(142))
