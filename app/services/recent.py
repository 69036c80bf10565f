"""What has happened to the leads since yesterday: who brought a new one, won, lost, moved one, or changed its value."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import TYPE_CHECKING, Any

from sqlalchemy import Connection, text

from app.core.calendar import day_number
from app.core.i18n import Percent, Text, load_text
from app.core.money import Money
from app.core.terms import Status
from app.models.history_terms import STANDS
from app.models.types import instant_of

if TYPE_CHECKING:
    from app.models.store import Store


class News(StrEnum):
    """What kind of change it was."""

    NEW = "new"
    WON = "won"
    LOST = "lost"
    DROPPED = "dropped"
    REOPENED = "reopened"
    BACK = "back"
    MOVED = "moved"
    VALUE = "value"
    IMPORTED = "imported"


@dataclass(frozen=True)
class Happening:
    """One step of somebody; `id` is that of its change set, `lead_ids` the leads it concerned that are still there.

    `words` say more than the kind and the lead do: from where to where. Of an import the leads are not listed.
    """

    id: int
    news: News
    title: str
    words: Text | None
    at: datetime
    actor: str
    initials: str
    lead_ids: Sequence[int]


class Recent:
    """Reads it, the newest first."""

    def __init__(self, store: "Store") -> None:
        self._store = store

    def since(self, day: date, user_id: int | None = None, limit: int = 200) -> list[Happening]:
        """What happened to the leads of a person (or to all) since the beginning of a day; what was undone is left out.

        The number of statements does not depend on how much there is.
        """
        binds = {"since": day_number(day), "user": user_id}
        mine = "" if user_id is None else "AND lead.user_id = :user"
        with self._store.read() as connection:
            stages = {row[0]: row[1] for row in connection.execute(text("SELECT id, name FROM stage"))}
            changes = connection.execute(text(_CHANGES.replace("{mine}", mine)), binds).all()
            imports = [] if user_id is not None else connection.execute(text(_IMPORTS), binds).all()
            amounts = _amounts(connection, day, changes)
        found = [_imported(row) for row in imports]
        for row in changes:
            happening = _told(row, stages, amounts)
            if happening is not None:
                found.append(happening)
        return sorted(found, key=lambda happening: -happening.id)[:limit]


def yesterday(today: date) -> date:
    """From when on changes are news."""
    return today - timedelta(days=1)


#: By step and lead what the lead was worth before and after.
_Amounts = Mapping[tuple[int, int], tuple[Money, Money]]


def _amounts(connection: Connection, day: date, changes: Sequence[Any]) -> _Amounts:
    """The amounts of the leads that steps are told by, followed from today back to the beginning of a day.

    A step that changed the amount alone says no currency; what changed it later may be an import, or told by another
    of its leads.
    """
    worth = {row.row_id: Money(row.amount_minor, row.currency) for row in changes}
    found = {}
    for row in connection.execute(text(_AMOUNTS), {"since": day_number(day), "leads": json.dumps(list(worth))}):
        new = _amount(json.loads(row.after), worth[row.row_id])
        old = worth[row.row_id] = _amount(json.loads(row.before), new)
        found[row.id, row.row_id] = old, new
    return found


def _told(row: Any, stages: Mapping[int, str], amounts: _Amounts) -> Happening | None:
    """A change in words; None for one that is no news."""
    before, after = json.loads(row.before), json.loads(row.after)
    news = _kind(row.op, before, after)
    if news is None:
        return None
    ids = json.loads(row.ids)
    if len(ids) > 1:
        return _happening(row, news, "", load_text(row.label_msgid, row.label_args), ids)
    words = _words(news, (before, after), stages, amounts.get((row.id, row.row_id)))
    return _happening(row, news, row.title, words, ids)


def _kind(op: str, before: Mapping[str, Any], after: Mapping[str, Any]) -> News | None:
    if op == "insert":
        return News.NEW
    if "status" in after:
        return _of_status(before["status"], after["status"])
    if "stage_id" in after:
        return News.MOVED
    return None if _VALUE.isdisjoint(after) else News.VALUE


def _of_status(before: str, after: str) -> News:
    if after in _ENDS:
        return _ENDS[after]
    if before in _ENDS:
        return News.REOPENED
    return News.NEW if after == Status.ACTIVE else News.BACK


def _words(
    news: News, values: tuple[Mapping[str, Any], Mapping[str, Any]], stages: Mapping[int, str],
    amounts: tuple[Money, Money] | None,
) -> Text | None:  # fmt: skip
    before, after = values
    if news is News.MOVED:
        return Text("{old} → {new}", old=stages.get(before["stage_id"], "–"), new=stages.get(after["stage_id"], "–"))
    if news is not News.VALUE:
        return None
    if amounts is not None and amounts[0] != amounts[1]:
        return Text("{old} → {new}", old=amounts[0], new=amounts[1])
    if None not in (before.get("probability"), after.get("probability")):
        return Text("{old} → {new}", old=Percent(before["probability"]), new=Percent(after["probability"]))
    return None


def _amount(values: Mapping[str, Any], otherwise: Money) -> Money:
    return Money(values.get("amount_minor", otherwise.minor), values.get("currency", otherwise.currency))


def _imported(row: Any) -> Happening:
    return _happening(row, News.IMPORTED, "", load_text(row.label_msgid, row.label_args), ())


def _happening(row: Any, news: News, title: str, words: Text | None, ids: Sequence[int]) -> Happening:
    return Happening(
        row.id, news, title, words, instant_of(row.at), row.actor or "", row.initials or "", tuple(ids)
    )  # fmt: skip


_ENDS = {Status.WON.value: News.WON, Status.LOST.value: News.LOST, Status.DROPPED.value: News.DROPPED}
_VALUE = frozenset({"amount_minor", "currency", "budget", "probability"})

_LATELY = f"s.on_day >= :since AND s.kind = 'do' AND {STANDS}"
# One row per step: of the change with the smallest number SQLite also gives the columns that are not summed up.
_CHANGES = f"""
SELECT s.id, s.at, s.label_msgid, s.label_args, member.name AS actor, member.initials,
  json_group_array(c.row_id) AS ids, min(c.id), c.op, c.before, c.after, c.row_id, lead.title, lead.amount_minor,
  lead.currency
FROM change_set s CROSS JOIN change c ON c.change_set_id = s.id AND c.table_name = 'lead'
JOIN lead ON lead.id = c.row_id {{mine}}
LEFT JOIN member ON member.id = s.actor_id
WHERE {_LATELY}
GROUP BY s.id ORDER BY s.id DESC
"""
_OF_THESE = "table_name = 'lead' AND op = 'update' AND row_id IN (SELECT value FROM json_each(:leads))"
_AMOUNTS = f"""
SELECT s.id, row_id, before, after FROM change_set s CROSS JOIN change ON change_set_id = s.id
WHERE {_OF_THESE} AND {_LATELY}
UNION ALL SELECT s.id, row_id, before, after FROM change_set s CROSS JOIN import_row r USING (import_run_id)
WHERE {_OF_THESE} AND {_LATELY} ORDER BY 1 DESC
"""
_IMPORTS = f"""
SELECT s.id, s.at, s.label_msgid, s.label_args, member.name AS actor, member.initials
FROM change_set s LEFT JOIN member ON member.id = s.actor_id
WHERE s.import_run_id IS NOT NULL AND {_LATELY}
"""
