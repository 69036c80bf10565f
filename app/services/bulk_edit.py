"""One change to many leads, looked at before it is made.

What becomes of a lead is planned in one place for the preview and for the change itself: what the preview shows is
what happens. A lead that would be refused stays as it is, as a whole, and it is said why.
"""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from enum import Enum
from typing import TYPE_CHECKING, Any

from sqlalchemy import Connection, text

from app.core.calendar import day_of
from app.core.errors import Conflict, InvalidInput
from app.core.folding import sort_key
from app.core.i18n import Plural, Text
from app.core.terms import Entity, Status
from app.models.many import chunks
from app.services import lead_fields, lead_rows, stage_gates
from app.services.bulk_plan import FIELDS, BulkChange, Facts, Names, Stage, planned
from app.services.bulk_write import Report, Task, carry_out
from app.services.lead_fields import NextStep
from app.services.own_fields import fields_in
from app.services.own_values import VALUES, read_values

if TYPE_CHECKING:
    from app.models.schema import Lead
    from app.models.store import Store

_BETWEEN = "\x1f"


class Verdict(Enum):
    """What the change does to a lead."""

    CHANGED = "changed"
    UNCHANGED = "unchanged"
    REFUSED = "refused"


@dataclass(frozen=True, slots=True)
class FieldChange:
    """A field before and after, as the name of a stage or person where it is one.

    Of own fields those that change: pairs of the field's id and a value.
    """

    field: str
    before: Any
    after: Any


@dataclass(frozen=True, slots=True)
class BulkRow:
    """A lead and what becomes of it; `reason` says why it is refused."""

    id: int
    title: str
    verdict: Verdict
    changes: tuple[FieldChange, ...] = ()
    reason: Text | None = None


@dataclass(frozen=True)
class BulkPreview:
    """What becomes of each lead, in the order asked for."""

    rows: tuple[BulkRow, ...]

    def of(self, *verdicts: Verdict) -> tuple[BulkRow, ...]:
        """The rows of these verdicts."""
        return tuple(row for row in self.rows if row.verdict in verdicts)

    def count(self, verdict: Verdict) -> int:
        """How many there are."""
        return sum(row.verdict is verdict for row in self.rows)


class BulkEdit:
    """Looks at changes to many leads and makes them, each in one step."""

    def __init__(self, store: "Store") -> None:
        self._store = store

    def preview(self, ids: Sequence[int], change: BulkChange, report: Report = lambda done, total: None) -> BulkPreview:
        """What a change would make of these leads; nothing is written. `report` hears how far it is."""
        plans = self._plans(ids, change, report)
        return BulkPreview(tuple(plan.row for plan in plans))

    def apply(self, ids: Sequence[int], change: BulkChange, report: Report = lambda done, total: None) -> int:
        """Make the change to these leads, in one step; returns how many it changed.

        Raises Conflict, and changes nothing, when one of them would be refused by now.
        """
        if not ids or not change.fields:
            return 0
        with self._store.write(self._label(ids, change)) as session:
            plans = self._plans(ids, change, lambda done, total: None)  # nobody else writes meanwhile
            refused = next((plan.row for plan in plans if plan.row.verdict is Verdict.REFUSED), None)
            if refused is not None:
                raise Conflict(
                    Text("“{title}” can no longer be changed so: {why}", title=refused.title, why=refused.reason),
                    Text("Nothing was changed."),
                )
            todo = {plan.row.id: plan for plan in plans if plan.after is not None}
            leads = lead_rows.load(session, list(todo), trashed=False)
            carry_out(session, self._store, [_task(lead, todo[lead.id]) for lead in leads], report)
        return len(todo)

    def _label(self, ids: Sequence[int], change: BulkChange) -> Text:
        with self._store.read() as connection:
            own = [field.name for field in fields_in(connection, Entity.LEAD) if field.id in change.own]
        words = lead_fields.words(change.fields, own)
        n = len(set(ids))
        if n > 1:
            return Plural("{n} lead changed: {fields}", "{n} leads changed: {fields}", n=n, fields=words)
        with self._store.read() as connection:
            title = connection.execute(text("SELECT title FROM lead WHERE id = :id"), {"id": ids[0]}).scalar()
        return Text("“{title}” changed: {fields}", title=title or "", fields=words)

    def _plans(self, ids: Sequence[int], change: BulkChange, report: Report) -> list["_Plan"]:
        wanted = list(dict.fromkeys(ids))
        plans: list[_Plan] = []
        with self._store.read() as connection:
            names = _names(connection)
            for chunk in chunks(wanted):
                report(len(plans), len(wanted))
                found = {facts.id: facts for facts in _facts(connection, chunk, change.stage_id)}
                plans += [_plan(lead_id, found.get(lead_id), change, names) for lead_id in chunk]
        return plans


@dataclass(frozen=True, slots=True)
class _Plan:
    """A row of the preview, and the lead as it will be; None where it stays as it is."""

    row: BulkRow
    after: Facts | None


def _task(lead: "Lead", plan: _Plan) -> Task:
    assert plan.after is not None
    own = next((change.after for change in plan.row.changes if change.field == "own"), ())
    return Task(lead, plan.after, frozenset(change.field for change in plan.row.changes), own)


def _plan(lead_id: int, lead: Facts | None, change: BulkChange, names: Names) -> _Plan:
    if lead is None:
        gone = Text("The lead has been deleted in the meantime.")
        return _Plan(BulkRow(lead_id, "", Verdict.REFUSED, reason=gone), None)
    try:
        after = planned(lead, change, names)
    except InvalidInput as error:
        return _Plan(BulkRow(lead_id, lead.title, Verdict.REFUSED, reason=error.title), None)
    changes = tuple(
        FieldChange(name, _shown(name, lead, names, after), _shown(name, after, names, lead))
        for name in FIELDS if getattr(lead, name) != getattr(after, name)
    )  # fmt: skip
    if not changes:
        return _Plan(BulkRow(lead_id, lead.title, Verdict.UNCHANGED), None)
    return _Plan(BulkRow(lead_id, lead.title, Verdict.CHANGED, changes), after)


def _shown(name: str, lead: Facts, names: Names, other: Facts) -> Any:
    value = getattr(lead, name)
    if name == "own":
        ids = sorted({*lead.own, *other.own})
        return tuple((id_, lead.own.get(id_)) for id_ in ids if lead.own.get(id_) != other.own.get(id_))
    if name == "stage_id":
        return names.stages[value].name if value in names.stages else None
    if name == "user_id":
        return names.people.get(value)
    return value


def _names(connection: Connection) -> Names:
    stages = {
        row.id: Stage(row.name, tuple(filter(None, row.required.split(","))), row.retired_at is not None)
        for row in connection.execute(text("SELECT id, name, required, retired_at FROM stage WHERE deleted_at IS NULL"))
    }
    people = connection.execute(text("SELECT id, name FROM member WHERE deleted_at IS NULL"))
    sources = connection.execute(text("SELECT name FROM source WHERE deleted_at IS NULL ORDER BY id DESC"))
    tags = connection.execute(text("SELECT name FROM tag WHERE deleted_at IS NULL ORDER BY id DESC"))
    return Names(
        stages,
        {row.id: row.name for row in people},
        {sort_key(row.name): row.name for row in sources},
        {sort_key(row.name): row.name for row in tags},
        {field.id: field for field in fields_in(connection, Entity.LEAD)},
    )


def _facts(connection: Connection, ids: Sequence[int], stage_id: int | None) -> list[Facts]:
    """What is known of these leads; `stage_id` is the stage they are to enter."""
    points = {} if stage_id is None else stage_gates.unchecked(connection, stage_id, ids)
    return [
        Facts(
            row.id, row.title, Status(row.status), row.stage_id, row.probability, row.user_id, row.source,
            tuple(row.tags.split(_BETWEEN)) if row.tags else (), row.amount_minor, row.currency, row.budget,
            row.period_first, row.period_last,
            None if row.due_on is None else NextStep(day_of(row.due_on), row.step_text, row.local_time),
            row.category, row.company_id, row.person_id, row.activated_on, row.closed_on,
            read_values(row.own), points.get(row.id, ()),
        )
        for row in connection.execute(text(_FACTS), {"ids": json.dumps(list(ids))})
    ]  # fmt: skip


_FACTS = f"""
SELECT lead.id, title, status, stage_id, probability, lead.user_id, source.name AS source, amount_minor, currency,
  budget, period_first, period_last, category, lead.company_id, person_id, activated_on, closed_on,
  step.due_on, step.local_time, step.text AS step_text,
  (SELECT string_agg(tag.name, char(31) ORDER BY tag.sort_key, tag.id) FROM lead_tag
   JOIN tag ON tag.id = tag_id WHERE lead_id = lead.id) AS tags,
  {VALUES.format(owner="lead")} AS own
FROM json_each(:ids) wanted
CROSS JOIN lead ON lead.id = wanted.value
LEFT JOIN source ON source.id = source_id
LEFT JOIN step ON step.id = next_step_id
"""
