"""A sentence at a cell of a list: why a value is refused, or what was understood."""

from PySide6.QtCore import QPoint, QRect
from PySide6.QtGui import QAccessible, QAccessibleEvent
from PySide6.QtWidgets import QAbstractItemView, QFrame, QVBoxLayout

from app.ui.forms.field import Note, repolish
from app.ui.theme import Theme

_WIDEST = 330
_LEAST = 150
_GAP = 3


class Bubble(QFrame):
    """Lies over the rows, below the cell it speaks of or above it. Screen readers say a reason when it comes."""

    def __init__(self, theme: Theme, view: QAbstractItemView) -> None:
        super().__init__(view.viewport())
        self._theme = theme
        self._ground = view.viewport()
        self.setProperty("kind", "bubble")
        self._note = Note()
        box = QVBoxLayout(self)
        theme.fit(box, lambda: box.setContentsMargins(theme.px(9), theme.px(6), theme.px(9), theme.px(6)))
        box.addWidget(self._note)
        self.hide()

    @property
    def words(self) -> str:
        """What it says, or said last."""
        return self._note.text()

    def say(self, words: str, at: QRect) -> None:
        """Something helpful about the cell that lies there."""
        self._show(words, "small", at)

    def refuse(self, words: str, at: QRect) -> None:
        """Why the value in it is not taken."""
        self._show(words, "error", at)
        self.setAccessibleName(words)
        QAccessible.updateAccessibility(QAccessibleEvent(self, QAccessible.Event.Alert))

    def _show(self, words: str, kind: str, at: QRect) -> None:
        self._note.say(words, kind)
        if self.property("refused") != (kind == "error"):
            self.setProperty("refused", kind == "error")
            repolish(self)
        self.setAccessibleName(words)
        self.move_to(at)
        self.show()
        self.raise_()

    def move_to(self, at: QRect) -> None:
        """The cell lies there."""
        px, room = self._theme.px, self._ground.rect()
        self.ensurePolished()
        self._note.ensurePolished()
        edges = 2 * px(9) + 2
        wanted = self._note.fontMetrics().horizontalAdvance(self._note.text()) + edges + px(4)
        width = min(max(wanted, px(_LEAST)), px(_WIDEST), room.width())
        height = self._note.heightForWidth(width - edges) + 2 * px(6) + 2
        top = at.bottom() + _GAP
        if top + height > room.height() and at.top() - _GAP - height >= 0:
            top = at.top() - _GAP - height
        self.setGeometry(QRect(QPoint(max(0, min(at.left(), room.width() - width)), top), self.size()))
        self.resize(width, height)
