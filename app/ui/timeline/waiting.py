"""Above a timeline: what was written on this record and waits for the team's server."""

from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFrame, QHBoxLayout, QVBoxLayout, QWidget

from app.core.i18n import tr
from app.services.owners import Owner
from app.ui.forms.field import Note
from app.ui.widgets.button import Button, ButtonKind

if TYPE_CHECKING:
    from app.services.outbox import Waiting
    from app.ui.context import Context

#: So much of a text is shown.
_MOST = 300


class WaitingLines(QWidget):
    """Takes no room where nothing waits."""

    def __init__(self, context: "Context", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._context = context
        self._owner: Owner | None = None
        self._lines: list[QFrame] = []
        self._box = QVBoxLayout(self)
        self._box.setContentsMargins(0, 0, 0, 0)
        self.hide()
        if context.office.store.shared:
            context.outgoing.changed.connect(self._show)

    def show_owner(self, owner: Owner) -> None:
        """What waits for this record."""
        self._owner = owner
        if self._context.office.store.shared:
            self._show()

    def _show(self) -> None:
        for line in self._lines:
            line.deleteLater()
        entries = [] if self._owner is None else self._context.outgoing.waiting(self._owner)
        self._lines = [self._line(entry) for entry in entries]
        for line in self._lines:
            self._box.addWidget(line)
        self.setVisible(bool(entries))

    def _line(self, entry: "Waiting") -> QFrame:
        px = self._context.theme.px
        line = QFrame(self)
        line.setProperty("kind", "banner")
        box = QHBoxLayout(line)
        box.setContentsMargins(px(10), px(6), px(6), px(6))
        note = Note()
        note.say(self._said(entry), "error" if entry.refused else "warning")
        drop = Button(self._context.theme, tr("Discard …"), ButtonKind.LINK)
        drop.clicked.connect(partial(self._discard, entry))
        box.addWidget(note, 1)
        box.addWidget(drop, 0, Qt.AlignmentFlag.AlignTop)
        return line

    def _said(self, entry: "Waiting") -> str:
        head = tr("Not entered: {reason}", reason=entry.refused) if entry.refused else tr("Waits for the server")
        what = ": ".join(part for part in (str(entry.about), entry.words[:_MOST]) if part)
        return f"{head}\n{what}"

    def _discard(self, entry: "Waiting") -> None:
        self._context.outgoing.discard(entry)
