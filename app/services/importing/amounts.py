"""Amounts, currencies and probabilities as other programs write them."""

import re
from decimal import Decimal
from functools import cache
from typing import NamedTuple

from app.core.errors import InvalidInput
from app.core.i18n import Text
from app.core.money import MAX_MINOR, Money, decimals
from app.core.parse import amounts as typed
from app.core.terms import CERTAIN

_ISO_4217 = """
AED AFN ALL AMD AOA ARS AUD AWG AZN BAM BBD BDT BGN BHD BIF BMD BND BOB BRL BSD BTN BWP BYN BZD CAD CDF CHF CLP CNY
COP CRC CUP CVE CZK DJF DKK DOP DZD EGP ERN ETB EUR FJD FKP GBP GEL GHS GIP GMD GNF GTQ GYD HKD HNL HTG HUF IDR ILS
INR IQD IRR ISK JMD JOD JPY KES KGS KHR KMF KPW KRW KWD KYD KZT LAK LBP LKR LRD LSL LYD MAD MDL MGA MKD MMK MNT MOP
MRU MUR MVR MWK MXN MYR MZN NAD NGN NIO NOK NPR NZD OMR PAB PEN PGK PHP PKR PLN PYG QAR RON RSD RUB RWF SAR SBD SCR
SDG SEK SGD SHP SLE SOS SRD SSP STN SVC SYP SZL THB TJS TMT TND TOP TRY TTD TWD TZS UAH UGX USD UYU UZS VED VES VND
VUV WST XAF XCD XOF XPF YER ZAR ZMW
"""
#: Active codes of ISO 4217.
CURRENCIES = frozenset(_ISO_4217.split())
_NAMES = {
    "€": "EUR", "euro": "EUR", "euros": "EUR", "fr": "CHF", "sfr": "CHF", "franken": "CHF", "schweizer franken": "CHF",
    "swiss franc": "CHF", "$": "USD", "us$": "USD", "dollar": "USD", "us dollar": "USD", "us-dollar": "USD",
    "£": "GBP", "pfund": "GBP", "british pound": "GBP", "pound sterling": "GBP", "¥": "JPY", "zł": "PLN", "kč": "CZK",
}  # fmt: skip

#: In place of a decimal sign: the column uses both.
MIXED = "?"

_SPACES = str.maketrans({" ": "", "\u00a0": "", "\u202f": "", "\u2009": "", "’": "'"})
_FIGURE = re.compile(r"\d[\d.,'  \u202f\u2009’]*")
_PLAIN = re.compile(r"([0-9]+)(?:[.,]([0-9]{1,2}))?")
_ONE_SIGN = re.compile(r"(\d+)([.,])(\d+)")
_GROUPED = re.compile(r"\d{1,3}([.,'])\d{3}(?:\1\d{3})*(?:(?!\1)([.,])(\d*))?")
_DASH = re.compile(r"[.,]?[-–—]+")
_PERCENT = re.compile(r"(\d+)(?:[.,](\d+))? ?%?")


class Bad(NamedTuple):
    """In place of a value that cannot be read: why."""

    reason: Text


class Amount(NamedTuple):
    """A figure in major units, and the currency if the cell names one."""

    figure: Decimal
    currency: str | None = None


def currency_of(word: str) -> str | None:
    """The ISO code for a code, sign or name of a currency, or None."""
    code = word.strip().upper()
    return code if code in CURRENCIES else _NAMES.get(word.strip().rstrip(".").casefold())


def decimal_sign(text: str) -> str | None:
    """Which sign is the decimal one in a figure, where the figure alone tells."""
    if (one := _ONE_SIGN.fullmatch(text)) and len(one[3]) < 3:
        return one[2]
    found = _FIGURE.search(text)
    if found is None:
        return None
    figure = found[0].translate(_SPACES).rstrip(".,'")
    if one := _ONE_SIGN.fullmatch(figure):
        sure = len(one[3]) != 3 or len(one[1]) > 3 or one[1].startswith("0")
        return one[2] if sure else None
    if grouped := _GROUPED.fullmatch(figure):
        return grouped[2] or {".": ",", ",": "."}.get(grouped[1])
    return None


def read_amount(text: str, decimal: str | None) -> Amount | Bad:
    """The amount in a cell. `decimal` is the column's decimal sign, used only where the cell alone does not tell.

    A column that uses both signs (`MIXED`) leaves 1.234 open; it is refused, not guessed.
    """
    words = text.strip()
    if (plain := _PLAIN.fullmatch(words)) is not None:
        return Amount(Decimal(f"{plain[1]}.{plain[2] or 0}"))
    found = _FIGURE.search(words)
    if found is None:
        return Bad(Text("“{text}” is not an amount.", text=text[:60]))
    before, after = words[: found.start()].strip(" \u00a0\u202f"), words[found.end() :].strip(" \u00a0\u202f")
    figure = found[0].translate(_SPACES)
    if figure[-1] in ".," and _DASH.match(after):
        figure, after = figure[:-1], _DASH.sub("", after, count=1).strip()
    if (before and before[0] in "-−–(") or after in ("-", "−", "–"):
        return Bad(Text("An amount cannot be negative."))
    sign = decimal_sign(figure)
    if decimal == MIXED and sign is None and ("." in figure or "," in figure):
        return Bad(Text("“{text}” can be read in two ways.", text=text[:60]))
    code = currency_of(before or after) if before or after else None
    number = _number(figure, sign or decimal)
    if (before and after) or ((before or after) and code is None) or number is None:
        return _as_typed(words)
    return Amount(number, code)


def _number(figure: str, decimal: str | None) -> Decimal | None:
    """The value of digits with signs between them; a single sign before three digits separates thousands."""
    if one := _ONE_SIGN.fullmatch(figure):
        if one[2] == decimal or (decimal_sign(figure) is not None):
            return Decimal(f"{one[1]}.{one[3]}")
        return Decimal(one[1] + one[3])
    if grouped := _GROUPED.fullmatch(figure):
        whole = figure[: grouped.start(2) if grouped[2] else None]
        digits = re.sub(r"\D", "", whole)
        return Decimal(f"{digits}.{grouped[3] or 0}")
    return Decimal(figure) if figure.isdecimal() else None


def _as_typed(words: str) -> Amount | Bad:
    """25k, 3,5 Mio and the like, as the program's own fields take them."""
    try:
        return Amount(typed.amount(words, "EUR").decimal)
    except InvalidInput:
        return Bad(Text("“{text}” is not an amount.", text=words[:60]))


@cache
def _unit(currency: str) -> int:
    return int(10 ** decimals(currency))


def minor_of(figure: Decimal, currency: str) -> int | None:
    """Minor units, rounded half up; None beyond all measure."""
    if figure > MAX_MINOR:
        return None
    whole = int(figure)
    minor = whole * _unit(currency) if whole == figure else Money.of(figure, currency).minor
    return minor if minor <= MAX_MINOR else None


def read_percent(text: str, *, fraction: bool) -> int | Bad:
    """A probability in half percents. `fraction`: the column holds shares of one (0.35), not percentages.

    Other than whole and half percents are refused, not rounded: a rounded probability would silently change every
    weighted sum.
    """
    found = _PERCENT.fullmatch(text.strip().replace("\u00a0", " "))
    if found is None:
        return Bad(Text("“{text}” is not a percentage from 0 to 100.", text=text[:60]))
    value = Decimal(f"{found[1]}.{found[2] or 0}")
    halves = value * (CERTAIN if fraction else 2)
    if halves > CERTAIN:
        return Bad(Text("“{text}” is not a percentage from 0 to 100.", text=text[:60]))
    if halves != int(halves):
        return Bad(Text("“{text}”: only whole and half percents are possible.", text=text[:60]))
    return int(halves)
