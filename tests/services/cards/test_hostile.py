"""Files that want to hurt: each is done with in seconds and ends in cards, refusals or one error of ours."""

import time
import tracemalloc
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.core.errors import InvalidInput
from app.services.cards import reading
from app.services.cards.card import CardFile
from app.services.cards.lines import LONGEST_DATA, LONGEST_TEXT, MOST_LINES_OF_CARD
from app.services.cards.reading import DEEPEST, MOST_BYTES, MOST_LINES, read_cards
from app.services.cards.writing import Version, write_cards
from tests.services.cards.examples import generated, one, vcard

BEGIN, END = b"BEGIN:VCARD\nFN:Eva\n", b"\nEND:VCARD\n"
TOO_LONG = "A line of the card is too long."
TOO_MANY_LINES = "The card has too many lines."
TOO_MANY_PARTS = "A line of the card has far too many parts."


def _why(data: bytes) -> list[str]:
    found = read_cards(data)
    assert not found.cards
    return [str(refusal.why) for refusal in found.refused]


@pytest.mark.parametrize(
    ("lines", "why"),
    [
        pytest.param(b"N:" + b";" * 10**6, TOO_LONG, id="a million semicolons"),
        pytest.param(b"N" + b";" * 10**6 + b":x", TOO_LONG, id="a million parameters"),
        pytest.param(b"ADR:" + b";" * 1000, TOO_MANY_PARTS, id="a thousand parts"),
        pytest.param(b"N:" + b"," * 1000, TOO_MANY_PARTS, id="a thousand given names"),
        pytest.param(b"CATEGORIES:" + b"a," * 1000, TOO_MANY_PARTS, id="a thousand categories"),
        pytest.param(b"NOTE:" + b"\n a" * (LONGEST_TEXT + 1), TOO_LONG, id="folded without end"),
        pytest.param(
            b"NOTE;QUOTED-PRINTABLE:" + b"a=\n" * (LONGEST_TEXT + 1), TOO_LONG, id="broken softly without end"
        ),
        pytest.param(b"PHOTO;ENCODING=b:" + b"A" * (LONGEST_DATA + 1), TOO_LONG, id="a photo of many megabytes"),
        pytest.param(b"x" * LONGEST_TEXT, TOO_LONG, id="a line without a name"),
        pytest.param(b"TEL:1\n" * (MOST_LINES_OF_CARD + 1), TOO_MANY_LINES, id="telephones"),
        pytest.param(b"NOTE:x\n" + b"x\n" * 500_000, TOO_MANY_LINES, id="half a million lines"),
        pytest.param(b"NOTE:a\0b", "The card has bytes in it that are no text.", id="NUL"),
        pytest.param(b"NOTE;QUOTED-PRINTABLE:a=00b", "The card has bytes in it that are no text.", id="packed NUL"),
    ],
)
def test_a_card_that_is_too_much_is_refused(lines: bytes, why: str) -> None:
    assert _why(BEGIN + lines + END) == [why]
    other = vcard("FN:Bo").encode()
    assert [card.name for card in read_cards(BEGIN + lines + END + other).cards] == ["Bo"]


@pytest.mark.parametrize(
    "lines",
    [
        pytest.param(b"TEL;TYPE=" + b'"' * 8001 + b":1", id="quotes"),
        pytest.param(b"TEL;TYPE=" + b'"a' * 3999 + b":1", id="pairs of quotes"),
        pytest.param(b"NOTE:" + b"\\" * 250_000, id="backslashes"),
        pytest.param(b"NICKNAME:" + b"von " * 60_000, id="particles"),
        pytest.param(b"BDAY:" + b"1" * 250_000, id="digits"),
        pytest.param(b"BDAY:1. " + "ä".encode() * 100_000, id="months"),
        pytest.param(b"TEL:tel:1" + b";ext" * 60_000, id="extensions"),
        pytest.param(b"TEL:tel:" + b"%ff" * 80_000, id="percent"),
        pytest.param(b"PHOTO:data:image/png;base64," + b"%41" * 2_000_000, id="much percent"),
        pytest.param(b"PHOTO;ENCODING=b:" + b"=" * 8_000_000, id="padding"),
        pytest.param(b"NOTE;QUOTED-PRINTABLE:" + b"=\n" * 500_000, id="soft breaks of nothing"),
        pytest.param(b"TEL;PREF=\xc2\xb2:1\nTEL;PREF=-1:1\nTEL;PREF=" + b"9" * 8000 + b":1", id="ranks"),
        pytest.param(b"FN;CHARSET=" + b"\nFN;CHARSET=".join(
            name + b":M\xfcller"
            for name in (b"idna", b"punycode", b"zlib", b"hex", b"undefined", b"../x", b"mbcs", b"\xfc")
        ), id="charsets"),
    ],
)  # fmt: skip
def test_a_card_that_is_only_strange_is_read(lines: bytes) -> None:
    start = time.perf_counter()
    assert [card.name for card in read_cards(BEGIN + lines + END).cards] == ["Eva"]
    assert time.perf_counter() - start < 5  # a hundredth of it on a machine that has nothing else to do


def test_no_file_is_too_large_to_be_refused() -> None:
    for data in (b"x" * (MOST_BYTES + 1), b"\n" * (2 * MOST_LINES + 1), b"\r" * (2 * MOST_LINES + 1)):
        with pytest.raises(InvalidInput, match="too large"):
            read_cards(data)


def test_the_first_cards_of_very_many(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reading, "MOST_CARDS", 3)
    found = read_cards(vcard("FN:Eva").encode() * 5)
    assert len(found.cards) == 3
    assert [str(refusal.why) for refusal in found.refused] == ["Only the first 3 contacts of a file are read."]
    assert len(read_cards(vcard("FN:Eva").encode() * 3).refused) == 0


def test_cards_deep_within_cards() -> None:
    begin = b"BEGIN:VCARD\nFN:Eva\nAGENT:\n"
    for data in (begin * 5000, begin * 5000 + b"END:VCARD\n" * 5000):
        found = read_cards(data)
        assert len(found.cards) == DEEPEST + 1
        assert {str(refusal.why) for refusal in found.refused} == {"The card is within too many others."}


def test_cards_deep_within_lines_of_cards() -> None:
    text = "BEGIN:VCARD\nFN:Eva\nEND:VCARD\n"
    for _ in range(DEEPEST + 3):
        text = text.replace("\\", "\\\\").replace("\n", "\\n")
        text = f"BEGIN:VCARD\nFN:Eva\nAGENT:{text}\nEND:VCARD\n"
    found = read_cards(text.encode())
    assert len(found.cards) == DEEPEST + 1
    assert [str(refusal.why) for refusal in found.refused] == ["The card is within too many others."]


def test_memory_stays_near_the_size_of_the_file() -> None:
    data = BEGIN + b"NOTE:" + b"\n " * 900_000 + END
    tracemalloc.start()
    read_cards(data)
    _, most = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert most < 150 << 20


def _read(data: bytes) -> CardFile | None:
    try:
        return read_cards(data)
    except InvalidInput:
        return None


@settings(max_examples=300, deadline=None)
@given(data=st.binary(max_size=400))
def test_any_bytes_in_a_card(data: bytes) -> None:
    _read(data)
    found = _read(BEGIN + data + END)
    assert found is not None
    assert found.cards or found.refused


@settings(max_examples=300, deadline=None)
@given(
    name=st.sampled_from(
        ("FN", "N", "TEL", "ADR", "BDAY", "PHOTO", "ORG", "AGENT", "KIND", "EMAIL", "CATEGORIES", "LABEL")
    ),
    params=st.text(';:="ABCDE,TYPEBVUQ-bäx1%', max_size=30),
    value=st.text('\\;,:"n\n 0123456789-./TZäß=+@%\t', max_size=60),
    version=st.sampled_from(("2.1", "3.0", "4.0")),
)
def test_any_line_in_a_card(name: str, params: str, value: str, version: str) -> None:
    found = _read(vcard("FN:Eva", f"{name}{params}:{value}", version=version).encode())
    assert found is not None
    for card in found.cards:  # and what was read can be written and read again
        for written in Version:
            again = one(write_cards([card], written))
            assert (again.phones, again.mails, again.note) == (card.phones, card.mails, card.note)


def test_cards_with_single_bytes_gone_wrong() -> None:
    random = Random(99)
    whole = write_cards(generated(random, 6))
    for _ in range(300):
        data = bytearray(whole)
        for _ in range(random.randint(1, 40)):
            at = random.randrange(len(data))
            data[at : at + random.randrange(3)] = random.choice(
                (b"", b"\0", b"\n", b";", b":", b'"', b"\xff", b"=", b"\\")
            )
        _read(bytes(data))
