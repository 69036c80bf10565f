"""What a list can be narrowed by with one press: the chips there may be above it, and what their menus offer."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from app.core.i18n import N_
from app.services.filter_fields import Kind, Op, spec_of
from app.services.filter_names import offered
from app.services.record_filter import Condition, Value
from app.ui.record_table.filter_words import SPANS, FilterWords, nothing

if TYPE_CHECKING:
    from app.ui.context import Context

#: Offered of an amount, in whole units of the base currency, and of a probability in percent.
_AMOUNTS, _PERCENTS = (5_000, 10_000, 25_000, 50_000, 100_000), (25, 50, 75)
_DAYS = (7, 30, 90)
_YEARS = 5


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
    return [*pairs, (None, nothing(field))] if spec.optional else pairs


def _listed(context: "Context", facet: Facet) -> list[Offer]:
    return [Offer(name, Condition(facet.field, Op.IS, (value,))) for value, name in choices(context, facet.field)]


def _worded(context: "Context", conditions: Sequence[Condition]) -> list[Offer]:
    words = FilterWords(context, None)
    return [Offer(words.choice(condition), condition) for condition in conditions]


def _amounts(context: "Context", facet: Facet) -> list[Offer]:
    unit = _minor_units(context)
    return _worded(context, [Condition(facet.field, Op.FROM, (amount * unit,)) for amount in _AMOUNTS])


def _minor_units(context: "Context") -> int:
    from app.core.money import decimals

    return int(10 ** decimals(context.office.store.facts.base_currency))


def _percents(context: "Context", facet: Facet) -> list[Offer]:
    return _worded(context, [Condition(facet.field, Op.FROM, (2 * percent,)) for percent in _PERCENTS])


def _spans(context: "Context", facet: Facet, *, past: bool) -> list[Condition]:
    wanted = (-1, 0) if past else (0, 1)
    return [Condition(facet.field, Op.IN, (str(unit), away)) for unit, away in SPANS if away in wanted]


def _periods(context: "Context", facet: Facet) -> list[Offer]:
    empty = Condition(facet.field, Op.EMPTY)
    return _worded(context, [*_spans(context, facet, past=False), empty])


def _past_days(context: "Context", facet: Facet) -> list[Offer]:
    days = [Condition(facet.field, Op.PAST, (n,)) for n in _DAYS]
    return _worded(context, [*days, *_spans(context, facet, past=True)])


def _closed(context: "Context", facet: Facet) -> list[Offer]:
    """The last twelve months and whole years: what the figures above a list can be for."""
    this_year = context.office.store.today().year
    years = [
        Condition(facet.field, Op.BETWEEN, (date(year, 1, 1), date(year, 12, 31)))
        for year in range(this_year, this_year - _YEARS, -1)
    ]
    return _worded(context, [Condition(facet.field, Op.TWELVE), *years])


def _steps(context: "Context", facet: Facet) -> list[Offer]:
    weeks = [Condition(facet.field, Op.COMING, (n,)) for n in _DAYS[:2]]
    return _worded(context, [Condition(facet.field, Op.TODAY), *weeks, Condition(facet.field, Op.FILLED)])


def _of(field: str, offers: "Callable[[Context, Facet], Sequence[Offer]]") -> Facet:
    kind = spec_of(field).kind
    listed = kind in (Kind.CHOICE, Kind.TAG)
    return Facet(field, spec_of(field).label, field, offers=offers, many=listed, ranged=not listed)


#: In the order in which they are offered. What is asked for is shown by the first that can.
FACETS: dict[str, Facet] = {
    facet.key: facet
    for facet in (
        _of("responsible", _listed),
        Facet("overdue", N_("Overdue"), "next_step", switch=Condition("next_step", Op.OVERDUE)),
        Facet("no_step", N_("Without next step"), "next_step", switch=Condition("next_step", Op.EMPTY)),
        Facet("idle", N_("Without movement"), "idle", switch=Condition("idle", Op.YES)),
        _of("stage", _listed),
        _of("tag", _listed),
        _of("source", _listed),
        _of("reason", _listed),
        _of("next_step", _steps),
        _of("period", _periods),
        _of("volume", _amounts),
        _of("weighted", _amounts),
        _of("probability", _percents),
        _of("budget", _listed),
        _of("category", _listed),
        _of("activated", _past_days),
        _of("created", _past_days),
        Facet("closed", N_("Period"), "closed", offers=_closed, ranged=True),
        Facet("outcome", N_("Outcome"), "status", single=True),
    )
}

#: Chips that are always there, and what else "+ Filter" offers, by list.
ALWAYS = {
    "leads": ("responsible", "overdue"), "potential": ("responsible",), "closed": ("closed", "responsible", "reason"),
}  # fmt: skip
OFFERED = {
    "leads": ("stage", "tag", "source", "no_step", "idle", "next_step", "period", "volume", "weighted", "probability",
              "budget", "category", "activated"),
    "potential": ("tag", "source", "overdue", "no_step", "next_step", "period", "volume", "created"),
    "closed": ("tag", "source", "stage", "period", "volume", "budget", "activated"),
}  # fmt: skip
