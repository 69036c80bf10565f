"""The line at the bottom of the window: what just happened with its way back, work under way, where the data are."""

from html import escape
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QProgressBar, QWidget

from app.core.i18n import Text, tr
from app.ui.theme import Theme
from app.ui.widgets.button import Button, ButtonKind

if TYPE_CHECKING:
    from app.ui.jobs import Progress

_STAYS_MS = 15_000


class StatusBar(QFrame):
    """`undone` asks for the last step to be taken back."""

    undone = Signal()

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("kind", "status")
        self._theme = theme
        self._message = QLabel()
        self._message.setProperty("kind", "muted")
        self._message.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self._undo = Button(theme, tr("Undo"), ButtonKind.LINK)
        self._undo.clicked.connect(self.undone)
        self._progress = QProgressBar()
        self._progress.setTextVisible(False)
        self._progress.setFixedWidth(theme.px(160))
        self._cancel = Button(theme, tr("Cancel"), ButtonKind.LINK)
        self._cancel.clicked.connect(self._stop)
        self._facts = QLabel()
        self._facts.setProperty("kind", "muted")
        self._facts.setTextFormat(Qt.TextFormat.RichText)
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.timeout.connect(self.clear)
        self._job: Progress | None = None
        self._lay_out()
        self.clear()
        self.end_progress()

    def _lay_out(self) -> None:
        px = self._theme.px
        row = QHBoxLayout(self)
        row.setContentsMargins(px(14), px(2), px(14), px(2))
        row.setSpacing(px(8))
        for widget in (self._message, self._undo, self._progress, self._cancel):
            row.addWidget(widget)
        row.addStretch()
        row.addWidget(self._facts)
        self.setMinimumHeight(px(28))

    def say(self, message: Text | str, *, undo: str = "") -> None:
        """Say what happened; `undo` is the shortcut that takes it back, without one there is no button."""
        self._message.setText(str(message))
        self._message.setAccessibleName(str(message))
        self._undo.setVisible(bool(undo))
        self._undo.setToolTip(undo)
        self._timer.start(_STAYS_MS)

    def clear(self) -> None:
        """Say nothing."""
        self._message.clear()
        self._undo.hide()

    def show_facts(self, *facts: str) -> None:
        """What stands at the right: last backup, where the data are."""
        gap = "&nbsp;" * 6
        self._facts.setText(gap.join(escape(fact) for fact in facts if fact))
        self._facts.setAccessibleName(", ".join(fact for fact in facts if fact))

    def begin_progress(self, title: Text, job: "Progress") -> None:
        """Work has been going on for a while: show how far it is, and a way to stop it."""
        self._job = job
        self._message.setText(str(title))
        self._undo.hide()
        self._timer.stop()
        self._progress.setRange(0, 0)
        self._progress.setAccessibleName(str(title))
        for widget in (self._progress, self._cancel):
            widget.show()

    def move_progress(self, done: int, total: int) -> None:
        """How far the work is."""
        self._progress.setRange(0, total)
        self._progress.setValue(done)

    def end_progress(self) -> None:
        """The work is over."""
        self._job = None
        self._message.clear()
        for widget in (self._progress, self._cancel):
            widget.hide()

    def _stop(self) -> None:
        if self._job is not None:
            self._job.cancel()
