"""Steps with companies that are overdue or due today: what has no lead at which it would stand."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from sqlalchemy import text

from app.core.calendar import day_number, day_of
from app.services.reminders import Reminders

if TYPE_CHECKING:
    from app.models.store import Store


@dataclass(frozen=True, slots=True)
class DueStep:
    """The first step of a company that is due. `user` is whom it falls to; `time` is minutes after midnight."""

    id: int
    company_id: int
    company: str
    on: date
    time: int | None
    text: str
    user: str | None
    initials: str | None


@dataclass(frozen=True, slots=True)
class DueSteps:
    """The earliest of them, and of how many companies there are any."""

    rows: Sequence[DueStep] = ()
    count: int = 0


def due_steps(store: "Store", user_id: int | None, limit: int = 200) -> DueSteps:
    """Of one person, or of all; what the actor has put off is left out until its time, the archive in peace."""
    with store.read() as connection:
        asleep = Reminders(store).asleep(connection, store.clock.now())
        asked = {
            "today": day_number(store.today()), "user": user_id, "asleep": json.dumps(list(asleep)), "limit": limit,
        }  # fmt: skip
        rows = connection.execute(_DUE, asked).all()
    found = [
        DueStep(row.id, row.company_id, row.company, day_of(row.due_on), row.local_time, row.text, row.user,
                row.initials)
        for row in rows
    ]  # fmt: skip
    return DueSteps(found, rows[0].total if rows else 0)


# By the index on companies (hence the +): few steps are of companies, and very many may be due.
_DUE = text("""
SELECT due.*, member.name AS user, member.initials, count(*) OVER () AS total
FROM (SELECT step.id, step.company_id, step.due_on, step.local_time, step.text, company.name AS company,
    company.sort_key, COALESCE(step.user_id, company.user_id) AS whose,
    row_number() OVER (PARTITION BY step.company_id ORDER BY step.due_on, COALESCE(step.local_time, 1440), step.id) AS n
  FROM step CROSS JOIN company ON company.id = step.company_id AND company.archived_at IS NULL
  WHERE step.company_id IS NOT NULL AND step.done_at IS NULL AND +step.due_on <= :today
    AND (:user IS NULL OR COALESCE(step.user_id, company.user_id) = :user)
    AND step.id NOT IN (SELECT value FROM json_each(:asleep))) due
LEFT JOIN member ON member.id = due.whose
WHERE n = 1 ORDER BY due.due_on, COALESCE(due.local_time, 1440), due.sort_key, due.id LIMIT +:limit
""")
