"""Dates that remind: own fields that notify, and the birthdays of people.

A date reminds once, so many days ahead as its field says, at the time of day that a member chose for it; one that comes
each year reminds anew each year (the 29th of February on the 28th where there is none). It is for whoever is
responsible for the record, or for all where nobody is; a member may want the dates of a field of every record, or none.
"""

import json
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from typing import TYPE_CHECKING, Any

from sqlalchemy import Connection, text

from app.core.calendar import day_number, day_of
from app.core.terms import Entity
from app.models.types import instant_of
from app.services.reminder_terms import BIRTHDAY, DAY_AT, FIELD, GRACE, Reminder, instant

if TYPE_CHECKING:
    from app.models.store import Store

#: After a longer absence no date would be told that another year has brought again.
_LONGEST = 366
#: A date in a leap year that other years do not have.
_LEAP = (2, 29)


def occurrence(first: date, year: int) -> date:
    """The day on which a date comes again in a year."""
    if (first.month, first.day) == _LEAP and (year % 4 or (not year % 100 and year % 400)):
        return date(year, 2, 28)
    return first.replace(year=year)


def latest(first: int, ahead: int, yearly: bool, last: int) -> int:
    """The last day on which a date comes whose reminder is not after the day `last`; else the first. Day numbers."""
    begin = day_of(first)
    if not yearly or first - ahead > last:
        return first
    year = min(day_of(last + ahead).year, date.max.year)
    day = day_number(occurrence(begin, year))
    return max(first, day if day - ahead <= last else day_number(occurrence(begin, year - 1)))


def next_on(first: date, yearly: bool, today: date) -> date | None:
    """The day on which a date comes next, today included; None where it is over for good."""
    if first >= today or not yearly:
        return first if first >= today else None
    this = occurrence(first, today.year)
    return this if this >= today else occurrence(first, today.year + 1)


class DayNotices:
    """What dates somebody has to be reminded of."""

    def __init__(self, store: "Store") -> None:
        self._store = store

    def fresh(self, connection: Connection, me: int | None, since: datetime | None, now: datetime) -> list[Reminder]:
        """What came since a moment, and was not shown. Mostly no time for dates lies between: nothing is read."""
        at = self._time(connection, me)
        today = day_number(self._store.day_of(now))
        last = today if instant(self._store.day_of(now), at, self._store.zone) <= now else today - 1
        first = self._first(since, at, last)
        if first > last:
            return []
        found = self._rows(connection, me, _WHEN, self._between(connection, first, last))
        new = [self._reminder(row, at, latest(row.day, row.ahead, row.yearly, last)) for row in found]
        known = _shown(connection, me, new)
        return [
            each
            for each in new
            if first <= day_number(self._store.day_of(each.due)) <= last and not self._was_shown(each, known)
        ]

    def again(self, connection: Connection, me: int | None, now: datetime) -> list[Reminder]:
        """What was put off until a moment that has come."""
        return [each for each, until in self._put_off(connection, me) if until <= now]

    def standing(self, connection: Connection, me: int | None, reminders: Iterable[Reminder]) -> set[Reminder]:
        """Of these what still holds: not moved, emptied, handed over or put off meanwhile."""
        asked = {(each.source, each.step_id) for each in reminders}
        if not asked:
            return set()
        now = self._store.clock.now()
        asleep = {each.key[:2] for each, until in self._put_off(connection, me) if until > now}
        rows = {(row.source, row.row_id): row for row in self._of(connection, me, asked)}
        return {
            each
            for each in reminders
            if (row := rows.get(each.key[:2])) is not None and each.key[:2] not in asleep and _comes_on(row, each.on)
        }

    # How

    def _time(self, connection: Connection, me: int | None) -> int:
        found = connection.execute(text("SELECT notice_time FROM member WHERE id = :me"), {"me": me}).scalar()
        return DAY_AT if found is None else int(found)

    def _first(self, since: datetime | None, at: int, last: int) -> int:
        """The first day whose time for dates comes after a moment."""
        if since is None:
            return last
        day = day_number(self._store.day_of(since - GRACE))
        after = instant(day_of(day), at, self._store.zone) > since - GRACE
        return max(day if after else day + 1, last - _LONGEST + 1)

    def _between(self, connection: Connection, first: int, last: int) -> dict[str, Any]:
        """The days that can remind: of dates that come each year by how far ahead, and which day of the year."""
        rows = connection.execute(text("SELECT DISTINCT notify_days FROM field WHERE notify AND deleted_at IS NULL"))
        marks = set()
        for (ahead,) in rows:
            for day in map(day_of, range(first + ahead, last + ahead + 1)):
                marks.add(f"{ahead}:{day:%m%d}")
                if (day.month, day.day) == (2, 28):
                    marks.add(f"{ahead}:0229")
        return {"first": first, "last": last, "marks": json.dumps(sorted(marks))}

    def _rows(self, connection: Connection, me: int | None, when: str, binds: Mapping[str, Any]) -> Sequence[Any]:
        return connection.execute(text(f"SELECT * FROM ({_NOTICES}) WHERE {when}"), {"me": me, **binds}).all()

    def _of(self, connection: Connection, me: int | None, asked: Iterable[tuple[str, int]]) -> Sequence[Any]:
        keys = json.dumps([f"{source}:{row_id}" for source, row_id in asked])
        return self._rows(connection, me, "source || ':' || row_id IN (SELECT value FROM json_each(:keys))",
                          {"keys": keys})  # fmt: skip

    def _put_off(self, connection: Connection, me: int | None) -> list[tuple[Reminder, datetime]]:
        """What was put off, each until when; not what was moved since."""
        states = {(row.source, row.row_id): row for row in connection.execute(text(_SNOOZED), {"me": me})}
        if not states:
            return []
        at, found = self._time(connection, me), []
        for row in self._of(connection, me, states):
            state = states[row.source, row.row_id]
            last = day_number(self._store.day_of(instant_of(state.due)))
            reminder = self._reminder(row, at, latest(row.day, row.ahead, row.yearly, last))
            until = instant_of(state.snoozed_until)
            if self._was_shown(reminder, _shown(connection, me, [reminder])):
                found.append((reminder.again(until), until))
        return found

    def _reminder(self, row: Any, at: int, day: int) -> Reminder:
        due = instant(day_of(day - row.ahead), at, self._store.zone)
        return Reminder(
            row.row_id, row.record_id, row.title, row.company or "", row.field, day_of(day), None, due, row.source,
            Entity(row.entity),
        )  # fmt: skip

    def _was_shown(self, reminder: Reminder, shown: Mapping[tuple[str, int], list[datetime]]) -> bool:
        """A date is told once a day, at whatever time that was then."""
        moments = shown.get(reminder.key[:2], [])
        return any(self._store.day_of(moment) == self._store.day_of(reminder.due) for moment in moments)


def _comes_on(row: Any, day: date) -> bool:
    begin = day_of(row.day)
    return occurrence(begin, day.year) == day if row.yearly else begin == day


def _shown(
    connection: Connection, me: int | None, reminders: Iterable[Reminder]
) -> dict[tuple[str, int], list[datetime]]:
    keys = json.dumps([list(each.key[:2]) for each in reminders])
    found: dict[tuple[str, int], list[datetime]] = {}
    for row in connection.execute(text(_SHOWN), {"me": me, "keys": keys}):
        found.setdefault((row.source, row.row_id), []).append(instant_of(row.due))
    return found


def _field_of(entity: Entity, company: str, joins: str = "", living: str = "") -> str:
    return f"""
SELECT '{FIELD}' AS source, own.id AS row_id, '{entity}' AS entity, {entity}.id AS record_id,
  {"lead.title" if entity is Entity.LEAD else f"{entity}.name"} AS title, {company} AS company, field.name AS field,
  field.notify_days AS ahead, field.yearly AS yearly, own.day AS day
FROM field JOIN field_value own ON own.field_id = field.id AND own.day IS NOT NULL
JOIN {entity} ON {entity}.id = own.{entity}_id {living} {joins}
LEFT JOIN field_notice ON field_notice.field_id = field.id AND field_notice.user_id = :me
WHERE field.entity = '{entity}' AND field.kind = 'day' AND field.notify AND field.deleted_at IS NULL AND {_mine(entity)}
"""


def _mine(entity: Entity) -> str:
    """Whose dates a member is reminded of who did not say otherwise."""
    return f"COALESCE(field_notice.wanted, {entity}.user_id IS NULL OR {entity}.user_id = :me)"


_FIRM = """(SELECT company.name FROM company_person JOIN company ON company.id = company_person.company_id
  WHERE company_person.person_id = person.id ORDER BY company_person.position, company_person.id LIMIT 1)"""
_BIRTHDAYS = f"""
SELECT '{BIRTHDAY}', person.id, 'person', person.id, person.name, {_FIRM}, '', field.notify_days, TRUE, person.birthday
FROM field JOIN person ON person.birthday IS NOT NULL AND person.archived_at IS NULL
LEFT JOIN field_notice ON field_notice.field_id = field.id AND field_notice.user_id = :me
WHERE field.kind = 'birthday' AND field.notify AND field.deleted_at IS NULL AND {_mine(Entity.PERSON)}
"""
_NOTICES = " UNION ALL ".join((
    _field_of(Entity.LEAD, "company.name", "LEFT JOIN company ON company.id = lead.company_id"),
    _field_of(Entity.COMPANY, "''", living="AND company.archived_at IS NULL"),
    _field_of(Entity.PERSON, _FIRM, living="AND person.archived_at IS NULL"),
    _BIRTHDAYS,
))  # fmt: skip
_WHEN = """
CASE WHEN yearly THEN ahead || ':' || strftime('%m%d', day * 86400, 'unixepoch')
    IN (SELECT value FROM json_each(:marks)) AND day - ahead <= :last
  ELSE day - ahead BETWEEN :first AND :last END
"""
_SNOOZED = f"""
SELECT state.source, state.row_id, state.due, state.snoozed_until FROM reminder_state state
WHERE state.user_id IS NOT DISTINCT FROM :me AND state.source IN ('{FIELD}', '{BIRTHDAY}')
AND state.snoozed_until IS NOT NULL AND NOT EXISTS (SELECT 1 FROM reminder_state newer
  WHERE newer.source = state.source AND newer.row_id = state.row_id AND newer.user_id IS NOT DISTINCT FROM :me
  AND newer.id + 0 > state.id)
"""
_SHOWN = """
SELECT state.source, state.row_id, state.due FROM json_each(:keys) asked
JOIN reminder_state state ON state.source = json_extract(asked.value, '$[0]')
  AND state.row_id = json_extract(asked.value, '$[1]') AND state.user_id IS NOT DISTINCT FROM :me
"""
