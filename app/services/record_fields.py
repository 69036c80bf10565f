"""The fields that companies and people have in common: how each is set, and what must hold."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any, TypedDict

from sqlalchemy import select

from app.core.errors import InvalidInput
from app.core.i18n import N_, Text
from app.core.parse.cleaning import one_line, printable
from app.core.place import Place
from app.core.roles import Act
from app.core.terms import Entity
from app.models.guard import rights_in
from app.models.many import chunks
from app.services.catalogue import named
from app.services.own_values import OwnValues, set_values
from app.services.reach import Owner, Point, PointKind, set_places, set_points
from app.services.rhythm import LONGEST_RHYTHM, check_rhythm

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from app.models.store import Store

_LONGEST_TEXT = 100_000
#: A company or a person, as the ORM has it.
Record = Any
Setter = Callable[["Session", "Store", Sequence[Record], Any], None]


class RecordFields(TypedDict, total=False):
    """What can be given of a company and of a person.

    Tags are named, and made if unknown. Numbers, addresses and pages are given all together, the main one first. A
    keep-in-touch rhythm is `touch_target` days; after `touch_latest` days it is too late (None: twice the target).
    `own` are values of own fields by their ids; those not named stay.
    """

    phones: Iterable[Point]
    mails: Iterable[Point]
    webs: Iterable[Point]
    addresses: Iterable[Place]
    user_id: int | None
    tags: Iterable[str]
    info: str
    touch_target: int | None
    touch_latest: int | None
    own: OwnValues


LABELS: Mapping[str, str] = {
    "phones": N_("Telephone"),
    "mails": N_("E-mail"),
    "webs": N_("Web"),
    "addresses": N_("Addresses"),
    "user_id": N_("Responsible"),
    "tags": N_("Tags"),
    "info": N_("Info"),
    "touch_target": N_("Keep in touch every"),
    "touch_latest": N_("At the latest after"),
    "own": N_("Own fields"),
}


def words(labels: Mapping[str, str], fields: Iterable[str], own: Sequence[str] = ()) -> Text:
    """The labels of one or more fields, as one text that is translated when shown; `own` are names of own fields."""
    parts: list[Text | str] = [Text(labels[name]) for name in fields if name != "own" or not own]
    parts += own
    first, *others = parts
    shown = first if isinstance(first, Text) else Text("{first}", first=first)
    for part in others:
        shown = Text("{first}, {next}", first=shown, next=part)
    return shown


def put(records: Iterable[Record], **columns: Any) -> None:
    """Set columns of all of them."""
    for record in records:
        for name, value in columns.items():
            setattr(record, name, value)


def line(value: str | None, field: str, longest: int) -> str:
    """One line of text as it is kept. Raises InvalidInput naming the field for one that is too long."""
    kept = one_line(value or "")
    if len(kept) > longest:
        raise InvalidInput(Text("“{name}…” is too long.", name=kept[:30]), field=field)
    return kept


def setters(owner: Owner) -> dict[str, Setter]:
    """How each of the common fields of such a record is set."""
    return {
        "phones": _points(owner, "phone"),
        "mails": _points(owner, "mail"),
        "webs": _points(owner, "web"),
        "addresses": _places(owner),
        "user_id": _set_user,
        "tags": _tags(owner),
        "info": _set_info,
        "touch_target": _days("touch_target"),
        "touch_latest": _days("touch_latest"),
        "own": _own(owner),
    }


def check(record: Record) -> None:
    """What must hold for a record as a whole. Raises InvalidInput naming the field."""
    check_rhythm(record.touch_target, record.touch_latest)


def _points(owner: Owner, kind: PointKind) -> Setter:
    def set_them(session: "Session", store: "Store", records: Sequence[Record], value: Iterable[Point]) -> None:
        set_points(session, owner, [record.id for record in records], kind, value, store.facts.country)

    return set_them


def _own(owner: Owner) -> Setter:
    def set_them(session: "Session", store: "Store", records: Sequence[Record], value: OwnValues) -> None:
        set_values(session, Entity(owner), [record.id for record in records], value)

    return set_them


def _places(owner: Owner) -> Setter:
    def set_them(session: "Session", store: "Store", records: Sequence[Record], value: Iterable[Place]) -> None:
        set_places(session, owner, [record.id for record in records], value)

    return set_them


def _tags(owner: Owner) -> Setter:
    def set_them(session: "Session", store: "Store", records: Sequence[Record], value: Iterable[str]) -> None:
        names = tuple(value)
        set_tags(session, store, owner, [(record, names) for record in records])

    return set_them


def _days(field: str) -> Setter:
    def set_them(session: "Session", store: "Store", records: Sequence[Record], value: int | None) -> None:
        if value is not None and not 1 <= value <= LONGEST_RHYTHM:
            raise InvalidInput(Text("A rhythm is 1 to {n} days.", n=LONGEST_RHYTHM), field=field)
        put(records, **{field: value})

    return set_them


def _set_user(session: "Session", store: "Store", records: Sequence[Record], value: int | None) -> None:
    from app.models.schema import User

    with session.no_autoflush:  # the records may be half changed
        user = None if value is None else session.get(User, value)
    if value is not None and (user is None or user.deleted_at is not None):
        raise InvalidInput(Text("This person has been deleted in the meantime."), field="user_id")
    owned = {record.id: record.user_id for record in records if record.id is not None and record.user_id != value}
    if owned or value not in (None, store.actor_id):
        rights_in(session).demand(Act.ASSIGN, "user_id")
    if owned and records[0].__tablename__ == "company":
        hand_over(session, owned, "company_id", value)
    put(records, user_id=value)


def hand_over(session: "Session", before: dict[int, int | None], owner: str, user_id: int | None) -> None:
    """What whoever was responsible `before` had still to do is for the next one; what others do there stays theirs.

    `owner` is the column by which steps refer to the records.
    """
    from app.models.schema import Step

    with session.no_autoflush:  # the records may be half changed
        for chunk in chunks(list(before)):
            for step in session.scalars(select(Step).where(getattr(Step, owner).in_(chunk), Step.done_at.is_(None))):
                if step.user_id == before[getattr(step, owner)]:
                    step.user_id = user_id


def _set_info(session: "Session", store: "Store", records: Sequence[Record], value: str) -> None:
    if len(value) > _LONGEST_TEXT:
        raise InvalidInput(Text("This text is too long."), field="info")
    put(records, info=printable(value))


def set_tags(session: "Session", store: "Store", owner: Owner, wanted: Sequence[tuple[Record, Sequence[str]]]) -> None:
    """Give each record exactly its tags; unknown ones are made, repeated ones count once."""
    link, column = _link(owner)
    now = store.clock.now()
    by_record = {
        record.id: {tag.id for name in names if (tag := named(session, "tag", name, now)) is not None}
        for record, names in wanted
    }
    for chunk in chunks(list(by_record)):
        present: dict[int, dict[int, Any]] = {}
        for row in session.scalars(select(link).where(getattr(link, column).in_(chunk))):
            present.setdefault(getattr(row, column), {})[row.tag_id] = row
        for record_id in chunk:
            there = present.get(record_id, {})
            for tag_id in there.keys() - by_record[record_id]:
                session.delete(there[tag_id])
            added = sorted(by_record[record_id] - there.keys())
            session.add_all(link(**{column: record_id}, tag_id=tag_id) for tag_id in added)


def tags_of(session: "Session", owner: Owner, records: Sequence[Record]) -> Mapping[int, list[str]]:
    """The names of each record's tags, sorted."""
    from app.models.schema import Tag

    link, column = _link(owner)
    owner_id = getattr(link, column)
    found: dict[int, list[str]] = {record.id: [] for record in records}
    for chunk in chunks(list(found)):
        names = select(owner_id, Tag.name).join(Tag, link.tag_id == Tag.id).where(owner_id.in_(chunk))
        for record_id, name in session.execute(names.order_by(Tag.sort_key)):
            found[record_id].append(name)
    return found


def _link(owner: Owner) -> tuple[Any, str]:
    from app.models.schema import CompanyTag, PersonTag

    return (CompanyTag if owner == "company" else PersonTag), f"{owner}_id"
