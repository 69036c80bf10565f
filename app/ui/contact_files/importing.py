"""Importing contacts: see who is new and who is there already, choose otherwise, do it."""

from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QLabel, QProgressBar, QWidget

from app.core.errors import Cancelled, TrichterError
from app.core.i18n import Text, ntr, tr
from app.services.backup import Reason
from app.services.contact_files.importing import CardResult, expected, import_cards
from app.services.contact_files.plan import CardPlan, Choice, plan_files
from app.services.contact_files.plan import Progress as Look
from app.ui.contact_files.tables import CHOICES, Contacts, Refusals
from app.ui.forms.dialog import Dialog
from app.ui.forms.field import Note
from app.ui.jobs import Job, Progress
from app.ui.widgets.choice_box import ChoiceBox

if TYPE_CHECKING:
    from app.ui.context import Context

_PARTS = 1000


class ContactImportDialog(Dialog):
    """Looks at files and shows what would become of their contacts; nothing is written before *Import* is pressed."""

    _moved = Signal(int)

    def __init__(self, context: "Context", files: Sequence[Path], parent: QWidget | None = None) -> None:
        super().__init__(context.theme, self.called(), parent)
        self._context = context
        self._files = tuple(files)
        self._running: Progress | None = None
        self._writing = self._left = False
        self._chosen: dict[int, Choice] = {}
        self.plan: CardPlan | None = None
        self.imported: CardResult | None = None
        self._counts = QLabel()
        self.contacts = Contacts(context)
        self.refusals = Refusals(context)
        self._about = Note()
        self.choice = ChoiceBox()
        self._note = Note("error")
        self._bar = QProgressBar()
        self._lay_out()
        self.remember_size(context.settings, "import_contacts", 860, 640)
        self._look()

    def _lay_out(self) -> None:
        self._counts.setProperty("kind", "heading")
        self._counts.setWordWrap(True)
        self._bar.setRange(0, _PARTS)
        self._bar.setTextVisible(False)
        self._bar.setAccessibleName(tr("Progress"))
        label = QLabel(tr("What becomes of it"))
        label.setBuddy(self.choice)
        self.choice.setAccessibleName(tr("What becomes of it"))
        row = QHBoxLayout()
        row.addWidget(label)
        row.addWidget(self.choice)
        row.addStretch()
        self.body.addWidget(self._counts)
        self.body.addWidget(self.contacts, 1)
        self.body.addLayout(row)
        self.body.addWidget(self._about)
        self.body.addWidget(self.refusals)
        self.body.addWidget(self._note)
        self.body.addWidget(self._bar)
        self._do = self.add_buttons(tr("Import"))
        self._do.clicked.connect(self._import)
        self.contacts.chosen.connect(self._show_selected)
        self.choice.activated.connect(self._choose)
        self._moved.connect(self._bar.setValue)

    # Looking, importing

    def _look(self) -> None:
        self.refusals.hide()
        self._counts.setText(tr("Looking at the file"))
        self._start(Text("Looking at the file"), self.look, self._looked)

    def called(self) -> str:
        """The title."""
        return tr("Import contacts")

    def look(self, tell: Look) -> CardPlan:
        """What would become of the contacts; on another thread."""
        return plan_files(self._context.office.store, self._files, tell)

    def back_up(self) -> None:
        """Before anything is written; on another thread."""
        self._context.office.backups.make_first(Reason.IMPORT)

    def _import(self) -> None:
        plan, store, chosen = self.plan, self._context.office.store, dict(self._chosen)
        if plan is None or self._running is not None:
            return
        self._writing = True
        work = lambda tell: import_cards(store, plan, chosen, before=self.back_up, progress=tell)  # noqa: E731
        self._start(Text("Importing"), work, self._imported)

    def _start(self, title: Text, work: Callable[[Any], Any], then: Callable[[Any], None]) -> None:
        def run(progress: Progress) -> Any:
            def tell(done: int, total: int) -> None:
                progress.report(done, total)
                self._moved.emit(done * _PARTS // max(total, 1))

            return work(tell)

        self._note.say("", "error")
        self._bar.setValue(0)
        self._bar.show()
        self._running = Progress(lambda _done, _total: None)  # until the job is known, which may be over by then
        self._enable()
        job = Job(title, run, partial(self._end, then), self._failed, quiet=True, writes=self._writing, owner=self)
        progress = self._context.jobs.start(job)
        if self._running is not None:
            self._running = progress

    def _end(self, then: Callable[[Any], None], found: Any) -> None:
        self._running, self._writing = None, False
        if not self._left:
            self._bar.hide()
            then(found)

    def _looked(self, plan: CardPlan) -> None:
        self.plan = plan
        self.contacts.show_plan(plan, plan.choices())
        self.refusals.show_refused(plan.refused)
        self._show_counts()
        self._show_selected()
        (self._do if self._do.isEnabled() else self.contacts.view).setFocus()

    def _imported(self, result: CardResult) -> None:
        self.imported = result
        if not result.changed:
            self._context.notify(Text("All of these contacts are there already."))
        self.accept()  # what was done stands in the status bar, with the way to undo it

    def _failed(self, error: BaseException) -> None:
        self._running, self._writing = None, False
        if self._left:
            return
        self._bar.hide()
        self._show_counts()
        if isinstance(error, Cancelled):
            self._note.say(tr("Cancelled. Nothing was changed."))
        elif isinstance(error, TrichterError):
            self._note.say(str(error), "error")
        else:
            raise error

    # What is chosen

    def _show_counts(self) -> None:
        if self.plan is None:
            self._counts.setText(tr("Nothing to import."))
            self._enable()
            return
        result = expected(self.plan, self._chosen)
        companies = result.companies + len(result.employers)
        counts = (
            (companies, ntr("{n} new company", "{n} new companies", companies)),
            (result.people, ntr("{n} new person", "{n} new people", result.people)),
            (result.filled, ntr("{n} to be filled in", "{n} to be filled in", result.filled)),
            (result.skipped, ntr("{n} skipped", "{n} skipped", result.skipped)),
        )
        words = " · ".join(text for count, text in counts if count)
        self._counts.setText(words or tr("Nothing to import."))
        count = result.changed
        self._do.setText(ntr("Import {n} contact", "Import {n} contacts", count) if count else tr("Import"))
        self._enable()

    def _enable(self) -> None:
        idle = self._running is None
        there = idle and self.plan is not None and expected(self.plan, self._chosen).changed > 0
        self._do.setEnabled(there)
        self.contacts.setEnabled(idle)
        self.choice.setEnabled(idle and self.choice.count() > 0)

    def _show_selected(self) -> None:
        """What can become of the selected ones, and what is known of the first."""
        rows = self.contacts.selected()
        self.choice.clear()
        offered = [choice for choice in CHOICES if any(choice in row.card.choices for row in rows)]
        for choice in offered:
            self.choice.addItem(tr(CHOICES[choice]), choice)
        if rows:
            self.choice.setCurrentIndex(offered.index(rows[0].choice))
        self.choice.setEnabled(bool(rows) and self._running is None)
        match = rows[0].card.match if rows else None
        told = [", ".join(map(str, match.reasons))] if match is not None else []
        told += [str(left) for left in rows[0].card.draft.left] if rows else []
        self._about.say("\n".join(filter(None, told)))

    def _choose(self) -> None:
        choice: Choice | None = self.choice.currentData()
        if choice is not None:
            self._chosen |= self.contacts.choose(Choice(choice))
            self._show_counts()

    def reject(self) -> None:
        """Esc and Cancel: an import that is running is stopped first, and the page stays to say so."""
        if self._running is not None:
            self._running.cancel()
            if self._writing:
                return
        self._left = True
        super().reject()
