"""What the verbs of a lead do inside their write: the stage it is in, its steps, a copy of it."""

from collections.abc import Sequence
from datetime import date
from typing import TYPE_CHECKING, Any

from sqlalchemy import func, select

from app.core import recurrence
from app.core.calendar import day_number, day_of
from app.core.errors import InvalidInput, NotFound
from app.core.i18n import Plural, Text
from app.core.parse.cleaning import one_line
from app.core.terms import CLOSED, Status
from app.models.many import chunks
from app.services import lead_fields
from app.services.catalogue import named
from app.services.lead_fields import Ending, NextStep
from app.services.stage_gates import require
from app.services.stages import record_entry

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from app.models.schema import Lead, Stage, Step
    from app.models.store import Store


def load(session: "Session", ids: Sequence[int], *, trashed: bool) -> list["Lead"]:
    """These leads in their order. Raises NotFound unless all of them are there (or, on request, in the trash)."""
    from app.models.schema import Lead

    found: dict[int, Lead] = {}
    for chunk in chunks(ids):
        found.update((lead.id, lead) for lead in session.scalars(select(Lead).where(Lead.id.in_(chunk))))
    leads = [lead for lead_id in dict.fromkeys(ids) if (lead := found.get(lead_id)) is not None]
    if len(leads) < len(set(ids)) or any((lead.deleted_at is not None) != trashed for lead in leads):
        if trashed:
            raise NotFound(Text("A lead is no longer in the trash."), Text("Nothing was changed."))
        raise NotFound(Text("A lead has been deleted in the meantime."), Text("Nothing was changed."))
    return leads


def expect(lead: "Lead", status: Status, otherwise: Text) -> None:
    """Raise InvalidInput saying `otherwise` unless the lead has this status."""
    if lead.status != status:
        raise InvalidInput(otherwise, Text("Nothing was changed."), field="status")


def expect_open(lead: "Lead") -> None:
    """Raise InvalidInput for a lead that is closed."""
    if lead.status in CLOSED:
        raise InvalidInput(Text("“{title}” is closed already.", title=lead.title), Text("Nothing was changed."))


def stage_for(session: "Session", stage_id: int | None) -> "Stage":
    """The stage of that id, the first in use for None. Raises NotFound for one that is gone."""
    from app.models.schema import Stage

    if stage_id is None:
        in_use = select(Stage).where(Stage.deleted_at.is_(None), Stage.retired_at.is_(None))
        first = session.scalars(in_use.order_by(Stage.position, Stage.id).limit(1)).first()
        if first is None:
            raise InvalidInput(Text("The funnel needs at least one stage."), field="stage")
        return first
    stage = session.get(Stage, stage_id)
    if stage is None or stage.deleted_at is not None:
        raise NotFound(Text("This stage has been deleted in the meantime."), Text("Choose another one."), field="stage")
    return stage


def _usable_stage(session: "Session", stage_id: int) -> "Stage":
    """This stage, or the first in use where it takes no leads any more."""
    from app.models.schema import Stage

    stage = session.get_one(Stage, stage_id)
    return stage if stage.deleted_at is None and stage.retired_at is None else stage_for(session, None)


def activate(session: "Session", store: "Store", lead: "Lead", stage_id: int | None, on: date | None) -> None:
    """Make a lead active in a stage (the first), since a day (today). Raises as `move` does."""
    stage = stage_for(session, stage_id)
    lead.status = Status.ACTIVE
    lead.activated_on = lead_fields.past_day(store, "activated_on", on or store.today())
    _enter(session, store, lead, stage, on)


def move(session: "Session", store: "Store", lead: "Lead", stage_id: int) -> None:
    """Put an active lead into a stage. Raises NotFound, and InvalidInput for what it lacks or where it may not go."""
    stage = stage_for(session, stage_id)
    expect(lead, Status.ACTIVE, Text("“{title}” is not active, so it has no stage.", title=lead.title))
    if lead.stage_id != stage.id:
        _enter(session, store, lead, stage)


def _enter(session: "Session", store: "Store", lead: "Lead", stage: "Stage", on: date | None = None) -> None:
    if stage.retired_at is not None:
        raise InvalidInput(Text("“{stage}” takes no new leads.", stage=stage.name), field="stage")
    with session.no_autoflush:  # an active lead without a stage must not reach the database
        require(session, lead, stage)
    lead.stage_id = stage.id
    record_entry(session, store, lead, stage, on)


def close(session: "Session", store: "Store", lead: "Lead", ending: Ending) -> None:
    """Close an open lead. Raises InvalidInput for one that is closed, and for a day still to come."""
    if ending.outcome not in CLOSED:
        raise InvalidInput(Text("A lead is closed as won, lost or dropped."), field="outcome")
    expect_open(lead)
    day = lead_fields.past_day(store, "closed_on", ending.on or store.today())
    remark = lead_fields.long_text(ending.remark, "remark")
    found = named(session, "reason", ending.reason, store.clock.now(), outcome=ending.outcome)
    lead.status, lead.closed_on, lead.remark = ending.outcome, day, remark or lead.remark
    lead.reason_id = found.id if found else None


def come_back(session: "Session", store: "Store", lead: "Lead") -> None:
    """Give a closed lead the status it had. Where its stage went meanwhile it enters the one that took over.

    Of an imported one that was active nobody knows the stage: it comes back in the first.
    """
    from app.models.schema import Stage, StageEntry

    active = lead.activated_on is not None
    if active and lead.stage_id is None:
        lead.stage_id = stage_for(session, None).id
    lead.status = Status.ACTIVE if active else Status.POTENTIAL
    if active and not session.query(StageEntry).filter_by(lead_id=lead.id, stage_id=lead.stage_id).first():
        record_entry(session, store, lead, session.get_one(Stage, lead.stage_id))


def open_step(session: "Session", lead: "Lead", step_id: int | None = None) -> "Step | None":
    """The step that comes next, or the one of that id if it is still to be done."""
    from app.models.schema import Step

    still = select(Step).where(Step.lead_id == lead.id, Step.done_at.is_(None))
    if step_id is not None:
        still = still.where(Step.id == step_id)
    return session.scalars(still.order_by(Step.due_on, func.coalesce(Step.local_time, 1440), Step.id).limit(1)).first()


def expect_following(session: "Session", lead: "Lead") -> None:
    """Raise InvalidInput for a lead that is open and has nothing to be done next."""
    if lead.status not in CLOSED and open_step(session, lead) is None:
        raise InvalidInput(
            Text("What comes next for “{title}”?", title=lead.title),
            Text("In strict mode a finished step is followed by another one, or the lead is closed."),
            field="next_step",
        )


def replace_step(session: "Session", store: "Store", lead: "Lead", new: NextStep | None) -> None:
    """Change the step that comes next, add one where there is none, or remove it. Raises InvalidInput."""
    step = open_step(session, lead)
    if new is not None:
        expect_open(lead)
        put_step(session, store, lead, step, new)
    elif step is not None:
        session.delete(step)
    session.flush()  # what a stage requires is asked of the database


def put_step(session: "Session", store: "Store", lead: "Lead", step: "Step | None", new: NextStep) -> None:
    """Write what is to be done into this step, or into a new one. Raises InvalidInput."""
    from app.models.schema import Step

    if new.time is not None and not 0 <= new.time < 24 * 60:
        raise InvalidInput(Text("A time lies between 0:00 and 23:59."), field="next_step")
    words = one_line(lead_fields.long_text(new.text, "next_step"))
    if step is None:
        step = Step(lead_id=lead.id, user_id=lead.user_id)
        session.add(step)
    step.due_on, step.local_time, step.text = day_number(new.on), new.time, words
    step.zone = store.facts.time_zone if new.time is not None else None
    if new.rrule is not None:
        step.rrule = str(recurrence.parse(new.rrule, new.on)) if new.rrule else None


def finish(session: "Session", store: "Store", step: "Step", *, series: bool) -> None:
    """Tick a step off. Where it comes again the next one is put down, unless the `series` ends with this one."""
    from app.models.schema import Step

    step.done_at, step.done_by = store.clock.now(), store.actor_id
    session.flush()
    following = next_of(step, store.today()) if series else None
    if following is not None:
        kept = ("lead_id", "company_id", "user_id", "local_time", "zone", "text", "rrule")
        session.add(Step(due_on=day_number(following), **{name: getattr(step, name) for name in kept}))


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


def copy(session: "Session", store: "Store", lead: "Lead") -> "Lead":
    """A new lead with the fields and tags of this one, active where that has a stage, else an idea."""
    from app.models.schema import Lead

    kept = ("title", "company_id", "person_id", "user_id", "source_id", "amount_minor", "currency", "budget",
            "probability", "category", "period_first", "period_last", "info")  # fmt: skip
    made = Lead(
        **{name: getattr(lead, name) for name in kept},
        status=Status.POTENTIAL, remark="", created_at=store.clock.now(),
    )  # fmt: skip
    session.add(made)
    session.flush()
    lead_fields.set_tags(session, store, made, lead_fields.tags_of(session, lead))
    if lead.stage_id is not None:
        # what a stage asks for is asked of people; a copy is as good as what it was copied from
        stage = _usable_stage(session, lead.stage_id)
        made.status, made.stage_id, made.activated_on = Status.ACTIVE, stage.id, day_number(store.today())
        record_entry(session, store, made, stage)
    lead_fields.check(made)
    return made


def moved_period(lead: "Lead", first: int | None, seen: int | None, now: int) -> tuple[int, int] | None:
    """The service period a lead has after it was moved to the month `first` from the month `seen` (any)."""
    if first is None:
        return None
    if lead.period_first is None or lead.period_last is None:
        return first, first
    begin = max(lead.period_first, now) if lead.status == Status.ACTIVE else lead.period_first
    begin = first if seen is None else first + begin - seen
    return begin, begin + lead.period_last - lead.period_first


def words_for_moved(day: date | None, n: int, *, known: bool) -> tuple[Text, Plural]:
    """What moving periods is called, for one lead and for many; where the new day is `known` it is named."""
    if day is None:
        removed = Plural("Service period of {n} lead removed", "Service periods of {n} leads removed", n=n)
        return Text("Service period of “{title}” removed"), removed
    if not known:
        moved = Plural("Service period of {n} lead moved", "Service periods of {n} leads moved", n=n)
        return Text("Service period of “{title}” moved"), moved
    begins = Plural(
        "Service period of {n} lead begins on {day}", "Service periods of {n} leads begin on {day}", n=n, day=day
    )
    return Text("Service period of “{title}” begins on {day}", day=day), begins
