"""Changing what stands in a timeline: a note, and the name of a file."""

from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtWidgets import QLineEdit, QWidget

from app.core.i18n import Text, tr
from app.core.roles import Act
from app.services.notes import NoteFields
from app.services.outbox import written
from app.services.owners import Owner
from app.ui.forms.dialog import Dialog
from app.ui.forms.field import Field, Form
from app.ui.jobs import Job
from app.ui.saved_form import Unsaved
from app.ui.timeline.form import NoteForm
from app.ui.widgets.own_undo import share_undo

if TYPE_CHECKING:
    from app.services.files import StoredFile
    from app.services.timeline import Entry
    from app.ui.context import Context

_TITLES = {"note": Text("Edit note"), "call": Text("Edit call"), "meeting": Text("Edit meeting")}


class _NoteDialog(Unsaved):
    """The form of what is written down, and its saving: `_saving` is what does it, and `act` the right it needs."""

    act = Act.CHANGE

    def __init__(
        self, context: "Context", title: str, fill: Callable[[NoteForm], object], parent: QWidget | None
    ) -> None:
        super().__init__(context, title, parent)
        self._form = NoteForm(context, roomy=True)
        fill(self._form)
        self._begin()
        self._form.finished.connect(self._done)
        self.body.addWidget(self._form, 1)
        save = self.add_buttons(tr("Save"))
        save.clicked.connect(self._done)
        context.allowed.keep(self.act, self._form, save)
        self.remember_size(context.settings, "note", 520, 420)
        self._form.text.setFocus()

    def _typed(self) -> object:
        return self._form.typed()

    def _saving(self, values: NoteFields) -> Job:
        raise NotImplementedError

    def _done(self) -> None:
        found: list[NoteFields] = []
        if self._form.form.attempt(lambda: found.append(self._form.values())):
            self.carry_out(self._context.jobs, self._saving(found[0]))


class EditDialog(_NoteDialog):
    """A note, a call or a meeting."""

    def __init__(self, context: "Context", entry: "Entry", parent: QWidget | None = None) -> None:
        self._note_id = entry.note_id
        super().__init__(context, str(_TITLES[entry.kind]), lambda form: form.show_entry(entry), parent)

    def _saving(self, values: NoteFields) -> Job:
        work = lambda _progress: self._context.office.notes.edit(self._note_id, **values)  # noqa: E731
        return Job(Text("Saving"), work, lambda _done: self.accept(), failed=self._form.form.take, owner=self)


class WriteDialog(_NoteDialog):
    """A call, or what else was heard of a record, written down from anywhere."""

    act = Act.NOTE

    def __init__(self, context: "Context", owner: Owner, name: str, parent: QWidget | None = None) -> None:
        """`name` is what the record is called."""
        self._owner = owner
        super().__init__(context, tr("Log a call: {name}", name=name), lambda form: form.begin("call"), parent)

    def _saving(self, values: NoteFields) -> Job:
        deed = written(self._owner, values)
        return self._context.outgoing.job(deed, self.accept, self._form.form.take, owner=self)

    def _done(self) -> None:
        if not self._form.is_empty():
            super()._done()


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
