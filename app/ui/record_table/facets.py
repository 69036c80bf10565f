"""What a list can be narrowed by with one press: the chips there may be above it, and what their menus offer."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from app.services.filter_fields import Kind, Op, spec_of
from app.services.filter_names import offered
from app.services.record_filter import Condition, Value
from app.ui.record_table.filter_words import SPANS, FilterWords, nothing

if TYPE_CHECKING:
    from app.ui.context import Context

#: Offered of an amount, in whole units of the base currency, and of a probability in percent.
_AMOUNTS, _PERCENTS = (5_000, 10_000, 25_000, 50_000, 100_000), (25, 50, 75)
_DAYS = (7, 30, 90)


@dataclass(frozen=True)
class Offer:
    """An entry of a menu and what it asks for."""

    words: str
    condition: Condition


@dataclass(frozen=True)
class Facet:
    """A chip there may be. With `switch` it is on or off, else a menu `offers` something.

    Of `many` values several can be asked for at once; a `ranged` one can also be bounded by hand; a `single` one shows
    one value and nothing else.
    """

    key: str
    label: str
    field: str
    switch: Condition | None = None
    offers: "Callable[[Context, Facet], Sequence[Offer]]" = lambda _context, _facet: ()
    many: bool = False
    ranged: bool = False
    single: bool = False

    def shows(self, condition: Condition) -> bool:
        """Whether this chip can show a condition."""
        if self.switch is not None:
            return condition == self.switch
        if self.single and (condition.op is not Op.IS or len(condition.values) != 1):
            return False
        return condition.field == self.field


def choices(context: "Context", field: str) -> list[tuple[Value, str]]:
    """The values a choice offers, with their names; last, where it may be empty, none of them."""
    spec = spec_of(field)
    words = FilterWords(context, None)
    pairs: list[tuple[Value, str]]
    if spec.words:
        pairs = [(word, words.value(field, word)) for word in spec.words]
    else:
        pairs = [*offered(context.office.store, field)]
    rights = context.allowed.rights
    if field == "responsible" and not rights.sees_all:  # leads of others, or of nobody, are not seen
        return [(value, name) for value, name in pairs if isinstance(value, int) and rights.sees(value)]
    return [*pairs, (None, nothing(field))] if spec.optional else pairs


def listed(context: "Context", facet: Facet) -> list[Offer]:
    """Everything a choice offers."""
    return [Offer(name, Condition(facet.field, Op.IS, (value,))) for value, name in choices(context, facet.field)]


def worded(context: "Context", conditions: Sequence[Condition]) -> list[Offer]:
    """These conditions, as the chip would word them."""
    words = FilterWords(context, None)
    return [Offer(words.choice(condition), condition) for condition in conditions]


def amounts(context: "Context", facet: Facet) -> list[Offer]:
    """From some amounts on."""
    unit = _minor_units(context)
    return worded(context, [Condition(facet.field, Op.FROM, (amount * unit,)) for amount in _AMOUNTS])


def _minor_units(context: "Context") -> int:
    from app.core.money import decimals

    return int(10 ** decimals(context.office.store.facts.base_currency))


def percents(context: "Context", facet: Facet) -> list[Offer]:
    """From some percentages on."""
    return worded(context, [Condition(facet.field, Op.FROM, (2 * percent,)) for percent in _PERCENTS])


def _spans(context: "Context", facet: Facet, *, past: bool) -> list[Condition]:
    wanted = (-1, 0) if past else (0, 1)
    return [Condition(facet.field, Op.IN, (str(unit), away)) for unit, away in SPANS if away in wanted]


def periods(context: "Context", facet: Facet) -> list[Offer]:
    """This month, quarter and year and the next ones."""
    empty = Condition(facet.field, Op.EMPTY)
    return worded(context, [*_spans(context, facet, past=False), empty])


def past_days(context: "Context", facet: Facet) -> list[Offer]:
    """The days and spans before today."""
    days = [Condition(facet.field, Op.PAST, (n,)) for n in _DAYS]
    return worded(context, [*days, *_spans(context, facet, past=True)])


def facet_of(field: str, offers: "Callable[[Context, Facet], Sequence[Offer]]") -> Facet:
    """The chip of a field, called as that is."""
    kind = spec_of(field).kind
    several = kind in (Kind.CHOICE, Kind.TAG)
    return Facet(field, spec_of(field).label, field, offers=offers, many=several, ranged=not several)


@dataclass(frozen=True)
class Chips:
    """The chips of one list, by their keys: those that are always there, and what else "+ Filter" offers."""

    always: tuple[str, ...]
    offered: tuple[str, ...]
