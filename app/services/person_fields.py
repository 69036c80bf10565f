"""The fields of a person: how each is set, and how somebody is called."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import TYPE_CHECKING, Any

from app.core.calendar import day_number
from app.core.errors import InvalidInput
from app.core.folding import person_key, search_key
from app.core.i18n import N_, Text
from app.core.parse.cleaning import one_line
from app.core.terms import YEAR_UNKNOWN
from app.services import affiliations, record_fields
from app.services.affiliations import InRole
from app.services.record_fields import RecordFields, Setter, line, put

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from app.models.schema import Person
    from app.models.store import Store

_LONGEST_NAME = 300
_LONGEST: Mapping[str, int] = {"salutation": 50, "prefix": 100, "given": 150, "family": 150}


class PersonFields(RecordFields, total=False):
    """What can be given of a person. `companies` are all he or she works for, by name or id, with a role.

    `name` is how the person is shown; "" or nothing for given and family name. `salutation` is a `Salutation` or other
    words, `birthday` a day (in the year 1604 if nobody knows the year).
    """

    salutation: str
    prefix: str
    given: str
    family: str
    name: str
    birthday: date | None
    companies: Iterable[InRole]


LABELS: Mapping[str, str] = {
    "salutation": N_("Salutation"),
    "prefix": N_("Academic title"),
    "given": N_("Given name"),
    "family": N_("Family name"),
    "name": N_("Shown name"),
    "birthday": N_("Birthday"),
    "companies": N_("Companies"),
    **record_fields.LABELS,
}


def composed(given: str, family: str) -> str:
    """How somebody is shown who is not called otherwise."""
    return one_line(f"{given} {family}")[:_LONGEST_NAME].rstrip()


def parts_of(name: str) -> tuple[str, str]:
    """Given and family name of somebody of whom only the whole is known: the last word is the family's."""
    given, _, family = one_line(name).rpartition(" ")
    return given, family


def change(session: "Session", store: "Store", people: Sequence["Person"], fields: Mapping[str, Any]) -> None:
    """Set fields of people to the same values. Raises InvalidInput naming the field for what makes no sense.

    Who was shown by given and family name is shown by the new ones.
    """
    if not fields.keys().isdisjoint(("given", "family", "name")):
        _set_names(people, fields)
    for name in sorted(fields.keys() - {"given", "family", "name"}, key=_ORDER.index):
        _SETTERS[name](session, store, people, fields[name])


def _set_names(people: Sequence["Person"], fields: Mapping[str, Any]) -> None:
    told = line(fields.get("name"), "name", _LONGEST_NAME)
    parts = {part: line(fields[part], part, _LONGEST[part]) for part in ("given", "family") if part in fields}
    for person in people:
        given, family = person.given or "", person.family or ""
        as_composed = not person.name or person.name == composed(given, family)
        given, family = parts.get("given", given), parts.get("family", family)
        own = told if "name" in fields else "" if as_composed or not (given or family) else person.name
        shown = own or composed(given, family)
        if not shown:
            raise InvalidInput(Text("Please enter a name."), field="family")
        put([person], given=given, family=family, name=shown, sort_key=person_key(shown, given, family)[:_LONGEST_NAME],
            search_key=search_key(shown)[:_LONGEST_NAME])  # fmt: skip


def _line(field: str) -> Setter:
    def set_it(session: "Session", store: "Store", people: Sequence["Person"], value: str) -> None:
        put(people, **{field: line(value, field, _LONGEST[field])})

    return set_it


def _set_birthday(session: "Session", store: "Store", people: Sequence["Person"], value: date | None) -> None:
    if value is not None and (value > store.today() or value.year < YEAR_UNKNOWN):
        raise InvalidInput(Text("Nobody was born on that day."), field="birthday")
    put(people, birthday=None if value is None else day_number(value))


_SETTERS: Mapping[str, Setter] = {
    "salutation": _line("salutation"),
    "prefix": _line("prefix"),
    "birthday": _set_birthday,
    **record_fields.setters("person"),
    "companies": affiliations.set_companies,
}
_ORDER = list(_SETTERS)
