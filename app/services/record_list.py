"""Lists of records: the tabs, the command line and the export all read through this, each kind of records by its own.

A list is its ids in order, and the rows of those ids that are looked at. The ids come as one JSON value, which is twice
as fast as row by row and leaves the interpreter to others meanwhile; rows come a page at a time, by id.
"""

import json
from array import array
from collections.abc import Callable, Sequence
from contextlib import nullcontext
from datetime import tzinfo
from typing import TYPE_CHECKING, Any, ClassVar, Generic, TypeVar

from sqlalchemy import Connection, TextClause, text

from app.core.calendar import day_number
from app.core.collector import collector_paused
from app.models.engine import interruptible
from app.services.last_contact import tomorrow
from app.services.list_terms import ListTerms
from app.services.matching import condition, read_names, words_of
from app.services.record_groups import Grouped, read_groups
from app.services.record_query import RecordQuery, order, where

if TYPE_CHECKING:
    from app.models.store import Store
    from app.services.sort_terms import Sort

#: A row as it is shown, and what a list comes to.
Row = TypeVar("Row")
Sums = TypeVar("Sums")
Query = TypeVar("Query", bound=RecordQuery)

_CHOSEN = "SELECT value FROM json_each(:ids)"


class RecordList(Generic[Query, Row, Sums]):
    """Reads the records of a kind. Whoever builds on it says what a row is, and what the sums are."""

    terms: ClassVar[ListTerms]

    def __init__(self, store: "Store") -> None:
        self._store = store

    def is_empty(self) -> bool:
        """Whether there is no record at all."""
        with self._store.read() as connection:
            return connection.execute(text(f"SELECT 1 FROM {self.terms.entity} LIMIT 1")).first() is None

    def first_ids(self, query: Query, limit: int, asked: Callable[[], object] | None = None) -> Sequence[int]:
        """The ids of the first rows, to paint while `ids` is still at work.

        `asked` is called again and again, and stops it by raising Cancelled.
        """
        filled = self.terms.sort_of(query.sort).filled
        if filled is not None:
            ids = self._ids(query, limit, filled, asked)
            if len(set(ids)) == limit:  # else there are those without a value, or somebody with two
                return ids
        return self._ids(query, limit, asked=asked)

    def ids(self, query: Query) -> Sequence[int]:
        """All ids in order. Raises KeyError for an unknown sort key."""
        return self._ids(query)

    def grouped(self, query: Query) -> Grouped:
        """All ids in the order of their groups, and the groups with what they come to. Raises KeyError for a key that
        is none.
        """
        with collector_paused(), self._store.read() as connection:
            source, binds = self.source(connection, query)
            return read_groups(connection, query, source, binds)

    def rows(self, ids: Sequence[int]) -> list[Row]:
        """The rows of these ids in their order, in one statement; ids that are gone are left out."""
        today, zone = self._store.today(), self._store.zone
        binds = {"ids": json.dumps(list(ids)), "today": day_number(today), "tomorrow": tomorrow(today, zone)}
        with self._store.read() as connection:
            found = connection.execute(self._statement(), binds).all()
        return [self._row(row, zone) for row in found]

    def _statement(self) -> TextClause:
        """What reads the rows of `:ids`; it may bind today and the instant when it ends."""
        raise NotImplementedError

    def _row(self, found: Any, zone: tzinfo) -> Row:
        """What was found of a record, as it is shown."""
        raise NotImplementedError

    def count(self, query: Query) -> int:
        """How many the query shows."""
        with self._store.read() as connection:
            source, binds = self._plain_source(connection, query)
            return int(connection.execute(text(f"SELECT count(*) {source}"), binds).scalar_one())

    def totals(self, query: Query) -> Sums:
        """What everything comes to that the query shows."""
        with self._store.read() as connection:
            return self._totals(connection, *self._plain_source(connection, query))

    def totals_of(self, ids: Sequence[int]) -> Sums:
        """What these come to: hits of a filter, a selection, what is behind a figure."""
        entity = self.terms.entity
        with self._store.read() as connection:
            source = f"FROM {entity} WHERE {entity}.id IN ({_CHOSEN})"
            return self._totals(connection, source, {"ids": json.dumps(list(ids))})

    def _totals(self, connection: Connection, source: str, binds: dict[str, Any]) -> Sums:
        """What the records of a source, FROM and WHERE, come to."""
        raise NotImplementedError

    def _ids(
        self,
        query: Query,
        limit: int | None = None,
        sort: "Sort | None" = None,
        asked: Callable[[], object] | None = None,
    ) -> Sequence[int]:
        with self._store.read() as connection, interruptible(connection, asked) if asked else nullcontext():
            source, binds = self.source(connection, query)
            joins, terms = order(query, sort)
            inner = source.replace("{joins}", joins)
            ids = f"SELECT {self.terms.entity}.id {inner} ORDER BY {terms}"
            if limit is not None:
                ids, binds = f"{ids} LIMIT +:limit", {**binds, "limit": limit}
            found = connection.execute(text(f"SELECT json_group_array(id) FROM ({ids})"), binds)
            return array("q", json.loads(found.scalar_one()))

    def source(self, connection: Connection, query: Query) -> tuple[str, dict[str, Any]]:
        """FROM and WHERE of a query, with a place for joins, and what is bound: also for others who show the same."""
        entity = self.terms.entity
        conditions, binds = where(query, self._store.today(), self._store.zone)
        words = words_of(query.text)
        documents = ""
        if words:
            documents = f"JOIN search_doc ON search_doc.entity = '{entity}' AND search_doc.row_id = {entity}.id"
            matching, found = condition(words, read_names(connection, self.terms.named))
            conditions, binds = f"{conditions} AND {matching}", binds | found
        return f"FROM {entity} {documents} {{joins}} WHERE {conditions}", binds

    def _plain_source(self, connection: Connection, query: Query) -> tuple[str, dict[str, Any]]:
        source, binds = self.source(connection, query)
        return source.replace("{joins}", ""), binds
