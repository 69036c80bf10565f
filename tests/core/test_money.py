"""The roundings that every figure rests on, with the worked values of the definitions."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.core.money import MAX_MINOR, Money, convert, decimals, half_up, split, weighted

AMOUNTS = st.integers(0, MAX_MINOR)
HALVES = st.integers(0, 200)
PARTS = st.integers(1, 120)


def test_three_leads_of_10_01_at_33_5_percent_are_10_05() -> None:
    assert weighted(1001, 67) == 335
    assert 3 * weighted(1001, 67) == 1005


def test_a_hundred_at_99_and_two_hundred_at_0_is_99() -> None:
    assert weighted(10_000, 198) + weighted(20_000, 0) == 9_900


def test_ten_thousand_over_three() -> None:
    assert split(1_000_000, 3) == [333_333, 333_333, 333_334]
    assert split(2, 3) == [0, 0, 2]
    assert split(5, 1) == [5]


@pytest.mark.parametrize(
    ("value", "whole"), [("0.5", 1), ("1.5", 2), ("2.5", 3), ("2.4999", 2), ("-0.5", -1), ("-2.5", -3), ("-0.4", 0)]
)
def test_halves_are_rounded_away_from_zero(value: str, whole: int) -> None:
    assert half_up(Decimal(value)) == whole


@given(AMOUNTS, HALVES)
def test_weighting_is_exact_half_up(minor: int, halves: int) -> None:
    assert weighted(minor, halves) == half_up(Decimal(minor) * halves / 200)
    assert 0 <= weighted(minor, halves) <= minor


@given(AMOUNTS, PARTS)
def test_no_cent_is_lost_in_splitting(minor: int, parts: int) -> None:
    shares = split(minor, parts)
    assert (len(shares), sum(shares)) == (parts, minor)
    assert all(share == minor // parts for share in shares[:-1])


def test_major_units() -> None:
    assert Money.of(Decimal("10.005"), "EUR") == Money(1001, "EUR")
    assert Money.of(7, "JPY") == Money(7, "JPY")
    assert Money.of(Decimal("1.2345"), "KWD") == Money(1235, "KWD")
    assert str(Money(0, "EUR").decimal) == "0.00"
    assert str(Money(-5, "EUR").decimal) == "-0.05"
    assert [decimals(code) for code in ("EUR", "JPY", "TND", "XYZ")] == [2, 0, 3, 2]


@given(st.integers(-MAX_MINOR, MAX_MINOR), st.sampled_from(["EUR", "JPY", "KWD"]))
def test_major_units_and_back(minor: int, currency: str) -> None:
    amount = Money(minor, currency)
    assert Money.of(amount.decimal, currency) == amount


def test_conversion_is_rounded_once_into_the_decimals_of_the_base() -> None:
    assert convert(Money(10_000, "CHF"), Decimal("1.0555"), "EUR") == 10_555
    assert convert(Money(1, "EUR"), Decimal("0.5"), "EUR") == 1
    assert convert(Money(10_000, "JPY"), Decimal("0.00615"), "EUR") == 6_150
    assert convert(Money(MAX_MINOR, "EUR"), Decimal("1.1234567890"), "USD") == 112_345_678_900_000
