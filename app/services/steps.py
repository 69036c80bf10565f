"""Steps inside a write: what is to be done next about a lead, or about a company without any occasion for a lead.

Each function holds for all records at once, which are all leads or all companies.
"""

from collections.abc import Sequence
from datetime import date, datetime
from typing import TYPE_CHECKING, Any

from sqlalchemy import func, select

from app.core import recurrence
from app.core.calendar import day_number, day_of
from app.core.errors import InvalidInput
from app.core.i18n import Text
from app.core.parse.cleaning import one_line
from app.models.many import chunks
from app.services import lead_fields
from app.services.lead_fields import NextStep

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from app.models.schema import Company, Lead, Step
    from app.models.store import Store

    Record = Lead | Company


def _column(record: "Record") -> str:
    """By which a step refers to it."""
    return f"{record.__tablename__}_id"


def open_of(session: "Session", records: "Sequence[Record]", step_id: int | None = None) -> "dict[int, Step]":
    """By record the step that comes next, or the one of that id; nothing for a record without."""
    from app.models.schema import Step

    found: dict[int, Step] = {}
    if not records:
        return found
    owner = _column(records[0])
    for chunk in chunks([record.id for record in records]):
        still = select(Step).where(getattr(Step, owner).in_(chunk), Step.done_at.is_(None))
        if step_id is not None:
            still = still.where(Step.id == step_id)
        for step in session.scalars(still.order_by(Step.due_on, func.coalesce(Step.local_time, 1440), Step.id)):
            found.setdefault(getattr(step, owner), step)
    return found


def expected(session: "Session", records: "Sequence[Record]", step_id: int | None = None) -> "list[Step]":
    """The same of all of them, in their order. Raises InvalidInput for a record without such a step."""
    found = open_of(session, records, step_id)
    for record in records:
        if record.id not in found:
            title = record.title if hasattr(record, "title") else record.name
            raise InvalidInput(Text("“{title}” has no open step.", title=title))
    return [found[record.id] for record in records]


def replace(session: "Session", store: "Store", wanted: "Sequence[tuple[Record, NextStep | None]]") -> None:
    """Change the step that comes next for each, add one where there is none, or remove it. Raises InvalidInput."""
    there = open_of(session, [record for record, _new in wanted])
    for record, new in wanted:
        step = there.get(record.id)
        if new is not None:
            put(session, store, record, step, new)
        elif step is not None:
            session.delete(step)
    session.flush()  # what a stage requires is asked of the database


def put(session: "Session", store: "Store", record: "Record", step: "Step | None", new: NextStep) -> None:
    """Write what is to be done into this step, or into a new one. Raises InvalidInput."""
    from app.models.schema import Step

    if new.time is not None and not 0 <= new.time < 24 * 60:
        raise InvalidInput(Text("A time lies between 0:00 and 23:59."), field="next_step")
    words = one_line(lead_fields.long_text(new.text, "next_step"))
    if step is None:
        step = Step(**{_column(record): record.id}, user_id=record.user_id)
        session.add(step)
    step.due_on, step.local_time, step.text = day_number(new.on), new.time, words
    step.zone = store.facts.time_zone if new.time is not None else None
    if new.rrule is not None:
        step.rrule = str(recurrence.parse(new.rrule, new.on)) if new.rrule else None


def finish(
    session: "Session", store: "Store", steps: Sequence["Step"], *, series: bool, at: datetime | None = None
) -> None:
    """Tick steps off, as done `at` that moment, else now. Where one comes again the next one is put down, unless the
    `series` ends with this one.
    """
    from app.models.schema import Step

    now = at or store.clock.now()
    for step in steps:
        step.done_at, step.done_by = now, store.actor_id
    session.flush()
    kept = ("lead_id", "company_id", "user_id", "local_time", "zone", "text", "rrule")
    for step in steps:
        following = next_of(step, store.day_of(now)) if series else None
        if following is not None:
            session.add(Step(due_on=day_number(following), **{name: getattr(step, name) for name in kept}))
    session.flush()


def next_of(step: Any, today: date) -> date | None:
    """When a step (anything with `due_on` and `rrule`) comes again after it was finished `today`; None if it does not.

    A rule that another program wrote and nobody understands here is none.
    """
    if not step.rrule:
        return None
    due = day_of(step.due_on)
    try:
        return recurrence.parse(step.rrule, due).following(due, today)
    except InvalidInput:
        return None
