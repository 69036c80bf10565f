"""Where a note, a call or a meeting is written down, and files are chosen."""

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from app.core.errors import TrichterError
from app.core.i18n import Text, tr
from app.services.files import Upload
from app.services.notes import NoteFields
from app.services.owners import Owner
from app.ui.jobs import Job
from app.ui.timeline.form import NoteForm
from app.ui.widgets.button import Button

if TYPE_CHECKING:
    from app.ui.context import Context


class Composer(QWidget):
    """Writes on the record it was given; `brought` for files that were pasted, dropped or chosen."""

    brought = Signal(object)

    def __init__(self, context: "Context") -> None:
        super().__init__()
        self._context = context
        self._owner: Owner | None = None
        self._begun: dict[Owner, tuple[str, bool]] = {}
        self._form = NoteForm(context)
        self._form.changed.connect(self._on_typing)
        self._form.finished.connect(self._write)
        self._form.brought.connect(self.brought)
        choose = Button(context.theme, tr("Choose file …"), icon="file", small=True)
        choose.clicked.connect(self._choose)
        self._form.row.addWidget(choose)
        self._save = Button(context.theme, tr("Save note"), icon="note")
        self._save.clicked.connect(self._write)
        self._save.hide()
        box = QVBoxLayout(self)
        box.setContentsMargins(0, 0, 0, 0)
        context.theme.fit(box, lambda: box.setSpacing(context.theme.px(9)))
        box.addWidget(self._form)
        box.addWidget(self._save, 0, Qt.AlignmentFlag.AlignRight)

    def show_owner(self, owner: Owner) -> None:
        """Write on this record; what was begun for another one waits."""
        if self._owner is not None:
            self._begun[self._owner] = self._form.text.value()
        self._owner = owner
        self._form.clear()
        text, markdown = self._begun.pop(owner, ("", False))
        self._form.text.set_value(text, markdown=markdown)
        self._on_typing()

    def focus_note(self) -> None:
        """The cursor to the text."""
        self._form.text.setFocus()

    def _on_typing(self) -> None:
        self._save.setVisible(not self._form.is_empty())
        labels = {"note": tr("Save note"), "call": tr("Save call"), "meeting": tr("Save meeting")}
        self._save.setText(labels[self._form.kind])

    def _choose(self) -> None:
        path = self._context.dialogs.open_file(Text("Choose file"), [(Text("All files"), "*")])
        if path is not None:
            self.brought.emit([Upload.of(path)])

    def _write(self) -> None:
        form, owner, notes = self._form, self._owner, self._context.office.notes
        found: list[NoteFields] = []
        if owner is None or form.is_empty() or not form.form.attempt(lambda: found.append(form.values())):
            return
        (values,) = found

        def work(_progress: object) -> None:
            notes.write(
                values["kind"], owner, values["text"], markdown=values["markdown"], people=values.get("people", ()),
                minutes=values.get("minutes"), at=values.get("at"),
            )  # fmt: skip

        then = lambda _done: self._written(owner, (values["text"], values["markdown"]))  # noqa: E731
        self._context.jobs.write(Job(Text("Saving"), work, then, failed=self._refused, owner=self))

    def _refused(self, error: BaseException) -> None:
        if isinstance(error, TrichterError) and error.field in ("at", "minutes", "people"):
            self._form.form.refuse(error)
        elif isinstance(error, TrichterError):
            self._context.notify(Text("{words}", words=str(error)))
        else:
            raise error

    def _written(self, owner: Owner, text: tuple[str, bool]) -> None:
        """The line is free again, unless more was typed or another record is shown by then."""
        if self._begun.get(owner) == text:
            del self._begun[owner]
        if (self._owner, self._form.text.value()) == (owner, text):
            self._form.clear()
            self._form.text.setFocus()
