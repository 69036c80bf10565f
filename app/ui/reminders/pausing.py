"""An hour without reminders; what comes meanwhile is told afterwards."""

from datetime import datetime, timedelta

from app.core.settings import PAUSED_UNTIL, Settings

#: A pause lasts this long.
PAUSE = timedelta(hours=1)


def paused(settings: Settings, now: datetime) -> bool:
    """Whether reminders wait. A moment further away than a pause lasts was meant by another clock."""
    until = paused_until(settings)
    return until is not None and now < until <= now + PAUSE


def paused_until(settings: Settings) -> datetime | None:
    """Until when reminders were told to wait last."""
    try:
        until = datetime.fromisoformat(settings[PAUSED_UNTIL])
    except ValueError:
        return None
    return until if until.tzinfo is not None else None


def pause(settings: Settings, now: datetime) -> None:
    """No reminders for an hour."""
    settings[PAUSED_UNTIL] = (now + PAUSE).isoformat()


def resume(settings: Settings) -> None:
    """Reminders come again, those of the meantime first."""
    settings[PAUSED_UNTIL] = ""
