"""A card of the overview with companies or people: a short list, and below it what can be done about one."""

from collections.abc import Iterable, Mapping, Sequence
from functools import partial
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QPoint, Signal
from PySide6.QtWidgets import QLabel, QMenu, QWidget

from app.core.changes import ChangeSet
from app.core.i18n import tr
from app.core.roles import Act
from app.ui.allowed import offer
from app.ui.overview.list_card import ListCard
from app.ui.tables.columns import Column
from app.ui.tables.model import WindowedModel
from app.ui.tables.view import TableView

if TYPE_CHECKING:
    from app.ui.context import Context

#: What can be done about a row: command, label and icon.
Ways = Sequence[tuple[str, str, str]]
_LEAST = 200
#: What Enter does.
OPEN = "open"
#: What changes something that others see.
_CHANGES = ("record_finish", "call")


class RecordCard(ListCard):
    """`asked(way, row)` comes for what is to be done about a row."""

    asked = Signal(str, object)

    def __init__(
        self, context: "Context", title: str, explained: str, columns: Sequence[Column[Any]], ways: Ways,
        parent: QWidget | None = None,
    ) -> None:  # fmt: skip
        """`explained` says who stands here. All words are translated already."""
        super().__init__(context.theme, _LEAST, parent)
        self._context, self._title, self._explained, self._ways = context, title, explained, ways
        self._rows: dict[int, Any] = {}
        self._row = -1  # where the keyboard was before a change
        self.model: WindowedModel[Any] = WindowedModel(columns, self._of, self.key_of, parent=self)
        self.view = TableView(context.theme, self.model, title)
        self._sum = QLabel()
        self._sum.setProperty("kind", "small")
        self._lay_out()
        self.view.opened.connect(lambda _id: self._do(OPEN))
        self.view.menuRequested.connect(self._offer)
        self.view.selectedIdsChanged.connect(self._on_selection)
        self._bar.asked.connect(self._do)
        context.wording.changed.connect(self.model.refresh_all)

    def key_of(self, row: Any) -> int:
        """A number for a row."""
        return int(row.id)

    def _lay_out(self) -> None:
        for id_, label, icon in self._ways:
            keys = tr("Enter") if id_ == OPEN else ""
            button = self._bar.add(id_, f"{label}  {keys}".rstrip(), icon=icon)
            if id_ in _CHANGES:
                self._context.allowed.keep(Act.NOTE, button)
        self._fill(self._title, self._sum, tr("Who stands here"), self._explained, self.view)
        self._bar.hide()
        self.view.await_rows()

    def show_rows(self, rows: Iterable[Any], words: str) -> None:
        """Show these, and in the head how many there are in all."""
        self._sum.setText(words)
        before, self._rows = self._rows, {self.key_of(row): row for row in rows}
        self.model.refresh_rows([key for key, row in self._rows.items() if before.get(key) != row])
        self.model.set_ids(list(self._rows))
        self._bar.setVisible(bool(self._rows))
        row, self._row = self._row, -1
        if self._rows and self.view.current_id() is None:
            self.view.selectRow(min(max(row, 0), len(self._rows) - 1))
        self._on_selection()

    def hear(self, _change: ChangeSet) -> None:
        """Something was written: the row that takes the place of the one that may go is chosen then."""
        self._row = self.view.currentIndex().row()

    def selected_ids(self) -> list[int]:
        """No leads are chosen here."""
        return []

    def chosen(self) -> Any:
        """The row that is current; None for none."""
        return self._rows.get(self.view.current_id() or 0)

    @property
    def rows(self) -> Mapping[int, Any]:
        """What is shown."""
        return self._rows

    def _of(self, keys: Sequence[int]) -> Iterable[Any]:
        return [self._rows[key] for key in keys if key in self._rows]

    def _do(self, way: str) -> None:
        row = self.chosen()
        if row is not None:
            self.asked.emit(way, row)

    def _offer(self, at: QPoint) -> None:
        menu = QMenu(self)
        for id_, label, icon in reversed(self._ways):
            act = partial(self._do, id_)
            entry = offer(menu, label, self._context.deed(Act.NOTE, act) if id_ in _CHANGES else act)
            entry.setIcon(self._context.theme.icon(icon))
        menu.aboutToHide.connect(menu.deleteLater)
        menu.popup(at)

    def _on_selection(self) -> None:
        for button in self._bar.buttons.values():
            button.setEnabled(self.chosen() is not None)
