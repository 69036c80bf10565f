"""A card as the store would have it: a company or a person with what hangs on them."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any, Literal

from app.core.calendar import day_number
from app.core.folding import search_key
from app.core.i18n import Text
from app.core.parse.cleaning import one_line, printable
from app.core.place import Place
from app.core.terms import YEAR_UNKNOWN, CompanyKind, Size
from app.services.cards.card import Birthday, Card, Photo, Point
from app.services.catalogue import checked_name
from app.services.contact_files.countries import country_code
from app.services.own_values import OwnValue
from app.services.reach import PointKind, key_of
from app.services.twins.facts import Facts

Kind = Literal["company", "person"]

_LONGEST = {
    "label": 40, "value": 500, "street": 300, "extra": 300, "postcode": 20, "city": 200, "region": 200, "country": 100,
    "tag": 100, "salutation": 50, "prefix": 100, "given": 150, "family": 150, "role": 200,
}  # fmt: skip
#: More of a kind than anybody has.
MOST = 100
_PLACE = ("street", "extra", "postcode", "city", "region", "country")


@dataclass(frozen=True, slots=True)
class Reach:
    """A telephone number, mail or web address; `key` is what it is compared by."""

    kind: PointKind
    label: str
    value: str
    key: str


@dataclass(frozen=True, slots=True)
class Draft:
    """What a card makes or adds to. `employer` is the name of the company a person works for, `role` as what.

    `left` says what of the card is not taken. What follows it no card says, but a row of a table may: `user_id` is who
    is responsible, `own` are values of own fields by their ids.
    """

    kind: Kind
    name: str
    uid: str = ""
    salutation: str = ""
    prefix: str = ""
    given: str = ""
    family: str = ""
    birthday: int | None = None
    info: str = ""
    employer: str = ""
    role: str = ""
    points: tuple[Reach, ...] = ()
    addresses: tuple[Place, ...] = ()
    tags: tuple[str, ...] = ()
    photo: Photo | None = None
    left: tuple[Text, ...] = ()
    number: str = ""
    kinds: tuple[CompanyKind, ...] = ()
    industry: str = ""
    size: Size | None = None
    user_id: int | None = None
    own: tuple[tuple[int, OwnValue], ...] = ()

    @property
    def key(self) -> str:
        """The name as it is compared."""
        return search_key(self.name) or self.name

    @property
    def columns(self) -> dict[str, Any]:
        """What else stands in the row of the company or person."""
        if self.kind == "person":
            return {"user_id": self.user_id}
        flags = {f"is_{kind}": kind in self.kinds for kind in CompanyKind}
        return {"user_id": self.user_id, "number": self.number or None, "industry": self.industry, "size": self.size,
                **flags}  # fmt: skip

    def facts(self) -> Facts:
        """What it is compared with others by."""
        main = next(iter(self.addresses), Place())
        return Facts(
            self.kind, self.name, self._values("mail"),
            tuple(point.key for point in self.points if point.kind == "phone" and point.key.startswith("+")),
            self._values("web"), main.postcode, main.city, (self.employer,) if self.employer else (),
        )  # fmt: skip

    def facts_of_employer(self) -> Facts:
        """What is known of the company a person works for."""
        return Facts("company", self.employer, self._values("mail"), (), self._values("web"))

    def _values(self, kind: PointKind) -> tuple[str, ...]:
        return tuple(point.value for point in self.points if point.kind == kind)


def draft_of(card: Card, country: str) -> Draft:
    """The draft of a card; `country` is that of the store. Raises InvalidInput for a name nobody could have."""
    return _Drafting(card, country).company() if card.is_company else _Drafting(card, country).person()


def place_key(place: Place) -> str:
    """By which an address is compared."""
    return " ".join(search_key(part) for part in (place.street, place.postcode, place.city))


class _Drafting:
    def __init__(self, card: Card, country: str) -> None:
        self._card = card
        self._country = country
        self._left: list[Text] = []
        if card.unread:
            self._left.append(Text("Not read: {names}", names=", ".join(card.unread)))

    def company(self) -> Draft:
        card = self._card
        name = checked_name("company", card.name)
        if card.photo is not None:
            self._left.append(Text("The picture is left out: companies have none."))
        return Draft(
            "company", name, card.uid, info=printable(card.note), points=tuple(self._points()),
            addresses=tuple(self._addresses()), tags=tuple(self._tags()), left=tuple(self._left),
        )  # fmt: skip

    def person(self) -> Draft:
        card = self._card
        name = checked_name("person", self._called())
        employer = checked_name("company", card.organisation) if one_line(card.organisation) else ""
        role = ", ".join(dict.fromkeys(filter(None, map(one_line, (card.title, card.role, card.department)))))
        info = printable(card.note)
        if role and (not employer or len(role) > _LONGEST["role"]):  # there is no other place for it
            info, role = "\n\n".join(filter(None, (info, role))), ""
        return Draft(
            "person", name, card.uid,
            str(card.salutation),
            self._short("prefix", card.prefix),
            self._short("given", f"{card.given} {card.additional}"),
            self._short("family", card.family),
            _day(card.birthday), info, employer, role,
            tuple(self._points()), tuple(self._addresses()), tuple(self._tags()), card.photo, tuple(self._left),
        )  # fmt: skip

    def _called(self) -> str:
        """The name as it is shown, with what comes after it, which has no other place."""
        name, suffix = one_line(self._card.name), one_line(self._card.suffix)
        return name if not suffix or search_key(suffix) in search_key(name) else f"{name}, {suffix}"

    def _short(self, part: str, text: str) -> str:
        text = one_line(text)
        if len(text) <= _LONGEST[part]:
            return text
        self._too_long(text)
        return ""

    def _too_long(self, text: str) -> None:
        self._left.append(Text("Too long, so it is left out: “{text}…”", text=one_line(text)[:40]))

    def _points(self) -> Iterator[Reach]:
        card = self._card
        kinds: tuple[tuple[PointKind, Iterable[Point]], ...] = (
            ("phone", card.phones), ("mail", card.mails), ("web", card.webs),
        )  # fmt: skip
        for kind, points in kinds:
            taken: set[tuple[str, str]] = set()
            for point in sorted(points, key=lambda point: not point.preferred):
                value, label = one_line(point.value), one_line(point.label)[: _LONGEST["label"]]
                key = key_of(kind, value, self._country)
                if len(taken) == MOST:
                    self._left.append(Text("Only the first {n} numbers and addresses of a kind are taken.", n=MOST))
                    break
                if len(value) > _LONGEST["value"]:
                    self._too_long(value)
                elif value and (label, value) not in taken:
                    taken.add((label, value))
                    yield Reach(kind, label, value, key)

    def _addresses(self) -> Iterator[Place]:
        for given in self._card.addresses[:MOST]:
            parts = {name: printable(getattr(given, name)) for name in _PLACE}
            parts["country"] = country_code(parts["country"])
            place = Place(label=one_line(given.label)[: _LONGEST["label"]], **parts)
            if long := next((parts[name] for name in _PLACE if len(parts[name]) > _LONGEST[name]), ""):
                self._too_long(long)
            elif not place.empty:
                yield place

    def _tags(self) -> Iterator[str]:
        for word in list(dict.fromkeys(map(one_line, self._card.categories)))[:MOST]:
            if len(word) > _LONGEST["tag"]:
                self._too_long(word)
            elif word:
                yield word


def _day(birthday: Birthday | None) -> int | None:
    if birthday is None:
        return None
    return day_number(date(birthday.year or YEAR_UNKNOWN, birthday.month, birthday.day))
