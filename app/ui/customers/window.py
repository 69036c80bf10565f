"""A company or a person in a window of its own, with the same panel as beside the list."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from PySide6.QtCore import QByteArray, Qt
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QVBoxLayout, QWidget

from app.core.changes import ChangeSet
from app.core.terms import Entity, Status
from app.ui.customers.panel import CustomerPanel
from app.ui.widgets.focus import move_focus

if TYPE_CHECKING:
    from app.ui.context import Context


@dataclass(frozen=True)
class Ways:
    """Where the links and buttons of a window lead: a command for this record, a lead, another record, its leads."""

    ask: Callable[[str, Entity, int], object]
    open_lead: Callable[[int], object]
    open_record: Callable[[Entity, int], object]
    list_leads: Callable[[Entity, int, Status], object]


class RecordWindow(QWidget):
    """Shows one record for as long as it exists."""

    def __init__(self, context: "Context", entity: Entity, record_id: int, ways: Ways, parent: QWidget) -> None:
        super().__init__(parent, Qt.WindowType.Window)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setObjectName("record")
        self.about = (entity, record_id)
        self.panel = CustomerPanel(context, entity, closable=False, parent=self)
        self.panel.asked.connect(lambda command: ways.ask(command, entity, record_id))
        self.panel.opened.connect(ways.open_lead)
        self.panel.recordOpened.connect(ways.open_record)
        self.panel.listAsked.connect(ways.list_leads)
        box = QVBoxLayout(self)
        box.setContentsMargins(0, 0, 0, 0)
        box.addWidget(self.panel)
        QShortcut(QKeySequence("Esc"), self, self.close)
        context.bridge.changed.connect(self._on_change)
        self.panel.show_records((record_id,))
        self.setWindowTitle(self.panel.title)
        self.resize(context.theme.px(480), context.theme.px(760))

    def focusNextPrevChild(self, forward: bool) -> bool:
        """Tab: through what is seen, from top to bottom."""
        return move_focus(self, forward)

    def _on_change(self, change: ChangeSet) -> None:
        if self.panel.shown_id is None:  # deleted meanwhile
            self.close()
        else:
            self.setWindowTitle(self.panel.title)


def show_record(context: "Context", entity: Entity, record_id: int, ways: Ways, parent: QWidget) -> RecordWindow:
    """The window of a record: the one that is open already, or a new one."""
    for window in parent.findChildren(RecordWindow):
        if window.about == (entity, record_id):
            window.show()
            window.activateWindow()
            return window
    window = RecordWindow(context, entity, record_id, ways, parent)
    window.show()
    return window


def places(parent: QWidget) -> dict[tuple[Entity, int], QByteArray]:
    """Which records have windows of their own, and where these stand."""
    return {window.about: window.saveGeometry() for window in parent.findChildren(RecordWindow)}
