"""Which leads, in which order: what their lists ask for beside what all lists do."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any, ClassVar

from app.core.calendar import day_number
from app.core.changes import ChangeSet
from app.core.terms import Category, Entity, Status
from app.services.group_terms import GROUPS
from app.services.lead_terms import IDLE, OVERDUE, PROBABILITY
from app.services.list_terms import ListTerms
from app.services.matching import Named
from app.services.record_query import RecordQuery
from app.services.sort_terms import Sort

__all__ = ["IDLE", "LEADS", "OVERDUE", "PROBABILITY", "SORT_KEYS", "ListQuery"]

_BY_STATE = (
    "CASE lead.status " + " ".join(f"WHEN '{state}' THEN {place}" for place, state in enumerate(Status)) + " END"
)

_BY_CATEGORY = (
    "CASE COALESCE(lead.category_now, lead.category) "
    + " ".join(f"WHEN '{category}' THEN {place}" for place, category in enumerate(Category)) + " END"
)  # fmt: skip

_STAGE = "LEFT JOIN stage ON stage.id = lead.stage_id"
_VALUE = ("amount_minor", "currency", "budget", "probability", "stage_id", "status", "period_first", "period_last",
          "closed_on")  # fmt: skip
_STATE = Sort((_BY_STATE,), columns=("status",))
_TOTAL = Sort(("lead.total_base",), columns=_VALUE, tables=("rate", "store_setting"))

_SORTS = {
    "title": Sort(("lead.title_key",), columns=("title",)),
    "company": Sort(("company.sort_key",), "LEFT JOIN company ON company.id = lead.company_id", ("company_id",),
                    ("company",), unaided=True),
    "person": Sort(("person.sort_key",), "LEFT JOIN person ON person.id = lead.person_id", ("person_id",),
                   ("person",), unaided=True),
    "responsible": Sort(("member.sort_key",), "LEFT JOIN member ON member.id = lead.user_id", ("user_id",),
                        ("member",)),
    "stage": Sort(("stage.position",), _STAGE, ("stage_id",), ("stage",)),
    "probability": Sort((PROBABILITY,), _STAGE, _VALUE, ("stage",)),
    "volume": _TOTAL,
    "total": _TOTAL,
    "weighted": Sort(("lead.weighted_base",), columns=_VALUE, tables=("rate", "stage", "store_setting")),
    "currency": Sort(("lead.currency", "lead.amount_minor"), columns=("currency", "amount_minor"), unaided=True),
    "period": Sort(("lead.period_first",), columns=("period_first",)),
    "next_step": Sort(("lead.next_step_on",), columns=("status",), tables=("step",)),
    "age": Sort(("lead.activated_on",), columns=("activated_on",), reversed=True),
    "activated": Sort(("lead.activated_on",), columns=("activated_on",)),
    "created": Sort(("lead.created_at",), columns=("created_at",)),
    "closed": Sort(("lead.closed_on",), columns=("closed_on",)),
    "cycle": Sort(("lead.closed_on - lead.activated_on",), columns=("closed_on", "activated_on")),
    "status": _STATE,
    "outcome": _STATE,
    "reason": Sort(("reason.position", "reason.id"), "LEFT JOIN reason ON reason.id = lead.reason_id", ("reason_id",),
                   ("reason",)),
    "source": Sort(("source.position", "source.id"), "LEFT JOIN source ON source.id = lead.source_id", ("source_id",),
                   ("source",)),
    "number": Sort(("lead.external_number",), columns=("external_number",), unaided=True),
    "category": Sort((_BY_CATEGORY,), columns=("category", "stage_id", "status"), tables=("stage",)),
}  # fmt: skip
SORT_KEYS = frozenset(_SORTS)

LEADS = ListTerms(
    entity=Entity.LEAD,
    sorts=_SORTS,
    groups=GROUPS,
    narrowing=frozenset({
        "status", "deleted_at", "stage_id", "user_id", "reason_id", "source_id", "activated_on", "closed_on",
    }),
    # minor units of the base currency over the leads that have a rate, and how many have none
    sums={
        "volume": "COALESCE(sum(lead.total_base), 0)", "weighted": "COALESCE(sum(lead.weighted_base), 0)",
        "without_rate": "count(*) - count(lead.total_base)",
    },
    # few, and changed for many leads at once: in the document they would be written anew for each
    named=(
        Named("lead.user_id", "member", "name || ' ' || initials"),
        Named("lead.source_id", "source"),
        Named("lead.stage_id", "stage", only="lead.status = 'active'"),
    ),
)  # fmt: skip


@dataclass(frozen=True)
class ListQuery(RecordQuery):
    """What a list of leads shows: the states, what it is narrowed to, and the order.

    `activated_from` is the first day of those that count. `idle` and `overdue` leave only such leads (an overdue step
    belongs to a lead that still runs).
    """

    statuses: tuple[Status, ...] = tuple(Status)
    stage_id: int | None = None
    user_id: int | None = None
    reason_id: int | None = None
    source_id: int | None = None
    activated_from: date | None = None
    idle: bool = False
    overdue: bool = False
    sort: str = field(default="weighted", kw_only=True)
    descending: bool = field(default=True, kw_only=True)

    terms: ClassVar[ListTerms] = LEADS

    def narrowed_anew(self, change: ChangeSet) -> bool:
        asked = self.idle or self.overdue
        return asked and (bool(change.touched) or change.concerns("lead", "step", "stage"))

    def narrowed(self, today: date) -> tuple[list[str], dict[str, Any]]:
        binds: dict[str, Any] = {}
        parts = [_state(self.statuses)]
        for name in ("stage_id", "user_id", "reason_id", "source_id"):
            value = getattr(self, name)
            if value is not None:
                parts.append(f"lead.{name} = :{name}")
                binds[name] = value
        if self.activated_from is not None:
            parts.append("lead.activated_on >= :activated_from")
            binds["activated_from"] = day_number(self.activated_from)
        if self.idle:
            parts.append(f"({IDLE})")
        if self.overdue:
            parts.append(OVERDUE)
        if self.idle or self.overdue:
            binds["today"] = day_number(today)
        return parts, binds


def _state(statuses: Sequence[Status]) -> str:
    if len(statuses) == 1:  # lets an index give the order
        return f"lead.status = '{Status(statuses[0])}'"
    words = ", ".join(f"'{Status(status)}'" for status in statuses)
    return f"lead.status IN ({words})"
