"""One line for a whole lead; below it stands, while one types, what was understood and in which field it goes."""

from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QVBoxLayout, QWidget

from app.core.errors import InvalidInput, TrichterError
from app.core.i18n import Text
from app.core.parse.quick import Kind, Line, Part
from app.core.roles import Act
from app.services.quick_add import QuickAdd
from app.ui.forms.field import Note, repolish
from app.ui.jobs import Job
from app.ui.quick.pieces import piece, worded
from app.ui.widgets.button import Button
from app.ui.widgets.chips import Flow
from app.ui.widgets.own_undo import empty, share_undo

if TYPE_CHECKING:
    from app.ui.context import Context


class QuickEntry(QLineEdit):
    """Where it is typed. `left` on Esc."""

    left = Signal()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape:
            self.left.emit()
            return
        super().keyPressEvent(event)


class QuickLine(QWidget):
    """`made(id)` when there is a new lead; the keyboard stays for the next one. `left` when Esc is pressed."""

    made = Signal(int)
    left = Signal()

    def __init__(self, context: "Context", label: str, hint: str, do: str, *, active: bool) -> None:
        """`active` says what becomes of a line that names no stage; `do` is what the button beside it says."""
        super().__init__()
        self._context = context
        self._active = active
        self._quick = QuickAdd(context.office.store)
        self._line: Line | None = Line("")  # None for one that is refused as it stands
        self._accepted: set[tuple[str, str]] = set()
        self._refused = ""  # a line that was refused for what is unclear: whoever enters it once more insists
        self.entry = QuickEntry()
        self.entry.setAccessibleName(label)
        self.entry.setPlaceholderText(hint)
        share_undo(self.entry)
        self._do = Button(context.theme, do, icon="plus")
        self._pieces = QWidget()
        self._flow = Flow(self._pieces)
        self._note = Note("error")
        self._lay_out()
        self.entry.textChanged.connect(self._on_text)
        self.entry.returnPressed.connect(self.create_lead)
        self.entry.left.connect(self.left)
        self._do.clicked.connect(self.create_lead)
        self.setFocusProxy(self.entry)
        self._hint = hint
        context.allowed.keep(Act.CHANGE, self.entry, self._do)
        context.allowed.changed.connect(self._permit)
        self._permit()

    def _permit(self) -> None:
        """Where one would type stands why one may not."""
        self.entry.setPlaceholderText(self._context.allowed.why_not(Act.CHANGE) or self._hint)

    def _lay_out(self) -> None:
        theme = self._context.theme
        px = theme.px
        row = QHBoxLayout()
        theme.fit(row, lambda: row.setSpacing(px(7)))
        row.addWidget(self.entry, 1)
        row.addWidget(self._do)
        box = QVBoxLayout(self)
        box.setContentsMargins(0, 0, 0, 0)
        theme.fit(box, lambda: box.setSpacing(px(6)), lambda: self._flow.setSpacing(px(6)))
        box.addLayout(row)
        box.addWidget(self._pieces)
        box.addWidget(self._note)
        self._pieces.hide()

    def add_button(self, button: QWidget) -> None:
        """A further button at the end of the line."""
        layout = self.layout()
        assert layout is not None
        row = layout.itemAt(0)
        assert isinstance(row, QHBoxLayout)
        row.addWidget(button)

    @property
    def said(self) -> str:
        """Why the line was refused; '' when it was not."""
        return self._note.text()

    @property
    def understood(self) -> list[str]:
        """What stands below the line, in words."""
        return [worded(self._context, part) for part in self._line.parts] if self._line is not None else []

    def create_lead(self) -> None:
        """Make a lead of what stands there."""
        typed, line = self.entry.text(), self._line
        if not typed.strip() or line is None:
            self.entry.setFocus()
            return
        insist = self._refused == typed

        def made(lead_id: int) -> None:
            if self.entry.text() == typed:  # not what was typed after it
                self._accepted.clear()
                empty(self.entry)
            self.made.emit(lead_id)

        def refused(error: BaseException) -> None:
            if not isinstance(error, TrichterError):
                raise error
            self._refused = typed if error.field == "quick" else ""
            self._refuse(str(error))

        work = lambda _progress: self._quick.create(line, active=self._active, insist=insist)  # noqa: E731
        self._context.jobs.write(Job(Text("Saving"), work, made, refused, owner=self))

    def _on_text(self) -> None:
        self._refused = ""
        if not self.entry.text():  # another line begins
            self._accepted.clear()
        self._understand()

    def _understand(self) -> None:
        self._refuse("")
        try:
            self._line = self._quick.understand(self.entry.text(), self._accepted)
        except InvalidInput as error:
            self._line = None
            self._refuse(str(error))
        self._show()

    def _refuse(self, words: str) -> None:
        self._note.say(words, "error")
        self.entry.setAccessibleDescription(words or ", ".join(self.understood))
        if bool(self.entry.property("refused")) != bool(words):
            self.entry.setProperty("refused", "true" if words else "")
            repolish(self.entry)

    def _show(self) -> None:
        """What was understood, each with its field; what is proposed can be agreed to."""
        for old in [item.widget() for item in map(self._flow.itemAt, range(self._flow.count())) if item is not None]:
            if old is not None:
                self._flow.removeWidget(old)
                old.hide()
                old.deleteLater()
        line = self._line or Line("")
        parts = line.parts
        if parts and line.title:
            parts = (Part(Kind.TAKEN, "title", "", line.title), *parts)
        for part in parts:
            shown = piece(self._context, part)
            if isinstance(shown, Button):
                shown.clicked.connect(partial(self._agree, part))
            self._flow.addWidget(shown)
            shown.show()
        self._pieces.setVisible(bool(parts))
        self._pieces.updateGeometry()
        self.entry.setAccessibleDescription(self._note.text() or ", ".join(self.understood))

    def _agree(self, part: Part) -> None:
        """A proposal is what was meant."""
        self._accepted.add((part.field, part.typed))
        self.entry.setFocus(Qt.FocusReason.OtherFocusReason)
        self._on_text()
