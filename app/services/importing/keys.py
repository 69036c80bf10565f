"""Keys for many rows at once: ids known before the rows are written, and names that hold in every copy of the data."""

import secrets
from collections.abc import Iterator
from datetime import datetime

from sqlalchemy import Connection, text

from app.models.types import micros


class Keys:
    """Hands out ids beyond every id a table ever used. Only the holder of the write lock may use them."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._next: dict[str, int] = {}
        self._first: dict[str, int] = {}

    def take(self, table: str) -> int:
        """The next id of a table."""
        if table not in self._next:
            self._next[table] = self._first[table] = self._after_last(table)
        number = self._next[table]
        self._next[table] = number + 1
        return number

    def peek(self, table: str) -> int:
        """The id that `take` would give."""
        return self._next.get(table) or self._after_last(table)

    def is_new(self, table: str, number: int) -> bool:
        """Whether an id was handed out here."""
        return table in self._first and number >= self._first[table]

    def _after_last(self, table: str) -> int:
        used = self._connection.execute(text("SELECT seq FROM sqlite_sequence WHERE name = :table"), {"table": table})
        highest = self._connection.execute(text(f"SELECT max(id) FROM main.{table}")).scalar()
        return max(used.scalar() or 0, highest or 0) + 1

    def taken(self) -> Iterator[tuple[str, int, int]]:
        """Each table of which ids were taken, with the first and the last."""
        for table, first in self._first.items():
            if self._next[table] > first:
                yield table, first, self._next[table] - 1


class Uids:
    """UUIDv7 in rising order: a random start, then counted (RFC 9562, 6.2), so that indexes fill from the end."""

    def __init__(self, now: datetime) -> None:
        random = f"{secrets.randbits(62):016x}"
        variant = "89ab"[secrets.randbits(2)]
        self._prefix = f"{micros(now) // 1000:012x}7{random[:3]}{variant}{random[3:6]}"
        self._count = secrets.randbits(43)

    def take(self) -> str:
        """The next one, as 32 hex digits."""
        self._count += 1
        return f"{self._prefix}{self._count:012x}"
