"""Who a mail comes from and goes to: lists of addresses, as mails really write them."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from app.services.mails.charsets import one_line
from app.services.mails.headers import without_words
from app.services.mails.terms import Address

_MOST_ADDRESS = 320
_MOST_NAME = 500
_TOKEN = re.compile(
    r'"(?P<quoted>(?:[^"\\]|\\.)*)"?|<(?P<angle>[^<>]{0,1000})>|<(?P<open>[^<>,;]*)|\((?P<comment>(?:[^()\\]|\\.)*)\)?'
    r'|(?P<end>[,;])|(?P<group>:)|(?P<plain>[^"<(,;:]+)',
    re.DOTALL,
)
_ESCAPED = re.compile(r"\\(.)", re.DOTALL)
_COMMENT = re.compile(r"\([^()]*\)")
_LOOSE = re.compile(r"[^\s<>()\[\],;:\"']{1,200}@[^\s<>()\[\],;:\"']{1,255}")


@dataclass
class _Entry:
    """One entry of a list as it is collected."""

    phrase: list[str] = field(default_factory=list)
    angle: str | None = None
    comment: list[str] = field(default_factory=list)
    quoted: bool = False


def addresses(raw: str) -> tuple[Address, ...]:
    """The people in the value of a header, its encoded words not decoded yet; groups are taken apart."""
    found = tuple(_people(raw))
    if any(person.address for person in found):
        return found
    decoded = without_words(raw)  # some encode name and address in one
    return tuple(_people(decoded)) if decoded != raw else found


def _people(raw: str) -> Iterator[Address]:
    """The entries; a name with a comma that nobody quoted is put together again: Müller, Hans <h@m.de>."""
    before: list[str] = []
    for entry in _entries(raw):
        person = _person(entry)
        if entry.angle is not None and before and person.name and not entry.quoted:
            person, before = Address(", ".join((*before, person.name)), person.address), []
        yield from (Address(name, "") for name in before)
        before = []
        if person.address:
            yield Address("" if person.name == person.address else person.name, person.address)
        elif any(map(str.isalnum, person.name)):
            before = [person.name]
    yield from (Address(name, "") for name in before)


def _person(entry: _Entry) -> Address:
    phrase = "".join(entry.phrase).strip()
    comment = "".join(entry.comment).strip()
    if entry.angle is None:
        loose = _LOOSE.search(phrase)
        if loose is None:
            return Address(_name(phrase or comment), "")
        return Address(_name(phrase.replace(loose[0], "", 1) or comment), _address(loose[0]))
    address = _address(entry.angle)
    return Address(_name(phrase or comment or ("" if address else entry.angle)), address)


def _name(text: str) -> str:
    name = one_line(without_words(text))
    return (name[1:-1] if len(name) > 1 and name[0] == name[-1] and name[0] in "'\"" else name)[:_MOST_NAME]


def _address(text: str) -> str:
    """An address of the internet; '' for anything else, such as the places in a directory Outlook writes."""
    plain = "".join(_COMMENT.sub("", one_line(text)).split()).strip("'\"").rpartition(":")[2]  # mailto: or a route
    return plain if "@" in plain.strip("@") and len(plain) <= _MOST_ADDRESS else ""


def _entries(raw: str) -> Iterator[_Entry]:
    """The list taken apart at its commas and semicolons, but not within quotes, brackets or comments."""
    entry = _Entry()
    for token in _TOKEN.finditer(raw):
        match token.lastgroup:
            case "quoted":
                entry.phrase.append(_ESCAPED.sub(r"\1", token["quoted"]))
                entry.quoted = True
            case "angle" | "open" as kind:
                entry.angle = entry.angle or token[kind]
            case "comment":
                entry.comment.append(token["comment"])
            case "end":
                yield entry
                entry = _Entry()
            case "group":
                entry = _Entry() if entry.angle is None else entry
            case _:
                entry.phrase.append(token["plain"])
    yield entry
