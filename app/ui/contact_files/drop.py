"""Files of contacts that are let go on the window."""

from collections.abc import Callable, Sequence
from pathlib import Path

from PySide6.QtCore import QEvent, QMimeData, QObject, QTimer
from PySide6.QtGui import QDropEvent
from PySide6.QtWidgets import QWidget

_ENDINGS = (".vcf", ".vcard")
_ASKED = (QEvent.Type.DragEnter, QEvent.Type.DragMove)


class CardDrop(QObject):
    """Takes them for a window that takes nothing else there. `take` is called once the drag is over.

    `takes` says whether they are taken right now: where they are not, the pointer shows it.
    """

    def __init__(
        self, window: QWidget, take: Callable[[Sequence[Path]], object], takes: Callable[[], bool] = lambda: True
    ) -> None:
        super().__init__(window)
        self._take, self._takes = take, takes
        window.setAcceptDrops(True)
        window.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() not in (*_ASKED, QEvent.Type.Drop) or not isinstance(event, QDropEvent):
            return False
        files = dropped_cards(event.mimeData())
        if not files or not self._takes():
            return False
        event.acceptProposedAction()
        if event.type() == QEvent.Type.Drop:
            QTimer.singleShot(0, self, lambda: self._take(files))  # whoever drags is waiting for an answer
        return True


def dropped_cards(data: QMimeData) -> list[Path]:
    """The local files that are dragged if all of them are of contacts; none for anything else."""
    files = [Path(url.toLocalFile()) for url in data.urls() if url.isLocalFile()]
    known = len(files) == len(data.urls()) and all(file.suffix.lower() in _ENDINGS for file in files)
    return [file for file in files if file.is_file()] if known else []
