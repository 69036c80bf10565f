"""Companies and people by what is typed of their names, told apart where several are called the same."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

from sqlalchemy import text

from app.core.folding import search_key
from app.core.parse.cleaning import one_line
from app.core.terms import Entity
from app.services.record_terms import place

if TYPE_CHECKING:
    from app.models.store import Store

#: No name is longer; the database refuses to look for a pattern beyond measure.
LONGEST = 300
BOTH = (Entity.COMPANY, Entity.PERSON)


@dataclass(frozen=True, slots=True)
class Somebody:
    """A company with the town it is in, or a person with the company he or she works for first; "" for none."""

    entity: Entity
    id: int
    name: str
    beside: str = ""


class Meant(NamedTuple):
    """Whom a name stands for: the id of somebody who is there, or the name of somebody new."""

    entity: Entity
    who: int | str
    name: str


class Somebodies:
    """Looks for them by name, by which everybody can choose one. What is beside the name is told of those that are seen
    further.
    """

    def __init__(self, store: "Store") -> None:
        self._store = store

    def find(self, typed: str, kinds: Sequence[Entity] = BOTH, limit: int = 12) -> list[Somebody]:
        """Whose names contain what was typed; those who are called so first, then those that begin with it."""
        key = search_key(one_line(typed))
        if not key or len(key) > LONGEST:
            return []
        escaped = key.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")
        return self._read(
            kinds, "LIKE :any ESCAPE '\\'", {"key": key, "any": f"%{escaped}%", "start": f"{escaped}%"}, limit
        )

    def called(self, name: str, kinds: Sequence[Entity] = BOTH, limit: int = 12) -> list[Somebody]:
        """Who is called exactly so, whatever the case and the accents."""
        key = search_key(one_line(name))
        if not key or len(key) > LONGEST:
            return []
        return self._read(kinds, "= :key", {"key": key, "start": ""}, limit)

    def _read(self, kinds: Sequence[Entity], like: str, binds: dict[str, str], limit: int) -> list[Somebody]:
        parts = " UNION ALL ".join(_OF.format(kind=kind, like=like) for kind in kinds)
        statement = _FOUND.format(parts=parts, order=_ORDER)
        with self._store.read() as connection:
            rows = connection.execute(text(statement), {**binds, "limit": limit}).all()
        return [Somebody(Entity(row.entity), row.id, row.name, row.beside or "") for row in rows]


_OF = "SELECT '{kind}' AS entity, id, name, sort_key, search_key FROM {kind}_name WHERE search_key {like}"
_ORDER = "ORDER BY search_key <> :key, search_key NOT LIKE :start ESCAPE '\\', sort_key, entity, id"
# What tells them apart is looked up for those alone who are offered.
_FOUND = f"""
WITH found AS MATERIALIZED (SELECT * FROM ({{parts}}) {{order}} LIMIT +:limit)
SELECT entity, id, name, CASE entity
  WHEN 'company' THEN (SELECT {place(Entity.COMPANY, "city")} FROM company WHERE company.id = found.id)
  ELSE (SELECT company.name FROM company_person JOIN company ON company.id = company_id
    WHERE person_id = found.id ORDER BY position, company_person.id LIMIT 1) END AS beside
FROM found {{order}}
"""
