"""The answers as JSON, whose form is promised: English keys, amounts as decimal strings, ISO days, percent numbers."""

from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import TYPE_CHECKING, Any

from app.core.calendar import first_day, last_day
from app.core.money import Money
from app.core.parse.cleaning import one_line
from app.core.parse.quick import Kind

if TYPE_CHECKING:
    from collections.abc import Sequence

    from app.core.parse.quick import Line
    from app.services.company_list import CompanyRow, CompanyTotals
    from app.services.forecast import ForecastResult
    from app.services.funnel import FunnelResult
    from app.services.lead_list import LeadRow, ListSums
    from app.services.person_list import PersonRow, PersonTotals

Json = dict[str, Any]

#: Rates and means are given with so many decimals.
_DECIMALS = 4


def money(minor: int | None, currency: str) -> str | None:
    """Minor units as a decimal string; null where there is no rate."""
    return None if minor is None else str(Money(minor, currency).decimal)


def percent(halves: int | None) -> int | float | None:
    """A probability as a percent number: 35 or 12.5."""
    if halves is None:
        return None
    return halves / 2 if halves % 2 else halves // 2


def rate(share: Fraction | Decimal | float | None) -> float | int | None:
    """A share as a percent number; null where there was nothing to divide by."""
    return None if share is None else number(share * 100)


def number(value: Fraction | Decimal | float | None) -> float | int | None:
    """A mean, rounded; whole numbers without a point."""
    if value is None:
        return None
    rounded = round(float(value), _DECIMALS)
    return int(rounded) if rounded.is_integer() else rounded


def day(value: date | None) -> str | None:
    """An ISO day."""
    return None if value is None else value.isoformat()


def leads(rows: "list[LeadRow]", totals: "ListSums", currency: str) -> Json:
    """The answer of `list`; sums cover all leads that match, also those not shown."""
    return {
        "count": totals.count,
        **_sums(totals, currency, "volume", "weighted"),
        "without_rate": totals.without_rate,
        "leads": [_lead(row, currency) for row in rows],
    }


def _lead(row: "LeadRow", currency: str) -> Json:
    return {
        "id": row.id,
        "uid": row.uid,
        "external_number": row.external_number,
        "title": row.title,
        "status": str(row.status),
        "stage": row.stage,
        "probability": percent(row.probability),
        "company": row.company,
        "responsible": row.user,
        "amount": str(row.amount.decimal),
        "currency": row.amount.currency,
        "budget_kind": str(row.budget),
        **_sums(row, currency, "total", "weighted"),
        "period_start": None if row.period_first is None else day(first_day(row.period_first)),
        "period_end": None if row.period_last is None else day(last_day(row.period_last)),
        "next_step_on": day(row.next_step_on),
        "activated_on": day(row.activated_on),
        "closed_on": day(row.closed_on),
        "reason": row.reason,
        "source": row.source,
        "tags": list(row.tags),
    }


def companies(rows: "list[CompanyRow]", totals: "CompanyTotals", currency: str) -> Json:
    """The answer of `companies`; count and sums cover all that match, also those not shown."""
    return {
        "count": totals.count,
        **_sums(totals, currency, "open_volume", "won_volume"),
        "without_rate": totals.without_rate,
        "companies": [_company(row, currency) for row in rows],
    }


def _company(row: "CompanyRow", currency: str) -> Json:
    return {
        **_record(row),
        "number": row.number,
        "kinds": [str(kind) for kind in row.kinds],
        "industry": row.industry or None,
        "size": None if row.size is None else str(row.size),
        "people": list(row.people),
        **_sums(row, currency, "open_volume", "open_weighted", "won_volume"),
        "next_step_on": day(row.next_step_on),
    }


def people(rows: "list[PersonRow]", totals: "PersonTotals") -> Json:
    """The answer of `people`; the count covers all that match, also those not shown."""
    return {"count": totals.count, "people": [_person(row) for row in rows]}


def _person(row: "PersonRow") -> Json:
    works = zip(row.companies, row.roles, strict=True)
    return {
        **_record(row),
        "companies": [{"name": company, "role": role or None} for company, role in works],
        "salutation": row.salutation or None,
        "birthday": birthday(row.birthday),
    }


def birthday(value: date | None) -> str | None:
    """An ISO day; without its year, --04-03, where nobody knows that."""
    from app.core.terms import YEAR_UNKNOWN

    if value is None or value.year != YEAR_UNKNOWN:
        return day(value)
    return f"--{value:%m-%d}"


def _record(row: "CompanyRow | PersonRow") -> Json:
    return {
        "id": row.id,
        "uid": row.uid,
        "name": row.name,
        "street": one_line(row.place.street) or None,
        "extra": one_line(row.place.extra) or None,
        "postcode": row.place.postcode or None,
        "city": row.place.city or None,
        "region": row.place.region or None,
        "country": row.place.country or None,
        "phone": row.phone,
        "mail": row.mail,
        "web": row.web,
        "responsible": row.user,
        "tags": list(row.tags),
        "active_leads": row.open,
        "last_contact_on": None if row.last_contact is None else day(row.last_contact.date()),
        "archived": row.archived,
    }


#: What the fields of a line are called in the answers.
_FIELDS = {"user_id": "responsible", "stage_id": "stage", "period": "period_start", "next_step": "next_step_on"}


def added(row: "LeadRow", line: "Line", currency: str) -> Json:
    """The answer of `add`: the lead, what may have been meant and was not taken, and what nobody understood."""
    return {
        "id": row.id,
        "lead": _lead(row, currency),
        "proposed": [
            {"field": _FIELDS.get(part.field, part.field), "words": part.typed} for part in line.of(Kind.PROPOSED)
        ],
        "unclear": [{"words": part.typed, "why": str(part.why or "")} for part in line.of(Kind.UNCLEAR)],
    }


def forecast(result: "ForecastResult", goals: "Sequence[int | None]") -> Json:
    """The answer of `forecast`: total is before, months, after, without_period and omitted, to the cent.

    `goals` are those of the months.
    """
    currency = result.currency
    return {
        "currency": currency,
        "months": [
            {"month": _month(month.month), **_sums(month.sums, currency), "goal": money(goal, currency)}
            for month, goal in zip(result.months, goals, strict=True)
        ],
        "before": _sums(result.before, currency),
        "after": _sums(result.after, currency),
        "without_period": _sums(result.without_period, currency),
        "total": _sums(result.total, currency),
        "moved_from_past": money(result.moved.weighted, currency),
        "omitted": _sums(result.omitted, currency),
    }


def _month(month: int) -> str:
    return first_day(month).isoformat()[:7]


def _sums(sums: object, currency: str, *names: str) -> Json:
    """These sums among what somebody has; for none named those of the forecast."""
    return {name: money(getattr(sums, name), currency) for name in names or ("secured", "weighted", "unweighted")}


def funnel(result: "FunnelResult", currency: str) -> Json:
    """The answer of `funnel`: what is open now by stage, how far the cohort came, and how leads ended."""
    outcomes = result.outcomes
    return {
        "stages": [
            {
                "name": stage.name,
                "probability": percent(stage.probability),
                "count": stage.count,
                **_sums(stage, currency, "volume", "weighted"),
                "reached": stage.reached,
                "conversion": rate(stage.conversion),
            }
            for stage in result.stages
        ],
        "won": outcomes.won,
        "lost": outcomes.lost,
        "dropped": outcomes.dropped,
        "win_rate": rate(outcomes.win_rate),
        "win_rate_value": rate(outcomes.win_rate_value),
        "cycle_days_mean": number(outcomes.cycle.mean),
        "cycle_days_median": number(outcomes.cycle.median),
        "velocity_per_day": money(result.velocity_per_day, currency),
    }
