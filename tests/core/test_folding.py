"""Sorting and finding text."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.core.folding import kept, search_key, sort_key, spellings


@pytest.mark.parametrize(
    "spelling", ["Müller", "Mueller", "Muller", "MÜLLER", "mu\u0308ller", "  müller ", "Mül\u00adler", "Ｍüller"]
)
def test_spellings_of_one_name_meet(spelling: str) -> None:
    assert search_key(spelling) == "muller"


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Straße", "STRASSE"),
        ("STRAẞE", "strasse"),
        ("Jürgen Groß", "juergen gross"),
        ("Ødegård", "odegard"),
        ("Ǿ", "o"),
        ("Łódź", "lodz"),
        ("Œuvre", "oeuvre"),
        ("Café", "cafe"),
        ("Acme™", "ACMETM"),
        ("℡ 𝐀𝐁", "tel ab"),
        ("ﬁnanz", "Finanz"),
        ("İstanbul", "istanbul"),
        ("Diyarbakır", "diyarbakir"),
        ("a\u00a0 b\tc", "a b c"),
        ("Web\u200bsite", "website"),
    ],
)
def test_different_writings_are_found_alike(one: str, other: str) -> None:
    assert search_key(one) == search_key(other)


def test_different_names_stay_different() -> None:
    assert len({search_key(name) for name in ("Müller", "Möller", "Miller", "Mahler", "Moll", "Mull")}) == 6


def test_umlauts_sort_with_their_letter() -> None:
    names = ["Zebra", "Ärzte", "Azur", "arm", "Öl", "Oper", "Straße", "Strasse B", "Strand", "Über", "Uhr"]
    assert sorted(names, key=sort_key) == [
        *("arm", "Ärzte", "Azur", "Öl", "Oper", "Strand", "Straße", "Strasse B", "Über", "Uhr", "Zebra")
    ]


def test_sorting_keeps_apart_what_searching_joins() -> None:
    assert sort_key("Mueller") == "mueller"
    assert sort_key("Müller") == "muller"


def test_nothing_is_left_of_nothing() -> None:
    assert sort_key("") == sort_key(" \t\u00ad ") == ""


def test_half_a_character_is_not_looked_for() -> None:
    """The database refuses it: whoever pastes one finds what the rest says."""
    assert search_key("Mü\ud83dller \udc00") == search_key("Müller")


@given(st.text())
def test_capitals_and_composition_never_matter(text: str) -> None:
    import unicodedata

    assert sort_key(unicodedata.normalize("NFD", text)) == sort_key(unicodedata.normalize("NFC", text))
    assert sort_key(sort_key(text)) == sort_key(text)
    assert not any(sign.isupper() for sign in sort_key(text) if sign.casefold() != sign)


@given(st.text(), st.text())
def test_a_part_of_plain_text_is_found_in_the_whole(before: str, after: str) -> None:
    assert "website" in search_key(f"{before} Website {after}")


@given(st.text("aeouxy ä"), st.text("aeouxy ä"), st.text("aeouxy ä"))
def test_a_piece_of_what_is_looked_for_stands_in_the_sort_key_of_what_has_it(
    before: str, typed: str, after: str
) -> None:
    for text in (f"{before}{typed}{after}", f"{before}{search_key(typed)}{after}"):
        assert search_key(typed) not in search_key(text) or kept(search_key(typed)) in sort_key(text)


@pytest.mark.parametrize(("key", "piece"), [("relaunch", "rela"), ("zzz", "zzz"), ("", ""), ("uau", "u"), ("e", "e")])
def test_the_piece_is_the_longest(key: str, piece: str) -> None:
    assert kept(key) == piece


def test_a_key_is_spelled_in_all_ways() -> None:
    assert list(spellings("muller")) == ["muller", "mueller"]
    assert list(spellings("mu")) == ["mu"]
    assert list(spellings("aus")) == ["aus", "aues", "aeus", "aeues"]
    assert list(spellings("")) == [""]


@given(st.text("aeouxy", min_size=1, max_size=8), st.text("aeouxy ä"))
def test_a_text_begins_in_one_of_the_spellings_of_how_its_search_key_begins(typed: str, after: str) -> None:
    text = f"{typed}{after}"
    key = search_key(typed)
    if search_key(text).startswith(key):
        assert any(sort_key(text).startswith(way) for way in spellings(key))
