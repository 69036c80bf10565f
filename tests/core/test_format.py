"""What is shown, per language and country."""

from datetime import UTC, date, datetime
from decimal import Decimal
from timeit import repeat
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.core.calendar import month_number
from app.core.format import Formats
from app.core.i18n import Percent, Text
from app.core.money import Money
from app.core.terms import YEAR_UNKNOWN

GERMANY = Formats("de", "DE")
AUSTRIA = Formats("de", "AT")
SWITZERLAND = Formats("de", "CH")
BRITAIN = Formats("en", "GB")
AMERICA = Formats("en", "US")


def plain(text: str) -> str:
    """With ordinary spaces, as one would write it in a test."""
    return text.replace("\u00a0", " ")


@pytest.mark.parametrize(
    ("formats", "expected"),
    [
        (GERMANY, "48.000,00 €"),
        (AUSTRIA, "€ 48.000,00"),
        (SWITZERLAND, "EUR 48'000.00"),
        (BRITAIN, "€48,000.00"),
        (Formats("en", "DE"), "48.000,00 €"),
        (Formats("de", "GB"), "€48,000.00"),
        (Formats("xx", "DE"), "48.000,00 €"),
    ],
)
def test_money_follows_the_country_whatever_the_language(formats: Formats, expected: str) -> None:
    assert plain(formats.money(Money(4_800_000, "EUR"))) == expected


@pytest.mark.parametrize(
    ("formats", "expected"), [(GERMANY, "29.02."), (AMERICA, "Feb 29"), (BRITAIN, "29 Feb"), (SWITZERLAND, "29.02.")]
)
def test_a_birthday_without_a_year_follows_the_country(formats: Formats, expected: str) -> None:
    assert formats.show(date(YEAR_UNKNOWN, 2, 29)) == formats.birthday(date(YEAR_UNKNOWN, 2, 29)) == expected
    assert formats.birthday(date(2004, 2, 29)) == formats.day(date(2004, 2, 29))


@pytest.mark.parametrize(
    ("count", "expected"),
    [(0, "0 B"), (999, "999 B"), (1000, "1 kB"), (12_499, "12 kB"), (999_499, "999 kB"), (999_500, "1 MB"),
     (1_540_000, "1,5 MB"), (104_857_600, "104,9 MB"), (1_000_000_000, "1000 MB")],
)  # fmt: skip
def test_a_size_is_written_in_one_way(count: int, expected: str) -> None:
    assert plain(GERMANY.size(count)) == expected


def test_swiss_francs_have_a_straight_apostrophe() -> None:
    assert SWITZERLAND.money(Money(123_450, "CHF")) == "CHF\u00a01'234.50"
    assert SWITZERLAND.number(1_234_567) == "1'234'567"


def test_the_space_before_a_sign_does_not_break() -> None:
    assert GERMANY.money(Money(100, "EUR")) == "1,00\u00a0€"
    assert GERMANY.percent(120) == "60\u00a0%"


def test_a_code_in_letters_stands_apart_from_the_figure() -> None:
    assert plain(BRITAIN.money(Money(123_450, "CHF"))) == "CHF 1,234.50"
    assert plain(BRITAIN.money(Money(-123_450, "CHF"))) == "-CHF 1,234.50"
    assert BRITAIN.money(Money(-5, "GBP")) == "-£0.05"


@pytest.mark.parametrize(
    ("minor", "amount", "whole"),
    [
        (4_800_000, "48.000 €", "48.000 €"),
        (4_800_050, "48.000,50 €", "48.001 €"),
        (4_800_049, "48.000,49 €", "48.000 €"),
        (5, "0,05 €", "0 €"),
        (0, "0 €", "0 €"),
        (-49, "-0,49 €", "0 €"),
        (-50, "-0,50 €", "-1 €"),
        (-123_400, "-1.234 €", "-1.234 €"),
    ],
)
def test_amount_drops_zero_decimals_and_whole_rounds_half_up(minor: int, amount: str, whole: str) -> None:
    assert plain(GERMANY.amount(Money(minor, "EUR"))) == amount
    assert plain(GERMANY.whole(Money(minor, "EUR"))) == whole


def test_currencies_with_other_decimals() -> None:
    assert plain(GERMANY.money(Money(1234, "JPY"))) == "1.234 ¥"
    assert plain(GERMANY.money(Money(1005, "KWD"))) == "1,005 KWD"
    # Without its decimals 5.000 dinars would look like the five thousandths of 5,000.
    assert plain(GERMANY.amount(Money(5000, "KWD"))) == "5,000 KWD"


@pytest.mark.parametrize(
    ("number", "german", "english"),
    [
        (0, "0", "0"),
        (-0.001, "0", "0"),
        (500, "500", "500"),
        (20_000, "20 k", "20 k"),
        (1_500, "1,5 k", "1.5 k"),
        (-2_000_000, "-2 Mio", "-2 M"),
        (1_250_000, "1,25 Mio", "1.25 M"),
        (3e9, "3 Mrd", "3 bn"),
        (Decimal(20_000), "20 k", "20 k"),
        (float("nan"), "", ""),
        (float("inf"), "", ""),
    ],
)
def test_axis(number: float | Decimal, german: str, english: str) -> None:
    assert plain(GERMANY.axis(number)) == german
    assert plain(BRITAIN.axis(number)) == english


def test_what_has_little_room_loses_digits() -> None:
    assert plain(GERMANY.brief(Money(123_456_789, "EUR"))) == "1,23 Mio €"
    assert plain(SWITZERLAND.brief(Money(-123_456_789, "CHF"))) == "CHF-1.23 Mio"
    assert plain(BRITAIN.brief(Money(1_250_000, "GBP"))) == "£12.5 k"
    assert [plain(GERMANY.years(days)) for days in (365, 366, 3285)] == ["0 J", "1 J", "8 J"]


def test_numbers_keep_the_decimals_they_have() -> None:
    assert GERMANY.number(1_234_567) == "1.234.567"
    assert GERMANY.number(-1000) == "-1.000"
    assert GERMANY.number(Decimal("1234.50")) == "1.234,50"
    assert GERMANY.number(Decimal("1E+3")) == "1.000"


def test_percentages_and_rates() -> None:
    assert plain(GERMANY.percent(25)) == "12,5 %"
    assert AMERICA.percent(25) == "12.5%"
    assert GERMANY.percent(0) == "0\u00a0%"
    assert plain(GERMANY.rate(0.38)) == "38 %"
    assert plain(GERMANY.rate(0.38249)) == "38,2 %"
    assert plain(GERMANY.rate(Decimal("0.0005"))) == "0,1 %"
    assert plain(GERMANY.rate(-0.123)) == "-12,3 %"
    assert plain(GERMANY.rate(12.5)) == "1.250 %"
    assert GERMANY.rate(None) == GERMANY.rate(float("nan")) == "–"


def test_days() -> None:
    day = date(2026, 12, 3)
    assert GERMANY.day(day) == "03.12.2026"
    assert BRITAIN.day(day) == "3 Dec 2026"
    assert AMERICA.day(day) == "Dec 3, 2026"
    assert GERMANY.day_short(day, date(2026, 1, 1)) == "03.12."
    assert GERMANY.day_short(day, date(2027, 1, 1)) == "03.12.26"
    assert BRITAIN.day_short(day, date(2026, 1, 1)) == "3 Dec"
    assert AMERICA.day_short(day, date(2026, 1, 1)) == "Dec 3"


def test_a_day_whose_month_is_named_is_unmistakable_in_german_too() -> None:
    assert Formats("de", "GB").day(date(2026, 3, 4)) == "4 Mär 2026"


def test_months_and_periods() -> None:
    december = month_number(date(2026, 12, 1))
    assert GERMANY.month(december) == "Dez 26"
    assert GERMANY.period(december + 1, december + 4) == "Jan–Apr 27"
    assert GERMANY.period(december, december + 3) == "Dez 26–Mär 27"
    assert GERMANY.period(december + 3, december + 3) == "Mär 27"
    assert AUSTRIA.month(december + 1) == "Jän 27"
    assert BRITAIN.period(december, december + 3) == "Dec 26–Mar 27"


def test_moments_show_the_clock_of_the_zone() -> None:
    moment = datetime(2026, 11, 16, 9, 12, tzinfo=UTC)
    assert GERMANY.instant(moment, ZoneInfo("Europe/Berlin")) == "16.11.2026 10:12"
    assert GERMANY.instant(moment, ZoneInfo("Pacific/Auckland")) == "16.11.2026 22:12"
    assert plain(AMERICA.instant(moment, ZoneInfo("America/New_York"))) == "Nov 16, 2026 4:12 AM"


def test_times() -> None:
    assert [GERMANY.time(minutes) for minutes in (0, 545, 840, 1439)] == ["00:00", "09:05", "14:00", "23:59"]
    assert [plain(AMERICA.time(minutes)) for minutes in (0, 720, 840)] == ["12:00 AM", "12:00 PM", "2:00 PM"]


def test_numbers_of_days() -> None:
    assert plain(GERMANY.days(41)) == "41 T"
    assert plain(BRITAIN.days(41)) == "41 d"
    assert [plain(GERMANY.days(n, long=True)) for n in (0, 1, 1200)] == ["0 Tage", "1 Tag", "1.200 Tage"]
    assert [plain(BRITAIN.days(n, long=True)) for n in (1, 2)] == ["1 day", "2 days"]


def test_show_words_whatever_a_text_may_hold() -> None:
    values = (None, "Müller", 1234, date(2026, 12, 31), Money(123_450, "EUR"), Percent(25), Text("Theme"))
    words = ["", "Müller", "1.234", "31.12.2026", "1.234,50 €", "12,5 %", "Theme"]
    assert [plain(GERMANY.show(value)) for value in values] == words


@pytest.mark.parametrize("country", ["", "XX", "de", "../de", "INT", "LI", "FR", "ZW"])
def test_an_unknown_country_is_worded_all_the_same(country: str) -> None:
    formats = Formats("de", country)
    assert "1" in formats.money(Money(100, "EUR"))
    assert "2026" in formats.day(date(2026, 1, 1))


@given(st.integers(-(10**16), 10**16))
def test_digits_are_never_lost(minor: int) -> None:
    digits = "".join(sign for sign in SWITZERLAND.money(Money(minor, "CHF")) if sign.isdigit())
    assert int(digits) == abs(minor)


def test_wording_an_amount_costs_no_more_than_a_few_dictionary_look_ups() -> None:
    amount = Money(123_456_789, "EUR")
    limit = min(repeat(lambda: f"{amount.minor:,}".replace(",", "."), number=2000, repeat=5))
    ours = min(repeat(lambda: GERMANY.money(amount), number=2000, repeat=5))
    assert ours < 12 * limit
