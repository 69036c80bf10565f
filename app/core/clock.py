"""The only place that asks the machine for the time, so that a test or `--today` can answer instead."""

import time
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from zoneinfo import ZoneInfo


class Clock(Protocol):
    """What time it is, for whoever is handed one."""

    def now(self) -> datetime:
        """This instant, aware, in UTC."""

    def today(self) -> date:
        """The day it is in the store's time zone."""


@dataclass(frozen=True)
class SystemClock:
    """The machine's clock, days reckoned in `zone`."""

    zone: "ZoneInfo"

    def now(self) -> datetime:
        return datetime.now(UTC)

    def today(self) -> date:
        return datetime.now(self.zone).date()


@dataclass
class FixedClock:
    """A clock that stands still until it is set: for tests, demo data and reports of a given day."""

    instant: datetime
    zone: "ZoneInfo"

    @classmethod
    def at(cls, day: date, zone: "ZoneInfo", hour: int = 9) -> "FixedClock":
        """Stands at `hour` o'clock local time of `day`."""
        return cls(datetime(day.year, day.month, day.day, hour, tzinfo=zone).astimezone(UTC), zone)

    def now(self) -> datetime:
        return self.instant

    def today(self) -> date:
        return self.instant.astimezone(self.zone).date()


def milliseconds() -> int:
    """Milliseconds since 1970 by the machine's clock, for what must tell things apart and not when they happened."""
    return time.time_ns() // 1_000_000


def monotonic() -> float:
    """Seconds from an arbitrary start, for measuring how long something takes."""
    return time.monotonic()
