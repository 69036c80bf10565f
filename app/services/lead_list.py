"""Lists of leads: what a row says, and what the leads of a list come to."""

from dataclasses import dataclass, field
from datetime import date, datetime, tzinfo
from typing import Any

from sqlalchemy import Connection, TextClause, text

from app.core.calendar import day_number, day_of
from app.core.money import Money
from app.core.terms import CLOSED, Budget, Category, Entity, Status
from app.models.types import instant_of
from app.services.lead_query import IDLE, LEADS, OVERDUE, PROBABILITY, SORT_KEYS, ListQuery
from app.services.own_values import VALUES, OwnValues, read_values
from app.services.record_list import RecordList
from app.services.somebody import Somebody

__all__ = ["SORT_KEYS", "LeadList", "LeadRow", "ListQuery", "TabCounts", "Totals"]

_STATES = {str(status): status for status in Status}
_CATEGORIES = {str(category): category for category in Category}
_BUDGETS = {str(budget): budget for budget in Budget}
_BETWEEN = "\x1f"


@dataclass(frozen=True, slots=True)
class LeadRow:
    """A lead as it is shown.

    `category` is what an open lead counts as in the forecast; `own_category` says that somebody chose it.

    `probability` is the one in effect, in half percents: own or stage's for an active lead, 200 for a won one, 0 for
    lost and dropped, the own one or None for an idea. `total` and `weighted` are minor units of the base currency, None
    without a rate. Months are month numbers, `next_step_time` minutes after midnight, `created_at` in the store's zone.
    `own` has the values of own fields by their ids. `recommender` is who recommended us, unless in the trash.
    """

    id: int
    uid: str
    title: str
    status: Status
    stage_id: int | None
    stage: str | None
    probability: int | None
    own_probability: bool
    company_id: int | None
    company: str | None
    person_id: int | None
    person: str | None
    user_id: int | None
    user: str | None
    initials: str | None
    amount: Money
    budget: Budget
    total: int | None
    weighted: int | None
    period_first: int | None
    period_last: int | None
    next_step_on: date | None
    next_step_time: int | None
    next_step_text: str | None
    created_at: datetime
    activated_on: date | None
    closed_on: date | None
    last_touch_on: date | None
    stage_since_on: date | None
    idle: bool
    reason_id: int | None
    reason: str | None
    source_id: int | None
    source: str | None
    tags: tuple[str, ...]
    external_number: str | None
    info: str
    remark: str
    category: Category | None = None
    own_category: bool = False
    own: OwnValues = field(default_factory=dict)
    recommender: Somebody | None = None


@dataclass(frozen=True)
class Totals:
    """What a list comes to. Sums are minor units of the base currency over the leads that have a rate; `without_rate`
    counts the others. `mean_age_days`: days since activation, to the closing day for closed leads, rounded half up.
    """

    count: int = 0
    volume: int = 0
    weighted: int = 0
    without_rate: int = 0
    mean_age_days: int | None = None
    overdue: int = 0
    idle: int = 0


@dataclass(frozen=True)
class ListSums:
    """The part of `Totals` that an index alone tells."""

    count: int
    volume: int
    weighted: int
    without_rate: int


@dataclass(frozen=True)
class TabCounts:
    """How many leads stand on each tab; `overdue` counts active ones whose next step is."""

    potential: int
    active: int
    closed: int
    overdue: int


class LeadList(RecordList[ListQuery, LeadRow, Totals]):
    """Reads the leads of a store."""

    terms = LEADS

    def _statement(self) -> TextClause:
        return _ROWS

    def _row(self, found: Any, zone: tzinfo) -> LeadRow:
        (lead_id, uid, title, status, stage_id, stage, probability, own, company_id, company, person_id, person,
         user_id, user, initials, minor, currency, budget, total, weighted, first, last, step_on, step_time,
         step_text, created, activated, closed, touched, since, idle, reason_id, reason, source_id, source, tags,
         number, info, remark, category, by_hand, told, firm_id, firm, by_id, by) = found  # fmt: skip
        return LeadRow(
            lead_id, uid, title, _STATES[status], stage_id, stage, probability, own == 1, company_id, company,
            person_id, person, user_id, user, initials, Money(minor, currency), _BUDGETS[budget], total,
            weighted, first, last, _day(step_on), step_time, step_text,
            instant_of(created).astimezone(zone), _day(activated), _day(closed), _day(touched), _day(since),
            idle == 1, reason_id, reason, source_id, source, tuple(tags.split(_BETWEEN)) if tags else (),
            number, info, remark, None if category is None else _CATEGORIES[category], by_hand == 1,
            read_values(told), _somebody(firm_id, firm, by_id, by),
        )  # fmt: skip

    def sums(self, query: ListQuery) -> ListSums:
        """Count and sums of everything the query shows, without what takes a look at each lead."""
        with self._store.read() as connection:
            source, binds = self._plain_source(connection, query)
            return ListSums(*connection.execute(text(_SUMS.replace("{source}", source)), binds).one())

    def _totals(self, connection: Connection, source: str, binds: dict[str, Any]) -> Totals:
        statement = text(_TOTALS.replace("{source}", source))
        row = connection.execute(statement, {**binds, "today": day_number(self._store.today())}).one()
        count, volume, weighted, without_rate, aged, days, overdue, idle = row
        mean = (2 * days + aged) // (2 * aged) if aged else None
        return Totals(count, volume, weighted, without_rate, mean, overdue, idle)

    def counts(self) -> TabCounts:
        """What the tabs show beside their names."""
        with self._store.read() as connection:
            rows = connection.execute(_COUNTS, {"today": day_number(self._store.today())}).all()
        found = {_STATES[status]: (count, overdue) for status, count, overdue in rows}
        active, overdue = found.get(Status.ACTIVE, (0, 0))
        closed = sum(found.get(status, (0, 0))[0] for status in CLOSED)
        return TabCounts(found.get(Status.POTENTIAL, (0, 0))[0], active, closed, overdue)


def _somebody(firm_id: int | None, firm: str | None, by_id: int | None, by: str | None) -> Somebody | None:
    """The company or the person; nobody for one in the trash."""
    if firm_id is not None and firm is not None:
        return Somebody(Entity.COMPANY, firm_id, firm)
    return None if by_id is None or by is None else Somebody(Entity.PERSON, by_id, by)


def _day(number: int | None) -> date | None:
    return None if number is None else day_of(number)


_ROWS = text(f"""
SELECT lead.id, lead.uid, title, status, stage_id, stage.name,
  {PROBABILITY},
  lead.probability IS NOT NULL, lead.company_id, company.name, person_id, person.name, lead.user_id, member.name,
  member.initials, amount_minor, currency, budget, total_base, weighted_base, period_first, period_last, next_step_on,
  step.local_time, step.text, lead.created_at, activated_on, closed_on, last_touch_on, stage_since_on, {IDLE},
  reason_id, reason.name, source_id, source.name,
  (SELECT string_agg(tag.name, char(31) ORDER BY tag.sort_key, tag.id) FROM lead_tag
   JOIN tag ON tag.id = tag_id WHERE lead_id = lead.id), external_number, lead.info, remark,
  CASE WHEN status IN ('active', 'potential') THEN COALESCE(category_now, lead.category) END,
  lead.category IS NOT NULL, {VALUES.format(owner="lead")},
  recommender_company_id, firm.name, recommender_person_id, recommending.name
FROM json_each(:ids) wanted
CROSS JOIN lead ON lead.id = wanted.value
LEFT JOIN stage ON stage.id = stage_id
LEFT JOIN company ON company.id = lead.company_id
LEFT JOIN person ON person.id = person_id
LEFT JOIN company firm ON firm.id = recommender_company_id
LEFT JOIN person recommending ON recommending.id = recommender_person_id
LEFT JOIN member ON member.id = lead.user_id
LEFT JOIN source ON source.id = source_id
LEFT JOIN reason ON reason.id = reason_id
LEFT JOIN step ON step.id = next_step_id
ORDER BY wanted.key
""")

_TOTALS = f"""
SELECT count(*), COALESCE(sum(total_base), 0), COALESCE(sum(weighted_base), 0), count(*) - count(total_base),
  count(activated_on),
  COALESCE(sum(CASE WHEN status IN ('won', 'lost', 'dropped') THEN COALESCE(closed_on, :today) ELSE :today END
    - activated_on), 0),
  count(*) FILTER (WHERE {OVERDUE}), count(*) FILTER (WHERE {IDLE})
{{source}}
"""

_SUMS = """
SELECT count(*), COALESCE(sum(total_base), 0), COALESCE(sum(weighted_base), 0), count(*) - count(total_base) {source}
"""

_COUNTS = text("""
SELECT status, count(*), COALESCE(sum(next_step_on < :today), 0) FROM lead GROUP BY status
""")
