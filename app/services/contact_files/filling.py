"""What a card adds to a company or person who is there: what is empty is filled, nothing that is there is changed."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import Connection

from app.core.folding import search_key, sort_key
from app.core.place import Place
from app.core.terms import Entity
from app.models.many import chunks, with_ids
from app.services.contact_files.draft import Draft, Kind, Reach, place_key
from app.services.own_values import OwnValue, values_of

_FLAGS = ("is_customer", "is_supplier", "is_other")
_COLUMNS: dict[Kind, tuple[str, ...]] = {
    "company": ("info", "user_id", "number", "industry", "size", *_FLAGS),
    "person": ("salutation", "prefix", "given", "family", "birthday", "info", "user_id"),
}


@dataclass(slots=True)
class Existing:
    """What is known of somebody. `employers` are the ids and names of companies with the role there."""

    id: int
    values: dict[str, Any]
    photo: bool = False
    points: set[tuple[str, str]] = field(default_factory=set)
    next_point: dict[str, int] = field(default_factory=lambda: defaultdict(int))
    places: list[Place] = field(default_factory=list)
    tags: set[str] = field(default_factory=set)
    employers: dict[int, tuple[str, str]] = field(default_factory=dict)
    own: set[int] = field(default_factory=set)


@dataclass(frozen=True, slots=True)
class Additions:
    """What is to be added; `employer` says that the person is to work for the card's company, `role` at which one."""

    values: dict[str, Any]
    photo: bool = False
    points: tuple[Reach, ...] = ()
    places: tuple[Place, ...] = ()
    tags: tuple[str, ...] = ()
    employer: bool = False
    role_at: int | None = None
    own: tuple[tuple[int, OwnValue], ...] = ()
    #: Columns in which something else stands already, which stays.
    kept: tuple[str, ...] = field(default=(), compare=False)

    @property
    def nothing(self) -> bool:
        """Whether all of the card is there."""
        return self == _NOTHING


_NOTHING = Additions({})


def read_existing(connection: Connection, kind: Kind, ids: Iterable[int]) -> dict[int, Existing]:
    """What is known of these, by id; those who are no longer there are left out."""
    found: dict[int, Existing] = {}
    for chunk in chunks(sorted(set(ids))):
        _read(connection, kind, chunk, found)
    return found


def _read(connection: Connection, kind: Kind, ids: Sequence[int], found: dict[int, Existing]) -> None:
    columns, photo = _COLUMNS[kind], "photo_id IS NOT NULL" if kind == "person" else "FALSE"
    rows = connection.execute(
        with_ids(f"SELECT id, {photo}, {', '.join(columns)} FROM {kind} WHERE id IN :ids AND deleted_at IS NULL"),
        {"ids": ids},
    )
    for number, has_photo, *values in rows:
        found[number] = Existing(number, dict(zip(columns, values, strict=True)), bool(has_photo))
    known = {"ids": [number for number in ids if number in found]}
    if not known["ids"]:
        return
    for owner, way, key, position in connection.execute(with_ids(_POINTS.format(kind=kind)), known):
        one = found[owner]
        one.points.add((way, key))
        one.next_point[way] = max(one.next_point[way], position + 1)
    for owner, *parts in connection.execute(with_ids(_PLACES.format(kind=kind)), known):
        found[owner].places.append(Place(*parts))
    for owner, name in connection.execute(with_ids(_TAGS.format(kind=kind)), known):
        found[owner].tags.add(sort_key(name))
    for owner, told in values_of(connection, Entity(kind), known["ids"]).items():
        found[owner].own = set(told)
    if kind == "person":
        for owner, company, name, role in connection.execute(with_ids(_EMPLOYERS), known):
            found[owner].employers[company] = (name, role)


def additions(draft: Draft, one: Existing, employer: int | None) -> Additions:
    """What the draft adds; `employer` is the id of its company, None where that is new or there is none."""
    columns = draft.columns
    values, kept = {}, []
    for name, held in one.values.items():
        told = columns[name] if name in columns else getattr(draft, name)
        if _empty(name, told):
            continue
        if _empty(name, held):
            values[name] = told
        elif told != held and name not in _FLAGS:
            kept.append(name)
    points = tuple(point for point in draft.points if (point.kind, point.key) not in one.points)
    at, joins = _place_at(draft, one, employer)
    role = draft.role if at is not None and not one.employers[at][1] else ""
    return Additions(
        values,
        draft.photo is not None and not one.photo and draft.kind == "person",
        points,
        tuple(place for place in draft.addresses if not _is_there(place, one.places)),
        tuple(word for word in draft.tags if sort_key(word) not in one.tags),
        joins,
        at if role else None,
        tuple((field_id, value) for field_id, value in draft.own if field_id not in one.own),
        tuple(kept),
    )


def _empty(name: str, value: Any) -> bool:
    return value is None or value == "" or (name in _FLAGS and not value)


def take_in(draft: Draft, one: Existing, added: Additions, employer: int | None) -> None:
    """From now on it is known, so that a second card of the same adds only what is new again."""
    one.values |= added.values
    one.photo = one.photo or added.photo
    for point in added.points:
        one.points.add((point.kind, point.key))
        one.next_point[point.kind] += 1
    one.places += added.places
    one.tags |= {sort_key(word) for word in added.tags}
    one.own |= {field_id for field_id, _value in added.own}
    if employer is not None and (added.employer or added.role_at is not None):
        one.employers[added.role_at or employer] = (draft.employer, draft.role)


def _place_at(draft: Draft, one: Existing, employer: int | None) -> tuple[int | None, bool]:
    """At which of the companies of somebody the card sees them, and whether that has to be added."""
    if not draft.employer:
        return None, False
    if employer is not None and employer in one.employers:
        return employer, False
    key = search_key(draft.employer)
    same = next((number for number, (name, _) in one.employers.items() if search_key(name) == key), None)
    return same, same is None


def _is_there(place: Place, known: Iterable[Place]) -> bool:
    key = place_key(place)
    return any(place_key(each) == key and place.region in ("", each.region) for each in known)


_POINTS = "SELECT {kind}_id, kind, key, position FROM contact_point WHERE {kind}_id IN :ids"
_PLACES = """
SELECT {kind}_id, label, street, extra, postcode, city, region, country FROM address WHERE {kind}_id IN :ids
ORDER BY position, id
"""
_TAGS = """
SELECT link.{kind}_id, tag.name FROM {kind}_tag link JOIN tag ON tag.id = link.tag_id
WHERE link.{kind}_id IN :ids AND tag.deleted_at IS NULL
"""
_EMPLOYERS = """
SELECT link.person_id, company.id, company.name, link.role FROM company_person link
JOIN company ON company.id = link.company_id AND company.deleted_at IS NULL
WHERE link.person_id IN :ids ORDER BY link.position, link.id
"""
