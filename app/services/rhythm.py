"""When somebody was last heard of, and whether it is time to get in touch again."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import TYPE_CHECKING, Any

from sqlalchemy import text

from app.core.terms import Entity
from app.models.types import instant_of, micros

if TYPE_CHECKING:
    from app.models.store import Store


class RhythmState(StrEnum):
    """How well a rhythm is kept."""

    FINE = "fine"
    DUE = "due"
    OVERDUE = "overdue"


@dataclass(frozen=True, slots=True)
class Rhythm:
    """How often to keep in touch: every `target` days, and after `latest` days it is too late.

    `tag` is the tag it comes from, "" for one of the record's own. Reckoned from the last contact `since`, or from the
    day the record was made where there was none.
    """

    target: int
    latest: int
    tag: str
    since: date

    def due_on(self) -> date:
        """The day by which it is time."""
        return self.since + timedelta(days=self.target)

    def days(self, today: date) -> int:
        """How long ago the last contact was."""
        return (today - self.since).days

    def state(self, today: date) -> RhythmState:
        """How well it is kept on a day."""
        days = self.days(today)
        if days > self.latest:
            return RhythmState.OVERDUE
        return RhythmState.DUE if days >= self.target else RhythmState.FINE


@dataclass(frozen=True, slots=True)
class OverdueRhythm:
    """A company or person to get in touch with. `user` is who is responsible, `last_on` the last contact."""

    entity: Entity
    id: int
    name: str
    user: str | None
    user_id: int | None
    last_on: date | None
    rhythm: Rhythm
    state: RhythmState


def latest_of(target: int, latest: int | None) -> int:
    """After how many days it is too late, where nobody said so: twice the usual time."""
    return 2 * target if latest is None else latest


def rhythm_of(
    store: "Store", target: int | None, latest: int | None, tag: str | None, last: int | None, created: int
) -> Rhythm | None:
    """The rhythm of a record whose last contact and beginning are instants; None where it has none."""
    if target is None:
        return None
    since = store.day_of(instant_of(created if last is None else last))
    return Rhythm(target, latest_of(target, latest), tag or "", since)


class Rhythms:
    """Knows with whom it is time to get in touch."""

    def __init__(self, store: "Store") -> None:
        self._store = store

    def overdue(self, today: date | None = None, limit: int = 500) -> list[OverdueRhythm]:
        """Companies and people whose rhythm is due or overdue, the worst first; what is archived is left in peace."""
        day = today or self._store.today()
        found = [row for entity in (Entity.COMPANY, Entity.PERSON) for row in self._of(entity, day)]
        found.sort(key=lambda row: (-row.rhythm.days(day) / row.rhythm.latest, row.name, row.entity, row.id))
        return found[:limit]

    def _of(self, entity: Entity, today: date) -> list[OverdueRhythm]:
        # A day more than the shortest time, whatever the zone: what exactly is due is told by days, below
        until = micros(datetime.combine(today + timedelta(days=2), datetime.min.time(), self._store.zone))
        with self._store.read() as connection:
            rows: Sequence[Any] = connection.execute(_OVERDUE[entity], {"until": until}).all()
        found = []
        for row in rows:
            rhythm = rhythm_of(self._store, row.target, row.latest, row.tag, row.last, row.created_at)
            if rhythm is None or (state := rhythm.state(today)) == RhythmState.FINE:
                continue
            last = None if row.last is None else self._store.day_of(instant_of(row.last))
            found.append(OverdueRhythm(entity, row.id, row.name, row.user, row.user_id, last, rhythm, state))
        return found


#: The last note on a record or its leads, and the last step that was finished there, as instants. `{record}` is its id.
LAST_OF_COMPANY = """
SELECT max(at) FROM (
  SELECT max(at) AS at FROM note WHERE company_id = {record}
  UNION ALL SELECT max(note.at) FROM lead JOIN note ON note.lead_id = lead.id WHERE lead.company_id = {record}
  UNION ALL SELECT max(done_at) FROM step WHERE company_id = {record}
  UNION ALL SELECT max(step.done_at) FROM lead JOIN step ON step.lead_id = lead.id WHERE lead.company_id = {record}
)
"""
LAST_OF_PERSON = """
SELECT max(at) FROM (
  SELECT max(at) AS at FROM note WHERE person_id = {record}
  UNION ALL SELECT max(note.at) FROM note_person JOIN note ON note.id = note_person.note_id
    WHERE note_person.person_id = {record}
  UNION ALL SELECT max(note.at) FROM lead JOIN note ON note.lead_id = lead.id WHERE lead.person_id = {record}
  UNION ALL SELECT max(step.done_at) FROM lead JOIN step ON step.lead_id = lead.id WHERE lead.person_id = {record}
)
"""
LAST = {Entity.COMPANY: LAST_OF_COMPANY, Entity.PERSON: LAST_OF_PERSON}


def _overdue(entity: Entity) -> str:
    """What has a rhythm of its own, and what has none but carries tags that have: of these the shortest counts."""
    last = LAST[entity].format(record="record.id")
    return f"""
WITH of_tags AS (
  SELECT link.{entity}_id AS id, min(tag.touch_target) AS target, tag.touch_latest AS latest, tag.name AS tag
  FROM {entity}_tag link JOIN tag ON tag.id = link.tag_id AND tag.deleted_at IS NULL
  WHERE tag.touch_target IS NOT NULL GROUP BY link.{entity}_id
), timed AS (
  SELECT id, touch_target AS target, touch_latest AS latest, '' AS tag FROM {entity}
  WHERE touch_target IS NOT NULL AND archived_at IS NULL
  UNION ALL SELECT of_tags.* FROM of_tags JOIN {entity} ON {entity}.id = of_tags.id
  WHERE {entity}.touch_target IS NULL AND {entity}.archived_at IS NULL
), heard AS (
  SELECT timed.target, timed.latest, timed.tag, record.id, record.name, record.user_id, record.created_at,
    ({last}) AS last
  FROM timed JOIN {entity} record ON record.id = timed.id
)
SELECT heard.*, member.name AS user FROM heard LEFT JOIN member ON member.id = heard.user_id
WHERE COALESCE(heard.last, heard.created_at) <= :until - heard.target * 86400000000
"""


_OVERDUE = {entity: text(_overdue(entity)) for entity in LAST}
