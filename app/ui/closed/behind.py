"""What is behind the figures above the list of closed leads."""

from datetime import date
from typing import TYPE_CHECKING

from app.core.i18n import N_, tr
from app.core.money import half_up
from app.core.terms import CLOSED, Status
from app.services.metric_words import METRICS
from app.ui.lead_table.behind import Figure, Found

if TYPE_CHECKING:
    from app.services.funnel import Outcomes
    from app.ui.context import Context

Days = tuple[date | None, date | None]

#: The figures in their order, each with its definition among the metrics.
FIGURES = {"count": "closed_rate", "value": "closed_value", "won": "closed_won", "cycle": "closed_cycle"}
_DECIDED = (Status.WON, Status.LOST)
#: Which leads belong to a figure: their outcomes, and whether they need a value or a duration.
_LEADS: dict[str, tuple[tuple[Status, ...], bool, bool]] = {
    "count": (_DECIDED, False, False), "value": (_DECIDED, True, False), "won": ((Status.WON,), False, False),
    "cycle": (CLOSED, False, True),
}  # fmt: skip


def label_of(key: str) -> str:
    """What a figure is called."""
    return str(METRICS[FIGURES[key]].label)


def definition_of(key: str) -> str:
    """How it is reckoned."""
    return str(METRICS[FIGURES[key]].definition)


def behind(context: "Context", key: str, days: Days) -> Figure:
    """A figure of the leads closed on these days: their volumes, and what of them was won."""
    office, (outcomes, valued, timed) = context.office, _LEADS[key]

    def read() -> Found:
        leads = office.behind.closed(*days, outcomes, valued=valued, timed=timed)
        won = {each.lead_id for each in office.behind.closed(*days, (Status.WON,))}
        volume = {each.lead_id: each.total for each in leads}
        gained = {lead: minor for lead, minor in volume.items() if lead in won}
        return Found(list(volume), (volume, gained), _worded(context, key, office.funnel.outcomes(*days)))

    columns = ("cycle", "closed") if key == "cycle" else ("closed", "reason")
    return Figure(label_of(key), definition_of(key), read, (N_("Volume"), N_("Of it won")), columns)


def _worded(context: "Context", key: str, outcomes: "Outcomes") -> str:
    """The figure as its card shows it; nothing where a sum says it."""
    formats = context.formats
    if key == "count":
        return formats.rate(outcomes.win_rate)
    if key == "value":
        return formats.rate(outcomes.win_rate_value)
    if key == "cycle" and outcomes.cycle.mean is not None:
        return tr("Mean {days}", days=formats.days(half_up(outcomes.cycle.mean), long=True))
    return ""
