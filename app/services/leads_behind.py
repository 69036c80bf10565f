"""The leads behind a figure that counts leads, with what each is worth.

The conditions are those of the figures themselves, so that their number is the figure. What is behind the forecast is
laid out in months and told by `Forecast.leads_behind`.
"""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any

from sqlalchemy import text

from app.core.calendar import day_number
from app.core.terms import CLOSED, Status
from app.services.funnel import Cohort, Mode, states_of, within
from app.services.lead_query import IDLE
from app.services.metric_words import YOUNG_DAYS

if TYPE_CHECKING:
    from app.models.store import Store


@dataclass(frozen=True)
class Worth:
    """A lead and its value in minor units of the base currency: at its full volume and weighted; 0 without a rate."""

    lead_id: int
    total: int
    weighted: int


class LeadsBehind:
    """Finds them in a store, the one that is worth most first."""

    def __init__(self, store: "Store") -> None:
        self._store = store

    def young(self) -> tuple[Worth, ...]:
        """Active leads activated lately."""
        begin = day_number(self._store.today()) - YOUNG_DAYS + 1
        return self._find("status = 'active' AND activated_on >= :begin", {"begin": begin})

    def aged(self, first: int, last: int | None) -> tuple[Worth, ...]:
        """Active leads activated at least `first` and at most `last` days ago."""
        today = day_number(self._store.today())
        newest = "" if first <= 0 else "AND activated_on <= :newest"  # one of tomorrow is as young as one of today
        oldest = "" if last is None else "AND activated_on >= :oldest"
        condition = f"status = 'active' AND activated_on IS NOT NULL {newest} {oldest}"
        return self._find(condition, {"newest": today - first, "oldest": today - (last or 0)})

    def idle(self) -> tuple[Worth, ...]:
        """Leads without movement."""
        return self._find(IDLE, {"today": day_number(self._store.today())})

    def closed(
        self,
        first: date | None,
        last: date | None,
        outcomes: Sequence[Status] = CLOSED,
        *,
        valued: bool = False,
        timed: bool = False,
    ) -> tuple[Worth, ...]:
        """Leads closed from `first` to `last`; only those with a value, or whose duration is known, on request."""
        condition, binds = within("closed_on", first, last)
        value = "AND total_base IS NOT NULL" if valued else ""
        time = "AND activated_on IS NOT NULL" if timed else ""
        return self._find(f"{_among(outcomes)} AND {condition} {value} {time}", binds)

    def reached(
        self,
        stage_id: int | None,
        first: date | None,
        last: date | None,
        *,
        mode: Mode = "passed",
        cohort: Cohort = "activated",
    ) -> tuple[Worth, ...]:
        """The leads of a funnel that came as far as a stage; None for those that were won."""
        condition, binds = within(f"{cohort}_on", first, last)
        parts = [_among(states_of(cohort)), condition]
        if stage_id is None:
            parts.append("status = 'won'")
        elif mode == "touched":
            parts.append("id IN (SELECT lead_id FROM stage_entry WHERE stage_id = :stage)")
        else:
            parts.append(_PASSED)
        return self._find(" AND ".join(parts), {**binds, "stage": stage_id})

    def _find(self, condition: str, binds: dict[str, Any]) -> tuple[Worth, ...]:
        named = {name: value for name, value in binds.items() if f":{name}" in condition}
        statement = text(_WORTH.replace("{condition}", condition))
        with self._store.read() as connection:
            found = connection.execute(statement, named).scalar_one()
        return tuple(Worth(*row) for row in json.loads(found))


def _among(states: Sequence[Status]) -> str:
    words = ", ".join(f"'{Status(state)}'" for state in states)
    return f"status IN ({words})"


_WORTH = """
SELECT json_group_array(json_array(id, COALESCE(total_base, 0), COALESCE(weighted_base, 0)))
FROM (SELECT lead.id, total_base, weighted_base FROM lead WHERE {condition}
  ORDER BY weighted_base DESC, total_base DESC, lead.id)
"""
#: Every lead of the cohort reached the first stage that is shown, a won one all of them.
_PASSED = """
(status = 'won' OR :stage = (SELECT id FROM stage WHERE deleted_at IS NULL ORDER BY position, id LIMIT 1)
 OR EXISTS (SELECT 1 FROM stage far, stage wanted WHERE far.id = reached_stage_id AND wanted.id = :stage
  AND (far.position, far.id) >= (wanted.position, wanted.id)))
"""
