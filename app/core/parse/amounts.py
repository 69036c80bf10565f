"""Amounts and percentages as people type them."""

import re

from app.core.errors import InvalidInput
from app.core.i18n import Text
from app.core.money import MAX_MINOR, Money, decimals
from app.core.parse.cleaning import clean
from app.core.terms import CERTAIN, Budget

#: Powers of ten, the longest word first: "million" before "m".
_SCALES = {
    "milliarden": 9, "milliarde": 9, "millionen": 6, "millions": 6, "thousand": 3, "million": 6, "tausend": 3,
    "mio": 6, "mrd": 9, "tsd": 3, "bn": 9, "k": 3, "m": 6, "t": 3,
}  # fmt: skip
#: What may stand for which currencies, beside their ISO codes.
_SYMBOLS = {
    "€": ("EUR",), "euro": ("EUR",), "fr": ("CHF",), "sfr": ("CHF",), "franken": ("CHF",), "£": ("GBP",),
    "$": ("USD", "CAD", "AUD", "NZD", "HKD", "SGD", "MXN"), "us$": ("USD",), "ca$": ("CAD",), "au$": ("AUD",),
    "a$": ("AUD",), "nz$": ("NZD",), "hk$": ("HKD",), "¥": ("JPY", "CNY"), "jp¥": ("JPY",), "cn¥": ("CNY",),
    "kr": ("SEK", "NOK", "DKK", "ISK"), "zł": ("PLN",), "kč": ("CZK",), "ft": ("HUF",), "₺": ("TRY",), "₹": ("INR",),
    "₩": ("KRW",), "r$": ("BRL",),
}  # fmt: skip

_AMOUNT = re.compile(r"([^0-9]*)([0-9][0-9.,' ]*)(.*)")
_GROUPED = re.compile(r"([1-9][0-9]{0,2}(?:([.,' ])[0-9]{3})(?:\2[0-9]{3})*)(?:(?!\2)[.,]([0-9]+))?")
_PLAIN = re.compile(r"([0-9]+)(?:[.,]([0-9]+))?")
_MONTHLY = r"(.+?)(?: ?/ ?(?:monat|month|mon?\.?)| (?:(?:im|pro) monat|monatlich|mtl\.?|per month|monthly))"
_BUDGETS = (
    (re.compile(_MONTHLY, re.I), Budget.MONTHLY),
    (re.compile(r"(.+?) (?:einmalig|once|one-off)", re.I), Budget.ONCE),
)
_PERCENT = re.compile(r"([0-9]{1,3})(?:[.,](0|5)0*)? ?(?:%|prozent|percent)?")


def amount(text: str, currency: str, *, field: str | None = None) -> Money:
    """An amount in `currency`: 25k, 1.234,56, 1'234.50, 48.000 €, 3,5 Mio, 12 000,-.

    One separator with exactly three digits after it separates thousands, except in a currency with three decimals.
    """
    found = _AMOUNT.fullmatch(clean(text, field))
    if found is None:
        raise _no_amount(text, field)
    before, number, after = found[1], found[2].rstrip(), found[3]
    if number[-1] in ".,":  # 1'234.– and 12 000,-
        dash = re.match("--?", after)
        number, after = (number[:-1], after[dash.end() :]) if dash else (number, after)
    _check_currency(before.strip(" +-"), currency, text, field)
    scale = _scale(after.strip(), currency)
    if scale is None:
        _check_currency(after.strip(), currency, text, field)
        raise _no_amount(text, field)
    if "-" in before:
        raise InvalidInput(Text("An amount cannot be negative."), field=field)
    return Money(_minor(number, scale, currency, text, field), currency)


def volume(text: str, currency: str, *, field: str | None = None) -> tuple[Money, Budget | None]:
    """An amount, and how it is meant where that is said: 2000/Monat, 2k mtl., 25k einmalig; None where it is not."""
    for pattern, budget in _BUDGETS:
        if found := pattern.fullmatch(text.strip()):
            return amount(found[1], currency, field=field), budget
    return amount(text, currency, field=field), None


def _no_amount(text: str, field: str | None) -> InvalidInput:
    hint = Text("Write for example 25k, 1.234,56 or 1'234.50.")
    return InvalidInput(Text("“{text}” is not an amount.", text=text.strip()), hint, field)


def _check_currency(word: str, currency: str, text: str, field: str | None) -> None:
    """Nothing, or a name of `currency`; the name of another one deserves its own sentence."""
    word = word if word == "." else word.removesuffix(".")
    if not word or _is(word, currency):
        return
    if word in _SYMBOLS or word.upper() in {code for codes in _SYMBOLS.values() for code in codes}:
        raise InvalidInput(Text("This amount is not in {currency}.", currency=currency), field=field)
    raise _no_amount(text, field)


def _is(word: str, currency: str) -> bool:
    return word == currency.casefold() or currency in _SYMBOLS.get(word, ())


def _scale(unit: str, currency: str) -> int | None:
    """The power of ten that a unit such as k, T€, 'mio. eur' or chf stands for; None for anything else."""
    if not unit or _is(unit.rstrip("."), currency):
        return 0
    for word, power in _SCALES.items():
        if unit.startswith(word):
            rest = unit.removeprefix(word).strip(" .")
            if not rest or _is(rest, currency):
                return power
    return None


def _minor(number: str, scale: int, currency: str, text: str, field: str | None) -> int:
    """The figure in minor units, by moving the decimal point of its digits."""
    digits, fraction = _digits(number, scale, currency, text, field)
    places = decimals(currency)
    shift = places + scale - len(fraction)
    if shift < 0:
        raise InvalidInput(Text("These are more decimals than {currency} has.", currency=currency), field=field)
    minor = int(digits + fraction + "0" * shift)
    if minor > MAX_MINOR:
        raise InvalidInput(Text("This amount is too large."), field=field)
    return minor


def _digits(number: str, scale: int, currency: str, text: str, field: str | None) -> tuple[str, str]:
    """The digits before and after the decimal sign, whichever sign separates thousands."""
    grouped, plain = _GROUPED.fullmatch(number), _PLAIN.fullmatch(number)
    if grouped and plain and scale:  # 1.234k: a thousand of thousands, or a little more than one?
        raise InvalidInput(Text("“{text}” can be read in two ways.", text=text), Text("Write it in full."), field)
    if grouped and not (plain and decimals(currency) == 3):
        return re.sub("[^0-9]", "", grouped[1]), grouped[3] or ""
    if plain:
        return plain[1], plain[2] or ""
    raise _no_amount(text, field)


def percent(text: str, *, field: str | None = None) -> int:
    """A probability in half percents: 60, 60 %, 12,5; nothing between the halves, 0 to 100."""
    found = _PERCENT.fullmatch(clean(text, field))
    halves = int(found[1]) * 2 + (found[2] == "5") if found else -1
    if not 0 <= halves <= CERTAIN:
        hint = Text("Whole and half percents are possible, for example 60 or 12.5.")
        raise InvalidInput(Text("“{text}” is not a percentage from 0 to 100.", text=text.strip()), hint, field)
    return halves
