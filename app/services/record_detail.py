"""One company or person with all that hangs on it: what the panel and the window of a record show.

However much that is, it is read in a constant number of statements.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

from sqlalchemy import Connection, text

from app.core.calendar import day_of
from app.core.errors import NotFound
from app.core.i18n import Text
from app.core.place import Place
from app.core.terms import CompanyKind, Entity, Size, Status
from app.models.history_terms import NEWEST
from app.models.types import instant_of
from app.services.contents import bytes_of
from app.services.day_notices import next_on
from app.services.last_contact import last_contact, tomorrow
from app.services.lead_detail import StepInfo
from app.services.own_values import VALUES, OwnValues, read_values
from app.services.reach import Point
from app.services.recommenders import Recommendations
from app.services.rhythm import OverdueRhythms, Rhythm, Rhythms, latest_of, rhythm_of

if TYPE_CHECKING:
    from app.core.changes import ChangeSet
    from app.models.store import Store

#: Leads and recommendations that are listed; sums are over all of them.
_LISTED = 200
_STEPS_LISTED = 20


@dataclass(frozen=True, slots=True)
class Related:
    """Somebody who works at a company, or a company somebody works for, as what; with the main ways to reach them."""

    id: int
    name: str
    role: str
    phone: str = ""
    mail: str = ""


@dataclass(frozen=True, slots=True)
class LeadLine:
    """A lead of a record. `role` is what a person is in the deal, "" for its contact. Volumes are in minor units of the
    base currency, None without a rate.
    """

    id: int
    title: str
    status: Status
    stage: str | None
    stage_id: int | None
    total: int | None
    weighted: int | None
    closed_on: date | None
    next_step_on: date | None
    role: str = ""


@dataclass(frozen=True, slots=True)
class StateSum:
    """What the leads of a record in one state come to; `without_rate` of them are in no sum."""

    status: Status
    count: int
    volume: int
    weighted: int
    without_rate: int


@dataclass(frozen=True, slots=True)
class OpenStep(StepInfo):
    """Something to be done about a record (then it has no lead) or one of its leads."""

    lead_id: int | None = None
    lead: str = ""


@dataclass(frozen=True)
class ComingDay:
    """A date that reminds: when it comes next, the day of the reminder, and its field ("" for the birthday)."""

    on: date
    reminds_on: date
    field: str


@dataclass(frozen=True)
class RecordDetail:
    """What is known of companies and people alike.

    `leads` in all states, those that run first; `steps` and `days` the next one first. `own_target` and `own_latest`
    are the rhythm of the record itself, `rhythm` the one in effect. `last_on` is the last contact. `own` has the values
    of own fields by their ids. `step` is the step of the history after which all this was so.
    """

    id: int
    name: str
    phones: tuple[Point, ...]
    mails: tuple[Point, ...]
    webs: tuple[Point, ...]
    addresses: tuple[Place, ...]
    related: tuple[Related, ...]
    user_id: int | None
    user: str | None
    tags: tuple[str, ...]
    info: str
    archived: bool
    own_target: int | None
    own_latest: int | None
    rhythm: Rhythm | None
    last_on: date | None
    created_on: date
    leads: tuple[LeadLine, ...]
    sums: tuple[StateSum, ...]
    recommended: tuple[LeadLine, ...]
    recommendations: Recommendations
    steps: tuple[OpenStep, ...]
    days: tuple[ComingDay, ...]
    own: OwnValues
    step: int


@dataclass(frozen=True)
class CompanyDetail(RecordDetail):
    """A company; `related` are its people."""

    number: str = ""
    kinds: tuple[CompanyKind, ...] = ()
    industry: str = ""
    size: Size | None = None


@dataclass(frozen=True)
class PersonDetail(RecordDetail):
    """A person; `related` are the companies he or she works for. A birthday in 1604 is one without a year. `photo_id`
    is the content of the photo, None without one.
    """

    salutation: str = ""
    prefix: str = ""
    given: str = ""
    family: str = ""
    birthday: date | None = None
    photo_id: int | None = None


class RecordDetails:
    """Reads single companies and people of a store."""

    def __init__(self, store: "Store") -> None:
        self._store = store
        self._told: tuple[ChangeSet | None, object] = (None, None)
        self._read: dict[tuple[Entity, int], RecordDetail] = {}

    def company(self, company_id: int) -> CompanyDetail:
        """The company of that id. Raises NotFound for one that is gone or in the trash."""
        with self._store.read() as connection:
            row = connection.execute(_COMPANY, {"id": company_id}).first()
            if row is None:
                raise NotFound(Text("A company has been deleted in the meantime."))
            common = self._common(connection, Entity.COMPANY, row)
        kinds = tuple(kind for kind in CompanyKind if getattr(row, f"is_{kind}"))
        size = Size(row.size) if row.size in set(Size) else None
        return CompanyDetail(**common, number=row.number or "", kinds=kinds, industry=row.industry, size=size)

    def person(self, person_id: int) -> PersonDetail:
        """The person of that id. Raises NotFound for one that is gone or in the trash."""
        with self._store.read() as connection:
            row = connection.execute(_PERSON, {"id": person_id}).first()
            if row is None:
                raise NotFound(Text("A person has been deleted in the meantime."))
            common = self._common(connection, Entity.PERSON, row)
        birthday = None if row.birthday is None else day_of(row.birthday)
        return PersonDetail(
            **common, salutation=row.salutation, prefix=row.prefix, given=row.given, family=row.family,
            birthday=birthday, photo_id=row.photo_id,
        )  # fmt: skip

    def photo(self, content_id: int) -> bytes:
        """The bytes of a photo. Raises NotFound, Damaged."""
        return bytes_of(self._store, content_id)

    def after(self, change: "ChangeSet", entity: Entity, record_id: int) -> RecordDetail:
        """Who asks for the same record after the same change is given the same. Raises NotFound."""
        told = change, self._store.rights.sight
        if self._told[0] is not change or self._told != told:
            self._told, self._read = told, {}
        key = (entity, record_id)
        if key not in self._read:
            self._read[key] = self.get(entity, record_id)
        return self._read[key]

    def get(self, entity: Entity, record_id: int) -> RecordDetail:
        """A company or a person. Raises NotFound."""
        return self.company(record_id) if entity == Entity.COMPANY else self.person(record_id)

    def overdue_rhythms(self, today: date | None = None, user_id: int | None = None) -> OverdueRhythms:
        """Companies and people whom it is time to get in touch with, of one person or of all, the worst first."""
        return Rhythms(self._store).overdue(today, user_id)

    def _common(self, connection: Connection, entity: Entity, row: Any) -> dict[str, Any]:
        asked = {"id": row.id}
        points: dict[str, list[Point]] = {"phone": [], "mail": [], "web": []}
        for point in connection.execute(_POINTS[entity], asked):
            points[point.kind].append(Point(point.label, point.value))
        tags = connection.execute(_TAGS[entity], asked).all()
        target, latest, tag = row.touch_target, row.touch_latest, ""
        timed = [(each.touch_target, each.touch_latest, each.name) for each in tags if each.touch_target is not None]
        if target is None and timed:
            target, latest, tag = min(timed, key=lambda each: (each[0], latest_of(each[0], each[1])))
        today = self._store.today()
        until = tomorrow(today, self._store.zone)
        last = connection.execute(_LAST[entity], asked | {"tomorrow": until}).scalar()
        recommended = connection.execute(_RECOMMENDED[entity], asked).all()
        what = connection.execute(_RECOMMENDATIONS[entity], asked).one()
        return {
            "id": row.id, "name": row.name,
            "phones": tuple(points["phone"]), "mails": tuple(points["mail"]), "webs": tuple(points["web"]),
            "addresses": tuple(Place(*place) for place in connection.execute(_PLACES[entity], asked)),
            "related": tuple(Related(*each) for each in connection.execute(_RELATED[entity], asked)),
            "user_id": row.user_id, "user": row.user, "tags": tuple(each.name for each in tags), "info": row.info,
            "archived": row.archived_at is not None, "own_target": row.touch_target, "own_latest": row.touch_latest,
            "rhythm": rhythm_of(self._store, target, latest, tag, last, row.created_at),
            "last_on": None if last is None else self._store.day_of(instant_of(last)),
            "created_on": self._store.day_of(instant_of(row.created_at)),
            "leads": _lines(connection.execute(_LEADS[entity], asked).all()),
            "sums": tuple(
                StateSum(Status(each[0]), *each[1:]) for each in connection.execute(_SUMS[entity], asked)
            ),
            "recommended": _lines(recommended), "recommendations": Recommendations(*what),
            "steps": tuple(_step(each) for each in connection.execute(_STEPS[entity], asked)),
            "days": () if row.archived_at is not None else _coming(connection.execute(_DAYS[entity], asked), today),
            "own": read_values(row.own_values), "step": connection.execute(text(NEWEST)).scalar_one(),
        }  # fmt: skip


def _lines(rows: Sequence[Any]) -> tuple[LeadLine, ...]:
    return tuple(
        LeadLine(
            row.id, row.title, Status(row.status), row.stage, row.stage_id, row.total_base, row.weighted_base,
            _day(row.closed_on), _day(row.next_step_on), row.role,
        )
        for row in rows
    )  # fmt: skip


def _step(row: Any) -> OpenStep:
    return OpenStep(
        row.id, day_of(row.due_on), row.local_time, row.text, row.user, row.rrule or "", row.lead_id, row.title or ""
    )


def _coming(rows: Iterable[Any], today: date) -> tuple[ComingDay, ...]:
    found = []
    for row in rows:
        on = next_on(day_of(row.day), row.yearly, today)
        if on is not None:
            found.append(ComingDay(on, on - timedelta(days=row.ahead), row.field))
    return tuple(sorted(found, key=lambda day: (day.on, day.field)))


def _day(number: int | None) -> date | None:
    return None if number is None else day_of(number)


def _each(statement: str, **parts: Mapping[Entity, str]) -> dict[Entity, Any]:
    """The statement for companies and for people; `{e}` is the name of the kind."""
    return {
        entity: text(statement.format(e=entity, **{name: part[entity] for name, part in parts.items()}))
        for entity in (Entity.COMPANY, Entity.PERSON)
    }


def _record(entity: Entity) -> Any:
    own = VALUES.format(owner=entity)
    of_member = f"LEFT JOIN member ON member.id = {entity}.user_id WHERE {entity}.id = :id"
    return text(f"SELECT {entity}.*, member.name AS user, {own} AS own_values FROM {entity} {of_member}")


_COMPANY, _PERSON = _record(Entity.COMPANY), _record(Entity.PERSON)

_POINTS = _each("SELECT kind, label, value FROM contact_point WHERE {e}_id = :id ORDER BY kind, position, id")
_PLACES = _each("""
SELECT label, street, extra, postcode, city, region, country FROM address WHERE {e}_id = :id ORDER BY position, id
""")
_TAGS = _each("""
SELECT tag.name, CASE WHEN tag.deleted_at IS NULL THEN tag.touch_target END AS touch_target, tag.touch_latest
FROM {e}_tag link JOIN tag ON tag.id = link.tag_id WHERE link.{e}_id = :id ORDER BY tag.sort_key, tag.id
""")
_KINDS = (Entity.COMPANY, Entity.PERSON)
_LAST = {entity: text(f"SELECT {last_contact(entity, ':id')}") for entity in _KINDS}

_MAIN = """
COALESCE((SELECT value FROM contact_point WHERE {other}_id = other.id AND kind = '{kind}'
  ORDER BY position, id LIMIT 1), '')
"""


def _related(entity: Entity, other: Entity, order: str) -> str:
    phone, mail = (_MAIN.format(other=other, kind=kind) for kind in ("phone", "mail"))
    return f"""
SELECT other.id, other.name, link.role, {phone}, {mail}
FROM company_person link JOIN {other} other ON other.id = link.{other}_id
WHERE link.{entity}_id = :id ORDER BY {order}, other.sort_key, other.id
"""


_RELATED = {
    Entity.COMPANY: text(_related(Entity.COMPANY, Entity.PERSON, "link.role = ''")),
    Entity.PERSON: text(_related(Entity.PERSON, Entity.COMPANY, "link.position")),
}

_LINE = """
SELECT lead.id, lead.title, lead.status, stage.name AS stage, lead.stage_id, lead.total_base, lead.weighted_base,
  lead.closed_on, lead.next_step_on, {role} AS role
FROM lead LEFT JOIN stage ON stage.id = lead.stage_id
"""
_ORDER = f"""
ORDER BY CASE lead.status WHEN 'active' THEN 0 WHEN 'potential' THEN 1 ELSE 2 END, lead.closed_on DESC,
  lead.weighted_base DESC, lead.id DESC LIMIT {_LISTED}
"""
_DEAL = "(SELECT role FROM lead_person WHERE lead_id = lead.id AND person_id = :id)"
_WITHOUT_ROLE, _IN_ROLE = _LINE.format(role="''"), _LINE.format(role=f"COALESCE({_DEAL}, '')")
#: Which leads are a record's own.
_OWN = {
    Entity.COMPANY: "lead.company_id = :id",
    Entity.PERSON: "(lead.person_id = :id OR lead.id IN (SELECT lead_id FROM lead_person WHERE person_id = :id))",
}
_LEADS = {
    Entity.COMPANY: text(f"{_WITHOUT_ROLE} WHERE {_OWN[Entity.COMPANY]} {_ORDER}"),
    Entity.PERSON: text(f"{_IN_ROLE} WHERE {_OWN[Entity.PERSON]} {_ORDER}"),
}
_SUMS = _each("""
SELECT status, count(*), COALESCE(sum(total_base), 0), COALESCE(sum(weighted_base), 0),
  count(*) FILTER (WHERE total_base IS NULL)
FROM lead WHERE {own} GROUP BY status ORDER BY
  CASE status WHEN 'active' THEN 0 WHEN 'potential' THEN 1 WHEN 'won' THEN 2 WHEN 'lost' THEN 3 ELSE 4 END
""", own=_OWN)  # fmt: skip
_RECOMMENDED = {entity: text(f"{_WITHOUT_ROLE} WHERE lead.recommender_{entity}_id = :id {_ORDER}") for entity in _KINDS}
_RECOMMENDATIONS = _each("""
SELECT count(*), count(*) FILTER (WHERE status = 'won'), COALESCE(sum(total_base) FILTER (WHERE status = 'won'), 0),
  COALESCE(sum(total_base) FILTER (WHERE status IN ('active', 'potential')), 0)
FROM lead WHERE recommender_{e}_id = :id
""")
_BIRTHDAY = {
    Entity.COMPANY: "",
    Entity.PERSON: """
UNION ALL SELECT '', person.birthday, TRUE, field.notify_days FROM field JOIN person ON person.id = :id
WHERE person.birthday IS NOT NULL AND field.kind = 'birthday' AND field.notify AND field.deleted_at IS NULL""",
}
_DAYS = _each(
    """
SELECT field.name AS field, own.day, field.yearly, field.notify_days AS ahead
FROM field_value own JOIN field ON field.id = own.field_id
WHERE own.{e}_id = :id AND own.day IS NOT NULL AND field.kind = 'day' AND field.notify AND field.deleted_at IS NULL
{birthday}
""",
    birthday=_BIRTHDAY,
)
_STEPS_OWN = {Entity.COMPANY: "step.company_id = :id OR", Entity.PERSON: ""}
_STEPS = _each(f"""
SELECT step.id, step.due_on, step.local_time, step.text, member.name AS user, step.rrule, step.lead_id,
  lead.title
FROM step LEFT JOIN lead ON lead.id = step.lead_id LEFT JOIN member ON member.id = step.user_id
WHERE step.done_at IS NULL AND ({{mine}} step.lead_id IN (SELECT lead.id FROM lead WHERE {{own}}
  AND lead.status IN ('active', 'potential')))
ORDER BY step.due_on, COALESCE(step.local_time, 1440), step.id LIMIT {_STEPS_LISTED}
""", mine=_STEPS_OWN, own=_OWN)  # fmt: skip
