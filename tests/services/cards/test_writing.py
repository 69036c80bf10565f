"""Cards as they are written: that nothing is lost on the way there and back, and that others can read the lines."""

from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.core.parse.cleaning import one_line, printable
from app.core.place import Place
from app.services.cards.card import Birthday, Card, Label, Photo, Point, Salutation
from app.services.cards.reading import read_cards
from app.services.cards.writing import Version, write_cards
from tests.services.cards.examples import JPEG, generated

VERSIONS = pytest.mark.parametrize("version", list(Version))


@VERSIONS
def test_nothing_of_five_hundred_cards_is_lost(version: Version) -> None:
    cards = generated(Random(4711), 500)
    assert sum(card.photo is not None for card in cards) > 100
    found = read_cards(write_cards(cards, version))
    assert not found.refused
    assert len(found.cards) == 500
    for written, read in zip(cards, found.cards, strict=True):
        assert read == written


@VERSIONS
@settings(max_examples=150, deadline=None)
@given(text=st.text(max_size=300))
def test_any_text_comes_back(version: Version, text: str) -> None:
    word, lines = one_line(text), printable(text)
    written = Card(
        name=word or "x", family="x", note=lines, title=word,
        phones=(Point("Ferienhaus", word),) if word else (), mails=(Point(Label.WORK, word),) if word else (),
        addresses=(Place(Label.HOME, street=lines, city=word),) if word else (),
    )  # fmt: skip
    assert read_cards(write_cards([written], version)).cards[0] == written


@VERSIONS
def test_lines_are_short_and_tear_no_character(version: Version) -> None:
    data = write_cards(generated(Random(1), 60), version)
    lines = data.split(b"\r\n")
    assert lines.pop() == b""
    assert b"\r" not in b"".join(lines)
    assert b"\n" not in b"".join(lines)
    assert max(map(len, lines)) == 75
    for line in lines:
        line.decode()  # a torn character would not be UTF-8


def test_3_0_as_it_is_written() -> None:
    card = Card(
        "Dr. Eva Groß", given="Eva", family="Groß", prefix="Dr.", salutation=Salutation.MS,
        organisation="Groß & Co, KG", department="Einkauf", title="Leiterin", note="Zeile 1\nZeile 2; ja, gut", uid="7",
        phones=(Point(Label.WORK_CELL, "+49 30 1", preferred=True), Point("Sekretariat", "+49 30 2")),
        mails=(Point(Label.WORK, "eva@example.com"),), webs=(Point(Label.OTHER, "https://example.com/a,b;c"),),
        addresses=(Place(Label.WORK, "Weg 1", "Postfach 2", "10115", "Berlin", "BE", "Deutschland"),),
        birthday=Birthday(4, 15), categories=("Kunde", "a,b"), photo=Photo(JPEG[:12], "image/jpeg"),
    )  # fmt: skip
    assert write_cards([card]).decode().split("\r\n") == [
        "BEGIN:VCARD",
        "VERSION:3.0",
        "PRODID:-//Trichter//EN",
        "FN:Dr. Eva Groß",
        "N:Groß;Eva;;Dr.;",
        "ORG:Groß & Co\\, KG;Einkauf",
        "X-GENDER:Female",
        "TEL;TYPE=WORK;TYPE=CELL;TYPE=VOICE;TYPE=PREF:+49 30 1",
        "item1.TEL;TYPE=VOICE:+49 30 2",
        "item1.X-ABLabel:Sekretariat",
        "EMAIL;TYPE=WORK;TYPE=INTERNET:eva@example.com",
        "URL:https://example.com/a,b;c",
        "ADR;TYPE=WORK:;Postfach 2;Weg 1;Berlin;BE;10115;Deutschland",
        "BDAY;X-APPLE-OMIT-YEAR=1604;VALUE=date:1604-04-15",
        "TITLE:Leiterin",
        "NOTE:Zeile 1\\nZeile 2\\; ja\\, gut",
        "UID:7",
        "CATEGORIES:Kunde,a\\,b",
        "PHOTO;ENCODING=b;TYPE=JPEG:/9j/4AAQSkZJRgAA",
        "END:VCARD",
        "",
    ]


def test_4_0_as_it_is_written() -> None:
    card = Card(
        "Beispiel AG", organisation="Beispiel AG", is_company=True, salutation=Salutation.MR,
        phones=(Point(Label.MAIN, "+49 30 1", preferred=True), Point(Label.WORK_FAX, "+49 30 2")),
        mails=(Point(Label.OTHER, "info@example.com"),), birthday=Birthday(4, 15), photo=Photo(JPEG[:12], "image/jpeg"),
        uid="0e7602cc-443e-4b82-b4b1-90f62f99a199",
    )  # fmt: skip
    assert write_cards([card], Version.V4).decode().split("\r\n") == [
        "BEGIN:VCARD",
        "VERSION:4.0",
        "PRODID:-//Trichter//EN",
        "FN:Beispiel AG",
        "N:;;;;",
        "ORG:Beispiel AG",
        "KIND:org",
        "GENDER:M",
        "TEL;TYPE=main;TYPE=voice;PREF=1:+49 30 1",
        "TEL;TYPE=work;TYPE=fax:+49 30 2",
        "EMAIL:info@example.com",
        "BDAY:--0415",
        "UID:urn:uuid:0e7602cc-443e-4b82-b4b1-90f62f99a199",
        "PHOTO:data:image/jpeg;base64,/9j/4AAQSkZJRgAA",
        "END:VCARD",
        "",
    ]


@VERSIONS
def test_no_value_begins_a_line_of_its_own(version: Version) -> None:
    trap = "x\r\nEND:VCARD\rBEGIN:VCARD\nTEL:666\r\n"
    card = Card(
        trap, family=trap, organisation=trap, title=trap, note=trap, uid=trap, categories=(trap,),
        phones=(Point(trap, trap),), webs=(Point(trap, trap),), addresses=(Place(trap, trap, city=trap),),
        photo=Photo(JPEG, f"image/jpeg{trap}"),
    )  # fmt: skip
    [read] = read_cards(write_cards([card], version)).cards
    assert [point.value for point in read.phones] == [one_line(trap)]
    assert read.note == printable(trap)


def test_what_no_database_takes_is_not_written() -> None:
    data = write_cards([Card("A\0da\ud800", note="a\x07b")])
    assert b"\0" not in data
    assert read_cards(data).cards == (Card("Ada", note="ab"),)


def test_no_card_is_an_empty_file() -> None:
    assert write_cards([]) == b""
