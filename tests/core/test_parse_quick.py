"""A lead in one line: what is understood, what is proposed, what is unclear, and that nothing is lost."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.core.errors import InvalidInput
from app.core.folding import search_key
from app.core.money import Money
from app.core.parse.cleaning import one_line
from app.core.parse.quick import LONGEST, Kind, Known, Line, Person, understand
from app.core.parse.quick_words import only_legal
from app.core.terms import Budget

TODAY = date(2026, 11, 26)
COMPANIES = ("Müller GmbH", "Stadtwerke Tal", "Film AG", "Meyer & Söhne GmbH & Co. KG", "Bau", "Messe")
MARCH = date(2027, 3, 15)
ONCE = Budget.ONCE


def companies(keys: Sequence[str]) -> Mapping[str, str]:
    names = {search_key(name): name for name in COMPANIES}
    return {key: names[key] for key in keys if key in names}


def firms(keys: Sequence[str]) -> Mapping[str, str]:
    return {
        key: name for key in keys for name in COMPANIES
        if search_key(name).startswith(f"{key} ") and only_legal(name.split()[len(key.split()) :])
    }  # fmt: skip


KNOWN = Known(
    currency="EUR", today=TODAY,
    people=(Person(1, "Anna Kern", "AK"), Person(2, "Anna Berg", "AB"), Person(3, "Bernd Öhm", "BÖ")),
    stages=((1, "Erstkontakt"), (2, "Angebot"), (3, "Mündliche Zusage")),
    sources=("Empfehlung", "Kalte Akquise"), tags=("Web", "Neukunde"), companies=companies, firms=firms,
)  # fmt: skip


def euro(amount: int, budget: Budget = ONCE) -> tuple[Money, Budget]:
    return Money.of(amount, "EUR"), budget


def taken(line: Line) -> dict[str, Any]:
    """The values taken, the title aside."""
    return {name: value for name, value in line.fields.items() if name != "title"}


@pytest.mark.parametrize(
    ("text", "title", "fields"),
    [
        (
            "Relaunch Müller GmbH 25k 60% 15.3. @bernd #empfehlung", "Relaunch",
            {"company": "Müller GmbH", "amount": euro(25_000), "probability": 120, "next_step": (MARCH, None),
             "user_id": 3, "source": "Empfehlung"},
        ),
        ("Relaunch Mueller GmbH", "Relaunch", {"company": "Müller GmbH"}),
        ("Relaunch für MÜLLER GMBH, 25k", "Relaunch", {"company": "Müller GmbH", "amount": euro(25_000)}),
        ("Website Meyer & Söhne GmbH & Co. KG", "Website", {"company": "Meyer & Söhne GmbH & Co. KG"}),
        ("Müller GmbH 25k", "Müller GmbH", {"company": "Müller GmbH", "amount": euro(25_000)}),
        ("Website 2.0 at Stadtwerke Tal", "Website 2.0", {"company": "Stadtwerke Tal"}),
        # amounts
        ("Shop 25 000 €", "Shop", {"amount": euro(25_000)}),
        ("Shop 25.000,50 €", "Shop", {"amount": (Money(2_500_050, "EUR"), ONCE)}),
        ("Shop 1,5 Mio", "Shop", {"amount": euro(1_500_000)}),
        ("Shop 20 T€", "Shop", {"amount": euro(20_000)}),
        ("Shop € 900", "Shop", {"amount": euro(900)}),
        ("Shop 12.000", "Shop", {"amount": euro(12_000)}),
        ("Shop 50k USD", "Shop", {"amount": (Money.of(50_000, "USD"), ONCE)}),
        ("Shop 1'200 Fr.", "Shop", {"amount": (Money.of(1_200, "CHF"), ONCE)}),
        ("SEO 2k/Monat Jan-Dez 27", "SEO", {"amount": euro(2_000, Budget.MONTHLY), "period": (24324, 24335)}),
        ("SEO 2.000 € mtl. Q1/27", "SEO", {"amount": euro(2_000, Budget.MONTHLY), "period": (24324, 24326)}),
        # percentages
        ("Shop 12,5 %", "Shop", {"probability": 25}),
        ("Shop 40 Prozent", "Shop", {"probability": 80}),
        # days
        ("Shop am 15.3. 14:00", "Shop", {"next_step": (MARCH, 840)}),
        ("Shop 15.3.27, 9 Uhr", "Shop", {"next_step": (MARCH, 540)}),
        ("Shop 2027-03-15", "Shop", {"next_step": (MARCH, None)}),
        ("Shop +2w", "Shop", {"next_step": (date(2026, 12, 10), None)}),
        ("Shop mo", "Shop", {"next_step": (date(2026, 11, 30), None)}),
        ("Shop morgen 25k", "Shop", {"next_step": (date(2026, 11, 27), None), "amount": euro(25_000)}),
        ("Shop until tomorrow", "Shop", {"next_step": (date(2026, 11, 27), None)}),
        # people
        ("Shop @AK", "Shop", {"user_id": 1}),
        ("Shop @anna.kern", "Shop", {"user_id": 1}),
        ("Shop @AnnaBerg,", "Shop", {"user_id": 2}),
        ("Shop @Anna Berg", "Shop", {"user_id": 2}),
        ("Shop @kern", "Shop", {"user_id": 1}),
        ("Shop @BÖ", "Shop", {"user_id": 3}),
        # sources, tags, stages
        ("Shop #kalte Akquise", "Shop", {"source": "Kalte Akquise"}),
        ("Shop #web #neu-da", "Shop", {"tags": ("Web", "neu-da")}),
        ("Shop /angebot", "Shop", {"stage_id": 2}),
        ("Shop /Mündliche Zusage 5k", "Shop", {"stage_id": 3, "amount": euro(5_000)}),
        # nothing of it is meant
        ("Relaunch 2027", "Relaunch 2027", {}),
        ("50 Jahre Jubiläum", "50 Jahre Jubiläum", {}),
        ("A4-Flyer", "A4-Flyer", {}),
        ("4K-Video", "4K-Video", {}),
        ("Platz #1, und/oder 24/7", "Platz #1, und/oder 24/7", {}),
        ("info@kern.de anschreiben", "info@kern.de anschreiben", {}),
        ("So geht das: do it yourself", "So geht das: do it yourself", {}),
        ("Banner 5m x 3m", "Banner 5m x 3m", {}),
        ("Bericht Q1", "Bericht Q1", {}),
        ("@ # / @", "@ # /", {}),
        ("🎉 Party 5k", "🎉 Party", {"amount": euro(5_000)}),
        ("", "", {}),
    ],
)  # fmt: skip
def test_what_is_taken(text: str, title: str, fields: dict[str, Any]) -> None:
    line = understand(text, KNOWN)
    if text == "@ # / @":
        title = "@ # / @"
    assert (line.title, taken(line)) == (title, fields)
    assert not line.of(Kind.UNCLEAR)


@pytest.mark.parametrize(
    ("text", "proposals"),
    [
        ("Relaunch Müller 25k", [("company", "Müller GmbH")]),
        ("Website Huber GmbH", [("company", "Huber GmbH"), ("company", "Website Huber GmbH")]),
        (
            "neue Website Stadtwerke Bad Aibling GmbH & Co. KG 20k",
            [("company", f"{name}Aibling GmbH & Co. KG") for name in ("", "Bad ", "Stadtwerke Bad ")],
        ),
        ("Bau und Messe", [("company", "Bau"), ("company", "Messe")]),
        ("Relaunch 25000", [("amount", euro(25_000))]),
        ("Kampagne 10.000 Besucher", [("amount", euro(10_000))]),
        ("4K Video", [("amount", euro(4_000))]),
        ("Stand Montag", [("next_step", (date(2026, 11, 30), None))]),
        ("Angebot Website", [("stage_id", 2)]),
        ("Shop @anna", [("user_id", 1), ("user_id", 2)]),
        ("Shop @ber", [("user_id", 2), ("user_id", 3)]),
        ("Shop /münd", [("stage_id", 3)]),
    ],
)
def test_what_is_proposed_and_not_taken(text: str, proposals: list[tuple[str, Any]]) -> None:
    line = understand(text, KNOWN)
    assert [(part.field, part.value) for part in line.of(Kind.PROPOSED)] == proposals
    assert not {field for field, _ in proposals} & set(taken(line))
    for part in line.of(Kind.PROPOSED):
        agreed = understand(text, KNOWN, {(part.field, part.typed)})
        assert agreed.fields[part.field] == part.value
        assert not agreed.of(Kind.UNCLEAR)


@pytest.mark.parametrize(
    ("text", "typed", "why"),
    [
        ("Film @nobody", "@nobody", "Nobody is called “@nobody”."),
        ("Film @anna", "@anna", "“@anna” may be one of several."),
        ("Film 31.2.", "31.2.", "There is no 31.2.2027."),
        ("Film 2027-13-01", "2027-13-01", "There is no"),
        ("Film /Nirgendwo", "/Nirgendwo", "No stage is called “Nirgendwo”."),
        ("Film 120%", "120%", "is not a percentage"),
        ("Film 999999999999999 €", "999999999999999 €", "too large"),
        ("Film 25k 30k", "30k", "there is such a value before"),
        ("Film @AK @BÖ", "@BÖ", "there is such a value before"),
        ("Film 15.3. 16.3.", "16.3.", "there is such a value before"),
    ],
)
def test_what_is_unclear_says_why_and_stays_in_the_title(text: str, typed: str, why: str) -> None:
    line = understand(text, KNOWN)
    unclear = line.of(Kind.UNCLEAR)
    assert [part.typed for part in unclear] == [typed]
    assert why in str(unclear[0].why)
    assert typed in line.title


def test_a_new_tag_is_said_to_be_new() -> None:
    line = understand("Film #Neuheit", KNOWN)
    assert [(part.field, part.value) for part in line.of(Kind.NEW)] == [("tags", "Neuheit")]


def test_a_new_company_that_was_agreed_to_is_new() -> None:
    line = understand("Website Huber GmbH 5k", KNOWN, {("company", "Huber GmbH")})
    assert (line.title, line.fields["company"]) == ("Website", "Huber GmbH")
    assert [part.value for part in line.of(Kind.NEW)] == ["Huber GmbH"]


@pytest.mark.parametrize("text", ["x" * (LONGEST + 1), "wort " * 2000, "@a " * 3000])
def test_a_line_beyond_all_measure_is_refused(text: str) -> None:
    with pytest.raises(InvalidInput):
        understand(text, KNOWN)


_WORDS = st.sampled_from([
    "Relaunch", "Müller", "GmbH", "25k", "60%", "15.3.", "@anna", "@AK", "#empfehlung", "#neu", "/Angebot", "31.2.",
    "2027", "&", "Co.", "KG", "€", "12.000", "14:00", "mo", "🎉", "Q1/27", "/", "@", "für", "Bau",
])  # fmt: skip


@given(st.lists(_WORDS, max_size=12).map(" ".join) | st.text(max_size=80))
def test_every_word_is_in_the_title_or_in_what_was_taken(text: str) -> None:
    line = understand(text, KNOWN)
    used = {i for part in line.of(Kind.TAKEN, Kind.NEW) for i in part.words}
    words = " ".join(line.title.split())
    assert len(used) == sum(len(part.words) for part in line.of(Kind.TAKEN, Kind.NEW)), "no word is two things"
    if not used:
        assert words == one_line(text).strip(" ,;:|·–—-")


@given(st.text(max_size=LONGEST))
def test_no_line_is_too_odd(text: str) -> None:
    understand(text, KNOWN)
