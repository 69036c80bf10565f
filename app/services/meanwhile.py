"""Lists that are written as a whole, such as the telephone numbers of a company, while others change them, too.

Whoever has a form open saw a list as it was then. What came to it or went from it since is kept: only what was changed
in the form itself is written, so that nobody's entry is lost.
"""

from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Any, TypeVar

from sqlalchemy import text

from app.core.place import Place
from app.services.reach import Point

if TYPE_CHECKING:
    from sqlalchemy import Connection

_T = TypeVar("_T")
_Read = Callable[["Connection", str, int], list[Any]]


def united(seen: Sequence[_T], now: Sequence[_T], wanted: Sequence[_T]) -> list[_T]:
    """What is wanted of a list that was `seen` otherwise than it is now: without what others took out of it since, and
    with what they put into it, in its place.
    """
    gone = [each for each in seen if each not in now]
    found = [each for each in wanted if each not in gone]
    for place, each in enumerate(now):
        if each not in seen and each not in found:
            found.insert(place, each)
    return found


def kept(
    connection: "Connection", owner: str, record_id: int, fields: Mapping[str, Any], seen: Mapping[str, Sequence[Any]]
) -> dict[str, Any]:
    """These fields of a lead, company or person, of lists what becomes of them beside what others wrote since `seen`.

    Needs the connection of the write: nobody else writes meanwhile.
    """
    found = dict(fields)
    for name in fields.keys() & seen.keys() & _NOW.keys():
        found[name] = united(seen[name], _NOW[name](connection, owner, record_id), list(fields[name]))
    return found


def _points(kind: str) -> _Read:
    def read(connection: "Connection", owner: str, record_id: int) -> list[Any]:
        asked = f"SELECT label, value FROM contact_point WHERE {owner}_id = :id AND kind = :kind ORDER BY position, id"
        return [Point(*row) for row in connection.execute(text(asked), {"id": record_id, "kind": kind})]

    return read


def _places(connection: "Connection", owner: str, record_id: int) -> list[Any]:
    asked = "SELECT label, street, extra, postcode, city, region, country FROM address"
    rows = connection.execute(text(f"{asked} WHERE {owner}_id = :id ORDER BY position, id"), {"id": record_id})
    return [Place(*row) for row in rows]


def _tags(connection: "Connection", owner: str, record_id: int) -> list[Any]:
    asked = f"SELECT tag.name FROM {owner}_tag link JOIN tag ON tag.id = link.tag_id WHERE link.{owner}_id = :id"
    return list(connection.execute(text(f"{asked} ORDER BY tag.sort_key, tag.id"), {"id": record_id}).scalars())


def _in_roles(other: str) -> _Read:
    def read(connection: "Connection", owner: str, record_id: int) -> list[Any]:
        """Without those in the trash, whom nobody saw."""
        link = "lead_person" if owner == "lead" else "company_person"
        asked = f"""
            SELECT link.{other}_id, link.role FROM {link} link
            JOIN {other} other ON other.id = link.{other}_id AND other.deleted_at IS NULL
            WHERE link.{owner}_id = :id ORDER BY link.position, link.id
        """
        return [tuple(row) for row in connection.execute(text(asked), {"id": record_id})]

    return read


#: How each list is read as the verbs take it.
_NOW: Mapping[str, _Read] = {
    "phones": _points("phone"), "mails": _points("mail"), "webs": _points("web"), "addresses": _places, "tags": _tags,
    "people": _in_roles("person"), "companies": _in_roles("company"),
}  # fmt: skip
