"""How a company or a person is reached: telephone, e-mail, web and postal addresses, each list set as a whole.

What was typed is kept as it was typed. Beside it stands the form in which it is compared: a number in E.164, a mail in
lower case, the domain of a page; and for what is none of these something that is still the same for the same.
"""

import re
import unicodedata
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from typing import TYPE_CHECKING, Any, Literal

from sqlalchemy import select

from app.core.errors import InvalidInput
from app.core.folding import sort_key
from app.core.i18n import Text
from app.core.parse.cleaning import one_line, printable
from app.core.place import Place
from app.models.many import chunks

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

Owner = Literal["company", "person"]
PointKind = Literal["phone", "mail", "web"]

#: More of them than anybody has: a slip, or somebody who means no good.
_MOST = 100
_LONGEST_LABEL = 40
_LONGEST_VALUE = 500
_LONGEST_OF_PLACE: Mapping[str, int] = {
    "label": _LONGEST_LABEL, "street": 300, "extra": 300, "postcode": 20, "city": 200, "region": 200, "country": 100,
}  # fmt: skip
_LINED = frozenset({"street", "extra"})
_STRANGE: Mapping[PointKind, Text] = {
    "phone": Text("This is no whole telephone number. It is kept as it stands."),
    "mail": Text("This does not look like an e-mail address. It is kept as it stands."),
    "web": Text("This does not look like a web address. It is kept as it stands."),
}  # fmt: skip
_IN_BRACKETS = re.compile(r"<([^<>\s]+@[^<>\s]+)>")
_SCHEME = re.compile(r"^[a-z][a-z0-9+.-]*:(?://)?")


@dataclass(frozen=True, slots=True)
class Point:
    """A telephone number, an e-mail address or a page; `label` is a `ReachLabel` or what somebody calls it."""

    label: str
    value: str


def key_of(kind: PointKind, value: str, country: str) -> str:
    """The value as it is compared."""
    if kind == "phone":
        return _phone_key(value, country)[:_LONGEST_VALUE]
    return (_mail_key(value) if kind == "mail" else _web_key(value))[:_LONGEST_VALUE]


def _phone_key(value: str, country: str) -> str:
    from app.services.twins.phones import e164

    value = "".join(c for c in value if unicodedata.category(c) != "Cf")  # signs that nobody sees come with copying
    return e164(value, country) or "".join(c for c in value if c.isdecimal()) or value.casefold()


def _mail_key(value: str) -> str:
    found = _IN_BRACKETS.search(value)
    return (found[1] if found else value.strip()).casefold().removeprefix("mailto:")


def _web_key(value: str) -> str:
    from app.services.twins.mails import company_domain

    plain = value.strip().casefold()
    return company_domain(value) or _SCHEME.sub("", plain).removeprefix("www.").rstrip("/")


def doubt(kind: PointKind, value: str, country: str) -> Text | None:
    """What is to be said of a value that nobody could call, write to or open; None for any other, and for nothing."""
    typed = value.strip()
    return None if not typed or _understood(kind, typed, country) else _STRANGE[kind]


def _understood(kind: PointKind, typed: str, country: str) -> bool:
    if kind == "phone":
        from app.services.twins.phones import e164

        return e164(typed, country) is not None
    if kind == "mail":
        from app.services.twins.mails import address

        return address(typed) is not None
    return "." in typed and " " not in typed


def checked_points(points: Iterable[Point], field: str) -> list[Point]:
    """As they are kept: tidied, without empty ones and repetitions. Raises InvalidInput naming the field."""
    found: dict[str, Point] = {}
    for point in points:
        tidy = Point(one_line(point.label), one_line(point.value))
        if tidy.value:
            found.setdefault(tidy.value, tidy)
    for point in found.values():
        if len(point.value) > _LONGEST_VALUE or len(point.label) > _LONGEST_LABEL:
            raise _too_long(point.value, field)
    _expect_few(found, field)
    return list(found.values())


def checked_places(places: Iterable[Place]) -> list[Place]:
    """As they are kept: tidied, without empty ones and repetitions. Raises InvalidInput."""
    found: dict[Place, None] = {}
    for place in places:
        tidy = replace(place, **{
            name: printable(text) if name in _LINED else one_line(text) for name, text in asdict(place).items()
        })  # fmt: skip
        if not tidy.empty:
            found[tidy] = None
    for place in found:
        for name, text in asdict(place).items():
            if len(text) > _LONGEST_OF_PLACE[name]:
                raise _too_long(text, "addresses")
    _expect_few(found, "addresses")
    return list(found)


def _too_long(text: str, field: str) -> InvalidInput:
    return InvalidInput(Text("“{name}…” is too long.", name=text[:30]), field=field)


def _expect_few(found: Mapping[Any, Any], field: str) -> None:
    if len(found) > _MOST:
        raise InvalidInput(Text("These are more than {n}.", n=_MOST), field=field)


def set_points(
    session: "Session", owner: Owner, ids: Sequence[int], kind: PointKind, points: Iterable[Point], country: str
) -> None:
    """Give each of these records exactly these numbers or addresses of a kind, the main one first."""
    from app.models.schema import ContactPoint

    wanted: list[dict[str, Any]] = [
        {"label": point.label, "value": point.value, "key": key_of(kind, point.value, country), "position": position}
        for position, point in enumerate(checked_points(points, f"{kind}s"))
    ]
    column = getattr(ContactPoint, f"{owner}_id")
    made = lambda owner_id, values: ContactPoint(kind=kind, **{f"{owner}_id": owner_id}, **values)  # noqa: E731
    for chunk in chunks(ids):
        rows = session.scalars(select(ContactPoint).where(column.in_(chunk), ContactPoint.kind == kind))
        _settle(session, owner, chunk, rows, wanted, "value", made)


def set_places(session: "Session", owner: Owner, ids: Sequence[int], places: Iterable[Place]) -> None:
    """Give each of these records exactly these postal addresses, the main one first."""
    from app.models.schema import Address

    wanted: list[dict[str, Any]] = [
        {**asdict(place), "sort_key": sort_key(place.city)[:200], "position": position}
        for position, place in enumerate(checked_places(places))
    ]
    column = getattr(Address, f"{owner}_id")
    made = lambda owner_id, values: Address(**{f"{owner}_id": owner_id}, **values)  # noqa: E731
    for chunk in chunks(ids):
        rows = session.scalars(select(Address).where(column.in_(chunk)))
        _settle(session, owner, chunk, rows, wanted, "street", made)


def _settle(
    session: "Session",
    owner: Owner,
    ids: Sequence[int],
    rows: Iterable[Any],
    wanted: Sequence[Mapping[str, Any]],
    same: str,
    make: Callable[[int, Mapping[str, Any]], Any],
) -> None:
    """Bring the rows of each record to what is wanted; one that says the `same` stays that row, whatever else changed.

    So the history tells that a number was changed, and not that all of them went and came.
    """
    present: dict[int, list[Any]] = {record: [] for record in ids}
    for row in rows:
        present[getattr(row, f"{owner}_id")].append(row)
    for record, there in present.items():
        free = sorted(there, key=lambda row: (row.position, row.id))
        kept: list[Any] = []
        for values in wanted:
            row = next((row for row in free if getattr(row, same) == values[same]), None)
            kept.append(row)
            if row is not None:
                free.remove(row)
        for values, same_row in zip(wanted, kept, strict=True):
            row = same_row or (free.pop(0) if free else None)
            if row is None:
                session.add(make(record, values))
                continue
            for name, value in values.items():
                setattr(row, name, value)
        for row in free:
            session.delete(row)
