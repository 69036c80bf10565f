"""Once a week the state of every lead is stored, so that later reports can tell what changed since.

A lead has a row only where it differs from its last one, so a week costs as many rows as leads changed in it. None of
this is anybody's step: it is outside undo and history.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from sqlalchemy import Connection, bindparam, text

from app.core.calendar import day_number, day_of
from app.core.terms import Status
from app.models.types import Instant
from app.services.lead_query import PROBABILITY

if TYPE_CHECKING:
    from app.models.store import Store


@dataclass(frozen=True, slots=True)
class LeadState:
    """What a lead was in a week. `probability` in half percents is the one that held, `total` and `weighted` are minor
    units of the base currency; None where there was none. Months are month numbers.
    """

    status: Status
    stage_id: int | None
    user_id: int | None
    probability: int | None
    total: int | None
    weighted: int | None
    period_first: int | None
    period_last: int | None


class Snapshots:
    """Takes the snapshots of a store and reads them back."""

    def __init__(self, store: "Store") -> None:
        self._store = store

    def take_if_due(self) -> bool:
        """Store the state of this week if nobody did yet; whether it was done. Call at the start and when a day turns.

        Raises StorageError where it cannot be written.
        """
        today = self._store.today()
        monday = day_number(today) - today.weekday()
        week = {"first": monday, "last": monday + 6}
        tended = self._store.tended
        with self._store.read() as connection:
            if self._store.given_day is not None or not tended or _has(connection, week):
                return False
        with self._store.maintenance() as connection:
            if _has(connection, week):  # another process was faster
                return False
            _take(connection, day_number(today), self._store)
        return True

    def days(self) -> list[date]:
        """The days on which snapshots were taken, the first one first."""
        with self._store.read() as connection:
            days = connection.execute(text("SELECT taken_on FROM snapshot ORDER BY taken_on")).scalars()
            return [day_of(day) for day in days]

    def at(self, day: date) -> Mapping[int, LeadState] | None:
        """The leads by id as the last snapshot up to this day has them, those in the trash left out.

        None where there was no snapshot yet.
        """
        with self._store.read() as connection:
            known = connection.execute(text(_LAST), {"day": day_number(day)}).scalar()
            if known is None:
                return None
            rows = connection.execute(text(_STATES), {"day": known})
            return {row[0]: LeadState(Status(row[1]), *row[2:]) for row in rows}


def _has(connection: Connection, week: Mapping[str, int]) -> bool:
    return connection.execute(text(_OF_WEEK), week).first() is not None


def _take(connection: Connection, today: int, store: "Store") -> None:
    """Where a clock was ahead once there are later snapshots: what they leave out must not change under them."""
    later = connection.execute(text(_NEXT), {"day": today}).scalar()
    if later is not None:
        connection.execute(text(_KEEP), {"day": today, "later": later})
    connection.execute(text(_ADD), {"day": today})
    connection.execute(_NOTE, {"day": today, "at": store.clock.now()})


_COLUMNS = "status, stage_id, user_id, probability, total_base, weighted_base, period_first, period_last"
_NOW = ", ".join(f"now.{name}" for name in _COLUMNS.split(", "))
_KNOWN = ", ".join(f"last.{name}" for name in _COLUMNS.split(", "))
# All leads that are or were, each with its state of today (none in the trash) and the last one stored.
_DIFFERING = f"""
FROM (SELECT id FROM lead UNION SELECT lead_id FROM lead_snapshot) known
LEFT JOIN (SELECT lead.id, lead.status, lead.stage_id, lead.user_id, {PROBABILITY} AS probability, lead.total_base,
    lead.weighted_base, lead.period_first, lead.period_last
  FROM lead LEFT JOIN stage ON stage.id = lead.stage_id WHERE lead.deleted_at IS NULL) now ON now.id = known.id
LEFT JOIN lead_snapshot last ON last.lead_id = known.id AND last.taken_on =
  (SELECT max(taken_on) FROM lead_snapshot earlier WHERE earlier.lead_id = known.id AND earlier.taken_on < :day)
WHERE ({_NOW}) IS DISTINCT FROM ({_KNOWN})
"""
_ADD = f"INSERT INTO lead_snapshot (lead_id, taken_on, {_COLUMNS}) SELECT known.id, :day, {_NOW} {_DIFFERING}"
_KEEP = f"""
INSERT INTO lead_snapshot (lead_id, taken_on, {_COLUMNS}) SELECT known.id, :later, {_KNOWN} {_DIFFERING}
AND NOT EXISTS (SELECT 1 FROM lead_snapshot there WHERE there.lead_id = known.id AND there.taken_on = :later)
"""
_NOTE = text("INSERT INTO snapshot (taken_on, at) VALUES (:day, :at)").bindparams(bindparam("at", type_=Instant))
_OF_WEEK = "SELECT 1 FROM snapshot WHERE taken_on BETWEEN :first AND :last"
_NEXT = "SELECT min(taken_on) FROM snapshot WHERE taken_on > :day"
_LAST = "SELECT max(taken_on) FROM snapshot WHERE taken_on <= :day"
_STATES = f"""
SELECT lead_id, {_COLUMNS} FROM lead_snapshot state
WHERE status IS NOT NULL AND taken_on =
  (SELECT max(taken_on) FROM lead_snapshot newer WHERE newer.lead_id = state.lead_id AND newer.taken_on <= :day)
"""
