"""What is said of a company in SQL over its table: what its leads come to, what is to be done next, what it is."""

from app.core.terms import CompanyKind, Entity, Size
from app.services.group_terms import GroupTerms, Key
from app.services.list_terms import ListTerms
from app.services.record_terms import common_sorts, place, ranked, valued, worded_group
from app.services.sort_terms import Sort

#: What changes of leads, rates and stages alter.
FROM_LEADS = ("lead", "rate", "store_setting")
#: What is to be done next for a company: a reminder of its own, or the next step of a lead that runs.
STEPS = "SELECT step.due_on AS due_on, step.text AS words FROM step WHERE step.done_at IS NULL AND step.company_id"
LEAD_STEPS = (
    "SELECT lead.next_step_on, step.text FROM lead JOIN step ON step.id = lead.next_step_id"
    " WHERE lead.status IN ('active', 'potential') AND lead.company_id"
)
#: The day of that, of all companies that have something to do.
NEXT_STEPS = """
SELECT owner, min(due_on) AS value FROM (
  SELECT company_id AS owner, due_on FROM step WHERE done_at IS NULL AND company_id IS NOT NULL
  UNION ALL SELECT company_id, next_step_on FROM lead
  WHERE status IN ('active', 'potential') AND company_id IS NOT NULL AND next_step_on IS NOT NULL
) GROUP BY owner
"""


def of_leads(status: str, sum_: str) -> str:
    """What the leads of a company with this status come to; NULL where nothing does. One index finds the leads of a
    company, so the status is asked last: by the other one all active leads would be looked through for each company.
    """
    return f"(SELECT {sum_} FILTER (WHERE lead.status = '{status}') FROM lead WHERE lead.company_id = company.id)"


def with_leads(status: str) -> str:
    """The companies that have leads with this status, one after the other."""
    return f"SELECT lead.company_id FROM lead WHERE lead.status = '{status}' AND lead.company_id IS NOT NULL"


#: What a company is, as one number: the higher, the more it matters here. NULL for one of which nobody said it.
_KINDS = (CompanyKind.CUSTOMER, CompanyKind.SUPPLIER, CompanyKind.OTHER)
_KIND_COLUMNS = tuple(f"is_{kind}" for kind in _KINDS)
_KIND = "NULLIF(4 * company.is_customer + 2 * company.is_supplier + company.is_other, 0)"


def kinds_of(number: int) -> tuple[CompanyKind, ...]:
    """What a company with this number is to the agency."""
    return tuple(kind for place, kind in enumerate(reversed(_KINDS)) if number >> place & 1)[::-1]


def sums_of(status: str, sum_: str) -> str:
    """The same, reckoned once for all companies that have such leads."""
    return (
        f"SELECT company_id AS owner, {sum_} AS value FROM lead WHERE status = '{status}' AND company_id IS NOT NULL"
        " GROUP BY company_id"
    )


def _worth(status: str, sum_: str) -> Sort:
    return Sort(("valued.value",), valued(Entity.COMPANY, sums_of(status, sum_)), tables=FROM_LEADS, unaided=True)


#: What the leads of each company come to, of all companies at once.
_WORTH = """
SELECT company_id AS owner, sum(total_base) FILTER (WHERE status = 'active') AS open,
  sum(total_base) FILTER (WHERE status = 'won') AS won
FROM lead WHERE status IN ('active', 'won') AND company_id IS NOT NULL GROUP BY company_id
"""


def _size(key: Key) -> int:
    return list(Size).index(Size(str(key)))


COMPANIES = ListTerms(
    entity=Entity.COMPANY,
    sorts={
        **common_sorts(Entity.COMPANY),
        "number": Sort(("company.number",), columns=("number",), unaided=True),
        "kind": Sort((_KIND,), columns=_KIND_COLUMNS, unaided=True, reversed=True),
        "country": Sort((place(Entity.COMPANY, "country"),), tables=("address",), unaided=True),
        "industry": Sort(("folded(NULLIF(company.industry, ''))",), columns=("industry",), unaided=True),
        "size": Sort((ranked("company.size", [str(size) for size in Size]),), columns=("size",), unaided=True),
        "next_step": Sort(("valued.value",), valued(Entity.COMPANY, NEXT_STEPS), tables=("step", "lead"), unaided=True),
        "open": _worth("active", "count(*)"),
        "open_volume": _worth("active", "sum(total_base)"),
        "open_weighted": _worth("active", "sum(weighted_base)"),
        "won_volume": _worth("won", "sum(total_base)"),
    },
    groups={
        "responsible": GroupTerms("user_id", "member", "sort_key"),
        "kind": GroupTerms("is_customer", order=lambda key: -int(key), sql=_KIND, tables=("company",)),
        "city": worded_group(place(Entity.COMPANY, "city"), ("address",)),
        "industry": worded_group("NULLIF(company.industry, '')", (), "industry"),
        "size": GroupTerms("size", order=_size),
    },
    narrowing=frozenset({"deleted_at", "archived_at"}),
    sums={"open_volume": "COALESCE(sum(worth.open), 0)", "won_volume": "COALESCE(sum(worth.won), 0)"},
    summed=f"LEFT JOIN ({_WORTH}) worth ON worth.owner = company.id",
    spread=("tag", "field", "field_option"),
    alike="company.sort_key",
)
