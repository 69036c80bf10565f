"""Putting records that are one into one, after a look at what comes of it.

`preview` and `merge` are the same plan, once read and once carried out: what was shown is what happens.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sqlalchemy import Connection, select

from app.core.errors import InvalidInput
from app.core.i18n import Plural, Text
from app.core.roles import Act
from app.models.guard import rights_in
from app.models.many import chunks
from app.models.schema import METADATA
from app.services.merge_fields import FieldPreview, built_in, own_fields
from app.services.merge_links import Kind, Linked, Links, Row, plan
from app.services.owners import gone

if TYPE_CHECKING:
    from datetime import datetime

    from sqlalchemy.orm import Session

    from app.models.store import Store


@dataclass(frozen=True)
class ListPreview:
    """Phones, addresses, tags and their like: all of them in their order, each with the records that have it."""

    label: Text
    items: tuple[tuple[str, frozenset[int]], ...]


@dataclass(frozen=True)
class MergePreview:
    """What comes of it. `names` are those of the records by id, the one that stays first; `linked` counts what refers
    to them.
    """

    kind: Kind
    winner: int
    names: Mapping[int, str]
    fields: tuple[FieldPreview, ...]
    lists: tuple[ListPreview, ...]
    linked: tuple[Linked, ...]

    @property
    def losers(self) -> tuple[int, ...]:
        """The records that go to the trash."""
        return tuple(record_id for record_id in self.names if record_id != self.winner)


@dataclass
class _Plan:
    """What is shown, and what is written for it."""

    preview: MergePreview
    links: Links
    columns: dict[str, Any]


class Merging:
    """Looks at what comes of putting records into one, and does it."""

    def __init__(self, store: "Store") -> None:
        self._store = store

    def preview(
        self, kind: Kind, ids: Sequence[int], winner: int, choices: Mapping[str, int] | None = None
    ) -> MergePreview:
        """What `merge` would do. `choices` says of fields by their key from which record they are taken.

        Raises NotFound if one of the records is gone, InvalidInput for fewer than two.
        """
        with self._store.read() as connection:
            return _plan(connection, kind, ids, winner, choices or {}).preview

    def merge(
        self, kind: Kind, ids: Sequence[int], winner: int, choices: Mapping[str, int] | None = None
    ) -> MergePreview:
        """Put these records into `winner`: one step. Returns what was done; raises as `preview` does, and NotAllowed.

        The leads that are concerned count as not touched by that.
        """
        self._store.rights.demand(Act.MERGE)
        with self._store.read() as connection:
            names = _names(connection, kind, _distinct(ids, winner))
        label = _LABELS[kind]
        told = Plural(label.message, label.plural, n=len(names) - 1, name=names.get(winner, ""))
        with self._store.write(told, merging=True) as session:
            rights_in(session).demand(Act.MERGE)  # the plan is read past what is seen
            planned = _plan(session.connection(), kind, ids, winner, choices or {})
            _carry_out(session, planned, self._store.clock.now())
        return planned.preview


_LABELS: Mapping[Kind, Plural] = {
    "company": Plural("{n} company merged into “{name}”", "{n} companies merged into “{name}”", n=1, name=""),
    "person": Plural("{n} person merged into “{name}”", "{n} people merged into “{name}”", n=1, name=""),
}


def _distinct(ids: Sequence[int], winner: int) -> list[int]:
    """The winner first. Raises InvalidInput where there is nothing to be put together."""
    if winner not in ids or len(set(ids)) < 2:
        raise InvalidInput(Text("Choose at least two entries, and which of them stays."))
    return list(dict.fromkeys((winner, *ids)))


def _names(connection: Connection, kind: Kind, ids: Sequence[int]) -> dict[int, str]:
    """Without those in the trash, which a writing connection sees, too."""
    table = METADATA.tables[kind]
    found: dict[int, str] = {}
    for chunk in chunks(ids):
        there = select(table.c.id, table.c.name).where(table.c.id.in_(chunk), table.c.deleted_at.is_(None))
        rows = connection.execute(there)
        found.update((row[0], row[1]) for row in rows)
    return {record_id: found[record_id] for record_id in ids if record_id in found}


def _plan(connection: Connection, kind: Kind, ids: Sequence[int], winner: int, choices: Mapping[str, int]) -> _Plan:
    ids = _distinct(ids, winner)
    records = _records(connection, kind, ids)
    fields, columns = built_in(connection, kind, ids, records, choices)
    own, dropped = own_fields(connection, kind, ids, choices)
    unknown = set(choices) - {field.key for field in (*fields, *own)} or set(choices.values()) - set(ids)
    if unknown:
        raise InvalidInput(Text("What was chosen is not among these entries any more."))
    links = plan(connection, kind, winner, ids[1:], dropped)
    names = {record_id: records[record_id]["name"] for record_id in ids}
    preview = MergePreview(
        kind, winner, names, (*fields, *own), tuple(_lists(connection, kind, ids, links)), tuple(links.linked)
    )
    return _Plan(preview, links, columns)


def _records(connection: Connection, kind: Kind, ids: Sequence[int]) -> dict[int, Row]:
    table = METADATA.tables[kind]
    found: dict[int, Row] = {}
    for chunk in chunks(ids):
        rows = connection.execute(select(table).where(table.c.id.in_(chunk), table.c.deleted_at.is_(None))).mappings()
        found.update((row["id"], row) for row in rows)
    if len(found) < len(ids):
        raise gone(kind)
    return found


# --- lists ----------------------------------------------------------------------------------------------------------


def _lists(connection: Connection, kind: Kind, ids: Sequence[int], links: Links) -> list[ListPreview]:
    """What is united, as it is read."""
    found = [
        ListPreview(label, _items(kind, links, "contact_point", lambda row: row["value"], point))
        for point, label in (("phone", Text("Phone")), ("mail", Text("E-mail")), ("web", Text("Web")))
    ]
    found.append(ListPreview(Text("Addresses"), _items(kind, links, "address", _address)))
    tags = _names_of(connection, "tag", [row["tag_id"] for row in links.rows.get(f"{kind}_tag", ())])
    found.append(ListPreview(Text("Tags"), _items(kind, links, f"{kind}_tag", lambda row: tags[row["tag_id"]])))
    other: Kind = "person" if kind == "company" else "company"
    partners = _names(connection, other, [row[f"{other}_id"] for row in links.rows.get("company_person", ())])
    label = Text("People") if kind == "company" else Text("Companies")
    named = lambda row: partners.get(row[f"{other}_id"], "")  # noqa: E731 - one expression
    found.append(ListPreview(label, _items(kind, links, "company_person", named)))
    return [each for each in found if each.items]


def _items(
    kind: Kind, links: Links, table: str, words: Callable[[Row], str], point: str | None = None
) -> tuple[tuple[str, frozenset[int]], ...]:
    owners: dict[str, set[int]] = {}
    kept = {row["id"] for row in links.after(table)}
    for row in links.rows.get(table, ()):
        if (point is None or row["kind"] == point) and row["id"] in kept:
            owners.setdefault(words(row), set()).add(row[f"{kind}_id"])
    for row in links.rows.get(table, ()):
        if (point is None or row["kind"] == point) and row["id"] not in kept and words(row) in owners:
            owners[words(row)].add(row[f"{kind}_id"])
    return tuple((text, frozenset(of)) for text, of in owners.items() if text)


def _address(row: Row) -> str:
    town = f"{row['postcode']} {row['city']}".strip()
    return ", ".join(part for part in (row["street"].replace("\n", ", "), row["extra"], town, row["country"]) if part)


def _names_of(connection: Connection, table: str, ids: Sequence[int]) -> dict[int, str]:
    named = METADATA.tables[table]
    rows = connection.execute(select(named.c.id, named.c.name).where(named.c.id.in_(ids))) if ids else ()
    return {row[0]: row[1] for row in rows}


# --- writing --------------------------------------------------------------------------------------------------------


def _carry_out(session: "Session", planned: _Plan, now: "datetime") -> None:
    """Doubles go before what they stand in the way of moves."""
    preview, links = planned.preview, planned.links
    changed = [(table, row_id) for table, row_id, _ in links.moves]
    records = [(str(preview.kind), record_id) for record_id in preview.names]
    rows = _loaded(session, {*changed, *links.gone, *links.changes, *records})
    for key in dict.fromkeys(links.gone):
        session.delete(rows[key])
    session.flush()
    for table, row_id, column in links.moves:
        setattr(rows[table, row_id], column, preview.winner)
    for key, changes in {**links.changes, (preview.kind, preview.winner): planned.columns}.items():
        for column, value in changes.items():
            setattr(rows[key], column, value)
    for loser in preview.losers:
        rows[preview.kind, loser].deleted_at = now
    session.flush()


def _loaded(session: "Session", keys: Iterable[tuple[str, int]]) -> dict[tuple[str, int], Any]:
    """Rows by table and id, read for all of a table together."""
    from app.models.base import Base

    classes = {mapper.class_.__tablename__: mapper.class_ for mapper in Base.registry.mappers}
    wanted: dict[str, set[int]] = {}
    for table, row_id in keys:
        wanted.setdefault(table, set()).add(row_id)
    rows: dict[tuple[str, int], Any] = {}
    for table, ids in wanted.items():
        for chunk in chunks(sorted(ids)):
            for row in session.scalars(select(classes[table]).where(classes[table].id.in_(chunk))):
                rows[table, row.id] = row
    return rows
