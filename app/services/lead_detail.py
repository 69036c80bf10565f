"""One lead with all that hangs on it: what the detail panel and the lead's own window show."""

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any

from sqlalchemy import text

from app.core.calendar import day_of
from app.core.errors import NotFound
from app.core.i18n import Text
from app.core.recurrence import said
from app.services.history import Event, events_of
from app.services.lead_list import LeadList, LeadRow
from app.services.somebody import Somebody
from app.services.stage_gates import Gate, next_gate

if TYPE_CHECKING:
    from app.core.changes import ChangeSet
    from app.models.store import Store

__all__ = ["Event", "Involved", "LeadDetail", "LeadDetails", "StageProgress", "StepInfo"]


@dataclass(frozen=True, slots=True)
class StepInfo:
    """Something to be done. `time` is minutes after midnight; `user` is whom it falls to.

    `rrule` is how it comes again, "" if it does not.
    """

    id: int
    on: date
    time: int | None
    text: str
    user: str | None
    rrule: str = ""

    @property
    def again(self) -> Text | None:
        """How it comes again, in words; None if it does not, or by a rule that nobody understands here."""
        return said(self.rrule, self.on)


@dataclass(frozen=True, slots=True)
class StageProgress:
    """A stage as this lead met it: `entered_on` is the day it came there last, None if it never did."""

    stage_id: int
    name: str
    current: bool
    entered_on: date | None

    @property
    def entered(self) -> bool:
        """Whether the lead was ever there."""
        return self.entered_on is not None


@dataclass(frozen=True, slots=True)
class Involved:
    """Somebody who has a say in the lead beside its contact, as what ("" for nothing said)."""

    id: int
    name: str
    role: str


@dataclass(frozen=True)
class LeadDetail:
    """`row` is the lead as the lists show it; open steps the next first, events the newest first.

    `people` are those who have a say beside the contact, in their order; who is in the trash is not among them. `gate`
    is what the stage that comes next asks for, None where it asks for nothing. `step` is the step of the history after
    which all this was so.
    """

    row: LeadRow
    open_steps: tuple[StepInfo, ...]
    progress: tuple[StageProgress, ...]
    events: tuple[Event, ...]
    step: int
    gate: Gate | None = None
    people: tuple[Involved, ...] = ()

    @property
    def recommender(self) -> Somebody | None:
        """Who recommended us."""
        return self.row.recommender


class LeadDetails:
    """Reads single leads of a store."""

    def __init__(self, store: "Store") -> None:
        self._store = store
        self._lists = LeadList(store)
        self._told: tuple[ChangeSet | None, object] = (None, None)
        self._read: dict[int, LeadDetail] = {}

    def after(self, change: "ChangeSet", lead_id: int) -> LeadDetail:
        """As `get`, without events; who asks for the same lead after the same change is given the same."""
        told = change, self._store.rights.sight
        if self._told[0] is not change or self._told != told:
            self._told, self._read = told, {}
        if lead_id not in self._read:
            self._read[lead_id] = self.get(lead_id, events=0)
        return self._read[lead_id]

    def get(self, lead_id: int, *, events: int = 200) -> LeadDetail:
        """The lead of that id with its latest `events`. Raises NotFound for one that is gone or in the trash."""
        newest = self._store.newest()
        rows = self._lists.rows([lead_id])
        if not rows:
            raise NotFound(Text("A lead has been deleted in the meantime."))
        with self._store.read() as connection:
            steps = [_step(row) for row in connection.execute(_STEPS, {"lead": lead_id})]
            progress = [_progress(row) for row in connection.execute(_STAGES, {"lead": lead_id})]
            happened = events_of(connection, lead_id, events) if events else []
            gate = next_gate(connection, lead_id)
            people = [Involved(*row) for row in connection.execute(_PEOPLE, {"lead": lead_id})]
        return LeadDetail(
            rows[0],
            tuple(steps),
            tuple(progress),
            tuple(happened),
            newest,
            gate,
            tuple(people),
        )


def _step(row: Any) -> StepInfo:
    return StepInfo(row.id, day_of(row.due_on), row.local_time, row.text, row.user, row.rrule or "")


def _progress(row: Any) -> StageProgress:
    entered = None if row.entered_on is None else day_of(row.entered_on)
    return StageProgress(row.id, row.name, bool(row.current), entered)


_STEPS = text("""
SELECT step.id, due_on, local_time, text, rrule, member.name AS user
FROM step LEFT JOIN member ON member.id = step.user_id
WHERE lead_id = :lead AND done_at IS NULL
ORDER BY due_on, COALESCE(local_time, 1440), step.id
""")

# Stages that are no longer offered are shown to the leads that were there.
_STAGES = text("""
SELECT stage.id, stage.name, stage.id IS lead.stage_id AS current,
  (SELECT max(entered_on) FROM stage_entry WHERE lead_id = lead.id AND stage_id = stage.id) AS entered_on
FROM lead CROSS JOIN stage
WHERE lead.id = :lead AND (stage.deleted_at IS NULL AND stage.retired_at IS NULL OR stage.id IS lead.stage_id
  OR EXISTS (SELECT 1 FROM stage_entry WHERE lead_id = lead.id AND stage_id = stage.id))
ORDER BY stage.position, stage.id
""")

_PEOPLE = text("""
SELECT person.id, person.name, role FROM lead_person JOIN person ON person.id = person_id
WHERE lead_id = :lead ORDER BY position, lead_person.id
""")
