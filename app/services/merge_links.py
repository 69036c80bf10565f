"""What becomes of all that refers to records when they are put into one: it moves to the one that stays.

The references are read off the schema, so a table that comes later is not forgotten. A row that would stand there twice
dissolves in the one that is there.
"""

from collections import defaultdict
from collections.abc import Collection, Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal

from sqlalchemy import Column, Connection, RowMapping, Table, UniqueConstraint, select

from app.core.folding import search_key
from app.core.i18n import Text
from app.models.bookkeeping import UNRECORDED
from app.models.many import chunks
from app.models.schema import METADATA

Kind = Literal["company", "person"]
Row = RowMapping

#: What refers to a record, as it is called; `_FURTHER` for tables that have no name here yet.
_NAMES: Mapping[str, Text] = {
    "lead": Text("Leads"), "lead.recommender": Text("Recommendations"), "step": Text("Steps"), "note": Text("Notes"),
    "note_person": Text("Took part in"), "attachment": Text("Files"), "contact_point": Text("Phone, e-mail and web"),
    "address": Text("Addresses"), "company_tag": Text("Tags"), "person_tag": Text("Tags"),
    "lead_person": Text("Has a say in"), "field_value": Text("Own fields"),
}  # fmt: skip
_FURTHER = Text("Further entries")
_PARTNERS: Mapping[Kind, Text] = {"company": Text("People"), "person": Text("Companies")}
_ROLES = {"company_person": 200, "lead_person": 100}
_PLACE = ("street", "extra", "postcode", "city", "region", "country")


@dataclass(frozen=True)
class Linked:
    """How many rows of a sort refer to the records: those of the winner, those that move to it, and those that are
    doubles and dissolve. Afterwards the winner has `own` and `moved`.
    """

    name: Text
    own: int = 0
    moved: int = 0
    dissolved: int = 0


@dataclass
class Links:
    """What is to be done with the rows that refer to the losers."""

    moves: list[tuple[str, int, str]] = field(default_factory=list)
    gone: list[tuple[str, int]] = field(default_factory=list)
    changes: dict[tuple[str, int], dict[str, Any]] = field(default_factory=lambda: defaultdict(dict))
    linked: list[Linked] = field(default_factory=list)
    rows: dict[str, list[Row]] = field(default_factory=dict)

    def after(self, table: str) -> list[Row]:
        """The rows of a table that the winner has afterwards."""
        gone = {row_id for name, row_id in self.gone if name == table}
        return [row for row in self.rows.get(table, ()) if row["id"] not in gone]


def references(kind: Kind) -> list[Column[Any]]:
    """All columns that refer to records of a kind, but for those of the books, which say how it was."""
    target = METADATA.tables[kind]
    return [
        column
        for table in METADATA.sorted_tables
        if table.name not in UNRECORDED
        for column in table.columns
        if any(key.column.table is target for key in column.foreign_keys)
    ]


def plan(connection: Connection, kind: Kind, winner: int, losers: Sequence[int], dropped: Collection[int]) -> Links:
    """What becomes of the rows; `dropped` are values of own fields that give way to others."""
    links, ids = Links(), (winner, *losers)
    counted: dict[Text, list[int]] = {}
    for column in references(kind):
        table = column.table
        rows = _rows(connection, table, column, ids)
        superfluous: Collection[int] = dropped if table.name == "field_value" else ()
        if table.name == "lead_person":
            superfluous = _contacts(connection, kind, ids, rows)
        doubles = _doubles(table, column, [row for row in rows if row["id"] not in superfluous])
        doubles |= dict.fromkeys(superfluous)
        _note(links, table, column, rows, doubles, winner)
        links.rows.setdefault(table.name, []).extend(rows)
        numbers = counted.setdefault(_name(kind, column), [0, 0, 0])
        for row in rows:
            place = 2 if row["id"] in doubles else 0 if row[column.name] == winner else 1
            numbers[place] += 1
    links.linked = [Linked(name, *numbers) for name, numbers in counted.items() if any(numbers)]
    return links


def _rows(connection: Connection, table: Table, column: Column[Any], ids: Sequence[int]) -> list[Row]:
    """The rows that refer to these, those of the first of them first."""
    found: list[Row] = []
    for chunk in chunks(ids):
        found += connection.execute(select(table).where(column.in_(chunk))).mappings()
    place = {record_id: number for number, record_id in enumerate(ids)}
    placed = "position" in table.columns
    found.sort(key=lambda row: (place[row[column.name]], row["position"] if placed else 0, row["id"]))
    return found


def _name(kind: Kind, column: Column[Any]) -> Text:
    if column.table.name == "company_person":
        return _PARTNERS[kind]
    if column.name.startswith("recommender"):
        return _NAMES["lead.recommender"]
    return _NAMES.get(column.table.name, _FURTHER)


def _doubles(table: Table, column: Column[Any], rows: Sequence[Row]) -> dict[int, Row | None]:
    """The rows that dissolve by their ids, each with the one that stays."""
    seen: dict[Hashable, Row] = {}
    doubles: dict[int, Row | None] = {}
    for row in rows:
        for key in _identities(table, column, row):
            stays = seen.setdefault(key, row)
            if stays[column.name] != row[column.name]:  # what one record has twice by itself is its own affair
                doubles[row["id"]] = stays
                break
    return doubles


def _identities(table: Table, column: Column[Any], row: Row) -> Iterable[Hashable]:
    """Two rows with one of these in common are one."""
    if table.name == "contact_point":
        yield row["kind"], row["key"]
    elif table.name == "address":
        yield row["label"], *(_street(row[name]) for name in _PLACE)
    elif table.name == "field_value" and row["option_id"] is not None:
        yield row["field_id"], row["option_id"]
    for constraint in table.constraints:
        if isinstance(constraint, UniqueConstraint) and column in constraint.columns.values():
            yield tuple(row[other.name] for other in constraint.columns if other is not column)


def _street(text: str) -> str:
    return search_key(text).replace("strasse", "str").replace(".", "").replace(" ", "")


def _contacts(connection: Connection, kind: Kind, ids: Sequence[int], rows: Sequence[Row]) -> list[int]:
    """Who has a say in a lead is not the contact of that lead, too."""
    lead = METADATA.tables["lead"]
    if kind != "person" or not rows:
        return []
    found: set[int] = set()
    for chunk in chunks(ids):
        found.update(connection.execute(select(lead.c.id).where(lead.c.person_id.in_(chunk))).scalars())
    return [row["id"] for row in rows if row["lead_id"] in found]


def _note(
    links: Links, table: Table, column: Column[Any], rows: Sequence[Row], doubles: Mapping[int, Row | None], winner: int
) -> None:
    """Note what is to be done with rows of a table; what moves comes after what the winner has."""
    last: dict[Hashable, int] = defaultdict(lambda: -1)
    ordered = table.name in ("contact_point", "address") or (
        table.name == "company_person" and column.name != "company_id"
    )
    for row in rows:
        sort = row["kind"] if table.name == "contact_point" else None
        if row["id"] in doubles:
            links.gone.append((table.name, row["id"]))
            _unite(links, table.name, row, doubles[row["id"]])
            continue
        if row[column.name] != winner:
            links.moves.append((table.name, row["id"], column.name))
            if ordered and row["position"] <= last[sort]:
                links.changes[table.name, row["id"]]["position"] = last[sort] + 1
        if ordered:
            last[sort] = max(row["position"], last[sort] + (row[column.name] != winner))


def _unite(links: Links, table: str, row: Row, stays: Row | None) -> None:
    """What a double says beyond the row that stays: its roles, its label."""
    if stays is None:
        return
    changes = links.changes[table, stays["id"]]
    if table in _ROLES:
        said = changes.get("role", stays["role"])
        parts = list(dict.fromkeys(part.strip() for role in (said, row["role"]) for part in role.split(",")))
        united = ", ".join(part for part in parts if part)
        if united != said and len(united) <= _ROLES[table]:
            changes["role"] = united
    elif table == "contact_point" and not changes.get("label", stays["label"]) and row["label"]:
        changes["label"] = row["label"]
