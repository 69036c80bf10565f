"""Steps with companies that are due, with no lead to stand at: what is to be done for customers without an occasion."""

from typing import TYPE_CHECKING, Any

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from app.core.i18n import N_, ntr, tr
from app.core.terms import Entity
from app.services.due_steps import DueSteps
from app.ui.overview.columns import step_columns
from app.ui.overview.record_card import OPEN, RecordCard

if TYPE_CHECKING:
    from app.ui.context import Context

_EXPLAINED = N_(
    "Steps with companies that are overdue or due today. Steps of leads stand at their leads. What was put off comes "
    "back at its time."
)


class StepsCard(RecordCard):
    """Is there only while something is due. `commanded(command, entity, id)` asks for a command on a company."""

    opened = Signal(object, int)
    commanded = Signal(str, object, int)

    def __init__(self, context: "Context", parent: QWidget | None = None) -> None:
        ways = (
            ("record_finish", tr("Finish step …"), "check"), ("record_later", tr("Later …"), "clock"),
            (OPEN, tr("Show in Customers"), "building"),
        )  # fmt: skip
        columns = step_columns(context.wording)
        super().__init__(context, tr("Steps with customers"), tr(_EXPLAINED), columns, ways, parent)
        self.asked.connect(self._act)
        self.hide()

    def show_steps(self, found: DueSteps) -> None:
        """The earliest first, and how many there are in all."""
        words = ntr("{n} is due", "{n} are due", found.count) if found.count else ""
        self.show_rows(found.rows, words)
        self.setVisible(bool(found.rows))

    def _act(self, way: str, row: Any) -> None:
        if way == OPEN:
            self.opened.emit(Entity.COMPANY, row.company_id)
        else:
            self.commanded.emit(way, Entity.COMPANY, row.company_id)
