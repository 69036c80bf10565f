"""A menu of which several entries can be taken one after the other, without opening it anew each time."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QAction, QKeyEvent, QMouseEvent
from PySide6.QtWidgets import QMenu, QWidget


class ChoiceMenu(QMenu):
    """A press takes an entry and closes the menu as usual; with Ctrl, or with the space bar, it tells `added` and stays
    open. Where `several` is set a press does so too. Entries that cannot be ticked are left to the menu.
    """

    added = Signal(QAction)

    def __init__(self, parent: QWidget | None = None, *, several: bool = False) -> None:
        super().__init__(parent)
        self._several = several

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        more = self._several or bool(event.modifiers() & Qt.KeyboardModifier.ControlModifier)
        if not (more and self._add(self.actionAt(event.position().toPoint()))):
            super().mouseReleaseEvent(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if not (event.key() == Qt.Key.Key_Space and self._add(self.activeAction())):
            super().keyPressEvent(event)

    def _add(self, action: QAction | None) -> bool:
        if action is None or not action.isCheckable() or not action.isEnabled():
            return False
        action.setChecked(not action.isChecked())
        self.added.emit(action)
        return True
