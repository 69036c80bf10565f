"""What every dialog has: a heading, room for its contents, a row of buttons, and its size from last time."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QByteArray, QEvent, QSettings, QSize, Qt, QTimer
from PySide6.QtGui import QKeySequence, QShortcut, QShowEvent
from PySide6.QtWidgets import QDialog, QFrame, QHBoxLayout, QLabel, QScrollArea, QVBoxLayout, QWidget
from shiboken6 import isValid

from app.core.i18n import tr
from app.ui.theme import Theme
from app.ui.widgets.button import Button, ButtonKind

if TYPE_CHECKING:
    from app.core.settings import Settings
    from app.ui.jobs import Job, Jobs

_EDGE = 22
#: What a window is higher than what is in it, where its frame is not known yet.
TITLE_BAR = 36


class Dialog(QDialog):
    """A dialog to be filled: `body` is the layout of its contents, `add_buttons` makes the row below."""

    def __init__(self, theme: Theme, title: str, parent: QWidget | None = None, *, heading: bool = True) -> None:
        super().__init__(parent)
        self.theme = theme
        self.setWindowTitle(title)
        self._settings: QSettings | None = None
        self._key = ""
        self._wanted = QSize()  # for text of the usual size, whatever the screen allows
        self._opened = QSize()
        self._scale = theme.scale
        self._over = True
        self._focus: QWidget | None = None
        px = theme.px
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        outer.setSpacing(0)
        self.body = QVBoxLayout()
        self.body.setContentsMargins(px(_EDGE), px(18), px(_EDGE), px(18))
        self.body.setSpacing(px(12))
        outer.addLayout(self.body, 1)
        self._outer = outer
        self.heading = QLabel(title)
        self.heading.setProperty("kind", "title")
        self.heading.setWordWrap(True)
        self.heading.setTextFormat(Qt.TextFormat.PlainText)
        if heading:
            self.body.addWidget(self.heading)

    def add_buttons(self, primary: str, *, cancel: str = "", left: Sequence[QWidget] = ()) -> Button:
        """The row below: one to leave (Esc) and the one that does it (Ctrl+Enter), which is returned unconnected.

        What is `left` stands at its other end.
        """
        row = self.add_bar()
        for widget in left:
            row.addWidget(widget)
        row.addStretch()
        leave = Button(self.theme, cancel or tr("Cancel"))
        leave.clicked.connect(self.reject)
        leave.setAutoDefault(False)
        do = Button(self.theme, primary, ButtonKind.PRIMARY)
        do.setDefault(True)
        row.addWidget(leave)
        row.addWidget(do)
        self.do_by_key(do)
        return do

    def do_by_key(self, do: Button) -> None:
        """Ctrl+Enter presses the button that does it, from wherever the keyboard is."""
        for keys in ("Ctrl+Return", "Ctrl+Enter"):
            QShortcut(QKeySequence(keys), do).activated.connect(do.click)  # they go with the button

    def add_bar(self) -> QHBoxLayout:
        """The row at the bottom, empty."""
        px = self.theme.px
        line = QFrame()
        line.setFixedHeight(1)
        line.setProperty("kind", "line")
        bar = QHBoxLayout()
        bar.setContentsMargins(px(_EDGE), px(12), px(_EDGE), px(14))
        bar.setSpacing(px(8))
        self._outer.addWidget(line)
        self._outer.addLayout(bar)
        return bar

    def add_close(self, bar: QHBoxLayout, *, default: bool = True) -> Button:
        """At the right end of the row, where there is nothing to save; Enter presses it where it is the `default`."""
        close = Button(self.theme, tr("Close"))
        close.setAutoDefault(default)
        close.setDefault(default)
        close.clicked.connect(self.accept)
        bar.addStretch()
        bar.addWidget(close)
        return close

    def remember_size(self, settings: "Settings", key: str, width: int, height: int) -> None:
        """Open in the size it had last, the first time in this one; with text of another size it is scaled."""
        self._settings, self._key = window_state(settings), f"dialogs/{key}"
        kept, size = self._settings.value(self._key), self._settings.value(f"{self._key}/size")
        self._wanted = QSize(width, height)
        if isinstance(kept, QByteArray) and self.restoreGeometry(kept):
            self._wanted = size if isinstance(size, QSize) and size.isValid() else self.size() * 100 / self._scale
        scaled = QSize(self.theme.px(self._wanted.width()), self.theme.px(self._wanted.height()))
        self.resize(scaled.boundedTo(self.screen().availableSize() - QSize(0, TITLE_BAR)))

    def carry_out(self, jobs: "Jobs", job: "Job", leads: int = 1) -> None:
        """Do to so many leads what the dialog is for; `job.failed` shows what is refused.

        Until it is done nothing can be changed here, nor can the dialog be left: a refusal would find nobody.
        """
        assert job.failed is not None
        self._over = False
        job = replace(job, then=self._ending(job.then), failed=self._ending(job.failed))
        jobs.write(job, leads)
        if not self._over:
            self._focus = self.focusWidget()
            self.setEnabled(False)

    def _ending(self, follow: Callable[[Any], object]) -> Callable[[Any], None]:
        def end(found: Any) -> None:
            self._over = True
            if not self.isEnabled():
                self.setEnabled(True)
                if self._focus is not None:
                    self._focus.setFocus()
            follow(found)

        return end

    def reject(self) -> None:
        """Leave, unless something is being done."""
        if self.isEnabled():
            super().reject()

    def exec(self) -> int:
        """Show it and wait for the answer; afterwards it is gone."""
        result = super().exec()
        if isValid(self):  # closing the window it belongs to takes it along
            self.deleteLater()
        return result

    def done(self, result: int) -> None:
        for waiting in self.findChildren(QTimer):  # for a rest in typing, to look then: it would be for nobody
            waiting.stop()
        if self._settings is not None:
            self._settings.setValue(self._key, self.saveGeometry())
            self._settings.setValue(f"{self._key}/size", self._unscaled())
        super().done(result)

    def event(self, event: QEvent) -> bool:
        """Where the size is not the user's, what is said more makes it higher, as far as the screen goes."""
        handled = super().event(event)
        if event.type() == QEvent.Type.LayoutRequest and self._settings is None:
            self.make_room()
        return handled

    def make_room(self) -> None:
        """Be as high as what is in it needs at least."""
        needed = max(self.height(), self._outer.minimumHeightForWidth(self.width()), self.minimumSizeHint().height())
        self.resize(self.width(), min(needed, self.screen().availableSize().height()))

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        if not self._opened.isValid():
            self._opened = self.size()

    def _unscaled(self) -> QSize:
        """The size it should have with text of the usual size: what nobody changed is as it was."""
        size = self.size() * 100 / self._scale
        if self.width() == self._opened.width():
            size.setWidth(self._wanted.width())
        if self.height() == self._opened.height():
            size.setHeight(self._wanted.height())
        return size


def scrolled(contents: QWidget, *, focus: bool = False) -> QScrollArea:
    """The contents, scrolling where they do not fit; `focus` lets the keyboard scroll what holds no controls."""
    area = QScrollArea()
    area.setFocusPolicy(Qt.FocusPolicy.StrongFocus if focus else Qt.FocusPolicy.NoFocus)
    area.setWidgetResizable(True)
    area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAsNeeded)
    area.setFrameShape(QFrame.Shape.NoFrame)
    area.setWidget(contents)
    contents.setAutoFillBackground(False)  # setWidget turns it on
    area.viewport().setAutoFillBackground(False)
    return area


def window_state(settings: "Settings") -> QSettings:
    """Where sizes of windows are kept: beside the settings, since they are of this machine and its screens."""
    return QSettings(str(settings.path.with_name("window.ini")), QSettings.Format.IniFormat)
