"""Type to filter: the folded text of a whole list in memory, in the order the list is sorted by.

The text lies in blocks of some hundred records, each one string of bytes with a line per record. A block without the
word is passed over by one search; only in the others lines are looked at. A search shows its first hits at once and
goes on in slices, so that a letter that nearly everything contains costs no more than a screenful.

Building asks the store for one value and may take a while: build in a job, adopt on the thread that searches.
"""

import json
from array import array
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import TYPE_CHECKING, Any

from sqlalchemy import Connection, text

from app.core.changes import ChangeSet
from app.core.clock import monotonic
from app.services.changed import changed_ids
from app.services.list_terms import ListTerms
from app.services.matching import Named, Word, narrows, read_names, words_of
from app.services.record_query import RecordQuery, order, where

if TYPE_CHECKING:
    from app.models.store import Store

#: Bytes of a block: long enough to pass over many records at once, short enough for a slice of a millisecond.
_BLOCK = 1 << 16
#: More changed records than this are not re-read one by one.
_FEW = 500


@dataclass
class Block:
    """Some records, and their text: a line for each."""

    ids: "array[int]"
    text: bytes


@dataclass
class Buffer:
    """The text of a list as it was at one moment."""

    query: RecordQuery
    heard: int
    blocks: list[Block]
    day: date
    sight: object = None
    """Of whoever it was read for; nobody else is shown it."""

    def __len__(self) -> int:
        return sum(len(block.ids) for block in self.blocks)


class Search:
    """One filter at work. `ids` are the hits so far, in the order of the list; `done` when there are no more."""

    def __init__(self, words: tuple[Word, ...], blocks: Sequence[Block]) -> None:
        self.words = words
        self.ids: list[int] = []
        self._needles = [tuple(meaning.encode() for meaning in word) for word in words]
        self._blocks = blocks
        self._next = 0
        self._hit: list[Block] = []

    @property
    def done(self) -> bool:
        """Whether everything was looked through."""
        return self._next >= len(self._blocks)

    def step(self, milliseconds: float, *, enough: int | None = None) -> bool:
        """Go on until the time is up or there are `enough` hits; returns `done`."""
        end = monotonic() + milliseconds / 1000
        while not self.done:
            self._look_through(self._blocks[self._next])
            self._next += 1
            if (enough is not None and len(self.ids) >= enough) or monotonic() >= end:
                break
        return self.done

    def remaining(self) -> list[Block]:
        """Where a narrower search has to look: the hits, and what was not looked through."""
        return [*self._hit, *self._blocks[self._next :]]

    def _look_through(self, block: Block) -> None:
        for ways in self._needles:
            if not any(way in block.text for way in ways):
                return
        lines: Iterable[tuple[int, bytes]] = zip(block.ids, block.text.split(b"\n"), strict=True)
        for ways in self._needles:
            if len(ways) == 1:
                way = ways[0]
                lines = [pair for pair in lines if way in pair[1]]
            else:
                lines = [pair for pair in lines if any(way in pair[1] for way in ways)]
        ids = [row_id for row_id, _ in lines]
        self.ids += ids
        if len(ids) > len(block.ids) // 2:
            self._hit.append(block)  # a copy would save little
        elif ids:
            self._hit.append(Block(array("q", ids), b"\n".join([line for _, line in lines])))


class TextFilter:
    """Filters one list as somebody types."""

    def __init__(self, store: "Store") -> None:
        self._store = store
        self._buffer: Buffer | None = None
        self._last: Search | None = None
        # What changed since a build began: ids of records, or None for everything.
        self._heard = 0
        self._news: dict[int, frozenset[int] | None] = {}
        self._stale: frozenset[int] = frozenset()  # records whose text in the buffer may be an older one
        self._terms: ListTerms | None = None  # what is listed, since a build began

    def ready(self, query: RecordQuery) -> bool:
        """Whether `search` looks through this list in this order (the text of the query aside), as it is today."""
        found = self._current
        return found is not None and scope(found.query) == scope(query) and found.day == self._store.today()

    def build(self, query: RecordQuery) -> Buffer:
        """Read the text of a list; on any thread. Hand the buffer to `adopt`."""
        self._terms = query.terms
        heard, day, sight = self._heard, self._store.today(), self._store.rights.sight
        with self._store.read() as connection:
            statement, binds = _statement(connection, query, self._store)
            ids, lines = connection.execute(text(f"{_GATHER} FROM ({statement})"), binds).one()
        return Buffer(query, heard, _blocks(array("q", json.loads(ids)), lines or b""), day, sight)

    def adopt(self, buffer: Buffer) -> bool:
        """Search this buffer from now on; False if too much has changed since it was begun: build another."""
        missed = [ids for number, ids in self._news.items() if number > buffer.heard]
        self._news = {number: ids for number, ids in self._news.items() if number > buffer.heard}
        if None in missed:
            return False
        self._buffer, self._last, self._stale = buffer, None, frozenset()
        ids = frozenset[int]().union(*(ids for ids in missed if ids is not None))
        return not ids or self._reread(buffer, ids)

    def search(self, typed: str) -> Search | None:
        """Look for what was typed; None before a buffer was adopted. Call `step` on what is returned."""
        self.catch_up()
        if (current := self._current) is None:
            return None
        words = words_of(typed)
        last = self._last
        narrower = last is not None and narrows(words, last.words)
        self._last = Search(words, last.remaining() if last is not None and narrower else current.blocks)
        return self._last

    def blocks(self) -> Sequence[Block] | None:
        """All of the text, for those who look through it in their own way; None before a buffer was adopted."""
        self.catch_up()
        current = self._current
        return None if current is None else current.blocks

    @property
    def _current(self) -> Buffer | None:
        """The buffer, unless it was read for somebody else."""
        found = self._buffer
        return None if found is None or found.sight != self._store.rights.sight else found

    def lines_of(self, query: RecordQuery, ids: Iterable[int]) -> dict[int, bytes]:
        """The text of these records of a list, read anew; those that are not in it are left out."""
        with self._store.read() as connection:
            statement, binds = _statement(connection, query, self._store, only=ids)
            return {row.id: row.line.encode() for row in connection.execute(text(statement), binds)}

    def hear(self, change: ChangeSet) -> bool:
        """Note what changed; True when the order may be another, so that a new buffer is due.

        The hits of a search are right at once also then, only their order follows with the new buffer.
        """
        if self._terms is None:
            return False
        self._heard += 1
        ids = _concerned(self._terms, change)
        self._news[self._heard] = ids
        if self._buffer is None or ids is None:
            return self._buffer is not None
        self._last = None
        self._stale |= ids
        return self._buffer.query.reordered_by(change)

    def forget(self) -> None:
        """The buffer is no longer what the list is: there is none until another one is adopted."""
        self._buffer = self._last = None

    def catch_up(self) -> bool:
        """Read anew what changed since; False if a record is in the list that was not in it before.

        A search does so itself. Nobody is to wait for it who edits records and filters nothing.
        """
        stale, self._stale = self._stale, frozenset()
        return self._buffer is None or not stale or self._reread(self._buffer, stale)

    def _reread(self, buffer: Buffer, ids: frozenset[int]) -> bool:
        """Write the text of these records anew; False if one is in the list that was not in it before."""
        lines = self.lines_of(buffer.query, ids)
        # A search that is under way keeps the blocks it began with.
        blocks = []
        for block in buffer.blocks:
            known = ids.intersection(block.ids)
            blocks.append(_edited(block, known, lines) if known else block)
            for row_id in known:
                lines.pop(row_id, None)
        if lines:
            blocks.insert(0, Block(array("q", lines), b"\n".join(lines.values())))
        buffer.blocks = [block for block in blocks if block.ids]
        return not lines


def _edited(block: Block, known: Iterable[int], lines: dict[int, bytes]) -> Block:
    texts = dict(zip(block.ids, block.text.split(b"\n"), strict=True))
    for row_id in known:
        if row_id in lines:
            texts[row_id] = lines[row_id]
        else:
            del texts[row_id]
    return Block(array("q", texts), b"\n".join(texts.values()))


def _concerned(terms: ListTerms, change: ChangeSet) -> frozenset[int] | None:
    """Records whose text may be another; None for all."""
    if change.concerns(*(each.table for each in terms.named), *terms.spread):
        return None
    ids = changed_ids(terms.entity, change)
    return ids if len(ids) <= _FEW else None


def scope(query: RecordQuery) -> RecordQuery:
    """What a buffer is built for: the list and its order, whatever is looked for in it."""
    return replace(query, text="")


def _blocks(ids: "array[int]", lines: bytes) -> list[Block]:
    """The lines cut into blocks; no line is looked at one by one."""
    blocks = []
    start = first = 0
    while first < len(ids):
        end = lines.find(b"\n", start + _BLOCK)
        part = lines[start : end if end >= 0 else len(lines)]
        count = part.count(b"\n") + 1
        blocks.append(Block(ids[first : first + count], part))
        start, first = end + 1, first + count
    return blocks


_GATHER = "SELECT json_group_array(id), CAST(string_agg(line, char(10)) AS BLOB)"


def _statement(
    connection: Connection, query: RecordQuery, store: "Store", only: Iterable[int] | None = None
) -> tuple[str, dict[str, Any]]:
    """SQL for id and text of the records of a list, in its order."""
    entity = query.terms.entity
    names = read_names(connection, query.terms.named)
    conditions, binds = where(query, store.today(), store.zone)
    joins, terms = order(query)
    line = " || ".join(["search_doc.folded", *(_named(each, known, binds) for each, known in names.items())])
    if only is not None:
        conditions += f" AND {entity}.id IN (SELECT value FROM json_each(:only))"
        binds["only"] = json.dumps(sorted(only))
    statement = f"""
        SELECT {entity}.id AS id, {line} AS line
        FROM {entity} JOIN search_doc ON search_doc.entity = '{entity}' AND search_doc.row_id = {entity}.id
        {joins} WHERE {conditions} ORDER BY {terms}
    """
    return statement, binds


def _named(named: Named, names: Mapping[int, str], binds: dict[str, Any]) -> str:
    """The name of an id with a space before it. For a handful of names this is half the time of a join."""
    if not names:
        return "''"
    cases = []
    for row_id, name in names.items():
        key = f"{named.table}{row_id}"
        binds[key] = f" {name}"
        cases.append(f"WHEN {row_id} THEN :{key}")
    told = f"CASE {named.column} {' '.join(cases)} ELSE '' END"
    return f"CASE WHEN {named.only} THEN {told} ELSE '' END" if named.only else told
