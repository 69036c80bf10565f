"""What became of reminders, in words for the history of a lead or a company."""

import json
from collections.abc import Sequence
from datetime import datetime
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

from sqlalchemy import Connection, text

from app.core.calendar import day_of
from app.core.i18n import Text
from app.models.types import instant_of


class Reminded(NamedTuple):
    """A reminder that was shown: of which lead (None: of the company itself), what it was about and until when it was
    put off, when, to whom.
    """

    id: int
    lead_id: int | None
    words: Text
    at: datetime
    actor: str


def reminded_of(connection: Connection, leads: Sequence[int], limit: int, company: int | None = None) -> list[Reminded]:
    """The latest reminders of these leads and of a company, newest first; -1 for as many as there are."""
    asked = {"leads": json.dumps(list(leads)), "limit": limit, "company": company}
    rows = connection.execute(text(_REMINDED), asked)
    return [Reminded(row.id, row.lead_id, _worded(row), instant_of(row.notified_at), row.actor or "") for row in rows]


def _worded(row: Any) -> Text:
    what = Text("“{step}”", step=row.text) if row.text else Text("step of {day}", day=day_of(row.due_on))
    if row.snoozed_until is None:
        return Text("Reminded: {what}", what=what)
    until = instant_of(row.snoozed_until).astimezone(ZoneInfo(row.zone))
    return Text("Reminded: {what}; again on {day} at {time}", what=what, day=until.date(), time=f"{until:%H:%M}")


_REMINDED = """
SELECT state.id, step.lead_id, state.notified_at, state.snoozed_until, member.name AS actor, step.text, step.due_on,
  (SELECT value FROM store_setting WHERE key = 'time_zone') AS zone
FROM step JOIN reminder_state state ON state.source = 'step' AND state.row_id = step.id
LEFT JOIN member ON member.id = state.user_id
WHERE (step.lead_id IN (SELECT value FROM json_each(:leads)) OR step.company_id = :company)
  AND state.notified_at IS NOT NULL
ORDER BY state.notified_at DESC, state.id DESC LIMIT +:limit
"""
