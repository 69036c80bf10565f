"""The checklist of a stage, one point a line, taken over when one goes on to something else."""

from collections.abc import Sequence

from PySide6.QtCore import Signal
from PySide6.QtGui import QFocusEvent
from PySide6.QtWidgets import QPlainTextEdit

from app.ui.theme import Theme
from app.ui.widgets.own_undo import share_undo

_LINES = 4


class ChecklistEdit(QPlainTextEdit):
    """`left(lines)` after something was changed. What is refused stays where it was typed."""

    left = Signal(list)

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._shown: tuple[int, tuple[str, ...]] | None = None
        self.setTabChangesFocus(True)
        share_undo(self)
        theme.fit(self, lambda: self.setFixedHeight(self.fontMetrics().lineSpacing() * _LINES + theme.px(14)))

    def show_points(self, stage_id: int, points: Sequence[str]) -> None:
        """The points of a stage; what is being typed for the same ones stays."""
        shown = (stage_id, tuple(points))
        if shown != self._shown:
            self._shown = shown
            self.setPlainText("\n".join(points))

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        lines = [line.strip() for line in self.toPlainText().splitlines() if line.strip()]
        if self._shown is not None and tuple(lines) != self._shown[1]:
            self.left.emit(lines)
