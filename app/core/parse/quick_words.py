"""Figures, days and legal forms among the words of a line.

A recogniser gets a few words that follow each other, and says what they are: for sure, only at the end of what is not
understood (`at_end`), or at most perhaps.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Protocol

from app.core.errors import InvalidInput
from app.core.i18n import Text
from app.core.parse.amounts import percent, volume
from app.core.parse.days import MONTHS, day, time_of_day
from app.core.parse.periods import months
from app.core.terms import Budget

_PERCENT = re.compile(r"[0-9]{1,3}([.,][0-9]+)? ?(%|prozent|percent)", re.I)
_PER_MONTH = r"( ?/ ?(monat|month|mon?\.?)| (im|pro) monat| monatlich| mtl\.?| per month| monthly)?"
_UNIT = r"(k|t(?=€)|tsd\.?|tausend|mio\.?|mrd\.?|million(en)?|thousand)"
_MONEY = r"(€|euro?|eur|chf|sfr|fr\.?|franken|usd|us\$|\$|gbp|£)"
_NUMBER = r"[0-9][0-9.,' ]*"
_WITH_UNIT = re.compile(rf"{_MONEY}? ?{_NUMBER} ?{_UNIT} ?{_MONEY}?{_PER_MONTH}", re.I)
_WITH_MONEY = re.compile(rf"({_MONEY} ?{_NUMBER}|{_NUMBER}(,?[-–]+)? ?{_MONEY}|{_NUMBER},[-–]+){_PER_MONTH}", re.I)
_GROUPED = re.compile(r"[1-9][0-9]{0,2}([.'’][0-9]{3})+(,[0-9]{1,2})?")
_BARE = re.compile("[1-9][0-9]{3,7}")
_YEAR = re.compile("(19|20|21)[0-9]{2}")
#: So sharp are pictures, and so is no budget.
_PIXELS = frozenset({"2K", "4K", "5K", "8K"})
_CURRENCIES = {
    "€": "EUR", "euro": "EUR", "eur": "EUR", "chf": "CHF", "sfr": "CHF", "fr": "CHF", "franken": "CHF", "usd": "USD",
    "us$": "USD", "$": "USD", "gbp": "GBP", "£": "GBP",
}  # fmt: skip

_DATE = re.compile(r"[0-9]{1,2}\.[0-9]{1,2}\.([0-9]{4}|[0-9]{2})?|[0-9]{4}-[0-9]{2}-[0-9]{2}")
_AHEAD = re.compile(r"\+[0-9]{1,3}(d|t|tage?n?|days?|w|wo|wochen?|weeks?|m|mo|monate?n?|months?|j|y|jahre?n?|years?)")
_CLOCK = re.compile(r"[0-9]{1,2}:[0-9]{2}( ?uhr)?|[0-9]{1,2}([.:][0-9]{2})? ?uhr|[0-9]{1,2} ?[ap]m", re.I)
_NEAR = frozenset({"heute", "morgen", "übermorgen", "uebermorgen", "today", "tomorrow"})
#: Short weekdays that are no other word, neither in German nor in English.
_WEEKDAYS = frozenset({
    "mo", "mon", "montag", "monday", "di", "dienstag", "tue", "tuesday", "mittwoch", "wed", "wednesday", "donnerstag",
    "thu", "thursday", "fr", "freitag", "fri", "friday", "samstag", "sonnabend", "saturday", "sonntag", "sunday",
    "mo.", "di.", "mi.", "do.", "fr.", "sa.", "so.",
})  # fmt: skip
_MONTH = "|".join(sorted(MONTHS, key=len, reverse=True))
_PERIOD = re.compile(
    rf"q[1-4] ?[/'] ?([0-9]{{4}}|[0-9]{{2}})|((?:{_MONTH})\.?|[0-9]{{1,2}}/)( ?([0-9]{{4}}|[0-9]{{2}}))? ?[-–] ?"
    rf"((?:{_MONTH})\.?|[0-9]{{1,2}}/)( ?([0-9]{{4}}|[0-9]{{2}}))?",
    re.I,
)

_LEGAL = frozenset({
    "GmbH", "gGmbH", "mbH", "AG", "KG", "KGaA", "OHG", "GbR", "GesbR", "UG", "SE", "eG", "OG", "e.V.", "e.K.", "e.U.",
    "Ltd", "Ltd.", "Inc", "Inc.", "LLC", "PLC", "plc", "S.A.", "SA", "Sàrl", "B.V.",
})  # fmt: skip
_BETWEEN = frozenset({"&", "+", "und", "and", "Co", "Co.", "Cie.", "(haftungsbeschränkt)"})


@dataclass(frozen=True)
class Found:
    """What some words are: a value of a field, or why they are none (`why`)."""

    field: str
    value: Any = None
    sure: bool = True
    at_end: bool = False
    why: Text | None = None


class Known(Protocol):
    """What has to be known for it."""

    @property
    def currency(self) -> str: ...
    @property
    def today(self) -> date: ...


def a_share(words: list[str], known: Known) -> Found | None:
    """60%, 60 %, 12,5 Prozent."""
    text = " ".join(words)
    if len(words) > 2 or not _PERCENT.fullmatch(text):
        return None
    try:
        return Found("probability", percent(text))
    except InvalidInput as error:
        return Found("probability", why=error.title)


def a_day(words: list[str], known: Known) -> Found | None:
    """15.3., 15.3.27, 2027-03-15, +2w, heute, mo; with a time after it: 15.3. 14:00."""
    first, rest = words[0], " ".join(words[1:])
    lower = first.casefold()
    sure = bool(_DATE.fullmatch(first) or _AHEAD.fullmatch(lower)) or (first == lower and lower in _NEAR | _WEEKDAYS)
    perhaps = lower in _WEEKDAYS and len(lower.rstrip(".")) > 3
    if not (sure or perhaps) or (rest and not _CLOCK.fullmatch(rest)):
        return None
    try:
        return Found("next_step", (day(first, known.today), time_of_day(rest) if rest else None), sure=sure)
    except InvalidInput as error:
        return Found("next_step", why=error.title) if sure else None


def a_period(words: list[str], known: Known) -> Found | None:
    """Jan-Apr 27, 1/27-4/27, Q1/27."""
    text = " ".join(words)
    if not _PERIOD.fullmatch(text):
        return None
    try:
        return Found("period", months(text, known.today))
    except InvalidInput:
        return None


def an_amount(words: list[str], known: Known) -> Found | None:
    """25k, 25.000 €, 1,5 Mio, 2k/Monat; a number by itself only perhaps."""
    text = " ".join(words)
    unit, money = _WITH_UNIT.fullmatch(text), _WITH_MONEY.fullmatch(text)
    grouped, bare = _GROUPED.fullmatch(text), _BARE.fullmatch(text) and not _YEAR.fullmatch(text)
    if not (unit or money or grouped or bare):
        return None
    try:
        amount, budget = volume(text, _currency(text, known.currency))
    except InvalidInput as error:
        return Found("amount", why=error.title) if unit or money else None
    sure = bool(unit or money) and text not in _PIXELS
    return Found("amount", (amount, budget or Budget.ONCE), sure=sure, at_end=bool(grouped))


def _currency(text: str, usual: str) -> str:
    """The currency that is named, else the usual one."""
    for word in re.findall(r"[a-z€$£]+", text.casefold()):
        for ending in (word, word.removeprefix("t"), word.removeprefix("k")):
            if ending in _CURRENCIES:
                return _CURRENCIES[ending]
    return usual


def is_legal(word: str) -> bool:
    """Whether a word is the legal form of a company, or ends its name."""
    return word.rstrip(",;:") in _LEGAL


def company_end(words: Sequence[str], first: int) -> int:
    """Where the name of a company ends whose legal form begins at `first`: GmbH & Co. KG."""
    end = first + 1
    for i in range(first + 1, len(words)):
        if is_legal(words[i]):
            end = i + 1
        elif words[i] not in _BETWEEN:
            break
    return end


def legal_start(words: Sequence[str], first: int) -> int:
    """Where a name begins at the latest whose legal form begins at `first`: one word, or those that & connects."""
    start = first - 1
    while start > 1 and (words[start] in _BETWEEN or words[start - 1] in _BETWEEN):
        start -= 1
    return max(start, 0)


def only_legal(words: Sequence[str]) -> bool:
    """Whether nothing but a legal form is left of a name."""
    return any(map(is_legal, words)) and all(is_legal(word) or word in _BETWEEN for word in words)
