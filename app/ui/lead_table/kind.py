"""What tells a list of leads from lists of other records."""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from app.ui.context import Context
    from app.ui.tables.cell_edit import Source


def editors(context: "Context") -> "Source":
    """What can be edited in the cells, loaded when somebody begins to."""
    from app.ui.lead_table.editors import LeadEditors

    return LeadEditors(context)
