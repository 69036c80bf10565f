"""What lists of leads can be narrowed to with one press."""

from collections.abc import Sequence
from datetime import date
from typing import TYPE_CHECKING

from app.core.i18n import N_
from app.services.filter_fields import Op
from app.services.record_filter import Condition
from app.ui.record_table.facets import (
    Chips,
    Facet,
    Offer,
    amounts,
    facet_of,
    listed,
    past_days,
    percents,
    periods,
    worded,
)

if TYPE_CHECKING:
    from app.ui.context import Context

_WEEKS = (7, 30)
_YEARS = 5


def _closed(context: "Context", facet: Facet) -> Sequence[Offer]:
    """The last twelve months and whole years: what the figures above a list can be for."""
    this_year = context.office.store.today().year
    years = [
        Condition(facet.field, Op.BETWEEN, (date(year, 1, 1), date(year, 12, 31)))
        for year in range(this_year, this_year - _YEARS, -1)
    ]
    return worded(context, [Condition(facet.field, Op.TWELVE), *years])


def _steps(context: "Context", facet: Facet) -> Sequence[Offer]:
    weeks = [Condition(facet.field, Op.COMING, (n,)) for n in _WEEKS]
    return worded(context, [Condition(facet.field, Op.TODAY), *weeks, Condition(facet.field, Op.FILLED)])


#: In the order in which they are offered. What is asked for is shown by the first that can.
FACETS: dict[str, Facet] = {
    facet.key: facet
    for facet in (
        facet_of("responsible", listed),
        Facet("overdue", N_("Overdue"), "next_step", switch=Condition("next_step", Op.OVERDUE)),
        Facet("no_step", N_("Without next step"), "next_step", switch=Condition("next_step", Op.EMPTY)),
        Facet("idle", N_("Without movement"), "idle", switch=Condition("idle", Op.YES)),
        facet_of("stage", listed),
        facet_of("tag", listed),
        facet_of("source", listed),
        facet_of("reason", listed),
        facet_of("next_step", _steps),
        facet_of("period", periods),
        facet_of("volume", amounts),
        facet_of("weighted", amounts),
        facet_of("probability", percents),
        facet_of("budget", listed),
        facet_of("category", listed),
        facet_of("activated", past_days),
        facet_of("created", past_days),
        Facet("closed", N_("Period"), "closed", offers=_closed, ranged=True),
        Facet("outcome", N_("Outcome"), "status", single=True),
    )
}

CHIPS = {
    "leads": Chips(
        ("responsible", "overdue"),
        ("stage", "tag", "source", "no_step", "idle", "next_step", "period", "volume", "weighted", "probability",
         "budget", "category", "activated"),
    ),
    "potential": Chips(
        ("responsible",), ("tag", "source", "overdue", "no_step", "next_step", "period", "volume", "created")
    ),
    "closed": Chips(
        ("closed", "responsible", "reason"), ("tag", "source", "stage", "period", "volume", "budget", "activated")
    ),
}  # fmt: skip
