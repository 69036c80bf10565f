"""The contacts of a file with what becomes of each, and what of the file was refused."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QAbstractItemView, QWidget

from app.core.i18n import N_, tr
from app.services.contact_files.plan import CardPlan, Choice, Planned, Refused
from app.ui.forms.rows import RowColumn, RowsModel
from app.ui.forms.rows_view import RowsView
from app.ui.widgets.card import Card

if TYPE_CHECKING:
    from app.ui.context import Context

CHOICES: Mapping[Choice, str] = {
    Choice.NEW: N_("Create"), Choice.FILL: N_("Fill in what is missing"), Choice.SKIP: N_("Skip"),
}  # fmt: skip
#: More are in no dialog that anybody reads.
_MOST_REFUSED = 500
_LEAST_ROWS, _REFUSED_ROWS, _HEAD = 5, 3, 34


@dataclass(frozen=True)
class CardRow:
    """A contact and what becomes of it."""

    id: int
    card: Planned
    choice: Choice


class Contacts(Card):
    """The contacts. `chosen` comes when other rows are selected."""

    chosen = Signal()

    def __init__(self, context: "Context", parent: QWidget | None = None) -> None:
        super().__init__(context.theme, parent)
        columns: list[RowColumn[CardRow]] = [
            RowColumn(tr("Name"), lambda row: row.card.draft.name, stretch=True),
            RowColumn(tr("Company"), _company, faint=lambda _row: True),
            RowColumn(tr("What becomes of it"), lambda row: tr(CHOICES[row.choice])),
            RowColumn(tr("There already"), lambda row: row.card.match.name if row.card.match else ""),
            RowColumn(
                tr("Likeness"),
                lambda row: context.formats.percent(round(row.card.match.score * 200)) if row.card.match else "",
                right=True,
            ),
        ]
        self.model: RowsModel[CardRow] = RowsModel(context.theme, columns, self)
        self.view = RowsView(context.theme, self.model, tr("Contacts"))
        self.view.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        self.view.setMinimumHeight(context.theme.row_height * _LEAST_ROWS + context.theme.px(_HEAD))
        self.view.selectionModel().selectionChanged.connect(lambda *_: self.chosen.emit())
        self.body.addWidget(self.view)

    def show_plan(self, plan: CardPlan, choices: Mapping[int, Choice]) -> None:
        """Show the contacts of this plan."""
        self.model.show_rows([CardRow(each.number, each, choices[each.number]) for each in plan.cards])

    def selected(self) -> list[CardRow]:
        """The rows that are selected, from the top."""
        return [self.model.rows[index.row()] for index in sorted(self.view.selectionModel().selectedRows())]

    def choose(self, choice: Choice) -> dict[int, Choice]:
        """Let this become of the selected ones, where it can; returns those by number of the card."""
        changed = {row.id: choice for row in self.selected() if choice in row.card.choices}
        for place, row in enumerate(self.model.rows):
            if row.id in changed:
                self.model.rows[place] = CardRow(row.id, row.card, choice)
        last = self.model.index(len(self.model.rows) - 1, self.model.columnCount() - 1)
        self.model.dataChanged.emit(self.model.index(0, 0), last)
        return changed


def _company(row: CardRow) -> str:
    draft = row.card.draft
    return tr("Company") if draft.kind == "company" else draft.employer


@dataclass(frozen=True)
class _RefusedRow:
    id: int
    refusal: Refused


class Refusals(Card):
    """What was not taken, and why."""

    def __init__(self, context: "Context", parent: QWidget | None = None) -> None:
        super().__init__(context.theme, parent)
        columns: list[RowColumn[_RefusedRow]] = [
            RowColumn(tr("File"), lambda row: row.refusal.file, faint=lambda _row: True),
            RowColumn(
                tr("Line"), lambda row: context.formats.number(row.refusal.line) if row.refusal.line else "", right=True
            ),
            RowColumn(tr("Reason"), lambda row: str(row.refusal.why), stretch=True),
        ]
        self.model: RowsModel[_RefusedRow] = RowsModel(context.theme, columns, self)
        view = RowsView(context.theme, self.model, tr("Not taken"))
        view.setFixedHeight(context.theme.row_height * _REFUSED_ROWS + context.theme.px(_HEAD))
        self.add_head(tr("Not taken"))
        self.body.addWidget(view)

    def show_refused(self, refused: Sequence[Refused]) -> None:
        """Show these; nothing where all was taken."""
        self.model.show_rows([_RefusedRow(number, each) for number, each in enumerate(refused[:_MOST_REFUSED])])
        self.setVisible(bool(refused))
