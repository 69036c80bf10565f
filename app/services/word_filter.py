"""Filters in words: `stage:offer responsible:ak >10k overdue -tag:print "just so"` becomes a filter, and text beside.

Nothing is guessed: what can mean several things, or nothing that is there, is told and narrows nothing.
"""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from sqlalchemy import Connection, text

from app.core.errors import InvalidInput
from app.core.folding import search_key
from app.core.i18n import Text
from app.core.parse.amounts import amount, percent
from app.core.parse.days import day
from app.core.parse.periods import months
from app.core.terms import CompanyKind, Entity
from app.services.filter_fields import Kind, Op, spec_of
from app.services.filter_names import many, offered
from app.services.filter_operators import (
    KINDS,
    NONE,
    OVERDUE,
    STATES,
    STEP_OF,
    TODAY,
    VOLUME_OF,
    has_words,
    named,
)
from app.services.record_filter import (
    LONGEST_TEXT,
    MOST_VALUES,
    Condition,
    Filter,
    Not,
    Value,
    together,
    top,
)

if TYPE_CHECKING:
    from app.models.store import Store

_PIECE = re.compile(r'(?:[^\s"]|"[^"]*"?)+')
_PARTS = re.compile(r"(-?)(?:([^\W\d_]+):)?(.*)", re.S)
_VALUES = re.compile(r'"([^"]*)"?|([^,"]+)')
_FIGURE = re.compile(r"([<>]=?)?([^<>]*\d[^<>]*)")
_SPAN = re.compile(r"([\d.,']+\s?\w*)[-–]([\d.,']+\s?\w*)")
_YEAR = re.compile(r"(19|20|21)\d\d")
#: No more is looked through; nobody types that.
_LONGEST = 2000


@dataclass(frozen=True)
class Unclear:
    """Something that looks like a filter and is none, and why."""

    typed: str
    why: Text


@dataclass(frozen=True)
class Reading:
    """What was typed: a filter, the words beside it, and what is unclear."""

    filter: Filter | None = None
    rest: str = ""
    unclear: tuple[Unclear, ...] = ()


class WordFilters:
    """Reads filters in words, with the names that the store knows."""

    def __init__(self, store: "Store", entity: Entity = Entity.LEAD) -> None:
        self._store = store
        self._entity = entity

    def read(self, typed: str) -> Reading:
        """What is meant by what was typed. Never raises: what makes no sense is unclear."""
        if not has_words(typed):
            return Reading(rest=" ".join(typed.split()))
        rest: list[str] = []
        found: list[Filter] = []
        unclear: list[Unclear] = []
        for piece in _PIECE.findall(typed[:_LONGEST]):
            try:
                part = self._part(piece)
            except InvalidInput as error:
                unclear.append(Unclear(piece, error.hint or error.title))
                continue
            if part is None:
                rest.append(piece)
            else:
                found.append(part)
        return Reading(_joined(found), " ".join(rest), tuple(unclear))

    def _part(self, piece: str) -> Filter | None:
        """The filter in a piece without spaces outside of quotes; None for words to be looked for."""
        match = _PARTS.fullmatch(piece)
        assert match is not None  # it takes anything
        minus, name, said = match.groups()
        part = self._plain(said, minus=bool(minus)) if name is None else self._named(name, said)
        if part is None or not minus:
            return part
        return _opposite(part)

    def _plain(self, said: str, *, minus: bool) -> Filter | None:
        entity = self._entity
        if entity in STEP_OF and search_key(said) in OVERDUE:
            return Condition(STEP_OF[entity], Op.OVERDUE)
        if entity in VOLUME_OF and said[:1] in ("<", ">") and _FIGURE.fullmatch(said):
            percents = entity is Entity.LEAD and said.endswith("%")
            return self._figures("probability" if percents else VOLUME_OF[entity], said)
        quoted = len(said) > 1 and said[0] == '"'
        words = said.strip('"').strip()
        if not words or not (quoted or minus):
            return None
        if not search_key(words):
            return None
        return Condition(_text_of(self._entity), Op.CONTAINS, (words[:LONGEST_TEXT],))

    def _named(self, name: str, said: str) -> Filter | None:
        meant = named(self._entity, name)
        if not meant:
            return None  # a time, an address of a page
        if len(meant) > 1:
            names = ", ".join(f"{each.names[0]}:" for each in meant[:4])
            raise _unclear(Text("That could be {names}", names=names))
        field = meant[0].field
        values = [(quoted or bare).strip() for quoted, bare in _VALUES.findall(said)]
        values = [value for value in values if value]
        if not values:
            raise _unclear(Text("Say which after the colon"))
        return self._asked(field, values, said)

    def _asked(self, field: str, values: Sequence[str], said: str) -> Filter:
        spec = spec_of(field)
        readers: Mapping[Kind, Callable[[], Filter]] = {
            Kind.AMOUNT: lambda: self._figures(field, said),
            Kind.PERCENT: lambda: self._figures(field, said),
            Kind.DAY: lambda: self._day(field, values[0]),
            Kind.MONTHS: lambda: self._months(field, values[0]),
            Kind.TEXT: lambda: Condition(field, Op.CONTAINS, (values[0][:LONGEST_TEXT],)),
        }
        if search_key(values[0]) in NONE and Op.EMPTY in spec.ops:
            return Condition(field, Op.EMPTY)
        if spec.kind in readers:
            return readers[spec.kind]()
        ids = dict.fromkeys(id_ for value in values for id_ in self._choice(field, value))
        if len(ids) > MOST_VALUES:
            raise _unclear(Text("Too many fit: say more of the name"))
        return Condition(field, Op.IS, tuple(ids))

    def _choice(self, field: str, said: str) -> Sequence[Value]:
        key, spec = search_key(said), spec_of(field)
        if spec.optional and key in NONE:
            return (None,)
        if field == "status":
            return _state(key)
        if field == "company.kind":
            return (str(_kind(key)),)
        if many(field):
            with self._store.read() as connection:
                ids = _with_word(connection, spec.table, key)
        else:
            ids = self._one_of(field, key)
        if not ids:
            raise _unclear(Text("Nothing is called “{name}”", name=said[:60]))
        return ids

    def _one_of(self, field: str, key: str) -> list[int]:
        """The one that is called so, or begins so, or has a word that does. Several are not guessed among."""
        known = [(id_, name, search_key(name)) for id_, name in offered(self._store, field)]
        if spec_of(field).table == "member" and (by_initials := self._by_initials(key)):
            return by_initials
        ways: Sequence[Callable[[str], bool]] = (
            lambda name: name == key,
            lambda name: name.startswith(key),
            lambda name: f" {key}" in name or f"-{key}" in name,
        )
        for way in ways:
            fits = [(id_, name) for id_, name, folded in known if way(folded)]
            if len(fits) > 1:
                raise _unclear(Text("That could be {names}", names=", ".join(name for _id, name in fits[:4])))
            if fits:
                return [fits[0][0]]
        return []

    def _by_initials(self, key: str) -> list[int]:
        with self._store.read() as connection:
            rows = connection.execute(text("SELECT id, initials FROM member WHERE deleted_at IS NULL")).all()
        found = [row.id for row in rows if search_key(row.initials) == key]
        return found if len(found) == 1 else []

    def _figures(self, field: str, said: str) -> Filter:
        """>10k, <50k, 10k-50k; a figure by itself is a least one."""
        percents = spec_of(field).kind is Kind.PERCENT

        def figure(typed: str) -> int:
            if percents:
                return percent(typed.strip())
            return amount(typed.strip(), self._store.facts.base_currency).minor

        if (span := _SPAN.fullmatch(said)) is not None:
            return _condition(field, Op.BETWEEN, figure(span[1]), figure(span[2]))
        match = _FIGURE.fullmatch(said)
        if match is None:
            raise _unclear(Text("A figure is missing"))
        return _condition(field, Op.TO if (match[1] or "").startswith("<") else Op.FROM, figure(match[2]))

    def _day(self, field: str, said: str) -> Filter:
        key = search_key(said)
        if key in OVERDUE and Op.OVERDUE in spec_of(field).ops:
            return Condition(field, Op.OVERDUE)
        if key in TODAY:
            return Condition(field, Op.TODAY)
        sign = said[:1] if said[:1] in ("<", ">") else ""
        typed = said.removeprefix(sign).removeprefix("=")
        if _YEAR.fullmatch(typed):
            first, last = date(int(typed), 1, 1), date(int(typed), 12, 31)
        else:
            first = last = day(typed, self._store.today())
        if sign:
            return _condition(field, *((Op.TO, last) if sign == "<" else (Op.FROM, first)))
        return _condition(field, Op.BETWEEN, first, last)

    def _months(self, field: str, said: str) -> Filter:
        if _YEAR.fullmatch(said):
            year = int(said)
            return _condition(field, Op.BETWEEN, year * 12, year * 12 + 11)
        first, last = months(said, self._store.today())
        return _condition(field, Op.BETWEEN, first, last)


def _state(key: str) -> Sequence[Value]:
    if key in STATES:
        return tuple(map(str, STATES[key]))
    fits = dict.fromkeys(states for word, states in STATES.items() if search_key(word).startswith(key))
    if len(fits) != 1:
        raise _unclear(Text("There is no such state"))
    return tuple(map(str, next(iter(fits))))


def _kind(key: str) -> CompanyKind:
    fits = {kind for word, kind in KINDS.items() if key and search_key(word).startswith(key)}
    if len(fits) != 1:
        raise _unclear(Text("There is no such kind of company"))
    return fits.pop()


def _with_word(connection: Connection, table: str, key: str) -> list[int]:
    """Companies or people with a word in their names that begins so, as many as a filter takes and one more."""
    has_it = "instr(' ' || replace(search_key, '-', ' '), :key) > 0"
    statement = f"SELECT id FROM {table} WHERE {has_it} ORDER BY sort_key, id LIMIT +:most"
    binds = {"key": f" {key.replace('-', ' ')}", "most": MOST_VALUES + 1}
    return list(connection.execute(text(statement), binds).scalars())


def _text_of(entity: Entity) -> str:
    return "text" if entity is Entity.LEAD else f"{entity}.text"


def _condition(field: str, op: Op, *values: Value) -> Condition:
    return Condition(field, op, values)


_OPPOSITE = {Op.IS: Op.IS_NOT, Op.CONTAINS: Op.LACKS, Op.EMPTY: Op.FILLED}


def _opposite(part: Filter) -> Filter:
    if isinstance(part, Condition) and part.op in _OPPOSITE:
        return Condition(part.field, _OPPOSITE[part.op], part.values)
    return Not(part)


def _joined(parts: Sequence[Filter]) -> Filter | None:
    """All of them together; a least and a largest figure of one field are one condition."""
    left = list(dict.fromkeys(parts))
    for low in [part for part in left if isinstance(part, Condition) and part.op is Op.FROM]:
        highs = [each for each in left if isinstance(each, Condition) and (each.field, each.op) == (low.field, Op.TO)]
        if len(highs) == 1 and _ascend(low.values[0], highs[0].values[0]):
            left[left.index(low)] = Condition(low.field, Op.BETWEEN, (low.values[0], highs[0].values[0]))
            left.remove(highs[0])
    return together(*left)


def _ascend(low: Value, high: Value) -> bool:
    if isinstance(low, date) and isinstance(high, date):
        return low <= high
    return isinstance(low, int) and isinstance(high, int) and low <= high


def _unclear(why: Text) -> InvalidInput:
    return InvalidInput(why, field="filter")


def plain_words(typed: str, entity: Entity) -> str:
    """What of it is looked for while it is still being typed: without what looks like a filter. Asks no database."""
    if not has_words(typed):
        return typed.strip()
    return " ".join(piece for piece in _PIECE.findall(typed[:_LONGEST]) if not _looks_like_one(piece, entity))


#: Of these there may be several conditions side by side.
_SEVERAL = frozenset(_text_of(entity) for entity in Entity)


def _looks_like_one(piece: str, entity: Entity) -> bool:
    match = _PARTS.fullmatch(piece)
    assert match is not None  # it takes anything
    minus, name, said = match.groups()
    if name is not None:
        return bool(named(entity, name))
    return said[:1] == '"' or bool(minus and said) or (said[:1] in ("<", ">") and entity in VOLUME_OF)


def narrowed(before: Filter | None, read: Reading) -> Filter | None:
    """The filter with what was read; of a field that is asked for anew what was asked before is left out."""
    anew = {part.field for part in top(read.filter) if isinstance(part, Condition)} - _SEVERAL
    kept = [part for part in top(before) if not isinstance(part, Condition) or part.field not in anew]
    return together(*kept, read.filter)
