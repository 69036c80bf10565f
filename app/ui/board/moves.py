"""What it means for leads to be let go over a column."""

from collections.abc import Callable, Sequence
from functools import partial
from typing import TYPE_CHECKING

from app.core.roles import Act
from app.services.board import WITHOUT, BoardColumn, Grouping
from app.ui.lead_form.start import Start

if TYPE_CHECKING:
    from app.services.leads import Leads

Verb = Callable[[Sequence[int]], object]


def move_to(leads: "Leads", grouping: Grouping, spec: BoardColumn) -> Verb:
    """The one verb that brings leads into a column: one step to undo, for one lead or for many."""
    value = None if spec.key == WITHOUT else spec.key
    match grouping:
        case Grouping.RESPONSIBLE:
            return partial(leads.assign, user_id=value)
        case Grouping.MONTH:
            return partial(leads.move_period, first=value)
        case Grouping.SOURCE:
            return partial(leads.edit, source=None if value is None else spec.name)
    return partial(leads.move, stage_id=spec.key)


def right_to_move(grouping: Grouping) -> Act:
    """What one has to be allowed to do to bring leads into other columns."""
    return Act.ASSIGN if grouping is Grouping.RESPONSIBLE else Act.CHANGE


def start_in(grouping: Grouping, spec: BoardColumn) -> Start:
    """What a new lead in this column has in common with those that stand there."""
    if spec.key == WITHOUT:
        return Start()
    match grouping:
        case Grouping.RESPONSIBLE:
            return Start(user_id=spec.key)
        case Grouping.MONTH:
            return Start(month=spec.key)
        case Grouping.SOURCE:
            return Start(source=spec.name)
    return Start(stage_id=spec.key)
