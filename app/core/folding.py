"""Two keys for text, because SQLite folds no umlauts and both databases must sort and find alike.

`sort_key` follows DIN 5007-1 (ä sorts with a, ß as ss). `search_key` also takes ae for a, oe for o, ue for u, so that
Müller, Mueller and Muller meet; it is applied to the text and to what is searched.
"""

import re
import unicodedata
from collections.abc import Iterator
from itertools import product

# What no decomposition takes apart, and signs that nobody sees (soft hyphen, zero-width space and joiners). Half a
# surrogate pair, which a clipboard can hold, no database takes, not even to look for it.
_SHARP = str.maketrans(
    {"ß": "ss", "æ": "ae", "ø": "o", "œ": "oe", "đ": "d", "ł": "l", "þ": "th", "ð": "d", "ı": "i"}
    | dict.fromkeys("\u00ad\u200b\u200c\u200d\u2060\ufeff", "")
    | dict.fromkeys(map(chr, range(0xD800, 0xE000)), "")
)
_GERMAN = (("ä", "a"), ("ö", "o"), ("ü", "u"), ("ß", "ss"), ("Ä", "A"), ("Ö", "O"), ("Ü", "U"))
_FOREIGN = re.compile("[^\x00-\x7f]+")
_KEPT = re.compile("[^aou]*[aou]|[^aou]+")


def _plain(text: str) -> str:
    if text.isascii():
        return text.lower()
    # German letters first and at once, of the others only what is beyond ASCII: this runs over the text of every lead.
    for letter, plain in _GERMAN:
        text = text.replace(letter, plain)
    if text.isascii():
        return text.lower()
    # Taken apart: Ǿ is Ø with an accent, and ™ is TM, so both have something left to fold.
    letters = _FOREIGN.sub(_unmarked, unicodedata.normalize("NFKD", text)).casefold()
    return letters if letters.isascii() else letters.translate(_SHARP)


def _unmarked(run: re.Match[str]) -> str:
    return "".join(c for c in run[0] if not unicodedata.combining(c))


def sort_key(text: str) -> str:
    """The text as it is sorted: lower case, without accents, spaces collapsed."""
    return " ".join(_plain(text).split())


def person_key(name: str, given: str = "", family: str = "") -> str:
    """Somebody's name as it is sorted: the family name first; of a name known only as a whole, its last word."""
    if not family:
        given, _, family = name.strip().rpartition(" ")
    return sort_key(f"{family} {given}")


def search_key(text: str) -> str:
    """The text as it is found: like `sort_key`, and ae, oe, ue as a, o, u."""
    return sort_key(text).replace("ae", "a").replace("oe", "o").replace("ue", "u")


def kept(key: str) -> str:
    """The longest piece of a search key that stands as it is in the sort key of every text that is found by it.

    There an e may follow any a, o and u.
    """
    return max(_KEPT.findall(key), key=len, default="")


def spellings(key: str) -> Iterator[str]:
    """The ways in which sort keys can begin of texts whose search key begins so; this one first."""
    ways = [(letter, f"{letter}e") if letter in "aou" else (letter,) for letter in key[:-1]]
    return map("".join, product(*ways, (key[-1:],)))
