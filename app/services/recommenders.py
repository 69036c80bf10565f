"""Who recommended us, and what became of it."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlalchemy import text

from app.core.terms import Entity

if TYPE_CHECKING:
    from app.models.store import Store


@dataclass(frozen=True, slots=True)
class Recommendations:
    """How many leads somebody's recommendations led to, how many of them were won and for how much.

    `won_volume` is in minor units of the base currency; a lead without a rate is counted but in no sum.
    """

    count: int = 0
    won: int = 0
    won_volume: int = 0


@dataclass(frozen=True, slots=True)
class RecommenderRow:
    """A company or a person who recommended us."""

    entity: Entity
    id: int
    name: str
    what: Recommendations


class Recommenders:
    """Reads who recommended us."""

    def __init__(self, store: "Store") -> None:
        self._store = store

    def best(self, limit: int = 100) -> list[RecommenderRow]:
        """Those whose recommendations brought most first: by what was won, then by how many they were."""
        with self._store.read() as connection:
            rows = connection.execute(_BEST, {"limit": limit}).all()
        return [
            RecommenderRow(Entity(row.entity), row.id, row.name, Recommendations(row.n, row.won, row.volume))
            for row in rows
        ]


def _of(entity: Entity) -> str:
    return f"""
SELECT '{entity}' AS entity, {entity}.id AS id, {entity}.name AS name, {entity}.sort_key AS key, count(*) AS n,
  count(*) FILTER (WHERE status = 'won') AS won,
  COALESCE(sum(total_base) FILTER (WHERE status = 'won'), 0) AS volume
FROM lead JOIN {entity} ON {entity}.id = recommender_{entity}_id GROUP BY {entity}.id
"""


_BEST = text(f"""
SELECT * FROM ({_of(Entity.COMPANY)} UNION ALL {_of(Entity.PERSON)})
ORDER BY volume DESC, won DESC, n DESC, key, entity, id LIMIT :limit
""")
