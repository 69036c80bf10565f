"""What one change makes of a lead, from what is known of the lead: no reading, no writing, the rules of the verbs."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from decimal import Decimal
from typing import Generic, TypeVar

from app.core.calendar import day_number, day_of
from app.core.errors import InvalidInput
from app.core.folding import sort_key
from app.core.i18n import Text
from app.core.lead_rules import BEYOND_MEASURE, contradiction
from app.core.money import MAX_MINOR, Money, half_up
from app.core.parse.cleaning import one_line
from app.core.parse.days import FIRST_YEAR, LAST_YEAR
from app.core.terms import CLOSED, Status
from app.services.lead_fields import LABELS, NextStep, checked_period
from app.services.own_fields import OwnField
from app.services.own_values import OwnValue, OwnValues, expect_offered, lacking, tidy
from app.services.stage_gates import lacking_of, names_of

T_co = TypeVar("T_co", covariant=True)

#: Days to which a step can be moved: those that can be typed.
_FIRST_DAY, _LAST_DAY = day_number(date(FIRST_YEAR, 1, 1)), day_number(date(LAST_YEAR, 12, 31))

#: The fields that a change can be for, in the order in which they are told.
FIELDS: Mapping[str, str] = {
    name: LABELS[name]
    for name in ("stage_id", "probability", "user_id", "source", "tags", "amount", "period", "next_step", "category",
                 "own")
}  # fmt: skip


@dataclass(frozen=True)
class Put(Generic[T_co]):
    """This value, whatever was there; None for none."""

    value: T_co


@dataclass(frozen=True)
class Shift:
    """So many later: months of a service period, days of a step; earlier when negative."""

    by: int


@dataclass(frozen=True)
class Scale:
    """An amount raised or lowered by so many percent, each rounded by itself."""

    percent: Decimal


@dataclass(frozen=True)
class BulkChange:
    """What is to become of each of some leads; what is None stays.

    A new stage is a move, probabilities are half percents (None: that of the stage), months are month numbers.
    """

    stage_id: int | None = None
    probability: Put[int | None] | None = None
    user_id: Put[int | None] | None = None
    source: Put[str | None] | None = None
    add_tags: tuple[str, ...] = ()
    remove_tags: tuple[str, ...] = ()
    amount: Put[Money] | Scale | None = None
    period: Put[tuple[int, int] | None] | Shift | None = None
    next_step: Put[NextStep | None] | Shift | None = None
    category: Put[str | None] | None = None
    own: Mapping[int, Put[OwnValue]] = field(default_factory=dict)

    @property
    def fields(self) -> tuple[str, ...]:
        """What it is for, by the names in `FIELDS`."""
        several = {"tags": bool(self.add_tags or self.remove_tags), "own": bool(self.own)}
        return tuple(name for name in FIELDS if several.get(name, getattr(self, name, None) is not None))


@dataclass(frozen=True, slots=True)
class Facts:
    """What is known of a lead, as far as a change can be for it or be refused by it."""

    id: int
    title: str
    status: Status
    stage_id: int | None
    probability: int | None
    user_id: int | None
    source: str | None
    tags: tuple[str, ...]
    amount_minor: int
    currency: str
    budget: str
    period_first: int | None
    period_last: int | None
    next_step: NextStep | None
    category: str | None
    company_id: int | None
    person_id: int | None
    activated_on: int | None
    closed_on: int | None
    own: OwnValues = field(default_factory=dict)
    unchecked: tuple[str, ...] = ()  # points of the new stage's checklist that were not seen to

    @property
    def source_id(self) -> str | None:
        """Whether there is a source, for what a stage requires."""
        return self.source

    @property
    def period(self) -> tuple[int, int] | None:
        """First and last month."""
        if self.period_first is None or self.period_last is None:
            return None
        return self.period_first, self.period_last

    @property
    def amount(self) -> Money:
        """The volume as entered."""
        return Money(self.amount_minor, self.currency)


@dataclass(frozen=True)
class Stage:
    """A stage, as far as leads can enter it."""

    name: str
    required: tuple[str, ...]
    retired: bool


@dataclass(frozen=True)
class Names:
    """The stages, persons and own fields there are, by id; sources and tags as they are written, by their sort keys."""

    stages: Mapping[int, Stage]
    people: Mapping[int, str]
    sources: Mapping[str, str]
    tags: Mapping[str, str]
    own: Mapping[int, OwnField] = field(default_factory=dict)


def planned(lead: Facts, change: BulkChange, names: Names) -> Facts:
    """The lead as it will be. Raises InvalidInput for one that cannot be changed so."""
    after = replace(
        lead,
        source=_source(lead, change, names),
        tags=tags_after(lead.tags, change.add_tags, change.remove_tags, names.tags),
        user_id=user_after(lead.user_id, change.user_id, names.people),
        probability=_probability(lead, change),
        category=_category(lead, change),
        next_step=_next_step(lead, change),
        own=own_after(lead.own, change.own, names.own),
    )
    after = _with_amount(after, change)
    after = _with_period(after, change)
    after = _moved(after, change.stage_id, names)
    if (found := contradiction(after)) is not None:
        where, reason = found
        raise InvalidInput(reason, field=where)
    return after


def _source(lead: Facts, change: BulkChange, names: Names) -> str | None:
    """As it is written where it is there already."""
    if change.source is None or sort_key(lead.source or "") == sort_key(change.source.value or ""):
        return lead.source
    wanted = one_line(change.source.value or "")
    return names.sources.get(sort_key(wanted), wanted) or None


def tags_after(
    present: tuple[str, ...], added: Iterable[str], removed: Iterable[str], known: Mapping[str, str]
) -> tuple[str, ...]:
    """Sorted as they are shown; those that are there keep the way they are written, others are written as `known`."""
    gone = {sort_key(name) for name in removed}
    kept = {sort_key(name): name for name in present if sort_key(name) not in gone}
    new = {sort_key(name): one_line(name) for name in reversed(tuple(added)) if sort_key(name)}
    found = {key: kept.get(key) or known.get(key, name) for key, name in (kept | new).items()}
    if set(found) == {sort_key(name) for name in present}:
        return present
    return tuple(found[key] for key in sorted(found))


def user_after(present: int | None, change: Put[int | None] | None, people: Mapping[int, str]) -> int | None:
    """Who is responsible then. Raises InvalidInput for somebody who is none of the `people`."""
    if change is None:
        return present
    if change.value is not None and change.value not in people:
        raise InvalidInput(Text("This person has been deleted in the meantime."), field="user_id")
    return change.value


def _probability(lead: Facts, change: BulkChange) -> int | None:
    if change.probability is None:
        return lead.probability
    if lead.status in CLOSED:
        raise InvalidInput(Text("The probability of a closed lead follows from its outcome."), field="probability")
    return change.probability.value


def _category(lead: Facts, change: BulkChange) -> str | None:
    if change.category is None:
        return lead.category
    if lead.status in CLOSED:
        raise InvalidInput(Text("A closed lead has no forecast category."), field="category")
    return change.category.value


def own_after(
    present: OwnValues, change: Mapping[int, Put[OwnValue]], known: Mapping[int, OwnField]
) -> dict[int, OwnValue]:
    """The values of own fields then. Raises InvalidInput for what a field does not take."""
    after = dict(present)
    for field_id, put in change.items():
        own = known.get(field_id)
        if own is None:
            raise InvalidInput(Text("This field has been deleted in the meantime."), field="own")
        value, before = tidy(own, put.value), after.pop(field_id, None)
        if value is None and own.required:
            raise lacking(own)
        if value is not None:
            after[field_id] = expect_offered(own, value, before)
    return after


def _next_step(lead: Facts, change: BulkChange) -> NextStep | None:
    wanted, step = change.next_step, lead.next_step
    if wanted is None:
        return step
    if isinstance(wanted, Shift):
        if step is None:
            raise InvalidInput(Text("There is no open step to move."), field="next_step")
        moved = day_number(step.on) + wanted.by  # which may be no date
        if not _FIRST_DAY <= moved <= _LAST_DAY:
            raise InvalidInput(Text("The step would lie too far away to be meant."), field="next_step")
        wanted = Put(replace(step, on=day_of(moved)))
    if wanted.value is not None and lead.status in CLOSED:
        raise InvalidInput(Text("A closed lead has no next step."), field="next_step")
    return wanted.value


def _with_amount(lead: Facts, change: BulkChange) -> Facts:
    wanted = change.amount
    if wanted is None:
        return lead
    if isinstance(wanted, Scale):
        wanted = Put(Money(half_up(lead.amount_minor * (100 + wanted.percent) / 100), lead.currency))
    if not 0 <= wanted.value.minor <= MAX_MINOR:
        raise InvalidInput(BEYOND_MEASURE, field="amount")
    return replace(lead, amount_minor=wanted.value.minor, currency=wanted.value.currency)


def _with_period(lead: Facts, change: BulkChange) -> Facts:
    wanted = change.period
    if wanted is None:
        return lead
    if isinstance(wanted, Shift):
        if lead.period is None:
            raise InvalidInput(Text("There is no service period to move."), field="period")
        wanted = Put((lead.period[0] + wanted.by, lead.period[1] + wanted.by))
    first, last = checked_period(wanted.value) or (None, None)
    return replace(lead, period_first=first, period_last=last)


def _moved(lead: Facts, stage_id: int | None, names: Names) -> Facts:
    if stage_id is None:
        return lead
    stage = names.stages.get(stage_id)
    if stage is None:
        raise InvalidInput(Text("This stage has been deleted in the meantime."), field="stage")
    if lead.status != Status.ACTIVE:
        raise InvalidInput(Text("Only an active lead has a stage."), field="stage")
    if lead.stage_id == stage_id:
        return lead
    if stage.retired:
        raise InvalidInput(Text("“{stage}” takes no new leads.", stage=stage.name), field="stage")
    lacking = lacking_of(stage.required, lead, has_step=lead.next_step is not None)
    if lacking or lead.unchecked:
        what = names_of(lacking, lead.unchecked)
        raise InvalidInput(Text("Missing for “{stage}”: {fields}.", stage=stage.name, fields=what), field="stage")
    return replace(lead, stage_id=stage_id)
