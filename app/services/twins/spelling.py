"""How alike two words are: as they are written, and as they sound. Words are folded ones (`app.core.folding`)."""

import re
from functools import lru_cache

from app.services.twins.phonetic import of_folded

SAME = 1.0
_SOUNDS = (("ph", "f"), ("dt", "t"), ("ck", "k"), ("th", "t"), ("tz", "z"), ("y", "i"), ("ai", "ei"))
_C = re.compile(r"c(?!h)")
_SILENT_H = re.compile(r"(?<!^)(?<!c)h")
_VOWELS = str.maketrans("aeiouy", "......")
_DOUBLED = re.compile(r"(.)\1+")
#: A shorter word is never a slip of another.
SHORTEST = 4


@lru_cache(maxsize=1 << 15)
def skeleton(word: str) -> str:
    """The word without what is heard no differently: Stephan and Stefan, Carl and Karl, Mathias and Matthias."""
    for written, plain in _SOUNDS:
        word = word.replace(written, plain)
    return _DOUBLED.sub(r"\1", _SILENT_H.sub("", _C.sub("k", word)))


@lru_cache(maxsize=1 << 16)
def word_likeness(one: str, other: str) -> float:
    """0 for two words, 1 for one; between them what may be a slip of the keys, the likelier the higher.

    Numbers and short words are never slips. A word that ends in a dot is an abbreviation of what it begins.
    """
    if one == other:
        return SAME
    if one.endswith(".") or other.endswith("."):
        return _abbreviated(one, other)
    shorter = min(len(one), len(other))
    if shorter < SHORTEST or not (one.isalpha() and other.isalpha()):
        return 0.0
    if skeleton(one) == skeleton(other):
        return 0.96
    return _slip(one, other, shorter)


def _abbreviated(one: str, other: str) -> float:
    short, long = sorted((one.rstrip("."), other.rstrip(".")), key=len)
    return 0.93 if len(short) >= SHORTEST - 1 and long.startswith(short) else 0.0


def _slip(one: str, other: str, shorter: int) -> float:
    from rapidfuzz.distance import OSA

    edits = OSA.distance(one, other, score_cutoff=2)
    swapped = edits == 1 and sorted(one) == sorted(other)
    if edits == 1 and not swapped and _other_vowel(one, other):
        return 0.85 if shorter >= 9 else 0.8
    code = of_folded(one)
    if edits <= 2 and len(code) > 1 and code == of_folded(other) and (edits == 1 or shorter > SHORTEST):
        return 0.93
    if edits == 1:
        if swapped or shorter >= 7:
            return 0.92
        return 0.85 if shorter > SHORTEST else 0.75
    return 0.85 if edits == 2 and shorter >= 9 else 0.0


def _other_vowel(one: str, other: str) -> bool:
    """Whether one vowel is another, or an e more at the end: rather another name than a slip, as Berger and Burger."""
    return one.translate(_VOWELS) == other.translate(_VOWELS) or f"{one}e" == other or f"{other}e" == one
