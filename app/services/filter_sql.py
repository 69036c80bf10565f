"""A filter as SQL over the table of its records, and which changes can bring a record in or out of it.

Every piece is true or false, never NULL, so that NOT is the opposite. Values are bound, tables named without a schema:
the views of the reading connection decide what is visible.
"""

from collections.abc import Mapping, Sequence
from datetime import date, datetime, time, tzinfo
from typing import Any

from app.core.calendar import day_number, day_of
from app.core.changes import ChangeSet
from app.core.folding import search_key
from app.core.terms import Entity
from app.models.types import micros
from app.services.changed import changed_ids
from app.services.filter_fields import Kind, Op, entity_of, spec_of
from app.services.filter_own import OwnCondition
from app.services.filter_terms import FieldSql, Link, sql_of
from app.services.last_contact import tomorrow
from app.services.matching import stands_in, words_of
from app.services.own_kinds import OwnKind, parts_of
from app.services.record_filter import (
    AllOf,
    AnyOf,
    Condition,
    Filter,
    Not,
    Value,
    conditions,
    days_of,
    expect_of,
    numbers_of,
    span_of,
)

#: Column, sign, and what it is compared with; None for no bound.
_Bound = tuple[str, str, int | None]

_OPPOSITE = {Op.IS_NOT: Op.IS, Op.NO: Op.YES, Op.LACKS: Op.CONTAINS}


def concerned(tree: Filter, change: ChangeSet) -> bool:
    """Whether the change can bring a record in or out: said of a record that is there before and after."""
    for field in {condition.field for condition in conditions(tree)}:
        entity = entity_of(field)
        terms = sql_of(entity, field)
        if not change.columns(entity).isdisjoint(terms.columns) or (terms.tables and change.concerns(*terms.tables)):
            return True
        if terms.computed and changed_ids(entity, change):
            return True
    return False


def condition(tree: Filter, today: date, zone: tzinfo, entity: Entity) -> tuple[str, dict[str, Any]]:
    """The condition over the table of these records, and what it binds. Days are those of `zone`, reckoned from
    `today`. Raises InvalidInput for a field of other records.
    """
    expect_of(tree, entity)
    writer = _Writer(entity, today, zone)
    return writer.write(tree), writer.binds


class _Writer:
    def __init__(self, entity: Entity, today: date, zone: tzinfo) -> None:
        self._entity = entity
        self._today = today
        self._zone = zone
        self.binds: dict[str, Any] = {"today": day_number(today), "tomorrow": tomorrow(today, zone)}

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
        own = parts_of(field)
        return self._builtin(field, op, values) if own is None else self._own(own, field, op, values)

    def _builtin(self, field: str, op: Op, values: tuple[Value, ...]) -> str:
        terms = sql_of(self._entity, field)
        if terms.values:
            if op is Op.EMPTY:
                return f"NOT {self._builtin(field, Op.FILLED, ())}"
            holds = self._asked(terms, field, op, values)
            return f"({self._entity}.id IN (SELECT valued.owner FROM ({terms.values}) valued WHERE {holds}))"
        return self._asked(terms, field, op, values)

    def _asked(self, terms: FieldSql, field: str, op: Op, values: tuple[Value, ...]) -> str:
        if op in terms.holds:
            return f"COALESCE(({terms.holds[op]}), FALSE)"
        if op in (Op.EMPTY, Op.FILLED):
            return f"(({terms.column}) IS {'NOT ' if op is Op.FILLED else ''}NULL)"
        if op is Op.IS and terms.flags:
            return self._flagged(terms.flags, values)
        if op is Op.IS:
            return self._among(terms.column, values) if terms.link is None else self._linked(terms.link, values)
        if op is Op.CONTAINS:
            return self._contains(terms, str(values[0]))
        return self._bounded(self._bounds(spec_of(field).kind, terms, op, values))

    def _own(self, parts: tuple[Entity, OwnKind, int], field: str, op: Op, values: tuple[Value, ...]) -> str:
        own = OwnCondition(*parts, self._bind)
        if op in (Op.EMPTY, Op.FILLED):
            return own.filled() if op is Op.FILLED else f"NOT {own.filled()}"
        if op is Op.IS:
            return own.among(values)
        if op is Op.CONTAINS:
            return own.contains(str(values[0]))
        if spec_of(field).kind is Kind.DAY:
            first, last = days_of(op, values, self._today)
        else:
            first, last = numbers_of(op, values)
        return own.bounded(((">=", first), ("<=", last)))

    def _bounds(self, kind: Kind, terms: FieldSql, op: Op, values: tuple[Value, ...]) -> Sequence[_Bound]:
        column = f"({terms.column})"
        if kind is Kind.MONTHS:
            first, last = span_of(op, values, self._today)
            return (terms.last, ">=", first), (column, "<=", last)
        if kind is not Kind.DAY:
            first, last = numbers_of(op, values)
            return (column, ">=", first), (column, "<=", last)
        first, last = days_of(op, values, self._today)
        if not terms.instant:
            return (column, ">=", first), (column, "<=", last)
        after = None if last is None else last + 1
        begin, end = (None if day is None else self._instant(day) for day in (first, after))
        return (column, ">=", begin), (column, "<", end)

    def _instant(self, day: int) -> int:
        """When a day begins."""
        return micros(datetime.combine(day_of(day), time(), self._zone))

    def _bounded(self, bounds: Sequence[_Bound]) -> str:
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

    def _flagged(self, flags: Mapping[str, str], values: tuple[Value, ...]) -> str:
        parts = [flags[str(value)] for value in values if value is not None]
        if None in values:
            parts.append(f"NOT ({' OR '.join(flags.values())})")
        return f"({' OR '.join(parts)})"

    def _linked(self, link: Link, values: tuple[Value, ...]) -> str:
        named = [value for value in values if value is not None]
        own, id_ = f"{link.table}.{link.own}", f"{self._entity}.id"
        parts = []
        if named:
            ids = ", ".join(map(self._bind, named))
            parts.append(f"{id_} IN (SELECT {own} FROM {link.table} WHERE {link.table}.{link.other} IN ({ids}))")
        if None in values:
            parts.append(f"NOT EXISTS (SELECT 1 FROM {link.table} WHERE {own} = {id_})")
        return f"({' OR '.join(parts)})"

    def _contains(self, terms: FieldSql, typed: str) -> str:
        if terms.key:
            return stands_in(terms.key, typed, self._bind)
        if terms.column:
            return f"(COALESCE(instr({terms.column}, {self._bind(search_key(typed))}), 0) > 0)"
        words = []
        for word in words_of(typed):
            ways = [f"instr(told.folded, {self._bind(meaning)}) > 0" for meaning in word]
            words.append(f"({' OR '.join(ways)})")
        return (  # of all documents at once: one after the other takes five times as long
            f"({self._entity}.id IN (SELECT told.row_id FROM search_doc told WHERE told.entity = '{self._entity}'"
            f" AND {' AND '.join(words) or 'TRUE'}))"
        )

    def _bind(self, value: Value) -> str:
        name = f"filter{len(self.binds)}"
        self.binds[name] = value
        return f":{name}"
