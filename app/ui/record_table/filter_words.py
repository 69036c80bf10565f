"""How a filter is worded: on the chips, in the editor, in the tip of what has no chip."""

from collections.abc import Callable
from datetime import date
from typing import TYPE_CHECKING

from app.core.i18n import N_, ntr, tr
from app.core.money import Money
from app.core.parse.numbers import plain_number
from app.services.filter_fields import Kind, Op, Unit, spec_of
from app.services.filter_names import by_name
from app.services.own_kinds import parts_of
from app.services.record_filter import AllOf, AnyOf, Condition, Filter, Not, Value

if TYPE_CHECKING:
    from app.ui.context import Context

#: So many names stand on a chip; of the rest it says how many.
_NAMED = 2
#: Groups within groups are worded so far.
_DEEP = 3

#: This month, quarter or year and its neighbours.
SPANS = {
    (Unit.MONTH, -1): N_("last month"), (Unit.MONTH, 0): N_("this month"), (Unit.MONTH, 1): N_("next month"),
    (Unit.QUARTER, -1): N_("last quarter"), (Unit.QUARTER, 0): N_("this quarter"),
    (Unit.QUARTER, 1): N_("next quarter"), (Unit.YEAR, -1): N_("last year"), (Unit.YEAR, 0): N_("this year"),
    (Unit.YEAR, 1): N_("next year"),
}  # fmt: skip


def label(context: "Context", field: str) -> str:
    """What a field is called, an own one by its name."""
    own = parts_of(field)
    if own is not None:
        names = (each.name for each in context.office.own_fields.of(own[0]) if each.id == own[2])
        return next(names, tr("(deleted)"))
    return tr(spec_of(field).label)


def nothing(field: str) -> str:
    """What a record without a value of this field is called."""
    return tr(spec_of(field).empty)


def bound(context: "Context", kind: Kind, value: Value) -> str:
    """A number, day or month as it is shown, and may be typed again."""
    formats = context.formats
    if isinstance(value, date):
        return formats.day(value)
    assert isinstance(value, int)
    if kind is Kind.MONTHS:
        return formats.month(value)
    if kind is Kind.PERCENT:
        return formats.percent(value)
    if kind is Kind.NUMBER:
        return formats.number(plain_number(value))
    return formats.amount(Money(value, context.office.store.facts.base_currency))


class FilterWords:
    """The words of one tree; its names are read once."""

    def __init__(self, context: "Context", tree: Filter | None) -> None:
        self._context = context
        self._name: Callable[[str, Value], str] = by_name(context.office.store, tree)

    def sentence(self, tree: Filter, depth: int = 0) -> str:
        """The whole of it: Stage: Angebot and (Source: Web or not Volume: from 10.000 €)."""
        match tree:
            case Condition():
                return tr(
                    "{label}: {choice}", label=label(self._context, tree.field), choice=self.choice(tree, whole=True)
                )
            case Not(part):
                return tr("not ({filter})", filter=self.sentence(part, depth + 1))
            case AllOf(parts) | AnyOf(parts) if depth < _DEEP:
                between = tr("and") if isinstance(tree, AllOf) else tr("or")
                worded = f" {between} ".join(self.sentence(part, depth + 1) for part in parts)
                return f"({worded})" if depth else worded
        return "…"

    def choice(self, condition: Condition, *, whole: bool = False) -> str:
        """What is asked of a field: Angebot, Vorstellung; not Anna; from 10.000 €; this month."""
        field, op, values = condition.field, condition.op, condition.values
        if op in (Op.IS, Op.IS_NOT):
            names = self._names(field, values, whole=whole)
            return names if op is Op.IS else tr("not {names}", names=names)
        if op in _PLAIN:
            return tr(_PLAIN[op])
        if op in (Op.EMPTY, Op.FILLED):
            return nothing(field) if op is Op.EMPTY else tr("filled in")
        if op in (Op.PAST, Op.COMING, Op.IN):
            return _relative(op, values)
        if op in (Op.CONTAINS, Op.LACKS):
            words = N_("contains “{words}”") if op is Op.CONTAINS else N_("without “{words}”")
            return tr(words, words=str(values[0]))
        return self._range(spec_of(field).kind, op, values)

    def value(self, field: str, value: Value) -> str:
        """One value of a choice."""
        if value is None:
            return nothing(field)
        words = spec_of(field).words
        if words:
            return tr(words[str(value)])
        return self._name(field, value) or tr("(deleted)")

    def _names(self, field: str, values: tuple[Value, ...], *, whole: bool) -> str:
        names = [self.value(field, value) for value in values]
        if whole or len(names) <= _NAMED:
            return ", ".join(names)
        return tr("{names} + {n} more", names=", ".join(names[: _NAMED - 1]), n=len(names) - _NAMED + 1)

    def _range(self, kind: Kind, op: Op, values: tuple[Value, ...]) -> str:
        context = self._context
        if op is Op.BETWEEN:
            if kind is Kind.MONTHS:
                return context.formats.period(*(value for value in values if isinstance(value, int)))
            if (year := _whole_year(values)) is not None:
                return year
            first, last = (bound(context, kind, value) for value in values)
            return tr("{first} to {last}", first=first, last=last)
        only = bound(context, kind, values[0])
        return tr("from {value}", value=only) if op is Op.FROM else tr("up to {value}", value=only)


_PLAIN = {Op.OVERDUE: N_("overdue"), Op.TODAY: N_("today"), Op.YES: N_("yes"), Op.NO: N_("no"),
          Op.TWELVE: N_("last 12 months")}  # fmt: skip


def _whole_year(values: tuple[Value, ...]) -> str | None:
    match values:
        case date(year=year, month=1, day=1), date(year=end, month=12, day=31) if year == end:
            return str(year)
    return None


def _relative(op: Op, values: tuple[Value, ...]) -> str:
    if op is Op.IN:
        unit, away = Unit(str(values[0])), values[1]
        assert isinstance(away, int)
        return span_words(unit, away)
    days = values[0]
    assert isinstance(days, int)
    if op is Op.PAST:
        return ntr("last {n} day", "last {n} days", days)
    return ntr("next {n} day", "next {n} days", days)


def span_words(unit: Unit, away: int) -> str:
    """This month, next quarter, in 3 years, 5 months ago."""
    known = SPANS.get((unit, away))
    if known is not None:
        return tr(known)
    n = abs(away)
    if unit is Unit.MONTH:
        return ntr("in {n} month", "in {n} months", n) if away > 0 else ntr("{n} month ago", "{n} months ago", n)
    if unit is Unit.QUARTER:
        return (
            ntr("in {n} quarter", "in {n} quarters", n) if away > 0 else ntr("{n} quarter ago", "{n} quarters ago", n)
        )
    return ntr("in {n} year", "in {n} years", n) if away > 0 else ntr("{n} year ago", "{n} years ago", n)
