"""Countries as cards have them, by name in whatever language, and as the store has them, by two letters."""

import re
from functools import cache

from app.core import i18n
from app.core.folding import search_key, sort_key

_CODE = re.compile("[A-Z]{2}")
#: Languages in which a card may name a country; where two disagree, the first counts.
_LANGUAGES = ("de", "en", "fr", "it", "es", "nl", "pl", "cs", "da", "sv", "pt", "hu")
_ALSO = {
    "USA": "US", "U.S.A.": "US", "Amerika": "US", "UK": "GB", "Great Britain": "GB", "England": "GB",
    "Großbritannien": "GB", "BRD": "DE", "D": "DE", "A": "AT", "CH": "CH", "FL": "LI", "Holland": "NL",
}  # fmt: skip


def country_code(name: str) -> str:
    """'DE' for Deutschland, Germany, Allemagne or de; what no country is called is returned as it is."""
    upper = name.strip().upper()
    if upper in _codes():
        return upper
    return _by_name().get(search_key(name), name)


def country_name(code: str) -> str:
    """The name in the language in use; what is no code is returned as it is."""
    from babel import Locale

    if code not in _codes():
        return code
    return str(Locale.parse(_language()).territories.get(code, code))


def country_names() -> list[str]:
    """All of them in the language in use, by name."""
    return sorted(map(country_name, _codes()), key=sort_key)


def _language() -> str:
    return "de" if i18n.language() == "de" else "en"


@cache
def _codes() -> frozenset[str]:
    from babel import Locale

    found = map(str, Locale.parse("en").territories)
    return frozenset(code for code in found if _CODE.fullmatch(code)) - {"EU", "UN", "ZZ"}


@cache
def _by_name() -> dict[str, str]:
    from babel import Locale

    found = {search_key(name): code for name, code in _ALSO.items()}
    for language in _LANGUAGES:
        territories = Locale.parse(language).territories
        for code in sorted(_codes()):
            if code in territories:
                found.setdefault(search_key(str(territories[code])), code)
    return found
