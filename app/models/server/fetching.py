"""What a client asks the server for: how things stand, and rows, from where its person may read them."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from app.core.errors import NotAllowed
from app.core.i18n import Text
from app.core.roles import Role
from app.models.many import chunks
from app.models.server.link import Link
from app.models.server.policies import MASKED
from app.models.server.shared import SharedTable, shared_tables
from app.models.server.words import SCHEMA, Row, listed, literal, of_team

#: The role whose people have a part of the rows, some of them masked.
IN_PART = str(Role.LIMITED)
#: So many rows are fetched at once; of those that hold the bytes of files so many.
_ROWS = 2_000
_PIECES = 8


@dataclass(frozen=True)
class Now:
    """How things stand: the role of this person, the revision at which it last changed who sees what, the day, and the
    last key of each table.
    """

    role: str
    scope: int
    day: int
    keys: Mapping[str, int]


def standing_now(link: Link) -> Now:
    """Ask for it. Raises NotAllowed for somebody who is of the team no more."""
    keys = f"(SELECT jsonb_object_agg(table_name, last) FROM {SCHEMA}.last_key)"
    row = link.run(f"SELECT {SCHEMA}.my_role(), scope, {SCHEMA}.today(), {keys} FROM {SCHEMA}.turn").fetchone()
    if row is None or row[0] is None:
        raise NotAllowed(Text("This user name belongs to nobody of the team."))
    return Now(*row)


def source_of(table: SharedTable, *, in_part: bool) -> str:
    """From where a table is read."""
    return f"{SCHEMA}.seen_{table.name}" if in_part and table.name in MASKED else of_team(table.name)


def tables_with_news(link: Link, rev: int, *, in_part: bool) -> set[str]:
    """In one question, so that a distant server is asked once where there is nothing."""
    parts = (
        f"SELECT {literal(table.name)} WHERE EXISTS"
        f" (SELECT FROM {source_of(table, in_part=in_part)} WHERE rev > {rev:d})"
        for table in shared_tables()
    )
    return {row[0] for row in link.run(" UNION ALL ".join(parts))}


def count_of(link: Link, *, in_part: bool) -> int:
    """How many rows there are to be seen."""
    parts = (f"(SELECT count(*) FROM {source_of(table, in_part=in_part)})" for table in shared_tables())
    row = link.run(f"SELECT {' + '.join(parts)}").fetchone()
    assert row is not None
    number: int = row[0]
    return number


def fetched(link: Link, table: SharedTable, condition: str, *, in_part: bool) -> Iterator[list[Row]]:
    """The rows that are to be seen, some at a time."""
    source = source_of(table, in_part=in_part)
    if table.name == "chunk":
        ids = [row[0] for row in link.run(f"SELECT id FROM {source} WHERE {condition} ORDER BY id")]
        for some in chunks(ids, _PIECES):
            yield link.run(f"SELECT {listed(table.names)} FROM {source} WHERE id = ANY(%s)", [some]).fetchall()
        return
    cursor = link.run(f"SELECT {listed(table.names)} FROM {source} WHERE {condition} ORDER BY id")
    while rows := cursor.fetchmany(_ROWS):
        yield rows
