"""A lead in a window of its own, with the same panel as beside the list."""

from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtCore import QByteArray, Qt, Signal
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QVBoxLayout, QWidget

from app.core.changes import ChangeSet
from app.core.terms import Entity
from app.ui.detail.panel import DetailPanel
from app.ui.widgets.focus import move_focus

if TYPE_CHECKING:
    from app.ui.context import Context


class LeadWindow(QWidget):
    """Shows one lead for as long as it exists. `ask(command, lead id)` carries out what its buttons stand for.

    `recordAsked(entity, id)` asks for a company or person.
    """

    recordAsked = Signal(object, int)

    def __init__(self, context: "Context", lead_id: int, ask: Callable[[str, int], None], parent: QWidget) -> None:
        super().__init__(parent, Qt.WindowType.Window)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.lead_id = lead_id
        self._panel = DetailPanel(context, closable=False, parent=self)
        self._panel.asked.connect(lambda command: ask(command, lead_id))
        self._panel.recordAsked.connect(self.recordAsked)
        box = QVBoxLayout(self)
        box.setContentsMargins(0, 0, 0, 0)
        box.addWidget(self._panel)
        QShortcut(QKeySequence("Esc"), self, self.close)
        context.bridge.changed.connect(self._on_change)
        self._panel.show_leads((lead_id,))
        self.setWindowTitle(self._panel.title)
        self.resize(context.theme.px(480), context.theme.px(760))

    def focusNextPrevChild(self, forward: bool) -> bool:
        """Tab: through what is seen, from top to bottom."""
        return move_focus(self, forward)

    def _on_change(self, change: ChangeSet) -> None:
        if self._panel.shown_id is None:  # deleted meanwhile
            self.close()
        else:
            self.setWindowTitle(self._panel.title)


def show_lead(
    context: "Context",
    lead_id: int,
    ask: Callable[[str, int], None],
    parent: QWidget,
    open_record: Callable[[Entity, int], object] = lambda _entity, _id: None,
) -> LeadWindow:
    """The window of a lead: the one that is open already, or a new one, which shows records by `open_record`."""
    for window in parent.findChildren(LeadWindow):
        if window.lead_id == lead_id:
            window.show()
            window.activateWindow()
            return window
    window = LeadWindow(context, lead_id, ask, parent)
    window.recordAsked.connect(open_record)
    window.show()
    return window


def places(parent: QWidget) -> dict[int, QByteArray]:
    """Which leads have windows of their own, and where these stand."""
    return {window.lead_id: window.saveGeometry() for window in parent.findChildren(LeadWindow)}
