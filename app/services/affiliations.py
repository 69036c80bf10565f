"""Who works for which company, as what; and who has a say in a lead.

Somebody is named or given by id; a name that is not there yet is made, inside the write of the verb.
"""

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Any, Literal

from sqlalchemy import func, select

from app.core.errors import InvalidInput, NotFound
from app.core.i18n import Text
from app.core.parse.cleaning import one_line
from app.core.roles import NOT_YOURS, refused
from app.models.guard import BY_NAME, rights_in
from app.models.many import chunks
from app.services.catalogue import named

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from app.models.schema import Company, CompanyPerson, Lead, Person
    from app.models.store import Store

#: A company or a person: the id of one that is there, or a name.
Who = int | str
#: Somebody, and as what.
InRole = tuple[Who, str]

_LONGEST_ROLE = 200
_LONGEST_ROLE_IN_DEAL = 100
_MOST = 500


def checked_role(role: str, field: str, longest: int = _LONGEST_ROLE) -> str:
    """A role as it is kept. Raises InvalidInput for one that is too long."""
    role = one_line(role)
    if len(role) > longest:
        raise InvalidInput(Text("“{name}…” is too long.", name=role[:30]), field=field)
    return role


def found_company(session: "Session", store: "Store", who: Who | None) -> "Company | None":
    """The company of this id or name, made if there is none; None for no name. Raises NotFound."""
    return _found(session, store, "company", who, None)  # type: ignore[no-any-return]


def found_person(session: "Session", store: "Store", who: Who | None, company_id: int | None = None) -> "Person | None":
    """The person of this id or name (at a company first), made if there is none; None for no name. Raises NotFound."""
    return _found(session, store, "person", who, company_id)  # type: ignore[no-any-return]


def _found(
    session: "Session", store: "Store", kind: Literal["company", "person"], who: Who | None, company_id: int | None
) -> Any:
    from app.models.schema import Company, Person

    if who is None or isinstance(who, str):
        return named(session, kind, who, store.clock.now(), company_id=company_id)
    with session.no_autoflush:  # records may be half changed
        row: Any = session.get(Company if kind == "company" else Person, who, execution_options=BY_NAME)
    if row is None or row.deleted_at is not None:
        gone = Text("This company has been deleted in the meantime.") if kind == "company" else (
            Text("This person has been deleted in the meantime.")
        )  # fmt: skip
        raise NotFound(gone, Text("Nothing was changed."), field=kind)
    return row


def set_people(session: "Session", store: "Store", companies: Sequence["Company"], people: Iterable[InRole]) -> None:
    """Let exactly these people work for each of the companies. What else they work for stays."""
    wanted = _few(people, "people")
    for company in companies:
        roles: dict[int, str] = {}
        for who, role in wanted:
            person = found_person(session, store, who, company.id)
            if person is not None:
                roles.setdefault(person.id, checked_role(role, "people"))
        there = {link.person_id: link for link in _links(session, "company_id", [company.id], live=True)}
        _drop(session, [link for person_id, link in there.items() if person_id not in roles])
        last = _last_positions(session, [person_id for person_id in roles if person_id not in there])
        for person_id, role in roles.items():
            _put(session, there.get(person_id), company.id, person_id, role, last.get(person_id, -1) + 1)


def set_companies(session: "Session", store: "Store", people: Sequence["Person"], companies: Iterable[InRole]) -> None:
    """Let each of the people work for exactly these companies, the first one first. Raises NotAllowed."""
    wanted = _few(companies, "companies")
    roles: dict[int, str] = {}
    for who, role in wanted:
        company = found_company(session, store, who)
        if company is not None:
            roles.setdefault(company.id, checked_role(role, "companies"))
    expect_seen(session, roles)
    by_person: dict[int, dict[int, CompanyPerson]] = {person.id: {} for person in people}
    for link in _links(session, "person_id", list(by_person), live=True):
        by_person[link.person_id][link.company_id] = link
    for person_id, there in by_person.items():
        _drop(session, [link for company_id, link in there.items() if company_id not in roles])
        for position, (company_id, role) in enumerate(roles.items()):
            link = _put(session, there.get(company_id), company_id, person_id, role, position)
            link.position = position


def link(session: "Session", companies: Sequence[int], people: Sequence[int], role: str | None) -> None:
    """Let each of these people work for each of these companies, as what (None: as it is). Raises NotAllowed."""
    expect_seen(session, companies)
    as_what = None if role is None else checked_role(role, "role")
    last = _last_positions(session, people)
    for company_id in companies:
        there = {each.person_id: each for each in _links(session, "company_id", [company_id])}
        for person_id in people:
            known = there.get(person_id)
            if known is None:
                last[person_id] = last.get(person_id, -1) + 1
            words = as_what if as_what is not None else (known.role if known else "")
            _put(session, known, company_id, person_id, words, last.get(person_id, 0))


def unlink(session: "Session", companies: Sequence[int], people: Sequence[int]) -> None:
    """Let none of these people work for any of these companies."""
    for company_id in companies:
        _drop(session, [each for each in _links(session, "company_id", [company_id]) if each.person_id in people])


def expect_seen(session: "Session", companies: Iterable[int]) -> None:
    """Raises NotAllowed for a company that is known by its name only: who works there is not everybody's to say."""
    from app.models.schema import Company

    if rights_in(session).sees_all:
        return
    made = {row_id for table, row_id in session.info["capture"].rows if table == "company"}
    unknown = sorted(set(companies) - made)
    if len(session.scalars(select(Company.id).where(Company.id.in_(unknown))).all()) < len(unknown):
        raise refused(NOT_YOURS, "companies")


def set_people_of_leads(session: "Session", store: "Store", leads: Sequence["Lead"], people: Iterable[InRole]) -> None:
    """Let exactly these people have a say in each of the leads; the contact of a lead is not among them.

    Nobody sees those who are in the trash: they stay, and are there again when they are restored.
    """
    from app.models.schema import LeadPerson

    wanted = _few(people, "people")
    present: dict[int, dict[int, LeadPerson]] = {lead.id: {} for lead in leads}
    for chunk in chunks(list(present)):
        for row in session.scalars(select(LeadPerson).where(LeadPerson.lead_id.in_(chunk))):
            present[row.lead_id][row.person_id] = row
    unseen = unseen_of(session, {person_id for there in present.values() for person_id in there})
    for lead in leads:
        roles: dict[int, str] = {}
        for who, role in wanted:
            person = found_person(session, store, who, lead.company_id)
            if person is not None and person.id != lead.person_id:
                roles.setdefault(person.id, checked_role(role, "people", _LONGEST_ROLE_IN_DEAL))
        there = present[lead.id]
        for person_id, row in there.items():
            if person_id not in roles and person_id not in unseen:
                session.delete(row)
        for position, (person_id, role) in enumerate(roles.items()):
            if (known := there.get(person_id)) is not None:
                known.role, known.position = role, position
            else:
                session.add(LeadPerson(lead_id=lead.id, person_id=person_id, role=role, position=position))


def unseen_of(session: "Session", people: Iterable[int]) -> set[int]:
    """Those of these people who are not seen by whoever writes: in the trash, or not his customers."""
    from app.models.schema import Person

    wanted, seen = set(people), set[int]()
    for chunk in chunks(sorted(wanted)):
        seen.update(session.scalars(select(Person.id).where(Person.id.in_(chunk), Person.deleted_at.is_(None))))
    return wanted - seen


def copy_people(session: "Session", pairs: Sequence[tuple[int, int]]) -> None:
    """Let those who have a say in the first lead of each pair have it in the second, too."""
    from app.models.schema import LeadPerson

    copies = dict(pairs)
    for chunk in chunks(list(copies)):
        for row in session.scalars(select(LeadPerson).where(LeadPerson.lead_id.in_(chunk)).order_by(LeadPerson.id)):
            made = LeadPerson(person_id=row.person_id, role=row.role, position=row.position)
            made.lead_id = copies[row.lead_id]
            session.add(made)


def drop_contact(session: "Session", leads: Sequence["Lead"]) -> None:
    """Who has become the contact of a lead is no longer one of the others."""
    from app.models.schema import LeadPerson

    contacts = {lead.id: lead.person_id for lead in leads if lead.person_id is not None}
    for chunk in chunks(list(contacts)):
        with session.no_autoflush:
            rows = session.scalars(select(LeadPerson).where(LeadPerson.lead_id.in_(chunk))).all()
        for row in rows:
            if row.person_id == contacts[row.lead_id]:
                session.delete(row)


def _few(wanted: Iterable[InRole], field: str) -> list[InRole]:
    found = list(wanted)
    if len(found) > _MOST:
        raise InvalidInput(Text("These are more than {n}.", n=_MOST), field=field)
    return found


def _links(session: "Session", column: str, ids: Sequence[int], *, live: bool = False) -> "list[CompanyPerson]":
    """With `live` not those to what is in the trash: nobody sees them to say that they stay."""
    from app.models.schema import Company, CompanyPerson, Person

    other: Any = Person if column == "company_id" else Company
    found: list[CompanyPerson] = []
    for chunk in chunks(ids):
        of_them = select(CompanyPerson).where(getattr(CompanyPerson, column).in_(chunk))
        if live:
            of_them = of_them.join(other).where(other.deleted_at.is_(None))
        found += session.scalars(of_them.order_by(CompanyPerson.id))
    return found


def _last_positions(session: "Session", people: Sequence[int]) -> dict[int, int]:
    """By person the place of the last company that he or she works for."""
    from app.models.schema import CompanyPerson

    found: dict[int, int] = {}
    for chunk in chunks(people):
        last = select(CompanyPerson.person_id, func.max(CompanyPerson.position))
        rows = session.execute(last.where(CompanyPerson.person_id.in_(chunk)).group_by(CompanyPerson.person_id))
        found.update((person_id, position) for person_id, position in rows)
    return found


def _drop(session: "Session", links: Iterable["CompanyPerson"]) -> None:
    for row in links:
        session.delete(row)


def _put(
    session: "Session", known: "CompanyPerson | None", company_id: int, person_id: int, role: str, position: int
) -> "CompanyPerson":
    from app.models.schema import CompanyPerson

    if known is not None:
        known.role = role
        return known
    made = CompanyPerson(company_id=company_id, person_id=person_id, role=role, position=position)
    session.add(made)
    return made
