"""*Akquise-Stufen*: the steps of the funnel, their probabilities, and what a lead needs to enter one."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, TypedDict, Unpack

from sqlalchemy import func, select, text

from app.core.calendar import day_number
from app.core.errors import InvalidInput, NotFound
from app.core.folding import sort_key
from app.core.i18n import N_, Text, tr
from app.core.parse.cleaning import one_line
from app.core.roles import Act
from app.core.terms import CERTAIN, Category, Status, usual_category
from app.services import stage_gates
from app.services.stage_gates import REQUIRABLE

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from app.models.schema import Lead, Stage
    from app.models.store import Store

_COLOUR = re.compile("#[0-9A-Fa-f]{6}")

#: Name, half percents and idle days of the stages of a new store.
DEFAULTS = (
    (N_("First contact"), 2, 14),
    (N_("Presentation"), 20, 21),
    (N_("Offer"), 60, 21),
    (N_("Negotiation"), 120, 21),
    (N_("Verbal commitment"), 180, 30),
)


@dataclass(frozen=True)
class StageInfo:
    """A stage as it is shown. `probability` in half percents; `leads` counts the active leads in it where that was
    asked for (`counted`).

    `used` says whether any lead has it, a closed one or one in the trash included: then deleting it needs a target.
    `category` is what its leads count as in the forecast, unless somebody chose another for one of them.
    """

    id: int
    name: str
    probability: int
    position: int
    colour: str | None
    idle_days: int
    required: tuple[str, ...]
    retired: bool
    leads: int = 0
    used: bool = False
    checklist: tuple[str, ...] = ()
    category: Category = Category.PIPELINE


class StageFields(TypedDict, total=False):
    """What can be changed of a stage."""

    name: str
    probability: int
    colour: str | None
    idle_days: int
    required: Sequence[str]
    checklist: Sequence[str]
    retired: bool
    category: Category


def category_of(value: str) -> Category:
    """The category of that name. Raises InvalidInput for one there is not."""
    try:
        return Category(value)
    except ValueError:
        raise InvalidInput(Text("“{text}” is not a forecast category.", text=value[:30]), field="category") from None


def seed(session: "Session") -> None:
    """The stages of a new store, named in the language in use."""
    from app.models.schema import Stage

    for position, (name, probability, idle_days) in enumerate(DEFAULTS):
        category = usual_category(probability)
        session.add(
            Stage(name=tr(name), probability=probability, position=position, idle_days=idle_days, category=category)
        )


def record_entries(
    session: "Session", store: "Store", leads: "Sequence[Lead]", stage: "Stage", on: date | None = None
) -> None:
    """Store that leads entered a stage, now or on a day, each with the probability it has.

    Conversion and calibration rest on it.
    """
    from app.models.schema import StageEntry

    now = store.clock.now()
    day = day_number(on or store.day_of(now))
    session.flush()
    session.add_all(
        StageEntry(
            lead_id=lead.id, stage_id=stage.id, entered_at=now, entered_on=day,
            probability=stage.probability if lead.probability is None else lead.probability,
        )
        for lead in leads
    )  # fmt: skip


class Stages:
    """Reads and changes the stages of a store. Who may not change what all work with gets NotAllowed."""

    def __init__(self, store: "Store") -> None:
        self._store = store

    def all(self, *, retired: bool = True) -> list[StageInfo]:
        """All stages in their order, nothing counted; without the retired ones on request."""
        return [stage for stage in self._read("0 AS leads, FALSE AS used") if retired or not stage.retired]

    def counted(self) -> list[StageInfo]:
        """All stages, with their leads counted, which takes as long as there are leads."""
        return self._read(_COUNTS)

    def _read(self, counts: str) -> list[StageInfo]:
        with self._store.read() as connection:
            rows = connection.execute(text(_ALL.format(counts=counts))).all()
            checklists = stage_gates.checklists(connection)
        return [
            StageInfo(
                row.id, row.name, row.probability, row.position, row.colour, row.idle_days,
                tuple(filter(None, row.required.split(","))), row.retired_at is not None, row.leads, bool(row.used),
                checklists.get(row.id, ()),
                Category(row.category),
            )
            for row in rows
        ]  # fmt: skip

    def create(self, name: str, probability: int, *, idle_days: int = 21) -> int:
        """A new stage at the end of the funnel; returns its id. Raises InvalidInput for a bad or known name."""
        self._store.rights.demand(Act.LISTS)
        from app.models.schema import Stage

        with self._store.write(Text("Stage “{name}” created", name=name.strip())) as session:
            last = session.scalar(select(func.max(Stage.position)))  # a deleted one keeps its place
            position = 0 if last is None else last + 1
            category = usual_category(probability)
            stage = Stage(name="", probability=0, position=position, idle_days=0, required="", category=category)
            self._change(stage, {"name": name, "probability": probability, "idle_days": idle_days})
            session.add(stage)
            session.flush()
            return stage.id

    def edit(self, stage_id: int, **changes: Unpack[StageFields]) -> None:
        """Change a stage. A new probability weighs its leads anew. Raises InvalidInput, NotFound."""
        self._store.rights.demand(Act.LISTS)
        with self._store.write(Text("Stage “{name}” changed", name=self._name(stage_id))) as session:
            stage = _get(session, stage_id)
            self._change(stage, changes)
            if "checklist" in changes:
                stage_gates.set_checklist(session, stage, changes["checklist"], self._store.clock.now())

    def reorder(self, ids: Sequence[int]) -> None:
        """Put the stages into this order. Raises InvalidInput unless `ids` are all of them."""
        self._store.rights.demand(Act.LISTS)
        stages = self.all()
        if sorted(ids) != sorted(stage.id for stage in stages):
            raise InvalidInput(Text("The stages have changed in the meantime. Please try again."))
        places = [stage.position for stage in stages]  # dealt anew, so deleted stages stay between their neighbours
        with self._store.write(Text("Stages reordered")) as session:
            for place, stage_id in zip(places, ids, strict=True):
                _get(session, stage_id).position = place

    def delete(self, stage_id: int, target_id: int | None = None) -> None:
        """Delete a stage; its leads go to `target_id`. Raises InvalidInput if it is used and there is no target.

        What the history says of the stage stays, under its old name.
        """
        self._store.rights.demand(Act.LISTS)
        from app.models.schema import Lead

        name = self._name(stage_id)
        with self._store.write(Text("Stage “{name}” deleted", name=name)) as session:
            stage = _get(session, stage_id)
            leads = session.query(Lead).filter(Lead.stage_id == stage_id).all()
            if leads and target_id is None:
                raise InvalidInput(Text("“{name}” still has leads: choose the stage that takes them.", name=name))
            if len(self.all(retired=False)) <= 1 and not stage.retired_at:
                raise InvalidInput(Text("The funnel needs at least one stage."))
            if target_id is not None:
                target = _get(session, target_id)
                if target.id == stage.id or target.retired_at:
                    raise InvalidInput(Text("Choose another stage that is in use."), field="target")
                for lead in leads:
                    lead.stage_id = target.id
                running = [lead for lead in leads if lead.status == Status.ACTIVE]
                record_entries(session, self._store, running, target)  # a closed one enters it when it is opened again
            stage.deleted_at = self._store.clock.now()

    def _name(self, stage_id: int) -> str:
        found = next((stage.name for stage in self.all() if stage.id == stage_id), None)
        if found is None:
            raise _gone()
        return found

    def _change(self, stage: "Stage", changes: StageFields) -> None:
        if "name" in changes:
            stage.name = self._checked_name(changes["name"], stage.id)
        _change_numbers(stage, changes)
        if "colour" in changes:
            colour = changes["colour"]
            if colour is not None and not _COLOUR.fullmatch(colour):
                raise InvalidInput(Text("A colour is written as #RRGGBB."), field="colour")
            stage.colour = colour
        if "required" in changes:
            stage.required = ",".join(name for name in REQUIRABLE if name in changes["required"])
        if "category" in changes:
            stage.category = category_of(changes["category"])
        if "retired" in changes:
            self._retire(stage, changes["retired"])

    def _retire(self, stage: "Stage", retired: bool) -> None:
        others = [other for other in self.all(retired=False) if other.id != stage.id]
        if retired and not others:
            raise InvalidInput(Text("The funnel needs at least one stage."))
        stage.retired_at = self._store.clock.now() if retired else None

    def _checked_name(self, name: str, stage_id: int | None) -> str:
        name = one_line(name)
        if not name or len(name) > 100:
            raise InvalidInput(Text("A stage needs a name of at most 100 characters."), field="name")
        if any(sort_key(stage.name) == sort_key(name) and stage.id != stage_id for stage in self.all()):
            raise InvalidInput(Text("There already is a stage “{name}”.", name=name), field="name")
        return name


def _change_numbers(stage: "Stage", changes: StageFields) -> None:
    if "probability" in changes:
        if not 0 <= changes["probability"] <= CERTAIN:
            raise InvalidInput(Text("A probability lies between 0 and 100%."), field="probability")
        stage.probability = changes["probability"]
    if "idle_days" in changes:
        if not 0 <= changes["idle_days"] <= 3650:
            raise InvalidInput(Text("Idle days lie between 0 and 3650."), field="idle_days")
        stage.idle_days = changes["idle_days"]


_ALL = "SELECT stage.*, {counts} FROM stage WHERE deleted_at IS NULL ORDER BY position, id"
_COUNTS = """
(SELECT count(*) FROM lead WHERE lead.stage_id = stage.id AND lead.status = 'active') AS leads,
  EXISTS (SELECT 1 FROM lead WHERE lead.stage_id = stage.id)
  OR EXISTS (SELECT 1 FROM trashed_lead WHERE trashed_lead.stage_id = stage.id) AS used
"""


def _get(session: "Session", stage_id: int) -> "Stage":
    from app.models.schema import Stage

    stage = session.get(Stage, stage_id)
    if stage is None or stage.deleted_at is not None:
        raise _gone()
    return stage


def _gone() -> NotFound:
    return NotFound(Text("This stage has been deleted in the meantime."), Text("Choose another one."), field="stage")
