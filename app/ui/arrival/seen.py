"""What has to be answered in a window is asked when somebody sees that: at once, or when it is brought forward."""

from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QObject, QTimer

if TYPE_CHECKING:
    from app.ui.main_window import MainWindow

_SHOWS = (QEvent.Type.Show, QEvent.Type.WindowActivate, QEvent.Type.WindowStateChange)


def is_seen(window: "MainWindow") -> bool:
    """Whether somebody has the window before him."""
    return window.isVisible() and not window.isMinimized()


class Seen(QObject):
    """Calls `look` whenever the window comes before somebody, until it is deleted."""

    def __init__(self, window: "MainWindow", look: Callable[[], object], parent: QObject) -> None:
        super().__init__(parent)
        self._window, self._look = window, look
        window.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() in _SHOWS:
            QTimer.singleShot(0, self, self._tell)
        return False

    def _tell(self) -> None:
        if is_seen(self._window):
            self._look()


def once_seen(window: "MainWindow", do: Callable[[], object]) -> QObject | None:
    """Do it as soon as the window is seen; what waits for that is returned, None where it was done at once."""
    if is_seen(window):
        do()
        return None
    waiting: Seen | None = None

    def look() -> None:
        nonlocal waiting
        if waiting is not None:
            window.removeEventFilter(waiting)
            waiting.deleteLater()
            waiting = None
            do()

    waiting = Seen(window, look, window)
    return waiting
