"""What counts as a contact with a company or a person, and when the last one was: the one place that says it, as SQL.

What is written on a record is a contact with it, and so is what is written on a lead of it; a step that was finished
there is one, too. Who took part was heard of. A call, a meeting or an e-mail that is written on a person is one with
the companies he or she works for, while a plain note on a person says something about him or her alone. What is written
on a lead is a contact with the company of that lead, not with others that its contact works for as well; it is the same
with those who took part: it says of them alone that they were heard of. What is planned for later is none yet, and a
mail that does not say when it was sent is none: the day on which it was put here is not that of a contact.

The statements bind `:tomorrow`, the instant with which the day after today begins.
"""

from collections.abc import Mapping
from datetime import date, datetime, time, timedelta, tzinfo

from app.core.terms import Entity
from app.models.types import micros

#: Changes of these can be a contact, or make one belong to another record.
CONTACT_TABLES = ("note", "note_person", "step", "lead", "company_person")

_TOLD = "note_person told JOIN note ON note.id = told.note_id"
_TALKED = "note JOIN company_person works ON works.person_id = note.person_id AND note.kind <> 'note'"
_OF_LEAD = (
    ("note.at", "note JOIN lead ON lead.id = note.lead_id"),
    ("step.done_at", "step JOIN lead ON lead.id = step.lead_id"),
)
_DATED = "(note.kind <> 'mail' OR (SELECT sent_at FROM mail WHERE mail.id = note.mail_id) IS NOT NULL)"
#: When a contact took place, and whether it is known to have.
_HAPPENED: Mapping[str, str] = {
    "note.at": f"note.at < :tomorrow AND {_DATED}", "step.done_at": "step.done_at < :tomorrow",
}  # fmt: skip
#: Whose a contact is, when it was, and where it is found.
_CONTACTS: Mapping[Entity, tuple[tuple[str, str, str], ...]] = {
    Entity.COMPANY: (
        ("note.company_id", "note.at", "note"), ("works.company_id", "note.at", _TALKED),
        ("step.company_id", "step.done_at", "step"), *(("lead.company_id", *each) for each in _OF_LEAD),
    ),
    Entity.PERSON: (
        ("note.person_id", "note.at", "note"), ("told.person_id", "note.at", _TOLD),
        *(("lead.person_id", *each) for each in _OF_LEAD),
    ),
}  # fmt: skip


def tomorrow(today: date, zone: tzinfo) -> int:
    """The instant with which the day after today begins."""
    return micros(datetime.combine(today + timedelta(days=1), time(), zone))


def last_contact(entity: Entity, record: str = "") -> str:
    """The instant of the last contact of a record; NULL without one. `record` is its id in SQL, if not the table's."""
    latest = (
        f"COALESCE((SELECT max({at}) FROM {source} WHERE {owner} = {record or f'{entity}.id'} AND {_HAPPENED[at]}), 0)"
        for owner, at, source in _CONTACTS[entity]
    )
    return f"NULLIF(max({', '.join(latest)}), 0)"


def last_contacts(entity: Entity) -> str:
    """The same of all records that have one, as `owner` and `value`."""
    # Contacts first: left to itself the database goes through all leads, of which few have one.
    each = " UNION ALL ".join(
        f"SELECT {owner} AS owner, max({at}) AS value FROM {source.replace(' JOIN ', ' CROSS JOIN ')}"
        f" WHERE {owner} IS NOT NULL AND {_HAPPENED[at]} GROUP BY {owner}"
        for owner, at, source in _CONTACTS[entity]
    )
    return f"SELECT owner, max(value) AS value FROM ({each}) GROUP BY owner"
