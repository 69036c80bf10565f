"""Lists of people: what they ask for, what a row says, and what the people of a list come to."""

import json
from dataclasses import dataclass, field
from datetime import date, datetime, tzinfo
from typing import Any, ClassVar

from sqlalchemy import Connection, TextClause, text

from app.core.calendar import day_of
from app.core.place import NOWHERE, Place
from app.core.terms import Entity
from app.models.types import instant_of
from app.services.last_contact import last_contact
from app.services.list_terms import ListTerms
from app.services.own_values import VALUES, OwnValues, read_values
from app.services.person_terms import OPEN, PEOPLE
from app.services.record_list import RecordList
from app.services.record_query import RecordQuery, hides_archived
from app.services.record_terms import address, place_of, point, split, tags
from app.services.rhythm import RhythmState
from app.services.touch_terms import state


@dataclass(frozen=True)
class PersonQuery(RecordQuery):
    """What a list of people shows: those in the archive only if the filter asks about it."""

    terms: ClassVar[ListTerms] = PEOPLE

    def narrowed(self, today: date) -> tuple[list[str], dict[str, Any]]:
        return hides_archived(self), {}


@dataclass(frozen=True, slots=True)
class PersonRow:
    """Somebody as a list shows them. Instants are in the store's zone.

    `companies` are those he or she works for, the first one first, `roles` as what, in the same order. `open` counts
    the active leads where somebody is the contact or has a say. Of a `birthday` in 1604 nobody knows the year. For the
    rest see `CompanyRow`.
    """

    id: int
    uid: str
    name: str
    created_at: datetime
    companies: tuple[str, ...]
    open: int
    roles: tuple[str, ...] = ()
    company_id: int | None = None
    salutation: str = ""
    prefix: str = ""
    birthday: date | None = None
    user_id: int | None = None
    user: str | None = None
    initials: str | None = None
    tags: tuple[str, ...] = ()
    phone: str | None = None
    mail: str | None = None
    web: str | None = None
    place: Place = NOWHERE
    last_contact: datetime | None = None
    touch: RhythmState | None = None
    archived: bool = False
    own: OwnValues = field(default_factory=dict)


@dataclass(frozen=True)
class PersonTotals:
    """What a list of people comes to."""

    count: int = 0


class PersonList(RecordList[PersonQuery, PersonRow, PersonTotals]):
    """Reads the people of a store."""

    terms = PEOPLE

    def _statement(self) -> TextClause:
        return _ROWS

    def _row(self, found: Any, zone: tzinfo) -> PersonRow:
        (id_, uid, name, created, works, open_, salutation, prefix, birthday, user_id, user, initials, tagged,
         phone, mail, web, place, contact, touch, archived, told) = found  # fmt: skip
        links = json.loads(works)
        return PersonRow(
            id_, uid, name, instant_of(created).astimezone(zone), tuple(link[1] for link in links), open_,
            tuple(link[2] for link in links), links[0][0] if links else None, salutation, prefix,
            None if birthday is None else day_of(birthday), user_id, user, initials, split(tagged), phone, mail,
            web, place_of(place), None if contact is None else instant_of(contact).astimezone(zone),
            None if touch is None else RhythmState(touch), archived == 1, read_values(told),
        )  # fmt: skip

    def _totals(self, connection: Connection, source: str, binds: dict[str, Any]) -> PersonTotals:
        return PersonTotals(*connection.execute(text(f"SELECT count(*) {source}"), binds).one())


_PERSON = Entity.PERSON
_ROWS = text(f"""
SELECT person.id, person.uid, person.name, person.created_at,
  (SELECT json_group_array(json_array(company.id, company.name, link.role)
     ORDER BY link.position, company.sort_key, link.id)
   FROM company_person link JOIN company ON company.id = link.company_id WHERE link.person_id = person.id),
  {OPEN},
  person.salutation, person.prefix, person.birthday, person.user_id, member.name, member.initials, {tags(_PERSON)},
  {point(_PERSON, "phone")}, {point(_PERSON, "mail")}, {point(_PERSON, "web")}, {address(_PERSON)},
  {last_contact(_PERSON)}, {state(_PERSON)}, person.archived_at IS NOT NULL, {VALUES.format(owner="person")}
FROM json_each(:ids) wanted
CROSS JOIN person ON person.id = wanted.value
LEFT JOIN member ON member.id = person.user_id
ORDER BY wanted.key
""")
