"""The line at the bottom of the window: what just happened with its way back, work under way, where the data are."""

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtGui import QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QProgressBar, QWidget

from app.core.i18n import Text, tr
from app.ui.forms.field import repolish
from app.ui.theme import Theme
from app.ui.tips import plain_tip
from app.ui.widgets.button import Button, ButtonKind

if TYPE_CHECKING:
    from app.ui.jobs import Progress

_STAYS_MS = 15_000
#: Of the step that can be taken back, and of the gaps about it.
_WIDEST, _GAPS = 420, 64
_WIDEST_NAME = 240


class _Message(QLabel):
    """As much of what happened as there is room for: with large text all of it would make the window wider than any
    screen.
    """

    def __init__(self) -> None:
        super().__init__()
        self.setProperty("kind", "muted")
        self.setTextFormat(Qt.TextFormat.PlainText)  # titles of leads stand in it
        self.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self.setMinimumWidth(1)

    def paintEvent(self, event: QPaintEvent) -> None:
        room, words = self.contentsRect(), self.text()
        shown = self.fontMetrics().elidedText(words, Qt.TextElideMode.ElideRight, room.width())
        if shown == words:
            super().paintEvent(event)
            return
        with QPainter(self) as painter:
            flags = Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft
            self.style().drawItemText(painter, room, int(flags), self.palette(), True, shown, self.foregroundRole())


class StatusBar(QFrame):
    """`undone` asks for the last step to be taken back."""

    undone = Signal()

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("kind", "status")
        self._theme = theme
        self._message = _Message()
        self._undo = Button(theme, tr("Undo"), ButtonKind.LINK)
        self._undo.setFocusPolicy(Qt.FocusPolicy.TabFocus)  # it goes when it was clicked
        self._undo.clicked.connect(self.undone)
        self._what = QLabel()
        self._what.setProperty("kind", "muted")
        self._what.setTextFormat(Qt.TextFormat.PlainText)
        self._what.setMinimumWidth(1)  # it makes no window wider
        self._progress = QProgressBar()
        self._progress.setTextVisible(False)
        theme.fit(self._progress, lambda: self._progress.setFixedWidth(theme.px(160)))
        self._cancel = Button(theme, tr("Cancel"), ButtonKind.LINK)
        self._cancel.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self._cancel.clicked.connect(self._stop)
        self._facts = QLabel()
        self._facts.setProperty("kind", "muted")
        self._facts.setTextFormat(Qt.TextFormat.RichText)
        #: Who works here; its menu is the window's.
        self.who = Button(theme, "", ButtonKind.FLAT, icon="user")
        self.who.setProperty("menu", "true")
        self.who.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.who.hide()
        #: How it stands with the team's server; pressed, it tells more.
        self.place = Button(theme, "", ButtonKind.FLAT)
        self.place.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.place.hide()
        self._name = ""
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.timeout.connect(self.clear)
        self._job: Progress | None = None
        self._told = False  # while a job is shown: whether something was said instead of its title
        self._before = ("", False)  # what was said when it was shown, and whether it could be taken back
        self._last = ""
        self._lay_out()
        theme.changed.connect(self._fit_who)
        self.clear()
        self.end_progress()

    def _lay_out(self) -> None:
        px = self._theme.px
        row = QHBoxLayout(self)
        self._theme.fit(
            row, lambda: row.setContentsMargins(px(14), px(2), px(14), px(2)), lambda: row.setSpacing(px(8))
        )
        for widget in (self._message, self._what, self._undo, self._progress, self._cancel):
            row.addWidget(widget)
        row.addStretch()
        row.addWidget(self.who)
        row.addWidget(self._facts)
        row.addWidget(self.place)
        self._theme.fit(self, lambda: self.setMinimumHeight(px(28)))

    def say(self, message: Text | str, *, undo: bool = False) -> None:
        """Say what happened; `undo` tells whether the step that can be taken back is the one it is about."""
        self._put(str(message))
        self._told = True
        self._show_undo(undo and bool(self._last))
        self._timer.start(_STAYS_MS)

    def offer_undo(self, what: str, tip: str = "") -> None:
        """What the last step was, which can be taken back for as long as nothing else is said; empty for none."""
        self._last = what
        self._undo.setToolTip(plain_tip(tip))
        self._undo.setAccessibleDescription(tip)
        if not what or (not self._message.text() and self._job is None):
            self._show_undo(bool(what))

    def clear(self) -> None:
        """Say nothing: what is left is the way back, and what it takes back."""
        self._put("")
        self._show_undo(bool(self._last))

    def _show_undo(self, shown: bool) -> None:
        """The way back; where no message says what it takes back, that stands in the place of one: it does not move."""
        self._undo.setVisible(shown)
        self._what.setVisible(shown and not self._message.text())
        self._elide()

    def _elide(self) -> None:
        """As much of the last step as there is room for."""
        px = self._theme.px
        beside = sum(button.sizeHint().width() for button in (self.who, self.place) if not button.isHidden())
        room = self.width() - self._undo.sizeHint().width() - self._facts.sizeHint().width() - beside - px(_GAPS)
        metrics = self._what.fontMetrics()
        self._what.setText(metrics.elidedText(self._last, Qt.TextElideMode.ElideRight, max(0, min(room, px(_WIDEST)))))

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._elide()

    def _put(self, words: str) -> None:
        """Words into the line; without any there is nothing that a screen reader could come to."""
        self._message.setText(words)
        self._message.setToolTip(plain_tip(words))
        self._message.setVisible(bool(words))

    def show_facts(self, *facts: str) -> None:
        """What stands at the right: last backup, where the data are."""
        from html import escape  # not before the frame is painted

        gap = "&nbsp;" * 6
        self._facts.setText(gap.join(escape(fact) for fact in facts if fact))
        self._facts.setAccessibleName(", ".join(fact for fact in facts if fact))
        self._elide()

    def show_place(self, words: str, *, warning: bool = False) -> None:
        """How it stands with the team's server; empty where there is none."""
        self.place.setVisible(bool(words))
        self.place.setText(words)
        self.place.setProperty("tone", "warning" if warning else "")
        repolish(self.place)
        self._elide()

    def show_who(self, words: str) -> None:
        """Who works here; empty where that is no question."""
        self._name = words
        self.who.setVisible(bool(words))
        self._fit_who()

    def _fit_who(self) -> None:
        metrics, most = self.who.fontMetrics(), self._theme.px(_WIDEST_NAME)
        shown = metrics.elidedText(self._name, Qt.TextElideMode.ElideRight, most)
        self.who.setText(shown.replace("&", "&&"))
        self.who.setAccessibleName(self._name)
        self.who.setToolTip("" if shown == self._name else plain_tip(self._name))
        self._elide()

    def begin_progress(self, title: Text, job: "Progress") -> None:
        """Work has been going on for a while: show how far it is, and a way to stop it."""
        self._before = (self._message.text(), not self._undo.isHidden()) if self._timer.isActive() else ("", False)
        self._job = job
        self._told = False
        self._put(str(title))
        self._show_undo(False)
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
        """The work is over; what was said meanwhile stays, else what was said before comes again."""
        working, self._job = self._job is not None, None
        if working and not self._told:
            words, undo = self._before
            if words:
                self.say(words, undo=undo)
            else:
                self.clear()
        for widget in (self._progress, self._cancel):
            widget.hide()

    def _stop(self) -> None:
        if self._job is not None:
            self._job.cancel()
