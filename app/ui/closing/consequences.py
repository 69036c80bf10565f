"""The list of what will happen: an icon and a sentence each, in a quiet box."""

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFrame, QGridLayout, QLabel, QWidget

from app.core.i18n import tr
from app.ui.theme import Theme


@dataclass(frozen=True)
class Line:
    """One thing that will happen; `icon` names it, `token` its colour."""

    icon: str
    words: str
    token: str = "muted"


class Consequences(QFrame):
    """Shows lines; a screen reader hears them as one description."""

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self.setProperty("kind", "card")
        self._grid = QGridLayout(self)
        edge = theme.px(14)
        self._grid.setContentsMargins(edge, theme.px(11), edge, theme.px(12))
        self._grid.setHorizontalSpacing(theme.px(9))
        self._grid.setVerticalSpacing(theme.px(6))
        self._grid.setColumnStretch(1, 1)
        self._title = QLabel(tr("What happens"))
        self._title.setProperty("kind", "muted")
        self._grid.addWidget(self._title, 0, 0, 1, 2)
        self._shown: list[QLabel] = []
        self.lines: tuple[Line, ...] = ()

    def show_lines(self, lines: Sequence[Line]) -> None:
        """Show these lines instead of those before."""
        if tuple(lines) == self.lines:
            return
        self.lines = tuple(lines)
        for label in self._shown:
            self._grid.removeWidget(label)
            label.hide()
            label.deleteLater()
        self._shown = []
        for row, line in enumerate(lines, start=1):
            self._add(row, line)
        self.setAccessibleName(self._title.text())
        self.setAccessibleDescription(" ".join(line.words for line in lines))

    def _add(self, row: int, line: Line) -> None:
        sign, words = QLabel(), QLabel(line.words)
        sign.setPixmap(self._theme.pixmap(line.icon, line.token, 16, self.devicePixelRatioF()))
        words.setWordWrap(True)
        words.setTextFormat(Qt.TextFormat.PlainText)
        self._grid.addWidget(sign, row, 0, Qt.AlignmentFlag.AlignTop)
        self._grid.addWidget(words, row, 1)
        self._shown += [sign, words]
