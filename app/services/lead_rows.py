"""What the verbs do with leads inside their write: the stage they are in, their steps, copies of them.

Each holds for all of the leads at once: lead by lead, stages, tags and steps would cost a few statements each.
"""

from collections.abc import Sequence
from datetime import date
from typing import TYPE_CHECKING

from sqlalchemy import select

from app.core.calendar import day_number
from app.core.errors import InvalidInput, NotFound
from app.core.i18n import Plural, Text
from app.core.roles import Act
from app.core.terms import CLOSED, Entity, Status
from app.models.guard import rights_in
from app.models.many import chunks
from app.services import affiliations, lead_fields, own_values, steps
from app.services.catalogue import named
from app.services.lead_fields import Ending, NextStep
from app.services.stage_gates import require
from app.services.stages import record_entries

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from app.models.schema import Lead, Stage
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


def activate(
    session: "Session", store: "Store", leads: Sequence["Lead"], stage_id: int | None, on: date | None
) -> None:
    """Make leads active in a stage (the first), since a day (today). Raises as `move` does."""
    stage = stage_for(session, stage_id)
    day = lead_fields.past_day(store, "activated_on", on or store.today())
    for lead in leads:
        lead.status, lead.activated_on = Status.ACTIVE, day
    _enter(session, store, leads, stage, on)


def move(session: "Session", store: "Store", leads: Sequence["Lead"], stage_id: int) -> None:
    """Put active leads into a stage. Raises NotFound, and InvalidInput for what one lacks or where it may not go."""
    stage = stage_for(session, stage_id)
    for lead in leads:
        expect(lead, Status.ACTIVE, Text("“{title}” is not active, so it has no stage.", title=lead.title))
    moving = [lead for lead in leads if lead.stage_id != stage.id]
    if moving:
        _enter(session, store, moving, stage)


def _enter(session: "Session", store: "Store", leads: Sequence["Lead"], stage: "Stage", on: date | None = None) -> None:
    if stage.retired_at is not None:
        raise InvalidInput(Text("“{stage}” takes no new leads.", stage=stage.name), field="stage")
    with session.no_autoflush:  # an active lead without a stage must not reach the database
        require(session, leads, stage)
    for lead in leads:
        lead.stage_id = stage.id
    record_entries(session, store, leads, stage, on)


def close(session: "Session", store: "Store", leads: Sequence["Lead"], ending: Ending) -> None:
    """Close open leads. Raises InvalidInput for one that is closed, and for a day still to come."""
    if ending.outcome not in CLOSED:
        raise InvalidInput(Text("A lead is closed as won, lost or dropped."), field="outcome")
    for lead in leads:
        expect_open(lead)
    day = lead_fields.past_day(store, "closed_on", ending.on or store.today())
    remark = lead_fields.long_text(ending.remark, "remark")
    found = named(session, "reason", ending.reason, store.clock.now(), outcome=ending.outcome)
    for lead in leads:
        lead.status, lead.closed_on, lead.remark = ending.outcome, day, remark or lead.remark
        lead.reason_id = found.id if found else None


def come_back(session: "Session", store: "Store", leads: Sequence["Lead"]) -> None:
    """Give closed leads the status they had. Where its stage went meanwhile, one enters the stage that took over.

    Of an imported one that was active nobody knows the stage: it comes back in the first.
    """
    from app.models.schema import Stage

    active = [lead for lead in leads if lead.activated_on is not None]
    if stray := [lead for lead in active if lead.stage_id is None]:
        first = stage_for(session, None)
        for lead in stray:
            lead.stage_id = first.id
    for lead in leads:
        lead.status = Status.ACTIVE if lead.activated_on is not None else Status.POTENTIAL
    been = _entered(session, active)
    strange = [lead for lead in active if (lead.id, lead.stage_id) not in been]
    for stage_id in dict.fromkeys(lead.stage_id for lead in strange):
        entering = [lead for lead in strange if lead.stage_id == stage_id]
        record_entries(session, store, entering, session.get_one(Stage, stage_id))


def _entered(session: "Session", leads: Sequence["Lead"]) -> set[tuple[int, int]]:
    """The leads with the stages they ever entered."""
    from app.models.schema import StageEntry

    found: set[tuple[int, int]] = set()
    for chunk in chunks([lead.id for lead in leads]):
        entries = select(StageEntry.lead_id, StageEntry.stage_id).where(StageEntry.lead_id.in_(chunk))
        found.update((lead_id, stage_id) for lead_id, stage_id in session.execute(entries))
    return found


def expect_following(session: "Session", leads: Sequence["Lead"]) -> None:
    """Raise InvalidInput for a lead that is open and has nothing to be done next."""
    running = [lead for lead in leads if lead.status not in CLOSED]
    following = steps.open_of(session, running)
    for lead in running:
        if lead.id not in following:
            raise InvalidInput(
                Text("What comes next for “{title}”?", title=lead.title),
                Text("In strict mode a finished step is followed by another one, or the lead is closed."),
                field="next_step",
            )


def replace_steps(session: "Session", store: "Store", wanted: Sequence[tuple["Lead", NextStep | None]]) -> None:
    """As `steps.replace`, for leads that are open. Raises InvalidInput."""
    for lead, new in wanted:
        if new is not None:
            expect_open(lead)
    steps.replace(session, store, wanted)


def copies(session: "Session", store: "Store", leads: Sequence["Lead"]) -> list["Lead"]:
    """New leads with the fields, own ones too, tags and people of these, active where one has a stage, else ideas.

    Who may not make leads for others makes them for himself.
    """
    from app.models.schema import Lead

    given = rights_in(session).may(Act.ASSIGN)
    kept = ("title", "company_id", "person_id", "source_id", "recommender_company_id",
            "recommender_person_id", "amount_minor", "currency", "budget", "probability", "category", "period_first",
            "period_last", "info")  # fmt: skip
    made = [
        Lead(
            **{name: getattr(lead, name) for name in kept}, user_id=lead.user_id if given else store.actor_id,
            status=Status.POTENTIAL, remark="", created_at=store.clock.now(),
        )
        for lead in leads
    ]  # fmt: skip
    session.add_all(made)
    session.flush()
    tags = lead_fields.tags_of(session, leads)
    lead_fields.set_tags(session, store, [(new, tags[lead.id]) for lead, new in zip(leads, made, strict=True)])
    pairs = [(lead.id, new.id) for lead, new in zip(leads, made, strict=True)]
    own_values.copy(session, Entity.LEAD, pairs)
    affiliations.copy_people(session, pairs)
    for stage_id in dict.fromkeys(lead.stage_id for lead in leads if lead.stage_id is not None):
        # what a stage asks for is asked of people; a copy is as good as what it was copied from
        stage = _usable_stage(session, stage_id)
        entering = [new for lead, new in zip(leads, made, strict=True) if lead.stage_id == stage_id]
        for new in entering:
            new.status, new.stage_id, new.activated_on = Status.ACTIVE, stage.id, day_number(store.today())
        record_entries(session, store, entering, stage)
    for new in made:
        lead_fields.check(new)
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
