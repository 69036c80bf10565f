"""The fields of a lead: how each is set, and what must hold."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any, Literal, NamedTuple, TypedDict

from sqlalchemy import select

from app.core.calendar import day_number, first_day, month_number
from app.core.errors import InvalidInput
from app.core.i18n import N_, Text
from app.core.lead_rules import BEYOND_MEASURE, contradiction, in_future
from app.core.money import MAX_MINOR, Money
from app.core.parse.cleaning import one_line, printable
from app.core.roles import Act
from app.core.terms import CERTAIN, CLOSED, Budget, Entity, Status
from app.models.guard import rights_in
from app.models.many import chunks
from app.services import affiliations, record_fields
from app.services.affiliations import Who
from app.services.catalogue import named
from app.services.rates import currency_code
from app.services.stages import category_of

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from app.models.schema import Lead
    from app.models.store import Store
    from app.services.own_values import OwnValues

NEEDS_SOURCE = Text("A recommendation needs a source, such as “Recommendation”.")
_LONGEST_TITLE = 500
_LONGEST_TEXT = 100_000
_LONGEST_NUMBER = 100

#: Months that a service period can reach from and to: what lies outside is a slip of the keyboard.
_FIRST_MONTH, _LAST_MONTH = month_number(date(1900, 1, 1)), month_number(date(2999, 12, 1))


@dataclass(frozen=True)
class NextStep:
    """What is to be done next: a day, perhaps a time (minutes after midnight), and a few words.

    `rrule` is how it comes again (see `app.core.recurrence`), "" if it does not. None leaves that as it is, so that
    whoever moves a step by a day need not know of it.
    """

    on: date
    text: str = ""
    time: int | None = None
    rrule: str | None = None


@dataclass(frozen=True)
class Ending:
    """How a lead is closed: won, lost or dropped, on a day (None: today), with a reason (by name) and a remark."""

    outcome: Status
    on: date | None = None
    reason: str = ""
    remark: str = ""


class Recommender(NamedTuple):
    """Who recommended us: a company or a person, by name or id."""

    kind: Literal["company", "person"]
    who: Who

    @classmethod
    def of(cls, entity: Entity, who: Who) -> "Recommender":
        """The company or person."""
        return cls("company" if entity is Entity.COMPANY else "person", who)


class LeadFields(TypedDict, total=False):
    """What can be given of a lead. Companies, contacts, sources, reasons and tags are named, and made if unknown.

    Of several companies or people with one name a certain one is given by its id. A recommender goes with a source;
    `people` are all who have a say beside the contact, each with a role.

    `probability` in half percents and `category` of the forecast (None: the stage's), `period` the first and last month
    number. `stage_id` and `next_step` are other rows than the lead's own, so the verbs see to them. `own` has values
    of own fields by their ids; those not named stay.
    """

    title: str
    amount: Money
    budget: Budget
    probability: int | None
    category: str | None
    period: tuple[int, int] | None
    company: Who | None
    person: Who | None
    people: Iterable[affiliations.InRole]
    user_id: int | None
    source: str | None
    recommender: Recommender | None
    reason: str | None
    tags: Iterable[str]
    info: str
    remark: str
    external_number: str | None
    activated_on: date | None
    closed_on: date | None
    stage_id: int | None
    next_step: NextStep | None
    own: "OwnValues"


LABELS: Mapping[str, str] = {
    "title": N_("Title"),
    "amount": N_("Volume"),
    "budget": N_("Budget kind"),
    "probability": N_("Probability"),
    "category": N_("Forecast category"),
    "period": N_("Service period"),
    "company": N_("Company"),
    "person": N_("Contact"),
    "people": N_("People"),
    "user_id": N_("Responsible"),
    "source": N_("Source"),
    "recommender": N_("Recommended by"),
    "reason": N_("Reason"),
    "tags": N_("Tags"),
    "info": N_("Info"),
    "remark": N_("Remark"),
    "external_number": N_("External number"),
    "activated_on": N_("Active since"),
    "closed_on": N_("Closed on"),
    "stage_id": N_("Stage"),
    "next_step": N_("Next step"),
    "own": N_("Own fields"),
}


def words(fields: Iterable[str], own: Sequence[str] = ()) -> Text:
    """The labels of one or more fields, as one text that is translated when shown; `own` are names of own fields."""
    return record_fields.words(LABELS, fields, own)


def change(session: "Session", store: "Store", leads: Sequence["Lead"], fields: LeadFields | Mapping[str, Any]) -> None:
    """Set fields of leads to the same values; `check` says afterwards whether the whole makes sense.

    Raises InvalidInput naming the field for a value that makes no sense by itself.
    """
    for name in sorted(fields, key=_ORDER.index):
        _SETTERS[name](session, store, leads, fields[name])  # type: ignore[literal-required]


Setter = Callable[["Session", "Store", Sequence["Lead"], Any], None]


def _put(leads: Iterable["Lead"], **columns: Any) -> None:
    for lead in leads:
        for name, value in columns.items():
            setattr(lead, name, value)


def titled(value: str) -> str:
    """The title as it is kept. Raises InvalidInput for none and for one beyond all measure."""
    title = one_line(value)
    if not title or len(title) > _LONGEST_TITLE:
        raise InvalidInput(Text("A lead needs a title of at most {n} characters.", n=_LONGEST_TITLE), field="title")
    return title


def _set_title(session: "Session", store: "Store", leads: Sequence["Lead"], value: str) -> None:
    _put(leads, title=titled(value))


def _set_amount(session: "Session", store: "Store", leads: Sequence["Lead"], value: Money) -> None:
    if not 0 <= value.minor <= MAX_MINOR:
        raise InvalidInput(BEYOND_MEASURE, field="amount")
    _put(leads, amount_minor=value.minor, currency=currency_code(value.currency, "amount"))


def _set_budget(session: "Session", store: "Store", leads: Sequence["Lead"], value: Budget) -> None:
    _put(leads, budget=value)


def _set_probability(session: "Session", store: "Store", leads: Sequence["Lead"], value: int | None) -> None:
    if value is not None and not 0 <= value <= CERTAIN:
        raise InvalidInput(Text("A probability lies between 0 and 100%."), field="probability")
    _put(leads, probability=value)


def _set_category(session: "Session", store: "Store", leads: Sequence["Lead"], value: str | None) -> None:
    _put(leads, category=None if value is None else category_of(value))


def checked_period(value: tuple[int, int] | None) -> tuple[int, int] | None:
    """A service period as it is kept. Raises InvalidInput for one that ends before it begins or lies too far away."""
    if value is not None:
        first, last = value
        if last < first:
            raise InvalidInput(Text("The service period ends before it begins."), field="period")
        if first < _FIRST_MONTH or last > _LAST_MONTH:
            raise _too_far()
    return value


def _set_period(session: "Session", store: "Store", leads: Sequence["Lead"], value: tuple[int, int] | None) -> None:
    first, last = checked_period(value) or (None, None)
    _put(leads, period_first=first, period_last=last)


def begin_of(month: int) -> date:
    """The first day of a month in which a service period may begin. Raises InvalidInput for one too far away."""
    if not _FIRST_MONTH <= month <= _LAST_MONTH:
        raise _too_far()
    return first_day(month)


def _too_far() -> InvalidInput:
    return InvalidInput(Text("The service period lies too far away to be meant."), field="period")


def _set_user(session: "Session", store: "Store", leads: Sequence["Lead"], value: int | None) -> None:
    from app.models.schema import User

    with session.no_autoflush:  # the leads may be half changed
        user = None if value is None else session.get(User, value)
    if value is not None and (user is None or user.deleted_at is not None):
        raise InvalidInput(Text("This person has been deleted in the meantime."), field="user_id")
    if any(lead.user_id != value for lead in leads):
        rights_in(session).demand(Act.ASSIGN, "user_id")
    before = {lead.id: lead.user_id for lead in leads if lead.user_id != value and lead.next_step_id is not None}
    record_fields.hand_over(session, before, "lead_id", value)
    _put(leads, user_id=value)


def _set_company(session: "Session", store: "Store", leads: Sequence["Lead"], value: Who | None) -> None:
    company = affiliations.found_company(session, store, value)
    _put(leads, company_id=company.id if company else None)


def _set_person(session: "Session", store: "Store", leads: Sequence["Lead"], value: Who | None) -> None:
    from app.models.schema import CompanyPerson

    for company_id in dict.fromkeys(lead.company_id for lead in leads):
        person = affiliations.found_person(session, store, value, company_id)
        _put((lead for lead in leads if lead.company_id == company_id), person_id=person.id if person else None)
        if person is None or company_id is None:
            continue
        both = select(CompanyPerson.id).filter_by(company_id=company_id, person_id=person.id)
        if session.scalar(both) is None:
            session.add(CompanyPerson(company_id=company_id, person_id=person.id))
    if value is not None:
        affiliations.drop_contact(session, leads)


def _set_people(
    session: "Session", store: "Store", leads: Sequence["Lead"], value: Iterable[affiliations.InRole]
) -> None:
    session.flush()
    affiliations.set_people_of_leads(session, store, leads, value)


def _set_source(session: "Session", store: "Store", leads: Sequence["Lead"], value: str | None) -> None:
    source = named(session, "source", value, store.clock.now())
    _put(leads, source_id=source.id if source else None)
    if source is None:
        _put(leads, recommender_company_id=None, recommender_person_id=None)


def _set_recommender(session: "Session", store: "Store", leads: Sequence["Lead"], value: Recommender | None) -> None:
    company = person = None
    if value is not None:
        if any(lead.source_id is None for lead in leads):
            raise InvalidInput(NEEDS_SOURCE, field="recommender")
        if value.kind == "company":
            company = affiliations.found_company(session, store, value.who)
        else:
            person = affiliations.found_person(session, store, value.who)
    _put(leads, recommender_company_id=company and company.id, recommender_person_id=person and person.id)


def _set_reason(session: "Session", store: "Store", leads: Sequence["Lead"], value: str | None) -> None:
    for lead in leads:
        outcome = lead.status if lead.status in CLOSED else None
        reason = named(session, "reason", value, store.clock.now(), outcome=outcome)
        lead.reason_id = reason.id if reason else None


def _set_info(session: "Session", store: "Store", leads: Sequence["Lead"], value: str) -> None:
    _put(leads, info=long_text(value, "info"))


def _set_remark(session: "Session", store: "Store", leads: Sequence["Lead"], value: str) -> None:
    _put(leads, remark=long_text(value, "remark"))


def _set_number(session: "Session", store: "Store", leads: Sequence["Lead"], value: str | None) -> None:
    number = one_line(value or "") or None
    if number is not None and len(number) > _LONGEST_NUMBER:
        raise InvalidInput(Text("The external number is too long."), field="external_number")
    _put(leads, external_number=number)


def _set_activated(session: "Session", store: "Store", leads: Sequence["Lead"], value: date | None) -> None:
    _put(leads, activated_on=None if value is None else past_day(store, "activated_on", value))


def _set_closed(session: "Session", store: "Store", leads: Sequence["Lead"], value: date | None) -> None:
    _put(leads, closed_on=None if value is None else past_day(store, "closed_on", value))


def past_day(store: "Store", field: str, day: date) -> int:
    """The day number of a day of activation or closing. Raises InvalidInput naming the field for one still to come."""
    number = day_number(day)
    if (reason := in_future(field, number, day_number(store.today()))) is not None:
        raise InvalidInput(reason, field=field)
    return number


def _set_tags(session: "Session", store: "Store", leads: Sequence["Lead"], value: Iterable[str]) -> None:
    names = tuple(value)
    set_tags(session, store, [(lead, names) for lead in leads])


def set_tags(session: "Session", store: "Store", wanted: Sequence[tuple["Lead", Sequence[str]]]) -> None:
    """Give each lead exactly its tags; unknown ones are made, repeated ones count once."""
    from app.models.schema import LeadTag

    session.flush()
    now = store.clock.now()
    by_lead = {
        lead.id: {tag.id for name in names if (tag := named(session, "tag", name, now)) is not None}
        for lead, names in wanted
    }
    for chunk in chunks(list(by_lead)):
        present: dict[int, dict[int, LeadTag]] = {}
        for link in session.scalars(select(LeadTag).where(LeadTag.lead_id.in_(chunk))):
            present.setdefault(link.lead_id, {})[link.tag_id] = link
        for lead_id in chunk:
            there = present.get(lead_id, {})
            for tag_id in there.keys() - by_lead[lead_id]:
                session.delete(there[tag_id])
            added = sorted(by_lead[lead_id] - there.keys())
            session.add_all(LeadTag(lead_id=lead_id, tag_id=tag_id) for tag_id in added)


def tags_of(session: "Session", leads: Sequence["Lead"]) -> Mapping[int, list[str]]:
    """The names of each lead's tags, sorted."""
    from app.models.schema import LeadTag, Tag

    found: dict[int, list[str]] = {lead.id: [] for lead in leads}
    for chunk in chunks(list(found)):
        names = select(LeadTag.lead_id, Tag.name).join(Tag, LeadTag.tag_id == Tag.id).where(LeadTag.lead_id.in_(chunk))
        for lead_id, name in session.execute(names.order_by(Tag.sort_key)):
            found[lead_id].append(name)
    return found


def _set_own(session: "Session", store: "Store", leads: Sequence["Lead"], value: "OwnValues") -> None:
    from app.services.own_values import set_values

    session.flush()
    set_values(session, Entity.LEAD, [lead.id for lead in leads], value)


_SETTERS: Mapping[str, Setter] = {
    "title": _set_title,
    "amount": _set_amount,
    "budget": _set_budget,
    "probability": _set_probability,
    "category": _set_category,
    "period": _set_period,
    "user_id": _set_user,
    "company": _set_company,
    "person": _set_person,
    "people": _set_people,
    "source": _set_source,
    "recommender": _set_recommender,
    "reason": _set_reason,
    "tags": _set_tags,
    "info": _set_info,
    "remark": _set_remark,
    "external_number": _set_number,
    "activated_on": _set_activated,
    "closed_on": _set_closed,
    "own": _set_own,
}
#: Fields are set in this order however they are given: a contact belongs to the company that is set with it.
_ORDER = list(_SETTERS)


def long_text(value: str, field: str) -> str:
    """The text as it is kept. Raises InvalidInput naming the field for one beyond all measure."""
    if len(value) > _LONGEST_TEXT:
        raise InvalidInput(Text("This text is too long."), field=field)
    return printable(value)


def check(lead: "Lead") -> None:
    """What must hold for a lead as a whole. Raises InvalidInput naming the field."""
    if (found := contradiction(lead)) is not None:
        field, reason = found
        raise InvalidInput(reason, field=field)
