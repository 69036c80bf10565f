"""What a typed filter means: one rule for the list in the window, the command line and the export.

A filter is a row of words; a lead matches when every word is found somewhere in its text. The text is the lead's search
document and, since these are few and change for many leads at once, the names of its stage (active leads only), source
and responsible member, which are looked up here. An amount means its whole number, however it was typed.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import count
from typing import Any

from sqlalchemy import Connection, text

from app.core.errors import InvalidInput
from app.core.folding import search_key

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
class Names:
    """The folded names that are not in a lead's search document, by id."""

    stages: dict[int, str]
    sources: dict[int, str]
    members: dict[int, str]

    @classmethod
    def read(cls, connection: Connection) -> "Names":
        """The names of a store, also of what is no longer offered."""
        found: dict[str, dict[int, str]] = {"stage": {}, "source": {}, "member": {}}
        for table, row_id, name in connection.execute(_NAMES):
            found[table][row_id] = search_key(name)
        return cls(found["stage"], found["source"], found["member"])


_NAMES = text("""
SELECT 'stage', id, name FROM stage UNION ALL SELECT 'source', id, name FROM source
UNION ALL SELECT 'member', id, name || ' ' || initials FROM member
""")


def condition(words: Sequence[Word], names: Names) -> tuple[str, dict[str, Any]]:
    """SQL over `lead` and its `search_doc` that holds for matching leads, and what it binds."""
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
    for column, known, also in (
        ("lead.stage_id", names.stages, " AND lead.status = 'active'"),
        ("lead.source_id", names.sources, ""),
        ("lead.user_id", names.members, ""),
    ):
        ids = [str(row_id) for row_id, name in known.items() if any(meaning in name for meaning in word)]
        if ids:
            ways.append(f"({column} IN ({', '.join(ids)}){also})")
    return ways
