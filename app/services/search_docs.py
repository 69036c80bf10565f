"""What a reader may know of the documents of the search.

The full-text index lies over all of them. Who sees only some leads learns which are seen, and looks for words in those
that hold more than is seen (`partial_doc`) without the index: else a hit, or none, would tell of the rest.
"""

import json
from collections.abc import Mapping, Sequence
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

    def match(self, connection: Connection, terms: Sequence[Term], *, at_start: bool = False) -> "Numbers":
        """The documents that have these words, in ascending order."""
        found = _match(connection, expression(terms, at_start=at_start))
        if self.whole or not self.partial:
            return found if self.whole else self._seen_among(found)
        likely = found
        if any(term.without for term in terms):  # what must not be there may be what is not seen
            likely = _match(connection, expression(wanted(terms), at_start=at_start))
        # words that stand together may have had others between them
        some = self.partial.keys() if any(len(term.tokens) > 1 for term in terms) else likely.tolist()
        return self._seen_among(found, [doc for doc in some if self._says(doc, terms, at_start)])

    def often(self, connection: Connection, word: str, count: int) -> int:
        """In how many documents a word stands that stands in so many of all."""
        if self.whole:
            return count
        found = _match(connection, f'"{word}"')
        return len(self._seen_among(found, [doc for doc in found.tolist() if word in self.partial.get(doc, ())]))

    def _seen_among(self, found: "Numbers", of_partial: Sequence[int] = ()) -> "Numbers":
        """Those that are seen as they stand in the index, and of the others these."""
        import numpy as np

        known = found[found < len(self.letters)]
        known = known[np.frombuffer(self.letters, np.uint8)[known] > 0]
        if not self.partial:
            return known
        known = known[np.isin(known, list(self.partial), invert=True)]
        return np.array(sorted((*known.tolist(), *of_partial)), np.int64) if of_partial else known

    def _says(self, doc: int, terms: Sequence[Term], at_start: bool) -> bool:
        words = self.partial.get(doc)
        if words is None:
            return False
        first = wanted(terms)[:1] if at_start else ()
        return all(term.among(words) != term.without for term in terms) and all(term.leads(words) for term in first)


def _match(connection: Connection, asked: str) -> "Numbers":
    import numpy as np

    found = connection.execute(text(MATCH), {"asked": asked}).scalar_one()
    # a word that tens of thousands of documents have: read as JSON their numbers take three times as long
    return np.fromstring(found[1:-1], np.int64, sep=",") if found != "[]" else np.empty(0, np.int64)
