"""The line under a list: how many, how much, how old, of what is shown."""

from collections.abc import Sequence
from html import escape

from PySide6.QtCore import Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QBoxLayout, QFrame, QHBoxLayout, QLabel, QWidget

from app.ui.theme import Theme

_HARD = "&nbsp;"
#: Between two figures: a line breaks at its end, so that the next one begins at the edge.
_GAP = _HARD * 5 + " "
#: Of the line: figures and remarks.
_SHARES = (3, 2)


class Footer(QFrame):
    """Figures at the left (label or unit muted, the number strong), remarks at the right."""

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("kind", "footer")
        self._theme = theme
        self._left = QLabel()
        self._right = QLabel()
        for label in (self._left, self._right):
            label.setTextFormat(Qt.TextFormat.RichText)
            label.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
            label.setWordWrap(True)  # rather two lines than a window wider than the screen
            label.setMinimumWidth(1)
        self._right.setProperty("kind", "muted")
        self._row = row = QHBoxLayout(self)
        theme.fit(row, lambda: row.setContentsMargins(theme.px(14), theme.px(8), theme.px(14), theme.px(8)))
        row.addWidget(self._left, _SHARES[0])
        row.addWidget(self._right, _SHARES[1])
        self._figures: Sequence[tuple[str, str]] = ()
        theme.changed.connect(self._write)

    def show_figures(self, figures: Sequence[tuple[str, str]], remarks: str = "") -> None:
        """`figures` are pairs of a muted word and a strong number; an empty word leaves the number alone."""
        self._figures = figures
        self._right.setText(escape(remarks))
        self._right.setVisible(bool(remarks))  # the figures have the whole line where nothing is remarked
        self._write()

    def _write(self) -> None:
        muted = self._theme.colour("muted").name()
        parts = []
        for word, number in self._figures:
            label = f"<span style='color:{muted}'>{_whole(word)}</span>{_HARD}" if word else ""
            parts.append(f"{label}<b>{_whole(number)}</b>")
        self._left.setText(_GAP.join(parts))
        self._left.setAccessibleName(", ".join(f"{word} {number}" for word, number in self._figures))
        self._arrange()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._arrange()

    def _arrange(self) -> None:
        """Remarks below the figures where that takes fewer lines: with large text the list needs them."""
        margins, left, right = self._row.contentsMargins(), self._left, self._right
        room = self.contentsRect().width() - margins.left() - margins.right()
        parts = (room * share // sum(_SHARES) for share in _SHARES)
        beside = max(label.heightForWidth(part) for label, part in zip((left, right), parts, strict=True))
        below = not right.isHidden() and left.heightForWidth(room) + right.heightForWidth(room) < beside
        side = Qt.AlignmentFlag.AlignLeft if below else Qt.AlignmentFlag.AlignRight
        right.setAlignment(side | Qt.AlignmentFlag.AlignVCenter)
        self._row.setDirection(QBoxLayout.Direction.TopToBottom if below else QBoxLayout.Direction.LeftToRight)


def _whole(words: str) -> str:
    """Words that stay on one line."""
    return escape(words).replace(" ", _HARD)
