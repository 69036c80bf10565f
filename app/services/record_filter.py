"""What narrows a list: a tree of conditions on the fields of a lead, combined with AND, OR and NOT.

Every condition holds or does not hold, for a lead without a value too: "not Anna" is also a lead that is nobody's. So
NOT is always the opposite. A tree can be read from and written as JSON; one that is not understood is refused as a
whole, since a filter of which a part was left out would show other leads than were meant. What it refers to by id may
be gone by then: see `app.services.filter_names`.
"""

import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Any

from app.core.calendar import day_number, first_day, last_day, last_year, month_number
from app.core.errors import InvalidInput
from app.core.i18n import N_, Text
from app.core.terms import CERTAIN, Budget, Category, Status

Value = int | str | date | None

#: More than a person builds; what is deeper or longer was not made here.
MOST_DEEP, MOST_CONDITIONS, MOST_VALUES, LONGEST_TEXT = 12, 100, 500, 200
_LARGEST = 10**15
_LONGEST_SPAN = 100_000
#: Months, quarters or years away from this one.
_FURTHEST = 1200


class Kind(StrEnum):
    """What values a field has, and so what can be asked of it."""

    CHOICE = "choice"
    TAG = "tag"
    AMOUNT = "amount"  # minor units of the base currency
    PERCENT = "percent"  # half percents
    DAY = "day"
    MONTHS = "months"  # a span of month numbers
    TEXT = "text"
    FLAG = "flag"


class Op(StrEnum):
    """What is asked of a field."""

    IS = "is"  # one of these; None for no value
    IS_NOT = "is_not"
    FROM = "from"
    TO = "to"
    BETWEEN = "between"  # both included; a period overlaps it
    PAST = "past"  # within so many days before today
    COMING = "coming"  # within so many days from today
    TWELVE = "12_months"  # within the twelve months that end today
    IN = "in"  # this month, quarter or year, or one so many away
    TODAY = "today"
    OVERDUE = "overdue"
    EMPTY = "empty"
    FILLED = "filled"
    CONTAINS = "contains"
    LACKS = "lacks"
    YES = "yes"
    NO = "no"


class Unit(StrEnum):
    """A span of the calendar."""

    MONTH = "month"
    QUARTER = "quarter"
    YEAR = "year"


_RANGE = (Op.FROM, Op.TO, Op.BETWEEN)
_PRESENCE = (Op.EMPTY, Op.FILLED)
OPS: Mapping[Kind, tuple[Op, ...]] = {
    Kind.CHOICE: (Op.IS, Op.IS_NOT),
    Kind.TAG: (Op.IS, Op.IS_NOT),
    Kind.AMOUNT: (*_RANGE, *_PRESENCE),
    Kind.PERCENT: (*_RANGE, *_PRESENCE),
    Kind.DAY: (*_RANGE, Op.IN, Op.TWELVE, Op.PAST, Op.COMING, Op.TODAY, *_PRESENCE),
    Kind.MONTHS: (*_RANGE, Op.IN, *_PRESENCE),
    Kind.TEXT: (Op.CONTAINS, Op.LACKS),
    Kind.FLAG: (Op.YES, Op.NO),
}  # fmt: skip


@dataclass(frozen=True)
class FieldSpec:
    """A field one can ask for. `words` are the values of a choice that is not by id; `optional` if it may be empty.

    `also` are what this field alone can be asked.
    """

    label: str
    kind: Kind
    words: tuple[str, ...] = ()
    optional: bool = True
    also: tuple[Op, ...] = ()

    @property
    def ops(self) -> tuple[Op, ...]:
        """What can be asked of it."""
        return (*self.also, *OPS[self.kind])


#: In the order in which they are offered.
FIELDS: Mapping[str, FieldSpec] = {
    "responsible": FieldSpec(N_("Responsible"), Kind.CHOICE),
    "stage": FieldSpec(N_("Stage"), Kind.CHOICE),
    "status": FieldSpec(N_("State"), Kind.CHOICE, tuple(map(str, Status)), optional=False),
    "tag": FieldSpec(N_("Tag"), Kind.TAG),
    "source": FieldSpec(N_("Source"), Kind.CHOICE),
    "reason": FieldSpec(N_("Reason"), Kind.CHOICE),
    "company": FieldSpec(N_("Company"), Kind.CHOICE),
    "contact": FieldSpec(N_("Contact"), Kind.CHOICE),
    "next_step": FieldSpec(N_("Next step"), Kind.DAY, also=(Op.OVERDUE,)),
    "idle": FieldSpec(N_("Without movement"), Kind.FLAG, optional=False),
    "period": FieldSpec(N_("Service period"), Kind.MONTHS),
    "volume": FieldSpec(N_("Volume"), Kind.AMOUNT),
    "weighted": FieldSpec(N_("Weighted"), Kind.AMOUNT),
    "probability": FieldSpec(N_("Probability"), Kind.PERCENT),
    "budget": FieldSpec(N_("Budget kind"), Kind.CHOICE, tuple(map(str, Budget)), optional=False),
    "category": FieldSpec(N_("Forecast category"), Kind.CHOICE, tuple(map(str, Category))),
    "activated": FieldSpec(N_("Activated on"), Kind.DAY),
    "created": FieldSpec(N_("Created on"), Kind.DAY, optional=False),
    "closed": FieldSpec(N_("Closed on"), Kind.DAY),
    "title": FieldSpec(N_("Title"), Kind.TEXT, optional=False),
    "text": FieldSpec(N_("Text"), Kind.TEXT, optional=False),
}


@dataclass(frozen=True)
class Condition:
    """One question to a field. Raises InvalidInput when it makes no sense: such a one cannot exist.

    `values` are ids, words or None for a choice; minor units, half percents, days or month numbers for a range; a
    number of days for PAST and COMING; a unit and how many away for IN; the text for a text; nothing for the rest.
    """

    field: str
    op: Op
    values: tuple[Value, ...] = ()

    def __post_init__(self) -> None:
        spec = FIELDS.get(self.field)
        if spec is None:
            raise _refused(Text("There is no field “{name}”.", name=self.field[:40]))
        if self.op not in spec.ops or (self.op in _PRESENCE and not spec.optional):
            raise _refused(Text("“{name}” cannot be asked of “{field}”.", name=str(self.op), field=Text(spec.label)))
        if not _sensible(spec, self.op, self.values):
            raise _refused(Text("What is asked of “{field}” makes no sense.", field=Text(spec.label)))


@dataclass(frozen=True)
class AllOf:
    """Every part holds."""

    parts: "tuple[Filter, ...]"


@dataclass(frozen=True)
class AnyOf:
    """At least one part holds."""

    parts: "tuple[Filter, ...]"


@dataclass(frozen=True)
class Not:
    """The part does not hold."""

    part: "Filter"


Filter = Condition | AllOf | AnyOf | Not


def conditions(tree: Filter | None) -> Iterator[Condition]:
    """All conditions of a tree, from left to right."""
    match tree:
        case Condition():
            yield tree
        case Not(part):
            yield from conditions(part)
        case AllOf(parts) | AnyOf(parts):
            for part in parts:
                yield from conditions(part)


def together(*parts: Filter | None) -> Filter | None:
    """A tree for which all of these hold; None when there is nothing to hold."""
    found: list[Filter] = []
    for part in parts:
        if isinstance(part, AllOf):
            found += part.parts
        elif part is not None:
            found.append(part)
    if len(found) == 1:
        return found[0]
    return AllOf(tuple(found)) if found else None


def top(tree: Filter | None) -> tuple[Filter, ...]:
    """The parts of a tree that must all hold."""
    if tree is None:
        return ()
    return tree.parts if isinstance(tree, AllOf) else (tree,)


def changed(tree: Filter, change: Callable[[Condition], Condition | None]) -> Filter | None:
    """The tree with every condition changed; those that become None are left out, and groups that are empty then."""
    match tree:
        case Condition():
            return change(tree)
        case Not(part):
            kept = changed(part, change)
            return None if kept is None else Not(kept)
        case AllOf(parts) | AnyOf(parts):
            left = tuple(kept for part in parts if (kept := changed(part, change)) is not None)
            return type(tree)(left) if left else None


# --- what makes sense ---------------------------------------------------------------------------------------------


def _sensible(spec: FieldSpec, op: Op, values: tuple[Value, ...]) -> bool:
    if op in (Op.IS, Op.IS_NOT):
        return 0 < len(values) <= MOST_VALUES and all(_is_choice(spec, value) for value in values)
    if op is Op.BETWEEN:
        return len(values) == 2 and all(_is_bound(spec.kind, value) for value in values) and _ascend(*values)
    if op is Op.IN:
        return len(values) == 2 and values[0] in tuple(Unit) and _is_number(values[1], -_FURTHEST, _FURTHEST)
    if op not in (Op.FROM, Op.TO, Op.PAST, Op.COMING, Op.CONTAINS, Op.LACKS):
        return not values
    return len(values) == 1 and _is_single(spec.kind, op, values[0])


def _is_single(kind: Kind, op: Op, value: Value) -> bool:
    if op in (Op.PAST, Op.COMING):
        return _is_number(value, 0, _LONGEST_SPAN)
    if kind is Kind.TEXT:
        return isinstance(value, str) and 0 < len(value.strip()) <= LONGEST_TEXT
    return _is_bound(kind, value)


def _is_choice(spec: FieldSpec, value: Value) -> bool:
    if value is None:
        return spec.optional
    return value in spec.words if spec.words else _is_number(value, 1, _LARGEST)


def _is_bound(kind: Kind, value: Value) -> bool:
    if kind is Kind.DAY:
        return isinstance(value, date)
    if kind is Kind.MONTHS:
        return _is_number(value, 12, 9999 * 12 + 11)
    return _is_number(value, 0, CERTAIN if kind is Kind.PERCENT else _LARGEST)


def _is_number(value: Value, least: int, most: int) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and least <= value <= most


def _ascend(first: Any, last: Any) -> bool:
    return bool(first <= last)


# --- JSON ---------------------------------------------------------------------------------------------------------


def plain(tree: Filter) -> dict[str, Any]:
    """The tree as plain data for JSON; days as 2027-01-31, months as 2027-01, everything else as it is."""
    match tree:
        case Condition(field, op, values):
            return {"field": field, "op": str(op), "values": [_written(FIELDS[field].kind, op, v) for v in values]}
        case Not(part):
            return {"not": plain(part)}
        case AllOf(parts):
            return {"all": [plain(part) for part in parts]}
        case AnyOf(parts):
            return {"any": [plain(part) for part in parts]}


def read(data: object) -> Filter:
    """The inverse of `plain`, of whatever was found. Raises InvalidInput for anything that `plain` does not write."""
    tree = _read(data, MOST_DEEP)
    if sum(1 for _ in conditions(tree)) > MOST_CONDITIONS:
        raise _refused(Text("It has too many conditions."))
    return tree


def dumps(tree: Filter) -> str:
    """The tree as JSON."""
    return json.dumps(plain(tree), ensure_ascii=False)


def loads(written: str) -> Filter:
    """The inverse of `dumps`. Raises InvalidInput."""
    try:
        data = json.loads(written)
    except (ValueError, RecursionError):
        raise _refused(Text("It is not JSON.")) from None
    return read(data)


def _read(data: object, depth: int) -> Filter:
    if depth == 0:
        raise _refused(Text("Its groups are nested too deeply."))
    match data:
        case {"not": part, **rest} if not rest:
            return Not(_read(part, depth - 1))
        case {"all": [_, *_] as parts, **rest} if not rest:
            return AllOf(tuple(_read(part, depth - 1) for part in parts))
        case {"any": [_, *_] as parts, **rest} if not rest:
            return AnyOf(tuple(_read(part, depth - 1) for part in parts))
        case {"field": str(field), "op": str(name), "values": list(values), **rest} if not rest and name in tuple(Op):
            op, spec = Op(name), FIELDS.get(field)
            kind = spec.kind if spec is not None else Kind.TEXT
            return Condition(field, op, tuple(_value(kind, op, value) for value in values))
    raise _refused(Text("It has a part that is neither a group nor a condition."))


def _written(kind: Kind, op: Op, value: Value) -> int | str | None:
    if isinstance(value, date):
        return value.isoformat()
    if kind is Kind.MONTHS and op in _RANGE and isinstance(value, int):
        return first_day(value).isoformat()[:7]
    return value


def _value(kind: Kind, op: Op, value: Any) -> Value:
    if op not in _RANGE or kind not in (Kind.DAY, Kind.MONTHS):
        if value is None or (isinstance(value, int | str) and not isinstance(value, bool)):
            return value
        raise _refused(Text("It has a value of no kind that is known."))
    try:
        day = date.fromisoformat(f"{value}-01" if kind is Kind.MONTHS else value)
    except (TypeError, ValueError):
        raise _refused(Text("“{value}” is no day of the calendar.", value=str(value)[:40])) from None
    return month_number(day) if kind is Kind.MONTHS else day


def _refused(why: Text) -> InvalidInput:
    return InvalidInput(Text("This filter is not understood."), why, field="filter")


# --- the calendar -------------------------------------------------------------------------------------------------

_LENGTH = {Unit.MONTH: 1, Unit.QUARTER: 3, Unit.YEAR: 12}


def months_of(unit: Unit, away: int, today: date) -> tuple[int, int]:
    """First and last month of this month, quarter or year, or the one so many away."""
    length = _LENGTH[unit]
    first = month_number(today) // length * length + away * length
    return first, first + length - 1


def days_of(op: Op, values: tuple[Value, ...], today: date) -> tuple[int | None, int | None]:
    """First and last day number, both included, of what is asked of a day; None for no bound."""
    now = day_number(today)
    match op, values:
        case Op.PAST, (int(days),):
            return now - days, now
        case Op.COMING, (int(days),):
            return now, now + days
        case Op.IN, (str(unit), int(away)):
            first_month, last_month = months_of(Unit(unit), away, today)
            return day_number(first_day(first_month)), day_number(last_day(last_month))
    fixed = {Op.TODAY: (today, today), Op.TWELVE: (last_year(today), today)}
    first, last = (day_number(day) if isinstance(day, date) else None for day in fixed.get(op) or _ends(op, values))
    return first, last


def span_of(op: Op, values: tuple[Value, ...], today: date) -> tuple[int | None, int | None]:
    """First and last month number of what is asked of a period; None for no bound."""
    match op, values:
        case Op.IN, (str(unit), int(away)):
            return months_of(Unit(unit), away, today)
    return numbers_of(op, values)


def numbers_of(op: Op, values: tuple[Value, ...]) -> tuple[int | None, int | None]:
    """The bounds that were named, both included; None for no bound."""
    first, last = (end if isinstance(end, int) else None for end in _ends(op, values))
    return first, last


def _ends(op: Op, values: tuple[Value, ...]) -> tuple[Value, Value]:
    """What was named as first and as last."""
    return None if op is Op.TO else values[0], None if op is Op.FROM else values[-1]
