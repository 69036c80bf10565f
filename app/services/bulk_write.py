"""Brings many leads to what was planned for them: by the setters of the verbs, and what hangs on leads all at once.

Lead by lead, tags and steps would cost a few statements each.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sqlalchemy import func, select

from app.models.many import chunks
from app.services import lead_fields, lead_rows
from app.services.bulk_plan import Facts
from app.services.catalogue import named

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from app.models.schema import Lead, Step
    from app.models.store import Store

Report = Callable[[int, int], object]
_OFTEN = 100


@dataclass(frozen=True)
class Task:
    """A lead, what it is to be, and the fields in which it is not that yet."""

    lead: "Lead"
    after: Facts
    fields: frozenset[str]


def carry_out(session: "Session", store: "Store", tasks: Sequence[Task], report: Report) -> None:
    """Write them all. Raises what the verbs raise; `report` hears how far it is.

    What it hears last, that all is done, is also its last chance to stop: committing cannot be.
    """
    total = 2 * len(tasks)
    _hand_over(session, [task for task in tasks if "user_id" in task.fields])
    for n, task in enumerate(tasks):
        if n % _OFTEN == 0:
            report(n, total)
        _set_fields(session, store, task)
    _set_tags(session, store, [task for task in tasks if "tags" in task.fields])
    _set_steps(session, store, [task for task in tasks if "next_step" in task.fields])
    for n, task in enumerate(tasks, len(tasks)):
        if n % _OFTEN == 0:
            report(n, total)
        if "stage_id" in task.fields and task.after.stage_id is not None:
            lead_rows.move(session, store, task.lead, task.after.stage_id)
        lead_fields.check(task.lead)
    report(total, total)


def _set_fields(session: "Session", store: "Store", task: Task) -> None:
    after = task.after
    wanted: dict[str, Any] = {
        "source": after.source, "amount": after.amount, "period": after.period, "probability": after.probability,
        "category": after.category,
    }  # fmt: skip
    fields = {name: value for name, value in wanted.items() if name in task.fields}
    lead_fields.change(session, store, task.lead, fields)


def _hand_over(session: "Session", tasks: Sequence[Task]) -> None:
    """Give the leads to whom they are planned for, who is the same for all of them, and the steps that go along."""
    if tasks:
        lead_fields.hand_over_steps(session, [task.lead for task in tasks], tasks[0].after.user_id)
    for task in tasks:
        task.lead.user_id = task.after.user_id


def _set_tags(session: "Session", store: "Store", tasks: Sequence[Task]) -> None:
    """Give each lead exactly its tags, as `lead_fields.set_tags` does."""
    from app.models.schema import LeadTag

    now = store.clock.now()
    by_lead = {task.lead.id: task.after.tags for task in tasks}
    for chunk in chunks(list(by_lead)):
        present: dict[int, dict[int, LeadTag]] = {}
        for link in session.scalars(select(LeadTag).where(LeadTag.lead_id.in_(chunk))):
            present.setdefault(link.lead_id, {})[link.tag_id] = link
        for lead_id in chunk:
            wanted = {named(session, "tag", name, now).id for name in by_lead[lead_id]}
            there = present.get(lead_id, {})
            for tag_id in there.keys() - wanted:
                session.delete(there[tag_id])
            session.add_all(LeadTag(lead_id=lead_id, tag_id=tag_id) for tag_id in sorted(wanted - there.keys()))


def _set_steps(session: "Session", store: "Store", tasks: Sequence[Task]) -> None:
    """Give each lead its next step, as `lead_rows.replace_step` does."""
    steps = _open_steps(session, [task.lead.id for task in tasks])
    for task in tasks:
        step = steps.get(task.lead.id)
        if task.after.next_step is not None:
            lead_rows.expect_open(task.lead)
            lead_rows.put_step(session, store, task.lead, step, task.after.next_step)
        elif step is not None:
            session.delete(step)
    session.flush()  # what a stage requires is asked of the database


def _open_steps(session: "Session", ids: Sequence[int]) -> "dict[int, Step]":
    """The step that comes next of each of these leads that has one."""
    from app.models.schema import Step

    found: dict[int, Step] = {}
    for chunk in chunks(list(ids)):
        still = select(Step).where(Step.lead_id.in_(chunk), Step.done_at.is_(None))
        for step in session.scalars(still.order_by(Step.due_on, func.coalesce(Step.local_time, 1440), Step.id)):
            if step.lead_id is not None:
                found.setdefault(step.lead_id, step)
    return found
