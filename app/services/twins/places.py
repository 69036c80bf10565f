"""Where two of them are: the same place, beside each other, or somewhere else."""

import re
from enum import Enum
from functools import lru_cache

from app.core.folding import search_key

_DIGITS = re.compile(r"\d{4,5}")
_WORD = re.compile(r"[^\W_]+")
#: What may follow a town's name, shortened or left off: Frankfurt am Main, Frankfurt a. M., Frankfurt/Main.
_BESIDE = frozenset(("am", "an", "a", "der", "d", "im", "in", "i", "bei", "b", "main", "m", "rhein", "rh"))
_SHORT = {"st": "sankt"}
_LONGEST = 200


class Nearness(Enum):
    """From the same postcode to another part of the country."""

    SAME_CODE = 1
    SAME_TOWN = 2
    UNKNOWN = 3
    NEAR = 4
    ELSEWHERE = 5


@lru_cache(maxsize=4096)
def postcode_of(text: str) -> str:
    """The figures of 'D-50667' or 'A 1010', '' for none."""
    found = _DIGITS.search(text[:_LONGEST])
    return found[0] if found else ""


@lru_cache(maxsize=4096)
def town_of(text: str) -> str:
    """The words of a town's name as they are compared: 'frankfurt' for Frankfurt/Main, 'koln ehrenfeld'."""
    words = [_SHORT.get(word, word) for word in _WORD.findall(search_key(text[:_LONGEST]))]
    return " ".join(word for place, word in enumerate(words) if not place or word not in _BESIDE)


def nearness(one_code: str, one_town: str, other_code: str, other_town: str) -> Nearness:
    """How near two places are by postcode and `town_of`; quarters of a town are the town."""
    towns = one_town and other_town
    if towns and _same_town(one_town, other_town):
        if one_code and other_code and len(one_code) == len(other_code) and one_code[0] != other_code[0]:
            return Nearness.ELSEWHERE  # there are two Frankfurts and many a Neustadt
        return Nearness.SAME_CODE if one_code and one_code == other_code else Nearness.SAME_TOWN
    if one_code and other_code:
        return _by_code(one_code, other_code, named=bool(towns))
    return Nearness.ELSEWHERE if towns else Nearness.UNKNOWN


def _by_code(one: str, other: str, *, named: bool) -> Nearness:
    """By codes whose towns have different names (`named`) or none."""
    if one == other:  # Austria and Switzerland count alike, from 1000
        return Nearness.UNKNOWN if named and len(one) == 4 else Nearness.SAME_CODE
    return Nearness.NEAR if len(one) == len(other) and one[:2] == other[:2] else Nearness.ELSEWHERE


def _same_town(one: str, other: str) -> bool:
    short, long = sorted((one, other), key=len)
    return short == long or long.startswith(f"{short} ")
