"""What the three tabs with a list of leads have in common."""

from typing import TYPE_CHECKING, Any

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from app.ui.lead_table.panel import LeadPanel

if TYPE_CHECKING:
    from app.ui.context import Context


class LeadTab(QWidget):
    """A tab around a `LeadPanel`. Widgets above the list go to `head`."""

    selectionChanged = Signal()

    def __init__(self, context: "Context", panel: LeadPanel) -> None:
        super().__init__()
        self.context = context
        self.panel = panel
        self._shown = False
        px = context.theme.px
        box = QVBoxLayout(self)
        box.setContentsMargins(px(14), px(14), px(14), px(14))
        box.setSpacing(px(11))
        self.head = QVBoxLayout()
        self.head.setSpacing(px(11))
        box.addLayout(self.head)
        box.addWidget(panel, 1)
        panel.selectionChanged.connect(self.selectionChanged)

    def activate(self) -> None:
        """The tab comes to the front."""
        if not self._shown:
            self._shown = True
            self.panel.reload()
        self.panel.view.setFocus()

    def refresh(self) -> None:
        """Ask for everything anew."""
        self.panel.wording.refresh()
        self.panel.model.refresh_all()
        self.panel.reload()

    def turn_of_day(self) -> None:
        """A new day has begun."""
        self.panel.turn_of_day()

    def selected_ids(self) -> list[int]:
        """The leads chosen in the list."""
        return self.panel.selected_ids()

    def focus_filter(self) -> None:
        """Let the user type what to look for."""
        self.panel.filter.setFocus()
        self.panel.filter.selectAll()

    def save_state(self) -> dict[str, Any]:
        """What is remembered of the tab."""
        return self.panel.save_state()

    def restore_state(self, state: dict[str, Any]) -> None:
        """The inverse of `save_state`; before the first `activate`."""
        self.panel.restore_state(state)
