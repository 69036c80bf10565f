"""*Währungen*: in which one everything is reckoned, and what the others are worth, from which day on."""

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QComboBox, QGridLayout, QLineEdit, QVBoxLayout

from app.core import parse
from app.core.changes import ChangeSet
from app.core.errors import TrichterError
from app.core.i18n import Text, tr
from app.services.rates import CURRENCIES, RateInfo, currency_code, rate_of
from app.ui.forms.field import Field, Form
from app.ui.forms.loose import LooseEdit
from app.ui.forms.rows import RowColumn
from app.ui.jobs import ANY_NUMBER, Job
from app.ui.list_page import ListPage, ListSpec
from app.ui.widgets.button import Button
from app.ui.widgets.choice_box import ChoiceBox
from app.ui.widgets.own_undo import empty, share_undo

if TYPE_CHECKING:
    from app.ui.context import Context


class CurrenciesPage(ListPage[RateInfo]):
    """Base currency and dated rates."""

    def __init__(self, context: "Context") -> None:
        self._rates = context.office.rates
        self._form = Form()
        self._wanted = ""
        self._base, self._currency = ChoiceBox(), QComboBox()
        _offer_codes(self._base)
        _offer_codes(self._currency)
        base = self._form.add("base", Field(tr("Base currency"), self._base))
        base.setMaximumWidth(context.theme.px(220))
        super().__init__(
            context,
            ListSpec(
                tr("Exchange rates"),
                tr("Sums are in the base currency. Open leads count at today’s rate, closed ones at that of their"
                   " closing day; a lead whose currency has no rate is in no sum."),
                self._columns(context),
                self._rates.all,
                ("rate", "store_setting"),
                delete=lambda row: self._rates.delete(row.id),
                leads=lambda _row: ANY_NUMBER,
                above=base,
            ),
        )  # fmt: skip
        self._day = LooseEdit(
            lambda typed: parse.day(typed, context.office.store.today(), field="valid_from"), context.formats.day
        )
        self._rate = QLineEdit()
        self._set_up()

    def _set_up(self) -> None:
        self._day.set_value(self.context.office.store.today())
        share_undo(self._rate)
        self._rate.setPlaceholderText(tr("e.g. 1.0455"))
        grid = QGridLayout()
        grid.setHorizontalSpacing(self.context.theme.px(8))
        for place, (name, label, control) in enumerate((
            ("currency", tr("Currency"), self._currency),
            ("valid_from", tr("Valid from"), self._day),
            ("rate", tr("Rate"), self._rate),
        )):  # fmt: skip
            grid.addWidget(self._form.add(name, Field(label, control)), 0, place, Qt.AlignmentFlag.AlignTop)
            grid.setColumnStretch(place, 1)
        self._day.follow(self._form["valid_from"])
        add = Button(self.context.theme, tr("Add rate"), icon="plus")
        add.setAutoDefault(False)
        add.clicked.connect(self._add)
        self._rate.returnPressed.connect(self._add)
        beside = QVBoxLayout()
        beside.setContentsMargins(0, add.fontMetrics().height() + 3, 0, 0)  # at the height of the fields
        beside.addWidget(add)
        beside.addStretch()
        grid.addLayout(beside, 0, 3)
        self.below.addLayout(grid)
        self.below.addWidget(self._form.general)
        self.buttons.setAlignment(self.remove, Qt.AlignmentFlag.AlignRight)
        self._show_base()
        self._base.activated.connect(lambda _row: self._change_base())
        line = self._base.lineEdit()
        if line is not None:
            line.editingFinished.connect(self._change_base)

    def _columns(self, context: "Context") -> list[RowColumn[RateInfo]]:
        store, number = context.office.store, context.formats.number
        return [
            RowColumn(tr("Currency"), lambda row: row.currency, stretch=True),
            RowColumn(tr("Valid from"), lambda row: context.formats.day(row.valid_from)),
            RowColumn(
                tr("Rate"), lambda row: number(row.rate),
                lambda row, typed: self._rates.set(row.currency, row.valid_from, typed), right=True,
            ),
            RowColumn(
                tr("Means"), lambda row: f"1 {row.currency} = {number(row.rate)} {store.facts.base_currency}",
                faint=lambda _row: True,
            ),
        ]  # fmt: skip

    def _show_base(self) -> None:
        base = self.context.office.store.facts.base_currency
        self._base.setCurrentText(base)
        self._currency.clear()
        self._currency.addItems([code for code in CURRENCIES if code != base])

    def _change_base(self) -> None:
        typed = self._base.currentText().strip().upper()
        if typed in (self.context.office.store.facts.base_currency, self._wanted):
            return  # Enter and then leaving the field ask twice

        def done(_none: object) -> None:
            self._wanted = ""
            self._form["base"].hint(tr("The rates were converted; those that could not be are gone."))

        def failed(error: BaseException) -> None:
            self._wanted = ""
            self._form["base"].hint("")
            if not isinstance(error, TrichterError):
                raise error
            self._form["base"].refuse(error)

        self._wanted = typed
        self._form["base"].hint(tr("One moment …"))
        self._write(lambda: self._rates.set_base_currency(typed), done, failed)

    def _write(
        self, verb: Callable[[], Any], then: Callable[[Any], object], failed: Callable[[BaseException], None]
    ) -> None:
        job = Job(Text("Saving"), lambda _progress: verb(), then, failed, owner=self)
        self.context.jobs.write(job, ANY_NUMBER)

    def _add(self) -> None:
        read = self._form.read({
            "currency": lambda: currency_code(self._currency.currentText()),
            "valid_from": lambda: self._day.required("valid_from"),
            "rate": lambda: rate_of(self._rate.text().strip()),
        })  # fmt: skip
        if read is None:
            return
        typed = self._rate.text()

        def done(made: int) -> None:
            self._form.settle()
            if self._rate.text() == typed:
                empty(self._rate)
            self.view.go_to(made)

        def failed(error: BaseException) -> None:
            self._form.settle()
            self._form.take(error)

        self._form.general.say(tr("One moment …"))
        self._write(lambda: self._rates.set(**read), done, failed)

    def _on_change(self, change: ChangeSet) -> None:
        super()._on_change(change)
        if change.concerns("store_setting"):
            self._show_base()


def _offer_codes(combo: QComboBox) -> None:
    """The currencies to choose from, or to type into it."""
    combo.setEditable(True)
    combo.setInsertPolicy(QComboBox.InsertPolicy.NoInsert)
    combo.addItems(CURRENCIES)
    combo.setMinimumContentsLength(4)
    share_undo(combo)
