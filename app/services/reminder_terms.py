"""What a reminder is, whatever it came from, and when a time on the wall is."""

from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from app.core.terms import Entity

#: What can remind: a step, a date in an own field, the birthday of a person.
SOURCE, FIELD, BIRTHDAY = "step", "field", "birthday"
#: Minutes after midnight at which what has no time reminds, unless somebody chose otherwise.
DAY_AT = 9 * 60
#: A moment this long ago still reminds if it was written down after it: “today 14:00”, typed at two minutes past.
GRACE = timedelta(minutes=10)
_MINUTE = 60
#: A day before or after these is one in some time zones and beyond the calendar in others.
_EARLIEST, _LATEST = date.min + timedelta(1), date.max - timedelta(1)


@dataclass(frozen=True, slots=True)
class Reminder:
    """One showing: a step that is to be done or a date that comes, and `due`, the moment at which it was to be shown.

    `time` is minutes after midnight, None for an all-day step. `step_id` is the row of the `source`, `lead_id` the
    record of the kind `entity`. Of a date, `text` is what its field is called, of a birthday nothing.
    """

    step_id: int
    lead_id: int
    title: str
    company: str
    text: str
    on: date
    time: int | None
    due: datetime
    source: str = SOURCE
    entity: Entity = Entity.LEAD

    @property
    def key(self) -> tuple[str, int, datetime]:
        """What tells this showing from all others."""
        return self.source, self.step_id, self.due

    @property
    def dated(self) -> bool:
        """Whether it is a date, of which nothing is to be ticked off."""
        return self.source != SOURCE

    def again(self, due: datetime) -> "Reminder":
        """The same, shown at another moment."""
        return replace(self, due=due)


def instant(day: date, minutes: int, zone: ZoneInfo) -> datetime:
    """A time on the wall as a moment: one left out in spring comes as much later, a double one the first time."""
    within = min(max(day, _EARLIEST), _LATEST)
    return datetime.combine(within, time(*divmod(minutes, _MINUTE)), zone).astimezone(UTC)
