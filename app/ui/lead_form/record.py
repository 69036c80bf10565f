"""A lead as the form shows it, and what of it was changed."""

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, cast

from app.core.errors import NotFound
from app.core.i18n import Text
from app.core.money import Money
from app.core.terms import Budget, Category, Entity, Status
from app.services.affiliations import InRole
from app.services.lead_fields import LeadFields, NextStep, Recommender
from app.services.own_values import OwnValues
from app.services.somebody import Meant
from app.ui.forms.roles import InRow
from app.ui.saved_form import comparable

if TYPE_CHECKING:
    from app.ui.context import Context


@dataclass(frozen=True)
class LeadRecord:
    """The fields of a lead as the verbs take them; `probability` and `category` are its own, None for the stage's.

    `at`, `contact` and `recommended` are the company, the person and the recommender with their names, `named` are the
    people with theirs. `step` is a step of the history after which all this was so.
    """

    id: int
    status: Status
    title: str
    company: int | None
    person: int | None
    amount: Money
    budget: Budget
    period: tuple[int, int] | None
    probability: int | None
    user_id: int | None
    source: str
    tags: tuple[str, ...]
    info: str
    stage_id: int | None
    next_step: NextStep | None
    category: Category | None
    own: OwnValues
    recommender: Recommender | None
    at: Meant | None
    contact: Meant | None
    recommended: Meant | None
    people: tuple[InRole, ...]
    named: tuple[InRow, ...]
    step: int


def read_lead(context: "Context", lead_id: int) -> LeadRecord:
    """The lead of that id as it is now. Raises NotFound."""
    newest = context.office.store.newest()
    people = context.details.get(lead_id, events=0).people
    rows = context.office.lists.rows([lead_id])
    if not rows:
        raise NotFound(Text("A lead has been deleted in the meantime."))
    row = rows[0]
    step = None
    if row.next_step_on is not None:
        step = NextStep(row.next_step_on, row.next_step_text or "", row.next_step_time)
    period = None
    if row.period_first is not None and row.period_last is not None:
        period = (row.period_first, row.period_last)
    by = row.recommender
    return LeadRecord(
        row.id, row.status, row.title, row.company_id, row.person_id, row.amount, row.budget, period,
        row.probability if row.own_probability else None, row.user_id, row.source or "", row.tags, row.info,
        row.stage_id, step, row.category if row.own_category else None, row.own,
        None if by is None else Recommender.of(by.entity, by.id),
        _meant(Entity.COMPANY, row.company_id, row.company), _meant(Entity.PERSON, row.person_id, row.person),
        None if by is None else Meant(by.entity, by.id, by.name),
        tuple((each.id, each.role) for each in people),
        tuple(InRow(Meant(Entity.PERSON, each.id, each.name), each.role) for each in people),
        newest,
    )  # fmt: skip


def _meant(entity: Entity, id_: int | None, name: str | None) -> Meant | None:
    return None if id_ is None else Meant(entity, id_, name or "")


def changed_fields(before: LeadRecord, fields: LeadFields) -> LeadFields:
    """Only what differs from the lead as it was when the form opened, so that nobody else's change is undone."""
    changed: dict[str, Any] = {
        name: value
        for name, value in fields.items()
        if name != "own" and comparable(value) != comparable(getattr(before, name))
    }
    own = {id_: value for id_, value in fields.get("own", {}).items() if value != before.own.get(id_)}
    if own:
        changed["own"] = own
    return cast(LeadFields, changed)
