"""What a lead needs before it may enter a stage: filled fields, and points of a checklist that were seen to.

The gate is asked wherever a lead enters a stage, by a verb or by a row of a file, and names all that is missing.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sqlalchemy import Connection, select, text

from app.core.errors import InvalidInput, NotFound
from app.core.folding import sort_key
from app.core.i18n import N_, Text, tr
from app.core.parse.cleaning import one_line
from app.models.many import chunks, with_ids

if TYPE_CHECKING:
    from datetime import datetime

    from sqlalchemy.orm import Session

    from app.models.schema import Lead, Stage

#: What a stage can ask for before a lead may enter it: field name and its label.
REQUIRABLE = {
    "company": N_("Company"),
    "person": N_("Contact"),
    "responsible": N_("Responsible"),
    "volume": N_("Volume"),
    "period": N_("Service period"),
    "next_step": N_("Next step"),
    "source": N_("Source"),
}
_LONGEST_POINT = 300
_MOST_POINTS = 30


@dataclass(frozen=True, slots=True)
class CheckPoint:
    """A point of a stage's checklist; `done` if it was seen to for the lead that was asked about."""

    id: int
    text: str
    done: bool


@dataclass(frozen=True, slots=True)
class Gate:
    """What stands before the stage that comes next for a lead: names of empty fields (`REQUIRABLE`), the checklist."""

    stage_id: int
    stage: str
    missing: tuple[str, ...]
    points: tuple[CheckPoint, ...]

    @property
    def open(self) -> bool:
        """Whether the lead may enter."""
        return not self.missing and all(point.done for point in self.points)


def names_of(fields: Iterable[str], points: Iterable[str] = ()) -> str:
    """All that is missing, as one enumeration for people."""
    return ", ".join([*(tr(REQUIRABLE[name]) for name in fields), *points])


def require(session: "Session", leads: Sequence["Lead"], stage: "Stage") -> None:
    """What a stage asks for before leads may enter. Raises InvalidInput naming all that the first of them lacks.

    Steps and checklists are those that the database has; of the leads themselves nothing need be written yet.
    """
    names = [name for name in stage.required.split(",") if name]
    connection, ids = session.connection(), [lead.id for lead in leads]
    stepping = _with_steps(connection, ids) if "next_step" in names else frozenset()
    points = unchecked(connection, stage.id, ids)
    for lead in leads:
        lacking = lacking_of(names, lead, has_step=lead.id in stepping)
        if lacking or points.get(lead.id):
            raise InvalidInput(
                Text("“{title}” cannot enter “{stage}” yet.", title=lead.title, stage=stage.name),
                Text("Missing: {fields}.", fields=names_of(lacking, points.get(lead.id, ()))),
                field=lacking[0] if lacking else "stage",
            )


def _with_steps(connection: Connection, ids: Sequence[int]) -> frozenset[int]:
    """Those of these leads that have something to be done."""
    found = (connection.execute(_STEPPING, {"ids": chunk}).scalars() for chunk in chunks(ids))
    return frozenset(lead_id for rows in found for lead_id in rows)


def unchecked(connection: Connection, stage_id: int, ids: Sequence[int]) -> Mapping[int, tuple[str, ...]]:
    """By lead the points of a stage's checklist that were not seen to; nothing where there are no points."""
    points = {point.id: point.text for point in points_of(connection, stage_id, None)}
    if not points:
        return {}
    rows = (connection.execute(_SEEN_TO, {"ids": chunk}) for chunk in chunks(ids))
    done = {(row.lead_id, row.check_id) for found in rows for row in found}
    return {lead_id: tuple(words for point, words in points.items() if (lead_id, point) not in done) for lead_id in ids}


def lacking_of(names: Sequence[str], lead: Any, *, has_step: bool) -> list[str]:
    """Of these field names those in which `lead` (a row or an object with its columns) has nothing."""
    present = {
        "company": lead.company_id is not None,
        "person": lead.person_id is not None,
        "responsible": lead.user_id is not None,
        "volume": lead.amount_minor > 0,
        "period": lead.period_first is not None,
        "source": lead.source_id is not None,
        "next_step": has_step,
    }
    return [name for name in names if not present.get(name, True)]


def points_of(connection: Connection, stage_id: int, lead_id: int | None) -> list[CheckPoint]:
    """The checklist of a stage in its order, with what was seen to for a lead."""
    rows = connection.execute(_POINTS, {"stage": stage_id, "lead": lead_id})
    return [CheckPoint(row.id, row.text, bool(row.done)) for row in rows]


def checklists(connection: Connection) -> Mapping[int, tuple[str, ...]]:
    """The words of all checklists, by stage."""
    found: dict[int, list[str]] = {}
    for row in connection.execute(_ALL_POINTS):
        found.setdefault(row.stage_id, []).append(row.text)
    return {stage: tuple(points) for stage, points in found.items()}


def next_gate(connection: Connection, lead_id: int) -> Gate | None:
    """The gate before the stage that follows that of an active lead; None where nothing is asked for there."""
    row = connection.execute(_NEXT, {"lead": lead_id}).first()
    if row is None:
        return None
    names = [name for name in row.required.split(",") if name]
    lacking = lacking_of(names, row, has_step=row.next_step_id is not None)
    points = points_of(connection, row.stage_id, lead_id)
    return Gate(row.stage_id, row.stage, tuple(lacking), tuple(points)) if names or points else None


def set_checklist(session: "Session", stage: "Stage", lines: Iterable[str], now: "datetime") -> None:
    """Give a stage exactly these points. One that is worded anew in its place keeps what was seen to.

    Raises InvalidInput for one beyond all measure, or said twice.
    """
    from app.models.schema import StageCheck

    wanted = _checked(lines)
    session.flush()
    in_use = select(StageCheck).where(StageCheck.stage_id == stage.id, StageCheck.deleted_at.is_(None))
    present = list(session.scalars(in_use.order_by(StageCheck.position, StageCheck.id)))
    same = {point.text: point for point in present}
    taken = [same.get(line) for line in wanted]
    for place, point in enumerate(present):
        if point not in taken and place < len(wanted) and taken[place] is None:
            taken[place] = point
    for place, (line, known) in enumerate(zip(wanted, taken, strict=True)):
        point = known or StageCheck(stage_id=stage.id, text=line, position=place)
        point.text, point.position = line, place
        session.add(point)
    for point in present:
        if point not in taken:
            point.deleted_at = now


def _checked(lines: Iterable[str]) -> list[str]:
    wanted = [line for line in map(one_line, lines) if line]
    if len(wanted) > _MOST_POINTS or any(len(line) > _LONGEST_POINT for line in wanted):
        raise InvalidInput(
            Text("A checklist has at most {n} points of {length} characters.", n=_MOST_POINTS, length=_LONGEST_POINT),
            field="checklist",
        )
    if len({sort_key(line) for line in wanted}) < len(wanted):
        raise InvalidInput(Text("A point stands in the checklist twice."), field="checklist")
    return wanted


def check_off(session: "Session", lead: "Lead", point_id: int, done: bool, now: "datetime", by: int | None) -> None:
    """Note that a point was seen to for a lead, or that it was not after all. Raises NotFound for one that is gone."""
    from app.models.schema import LeadCheck, StageCheck

    point = session.get(StageCheck, point_id)
    if point is None or point.deleted_at is not None:
        raise NotFound(Text("This point of the checklist has been deleted in the meantime."))
    known = session.scalars(select(LeadCheck).filter_by(lead_id=lead.id, check_id=point_id)).first()
    if done and known is None:
        session.add(LeadCheck(lead_id=lead.id, check_id=point_id, done_at=now, done_by=by))
    elif not done and known is not None:
        session.delete(known)


_POINTS = text("""
SELECT stage_check.id, stage_check.text, lead_check.id IS NOT NULL AS done
FROM stage_check LEFT JOIN lead_check ON check_id = stage_check.id AND lead_id = :lead
WHERE stage_id = :stage AND stage_check.deleted_at IS NULL ORDER BY position, stage_check.id
""")
_STEPPING = with_ids("SELECT DISTINCT lead_id FROM step WHERE done_at IS NULL AND lead_id IN :ids")
_SEEN_TO = with_ids("SELECT lead_id, check_id FROM lead_check WHERE lead_id IN :ids")
_ALL_POINTS = text("SELECT stage_id, text FROM stage_check WHERE deleted_at IS NULL ORDER BY stage_id, position, id")
_NEXT = text("""
SELECT lead.company_id, lead.person_id, lead.user_id, lead.amount_minor, lead.period_first, lead.source_id,
  lead.next_step_id, later.id AS stage_id, later.name AS stage, later.required
FROM lead JOIN stage here ON here.id = lead.stage_id
JOIN stage later ON later.deleted_at IS NULL AND later.retired_at IS NULL AND
  (later.position, later.id) > (here.position, here.id)
WHERE lead.id = :lead AND lead.status = 'active' ORDER BY later.position, later.id LIMIT 1
""")
