"""What the cells of each column mean.

Cells are read column by column and every different cell once, so that a hundred thousand rows cost little more than
their parsing.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import date, tzinfo
from typing import Any

from app.core.errors import InvalidInput
from app.core.i18n import Text
from app.core.parse.cleaning import one_line, printable
from app.services.csv_format import split_tags, unguarded
from app.services.importing import words
from app.services.importing.amounts import Bad, currency_of, read_amount, read_percent
from app.services.importing.dates import read_moment, read_month
from app.services.importing.headers import Layout
from app.services.importing.own_cells import own_reader
from app.services.importing.scan import Reading, Translate, unchanged
from app.services.importing.stages import Meaning, StageFact
from app.services.importing.table import columns_of
from app.services.rates import currency_code

#: Longest text of each field of one line.
_LONGEST = {
    "title": 500, "responsible": 200, "company": 300, "person": 300, "source": 200, "reason": 200, "product": 100,
    "external_number": 100, "next_step": 2000, "recommender_company": 300, "recommender_person": 300,
}  # fmt: skip
_LONGEST_TAG = 100
_LONGEST_TEXT = 100_000
#: Different cells of a column that are remembered.
_REMEMBERED = 5_000
#: Fields in which hardly two leads agree.
_OF_ONE_LEAD = ("title", "info", "note", "external_number", "amount")


@dataclass(frozen=True)
class Setting:
    """What the rows are read against. `meanings`: what each word of the stage column means."""

    meanings: Mapping[str, Meaning]
    first: StageFact
    base_currency: str
    zone: tzinfo
    today: date


class _Column(dict[str, Any]):
    """Reads every different cell once, unless nearly all of them differ: then remembering costs more than it saves."""

    def __init__(self, place: int, read: Callable[[str], Any], *, remember: bool) -> None:
        super().__init__()
        self._place = place
        self._read = read
        self._remember = remember
        self.bad = False

    def __missing__(self, cell: str) -> Any:
        value = self[cell] = self._read(cell)
        return value

    def values_of(self, columns: Sequence[Sequence[str]]) -> list[Any]:
        """The values of this column in some rows."""
        values = list(map(self.__getitem__ if self._remember else self._read, columns[self._place]))
        if len(self) > _REMEMBERED:
            self._remember = False
            self.clear()
        self.bad = Bad in map(type, values)
        return values


class Cells:
    """Reads the cells of all imported columns, given how the columns are to be read."""

    def __init__(self, layout: Layout, reading: Reading, setting: Setting, translate: Translate) -> None:
        self._reading = reading
        self._setting = setting
        self._own = layout.own
        self._own_fields = layout.own_fields
        self._names = tuple(layout.fields)
        self._width = len(layout.headers)
        self._columns = [
            _Column(layout.fields[name], self._reader(name, translate), remember=name not in _OF_ONE_LEAD)
            for name in self._names
        ]
        #: Whether any cell of the rows read last makes no sense.
        self.bad = False

    def rows(self, rows: Sequence[Sequence[str]]) -> Iterator[dict[str, Any]]:
        """For each row what it says, by field: a value, None for an empty cell, or a `Bad`."""
        cells = columns_of(rows, self._width)
        columns = [column.values_of(cells) for column in self._columns]
        self.bad = any(column.bad for column in self._columns)
        names = self._names
        for values in zip(*columns, strict=True):
            yield dict(zip(names, values, strict=True))

    def _reader(self, name: str, translate: Translate) -> Callable[[str], Any]:
        read = self._readers().get(name) or self._own_reader(name) or self._line_reader(name)

        def plain(text: str) -> Any:
            return read(text) if text and not text.isspace() else None

        return plain if translate is unchanged else lambda text: plain(translate(name, text))

    def _readers(self) -> dict[str, Callable[[str], Any]]:
        decimal, orders, setting = self._reading.decimal, self._reading.orders, self._setting

        def day(name: str) -> Callable[[str], Any]:
            order = orders.get(name)
            return lambda text: (
                read_moment(text, order, setting.zone, setting.today)
                or Bad(Text("“{text}” is not a date.", text=text.strip()[:60]))
            )

        def month(name: str) -> Callable[[str], Any]:
            order = orders.get(name)
            return lambda text: (
                read_month(text, order, setting.zone, setting.today)
                or Bad(Text("“{text}” is not a date.", text=text.strip()[:60]))
            )

        return {
            "status": _status,
            "stage": self._stage,
            "budget": _budget,
            "currency": self._currency,
            "amount": lambda text: read_amount(text, decimal),
            "probability": lambda text: read_percent(text, fraction=self._reading.fraction),
            "tags": _tags,
            "info": _long_text,
            "note": _long_text,
            "remark": _long_text,
            **{name: day(name) for name in ("activated_on", "closed_on", "next_step_on")},
            **{name: month(name) for name in ("period_first", "period_last")},
        }

    def _own_reader(self, name: str) -> Callable[[str], Any] | None:
        field, setting, orders = self._own_fields.get(name), self._setting, self._reading.orders
        if field is None:
            return None
        order = orders.get(name) or next(iter(orders.values()), "dmy")  # as the other days of the file
        return own_reader(field, self._reading.decimal, order, setting.base_currency, setting.zone, setting.today)

    def _line_reader(self, name: str) -> Callable[[str], Any]:
        longest = _LONGEST[name]

        def line(text: str) -> Any:
            words_ = one_line(unguarded(text))
            if len(words_) > longest:
                return Bad(Text("“{name}…” is too long.", name=words_[:30]))
            return words_ or None

        return line

    def _stage(self, text: str) -> Any:
        word = one_line(unguarded(text))
        return self._setting.meanings.get(word) or Bad(Text("“{name}…” is too long.", name=word[:30]))

    def _currency(self, text: str) -> Any:
        """In our own format any code stands that a person may type for an amount, of another program's only known ones:
        there a word of three letters is more likely something else."""
        if (code := currency_of(text)) is not None:
            return code
        with suppress(InvalidInput):
            if self._own:
                return currency_code(text)
        return Bad(Text("“{word}” is not a currency.", word=text.strip()[:60]))


def _status(text: str) -> Any:
    word = one_line(unguarded(text))
    return words.status_of(word) or Bad(Text("“{word}” is not a known status.", word=word[:60]))


def _budget(text: str) -> Any:
    return words.budget_of(text) or Bad(Text("“{word}” is not a known kind of budget.", word=text.strip()[:60]))


def _tags(text: str) -> Any:
    names = split_tags(unguarded(text))
    long = next((name for name in names if len(name) > _LONGEST_TAG), None)
    return names if long is None else Bad(Text("“{name}…” is too long.", name=long[:30]))


def _long_text(text: str) -> Any:
    whole = printable(unguarded(text))
    return whole if len(whole) <= _LONGEST_TEXT else Bad(Text("This text is too long."))
