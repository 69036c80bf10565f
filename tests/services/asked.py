"""Which leads a filter means, reckoned slowly from the definitions: one lead and one condition at a time."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from hypothesis import strategies as st

from app.core.calendar import month_number
from app.core.folding import search_key
from app.core.terms import Status
from app.services.filter_fields import FIELDS, Kind, Op, Unit
from app.services.lead_list import LeadRow
from app.services.record_filter import AllOf, AnyOf, Condition, Filter, Not
from tests.stores import STAGES, TODAY

THIS_MONTH = month_number(TODAY)


@dataclass(frozen=True)
class Known:
    """A lead, the ids of its tags, the days of its open steps, and its text as it is searched."""

    row: LeadRow
    tags: frozenset[int]
    steps: Sequence[date]
    text: str


def holds(tree: Filter, lead: Known) -> bool:
    """Whether a filter means this lead."""
    match tree:
        case Not(part):
            return not holds(part, lead)
        case AllOf(parts):
            return all(holds(part, lead) for part in parts)
        case AnyOf(parts):
            return any(holds(part, lead) for part in parts)
        case Condition(_, Op.IS_NOT | Op.NO | Op.LACKS):
            return not _asked(tree, lead)
        case Condition():
            return _asked(tree, lead)


def _asked(asked: Condition, lead: Known) -> bool:
    kind = FIELDS[asked.field].kind
    if kind in _OF_KIND:
        return bool(_OF_KIND[kind](asked, lead))
    value, op, values = _VALUES[asked.field](lead.row), asked.op, asked.values
    if op in (Op.EMPTY, Op.FILLED):
        return (value is None) is (op is Op.EMPTY)
    if op in (Op.IS, Op.IS_NOT):
        return value in values
    if op is Op.OVERDUE:
        return value is not None and value < TODAY and lead.row.status in (Status.ACTIVE, Status.POTENTIAL)
    return value is not None and _inside(value, *_bounds(op, values))


def _tagged(asked: Condition, lead: Known) -> bool:
    return any(value in lead.tags for value in asked.values) or (None in asked.values and not lead.tags)


def _says(asked: Condition, lead: Known) -> bool:
    name = lead.row.recommender.name if lead.row.recommender else ""
    if asked.field == "recommender" and asked.op in (Op.EMPTY, Op.FILLED):
        return bool(name) == (asked.op is Op.FILLED)
    typed = search_key(str(asked.values[0]))
    if asked.field == "recommender":
        return bool(name) and typed in search_key(name)
    if asked.field == "title":
        return typed in search_key(lead.row.title)
    return all(word in lead.text for word in typed.split())


def _category(row: LeadRow) -> str | None:
    """That of the stage: 90 % are committed, 50 % the best case."""
    if row.status is not Status.ACTIVE or row.stage_id is None:
        return None
    return CATEGORIES[row.stage_id]


CATEGORIES = {1: "pipeline", 2: "commit", 3: "pipeline", 4: "omitted", 5: "best_case"}

_VALUES: Mapping[str, Any] = {
    "responsible": lambda row: row.user_id, "stage": lambda row: row.stage_id, "status": lambda row: str(row.status),
    "source": lambda row: row.source_id, "reason": lambda row: row.reason_id, "company": lambda row: row.company_id,
    "contact": lambda row: row.person_id, "budget": lambda row: str(row.budget), "volume": lambda row: row.total,
    "weighted": lambda row: row.weighted, "probability": lambda row: row.probability,
    "next_step": lambda row: row.next_step_on, "activated": lambda row: row.activated_on,
    "category": _category, "closed": lambda row: row.closed_on, "created": lambda row: row.created_at.date(),
}  # fmt: skip


def _inside(value: Any, first: Any, last: Any) -> bool:
    return (first is None or value >= first) and (last is None or value <= last)


def _bounds(op: Op, values: Sequence[Any]) -> tuple[Any, Any]:
    if op is Op.IN:
        first, last = _months(values[0], values[1])
        return date(first // 12, first % 12 + 1, 1), date((last + 1) // 12, (last + 1) % 12 + 1, 1) - timedelta(1)
    if op is Op.PAST:
        return TODAY - timedelta(values[0]), TODAY
    if op is Op.COMING:
        return TODAY, TODAY + timedelta(values[0])
    if op in (Op.TODAY, Op.TWELVE):
        return (TODAY if op is Op.TODAY else date(2025, 11, 25)), TODAY
    return None if op is Op.TO else values[0], None if op is Op.FROM else values[-1]


def _months(unit: Any, away: Any) -> tuple[int, int]:
    """In 2026-11: the month, the fourth quarter, the year."""
    match unit:
        case Unit.MONTH:
            return THIS_MONTH + away, THIS_MONTH + away
        case Unit.QUARTER:
            return 2026 * 12 + 9 + 3 * away, 2026 * 12 + 11 + 3 * away
    return (2026 + away) * 12, (2026 + away) * 12 + 11


def _within_months(asked: Condition, lead: Known) -> bool:
    row, op, values = lead.row, asked.op, asked.values
    if row.period_first is None or row.period_last is None:
        return op is Op.EMPTY
    if op in (Op.EMPTY, Op.FILLED):
        return op is Op.FILLED
    first, last = _months(*values) if op is Op.IN else _bounds(op, values)
    months = range(row.period_first, row.period_last + 1)
    return any(_inside(month, first, last) for month in months)


def _idle(_asked: Condition, lead: Known) -> bool:
    """FORMULAS: active, the stage has a threshold, nothing planned from today on, untouched for longer than that."""
    row = lead.row
    touched = [day for day in (row.last_touch_on, row.stage_since_on) if day is not None]
    if row.status is not Status.ACTIVE or row.stage_id is None or not touched:
        return False
    threshold = STAGES[row.stage_id - 1][2]
    planned = any(day >= TODAY for day in lead.steps)
    return threshold > 0 and not planned and (TODAY - max(touched)).days > threshold


_OF_KIND: Mapping[Kind, Any] = {
    Kind.TAG: _tagged, Kind.TEXT: _says, Kind.MONTHS: _within_months, Kind.FLAG: _idle,
}  # fmt: skip


# --- random trees -------------------------------------------------------------------------------------------------

_IDS = st.integers(1, 4)
_AMOUNTS = st.sampled_from((0, 1, 99_999, 100_000, 100_001, 250_000, 3_000_000))
_HALVES = st.sampled_from((0, 1, 2, 20, 60, 61, 199, 200))
_DAYS = st.integers(-40, 40).map(lambda days: TODAY + timedelta(days))
_MONTHS = st.integers(-4, 6).map(lambda months: THIS_MONTH + months)
_WORDS = st.sampled_from(("Müller", "muel", "web", "relaunch", "RE LA", "e", "Straße", "%", "_", "'", "zzz", "1000"))
_BOUNDS = {Kind.AMOUNT: _AMOUNTS, Kind.PERCENT: _HALVES, Kind.DAY: _DAYS, Kind.MONTHS: _MONTHS}


@st.composite
def asked(draw: Any) -> Condition:
    """A condition that makes sense."""
    field = draw(st.sampled_from(sorted(FIELDS)))
    spec = FIELDS[field]
    op = draw(st.sampled_from(spec.ops))
    return Condition(field, op, tuple(draw(_values(field, op))))


def _values(field: str, op: Op) -> Any:
    spec = FIELDS[field]
    if op in (Op.IS, Op.IS_NOT):
        known: Any = st.sampled_from(sorted(spec.words)) if spec.words else _IDS
        return st.lists(known | st.none() if spec.optional else known, min_size=1, max_size=3)
    if op in (Op.FROM, Op.TO):
        return st.tuples(_BOUNDS[spec.kind])
    if op is Op.BETWEEN:
        bound: Any = _BOUNDS[spec.kind]
        return st.lists(bound, min_size=2, max_size=2).map(sorted)
    if op in (Op.PAST, Op.COMING):
        return st.tuples(st.integers(0, 40))
    if op is Op.IN:
        return st.tuples(st.sampled_from(list(Unit)), st.integers(-2, 2))
    return st.tuples(_WORDS) if op in (Op.CONTAINS, Op.LACKS) else st.just(())


def trees() -> Any:
    """Filters of all kinds, also with groups that are empty."""
    return st.recursive(
        asked(),
        lambda parts: (
            parts.map(Not)
            | st.lists(parts, max_size=3).map(lambda found: AllOf(tuple(found)))
            | st.lists(parts, max_size=3).map(lambda found: AnyOf(tuple(found)))
        ),
        max_leaves=8,
    )
