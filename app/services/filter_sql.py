"""A filter as SQL over `lead`, and which changes can bring a lead in or out of it.

Every piece is true or false, never NULL, so that NOT is the opposite. Values are bound, tables named without a schema:
the views of the reading connection decide what is visible.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, tzinfo
from typing import Any

from app.core.calendar import day_number, day_of
from app.core.changes import ChangeSet
from app.core.folding import search_key
from app.models.types import micros
from app.services.lead_terms import IDLE, OVERDUE, PROBABILITY
from app.services.matching import words_of
from app.services.record_filter import (
    FIELDS,
    AllOf,
    AnyOf,
    Condition,
    Filter,
    Kind,
    Not,
    Op,
    Value,
    conditions,
    days_of,
    numbers_of,
    span_of,
)

#: Probability in effect, without a join.
_PROBABILITY = PROBABILITY.replace(
    "stage.probability", "(SELECT stage.probability FROM stage WHERE stage.id = lead.stage_id)"
)
#: The title as it is searched: see `app.core.folding.search_key`.
_TITLE = "replace(replace(replace(lead.title_key, 'ae', 'a'), 'oe', 'o'), 'ue', 'u')"

_COLUMNS = {
    "responsible": "lead.user_id", "stage": "lead.stage_id", "status": "lead.status", "source": "lead.source_id",
    "reason": "lead.reason_id", "company": "lead.company_id", "contact": "lead.person_id", "budget": "lead.budget",
    "category": "lead.category_now",
    "volume": "lead.total_base", "weighted": "lead.weighted_base", "probability": _PROBABILITY,
    "next_step": "lead.next_step_on", "activated": "lead.activated_on", "closed": "lead.closed_on",
    "created": "lead.created_at",
}  # fmt: skip

#: Column, sign, and what it is compared with; None for no bound.
_Bound = tuple[str, str, int | None]

_OPPOSITE = {Op.IS_NOT: Op.IS, Op.NO: Op.YES, Op.LACKS: Op.CONTAINS}
_HOLDS = {Op.YES: IDLE, Op.OVERDUE: OVERDUE}

_VALUE = ("amount_minor", "currency", "budget", "period_first", "period_last", "status", "closed_on")


@dataclass(frozen=True)
class _Rests:
    """What a field's value follows from: columns of the lead, whole tables, or whatever is computed of a lead."""

    columns: tuple[str, ...] = ()
    tables: tuple[str, ...] = ()
    computed: bool = False


_RESTS = {
    "responsible": _Rests(("user_id",)), "stage": _Rests(("stage_id",)), "status": _Rests(("status",)),
    "tag": _Rests((), ("lead_tag",)), "source": _Rests(("source_id",)), "reason": _Rests(("reason_id",)),
    "company": _Rests(("company_id",)), "contact": _Rests(("person_id",)),
    "next_step": _Rests(("status",), ("step",)), "idle": _Rests((), ("lead", "step", "stage"), computed=True),
    "period": _Rests(("period_first", "period_last")),
    "volume": _Rests(_VALUE, ("rate", "store_setting")),
    "weighted": _Rests((*_VALUE, "probability", "stage_id"), ("rate", "store_setting", "stage")),
    "probability": _Rests(("probability", "stage_id", "status"), ("stage",)), "budget": _Rests(("budget",)),
    "category": _Rests(("category", "stage_id", "status"), ("stage",)),
    "activated": _Rests(("activated_on",)), "created": _Rests(("created_at",)), "closed": _Rests(("closed_on",)),
    "title": _Rests(("title",)), "text": _Rests(computed=True),
}  # fmt: skip


def concerned(tree: Filter, change: ChangeSet) -> bool:
    """Whether the change can bring a lead in or out: said of a lead that is there before and after."""
    columns = change.columns("lead")
    for rests in {_RESTS[condition.field] for condition in conditions(tree)}:
        if not columns.isdisjoint(rests.columns) or (rests.tables and change.concerns(*rests.tables)):
            return True
        if rests.computed and change.touched:
            return True
    return False


def condition(tree: Filter, today: date, zone: tzinfo) -> tuple[str, dict[str, Any]]:
    """The condition over `lead`, and what it binds. Days are those of `zone`, reckoned from `today`."""
    writer = _Writer(today, zone)
    return writer.write(tree), writer.binds


class _Writer:
    def __init__(self, today: date, zone: tzinfo) -> None:
        self._today = today
        self._zone = zone
        self.binds: dict[str, Any] = {"today": day_number(today)}

    def write(self, tree: Filter) -> str:
        match tree:
            case Not(part):
                return f"NOT {self.write(part)}"
            case AllOf(parts):
                return f"({' AND '.join(map(self.write, parts))})" if parts else "TRUE"
            case AnyOf(parts):
                return f"({' OR '.join(map(self.write, parts))})" if parts else "FALSE"
            case Condition(field, op, values):
                return self._condition(field, op, values)

    def _condition(self, field: str, op: Op, values: tuple[Value, ...]) -> str:
        if op in _OPPOSITE:
            return f"NOT {self._condition(field, _OPPOSITE[op], values)}"
        if op in _HOLDS:
            return f"COALESCE(({_HOLDS[op]}), FALSE)"
        if op in (Op.EMPTY, Op.FILLED):
            column = "lead.period_first" if field == "period" else f"({_COLUMNS[field]})"
            return f"({column} IS {'NOT ' if op is Op.FILLED else ''}NULL)"
        if op is Op.IS:
            return self._tags(values) if field == "tag" else self._among(_COLUMNS[field], values)
        if op is Op.CONTAINS:
            return self._contains(field, str(values[0]))
        return self._bounded(self._bounds(field, op, values))

    def _bounds(self, field: str, op: Op, values: tuple[Value, ...]) -> "Sequence[_Bound]":
        kind = FIELDS[field].kind
        if kind is Kind.MONTHS:
            first, last = span_of(op, values, self._today)
            return ("lead.period_last", ">=", first), ("lead.period_first", "<=", last)
        if kind is Kind.DAY:
            first, last = days_of(op, values, self._today)
            if field == "created":
                begin, end = (
                    None if day is None else self._instant(day) for day in (first, None if last is None else last + 1)
                )
                return ("lead.created_at", ">=", begin), ("lead.created_at", "<", end)
        else:
            first, last = numbers_of(op, values)
        column = f"({_COLUMNS[field]})"
        return (column, ">=", first), (column, "<=", last)

    def _instant(self, day: int) -> int:
        """When a day begins."""
        return micros(datetime.combine(day_of(day), time(), self._zone))

    def _bounded(self, bounds: "Sequence[_Bound]") -> str:
        """What lies within the bounds; where nothing is there it does not."""
        parts = [f"{column} {sign} {self._bind(value)}" for column, sign, value in bounds if value is not None]
        column = bounds[0][0]
        return f"({column} IS NOT NULL AND {' AND '.join(parts)})"

    def _among(self, column: str, values: tuple[Value, ...]) -> str:
        named = [value for value in values if value is not None]
        parts = [f"({column} IS NOT NULL AND {column} IN ({', '.join(map(self._bind, named))}))"] if named else []
        if None in values:
            parts.append(f"{column} IS NULL")
        return f"({' OR '.join(parts)})"

    def _tags(self, values: tuple[Value, ...]) -> str:
        named = [value for value in values if value is not None]
        parts = []
        if named:
            ids = ", ".join(map(self._bind, named))
            parts.append(f"lead.id IN (SELECT lead_tag.lead_id FROM lead_tag WHERE lead_tag.tag_id IN ({ids}))")
        if None in values:
            parts.append("NOT EXISTS (SELECT 1 FROM lead_tag WHERE lead_tag.lead_id = lead.id)")
        return f"({' OR '.join(parts)})"

    def _contains(self, field: str, typed: str) -> str:
        if field == "title":
            return f"(instr({_TITLE}, {self._bind(search_key(typed))}) > 0)"
        words = []
        for word in words_of(typed):
            ways = [f"instr(told.folded, {self._bind(meaning)}) > 0" for meaning in word]
            words.append(f"({' OR '.join(ways)})")
        return (
            "EXISTS (SELECT 1 FROM search_doc told WHERE told.entity = 'lead' AND told.row_id = lead.id"
            f" AND {' AND '.join(words) or 'TRUE'})"
        )

    def _bind(self, value: Value) -> str:
        name = f"filter{len(self.binds)}"
        self.binds[name] = value
        return f":{name}"
