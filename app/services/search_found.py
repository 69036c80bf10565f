"""Which documents have the words of a search, by kind.

The full-text index says it. What nearly everything has is no question to it alone: walking through tens of thousands
of documents takes longer than a keystroke may. So a single letter is looked for where names begin, then among the
newest documents, and only then in the index; and which names begin with a word that very many documents have is asked
of the names. What is called just so may be old, and many newer ones may begin so: it is always asked of the names.
"""

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import chain, islice
from typing import TYPE_CHECKING

from sqlalchemy import Connection, text

from app.core.folding import search_key, spellings
from app.core.terms import Entity
from app.services.search_docs import Documents
from app.services.search_sql import NAMED, RANKED
from app.services.search_words import END, TOKEN, Term, wanted

if TYPE_CHECKING:
    import numpy as np

    Numbers = np.ndarray[tuple[int], np.dtype[np.int64]]

NOTE, FILE = "note", "attachment"
#: How well something fits: called just so, its name begins so, its name has the words, its text has them.
EXACT, BEGINS, NAME, TEXT = range(4)
#: What a document is of, in the order of the letters that the database tells of it; a lead that is closed is another.
_LETTERS = b"oxcpna"
_ENTITIES = (Entity.LEAD, Entity.LEAD, Entity.COMPANY, Entity.PERSON, NOTE, FILE)
#: Of each kind so many documents are compared at once: the newest, and of those that begin so.
_SLICE = 40
#: With more documents than this a single letter is no question to the index.
_MANY = 30_000
#: Words that more documents have than this: which names begin so is not asked of the index.
_OFTEN = 10_000
#: Among so many names that begin so the newest are looked for.
_BEGUN = 2_000
#: A title may be spelled in so many ways, and no more are looked for.
_SPELLINGS = 16


@dataclass(frozen=True)
class Candidate:
    """A record that was found, and what its place among the others follows from."""

    id: int
    score: int
    open: bool
    recent: int

    @property
    def order(self) -> tuple[int, bool, int, int]:
        """The better the less."""
        return self.score, not self.open, -self.recent, -self.id


class Found:
    """Documents among which the best are: the newest of several `places`, as what begins so stands in some of them.

    Those of the terms that are `left` have not been looked for: they are, in the text of the newest documents.
    """

    def __init__(
        self, connection: Connection, documents: Documents, terms: Sequence[Term], places: Sequence["_Places"],
        left: Sequence[Term] = (),
    ) -> None:  # fmt: skip
        self.terms = terms
        self._partial = documents.partial
        self._connection = connection
        self._wanted = wanted(terms)
        self._places = places
        self._left = left

    def candidates(self, entity: str, limit: int) -> list[Candidate]:
        """Records of a kind, enough to find the best among them; further documents are asked for what is not seen."""
        found: dict[int, Candidate] = {}
        for parts in zip(*(each.slices(entity) for each in self._places), strict=False):
            places = sorted({*chain(*parts)})
            if places:
                binds = {"docs": json.dumps(places), "texts": bool(self._left)}
                for id_, name, open_, recent, doc, whole in self._connection.execute(text(RANKED[entity]), binds):
                    folded = " ".join(self._partial[doc]) if doc in self._partial else whole
                    if all(term.stands_in(folded) != term.without for term in self._left):
                        score = _score(TOKEN.findall(search_key(name)), self._wanted)
                        found[id_] = Candidate(id_, score, bool(open_), recent or 0)
            if not places or len(found) >= limit or self._left:
                break
        return list(found.values())


def ways(connection: Connection, documents: Documents, terms: Sequence[Term]) -> Iterator[Found]:
    """The ways to find what has the words, the quickest first; who finds something need not try the next."""
    single = tuple(term for term in wanted(terms) if term.single)
    if single and len(documents.letters) > _MANY:
        if len(single) < len(wanted(terms)):
            yield indexed(connection, documents, terms, single)
        else:
            names = _Places.among(_named(connection, single[:1], begun=True), documents.letters)
            yield Found(connection, documents, terms, [names], terms)
            every = _Places(range(len(documents.letters)), documents.letters)
            yield Found(connection, documents, terms, [every], terms)
    yield indexed(connection, documents, terms)


def indexed(connection: Connection, documents: Documents, terms: Sequence[Term], left: Sequence[Term] = ()) -> Found:
    """What the full-text index finds; the terms that are `left` are looked for among that."""
    asked = [term for term in terms if term not in left]
    every = documents.match(connection, asked)
    often = len(every) > _OFTEN
    named = _named(connection, wanted(terms), begun=often)
    found = [every, named[every.take(every.searchsorted(named), mode="clip") == named] if len(every) else every]
    if not often:
        found.append(documents.match(connection, asked, at_start=True))
    return Found(connection, documents, terms, [_Places.among(each, documents.letters) for each in found], left)


def _named(connection: Connection, terms: Sequence[Term], *, begun: bool) -> "Numbers":
    """Documents of what is called just as these terms say, or by a name that is `begun` so."""
    import numpy as np

    start = " ".join(token for term in terms for token in term.tokens)
    spelled = json.dumps(list(islice(spellings(start), _SPELLINGS)))
    binds = {"start": start, "spelled": spelled, "look": _BEGUN, "most": _SLICE} | ({"end": END} if begun else {})
    return np.array(sorted(connection.execute(text(NAMED[begun]), binds).scalars()), np.int64)


class _Places:
    """Numbers of documents in ascending order, and the letter of each."""

    def __init__(self, places: "Sequence[int] | Numbers", letters: bytes) -> None:
        self._places = places
        self._letters = letters

    @classmethod
    def among(cls, places: "Numbers", kinds: bytes) -> "_Places":
        """Some of all documents, which have these letters."""
        import numpy as np

        known = kinds.ljust(int(places[-1]) + 1, b"\0") if len(places) else kinds
        return cls(places, np.frombuffer(known, np.uint8)[places].tobytes())

    def slices(self, entity: str) -> Iterator[list[int]]:
        """The newest of a kind, then the next ones, and so on; of leads the open and the closed ones side by side.
        Empty when there are no more, again and again.
        """
        ends = {letter: len(self._letters) for letter, kind in zip(_LETTERS, _ENTITIES, strict=True) if kind == entity}
        while True:
            part: list[int] = []
            for letter, end in ends.items():
                place = end
                for _ in range(_SLICE):
                    place = self._letters.rfind(letter, 0, place)
                    if place < 0:
                        break
                    part.append(int(self._places[place]))
                ends[letter] = max(place, 0)
            yield part


def _score(words: Sequence[str], terms: Sequence[Term]) -> int:
    typed = [token for term in terms for token in term.tokens]
    if list(words) == typed:
        return EXACT
    if " ".join(words).startswith(" ".join(typed)):
        return BEGINS
    return NAME if all(term.among(words) for term in terms) else TEXT
