"""How long somebody works on a day, as people type it."""

import re
from decimal import ROUND_HALF_UP, Decimal

from app.core.errors import InvalidInput
from app.core.i18n import Text
from app.core.parse.cleaning import clean

_HOUR = 60
#: Minutes of a whole day.
_MOST = 24 * _HOUR
_CLOCK = re.compile("([0-9]{1,2})[:h]([0-5][0-9])")
_PLAIN = re.compile("([0-9]{1,2}(?:[.,][0-9]{1,4})?|[.,][0-9]{1,4})")
_UNIT = re.compile(" ?(?:h|hrs?|hours?|std|stunden?|stdn)[.]?$")
_NONE = ("-", "0")


def hours(text: str, *, field: str | None = None) -> int:
    """The minutes of a day's work: 8:00, 8, 7,5, 7h30, 7.5 h; a dash is none. Raises InvalidInput."""
    typed = clean(text, field)
    if typed in _NONE:
        return 0
    words = _UNIT.sub("", typed)
    if clock := _CLOCK.fullmatch(words):
        minutes = int(clock[1]) * _HOUR + int(clock[2])
    elif plain := _PLAIN.fullmatch(words):
        exact = Decimal("0" + plain[1].replace(",", ".")) * _HOUR
        minutes = int(exact.quantize(Decimal(1), ROUND_HALF_UP))
    else:
        hint = Text("Write for example 8:00, 8 or 7.5.")
        raise InvalidInput(Text("“{text}” is not a number of hours.", text=text.strip()), hint, field)
    if minutes > _MOST:
        raise InvalidInput(Text("A day has between 0 and 24 hours."), field=field)
    return minutes
