"""Who changed what: every step of everybody, the newest first.

The list is its ids in order, and the rows of those ids that are looked at. Edits of one field within thirty seconds
stand in one row, as they are taken back together; the row has the id of the newest.
"""

import json
from array import array
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING, Any, Literal

from sqlalchemy import text

from app.core.calendar import day_number
from app.core.changes import Kind
from app.core.folding import search_key
from app.core.i18n import Text, load_text
from app.models.history_terms import SOURCE
from app.models.types import instant_of

if TYPE_CHECKING:
    from app.models.store import Store

Sort = Literal["", "do", "undo", "redo", "import"]

#: Edits of one field within this time (microseconds) stand together, as they are undone.
_COALESCE = 30_000_000
#: Between the two forms of a message that counts.
_FORMS = "\x1f"


@dataclass(frozen=True)
class LogQuery:
    """What the list shows. `first` and `last` bound days, both included; `text` are words found in what was done, in
    the leads it concerned, or in both.
    """

    user_id: int | None = None
    first: date | None = None
    last: date | None = None
    sort: Sort = ""
    lead_id: int | None = None
    text: str = ""


@dataclass(frozen=True, slots=True)
class LogRow:
    """One row. `steps` are the ids it stands for, newest first. `leads` counts those concerned; of a single one `title`
    is known, also in the trash. `over` says that a step was undone since, or that what it undid was done again.
    """

    id: int
    steps: tuple[int, ...]
    at: datetime
    actor: str
    label: Text
    kind: Kind
    origin: str
    leads: int
    lead_id: int | None
    title: str
    is_import: bool
    over: bool


class HistoryLog:
    """Reads the history of a store."""

    def __init__(self, store: "Store") -> None:
        self._store = store

    def first_ids(self, query: LogQuery, limit: int) -> Sequence[int]:
        """The ids of the first rows, to show while `ids` is still at work."""
        return self._ids(query, limit)

    def ids(self, query: LogQuery) -> Sequence[int]:
        """All ids, the newest first."""
        return self._ids(query, -1)

    def _ids(self, query: LogQuery, limit: int) -> Sequence[int]:
        with self._store.read() as connection:
            messages = connection.execute(text(_MESSAGES)).scalars().all() if query.text else ()
            conditions, binds = _where(query, messages)
            inner = (
                f"SELECT s.id FROM change_set s WHERE {conditions} AND NOT {_IN_NEXT} ORDER BY s.id DESC LIMIT +:limit"
            )
            statement = text(f"SELECT json_group_array(id) FROM ({inner})")
            found = connection.execute(statement, {**binds, "limit": limit}).scalar_one()
        return array("q", json.loads(found))

    def row_of(self, step: int) -> LogRow | None:
        """The row a step stands in; None where there is no such step."""
        with self._store.read() as connection:
            head = connection.execute(text(_HEAD), {"step": step}).scalar()
        return next(iter(self.rows([] if head is None else [head])), None)

    def rows(self, ids: Sequence[int]) -> list[LogRow]:
        """The rows of these ids in their order; ids that are not there are left out."""
        with self._store.read() as connection:
            found = connection.execute(text(_ROWS), {"ids": json.dumps(list(ids))}).all()
        return [
            LogRow(
                row.id, tuple(json.loads(row.steps)), instant_of(row.at), row.actor or "",
                load_text(row.label_msgid, row.label_args), row.kind, row.origin, row.imported or row.leads,
                row.lead_id if row.leads == 1 else None, row.title or "" if row.leads == 1 else "",
                row.import_run_id is not None, row.over == 1,
            )
            for row in found
        ]  # fmt: skip


def _where(query: LogQuery, messages: Sequence[str]) -> tuple[str, dict[str, Any]]:
    parts, binds = ["1"], dict[str, Any]()
    if query.user_id is not None:
        parts.append("s.actor_id = :user")
        binds["user"] = query.user_id
    for name, sign, day in (("first", ">=", query.first), ("last", "<=", query.last)):
        if day is not None:
            parts.append(f"s.on_day {sign} :{name}")
            binds[name] = day_number(day)
    if query.sort == "import":
        parts.append("s.import_run_id IS NOT NULL")
    elif query.sort:
        parts.append("s.kind = :kind")
        binds["kind"] = query.sort
    if query.lead_id is not None:
        parts.append(_OF_LEAD)
        binds["lead"] = query.lead_id
    for number, word in enumerate(query.text.split()):
        condition, found = _of_word(word, number, messages)
        parts.append(condition)
        binds |= found
    return " AND ".join(parts), binds


def _of_word(word: str, number: int, messages: Sequence[str]) -> tuple[str, dict[str, Any]]:
    """A word stands in what the step is called, in a name within it, or in the text of a lead it concerned."""
    folded = search_key(word)
    named = [message for message in messages if folded and folded in search_key(str(Text(message.split(_FORMS)[0])))]
    binds: dict[str, Any] = {f"named{number}": json.dumps(named), f"folded{number}": folded}
    ways = [
        f"s.label_msgid IN (SELECT value FROM json_each(:named{number}))",
        f"{SOURCE} IN ({_OF_TEXT.format(word=number)})",
    ]
    for way, spelled in enumerate(dict.fromkeys((word, word.lower(), word.capitalize(), word.upper()))):
        binds[f"word{number}_{way}"] = json.dumps(spelled, ensure_ascii=False)[1:-1]
        ways.append(f"instr(s.label_args, :word{number}_{way}) > 0")
    return f"({' OR '.join(ways)})", binds


_OF_LEAD = f"""
({SOURCE} IN (SELECT change_set_id FROM change WHERE lead_id = :lead)
 OR s.import_run_id IN (SELECT import_run_id FROM import_row
   WHERE table_name = 'lead' AND :lead BETWEEN row_id AND row_last))
"""
_OF_TEXT = """SELECT change_set_id FROM change WHERE lead_id IN
  (SELECT lead_id FROM search_doc WHERE entity = 'lead' AND instr(folded, :folded{word}) > 0)"""
_MESSAGES = "SELECT DISTINCT label_msgid FROM change_set"


def _undone(step: str) -> str:
    return f"""EXISTS (SELECT 1 FROM change_set u WHERE u.undoes_id = {step} AND u.kind = 'undo'
      AND NOT EXISTS (SELECT 1 FROM change_set r WHERE r.undoes_id = u.id))"""


def _one_edit(older: str, newer: str) -> str:
    """Whether two steps edited one field, the one going on where the other ended."""
    return f"""EXISTS (SELECT 1 FROM change one JOIN change other ON other.change_set_id = {newer}
        AND other.op = 'update' AND other.table_name = one.table_name AND other.row_id = one.row_id
        AND other.before = one.after
      WHERE one.change_set_id = {older} AND one.op = 'update' AND (SELECT count(*) FROM json_each(one.after)) = 1)
    AND (SELECT count(*) FROM change WHERE change_set_id IN ({older}, {newer})) = 2"""


def _redone(step: str) -> str:
    return f"(SELECT undone.undoes_id FROM change_set undone WHERE undone.id = {step}.undoes_id)"


# Whether a step `s` stands in the row of the one after it: both edited one field, or took such edits back at once.
_IN_NEXT = f"""
EXISTS (SELECT 1 FROM change_set n WHERE n.id = s.id + 1 AND n.kind = s.kind AND n.actor_id IS NOT DISTINCT FROM
  s.actor_id AND n.label_msgid = s.label_msgid AND n.on_day = s.on_day AND abs(n.at - s.at) <= {_COALESCE}
  AND n.import_run_id IS NULL AND s.import_run_id IS NULL
  AND CASE s.kind
    WHEN 'do' THEN {_one_edit("s.id", "n.id")} AND {_undone("s.id")} = {_undone("n.id")}
    WHEN 'undo' THEN n.at = s.at AND {_one_edit("n.undoes_id", "s.undoes_id")}
    ELSE n.at = s.at AND {_one_edit(_redone("s"), _redone("n"))} END)
"""
_HEAD = f"""
WITH RECURSIVE onward (id) AS (SELECT id FROM change_set WHERE id = :step
  UNION ALL SELECT s.id + 1 FROM onward JOIN change_set s ON s.id = onward.id WHERE {_IN_NEXT})
SELECT max(id) FROM onward
"""
_ROWS = f"""
WITH RECURSIVE together (head, id) AS (SELECT value, value FROM json_each(:ids)
  UNION ALL SELECT head, s.id FROM together JOIN change_set s ON s.id = together.id - 1 WHERE {_IN_NEXT}),
lines AS MATERIALIZED (SELECT head, json_group_array(id ORDER BY id DESC) AS steps FROM together GROUP BY head),
page AS (SELECT s.*, {SOURCE} AS source, wanted.key AS place
  FROM json_each(:ids) wanted CROSS JOIN change_set s ON s.id = wanted.value),
counted AS (SELECT page.*, (SELECT count(DISTINCT lead_id) FROM change WHERE change_set_id = source) AS leads,
  (SELECT min(lead_id) FROM change WHERE change_set_id = source) AS lead_id FROM page)
SELECT counted.id, steps, counted.at, member.name AS actor, label_msgid, label_args, kind, origin, import_run_id,
  leads, lead_id,
  (SELECT created + updated FROM import_run WHERE import_run.id = import_run_id) AS imported,
  COALESCE((SELECT title FROM lead WHERE lead.id = lead_id), (SELECT title FROM trashed_lead WHERE id = lead_id))
    AS title,
  CASE kind WHEN 'undo' THEN EXISTS (SELECT 1 FROM change_set r WHERE r.undoes_id = counted.id)
    ELSE {_undone("counted.source")} END AS over
FROM counted JOIN lines ON head = counted.id LEFT JOIN member ON member.id = actor_id ORDER BY place
"""
