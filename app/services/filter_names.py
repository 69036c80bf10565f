"""The names of what a filter refers to by id, and what of it is gone: a deleted stage, a person who left."""

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from sqlalchemy import Connection, text

from app.core.terms import Entity
from app.services.filter_fields import Op, spec_of
from app.services.own_kinds import OwnKind, key_of, parts_of
from app.services.record_filter import Condition, Filter, Value, changed, conditions

if TYPE_CHECKING:
    from app.models.store import Store

#: Of these readers see what is not in the trash; the trash has a view of its own.
_VEILED = ("company", "person")


#: The tables whose names are few enough to be offered whole, and their order.
_ORDERS = {
    "member": "sort_key, id", "stage": "position, id", "tag": "sort_key, id", "source": "position, id",
    "reason": "position, id", "field_option": "position, id",
}  # fmt: skip


def tables_of(tree: Filter | None) -> frozenset[str]:
    """The tables that have what the tree refers to by id."""
    found = {table for each in conditions(tree) if (table := spec_of(each.field).table)}
    return frozenset(found | {"field" for each in conditions(tree) if parts_of(each.field)})


def many(field: str) -> bool:
    """Whether there is too much to be offered whole: one types and is offered what fits."""
    return spec_of(field).table not in ("", *_ORDERS)


@dataclass(frozen=True)
class Gone:
    """What a filter referred to and is not there any more; `name` is empty where nobody knows it."""

    field: str
    name: str


@dataclass(frozen=True)
class Names:
    """Names by field and id; of what is gone too. `own` are those of own fields by key, `lost` of those deleted."""

    live: Mapping[tuple[str, int], str]
    gone: Mapping[tuple[str, int], str]
    own: Mapping[str, str] = field(default_factory=dict)
    lost: Mapping[str, str] = field(default_factory=dict)


def names_of(store: "Store", tree: Filter | None) -> Names:
    """The names of everything the tree refers to."""
    wanted: dict[str, set[int]] = {}
    for condition in conditions(tree):
        if spec_of(condition.field).table:
            wanted.setdefault(condition.field, set()).update(v for v in condition.values if isinstance(v, int))
    live: dict[tuple[str, int], str] = {}
    gone: dict[tuple[str, int], str] = {}
    with store.read() as connection:
        for key, ids in wanted.items():
            listed = ", ".join(map(str, sorted(ids))) or "NULL"  # checked to be numbers
            for row_id, name, deleted in connection.execute(text(_named(spec_of(key).table, listed))):
                (gone if deleted else live)[key, row_id] = name
        own, lost = _own_fields(connection, {each.field for each in conditions(tree) if parts_of(each.field)})
    return Names(live, gone, own, lost)


def _own_fields(connection: Connection, keys: Collection[str]) -> tuple[dict[str, str], dict[str, str]]:
    """The names of own fields by their keys: those there are, and those that are gone or never were."""
    if not keys:
        return {}, {}
    own: dict[str, str] = {}
    lost = dict.fromkeys(keys, "")
    for row in connection.execute(text("SELECT id, entity, kind, name, deleted_at IS NOT NULL AS gone FROM field")):
        if row.entity not in tuple(Entity) or row.kind not in tuple(OwnKind):
            continue
        key = key_of(Entity(row.entity), OwnKind(row.kind), row.id)
        if key in lost and row.gone:
            lost[key] = row.name
        elif key in lost:
            own[key] = row.name
            del lost[key]
    return own, lost


def offered(store: "Store", field: str) -> list[tuple[int, str]]:
    """Ids and names of what can be asked for, in their order; how often each is used would have to be counted."""
    table = spec_of(field).table
    retired = " AND retired_at IS NULL" if table == "stage" else ""
    if (own := parts_of(field)) is not None:
        retired = f" AND field_id = {own[2]}"
    statement = f"SELECT id, name FROM {table} WHERE deleted_at IS NULL{retired} ORDER BY {_ORDERS[table]}"
    with store.read() as connection:
        return [(row_id, name) for row_id, name in connection.execute(text(statement))]


def _named(table: str, ids: str) -> str:
    if table in _VEILED:
        # everybody knows them by name: a filter of all goes on asking for one that is not seen, and finds nothing
        return (
            f"SELECT id, name, FALSE FROM {table}_name WHERE id IN ({ids})"
            f" UNION ALL SELECT id, name, TRUE FROM trashed_{table} WHERE id IN ({ids})"
        )
    return f"SELECT id, name, deleted_at IS NOT NULL FROM {table} WHERE id IN ({ids})"


def without_gone(tree: Filter, names: Names) -> tuple[Filter | None, tuple[Gone, ...]]:
    """The tree without what is not there any more, and what that was. None when nothing of it is left."""
    gone: dict[Gone, None] = {}

    def keep(condition: Condition) -> Condition | None:
        if condition.field in names.lost:
            gone[Gone(condition.field, names.lost[condition.field])] = None
            return None
        if not spec_of(condition.field).table or condition.op not in (Op.IS, Op.IS_NOT):
            return condition
        kept: list[Value] = []
        for value in condition.values:
            key = (condition.field, value) if isinstance(value, int) else None
            if key is None or key in names.live:
                kept.append(value)
            else:
                gone[Gone(condition.field, names.gone.get(key, ""))] = None
        return Condition(condition.field, condition.op, tuple(kept)) if kept else None

    return changed(tree, keep), tuple(gone)


def by_name(store: "Store", tree: Filter | None) -> Callable[[str, Value], str]:
    """What says the name of a value of a field, as far as it has one."""
    names = names_of(store, tree)

    def name(field: str, value: Value) -> str:
        if not isinstance(value, int):
            return ""
        return names.live.get((field, value)) or names.gone.get((field, value), "")

    return name
