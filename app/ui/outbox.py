"""*Wartet auf den Server*: what waits, since when, and why it was refused."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QLabel, QWidget

from app.core.i18n import tr
from app.services.outbox import Waiting
from app.services.owners import Owner
from app.ui.forms.dialog import Dialog
from app.ui.forms.field import Note
from app.ui.forms.rows import RowColumn, RowsModel
from app.ui.forms.rows_view import RowsView
from app.ui.widgets.button import Button
from app.ui.widgets.card import Card
from app.ui.widgets.chips import Flow

if TYPE_CHECKING:
    from app.ui.context import Context

_SIZE = (760, 460)
_ICONS = {"note": "note", "call": "phone", "meeting": "users", "step": "calendar", "finish": "check"}


@dataclass(frozen=True)
class _Row:
    """An entry, with a number of its own as lists want one."""

    id: int
    entry: Waiting


class OutboxDialog(Dialog):
    """Follows what waits, as long as it is open."""

    def __init__(
        self, context: "Context", open_record: Callable[[Owner], object], parent: QWidget | None = None
    ) -> None:
        super().__init__(context.theme, tr("Waiting for the server"), parent)
        self._context, self._open_record = context, open_record
        about = QLabel(tr("What was noted while the team's server was away. It is entered when the server is back."))
        about.setWordWrap(True)
        self._model: RowsModel[_Row] = RowsModel(context.theme, self._columns(), self)
        self.view = RowsView(context.theme, self._model, tr("What waits"))
        self.note = Note()
        self.go = Button(context.theme, tr("Open record"), icon="edit")
        self.copy = Button(context.theme, tr("Copy text"), icon="copy")
        self.drop = Button(context.theme, tr("Discard …"), icon="trash")
        self._lay_out(about)
        self.again = self.add_buttons(tr("Try again"), cancel=tr("Close"))
        self.go.clicked.connect(self._open)
        self.copy.clicked.connect(self._copy)
        self.drop.clicked.connect(self._discard)
        self.again.clicked.connect(lambda _on=False: context.outgoing.send(again=True))
        self.view.activated.connect(lambda _index: self._open())
        self.view.selectionModel().selectionChanged.connect(lambda *_both: self._settle())
        context.outgoing.changed.connect(self._show)
        self.remember_size(context.settings, "outbox", *_SIZE)
        self._show()

    def _lay_out(self, about: QWidget) -> None:
        card = Card(self._context.theme)
        card.body.addWidget(self.view)
        row = Flow()
        for button in (self.go, self.copy, self.drop):
            button.setAutoDefault(False)
            row.addWidget(button)
        for widget in (about, card, self.note):
            self.body.addWidget(widget)
        self.body.addLayout(row)

    def _columns(self) -> list[RowColumn[_Row]]:
        formats, zone = self._context.formats, self._context.office.store.zone
        return [
            RowColumn(tr("What"), lambda row: str(row.entry.about), icon=lambda row: _ICONS[_kind(row.entry)]),
            RowColumn(tr("Belongs to"), lambda row: ", ".join(row.entry.titles) or "–"),
            RowColumn(tr("Text"), lambda row: " ".join(row.entry.words.split())[:200], stretch=True),
            RowColumn(tr("Noted"), lambda row: formats.instant(row.entry.at, zone), faint=lambda _row: True),
            RowColumn(tr("Refused"), lambda row: str(row.entry.refused or "")),
        ]

    def _show(self) -> None:
        chosen = self._chosen()
        entries = self._context.outgoing.waiting()
        self._model.show_rows([_Row(number, entry) for number, entry in enumerate(entries)], more=False)
        row = next((n for n, entry in enumerate(entries) if chosen and entry.uid == chosen.uid), 0)
        if entries:
            self.view.selectRow(row)
        self._settle()

    def _settle(self) -> None:
        """What can be done as things stand, and the whole reason where one was refused."""
        entry = self._chosen()
        for button in (self.go, self.copy, self.drop, self.again):
            button.setEnabled(entry is not None)
        self.copy.setEnabled(entry is not None and bool(entry.words))
        if entry is None:
            self.note.say(tr("Nothing waits for the server."))
        else:
            self.note.say(str(entry.refused or ""), "error")

    def _chosen(self) -> Waiting | None:
        rows = self.view.selectionModel().selectedRows()
        return self._model.rows[rows[0].row()].entry if rows and rows[0].row() < len(self._model.rows) else None

    def _open(self) -> None:
        entry = self._chosen()
        if entry is not None:
            self.accept()
            self._open_record(entry.owner)

    def _copy(self) -> None:
        if (entry := self._chosen()) is not None:
            QGuiApplication.clipboard().setText(entry.words)

    def _discard(self) -> None:
        if (entry := self._chosen()) is not None:
            self._context.outgoing.discard(entry)


def _kind(entry: Waiting) -> str:
    return str(entry.deed.said["kind"]) if entry.deed.verb == "note" else entry.deed.verb
