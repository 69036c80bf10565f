"""What needs a person today: overdue, due today, without movement, without a next step. One list, the dearest first.

Each lead stands in it once, under the first reason that holds. *Value at risk* is the weighted value in the base
currency: what the forecast counts on, and what is lost if nobody does anything. Ideas weigh nothing and come after all
leads that do; leads without a rate come last. What is worth the same is ordered by day (of the step, or since when
nothing has happened), then by id.

A step that the actor has snoozed waits until its time: with it the lead is left out, unless another of its steps is
due.
"""

import json
from array import array
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from enum import StrEnum
from typing import TYPE_CHECKING, Any

from sqlalchemy import text

from app.core.calendar import day_number
from app.core.i18n import N_, Text
from app.core.terms import Status
from app.services.lead_list import LeadList, ListQuery, ListSums
from app.services.lead_query import IDLE
from app.services.metric_words import METRICS, YOUNG_DAYS, Metric
from app.services.reminders import Reminders

if TYPE_CHECKING:
    from app.models.store import Store


class Why(StrEnum):
    """Why a lead needs somebody, the most urgent first."""

    OVERDUE = "overdue"
    TODAY = "today"
    IDLE = "idle"
    NO_STEP = "no_step"


#: Each reason as one bit of a number.
_BITS = {why: 1 << place for place, why in enumerate(Why)}
#: The first reason in a number, for every number there is.
_FIRST = [next((why for why in Why if bits & _BITS[why]), Why.NO_STEP) for bits in range(1 << len(_BITS))]


@dataclass(frozen=True)
class TodayList:
    """The leads in their order, and of each all reasons (as bits) and its weighted value (None without a rate).

    `returns_at` is when the first of the snoozed steps comes back.
    """

    ids: Sequence[int] = ()
    reasons: Sequence[int] = ()
    values: Sequence[int | None] = ()
    returns_at: datetime | None = None
    _place: dict[int, int] = field(default_factory=dict, repr=False, compare=False)

    def __post_init__(self) -> None:
        self._place.update(zip(self.ids, range(len(self.ids)), strict=True))

    def why(self, lead_id: int) -> Why | None:
        """The reason under which a lead stands here; None for one that does not."""
        place = self._place.get(lead_id)
        return None if place is None else _FIRST[self.reasons[place]]

    def counts(self) -> dict[Why, int]:
        """How many leads each reason holds for; a lead counts under all that hold for it."""
        numbers = [0] * len(_FIRST)
        for bits in self.reasons:
            numbers[bits] += 1
        return {why: sum(n for bits, n in enumerate(numbers) if bits & bit) for why, bit in _BITS.items()}

    def only(self, why: Why | None) -> "TodayList":
        """The leads for which a reason holds, under that reason; all of them for None."""
        if why is None:
            return self
        bit = _BITS[why]
        found = [
            row for row in zip(self.ids, self.reasons, self.values, strict=True) if row[1] & bit
        ]  # fmt: skip
        ids, _bits, values = zip(*found, strict=True) if found else ((), (), ())
        return TodayList(array("q", ids), [bit] * len(ids), values, self.returns_at)

    @property
    def value(self) -> int:
        """The sum at risk, over the leads that have a rate."""
        return sum(value or 0 for value in self.values)

    @property
    def without_rate(self) -> int:
        """How many leads are in no sum."""
        return sum(value is None for value in self.values)


@dataclass(frozen=True)
class TodayFigures:
    """The figures above the list, of one person or of all; each equals the list of leads behind it.

    `young` are the leads activated in the last 30 days, `idle` those without movement, `no_step` those without an open
    step.
    """

    open: ListSums
    young: ListSums
    idle: ListSums
    no_step: ListSums


#: The figures of the page by their field, each with the words that say how it is reckoned.
TODAY_METRICS = {
    "open": METRICS["weighted"],
    "young": METRICS["young"],
    "idle": METRICS["idle"],
    "no_step": Metric(
        "no_step", Text(N_("Without a next step")), Text(N_("Active leads that have no open step at all."))
    ),
    "secured": Metric(
        "secured", Text(N_("Secured")),
        Text(N_("Won leads at their full volume, in the months of their service period that lie in this calendar year; "
                "without a service period in the month of closing.")),
    ),
    "gap": Metric(
        "gap", Text(N_("Gap to the goal")),
        Text(N_("Revenue goal − (secured + weighted), over the months of this calendar year that have a goal. What is "
                "weighted counts in the months of its service period, and what lies in the past in this month.")),
    ),
    "at_risk": Metric(
        "at_risk", Text(N_("Value at risk")),
        Text(N_("Leads with a step that is overdue or due today, active leads without movement or without a next step: "
                "each once, ordered by weighted volume in the base currency. Snoozed steps are left out until their "
                "time. Leads without an exchange rate come last and are in no sum.")),
    ),
}  # fmt: skip


class Today:
    """Reads what needs somebody today."""

    def __init__(self, store: "Store") -> None:
        self._store = store
        self._lists = LeadList(store)
        self._reminders = Reminders(store)

    def first(self, user_id: int | None, limit: int) -> TodayList:
        """The first leads of the list, to paint while `all` is still at work."""
        return self._read(_FIRST_PAGE, user_id, limit)

    def all(self, user_id: int | None) -> TodayList:
        """The whole list: of one person's leads, or of all."""
        return self._read(_ALL, user_id, -1)

    def concerns(self, user_id: int) -> bool:
        """Whether somebody is responsible for a lead that is not closed."""
        with self._store.read() as connection:
            return connection.execute(text(_CONCERNS), {"user": user_id}).first() is not None

    def figures(self, user_id: int | None) -> TodayFigures:
        """The figures as of today, of one person's leads or of all."""
        mine, binds = _of(user_id)
        with self._store.read() as connection:
            no_step = ListSums(*connection.execute(text(_NO_STEP_SUMS + mine), binds).one())
        open_, young, idle = (self._lists.sums(query) for query in self._queries(user_id))
        return TodayFigures(open_, young, idle, no_step)

    def behind(self, key: str, user_id: int | None) -> Sequence[int]:
        """The leads behind a figure (a field of `TodayFigures`), the dearest first."""
        queries = dict(zip(("open", "young", "idle"), self._queries(user_id), strict=True))
        if key in queries:
            return self._lists.ids(queries[key])
        mine, binds = _of(user_id)
        with self._store.read() as connection:
            statement = f"SELECT json_group_array(id) FROM (SELECT id {_NO_STEP}{mine} {_DEAREST_FIRST})"
            found: list[int] = json.loads(connection.execute(text(statement), binds).scalar_one())
        return found

    def _queries(self, user_id: int | None) -> tuple[ListQuery, ListQuery, ListQuery]:
        """The leads that are open, young, without movement."""
        every = ListQuery((Status.ACTIVE,), user_id=user_id)
        young_since = self._store.today() - timedelta(days=YOUNG_DAYS - 1)
        return every, replace(every, activated_from=young_since), replace(every, idle=True)

    def _read(self, among: str, user_id: int | None, limit: int) -> TodayList:
        mine, binds = _of(user_id)
        binds |= {"today": day_number(self._store.today()), "limit": limit}
        with self._store.read() as connection:
            asleep = self._reminders.asleep(connection, self._store.clock.now())
            binds["snoozed"] = json.dumps(list(asleep))
            row = connection.execute(text(_FOUND.replace("{among}", among + mine)), binds).one()
        ids, reasons, values = (json.loads(column) for column in row)
        return TodayList(array("q", ids), reasons, values, min(asleep.values(), default=None))


def _of(user_id: int | None) -> tuple[str, dict[str, Any]]:
    """The condition that a lead is of this person, and what it binds; none for all."""
    return ("", {}) if user_id is None else (" AND lead.user_id = :user", {"user": user_id})


_ALL = "lead.status IN ('active', 'potential')"
#: Whatever weighs something comes before everything that does not, in the order an index gives.
_FIRST_PAGE = "lead.status = 'active' AND lead.weighted_base > 0"

# `due` is the day of the first due step that was not put off. A lead whose next step is to come needs nobody today,
# which the index tells.
_FOUND = f"""
WITH snoozed AS MATERIALIZED (SELECT value AS step_id FROM json_each(:snoozed))
SELECT json_group_array(id), json_group_array(why), json_group_array(weighted_base) FROM (
  SELECT id, weighted_base,
    CASE WHEN due < :today THEN {_BITS[Why.OVERDUE]} WHEN due = :today THEN {_BITS[Why.TODAY]} ELSE 0 END
    + CASE WHEN idle AND (due IS NOT NULL OR next_step_on IS NULL) THEN {_BITS[Why.IDLE]} ELSE 0 END
    + CASE WHEN next_step_on IS NULL AND status = 'active' THEN {_BITS[Why.NO_STEP]} ELSE 0 END AS why
  FROM (
    SELECT lead.id, weighted_base, status, next_step_on, {IDLE} AS idle,
      max(COALESCE(last_touch_on, stage_since_on), COALESCE(stage_since_on, last_touch_on)) AS still_since,
      CASE WHEN next_step_on <= :today THEN CASE
        WHEN next_step_id NOT IN (SELECT step_id FROM snoozed) THEN next_step_on
        ELSE (SELECT min(due_on) FROM step WHERE step.lead_id = lead.id AND done_at IS NULL AND due_on <= :today
              AND step.id NOT IN (SELECT step_id FROM snoozed)) END END AS due
    FROM lead WHERE {{among}} AND (next_step_on <= :today OR next_step_on IS NULL AND status = 'active'))
  WHERE why > 0
  ORDER BY weighted_base DESC NULLS LAST, COALESCE(due, still_since) NULLS LAST, id
  LIMIT +:limit)
"""

_CONCERNS = "SELECT 1 FROM lead WHERE user_id = :user AND status IN ('active', 'potential') LIMIT 1"
_NO_STEP = "FROM lead WHERE status = 'active' AND next_step_on IS NULL"
_DEAREST_FIRST = "ORDER BY weighted_base DESC NULLS LAST, id DESC"
_NO_STEP_SUMS = f"""
SELECT count(*), COALESCE(sum(total_base), 0), COALESCE(sum(weighted_base), 0), count(*) - count(total_base) {_NO_STEP}
"""
