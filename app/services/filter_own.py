"""A condition on an own field as SQL: true or false for every record, also for one without a value."""

from collections.abc import Callable, Sequence

from app.core.folding import search_key
from app.core.terms import Entity
from app.services.matching import stands_in
from app.services.own_kinds import WORDS, YES, OwnKind
from app.services.own_terms import column_of
from app.services.record_filter import Value

#: Column, sign, and what it is compared with; None for no bound.
Bound = tuple[str, str, int | None]

#: A key that long may be the beginning of a longer text.
_KEY = 100


class OwnCondition:
    """Writes conditions on one own field of the records of a kind; `bind` binds a value and returns its name."""

    def __init__(self, entity: Entity, kind: OwnKind, field_id: int, bind: Callable[[Value], str]) -> None:
        self._entity, self._kind, self._field_id = entity, kind, field_id
        self._bind = bind

    def filled(self) -> str:
        """There is a value."""
        owner = f"own.{self._entity}_id"
        there = f"SELECT 1 FROM field_value own WHERE {owner} = {self._entity}.id AND own.field_id = {self._field_id}"
        return f"EXISTS ({there})"

    def among(self, values: Sequence[Value]) -> str:
        """The value, or one of several, is one of these; None stands for no value."""
        named = [value for value in values if value is not None]
        if self._kind is OwnKind.FLAG:
            named = [int(value == YES) for value in named]
        parts = []
        if named:
            parts.append(self._holds(f"{column_of(self._kind)} IN ({', '.join(map(self._bind, named))})"))
        if None in values:
            parts.append(f"NOT {self.filled()}")
        return f"({' OR '.join(parts)})"

    def bounded(self, bounds: Sequence[tuple[str, int | None]]) -> str:
        """The value lies within the bounds: pairs of a sign and a number, None for no bound."""
        column = column_of(self._kind)
        parts = [f"{column} {sign} {self._bind(value)}" for sign, value in bounds if value is not None]
        return self._holds(" AND ".join(parts))

    def contains(self, typed: str) -> str:
        """The text has these words in it."""
        assert self._kind in WORDS
        word = self._bind(search_key(typed))
        document = (
            f"SELECT instr(told.folded, {word}) FROM search_doc told WHERE told.entity = '{self._entity}'"
            f" AND told.row_id = own.{self._entity}_id"
        )
        longer = f"COALESCE(({document}), 0) > 0 AND instr(folded(own.text), {word}) > 0"
        short = stands_in("own.key", typed, self._bind)
        return self._holds(f"CASE WHEN length(own.key) < {_KEY} THEN {short} ELSE {longer} END")

    def _holds(self, condition: str) -> str:
        """Of the values of the field, looked up by what they are, whose records they are."""
        owner = f"own.{self._entity}_id"
        values = f"SELECT {owner} FROM field_value own WHERE own.field_id = {self._field_id} AND {condition}"
        return f"({self._entity}.id IN ({values} AND {owner} IS NOT NULL))"
