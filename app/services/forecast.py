"""Revenue by month: what is secured, what may be expected, and in which month.

Leads with the same state and the same months are summed by the database in one pass over a covering index; each sum is
then laid over its months like a single lead, which is exact because every month but the last has the value of one
month, and the last takes the rest. The leads behind a figure are laid out by the very same rule, one by one.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal, NamedTuple

from sqlalchemy import text

from app.core.calendar import month_number

if TYPE_CHECKING:
    from app.models.store import Store

#: A month number, or one of the buckets beside the months of the window. 'moved' is a part of the current month.
Bucket = int | Literal["before", "after", "without_period", "total", "moved"]


class Sums(NamedTuple):
    """Minor units of the base currency: won leads, active leads weighted, active leads at 100 %. `leads` counts them.

    In a single month a lead that covers several is counted as well.
    """

    secured: int = 0
    weighted: int = 0
    unweighted: int = 0
    leads: int = 0


@dataclass(frozen=True)
class Month:
    """One month (a month number) of the window."""

    month: int
    sums: Sums


@dataclass(frozen=True)
class ForecastResult:
    """A window of months and what lies beside it; `total` is the sum of all of them, to the cent.

    `moved` is the part of the current month that comes from months gone by of leads that still run; it is weighted and
    unweighted value, and `moved.leads` counts these leads. `without_rate` counts leads that are in no sum, and
    `open_without_rate` the active ones among them.
    """

    currency: str
    this_month: int
    months: tuple[Month, ...]
    before: Sums
    after: Sums
    without_period: Sums
    total: Sums
    moved: Sums
    without_rate: int
    open_without_rate: int


@dataclass(frozen=True)
class Share:
    """A lead and what it adds to a figure."""

    lead_id: int
    sums: Sums


class _Span(NamedTuple):
    """Leads (or one) with the same state and months, summed."""

    open: bool
    first: int | None
    last: int | None
    leads: int
    month: int
    month_weighted: int
    total: int
    weighted: int

    def value(self, months: int, *, rest: bool) -> Sums:
        """The value of some months before the last, with the `rest` in the last month or without it."""
        plain, weighted = months * self.month, months * self.month_weighted
        if rest and self.first is not None and self.last is not None:
            earlier = self.last - self.first
            plain += self.total - earlier * self.month
            weighted += self.weighted - earlier * self.month_weighted
        if self.open:
            return Sums(0, weighted, plain, self.leads)
        return Sums(plain, 0, 0, self.leads)

    def whole(self) -> Sums:
        """All of it."""
        if self.open:
            return Sums(0, self.weighted, self.total, self.leads)
        return Sums(self.total, 0, 0, self.leads)

    def between(self, start: int | None, end: int | None) -> Sums | None:
        """The value of the months from `start` to `end`, both included, None for no bound; None if it has none."""
        if self.first is None or self.last is None:
            return None
        begin = self.first if start is None else max(start, self.first)
        stop = self.last if end is None else min(end, self.last)
        if begin > stop:
            return None
        rest = stop == self.last
        return self.value(stop - begin + (not rest), rest=rest)


class Forecast:
    """Reads the forecast of a store."""

    def __init__(self, store: "Store") -> None:
        self._store = store

    def months(self, first: int | None = None, last: int | None = None) -> ForecastResult:
        """The forecast for the months `first` to `last` (month numbers); this month and the next eleven by default."""
        now = month_number(self._store.today())
        first = now if first is None else first
        last = first + 11 if last is None else last
        with self._store.read() as connection:
            rows = connection.execute(_GROUPED).all()
            without_rate, open_without_rate = connection.execute(_WITHOUT_RATE).one()
        spans = [_span(row) for row in rows]
        window = _Window(first, last)
        for span in spans:
            _lay(span, window, now)
        return ForecastResult(
            self._store.facts.base_currency,
            now,
            tuple(Month(month, sums) for month, sums in enumerate(window.sums(), first)),
            _sum(_part(span, "before", now, first, last) for span in spans),
            _sum(_part(span, "after", now, first, last) for span in spans),
            _sum(_part(span, "without_period", now, first, last) for span in spans),
            _sum(span.whole() for span in spans),
            _sum(_part(span, "moved", now, first, last) for span in spans),
            without_rate,
            open_without_rate,
        )

    def leads_behind(self, bucket: Bucket, first: int | None = None, last: int | None = None) -> tuple[Share, ...]:
        """The leads that make up a figure of `months(first, last)`; their number and sums are the figure's.

        The largest share comes first.
        """
        now = month_number(self._store.today())
        first = now if first is None else first
        last = first + 11 if last is None else last
        with self._store.read() as connection:
            condition = _BEHIND["month" if isinstance(bucket, int) else bucket]
            binds = {"now": now, "first": first, "last": last, "month": bucket}
            named = {name: value for name, value in binds.items() if f":{name}" in condition}
            rows = connection.execute(text(f"{_SINGLE} AND {condition}"), named).all()
        shares = []
        for row in rows:
            part = _part(_span(row), bucket, now, first, last)
            if part is not None:
                shares.append(Share(row.id, part))
        return tuple(sorted(shares, key=lambda share: (-share.sums.secured - share.sums.weighted, share.lead_id)))

    def moved_leads(self) -> tuple[int, ...]:
        """Ids of the leads that still run although months of their service period have gone by."""
        return tuple(share.lead_id for share in self.leads_behind("moved"))


def _span(row: Any) -> _Span:
    status, first, last, leads, month, month_weighted, total, weighted = row[:8]
    return _Span(status == "active", first, last, leads, month or 0, month_weighted or 0, total or 0, weighted or 0)


class _Window:
    """Sums for every month from `first` to `last`, filled span by span in constant time each."""

    def __init__(self, first: int, last: int) -> None:
        self._first = first
        self._count = last - first + 1
        # What begins (or, negative, ends) with a month and what is in that month alone.
        self._steps = [[0] * 4 for _ in range(self._count + 1)]
        self._spots = [[0] * 4 for _ in range(self._count)]

    def put(self, month: int, sums: Sums | None) -> None:
        """Add to one month, if it is in the window."""
        place = month - self._first
        if sums is not None and 0 <= place < self._count:
            _add(self._spots[place], sums)

    def run(self, first: int, last: int, sums: Sums) -> None:
        """Add to each of some months."""
        begin, end = max(first - self._first, 0), min(last - self._first + 1, self._count)
        if begin < end:
            _add(self._steps[begin], sums)
            _add(self._steps[end], sums, -1)

    def sums(self) -> list[Sums]:
        """The months in their order."""
        level = [0] * 4
        months = []
        for step, spot in zip(self._steps, self._spots, strict=False):
            level = [a + b for a, b in zip(level, step, strict=True)]
            months.append(Sums(*(a + b for a, b in zip(level, spot, strict=True))))
        return months


def _add(to: list[int], sums: Sums, times: int = 1) -> None:
    secured, weighted, unweighted, leads = sums
    to[0] += times * secured
    to[1] += times * weighted
    to[2] += times * unweighted
    to[3] += times * leads


def _lay(span: _Span, window: _Window, now: int) -> None:
    """Add a span to the months in which it counts: what an open lead had before now counts now."""
    if span.first is None or span.last is None:
        return
    begin = span.first
    if span.open and begin <= now:
        window.put(now, span.between(None, now))
        begin = now + 1
    if begin <= span.last:
        window.run(begin, span.last - 1, span.value(1, rest=False))
        window.put(span.last, span.value(0, rest=True))


def _part(span: _Span, bucket: Bucket, now: int, first: int, last: int) -> Sums | None:
    """What a span has in a bucket of the window `first` to `last`."""
    if bucket == "total":
        return span.whole()
    if bucket == "without_period":
        return span.whole() if span.first is None else None
    if bucket == "moved":
        return span.between(None, now - 1) if span.open else None
    if bucket == "before":
        return span.between(None, first - 1) if not span.open or now < first else None
    if bucket == "after":
        return span.between(None if span.open and now > last else last + 1, None)
    return _in_month(span, bucket, now)


def _in_month(span: _Span, month: int, now: int) -> Sums | None:
    if not span.open or month > now:
        return span.between(month, month)
    return span.between(None, now) if month == now else None


def _sum(parts: Iterable[Sums | None]) -> Sums:
    total = [0] * 4
    for part in parts:
        if part is not None:
            _add(total, part)
    return Sums(*total)


#: For each bucket a condition that no lead behind it fails; `_part` decides.
_BEHIND = {
    "total": "TRUE",
    "without_period": "forecast_first IS NULL",
    "moved": "status = 'active' AND forecast_first < :now",
    "before": "forecast_first < :first",
    "after": "(forecast_last > :last OR status = 'active' AND :now > :last)",
    "month": "forecast_first <= :month AND (forecast_last >= :month OR status = 'active' AND :month = :now)",
}


_GROUPED = text("""
SELECT status, forecast_first, forecast_last, count(total_base), sum(month_base), sum(month_weighted),
  sum(total_base), sum(weighted_base)
FROM lead WHERE status IN ('active', 'won') GROUP BY status, forecast_first, forecast_last
""")
# Without a rate neither value is known; the list's index has those leads side by side.
_WITHOUT_RATE = text("""
SELECT count(*), count(CASE WHEN status = 'active' THEN 1 END)
FROM lead WHERE status IN ('active', 'won') AND weighted_base IS NULL
""")
_SINGLE = """
SELECT status, forecast_first, forecast_last, 1, month_base, month_weighted, total_base, weighted_base, id
FROM lead WHERE status IN ('active', 'won') AND total_base IS NOT NULL
"""
