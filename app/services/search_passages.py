"""Where the words of a search stand in a text as it was written, and the passage around them."""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from app.core.folding import search_key
from app.services.search_words import Term

#: A word with its accents, also where these are signs of their own, and with what nobody sees in it.
_WORD = re.compile("(?:[^\\W_]|[\u0300-\u036f\u00ad\u200b-\u200d])+")
#: How much of a text stands before the first word that was found, and how much in all.
_BEFORE, _LONG = 30, 130
#: A text is folded in pieces of about this length, and only one with a word in it is looked at closely.
_PIECE = 2000

Span = tuple[int, int]


@dataclass(frozen=True)
class Marked:
    """A text, and where (first, length) in it the words that were searched for stand."""

    text: str
    spans: tuple[Span, ...] = ()


def mark(text: str, terms: Sequence[Term]) -> Marked:
    """The text with the words that were searched for; of a word that goes on only the beginning."""
    return Marked(text, tuple((start, length) for start, length, _token in _found(text, _tokens(terms))))


def passage(texts: Iterable[str], terms: Sequence[Term]) -> Marked | None:
    """The piece of these texts with the most of the words; None where none of them stands there."""
    tokens = _tokens(terms)
    best, place = 0, None
    for whole in texts:
        for line in _lines(whole, tokens):
            found = list(_found(line, tokens))
            for first, _length, _token in found[:40]:
                near = {token for start, _n, token in found if first <= start < first + _LONG - _BEFORE}
                if len(near) > best:
                    best, place = len(near), (line, first)
        if best == len(tokens):
            break
    return None if place is None else mark(_cut(*place), terms)


def _cut(line: str, first: int) -> str:
    """The line from a little before the place, between whole words where it can be."""
    start, end = max(0, first - _BEFORE), min(len(line), first - _BEFORE + _LONG)
    start = line.find(" ", start, first) + 1 or start if start else 0
    if end < len(line):
        space = line.rfind(" ", first, end)
        end = space if space > first else end
    return ("… " if start else "") + line[start:end].strip() + (" …" if end < len(line) else "")


def _lines(text: str, tokens: Sequence[tuple[str, bool]]) -> Iterator[str]:
    """The lines in which a word may stand, long ones in pieces."""
    for line in text.splitlines():
        clean = " ".join(line.split())
        for start in range(0, len(clean), _PIECE):
            piece = clean[max(0, start - _LONG) : start + _PIECE]
            folded = search_key(piece)
            if any(token in folded for token, _whole in tokens):
                yield piece


def _tokens(terms: Sequence[Term]) -> tuple[tuple[str, bool], ...]:
    """What is marked: a word, and whether it must be a whole one."""
    found: dict[tuple[str, bool], None] = {}
    for term in terms:
        if term.without:
            continue
        for token in term.tokens[:-1]:
            found[token, True] = None
        found[term.tokens[-1], term.whole] = None
        for word in term.near:
            found[word, True] = None
    return tuple(found)


def _found(text: str, tokens: Sequence[tuple[str, bool]]) -> Iterator[tuple[int, int, str]]:
    """First sign and length of each word found, with the word it was found for."""
    for match in _WORD.finditer(text):
        folded = search_key(match[0])
        for token, whole in tokens:
            if folded == token or (not whole and folded.startswith(token)):
                yield match.start(), _reach(match[0], token), token
                break


def _reach(word: str, token: str) -> int:
    """How many signs of a word make up its folded beginning."""
    for length in range(1, len(word)):
        if search_key(word[:length]).startswith(token) and not _joined(word, length, token):
            return length
    return len(word)


def _joined(word: str, length: int, token: str) -> bool:
    """Whether the next sign belongs to the last one: an accent of its own, the e of an ue."""
    return search_key(word[: length + 1]) == search_key(word[:length])
