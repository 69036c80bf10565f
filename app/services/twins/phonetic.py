"""Kölner Phonetik: German words as they sound, in digits (Hans Joachim Postel, 1969)."""

from functools import lru_cache

from app.core.folding import sort_key

_PLAIN = dict(zip("aeijouybfvwgkqlmnrsz", "00000001333444566788", strict=True))
_HARD_C_FIRST, _HARD_C = frozenset("ahkloqrux"), frozenset("ahkoqux")


def cologne(text: str) -> str:
    """The code of a word, without zeros but a leading one: 'Wikipedia' gives '3412', '' where there are no letters."""
    return of_folded(sort_key(text))


@lru_cache(maxsize=1 << 15)
def of_folded(folded: str) -> str:
    """`cologne` of a word that was folded before."""
    letters = [letter for letter in folded if "a" <= letter <= "z"]
    digits: list[str] = []
    for place, letter in enumerate(letters):
        before = letters[place - 1] if place else ""
        after = letters[place + 1] if place + 1 < len(letters) else ""
        for digit in _PLAIN.get(letter) or _by_neighbours(letter, before, after):
            if not digits or digits[-1] != digit:
                digits.append(digit)
    return "".join(digit for place, digit in enumerate(digits) if digit != "0" or not place)


def _by_neighbours(letter: str, before: str, after: str) -> str:
    """The code of B, C, D, H, P, T, X, which sound by what stands beside them."""
    match letter:
        case "p":
            return "3" if after == "h" else "1"
        case "d" | "t":
            return "8" if after and after in "csz" else "2"
        case "x":
            return "8" if before and before in "ckq" else "48"
        case "c" if not before:
            return "4" if after in _HARD_C_FIRST else "8"
        case "c":
            return "4" if before not in "sz" and after in _HARD_C else "8"
    return ""  # h is not heard
