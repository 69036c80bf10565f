"""Search over everything: leads, companies, people, notes with e-mails, and the names of files.

The full-text index says which documents have the words. Which of those come first is decided by what a record is
called, whether it is still open, and how new it is. What is found is read through `store.read`, so that nothing shows
up that its reader does not see.
"""

import json
import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlalchemy import Connection, text

from app.core.changes import ChangeSet
from app.core.folding import search_key
from app.core.terms import Entity
from app.models.engine import interruptible
from app.services.search_passages import Marked, mark, passage
from app.services.search_sql import DOCS, LEADS_NOW, NAMED, RANKED, SHOWN
from app.services.search_words import TOKEN, Term, expression, slipped, terms_of, wanted

if TYPE_CHECKING:
    import numpy as np

    from app.models.store import Store

    Numbers = np.ndarray[tuple[int], np.dtype[np.int64]]

NOTE, FILE = "note", "attachment"
#: The kinds of records that are found, in the order in which they are shown.
KINDS = (Entity.LEAD, Entity.COMPANY, Entity.PERSON, NOTE, FILE)
#: How well something fits: called just so, its name begins so, its name has the words, its text has them; and the
#: same for what was meant by a slip of the keyboard.
EXACT, BEGINS, NAME, TEXT = range(4)
_SLIP = 10
#: What a document is of, in the order of the letters that the database tells of it; a lead that is closed is another.
_LETTERS = b"oxcpna"
_ENTITIES = (Entity.LEAD, Entity.LEAD, Entity.COMPANY, Entity.PERSON, NOTE, FILE)
#: Of each kind so many documents are compared at once: the newest, and of those that begin so.
_SLICE = 40
#: With more documents than this a single letter is looked for only where a name begins.
_MANY = 30_000


@dataclass(frozen=True)
class Hit:
    """Something that was found. `passage` is where the words stand, if the title and what is beside it do not say it.

    `kind` is that of a note. A note or file hangs on a lead, a company or a person: `owner` says on which.
    """

    entity: str
    id: int
    title: Marked
    beside: Marked
    passage: Marked | None
    score: int
    open: bool = True
    kind: str = ""
    owner: tuple[Entity, int] | None = None


@dataclass(frozen=True)
class _Candidate:
    id: int
    score: int
    open: bool
    recent: int

    @property
    def order(self) -> tuple[int, bool, int, int]:
        return self.score, not self.open, -self.recent, -self.id


class Search:
    """Finds records by what is typed, on any thread. `hear` of every change."""

    def __init__(self, store: "Store") -> None:
        self._store = store
        self._kinds = bytearray()
        self._changed: set[int] | None = None
        self._lock = threading.Lock()

    def prepare(self) -> None:
        """Somebody is about to type."""
        import numpy  # noqa: F401 - takes a tenth of a second, once

        with self._store.read() as connection:
            self._look(connection)

    def hear(self, change: ChangeSet) -> None:
        """Leads may be open or closed now."""
        with self._lock:
            if change.everything:
                self._changed = None
            elif self._changed is not None:
                self._changed |= change.ids("lead")

    def find(self, typed: str, limit: int = 8, asked: Callable[[], object] = lambda: None) -> list[Hit]:
        """The best of each kind, at most `limit`, in the order of `KINDS`; the best first.

        `asked` is called again and again, and stops it by raising Cancelled.
        """
        terms = terms_of(typed)
        if not wanted(terms):
            return []
        with self._store.read() as connection, interruptible(connection, asked):
            kinds = self._look(connection)
            hits = _hits(connection, _Found(connection, kinds, terms, hasty=len(kinds) > _MANY), limit)
            if not hits and any(term.single for term in terms):
                hits = _hits(connection, _Found(connection, kinds, terms), limit)
            if not hits and (meant := slipped(connection, terms)) is not None:
                hits = _hits(connection, _Found(connection, kinds, meant), limit, _SLIP)
            return hits

    def known(self, records: Sequence[tuple[str, int]]) -> list[Hit]:
        """These records (kind and id) as hits, in their order; those that are gone are left out."""
        found: dict[tuple[str, int], Hit] = {}
        with self._store.read() as connection:
            for entity in {entity for entity, _id in records}.intersection(KINDS):
                wanted_ones = [_Candidate(row_id, EXACT, True, 0) for kind, row_id in records if kind == entity]
                found |= {(hit.entity, hit.id): hit for hit in _shown(connection, entity, wanted_ones, (), 0)}
        return [found[record] for record in records if record in found]

    def _look(self, connection: Connection) -> bytes:
        """Of every document by its number the letter of what it is. The number of one is never given to another."""
        with self._lock:
            changed, self._changed = self._changed, None  # until all is done: who is stopped on the way begins anew
            if changed is None:
                self._kinds = bytearray()
            self._learn(connection, DOCS, {"known": len(self._kinds) - 1})
            if changed:
                self._learn(connection, LEADS_NOW, {"ids": json.dumps(sorted(changed))})
            self._changed = set()
            return bytes(self._kinds)

    def _learn(self, connection: Connection, statement: str, binds: Mapping[str, object]) -> None:
        ids, letters = connection.execute(text(statement), binds).one()
        places = json.loads(ids)
        if places:
            self._kinds.extend(bytes(max(0, max(places) + 1 - len(self._kinds))))
        for place, letter in zip(places, letters.encode() if letters else b"", strict=True):
            self._kinds[place] = letter


class _Found:
    """The documents that have the words, by kind.

    In haste a single letter, which nearly everything contains, is no question to the index: alone it is looked for
    where names begin, beside other words among the newest documents that have those.
    """

    def __init__(self, connection: Connection, kinds: bytes, terms: Sequence[Term], *, hasty: bool = False) -> None:
        self.connection = connection
        self.terms = terms
        self._wanted = wanted(terms)
        self._single = tuple(term for term in self._wanted if term.single) if hasty else ()
        asked = [term for term in terms if term not in self._single]
        if wanted(asked):
            self._first = _Places(self._match(expression(asked, at_start=True)), kinds)
            self._all = _Places(self._match(expression(asked)), kinds)
        else:
            self._first = self._all = _Places(self._begun(self._single[0].tokens[-1]), kinds)

    def _match(self, asked: str) -> "Numbers":
        import numpy as np

        found = self.connection.execute(text(_MATCH), {"asked": asked}).scalar_one()
        # a word that tens of thousands of documents have: read as JSON their numbers take three times as long
        return np.fromstring(found[1:-1], np.int64, sep=",") if found != "[]" else np.empty(0, np.int64)

    def _begun(self, letter: str) -> "Numbers":
        import numpy as np

        binds = {"first": letter, "end": chr(ord(letter) + 1), "most": _SLICE}
        return np.array(sorted(self.connection.execute(text(NAMED), binds).scalars()), np.int64)

    def candidates(self, entity: str, limit: int) -> list["_Candidate"]:
        """Records of a kind, enough to find the best among them; further documents are asked for what is not seen."""
        found: dict[int, _Candidate] = {}
        for begins, others in zip(self._first.slices(entity), self._all.slices(entity), strict=False):
            places = sorted({*begins, *others})
            if places:
                for row in self.connection.execute(text(RANKED[entity]), {"docs": json.dumps(places)}):
                    words = TOKEN.findall(search_key(row.name))
                    if self._single and not self._has_single(TOKEN.findall(row.folded)):
                        continue
                    found[row.id] = _Candidate(row.id, _score(words, self._wanted), bool(row.open), row.recent or 0)
            if not places or len(found) >= limit or self._single:
                break
        return list(found.values())

    def _has_single(self, words: Sequence[str]) -> bool:
        return all(term.among(words) for term in self._single)


class _Places:
    """Numbers of documents in ascending order, and what each is."""

    def __init__(self, places: "Numbers", kinds: bytes) -> None:
        import numpy as np

        self._places = places
        known = kinds.ljust(int(places[-1]) + 1, b"\0") if len(places) else kinds
        self._letters = np.frombuffer(known, np.uint8)[places].tobytes()

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


def _hits(connection: Connection, found: _Found, limit: int, penalty: int = 0) -> list[Hit]:
    hits: list[Hit] = []
    for entity in KINDS:
        best = sorted(found.candidates(entity, limit), key=lambda each: each.order)[:limit]
        hits += _shown(connection, entity, best, found.terms, penalty)
    return hits


def _shown(
    connection: Connection, entity: str, best: Sequence[_Candidate], terms: Sequence[Term], penalty: int
) -> Iterator[Hit]:
    if not best:
        return
    ids = json.dumps([each.id for each in best])
    rows = {row.id: row for row in connection.execute(text(SHOWN[entity]), {"ids": ids})}
    for each in best:
        row = rows.get(each.id)
        if row is None:
            continue
        title, beside = _title(entity, row.name), row.beside or ""
        words = TOKEN.findall(search_key(f"{title} {beside}"))
        told = all(term.among(words) for term in wanted(terms))
        around = None if told else passage(row.texts.split("\x1f"), terms)
        owner = None if entity in tuple(Entity) else _owner(row)
        kind = row.kind if entity == NOTE else ""
        yield Hit(
            entity,
            each.id,
            mark(title, terms),
            mark(beside, terms),
            around,
            penalty + each.score,
            each.open,
            kind,
            owner,
        )


def _title(entity: str, name: str) -> str:
    """What something is called; of a note its first words."""
    if entity != NOTE:
        return name
    line = next((line for line in name.splitlines() if line.strip(" #*->_")), "")
    return " ".join(line.strip(" #*->_").split())[:200]


def _owner(row: object) -> tuple[Entity, int] | None:
    for entity in Entity:
        if (found := getattr(row, f"{entity}_id")) is not None:
            return entity, found
    return None


_MATCH = "SELECT json_group_array(rowid) FROM search_fts WHERE search_fts MATCH :asked"
