"""*Umsatzziele*: what is to be earned in a month, quarter or year, by the team or by one person, from when on."""

from typing import TYPE_CHECKING, Any

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QComboBox, QGridLayout, QVBoxLayout

from app.core import parse
from app.core.calendar import month_number
from app.core.changes import ChangeSet
from app.core.i18n import Text, tr
from app.core.money import Money, split
from app.services.goals import SPAN_LABELS, GoalInfo, GoalSpan
from app.ui.forms.field import Field, Form
from app.ui.forms.loose import LooseEdit
from app.ui.forms.rows import RowColumn
from app.ui.jobs import Job
from app.ui.list_page import ListPage, ListSpec
from app.ui.widgets.button import Button

if TYPE_CHECKING:
    from app.ui.context import Context


class GoalsPage(ListPage[GoalInfo]):
    """The goals there are, and a line for a new one."""

    def __init__(self, context: "Context") -> None:
        self._goals = context.office.goals
        self._form = Form()
        super().__init__(
            context,
            ListSpec(
                tr("Revenue goals"),
                tr("A goal holds from its month on until the next one of the same person or of the team; so a changed"
                   " goal leaves the past alone. An amount of 0 ends it."),
                self._columns(context),
                self._goals.all,
                ("goal", "member", "store_setting"),
                delete=lambda row: self._goals.remove(row.id),
            ),
        )  # fmt: skip
        self._who = QComboBox()
        self._span = QComboBox()
        self._from = LooseEdit(self._read_from, self._month)
        self._amount = LooseEdit(self._read_amount, context.formats.amount)
        self._set_up()

    def _set_up(self) -> None:
        for span, label in SPAN_LABELS.items():
            self._span.addItem(tr(label), span)
        self._span.setCurrentIndex(self._span.findData(GoalSpan.YEAR))
        self._span.currentIndexChanged.connect(lambda _row: self._propose())
        self._amount.setPlaceholderText(tr("e.g. 25k"))
        grid = QGridLayout()
        grid.setHorizontalSpacing(self.context.theme.px(8))
        for place, (name, label, control) in enumerate((
            ("user_id", tr("For"), self._who),
            ("span", tr("Per"), self._span),
            ("valid_from", tr("Valid from"), self._from),
            ("amount", tr("Amount"), self._amount),
        )):  # fmt: skip
            grid.addWidget(self._form.add(name, Field(label, control)), 0, place, Qt.AlignmentFlag.AlignTop)
            grid.setColumnStretch(place, 1)
        self._from.follow(self._form["valid_from"])
        self._amount.follow(self._form["amount"])
        add = Button(self.context.theme, tr("Add goal"), icon="plus")
        add.setAutoDefault(False)
        add.clicked.connect(self._add)
        self._amount.returnPressed.connect(self._add)
        beside = QVBoxLayout()
        beside.setContentsMargins(0, add.fontMetrics().height() + 3, 0, 0)  # at the height of the fields
        beside.addWidget(add)
        beside.addStretch()
        grid.addLayout(beside, 0, 4)
        self.below.addLayout(grid)
        self.below.addWidget(self._form.general)
        self.buttons.setAlignment(self.remove, Qt.AlignmentFlag.AlignRight)
        self._offer_people()
        self._propose()

    def _columns(self, context: "Context") -> list[RowColumn[GoalInfo]]:
        money = context.formats.money
        return [
            RowColumn(tr("For"), lambda row: row.person or tr("Team"), stretch=True),
            RowColumn(tr("Per"), lambda row: tr(SPAN_LABELS[row.span])),
            RowColumn(
                tr("Valid from"), lambda row: self._month(row.valid_from),
                lambda row, typed: self._goals.edit(row.id, valid_from=self._read_from(typed)),
            ),
            RowColumn(
                tr("Amount"), lambda row: money(row.amount),
                lambda row, typed: self._goals.edit(row.id, amount=self._read_amount(typed)), right=True,
            ),
            RowColumn(tr("Per month"), self._monthly, right=True, faint=lambda _row: True),
        ]  # fmt: skip

    def _monthly(self, row: GoalInfo) -> str:
        """What each month has of it; the last takes the rest."""
        each = split(row.amount.minor, row.span.months)[0]
        return self.context.formats.money(Money(each, row.amount.currency)) if row.amount.minor else "–"

    def _month(self, month: int) -> str:
        return self.context.formats.month(month)

    def _read_from(self, typed: str) -> int:
        return parse.months(typed, self.context.office.store.today(), field="valid_from")[0]

    def _read_amount(self, typed: str) -> Money:
        return parse.amount(typed, self.context.office.store.facts.base_currency, field="amount")

    def _offer_people(self) -> None:
        chosen = self._who.currentData()
        self._who.clear()
        self._who.addItem(tr("Team"), None)
        for entry in self.context.office.catalogue.all("member"):
            self._who.addItem(entry.name, entry.id)
        self._who.setCurrentIndex(max(0, self._who.findData(chosen)))

    def _propose(self) -> None:
        """The month, quarter or year that runs."""
        now = month_number(self.context.office.store.today())
        self._from.set_value(now - now % GoalSpan(self._span.currentData()).months)

    def _add(self) -> None:
        read = self._form.read({
            "valid_from": lambda: self._from.required("valid_from"),
            "amount": lambda: self._amount.required("amount"),
        })  # fmt: skip
        if read is None:
            return
        goals, span, user_id = self._goals, GoalSpan(self._span.currentData()), self._who.currentData()

        def done(made: Any) -> None:
            self._form.settle()
            self._amount.set_value(None)
            self.view.go_to(made)

        def failed(error: BaseException) -> None:
            self._form.settle()
            self._form.take(error)

        def work(_progress: object) -> int:
            return goals.set(span, read["valid_from"], read["amount"], user_id)

        self.context.jobs.write(Job(Text("Saving"), work, done, failed, owner=self))

    def _on_change(self, change: ChangeSet) -> None:
        super()._on_change(change)
        if change.concerns("member"):
            self._offer_people()
