"""The page that shows how a file was understood: what was detected, a question, what would happen, the columns."""

import re
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QLabel, QRadioButton, QVBoxLayout, QWidget

from app.core.i18n import N_, tr
from app.core.terms import Entity
from app.services.importing.result import Detected, ImportResult, Question
from app.ui.importing.columns import ColumnTable
from app.ui.importing.outcome import Outcome
from app.ui.importing.tables import Refusals, Samples
from app.ui.widgets.card import Card
from app.ui.widgets.chips import Flow

if TYPE_CHECKING:
    from app.ui.context import Context

_ORDERS = (
    ("dmy", N_("Day first: 31.12.2026")), ("mdy", N_("Month first: 12/31/2026")), ("ymd", N_("Year first: 26-12-31")),
)  # fmt: skip
_DELIMITERS = {";": N_("semicolon"), ",": N_("comma"), "\t": N_("tab"), "|": N_("vertical bar")}
#: The letters of a date's pattern.
_LETTERS = (N_("yyyy"), N_("yy"), N_("mm"), N_("dd"))
_DECIMALS = {",": N_("decimal comma"), ".": N_("decimal point")}


@dataclass(frozen=True)
class Chosen:
    """What the user has decided: columns that are other than they were understood, and how dates are read."""

    mapping: dict[str, str] = field(default_factory=dict)
    date_order: str | None = None


class PlanPage(QWidget):
    """`changed` comes when the user decides something; `result` is the last one shown."""

    changed = Signal()

    def __init__(self, context: "Context") -> None:
        super().__init__()
        theme = context.theme
        self.result: ImportResult | None = None
        self._mapping: dict[str, str] = {}
        self._order: str | None = None
        self._file, self._detected = QLabel(), QLabel()
        own = context.office.own_fields.of(Entity.LEAD)
        self._columns = ColumnTable(theme, [(field.key, field.name) for field in own])
        self.outcome, self.samples, self.refusals = Outcome(context), Samples(context), Refusals(context)
        self._ask = Card(theme)
        self._question = QLabel()
        self._radios = {key: QRadioButton(tr(label)) for key, label in _ORDERS}
        self._lay_out(context)
        self._columns.changed.connect(self._on_column)
        for key, radio in self._radios.items():
            radio.clicked.connect(lambda _on, key=key: self._on_order(key))

    def _lay_out(self, context: "Context") -> None:
        theme = context.theme
        box = QVBoxLayout(self)
        box.setContentsMargins(0, 0, theme.px(10), 0)
        box.setSpacing(theme.px(10))
        self._file.setProperty("kind", "heading")
        self._detected.setProperty("kind", "muted")
        for label in (self._file, self._detected, self._question):
            label.setWordWrap(True)
            label.setTextFormat(Qt.TextFormat.PlainText)
        box.addWidget(self._file)
        box.addWidget(self._detected)
        inside = QVBoxLayout()
        inside.setContentsMargins(theme.px(16), theme.px(12), theme.px(16), theme.px(12))
        inside.addWidget(self._question)
        row = QWidget()
        flow = Flow(row, theme.px(18))
        for radio in self._radios.values():
            flow.addWidget(radio)
        inside.addWidget(row)
        self._ask.body.addLayout(inside)
        box.addWidget(self._ask)
        self._card = Card(theme)
        self._card.add_head(tr("Columns of the file"), tr("and what they become"))
        self._card.body.addWidget(self._columns)
        for part in (self.outcome, self._card, self.samples, self.refusals):  # the page itself scrolls
            box.addWidget(part)
        box.addStretch()

    def begin(self, path: Path) -> None:
        """Another file: forget what was decided."""
        self.result = None
        self._mapping, self._order = {}, None
        self._file.setText(path.name)
        for radio in self._radios.values():
            radio.setAutoExclusive(False)
            radio.setChecked(False)
            radio.setAutoExclusive(True)

    def forget(self) -> None:
        """What was decided does not work: there is nothing to import."""
        self.result = None
        for part in self._results:
            part.hide()

    @property
    def _results(self) -> tuple[QWidget, ...]:
        return self.outcome, self.samples, self.refusals

    def focus_question(self) -> None:
        """The keyboard to what has to be decided."""
        next(iter(self._radios.values())).setFocus()

    def chosen(self) -> Chosen:
        """What was decided so far."""
        return Chosen(dict(self._mapping), self._order)

    def show_plan(self, result: ImportResult) -> None:
        """What would happen."""
        self.result = result
        self._detected.setText(detected_words(result.detected))
        self._columns.show_columns(result.detected.columns)
        self._ask.setVisible(bool(result.questions) or self._order is not None)
        if result.questions:
            self._question.setText(_question_words(result.questions))
        self._card.show()
        self._show(result, done=False)

    def show_done(self, result: ImportResult) -> None:
        """What has happened."""
        self.result = result
        self._ask.hide()
        self._card.hide()
        self._show(result, done=True)

    def _show(self, result: ImportResult, *, done: bool) -> None:
        self.outcome.setVisible(not result.questions)
        self.outcome.show_result(result, done=done)
        self.samples.show_result(result)
        self.refusals.show_result(result)
        if done:
            self.samples.hide()  # they are in the lists now

    def _on_column(self, column: str, field_name: str) -> None:
        self._mapping[column] = field_name
        self.changed.emit()

    def _on_order(self, key: str) -> None:
        self._order = key
        self.changed.emit()


def detected_words(found: Detected) -> str:
    """How the file was read, in a line."""
    parts = [
        found.encoding.upper() if found.encoding else "",
        tr(_DELIMITERS[found.delimiter]) if found.delimiter in _DELIMITERS else "",
        tr(_DECIMALS[found.decimal]) if found.decimal in _DECIMALS else "",
        tr("dates as {pattern}", pattern=_pattern_words(found.date_format)) if found.date_format else "",
        tr("probabilities as shares (0.5 is 50%)") if found.probability == "share" else "",
        tr("headings in row {n}", n=found.header_row) if found.header_row else "",
    ]
    return " · ".join(part for part in parts if part)


def _pattern_words(pattern: str) -> str:
    """How a day is written, in the letters of the language in use."""
    return re.sub("|".join(_LETTERS), lambda found: tr(found[0]), pattern)


def _question_words(questions: tuple[Question, ...]) -> str:
    first = questions[0]
    columns = ", ".join(tr("“{name}”", name=question.column) for question in questions)
    sample = str(first.what.args.get("sample", ""))
    return tr("The dates in {columns} can be read in two ways, such as “{sample}”. Which is meant?",
              columns=columns, sample=sample)  # fmt: skip
