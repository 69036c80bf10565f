"""What is behind each figure of the page, for the window that shows it."""

from datetime import date
from typing import TYPE_CHECKING

from app.core.calendar import month_number
from app.core.i18n import N_, tr
from app.services.forecast import Scope
from app.services.today import TODAY_METRICS
from app.ui.lead_table.behind import Figure, Found

if TYPE_CHECKING:
    from app.services.office import Office
    from app.services.recent import Happening


def figure_of(key: str, office: "Office", user_id: int | None) -> Figure:
    """A figure by its key in `TODAY_METRICS`; of one person's leads, or of all."""
    metric = TODAY_METRICS[key]
    title, definition = str(metric.label), str(metric.definition)
    if key == "secured":
        return Figure(title, definition, lambda: _secured(office, user_id), (N_("Secured"),))
    if key == "gap":
        return Figure(title, definition, lambda: _counted(office, user_id), (N_("Secured"), N_("Weighted")))
    return Figure(title, definition, lambda: Found(office.today.behind(key, user_id)))


def figure_of_step(happening: "Happening") -> Figure:
    """The leads that one step of somebody concerned."""
    title = str(happening.words or tr("Since yesterday"))
    definition = tr("The leads that this step concerned, as far as they are still there.")
    return Figure(title, definition, lambda: Found(happening.lead_ids))


def _year(office: "Office") -> tuple[int, int]:
    first = month_number(date(office.store.today().year, 1, 1))
    return first, first + 11


def _secured(office: "Office", user_id: int | None) -> Found:
    shares = office.forecast.leads_behind(_year(office), of=Scope(user_id, kind="won"))
    secured = {share.lead_id: share.sums.secured for share in shares}
    return Found(list(secured), (secured,))


def _counted(office: "Office", user_id: int | None) -> Found:
    """What counts towards the goal: in the months that have one."""
    first, last = _year(office)
    goals = office.goals.months(first, last, user_id)
    secured: dict[int, int] = {}
    weighted: dict[int, int] = {}
    for month in (first + place for place, goal in enumerate(goals) if goal is not None):
        for share in office.forecast.leads_behind(month, of=Scope(user_id)):
            secured[share.lead_id] = secured.get(share.lead_id, 0) + share.sums.secured
            weighted[share.lead_id] = weighted.get(share.lead_id, 0) + share.sums.weighted
    ids = sorted(secured, key=lambda lead_id: (-secured[lead_id] - weighted[lead_id], lead_id))
    return Found(ids, (secured, weighted))
