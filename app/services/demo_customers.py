"""What the demo's agency knows of a company and of who works there, put down by the verbs.

An entry of resources/demo/customers.json names a company that a lead was about before, or one that is new, and its
people in the same way; mail addresses are those parts that stand before the company's own domain.
"""

from collections.abc import Mapping
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

from sqlalchemy import text

from app.core.place import Place
from app.core.terms import CompanyKind, Entity, ReachLabel, Size
from app.services.catalogue import Catalogue
from app.services.companies import Companies
from app.services.company_fields import CompanyFields
from app.services.own_fields import OwnField, OwnFields
from app.services.own_kinds import OwnKind
from app.services.own_values import OwnValue
from app.services.people import People
from app.services.person_fields import PersonFields
from app.services.reach import Point

if TYPE_CHECKING:
    from app.models.store import Store

Entry = Mapping[str, Any]
#: The own fields by their names.
Own = Mapping[str, OwnField]

_CELL = ("015", "017", "+49 15", "+49 17")


def own_fields(store: "Store", table: Entry) -> Own:
    """Make the agency's own fields."""
    fields = OwnFields(store)
    for entity, kind, name, options, more in table["fields"]:
        fields.create(Entity(entity), OwnKind(kind), name, options, **more)
    return {field.name: field for field in fields.all()}


def set_rhythms(store: "Store", table: Entry) -> None:
    """How often to keep in touch with those of a tag."""
    catalogue = Catalogue(store)
    for name, (target, latest) in table["tags"].items():
        catalogue.set_rhythm(catalogue.create("tag", name), target, latest)


def enter(store: "Store", entry: Entry, user_id: int, own: Own, today: date) -> None:
    """Put down what is known of a company and its people; days to come are counted from `today`."""
    companies, people = Companies(store), People(store)
    names = [_called(member) for member in entry["people"]]
    fields = _fields(entry, user_id)
    fields["own"] = {own[name].id: _own(own[name], told, today) for name, told in entry.get("own", {}).items()}
    fields["people"] = [(name, member["role"]) for name, member in zip(names, entry["people"], strict=True)]
    known = _ids(store, "SELECT id FROM company WHERE name = :name", entry["name"])
    if known:
        companies.edit(known[:1], **fields)
    else:
        fields["name"] = entry["name"]
        known = [companies.create(**fields)]
    for name, member in zip(names, entry["people"], strict=True):
        found = _ids(store, _AT_COMPANY, name, known[0])
        of_person = _of_person(member, name, entry, today)
        of_person["user_id"] = user_id
        people.edit(found[:1], **of_person)


def _called(member: Entry) -> str:
    """As the leads name him or her: with the title."""
    return " ".join(part for part in (member.get("prefix"), member["given"], member["family"]) if part)


def _fields(entry: Entry, user_id: int) -> CompanyFields:
    target, latest = entry.get("rhythm", (None, None))
    return {
        "number": entry["number"],
        "kinds": [CompanyKind(kind) for kind in entry["kinds"]],
        "industry": entry["industry"],
        "size": Size(entry["size"]),
        "user_id": user_id,
        "phones": [Point(ReachLabel.MAIN, entry["phone"])],
        "mails": [Point(ReachLabel.MAIN, f"info@{entry['site']}")],
        "webs": [Point(ReachLabel.MAIN, f"www.{entry['site']}")],
        "addresses": [_place(ReachLabel.MAIN, entry)],
        "tags": entry.get("tags", ()),
        "touch_target": target,
        "touch_latest": latest,
        "info": entry.get("info", ""),
    }


def _place(label: ReachLabel, entry: Entry) -> Place:
    street, postcode, city, *abroad = entry["address"]
    return Place(label, street, "", postcode, city, "", *abroad)


def _own(field: OwnField, told: str | int, today: date) -> OwnValue:
    """An option by its name, a day by how far ahead it is."""
    if isinstance(told, int):
        return today + timedelta(days=told)
    return next(option.id for option in field.options if option.name == told)


def _birthday(told: str, today: date) -> date:
    """A day, or '1974@9': of that year, nine days from now."""
    year, _, ahead = told.partition("@")
    if not ahead:
        return date.fromisoformat(told)
    day = today + timedelta(days=int(ahead))
    return date(int(year), day.month, min(day.day, 28) if day.month == 2 else day.day)


def _of_person(member: Entry, name: str, entry: Entry, today: date) -> PersonFields:
    phone, mail, birthday = member.get("phone"), member.get("mail"), member.get("birthday")
    return {
        "salutation": member["salutation"],
        "prefix": member.get("prefix", ""),
        "given": member["given"],
        "family": member["family"],
        "name": name,
        "birthday": _birthday(birthday, today) if birthday else None,
        "phones": [Point(ReachLabel.CELL if phone.startswith(_CELL) else ReachLabel.WORK, phone)] if phone else (),
        "mails": [Point(ReachLabel.WORK, f"{mail}@{entry['site']}")] if mail else (),
    }


def _ids(store: "Store", statement: str, name: str, company_id: int = 0) -> list[int]:
    with store.read() as connection:
        return list(connection.execute(text(statement), {"name": name, "company": company_id}).scalars())


_AT_COMPANY = """
SELECT person.id FROM person JOIN company_person link ON link.person_id = person.id AND link.company_id = :company
WHERE person.name = :name
"""
