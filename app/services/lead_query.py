"""Which leads, in which order: what a list asks for, and the SQL that says it.

Only unqualified tables are named, so that the views of the reading connection decide what is visible.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, tzinfo
from typing import TYPE_CHECKING, Any

from app.core.calendar import day_number
from app.core.changes import ChangeSet
from app.core.terms import Category, Status
from app.services.group_terms import GROUPS
from app.services.lead_terms import IDLE, OVERDUE, PROBABILITY

if TYPE_CHECKING:
    from app.services.record_filter import Filter

__all__ = ["IDLE", "OVERDUE", "PROBABILITY", "SORT_KEYS", "ListQuery", "order", "where"]

_BY_STATE = (
    "CASE lead.status " + " ".join(f"WHEN '{state}' THEN {place}" for place, state in enumerate(Status)) + " END"
)

_BY_CATEGORY = (
    "CASE COALESCE(lead.category_now, lead.category) "
    + " ".join(f"WHEN '{category}' THEN {place}" for place, category in enumerate(Category)) + " END"
)  # fmt: skip

#: What a list can be sorted by: the tables to join and the expressions, all of them sorted the same way.
_STAGE = "LEFT JOIN stage ON stage.id = lead.stage_id"
_SORTS: dict[str, tuple[str, tuple[str, ...]]] = {
    "title": ("", ("lead.title_key",)),
    "company": ("LEFT JOIN company ON company.id = lead.company_id", ("company.sort_key",)),
    "person": ("LEFT JOIN person ON person.id = lead.person_id", ("person.sort_key",)),
    "responsible": ("LEFT JOIN member ON member.id = lead.user_id", ("member.sort_key",)),
    "stage": (_STAGE, ("stage.position",)),
    "probability": (_STAGE, (PROBABILITY,)),
    "volume": ("", ("lead.total_base",)),
    "total": ("", ("lead.total_base",)),
    "weighted": ("", ("lead.weighted_base",)),
    "currency": ("", ("lead.currency", "lead.amount_minor")),
    "period": ("", ("lead.period_first",)),
    "next_step": ("", ("lead.next_step_on",)),
    "age": ("", ("lead.activated_on",)),
    "activated": ("", ("lead.activated_on",)),
    "created": ("", ("lead.created_at",)),
    "closed": ("", ("lead.closed_on",)),
    "cycle": ("", ("lead.closed_on - lead.activated_on",)),
    "status": ("", (_BY_STATE,)),
    "reason": ("LEFT JOIN reason ON reason.id = lead.reason_id", ("reason.position", "reason.id")),
    "source": ("LEFT JOIN source ON source.id = lead.source_id", ("source.position", "source.id")),
    "number": ("", ("lead.external_number",)),
    "category": ("", (_BY_CATEGORY,)),
}  # fmt: skip
_SORTS["outcome"] = _SORTS["status"]

#: A day earlier is an older lead: these sort against their column.
_REVERSED = frozenset({"age"})

SORT_KEYS = frozenset(_SORTS)
#: Orders by many different words that no index has: every lead is looked at before the first is known.
_UNAIDED = frozenset({"company", "person", "number", "currency"})

#: Columns and tables that each order depends on, for those who keep an order: a change of the others leaves it alone.
_OWN_COLUMNS = {
    "title": ("title",), "company": ("company_id",), "person": ("person_id",), "responsible": ("user_id",),
    "stage": ("stage_id",), "currency": ("currency", "amount_minor"), "period": ("period_first",),
    "age": ("activated_on",), "activated": ("activated_on",), "created": ("created_at",), "closed": ("closed_on",),
    "cycle": ("closed_on", "activated_on"), "status": ("status",), "outcome": ("status",), "next_step": ("status",),
    "reason": ("reason_id",), "source": ("source_id",), "number": ("external_number",),
    "category": ("category", "stage_id", "status"),
}  # fmt: skip
_FILTERED = frozenset({"status", "deleted_at", "stage_id", "user_id", "reason_id", "source_id", "activated_on",
                       "closed_on"})  # fmt: skip
_VALUE = ("amount_minor", "currency", "budget", "probability", "stage_id", "status", "period_first", "period_last",
          "closed_on")  # fmt: skip
_OWN_TABLES = {
    "company": ("company",), "person": ("person",), "responsible": ("member",), "stage": ("stage",),
    "probability": ("stage",), "category": ("stage",), "reason": ("reason",), "source": ("source",),
    "next_step": ("step",),
    "volume": ("rate", "store_setting"), "total": ("rate", "store_setting"),
    "weighted": ("rate", "stage", "store_setting"),
}  # fmt: skip


@dataclass(frozen=True)
class ListQuery:
    """What a list shows: the states, what it is narrowed to, and the order.

    `text` is a filter as typed, `filter` one as put together. `activated_from` is the first day of those that count.
    `idle` and `overdue` leave only such leads (an overdue step belongs to a lead that still runs). `group` names what
    the leads are grouped by, the outer level first, for whoever asks for groups.
    """

    statuses: tuple[Status, ...] = tuple(Status)
    stage_id: int | None = None
    user_id: int | None = None
    reason_id: int | None = None
    source_id: int | None = None
    activated_from: date | None = None
    idle: bool = False
    overdue: bool = False
    text: str = ""
    filter: "Filter | None" = None
    sort: str = "weighted"
    descending: bool = True
    group: tuple[str, ...] = ()

    @property
    def unaided(self) -> bool:
        """Whether even the first rows of this order take long, among many leads.

        With a filter too: when few leads fit, nearly all are looked at before there is a page of them.
        """
        return self.sort in _UNAIDED or self.filter is not None

    def reordered_by(self, change: ChangeSet) -> bool:
        """Whether the change can give a lead another place in this list, or bring one in or out of it.

        Says nothing about the text filter: the words of any lead that changed may match now.
        """
        groups = [GROUPS[key] for key in self.group]
        if change.everything or change.concerns(*_OWN_TABLES.get(self.sort, ()), *(each.table for each in groups)):
            return True
        if (self.idle or self.overdue) and (change.touched or change.concerns("lead", "step", "stage")):
            return True
        if self.filter is not None and _concerned(self.filter, change):
            return True
        columns = _FILTERED.union(_OWN_COLUMNS.get(self.sort, _VALUE), (each.column for each in groups))
        leads = [row for row in change.rows if row.table == "lead"]
        return any(row.op != "update" or not columns.isdisjoint(row.after) for row in leads)


def _concerned(tree: "Filter", change: ChangeSet) -> bool:
    from app.services.filter_sql import concerned  # a list without a filter starts without it

    return concerned(tree, change)


def where(query: ListQuery, today: date, zone: tzinfo) -> tuple[str, dict[str, Any]]:
    """The condition over `lead` for everything but the text, and what it binds. `zone` tells the day of an instant."""
    binds: dict[str, Any] = {}
    parts = [_state(query.statuses)]
    for name in ("stage_id", "user_id", "reason_id", "source_id"):
        value = getattr(query, name)
        if value is not None:
            parts.append(f"lead.{name} = :{name}")
            binds[name] = value
    if query.activated_from is not None:
        parts.append("lead.activated_on >= :activated_from")
        binds["activated_from"] = day_number(query.activated_from)
    if query.idle:
        parts.append(f"({IDLE})")
    if query.overdue:
        parts.append(OVERDUE)
    if query.idle or query.overdue:
        binds["today"] = day_number(today)
    if query.filter is not None:
        from app.services.filter_sql import condition

        part, bound = condition(query.filter, today, zone)
        parts.append(part)
        binds |= bound
    return " AND ".join(parts), binds


def _state(statuses: Sequence[Status]) -> str:
    if len(statuses) == 1:  # lets an index give the order
        return f"lead.status = '{Status(statuses[0])}'"
    words = ", ".join(f"'{Status(status)}'" for status in statuses)
    return f"lead.status IN ({words})"


def order(query: ListQuery) -> tuple[str, str]:
    """The joins and the ORDER BY of a query; whatever has no value comes last, and the id makes the order total.

    Raises KeyError for a sort key that is none.
    """
    joins, expressions = _SORTS[query.sort]
    descending = query.descending != (query.sort in _REVERSED)
    way = "DESC" if descending else "ASC"
    terms = [f"{expression} {way} NULLS LAST" for expression in expressions]
    return joins, ", ".join([*terms, f"lead.id {way}"])
