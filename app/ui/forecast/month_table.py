"""The figures of the chart as a table, for those who prefer reading and for screen readers."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from PySide6.QtWidgets import QWidget

from app.core.format import Formats
from app.core.i18n import N_, tr
from app.core.money import Money
from app.ui.tables.columns import Column, Kind, Tone, Weight
from app.ui.tables.model import WindowedModel
from app.ui.tables.view import TableView
from app.ui.theme import Theme


@dataclass(frozen=True)
class MonthRow:
    """One line, amounts in minor units; the `total` line stands out."""

    label: str
    secured: int
    weighted: int
    unweighted: int
    total: bool = False


class MonthTable(TableView):
    """Months, what belongs to none of them, and the sum of it all."""

    def __init__(self, theme: Theme, formats: Formats, parent: QWidget | None = None) -> None:
        self._rows: Sequence[MonthRow] = ()
        self._currency = ""
        self._formats = formats
        self._months: WindowedModel[tuple[int, MonthRow]] = WindowedModel(
            self._columns(),
            lambda ids: [(id_, self._rows[id_]) for id_ in ids],
            id_of=lambda row: row[0],
        )
        super().__init__(theme, self._months, tr("Revenue by month"), parent)
        self._months.setParent(self)

    def show_rows(self, rows: Sequence[MonthRow], currency: str) -> None:
        """Other figures; the selection stays where it was."""
        self._rows, self._currency = tuple(rows), currency
        self._months.refresh_all()
        self._months.set_ids(range(len(rows)))

    def texts(self) -> list[list[str]]:
        """What every cell says, row by row."""
        columns = range(self._months.columnCount())
        return [[self._months.cell(row, column).text for column in columns] for row in range(len(self._rows))]

    def _columns(self) -> list[Column[tuple[int, MonthRow]]]:
        return [
            Column("month", N_("Month"), lambda row: row[1].label, width=150, flex=2, weight=Weight.STRONG),
            self._amounts("secured", N_("Secured"), lambda row: row.secured),
            self._amounts("weighted", N_("Weighted"), lambda row: row.weighted),
            self._amounts("sum", N_("Sum"), lambda row: row.secured + row.weighted, Weight.STRONG),
            self._amounts("unweighted", N_("Unweighted"), lambda row: row.unweighted, Weight.MUTED),
        ]

    def _amounts(
        self, key: str, title: str, amount: Callable[[MonthRow], int], weight: Weight = Weight.NORMAL
    ) -> Column[tuple[int, MonthRow]]:
        return Column(
            key,
            title,
            lambda row: self._formats.money(Money(amount(row[1]), self._currency)),
            Kind.NUMBER,
            width=124,
            flex=1,
            weight=weight,
            tone=lambda row: Tone.STRONG if row[1].total else None,
        )
