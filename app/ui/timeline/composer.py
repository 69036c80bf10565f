"""Where a note, a call or a meeting is written down, and files are chosen."""

from typing import TYPE_CHECKING

from PySide6.QtCore import QPoint, Qt, QTimer, Signal
from PySide6.QtGui import QHideEvent, QResizeEvent
from PySide6.QtWidgets import QScrollArea, QVBoxLayout, QWidget

from app.core.errors import TrichterError
from app.core.i18n import Text, tr
from app.core.roles import Act
from app.services.files import Upload
from app.services.notes import NoteFields
from app.services.outbox import written
from app.services.owners import Owner
from app.ui.timeline.drafts import NOTHING, Drafts, Typed
from app.ui.timeline.form import NoteForm
from app.ui.widgets.button import Button

if TYPE_CHECKING:
    from app.ui.context import Context

#: So much is seen below where one writes: the newest entries, to which the next one comes.
_BELOW = 220
#: What was typed is kept once nothing is typed for so many milliseconds.
_PAUSE = 800


class Composer(QWidget):
    """Writes on the record it was given; `brought` for files that were pasted, dropped or chosen."""

    brought = Signal(object)

    def __init__(self, context: "Context", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._context = context
        self._owner: Owner | None = None
        self._drafts = Drafts(context, self)
        self._kept = NOTHING
        self._timer = QTimer(self, singleShot=True, interval=_PAUSE)
        self._timer.timeout.connect(self._keep)
        self._form = NoteForm(context, self)
        self._form.changed.connect(self._on_typing)
        self._form.finished.connect(self._write)
        self._form.brought.connect(self.brought)
        choose = Button(context.theme, tr("Choose files …"), icon="file", small=True)
        choose.clicked.connect(self._choose)
        self._form.row.addWidget(choose)
        self._save = Button(context.theme, tr("Save note"), icon="note")
        self._save.clicked.connect(self._write)
        self._save.hide()
        context.allowed.keep(Act.NOTE, self._form, self._save)
        context.allowed.keep(Act.CHANGE, choose)
        context.allowed.changed.connect(self._permit)
        self._permit()
        box = QVBoxLayout(self)
        box.setContentsMargins(0, 0, 0, 0)
        context.theme.fit(box, lambda: box.setSpacing(context.theme.px(9)))
        box.addWidget(self._form)
        box.addWidget(self._save, 0, Qt.AlignmentFlag.AlignRight)

    def _permit(self) -> None:
        """Where one would write stands why one may not, or that it waits."""
        allowed, store = self._context.allowed, self._context.office.store
        hint = tr("Write a note; it will wait …") if store.away else tr("Write a note …")
        self._form.text.setPlaceholderText(allowed.why_not(Act.NOTE) or hint)

    def show_owner(self, owner: Owner) -> None:
        """Write on this record; what was begun for another one waits."""
        self._keep()
        self._owner = owner
        self._kept = self._drafts.of(owner)
        self._form.clear()
        if self._kept != NOTHING:
            self._form.show_typed(self._kept)
        self._timer.stop()

    def focus_note(self) -> None:
        """The cursor to the text."""
        self._form.text.setFocus()
        QTimer.singleShot(0, self, lambda: self._see(self._context.theme.px(_BELOW)))  # once all is laid out

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        focused: QWidget | None = self.window().focusWidget()
        if focused is not None and self.isAncestorOf(focused):
            QTimer.singleShot(0, self, self._see)

    def hideEvent(self, event: QHideEvent) -> None:
        super().hideEvent(event)
        self._keep()

    def _keep(self) -> None:
        self._timer.stop()
        typed = self._form.typed()
        if self._owner is not None and typed != self._kept:
            self._kept = typed
            self._drafts.keep(self._owner, typed)

    def _see(self, below: int = 0) -> None:
        """The page scrolls so that all of this is seen, and so much of what is below."""
        area = self.parentWidget()
        while area is not None and not isinstance(area, QScrollArea):
            area = area.parentWidget()
        if not isinstance(area, QScrollArea):
            return
        bar, room = area.verticalScrollBar(), area.viewport().height()
        top = bar.value() + self.mapTo(area.viewport(), QPoint(0, 0)).y()
        lowest = max(bar.value(), top + self.height() + below - room)
        bar.setValue(min(lowest, top))

    def _on_typing(self) -> None:
        self._timer.start()
        self._save.setVisible(not self._form.is_empty())
        labels = {"note": tr("Save note"), "call": tr("Save call"), "meeting": tr("Save meeting")}
        self._save.setText(labels[self._form.kind])

    def _choose(self) -> None:
        if chosen := self._context.dialogs.open_files(Text("Choose files"), [(Text("All files"), "*")]):
            self.brought.emit([Upload.of(path) for path in chosen])

    def _write(self) -> None:
        form, owner = self._form, self._owner
        found: list[NoteFields] = []
        if owner is None or form.is_empty() or not form.form.attempt(lambda: found.append(form.values())):
            return
        (values,) = found
        typed = form.typed()

        then = lambda: self._written(owner, typed)  # noqa: E731
        self._context.outgoing.do(written(owner, values), then=then, failed=self._refused, owner=self)

    def _refused(self, error: BaseException) -> None:
        if isinstance(error, TrichterError) and error.field in ("at", "minutes", "people"):
            self._form.form.refuse(error)
        elif isinstance(error, TrichterError):
            self._context.notify(Text("{words}", words=str(error)))
        else:
            raise error

    def _written(self, owner: Owner, typed: Typed) -> None:
        """The line is free again, unless more was typed or another record is shown by then."""
        if self._drafts.of(owner) == typed:
            self._drafts.keep(owner, NOTHING)
        if (self._owner, self._form.typed()) == (owner, typed):
            self._kept = NOTHING
            self._form.clear()
            self._form.text.setFocus()
