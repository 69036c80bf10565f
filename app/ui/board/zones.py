"""Where cards are dropped to end: shown while some are carried."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

from PySide6.QtCore import QMimeData, QRectF, QSize, Qt, Signal
from PySide6.QtGui import (
    QDragEnterEvent,
    QDragLeaveEvent,
    QDropEvent,
    QPainter,
    QPaintEvent,
    QPen,
)
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QWidget

from app.core.i18n import N_, tr
from app.ui.theme import Theme

_HEIGHT = 44
_RADIUS = 9
_SIGN = 16


@dataclass(frozen=True)
class Ending:
    """A zone: the command it stands for, its words, sign and colour."""

    command: str
    label: str
    sign: str
    tone: str


#: Where a lead on a board ends.
ENDINGS = (
    Ending("won", N_("Won"), "check", "won"),
    Ending("lost", N_("Lost"), "close", "lost"),
    Ending("dropped", N_("Dropped"), "flag", "muted"),
    Ending("deactivate", N_("Contact potential"), "idea", "muted"),
)


class DropZones(QWidget):
    """`dropped(command, ids)` tells what is to be done with which leads; `read(mime)` says what is carried."""

    dropped = Signal(str, object)

    def __init__(self, theme: Theme, read: Callable[[QMimeData], list[int]], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        theme.fit(row, lambda: row.setSpacing(theme.px(10)))
        self.zones = {kind.command: _Zone(theme, kind, read) for kind in ENDINGS}
        for command, zone in self.zones.items():
            zone.dropped.connect(partial(self._tell, command))
            row.addWidget(zone)
        self.setAccessibleName(tr("Drop here to close"))
        self.setAutoFillBackground(True)  # it lies over the foot of the board
        self.hide()

    def _tell(self, command: str, ids: list[int]) -> None:
        self.dropped.emit(command, ids)


class _Zone(QWidget):
    dropped = Signal(object)

    def __init__(self, theme: Theme, kind: Ending, read: Callable[[QMimeData], list[int]]) -> None:
        super().__init__()
        self._theme = theme
        self._kind = kind
        self._read = read
        self._target = False
        self.setAccessibleName(tr(kind.label))
        self.setAcceptDrops(True)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def sizeHint(self) -> QSize:
        return QSize(self._theme.px(80), self._theme.px(_HEIGHT))

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        self._mark(bool(self._read(event.mimeData())))
        event.setAccepted(self._target)

    def dragLeaveEvent(self, event: QDragLeaveEvent) -> None:
        self._mark(False)

    def dropEvent(self, event: QDropEvent) -> None:
        self._mark(False)
        ids = self._read(event.mimeData())
        event.setAccepted(bool(ids))
        if ids:
            self.dropped.emit(ids)

    def _mark(self, target: bool) -> None:
        self._target = target
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        theme, kind = self._theme, self._kind
        ground = {"won": "won_background", "lost": "lost_background"}.get(kind.tone, "neutral_background")
        with QPainter(self) as painter:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            painter.setBrush(theme.colour(ground if self._target else "surface"))
            painter.setPen(QPen(theme.colour(kind.tone), 2 if self._target else 1, Qt.PenStyle.DashLine))
            radius = theme.px(_RADIUS)
            painter.drawRoundedRect(QRectF(self.rect()).adjusted(1, 1, -1, -1), radius, radius)
            painter.setFont(theme.font(13, 600))
            painter.setPen(theme.colour(kind.tone))
            size, gap = theme.px(_SIGN), theme.px(7)
            words = painter.fontMetrics().elidedText(
                tr(kind.label), Qt.TextElideMode.ElideRight, max(0, self.width() - size - 3 * gap)
            )
            left = (self.width() - size - gap - painter.fontMetrics().horizontalAdvance(words)) // 2
            sign = theme.pixmap(kind.sign, kind.tone, _SIGN, self.devicePixelRatioF())
            painter.drawPixmap(left, (self.height() - size) // 2, sign)
            painter.drawText(
                QRectF(left + size + gap, 0, self.width(), self.height()), Qt.AlignmentFlag.AlignVCenter, words
            )
