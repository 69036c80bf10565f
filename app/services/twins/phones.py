"""Telephone numbers, however they were written, in one shape: E.164."""

import re
import unicodedata
from functools import lru_cache

#: Whoever wrote an area code or a country code meant a whole number; anything else may lack its area.
_WHOLE = re.compile(r"[^\d+]*(?:\+|0)")
#: More than one number in a field: the first that is one counts.
_BETWEEN = re.compile(r"\s(?:oder|od\.|or|und|u\.|bzw\.?)\s|[;,|\n]")
#: "(0)" after a country code, also where the code was written with two zeros.
_TRUNK_ZERO = re.compile(r"\(\s*0\s*\)")
_SAME_DIGITS = re.compile(r"\+\d{1,3}(\d)\1+")
_LONGEST = 100
#: National beginnings of mobile numbers: nobody else answers there.
_MOBILE = re.compile(r"\+(?:491[567]|43(?:6[5-9])|417[4-9])")
_SHORTEST_TRUNK = 9
_EXTENSION = 3


@lru_cache(maxsize=4096)
def e164(text: str, country: str) -> str | None:
    """'0221 / 12 34 56' of a store in 'DE' as '+49221123456'; None for what is no number anybody could call.

    A number without its area code is none: it would be the same in every town.
    """
    written = _TRUNK_ZERO.sub(" ", unicodedata.normalize("NFKC", text[:_LONGEST]))
    numbers = (_parsed(part, country) for part in _BETWEEN.split(written))
    return next((number for number in numbers if number), None)


def _parsed(written: str, country: str) -> str | None:
    """One number; without 0 or + it is read as one whose plus was lost, as spreadsheets do."""
    import phonenumbers

    whole = _WHOLE.match(written) is not None
    try:
        number = phonenumbers.parse(written if whole else f"+{written.strip()}", country)
    except phonenumbers.NumberParseException:
        return None
    if not phonenumbers.is_valid_number(number) and not (whole and phonenumbers.is_possible_number(number)):
        return None
    form = phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)
    return None if _SAME_DIGITS.fullmatch(form) else form


@lru_cache(maxsize=4096)
def readable(number: str) -> str:
    """'+49221123456' as people write it: '+49 221 123456'."""
    import phonenumbers

    try:
        parsed = phonenumbers.parse(number)
    except phonenumbers.NumberParseException:
        return number
    return phonenumbers.format_number(parsed, phonenumbers.PhoneNumberFormat.INTERNATIONAL)


def is_mobile(number: str) -> bool:
    """Whether an E.164 number of Germany, Austria or Switzerland is a mobile one, which is one person's."""
    return _MOBILE.match(number) is not None


def trunk(number: str) -> str | None:
    """What numbers behind one switchboard begin with; None for a mobile number and for one too short to tell."""
    rest = number[:-_EXTENSION]
    return rest if len(rest) >= _SHORTEST_TRUNK and not is_mobile(number) else None
