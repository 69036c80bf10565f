"""A list in groups, such as leads by stage or by the person responsible.

The ids come in the order of the list with what they are grouped by, and are put into their groups here: an order by
name would have to look up a name for each record. What the groups come to is one statement (none where they are only
counted), and so are the names of each level, however many groups there are; all of it in one look at the data.
"""

import json
from array import array
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain, groupby
from typing import Any

from sqlalchemy import Connection, text

from app.services.group_terms import GroupTerms, Key
from app.services.record_query import RecordQuery, order

#: The keys from the outermost group to the one meant.
Path = tuple[Key, ...]
#: How many there are, and the sums of the terms in their order.
Figures = tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Group:
    """Some records of a list that belong together: those from the place `first` on, `count` of them.

    `name` is empty where the key itself has to be worded (a month, a status, none). `sums` are what they come to, by
    the names of the terms of their kind.
    """

    path: Path
    name: str
    first: int
    count: int
    sums: Mapping[str, int]

    @property
    def level(self) -> int:
        """0 for an outer group, 1 for one within it."""
        return len(self.path) - 1

    @property
    def key(self) -> Key:
        """What tells it from the others of its level."""
        return self.path[-1]


@dataclass(frozen=True)
class Grouped:
    """A list in groups. Each group is followed by those within it; `ids` has the records of all of them, one by one."""

    ids: Sequence[int]
    groups: Sequence[Group]


class _Level:
    """The groups of one level in their order: key and name by place; the last place is that of the records without."""

    def __init__(self, named: Iterable[tuple[Key, str]], places: Mapping[Any, int]) -> None:
        self.named = [*named, (None, "")]
        self._places = places

    def place(self, value: Any) -> int:
        """Where a value of the column belongs."""
        return self._places.get(value, len(self.named) - 1)


def read_groups(connection: Connection, query: RecordQuery, source: str, binds: dict[str, Any]) -> Grouped:
    """`source` is FROM and WHERE of the query with a place for joins. Raises KeyError for a group that is none."""
    entity, sums = query.terms.entity, query.terms.sums
    terms = [query.terms.group_of(key) for key in query.group]
    keys = [f"k{number}" for number, _ in enumerate(terms)]
    told = ", ".join(f"{each.expression(entity)} AS {key}" for each, key in zip(terms, keys, strict=True))
    joins, way = order(query)
    listed = f"SELECT {entity}.id AS id, {told} {source.replace('{joins}', joins)} ORDER BY {way}"
    ids, *columns = _columns(connection, ["id", *keys], listed, binds)
    levels = [_level(connection, each, set(column)) for each, column in zip(terms, columns, strict=True)]
    places: dict[tuple[Any, ...], tuple[int, ...]] = {}
    lists: dict[tuple[int, ...], list[int]] = {}
    adding: dict[tuple[Any, ...], Callable[[int], None]] = {}
    for id_, value in zip(ids, zip(*columns, strict=True), strict=True):
        if value not in adding:
            at = places[value] = tuple(map(_Level.place, levels, value))
            # records of different values can be in one group: leads of a company in the trash are without one
            adding[value] = lists.setdefault(at, []).append
        adding[value](id_)
    summed: dict[tuple[int, ...], list[Sequence[int]]] = {}
    if sums:
        figured = ", ".join(f"{sql} AS {name}" for name, sql in sums.items())
        rows = f"SELECT {told}, {figured} {source.replace('{joins}', query.terms.summed)} GROUP BY {', '.join(keys)}"
        for row in zip(*_columns(connection, [*keys, *sums], rows, binds), strict=True):
            summed.setdefault(places[row[: len(keys)]], []).append(row[len(keys) :])
    ordered = sorted(lists)
    figures = [(at, (len(lists[at]), *(_sum(summed[at]) if sums else ()))) for at in ordered]
    in_order = array("q", chain.from_iterable(lists[at] for at in ordered))
    return Grouped(in_order, list(_groups(figures, _Told(levels, tuple(sums)), (), 0)))


def _columns(connection: Connection, names: Sequence[str], rows: str, binds: dict[str, Any]) -> list[list[Any]]:
    """The columns of a statement, each as one value: row by row the interpreter would be busy with nothing else."""
    arrays = ", ".join(f"json_group_array({name})" for name in names)
    return [json.loads(value) for value in connection.execute(text(f"SELECT {arrays} FROM ({rows})"), binds).one()]


def _level(connection: Connection, terms: GroupTerms, values: set[Any]) -> _Level:
    if terms.table:
        rows = f"SELECT id, name FROM {terms.table} ORDER BY {terms.place}, id"
        ids, names = _columns(connection, ["id", "name"], rows, {})
        named = [(id_, name) for id_, name in zip(ids, names, strict=True) if id_ in values]
        return _Level(named, {id_: place for place, (id_, _) in enumerate(named)})
    keys = {value: terms.key(value) for value in values if value is not None}
    known = sorted(set(keys.values()), key=terms.order)
    place_of = {key: place for place, key in enumerate(known)}
    return _Level([(key, "") for key in known], {value: place_of[key] for value, key in keys.items()})


@dataclass(frozen=True)
class _Told:
    """What the groups are made with: the levels, and the names of the sums."""

    levels: Sequence[_Level]
    sums: tuple[str, ...]

    def group(self, path: Path, name: str, first: int, figures: Figures) -> Group:
        return Group(path, name, first, figures[0], dict(zip(self.sums, figures[1:], strict=True)))


def _groups(rows: Sequence[tuple[tuple[int, ...], Figures]], told: _Told, above: Path, first: int) -> Iterator[Group]:
    """The groups below a path, each before those within it; a row is the places and figures of an innermost group."""
    depth = len(above)
    named = told.levels[depth].named
    if depth + 1 == len(told.levels):
        for at, figures in rows:
            key, name = named[at[depth]]
            yield told.group((*above, key), name, first, figures)
            first += figures[0]
        return
    for place, part in groupby(rows, key=lambda row: row[0][depth]):
        inner = list(part)
        key, name = named[place]
        figures = _sum([figures for _, figures in inner])
        yield told.group((*above, key), name, first, figures)
        yield from _groups(inner, told, (*above, key), first)
        first += figures[0]


def _sum(rows: Sequence[Sequence[int]]) -> Figures:
    return tuple(rows[0]) if len(rows) == 1 else tuple(map(sum, zip(*rows, strict=True)))
