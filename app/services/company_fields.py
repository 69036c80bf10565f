"""The fields of a company: how each is set."""

from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from app.core.errors import InvalidInput
from app.core.folding import search_key, sort_key
from app.core.i18n import N_, Text
from app.core.terms import CompanyKind, Size
from app.services import affiliations, record_fields
from app.services.affiliations import InRole
from app.services.catalogue import checked_name
from app.services.record_fields import RecordFields, Setter, line, put

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from app.models.schema import Company
    from app.models.store import Store

LONGEST_NUMBER = 100
LONGEST_INDUSTRY = 200


class CompanyFields(RecordFields, total=False):
    """What can be given of a company. `people` are all who work there, each by name or id and with a role."""

    name: str
    number: str | None
    kinds: Iterable[CompanyKind]
    industry: str
    size: Size | None
    people: Iterable[InRole]


LABELS: Mapping[str, str] = {
    "name": N_("Company name"),
    "number": N_("Customer number"),
    "kinds": N_("Kind of company"),
    "industry": N_("Industry"),
    "size": N_("Company size"),
    "people": N_("People"),
    **record_fields.LABELS,
}


def change(session: "Session", store: "Store", companies: Sequence["Company"], fields: Mapping[str, Any]) -> None:
    """Set fields of companies to the same values. Raises InvalidInput naming the field for what makes no sense."""
    for name in sorted(fields, key=_ORDER.index):
        _SETTERS[name](session, store, companies, fields[name])


def _set_name(session: "Session", store: "Store", companies: Sequence["Company"], value: str) -> None:
    try:
        name = checked_name("company", value)
    except InvalidInput as error:
        raise InvalidInput(error.title, field="name") from None
    put(companies, name=name, sort_key=sort_key(name)[:300], search_key=search_key(name)[:300])


def _set_number(session: "Session", store: "Store", companies: Sequence["Company"], value: str | None) -> None:
    put(companies, number=line(value, "number", LONGEST_NUMBER) or None)


def _set_kinds(session: "Session", store: "Store", companies: Sequence["Company"], value: Iterable[str]) -> None:
    kinds = set(value)
    if not kinds <= set(CompanyKind):
        raise InvalidInput(Text("A company is a customer, a supplier or another company."), field="kinds")
    put(companies, **{f"is_{kind}": kind in kinds for kind in CompanyKind})


def _set_industry(session: "Session", store: "Store", companies: Sequence["Company"], value: str) -> None:
    put(companies, industry=line(value, "industry", LONGEST_INDUSTRY))


def _set_size(session: "Session", store: "Store", companies: Sequence["Company"], value: str | None) -> None:
    if value is not None and value not in set(Size):
        raise InvalidInput(Text("This is no size of a company."), field="size")
    put(companies, size=value)


_SETTERS: Mapping[str, Setter] = {
    "name": _set_name,
    "number": _set_number,
    "kinds": _set_kinds,
    "industry": _set_industry,
    "size": _set_size,
    **record_fields.setters("company"),
    "people": affiliations.set_people,
}
_ORDER = list(_SETTERS)
