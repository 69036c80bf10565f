"""Changing what stands in a timeline: a note, and the name of a file."""

from typing import TYPE_CHECKING

from PySide6.QtGui import QCloseEvent
from PySide6.QtWidgets import QLineEdit, QWidget

from app.core.i18n import Text, tr
from app.services.notes import NoteFields
from app.services.owners import Owner
from app.ui.forms.dialog import Dialog
from app.ui.forms.field import Field, Form
from app.ui.jobs import Job
from app.ui.timeline.drafts import Typed
from app.ui.timeline.form import NoteForm
from app.ui.widgets.own_undo import share_undo

if TYPE_CHECKING:
    from app.services.files import StoredFile
    from app.services.timeline import Entry
    from app.ui.context import Context

_TITLES = {"note": Text("Edit note"), "call": Text("Edit call"), "meeting": Text("Edit meeting")}


class _NoteDialog(Dialog):
    """Asks before what was typed is thrown away."""

    _context: "Context"
    _form: NoteForm
    _start: Typed

    def reject(self) -> None:
        if self.isEnabled() and (self._form.typed() == self._start or self._may_go()):
            super().reject()

    def closeEvent(self, event: QCloseEvent) -> None:
        if self.isVisible():
            event.ignore()
            self.reject()

    def _may_go(self) -> bool:
        question = Text("What you typed is not saved yet.")
        return self._context.dialogs.ask(question, None, [Text("Discard it")]) == 0


class EditDialog(_NoteDialog):
    """A note, a call or a meeting."""

    def __init__(self, context: "Context", entry: "Entry", parent: QWidget | None = None) -> None:
        super().__init__(context.theme, str(_TITLES[entry.kind]), parent)
        self._context = context
        self._note_id = entry.note_id
        self._form = NoteForm(context, roomy=True)
        self._form.show_entry(entry)
        self._start = self._form.typed()
        self._form.finished.connect(self._done)
        self.body.addWidget(self._form, 1)
        self.add_buttons(tr("Save")).clicked.connect(self._done)
        self.remember_size(context.settings, "note", 520, 420)
        self._form.text.setFocus()

    def _done(self) -> None:
        found: list[NoteFields] = []
        if self._form.form.attempt(lambda: found.append(self._form.values())):
            notes, note, values = self._context.office.notes, self._note_id, found[0]
            work = lambda _progress: notes.edit(note, **values)  # noqa: E731 - one expression for one thread
            job = Job(Text("Saving"), work, lambda _done: self.accept(), failed=self._form.form.take, owner=self)
            self.carry_out(self._context.jobs, job)


class WriteDialog(_NoteDialog):
    """A call, or what else was heard of a record, written down from anywhere."""

    def __init__(self, context: "Context", owner: Owner, name: str, parent: QWidget | None = None) -> None:
        """`name` is what the record is called."""
        super().__init__(context.theme, tr("Log a call: {name}", name=name), parent)
        self._context = context
        self._owner = owner
        self._form = NoteForm(context, roomy=True)
        self._form.begin("call")
        self._start = self._form.typed()
        self._form.finished.connect(self._done)
        self.body.addWidget(self._form, 1)
        self.add_buttons(tr("Save")).clicked.connect(self._done)
        self.remember_size(context.settings, "note", 520, 420)
        self._form.text.setFocus()

    def _done(self) -> None:
        found: list[NoteFields] = []
        if self._form.is_empty() or not self._form.form.attempt(lambda: found.append(self._form.values())):
            return
        notes, owner, values = self._context.office.notes, self._owner, found[0]

        def work(_progress: object) -> None:
            notes.write(
                values["kind"], owner, values["text"], markdown=values["markdown"], people=values.get("people", ()),
                minutes=values.get("minutes"), at=values.get("at"),
            )  # fmt: skip

        job = Job(Text("Saving"), work, lambda _done: self.accept(), failed=self._form.form.take, owner=self)
        self.carry_out(self._context.jobs, job)


class RenameDialog(Dialog):
    """The name of a file."""

    def __init__(self, context: "Context", file: "StoredFile", parent: QWidget | None = None) -> None:
        super().__init__(context.theme, tr("Rename file"), parent)
        self._context = context
        self._file = file
        self._typed = QLineEdit(file.name)
        share_undo(self._typed)
        self._typed.setSelection(0, len(file.name.rpartition(".")[0] or file.name))
        self._form = Form()
        self.body.addWidget(self._form.add("name", Field(tr("Name"), self._typed)))
        self.body.addWidget(self._form.general)
        self.add_buttons(tr("Rename")).clicked.connect(self._done)
        self.resize(context.theme.px(440), context.theme.px(200))
        self.make_room()
        self._typed.setFocus()

    def _done(self) -> None:
        files, file, name = self._context.office.files, self._file, self._typed.text()
        self._form.settle()
        work = lambda _progress: files.rename(file.id, name)  # noqa: E731 - one expression for one thread
        job = Job(Text("Saving"), work, lambda _done: self.accept(), failed=self._form.take, owner=self)
        self.carry_out(self._context.jobs, job)
