"""Importing a list: choose the file, see what was understood, correct it, do it, and take it back if need be."""

from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import Signal
from PySide6.QtGui import QDragEnterEvent, QDragLeaveEvent, QDropEvent, QKeySequence, QShortcut
from PySide6.QtWidgets import QProgressBar, QStackedWidget, QWidget

from app.core.errors import Cancelled, StorageError, TrichterError
from app.core.i18n import Text, ntr, tr
from app.services.backup import Reason
from app.services.importing.refused import save_refused
from app.services.importing.result import ImportResult
from app.services.importing.run import Importer
from app.services.importing.table import Table
from app.ui.forms.dialog import Dialog, scrolled
from app.ui.forms.field import Note
from app.ui.importing.drop import DropField, dropped_file
from app.ui.importing.plan import PlanPage
from app.ui.jobs import Job, Progress
from app.ui.widgets.button import Button, ButtonKind

if TYPE_CHECKING:
    from app.ui.context import Context

_FILES = ((Text("Lists"), "*.csv *.tsv *.txt *.xlsx"), (Text("All files"), "*"))
_CSV = ((Text("CSV files"), "*.csv"),)
_PARTS = 1000
_PLAN = 1


class ImportDialog(Dialog):
    """The steps of an import on one page; nothing is written before *Import* is pressed."""

    _moved = Signal(int)

    def __init__(self, context: "Context", parent: QWidget | None = None, path: Path | None = None) -> None:
        """`path` is a file chosen already."""
        super().__init__(context.theme, tr("Import leads"), parent)
        self._context = context
        self._path: Path | None = None
        self._running: Progress | None = None
        self._writing = False
        self._unseen = False
        self._round = self._finished = 0
        self.result_shown: ImportResult | None = None
        self._stack = QStackedWidget()
        self._drop = DropField(context.theme)
        self.plan = PlanPage(context)
        self._note = Note("error")
        self._bar = QProgressBar()
        self._lay_out()
        self._connect()
        self.setAcceptDrops(True)
        self.remember_size(context.settings, "import", 760, 680)
        self._settle()
        if path is not None:
            self.take(path)

    def _lay_out(self) -> None:
        self._bar.setRange(0, _PARTS)
        self._bar.setTextVisible(False)
        self._bar.setAccessibleName(tr("Progress"))
        self._stack.addWidget(self._drop)
        self._stack.addWidget(scrolled(self.plan))
        self.body.addWidget(self._stack, 1)
        self.body.addWidget(self._note)
        self.body.addWidget(self._bar)
        row = self.add_bar()
        self._other = Button(self.theme, tr("Another file …"))
        self._undo = Button(self.theme, tr("Undo the import"), icon="undo")
        self._leave = Button(self.theme, tr("Cancel"))
        self._do = Button(self.theme, tr("Import"), ButtonKind.PRIMARY)
        for button in (self._other, self._undo, self._leave):
            button.setAutoDefault(False)
        self.do_by_key(self._do)
        row.addWidget(self._other)
        row.addWidget(self._undo)
        row.addStretch()
        row.addWidget(self._leave)
        row.addWidget(self._do)

    def _connect(self) -> None:
        self._drop.chosen.connect(self._choose)
        self._other.clicked.connect(self._choose)
        self._leave.clicked.connect(self.reject)
        self._do.clicked.connect(self._import)
        self._undo.clicked.connect(self._take_back)
        QShortcut(QKeySequence("Ctrl+Z"), self).activated.connect(self._undo.click)
        self.plan.changed.connect(self._look)
        self.plan.refusals.saved.connect(self._save_refused)
        self._moved.connect(self._bar.setValue)

    # Which file

    def _choose(self) -> None:
        path = self._context.dialogs.open_file(Text("Import leads"), _FILES)
        if path is not None:
            self.take(path)

    def take(self, path: Path) -> None:
        """Look at a file; what is already chosen of another one is forgotten."""
        self._path = path
        self._unseen = True
        self.result_shown = None
        self.plan.begin(path)
        self._look()

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        if dropped_file(event.mimeData()) is not None and not self._writing:
            self._drop.warm(True)
            event.acceptProposedAction()

    def dragLeaveEvent(self, event: QDragLeaveEvent) -> None:
        self._drop.warm(False)

    def dropEvent(self, event: QDropEvent) -> None:
        self._drop.warm(False)
        path = dropped_file(event.mimeData())
        if path is not None:
            event.acceptProposedAction()
            self.take(path)

    # Looking, importing

    def _look(self) -> None:
        """A dry run with what is chosen; one that is under way is stopped."""
        self._start(Text("Looking at the file"), dry=True, then=self._looked)

    def _import(self) -> None:
        self._writing = True
        self._start(Text("Importing"), dry=False, then=self._imported)

    def _start(self, title: Text, *, dry: bool, then: Callable[[ImportResult], None]) -> None:
        path, office = self._path, self._context.office
        if path is None:
            return
        if self._running is not None:
            self._running.cancel()
        self._round += 1
        this, chosen = self._round, self.plan.chosen()
        importer = Importer(office.store, self.back_up)

        def work(progress: Progress) -> ImportResult:
            def tell(done: int, total: int) -> None:
                progress.report(done, total)
                self._moved.emit(done * _PARTS // max(total, 1))

            return importer.run(
                path, chosen.mapping, date_order=chosen.date_order, dry_run=dry,
                progress=tell, cancelled=lambda: progress.cancelled, table=self.table(),
            )  # fmt: skip

        self._note.say("", "error")
        self._bar.setValue(0)
        self._bar.show()
        self._enable(busy=True)
        done, failed = partial(self._end, this, then), partial(self._failed, this)
        job = Job(title, work, done, failed, quiet=True, writes=not dry, owner=self)
        progress = self._context.jobs.start(job)
        self._running = None if self._finished == this else progress

    def table(self) -> Table | None:
        """What is imported where it is in no file."""
        return None

    def back_up(self) -> None:
        """Before anything is written."""
        self._context.office.backups.make_first(Reason.IMPORT)

    def _end(self, this: int, then: Callable[[ImportResult], None], result: ImportResult) -> None:
        if this == self._round:
            self._finish(this)
            then(result)
            self._settle()
            if self._unseen:
                self._unseen = False
                self._begin_at(result)

    def _finish(self, this: int) -> None:
        self._running, self._writing, self._finished = None, False, this

    def _looked(self, result: ImportResult) -> None:
        self._stack.setCurrentIndex(_PLAN)
        self.plan.show_plan(result)

    def _begin_at(self, result: ImportResult) -> None:
        """The keyboard goes to what there is to do with another file."""
        if result.questions:
            self.plan.focus_question()
        elif self._do.isEnabled():
            self._do.setFocus()

    def _imported(self, result: ImportResult) -> None:
        self.result_shown = result
        self.plan.show_done(result)
        self._leave.setFocus()  # what had the keyboard goes

    def _failed(self, this: int, error: BaseException) -> None:
        if this != self._round:
            return
        self._finish(this)
        self.plan.forget()
        if self._unseen:  # nothing is known of this file, and what was known of another one is no longer meant
            self._stack.setCurrentWidget(self._drop)
        if isinstance(error, Cancelled):
            self._note.say(tr("Cancelled. Nothing was changed."))
        elif isinstance(error, TrichterError):
            self._note.say(self._with_file(str(error)), "error")
        self._settle()
        if not isinstance(error, TrichterError):
            raise error

    def _with_file(self, words: str) -> str:
        """The words with the name of the file, unless they have it already."""
        name = self._path.name if self._path else ""
        return words if not name or name in words else tr("“{file}”: {words}", file=name, words=words)

    # What can be done now

    def _settle(self) -> None:
        self._bar.hide()
        self._enable(busy=False)

    def _enable(self, *, busy: bool) -> None:
        result, done = self.plan.result, self.result_shown is not None
        count = 0 if result is None or result.questions else result.created + result.updated
        self._do.setText(ntr("Import {n} lead", "Import {n} leads", count) if count else tr("Import"))
        self._do.setEnabled(count > 0 and not busy)
        self._do.setVisible(not done)
        self._other.setVisible(self._stack.currentIndex() == _PLAN and not self._writing)
        self._undo.setEnabled(not busy)
        self._undo.setVisible(done and result is not None and result.import_id is not None)
        self._leave.setText(tr("Close") if done else tr("Cancel"))
        (self._leave if done else self._do).setDefault(True)
        self.plan.setEnabled(not self._writing)

    def _take_back(self) -> None:
        import_id = None if self.result_shown is None else self.result_shown.import_id
        if import_id is None:
            return
        self._writing = True
        self._note.say("", "error")
        self._enable(busy=True)
        undo = self._context.office.history.undo_import
        work = lambda _progress: undo(import_id)  # noqa: E731 - one expression for one thread
        job = Job(
            Text("Undoing"), work, lambda _done: self._taken_back(), self._not_taken_back, writes=True, owner=self
        )
        self._context.jobs.start(job)

    def _taken_back(self) -> None:
        self._writing, self.result_shown = False, None
        self._unseen = True  # the keyboard begins anew
        self._look()

    def _not_taken_back(self, error: BaseException) -> None:
        self._writing = False
        self._settle()
        if not isinstance(error, TrichterError):
            raise error
        self._note.say(str(error), "error")

    def _save_refused(self) -> None:
        result = self.plan.result
        name = tr("Not imported from {file}", file=self._path.stem if self._path else "")
        target = self._context.dialogs.save_file(Text("Save the rows that are not imported"), f"{name}.csv", _CSV)
        if target is None or result is None:
            return
        try:
            save_refused(target, result.refused)
        except StorageError as error:
            self._note.say(str(error), "error")
        else:
            self._note.say(tr("Saved as {name}", name=target.name))

    def reject(self) -> None:
        """Esc and Cancel: an import that is running is stopped first, and the page stays to say so."""
        if self._writing:
            if self._running is not None:
                self._running.cancel()
            return
        if self._running is not None:
            self._running.cancel()
            self._round += 1
        super().reject()
