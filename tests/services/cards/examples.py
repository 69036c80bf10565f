"""Cards to write, and what the tests of reading share."""

from random import Random

from app.core.place import Place
from app.services.cards.card import Birthday, Card, Label, Photo, Point, Salutation
from app.services.cards.reading import read_cards

#: The smallest pictures there are, more or less: what tells them is at their beginning.
JPEG = b"\xff\xd8\xff\xe0\x00\x10JFIF\x00" + bytes(range(60))
PNG = b"\x89PNG\r\n\x1a\n" + bytes(range(40))

_WORDS = (
    "Müller", "Groß", "Zoë", "Ærø", "Łódź", "Ωmega", "日本", "Straße", "😀", "👩‍👩‍👧", "O'Neill", 'die "Firma"', "a,b",
    "x;y", "C:\\neu", "\\", "\\n", "Nr. 5", "50 %", "=41", "END:VCARD", "BEGIN:VCARD", "key=value:1", "naïve",
    "e\u0301", "<b>", "&amp;", "https://x.example/?a=1;b=2,3", "~", "^n", "#", "ß" * 40, "🎈" * 25,
)  # fmt: skip
_LABELS = (*Label, "Ferienhaus", 'Büro "Süd", 2. Stock; links', "Skype")


def one(data: bytes | str) -> Card:
    """The only card of a file of which nothing was refused."""
    found = read_cards(data.encode() if isinstance(data, str) else data)
    assert not found.refused
    [card] = found.cards
    return card


def vcard(*lines: str, version: str = "3.0") -> str:
    """A card with these lines."""
    return "\r\n".join(("BEGIN:VCARD", f"VERSION:{version}", *lines, "END:VCARD", ""))


def generated(random: Random, count: int) -> list[Card]:
    """Cards with everything in them that is hard to write, in the form in which a card is read."""
    return [_card(random, number) for number in range(count)]


def _card(random: Random, number: int) -> Card:
    is_company = random.random() < 0.25
    family, organisation = _text(random, 1, 2), _text(random, 1, 3)
    return Card(
        name=f"{family} {_text(random, 0, 2)}".strip(),
        given=_text(random, 0, 2),
        family=family,
        additional=_text(random, 0, 1),
        prefix=random.choice(("", "Dr.", "Prof. Dr.")),
        suffix=random.choice(("", "MBA", "Jr., M.D.")),
        salutation=random.choice(tuple(Salutation)),
        organisation=organisation if is_company or random.random() < 0.5 else "",
        department=_text(random, 0, 2),
        title=_text(random, 0, 2),
        role=_text(random, 0, 2),
        phones=_points(random, "+49 {} / {}-0"),
        mails=_points(random, "{}.{}@müller.example"),
        webs=_points(random, "https://{}.example/ä?x={}"),
        addresses=tuple(_address(random) for _ in range(random.randrange(4))),
        birthday=_birthday(random),
        note=_note(random),
        categories=tuple({_text(random, 1, 2): None for _ in range(random.randrange(4))}),
        photo=random.choice(
            (None, Photo(JPEG + random.randbytes(random.randrange(900)), "image/jpeg"), Photo(PNG, "image/png"))
        ),
        uid=random.choice(("", f"card-{number}", f"0e7602cc-443e-4b82-b4b1-{number:012}")),
        is_company=is_company,
    )


def _text(random: Random, least: int, most: int) -> str:
    return " ".join(random.choice(_WORDS) for _ in range(random.randint(least, most)))


def _points(random: Random, pattern: str) -> tuple[Point, ...]:
    return tuple(
        Point(
            random.choice(_LABELS),
            pattern.format(random.randrange(10**6), random.randrange(10**6)),
            random.random() < 0.3,
        )
        for _ in range(random.randrange(4))
    )


def _address(random: Random) -> Place:
    street = random.choice(("{} 12", "{}\nHinterhaus\n{}", "{}")).format(_text(random, 1, 2), _text(random, 1, 1))
    return Place(
        random.choice(_LABELS), street, _text(random, 0, 2), f"{random.randrange(10**5):05}",
        _text(random, 1, 2), _text(random, 0, 1), random.choice(("", "Österreich", "D")),
    )  # fmt: skip


def _birthday(random: Random) -> Birthday | None:
    year = random.choice((None, random.randint(1900, 2030)))
    return random.choice((None, Birthday(random.randint(1, 12), random.randint(1, 28), year), Birthday(2, 29)))


def _note(random: Random) -> str:
    lines = (random.choice(("", "  ", "\t")) + _text(random, 0, 40) for _ in range(random.randrange(12)))
    return "\n".join(lines).strip()
