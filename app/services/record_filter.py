"""What narrows a list: a tree of conditions on the fields of its records, combined with AND, OR and NOT.

Every condition holds or does not hold, for a record without a value too: "not Anna" is also a lead that is nobody's. So
NOT is always the opposite. A tree can be read from and written as JSON; one that is not understood is refused as a
whole, since a filter of which a part was left out would show other records than were meant. What it refers to by id may
be gone by then: see `app.services.filter_names`.
"""

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any

from app.core.calendar import day_number, first_day, last_day, last_year, month_number
from app.core.errors import InvalidInput
from app.core.i18n import Text
from app.core.terms import CERTAIN, Entity
from app.services.filter_fields import RANGE, FieldSpec, Kind, Op, Unit, entity_of, spec_of

Value = int | str | date | None

#: More than a person builds; what is deeper or longer was not made here.
MOST_DEEP, MOST_CONDITIONS, MOST_VALUES, LONGEST_TEXT = 12, 100, 500, 200
_LARGEST = 10**15
_MOST_MILLIONTHS = 10**18
_LONGEST_SPAN = 100_000
#: Months, quarters or years away from this one.
_FURTHEST = 1200


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
        spec = spec_of(self.field)
        if self.op not in spec.ops:
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


def expect_of(tree: Filter, entity: Entity) -> None:
    """Raise InvalidInput for a filter by what records of this kind do not have."""
    for each in conditions(tree):
        if entity_of(each.field) is not entity:
            raise InvalidInput(
                Text("This filter is for another list."),
                Text("This list has no field “{field}”.", field=Text(spec_of(each.field).label)),
                field="filter",
            )


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
    if kind is Kind.NUMBER:
        return _is_number(value, -_MOST_MILLIONTHS, _MOST_MILLIONTHS)
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
            return {"field": field, "op": str(op), "values": [_written(spec_of(field).kind, op, v) for v in values]}
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
            op, kind = Op(name), spec_of(field).kind
            return Condition(field, op, tuple(_value(kind, op, value) for value in values))
    raise _refused(Text("It has a part that is neither a group nor a condition."))


def _written(kind: Kind, op: Op, value: Value) -> int | str | None:
    if isinstance(value, date):
        return value.isoformat()
    if kind is Kind.MONTHS and op in RANGE and isinstance(value, int):
        return first_day(value).isoformat()[:7]
    return value


def _value(kind: Kind, op: Op, value: Any) -> Value:
    if op not in RANGE or kind not in (Kind.DAY, Kind.MONTHS):
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
