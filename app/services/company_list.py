"""Lists of companies: what they ask for, what a row says, and what the companies of a list come to."""

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

#: What the leads of each company come to: those that run, and those that were won.
_WORTH = """
LEFT JOIN (SELECT company_id, count(*) FILTER (WHERE status = 'active') AS open,
  sum(total_base) FILTER (WHERE status = 'active') AS open_volume,
  sum(total_base) FILTER (WHERE status = 'won') AS won_volume
  FROM lead WHERE company_id IS NOT NULL GROUP BY company_id) worth ON worth.company_id = company.id
"""
_FROM_LEADS = ("lead", "rate", "store_setting")


def _worth(column: str) -> Sort:
    return Sort((f"worth.{column}",), _WORTH, tables=_FROM_LEADS, unaided=True)


COMPANIES = ListTerms(
    entity=Entity.COMPANY,
    sorts={
        "name": Sort(("company.sort_key",), columns=("name",)),
        "created": Sort(("company.created_at",), columns=("created_at",), unaided=True),
        "open": _worth("open"),
        "open_volume": _worth("open_volume"),
        "won_volume": _worth("won_volume"),
    },
    groups={},
    narrowing=frozenset({"deleted_at"}),
    sums={},
    spread=("tag",),
)


@dataclass(frozen=True)
class CompanyQuery(RecordQuery):
    """What a list of companies shows."""

    terms: ClassVar[ListTerms] = COMPANIES


@dataclass(frozen=True, slots=True)
class CompanyRow:
    """A company as it is shown. `created_at` is in the store's zone, `people` are the names of those who work there.

    `open` counts its active leads. Volumes are minor units of the base currency over the leads that have a rate.
    `own` has the values of own fields by their ids.
    """

    id: int
    uid: str
    name: str
    created_at: datetime
    people: tuple[str, ...]
    open: int
    open_volume: int
    won_volume: int
    own: OwnValues = field(default_factory=dict)


@dataclass(frozen=True)
class CompanyTotals:
    """What a list of companies comes to; see `CompanyRow`. `without_rate` counts the leads that are in no sum."""

    count: int = 0
    open_volume: int = 0
    won_volume: int = 0
    without_rate: int = 0


class CompanyList(RecordList[CompanyQuery, CompanyRow, CompanyTotals]):
    """Reads the companies of a store."""

    terms = COMPANIES

    def rows(self, ids: Sequence[int]) -> list[CompanyRow]:
        with self._store.read() as connection:
            found = connection.execute(_ROWS, {"ids": json.dumps(list(ids))}).all()
        zone = self._store.zone
        return [
            CompanyRow(
                id_, uid, name, instant_of(created).astimezone(zone), tuple(people.split(_BETWEEN)) if people else (),
                open_, open_volume, won_volume, read_values(told),
            )
            for id_, uid, name, created, people, open_, open_volume, won_volume, told in found
        ]  # fmt: skip

    def _totals(self, connection: Connection, source: str, binds: dict[str, Any]) -> CompanyTotals:
        return CompanyTotals(*connection.execute(text(_TOTALS.replace("{source}", source)), binds).one())


_ROWS = text(f"""
SELECT company.id, company.uid, company.name, company.created_at,
  (SELECT string_agg(person.name, char(31) ORDER BY person.sort_key, person.id) FROM company_person
   JOIN person ON person.id = company_person.person_id WHERE company_person.company_id = company.id),
  (SELECT count(*) FROM lead WHERE company_id = company.id AND status = 'active'),
  (SELECT COALESCE(sum(total_base), 0) FROM lead WHERE company_id = company.id AND status = 'active'),
  (SELECT COALESCE(sum(total_base), 0) FROM lead WHERE company_id = company.id AND status = 'won'),
  {VALUES.format(owner="company")}
FROM json_each(:ids) wanted
CROSS JOIN company ON company.id = wanted.value
ORDER BY wanted.key
""")

_TOTALS = """
WITH shown AS MATERIALIZED (SELECT company.id AS id {source})
SELECT (SELECT count(*) FROM shown),
  COALESCE(sum(total_base) FILTER (WHERE status = 'active'), 0),
  COALESCE(sum(total_base) FILTER (WHERE status = 'won'), 0),
  count(*) FILTER (WHERE total_base IS NULL)
FROM lead WHERE status IN ('active', 'won') AND company_id IN (SELECT id FROM shown)
"""
