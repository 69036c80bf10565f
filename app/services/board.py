"""The board: the active leads side by side in columns, by stage, responsible member, month or source.

Like a list, a board is ids in order and the rows of those that are looked at. Where a lead stands in its column is one
number, its *place*: overdue before due today before without a step before planned, and among these the newest first.
The database sorts by it; who keeps the places of a column can put a changed lead where it belongs without asking for
all the others.
"""

import json
from array import array
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING, Any

from sqlalchemy import Connection, text

from app.core.calendar import day_number, month_number
from app.core.changes import ChangeSet
from app.services.lead_list import LeadList
from app.services.lead_query import ListQuery

if TYPE_CHECKING:
    from app.models.store import Store

#: Keys of the columns that stand for no stage, member, month or source of their own.
WITHOUT, PAST, FAR = -1, -2, -3

#: Months shown at least, and at most; what begins later is collected in one column.
_FEWEST_MONTHS, _MOST_MONTHS = 6, 24
#: Of more members or sources than this only those are shown that have leads.
_MANY = 40

_DAY_BITS, _ID_BITS = 22, 38
_DAYS, _IDS = (1 << _DAY_BITS) - 1, (1 << _ID_BITS) - 1
_EARLIEST = 1_000_000  # added to a day number, which may lie before 1970


class Grouping(StrEnum):
    """What the columns of a board stand for."""

    STAGE = "stage"
    RESPONSIBLE = "responsible"
    MONTH = "month"
    SOURCE = "source"


@dataclass(frozen=True)
class BoardColumn:
    """A column. `key` is the id of a stage, member or source, a month number, or one of WITHOUT, PAST and FAR.

    `name` is empty where the key says it all. `probability` is that of a stage, in half percents. A column that no
    longer `takes` leads is shown as long as there are some in it.
    """

    key: int
    name: str = ""
    probability: int | None = None
    takes: bool = True


@dataclass(frozen=True)
class ColumnSums:
    """What a column comes to, in minor units of the base currency; `without_rate` counts the leads in no sum."""

    count: int = 0
    volume: int = 0
    weighted: int = 0
    without_rate: int = 0


@dataclass(frozen=True)
class BoardContents:
    """A board as it was at one moment; `places`, the `ids` that stand there, and `sums` by the keys of the columns."""

    columns: tuple[BoardColumn, ...] = ()
    places: Mapping[int, "array[int]"] = field(default_factory=dict)
    ids: Mapping[int, "array[int]"] = field(default_factory=dict)
    sums: Mapping[int, ColumnSums] = field(default_factory=dict)


def id_of(place: int) -> int:
    """The lead that stands at a place."""
    return _IDS - (place & _IDS)


#: Overdue, today, no step, future; then the newest first, which is the one that became active last.
_PLACE = f"""
((CASE WHEN lead.next_step_on < :today THEN 0 WHEN lead.next_step_on = :today THEN 1
       WHEN lead.next_step_on IS NULL THEN 2 ELSE 3 END) << {_DAY_BITS + _ID_BITS})
+ (({_DAYS - _EARLIEST} - COALESCE(lead.activated_on, {-_EARLIEST})) << {_ID_BITS}) + ({_IDS} - lead.id)
"""
_KEYS = {
    Grouping.STAGE: "+lead.stage_id",  # the sign: no index that has the stages in order, and nothing else of a lead
    Grouping.RESPONSIBLE: f"COALESCE(lead.user_id, {WITHOUT})",
    Grouping.SOURCE: f"COALESCE(lead.source_id, {WITHOUT})",
    Grouping.MONTH: f"""CASE WHEN lead.period_first IS NULL THEN {WITHOUT} WHEN lead.period_first < :month THEN {PAST}
      WHEN lead.period_first >= :month + {_MOST_MONTHS} THEN {FAR} ELSE lead.period_first END""",
}
_SUMS = """
count(*), COALESCE(sum(total_base), 0), COALESCE(sum(weighted_base), 0), count(*) - count(total_base)
"""
_NAMES = {
    Grouping.STAGE: """SELECT id, name, probability, deleted_at IS NULL AND retired_at IS NULL FROM stage
      ORDER BY position, id""",
    Grouping.RESPONSIBLE: "SELECT id, name, NULL, deleted_at IS NULL FROM member ORDER BY sort_key, id",
    Grouping.SOURCE: "SELECT id, name, NULL, deleted_at IS NULL FROM source ORDER BY position, id",
}

#: What a change must touch for a lead to have another place, by grouping: columns of the lead beside the query's own.
_OWN_TABLES = {
    Grouping.STAGE: ("stage",), Grouping.RESPONSIBLE: ("member",), Grouping.SOURCE: ("source",), Grouping.MONTH: (),
}  # fmt: skip


class Board:
    """Reads the board of a store. Every query of a list can be shown as a board; its order does not matter."""

    def __init__(self, store: "Store", lists: LeadList) -> None:
        self._store = store
        self._lists = lists

    def contents(self, query: ListQuery, grouping: Grouping) -> BoardContents:
        """Everything but the rows: two statements, or three with a text to look for."""
        with self._store.read() as connection:
            found = self._grouped(connection, query, grouping, f"json_group_array(place), {_SUMS}", "ORDER BY 1, 2")
            places = {key: array("q", json.loads(value)) for key, value, *_ in found}
            sums = {key: ColumnSums(*figures) for key, _, *figures in found}
            columns = self._columns(connection, grouping, places)
        ids = {key: array("q", [_IDS - (place & _IDS) for place in each]) for key, each in places.items()}
        return BoardContents(columns, places, ids, sums)

    def sums(self, query: ListQuery, grouping: Grouping) -> Mapping[int, ColumnSums]:
        """What each column comes to, of those that are not empty."""
        with self._store.read() as connection:
            found = self._grouped(connection, query, grouping, _SUMS)
        return {key: ColumnSums(*figures) for key, *figures in found}

    def places(self, query: ListQuery, grouping: Grouping, ids: Iterable[int]) -> dict[int, tuple[int, int]]:
        """Column and place of those of these leads that are on the board, by id."""
        only = json.dumps(sorted(ids))
        with self._store.read() as connection:
            source, binds = self._source(connection, query)
            source = source.replace("FROM lead", "FROM json_each(:only) wanted CROSS JOIN lead", 1)
            statement = f"SELECT lead.id, {_KEYS[grouping]}, {_PLACE} {source} AND lead.id = wanted.value"
            found = connection.execute(text(statement), {**binds, "only": only}).all()
        return {lead_id: (key, place) for lead_id, key, place in found}

    def _grouped(
        self, connection: Connection, query: ListQuery, grouping: Grouping, wanted: str, order: str = ""
    ) -> Sequence[Any]:
        source, binds = self._source(connection, query)
        inner = f"SELECT {_KEYS[grouping]} AS key, {_PLACE} AS place, total_base, weighted_base {source} {order}"
        return connection.execute(text(f"SELECT key, {wanted} FROM ({inner}) GROUP BY key"), binds).all()

    def _source(self, connection: Connection, query: ListQuery) -> tuple[str, dict[str, Any]]:
        source, binds = self._lists.source(connection, query)
        today = self._store.today()
        return source.replace("{joins}", ""), {**binds, "today": day_number(today), "month": month_number(today)}

    def _columns(
        self, connection: Connection, grouping: Grouping, places: Mapping[int, object]
    ) -> tuple[BoardColumn, ...]:
        if grouping is Grouping.MONTH:
            return _months(month_number(self._store.today()), places)
        rows = connection.execute(text(_NAMES[grouping])).all()
        every = len(rows) <= _MANY
        columns = [
            BoardColumn(key, name, probability, bool(takes))
            for key, name, probability, takes in rows
            if key in places or (takes and (every or grouping is Grouping.STAGE))
        ]
        if grouping is not Grouping.STAGE:
            columns.append(BoardColumn(WITHOUT))
        return tuple(columns)


def _months(now: int, places: Mapping[int, object]) -> tuple[BoardColumn, ...]:
    """Month after month without a gap: a lead can be put off to a month in which nothing begins yet."""
    last = min(max([now + _FEWEST_MONTHS, *(month + 2 for month in places)]), now + _MOST_MONTHS) - 1
    columns = [BoardColumn(PAST, takes=False)] if PAST in places else []
    columns += [BoardColumn(month) for month in range(now, last + 1)]
    columns += [BoardColumn(FAR, takes=False)] if FAR in places else []
    return (*columns, BoardColumn(WITHOUT))


def lacks_month(grouping: Grouping, columns: Sequence[int], taken: Collection[int]) -> bool:
    """Whether a month has to follow the last of these keys: leads that are in that could not be put off any further."""
    months = [key for key in columns if grouping is Grouping.MONTH and key >= 0]
    return 0 < len(months) < _MOST_MONTHS and months[-1] in taken


def rebuilt_by(change: ChangeSet, grouping: Grouping) -> bool:
    """Whether a change can give the board other columns, or more leads another place than it names."""
    return change.everything or change.concerns("stage", "rate", "store_setting", *_OWN_TABLES[grouping])
