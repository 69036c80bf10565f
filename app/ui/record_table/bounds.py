"""Fields for what a number, day or month is compared with, as loosely typed as everywhere."""

from datetime import date
from functools import partial
from typing import TYPE_CHECKING, Any

from app.core import parse
from app.core.errors import InvalidInput
from app.core.i18n import Text, tr
from app.core.parse.numbers import millionths_of
from app.services.filter_fields import Kind, Op, spec_of
from app.services.record_filter import Condition, Value
from app.ui.forms.loose import LooseEdit
from app.ui.record_table.filter_words import bound

if TYPE_CHECKING:
    from app.ui.context import Context

_HINTS = {Kind.AMOUNT: "25k", Kind.PERCENT: "60 %", Kind.NUMBER: "12"}


def bound_edit(context: "Context", field: str, place: str) -> LooseEdit[Any]:
    """A field for one end of a range; `place` ("first" or "last") is where its errors belong, and says which end of
    a longer period is meant.
    """
    kind = spec_of(field).kind
    edit = LooseEdit[Any](partial(_parsed, context, kind, place), partial(bound, context, kind))
    edit.setPlaceholderText(_hint(context, kind))
    return edit


def _hint(context: "Context", kind: Kind) -> str:
    if kind is Kind.MONTHS:
        return tr("1/27, Q1 27, Mar 27")
    if kind is Kind.DAY:
        return tr("31.12., mo, +2w")
    return _HINTS[kind]


def _parsed(context: "Context", kind: Kind, place: str, typed: str) -> Value:
    store = context.office.store
    if kind is Kind.AMOUNT:
        return parse.amount(typed, store.facts.base_currency, field=place).minor
    if kind is Kind.NUMBER:
        return millionths_of(parse.number(typed, field=place))
    if kind is Kind.PERCENT:
        return parse.percent(typed, field=place)
    if kind is Kind.DAY:
        return parse.day(typed, store.today(), field=place)
    first, last = parse.months(typed, store.today(), field=place)
    return first if place == "first" else last


def bounded(field: str, first: Value, last: Value) -> Condition:
    """From, up to, or both. Raises InvalidInput when both are missing or the wrong way round."""
    if first is None and last is None:
        raise InvalidInput(Text("Please fill in at least one of the two."), field="first")
    if last is None:
        return Condition(field, Op.FROM, (first,))
    if first is None:
        return Condition(field, Op.TO, (last,))
    if _after(first, last):
        raise InvalidInput(Text("This lies before the beginning."), field="last")
    return Condition(field, Op.BETWEEN, (first, last))


def ends(condition: Condition | None) -> tuple[Value, Value]:
    """First and last of a range; nothing of what is none."""
    if condition is None or condition.op not in (Op.FROM, Op.TO, Op.BETWEEN):
        return None, None
    values = condition.values
    return None if condition.op is Op.TO else values[0], None if condition.op is Op.FROM else values[-1]


def _after(first: int | str | date, last: int | str | date) -> bool:
    return first > last  # type: ignore[operator]
