"""Exact numbers as people type them, with up to six decimals."""

import re
from decimal import Decimal

from app.core.errors import InvalidInput
from app.core.i18n import Text
from app.core.parse.cleaning import clean

#: Decimals of a number that is kept exactly.
DECIMALS = 6
#: Largest number, of either sign, that is kept.
LARGEST = 10**12

_GROUPED = re.compile(r"[1-9][0-9]{0,2}(?:([.,' ])[0-9]{3})(?:\1[0-9]{3})*(?:(?!\1)[.,]([0-9]+))?")
_PLAIN = re.compile(r"([0-9]+)(?:[.,]([0-9]+))?|[.,]([0-9]+)")


def number(text: str, *, unit: str = "", field: str | None = None) -> Decimal:
    """A number: 12, 1.234,56, 1'234.5, -3,25; its unit may be typed behind it.

    One separator with exactly three digits after it separates thousands, unless a zero stands before it.
    """
    typed = clean(text, field)
    if unit and typed.endswith(unit.casefold()):
        typed = typed.removesuffix(unit.casefold()).rstrip()
    sign = -1 if typed.startswith("-") else 1
    typed = typed.lstrip("+-").strip()
    grouped, plain = _GROUPED.fullmatch(typed), _PLAIN.fullmatch(typed)
    if grouped is not None:
        fraction = grouped[2] or ""
        whole = re.sub("[^0-9]", "", typed[: len(typed) - len(fraction)])
    elif plain is not None:
        whole, fraction = plain[1] or "0", plain[2] or plain[3] or ""
    else:
        hint = Text("Write for example 12, 1.234,56 or -0.5.")
        raise InvalidInput(Text("“{text}” is not a number.", text=text.strip()), hint, field)
    return checked(sign * Decimal(f"{whole}.{fraction or 0}"), field=field)


def checked(value: Decimal, *, field: str | None = None) -> Decimal:
    """The number without zeros at its end. Raises InvalidInput for one that cannot be kept exactly."""
    if not value.is_finite() or abs(value) > LARGEST:
        raise InvalidInput(Text("This number is too large."), field=field)
    millionths = value.scaleb(DECIMALS)
    if millionths != millionths.to_integral_value():
        raise InvalidInput(Text("A number has at most {n} decimals.", n=DECIMALS), field=field)
    return plain_number(int(millionths))


def plain_number(millionths: int) -> Decimal:
    """A number from its millionths, with the decimals it needs."""
    whole, rest = divmod(abs(millionths), 10**DECIMALS)
    fraction = f"{rest:0{DECIMALS}}".rstrip("0")
    return Decimal(f"{'-' if millionths < 0 else ''}{whole}{'.' if fraction else ''}{fraction}")


def millionths_of(value: Decimal) -> int:
    """The inverse of `plain_number`; the number was `checked`."""
    return int(value.scaleb(DECIMALS))
