"""What the figures should be, reckoned slowly: one lead at a time, with dates and decimals and no database.

Written from the definitions, not from the program. `Plan` describes a lead; `insert` puts plans into a store.
"""

import shutil
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import ROUND_DOWN, ROUND_HALF_UP, Decimal
from pathlib import Path
from typing import Any

from hypothesis import strategies as st

from app.core.calendar import day_number, month_number
from app.core.i18n import Text
from app.core.terms import CLOSED, Category, Status
from app.models.opening import store_file
from app.models.schema import Lead, Rate, StageEntry
from app.models.store import Store
from tests.stores import STAGES, TODAY, reopened

THIS_MONTH = month_number(TODAY)
#: One rate for always, one that changed this year, and a currency that has none.
RATES = (("CHF", date(2000, 1, 1), Decimal("0.93")), ("CHF", date(2026, 7, 1), Decimal("1.0471")))


@dataclass(frozen=True)
class Plan:
    """A lead; stages by number from 1, days before today, months relative to this one."""

    status: Status = Status.ACTIVE
    stage: int | None = 1
    minor: int = 100_000
    currency: str = "EUR"
    monthly: bool = False
    halves: int | None = None
    first: int | None = None
    length: int = 1
    activated: int | None = 10
    closed: int | None = None
    entered: tuple[int, ...] = (1,)
    category: str | None = None
    user: int | None = None

    @property
    def closed_on(self) -> date | None:
        """The closing day."""
        return None if self.closed is None else TODAY - timedelta(days=self.closed)

    @property
    def months(self) -> list[int] | None:
        """The months of the service period as month numbers."""
        if self.first is None:
            return None
        return [THIS_MONTH + self.first + place for place in range(self.length)]


@st.composite
def plans(draw: Any) -> Plan:
    """Leads of all kinds, also without stage, rate, period or activation."""
    status = draw(st.sampled_from(Status))
    active = status == Status.ACTIVE
    stage = draw(st.integers(1, 5)) if active else draw(st.none() | st.integers(1, 5))
    if status == Status.POTENTIAL:
        stage = None
    entered = tuple(draw(st.lists(st.integers(1, 5), max_size=4))) if stage else ()
    activated = draw(st.integers(0, 800)) if active else draw(st.none() | st.integers(0, 800))
    return Plan(
        status,
        stage,
        draw(st.integers(0, 3_000_001)),
        draw(st.sampled_from(("EUR", "EUR", "CHF", "SEK"))),
        draw(st.booleans()),
        draw(st.none() | st.integers(0, 200)),
        draw(st.none() | st.integers(-8, 20)),
        draw(st.integers(1, 9)),
        None if status == Status.POTENTIAL else activated,
        draw(st.integers(0, 700)) if status in CLOSED else None,
        (*entered, stage) if stage else (),
        draw(st.sampled_from((None, *Category))),
        draw(st.sampled_from((None, 1))),
    )


@contextmanager
def filled(template: Path, leads: Sequence[Plan]) -> Iterator[tuple[Store, dict[int, Plan]]]:
    """A store of its own with these leads, and which id is which."""
    with tempfile.TemporaryDirectory() as folder:
        shutil.copyfile(store_file(template), store_file(Path(folder)))
        store = reopened(Path(folder))
        try:
            yield store, insert(store, leads)
        finally:
            store.close()


def insert(store: Store, leads: Sequence[Plan]) -> dict[int, Plan]:
    """Write the leads as one step."""
    found = {}
    with store.write(Text("Leads made")) as session:
        for currency, day, rate in RATES:
            session.add(Rate(currency=currency, valid_from=day_number(day), rate=rate))
        for number, plan in enumerate(leads):
            lead = _lead(plan, number, store)
            session.add(lead)
            session.flush()
            found[lead.id] = plan
            for stage in plan.entered:
                entry = StageEntry(lead_id=lead.id, stage_id=stage, probability=STAGES[stage - 1][1])
                entry.entered_at, entry.entered_on = store.clock.now(), day_number(TODAY)
                session.add(entry)
    return found


def _lead(plan: Plan, number: int, store: Store) -> Lead:
    months = plan.months
    return Lead(
        title=f"Lead {number}", status=plan.status, stage_id=plan.stage, amount_minor=plan.minor,
        currency=plan.currency, budget="monthly" if plan.monthly else "once", probability=plan.halves,
        period_first=months[0] if months else None, period_last=months[-1] if months else None, info="", remark="",
        created_at=store.clock.now(), category=plan.category, user_id=plan.user,
        activated_on=None if plan.activated is None else day_number(TODAY) - plan.activated,
        closed_on=None if plan.closed is None else day_number(TODAY) - plan.closed,
    )  # fmt: skip


def total(plan: Plan) -> int | None:
    """Minor units of the base currency; None without a rate."""
    amount = Decimal(plan.minor) * (plan.length if plan.monthly and plan.first is not None else 1)
    if plan.currency == "EUR":
        return int(amount)
    day = plan.closed_on or TODAY
    rates = [rate for currency, since, rate in RATES if currency == plan.currency and since <= day]
    return _rounded(amount * rates[-1]) if rates else None


def weighted(plan: Plan, value: int) -> int:
    """`value` at the probability of an active lead; 0 for any other."""
    if plan.status != Status.ACTIVE:
        return 0
    halves = plan.halves if plan.halves is not None else STAGES[(plan.stage or 1) - 1][1]
    return _rounded(Decimal(value) * halves / 200)


Where = int | str | None


def by_month(plan: Plan) -> dict[Where, tuple[int, int, int]]:
    """Secured, weighted and unweighted value by month number, None for no month, in which the forecast shows it.

    What runs and is left out stands under its category.
    """
    value = total(plan)
    if value is None or plan.status not in (Status.ACTIVE, Status.WON):
        return {}
    if plan.category == Category.OMITTED and plan.status == Status.ACTIVE:
        return {Category.OMITTED: _figures(plan, value, weighted(plan, value))}
    months = plan.months
    if months is None and plan.status == Status.WON and plan.closed_on is not None:
        months = [month_number(plan.closed_on)]
    if months is None:
        return {None: _figures(plan, value, weighted(plan, value))}
    each = int((Decimal(value) / len(months)).quantize(Decimal(1), rounding=ROUND_DOWN))
    share = weighted(plan, each)
    shown: dict[Where, tuple[int, int, int]] = {}
    for place, month in enumerate(months):
        last = place == len(months) - 1
        part = value - each * place if last else each
        weight = weighted(plan, value) - share * place if last else share
        where = max(month, THIS_MONTH) if plan.status == Status.ACTIVE else month
        figures = _figures(plan, part, weight)
        known = shown.get(where, (0, 0, 0))
        shown[where] = (known[0] + figures[0], known[1] + figures[1], known[2] + figures[2])
    return shown


def _figures(plan: Plan, value: int, weight: int) -> tuple[int, int, int]:
    return (value, 0, 0) if plan.status == Status.WON else (0, weight, value)


def _rounded(value: Decimal) -> int:
    return int(value.quantize(Decimal(1), rounding=ROUND_HALF_UP))
