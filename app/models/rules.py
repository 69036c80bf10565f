"""What holds for the rows of a store, whoever wrote them.

The verbs refuse what would break a rule before they write it. An undo writes columns back without knowing any verb, so
it is measured by the rules after it has written; and `check` looks for leads that break them.
"""

from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from typing import Any

from sqlalchemy import text
from sqlalchemy.engine import Connection

from app.core.changes import RowChange
from app.core.folding import sort_key
from app.core.i18n import Text
from app.core.lead_rules import contradiction
from app.models.many import chunks, with_ids


def broken_by(
    connection: Connection, changes: Iterable[RowChange], entries: Iterable[tuple[str, range]] = ()
) -> Text | None:
    """The first rule that these changes, already written, have broken, in words; None if all hold.

    `entries`: list entries that came back from the trash with them, by table.
    """
    rows: dict[str, set[int]] = {}
    for change in changes:
        if not _DECISIVE.get(change.table, _NAMING).isdisjoint(change.after or change.before):
            rows.setdefault(change.table, set()).add(change.row_id)
    for table, numbers in entries:
        rows.setdefault(table, set()).update(numbers)
    return next(_broken(connection, rows), None)


def _broken(connection: Connection, rows: Mapping[str, Collection[int]]) -> Iterator[Text]:
    yield from faults_of_leads(connection, sorted(rows.get("lead", ())))
    for title in lost_leads(connection):
        yield Text("“{title}” would be in a stage that has been deleted.", title=title)
    for title in _strangers(connection, sorted(rows.get("lead", ()))):  # its stage was deleted while it was closed
        yield Text("“{title}” would be in a stage it never entered. Please open it again instead.", title=title)
    if "stage" in rows and not connection.execute(text(_OFFERED)).scalar():
        yield Text("The funnel needs at least one stage.")
    for table in _NAMED:
        if table in rows:
            yield from _doubled(connection, table, rows[table])


def faults_of_leads(connection: Connection, ids: Sequence[int] | None) -> Iterator[Text]:
    """What does not fit together in these leads (None: in any), a text each that names the lead."""
    for row in _facts(connection, ids):
        if (found := contradiction(row)) is not None:
            yield Text("“{title}”: {fault}", title=row.title, fault=found[1])


def lost_leads(connection: Connection) -> Sequence[str]:
    """The titles of active leads whose stage was deleted: list and funnel would not agree on them."""
    return connection.execute(text(_LOST)).scalars().all()


def _strangers(connection: Connection, ids: Sequence[int]) -> Iterator[str]:
    """The titles of those of these leads that are active in a stage that they never entered."""
    statement = with_ids(_STRANGERS)
    for chunk in chunks(ids):
        yield from connection.execute(statement, {"ids": chunk}).scalars()


def _facts(connection: Connection, ids: Sequence[int] | None) -> Iterator[Any]:
    if ids is None:
        yield from connection.execute(text(_FACTS))
        return
    statement = with_ids(f"{_FACTS} WHERE id IN :ids")
    for chunk in chunks(ids):
        yield from connection.execute(statement, {"ids": chunk})


def _doubled(connection: Connection, table: str, touched: Collection[int]) -> Iterator[Text]:
    """Names of touched entries that stand in the list a second time: a name typed would find the one or the other."""
    rows = connection.execute(text(f"SELECT id, name FROM {table} WHERE deleted_at IS NULL")).all()
    counted = Counter(sort_key(row.name) for row in rows)
    for row in rows:
        if row.id in touched and counted[sort_key(row.name)] > 1:
            yield Text("There already is an entry “{name}”.", name=row.name)


#: The columns by which an entry stands in its list under a name.
_NAMING = frozenset({"name", "deleted_at"})
#: By table the columns on which a rule depends, where these are others.
_DECISIVE = {
    "lead": frozenset({"status", "budget", "amount_minor", "period_first", "period_last", "activated_on", "closed_on"}),
    "stage": _NAMING | {"retired_at"},
}
#: Lists in which a name stands once. Two people may well have the same name, and two companies.
_NAMED = ("stage", "source", "reason", "tag", "member")

_FACTS = """
SELECT title, status, budget, amount_minor, period_first, period_last, activated_on, closed_on FROM lead
"""
_LOST = """
SELECT lead.title FROM lead WHERE lead.status = 'active' AND lead.deleted_at IS NULL
AND lead.stage_id IN (SELECT id FROM stage WHERE deleted_at IS NOT NULL)
"""
_STRANGERS = """
SELECT title FROM lead WHERE id IN :ids AND status = 'active' AND deleted_at IS NULL
AND NOT EXISTS (SELECT 1 FROM stage_entry WHERE lead_id = lead.id AND stage_entry.stage_id = lead.stage_id)
"""
_OFFERED = "SELECT 1 FROM stage WHERE deleted_at IS NULL AND retired_at IS NULL LIMIT 1"
