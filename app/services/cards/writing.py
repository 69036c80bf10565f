"""Cards as a file other programs read: vCard 3.0, which all of them know, and 4.0."""

import binascii
import re
from collections.abc import Iterable, Iterator
from enum import StrEnum

from app.core.parse.cleaning import one_line, printable
from app.core.place import Place
from app.services.cards.card import Birthday, Card, Photo, Point, Salutation
from app.services.cards.labels import types_of

#: Octets of a line, without its end.
_WIDTH = 75
_ESCAPED = str.maketrans({"\\": "\\\\", "\n": "\\n", ",": "\\,", ";": "\\;"})
_NO_MIME = re.compile(r"[^\w/+.-]", re.ASCII)
_UUID = re.compile("[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}", re.IGNORECASE)
#: What 3.0 has to be told where no year is known: a leap year, and that it is none.
_NO_YEAR = 1604
_GENDERS = {Salutation.MR: ("M", "Male"), Salutation.MS: ("F", "Female")}


class Version(StrEnum):
    """The versions that are written."""

    V3 = "3.0"
    V4 = "4.0"


def write_cards(cards: Iterable[Card], version: Version = Version.V3) -> bytes:
    """The cards as one file: UTF-8, lines of at most 75 octets that end in CR LF."""
    return b"".join(_folded(line) for card in cards for line in _Lines(card, version).all())


def _folded(line: str) -> bytes:
    """The line broken so that no character is torn apart."""
    octets, start, width, pieces = line.encode(), 0, _WIDTH, list[bytes]()
    while len(octets) - start > width:
        end = start + width
        while octets[end] & 0xC0 == 0x80:  # within a character
            end -= 1
        pieces.append(octets[start:end])
        start, width = end, _WIDTH - 1
    return b"\r\n ".join((*pieces, octets[start:])) + b"\r\n"


def _escaped(text: str) -> str:
    return printable(text).translate(_ESCAPED)


def _joined(*parts: str) -> str:
    """A value of several parts."""
    return ";".join(map(_escaped, parts))


class _Lines:
    """The lines of one card."""

    def __init__(self, card: Card, version: Version) -> None:
        self._card = card
        self._new = version == Version.V4
        self._version = version
        self._groups = 0

    def all(self) -> Iterator[str]:
        """The lines from BEGIN to END."""
        card = self._card
        yield from ("BEGIN:VCARD", f"VERSION:{self._version}", "PRODID:-//Trichter//EN")
        yield from self._who()
        for name, points in (("TEL", card.phones), ("EMAIL", card.mails), ("URL", card.webs)):
            for point in points:
                yield from self._point(name, point)
        for address in card.addresses:
            yield from self._address(address)
        if card.birthday:
            yield self._birthday(card.birthday)
        yield from self._texts()
        if card.categories:
            yield "CATEGORIES:" + ",".join(_escaped(one_line(word)) for word in card.categories)
        if card.photo:
            yield self._photo(card.photo)
        yield "END:VCARD"

    def _who(self) -> Iterator[str]:
        card = self._card
        yield "FN:" + _escaped(one_line(card.name or card.organisation))
        yield "N:" + _joined(*map(one_line, (card.family, card.given, card.additional, card.prefix, card.suffix)))
        organisation = card.organisation or (card.name if card.is_company else "")
        if organisation or card.department:
            units = (organisation, card.department) if card.department else (organisation,)
            yield "ORG:" + _joined(*map(one_line, units))
        if self._new:
            yield "KIND:org" if card.is_company else "KIND:individual"
        elif card.is_company:
            yield "X-ABShowAs:COMPANY"
        if genders := _GENDERS.get(card.salutation):
            yield f"GENDER:{genders[0]}" if self._new else f"X-GENDER:{genders[1]}"

    def _texts(self) -> Iterator[str]:
        card = self._card
        for name, text in (("TITLE", card.title), ("ROLE", card.role)):
            if text:
                yield f"{name}:{_escaped(one_line(text))}"
        if card.note:
            yield "NOTE:" + _escaped(card.note)
        if card.uid:
            yield (
                "UID:" + ("urn:uuid:" if self._new and _UUID.fullmatch(card.uid) else "") + _escaped(one_line(card.uid))
            )

    def _point(self, name: str, point: Point) -> Iterator[str]:
        value = one_line(point.value)
        # a web address is no text, so its commas and semicolons stay as they are
        value = value.replace("\\", "\\\\") if name == "URL" else _escaped(value)
        yield from self._labelled(name, point.label, value, preferred=point.preferred)

    def _address(self, address: Place) -> Iterator[str]:
        places = map(one_line, (address.city, address.region, address.postcode, address.country))
        yield from self._labelled("ADR", address.label, _joined("", address.extra, address.street, *places))

    def _labelled(self, name: str, label: str, value: str, *, preferred: bool = False) -> Iterator[str]:
        """A line with what it is for: as types, or as a label of the user's with a group that holds both together."""
        types = types_of(label)
        kinds = [*(types or ())]
        if name == "TEL" and not {"fax", "pager"} & set(kinds):
            kinds.append("voice")
        if name == "EMAIL" and not self._new:
            kinds.append("internet")
        if preferred and not self._new:
            kinds.append("pref")
        params = "".join(f";TYPE={kind if self._new else kind.upper()}" for kind in kinds)
        if preferred and self._new:
            params += ";PREF=1"
        if types is not None:
            yield f"{name}{params}:{value}"
            return
        self._groups += 1
        yield f"item{self._groups}.{name}{params}:{value}"
        yield f"item{self._groups}.X-ABLabel:{_escaped(one_line(label))}"

    def _birthday(self, day: Birthday) -> str:
        if self._new:
            return f"BDAY:{'--' if day.year is None else f'{day.year:04}'}{day.month:02}{day.day:02}"
        if day.year is None:
            return f"BDAY;X-APPLE-OMIT-YEAR={_NO_YEAR};VALUE=date:{_NO_YEAR}-{day.month:02}-{day.day:02}"
        return f"BDAY;VALUE=date:{day.year:04}-{day.month:02}-{day.day:02}"

    def _photo(self, photo: Photo) -> str:
        mime = _NO_MIME.sub("", photo.mime)
        packed = binascii.b2a_base64(photo.data, newline=False).decode()
        if self._new:
            return f"PHOTO:data:{mime};base64,{packed}"
        return f"PHOTO;ENCODING=b;TYPE={mime.rpartition('/')[2].upper()}:{packed}"
