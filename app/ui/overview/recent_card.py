"""What has happened since yesterday, and by whom."""

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QWidget

from app.core.i18n import tr
from app.services.recent import Happening
from app.ui.overview.columns import recent_columns
from app.ui.overview.parts import fill_page
from app.ui.tables.model import WindowedModel
from app.ui.tables.view import TableView
from app.ui.widgets.card import Card

if TYPE_CHECKING:
    from app.ui.context import Context

_LEAST = 148


class RecentCard(Card):
    """`chosen(happening)` for Enter or a click on a line."""

    chosen = Signal(object)

    def __init__(self, context: "Context", parent: QWidget | None = None) -> None:
        super().__init__(context.theme, parent)
        self._found: dict[int, Happening] = {}
        columns = recent_columns(context.formats, context.office.store.zone)
        self.model: WindowedModel[Happening] = WindowedModel(columns, self._rows, parent=self)
        self.view = TableView(context.theme, self.model, tr("Since yesterday"))
        self.add_head(tr("Since yesterday"))
        self.body.addWidget(self.view, 1)
        fill_page(self.view)
        context.theme.fit(self, lambda: self.setMinimumHeight(context.theme.px(_LEAST)))
        self.view.tell_when_empty(tr("Nothing has happened since yesterday."), "clock")
        self.view.doubleClicked.disconnect()  # its first click has opened the line already
        self.view.viewport().setCursor(Qt.CursorShape.PointingHandCursor)
        self.view.opened.connect(self._choose)
        self.view.clicked.connect(lambda index: self._choose(self.model.id_at(index.row())))
        context.wording.changed.connect(self.model.refresh_all)

    def show_happenings(self, found: Sequence[Happening]) -> None:
        """The newest first."""
        self._found = {happening.id: happening for happening in found}
        self.model.refresh_all()
        self.model.set_ids([happening.id for happening in found])

    def _rows(self, ids: Sequence[int]) -> Iterable[Happening]:
        return [self._found[id_] for id_ in ids if id_ in self._found]

    def _choose(self, id_: int | None) -> None:
        happening = self._found.get(id_ or 0)
        if happening is not None:
            self.chosen.emit(happening)
