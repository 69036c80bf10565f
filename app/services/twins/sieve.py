"""Of very many pairs of people those that can be alike at all, told by bits alone and for all of them at once.

Nothing that `match.compare` finds is lost: two people who share no number, address or domain must have nearly one word
in common, which one of them has as a last name; and if it is known where both work, the names of their companies must,
too, beside their trades. Words that are two slips apart have at most four letters that are not in both, and words that
sound alike have the same letters once they are written as they sound. Numbers and short words are near none but
themselves.
"""

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

from app.services.twins.facts import Profile
from app.services.twins.names import CompanyName, PersonName, telling
from app.services.twins.spelling import SHORTEST, skeleton
from app.services.twins.words import TRADES

if TYPE_CHECKING:
    import numpy as np

    Numbers = np.ndarray[tuple[int], np.dtype[np.int64]]
    Truths = np.ndarray[tuple[int], np.dtype[np.bool_]]
    Bits = np.ndarray[tuple[int, int], np.dtype[np.uint64]]

    Words = tuple[str, ...]
    #: How many letters may be apart, and the words of the one and of the other.
    Kind = tuple[int, Bits, Bits]

_MOST_LETTERS_APART = 4
#: Of more words nothing is said.
_MOST_WORDS = 12
_ALL_BITS = (1 << 64) - 1
#: In the place of a word that a record has not: far from every word, and from the other one.
_NO_LAST, _NO_WORD = 0x3FF << 32, 0x3FF << 42
_REACH_PARTS, _PART = 4, 64
#: Pairs that are looked at in one go.
_AT_ONCE = 1 << 16


class Sieve:
    """The records in their order, as bits."""

    def __init__(self, profiles: Sequence[Profile]) -> None:
        import numpy as np

        self._count = len(profiles)
        names = [profile.person for profile in profiles if profile.person is not None]
        parts = [[profile.reach >> _PART * n & (1 << _PART) - 1 for n in range(_REACH_PARTS)] for profile in profiles]
        self._reach: Bits = np.array(parts, np.uint64).reshape(-1, _REACH_PARTS)
        works = [_of_companies(profile.companies) for profile in profiles]
        self._employed = np.array([bool(each) for each in works])
        self._works = _kinds(works, works)
        self._names = _kinds([name.lasts for name in names], list(map(_words, names)))

    def worth(self, codes: "Numbers") -> "Numbers":
        """Those of the pairs (place of the one × number of records + place of the other) that are worth a look."""
        import numpy as np

        parts = [self._worth(codes[first : first + _AT_ONCE]) for first in range(0, len(codes), _AT_ONCE)]
        return np.concatenate(parts) if parts else codes

    def _worth(self, codes: "Numbers") -> "Numbers":
        import numpy as np

        one, other = codes // self._count, codes % self._count
        reached: Truths = np.logical_or.reduce(self._reach[one] & self._reach[other], axis=1)
        unknown: Truths = reached | ~(self._employed[one] & self._employed[other])
        named = _any_near(self._names, [(one, other), (other, one)], reached)
        return codes[named & _any_near(self._works, [(one, other)], unknown | ~named)]


def _kinds(lasts: "Sequence[Words]", words: "Sequence[Words]") -> "tuple[Kind, Kind]":
    """As they are written and as they sound."""
    sounding, heard = ([tuple(map(skeleton, each)) for each in which] for which in (lasts, words))
    return (
        (_MOST_LETTERS_APART, _masks(lasts, _NO_LAST), _masks(words, _NO_WORD)),
        (0, _masks(sounding, _NO_LAST), _masks(heard, _NO_WORD)),
    )


def _any_near(kinds: "Iterable[Kind]", ways: Sequence[tuple["Numbers", "Numbers"]], known: "Truths") -> "Truths":
    """Whether any two words of the pairs are near in any way; what is `known` to be worth a look is not asked."""
    import numpy as np

    found = known.copy()
    for apart, mine, theirs in kinds:
        for one, other in ways:
            left = np.flatnonzero(~found)
            found[left] = _near(mine[one[left]], theirs[other[left]], apart)
    return found


def _of_companies(companies: Sequence[CompanyName]) -> tuple[str, ...]:
    """The words by which two companies can be one; none where that cannot be told by words."""
    found: dict[str, None] = {}
    for name in companies:
        said = tuple(filter(telling, name.words))  # a trade in common is none, unless there is no more to the names
        found |= dict.fromkeys((*(said or name.words), "".join(name.words), "".join(said)))
        if not said:  # a trade may be said at more length: Elektro and Elektrotechnik
            found |= dict.fromkeys(
                word[:cut] for word in name.words for cut in range(2, len(word)) if word[:cut] in TRADES
            )
        if len(name.words) > 2:
            found["".join(word[0] for word in name.words)] = None
    if len(found) > _MOST_WORDS or any(word.endswith(".") for word in found):
        return ()
    return tuple(filter(None, found))


def _words(name: PersonName) -> tuple[str, ...]:
    """Every word, and the last names as one: Müller-Lay may be written in one word."""
    return (*name.firsts, *name.lasts, "".join(name.lasts))


def _masks(records: "Sequence[Words]", nothing: int) -> "Bits":
    """The letters of each word as bits, a record in each row."""
    import numpy as np

    letters = [[_letters(word) for word in words] for words in records]
    width = max(map(len, letters), default=1) or 1
    return np.array([row + [nothing] * (width - len(row)) for row in letters], np.uint64).reshape(-1, width)


def _letters(word: str) -> int:
    if len(word) < SHORTEST or not word.isalpha():
        return hash(word) & _ALL_BITS  # only the same word has the same ones, or nearly
    bits = 0
    for letter in word:
        bits |= 1 << ord(letter) % 32
    return bits


def _near(mine: "Bits", theirs: "Bits", apart: int) -> "Truths":
    """Whether any word of the one has nearly the letters of any word of the other."""
    import numpy as np

    found = np.zeros(len(mine), np.bool_)
    for column in mine.T:
        for word in theirs.T:
            found |= np.bitwise_count(column ^ word) <= apart
    return found
