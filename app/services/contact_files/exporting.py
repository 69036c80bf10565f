"""Companies and people as a vCard file, which other address books and this program read.

The file appears under its name when it is complete and on the disk; until then whatever stood there stays.
"""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any
from uuid import UUID

from sqlalchemy import Connection, text

from app.core.calendar import day_of
from app.core.errors import Damaged, NotFound
from app.core.files import replacing
from app.core.place import Place
from app.core.terms import YEAR_UNKNOWN
from app.models.failures import translated
from app.models.many import chunks, with_ids
from app.services.cards.card import Birthday, Card, Label, Photo, Point
from app.services.cards.names import salutation_of
from app.services.cards.pictures import mime_of
from app.services.cards.writing import Version, write_cards
from app.services.contact_files.countries import country_name
from app.services.contact_files.draft import Kind
from app.services.contact_files.plan import Progress, ignore
from app.services.targets import check_target, link_end

if TYPE_CHECKING:
    from app.models.store import Store

_BATCH = 200


@dataclass(frozen=True, slots=True)
class Exported:
    """How many cards were written, and the names of the people whose photo is damaged and left out."""

    count: int
    without_photo: tuple[str, ...]


def export_cards(
    store: "Store",
    target: Path,
    version: Version = Version.V3,
    *,
    companies: Sequence[int] | None = None,
    people: Sequence[int] | None = None,
    progress: Progress = ignore,
) -> Exported:
    """Write these companies and people (None: all of them, by name) to a file.

    Who is no longer there is left out. `progress` raises Cancelled to stop it. Raises StorageError, and InvalidInput
    where there are data or no folder; `target` is then as it was.
    """
    with translated():
        file_behind = link_end(target)
        check_target(file_behind)
        if target.exists() and not target.is_file():  # a device or a pipe is written to and never replaced
            with target.open("w", encoding="utf-8", newline="") as file:
                return _write(file, store, companies, people, version, progress)
        with replacing(file_behind, encoding="utf-8", newline="") as file:
            return _write(file, store, companies, people, version, progress)


def _write(
    file: Any,
    store: "Store",
    companies: Sequence[int] | None,
    people: Sequence[int] | None,
    version: Version,
    progress: Progress,
) -> Exported:
    """A batch is read at once, but no more than one photo is held."""
    done = count = 0
    damaged: list[str] = []
    with store.read() as connection:
        wanted: list[tuple[Kind, Sequence[int]]] = [
            ("company", _all(connection, "company") if companies is None else companies),
            ("person", _all(connection, "person") if people is None else people),
        ]
        total = sum(len(ids) for _, ids in wanted)
        for kind, ids in wanted:
            for chunk in chunks(ids, _BATCH):
                progress(done, total)
                for card in cards_of(connection, kind, chunk, damaged):
                    file.write(write_cards([card], version).decode())
                    count += 1
                done += len(chunk)
        progress(done, total)
    return Exported(count, tuple(damaged))


def _all(connection: Connection, kind: Kind) -> Sequence[int]:
    return connection.execute(text(f"SELECT id FROM {kind} ORDER BY sort_key, id")).scalars().all()


def cards_of(connection: Connection, kind: Kind, ids: Sequence[int], damaged: list[str]) -> Iterator[Card]:
    """The cards of these companies or people, in that order; whoever is no longer there is left out. All is read at
    once but for the photos, each with its card. The names of those whose photo is `damaged` are added there.
    """
    known = {"ids": list(ids)}
    points: dict[int, dict[str, list[Point]]] = defaultdict(lambda: defaultdict(list))
    for owner, way, label, value in connection.execute(with_ids(_POINTS.format(kind=kind)), known):
        points[owner][way].append(Point(label or Label.OTHER, value))
    places: dict[int, list[Place]] = defaultdict(list)
    for owner, *parts in connection.execute(with_ids(_PLACES.format(kind=kind)), known):
        place = Place(*parts)
        place = replace(place, label=place.label or Label.OTHER, country=country_name(place.country))
        places[owner].append(place)
    tags: dict[int, list[str]] = defaultdict(list)
    for owner, name in connection.execute(with_ids(_TAGS.format(kind=kind)), known):
        tags[owner].append(name)
    employers: dict[int, tuple[str, str]] = {}
    if kind == "person":
        for owner, name, role in connection.execute(with_ids(_EMPLOYERS), known):
            employers.setdefault(owner, (name, role))
    statement = _COMPANIES if kind == "company" else _PEOPLE
    rows = {row.id: row for row in connection.execute(with_ids(statement), known)}
    for number in ids:
        if (row := rows.get(number)) is not None:
            ways = points[number]
            common: dict[str, Any] = {
                "name": row.name, "uid": str(UUID(row.uid)), "note": row.info, "addresses": tuple(places[number]),
                "categories": tuple(tags[number]), "phones": _ranked(ways["phone"]), "mails": _ranked(ways["mail"]),
                "webs": _ranked(ways["web"]),
            }  # fmt: skip
            if kind == "company":
                yield Card(**common, organisation=row.name, is_company=True)
            else:
                photo = _photo(connection, row, damaged)
                yield _person(row, employers.get(number, ("", "")), common, photo)


def _person(row: Any, employer: tuple[str, str], common: dict[str, Any], photo: Photo | None) -> Card:
    organisation, role = employer
    return Card(
        **common, given=row.given, family=row.family, prefix=row.prefix, salutation=salutation_of(row.salutation),
        organisation=organisation, title=role, birthday=_birthday(row.birthday), photo=photo,
    )  # fmt: skip


def _ranked(points: Sequence[Point]) -> tuple[Point, ...]:
    """The first one is the main one, which has to be said where there are several."""
    first, *rest = points or (None,)
    if first is None:
        return ()
    return (Point(first.label, first.value, preferred=bool(rest)), *rest)


def _birthday(number: int | None) -> Birthday | None:
    if number is None:
        return None
    day = day_of(number)
    return Birthday(day.month, day.day, None if day.year == YEAR_UNKNOWN else day.year)


def _photo(connection: Connection, row: Any, damaged: list[str]) -> Photo | None:
    """The picture, unless it is of a kind that cards do not have, or damaged: the rest is worth having without it."""
    from app.services.contents import pieces_of

    if row.photo_id is None:
        return None
    try:
        data = b"".join(pieces_of(connection, row.photo_id))
    except (Damaged, NotFound):
        damaged.append(row.name)
        return None
    mime = mime_of(data)
    return Photo(data, mime) if mime else None


_POINTS = """
SELECT {kind}_id, kind, label, value FROM contact_point WHERE {kind}_id IN :ids ORDER BY position, id
"""
_PLACES = """
SELECT {kind}_id, label, street, extra, postcode, city, region, country FROM address WHERE {kind}_id IN :ids
ORDER BY position, id
"""
_TAGS = """
SELECT link.{kind}_id, tag.name FROM {kind}_tag link JOIN tag ON tag.id = link.tag_id
WHERE link.{kind}_id IN :ids AND tag.deleted_at IS NULL ORDER BY tag.sort_key, tag.id
"""
_EMPLOYERS = """
SELECT link.person_id, company.name, link.role FROM company_person link JOIN company ON company.id = link.company_id
WHERE link.person_id IN :ids ORDER BY link.position, link.id
"""
_COMPANIES = "SELECT id, uid, name, info FROM company WHERE id IN :ids"
_PEOPLE = """
SELECT id, uid, name, salutation, prefix, given, family, birthday, info, photo_id FROM person WHERE id IN :ids
"""
