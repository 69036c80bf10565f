"""What a reader may know of the documents of the search.

The full-text index lies over all of them. Who sees only some leads learns which are seen, and looks for words in those
that hold more than is seen (`partial_doc`) without the index: else a hit, or none, would tell of the rest.
"""

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from sqlalchemy import Connection, text

from app.services.search_sql import DOCS_SEEN, MATCH, PARTIAL
from app.services.search_words import TOKEN, Term, expression, wanted

if TYPE_CHECKING:
    import numpy as np

    Numbers = np.ndarray[tuple[int], np.dtype[np.int64]]


@dataclass(frozen=True)
class Documents:
    """By the number of each document the letter of what it is, 0 for one there is not to be seen. `partial` has the
    words of those that hold more than is seen; `whole` says that everything is seen.
    """

    letters: bytes = b""
    partial: Mapping[int, Sequence[str]] = field(default_factory=dict)
    whole: bool = True

    @classmethod
    def seen(cls, connection: Connection) -> "Documents":
        """Those that somebody sees who does not see all."""
        ids, letters = connection.execute(text(DOCS_SEEN)).one()
        places = json.loads(ids)
        found = bytearray(max(places, default=-1) + 1)
        for place, letter in zip(places, (letters or "").encode(), strict=True):
            found[place] = letter
        partial = {row.id: TOKEN.findall(row.folded) for row in connection.execute(text(PARTIAL))}
        return cls(bytes(found), partial, whole=False)

    def __len__(self) -> int:
        """How many there are, gone ones included where nobody minds."""
        return len(self.letters) if self.whole else len(self.letters) - self.letters.count(0)

    def match(self, connection: Connection, terms: Sequence[Term], *, at_start: bool = False) -> "Numbers":
        """The documents that have these words, in ascending order."""
        found = _match(connection, expression(terms, at_start=at_start))
        return found if self.whole else self._seen_among(found, lambda words: _says(words, terms, at_start))

    def often(self, connection: Connection, word: str, count: int) -> int:
        """In how many documents a word stands that stands in so many of all."""
        if self.whole:
            return count
        return len(self._seen_among(_match(connection, f'"{word}"'), lambda words: word in words))

    def _seen_among(self, found: "Numbers", says: Callable[[Sequence[str]], bool]) -> "Numbers":
        import numpy as np

        known = found[found < len(self.letters)]
        known = known[np.frombuffer(self.letters, np.uint8)[known] > 0]
        if not self.partial:
            return known
        known = known[np.isin(known, list(self.partial), invert=True)]
        more = [doc for doc, words in self.partial.items() if says(words)]
        return np.array(sorted((*known.tolist(), *more)), np.int64)


def _says(words: Sequence[str], terms: Sequence[Term], at_start: bool) -> bool:
    first = wanted(terms)[:1] if at_start else ()
    return all(term.among(words) != term.without for term in terms) and all(term.leads(words) for term in first)


def _match(connection: Connection, asked: str) -> "Numbers":
    import numpy as np

    found = connection.execute(text(MATCH), {"asked": asked}).scalar_one()
    # a word that tens of thousands of documents have: read as JSON their numbers take three times as long
    return np.fromstring(found[1:-1], np.int64, sep=",") if found != "[]" else np.empty(0, np.int64)
