"""Cards of other programs: every one loads or is refused with its reason."""

import re
from pathlib import Path

import pytest

from app.services.cards.card import Birthday, Point
from app.services.cards.reading import read_cards
from app.services.cards.writing import Version, write_cards
from tests.real_data import FOLDER, needs_real_data

CARDS = FOLDER / "vcard"
FILES = sorted(CARDS.rglob("*.vcf"))

#: Name, telephones, mails, addresses, whether there is a photo; of each card in the files where it is easy to see.
EXPECTED = {
    "John_Doe_BLACK_BERRY": [("John Doe", 1, 0, 0, True)],
    "John_Doe_EVOLUTION": [("Mr. John Richter, James Doe Sr.", 2, 1, 1, False)],
    "John_Doe_GMAIL": [("Mr. John Richter, James Doe Sr.", 2, 1, 1, False)],
    "John_Doe_IPHONE": [("Mr. John Richter James Doe Sr.", 7, 1, 2, True)],
    "John_Doe_LOTUS_NOTES": [("Mr. Doe John I Johny", 2, 2, 1, True)],
    "John_Doe_MAC_ADDRESS_BOOK": [("Mr. John Richter,James Doe Sr.", 7, 1, 2, True)],
    "John_Doe_MS_OUTLOOK": [("Mr. John Richter James Doe Sr.", 2, 1, 2, True)],
    "fullcontact": [("Prefix FirstName MiddleName LastName Suffix", 9, 5, 4, False)],
    "gmail-list": [(name, 0, 1, 0, False) for name in ("Arnold Smith", "Chris Beatle", "Doug White")],
    "gmail-single": [("Greg Dartmouth", 2, 1, 2, False)],
    "gmail-single2": [("VCard Test", 11, 5, 5, False)],
    "issue114": [("Dummy, Dummy", 2, 1, 1, False)],
    "outlook-2003": [("John Doe III", 4, 1, 1, False)],
    "outlook-2007": [("Mr. Michael Angstadt Jr.", 5, 1, 1, True)],
    "rfc2426-example": [("Frank Dawson", 2, 2, 1, False), ("Tim Howes", 2, 1, 1, False)],
    "rfc6350-example": [("Simon Perreault", 2, 1, 1, False)],
    "thunderbird-MoreFunctionsForAddressBook-extension": [("John Doe", 5, 5, 2, True)],
    "escape_semicolon": [("First Last NextCloud", 4, 2, 2, False)],
    "vcard": [("J. Doe", 1, 1, 1, False)],
    "vcard3": [("Mr. John Q. Public, Esq.", 1, 3, 1, False), ("Susan Thomas", 1, 1, 0, False)],
    "vcard_author": [("Simon Perreault", 2, 1, 1, False)],
    "vcard_grouped": [],
    "radicale-1587": [("Given Family", 0, 0, 0, False)],
}


@needs_real_data
def test_there_are_files() -> None:
    assert {path.stem for path in FILES} == {*EXPECTED, "John_Doe_ANDROID"}


@needs_real_data
@pytest.mark.parametrize("path", FILES, ids=[path.stem for path in FILES])
def test_every_card_loads_or_is_refused_with_its_reason(path: Path) -> None:
    data = path.read_bytes()
    found = read_cards(data)
    whole = [refusal for refusal in found.refused if refusal.whole]
    assert len(found.cards) + len(whole) == len(re.findall(rb"BEGIN:VCARD", data, re.IGNORECASE))
    assert all(str(refusal.why) and refusal.line > 0 for refusal in found.refused)
    if path.stem in EXPECTED:
        seen = [
            (card.name, len(card.phones), len(card.mails), len(card.addresses), card.photo is not None)
            for card in found.cards
        ]
        assert seen == EXPECTED[path.stem]


@needs_real_data
@pytest.mark.parametrize("version", list(Version))
@pytest.mark.parametrize("path", FILES, ids=[path.stem for path in FILES])
def test_every_card_is_the_same_after_it_was_written(path: Path, version: Version) -> None:
    for card in read_cards(path.read_bytes()).cards:
        [again] = read_cards(write_cards([card], version)).cards
        for name in ("name", "given", "family", "phones", "mails", "webs", "addresses", "note", "birthday", "photo"):
            assert getattr(again, name) == getattr(card, name)


@needs_real_data
def test_what_was_refused() -> None:
    refused = {
        (path.stem, refusal.line, refusal.whole, str(refusal.why))
        for path in FILES
        for refusal in read_cards(path.read_bytes()).refused
    }
    photo = "The photo cannot be read; the rest of the card was taken."
    assert refused == {
        ("John_Doe_ANDROID", 52, False, photo),  # cut short
        ("vcard3", 10, False, photo),  # a sentence in place of a picture
        ("vcard_grouped", 1, True, "The card says neither a name nor a company, an e-mail address or a number."),
    }


@needs_real_data
def test_details_of_some() -> None:
    cards = {path.stem: read_cards(path.read_bytes()).cards[0] for path in FILES if path.stem != "vcard_grouped"}
    assert cards["rfc6350-example"].birthday == Birthday(2, 3)
    assert cards["gmail-single2"].mails[-1] == Point("CustomEmailCategory", "customcategory@example.com")
    assert cards["gmail-single2"].birthday == Birthday(6, 23, 1912)
    assert cards["outlook-2007"].note.split("\n")[1].startswith("I assume it encodes this text")
    assert cards["John_Doe_LOTUS_NOTES"].uid == "0e7602cc-443e-4b82-b4b1-90f62f99a199"
    assert cards["vcard"].suffix == "Jr., M.D., A.C.P."
    assert cards["fullcontact"].unread[:3] == ("PHOTO", "ORG", "TITLE")
