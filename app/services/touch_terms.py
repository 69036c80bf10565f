"""When somebody last heard of a company or a person, and whether it is time again: as SQL over its table.

A contact is a note on the record or on a lead of it, or a step that was finished there: see `app.services.rhythm`,
which tells the same of single records. What is planned for later is none yet. The statements bind `:tomorrow`, the
instant with which the day after today begins.
"""

from collections.abc import Mapping
from datetime import date, datetime, time, timedelta, tzinfo

from app.core.i18n import N_
from app.core.terms import Entity
from app.models.types import micros
from app.services.rhythm import RhythmState

TOUCH_LABELS: Mapping[RhythmState, str] = {
    RhythmState.FINE: N_("In time"),
    RhythmState.DUE: N_("Due"),
    RhythmState.OVERDUE: N_("Too late"),
}

#: Changes of these can be a contact, or make one belong to another record.
CONTACT_TABLES = ("note", "note_person", "step", "lead", "company_person")
RHYTHM_TABLES = (*CONTACT_TABLES, "tag", "company_tag", "person_tag")

_DAY = 86_400_000_000
_TOLD = "note_person told JOIN note ON note.id = told.note_id"
_OF_LEAD = (
    ("note.at", "lead JOIN note ON note.lead_id = lead.id"),
    ("step.done_at", "lead JOIN step ON step.lead_id = lead.id"),
)
#: Whose a contact is, when it was, and where it is found.
_CONTACTS: Mapping[Entity, tuple[tuple[str, str, str], ...]] = {
    Entity.COMPANY: (
        ("note.company_id", "note.at", "note"), ("step.company_id", "step.done_at", "step"),
        *(("lead.company_id", *each) for each in _OF_LEAD),
    ),
    Entity.PERSON: (
        ("note.person_id", "note.at", "note"), ("told.person_id", "note.at", _TOLD),
        *(("lead.person_id", *each) for each in _OF_LEAD),
    ),
}  # fmt: skip


def tomorrow(today: date, zone: tzinfo) -> int:
    """The instant with which the day after today begins."""
    return micros(datetime.combine(today + timedelta(days=1), time(), zone))


def last_contact(entity: Entity) -> str:
    """The instant of the last contact of a record; NULL without one."""
    latest = (
        f"COALESCE((SELECT max({at}) FROM {source} WHERE {owner} = {entity}.id AND {at} < :tomorrow), 0)"
        for owner, at, source in _CONTACTS[entity]
    )
    return f"NULLIF(max({', '.join(latest)}), 0)"


def last_contacts(entity: Entity) -> str:
    """The same of all records that have one, as `owner` and `value`."""
    each = " UNION ALL ".join(
        f"SELECT {owner} AS owner, max({at}) AS value FROM {source} WHERE {owner} IS NOT NULL AND {at} < :tomorrow"
        f" GROUP BY {owner}"
        for owner, at, source in _CONTACTS[entity]
    )
    return f"SELECT owner, max(value) AS value FROM ({each}) GROUP BY owner"


def _of_tags(entity: Entity, days: str) -> str:
    return (
        f"(SELECT min({days}) FROM {entity}_tag carried JOIN tag ON tag.id = carried.tag_id"
        f" WHERE carried.{entity}_id = {entity}.id AND tag.deleted_at IS NULL AND tag.touch_target IS NOT NULL)"
    )


def target(entity: Entity) -> str:
    """After how many days it is time again: the record's own rhythm, else the closest of its tags; NULL for none."""
    return f"COALESCE({entity}.touch_target, {_of_tags(entity, 'tag.touch_target')})"


def latest(entity: Entity) -> str:
    """After how many days it is too late; where nobody said so, after twice as many."""
    of_tags = _of_tags(entity, "COALESCE(tag.touch_latest, 2 * tag.touch_target)")
    own = f"COALESCE({entity}.touch_latest, 2 * {entity}.touch_target)"
    return f"CASE WHEN {entity}.touch_target IS NULL THEN {of_tags} ELSE {own} END"


def since(entity: Entity, last: str) -> str:
    """The instant from which the days count: without a contact the record's own beginning. `last` is the contact."""
    return f"COALESCE({last}, {entity}.created_at)"


def state(entity: Entity) -> str:
    """A `RhythmState`; NULL for a record without a rhythm."""
    days = f"(:tomorrow - 1 - {since(entity, last_contact(entity))}) / {_DAY}"
    return (
        f"CASE WHEN {target(entity)} IS NULL THEN NULL WHEN {days} > {latest(entity)} THEN '{RhythmState.OVERDUE}'"
        f" WHEN {days} >= {target(entity)} THEN '{RhythmState.DUE}' ELSE '{RhythmState.FINE}' END"
    )


def due(entity: Entity) -> str:
    """The instant at which it is time again; NULL without a rhythm. `last_contacts` are joined as `valued`."""
    return f"({since(entity, 'valued.value')} + {_DAY} * {target(entity)})"
