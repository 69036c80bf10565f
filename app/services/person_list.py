"""Lists of people: what they ask for, what a row says, and what the people of a list come to."""

import json
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, ClassVar

from sqlalchemy import Connection, text

from app.core.terms import Entity
from app.models.types import instant_of
from app.services.own_values import VALUES, OwnValues, read_values
from app.services.record_list import RecordList
from app.services.record_query import ListTerms, RecordQuery, Sort

_BETWEEN = "\x1f"

#: The first of the companies that somebody works for, by name.
_COMPANY = """
(SELECT min(company.sort_key) FROM company_person JOIN company ON company.id = company_person.company_id
 WHERE company_person.person_id = person.id)
"""

PEOPLE = ListTerms(
    entity=Entity.PERSON,
    sorts={
        "name": Sort(("person.sort_key",), columns=("name",)),
        "company": Sort((_COMPANY,), tables=("company", "company_person"), unaided=True),
        "created": Sort(("person.created_at",), columns=("created_at",), unaided=True),
    },
    groups={},
    narrowing=frozenset({"deleted_at"}),
    sums={},
    spread=("tag", "company"),
)


@dataclass(frozen=True)
class PersonQuery(RecordQuery):
    """What a list of people shows."""

    terms: ClassVar[ListTerms] = PEOPLE


@dataclass(frozen=True, slots=True)
class PersonRow:
    """Somebody as a list shows them. `created_at` is in the store's zone; `open` counts the active leads that have them
    as their contact. `own` has the values of own fields by their ids.
    """

    id: int
    uid: str
    name: str
    created_at: datetime
    companies: tuple[str, ...]
    open: int
    own: OwnValues = field(default_factory=dict)


@dataclass(frozen=True)
class PersonTotals:
    """What a list of people comes to."""

    count: int = 0


class PersonList(RecordList[PersonQuery, PersonRow, PersonTotals]):
    """Reads the people of a store."""

    terms = PEOPLE

    def rows(self, ids: Sequence[int]) -> list[PersonRow]:
        with self._store.read() as connection:
            found = connection.execute(_ROWS, {"ids": json.dumps(list(ids))}).all()
        zone = self._store.zone
        return [
            PersonRow(
                id_, uid, name, instant_of(created).astimezone(zone),
                tuple(companies.split(_BETWEEN)) if companies else (), open_, read_values(told),
            )
            for id_, uid, name, created, companies, open_, told in found
        ]  # fmt: skip

    def _totals(self, connection: Connection, source: str, binds: dict[str, Any]) -> PersonTotals:
        return PersonTotals(*connection.execute(text(f"SELECT count(*) {source}"), binds).one())


_ROWS = text(f"""
SELECT person.id, person.uid, person.name, person.created_at,
  (SELECT string_agg(company.name, char(31) ORDER BY company.sort_key, company.id) FROM company_person
   JOIN company ON company.id = company_person.company_id WHERE company_person.person_id = person.id),
  (SELECT count(*) FROM lead WHERE person_id = person.id AND status = 'active'),
  {VALUES.format(owner="person")}
FROM json_each(:ids) wanted
CROSS JOIN person ON person.id = wanted.value
ORDER BY wanted.key
""")
