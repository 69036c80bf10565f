"""*Kontakt halten*: companies and people of whom nothing was heard for as long as their rhythm allows."""

from collections.abc import Iterable, Sequence
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QPoint, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QLabel, QMenu, QWidget

from app.core.changes import ChangeSet
from app.core.i18n import N_, ntr, tr
from app.core.terms import Entity
from app.services.rhythm import OverdueRhythm, OverdueRhythms
from app.ui.overview.columns import touch_columns
from app.ui.overview.parts import VerbBar, fill_page
from app.ui.tables.model import WindowedModel
from app.ui.tables.view import TableView
from app.ui.widgets.button import Button, ButtonKind
from app.ui.widgets.card import Card
from app.ui.widgets.explanation import Explanation

if TYPE_CHECKING:
    from app.ui.context import Context

#: What can be done about a row: command, label and icon.
_WAYS = (("call", N_("Log a call …"), "phone"), ("open", N_("Show in Customers"), "building"))
_LEAST = 200
_EXPLAINED = N_(
    "Companies and people whose own rhythm, or the closest one of their tags, says that it is time to get in touch. "
    "Every entry with them or on their leads counts as a contact, and so does every step that was finished; a call, a "
    "meeting or an e-mail with a person counts for his or her companies, too. Those who wait longest, by their own "
    "rhythm, stand first."
)


class TouchCard(Card):
    """`opened(entity, id)` asks for a company or person, `called(row)` to write down a call with it."""

    opened = Signal(object, int)
    called = Signal(object)

    def __init__(self, context: "Context", parent: QWidget | None = None) -> None:
        super().__init__(context.theme, parent)
        self._context = context
        self._rows: dict[int, OverdueRhythm] = {}
        self._row = -1  # where the keyboard was before a change
        columns = touch_columns(context.wording, context.formats)
        self.model: WindowedModel[OverdueRhythm] = WindowedModel(columns, self._of, _key, parent=self)
        self.view = TableView(context.theme, self.model, tr("Keep in touch"))
        self.explanation = Explanation(context.theme, self)
        self._sum = QLabel()
        self._sum.setProperty("kind", "small")
        self._bar = VerbBar(context.theme)
        self._lay_out()
        self.view.opened.connect(lambda _id: self._do("open"))
        self.view.menuRequested.connect(self._offer)
        self.view.selectedIdsChanged.connect(self._on_selection)
        self._bar.asked.connect(self._do)
        context.wording.changed.connect(self.model.refresh_all)

    def _lay_out(self) -> None:
        theme = self._context.theme
        head = self.add_head(tr("Keep in touch"))
        head.addWidget(self._sum)
        info = Button(theme, "", ButtonKind.MINI, icon="info", name=tr("Who stands here"))
        info.clicked.connect(lambda: self.explanation.explain(tr("Keep in touch"), tr(_EXPLAINED), info))
        head.addWidget(info)
        theme.fit(self, self._keep_rows_seen)
        for id_, label, icon in _WAYS:
            keys = tr("Enter") if id_ == "open" else ""
            self._bar.add(id_, f"{tr(label)}  {keys}".rstrip(), icon=icon)
        self.body.addWidget(self.view, 1)
        fill_page(self.view)
        self.body.addWidget(self._bar)
        self._bar.hide()
        self.view.await_rows()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._keep_rows_seen()

    def _keep_rows_seen(self) -> None:
        """Buttons in several lines leave the list the room it has."""
        self.setMinimumHeight(self._context.theme.px(_LEAST) + self._bar.more_lines(self.width()))

    def hasHeightForWidth(self) -> bool:
        """No: the buttons that wrap would make the page ask for the preferred height of everything at least."""
        return False

    def show_overdue(self, found: OverdueRhythms) -> None:
        """The worst first, and how many there are in all."""
        words = ntr("{n} is due", "{n} are due", found.due) if found.due else ""
        if found.late:
            words = tr("{due}, {late} too late", due=words, late=self._context.formats.number(found.late))
        self._sum.setText(words)
        before, self._rows = self._rows, {_key(row): row for row in found.rows}
        self.model.refresh_rows([key for key, row in self._rows.items() if before.get(key) != row])
        self.model.set_ids(list(self._rows))
        self._bar.setVisible(bool(self._rows))
        message = tr("You have heard of everybody in time.")
        if not found.asked:
            message = tr("Say at a customer or a tag how often to keep in touch. Who has to wait longer stands here.")
        self.view.tell_when_empty(message, "check" if found.asked else "users")
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

    def chosen(self) -> OverdueRhythm | None:
        """The row that is current."""
        return self._rows.get(self.view.current_id() or 0)

    def _of(self, keys: Sequence[int]) -> Iterable[OverdueRhythm]:
        return [self._rows[key] for key in keys if key in self._rows]

    def _do(self, way: str) -> None:
        row = self.chosen()
        if row is None:
            return
        if way == "call":
            self.called.emit(row)
        else:
            self.opened.emit(row.entity, row.id)

    def _offer(self, at: QPoint) -> None:
        menu = QMenu(self)
        for id_, label, icon in reversed(_WAYS):
            action = menu.addAction(self._context.theme.icon(icon), tr(label))
            action.triggered.connect(partial(self._do, id_))
        menu.aboutToHide.connect(menu.deleteLater)
        menu.popup(at)

    def _on_selection(self) -> None:
        for button in self._bar.buttons.values():
            button.setEnabled(self.chosen() is not None)


def _key(row: OverdueRhythm) -> int:
    """A number for a row: companies and people are counted each by themselves."""
    return row.id * 2 + (row.entity is Entity.PERSON)
