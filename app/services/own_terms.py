"""Own fields in lists: what can be asked of one, where its values are found, and how records are sorted and grouped.

All of it follows from the key of the field; nothing here asks the database.
"""

from dataclasses import replace

from app.core.calendar import day_of, month_number
from app.core.money import UNUSUAL_DECIMALS
from app.core.terms import Entity
from app.services.group_terms import GroupTerms
from app.services.own_kinds import CHOSEN, GROUPING, NO, WORDS, YES, OwnKind, parts_of
from app.services.sort_terms import Sort

_VALUE = ("field_value",)
_CONVERTED = ("field_value", "rate", "store_setting")
_UNITS = " ".join(f"WHEN '{code}' THEN {10**n}.0" for code, n in UNUSUAL_DECIMALS.items())
_BASE = "(SELECT value FROM store_setting WHERE key = 'base_currency')"
#: An amount `own` in minor units of the base currency at today's rate; nothing without one.
AMOUNT = f"""
CASE WHEN own.currency = {_BASE} THEN own.number ELSE CAST(round(own.number * (SELECT CAST(rate.rate AS REAL) FROM rate
  WHERE rate.currency = own.currency AND rate.valid_from <= :today ORDER BY rate.valid_from DESC, rate.id DESC LIMIT 1)
  * (CASE {_BASE} {_UNITS} ELSE 100.0 END) / (CASE own.currency {_UNITS} ELSE 100.0 END)) AS INTEGER) END
"""


def column_of(kind: OwnKind) -> str:
    """The expression over a row `own` of `field_value` by which its value is compared and sorted."""
    if kind in WORDS:
        return "own.key"
    if kind is OwnKind.AMOUNT:
        return f"({AMOUNT})"
    if kind is OwnKind.DAY:
        return "own.day"
    return "own.option_id" if kind in CHOSEN else "own.number"


def tables_of(kind: OwnKind) -> tuple[str, ...]:
    """From what the values of a field follow."""
    return _CONVERTED if kind is OwnKind.AMOUNT else _VALUE


def own_sort(entity: Entity, key: str) -> Sort:
    """How records are sorted by an own field: all values at once are found quicker than one after the other.

    Those with a value are found by its index, in their order; but where several options are chosen the first of them
    counts, whichever way. Raises KeyError for a key of none, and of one of other records.
    """
    kind, field_id = _field_of(entity, key)
    value, option, tables = column_of(kind), "", tables_of(kind)
    if kind in CHOSEN:
        value, option = "field_option.position", "JOIN field_option ON field_option.id = own.option_id"
        tables = ("field_value", "field_option")
    values = (
        f"SELECT own.{entity}_id AS record_id, min({value}) AS value FROM field_value own {option}"
        f" WHERE own.field_id = {field_id} GROUP BY own.{entity}_id"
    )
    join = f"LEFT JOIN ({values}) sorted ON sorted.record_id = {entity}.id"
    order = Sort(("sorted.value",), join, tables=tables, unaided=True)
    if kind is OwnKind.CHOICES:
        return order
    owned = f"JOIN field_value own ON own.{entity}_id = {entity}.id AND own.field_id = {field_id}"
    filled = replace(order, expressions=(value,), join=f"{owned} {option or f'AND {value} IS NOT NULL'}")
    return replace(order, filled=filled)


def own_group(entity: Entity, key: str) -> GroupTerms:
    """How records are grouped by an own field: a choice, a question of yes or no, the month of a day.

    Raises KeyError for a key of no such field of these records.
    """
    kind, field_id = _field_of(entity, key)
    if kind not in GROUPING:
        raise KeyError(key)
    sql = _of_record(entity, field_id, f"min({column_of(kind)})")
    if kind is OwnKind.CHOICE:
        return GroupTerms("", "field_option", "position", sql=sql, tables=_VALUE)
    if kind is OwnKind.FLAG:
        return GroupTerms("", key=_answer, order=_answers_order, sql=sql, tables=_VALUE)
    return GroupTerms("", key=lambda day: month_number(day_of(int(day))), sql=sql, tables=_VALUE)


def _answer(number: int | str) -> str:
    return YES if int(number) else NO


def _answers_order(answer: int | str) -> int:
    return 0 if answer == YES else 1


def _field_of(entity: Entity, key: str) -> tuple[OwnKind, int]:
    parts = parts_of(key)
    if parts is None or parts[0] is not entity:
        raise KeyError(key)
    return parts[1:]


def _of_record(entity: Entity, field_id: int, value: str) -> str:
    """One value of a field of each record, as an expression over the table of the records."""
    return f"(SELECT {value} FROM field_value own WHERE own.{entity}_id = {entity}.id AND own.field_id = {field_id})"
