"""Rows of the file in tables: the first new leads as they were read, and the rows that are not taken."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from app.core.i18n import tr
from app.core.terms import STATUS_LABELS, Status
from app.services.importing.result import ImportResult, Refusal, Sample
from app.ui.forms.rows import RowColumn, RowsModel
from app.ui.forms.rows_view import RowsView
from app.ui.widgets.button import Button, ButtonKind
from app.ui.widgets.card import Card

if TYPE_CHECKING:
    from app.ui.context import Context

#: More are in the file that can be saved; nobody reads them in a dialog.
_SHOWN = 500
_LEAST_ROWS, _HEAD = 3, 34


@dataclass(frozen=True)
class _Read:
    id: int
    sample: Sample


class Samples(Card):
    """The first new leads, so that one sees whether the columns were understood."""

    def __init__(self, context: "Context", parent: QWidget | None = None) -> None:
        super().__init__(context.theme, parent)
        columns: list[RowColumn[_Read]] = [
            RowColumn(tr("Title"), lambda row: row.sample.title, stretch=True),
            RowColumn(tr("Status"), lambda row: _state(row.sample)),
            RowColumn(tr("Company"), lambda row: row.sample.company or "", faint=lambda _row: True),
            RowColumn(tr("Volume"), lambda row: _amount(context, row.sample), right=True),
            RowColumn(tr("Responsible"), lambda row: row.sample.responsible or "", faint=lambda _row: True),
        ]
        self.model: RowsModel[_Read] = RowsModel(context.theme, columns, self)
        self._view = RowsView(context.theme, self.model, tr("The first new leads"))
        self.add_head(tr("The first new leads"), tr("as they are read"))
        self.body.addWidget(self._view)

    def show_result(self, result: ImportResult) -> None:
        """Show those of this result; nothing where there are none."""
        self.model.show_rows([_Read(number, each) for number, each in enumerate(result.samples)])
        self._view.setFixedHeight(self._theme.row_height * len(result.samples) + self._theme.px(_HEAD))
        self.setVisible(bool(result.samples))


def _amount(context: "Context", sample: Sample) -> str:
    return context.formats.money(sample.amount) if sample.amount.minor else ""


def _state(sample: Sample) -> str:
    """The stage of an active lead, else the status."""
    return sample.stage if sample.status == Status.ACTIVE and sample.stage else tr(STATUS_LABELS[Status(sample.status)])


@dataclass(frozen=True)
class _Refused:
    id: int
    refusal: Refusal


class Refusals(QWidget):
    """The rows that are not imported, and why. `saved` asks for them as a file."""

    saved = Signal()

    def __init__(self, context: "Context", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        theme = context.theme
        columns: list[RowColumn[_Refused]] = [
            RowColumn(tr("Row"), lambda row: context.formats.number(row.refusal.row), right=True),
            RowColumn(tr("Column"), lambda row: row.refusal.column or "", faint=lambda _row: True),
            RowColumn(tr("Reason"), lambda row: str(row.refusal.reason), stretch=True),
        ]
        self.model: RowsModel[_Refused] = RowsModel(theme, columns, self)
        view = RowsView(theme, self.model, tr("Rows that are not imported"))
        view.setMinimumHeight(theme.row_height * _LEAST_ROWS + theme.px(_HEAD))
        card = Card(theme)
        head = card.add_head(tr("Rows that are not imported"))
        save = Button(theme, tr("Save as CSV …"), ButtonKind.LINK)
        save.setAutoDefault(False)
        save.clicked.connect(self.saved)
        head.addWidget(save)
        card.body.addWidget(view)
        box = QVBoxLayout(self)
        box.setContentsMargins(0, 0, 0, 0)
        box.addWidget(card)

    def show_result(self, result: ImportResult) -> None:
        """Show those of this result; nothing where all were taken."""
        self.model.show_rows([_Refused(number, each) for number, each in enumerate(result.refused[:_SHOWN])])
        self.setVisible(bool(result.refused))
