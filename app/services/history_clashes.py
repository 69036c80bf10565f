"""What stands in the way of taking a step back, in words: the value then, the value now, by whom and when."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, text

from app.core.i18n import N_, Text
from app.core.money import Money
from app.models.clash import Clash
from app.models.history_terms import STANDS
from app.models.types import instant_of
from app.services.event_words import COLUMN_LABELS, Names, shortened, shown_value
from app.services.history_words import FIELDS, TABLES, Change, titles_of, worth_after

#: So many are told one by one.
TOLD = 100
_AFTER_ALL = 2**62


@dataclass(frozen=True)
class Obstacle:
    """A value that is not as the step left it: of which lead or entry, which field, what it was then and is now.

    `actor` and `at` tell who changed it last; empty where nobody knows.
    """

    subject: str
    field: Text
    then: Text
    now: Text
    actor: str
    at: datetime | None


@dataclass(frozen=True)
class _Row:
    """What of one row is in the way."""

    table: str
    row_id: int
    lead_id: int | None
    clashes: tuple[Clash, ...]


def obstacles_of(
    connection: Connection, changes: Sequence[Change], clashes: Sequence[Clash], step: int
) -> list[Obstacle]:
    """The clashes of a `step` with these changes, the first of them. The number of statements is constant."""
    leads = {(change.table_name, change.row_id): change.lead_id for change in changes}
    rows = _by_row(clashes, leads)
    titles = titles_of(connection, [row.lead_id for row in rows if row.lead_id is not None])
    names = Names.read(connection, [_Seen(clash) for row in rows for clash in row.clashes])
    wanted = [(row, clash) for row in rows for clash in _told(row, titles)][:TOLD]
    last = _last_changes(connection, [(row, clash.column) for row, clash in wanted], step)
    currencies = _currencies(connection, rows, changes)
    found = []
    for place, (row, clash) in enumerate(wanted):
        actor, at = last.get(place, ("", None))
        field, then, now = _worded(row, clash, names, currencies, titles)
        found.append(Obstacle(titles.get(row.lead_id or 0, ""), field, then, now, actor, at))
    return found


def _by_row(clashes: Sequence[Clash], leads: Mapping[tuple[str, int], int | None]) -> list[_Row]:
    grouped: dict[tuple[str, int], list[Clash]] = {}
    for clash in reversed(clashes):  # they were found on the way back
        grouped.setdefault((clash.table, clash.row_id), []).append(clash)
    rows = []
    for (table, row_id), group in grouped.items():
        lead = row_id if table == "lead" else leads.get((table, row_id))
        rows.append(_Row(table, row_id, lead, tuple(group)))
    return rows[:TOLD]


def _told(row: _Row, titles: Mapping[int, str]) -> list[Clash]:
    """The clashes of a row that say something; one for all of a row that is gone, and for one that was edited."""
    gone = row.table == "lead" and row.row_id not in titles
    columns = [clash for clash in row.clashes if clash.column in _KNOWN]
    lost = len(row.clashes) > 1 and all(clash.theirs is None for clash in row.clashes)
    return list(row.clashes[:1]) if gone or lost or not columns else columns


_KNOWN = frozenset({"amount_minor", "currency", "deleted_at", *COLUMN_LABELS, *FIELDS})


def _worded(
    row: _Row, clash: Clash, names: Names, currencies: Mapping[int, tuple[str, str]], titles: Mapping[int, str]
) -> tuple[Text, Text, Text]:
    """Field, value then, value now."""
    table = Text(TABLES.get(row.table, N_("Data")))
    if row.table == "lead" and row.row_id not in titles:
        return table, Text("there"), Text("gone for good")
    if len(row.clashes) > 1 and all(each.theirs is None for each in row.clashes):
        return table, Text("there"), Text("removed since")
    if clash.column not in _KNOWN:
        return table, Text("as it was"), Text("changed since")
    if clash.column == "deleted_at":
        there, deleted = Text("there"), Text("in the trash")
        return table, deleted if clash.ours else there, deleted if clash.theirs else there
    label = Text(_AMOUNT.get(clash.column) or COLUMN_LABELS.get(clash.column) or FIELDS[clash.column])
    old, new = currencies.get(row.row_id, ("EUR", "EUR"))
    then, now = _shown(row, clash.column, clash.ours, names, old), _shown(row, clash.column, clash.theirs, names, new)
    return label if row.table == "lead" else Text("{what}: {field}", what=table, field=label), then, now


_AMOUNT = {"amount_minor": N_("Volume"), "currency": N_("Currency")}


def _shown(row: _Row, column: str, value: Any, names: Names, currency: str) -> Text:
    if value is None or value == "":
        return Text("–")
    if row.table == "lead" and column == "amount_minor":
        return Text("{value}", value=Money(value, currency))
    if row.table == "lead" and column in COLUMN_LABELS and column != "remark":
        return Text("{value}", value=shown_value(column, value, _AFTER_ALL, names))
    return Text("{value}", value=shortened(str(value)))


class _Seen:
    """A clash in the shape of a change, from which the names it speaks of are read."""

    def __init__(self, clash: Clash) -> None:
        self.table_name, self.row_id = clash.table, clash.row_id
        self.before, self.after = json.dumps({clash.column: clash.ours}), json.dumps({clash.column: clash.theirs})


def _last_changes(
    connection: Connection, wanted: Sequence[tuple[_Row, str]], step: int
) -> dict[int, tuple[str, datetime | None]]:
    """For each value who changed it last since the step, and when."""
    asked = [[row.table, row.row_id, row.lead_id, column] for row, column in wanted]
    rows = connection.execute(text(_LAST), {"wanted": json.dumps(asked), "step": step})
    return {row.place: (row.actor or "", instant_of(row.at)) for row in rows}


def _currencies(connection: Connection, rows: Sequence[_Row], changes: Sequence[Change]) -> dict[int, tuple[str, str]]:
    """By lead the currency that its amount was in after the step, and the one it is in now."""
    leads = {row.row_id for row in rows if row.table == "lead"}
    then = worth_after(connection, [each for each in changes if each.table_name == "lead" and each.row_id in leads])
    found = connection.execute(text(_CURRENCIES), {"ids": json.dumps(sorted(leads))})
    return {row.id: (then[row.id].currency if row.id in then else row.currency, row.currency) for row in found}


# The latest comes last. What an import changed has its rows elsewhere.
_LAST = f"""
WITH wanted AS (SELECT key AS place, json_extract(value, '$[0]') AS table_name, json_extract(value, '$[1]') AS row_id,
  json_extract(value, '$[2]') AS lead_id, json_extract(value, '$[3]') AS name FROM json_each(:wanted)),
found AS (SELECT place, c.change_set_id AS step FROM wanted w JOIN change c ON c.lead_id IS w.lead_id
    AND c.table_name = w.table_name AND c.row_id = w.row_id
    AND (w.name = '' OR c.op <> 'update' OR json_type(c.after, '$.' || w.name) IS NOT NULL)
  UNION ALL SELECT place, s.id FROM wanted w JOIN import_row r ON r.op = 'update' AND r.table_name = w.table_name
    AND r.row_id = w.row_id JOIN change_set s ON s.import_run_id = r.import_run_id AND s.kind = 'do')
SELECT place, s.at, member.name AS actor FROM found JOIN change_set s ON s.id = step
LEFT JOIN member ON member.id = s.actor_id WHERE s.kind = 'do' AND s.id > :step AND {STANDS} ORDER BY s.id
"""
_CURRENCIES = """
SELECT id, currency FROM lead WHERE id IN (SELECT value FROM json_each(:ids))
UNION ALL SELECT id, currency FROM trashed_lead WHERE id IN (SELECT value FROM json_each(:ids))
"""
