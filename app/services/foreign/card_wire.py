"""A file of cards on its way from the child to the program."""

from collections.abc import Iterator
from typing import Any

from app.core.i18n import dump_args, dump_message, load_text
from app.core.place import Place
from app.services.cards.card import Birthday, Card, CardFile, Photo, Point, Refusal, Salutation
from app.services.child.wire import Message

_WORDS = (
    "name", "given", "family", "additional", "prefix", "suffix", "organisation", "department", "title", "role", "note",
    "uid", "is_company",
)  # fmt: skip
_POINTS = ("phones", "mails", "webs")
_BIRTHDAY = ("month", "day", "year")
_POINT = ("label", "value", "preferred")
_ADDRESS = ("label", "street", "extra", "postcode", "city", "region", "country")


def pack(file: CardFile) -> Message:
    """The cards as a message: photos as its parts, everything else as values."""
    refused = [(each.line, dump_message(each.why), dump_args(each.why.args), each.whole) for each in file.refused]
    photos = tuple(card.photo.data for card in file.cards if card.photo is not None)
    return Message({"cards": [_values(card) for card in file.cards], "refused": refused}, photos)


def _values(card: Card) -> dict[str, Any]:
    """What a card says; nothing of what it does not say."""
    values: dict[str, Any] = {name: value for name in _WORDS if (value := getattr(card, name))}
    for name in _POINTS:
        if points := getattr(card, name):
            values[name] = [[getattr(point, part) for part in _POINT] for point in points]
    if card.addresses:
        values["addresses"] = [[getattr(each, part) for part in _ADDRESS] for each in card.addresses]
    if card.birthday is not None:
        values["birthday"] = [getattr(card.birthday, part) for part in _BIRTHDAY]
    if card.photo is not None:
        values["photo"] = card.photo.mime
    for name in ("salutation", "categories", "unread"):
        if value := getattr(card, name):
            values[name] = value
    return values


def unpack(message: Message) -> CardFile:
    """The inverse of `pack`."""
    photos = iter(message.parts)
    cards = tuple(_card(dict(values), photos) for values in message.values["cards"])
    refused = (Refusal(line, load_text(words, args), whole) for line, words, args, whole in message.values["refused"])
    return CardFile(cards, tuple(refused))


def _card(values: dict[str, Any], photos: Iterator[bytes]) -> Card:
    for name in _POINTS:
        values[name] = tuple(Point(*parts) for parts in values.get(name, ()))
    values["addresses"] = tuple(Place(*parts) for parts in values.get("addresses", ()))
    if "birthday" in values:
        values["birthday"] = Birthday(*values["birthday"])
    if "photo" in values:
        values["photo"] = Photo(next(photos), values["photo"])
    values["salutation"] = Salutation(values.get("salutation", ""))
    for name in ("categories", "unread"):
        values[name] = tuple(values.get(name, ()))
    return Card(**{"name": "", **values})
