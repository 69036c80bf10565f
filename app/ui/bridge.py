"""From the feed, which speaks on the thread that wrote, to the window's own thread."""

from collections.abc import Callable

from PySide6.QtCore import QObject, Qt, QTimer, Signal

from app.core.changes import ChangeSet, Feed
from app.core.errors import StorageError

_RAREST_MS = 30_000


class FeedBridge(QObject):
    """Emits `changed(ChangeSet)` on the thread it lives in, whichever thread wrote.

    `reminded(records)`, a set of entity and id, is emitted by who reminds: that is no step of anybody, but the history
    of a lead or a company tells of it.
    """

    changed = Signal(object)
    reminded = Signal(object)
    _arrived = Signal(object)

    def __init__(self, feed: Feed, parent: QObject | None = None) -> None:
        super().__init__(parent)
        # Auto: at once when the window itself wrote, queued when another thread did.
        self._arrived.connect(self.changed, Qt.ConnectionType.AutoConnection)
        self._stop = feed.subscribe(self._hear)

    def _hear(self, change: ChangeSet) -> None:
        self._arrived.emit(change)

    def close(self) -> None:
        """Hear no more."""
        self._stop()
        self.blockSignals(True)  # what other threads told already is on its way


class Watch(QObject):
    """Looks regularly whether another process has written; what it finds comes through the feed.

    When it cannot look it says so once, and looks ever more rarely until it can again.
    """

    def __init__(self, look: Callable[[], object], interval_ms: int = 250, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._look = look
        self._interval_ms = interval_ms
        self._blind = False
        self._timer = QTimer(self)
        self._timer.setInterval(interval_ms)
        self._timer.timeout.connect(self._try)
        self._timer.start()

    def _try(self) -> None:
        held = False
        try:
            self._look()
            held = True
        except StorageError:
            if not self._blind:
                raise
        finally:
            self._blind = not held
            rarer = min(self._timer.interval() * 2, _RAREST_MS)
            self._timer.setInterval(self._interval_ms if held else rarer)

    def stop(self) -> None:
        """Look no more."""
        self._timer.stop()
