"""Cells of columns that are own fields."""

from collections.abc import Callable
from datetime import date, tzinfo

from app.core.calendar import day_of
from app.core.errors import InvalidInput
from app.core.folding import sort_key
from app.core.i18n import Text
from app.core.money import Money
from app.core.parse.numbers import number
from app.services.csv_format import FLAG_WORDS, split_tags, unguarded
from app.services.importing.amounts import Bad, minor_of, read_amount
from app.services.importing.dates import read_moment
from app.services.own_fields import OwnField
from app.services.own_kinds import OwnKind
from app.services.own_values import OwnValue, tidy

_YES = frozenset(sort_key(words[True]) for words in FLAG_WORDS.values()) | {"true", "wahr", "1", "x", "y", "j"}
_NO = frozenset(sort_key(words[False]) for words in FLAG_WORDS.values()) | {"false", "falsch", "0", "n"}


def own_reader(
    field: OwnField, decimal: str | None, order: str | None, currency: str, zone: tzinfo, today: date
) -> Callable[[str], "OwnValue | Bad"]:
    """What reads a cell of an own field: a value, None for nothing, or why it makes no sense."""
    readers: dict[OwnKind, Callable[[str], OwnValue | Bad]] = {
        OwnKind.FLAG: lambda cell: _answer(field, cell),
        OwnKind.NUMBER: lambda cell: number(cell, unit=field.unit),
        OwnKind.AMOUNT: lambda cell: _amount(cell, decimal, currency),
        OwnKind.DAY: lambda cell: _day(cell, order, zone, today),
        OwnKind.CHOICE: lambda cell: _option(field, cell),
        OwnKind.CHOICES: lambda cell: tuple(_option(field, name) for name in split_tags(cell)),
    }
    read = readers.get(field.kind, str)

    def plain(cell: str) -> "OwnValue | Bad":
        try:
            found = read(unguarded(cell).strip())
            return found if isinstance(found, Bad) else tidy(field, found)
        except InvalidInput as error:
            return Bad(error.title)

    return plain


def _answer(field: OwnField, cell: str) -> "bool | Bad":
    word = sort_key(cell)
    if word in _YES or word in _NO:
        return word in _YES
    return Bad(Text("“{text}” is neither yes nor no.", text=cell[:40]))


def _amount(cell: str, decimal: str | None, currency: str) -> "Money | Bad":
    found = read_amount(cell, decimal)
    if isinstance(found, Bad):
        return found
    minor = minor_of(found.figure, found.currency or currency)
    return Bad(Text("This amount is too large.")) if minor is None else Money(minor, found.currency or currency)


def _day(cell: str, order: str | None, zone: tzinfo, today: date) -> "date | Bad":
    found = read_moment(cell, order, zone, today)
    return Bad(Text("“{text}” is not a date.", text=cell[:60])) if found is None else day_of(found.day)


def _option(field: OwnField, cell: str) -> int:
    wanted = sort_key(cell)
    found = next((option.id for option in field.offered if sort_key(option.name) == wanted), None)
    if found is None:
        raise InvalidInput(Text("“{text}” is not among what “{field}” offers.", text=cell[:40], field=field.name))
    return found
