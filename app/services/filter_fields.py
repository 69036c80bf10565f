"""The fields one can filter by: what each is called, what values it has, and so what can be asked of it.

A field is known by a key that says by itself of which records it is: those of companies and people begin with their
name, all others are of leads. Those of own fields say more by it, see
`app.services.own_kinds`. Nothing here asks the database.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import TypeVar

from app.core.errors import InvalidInput
from app.core.i18n import N_, Text
from app.core.terms import (
    BUDGET_LABELS,
    CATEGORY_LABELS,
    COMPANY_KIND_LABELS,
    SIZE_LABELS,
    STATUS_LABELS,
    Entity,
)
from app.services.own_kinds import ANSWERS, CHOSEN, WORDS, OwnKind, parts_of
from app.services.touch_terms import TOUCH_LABELS


class Kind(StrEnum):
    """What values a field has, and so what can be asked of it."""

    CHOICE = "choice"
    TAG = "tag"  # several at once
    AMOUNT = "amount"  # minor units of the base currency
    NUMBER = "number"  # millionths
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


RANGE = (Op.FROM, Op.TO, Op.BETWEEN)
PRESENCE = (Op.EMPTY, Op.FILLED)
OPS: Mapping[Kind, tuple[Op, ...]] = {
    Kind.CHOICE: (Op.IS, Op.IS_NOT),
    Kind.TAG: (Op.IS, Op.IS_NOT),
    Kind.AMOUNT: (*RANGE, *PRESENCE),
    Kind.NUMBER: (*RANGE, *PRESENCE),
    Kind.PERCENT: (*RANGE, *PRESENCE),
    Kind.DAY: (*RANGE, Op.IN, Op.TWELVE, Op.PAST, Op.COMING, Op.TODAY, *PRESENCE),
    Kind.MONTHS: (*RANGE, Op.IN, *PRESENCE),
    Kind.TEXT: (Op.CONTAINS, Op.LACKS),
    Kind.FLAG: (Op.YES, Op.NO),
}  # fmt: skip

_NOT_GIVEN = N_("not given")


@dataclass(frozen=True)
class FieldSpec:
    """A field one can ask for.

    `words` are the values of a choice that is not by id, with what they are called; of one that is, `table` has the
    names. `optional` if it may be empty, which `empty` words. `also` are what this field alone can be asked, `never`
    what it cannot, of what others of its kind can.
    """

    label: str
    kind: Kind
    words: Mapping[str, str] = field(default_factory=dict)
    table: str = ""
    optional: bool = True
    empty: str = _NOT_GIVEN
    also: tuple[Op, ...] = ()
    never: tuple[Op, ...] = ()

    @property
    def ops(self) -> tuple[Op, ...]:
        """What can be asked of it."""
        found = (*self.also, *(op for op in OPS[self.kind] if op not in self.never))
        return found if self.optional else tuple(op for op in found if op not in PRESENCE)


_Word = TypeVar("_Word", bound=StrEnum)


def _worded(labels: Mapping[_Word, str]) -> dict[str, str]:
    return {str(word): label for word, label in labels.items()}


#: Those of leads, in the order in which they are offered.
FIELDS: Mapping[str, FieldSpec] = {
    "responsible": FieldSpec(N_("Responsible"), Kind.CHOICE, table="member", empty=N_("nobody")),
    "stage": FieldSpec(N_("Stage"), Kind.CHOICE, table="stage"),
    "status": FieldSpec(N_("State"), Kind.CHOICE, _worded(STATUS_LABELS), optional=False),
    "tag": FieldSpec(N_("Tag"), Kind.TAG, table="tag", empty=N_("without a tag")),
    "source": FieldSpec(N_("Source"), Kind.CHOICE, table="source"),
    "reason": FieldSpec(N_("Reason"), Kind.CHOICE, table="reason"),
    "company": FieldSpec(N_("Company"), Kind.CHOICE, table="company"),
    "contact": FieldSpec(N_("Contact"), Kind.CHOICE, table="person"),
    "recommender": FieldSpec(N_("Recommended by"), Kind.TEXT, also=PRESENCE),
    "next_step": FieldSpec(N_("Next step"), Kind.DAY, empty=N_("without next step"), also=(Op.OVERDUE,)),
    "idle": FieldSpec(N_("Without movement"), Kind.FLAG, optional=False),
    "period": FieldSpec(N_("Service period"), Kind.MONTHS),
    "volume": FieldSpec(N_("Volume"), Kind.AMOUNT),
    "weighted": FieldSpec(N_("Weighted"), Kind.AMOUNT),
    "probability": FieldSpec(N_("Probability"), Kind.PERCENT),
    "budget": FieldSpec(N_("Budget kind"), Kind.CHOICE, _worded(BUDGET_LABELS), optional=False),
    "category": FieldSpec(N_("Forecast category"), Kind.CHOICE, _worded(CATEGORY_LABELS)),
    "activated": FieldSpec(N_("Activated on"), Kind.DAY),
    "created": FieldSpec(N_("Created on"), Kind.DAY, optional=False),
    "closed": FieldSpec(N_("Closed on"), Kind.DAY),
    "title": FieldSpec(N_("Title"), Kind.TEXT, optional=False),
    "text": FieldSpec(N_("Text"), Kind.TEXT, optional=False),
}


def _common(entity: Entity, created: str) -> dict[str, FieldSpec]:
    """What companies and people both have."""
    fields = {
        "phone": FieldSpec(N_("Telephone"), Kind.TEXT, also=PRESENCE),
        "mail": FieldSpec(N_("E-mail"), Kind.TEXT, also=PRESENCE),
        "web": FieldSpec(N_("Web"), Kind.TEXT, also=PRESENCE),
        "city": FieldSpec(N_("Town"), Kind.TEXT, also=PRESENCE),
        "open": FieldSpec(N_("Active leads"), Kind.FLAG, optional=False),
        "last_contact": FieldSpec(N_("Last contact"), Kind.DAY, empty=N_("never contacted")),
        "rhythm": FieldSpec(N_("Keep in touch"), Kind.CHOICE, _worded(TOUCH_LABELS), empty=N_("without a rhythm")),
        "created": FieldSpec(created, Kind.DAY, optional=False),
        "archived": FieldSpec(N_("Archived"), Kind.FLAG, optional=False),
        "name": FieldSpec(N_("Name"), Kind.TEXT, optional=False),
        "text": FieldSpec(N_("Text"), Kind.TEXT, optional=False),
    }
    return {f"{entity}.{name}": spec for name, spec in fields.items()}


OF_COMPANIES: Mapping[str, FieldSpec] = {
    "company.responsible": FieldSpec(N_("Responsible"), Kind.CHOICE, table="member", empty=N_("nobody")),
    "company.kind": FieldSpec(N_("Kind of company"), Kind.TAG, _worded(COMPANY_KIND_LABELS)),
    "company.tag": FieldSpec(N_("Tag"), Kind.TAG, table="tag", empty=N_("without a tag")),
    "company.person": FieldSpec(N_("People"), Kind.TAG, table="person", empty=N_("without people")),
    "company.industry": FieldSpec(N_("Industry"), Kind.TEXT, also=PRESENCE),
    "company.size": FieldSpec(N_("Company size"), Kind.CHOICE, _worded(SIZE_LABELS)),
    "company.number": FieldSpec(N_("Customer number"), Kind.TEXT, also=PRESENCE),
    "company.next_step": FieldSpec(N_("Next step"), Kind.DAY, empty=N_("without next step"), also=(Op.OVERDUE,)),
    "company.open_volume": FieldSpec(N_("Volume of active leads"), Kind.AMOUNT),
    "company.won_volume": FieldSpec(N_("Volume won"), Kind.AMOUNT),
    **_common(Entity.COMPANY, N_("Created on")),
}

OF_PEOPLE: Mapping[str, FieldSpec] = {
    "person.responsible": FieldSpec(N_("Responsible"), Kind.CHOICE, table="member", empty=N_("nobody")),
    "person.company": FieldSpec(N_("Company"), Kind.TAG, table="company", empty=N_("without a company")),
    "person.role": FieldSpec(N_("Role"), Kind.TEXT, also=PRESENCE),
    "person.tag": FieldSpec(N_("Tag"), Kind.TAG, table="tag", empty=N_("without a tag")),
    # the next one: nobody looks for those who were born this month
    "person.birthday": FieldSpec(N_("Birthday"), Kind.DAY, never=(Op.FROM, Op.TO, Op.TWELVE, Op.PAST)),
    **_common(Entity.PERSON, N_("Created on")),
}

_OF: Mapping[Entity, Mapping[str, FieldSpec]] = {
    Entity.LEAD: FIELDS,
    Entity.COMPANY: OF_COMPANIES,
    Entity.PERSON: OF_PEOPLE,
}


def fields_of(entity: Entity) -> Mapping[str, FieldSpec]:
    """The fields of a kind of records, in the order in which they are offered."""
    return _OF[entity]


def entity_of(key: str) -> Entity:
    """Of which records a field is."""
    first, dot, _rest = key.partition(".")
    return Entity(first) if dot and first in (Entity.COMPANY, Entity.PERSON) else Entity.LEAD


def spec_of(key: str) -> FieldSpec:
    """What is known of a field. Raises InvalidInput for one there is not."""
    found = _OF[entity_of(key)].get(key) or _own(key)
    if found is None:
        raise InvalidInput(
            Text("This filter is not understood."), Text("There is no field “{name}”.", name=key[:40]), field="filter"
        )
    return found


_OWN_KINDS = {
    OwnKind.NUMBER: Kind.NUMBER, OwnKind.AMOUNT: Kind.AMOUNT, OwnKind.DAY: Kind.DAY, OwnKind.CHOICE: Kind.TAG,
    OwnKind.CHOICES: Kind.TAG, OwnKind.FLAG: Kind.CHOICE,
}  # fmt: skip
_OWN = N_("Own field")


def _own(key: str) -> FieldSpec | None:
    """What can be asked of the own field with this key; None for a key of none."""
    parts = parts_of(key)
    if parts is None:
        return None
    kind = parts[1]
    if kind in WORDS:
        return FieldSpec(_OWN, Kind.TEXT, also=PRESENCE)
    words = ANSWERS if kind is OwnKind.FLAG else {}
    return FieldSpec(_OWN, _OWN_KINDS[kind], words, table="field_option" if kind in CHOSEN else "")
