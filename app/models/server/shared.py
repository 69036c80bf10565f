"""Which tables and columns a team shares, and how their values stand in SQLite and in PostgreSQL.

What follows from the rest (derived columns, the texts that are searched) is computed by every client for itself, so it
cannot tell anybody of rows he does not see. Passwords of a machine stay on it.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

from sqlalchemy import BigInteger, Boolean, Column, Integer, LargeBinary, Table

from app.models.schema import METADATA
from app.models.types import Instant, instant_of, micros

#: Tables of which every machine has its own.
_OWN = frozenset({"search_doc", "password"})
#: Rows of these tell of records without a reference.
_TELLING = ("change_set", "change", "import_row", "reminder_state", "lead_snapshot")
DRAFTS = "drafts:"
#: Settings of which every client has its own, by how their keys begin: the day its derived columns are of, how far it
#: has followed the team, and notes that somebody began (they are written every few seconds, also while there is no
#: server, and are nobody else's business).
OWN_SETTINGS = ("derived_on", DRAFTS, "team:")


@dataclass(frozen=True)
class SharedColumn:
    """A column, its type in PostgreSQL, and how a value of SQLite becomes one of PostgreSQL and the other way."""

    name: str
    type: str
    nullable: bool
    outward: Callable[[Any], Any] | None = None
    inward: Callable[[Any], Any] | None = None


@dataclass(frozen=True)
class SharedTable:
    """A table of the team, with its columns in order, the key first."""

    name: str
    columns: tuple[SharedColumn, ...]
    table: Table

    @property
    def names(self) -> tuple[str, ...]:
        """Of its columns."""
        return tuple(column.name for column in self.columns)

    def outward(self, row: Sequence[Any]) -> list[Any]:
        """A row of SQLite as PostgreSQL takes it."""
        return [
            value if value is None or column.outward is None else column.outward(value)
            for column, value in zip(self.columns, row, strict=True)
        ]

    def inward(self, row: Sequence[Any]) -> list[Any]:
        """A row of PostgreSQL as SQLite takes it."""
        return [
            value if value is None or column.inward is None else column.inward(value)
            for column, value in zip(self.columns, row, strict=True)
        ]


@cache
def shared_tables() -> tuple[SharedTable, ...]:
    """All of them, each after those it refers to and after the records that it tells of.

    Leads come first in spite of what they refer to (references are looked at when a turn ends): it is by them that
    somebody may write of a customer.
    """
    tables = [_shared(table) for table in METADATA.sorted_tables if table.name not in _OWN]
    return tuple(sorted(tables, key=lambda table: (table.name in _TELLING) - (table.name == "lead")))


@cache
def shared_table(name: str) -> SharedTable:
    """One of them by its name."""
    return next(table for table in shared_tables() if table.name == name)


def _shared(table: Table) -> SharedTable:
    columns = [_column(column) for column in table.columns if not column.info.get("derived")]
    return SharedTable(table.name, tuple(columns), table)


def _column(column: Column[Any]) -> SharedColumn:
    nullable = bool(column.nullable)
    if isinstance(column.type, Boolean):
        return SharedColumn(column.name, "boolean", nullable, bool, int)
    if isinstance(column.type, Instant):
        return SharedColumn(column.name, "timestamptz", nullable, instant_of, micros)
    if isinstance(column.type, LargeBinary):
        return SharedColumn(column.name, "bytea", nullable, None, bytes)
    # texts have no length there: what a form or a file may have is measured by the services
    whole = isinstance(column.type, (Integer, BigInteger))
    return SharedColumn(column.name, "bigint" if whole else "text", nullable)
