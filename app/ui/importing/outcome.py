"""What an import would do or did: counts, and the rows it does not take."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QLabel, QVBoxLayout, QWidget

from app.core.i18n import ntr, tr
from app.services.importing.result import ImportResult, Refusal
from app.ui.forms.rows import RowColumn, RowsModel
from app.ui.forms.rows_view import RowsView
from app.ui.widgets.button import Button, ButtonKind
from app.ui.widgets.card import Card

if TYPE_CHECKING:
    from app.ui.context import Context

#: More are in the file that can be saved; nobody reads them in a dialog.
_SHOWN = 500


@dataclass(frozen=True)
class _Row:
    id: int
    refusal: Refusal


class Outcome(QWidget):
    """`saved` asks for the refused rows as a file."""

    saved = Signal()

    def __init__(self, context: "Context", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        theme = context.theme
        self._counts = QLabel()
        self._counts.setProperty("kind", "heading")
        self._counts.setWordWrap(True)
        columns: list[RowColumn[_Row]] = [
            RowColumn(tr("Row"), lambda row: context.formats.number(row.refusal.row), right=True),
            RowColumn(tr("Column"), lambda row: row.refusal.column or "", faint=lambda _row: True),
            RowColumn(tr("Reason"), lambda row: str(row.refusal.reason), stretch=True),
        ]
        self._model: RowsModel[_Row] = RowsModel(theme, columns, self)
        self._view = RowsView(theme, self._model, tr("Rows that are not imported"))
        self._card = Card(theme)
        head = self._card.add_head(tr("Rows that are not imported"))
        save = Button(theme, tr("Save as CSV …"), ButtonKind.LINK)
        save.setAutoDefault(False)
        save.clicked.connect(self.saved)
        head.addWidget(save)
        self._card.body.addWidget(self._view)
        self._view.setMinimumHeight(theme.row_height * 3 + theme.px(34))
        box = QVBoxLayout(self)
        box.setContentsMargins(0, 0, 0, 0)
        box.setSpacing(theme.px(10))
        line = QHBoxLayout()
        line.addWidget(self._counts, 1)
        box.addLayout(line)
        box.addWidget(self._card, 1)

    @property
    def words(self) -> str:
        """The counts as shown."""
        return self._counts.text()

    def show_result(self, result: ImportResult, *, done: bool) -> None:
        """Show what would happen, or once `done` what has happened."""
        self._counts.setText(_done_words(result) if done else _would_words(result))
        self._model.show_rows([_Row(number, each) for number, each in enumerate(result.refused[:_SHOWN])])
        self._card.setVisible(bool(result.refused))


def _would_words(result: ImportResult) -> str:
    parts = [
        ntr("{n} new lead", "{n} new leads", result.created),
        ntr("{n} changed", "{n} changed", result.updated),
        ntr("{n} unchanged", "{n} unchanged", result.skipped),
        ntr("{n} row not imported", "{n} rows not imported", len(result.refused)),
    ]
    counts = (result.created, result.updated, result.skipped, len(result.refused))
    return " · ".join(part for part, count in zip(parts, counts, strict=True) if count) or tr("Nothing to import.")


def _done_words(result: ImportResult) -> str:
    if not result.created + result.updated:
        return tr("Nothing was imported.")
    return tr("Imported: {counts}", counts=_would_words(result))
