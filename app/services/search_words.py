"""What somebody types into the search: its words, how the full-text index is asked for them, and slips of the keyboard.

A word is found where another one begins with it, `"several words"` where they stand just so, and `-word` must not be
there. Everything is folded as the documents are (`app.core.folding.search_key`), and nothing that is typed can be taken
for the language of the index: only letters and digits reach it, in quotes.
"""

import json
import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property

from sqlalchemy import Connection, text

from app.core.folding import search_key

#: Letters and digits, as the index cuts a folded text; anything else separates.
TOKEN = re.compile(r"[^\W_]+")
_TYPED = re.compile(r'(-?)(?:"([^"]*)"?|(\S+))')
#: Nobody types more words, or longer ones, and means them.
_MOST_WORDS, _LONGEST = 12, 60
#: A slip is looked for in words from so many letters on; words of the index meant by it at most.
_SHORTEST, _MOST_NEAR = 4, 16
#: After every letter.
END = "\U0010ffff"


@dataclass(frozen=True)
class Term:
    """One word as it was typed, or several that stand together; `whole` where no longer word is meant.

    `without` is what must not be there. `near` are words of the index that were meant in its place.
    """

    tokens: tuple[str, ...]
    whole: bool = False
    without: bool = False
    near: tuple[str, ...] = ()

    def expression(self, before: str = "") -> str:
        """It in the language of the index, each way it may be written after this sign."""
        asked = before + _quoted(" ".join(self.tokens)) + ("" if self.whole else " *")
        return f"({' OR '.join((asked, *(before + _quoted(word) for word in self.near)))})" if self.near else asked

    @property
    def single(self) -> bool:
        """Whether it is or ends with the beginning of a word of which one letter is known."""
        return len(self.tokens[-1]) == 1 and not self.whole and not self.without

    def among(self, words: Sequence[str]) -> bool:
        """Whether it stands among these words of a text."""
        first, size = self.tokens, len(self.tokens)
        for place in range(len(words) - size + 1):
            if tuple(words[place : place + size - 1]) == first[:-1] and self._ends(words[place + size - 1]):
                return True
        return any(word in self.near for word in words)

    def leads(self, words: Sequence[str]) -> bool:
        """Whether a text with these words begins with it."""
        return self.among(words[: len(self.tokens)])

    def stands_in(self, folded: str) -> bool:
        """Whether it stands in a folded text, however long that is; what was meant in its place is not looked for."""
        return self._pattern.search(folded) is not None

    @cached_property
    def _pattern(self) -> re.Pattern[str]:
        return re.compile(r"(?<![^\W_])" + r"[\W_]+".join(self.tokens) + (r"(?![^\W_])" if self.whole else ""))

    def _ends(self, word: str) -> bool:
        return word == self.tokens[-1] if self.whole else word.startswith(self.tokens[-1])


def _quoted(words: str) -> str:
    return f'"{words}"'


def terms_of(typed: str) -> tuple[Term, ...]:
    """The words of a search, each once; none where there are only signs."""
    found: dict[Term, None] = {}
    for minus, phrase, word in _TYPED.findall(typed):
        tokens = tuple(TOKEN.findall(search_key(phrase or word)[: _LONGEST * (3 if phrase else 1)]))
        if tokens:
            found[Term(tokens, whole=bool(phrase), without=bool(minus))] = None
    return tuple(found)[:_MOST_WORDS]


def wanted(terms: Iterable[Term]) -> tuple[Term, ...]:
    """Those that must be there."""
    return tuple(term for term in terms if not term.without)


def leaves_out(typed: str) -> bool:
    """Whether nothing is to be found, since it is only said what must not be there."""
    terms = terms_of(typed)
    return bool(terms) and not wanted(terms)


def expression(terms: Sequence[Term], *, at_start: bool = False) -> str:
    """All of them in the language of the index; `at_start` if the text has to begin with the first. "" for nothing."""
    asked = [term.expression("^ " if at_start and not place else "") for place, term in enumerate(wanted(terms))]
    if not asked:
        return ""
    without = "".join(f" NOT {term.expression()}" for term in terms if term.without)
    return f"({' AND '.join(asked)}){without}"


def slipped(connection: Connection, terms: Sequence[Term], often: Callable[[str, int], int]) -> tuple[Term, ...] | None:
    """The terms with the words of the index that may have been meant, one slip away; None where there are none.

    The last word may be the beginning of a longer one. `often` says in how many documents that are seen a word stands
    that stands in so many of all.
    """
    last = wanted(terms)[-1:]
    found = tuple(_with_near(connection, term, often, beginning=(term,) == last) for term in terms)
    return found if found != tuple(terms) else None


def _with_near(connection: Connection, term: Term, often: Callable[[str, int], int], *, beginning: bool) -> Term:
    word = term.tokens[0]
    if term.without or term.whole or len(term.tokens) > 1 or len(word) < _SHORTEST or not word.isalpha():
        return term
    near: dict[str, tuple[bool, int]] = {}
    for known, count in _alike(connection, word):
        if is_slip(word, known):
            near[known] = (False, -often(known, count))
        elif beginning and len(word) > _SHORTEST and is_slip(word, known, beginning=True):
            near[known] = (True, -often(known, count))
    best = sorted((known for known in near if near[known][1]), key=lambda known: near[known])[:_MOST_NEAR]
    return Term(term.tokens, near=tuple(best))


def _alike(connection: Connection, word: str) -> Iterable[tuple[str, int]]:
    """Words of the index with the first letter in front, or the second one where a slip can have brought it there, and
    those with another one there.
    """
    first, second, rest = word[0], word[1], word[2:]
    ahead = dict.fromkeys((second + rest, second + first + rest, second + second + rest, second + word))
    others = [letter + end for letter in "abcdefghijklmnopqrstuvwxyz" for end in (word, second + rest)]
    lengths = {"least": len(word) - 1, "most": len(word) + 60}
    starts = json.dumps([first, *(start for start in ahead if start[0] != first)])
    near = connection.execute(_FROM, {"starts": starts, "end": END, **lengths}).all()
    known = connection.execute(_THESE, {"terms": json.dumps(others)}).all()
    return [(term, count) for term, count in (*near, *known)]


#: Numbers and what has some in it are not misspelled but others. How often a word is there takes a look at all of its
#: places, and so no more words are asked for than may have been meant.
_FROM = text("""
SELECT term, doc FROM json_each(:starts) start
CROSS JOIN search_term ON term >= start.value AND term < start.value || :end
WHERE length(term) BETWEEN :least AND :most AND term NOT GLOB '*[0-9]*'
""")
_THESE = text("SELECT term, doc FROM json_each(:terms) CROSS JOIN search_term ON term = value")


def is_slip(typed: str, meant: str, *, beginning: bool = False) -> bool:
    """Whether one letter is missing, too many, another one, or has changed places with its neighbour.

    With `beginning` what was typed may be the beginning of what was meant.
    """
    same = 0
    for one, other in zip(typed, meant, strict=False):
        if one != other:
            break
        same += 1
    a, b = typed[same:], meant[same:]
    ways = [(a[1:], b), (a, b[1:]), (a[1:], b[1:])]
    if len(a) > 1 and len(b) > 1 and (a[0], a[1]) == (b[1], b[0]):
        ways.append((a[2:], b[2:]))
    if beginning:
        return any(rest.startswith(left) for left, rest in ways)
    return typed != meant and any(left == rest for left, rest in ways)
