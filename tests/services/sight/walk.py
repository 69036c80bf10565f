"""What an answer holds, all the way down: to look for marks in it, and to compare it with another one."""

from array import array
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import fields, is_dataclass
from datetime import date
from decimal import Decimal
from enum import Enum
from pathlib import Path
from typing import Any

from app.core.i18n import Text

_DEEPEST = 40


def plain(answer: Any, depth: int = 0) -> Any:
    """The answer in lists, tuples and single values; what is in no order is sorted. Raises TypeError for what it does
    not know: that would pass unseen.
    """
    if depth > _DEEPEST:
        raise TypeError("deeper than any answer")

    def inside(parts: Iterable[Any]) -> list[Any]:
        return [plain(each, depth + 1) for each in parts]

    found: Any = answer
    match answer:
        case Enum():
            found = answer.value
        case None | bool() | int() | float() | Decimal() | Path() | str() | bytes() | date():
            pass
        case Text():
            found = [answer.message, getattr(answer, "plural", ""), plain(answer.args, depth + 1), str(answer)]
        case Mapping():
            found = sorted((inside(pair) for pair in answer.items()), key=repr)
        case set() | frozenset():
            found = sorted(inside(answer), key=repr)
        case list() | tuple() | array() | range() | Iterator():
            found = inside(answer)
        case _:
            found = [type(answer).__name__, *inside(_inside(answer))]
    return found


def _inside(answer: Any) -> Iterator[tuple[str, Any]]:
    """The parts of an object, also those that are reckoned when they are asked for. Raises TypeError without any."""
    if not is_dataclass(answer) and not getattr(answer, "__dict__", None):
        raise TypeError(f"nothing is known of a {type(answer).__name__}")
    if is_dataclass(answer):
        yield from ((each.name, getattr(answer, each.name)) for each in fields(answer))
    else:
        yield from sorted(vars(answer).items())
    for name, member in vars(type(answer)).items():
        if isinstance(member, property) and not name.startswith("_"):
            yield name, getattr(answer, name)


def words_in(answer: Any) -> Iterator[str]:
    """Every text and number in a plain answer, in small letters."""
    match answer:
        case list() | tuple():
            for each in answer:
                yield from words_in(each)
        case bytes():
            yield answer.decode("latin-1").lower()
        case None:
            return
        case _:
            yield str(answer).lower()


def marked(answer: Any, marks: tuple[str, ...]) -> list[str]:
    """The texts of a plain answer that bear one of these marks."""
    return [words for words in words_in(answer) if any(mark in words for mark in marks)]
