"""Search over everything: leads, companies, people, notes with e-mails, and the names of files.

The full-text index says which documents have the words. Which of those come first is decided by what a record is
called, whether it is still open, and how new it is. What is found is read through `store.read`, so that nothing shows
up that its reader does not see.
"""

import json
import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING

from sqlalchemy import Connection, text

from app.core.changes import ChangeSet
from app.core.folding import search_key
from app.core.terms import Entity
from app.models.engine import interruptible
from app.services.search_docs import Documents
from app.services.search_found import EXACT, FILE, NOTE, Candidate, Found, indexed, ways
from app.services.search_passages import Marked, mark, passage
from app.services.search_sql import DOCS, LEADS_NOW, NEWEST_DOC, SHOWN
from app.services.search_words import TOKEN, Term, slipped, terms_of, wanted

if TYPE_CHECKING:
    from app.models.store import Store

#: The kinds of records that are found, in the order in which they are shown.
KINDS = (Entity.LEAD, Entity.COMPANY, Entity.PERSON, NOTE, FILE)
#: What was meant by a slip of the keyboard fits by so much less.
_SLIP = 10
#: So long one waits for another who learns, before one asks whether to go on.
_PATIENCE_SECONDS = 0.02


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


class Search:
    """Finds records by what is typed, on any thread. `hear` of every change."""

    def __init__(self, store: "Store") -> None:
        self._store = store
        self._kinds = bytearray()
        self._seen = Documents()
        self._newest = (0, 0)
        self._sight: object = None
        self._changed: set[int] | None = None
        self._heard = 0
        self._learning, self._hearing = threading.Lock(), threading.Lock()

    def prepare(self) -> None:
        """Somebody is about to type."""
        import numpy  # noqa: F401 - takes a tenth of a second, once

        with self._store.read() as connection:
            self._look(connection, lambda: None)

    def hear(self, change: ChangeSet) -> None:
        """Leads may be open or closed now; never waits for a search that is at work."""
        with self._hearing:
            self._heard += 1
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
            documents = self._look(connection, asked)
            for found in ways(connection, documents, terms):
                if hits := _hits(connection, found, limit):
                    return hits
            meant = slipped(connection, terms, partial(documents.often, connection))
            return [] if meant is None else _hits(connection, indexed(connection, documents, meant), limit, _SLIP)

    def known(self, records: Sequence[tuple[str, int]]) -> list[Hit]:
        """These records (kind and id) as hits, in their order; those that are gone are left out."""
        found: dict[tuple[str, int], Hit] = {}
        with self._store.read() as connection:
            for entity in {entity for entity, _id in records}.intersection(KINDS):
                wanted_ones = [Candidate(row_id, EXACT, True, 0) for kind, row_id in records if kind == entity]
                found |= {(hit.entity, hit.id): hit for hit in _shown(connection, entity, wanted_ones, (), 0)}
        return [found[record] for record in records if record in found]

    def _look(self, connection: Connection, asked: Callable[[], object]) -> Documents:
        """Every document by its number, as far as it is seen. The number of one is never given to another."""
        sight = self._store.rights.sight
        with self._turn(asked), ExitStack() as stopped:
            changed = self._take_changed(set())
            stopped.callback(self._take_changed, None)  # who is stopped on the way begins anew
            if sight != self._sight:  # somebody else works here, or may see other leads
                changed = None
            if sight is None:
                found = self._look_at_all(connection, changed)
            else:
                found = self._look_at_some(connection, anew=changed is None)
            self._sight = sight
            stopped.pop_all()
            return found

    def _look_at_all(self, connection: Connection, changed: set[int] | None) -> Documents:
        if changed is None:
            self._kinds = bytearray()
        self._learn(connection, DOCS, {"known": len(self._kinds) - 1})
        if changed:
            self._learn(connection, LEADS_NOW, {"ids": json.dumps(sorted(changed))})
        return Documents(bytes(self._kinds))

    def _look_at_some(self, connection: Connection, *, anew: bool) -> Documents:
        """Whatever was changed, other documents may be seen by it."""
        newest = self._heard, connection.execute(text(NEWEST_DOC)).scalar_one()
        if anew or newest != self._newest:
            self._newest, self._seen = newest, Documents.seen(connection)
        return self._seen

    @contextmanager
    def _turn(self, asked: Callable[[], object]) -> Iterator[None]:
        """One learns at a time; who is no longer wanted does not wait for it, and leaves the thread to the next."""
        while not self._learning.acquire(timeout=_PATIENCE_SECONDS):
            asked()
        try:
            yield
        finally:
            self._learning.release()

    def _take_changed(self, instead: set[int] | None) -> set[int] | None:
        with self._hearing:
            changed, self._changed = self._changed, instead
        return changed

    def _learn(self, connection: Connection, statement: str, binds: Mapping[str, object]) -> None:
        ids, letters = connection.execute(text(statement), binds).one()
        places = json.loads(ids)
        if places:
            self._kinds.extend(bytes(max(0, max(places) + 1 - len(self._kinds))))
        for place, letter in zip(places, letters.encode() if letters else b"", strict=True):
            self._kinds[place] = letter


def _hits(connection: Connection, found: Found, limit: int, penalty: int = 0) -> list[Hit]:
    hits: list[Hit] = []
    for entity in KINDS:
        best = sorted(found.candidates(entity, limit), key=lambda each: each.order)[:limit]
        hits += _shown(connection, entity, best, found.terms, penalty)
    return hits


def _shown(
    connection: Connection, entity: str, best: Sequence[Candidate], terms: Sequence[Term], penalty: int
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
