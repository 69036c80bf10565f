"""The history of a lead with a line to write a note: newest first, each change in words."""

from functools import partial
from html import escape
from itertools import groupby
from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QPoint, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QHBoxLayout, QLabel, QPlainTextEdit, QVBoxLayout, QWidget

from app.core.i18n import Text, tr
from app.ui.jobs import Job
from app.ui.widgets.button import Button, ButtonKind
from app.ui.widgets.chips import Flow
from app.ui.widgets.own_undo import share_undo

if TYPE_CHECKING:
    from app.services.history import Event
    from app.services.lead_detail import LeadDetail
    from app.ui.context import Context

_ICONS = {
    "note": "note",
    "stage": "stage",
    "status": "flag",
    "step": "calendar",
    "change": "edit",
    "import": "download",
    "reminder": "bell",
}
#: What a step with several changes is marked by: the first of these that is among them.
_LEADING = ("note", "status", "stage", "step", "import", "change", "reminder")
#: Steps shown at once; the rest on demand.
_SHOWN = 20


class _NoteEdit(QPlainTextEdit):
    """Some lines of text; Ctrl+Enter is its own here and ends them, as in a form."""

    finished = Signal()

    def event(self, event: QEvent) -> bool:
        if isinstance(event, QKeyEvent) and event.type() == QEvent.Type.ShortcutOverride and _ends(event):
            event.accept()
            return True
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if not _ends(event):
            super().keyPressEvent(event)
        elif self.toPlainText().strip():
            self.finished.emit()


def _ends(event: QKeyEvent) -> bool:
    return event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and bool(
        event.modifiers() & Qt.KeyboardModifier.ControlModifier
    )


class EventList(QWidget):
    """Notes, steps, stage moves and changes of one lead."""

    def __init__(self, context: "Context") -> None:
        super().__init__()
        self._context = context
        self._lead_id = 0
        self._most = _SHOWN
        self._begun: dict[int, str] = {}
        self._detail: LeadDetail | None = None
        px = context.theme.px
        heading = QLabel(tr("History"))
        heading.setProperty("kind", "heading")
        self._note = _NoteEdit()
        share_undo(self._note)
        self._note.setPlaceholderText(tr("Write a note …"))
        self._note.setAccessibleName(tr("Note"))
        self._note.setTabChangesFocus(True)
        context.theme.fit(self._note, lambda: self._note.setFixedHeight(px(54)))
        self._note.textChanged.connect(self._on_typing)
        self._note.finished.connect(self._write)
        self._save = Button(context.theme, tr("Save note"), icon="note")
        self._save.clicked.connect(self._write)
        self._save.hide()
        self._more = Button(context.theme, tr("Show older entries"))
        self._more.clicked.connect(self._show_more)
        self._all = Button(context.theme, tr("Undo steps …"), ButtonKind.LINK)
        self._all.clicked.connect(self._show_history)
        self._list = QVBoxLayout()
        context.theme.fit(self._list, lambda: self._list.setSpacing(px(10)))
        self._entries: list[tuple[list[Event], QWidget]] = []
        context.theme.changed.connect(self._rebuild)
        box = QVBoxLayout(self)
        context.theme.fit(
            box, lambda: box.setContentsMargins(px(18), px(13), px(18), px(13)), lambda: box.setSpacing(px(9))
        )
        head = Flow()  # side by side as long as there is room: with large text it is not to make the panel wider
        head.addWidget(heading)
        head.addWidget(self._all)
        head.setAlignment(self._all, Qt.AlignmentFlag.AlignRight)
        box.addLayout(head)
        box.addWidget(self._note)
        box.addWidget(self._save, 0, Qt.AlignmentFlag.AlignRight)
        box.addLayout(self._list)
        box.addWidget(self._more, 0, Qt.AlignmentFlag.AlignLeft)
        box.addStretch()

    def show_lead(self, detail: "LeadDetail") -> None:
        """The history of this lead; a note that was begun for another one waits until that is shown again."""
        if detail.row.id != self._lead_id:
            self._begun[self._lead_id] = self._note.toPlainText()
            self._lead_id = detail.row.id
            self._most = _SHOWN
            self._note.setPlainText(self._begun.pop(self._lead_id, ""))
        self._detail = detail
        self._fill()

    def focus_note(self) -> None:
        """The cursor to the line for a note."""
        self._note.setFocus()

    def _fill(self) -> None:
        """Entries that are there already stay: laying out wrapped text is dear, and a step mostly adds one."""
        events = self._detail.events if self._detail else ()
        steps = [list(group) for _, group in groupby(events, lambda event: event.change_set_id or event.at)]
        shown, old = steps[: self._most], [step for step, _ in self._entries]
        new = next(n for n in range(len(shown) + 1) if shown[n:] == old[: len(shown) - n])
        for _, entry in self._entries[len(shown) - new :]:
            self._list.removeWidget(entry)
            entry.hide()
            entry.deleteLater()
        made = [(step, self._entry(step)) for step in shown[:new]]
        for place, (_, entry) in enumerate(made):
            self._list.insertWidget(place, entry)
        self._entries = made + self._entries[: len(shown) - new]
        self._more.setVisible(len(steps) > self._most)

    def _rebuild(self) -> None:
        """The theme changed: colours stand within the texts."""
        detail, self._detail = self._detail, None
        self._fill()
        self._detail = detail
        self._fill()

    def _entry(self, step: "list[Event]") -> QWidget:
        """What one step of somebody changed."""
        theme, first = self._context.theme, step[0]
        kinds = {event.kind for event in step}
        icon = QLabel()
        mark = next(kind for kind in _LEADING if kind in kinds)
        icon.setPixmap(theme.pixmap(_ICONS[mark], "muted", 15, self.devicePixelRatioF()))
        when = self._context.formats.instant(first.at, self._context.office.store.zone)
        by = " · ".join(part for part in (first.actor, when) if part)
        colour, size = theme.colour("muted").name(), theme.px(11.5)
        said = "\n".join(str(event.words) for event in step)
        words = escape(said).replace("\n", "<br>")
        text = QLabel(f"{words}<br><span style='color:{colour}; font-size:{size}px'>{escape(by)}</span>")
        text.setTextFormat(Qt.TextFormat.RichText)
        text.setWordWrap(True)
        text.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        text.setAccessibleName(f"{said}, {by}")
        text.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        text.customContextMenuRequested.connect(partial(self._open_menu, first.change_set_id, text))
        entry = QWidget()
        row = QHBoxLayout(entry)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(theme.px(10))
        row.addWidget(icon, 0, Qt.AlignmentFlag.AlignTop)
        row.addWidget(text, 1)
        return entry

    def _open_menu(self, step: int, words: QLabel, at: QPoint) -> None:
        from app.ui.history.taking import open_menu

        open_menu(self._context, self._lead_id, step, words, words.mapToGlobal(at))

    def _show_history(self) -> None:
        from app.ui.history.taking import show_history

        show_history(self._context, self._lead_id, self.window())

    def _show_more(self) -> None:
        self._most += 4 * _SHOWN
        self._fill()

    def _on_typing(self) -> None:
        self._save.setVisible(bool(self._note.toPlainText().strip()))

    def _write(self) -> None:
        words, lead, leads = self._note.toPlainText(), self._lead_id, self._context.office.leads
        work = lambda _progress: leads.note([lead], words)  # noqa: E731 - one expression for one thread
        self._context.jobs.write(Job(Text("Saving"), work, lambda _done: self._written(lead, words), owner=self))

    def _written(self, lead: int, words: str) -> None:
        """The line is free again, unless more was typed or another lead is shown by then."""
        if self._begun.get(lead) == words:
            del self._begun[lead]
        if (self._lead_id, self._note.toPlainText()) == (lead, words):
            self._note.clear()
            self._note.setFocus()
