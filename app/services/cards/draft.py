"""A card in the making: what each content line adds to it."""

import re
from collections.abc import Callable, Sequence
from urllib.parse import unquote

from app.core.errors import InvalidInput
from app.core.i18n import Text
from app.core.parse.cleaning import one_line
from app.core.place import Place
from app.services.cards.birthdays import birthday
from app.services.cards.card import Birthday, Card, Photo, Point, Refusal, Salutation
from app.services.cards.labels import label_of
from app.services.cards.lines import Line
from app.services.cards.names import Name, addressed, apart, salutation_of, shown
from app.services.cards.pictures import photo_of

#: What is said of the card or its order, not of whom it is about, and what is read with another line.
_SILENT = frozenset((
    "VERSION", "PRODID", "REV", "PROFILE", "SOURCE", "NAME", "MAILER", "CLASS", "SORT-STRING", "CLIENTPIDMAP", "LABEL",
    "X-ABLABEL", "X-ABADR", "X-ABUID", "X-EVOLUTION-FILE-AS", "X-MS-OL-DEFAULT-POSTAL-ADDRESS", "X-MS-OL-DESIGN",
))  # fmt: skip
_UUID = re.compile(r"urn:uuid:", re.IGNORECASE)
_MAILTO = re.compile(r"mailto:", re.IGNORECASE)
_TEL = re.compile(r"tel:([^;]*)(?:.*?;ext=([^;]*))?", re.IGNORECASE)
_LONGEST_UNREAD = 60


class Draft:
    """Takes the lines of one card in their order and gives the card."""

    def __init__(self, lines: Sequence[Line]) -> None:
        self.refused: list[Refusal] = []
        self._words: dict[str, str] = {}  # properties of one line, by name
        self._name: Name | None = None
        self._salutation = Salutation.NONE
        self._points: dict[str, list[tuple[Point, int]]] = {"TEL": [], "EMAIL": [], "URL": []}
        self._addresses: list[Place] = []
        self._birthday: Birthday | None = None
        self._notes: list[str] = []
        self._categories: list[str] = []
        self._photo: Photo | None = None
        self._unread: list[str] = []
        self._labels = {line.group: line.word for line in lines if line.name == "X-ABLABEL" and line.group}
        self._readers: dict[str, Callable[[Line], bool]] = {
            "N": self._read_name,
            "ORG": self._read_organisation,
            "TEL": self._read_phone,
            "X-MS-TEL": self._read_phone,
            "EMAIL": self._read_mail,
            "URL": self._read_web,
            "ADR": self._read_address,
            "BDAY": self._read_birthday,
            "NOTE": self._read_note,
            "CATEGORIES": self._read_categories,
            "PHOTO": self._read_photo,
            **dict.fromkeys(("GENDER", "X-GENDER", "X-SALUTATION"), self._read_gender),
            **dict.fromkeys(("KIND", "X-ADDRESSBOOKSERVER-KIND"), self._read_kind),
            **dict.fromkeys(("FN", "TITLE", "ROLE", "UID", "NICKNAME", "X-ABSHOWAS"), self._read_word),
        }
        self._after_note = False
        for line in lines:
            self._take(line)
        self._take_printed_addresses([line for line in lines if line.name == "LABEL"])

    def _take(self, line: Line) -> None:
        """Raises InvalidInput where the whole card is refused."""
        if line.fault:
            raise InvalidInput(line.fault)
        if not line.name and self._after_note:  # a note whose line ends nobody escaped
            self._notes[-1] += "\n" + line.text
            return
        self._after_note = line.name == "NOTE" and bool(line.value.strip())
        if line.name == "AGENT":  # a card of its own, by now; that it is of somebody's has no place
            self._leave(line.name)
            return
        if line.name in _SILENT or (line.name and not line.value.strip()):
            return
        reader = self._readers.get(line.name)
        if reader is None or not reader(line):
            self._leave(line.name or line.word[:_LONGEST_UNREAD])

    def _leave(self, name: str) -> None:
        if name and name not in self._unread:
            self._unread.append(name)

    # one property each; False for a value that is left

    def _read_word(self, line: Line) -> bool:
        return self._words.setdefault(line.name, line.word) == line.word

    def _read_name(self, line: Line) -> bool:
        lists = [*line.listed(), *[[""]] * 5][:5]
        parts = [(", " if place == 4 else " ").join(filter(None, words)) for place, words in enumerate(lists)]
        name = Name(*parts)
        self._name = name if self._name is None else self._name
        return self._name == name

    def _read_organisation(self, line: Line) -> bool:
        first, *rest = [one_line(part) for part in line.parts()]
        found = {"ORG": first, "UNIT": ", ".join(filter(None, rest))}
        self._words = {**found, **self._words}
        return all(self._words[key] == value for key, value in found.items())

    def _read_phone(self, line: Line) -> bool:
        number = line.word
        if uri := _TEL.fullmatch(number):
            number = unquote(uri[1]) + (f" ext. {unquote(uri[2])}" if uri[2] else "")
        return self._read_point("TEL", line, one_line(number))

    def _read_mail(self, line: Line) -> bool:
        found = _MAILTO.match(line.word)
        return self._read_point("EMAIL", line, one_line(unquote(line.word[found.end() :])) if found else line.word)

    def _read_web(self, line: Line) -> bool:
        return self._read_point("URL", line, line.word)

    def _read_point(self, name: str, line: Line, value: str) -> bool:
        if value:
            rank = next((int(text) for text in line.params.get("PREF", ()) if text.isdecimal() and len(text) < 4), 0)
            rank = 1 if "pref" in line.types else rank
            self._points[name].append((Point(label_of(line, self._labels), value), rank))
        return bool(value)

    def _read_address(self, line: Line) -> bool:
        parts = [*line.parts(), *[""] * 7]
        box, extra, street, *places = parts[:7]
        city, region, postcode, country = map(one_line, places)
        extra = "\n".join(filter(None, (box, extra)))
        address = Place(label_of(line, self._labels), street, extra, postcode, city, region, country)
        if address.empty and (printed := line.params.get("LABEL")):
            address = Place(address.label, ", ".join(printed).replace("^n", "\n").replace("^'", '"'))
        if not address.empty:
            self._addresses.append(address)
        return True

    def _take_printed_addresses(self, lines: Sequence[Line]) -> None:
        """Addresses as on a label: told already by ADR, where there is one for the same place."""
        known = {address.label for address in self._addresses}
        for line in lines:
            label = label_of(line, self._labels)
            if label not in known and line.text:
                self._addresses.append(Place(label, line.text))

    def _read_birthday(self, line: Line) -> bool:
        found = birthday(line.word, next(iter(line.params.get("X-APPLE-OMIT-YEAR", ())), ""))
        self._birthday = self._birthday or found
        return found is not None and found == self._birthday

    def _read_note(self, line: Line) -> bool:
        self._notes.append(line.text)
        return True

    def _read_categories(self, line: Line) -> bool:
        words = [one_line(word) for word in line.parts(",")]
        self._categories += [word for word in words if word and word not in self._categories]
        return True

    def _read_photo(self, line: Line) -> bool:
        if self._photo is not None:
            return False
        try:
            self._photo = photo_of(line)
        except InvalidInput as error:
            self.refused.append(Refusal(line.number, error.title, whole=False))
        return self._photo is not None

    def _read_gender(self, line: Line) -> bool:
        found = salutation_of(line.value)
        self._salutation = self._salutation or found
        return bool(found)

    def _read_kind(self, line: Line) -> bool:
        kind = line.word.lower()
        if kind == "group":
            raise InvalidInput(Text("This is a group of contacts, not a contact."))
        self._words.setdefault("KIND", kind)
        return kind in ("individual", "org", "organization")

    # what they are together

    def card(self) -> Card:
        """The card. Raises InvalidInput where it says neither who nor what it is about."""
        organisation, phones = self._words.get("ORG", ""), self._best("TEL")
        mails = self._best("EMAIL")
        called = self._words.get("FN", "")
        is_company = self._is_company(called, organisation)
        name = self._name or Name()
        if self._name is None and not is_company:  # no place for parts at all: they are in the whole
            name = apart(called)
        salutation, prefix = addressed(name.prefix)
        points = [point.value for point in (*mails, *phones)]
        titles = (called, shown(name), organisation, self._words.get("NICKNAME", ""), *points)
        title = next(filter(None, titles), "")
        if not title:
            raise InvalidInput(Text("The card says neither a name nor a company, an e-mail address or a number."))
        if "NICKNAME" in self._words and title != self._words["NICKNAME"]:
            self._leave("NICKNAME")
        return Card(
            title, name.given, name.family, name.additional, prefix, name.suffix,
            salutation or self._salutation,
            organisation or (title if is_company else ""),
            self._words.get("UNIT", ""),
            self._words.get("TITLE", ""),
            self._words.get("ROLE", ""),
            phones, mails, self._best("URL"),
            tuple(self._addresses),
            self._birthday,
            "\n\n".join(filter(None, self._notes)),
            tuple(self._categories),
            self._photo,
            _UUID.sub("", self._words.get("UID", ""), count=1),
            is_company,
            tuple(self._unread),
        )  # fmt: skip

    def _is_company(self, called: str, organisation: str) -> bool:
        """As the card says, else a company is all it names."""
        kind = self._words.get("KIND", "")
        if kind in ("org", "organization", "individual"):
            return kind != "individual"
        if self._words.get("X-ABSHOWAS", "").upper() == "COMPANY":
            return True
        return bool(organisation) and not any(self._name or ()) and called in ("", organisation)

    def _best(self, name: str) -> tuple[Point, ...]:
        """The points of a kind, with the best of those that are preferred at all marked as such."""
        ranked = self._points[name]
        best = min((rank for _, rank in ranked if rank), default=0)
        return tuple(Point(point.label, point.value, rank > 0 and rank == best) for point, rank in ranked)
