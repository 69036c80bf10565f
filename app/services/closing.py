"""What closing leads would do, before it is done: the figures of the closing dialog."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

from app.core.calendar import day_number, day_of
from app.core.terms import CLOSED, Status
from app.models.derived import Rates, value_of
from app.models.many import chunks, with_ids

if TYPE_CHECKING:
    from app.models.store import Store


@dataclass(frozen=True)
class Closing:
    """What would become of some leads; amounts in minor units of the base currency.

    `secured_in_period` is spread over service periods (`first` to `last`, month numbers, over all leads),
    `secured_in_month` counts in the month of closing. `open_now` and `weighted_now` leave the open leads.
    """

    leads: int = 0
    title: str = ""
    closed_already: int = 0
    without_rate: int = 0
    total: int = 0
    secured_in_period: int = 0
    first: int | None = None
    last: int | None = None
    secured_in_month: int = 0
    counts_in_month: bool = False
    ideas: int = 0
    open_now: int = 0
    weighted_now: int = 0
    steps: int = 0
    next_step_on: date | None = None
    next_step: str = ""


def preview(store: "Store", ids: Sequence[int], on: date) -> Closing:
    """What would happen if these leads were closed on a day. Leads that are gone are left out."""
    with store.read() as connection:
        rates = Rates.read(connection)
        rows: list[Any] = []
        for chunk in chunks(list(dict.fromkeys(ids))):
            rows += connection.execute(_ROWS, {"ids": chunk}).all()
    values = [(row, value_of(_as_won(row, on), rates, day_number(on))) for row in rows]
    known = [(row, value.total or 0) for row, value in values if value.total is not None]
    with_period = [(row, total) for row, total in known if row.period_first is not None]
    without = [total for row, total in known if row.period_first is None]
    running = [row for row in rows if row.status == Status.ACTIVE]
    due = min((row for row in rows if row.step_on is not None), key=lambda row: row.step_on, default=None)
    return Closing(
        leads=len(rows),
        title=rows[0].title if len(rows) == 1 else "",
        closed_already=sum(row.status in CLOSED for row in rows),
        without_rate=len(rows) - len(known),
        total=sum(total for _, total in known),
        secured_in_period=sum(total for _, total in with_period),
        first=min((row.period_first for row, _ in with_period), default=None),
        last=max((row.period_last for row, _ in with_period), default=None),
        secured_in_month=sum(without),
        counts_in_month=bool(without),
        ideas=sum(row.status == Status.POTENTIAL for row in rows),
        open_now=sum(row.total_base or 0 for row in running),
        weighted_now=sum(row.weighted_base or 0 for row in running),
        steps=sum(row.step_on is not None for row in rows),
        next_step_on=day_of(due.step_on) if due is not None else None,
        next_step=due.step_text or "" if due is not None else "",
    )


def _as_won(row: Any, on: date) -> SimpleNamespace:
    """The lead as it would stand after being won that day: the rate of that day holds."""
    return SimpleNamespace(**{**row._mapping, "status": "won", "closed_on": day_number(on)})


_ROWS = with_ids("""
SELECT lead.id, lead.title, lead.status, lead.amount_minor, lead.currency, lead.budget, lead.period_first,
  lead.period_last, lead.total_base, lead.weighted_base, lead.next_step_on AS step_on, step.text AS step_text,
  0 AS halves
FROM lead LEFT JOIN step ON step.id = lead.next_step_id WHERE lead.id IN :ids ORDER BY lead.id
""")
