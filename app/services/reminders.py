"""What somebody has to be reminded of, derived from the steps and from what was shown already.

Nothing waits anywhere for its time: whoever asks `look` every half minute, or only after a week, is told what has come
meanwhile, once. A step's moment is its time in its own zone; an all-day step comes on its day at `day_at`. Rows of
`reminder_state` say what was shown to whom and until when it was put off; they are outside undo.

Dates remind beside the steps: see `app.services.day_notices`.

A step whose moment was over when it was written down reminds nobody: who wrote it just saw it, and an import of old
leads is no alarm. It stands in the lists as overdue.
"""

import json
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from sqlalchemy import Connection, text

from app.core.calendar import day_number, day_of
from app.core.errors import InvalidInput
from app.core.i18n import Text
from app.core.terms import Entity
from app.models.many import with_ids
from app.models.types import instant_of, micros
from app.services.day_notices import DayNotices
from app.services.reminder_terms import DAY_AT, GRACE, SOURCE, Reminder, instant

if TYPE_CHECKING:
    from app.models.store import Store

__all__ = ["DAY_AT", "SOURCE", "Reminder", "Reminders", "Waiting"]

#: A row that says from when on everything is told: the first look of somebody, or a clock that was set back.
_BEGINNING = "beginning"


@dataclass(frozen=True)
class Waiting:
    """How many steps have come and are still to be done, and the latest of them."""

    count: int
    reminders: tuple[Reminder, ...]


class Reminders:
    """Reminds the member who works with the store."""

    def __init__(self, store: "Store") -> None:
        self._store = store
        self._looked: dict[int | None, datetime] = {}
        self._notices = DayNotices(store)
        self.day_at = DAY_AT

    def begin(self) -> None:
        """From the first time on somebody is reminded; what was overdue before that stands in the lists."""
        with self._store.read() as connection:
            known = connection.execute(text(_KNOWN), {"me": self._me}).scalar()
        if not known:
            self._note_beginning(self._store.clock.now())

    def look(self, now: datetime) -> list[Reminder]:
        """What is to be shown at `now`, the earliest first; until `shown` it is told again.

        Where there is nothing, all before `now` counts as looked at. A clock that was set back is noted: what is to
        come a second time by the clock is looked for again, also after a restart.
        """
        with self._store.read() as connection:
            since = self._last(connection)
        if since is not None and now < since:
            self._note_beginning(now)
        found = self.due(now)
        if not found:
            self._looked[self._me] = now
        return found

    def due(self, now: datetime) -> list[Reminder]:
        """What is to be shown at `now`, the earliest first: what has come, and what was put off until before now."""
        with self._store.read() as connection:
            last = self._last(connection)
            since = None if last is None else min(last, now)
            fresh = connection.execute(text(_FRESH), self._around(since, now)).all()
            asleep = connection.execute(text(_ASLEEP), {"me": self._me, "now": micros(now)}).all()
            shown = _shown(connection, [row.id for row in (*fresh, *asleep)], self._me)
            dates = self._notices.fresh(connection, self._me, since, now)
            dates += self._notices.again(connection, self._me, now)
        found = [self._reminder(row) for row in fresh]
        new = [each for each in found if _within(each.due, since, now) and not self._was_shown(each, shown)]
        again = [
            self._reminder(row, instant_of(row.snoozed_until))
            for row in asleep
            if self._was_shown(self._reminder(row), shown)  # else the step was moved since
        ]
        return sorted((*new, *again, *dates), key=lambda each: (each.due, each.source, each.step_id))

    def asleep(self, connection: Connection, now: datetime) -> dict[int, datetime]:
        """The steps that are put off, each until a moment after `now`. A step that was moved since is not."""
        rows = connection.execute(text(_PUT_OFF), {"me": self._me, "now": micros(now)}).all()
        shown = _shown(connection, [row.id for row in rows], self._me)
        return {row.id: instant_of(row.snoozed_until) for row in rows if self._was_shown(self._reminder(row), shown)}

    def waiting(self, now: datetime, limit: int = 200) -> Waiting:
        """What has come, was not put off and is still to be done, whether it was shown or not."""
        day = day_number(self._store.day_of(now))
        with self._store.read() as connection:
            asked = {**self._asked(connection, now), "day": day, "limit": limit}
            before = connection.execute(text(_COUNT_BEFORE), asked).scalar_one()
            rows = connection.execute(text(_WAITING), asked).all()
        latest = [self._reminder(row) for row in rows]
        come = [each for each in latest if each.due <= now]
        recent = sum(day_number(each.on) >= day - 1 for each in come)
        return Waiting(before + recent, tuple(sorted(come, key=lambda each: each.due, reverse=True)))

    def standing(self, reminders: Iterable[Reminder]) -> set[tuple[str, int, datetime]]:
        """Of what is shown, the keys of what still holds: not done, moved, handed over or put off meanwhile."""
        reminders = list(reminders)
        steps = [each for each in reminders if not each.dated]
        ids = sorted({each.step_id for each in steps})
        if not reminders:
            return set()
        with self._store.read() as connection:
            asked = self._asked(connection, self._store.clock.now())
            rows = connection.execute(with_ids(_STANDING), {**asked, "ids": ids}).all() if ids else []
            dates = self._notices.standing(connection, self._me, [each for each in reminders if each.dated])
        now = {row.id: (day_of(row.due_on), row.local_time) for row in rows}
        return {each.key for each in (*steps, *dates) if each.dated or now.get(each.step_id) == (each.on, each.time)}

    def shown(self, reminders: Sequence[Reminder], now: datetime) -> None:
        """These were shown at `now`, and everything before it was looked at."""
        self._write([self._state(each, now) for each in reminders])
        self._looked[self._me] = now

    def snooze(self, reminders: Sequence[Reminder], until: datetime) -> None:
        """Show these again at a moment to come. Raises InvalidInput naming the field `until`."""
        now = self._store.clock.now()
        if until <= now:
            raise InvalidInput(Text("This moment is over. Choose a later one."), field="until")
        self._write([{**self._state(each, now), "until": micros(until)} for each in reminders])

    def put_off(self, ids: Sequence[int], until: datetime, entity: Entity = Entity.LEAD) -> int:
        """Leave alone until a moment to come what is due of these leads (or companies), shown or not; how many steps.

        Raises InvalidInput naming the field `until`, and where nothing is due.
        """
        now = self._store.clock.now()
        if until <= now:
            raise InvalidInput(Text("This moment is over. Choose a later one."), field="until")
        with self._store.maintenance() as connection:  # all of it or nothing, and nobody else writes meanwhile
            due, shown = self._due_of(entity, ids, now)
            if not due:
                raise InvalidInput(Text("There is no step that is due, so there is nothing to put off."))
            again = [each for each in due if self._was_shown(each, shown)]
            moment = micros(until)
            self._keep(connection, [{**self._state(each, now), "until": moment} for each in due if each not in again])
            if again:  # of those that were shown the last showing is what counts
                connection.execute(text(_LATER), [{"me": self._me, "row": e.step_id, "until": moment} for e in again])
        return len(due)

    def together(self) -> bool:
        """Whether the dates of a day are shown in one window."""
        with self._store.read() as connection:
            found = connection.execute(text("SELECT notice_together FROM member WHERE id = :me"), {"me": self._me})
            return bool(found.scalar() in (None, 1, True))

    def again(self) -> None:
        """The time of day for all-day steps is another one: today is looked at anew."""
        for me, looked in self._looked.items():
            self._looked[me] = instant(self._store.day_of(looked), 0, self._store.zone)

    def later(self, days: int) -> datetime:
        """In so many days at the time of day for reminders."""
        return self.at(self._store.today() + timedelta(days), None)

    def monday(self) -> datetime:
        """The next Monday, at the time of day for reminders."""
        return self.later(7 - self._store.today().weekday())

    def at(self, day: date, minutes: int | None) -> datetime:
        """A time of a day as the store reckons it, without a time that for reminders."""
        return instant(day, self.day_at if minutes is None else minutes, self._store.zone)

    # How

    @property
    def _me(self) -> int | None:
        return self._store.actor_id

    def _asked(self, connection: Connection, now: datetime) -> dict[str, Any]:
        return {"me": self._me, "asleep": json.dumps(list(self.asleep(connection, now)))}

    def _last(self, connection: Connection) -> datetime | None:
        """When all was looked at last: here, or else when something was shown."""
        if self._me in self._looked:
            return self._looked[self._me]
        last = connection.execute(text(_LAST), {"me": self._me}).scalar()
        return None if last is None else instant_of(last)

    def _note_beginning(self, now: datetime) -> None:
        self._write([{"source": _BEGINNING, "row": 0, "due": micros(now), "now": micros(now)}])

    def _around(self, since: datetime | None, now: datetime) -> dict[str, Any]:
        """The days whose steps may come now: a zone is at most a day away."""
        first = -(10**9) if since is None else day_number(self._store.day_of(since - GRACE)) - 1
        return {"me": self._me, "first": first, "last": day_number(self._store.day_of(now)) + 1}

    def _reminder(self, row: Any, due: datetime | None = None) -> Reminder:
        on = day_of(row.due_on)
        if due is None:
            timed = row.local_time is not None
            zone = _zone(row.zone, self._store.zone) if timed else self._store.zone
            due = instant(on, row.local_time if timed else self.day_at, zone)
        entity = Entity.COMPANY if row.of_company else Entity.LEAD
        return Reminder(
            row.id, row.record_id, row.title, row.company or "", row.text, on, row.local_time, due, entity=entity
        )

    def _was_shown(self, reminder: Reminder, shown: dict[int, list[datetime]]) -> bool:
        """An all-day step is shown once a day, at whatever time that was then."""
        moments = shown.get(reminder.step_id, [])
        if reminder.time is not None:
            return reminder.due in moments
        return any(self._store.day_of(moment) == reminder.on for moment in moments)

    def _state(self, reminder: Reminder, now: datetime) -> dict[str, Any]:
        return {"source": reminder.source, "row": reminder.step_id, "due": micros(reminder.due), "now": micros(now)}

    def _due_of(
        self, entity: Entity, ids: Sequence[int], now: datetime
    ) -> tuple[list[Reminder], dict[int, list[datetime]]]:
        """What is due of these records and not put off at `now`, and when each was shown already."""
        wanted = {"ids": json.dumps(list(ids)), "today": day_number(self._store.today())}
        with self._store.read() as connection:
            asleep = {"asleep": json.dumps(list(self.asleep(connection, now)))}
            rows = connection.execute(text(_DUE.format(entity=entity)), wanted | asleep).all()
            shown = _shown(connection, [row.id for row in rows], self._me)
        return [self._reminder(row) for row in rows], shown

    def _write(self, states: Sequence[dict[str, Any]]) -> None:
        if states:
            with self._store.maintenance() as connection:
                self._keep(connection, states)

    def _keep(self, connection: Connection, states: Sequence[dict[str, Any]]) -> None:
        if states:
            connection.execute(text(_STATE), [{"me": self._me, "until": None, **state} for state in states])


def _zone(name: str | None, otherwise: ZoneInfo) -> ZoneInfo:
    try:
        return ZoneInfo(name) if name else otherwise
    except (ZoneInfoNotFoundError, ValueError, OSError):  # written by somebody else
        return otherwise


def _within(due: datetime, since: datetime | None, now: datetime) -> bool:
    return due <= now and (since is None or due > since - GRACE)


def _shown(connection: Connection, steps: Collection[int], me: int | None) -> dict[int, list[datetime]]:
    """The moments at which these steps were shown already."""
    found: dict[int, list[datetime]] = {}
    if steps:
        rows = connection.execute(with_ids(_SHOWN), {"ids": sorted(set(steps)), "me": me})
        for step, due in rows:
            found.setdefault(step, []).append(instant_of(due))
    return found


_COLUMNS = """step.id, COALESCE(step.lead_id, step.company_id) AS record_id, step.company_id IS NOT NULL AS of_company,
  step.due_on, step.local_time, step.zone, step.text, COALESCE(lead.title, firm.name) AS title,
  company.name AS company"""
_RUNS, _PRESENT = "lead.status IN ('potential', 'active')", "firm.archived_at IS NULL"
_NAMED = f"""LEFT JOIN lead ON lead.id = step.lead_id AND {_RUNS}
LEFT JOIN company firm ON firm.id = step.company_id AND {_PRESENT} LEFT JOIN company ON company.id = lead.company_id"""
_OPEN = "step.done_at IS NULL AND (lead.id IS NOT NULL OR firm.id IS NOT NULL)"
# A step is for whom it was given to, else for who is responsible for its lead or company, else for everybody.
_RESPONSIBLE = "COALESCE(lead.user_id, firm.user_id)"
_MINE = f"{_OPEN} AND step.user_id = :me"
_OURS = f"{_OPEN} AND step.user_id IS NULL AND ({_RESPONSIBLE} = :me OR {_RESPONSIBLE} IS NULL)"
_ANY = f"({_MINE} OR {_OURS})"
_AWAKE = "step.id NOT IN (SELECT value FROM json_each(:asleep))"
# Few steps are of companies, and the index on these finds them: so the many of leads are gone through once.
_OF_LEAD = f"JOIN lead ON lead.id = step.lead_id AND {_RUNS} LEFT JOIN company ON company.id = lead.company_id"
_LEADS = f"""SELECT step.id, step.lead_id AS record_id, FALSE AS of_company, step.due_on, step.local_time, step.zone,
  step.text, lead.title AS title, company.name AS company FROM step {_OF_LEAD} WHERE step.done_at IS NULL"""
_GIVEN, _LEFT = "step.user_id = :me", "step.user_id IS NULL AND (lead.user_id = :me OR lead.user_id IS NULL)"
_FIRMS = f"""SELECT step.id, step.company_id, TRUE, step.due_on, step.local_time, step.zone, step.text, firm.name, NULL
FROM step CROSS JOIN company firm ON firm.id = step.company_id AND {_PRESENT}
WHERE step.company_id > 0 AND step.done_at IS NULL
AND (+step.user_id = :me OR +step.user_id IS NULL AND (firm.user_id = :me OR firm.user_id IS NULL))"""
_FRESH = f"""
{_LEADS} AND {_GIVEN} AND step.due_on BETWEEN :first AND :last
UNION ALL {_LEADS} AND {_LEFT} AND step.due_on BETWEEN :first AND :last
UNION ALL {_FIRMS} AND +step.due_on BETWEEN :first AND :last
"""
# Only what was shown last counts: a step that was moved is shown anew, and that ends what it was put off to before.
# The sum keeps SQLite from looking through all that came later to find it.
_SNOOZED = f"""
SELECT {_COLUMNS}, state.snoozed_until FROM reminder_state state JOIN step ON step.id = state.row_id {_NAMED}
WHERE state.user_id IS NOT DISTINCT FROM :me AND state.source = 'step' AND step.done_at IS NULL
AND NOT EXISTS (SELECT 1 FROM reminder_state newer WHERE newer.source = 'step' AND newer.row_id = state.row_id
  AND newer.user_id IS NOT DISTINCT FROM :me AND newer.id + 0 > state.id)
"""
_ASLEEP = f"{_SNOOZED} AND state.snoozed_until <= :now AND {_ANY}"
_PUT_OFF = f"{_SNOOZED} AND state.snoozed_until > :now"
_BEFORE = f"step.due_on < :day - 1 AND {_AWAKE}"
_COUNTED = f"SELECT count(*) FROM step JOIN lead ON lead.id = step.lead_id AND {_RUNS} WHERE step.done_at IS NULL"
_COUNT_BEFORE = f"""
SELECT ({_COUNTED} AND {_GIVEN} AND {_BEFORE}) + ({_COUNTED} AND {_LEFT} AND {_BEFORE})
  + (SELECT count(*) FROM ({_FIRMS} AND +{_BEFORE}))
"""
_LATEST = f"step.due_on <= :day + 1 AND {_AWAKE} ORDER BY step.due_on DESC LIMIT +:limit"
_WAITING = f"""
SELECT * FROM ({_LEADS} AND {_GIVEN} AND {_LATEST})
UNION ALL SELECT * FROM ({_LEADS} AND {_LEFT} AND {_LATEST})
UNION ALL SELECT * FROM ({_FIRMS} AND +{_LATEST})
"""
_STANDING = (
    f"SELECT step.id, step.due_on, step.local_time FROM step {_NAMED} WHERE step.id IN :ids AND {_ANY} AND {_AWAKE}"
)
_DUE = f"""
SELECT {_COLUMNS} FROM json_each(:ids) wanted CROSS JOIN step ON step.{{entity}}_id = wanted.value {_NAMED}
WHERE {_OPEN} AND step.due_on <= :today AND {_AWAKE} ORDER BY wanted.key, step.due_on, step.id
"""
_LATER = """
UPDATE reminder_state SET snoozed_until = :until WHERE id = (SELECT max(id) FROM reminder_state
  WHERE source = 'step' AND row_id = :row AND user_id IS NOT DISTINCT FROM :me)
"""
_SHOWN = """
SELECT row_id, due FROM reminder_state WHERE source = 'step' AND row_id IN :ids AND user_id IS NOT DISTINCT FROM :me
"""
_LAST = "SELECT notified_at FROM reminder_state WHERE user_id IS NOT DISTINCT FROM :me ORDER BY id DESC LIMIT 1"
_KNOWN = "SELECT 1 FROM reminder_state WHERE user_id IS NOT DISTINCT FROM :me LIMIT 1"
_STATE = """
INSERT INTO reminder_state (user_id, source, row_id, due, notified_at, snoozed_until)
VALUES (:me, :source, :row, :due, :now, :until)
ON CONFLICT (source, row_id, user_id, due) DO UPDATE SET snoozed_until = excluded.snoozed_until
WHERE excluded.snoozed_until IS NOT NULL
"""
