"""What a table holds, as a number of rows and a digest of all their values: alike on both sides if it holds the same.

PostgreSQL computes its own where the rows lie. The digests of the rows are added, so their order does not matter.
"""

import hashlib
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from app.models.server.shared import SharedColumn, SharedTable
from app.models.server.words import Row, of_team, quoted, run

if TYPE_CHECKING:
    from psycopg import Connection

_BYTES = 7
_BETWEEN, _NOTHING = "\x1f", "\x1e"


@dataclass(frozen=True)
class Tally:
    """So many rows, and the sum of their digests."""

    rows: int = 0
    digest: int = 0

    def __add__(self, other: "Tally") -> "Tally":
        return Tally(self.rows + other.rows, self.digest + other.digest)


def without_nul(value: Any) -> Any:
    """A text without the one sign that PostgreSQL does not take."""
    return value.replace("\0", "") if "\0" in value else value


def tally(table: SharedTable, rows: Iterable[Sequence[Any]]) -> Tally:
    """Of rows as SQLite has them."""
    told = [_TOLD.get(column.type, str) for column in table.columns]
    count = digest = 0
    for row in rows:
        line = _BETWEEN.join([_NOTHING if v is None else say(v) for say, v in zip(told, row, strict=True)])
        digest += int.from_bytes(hashlib.sha256(line.encode()).digest()[:_BYTES], "big")
        count += 1
    return Tally(count, digest)


def tally_there(connection: "Connection[Row]", table: SharedTable, last: int | None = None) -> Tally:
    """Of what a server has of this table, up to this id if one is given."""
    line = ", ".join(f"COALESCE({_said(column)}, {_CHAR_NOTHING})" for column in table.columns)
    digest = f"substring(sha256(convert_to(concat_ws({_CHAR_BETWEEN}, {line}), 'UTF8')) FROM 1 FOR {_BYTES})"
    number = f"('x' || encode({digest}, 'hex'))::bit({8 * _BYTES})::bigint"
    among = "" if last is None else f" WHERE id <= {last:d}"
    row = run(connection, f"SELECT count(*), COALESCE(sum({number}), 0) FROM {of_team(table.name)}{among}").fetchone()
    assert row is not None
    return Tally(row[0], int(row[1]))


_CHAR_BETWEEN, _CHAR_NOTHING = (f"chr({ord(sign)})" for sign in (_BETWEEN, _NOTHING))
_TOLD: dict[str, Callable[[Any], str]] = {
    "boolean": lambda value: "true" if value else "false",
    "bytea": lambda value: hashlib.sha256(value).hexdigest(),
    "text": without_nul,
}


def _said(column: SharedColumn) -> str:
    name = quoted(column.name)
    if column.type == "timestamptz":
        return f"(extract(epoch FROM {name}) * 1000000)::bigint::text"
    return f"encode(sha256({name}), 'hex')" if column.type == "bytea" else f"{name}::text"
