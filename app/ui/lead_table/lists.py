"""The panel and the tab around a list of leads."""

from collections.abc import Callable
from typing import TYPE_CHECKING

from app.core.terms import Status
from app.services.lead_list import ListQuery, Totals
from app.ui.lead_table.columns import LeadColumn
from app.ui.lead_table.kind import IDEAS, LEADS
from app.ui.record_table.panel import Figures, RecordPanel
from app.ui.record_table.tab import RecordTab
from app.ui.wording import Wording

if TYPE_CHECKING:
    from app.ui.context import Context


class LeadPanel(RecordPanel[ListQuery]):
    """A list of leads."""

    def __init__(
        self,
        context: "Context",
        name: str,
        query: ListQuery,
        columns: Callable[[Wording], tuple[LeadColumn, ...]],
        figures: Callable[[Wording, Totals], Figures],
    ) -> None:
        """`name` is what a screen reader calls the list; `figures` words the footer."""
        kind = IDEAS if query.statuses == (Status.POTENTIAL,) else LEADS
        super().__init__(context, kind, name, query, columns, figures)


class LeadTab(RecordTab):
    """A tab around a list of leads."""

    panel: LeadPanel

    def __init__(self, context: "Context", panel: LeadPanel) -> None:
        super().__init__(context, panel)

    @property
    def pasted_status(self) -> Status:
        """What leads are that are pasted here, where nothing else is said: active among active ones, else ideas."""
        return Status.ACTIVE if self.panel.query.statuses == (Status.ACTIVE,) else Status.POTENTIAL
