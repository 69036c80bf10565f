"""*Papierkorb*: what was deleted, the way back, and how it is emptied."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from app.core.changes import ChangeSet
from app.core.errors import TrichterError
from app.core.i18n import N_, Plural, Text, ntr, tr
from app.core.roles import Act
from app.services.backup import Reason
from app.services.trash import KEPT, KINDS, Contents, Trash, Trashed, TrashKind
from app.ui.forms.field import Note
from app.ui.forms.rows import RowColumn, RowsModel
from app.ui.forms.rows_view import RowsView
from app.ui.jobs import Job
from app.ui.latest import Latest
from app.ui.widgets.button import Button
from app.ui.widgets.card import Card
from app.ui.widgets.choice_chip import ChoiceChip

if TYPE_CHECKING:
    from app.ui.context import Context

_ICONS = {"lead": "funnel", "company": "building", "person": "user", "note": "note", "file": "file"}
_NAMES = {
    "lead": N_("Lead"), "company": N_("Company"), "person": N_("Person"), "note": N_("Note"), "file": N_("File"),
}  # fmt: skip
_MANY = {
    "lead": Plural("{n} lead", "{n} leads", n=0), "company": Plural("{n} company", "{n} companies", n=0),
    "person": Plural("{n} person", "{n} people", n=0), "note": Plural("{n} note", "{n} notes", n=0),
    "file": Plural("{n} file", "{n} files", n=0),
}  # fmt: skip
#: So many are read at once.
_PAGE = 200
_TABLES = ("lead", "company", "person", "note", "attachment")


@dataclass(frozen=True)
class _Row:
    """Something in the trash with a number of its own, since a list wants keys and those of kinds are alike."""

    trashed: Trashed

    @property
    def id(self) -> int:
        return self.trashed.id * len(KINDS) + KINDS.index(self.trashed.kind)


class TrashPage(QWidget):
    """What is in the trash, the last deleted first; several of any kinds can be restored at once."""

    def __init__(self, context: "Context") -> None:
        super().__init__()
        self._context = context
        office = context.office
        self._trash = Trash(office.store, lambda: office.backups.make_if_changed(Reason.DELETE))
        self._model: RowsModel[_Row] = RowsModel(context.theme, self._columns(), self)
        self._view = RowsView(context.theme, self._model, tr("What was deleted"))
        self._view.setSelectionMode(RowsView.SelectionMode.ExtendedSelection)
        self._kind = ChoiceChip(context.theme, tr("Kind"), lambda: [(kind, tr(_NAMES[kind])) for kind in KINDS])
        self._problem = Note()
        self._latest = Latest(context.jobs, self, Text("Reading"))
        self._restore = Button(context.theme, tr("Restore"), icon="restore")
        self._empty = Button(context.theme, tr("Empty the trash …"), icon="trash")
        self._lay_out()
        context.allowed.keep(Act.CHANGE, self._restore)
        context.allowed.keep(Act.ERASE, self._empty)
        self._kind.chosen.connect(lambda _kind: self.refresh())
        self._restore.clicked.connect(self.restore)
        self._empty.clicked.connect(self.empty)
        self._view.activated.connect(lambda _index: self.restore())
        self._model.wanted.connect(self._read_more)
        context.bridge.changed.connect(self._on_change)
        self.refresh()

    def _lay_out(self) -> None:
        px = self._context.theme.px
        box = QVBoxLayout(self)
        box.setContentsMargins(0, 0, 0, 0)
        box.setSpacing(px(10))
        note = Note()
        note.say(tr("What was deleted is kept here for {n} days with all that hangs on it.", n=KEPT.days))
        card = Card(self._context.theme)
        card.body.addWidget(self._view)
        above, below = QHBoxLayout(), QHBoxLayout()
        above.addWidget(self._kind)
        above.addStretch()
        for button in (self._restore, self._empty):
            button.setAutoDefault(False)
            button.setEnabled(False)  # until it is known what there is
        below.addWidget(self._restore)
        below.addStretch()
        below.addWidget(self._empty)
        box.addWidget(note)
        box.addLayout(above)
        box.addWidget(card, 1)
        box.addWidget(self._problem)
        box.addLayout(below)

    def _columns(self) -> list[RowColumn[_Row]]:
        formats, zone = self._context.formats, self._context.office.store.zone
        return [
            RowColumn(tr("Kind"), lambda row: tr(_NAMES[row.trashed.kind]), icon=lambda row: _ICONS[row.trashed.kind]),
            RowColumn(tr("Title"), lambda row: row.trashed.title or "–", stretch=True),
            RowColumn(tr("Belongs to"), lambda row: row.trashed.belongs_to or "", faint=lambda _row: True),
            RowColumn(tr("Deleted"), lambda row: formats.instant(row.trashed.deleted_at, zone)),
            RowColumn(tr("By"), lambda row: row.trashed.by or "–", faint=lambda _row: True),
            RowColumn(tr("Kept until"), lambda row: formats.day(row.trashed.until)),
        ]

    def refresh(self, said: str = "", tone: str = "small") -> None:
        """Look into the trash anew, as far as it was looked through; something may be said beside what is there."""
        kind: TrashKind | None = self._kind.choice
        many = max(_PAGE, len(self._model.rows))

        def show(found: tuple[list[Trashed], int]) -> None:
            self._show(*found, more=len(found[0]) == many)
            if said:
                self._problem.say(said, tone)

        self._latest.ask(lambda: (self._trash.all(many, kind), self._trash.contents().total), show)

    def _show(self, rows: list[Trashed], total: int, *, more: bool) -> None:
        self._model.show_rows([_Row(row) for row in rows], more=more)
        self._restore.setEnabled(bool(rows))
        self._empty.setEnabled(bool(rows) or bool(total))
        if rows:
            self._problem.say("")
        else:
            self._problem.say(
                tr("The trash is empty.") if self._kind.choice is None else tr("Nothing of this kind is in the trash.")
            )

    def _read_more(self) -> None:
        """Somebody looks at the last ones: those that were deleted before them."""
        if self._latest.reading:  # all of it is on the way, and whoever sees the end of that asks again
            return
        kind, last = self._kind.choice, self._model.rows[-1].trashed
        self._latest.ask(
            lambda: self._trash.all(_PAGE, kind, below=last),
            lambda rows: self._model.add_rows([_Row(row) for row in rows], more=len(rows) == _PAGE),
        )

    def restore(self) -> None:
        """Bring what is selected back in one step."""
        rows = self._view.selectionModel().selectedRows()
        items = [self._model.rows[index.row()].trashed.item for index in rows]
        if not items or not self._restore.isEnabled():
            return
        self._view.setFocus()  # what is disabled hands the keyboard on, here to the button that empties
        self._restore.setEnabled(False)
        work = lambda _progress: self._trash.restore(items)  # noqa: E731 - one expression for one thread
        job = Job(Text("Saving"), work, lambda _none: self.refresh(), self._refused, owner=self)
        self._context.jobs.write(job, len(items))

    def empty(self) -> None:
        """Ask, and remove all of it for good, whatever kind is shown."""
        seen = self._trash.contents()
        question = Plural(
            "Remove {n} entry from the trash for good?", "Remove {n} entries from the trash for good?", n=seen.total
        )
        details = Text(
            "{counts}. A backup is made before. Nothing that was done so far can be undone after that.",
            counts=_counted(seen),
        )
        if not seen.total or self._context.dialogs.ask(question, details, [Text("Empty the trash")]) != 0:
            return
        self._empty.setEnabled(False)
        work = lambda _progress: self._trash.empty(seen)  # noqa: E731 - one expression for one thread
        job = Job(Text("Emptying the trash"), work, self._emptied, self._refused, writes=True, owner=self)
        self._context.jobs.start(job)

    def _emptied(self, count: int) -> None:
        self.refresh(ntr("{n} entry was removed for good.", "{n} entries were removed for good.", count))

    def _refused(self, error: BaseException) -> None:
        known = isinstance(error, TrichterError)
        self.refresh(str(error) if known else "", "error")
        if not known:
            raise error

    def _on_change(self, change: ChangeSet) -> None:
        if change.concerns(*_TABLES):
            self.refresh()


def _counted(seen: Contents) -> str:
    words = ((_MANY[kind], seen.counts[kind]) for kind in KINDS if kind in seen.counts)
    return ", ".join(str(Plural(many.message, many.plural, n=n)) for many, n in words)
