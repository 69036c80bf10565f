"""Revenue by month: what is secured, what may be expected, and in which month.

The database sums leads with the same state and the same months in one pass over a covering index; each sum is then laid
over its months (`app.services.spans`). The leads behind a figure are laid out by the very same rule, one by one.
"""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from operator import add
from typing import TYPE_CHECKING, Any, Literal

from sqlalchemy import Connection, text

from app.core.calendar import month_number
from app.core.terms import CATEGORY_LABELS, Category
from app.services.spans import Bucket, Month, Span, Sums, Window

if TYPE_CHECKING:
    from app.models.store import Store

__all__ = ["Bucket", "Forecast", "ForecastResult", "Month", "Part", "Scope", "Share", "Sums"]

#: By what a forecast is split. Of stage and category those that were won are a part of their own.
By = Literal["stage", "category", "person", "source", "company"]
#: The leads that were won, as a part beside the stages or categories of the others.
WON = "won"
#: All that are not among the largest, as one part.
OTHERS = "others"
#: What a part is told apart by: an id, a category, 'won' or 'others'; None for the leads that have none.
Key = int | str | None
#: So many parts stand by themselves; nobody reads more.
_LARGEST = 200


@dataclass(frozen=True)
class Scope:
    """Which leads a forecast is about: those of one person, and one part of a split; all of them by default.

    With `but` it is not the part `key` but everything beside these. `kind` leaves only those that were won, or only
    those that run.
    """

    user_id: int | None = None
    by: By | None = None
    key: Key = None
    but: "tuple[Key, ...] | None" = None
    kind: Literal["won", "open"] | None = None


_ALL = Scope()


@dataclass(frozen=True)
class ForecastResult:
    """A window of months and what lies beside it; `total` is the sum of all of them, to the cent.

    `quarters` are the months taken together where that was asked for. `omitted` are leads that run and are left out of
    every month by their category. `moved` is the part of the current month that comes from months gone by of leads that
    still run; it is weighted and unweighted value, and `moved.leads` counts these leads. `without_rate` counts leads
    that are in no sum, and `open_without_rate` the active ones among them.
    """

    currency: str
    this_month: int
    months: tuple[Month, ...]
    before: Sums
    after: Sums
    without_period: Sums
    omitted: Sums
    total: Sums
    moved: Sums
    without_rate: int
    open_without_rate: int
    quarters: tuple[Month, ...] = ()


@dataclass(frozen=True)
class Part:
    """One part of a split, with the same months as the whole: the parts of every bucket come to the bucket.

    `name` is that of a stage, person, source or company; None where the key says it all. The part of all others names
    in `but` the keys it does not hold.
    """

    key: Key
    name: str | None
    result: ForecastResult
    but: tuple[Key, ...] | None = None

    def scope(self, of: Scope, by: By) -> Scope:
        """The leads of this part, within `of`."""
        return replace(of, by=by, key=self.key, but=self.but)


@dataclass(frozen=True)
class Share:
    """A lead and what it adds to a figure."""

    lead_id: int
    sums: Sums


class Forecast:
    """Reads the forecast of a store."""

    def __init__(self, store: "Store") -> None:
        self._store = store

    def months(
        self, first: int | None = None, last: int | None = None, *, of: Scope = _ALL, quarters: bool = False
    ) -> ForecastResult:
        """The forecast for the months `first` to `last` (month numbers); this month and the next eleven by default."""
        window = self._window(first, last)
        statement, binds = _grouped(of)
        condition, _ = _where(of)
        with self._store.read() as connection:
            spans = _merged(connection.execute(text(statement), binds))
            without = connection.execute(text(f"{_WITHOUT_RATE} AND {_STATES[of.kind]} {condition}"), binds).one()
        return self._result(window, spans, (without[0], without[1]), quarters)

    def split(
        self,
        by: By,
        first: int | None = None,
        last: int | None = None,
        *,
        of: Scope = _ALL,
        quarters: bool = False,
    ) -> tuple[Part, ...]:
        """The same, split: what was won and then the stages or categories in their order, else the largest first.

        Of very many parts the smaller ones are taken together; those that have no person, source or company stand by
        themselves.
        """
        window = self._window(first, last)
        found: dict[Key, list[Any]] = {}
        with self._store.read() as connection:
            largest = _largest(connection, by, of)
            key = _KEYS[by] if largest is None else _ELSE_OTHERS.format(key=_KEYS[by])
            statement, binds = _grouped(of, key)
            also = {} if largest is None else {"largest": json.dumps(largest)}
            for row in connection.execute(text(statement), binds | also):
                found.setdefault(row[-1], []).append(row)
            names = _names(connection, by)
        but = None if largest is None else (None, *largest)
        parts = [
            Part(key, names.get(key), self._result(window, _merged(rows), (0, 0), quarters),
                 but if key == OTHERS else None)
            for key, rows in found.items()
        ]  # fmt: skip
        return tuple(sorted(parts, key=_ordered(by, names)))

    def leads_behind(
        self, bucket: Bucket, first: int | None = None, last: int | None = None, *, of: Scope = _ALL
    ) -> tuple[Share, ...]:
        """The leads that make up a figure of `months(first, last, of=of)`; their number and sums are the figure's.

        The largest share comes first.
        """
        window = self._window(first, last)
        condition, binds = _where(of)
        wanted, bounds = _narrowed(bucket, window)
        with self._store.read() as connection:
            statement = f"{_SINGLE} AND {_STATES[of.kind]} {condition} AND {wanted}"
            rows = connection.execute(text(statement), {**binds, **bounds}).all()
        shares = []
        for row in rows:
            part = window.part(_span(row), bucket)
            if part is not None:
                shares.append(Share(row.id, part))
        return tuple(sorted(shares, key=lambda share: (-share.sums.secured - share.sums.weighted, share.lead_id)))

    def moved_leads(self, of: Scope = _ALL) -> tuple[int, ...]:
        """Ids of the leads that still run although months of their service period have gone by."""
        return tuple(share.lead_id for share in self.leads_behind("moved", of=of))

    def _window(self, first: int | None, last: int | None) -> Window:
        now = month_number(self._store.today())
        first = now if first is None else first
        return Window(first, first + 11 if last is None else last, now)

    def _result(
        self, window: Window, spans: Sequence[Span], without: tuple[int, int], quarters: bool
    ) -> ForecastResult:
        return ForecastResult(
            self._store.facts.base_currency,
            window.now,
            window.months(spans),
            window.sum(spans, "before"),
            window.sum(spans, "after"),
            window.sum(spans, "without_period"),
            window.sum(spans, "omitted"),
            window.sum(spans, "total"),
            window.sum(spans, "moved"),
            *without,
            window.quarters(spans) if quarters else (),
        )


def _span(row: Any) -> Span:
    runs, omitted, first, last, leads, month, month_weighted, total, weighted = row[:9]
    return Span(runs == 1, omitted == 1, first, last, leads, month or 0, month_weighted or 0, total or 0, weighted or 0)


#: What a lead is told apart by, in SQL.
_KEYS: Mapping[By, str] = {
    "stage": f"CASE status WHEN 'won' THEN '{WON}' ELSE stage_id END",
    "category": f"CASE status WHEN 'won' THEN '{WON}' ELSE category_now END",
    "person": "user_id",
    "source": "source_id",
    "company": "company_id",
}
_STATES = {"won": "status = 'won'", "open": "status = 'active'", None: "status IN ('active', 'won')"}


def _where(scope: Scope) -> tuple[str, dict[str, Any]]:
    """What a scope adds to a condition beside the state, and what it binds."""
    parts: list[str] = []
    binds: dict[str, Any] = {}
    if scope.user_id is not None:
        parts.append("AND user_id = :user")
        binds["user"] = scope.user_id
    if scope.by is not None and scope.but is not None:
        present = f"{_KEYS[scope.by]} NOT IN (SELECT value FROM json_each(:but))"
        none = "FALSE" if None in scope.but else f"{_KEYS[scope.by]} IS NULL"
        parts.append(f"AND ({present} OR {none})")
        binds["but"] = json.dumps([key for key in scope.but if key is not None])
    elif scope.by is not None:
        parts.append(f"AND {_KEYS[scope.by]} IS :key")
        binds["key"] = scope.key
    return " ".join(parts), binds


def _grouped(scope: Scope, key: str = "") -> tuple[str, dict[str, Any]]:
    """The sums of leads with the same state and months (and key), and what is bound.

    State by state and category by category: so the index that covers it all gives the order, and only months are
    compared.
    """
    condition, binds = _where(scope)
    also = f", {key}" if key else ""
    pieces = [
        f"""
        SELECT {state}, forecast_first, forecast_last, count(total_base), sum(month_base), sum(month_weighted),
          sum(total_base), sum(weighted_base){also}
        FROM lead WHERE {where} {condition} GROUP BY forecast_first, forecast_last{also}
        """
        for kind, state, where in _PIECES
        if scope.kind in (None, kind)
    ]
    return " UNION ALL ".join(pieces), binds


#: Won leads; active ones by category. Whether they run, and whether they are left out, in SQL.
_PIECES = (
    ("won", "0, 0", "status = 'won' AND category_now IS NULL"),
    *(
        ("open", f"1, {int(category is Category.OMITTED)}", f"status = 'active' AND category_now = '{category}'")
        for category in Category
    ),
)


def _merged(rows: Iterable[Any]) -> list[Span]:
    """Spans with the same state and months as one, whatever their category."""
    found: dict[Any, Span] = {}
    for row in rows:
        span = _span(row)
        state, before = span[:4], found.get(span[:4])
        found[state] = span if before is None else Span(*state, *map(add, before[4:], span[4:]))
    return list(found.values())


# Without a rate neither value is known; the list's index has those leads side by side.
_WITHOUT_RATE = """
SELECT count(*), count(CASE WHEN status = 'active' THEN 1 END) FROM lead WHERE weighted_base IS NULL
"""
_SINGLE = f"""
SELECT status = 'active', category_now IS '{Category.OMITTED}', forecast_first, forecast_last, 1, month_base,
  month_weighted, total_base, weighted_base, id
FROM lead WHERE total_base IS NOT NULL
"""

#: For each bucket a condition that no lead behind it fails; `Window.part` decides.
_BEHIND: Mapping[str, str] = {
    "total": "TRUE",
    "omitted": f"category_now = '{Category.OMITTED}'",
    "without_period": "forecast_first IS NULL",
    "moved": "status = 'active' AND forecast_first < :now",
    "before": "forecast_first < :first",
    "after": "(forecast_last > :last OR status = 'active' AND :now > :last)",
    "months": "forecast_first <= :last AND (forecast_last >= :first OR status = 'active' AND :now BETWEEN :first "
    "AND :last)",
}


def _narrowed(bucket: Bucket, window: Window) -> tuple[str, dict[str, int]]:
    first, last = window.first, window.last
    if isinstance(bucket, str):
        condition = _BEHIND[bucket]
    else:
        condition = _BEHIND["months"]
        first, last = bucket if isinstance(bucket, tuple) else (bucket, bucket)
    binds = {"now": window.now, "first": first, "last": last}
    return condition, {name: value for name, value in binds.items() if f":{name}" in condition}


def _largest(connection: Connection, by: By, scope: Scope) -> list[int] | None:
    """The keys of the parts that stand by themselves; None where all of them do."""
    if by in ("stage", "category"):
        return None
    condition, binds = _where(scope)
    statement = f"""
        SELECT {_KEYS[by]} AS part FROM lead
        WHERE {_STATES[scope.kind]} AND total_base IS NOT NULL AND {_KEYS[by]} IS NOT NULL {condition}
        GROUP BY part ORDER BY sum(CASE status WHEN 'won' THEN total_base ELSE weighted_base END) DESC, part
        LIMIT {_LARGEST + 1}
    """
    keys = [row[0] for row in connection.execute(text(statement), binds)]
    return None if len(keys) <= _LARGEST else keys[:_LARGEST]


#: The key of a part, and one for all that are not among the largest.
_ELSE_OTHERS = f"""CASE WHEN {{key}} IS NULL OR {{key}} IN (SELECT value FROM json_each(:largest)) THEN {{key}}
  ELSE '{OTHERS}' END"""
_TABLES: Mapping[By, str] = {"stage": "stage", "person": "member", "source": "source", "company": "company"}


def _names(connection: Connection, by: By) -> dict[Key, str]:
    """The names of the parts by key, in the order in which the stages or sources stand."""
    if by not in _TABLES:
        return {}
    order = "position DESC, id DESC" if by == "stage" else "id"
    rows = connection.execute(text(f"SELECT id, name FROM {_TABLES[by]} ORDER BY {order}"))
    return {row[0]: row[1] for row in rows}


def _ordered(by: By, names: Mapping[Key, str]) -> Any:
    """The key to sort parts by: the surest first of stages and categories, the largest first of all others."""
    if by in ("stage", "category"):
        order = [WON, *(names if by == "stage" else CATEGORY_LABELS)]
        place = {key: number for number, key in enumerate(order)}
        return lambda part: place.get(part.key, len(order))

    def largest_first(part: Part) -> tuple[bool, int, int, str]:
        total = part.result.total
        return part.key == OTHERS, -total.secured - total.weighted, -total.unweighted, part.name or ""

    return largest_first
