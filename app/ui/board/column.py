"""A column of the board: its head and its cards. Cards are dropped anywhere on it."""

from collections.abc import Callable

from PySide6.QtCore import QMimeData, QPoint, QRectF, Qt, Signal
from PySide6.QtGui import (
    QDragEnterEvent,
    QDragLeaveEvent,
    QDragMoveEvent,
    QDropEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
)
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from app.services.board import BoardColumn
from app.ui.board.head import ColumnHead, HeadWords
from app.ui.board.painter import target_frame
from app.ui.board.view import ColumnView
from app.ui.theme import Theme

_COLLAPSED = 40
_HANDLE = 10


class Column(QWidget):
    """One column. `dropped(ids)` tells what was let go over it; `read(mime)` says what that is."""

    dropped = Signal(object)
    widened = Signal(int)  # the edge was drawn to this width
    widthForgotten = Signal()

    def __init__(
        self, theme: Theme, view: ColumnView, read: Callable[[QMimeData], list[int]], detail: Callable[[], int]
    ) -> None:
        super().__init__()
        self._theme = theme
        self._read = read
        self.spec = BoardColumn(0)
        self.view = view
        self.head = ColumnHead(theme, detail)
        self._handle = _Handle(theme)
        self._handle.drawn.connect(lambda by: self.widened.emit(self.width() - self._gap + by))
        self._handle.doubleClicked.connect(self.widthForgotten)
        self._collapsed = False
        self._target = False
        self.setAcceptDrops(True)
        inner = QVBoxLayout()
        theme.fit(inner, lambda: inner.setSpacing(theme.px(8)))
        inner.addWidget(self.head)
        inner.addWidget(view, 1)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(0)
        row.addLayout(inner, 1)
        row.addWidget(self._handle)

    def show_column(self, spec: BoardColumn, words: HeadWords) -> None:
        """Stand for this column from now on."""
        self.spec = spec
        self.head.show_words(words)
        self.view.setAccessibleName(words.spoken)

    @property
    def collapsed(self) -> bool:
        """Whether only its name is seen."""
        return self._collapsed

    def collapse(self, collapsed: bool) -> None:
        """Show only its name, or all of it again."""
        self._collapsed = collapsed
        self.view.setVisible(not collapsed)
        self.head.set_collapsed(collapsed)
        self._handle.setEnabled(not collapsed)

    def give_width(self, width: int) -> None:
        """So wide, without the gap after it; a collapsed one is as wide as its name is high."""
        inner = self._theme.px(_COLLAPSED) if self._collapsed else width
        self.setFixedWidth(inner + self._gap)

    def end_row(self, last: bool) -> None:
        """After the last column there is no gap."""
        self._handle.setVisible(not last)

    @property
    def _gap(self) -> int:
        return 0 if self._handle.isHidden() else self._handle.width()

    # Dropping

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        self._weigh(event)

    def dragMoveEvent(self, event: QDragMoveEvent) -> None:
        self._weigh(event)

    def _weigh(self, event: QDragMoveEvent) -> None:
        """Take what can be taken, and show that."""
        if self.spec.takes and self._read(event.mimeData()):
            self._mark(True)
            event.acceptProposedAction()
        else:
            event.ignore()

    def dragLeaveEvent(self, event: QDragLeaveEvent) -> None:
        self._mark(False)

    def dropEvent(self, event: QDropEvent) -> None:
        self._mark(False)
        ids = self._read(event.mimeData())
        if self.spec.takes and ids:
            event.acceptProposedAction()
            self.dropped.emit(ids)
        else:
            event.ignore()

    def _mark(self, target: bool) -> None:
        if target != self._target:
            self._target = target
            self.update()
            self.view.show_target(target)

    def paintEvent(self, event: QPaintEvent) -> None:
        if self._target and self._collapsed:
            with QPainter(self) as painter:
                frame = QRectF(self.rect()).adjusted(0, 0, -self._gap, 0)
                target_frame(painter, self._theme, frame)


class _Handle(QWidget):
    """The gap after a column: drawn by it, columns become wider or narrower."""

    drawn = Signal(int)
    doubleClicked = Signal()

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._from: QPoint | None = None
        theme.fit(self, lambda: self.setFixedWidth(theme.px(_HANDLE)))
        self.setCursor(Qt.CursorShape.SplitHCursor)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        self._from = event.globalPosition().toPoint()

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        if self._from is not None:
            at = event.globalPosition().toPoint()
            by, self._from = at.x() - self._from.x(), at
            self.drawn.emit(by)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        self._from = None

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        self.doubleClicked.emit()
