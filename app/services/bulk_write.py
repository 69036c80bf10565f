"""Brings many leads to what was planned for them, by what the verbs do with leads."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from app.core.terms import Entity
from app.models.many import CHUNK, chunks
from app.services import lead_fields, lead_rows
from app.services.bulk_plan import Facts
from app.services.own_values import OwnValue, set_values

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from app.models.schema import Lead
    from app.models.store import Store

Report = Callable[[int, int], object]
_OFTEN = 100


@dataclass(frozen=True)
class Task:
    """A lead, what it is to be, and the fields in which it is not that yet; of own fields the values by id."""

    lead: "Lead"
    after: Facts
    fields: frozenset[str]
    own: tuple[tuple[int, OwnValue], ...] = ()


def carry_out(session: "Session", store: "Store", tasks: Sequence[Task], report: Report) -> None:
    """Write them all. Raises what the verbs raise; `report` hears how far it is.

    What it hears last, that all is done, is also its last chance to stop: committing cannot be.
    """
    total = 2 * len(tasks)
    _hand_over(session, store, _for(tasks, "user_id"))
    for n, task in enumerate(tasks):
        if n % _OFTEN == 0:
            report(n, total)
        _set_fields(session, store, task)
    lead_fields.set_tags(session, store, [(task.lead, task.after.tags) for task in _for(tasks, "tags")])
    set_own(session, Entity.LEAD, ((task.lead.id, task.own) for task in tasks))
    steps = [(task.lead, task.after.next_step) for task in _for(tasks, "next_step")]
    lead_rows.replace_steps(session, store, steps)
    for n, some in enumerate(chunks(tasks)):
        report(len(tasks) + n * CHUNK, total)
        _move(session, store, _for(some, "stage_id"))
        for task in some:
            lead_fields.check(task.lead)
    report(total, total)


def _for(tasks: Sequence[Task], field: str) -> Sequence[Task]:
    """Those that are for this field."""
    return [task for task in tasks if field in task.fields]


def _set_fields(session: "Session", store: "Store", task: Task) -> None:
    after = task.after
    wanted: dict[str, Any] = {
        "source": after.source, "amount": after.amount, "period": after.period, "probability": after.probability,
        "category": after.category,
    }  # fmt: skip
    fields = {name: value for name, value in wanted.items() if name in task.fields}
    lead_fields.change(session, store, [task.lead], fields)


def set_own(session: "Session", entity: Entity, told: Iterable[tuple[int, Iterable[tuple[int, OwnValue]]]]) -> None:
    """Give records values of own fields, pairs of field and value by record: each field the same value wherever it
    has another.
    """
    wanted: dict[int, tuple[OwnValue, list[int]]] = {}
    for record_id, values in told:
        for field_id, value in values:
            wanted.setdefault(field_id, (value, []))[1].append(record_id)
    for field_id, (value, ids) in wanted.items():
        set_values(session, entity, ids, {field_id: value})


def _hand_over(session: "Session", store: "Store", tasks: Sequence[Task]) -> None:
    """Give the leads to whom they are planned for, who is the same for all of them."""
    if tasks:
        lead_fields.change(session, store, [task.lead for task in tasks], {"user_id": tasks[0].after.user_id})


def _move(session: "Session", store: "Store", tasks: Sequence[Task]) -> None:
    """Put the leads into the stage they are planned for, which is the same for all of them."""
    if tasks and (stage_id := tasks[0].after.stage_id) is not None:
        lead_rows.move(session, store, [task.lead for task in tasks], stage_id)
