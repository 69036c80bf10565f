"""How amounts, days and periods are worded for a language and a country.

Babel is asked once, with the first figure; what is called for every cell of a table is plain integer and text work.
"""

import math
import re
from dataclasses import dataclass
from datetime import date, datetime, tzinfo
from decimal import Decimal
from functools import cached_property

from app.core.i18n import Percent
from app.core.money import Money, decimals, half_up
from app.core.terms import YEAR_UNKNOWN

NBSP = "\u00a0"
#: Stands where a rate has no denominator.
NONE = "–"

# CLDR writes Swiss thousands with ’; the keyboard, the bank and the house style have '.
_APOSTROPHES = str.maketrans("’", "'")
# What CLDR has no short form of: thousand, million, billion on an axis; day and year as one
# letter, one day, many days.
_WORDS = {
    "de": (("Mrd", "Mio", "k"), ("T", "Tag", "Tage", "J")),
    "en": (("bn", "M", "k"), ("d", "day", "days", "y")),
}
_PLACES = {
    "dd": "{day:02}",
    "d": "{day}",
    "MM": "{month:02}",
    "M": "{month}",
    "MMM": "{name}",
    "y": "{year:04}",
}


@dataclass(frozen=True)
class _Conventions:
    """What Babel says about a language in a country: signs, affixes as (plus, minus), date patterns, names."""

    decimal: str
    group: str
    money_group: str
    money_prefix: tuple[str, str]
    money_suffix: tuple[str, str]
    percent_suffix: str
    symbols: dict[str, str]
    months: tuple[str, ...]
    day: str
    afternoon: bool


@dataclass(frozen=True, slots=True)
class _Style:
    """How one currency is written: minor units in a major one, decimals, what stands around the figure."""

    unit: int
    digits: int
    plus: tuple[str, str]
    minus: tuple[str, str]


class Formats:
    """Words everything that is shown in the manner of a country: 1.234,50 € (DE), € 1.234,50 (AT), CHF 1'234.50 (CH).

    `language` is 'de', 'en' or 'xx' (the pseudo-locale, worded in English); `country` an ISO code or 'INT'. A country
    that writes in another language keeps its signs and orders and borrows the names of months from the language.
    """

    def __init__(self, language: str, country: str) -> None:
        self.language = language
        self.country = country
        self._words = "de" if language == "de" else "en"
        self._scales, self._day_words = _WORDS[self._words]
        self._styles: dict[str, _Style] = {}

    # Asked for with the first figure, not before: the frame of the window shows none and need not wait for Babel.

    @cached_property
    def _conventions(self) -> _Conventions:
        return _ask_babel(self._words, self.country)

    @cached_property
    def _group(self) -> str:
        return self._conventions.money_group

    @cached_property
    def _decimal(self) -> str:
        return self._conventions.decimal

    @cached_property
    def _signs(self) -> dict[int, str]:
        return str.maketrans({",": self._conventions.group, ".": self._conventions.decimal})

    @cached_property
    def _days(self) -> tuple[str, str, str]:
        return _day_templates(self._conventions.day)

    def money(self, amount: Money) -> str:
        """Always with decimals: 48.000,00 €."""
        style = self._style(amount.currency)
        whole, rest = divmod(abs(amount.minor), style.unit)
        return self._affixed(whole, rest, style, amount.minor < 0)

    def amount(self, amount: Money) -> str:
        """Without decimals where they are zero: 48.000 €. (With three decimals 48,000 would be read as thousands.)"""
        style = self._style(amount.currency)
        whole, rest = divmod(abs(amount.minor), style.unit)
        return self._affixed(whole, rest if rest or style.digits == 3 else None, style, amount.minor < 0)

    def whole(self, amount: Money) -> str:
        """Rounded half up to whole units, for sums: 115.346 €."""
        style = self._style(amount.currency)
        whole = (2 * abs(amount.minor) + style.unit) // (2 * style.unit)
        return self._affixed(whole, None, style, amount.minor < 0 and whole > 0)

    def brief(self, amount: Money, *, bare: bool = False) -> str:
        """Three digits of it, where the whole does not fit: 1,23 Mio €; `bare` is without €."""
        style = self._style(amount.currency)
        prefix, suffix = style.minus if amount.minor < 0 else style.plus
        if bare:
            prefix, suffix = "-" if amount.minor < 0 else "", ""
        return prefix + self.axis(float(f"{abs(amount.minor) / style.unit:.3g}")) + suffix

    def _affixed(self, whole: int, rest: int | None, style: _Style, negative: bool) -> str:
        prefix, suffix = style.minus if negative else style.plus
        figure = f"{whole:,}".replace(",", self._group)
        if rest is None or not style.digits:
            return prefix + figure + suffix
        return f"{prefix}{figure}{self._decimal}{rest:0{style.digits}}{suffix}"

    def _style(self, currency: str) -> _Style:
        style = self._styles.get(currency)
        if style is None:
            known = self._conventions
            symbol = known.symbols.get(currency, currency)
            plus, minus = (
                _around(prefix.replace("¤", symbol), suffix.replace("¤", symbol))
                for prefix, suffix in zip(known.money_prefix, known.money_suffix, strict=True)
            )
            digits = decimals(currency)
            style = self._styles[currency] = _Style(10**digits, digits, plus, minus)
        return style

    def axis(self, number: float | Decimal) -> str:
        """Short, for the ticks of a chart: 20 k, 1,5 Mio."""
        value = float(number)
        if not math.isfinite(value):
            return ""
        for limit, word in zip((1e9, 1e6, 1e3), self._scales, strict=True):
            if abs(value) >= limit:
                return self._short(value / limit) + NBSP + word
        return self._short(value)

    def _short(self, value: float) -> str:
        text = f"{value:.2f}".rstrip("0").rstrip(".")
        return "0" if text == "-0" else text.replace(".", self._decimal)

    def number(self, value: int | Decimal) -> str:
        """With thousands separated; a Decimal keeps the decimals it has."""
        text = f"{value:,}" if isinstance(value, int) else f"{value:,f}"
        return text.translate(self._signs)

    def plain(self, value: Decimal) -> str:
        """With the decimal sign alone, as a spreadsheet of the country reads it: 1234,50."""
        return f"{value:f}".replace(".", self._decimal)

    def percent(self, halves: int) -> str:
        """A probability in half percents (0 to 200): 60 %, 12,5 %."""
        half = f"{self._decimal}5" if halves % 2 else ""
        return f"{halves // 2}{half}{self._conventions.percent_suffix}"

    def rate(self, fraction: Decimal | float | None) -> str:
        """A share (0.382) in percent with at most one decimal: 38,2 %. A dash for None: nothing to divide by."""
        if fraction is None or not math.isfinite(fraction):
            return NONE
        percent = Decimal(half_up(Decimal(str(fraction)) * 1000)) / 10
        shown = int(percent) if percent == int(percent) else percent
        return self.number(shown) + self._conventions.percent_suffix

    def day(self, day: date) -> str:
        """31.12.2026."""
        return self._dated(self._days[0], day)

    def day_short(self, day: date, today: date) -> str:
        """25.11. within the year of `today`, else with two digits of the year: 25.11.27."""
        return self._dated(self._days[1 if day.year == today.year else 2], day)

    def _dated(self, template: str, day: date) -> str:
        name = self._conventions.months[day.month - 1]
        return template.format(day=day.day, month=day.month, name=name, year=day.year, two=day.year % 100)

    def birthday(self, day: date) -> str:
        """Like a day, without the year where nobody knows it: 29.02."""
        return self._dated(self._days[1], day) if day.year == YEAR_UNKNOWN else self.day(day)

    def month(self, month: int) -> str:
        """A month number: Dez 26."""
        return f"{self.month_name(month)} {month // 12 % 100:02}"

    def month_name(self, month: int) -> str:
        """A month number without its year: Dez."""
        return self._conventions.months[month % 12]

    def period(self, first: int, last: int) -> str:
        """Two month numbers, inclusive: Jan–Apr 27, Dez 26–Mär 27, or Mär 27 for one month."""
        if first == last:
            return self.month(first)
        start = self.month_name(first) if first // 12 == last // 12 else self.month(first)
        return f"{start}–{self.month(last)}"

    def instant(self, moment: datetime, zone: tzinfo) -> str:
        """An aware moment as the clock in `zone` shows it: 16.11.2026 10:12."""
        local = moment.astimezone(zone)
        return f"{self.day(local)} {self.time(local.hour * 60 + local.minute)}"

    def time(self, minutes: int) -> str:
        """Minutes since midnight: 14:00, or 2:00 PM where the country says so."""
        hour, minute = divmod(minutes, 60)
        if not self._conventions.afternoon:
            return f"{hour:02}:{minute:02}"
        return f"{(hour - 1) % 12 + 1}:{minute:02}{NBSP}{'PM' if hour >= 12 else 'AM'}"

    def hours(self, minutes: int) -> str:
        """How long something takes, in hours and minutes: 7:30, in every country."""
        return f"{minutes // 60}:{minutes % 60:02}"

    def days(self, n: int, *, long: bool = False) -> str:
        """A number of days: 41 T, with `long` 41 Tage."""
        short, one, many, _ = self._day_words
        word = (one if n == 1 else many) if long else short
        return f"{self.number(n)}{NBSP}{word}"

    def years(self, days: int) -> str:
        """The whole years in a number of days, where these do not fit: 9 J."""
        return f"{self.number(int(days / 365.25))}{NBSP}{self._day_words[3]}"

    def size(self, count: int) -> str:
        """How large a file is: 900 B, 12 kB, 1,5 MB; in thousands, as file managers and mail programs count."""
        if count < 1000:
            return f"{count}{NBSP}B"
        if (thousands := round(count / 1000)) < 1000:
            return f"{thousands}{NBSP}kB"
        return f"{self._short(round(count / 1_000_000, 1))}{NBSP}MB"

    def show(self, value: object) -> str:
        """The words of an argument of a `Text`: a day, an amount, a percentage, a number, a text; '' for None."""
        match value:
            case Money():
                return self.amount(value)
            case Percent():
                return self.percent(value.halves)
            case date():
                return self.birthday(value)
            case int() | Decimal():
                return self.number(value)
        return "" if value is None else str(value)


def _ask_babel(language: str, country: str) -> _Conventions:
    """Babel's data for the language in the country; signs and orders of the country where that pair is unknown."""
    from babel import localedata
    from babel.core import Locale

    if country == "INT":  # 150 is Europe: 24 hours, the currency after the figure; German has no such manner
        country = "DE" if language == "de" else "150"
    known = [f"{language}_{country}", f"en_{country}"] if re.fullmatch("150|[A-Z]{2}", country) else []
    manner = Locale.parse(next(name for name in (*known, language) if localedata.exists(name)))
    names = manner if manner.language == language else Locale.parse(language)
    symbols = manner.number_symbols["latn"]
    money = manner.currency_formats["standard"]
    group = symbols["group"].translate(_APOSTROPHES)
    return _Conventions(
        decimal=symbols["decimal"],
        group=group,
        money_group=symbols.get("currencyGroup", group).translate(_APOSTROPHES),
        money_prefix=money.prefix,
        money_suffix=money.suffix,
        percent_suffix=manner.percent_formats[None].suffix[0],
        symbols=dict(manner.currency_symbols),
        months=tuple(names.months["stand-alone"]["abbreviated"][month] for month in range(1, 13)),
        day=manner.date_formats["medium"].pattern,
        afternoon="a" in manner.time_formats["short"].pattern,
    )


def _day_templates(pattern: str) -> tuple[str, str, str]:
    """A date pattern as three templates: whole, without the year, with two digits of the year."""
    whole = re.sub("d+|M+|y+", lambda place: _PLACES[place[0]], pattern)
    without = whole.replace(_PLACES["y"], "").strip(" ,/-")
    return whole, without, whole.replace(_PLACES["y"], "{two:02}")


def _around(prefix: str, suffix: str) -> tuple[str, str]:
    """The affixes with a space between letters and the figure, as CLDR asks for: CHF 5, but $5."""
    return (
        prefix + NBSP if prefix[-1:].isalpha() else prefix,
        NBSP + suffix if suffix[:1].isalpha() else suffix,
    )
