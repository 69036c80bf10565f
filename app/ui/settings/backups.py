"""*Sicherung*: where and when, the copies there are, and the way back to one of them."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from PySide6.QtWidgets import QHBoxLayout, QLabel

from app.core.i18n import Text, tr
from app.core.settings import BACKUP
from app.services.backup import REASON_LABELS, Backup, Reason
from app.ui.forms.field import Note
from app.ui.forms.rows import RowColumn, RowsModel
from app.ui.forms.rows_view import RowsView
from app.ui.jobs import Job
from app.ui.restoring import ask_restore
from app.ui.settings.generic import GenericPage, shown_settings
from app.ui.widgets.button import Button, ButtonKind
from app.ui.widgets.card import Card

if TYPE_CHECKING:
    from app.ui.context import Context

_SHOWN_ROWS = 5


@dataclass(frozen=True)
class _Copy:
    """A backup with a number, since a list wants keys."""

    id: int
    backup: Backup


class BackupsPage(GenericPage):
    """The settings of backups, and the copies in the folder."""

    def __init__(self, context: "Context", restore: Callable[[Path], object] | None) -> None:
        """`restore` closes the store, puts a copy in its place and opens it; without it copies are only listed."""
        super().__init__(context, shown_settings(BACKUP))
        self._restore = restore
        self._note = Note()
        self._model: RowsModel[_Copy] = RowsModel(context.theme, self._columns(), self)
        self._view = RowsView(context.theme, self._model, tr("Backups"))
        self._now = Button(context.theme, tr("Back up now"), ButtonKind.PRIMARY)
        self._back = Button(context.theme, tr("Restore …"), icon="restore")
        self._lay_out()
        self._now.clicked.connect(self._back_up)
        self._back.clicked.connect(self._ask_restore)
        self.refresh()

    def _lay_out(self) -> None:
        theme = self._context.theme
        title = QLabel(tr("Backups"))
        title.setProperty("kind", "heading")
        card = Card(theme)
        card.body.addWidget(self._view)
        self._view.setMinimumHeight(theme.row_height * _SHOWN_ROWS + theme.px(34))
        row = QHBoxLayout()
        row.setSpacing(theme.px(8))
        for button in (self._now, self._back):
            button.setAutoDefault(False)
            row.addWidget(button)
        row.addStretch()
        self.below.setSpacing(theme.px(10))
        self.below.addWidget(title)
        self.below.addWidget(card)
        self.below.addWidget(self._note)
        self.below.addLayout(row)
        self._back.setVisible(self._restore is not None)

    def _columns(self) -> list[RowColumn[_Copy]]:
        formats, zone = self._context.formats, self._context.office.store.zone
        return [
            RowColumn(tr("Made"), lambda row: formats.instant(row.backup.at, zone), stretch=True),
            RowColumn(tr("Why"), lambda row: tr(REASON_LABELS[row.backup.reason])),
            RowColumn(tr("Size"), lambda row: formats.size(row.backup.size), right=True),
        ]

    def refresh(self) -> None:
        """Look into the folder anew."""
        copies = self._context.office.backups.list()
        self._model.show_rows([_Copy(number, backup) for number, backup in enumerate(copies)])
        self._back.setEnabled(bool(copies))
        if not copies:
            self._note.say(tr("There is no backup yet."))

    def _back_up(self) -> None:
        self._now.setEnabled(False)
        self._context.jobs.start(
            Job(
                Text("Backing up"),
                lambda _progress: self._context.office.backups.make(Reason.MANUAL),
                self._done,
                self._failed,
                writes=True,
                owner=self,
            )
        )

    def _done(self, path: Any) -> None:
        self._now.setEnabled(True)
        self.refresh()
        self._note.say(tr("Backed up and verified: {name}", name=path.name))

    def _failed(self, error: BaseException) -> None:
        self._now.setEnabled(True)
        self._note.say(str(error), "error")

    def _ask_restore(self) -> None:
        copy = self._view.current()
        if copy is None or self._restore is None:
            return
        ask_restore(self._context, copy.backup.path, self._restore, self, self._failed)
