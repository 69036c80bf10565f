"""How SQL for PostgreSQL is put together: names quoted, statements as psycopg takes them."""

import hashlib
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from psycopg import Connection, Cursor

#: The schema that holds everything of the team.
SCHEMA = "team"
#: PostgreSQL cuts longer names off without a word.
_LONGEST_NAME = 63
_ROOM = 40

Row = tuple[Any, ...]


def quoted(name: str) -> str:
    """A name of a table, column or role, safe whatever is in it. Raises ValueError for one that cannot be a name."""
    if not name or "\0" in name or len(name.encode()) > _LONGEST_NAME:
        raise ValueError(f"not a name for PostgreSQL: {name!r}")
    return '"' + name.replace('"', '""') + '"'


def literal(value: str) -> str:
    """A text as it stands in a statement that takes no parameters. Raises ValueError for one that cannot."""
    if "\0" in value:
        raise ValueError("PostgreSQL knows no NUL")
    doubled = value.replace("'", "''")
    return " E'" + doubled.replace("\\", "\\\\") + "'" if "\\" in value else f"'{doubled}'"


def of_team(name: str) -> str:
    """A table or function of the team, with its schema."""
    return f"{SCHEMA}.{quoted(name)}"


def listed(names: Iterable[str]) -> str:
    """Names of columns, with commas between."""
    return ", ".join(map(quoted, names))


def group_of(database: str, part: str) -> str:
    """The name of a role that belongs to a team: roles are the cluster's, so it carries that of the database."""
    if len(database.encode()) > _ROOM:
        digest = hashlib.sha256(database.encode()).hexdigest()[:12]
        database = f"{database.encode()[: _ROOM - 13].decode(errors='ignore')}_{digest}"
    return f"{database}_{part}"


def run(connection: "Connection[Row]", statement: str, values: Sequence[Any] | None = None) -> "Cursor[Row]":
    """Send one statement; where `values` is None a percent sign stands for itself."""
    return connection.execute(statement.encode(), values)
