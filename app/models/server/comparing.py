"""Whether a store and a team hold the same after a move: sums that say something to people, a tally of every table."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from app.core.errors import StorageError
from app.core.i18n import Text
from app.models.schema import METADATA
from app.models.server.shared import OWN_SETTINGS, SharedTable, shared_table, shared_tables
from app.models.server.tallies import Tally, tally_there
from app.models.server.words import SCHEMA, Row, run

if TYPE_CHECKING:
    from psycopg import Connection


@dataclass(frozen=True)
class Compared:
    """What was compared after a move, on this side and on the server."""

    what: str
    here: str
    there: str

    @property
    def alike(self) -> bool:
        """Whether both sides say the same."""
        return self.here == self.there


class Differs(StorageError):
    """What came is not what was sent; `lines` are what was compared."""

    def __init__(self, lines: Sequence[Compared]) -> None:
        which = ", ".join(line.what for line in lines if not line.alike)
        super().__init__(
            Text("What was moved is not the same on both sides: {which}.", which=which),
            Text("What came was removed again; the data are where they were."),
        )
        self.lines = tuple(lines)


def tables_in_order() -> list[SharedTable]:
    """Of a team, each after all that it refers to; what holds for the team as a whole comes last."""
    names = {table.name for table in shared_tables()}
    found = [shared_table(table.name) for table in METADATA.sorted_tables if table.name in names]
    return sorted(found, key=lambda table: table.name == "store_setting")


def of_the_team(table: SharedTable, among: str = "") -> str:
    """A condition for the rows that a team shares."""
    parts = [among] if among else []
    if table.name == "store_setting":
        parts += [f"substr(key, 1, {len(prefix)}) <> '{prefix}'" for prefix in OWN_SETTINGS]
    return f" WHERE {' AND '.join(parts)}" if parts else ""


#: Sums that say something to people, the same in both dialects; `{at}` is where the tables are.
_SUMS = {
    "leads": "SELECT count(*) FROM {at}lead",
    "amounts": "SELECT COALESCE(sum(amount_minor), 0) FROM {at}lead",
    "weights": "SELECT COALESCE(sum(probability), 0) FROM {at}lead",
    "companies": "SELECT count(*) FROM {at}company",
    "people": "SELECT count(*) FROM {at}person",
    "members": "SELECT count(*) FROM {at}member",
    "notes": "SELECT count(*) FROM {at}note",
    "files": "SELECT count(*) FROM {at}content",
    "bytes": "SELECT COALESCE(sum(length(data)), 0) FROM {at}chunk",
    "steps": "SELECT count(*) FROM {at}change_set",
    "changes": "SELECT count(*) FROM {at}change",
    "newest": "SELECT COALESCE((SELECT uid FROM {at}change_set ORDER BY id DESC LIMIT 1), '')",
}


def compared(driver: Any, server: "Connection[Row]", here: dict[str, Tally]) -> list[Compared]:
    """Sums of both sides, then the tables whose rows are not the same, by name."""
    lines = []
    for what, statement in _SUMS.items():
        there = run(server, statement.format(at=f"{SCHEMA}.")).fetchone()
        assert there is not None
        lines.append(Compared(what, str(driver.execute(statement.format(at="")).fetchone()[0]), str(there[0])))
    rows = sum(found.rows for found in here.values())
    tallies = {table.name: tally_there(server, table) for table in tables_in_order()}
    lines.append(Compared("rows", str(rows), str(sum(each.rows for each in tallies.values()))))
    for name, each in tallies.items():
        if each != here[name]:
            lines.append(Compared(name, _shown(here[name]), _shown(each)))
    return lines


def _shown(found: Tally) -> str:
    return f"{found.rows} ({found.digest:x})"
