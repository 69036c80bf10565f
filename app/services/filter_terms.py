"""Where the values of the fields that one can filter by are found, as SQL over the table of their records.

Of each field also what its value follows from, so that a list knows which changes can bring a record in or out of it.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field

from app.core.terms import CompanyKind, Entity
from app.services.company_terms import FROM_LEADS, NEXT_STEPS, sums_of, with_leads
from app.services.filter_fields import Op
from app.services.last_contact import CONTACT_TABLES, last_contacts
from app.services.lead_terms import IDLE, OVERDUE, PROBABILITY
from app.services.own_kinds import parts_of
from app.services.own_terms import tables_of
from app.services.person_terms import DEALERS, NEXT_BIRTHDAY
from app.services.record_terms import place, points
from app.services.touch_terms import RHYTHM_TABLES, state

#: Probability in effect, without a join.
_PROBABILITY = PROBABILITY.replace(
    "stage.probability", "(SELECT stage.probability FROM stage WHERE stage.id = lead.stage_id)"
)
_VALUE = ("amount_minor", "currency", "budget", "period_first", "period_last", "status", "closed_on")


#: What is reckoned for all records at once.
_VALUED = "valued.value"


@dataclass(frozen=True)
class Link:
    """A table between records and what they have several of: `own` is the record's column, `other` that of the rest."""

    table: str
    own: str
    other: str


@dataclass(frozen=True)
class FieldSql:
    """Where a field is: an expression over the record, or a link to several values.

    Of a span of months `column` is the first and `last` the last one, an `instant` is asked by its day. A text is
    folded already, or there is its sort `key`; without either the whole search document is looked through. `holds` are
    conditions of their own, `flags` those under which a record has each of several words. The value follows from these
    `columns` of the record, from whole `tables`, or is `computed` of the record. With `values` it is reckoned for all
    records at once: a statement of `owner` and `value`, over which, as `valued`, the conditions are.
    """

    column: str = ""
    columns: tuple[str, ...] = ()
    tables: tuple[str, ...] = ()
    computed: bool = False
    last: str = ""
    instant: bool = False
    key: str = ""
    link: Link | None = None
    holds: Mapping[Op, str] = field(default_factory=dict)
    flags: Mapping[str, str] = field(default_factory=dict)
    values: str = ""


def _plain(column: str, table: str = "lead") -> FieldSql:
    return FieldSql(f"{table}.{column}", (column,))


def _linked(table: str, own: str, other: str) -> FieldSql:
    return FieldSql(tables=(table,), link=Link(table, own, other))


_RECOMMENDER = """COALESCE(
  (SELECT recommending.name FROM company recommending WHERE recommending.id = lead.recommender_company_id),
  (SELECT recommending.name FROM person recommending WHERE recommending.id = lead.recommender_person_id))"""
_OF_LEADS: Mapping[str, FieldSql] = {
    "responsible": _plain("user_id"),
    "stage": _plain("stage_id"),
    "status": _plain("status"),
    "tag": _linked("lead_tag", "lead_id", "tag_id"),
    "source": _plain("source_id"),
    "reason": _plain("reason_id"),
    "company": _plain("company_id"),
    "contact": _plain("person_id"),
    "recommender": FieldSql(f"folded({_RECOMMENDER})", ("recommender_company_id", "recommender_person_id"),
                            ("company", "person"),
                            holds={Op.EMPTY: f"{_RECOMMENDER} IS NULL", Op.FILLED: f"{_RECOMMENDER} IS NOT NULL"}),
    "next_step": FieldSql("lead.next_step_on", ("status",), ("step",), holds={Op.OVERDUE: OVERDUE}),
    "idle": FieldSql(tables=("lead", "step", "stage"), computed=True, holds={Op.YES: IDLE}),
    "period": FieldSql("lead.period_first", ("period_first", "period_last"), last="lead.period_last"),
    "volume": FieldSql("lead.total_base", _VALUE, ("rate", "store_setting")),
    "weighted": FieldSql("lead.weighted_base", (*_VALUE, "probability", "stage_id"),
                         ("rate", "store_setting", "stage")),
    "probability": FieldSql(_PROBABILITY, ("probability", "stage_id", "status"), ("stage",)),
    "budget": _plain("budget"),
    "category": FieldSql("lead.category_now", ("category", "stage_id", "status"), ("stage",)),
    "activated": _plain("activated_on"),
    "created": FieldSql("lead.created_at", ("created_at",), instant=True),
    "closed": _plain("closed_on"),
    "title": FieldSql(key=_VALUED, columns=("title",),
                      values="SELECT lead.id AS owner, lead.title_key AS value FROM lead"),
    "text": FieldSql(computed=True),
}  # fmt: skip


def _common(entity: Entity, busy: str) -> dict[str, FieldSql]:
    """What companies and people both have; `busy` are the ids of those with active leads."""
    open_ = FieldSql(tables=("lead", "lead_person"), holds={Op.YES: f"{entity}.id IN ({busy})"})
    fields = {
        "responsible": _plain("user_id", entity),
        "tag": _linked(f"{entity}_tag", f"{entity}_id", "tag_id"),
        "phone": FieldSql(points(entity, "phone"), tables=("contact_point",)),
        "mail": FieldSql(points(entity, "mail"), tables=("contact_point",)),
        "web": FieldSql(points(entity, "web"), tables=("contact_point",)),
        "city": FieldSql(f"folded({place(entity, 'city')})", tables=("address",),
                         holds={Op.EMPTY: f"{place(entity, 'city')} IS NULL",
                                Op.FILLED: f"{place(entity, 'city')} IS NOT NULL"}),
        "open": open_,
        "last_contact": FieldSql(_VALUED, tables=CONTACT_TABLES, instant=True, values=last_contacts(entity)),
        "rhythm": FieldSql(state(entity), ("touch_target", "touch_latest", "created_at"), RHYTHM_TABLES),
        "created": FieldSql(f"{entity}.created_at", ("created_at",), instant=True),
        "archived": FieldSql(columns=("archived_at",), holds={Op.YES: f"{entity}.archived_at IS NOT NULL"}),
        "name": FieldSql(f"{entity}.search_key", ("name",)),
        "text": FieldSql(computed=True),
    }  # fmt: skip
    return {f"{entity}.{name}": terms for name, terms in fields.items()}


def _line(column: str, table: Entity) -> FieldSql:
    """One line of text, that is kept as it was typed."""
    filled = f"NULLIF({table}.{column}, '')"
    return FieldSql(f"folded({filled})", (column,),
                    holds={Op.EMPTY: f"{filled} IS NULL", Op.FILLED: f"{filled} IS NOT NULL"})  # fmt: skip


def _worth(status: str) -> FieldSql:
    """What the leads of a company with this status come to."""
    return FieldSql(_VALUED, tables=FROM_LEADS, values=sums_of(status, "sum(total_base)"))


_OF_COMPANIES: Mapping[str, FieldSql] = {
    "company.kind": FieldSql(
        columns=tuple(f"is_{kind}" for kind in CompanyKind),
        flags={kind: f"company.is_{kind}" for kind in CompanyKind},
    ),
    "company.person": _linked("company_person", "company_id", "person_id"),
    "company.industry": _line("industry", Entity.COMPANY),
    "company.size": _plain("size", Entity.COMPANY),
    "company.number": _line("number", Entity.COMPANY),
    "company.next_step": FieldSql(
        _VALUED, tables=("step", "lead"), values=NEXT_STEPS, holds={Op.OVERDUE: f"{_VALUED} < :today"}
    ),
    "company.open_volume": _worth("active"),
    "company.won_volume": _worth("won"),
    **_common(Entity.COMPANY, with_leads("active")),
}

_ROLES = (
    "(SELECT folded(NULLIF(string_agg(link.role, ' '), '')) FROM company_person link WHERE link.person_id = person.id"
    " AND link.role <> '')"
)
_SOME_ROLE = "EXISTS (SELECT 1 FROM company_person link WHERE link.person_id = person.id AND link.role <> '')"
_OF_PEOPLE: Mapping[str, FieldSql] = {
    "person.company": _linked("company_person", "person_id", "company_id"),
    "person.role": FieldSql(_ROLES, tables=("company_person",),
                            holds={Op.FILLED: _SOME_ROLE, Op.EMPTY: f"NOT {_SOME_ROLE}"}),
    "person.birthday": FieldSql(NEXT_BIRTHDAY, ("birthday",)),
    **_common(Entity.PERSON, DEALERS),
}  # fmt: skip

_OF: Mapping[Entity, Mapping[str, FieldSql]] = {
    Entity.LEAD: _OF_LEADS,
    Entity.COMPANY: _OF_COMPANIES,
    Entity.PERSON: _OF_PEOPLE,
}


def sql_of(entity: Entity, key: str) -> FieldSql:
    """Where the field with this key is found, one of these records; whoever made a condition knows that it exists."""
    parts = parts_of(key)
    return _OF[entity][key] if parts is None else FieldSql(tables=tables_of(parts[1]))
