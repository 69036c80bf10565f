"""What stands in the way of a step that was to be taken back: both values, by whom and when."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, NamedTuple

from PySide6.QtWidgets import QLabel, QWidget

from app.core.i18n import N_, ntr, tr
from app.ui.forms.dialog import Dialog
from app.ui.tables.columns import Column, Weight
from app.ui.tables.model import WindowedModel
from app.ui.tables.view import TableView
from app.ui.widgets.card import Card

if TYPE_CHECKING:
    from app.services.history_steps import Obstacle, StepRefused
    from app.ui.context import Context


class _Row(NamedTuple):
    id: int
    obstacle: "Obstacle"


class RefusedDialog(Dialog):
    """Nothing was changed; this says why."""

    def __init__(self, context: "Context", refused: "StepRefused", parent: QWidget | None = None) -> None:
        super().__init__(context.theme, str(refused.title), parent)
        self._context = context
        self._rows = [_Row(place, obstacle) for place, obstacle in enumerate(refused.obstacles)]
        words = QLabel(tr("Nothing was changed. These values are newer and would have been lost:"))
        if not self._rows:
            words.setText(str(refused.hint))
        words.setWordWrap(True)
        words.setProperty("kind", "muted")
        self.body.addWidget(words)
        if self._rows:
            self.body.addWidget(self._table(), 1)
            more = refused.count - len(self._rows)
            if more > 0:
                self.body.addWidget(QLabel(ntr("and {n} more value", "and {n} more values", more)))
        self.add_close(self.add_bar()).setFocus()
        self.remember_size(context.settings, "refused", 960, 360 if self._rows else 180)

    def shown(self) -> list[list[str]]:
        """The cells of the rows."""
        return [[self._model.cell(row, column).text for column in range(5)] for row in range(len(self._rows))]

    def _table(self) -> QWidget:
        self._model: WindowedModel[_Row] = WindowedModel(self._columns(), self._fetch, parent=self)
        view = TableView(self.theme, self._model, tr("Newer values"))
        self._model.set_ids([row.id for row in self._rows])
        card = Card(self.theme)
        card.body.addWidget(view, 1)
        return card

    def _fetch(self, ids: Sequence[int]) -> list[_Row]:
        return [self._rows[place] for place in ids]

    def _columns(self) -> tuple[Column[_Row], ...]:
        return (
            Column("subject", N_("Lead"), lambda row: row.obstacle.subject, width=140, weight=Weight.STRONG, flex=2),
            Column("field", N_("Field"), lambda row: str(row.obstacle.field), width=130),
            Column("then", N_("Then"), lambda row: str(row.obstacle.then), width=120, flex=1),
            Column("now", N_("Now"), lambda row: str(row.obstacle.now), width=120, flex=1),
            Column("by", N_("Changed"), self._by, width=230, weight=Weight.MUTED),
        )

    def _by(self, row: _Row) -> str:
        at, zone = row.obstacle.at, self._context.office.store.zone
        when = "" if at is None else self._context.formats.instant(at, zone)
        return " · ".join(part for part in (row.obstacle.actor, when) if part)
