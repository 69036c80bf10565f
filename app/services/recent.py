"""What has happened to the leads since yesterday: who brought a new one, won, lost, moved one, or changed its value."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import TYPE_CHECKING, Any

from sqlalchemy import text

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
        found = [_imported(row) for row in imports]
        amounts: dict[int, Money] = {}
        for row in changes:
            happening = _told(row, stages, amounts)
            if happening is not None:
                found.append(happening)
        return sorted(found, key=lambda happening: -happening.id)[:limit]


def yesterday(today: date) -> date:
    """From when on changes are news."""
    return today - timedelta(days=1)


def _told(row: Any, stages: Mapping[int, str], amounts: dict[int, Money]) -> Happening | None:
    """A change in words; None for one that is no news. `amounts` holds what each lead was worth after it."""
    before, after = json.loads(row.before), json.loads(row.after)
    worth = _worth(json.loads(row.worth), amounts)
    news = _kind(row.op, before, after)
    if news is None:
        return None
    ids = json.loads(row.ids)
    if len(ids) > 1:
        return _happening(row, news, "", load_text(row.label_msgid, row.label_args), ids)
    return _happening(row, news, row.title, _words(news, (before, after), stages, worth), ids)


def _worth(changes: Sequence[Any], amounts: dict[int, Money]) -> tuple[Money, Money] | None:
    """What the last of some leads was worth before and after its change; none where none is worth something else."""
    found = None
    for lead, before, after, minor, currency in changes:
        new = _amount(after, amounts.get(lead, Money(minor, currency)))
        amounts[lead] = _amount(before, new)
        found = (amounts[lead], new)
    return found


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
    worth: tuple[Money, Money] | None,
) -> Text | None:  # fmt: skip
    before, after = values
    if news is News.MOVED:
        return Text("{old} → {new}", old=stages.get(before["stage_id"], "–"), new=stages.get(after["stage_id"], "–"))
    if news is not News.VALUE:
        return None
    if worth is not None:
        return Text("{old} → {new}", old=worth[0], new=worth[1])
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

# One row per step: of the change with the smallest number SQLite also gives the columns that are not summed up.
# `worth` has every lead whose amount changed: an older step tells its amounts as they were before this one.
_CHANGES = f"""
SELECT s.id, s.at, s.label_msgid, s.label_args, member.name AS actor, member.initials,
  json_group_array(c.row_id) AS ids, min(c.id), c.op, c.before, c.after, lead.title,
  json_group_array(json_array(c.row_id, json(c.before), json(c.after), lead.amount_minor, lead.currency))
    FILTER (WHERE c.op = 'update' AND coalesce(json_type(c.after, '$.amount_minor'), json_type(c.after, '$.currency'))
      IS NOT NULL) AS worth
FROM change_set s CROSS JOIN change c ON c.change_set_id = s.id AND c.table_name = 'lead'
JOIN lead ON lead.id = c.row_id {{mine}}
LEFT JOIN member ON member.id = s.actor_id
WHERE s.on_day >= :since AND s.kind = 'do' AND {STANDS}
GROUP BY s.id ORDER BY s.id DESC
"""
_IMPORTS = f"""
SELECT s.id, s.at, s.label_msgid, s.label_args, member.name AS actor, member.initials
FROM change_set s LEFT JOIN member ON member.id = s.actor_id
WHERE s.on_day >= :since AND s.kind = 'do' AND s.import_run_id IS NOT NULL AND {STANDS}
"""
