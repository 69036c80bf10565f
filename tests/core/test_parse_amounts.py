"""Amounts and percentages as people type them."""

from contextlib import suppress

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from app.core import parse
from app.core.errors import InvalidInput
from app.core.format import Formats
from app.core.money import MAX_MINOR, Money

COUNTRIES = [Formats("de", "DE"), Formats("de", "AT"), Formats("de", "CH"), Formats("en", "GB"), Formats("en", "US")]
CURRENCIES = ["EUR", "CHF", "USD", "GBP", "JPY", "KWD", "CAD", "SEK", "PLN", "CZK", "INR", "BRL"]


@pytest.mark.parametrize(
    ("text", "minor"),
    [
        ("25k", 2_500_000),
        ("25 T€", 2_500_000),
        ("25 TEUR", 2_500_000),
        ("1.234,56", 123_456),
        ("1,234.56", 123_456),
        ("1'234.50", 123_450),
        ("1’234.–", 123_400),
        ("48.000 €", 4_800_000),
        ("€ 48.000", 4_800_000),
        ("EUR48000", 4_800_000),
        ("3,5 Mio", 350_000_000),
        ("3.5 Mio. Euro", 350_000_000),
        ("2 Mrd", 200_000_000_000),
        ("12 000,-", 1_200_000),
        ("12\u202f000,50\u00a0€", 1_200_050),
        ("1.234", 123_400),
        ("1,234", 123_400),
        ("1234.5", 123_450),
        ("12.345.678,9", 1_234_567_890),
        ("+5", 500),
        ("0", 0),
        ("0,5", 50),
        ("007", 700),
        ("\u200e5\u200f", 500),
    ],
)
def test_amounts_are_understood(text: str, minor: int) -> None:
    assert parse.amount(text, "EUR") == Money(minor, "EUR")


@pytest.mark.parametrize(("text", "currency"), [("CHF 1'234.50", "CHF"), ("Fr. 1234.50", "CHF"), ("$1,234.50", "USD")])
def test_the_currency_may_stand_there(text: str, currency: str) -> None:
    assert parse.amount(text, currency) == Money(123_450, currency)


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("", "missing"),
        ("   ", "missing"),
        ("-5", "negative"),
        ("€ -5", "negative"),
        ("−5", "negative"),
        ("nan", "not an amount"),
        ("inf", "not an amount"),
        ("1e5", "not an amount"),
        ("0x10", "not an amount"),
        (".5", "not an amount"),
        (",50", "not an amount"),
        ("5.", "not an amount"),
        ("1.2.3", "not an amount"),
        ("1,23,456", "not an amount"),
        ("1.234.56", "not an amount"),
        ("1-5", "not an amount"),
        ("٣", "not an amount"),
        ("½", "not an amount"),
        ("5 m2", "not an amount"),
        ("5 Billion", "not an amount"),
        ("1.234k", "two ways"),
        ("0.125", "more decimals"),
        ("1.234,567", "more decimals"),
        ("5 $", "not in EUR"),
        ("CHF 5", "not in EUR"),
        ("9" * 80, "too large"),
        ("9" * 81, "too long"),
        ("1.000.000 Mrd", "too large"),
    ],
)
def test_what_makes_no_sense_is_refused_with_its_own_sentence(text: str, sentence: str) -> None:
    with pytest.raises(InvalidInput) as refused:
        parse.amount(text, "EUR", field="amount")
    assert sentence in str(refused.value)
    assert refused.value.field == "amount"


def test_the_largest_amount_is_the_limit() -> None:
    assert parse.amount("1.000.000.000.000", "EUR").minor == MAX_MINOR
    with pytest.raises(InvalidInput):
        parse.amount("1.000.000.000.000,01", "EUR")


def test_decimals_are_those_of_the_currency() -> None:
    assert parse.amount("1.234", "KWD") == Money(1234, "KWD")
    assert parse.amount("1.234.567", "KWD") == Money(1_234_567_000, "KWD")
    assert parse.amount("1.234", "JPY") == Money(1234, "JPY")
    with pytest.raises(InvalidInput):
        parse.amount("1,5", "JPY")


@given(st.sampled_from(COUNTRIES), st.sampled_from(CURRENCIES), st.integers(0, MAX_MINOR))
@example(COUNTRIES[0], "KWD", 5000)
def test_what_is_shown_can_be_typed(formats: Formats, currency: str, minor: int) -> None:
    amount = Money(minor, currency)
    assert parse.amount(formats.money(amount), currency) == amount
    assert parse.amount(formats.amount(amount), currency) == amount


@given(st.sampled_from(COUNTRIES), st.integers(0, 200))
def test_percentages_that_are_shown_can_be_typed(formats: Formats, halves: int) -> None:
    assert parse.percent(formats.percent(halves)) == halves


@pytest.mark.parametrize(
    ("text", "halves"), [("60", 120), ("60 %", 120), ("12,5", 25), ("12.50%", 25), ("0", 0), ("100 Prozent", 200)]
)
def test_percentages_are_understood(text: str, halves: int) -> None:
    assert parse.percent(text) == halves


@pytest.mark.parametrize("text", ["", "-1", "100,5", "101", "999", "0.35", "12,3", "60 € ", "sechzig", "5 0", "%"])
def test_other_percentages_are_refused(text: str) -> None:
    with pytest.raises(InvalidInput) as refused:
        parse.percent(text, field="probability")
    assert refused.value.field == "probability"


HOSTILE = st.one_of(
    st.text(max_size=100),
    st.text(alphabet="0123456789.,'’ -–+€$kKmtioCHFEUR%", max_size=90),
)


@given(HOSTILE, st.sampled_from(CURRENCIES))
def test_nothing_else_than_a_refusal_ever_comes_out(text: str, currency: str) -> None:
    with suppress(InvalidInput):
        assert 0 <= parse.amount(text, currency).minor <= MAX_MINOR
    with suppress(InvalidInput):
        assert 0 <= parse.percent(text) <= 200
