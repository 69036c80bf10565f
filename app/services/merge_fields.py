"""What becomes of each field when records are put into one, and why."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from enum import Enum
from typing import Any, NamedTuple

from sqlalchemy import Connection, select

from app.core.calendar import day_of
from app.core.i18n import Plural, Text
from app.core.terms import SALUTATION_LABELS, SIZE_LABELS, Entity, Salutation, Size
from app.models.many import chunks
from app.models.schema import METADATA
from app.services.merge_links import Kind, Row
from app.services.own_kinds import OwnKind
from app.services.own_values import OwnValue, values_of

#: What a value of a field is: as with own fields, or words that have yet to be put into a language.
Value = OwnValue | Text


class Why(Enum):
    """Why a value is the one that stays."""

    WINNER = "winner"  # the record that stays has it
    ONLY = "only"  # the record that stays has none
    CHOSEN = "chosen"
    UNITED = "united"  # it is what all of them have


@dataclass(frozen=True)
class FieldPreview:
    """A field: what each of the records has there, and what stays. `source` is the record whose value that is, None
    where it is made of all. A field can be chosen where more than one of them has a value and they are not the same.
    """

    key: str
    label: Text
    values: Mapping[int, Value]
    result: Value
    source: int | None
    why: Why
    choosable: bool = False


class _Spec(NamedTuple):
    """Columns that are one field, the first of them to be shown."""

    key: str
    label: Text
    columns: tuple[str, ...]
    shown: Callable[[Any], Value] = lambda value: value


def _days(days: tuple[int | None, int | None]) -> Text:
    target, latest = days
    if target is None or latest is None:
        return Plural("after {n} day", "after {n} days", n=target or latest or 0)
    return Text("after {n} days, {m} at the latest", n=target, m=latest)


def _salutation(value: str) -> Value:
    return Text(SALUTATION_LABELS[Salutation(value)]) if value in list(Salutation) else value


_RESPONSIBLE = _Spec("user_id", Text("Responsible"), ("user_id",))
_RHYTHM = _Spec("rhythm", Text("Keep in touch"), ("touch_target", "touch_latest"), _days)
FIELDS: Mapping[Kind, tuple[_Spec, ...]] = {
    "company": (
        _Spec("name", Text("Company name"), ("name", "sort_key", "search_key")),
        _Spec("number", Text("Customer number"), ("number",)),
        _Spec("industry", Text("Industry"), ("industry",)),
        _Spec("size", Text("Company size"), ("size",), lambda size: Text(SIZE_LABELS[Size(size)])),
        _RESPONSIBLE,
        _RHYTHM,
    ),
    "person": (
        _Spec("name", Text("Name"), ("name", "given", "family", "sort_key", "search_key")),
        _Spec("salutation", Text("Salutation"), ("salutation",), _salutation),
        _Spec("prefix", Text("Title"), ("prefix",)),
        _Spec("birthday", Text("Birthday"), ("birthday",), day_of),
        _Spec("photo_id", Text("Photo"), ("photo_id",), lambda _: Text("photo")),
        _RESPONSIBLE,
        _RHYTHM,
    ),
}
_FLAGS: Mapping[str, Text] = {
    "is_customer": Text("Customer"), "is_supplier": Text("Supplier"), "is_other": Text("Other company"),
}  # fmt: skip
#: Columns that are seen to in another way than by a field, or stay as they are.
BESIDE = frozenset({"id", "uid", "created_at", "deleted_at", "info", "archived_at", *_FLAGS})


def built_in(
    connection: Connection, kind: Kind, ids: Sequence[int], records: Mapping[int, Row], choices: Mapping[str, int]
) -> tuple[list[FieldPreview], dict[str, Any]]:
    """The fields every record has, and the columns of the winner that change."""
    fields: list[FieldPreview] = []
    columns: dict[str, Any] = {}
    members = _members(connection, records)
    winner = records[ids[0]]
    for spec in FIELDS[kind]:
        given = {record_id: tuple(records[record_id][name] or None for name in spec.columns) for record_id in ids}
        source, why = _choose(ids, given, choices.get(spec.key))
        shown = {record_id: _shown(spec, records[record_id], members) for record_id in ids if any(given[record_id])}
        if shown:
            some = len(set(given.values())) > 1
            fields.append(
                FieldPreview(spec.key, spec.label, shown, shown.get(source), source, why, some and len(shown) > 1)
            )
        columns |= {name: records[source][name] for name in spec.columns if records[source][name] != winner[name]}
    for field, changed in (_kinds(ids, records), _archived(ids, records), _info(ids, records)):
        columns |= changed
        fields += [field] if field is not None else []
    return fields, columns


def _choose(ids: Sequence[int], given: Mapping[int, tuple[Any, ...]], chosen: int | None) -> tuple[int, Why]:
    """From which record a field is taken: the chosen one, else the winner, else the first that has a value."""
    if chosen is not None and chosen in given:
        return chosen, Why.CHOSEN
    if any(given[ids[0]]):
        return ids[0], Why.WINNER
    return next(((record_id, Why.ONLY) for record_id in ids if any(given[record_id])), (ids[0], Why.WINNER))


def _shown(spec: _Spec, record: Row, members: Mapping[int, str]) -> Value:
    value = record[spec.columns[0]]
    if spec.key == "rhythm":
        return spec.shown((value, record[spec.columns[1]]))
    if spec.key == "user_id":
        return members.get(value, "")
    return spec.shown(value)


def _members(connection: Connection, records: Mapping[int, Row]) -> dict[int, str]:
    member = METADATA.tables["member"]
    wanted = {row["user_id"] for row in records.values()} - {None}
    rows = connection.execute(select(member.c.id, member.c.name).where(member.c.id.in_(wanted))) if wanted else ()
    return {row[0]: row[1] for row in rows}


_Made = tuple[FieldPreview | None, dict[str, Any]]


def _kinds(ids: Sequence[int], records: Mapping[int, Row]) -> _Made:
    """A company that was one thing here and another there is both."""
    if "is_customer" not in records[ids[0]]:
        return None, {}
    has = {record_id: [name for name in _FLAGS if records[record_id][name]] for record_id in ids}
    united = [name for name in _FLAGS if any(name in names for names in has.values())]
    values: dict[int, Value] = {record_id: _and(names) for record_id, names in has.items() if names}
    field = FieldPreview("kinds", Text("Kind of company"), values, _and(united), None, Why.UNITED) if united else None
    return field, {name: True for name in united if not records[ids[0]][name]}


def _and(names: Sequence[str]) -> Value:
    joined: Text | None = None
    for name in names:
        joined = _FLAGS[name] if joined is None else Text("{first}, {second}", first=joined, second=_FLAGS[name])
    return joined


def _archived(ids: Sequence[int], records: Mapping[int, Row]) -> _Made:
    """Archived is what nobody works with: one of them in use is enough."""
    archived = [record_id for record_id in ids if records[record_id]["archived_at"] is not None]
    if not archived:
        return None, {}
    all_ = len(archived) == len(ids)
    values: dict[int, Value] = dict.fromkeys(archived, True)
    field = FieldPreview("archived", Text("Archived"), values, all_, None, Why.UNITED)
    return field, {} if all_ or ids[0] not in archived else {"archived_at": None}


def _info(ids: Sequence[int], records: Mapping[int, Row]) -> _Made:
    """All that was noted, one after the other, nothing twice."""
    texts: dict[int, Value] = {record_id: records[record_id]["info"] for record_id in ids if records[record_id]["info"]}
    if not texts:
        return None, {}
    kept: list[str] = []
    for text in map(str, texts.values()):
        if not any(text.strip() in other for other in kept):
            kept.append(text.strip() if kept else text)
    joined = "\n\n".join(kept)
    field = FieldPreview("info", Text("Info"), texts, joined, None, Why.UNITED)
    return field, {"info": joined} if joined != records[ids[0]]["info"] else {}


def own_fields(
    connection: Connection, kind: Kind, ids: Sequence[int], choices: Mapping[str, int]
) -> tuple[list[FieldPreview], set[int]]:
    """The own fields, and the rows of values that give way to others."""
    rows, fields = _own_rows(connection, kind, ids)
    values = values_of(connection, Entity(kind), ids)
    previews, dropped = [], set()
    for row in fields:
        mine = [value for value in rows if value["field_id"] == row["id"]]
        has = {record_id: values.get(record_id, {}).get(row["id"]) for record_id in ids}
        has = {record_id: value for record_id, value in has.items() if value is not None}
        label, key = Text("{name}", name=row["name"]), f"own.{row['id']}"
        if row["kind"] == OwnKind.CHOICES:
            if has:
                options = {record_id: tuple(sorted(_options(value))) for record_id, value in has.items()}
                united = tuple(sorted({option for each in options.values() for option in each}))
                previews.append(FieldPreview(key, label, dict(options), united, None, Why.UNITED))
            continue
        owners = {value[f"{kind}_id"] for value in mine}
        source, why = _choose(ids, {record_id: (record_id in owners or None,) for record_id in ids}, choices.get(key))
        dropped |= {value["id"] for value in mine if value[f"{kind}_id"] != source}
        if has:
            some = len(set(map(repr, has.values()))) > 1
            previews.append(FieldPreview(key, label, has, has.get(source), source, why, some))
    return previews, dropped


def _options(value: OwnValue) -> tuple[int, ...]:
    return value if isinstance(value, tuple) else ()


def _own_rows(connection: Connection, kind: Kind, ids: Sequence[int]) -> tuple[list[Row], list[Row]]:
    value, field = METADATA.tables["field_value"], METADATA.tables["field"]
    rows: list[Row] = []
    for chunk in chunks(ids):
        rows += connection.execute(select(value).where(value.c[f"{kind}_id"].in_(chunk))).mappings()
    wanted = {row["field_id"] for row in rows}
    fields = select(field).where(field.c.id.in_(wanted)).order_by(field.c.position, field.c.id)
    return rows, list(connection.execute(fields).mappings()) if wanted else []
