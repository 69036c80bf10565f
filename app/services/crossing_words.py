"""Crossings in words: what somebody else made of a value, and what was to be made of it."""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import TYPE_CHECKING, Any

from sqlalchemy import Connection, text

from app.core.changes import RowChange
from app.core.i18n import Text
from app.core.money import Money
from app.services.crossings import Crossed, Crossing
from app.services.event_words import Names, from_to, shortened, worded
from app.services.history_words import Change
from app.services.own_kinds import OwnKind
from app.services.record_events import RecordWords

if TYPE_CHECKING:
    from app.models.store import Store

#: No step is later.
_NOW = 2**62


@dataclass(frozen=True)
class ToldCrossing:
    """The two changes, and whose the other one is and of when (as far as that is known)."""

    theirs: tuple[Text, ...]
    mine: tuple[Text, ...]
    actor: str
    at: datetime | None


def told(store: "Store", crossed: Crossed) -> list[ToldCrossing]:
    """The crossings for whoever has to choose."""
    with store.read() as connection:
        words = _Words(connection, crossed)
        return [
            ToldCrossing(words.of(each.theirs), words.of(_from_the_same(each)), each.actor, each.at)
            for each in crossed.crossings
        ]


def _from_the_same(crossing: Crossing) -> Iterable[RowChange]:
    """Mine as changes of what was seen, which theirs are too."""
    theirs = {(row.table, row.row_id): row for row in crossing.theirs}
    for row in crossing.mine:
        seen = theirs.get((row.table, row.row_id))
        if seen is not None and seen.op == "insert" and row.op == "update":
            yield replace(row, op="insert", before={}, after={**seen.after, **row.after})
            continue
        before = {**row.before, **(seen.before if seen else {})}
        changed = [name for name in row.before if name not in row.after or before[name] != row.after[name]]
        if not changed and row.before:  # what was seen is to come again
            yield row
            continue
        after = {name: value for name, value in row.after.items() if name in changed or not row.before}
        yield replace(row, before={name: before[name] for name in changed}, after=after)


class _Words:
    def __init__(self, connection: Connection, crossed: Crossed) -> None:
        rows = [_as_stored(row) for each in crossed.crossings for row in (*each.theirs, *each.mine)]
        self._of_lead = crossed.owner == "lead"
        self._names = Names.read(connection, rows).with_new(crossed.new)
        self._records = RecordWords(connection, rows)
        currency = connection.execute(text(_CURRENCY), {"id": crossed.record_id}).scalar() if self._of_lead else None
        self._worth = Money(0, currency or "EUR")

    def of(self, rows: Iterable[RowChange]) -> tuple[Text, ...]:
        """What became of a field."""
        return tuple(words for row in rows for words in self._of_row(row))

    def _of_row(self, row: RowChange) -> Iterable[Text]:
        if (found := self._long(row)) is not None:
            name, label = found
            yield from_to(label, *(_short(values.get(name)) for values in (row.before, row.after)))
            row = replace(row, before=_without(name, row.before), after=_without(name, row.after))
        stored = _as_stored(row)
        if not row.before and not row.after:
            return
        if self._of_lead:
            yield from (words for _row, (_kind, words) in worded([stored], self._names, self._worth))
        else:
            yield from self._records.of_row(stored)

    def _long(self, row: RowChange) -> tuple[str, Text] | None:
        """The column of a longer text, of which histories say no more than that it changed, and what it is called."""
        if row.table == "step":
            return ("text", Text("Next step")) if row.op == "update" and "text" in row.after else None
        if row.table != "field_value":
            return ("info", Text("Info")) if "info" in row.after else None
        own = self._names.own(row.row_id)
        if own is None or own.kind is not OwnKind.LONG_TEXT:
            return None
        return "text", Text("{name}", name=self._names.at("field", own.field_id, _NOW))


def _as_stored(row: RowChange) -> Change:
    before, after = (json.dumps(values) for values in (row.before, row.after))
    return Change(row.table, row.row_id, row.lead_id, row.op, before, after, _NOW)


def _without(name: str, values: Mapping[str, Any]) -> dict[str, Any]:
    return {each: value for each, value in values.items() if each != name}


def _short(words: Any) -> str | None:
    return shortened(words) if words else None


_CURRENCY = "SELECT currency FROM lead WHERE id = :id"
