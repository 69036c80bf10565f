"""What a table says when there is nothing in it: what belongs here, and the one next step."""

from collections.abc import Callable

from PySide6.QtCore import QEvent, QObject, QRectF, Qt
from PySide6.QtGui import QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QAbstractScrollArea, QLabel, QPushButton, QVBoxLayout, QWidget

from app.ui.theme import Theme

_FOCUS = 2


class EmptyState(QWidget):
    """An icon, a sentence and, where there is a next step, a button for it."""

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._icon_name = "funnel"
        self._action: Callable[[], object] | None = None
        self._icon = QLabel()
        self._icon.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self._message = QLabel()
        self._message.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self._message.setWordWrap(True)
        self._message.setProperty("kind", "muted")
        self._button = QPushButton()
        self._button.clicked.connect(self._run)
        box = QVBoxLayout(self)
        box.addStretch(2)
        box.addWidget(self._icon)
        box.addWidget(self._message)
        box.addSpacing(theme.px(6))
        box.addWidget(self._button, 0, Qt.AlignmentFlag.AlignHCenter)
        box.addStretch(3)
        theme.changed.connect(self._restyle)
        self._restyle()

    def tell(self, message: str, icon: str, label: str, action: Callable[[], object] | None) -> None:
        """What to say; without an action there is no button."""
        self._message.setText(message)
        self._icon_name = icon
        self._action = action
        self._button.setText(label)
        self._button.setVisible(action is not None)
        self._restyle()

    def _run(self) -> None:
        if self._action is not None:
            self._action()

    def _restyle(self) -> None:
        self._icon.setPixmap(self._theme.pixmap(self._icon_name, "faint", 36, self.devicePixelRatioF()))


class InPlaceOfRows(EmptyState):
    """What a table says, over it and as large as its rows.

    A screen reader sees only rows within a table: what stands in their place lies beside it.
    """

    def __init__(self, theme: Theme, view: QAbstractScrollArea) -> None:
        super().__init__(theme, view)
        self._view = view
        self._wanted = False
        view.installEventFilter(self)
        view.viewport().installEventFilter(self)

    def show_for(self, empty: bool) -> None:
        """Be seen while the table is empty."""
        self._wanted = empty
        self.setVisible(empty)
        self.raise_()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """The table went to another place, or is of another size."""
        if watched is self._view and event.type() == QEvent.Type.ParentChange and self._view.parentWidget() is not None:
            self.setParent(self._view.parentWidget())
            self.show_for(self._wanted)
        elif event.type() in (QEvent.Type.Move, QEvent.Type.Resize):
            place = self._view.viewport().geometry()
            if self.parentWidget() is not self._view:
                place.translate(self._view.pos())
            self.setGeometry(place)
        elif watched is self._view and event.type() in (QEvent.Type.FocusIn, QEvent.Type.FocusOut):
            self.update()
        return super().eventFilter(watched, event)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Without a row to mark, the keyboard would be nowhere to be seen."""
        super().paintEvent(event)
        if self._view.hasFocus():
            with QPainter(self) as painter:
                painter.setPen(QPen(self._theme.colour("accent"), _FOCUS))
                edge = _FOCUS / 2
                painter.drawRect(QRectF(self.rect()).adjusted(edge, edge, -edge, -edge))
