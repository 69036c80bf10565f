"""The short lists a lead draws from: persons of the agency, companies, contacts, sources, reasons, tags.

`named` finds an entry by its name or makes it, inside the write of the verb that needs it; so a new company typed into
a lead belongs to the same step as the lead.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

from sqlalchemy import func, select, text

from app.core.errors import InvalidInput, NotFound
from app.core.folding import search_key, sort_key
from app.core.i18n import N_, Text, tr
from app.core.initials import initials
from app.core.parse.cleaning import one_line
from app.core.roles import Act, Role
from app.core.terms import CLOSED, Status
from app.models.guard import BY_NAME, rights_in
from app.models.name_keys import keys_of
from app.services.contacts import Contact, Contacts
from app.services.rhythm import check_rhythm

if TYPE_CHECKING:
    from datetime import datetime

    from sqlalchemy.orm import Session

    from app.models.store import Store

Kind = Literal["member", "company", "person", "source", "reason", "tag"]
Counted = Literal["member", "source", "reason", "tag"]

_LONGEST = {"member": 200, "company": 300, "person": 300, "source": 200, "reason": 200, "tag": 100}

#: What is made on the way only by those who keep the lists.
_LISTED = ("source", "reason")
#: What somebody has to be allowed to who adds an entry, changes one, or takes one away.
_TO_ADD: dict[Kind, Act] = {"source": Act.LISTS, "reason": Act.LISTS, "member": Act.PEOPLE}
_TO_CHANGE: dict[Kind, Act] = {**_TO_ADD, "tag": Act.LISTS}
_TO_DELETE: dict[Kind, Act] = {**_TO_CHANGE, "member": Act.ROLES}

#: What is found by typing; the others are short enough to be listed whole.
_SEARCHABLE = ("company", "person")

DEFAULT_SOURCES = (
    N_("Recommendation"), N_("Existing customer"), N_("Website"), N_("Event"), N_("Cold contact"), N_("Tender"),
)  # fmt: skip
DEFAULT_REASONS: tuple[tuple[str, Status | None], ...] = (
    (N_("Convinced by the concept"), Status.WON),
    (N_("Best price"), Status.WON),
    (N_("Long-standing relationship"), Status.WON),
    (N_("Too expensive"), Status.LOST),
    (N_("Competitor"), Status.LOST),
    (N_("Project cancelled"), Status.LOST),
    (N_("No answer"), Status.LOST),
    (N_("Does not fit us"), Status.DROPPED),
    (N_("No capacity"), Status.DROPPED),
    (N_("Budget too small"), Status.DROPPED),
)


@dataclass(frozen=True)
class Entry:
    """One entry of a list. `detail` is the initials of a member or the outcome of a reason; `used` counts leads, where
    that was asked for.
    """

    id: int
    name: str
    detail: str = ""
    used: int = 0


@dataclass(frozen=True)
class TagEntry(Entry):
    """A tag, and how often to keep in touch with what carries it: every `target` days, at the latest after `latest`.

    So many `customers`, companies and people, carry it beside the leads.
    """

    target: int | None = None
    latest: int | None = None
    customers: int = 0


def seed(session: "Session") -> None:
    """Sources and reasons of a new store, named in the language in use."""
    from app.models.schema import Reason, Source

    for position, name in enumerate(DEFAULT_SOURCES):
        session.add(Source(name=tr(name), position=position))
    for position, (name, outcome) in enumerate(DEFAULT_REASONS):
        session.add(Reason(name=tr(name), outcome=outcome, position=position))


def named(
    session: "Session",
    kind: Kind,
    name: str | None,
    now: "datetime",
    *,
    outcome: str | None = None,
    company_id: int | None = None,
) -> Any:
    """The row of `kind` with this name, made if there is none; None for no name. Raises InvalidInput if too long, and
    NotAllowed, naming the field, where it would be a new one of a list that somebody else keeps.

    `outcome` is what a new reason is for; `company_id` says where a contact is looked for first.
    """
    if not one_line(name or ""):
        return None
    name = checked_name(kind, name or "")
    known = session.info.setdefault("named", {})  # a verb over thousands of leads looks once
    if (kind, name, company_id) not in known:
        table = _class(kind)
        found = _find_contact(session, name, company_id) if kind == "person" else _find(session, table, kind, name)
        if found is None:
            if kind in _LISTED:
                rights_in(session).demand(Act.LISTS, kind)
            found = table(**_new(session, kind, name, now, outcome))
            session.add(found)
            session.flush()
        known[kind, name, company_id] = found
    return known[kind, name, company_id]


def checked_name(kind: Kind, name: str) -> str:
    """A name as an entry bears it. Raises InvalidInput for none, and for one that is too long."""
    name = one_line(name)
    if not name:
        raise InvalidInput(Text("Please enter a name."), field="name")
    if len(name) > _LONGEST[kind]:
        raise InvalidInput(Text("“{name}…” is too long.", name=name[:30]), field=kind)
    return name


def _class(kind: Kind) -> Any:
    from app.models import schema

    return {
        "member": schema.User, "company": schema.Company, "person": schema.Person,
        "source": schema.Source, "reason": schema.Reason, "tag": schema.Tag,
    }[kind]  # fmt: skip


def _find(session: "Session", table: Any, kind: Kind, name: str) -> Any:
    live = table.deleted_at.is_(None)
    if kind in _SEARCHABLE:
        called = select(table).where(table.search_key == search_key(name), live).order_by(table.id)
        return _best(session.scalars(called, execution_options=BY_NAME).all(), name)
    near = session.scalars(select(table).where(live).order_by(table.id)).all()
    return _best([row for row in near if sort_key(row.name) == sort_key(name)], name)


def _find_contact(session: "Session", name: str, company_id: int | None) -> Any:
    """The contact who is meant by a name at a company, as an import finds it."""
    from app.models.schema import CompanyPerson, Person

    live = Person.deleted_at.is_(None)
    called = select(Person).where(Person.search_key == search_key(name), live).order_by(Person.id)
    near = session.scalars(called, execution_options=BY_NAME).all()
    of_them = select(CompanyPerson.company_id, CompanyPerson.person_id).where(
        CompanyPerson.person_id.in_([person.id for person in near])
    )
    links = session.execute(of_them, execution_options=BY_NAME)
    people = (Contact(person.id, person.name) for person in near)
    found = Contacts(people, ((link[0], link[1]) for link in links)).find(name, company_id)
    return None if found is None else session.get_one(Person, found.id, execution_options=BY_NAME)


def _best(rows: Sequence[Any], name: str) -> Any:
    return next((row for row in rows if row.name == name), rows[0] if rows else None)


def _new(session: "Session", kind: Kind, name: str, now: "datetime", outcome: str | None) -> dict[str, Any]:
    if kind == "tag":
        return {"name": name, "sort_key": sort_key(name)}
    if kind in ("source", "reason"):
        last = session.scalar(select(func.max(_class(kind).position)))
        extra = {"outcome": outcome} if kind == "reason" else {}
        return {"name": name, "position": 0 if last is None else last + 1, **extra}
    if kind == "member":
        return _newcomer(session, name, now)
    order, search = keys_of(kind, name)
    return {"name": name, "sort_key": order, "search_key": search, "created_at": now}


def _newcomer(session: "Session", name: str, now: "datetime") -> dict[str, Any]:
    """Somebody new in the team. Where nobody decides yet who may do what, it is him or her."""
    from app.models.schema import User

    taken = session.scalars(select(User.initials)).all()
    owned = session.scalar(select(User.id).where(User.role == Role.OWNER, User.deleted_at.is_(None)).limit(1))
    role = Role.OWNER if owned is None else Role.FULL
    return {"name": name, "initials": initials(name, taken), "sort_key": sort_key(name), "created_at": now,
            "role": role}  # fmt: skip


class Catalogue:
    """Reads and keeps the short lists."""

    def __init__(self, store: "Store") -> None:
        self._store = store

    def all(self, kind: Kind) -> list[Entry]:
        """Every entry of a list, in the order in which it is offered, without how often it is used."""
        return self._read(kind, "0")

    def counted(self, kind: Counted) -> list[Entry]:
        """The same, with how many leads use each entry, which takes as long as there are leads."""
        return self._read(kind, _USES[kind])

    def _read(self, kind: Kind, uses: str) -> list[Entry]:
        with self._store.read() as connection:
            rows = connection.execute(text(f"SELECT id, name, {uses} AS used, {_LISTS[kind]}")).all()
        return [Entry(row.id, row.name, row.detail or "", row.used) for row in rows]

    def tags(self) -> list[TagEntry]:
        """The tags as `counted` has them, with the rhythm of each."""
        with self._store.read() as connection:
            columns = f"id, name, {_USES['tag']} AS used, {_TAGGED} AS customers, touch_target, touch_latest"
            rows = connection.execute(text(f"SELECT {columns}, {_LISTS['tag']}")).all()
        return [
            TagEntry(row.id, row.name, "", row.used, row.touch_target, row.touch_latest, row.customers) for row in rows
        ]

    def reasons(self, outcome: Status) -> list[Entry]:
        """Reasons that fit an outcome."""
        return [entry for entry in self.all("reason") if entry.detail in ("", outcome)]

    def complete(self, kind: Literal["company", "person"], typed: str, limit: int = 12) -> list[Entry]:
        """Companies or persons whose name contains what was typed; names that begin with it first.

        Also those that are seen no further than that: by its name everybody can choose one.
        """
        key = search_key(typed)
        if not key or len(key) > _LONGEST[kind]:  # the database refuses to look for a pattern beyond measure
            return []
        escaped = key.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")
        with self._store.read() as connection:
            rows = connection.execute(
                text(_COMPLETE.format(table=kind)), {"start": escaped + "%", "any": f"%{escaped}%", "limit": limit}
            ).all()
        return [Entry(row.id, row.name) for row in rows]

    def create(self, kind: Kind, name: str, *, outcome: Status | None = None) -> int:
        """A new entry; returns its id. Raises NotAllowed, InvalidInput for no name or one that is there already."""
        self._store.rights.demand(_TO_ADD.get(kind, Act.CHANGE))
        name = checked_name(kind, name)
        with self._store.write(Text("“{name}” created", name=name)) as session:
            if _find(session, _class(kind), kind, name) is not None:
                raise InvalidInput(Text("There already is an entry “{name}”.", name=name), field="name")
            row = named(session, kind, name, self._store.clock.now(), outcome=_outcome(outcome))
            return int(row.id)

    def rename(self, kind: Kind, entry_id: int, name: str) -> None:
        """Give an entry another name; its leads show it at once. Raises InvalidInput, NotFound, NotAllowed.

        Two companies may have the same name, and two people.
        """
        self._store.rights.demand(_TO_CHANGE.get(kind, Act.CHANGE))
        name = one_line(name)
        if not name or len(name) > _LONGEST[kind]:
            raise InvalidInput(Text("Please enter a name."), field="name")
        with self._store.write(Text("“{name}” renamed", name=name)) as session:
            row = self._row(session, kind, entry_id)
            other = _find(session, _class(kind), kind, name)
            if other is not None and other.id != entry_id and kind not in _SEARCHABLE:
                raise InvalidInput(Text("There already is an entry “{name}”.", name=name), field="name")
            row.name = name
            if kind == "person":
                row.given, _, row.family = name.rpartition(" ") if row.given or row.family else ("", "", "")
                row.sort_key, row.search_key = keys_of(kind, name, row.given, row.family)
            elif kind == "company":
                row.sort_key, row.search_key = keys_of(kind, name)
            elif hasattr(row, "sort_key"):
                row.sort_key = sort_key(name)

    def set_initials(self, member_id: int, letters: str) -> None:
        """Change the initials of a member: one to four characters. Raises InvalidInput, NotFound, NotAllowed."""
        self._store.rights.demand(Act.PEOPLE)
        letters = letters.strip()
        if not 1 <= len(letters) <= 4:
            raise InvalidInput(Text("Initials have one to four characters."), field="initials")
        with self._store.write(Text("Initials changed to {initials}", initials=letters)) as session:
            self._row(session, "member", member_id).initials = letters

    def set_rhythm(self, tag_id: int, target: int | None, latest: int | None = None) -> None:
        """How often to keep in touch with companies and people that carry a tag; with None not because of it.

        Raises InvalidInput naming the field (touch_target, touch_latest), NotFound, NotAllowed.
        """
        self._store.rights.demand(Act.LISTS)
        check_rhythm(target, latest)
        with self._store.write(Text("Rhythm of “{name}” changed", name=self._name("tag", tag_id))) as session:
            row = self._row(session, "tag", tag_id)
            row.touch_target, row.touch_latest = target, latest

    def delete(self, kind: Kind, entry_id: int) -> None:
        """Take an entry off its list; leads that carry it keep it until they change. Raises NotFound, NotAllowed.

        For somebody in the team it also raises InvalidInput: for oneself and the last owner.
        """
        from app.services.leaving import check_leaving, let_go

        self._store.rights.demand(_TO_DELETE.get(kind, Act.CHANGE))
        if kind == "member":
            check_leaving(self._store, entry_id)
        with self._store.write(Text("“{name}” deleted", name=self._name(kind, entry_id))) as session:
            self._row(session, kind, entry_id).deleted_at = self._store.clock.now()
            if kind == "member":
                let_go(session, self._store, entry_id)

    def reorder(self, kind: Literal["source", "reason"], ids: Sequence[int]) -> None:
        """Put the entries into this order. Raises NotFound, NotAllowed."""
        self._store.rights.demand(Act.LISTS)
        with self._store.write(Text("Order changed")) as session:
            for position, entry_id in enumerate(ids):
                self._row(session, kind, entry_id).position = position

    def _name(self, kind: Kind, entry_id: int) -> str:
        with self._store.read() as connection:
            name = connection.execute(text(f"SELECT name FROM {kind} WHERE id = :id"), {"id": entry_id}).scalar()
        return name or ""

    def _row(self, session: "Session", kind: Kind, entry_id: int) -> Any:
        row = session.get(_class(kind), entry_id)
        if row is None or row.deleted_at is not None:
            raise NotFound(Text("This entry has been deleted in the meantime."))
        return row


def _outcome(outcome: Status | None) -> str | None:
    if outcome is not None and outcome not in CLOSED:
        raise InvalidInput(Text("A reason belongs to won, lost or dropped."), field="outcome")
    return outcome


_LISTS: dict[Kind, str] = {
    "member": "initials AS detail FROM member WHERE deleted_at IS NULL ORDER BY sort_key, id",
    "company": "'' AS detail FROM company ORDER BY sort_key, id",
    "person": "'' AS detail FROM person ORDER BY sort_key, id",
    "source": "'' AS detail FROM source WHERE deleted_at IS NULL ORDER BY position, id",
    "reason": "outcome AS detail FROM reason WHERE deleted_at IS NULL ORDER BY position, id",
    "tag": "'' AS detail FROM tag WHERE deleted_at IS NULL ORDER BY sort_key, id",
}
_USES: dict[Counted, str] = {
    "member": "(SELECT count(*) FROM lead WHERE lead.user_id = member.id)",
    "source": "(SELECT count(*) FROM lead WHERE lead.source_id = source.id)",
    "reason": "(SELECT count(*) FROM lead WHERE lead.reason_id = reason.id)",
    "tag": "(SELECT count(*) FROM lead_tag WHERE lead_tag.tag_id = tag.id)",
}
#: The companies and people that carry a tag and are not in the trash.
_TAGGED = (
    "(SELECT count(*) FROM company_tag JOIN company ON company.id = company_tag.company_id"
    " WHERE company_tag.tag_id = tag.id) + (SELECT count(*) FROM person_tag"
    " JOIN person ON person.id = person_tag.person_id WHERE person_tag.tag_id = tag.id)"
)
_COMPLETE = """
SELECT id, name FROM {table}_name WHERE search_key LIKE :any ESCAPE '\\'
ORDER BY search_key NOT LIKE :start ESCAPE '\\', sort_key, id LIMIT +:limit
"""
