"""Words: marking, translating, storing."""

import json
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from babel.messages.catalog import Catalog
from babel.messages.mofile import write_mo
from hypothesis import given
from hypothesis import strategies as st

from app.core import i18n
from app.core.format import Formats
from app.core.i18n import Percent, Plural, Text, dump_args, dump_message, load_text, ntr, tr
from app.core.money import Money


@pytest.fixture
def german(tmp_path: Path) -> Path:
    """A folder with a small German catalogue, in use."""
    catalog = Catalog(locale="de")
    catalog.add("Big dog", "Großer Hund")
    catalog.add("Dog {name} met {other}", "{other} traf Hund {name}, großartig")
    catalog.add(("{n} dog", "{n} dogs"), ("{n} Hund", "{n} Hunde"))
    folder = tmp_path / "de" / "LC_MESSAGES"
    folder.mkdir(parents=True)
    with (folder / "trichter.mo").open("wb") as file:
        write_mo(file, catalog)
    i18n.use("de", tmp_path, Formats("de", "DE").show)
    return tmp_path


def test_texts_are_worded_when_shown(german: Path) -> None:
    text = Text("Big dog")
    assert (str(text), tr("Big dog"), i18n.language()) == ("Großer Hund", "Großer Hund", "de")
    i18n.use("en", german)
    assert str(text) == "Big dog"


def test_arguments_are_worded_by_the_formats_and_may_be_texts(german: Path) -> None:
    text = Text("Dog {name} met {other}", name=Money(123_450, "EUR"), other=Text("Big dog"))
    assert str(text) == "Großer Hund traf Hund 1.234,50\u00a0€, großartig"


def test_an_argument_with_braces_is_only_text(german: Path) -> None:
    hostile = "{0.__class__} {name} %s"
    assert hostile in tr("Dog {name} met {other}", name=hostile, other=None)


@pytest.mark.parametrize(("n", "words"), [(0, "0 Hunde"), (1, "1 Hund"), (1200, "1.200 Hunde")])
def test_counting(german: Path, n: int, words: str) -> None:
    assert ntr("{n} dog", "{n} dogs", n) == words
    assert str(Plural("{n} dog", "{n} dogs", n=n)) == words


def test_swiss_words_have_no_sharp_s_but_names_keep_theirs(german: Path) -> None:
    i18n.use("de", german, swiss=True)
    assert tr("Big dog") == "Grosser Hund"
    assert tr("Dog {name} met {other}", name="Groß", other="Weiß") == "Weiß traf Hund Groß, grossartig"


def test_without_a_catalogue_the_source_is_shown(german: Path) -> None:
    i18n.use("en", german)
    assert tr("Big dog") == "Big dog"
    assert ntr("{n} dog", "{n} dogs", 1) == "1 dog"


def test_the_pseudo_language_is_longer_and_keeps_the_places(german: Path) -> None:
    i18n.use("xx", german)
    assert len(tr("Dog {name} met {other}", name="", other="")) >= 1.4 * len("Dog  met ")
    assert tr("Big dog").startswith("Big dog ~")
    assert "3 dogs ~" in ntr("{n} dog", "{n} dogs", 3)


@pytest.mark.parametrize("language", ["de", "en", "xx"])
def test_nothing_stays_nothing(german: Path, language: str) -> None:
    i18n.use(language, german)
    assert tr("") == str(Text("")) == ""


ARGUMENTS = st.dictionaries(
    st.from_regex("[a-z]{1,8}", fullmatch=True).filter(lambda name: name not in {"message", "plural", "self", "n"}),
    st.none()
    | st.booleans()
    | st.integers()
    | st.text()
    | st.dates()
    | st.builds(Money, st.integers(), st.sampled_from(["EUR", "CHF"]))
    | st.builds(Percent, st.integers(0, 200))
    | st.builds(lambda word: Text("{word}", word=word), st.text()),
)


@given(st.text(st.characters(exclude_characters="\x1f", codec="utf-8")), ARGUMENTS)
def test_texts_survive_being_stored(message: str, args: dict[str, Any]) -> None:
    text = Text(message, **args)
    again = load_text(dump_message(text), dump_args(text.args))
    assert again == text
    assert hash(again) == hash(text)
    assert {name: type(value) for name, value in again.args.items()} == {n: type(v) for n, v in args.items()}


def test_counting_texts_survive_being_stored() -> None:
    text = Plural("{n} dog of {owner}", "{n} dogs of {owner}", n=3, owner=Text("{who}", who="Anna"))
    again = load_text(dump_message(text), dump_args(text.args))
    assert isinstance(again, Plural)
    assert again == text
    assert str(again) == "3 dogs of Anna"
    assert "\0" not in dump_message(text)


def test_stored_arguments_are_plain_json_with_readable_umlauts() -> None:
    assert json.loads(dump_args({"day": date(2026, 1, 2)})) == {"day": {"day": "2026-01-02"}}
    assert "Müller" in dump_args({"name": "Müller"})


@pytest.mark.parametrize("value", [1.5, Decimal(1), datetime(2026, 1, 1, tzinfo=UTC), b"x", [1], {"a": 1}, object()])
def test_other_arguments_have_no_place_in_the_history(value: object) -> None:
    with pytest.raises(TypeError, match="no place"):
        dump_args({"value": value})


def test_texts_differ_by_message_arguments_and_kind() -> None:
    assert Text("a") != Text("b")
    assert Text("a", n=1) != Text("a", n=2)
    assert Text("a", n=1) != Plural("a", "as", n=1)
    assert len({Text("a", n=1), Text("a", n=1), Plural("a", "as", n=1)}) == 2
