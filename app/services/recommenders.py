"""Who recommended us, and what became of it."""

from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

from sqlalchemy import text

from app.core.terms import Entity

if TYPE_CHECKING:
    from app.models.store import Store


@dataclass(frozen=True, slots=True)
class Recommendations:
    """How many leads somebody's recommendations led to, how many of them were won and for how much.

    `won_volume` and `open_volume` are in minor units of the base currency; open are active leads and ideas. A lead
    without a rate is counted but in no sum.
    """

    count: int = 0
    won: int = 0
    won_volume: int = 0
    open_volume: int = 0


@dataclass(frozen=True, slots=True)
class RecommenderRow:
    """A company or a person who recommended us."""

    entity: Entity
    id: int
    name: str
    what: Recommendations


class RecommendedLead(NamedTuple):
    """A lead somebody's recommendation led to, with what it adds to the volume won and to the open one."""

    id: int
    won: int | None
    running: int | None


class Recommenders:
    """Reads who recommended us."""

    def __init__(self, store: "Store") -> None:
        self._store = store

    def best(self, limit: int = 100) -> list[RecommenderRow]:
        """Those whose recommendations brought most first: by what was won, then by how many they were."""
        with self._store.read() as connection:
            rows = connection.execute(_BEST, {"limit": limit}).all()
        return [
            RecommenderRow(
                Entity(row.entity), row.id, row.name, Recommendations(row.n, row.won, row.volume, row.running)
            )
            for row in rows
        ]

    def leads(self, entity: Entity, id_: int) -> list[RecommendedLead]:
        """The leads that somebody's recommendations led to: the won ones first, then those that run, by volume."""
        with self._store.read() as connection:
            rows = connection.execute(_LEADS[entity], {"id": id_}).all()
        return [RecommendedLead(*row) for row in rows]


def _of(entity: Entity) -> str:
    return f"""
SELECT '{entity}' AS entity, {entity}.id AS id, {entity}.name AS name, {entity}.sort_key AS key, count(*) AS n,
  count(*) FILTER (WHERE status = 'won') AS won,
  COALESCE(sum(total_base) FILTER (WHERE status = 'won'), 0) AS volume,
  COALESCE(sum(total_base) FILTER (WHERE status IN ('active', 'potential')), 0) AS running
FROM lead JOIN {entity} ON {entity}.id = recommender_{entity}_id
WHERE recommender_{entity}_id IS NOT NULL GROUP BY {entity}.id
"""


_BEST = text(f"""
SELECT * FROM ({_of(Entity.COMPANY)} UNION ALL {_of(Entity.PERSON)})
ORDER BY volume DESC, won DESC, n DESC, running DESC, key, entity, id LIMIT +:limit
""")

_LEADS = {
    entity: text(f"""
SELECT id, CASE WHEN status = 'won' THEN total_base END, CASE WHEN status IN ('active', 'potential') THEN total_base END
FROM lead WHERE recommender_{entity}_id = :id
ORDER BY status <> 'won', status NOT IN ('active', 'potential'), total_base DESC NULLS LAST, id
""")
    for entity in (Entity.COMPANY, Entity.PERSON)
}
