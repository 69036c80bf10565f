"""Lists of companies: what they ask for, what a row says, and what the companies of a list come to."""

import json
from dataclasses import dataclass, field
from datetime import date, datetime, tzinfo
from typing import Any, ClassVar

from sqlalchemy import Connection, TextClause, text

from app.core.calendar import day_of
from app.core.place import NOWHERE, Place
from app.core.terms import CompanyKind, Entity, Size
from app.models.types import instant_of
from app.services.company_terms import COMPANIES, LEAD_STEPS, STEPS, of_leads
from app.services.last_contact import last_contact
from app.services.list_terms import ListTerms
from app.services.own_values import VALUES, OwnValues, read_values
from app.services.record_list import RecordList
from app.services.record_query import RecordQuery, hides_archived
from app.services.record_terms import address, place_of, point, split, tags
from app.services.rhythm import RhythmState
from app.services.touch_terms import state

_KINDS = (CompanyKind.CUSTOMER, CompanyKind.SUPPLIER, CompanyKind.OTHER)


@dataclass(frozen=True)
class CompanyQuery(RecordQuery):
    """What a list of companies shows: those in the archive only if the filter asks about it."""

    terms: ClassVar[ListTerms] = COMPANIES

    def narrowed(self, today: date) -> tuple[list[str], dict[str, Any]]:
        return hides_archived(self), {}


@dataclass(frozen=True, slots=True)
class CompanyRow:
    """A company as it is shown. Instants are in the store's zone, `people` are the names of those who work there.

    `open` counts its active leads. Volumes are minor units of the base currency over the leads that have a rate.
    `phone`, `mail` and `web` are the main ones, and so is the address, `place`. What is to be done next is a reminder
    of the company or the next step of a lead of it that runs. `touch` says whether it is time to get in touch again,
    None for a company without a rhythm. `own` has the values of own fields by their ids.
    """

    id: int
    uid: str
    name: str
    created_at: datetime
    people: tuple[str, ...]
    open: int
    open_volume: int
    won_volume: int
    open_weighted: int = 0
    number: str | None = None
    kinds: tuple[CompanyKind, ...] = ()
    industry: str = ""
    size: Size | None = None
    user_id: int | None = None
    user: str | None = None
    initials: str | None = None
    tags: tuple[str, ...] = ()
    phone: str | None = None
    mail: str | None = None
    web: str | None = None
    place: Place = NOWHERE
    next_step_on: date | None = None
    next_step_text: str = ""
    last_contact: datetime | None = None
    touch: RhythmState | None = None
    archived: bool = False
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

    def _statement(self) -> TextClause:
        return _ROWS

    def _row(self, found: Any, zone: tzinfo) -> CompanyRow:
        (id_, uid, name, created, people, open_, open_volume, won_volume, weighted, number, customer, supplier,
         other, industry, size, user_id, user, initials, tagged, phone, mail, web, place, step, contact,
         touch, archived, told) = found  # fmt: skip
        kinds = tuple(kind for kind, on in zip(_KINDS, (customer, supplier, other), strict=True) if on)
        due, words = json.loads(step) if step else (None, "")
        return CompanyRow(
            id_, uid, name, instant_of(created).astimezone(zone), split(people), open_, open_volume, won_volume,
            weighted, number, kinds, industry, _size(size), user_id, user, initials, split(tagged), phone, mail,
            web, place_of(place), None if due is None else day_of(due), words or "",
            None if contact is None else instant_of(contact).astimezone(zone),
            None if touch is None else RhythmState(touch), archived == 1, read_values(told),
        )  # fmt: skip

    def live(self) -> int:
        """How many companies there are that are not in the archive."""
        return self.count(CompanyQuery())

    def _totals(self, connection: Connection, source: str, binds: dict[str, Any]) -> CompanyTotals:
        return CompanyTotals(*connection.execute(text(_TOTALS.replace("{source}", source)), binds).one())


_SIZES = {str(size): size for size in Size}


def _size(kept: str | None) -> Size | None:
    """The size; nothing for a word that another program wrote."""
    return _SIZES.get(kept or "")


_COMPANY = Entity.COMPANY
_ROWS = text(f"""
SELECT company.id, company.uid, company.name, company.created_at,
  (SELECT string_agg(person.name, char(31) ORDER BY person.sort_key, person.id) FROM company_person
   JOIN person ON person.id = company_person.person_id WHERE company_person.company_id = company.id),
  {of_leads("active", "count(*)")}, COALESCE({of_leads("active", "sum(total_base)")}, 0),
  COALESCE({of_leads("won", "sum(total_base)")}, 0), COALESCE({of_leads("active", "sum(weighted_base)")}, 0),
  company.number, company.is_customer, company.is_supplier, company.is_other, company.industry, company.size,
  company.user_id, member.name, member.initials, {tags(_COMPANY)},
  {point(_COMPANY, "phone")}, {point(_COMPANY, "mail")}, {point(_COMPANY, "web")},
  {address(_COMPANY)},
  (SELECT json_array(due_on, words) FROM ({STEPS} = company.id UNION ALL {LEAD_STEPS} = company.id)
   ORDER BY due_on LIMIT 1),
  {last_contact(_COMPANY)}, {state(_COMPANY)}, company.archived_at IS NOT NULL, {VALUES.format(owner="company")}
FROM json_each(:ids) wanted
CROSS JOIN company ON company.id = wanted.value
LEFT JOIN member ON member.id = company.user_id
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
