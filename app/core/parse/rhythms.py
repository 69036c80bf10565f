"""How often to keep in touch, as it is typed: "30", "4 weeks", "3 months / 4 months", "4 W / 6 W"."""

import re

from app.core.errors import InvalidInput
from app.core.i18n import Text

_PART = re.compile(r"(\d{1,4})\s*([^\W\d_]*)\.?")
#: By the first letter of its English or German name how many days a unit has.
_DAYS = {"": 1, "d": 1, "t": 1, "w": 7, "m": 30, "y": 365, "j": 365}
_BETWEEN = re.compile(r"\s*[/;–-]\s*")


def rhythm(typed: str, field: str = "touch_target") -> tuple[int, int | None]:
    """Days after which it is time to get in touch, and those after which it is too late (None where nobody said so).

    Raises InvalidInput.
    """
    parts = [_days(part, typed, field) for part in _BETWEEN.split(typed.strip())]
    if len(parts) > 2:
        raise _unclear(typed, field)
    return parts[0], parts[1] if len(parts) > 1 else None


def _days(part: str, typed: str, field: str) -> int:
    found = _PART.fullmatch(part)
    unit = None if found is None else _DAYS.get(found[2][:1].casefold())
    if found is None or unit is None:
        raise _unclear(typed, field)
    return int(found[1]) * unit


def _unclear(typed: str, field: str) -> InvalidInput:
    hint = Text("For example: 30, 4 weeks, 3 months / 4 months.")
    return InvalidInput(Text("“{text}” is no rhythm.", text=typed[:60]), hint, field=field)
