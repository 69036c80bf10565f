"""What tells a change to several leads from one to companies or people."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Any

from app.core.i18n import Plural, ntr
from app.core.terms import Entity
from app.services.bulk_edit import BulkEdit
from app.services.bulk_leads import LeadBulk
from app.services.bulk_records import CompanyBulk, PersonBulk
from app.ui.bulk.fields import BulkFields
from app.ui.bulk.lead_fields import LeadBulkFields
from app.ui.bulk.record_fields import RecordBulkFields

if TYPE_CHECKING:
    from app.ui.context import Context


@dataclass(frozen=True)
class BulkKind:
    """One kind of records. `ask` and `do` word the title and the button, `looking` and `changing` the work."""

    entity: Entity
    bulk: type[BulkEdit[Any, Any, Any]]
    fields: "Callable[[Context], BulkFields[Any]]"
    ask: Callable[[int], str]
    do: Callable[[int], str]
    looking: Callable[[int], Plural]
    changing: Callable[[int], Plural]


LEADS = BulkKind(
    Entity.LEAD, LeadBulk, LeadBulkFields,
    lambda n: ntr("Edit {n} lead", "Edit {n} leads", n),
    lambda n: ntr("Change {n} lead", "Change {n} leads", n),
    lambda n: Plural("Looking at {n} lead", "Looking at {n} leads", n=n),
    lambda n: Plural("Changing {n} lead", "Changing {n} leads", n=n),
)  # fmt: skip
_COMPANIES = BulkKind(
    Entity.COMPANY, CompanyBulk, partial(RecordBulkFields, entity=Entity.COMPANY),
    lambda n: ntr("Edit {n} company", "Edit {n} companies", n),
    lambda n: ntr("Change {n} company", "Change {n} companies", n),
    lambda n: Plural("Looking at {n} company", "Looking at {n} companies", n=n),
    lambda n: Plural("Changing {n} company", "Changing {n} companies", n=n),
)  # fmt: skip
_PEOPLE = BulkKind(
    Entity.PERSON, PersonBulk, partial(RecordBulkFields, entity=Entity.PERSON),
    lambda n: ntr("Edit {n} person", "Edit {n} people", n),
    lambda n: ntr("Change {n} person", "Change {n} people", n),
    lambda n: Plural("Looking at {n} person", "Looking at {n} people", n=n),
    lambda n: Plural("Changing {n} person", "Changing {n} people", n=n),
)  # fmt: skip
KINDS = {kind.entity: kind for kind in (LEADS, _COMPANIES, _PEOPLE)}
