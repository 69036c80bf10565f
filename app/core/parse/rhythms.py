"""How often to keep in touch, as it is typed: "30", "4 weeks", "3 months / 4 months", "4 W / 6 W"."""

import re

from app.core.errors import InvalidInput
from app.core.i18n import Text
from app.core.parse.days import span

_BETWEEN = re.compile(r"\s*[/;–-]\s*")


def rhythm(typed: str, field: str = "touch_target") -> tuple[int, int | None]:
    """Days after which it is time to get in touch, and those after which it is too late (None where nobody said so).

    Raises InvalidInput.
    """
    try:
        target, *latest = [span(part, field=field) for part in _BETWEEN.split(typed.strip())]
    except InvalidInput:
        raise _unclear(typed, field) from None
    if len(latest) > 1:
        raise _unclear(typed, field)
    return target, latest[0] if latest else None


def _unclear(typed: str, field: str) -> InvalidInput:
    hint = Text("For example: 30, 4 weeks, 3 months / 4 months.")
    return InvalidInput(Text("“{text}” is no rhythm.", text=typed[:60]), hint, field=field)
