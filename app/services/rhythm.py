"""When somebody was last heard of, and whether it is time to get in touch again."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from typing import TYPE_CHECKING, Any

from sqlalchemy import text as sql

from app.core.errors import InvalidInput
from app.core.i18n import Text
from app.core.terms import Entity
from app.models.types import instant_of
from app.services.last_contact import last_contact, tomorrow

if TYPE_CHECKING:
    from app.models.store import Store

#: Ten years: who is to be thought of more rarely than that needs no rhythm.
LONGEST_RHYTHM = 3650

_DAY = 86_400_000_000
#: After how many days it is too late with a tag, in SQL: see `latest_of`.
TAG_LATEST = "COALESCE(tag.touch_latest, 2 * tag.touch_target)"
#: Of several tags the one that wants to hear of somebody soonest counts.
CLOSEST_TAG = f"tag.touch_target, {TAG_LATEST}, tag.sort_key, tag.id"


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

    def late_on(self) -> date:
        """The first day on which it is too late."""
        return self.since + timedelta(days=self.latest + 1)

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
    initials: str | None
    user_id: int | None
    last_on: date | None
    rhythm: Rhythm
    state: RhythmState


@dataclass(frozen=True, slots=True)
class OverdueRhythms:
    """The worst of those whom it is time to get in touch with; how many there are in all, and of these too late.

    `asked` says whether anybody is to be kept in touch with at certain times at all.
    """

    rows: Sequence[OverdueRhythm] = ()
    due: int = 0
    late: int = 0
    asked: bool = True


def check_rhythm(target: int | None, latest: int | None) -> None:
    """Raises InvalidInput naming the field for a rhythm that makes no sense; none at all does."""
    for field, days in (("touch_target", target), ("touch_latest", latest)):
        if days is not None and not 1 <= days <= LONGEST_RHYTHM:
            raise InvalidInput(Text("A rhythm is 1 to {n} days.", n=LONGEST_RHYTHM), field=field)
    if latest is None:
        return
    if target is None:
        raise InvalidInput(Text("Please say how often to keep in touch, too."), field="touch_target")
    if latest < target:
        raise InvalidInput(Text("The latest day comes before the usual one."), field="touch_latest")


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

    def overdue(self, today: date | None = None, user_id: int | None = None, limit: int = 500) -> OverdueRhythms:
        """Companies and people whose rhythm is due or overdue, of one person or of all, the worst first; what is
        archived is left in peace.
        """
        day = today or self._store.today()
        asked = {"tomorrow": tomorrow(day, self._store.zone), "user": user_id, "limit": limit}
        found, due, late = [], 0, 0
        with self._store.read() as connection:
            for entity, statement in _OVERDUE.items():
                rows: Sequence[Any] = connection.execute(statement, asked).all()
                found += [each for row in rows if (each := self._row(entity, row, day)) is not None]
                due += rows[0].due if rows else 0
                late += rows[0].late if rows else 0
            asked_at_all = due > 0 or bool(connection.execute(_ASKED).scalar())
        found.sort(key=lambda row: (-row.rhythm.days(day) / row.rhythm.latest, row.name, row.entity, row.id))
        return OverdueRhythms(found[:limit], due, late, asked_at_all)

    def _row(self, entity: Entity, row: Any, today: date) -> OverdueRhythm | None:
        rhythm = rhythm_of(self._store, row.target, row.latest, row.tag, row.last, row.created_at)
        if rhythm is None or (state := rhythm.state(today)) == RhythmState.FINE:
            return None
        last = None if row.last is None else self._store.day_of(instant_of(row.last))
        return OverdueRhythm(
            entity, row.id, row.name, row.user, row.initials, row.user_id, last, rhythm, state
        )  # fmt: skip


def _overdue(entity: Entity) -> str:
    """What has a rhythm of its own, and what has none but carries tags that have: of these the shortest counts.

    The days are whole ones before the end of today, as the lists of companies and people reckon them.
    """
    return f"""
WITH of_tags AS (
  SELECT link.{entity}_id AS id, tag.touch_target AS target, tag.touch_latest AS latest, tag.name AS tag,
    row_number() OVER (PARTITION BY link.{entity}_id ORDER BY {CLOSEST_TAG}) AS place
  FROM {entity}_tag link JOIN tag ON tag.id = link.tag_id AND tag.deleted_at IS NULL
  WHERE tag.touch_target IS NOT NULL
), timed AS (
  SELECT id, touch_target AS target, touch_latest AS latest, '' AS tag FROM {entity}
  WHERE touch_target IS NOT NULL AND archived_at IS NULL
  UNION ALL SELECT of_tags.id, target, latest, tag FROM of_tags JOIN {entity} ON {entity}.id = of_tags.id
  WHERE place = 1 AND {entity}.touch_target IS NULL AND {entity}.archived_at IS NULL
), heard AS MATERIALIZED (
  SELECT timed.*, record.name, record.user_id, record.created_at, {last_contact(entity, "record.id")} AS last
  FROM timed JOIN {entity} record ON record.id = timed.id
  WHERE :user IS NULL OR record.user_id = :user
), waiting AS (
  SELECT heard.*, (:tomorrow - 1 - COALESCE(last, created_at)) / {_DAY} AS days,
    COALESCE(latest, 2 * target) AS too_late
  FROM heard
)
SELECT waiting.*, member.name AS user, member.initials,
  count(*) OVER () AS due, count(*) FILTER (WHERE days > too_late) OVER () AS late
FROM waiting LEFT JOIN member ON member.id = waiting.user_id
WHERE days >= target ORDER BY 1.0 * days / too_late DESC, waiting.name, waiting.id LIMIT +:limit
"""


_OVERDUE = {entity: sql(_overdue(entity)) for entity in (Entity.COMPANY, Entity.PERSON)}
#: A tag that nobody carries asks for nothing.
_ASKED = sql("""
SELECT EXISTS (SELECT 1 FROM company WHERE touch_target IS NOT NULL)
  OR EXISTS (SELECT 1 FROM person WHERE touch_target IS NOT NULL)
  OR EXISTS (SELECT 1 FROM tag WHERE touch_target IS NOT NULL AND deleted_at IS NULL
    AND (EXISTS (SELECT 1 FROM company_tag WHERE tag_id = tag.id)
      OR EXISTS (SELECT 1 FROM person_tag WHERE tag_id = tag.id)))
""")
