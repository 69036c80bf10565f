"""*Papierkorb*: the leads that were deleted, and the way back."""

from typing import TYPE_CHECKING

from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from app.core.changes import ChangeSet
from app.core.errors import TrichterError
from app.core.i18n import Text, tr
from app.services.trash import KEPT, Trash, TrashedLead
from app.ui.forms.field import Note
from app.ui.forms.rows import RowColumn, RowsModel
from app.ui.forms.rows_view import RowsView
from app.ui.jobs import Job
from app.ui.widgets.button import Button
from app.ui.widgets.card import Card

if TYPE_CHECKING:
    from app.ui.context import Context


class TrashPage(QWidget):
    """What is in the trash, the last deleted first; several can be restored at once."""

    def __init__(self, context: "Context") -> None:
        super().__init__()
        self._context = context
        self._trash = Trash(context.office.store)
        self._model: RowsModel[TrashedLead] = RowsModel(context.theme, self._columns(), self)
        self._view = RowsView(context.theme, self._model, tr("Deleted leads"))
        self._view.setSelectionMode(RowsView.SelectionMode.ExtendedSelection)
        self._problem = Note()
        self._restore = Button(context.theme, tr("Restore"), icon="restore")
        self._lay_out()
        self._restore.clicked.connect(self.restore)
        self._view.activated.connect(lambda _index: self.restore())
        context.bridge.changed.connect(self._on_change)
        self.refresh()

    def _lay_out(self) -> None:
        px = self._context.theme.px
        box = QVBoxLayout(self)
        box.setContentsMargins(0, 0, 0, 0)
        box.setSpacing(px(10))
        note = Note()
        note.say(tr("Deleted leads are kept here for {n} days with all that hangs on them.", n=KEPT.days))
        card = Card(self._context.theme)
        card.body.addWidget(self._view)
        row = QHBoxLayout()
        self._restore.setAutoDefault(False)
        row.addWidget(self._restore)
        row.addStretch()
        box.addWidget(note)
        box.addWidget(card, 1)
        box.addWidget(self._problem)
        box.addLayout(row)

    def _columns(self) -> list[RowColumn[TrashedLead]]:
        formats, zone = self._context.formats, self._context.office.store.zone
        return [
            RowColumn(tr("Lead"), lambda row: row.title, stretch=True),
            RowColumn(tr("Company"), lambda row: row.company or "", faint=lambda _row: True),
            RowColumn(tr("Deleted"), lambda row: formats.instant(row.deleted_at, zone)),
            RowColumn(tr("By"), lambda row: row.by or "–", faint=lambda _row: True),
            RowColumn(tr("Kept until"), lambda row: formats.day(row.until)),
        ]

    def refresh(self) -> None:
        """Look into the trash anew."""
        rows = self._trash.all()
        self._model.show_rows(rows)
        self._restore.setEnabled(bool(rows))
        self._problem.say("" if rows else tr("The trash is empty."))

    def restore(self) -> None:
        """Bring the selected leads back in one step."""
        rows = self._view.selectionModel().selectedRows()
        ids = [self._model.rows[index.row()].id for index in rows]
        if not ids or not self._restore.isEnabled():
            return
        self._restore.setEnabled(False)
        work = lambda _progress: self._trash.restore(ids)  # noqa: E731 - one expression for one thread
        job = Job(Text("Saving"), work, lambda _none: self.refresh(), self._refused, owner=self)
        self._context.jobs.write(job, len(ids))

    def _refused(self, error: BaseException) -> None:
        self.refresh()
        if not isinstance(error, TrichterError):
            raise error
        self._problem.say(str(error), "error")

    def _on_change(self, change: ChangeSet) -> None:
        if change.concerns("lead"):
            self.refresh()
