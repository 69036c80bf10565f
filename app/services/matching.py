"""What a typed filter means: one rule for the list in the window, the command line and the export.

A filter is a row of words; a record matches when every word is found somewhere in its text. The text is the search
document and, since these are few and change for many records at once, the names of what the record refers to (a stage,
a responsible member), which are looked up here. An amount means its whole number, however it was typed.
"""

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import count
from typing import Any

from sqlalchemy import Connection, text

from app.core.errors import InvalidInput
from app.core.folding import kept, search_key

#: A word as the texts that stand for it: finding one of them is finding the word.
Word = tuple[str, ...]

_SEPARATORS = re.compile("[.,'’]")
_NUMERIC = re.compile(r"[0-9][0-9.,'’]*[0-9a-z€]*\.?")
#: Smaller figures are versions and dates rather than amounts: 6.5 does not mean every 6.
_SMALLEST = 100_00


def words_of(typed: str) -> tuple[Word, ...]:
    """The words of a filter; empty for a blank one. 'Müller 25k' gives (('muller',), ('25k', '25000'))."""
    words = dict.fromkeys(_meanings(word) for word in search_key(typed).split())
    return tuple(words)


#: Signs of currencies, as they stand beside an amount that was copied from the list.
_SIGNS = {"€": "eur", "$": "usd", "£": "gbp"}


def _meanings(word: str) -> Word:
    meanings = {_SIGNS.get(word, word)}
    if _NUMERIC.fullmatch(word):
        digits = _SEPARATORS.sub("", word)
        if digits.isdigit():  # 48.0 on the way to 48.000
            meanings.add(digits)
        from app.core.parse.amounts import amount  # a list without a filter starts without it

        try:
            minor = amount(word, "EUR").minor
        except InvalidInput:
            minor = 0
        if minor >= _SMALLEST:
            meanings.add(str(minor // 100))
    return tuple(sorted(meanings))


def narrows(new: Iterable[Word], old: Iterable[Word]) -> bool:
    """Whether whatever matches `new` is sure to match `old`, so that it has to be looked for among those hits only."""
    return all(any(_implies(word, wanted) for word in new) for wanted in old)


def _implies(word: Word, wanted: Word) -> bool:
    return all(any(shorter in longer for shorter in wanted) for longer in word)


@dataclass(frozen=True)
class Named:
    """A column of a record by which it refers to a short list, whose names are searched with its text.

    `told` is the name as SQL, `only` the condition under which it counts.
    """

    column: str
    table: str
    told: str = "name"
    only: str = ""


#: The folded names of what may be referred to, by id, for each column.
Names = Mapping[Named, Mapping[int, str]]


def read_names(connection: Connection, named: Sequence[Named]) -> Names:
    """The names of a store, also of what is no longer offered."""
    found: dict[Named, dict[int, str]] = {each: {} for each in named}
    if named:
        parts = [f"SELECT {place}, id, {each.told} FROM {each.table}" for place, each in enumerate(named)]
        for place, row_id, name in connection.execute(text(" UNION ALL ".join(parts))):
            found[named[place]][row_id] = search_key(name)
    return found


def condition(words: Sequence[Word], names: Names) -> tuple[str, dict[str, Any]]:
    """SQL over a record and its `search_doc` that holds for matching records, and what it binds."""
    binds: dict[str, Any] = {}
    number = count()
    parts = []
    for word in words:
        ways = []
        for meaning in word:
            name = f"word{next(number)}"
            binds[name] = meaning
            ways.append(f"instr(search_doc.folded, :{name}) > 0")
        ways += _by_name(word, names)
        parts.append(f"({' OR '.join(ways)})")
    return " AND ".join(parts) or "TRUE", binds


def _by_name(word: Word, names: Names) -> list[str]:
    ways = []
    for each, known in names.items():
        ids = [str(row_id) for row_id, name in known.items() if any(meaning in name for meaning in word)]
        if ids:
            also = f" AND {each.only}" if each.only else ""
            ways.append(f"({each.column} IN ({', '.join(ids)}){also})")
    return ways


def stands_in(key: str, typed: str, bind: Callable[[str], str]) -> str:
    """SQL that what was typed stands in a text of which there is a sort key; `bind` binds a value and returns its name.

    To fold the keys of very many texts takes long: those are folded in which a piece of it stands.
    """
    word = search_key(typed)
    folded = f"replace(replace(replace({key}, 'ae', 'a'), 'oe', 'o'), 'ue', 'u')"
    return f"(instr({key}, {bind(kept(word))}) > 0 AND instr({folded}, {bind(word)}) > 0)"
