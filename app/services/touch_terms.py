"""When somebody last spoke with a company or a person, and whether it is time to do so again: as SQL over its table.

A contact is a call, a meeting or an e-mail, on the record itself, on a lead of it or on somebody who works there; for a
company also a reminder of its own that was ticked off. What is planned for later is none yet. The statements bind
`:tomorrow`, the instant with which the day after today begins.
"""

from collections.abc import Mapping
from datetime import date, datetime, time, timedelta, tzinfo
from enum import StrEnum

from app.core.i18n import N_
from app.core.terms import Entity
from app.models.types import micros


class Touch(StrEnum):
    """Whether it is time to get in touch again."""

    IN_TIME = "in_time"
    DUE = "due"
    LATE = "late"


TOUCH_LABELS: Mapping[Touch, str] = {
    Touch.IN_TIME: N_("In time"),
    Touch.DUE: N_("Due"),
    Touch.LATE: N_("Too late"),
}

#: Changes of these can be a contact, or make one belong to another record.
CONTACT_TABLES = ("note", "note_person", "step", "lead", "company_person")
RHYTHM_TABLES = (*CONTACT_TABLES, "tag", "company_tag", "person_tag")

_DAY = 86_400_000_000
_CONTACT = "note.kind IN ('call', 'meeting', 'mail') AND note.at < :tomorrow"
_TOLD = "note_person told JOIN note ON note.id = told.note_id"
#: Whose a contact is, when it was, where it is found, and what makes it one.
_CONTACTS: Mapping[Entity, tuple[tuple[str, str, str, str], ...]] = {
    Entity.COMPANY: (
        ("note.company_id", "note.at", "note", _CONTACT),
        ("lead.company_id", "note.at", "lead JOIN note ON note.lead_id = lead.id", _CONTACT),
        ("link.company_id", "note.at", "company_person link JOIN note ON note.person_id = link.person_id", _CONTACT),
        ("link.company_id", "note.at", f"company_person link JOIN {_TOLD} AND told.person_id = link.person_id",
         _CONTACT),
        ("step.company_id", "step.done_at", "step", "step.done_at < :tomorrow"),
    ),
    Entity.PERSON: (
        ("note.person_id", "note.at", "note", _CONTACT),
        ("told.person_id", "note.at", _TOLD, _CONTACT),
        ("lead.person_id", "note.at", "lead JOIN note ON note.lead_id = lead.id", _CONTACT),
    ),
}  # fmt: skip


def tomorrow(today: date, zone: tzinfo) -> int:
    """The instant with which the day after today begins."""
    return micros(datetime.combine(today + timedelta(days=1), time(), zone))


def last_contact(entity: Entity) -> str:
    """The instant of the last contact of a record; NULL without one."""
    latest = (
        f"COALESCE((SELECT max({at}) FROM {source} WHERE {owner} = {entity}.id AND {holds}), 0)"
        for owner, at, source, holds in _CONTACTS[entity]
    )
    return f"NULLIF(max({', '.join(latest)}), 0)"


def last_contacts(entity: Entity) -> str:
    """A join that has the same as `touched.at`, made once for all records."""
    each = " UNION ALL ".join(
        f"SELECT {owner} AS owner, {at} AS at FROM {source} WHERE {owner} IS NOT NULL AND {holds}"
        for owner, at, source, holds in _CONTACTS[entity]
    )
    return (
        f"LEFT JOIN (SELECT owner, max(at) AS at FROM ({each}) GROUP BY owner) touched ON touched.owner = {entity}.id"
    )


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
    """A `Touch`; NULL for a record without a rhythm."""
    days = f"(:tomorrow - 1 - {since(entity, last_contact(entity))}) / {_DAY}"
    return (
        f"CASE WHEN {target(entity)} IS NULL THEN NULL WHEN {days} > {latest(entity)} THEN '{Touch.LATE}'"
        f" WHEN {days} >= {target(entity)} THEN '{Touch.DUE}' ELSE '{Touch.IN_TIME}' END"
    )


def due(entity: Entity) -> str:
    """The instant at which it is time again, over a source with `last_contacts` joined; NULL without a rhythm."""
    return f"({since(entity, 'touched.at')} + {_DAY} * {target(entity)})"
