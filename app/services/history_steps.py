"""One step of the history: what it changed, whether it can be taken back, and what stands in the way."""

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from sqlalchemy import Connection, text

from app.core.changes import ChangeSet
from app.core.errors import Conflict, NotAllowed
from app.core.i18n import Text
from app.models.clash import Clash, UndoConflict
from app.models.history_terms import SOURCE
from app.services.history_clashes import Obstacle, obstacles_of
from app.services.history_log import HistoryLog, LogRow
from app.services.history_words import Change, ChangeLine, lines_of

if TYPE_CHECKING:
    from app.models.store import Store

__all__ = ["ChangeLine", "Obstacle", "StepDetail", "StepRefused", "Steps"]

Way = Literal["undo", "redo"]
#: Of a larger step so many changes are told.
_TOLD = 300


@dataclass(frozen=True)
class StepDetail:
    """What a step changed (`more` changes are not told), and the way back: 'redo' brings back what it undid.

    `why` says why there is none; where that is for newer values, `refused` tells both.
    """

    lines: tuple[ChangeLine, ...]
    more: int
    way: Way
    why: Text | None
    refused: "StepRefused | None" = None


class StepRefused(UndoConflict):
    """A step that was to be taken back stays; `obstacles` are what was changed since (the first of `count`)."""

    def __init__(self, conflict: UndoConflict, obstacles: Sequence[Obstacle]) -> None:
        super().__init__(conflict.clashes, conflict.hint)
        self.title = conflict.title
        self.obstacles = tuple(obstacles)

    @property
    def count(self) -> int:
        """How many values are in the way."""
        return len(self.clashes)


class Steps:
    """Steps of a store, of whomever."""

    def __init__(self, store: "Store") -> None:
        self._store = store
        self.log = HistoryLog(store)

    def detail(self, row: LogRow) -> StepDetail:
        """What a row of the history changed. Looks long at a large step: for a thread."""
        with self._store.read() as connection:
            changes, more = _changes(connection, row)
            lines = tuple(lines_of(connection, changes))
        way, steps = self._way(row)
        if row.over:
            return StepDetail(lines, more, way, _already(way))
        try:
            found = self._store.obstacles(way, *steps)
        except NotAllowed as refused:
            return StepDetail(lines, more, way, refused.title)
        if found is None:
            return StepDetail(lines, more, way, Text("This lies too far back to be undone."))
        if not found:
            return StepDetail(lines, more, way, None)
        why = Text("Something was changed since; the newer values would be lost.")
        return StepDetail(lines, more, way, why, StepRefused(UndoConflict(found).of(way), self._told(row, found)))

    def take_back(self, row: LogRow) -> ChangeSet:
        """Undo what a row tells of, or bring back what it undid; itself a step that can be undone.

        Raises StepRefused, writing nothing, where somebody changed something since; Conflict where it was done already;
        NotAllowed.
        """
        way, steps = self._way(row)
        try:
            change = self._store.undo(*steps) if way == "undo" else self._store.redo(*steps)
        except UndoConflict as conflict:
            raise StepRefused(conflict, self._told(row, conflict.clashes)) from conflict
        if change is None:
            raise Conflict(_already(way), Text("Nothing was changed."))
        return change

    def _way(self, row: LogRow) -> tuple[Way, tuple[int, ...]]:
        """How a row is taken back, and which steps of the store that concerns."""
        if row.kind == "undo":
            return "redo", row.steps
        if row.kind == "do":
            return "undo", row.steps
        with self._store.read() as connection:
            asked = {"ids": json.dumps(row.steps)}
            return "undo", tuple(connection.execute(text(_SOURCES), asked).scalars())

    def _told(self, row: LogRow, clashes: Sequence[Clash]) -> list[Obstacle]:
        with self._store.read() as connection:
            changes, _more = _changes(connection, row, limit=-1)
            return obstacles_of(connection, changes, clashes, row.id)


def _already(way: Way) -> Text:
    return Text("This was undone already.") if way == "undo" else Text("This was done again already.")


def _changes(connection: Connection, row: LogRow, limit: int = _TOLD) -> tuple[list[Change], int]:
    """The changes of a row as they were made then, and how many are left out."""
    asked = {"ids": json.dumps(row.steps), "limit": limit, "last": row.id}
    if row.is_import:
        found, total = connection.execute(text(_IMPORTED), asked).all(), connection.execute(text(_IMPORTS), asked)
    else:
        found, total = connection.execute(text(_CHANGES), asked).all(), connection.execute(text(_COUNT), asked)
    changes = [
        Change(each[0], each[1], each[2], each[3], each[4] or "{}", each[5] or "{}", row.id, each[6], each[7])
        for each in found
    ]  # fmt: skip
    left = total.scalar_one() - len(changes)
    if row.kind == "undo":
        changes = [change.reversed() for change in reversed(changes)]
    return _merged(changes), left


def _merged(changes: Iterable[Change]) -> list[Change]:
    """Several edits of one field as one: from the first value to the last."""
    merged: dict[tuple[str, int], Change] = {}
    for change in changes:
        earlier = merged.get((change.table_name, change.row_id))
        goes_on = earlier is not None and earlier.op == change.op == "update" and earlier.after == change.before
        before = earlier.before if earlier is not None and goes_on else change.before
        merged[(change.table_name, change.row_id)] = change._replace(before=before)
    return list(merged.values())


_OF_STEPS = f"(SELECT {SOURCE} FROM change_set s WHERE s.id IN (SELECT value FROM json_each(:ids)))"
_SOURCES = f"SELECT {SOURCE} FROM change_set s WHERE s.id IN (SELECT value FROM json_each(:ids)) ORDER BY s.id DESC"
_CHANGES = f"""
SELECT table_name, row_id, lead_id, op, before, after, company_id, person_id FROM change
WHERE change_set_id IN {_OF_STEPS} ORDER BY id LIMIT +:limit
"""
_COUNT = f"SELECT count(*) FROM change WHERE change_set_id IN {_OF_STEPS}"
_OF_RUN = "import_run_id = (SELECT import_run_id FROM change_set WHERE id = :last)"
_IMPORTED = f"""
SELECT table_name, row_id, CASE table_name WHEN 'lead' THEN row_id ELSE json_extract(after, '$.lead_id') END, op,
  before, after, NULL, NULL FROM import_row
WHERE {_OF_RUN} AND op = 'update' ORDER BY id LIMIT +:limit
"""
_IMPORTS = f"SELECT count(*) FROM import_row WHERE {_OF_RUN} AND op = 'update'"
