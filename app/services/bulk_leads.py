"""One change to many leads: what is known of them, what the change can name, and how it is written."""

import json
from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from sqlalchemy import Connection, text

from app.core.calendar import day_of
from app.core.folding import sort_key
from app.core.i18n import Plural, Text
from app.core.roles import Act
from app.core.terms import Entity, Status
from app.services import lead_rows, stage_gates
from app.services.bulk_edit import BulkEdit, Plan
from app.services.bulk_plan import FIELDS, BulkChange, Facts, Names, Stage, planned
from app.services.bulk_write import Report, Task, carry_out
from app.services.lead_fields import NextStep
from app.services.own_fields import fields_in
from app.services.own_values import VALUES, read_values

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

_BETWEEN = "\x1f"


class LeadBulk(BulkEdit[BulkChange, Facts, Names]):
    """Changes many leads."""

    entity = Entity.LEAD
    fields = FIELDS
    gone = Text("The lead has been deleted in the meantime.")

    def _names(self, connection: Connection) -> Names:
        return _names(connection)

    def _facts(self, connection: Connection, ids: Sequence[int], change: BulkChange) -> Iterable[Facts]:
        return _facts(connection, ids, change.stage_id)

    def _planned(self, facts: Facts, change: BulkChange, names: Names) -> Facts:
        after = planned(facts, change, names)
        if after.source not in (None, facts.source) and sort_key(after.source or "") not in names.sources:
            self._store.rights.demand(Act.LISTS)
        return after

    def _shown(self, field: str, facts: Facts, names: Names) -> Any:
        value = getattr(facts, field)
        if field == "stage_id":
            return names.stages[value].name if value in names.stages else None
        return names.people.get(value) if field == "user_id" else value

    def _changed(self, n: int, fields: Text) -> Plural:
        return Plural("{n} lead changed: {fields}", "{n} leads changed: {fields}", n=n, fields=fields)

    def _write(self, session: "Session", todo: Mapping[int, Plan[Facts]], report: Report) -> None:
        leads = lead_rows.load(session, list(todo), trashed=False)
        tasks = [Task(lead, plan.after, plan.fields, plan.own) for lead in leads if (plan := todo[lead.id]).after]
        carry_out(session, self._store, tasks, report)


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
